//! The future of a command that runs at once: on a client, or on a watching pipeline.

use super::{
    batch::encode_command,
    connection::Connection,
    decode::decode_error,
    request_future::{Exchange, RequestFuture},
};
use crate::{
    command::{Access, Command, ConnectionPolicy},
    connection::{Handle, PooledConnection, RawReplies, Request, RequestError},
    error::{CommandPosition, Error, Result, TimeoutKind},
    resp::{CommandBuffer, Reader, RejectedArgument, Writer},
    trace,
};
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
    request: RequestFuture<'a>,
    /// Reads the reply. The type names no more of the command, so that what is wrong with a command is one error.
    read: fn(&RawReplies) -> Result<R>,
    at: CommandPosition,
    span: trace::Span,
}

impl<'a, R> CommandFuture<'a, R> {
    /// Sends a command on the shared connection, or on one of its own where it blocks.
    #[inline]
    pub(crate) fn on_client<C: Command<Reply = R>>(handle: &'a Handle, encode: impl FnOnce(&mut Writer<'_>)) -> Self {
        let request = request::<C>(handle, encode);
        let request = match request.check() {
            Ok(()) if blocks::<C>() => RequestFuture::boxed(blocking(handle, request)),
            Ok(()) => RequestFuture::shared(handle.clone(), request),
            Err(rejected) => RequestFuture::rejected(rejected_at::<C>(rejected)),
        };
        CommandFuture { request, read: read::<C>, at: at::<C>(), span: handle.span() }
    }

    /// Sends a command on the connection of a watching pipeline.
    pub(super) fn while_watching<C: Command<Reply = R>>(
        handle: &Handle,
        lease: &'a mut PooledConnection,
        encode: impl FnOnce(&mut Writer<'_>),
    ) -> Self {
        let request = request::<C>(handle, encode);
        let request = match request.check() {
            Ok(()) => {
                let only_reads = C::INFO.access == Access::ReadOnly;
                RequestFuture::boxed(watching(lease, request, blocks::<C>(), at::<C>(), only_reads))
            }
            Err(rejected) => RequestFuture::rejected(rejected_at::<C>(rejected)),
        };
        CommandFuture { request, read: read::<C>, at: at::<C>(), span: handle.span() }
    }
}

#[inline]
fn request<C: Command>(handle: &Handle, encode: impl FnOnce(&mut Writer<'_>)) -> Request {
    let mut buffer = CommandBuffer::tracking_keys(handle.tracks_keys());
    encode_command::<C>(&mut buffer, encode);
    Request::command(buffer, &C::INFO)
}

#[cold]
fn rejected_at<C: Command>(RejectedArgument { reason, .. }: RejectedArgument) -> Error {
    Error::Argument { at: at::<C>(), reason }
}

fn blocks<C: Command>() -> bool {
    C::INFO.connection == ConnectionPolicy::Dedicated
}

fn at<C: Command>() -> CommandPosition {
    CommandPosition { number: 0, name: C::INFO.name }
}

fn read<C: Command>(replies: &RawReplies) -> Result<C::Reply> {
    Reader::new(&replies.bytes).read_reply(C::read).map_err(|error| decode_error(error, at::<C>()))
}

async fn blocking(handle: &Handle, request: Request) -> Exchange<'_> {
    let mut lease = handle.acquire(request.slot()).await.map_err(RequestError::NotSent)?;
    match lease.call_blocking(&request).await {
        Ok(replies) => Ok((replies, None)),
        Err(failure) => Err(lease.counted(failure)),
    }
}

async fn watching<'a>(
    lease: &'a mut PooledConnection,
    request: Request,
    blocks: bool,
    at: CommandPosition,
    only_reads: bool,
) -> Exchange<'a> {
    let answer =
        if blocks { lease.call_blocking(&request).await } else { Connection::Watching(lease).call(request).await };
    match answer {
        Ok(replies) => Ok((replies, None)),
        Err(failure) => Err(failed_while_watching(lease, failure, at, only_reads)),
    }
}

/// The failure of a command while keys are watched. With the connection the watch is gone, so where nothing can have been
/// written it is safe to begin again.
pub(super) fn failed_while_watching(
    lease: &PooledConnection,
    failure: RequestError,
    at: CommandPosition,
    only_reads: bool,
) -> RequestError {
    let source = match failure {
        RequestError::NotSent(Error::NotSent { source }) => source,
        RequestError::Lost { source, .. } if only_reads => source,
        RequestError::TimedOut { after, .. } if only_reads => {
            return RequestError::NotSent(Error::Timeout { kind: TimeoutKind::WatchedRead, after, at: Some(at) });
        }
        failure => return lease.counted(failure),
    };
    lease.lose_watch();
    RequestError::NotSent(Error::WatchLost { at, source })
}

impl<R> Future for CommandFuture<'_, R> {
    type Output = Result<R>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let CommandFuture { request, read, at, span } = &mut *self;
        let operation = || trace::Operation::Command(at.name);
        let answer = ready!(span.poll(operation, || Pin::new(request).poll(cx)));
        let replies = answer.map_err(|failure| failure.into_error(|_| *at)).inspect_err(|error| span.failed(error))?;
        let reply = read(&replies).inspect_err(|error| span.error(error));
        span.answered();
        Poll::Ready(reply)
    }
}

impl<R> fmt::Debug for CommandFuture<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CommandFuture").finish_non_exhaustive()
    }
}
