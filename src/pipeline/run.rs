//! Commands that run at once.

use super::wire::{self, Wire};
use crate::{
    command::{Command, Connection},
    connection::{Handle, Lease},
    error::{At, Error, Result},
    resp::{Reader, Writer},
};
use bytes::Bytes;
use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

type Exchange<'a> = Pin<Box<dyn Future<Output = Result<Bytes>> + Send + 'a>>;

macro_rules! run {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[must_use = "a command is sent when its future is awaited"]
        pub struct $name<'a, R> {
            exchange: Exchange<'a>,
            /// Reads the reply. The type names that alone, so that what is wrong with a command is one error.
            read: fn(&Bytes) -> Result<R>,
        }

        impl<R> Future for $name<'_, R> {
            type Output = Result<R>;

            fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
                let replies = ready!(self.exchange.as_mut().poll(context))?;
                Poll::Ready((self.read)(&replies))
            }
        }

        impl<R> std::fmt::Debug for $name<'_, R> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )*};
}

run! {
    /// A command on its way from a [`Client`](crate::Client): the future of its reply.
    ///
    /// Nothing is sent before it is first polled.
    Run;

    /// A command on its way from a watching pipeline: the future of its reply.
    ///
    /// Nothing is sent before it is first polled.
    RunWatching;
}

fn at<C: Command>() -> At {
    At { number: 0, name: C::ROW.name }
}

fn checked<C: Command>(request: &Writer) -> Result<()> {
    match request.fault() {
        Some((_, _, reason)) => Err(Error::Argument { at: at::<C>(), reason }),
        None => Ok(()),
    }
}

fn read<C: Command>(replies: &Bytes) -> Result<C::Reply> {
    C::read(&mut Reader::new(replies)).map_err(|fault| wire::fault_at(fault, at::<C>()))
}

impl<'a, R> Run<'a, R> {
    pub(crate) fn new<C: Command<Reply = R>>(handle: &'a Handle, request: Writer) -> Self {
        let exchange = async move {
            checked::<C>(&request)?;
            let answer = match C::ROW.connection {
                Connection::own => handle.lease().await?.call_blocking(request.bytes(), 1).await,
                _ => Wire::Shared(handle.shared().await?).call(request, 1).await,
            };
            answer.map_err(|failure| failure.into_error(|_| at::<C>()))
        };
        Run { exchange: Box::pin(exchange), read: read::<C> }
    }
}

impl<'a, R> RunWatching<'a, R> {
    pub(crate) fn new<C: Command<Reply = R>>(lease: &'a mut Lease, request: Writer) -> Self {
        let exchange = async move {
            checked::<C>(&request)?;
            let answer = match C::ROW.connection {
                Connection::own => lease.call_blocking(request.bytes(), 1).await,
                _ => Wire::Own(lease).call(request, 1).await,
            };
            let reads = C::ROW.access == crate::command::Access::reads;
            answer.map_err(|failure| wire::while_watching(failure, at::<C>(), reads))
        };
        RunWatching { exchange: Box::pin(exchange), read: read::<C> }
    }
}
