//! Commands that run at once.

use super::{
    direct::Direct,
    wire::{self, Wire},
};
use crate::{
    command::{Access, Command, ConnectionPolicy},
    connection::{Failure, Handle, Lease},
    error::{CommandPosition, Error, Result},
    resp::{Reader, Writer},
    trace,
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
pub struct CommandFuture<'a, R> {
    route: Route<'a>,
    /// Reads the reply. The type names that alone, so that what is wrong with a command is one error.
    read: fn(&Bytes) -> Result<R>,
    at: CommandPosition,
    span: trace::Span,
}

enum Route<'a> {
    Shared(Direct),
    /// On a connection of its own, or not at all, as its arguments are refused.
    Own(Pin<Box<dyn Future<Output = Result<Bytes>> + Send + 'a>>),
}

impl<'a, R> CommandFuture<'a, R> {
    pub(crate) fn on_client<C: Command<Reply = R>>(handle: &'a Handle, request: Writer) -> Self {
        let blocks = matches!(C::INFO.connection, ConnectionPolicy::Dedicated);
        if !blocks && request.fault().is_none() {
            let direct = Direct::new(handle.clone(), request, 1, false);
            return CommandFuture::new::<C>(Route::Shared(direct), handle.span());
        }
        let own = Box::pin(async move {
            checked::<C>(&request)?;
            let mut lease = handle.lease().await?;
            let answer = blocking(&mut lease, &request).await;
            answer.map_err(|failure| lease.counted(failure).into_error(|_| at::<C>()))
        });
        CommandFuture::new::<C>(Route::Own(own), handle.span())
    }

    pub(super) fn while_watching<C: Command<Reply = R>>(
        lease: &'a mut Lease,
        request: Writer,
        span: trace::Span,
    ) -> Self {
        let own = Box::pin(async move {
            checked::<C>(&request)?;
            let answer = match C::INFO.connection {
                ConnectionPolicy::Dedicated => blocking(lease, &request).await,
                _ => Wire::Own(lease).call(request, 1).await,
            };
            let reads = C::INFO.access == Access::ReadOnly;
            answer.map_err(|failure| wire::while_watching(lease, failure, at::<C>(), reads))
        });
        CommandFuture::new::<C>(Route::Own(own), span)
    }

    fn new<C: Command<Reply = R>>(route: Route<'a>, span: trace::Span) -> Self {
        CommandFuture { route, read: read::<C>, at: at::<C>(), span }
    }
}

async fn blocking(lease: &mut Lease, request: &Writer) -> Result<Bytes, Failure> {
    lease.call_blocking(request.bytes(), 1, request.blocks()).await
}

fn at<C: Command>() -> CommandPosition {
    CommandPosition { number: 0, name: C::INFO.name }
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

impl<R> Future for CommandFuture<'_, R> {
    type Output = Result<R>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let CommandFuture { route, read, at, span } = &mut *self;
        let operation = || trace::Operation::Command(at.name);
        let replies = match route {
            Route::Shared(direct) => match ready!(span.poll(operation, || Pin::new(direct).poll(context))) {
                Ok(replies) => Ok(replies.bytes),
                Err(failure) => Err(failure.into_error(|_| *at)),
            },
            Route::Own(own) => ready!(span.poll(operation, || own.as_mut().poll(context))),
        };
        let replies = replies.inspect_err(|error| span.failed(error))?;
        let reply = read(&replies).inspect_err(|error| span.error(error));
        span.answered();
        Poll::Ready(reply)
    }
}

impl<R> fmt::Debug for CommandFuture<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run").finish_non_exhaustive()
    }
}
