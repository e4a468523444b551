//! Commands that run at once.

use super::{
    direct::Direct,
    wire::{self, Wire},
};
use crate::{
    command::{Access, Command, Connection},
    connection::{Failure, Handle, Lease},
    error::{At, Error, Result},
    resp::{Reader, Writer},
};
use bytes::Bytes;
use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

/// A command on its way from a [`Client`](crate::Client) or from a watching pipeline: the future of its reply, an `R`.
///
/// Nothing is sent before it is first polled.
#[must_use = "a command is sent when its future is awaited"]
pub struct Run<'a, R> {
    route: Route<'a>,
    /// Reads the reply. The type names that alone, so that what is wrong with a command is one error.
    read: fn(&Bytes) -> Result<R>,
    at: At,
}

enum Route<'a> {
    Shared(Direct),
    /// On a connection of its own, or not at all, as its arguments are refused.
    Own(Pin<Box<dyn Future<Output = Result<Bytes>> + Send + 'a>>),
}

impl<'a, R> Run<'a, R> {
    pub(crate) fn on_client<C: Command<Reply = R>>(handle: &'a Handle, request: Writer) -> Self {
        let blocks = matches!(C::ROW.connection, Connection::own);
        if !blocks && request.fault().is_none() {
            return Run::new::<C>(Route::Shared(Direct::new(handle.clone(), request, 1, false)));
        }
        Run::new::<C>(Route::Own(Box::pin(async move {
            checked::<C>(&request)?;
            let answer = blocking(&mut handle.lease().await?, &request).await;
            answer.map_err(|failure| failure.into_error(|_| at::<C>()))
        })))
    }

    pub(crate) fn while_watching<C: Command<Reply = R>>(lease: &'a mut Lease, request: Writer) -> Self {
        Run::new::<C>(Route::Own(Box::pin(async move {
            checked::<C>(&request)?;
            let answer = match C::ROW.connection {
                Connection::own => blocking(lease, &request).await,
                _ => Wire::Own(lease).call(request, 1).await,
            };
            let reads = C::ROW.access == Access::reads;
            answer.map_err(|failure| wire::while_watching(lease, failure, at::<C>(), reads))
        })))
    }

    fn new<C: Command<Reply = R>>(route: Route<'a>) -> Self {
        Run { route, read: read::<C>, at: at::<C>() }
    }
}

async fn blocking(lease: &mut Lease, request: &Writer) -> Result<Bytes, Failure> {
    lease.call_blocking(request.bytes(), 1, request.blocks()).await
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
    Reader::new(replies).one(C::read).map_err(|fault| wire::fault_at(fault, at::<C>()))
}

impl<R> Future for Run<'_, R> {
    type Output = Result<R>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let at = self.at;
        let replies = match &mut self.route {
            Route::Shared(direct) => match ready!(Pin::new(direct).poll(context)) {
                Ok(replies) => replies.bytes,
                Err(failure) => return Poll::Ready(Err(failure.into_error(|_| at))),
            },
            Route::Own(own) => ready!(own.as_mut().poll(context))?,
        };
        Poll::Ready((self.read)(&replies))
    }
}

impl<R> fmt::Debug for Run<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run").finish_non_exhaustive()
    }
}
