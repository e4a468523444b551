//! The future of a command that runs at once: on a client, or on a watching pipeline.

use super::{
    batch::encode_command,
    connection_ref::ConnectionRef,
    refusal::judge,
    request_future::{Answered, RequestFuture},
};
use crate::{
    command::{Access, Command, CommandInfo, ConnectionPolicy, Runs},
    connection::{Handle, RawReplies, Request, RequestError, WatchedConnection},
    error::{CommandPosition, Error, Result, TimeoutKind},
    resp::{CommandBuffer, KeyTracking, Reader, RejectedArgument, Writer},
    trace,
};
use std::{
    borrow::Cow,
    fmt,
    future::Future,
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Instant,
};

/// A command on its way from a [`Client`](crate::Client) or from a watching pipeline: the future of its reply, an `R`.
///
/// Nothing is sent before it is first polled.
#[must_use = "a command is sent when its future is awaited"]
pub struct CommandFuture<'a, R> {
    request: RequestFuture<'a>,
    /// Reads the reply. The type names no more of the command, so that what is wrong with a command is one error.
    read: fn(&RawReplies, Option<u16>) -> Result<R>,
    /// The slot of the keys, where the command runs a script.
    script_slot: Option<u16>,
    at: CommandPosition,
    span: trace::Span,
}

impl<'a, R> CommandFuture<'a, R> {
    /// Sends a command on the shared connection, or on one of its own where it blocks.
    #[inline]
    pub(crate) fn on_client<C: Command<Reply = R>>(handle: &'a Handle, encode: impl FnOnce(&mut Writer<'_>)) -> Self {
        let request = request::<C>(handle, encode);
        let script_slot = script_slot::<C>(&request);
        let request = match request.check() {
            Ok(()) if blocks(&C::INFO) => RequestFuture::boxed(blocking(handle, request)),
            Ok(()) => RequestFuture::shared(handle.clone(), request),
            Err(rejected) => RequestFuture::rejected(rejected_at::<C>(rejected)),
        };
        CommandFuture { request, read: read::<C>, script_slot, at: at(&C::INFO), span: handle.span() }
    }

    /// Sends a command on the connection of a watching pipeline.
    pub(super) fn while_watching<C: Command<Reply = R>>(
        handle: &Handle,
        connection: &'a mut WatchedConnection,
        encode: impl FnOnce(&mut Writer<'_>),
    ) -> Self {
        let request = request::<C>(handle, encode).with_parts(|_| Some(&C::INFO));
        let script_slot = script_slot::<C>(&request);
        let request = match request.check() {
            Ok(()) => RequestFuture::boxed(watching(connection, request, &C::INFO)),
            Err(rejected) => RequestFuture::rejected(rejected_at::<C>(rejected)),
        };
        CommandFuture { request, read: read::<C>, script_slot, at: at(&C::INFO), span: handle.span() }
    }
}

#[inline]
fn request<C: Command>(handle: &Handle, encode: impl FnOnce(&mut Writer<'_>)) -> Request {
    let mut buffer = CommandBuffer::new(KeyTracking::together(handle.tracks_keys()));
    encode_command::<C>(&mut buffer, encode);
    Request::command(buffer, &C::INFO, || handle.reads_replicas())
}

/// Returns the slot of the keys, where the command runs a script.
#[inline]
fn script_slot<C: Command>(request: &Request) -> Option<u16> {
    if C::INFO.runs == Runs::Script { request.script_slot() } else { None }
}

#[cold]
fn rejected_at<C: Command>(RejectedArgument { reason, .. }: RejectedArgument) -> Error {
    Error::Argument { at: at(&C::INFO), reason }
}

#[inline]
fn blocks(info: &CommandInfo) -> bool {
    info.connection == ConnectionPolicy::Dedicated
}

#[inline]
fn at(info: &CommandInfo) -> CommandPosition {
    CommandPosition::unnumbered(info.name)
}

fn read<C: Command>(replies: &RawReplies, script_slot: Option<u16>) -> Result<C::Reply> {
    let read = Reader::new(&replies.bytes).read_reply(C::read);
    read.map_err(|error| error.into_error(at(&C::INFO), |error| judge(error, &C::INFO, script_slot)))
}

async fn blocking(handle: &Handle, request: Request) -> Result<Answered<'_>, RequestError> {
    handle.check(&request).map_err(RequestError::NotSent)?;
    let mut route = handle.route(&request).await.map_err(RequestError::NotSent)?;
    let mut began = None;
    loop {
        route.reach().await.map_err(RequestError::NotSent)?;
        let answer = match route.acquire().await {
            Ok(mut connection) => {
                let rest = match began {
                    Some(began) => request.after_blocking(Instant::elapsed(&began)),
                    None => Cow::Borrowed(&request),
                };
                began.get_or_insert_with(Instant::now);
                let answer = connection.call_blocking(&route.outgoing(&rest)).await;
                route.incoming(answer).map_err(|failure| connection.count_unknown_outcome(failure))
            }
            Err(error) => Err(RequestError::NotSent(error)),
        };
        if !route.again(&request, &answer).await {
            return answer.map(|replies| Answered { replies, connection: None });
        }
    }
}

async fn watching<'a>(
    connection: &'a mut WatchedConnection,
    request: Request,
    info: &'static CommandInfo,
) -> Result<Answered<'a>, RequestError> {
    connection.check(&request).map_err(RequestError::NotSent)?;
    let kept = connection.kept(&request);
    let answer = if blocks(info) {
        connection.call_blocking(request).await
    } else {
        ConnectionRef::Watching(connection).call(request).await
    };
    if let Some(refusal) = connection.refusal(kept.as_ref(), &answer) {
        return Err(lost_watch(connection, at(info), refusal));
    }
    match answer {
        Ok(replies) => Ok(Answered { replies, connection: None }),
        Err(failure) => Err(failed_while_watching(connection, failure, at(info), info.access)),
    }
}

/// Returns the error of a request that a node of a cluster has refused, because it does not serve the watched slot any more: the
/// watch is void, and nothing ran.
pub(super) fn lost_watch(connection: &WatchedConnection, at: CommandPosition, refusal: io::Error) -> RequestError {
    connection.lose_watch();
    RequestError::NotSent(Error::WatchLost { at, source: refusal.into() })
}

/// Returns the error of a command while keys are watched. With the connection the watch is gone, so where nothing can have
/// been written it is safe to begin again.
pub(super) fn failed_while_watching(
    connection: &WatchedConnection,
    failure: RequestError,
    at: CommandPosition,
    access: Access,
) -> RequestError {
    let only_reads = access == Access::ReadOnly;
    let source = match failure {
        RequestError::NotSent(Error::NotSent { source }) => source,
        RequestError::Lost { source, .. } if only_reads => source,
        RequestError::TimedOut { after, .. } if only_reads => {
            return RequestError::NotSent(Error::Timeout { kind: TimeoutKind::WatchedRead, after, at: Some(at) });
        }
        failure => return connection.count_unknown_outcome(failure),
    };
    connection.lose_watch();
    RequestError::NotSent(Error::WatchLost { at, source })
}

impl<R> Future for CommandFuture<'_, R> {
    type Output = Result<R>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let CommandFuture { request, read, script_slot, at, span } = &mut *self;
        let operation = || trace::Operation::Command(at.name);
        let answer = ready!(span.poll(operation, || Pin::new(request).poll(cx)));
        let replies = answer.map_err(|failure| failure.into_error(|_| *at)).inspect_err(|error| span.failed(error))?;
        let reply = read(&replies, *script_slot).inspect_err(|error| span.error(error));
        span.answered();
        Poll::Ready(reply)
    }
}

impl<R> fmt::Debug for CommandFuture<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CommandFuture").finish_non_exhaustive()
    }
}
