//! Executing a queue: sending its batch and decoding the replies.

use super::{
    batch::{Batch, BatchInfo, InfoAt},
    connection_ref::ConnectionRef,
    decode::Decoder,
    exec_reply::{self, ExecError, TransactionState},
    list::CommandList,
    mode::{Mode, Sending, Target},
    outcome::Outcome,
    pipeline::Pipeline,
    request_future::{Answered, RequestFuture},
    retry::retrying,
    state::{CanReset, Queued},
};
use crate::{
    command::Retryable,
    connection::{RawReplies, Request, RequestError, RoutingFacts, WatchedConnection},
    error::{Error, Result},
    resp::Framing,
    trace,
};
use bytes::Bytes;
use std::{
    fmt,
    future::Future,
    io, mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

/// A state that holds commands which can be sent.
#[diagnostic::on_unimplemented(
    message = "a pipeline that is `{Self}` has no queued commands to execute or discard",
    label = "nothing is queued here",
    note = "every command returns the next pipeline: chain them, or write `let p = p.set(..)`; in a loop use `.each(..)`",
    note = "a watching pipeline begins its transaction by `multi()`"
)]
pub trait CanExecute: CanReset {
    /// The replies of the queued commands, as a list in their order.
    type Replies;
    /// The answer that holds `R`, made of the replies: `R`, or [`Outcome<R>`] where keys are watched.
    type Answer<R>;
    /// The answer of [`execute`](Pipeline::execute).
    type ExecuteAnswer;
    /// The answer of [`execute_each`](Pipeline::execute_each).
    type ExecuteEachAnswer;
    /// The first command that may write where all must only read, because they may be sent again.
    type FirstWrite;
    #[doc(hidden)]
    fn send(self) -> BatchFuture;
    #[doc(hidden)]
    fn decode(replies: BatchReplies) -> Result<Self::ExecuteAnswer>;
    #[doc(hidden)]
    fn decode_each(replies: BatchReplies) -> Result<Self::ExecuteEachAnswer>;
    #[doc(hidden)]
    fn decode_as<R>(replies: BatchReplies, into: impl FnOnce(Self::Replies) -> R) -> Result<Self::Answer<R>>;
}

#[diagnostic::do_not_recommend]
impl<L: CommandList, M: Sending> CanExecute for Queued<L, M> {
    type Replies = L::Replies;
    type Answer<R> = M::Answer<R>;
    type ExecuteAnswer = M::Answer<L::Replies>;
    type ExecuteEachAnswer = M::Answer<L::Results>;
    type FirstWrite = M::FirstWrite<L>;

    fn send(self) -> BatchFuture {
        let facts = L::facts(&self.batch.repeats);
        BatchFuture::new(self.batch, self.mode, L::info, facts)
    }
    fn decode(replies: BatchReplies) -> Result<Self::ExecuteAnswer> {
        replies.decode::<M, _>(L::replies)
    }
    fn decode_each(replies: BatchReplies) -> Result<Self::ExecuteEachAnswer> {
        replies.decode::<M, _>(|decoder| Ok(L::results(decoder)))
    }
    fn decode_as<R>(replies: BatchReplies, into: impl FnOnce(L::Replies) -> R) -> Result<M::Answer<R>> {
        replies.decode::<M, _>(|decoder| L::replies(decoder).map(into))
    }
}

/// [`execute`](Pipeline::execute) on any topology, for code that is generic over it. In the [prelude](crate::prelude).
///
/// A pipeline of one server has these methods itself. So has a transaction of a [cluster](crate::topology::Cluster), where they do
/// not compile if the types of its keys say several slots; where the compiler cannot know that, because something is generic,
/// it takes these. `S` is the state of the pipeline.
pub trait Execute<S>: Sized {
    /// Sends the commands in one write and returns their replies as a list. See [`Pipeline::execute`].
    fn execute<A>(self) -> ExecuteFuture<A>
    where
        S: CanExecute<ExecuteAnswer = A>,
        S::FirstWrite: Retryable;

    /// Sends the commands in one write and returns a `Result` for each of them. See [`Pipeline::execute_each`].
    fn execute_each<A>(self) -> ExecuteFuture<A>
    where
        S: CanExecute<ExecuteEachAnswer = A>,
        S::FirstWrite: Retryable;
}

impl<S, V, T> Execute<S> for Pipeline<S, V, T> {
    fn execute<A>(self) -> ExecuteFuture<A>
    where
        S: CanExecute<ExecuteAnswer = A>,
        S::FirstWrite: Retryable,
    {
        ExecuteFuture::new(self.state.send(), S::decode)
    }

    fn execute_each<A>(self) -> ExecuteFuture<A>
    where
        S: CanExecute<ExecuteEachAnswer = A>,
        S::FirstWrite: Retryable,
    {
        ExecuteFuture::new(self.state.send(), S::decode_each)
    }
}

/// The replies of a batch, not yet decoded.
#[doc(hidden)]
#[derive(Debug)]
pub struct BatchReplies {
    /// `None` on a conflict.
    bytes: Option<Bytes>,
    batch: BatchInfo,
    span: trace::Span,
}

impl BatchReplies {
    pub(super) fn decode<M: Mode, R>(
        mut self,
        decode: impl FnOnce(&mut Decoder<'_>) -> Result<R>,
    ) -> Result<M::Answer<R>> {
        let Some(bytes) = self.bytes else {
            self.span.conflict();
            return M::answer(Outcome::Conflict);
        };
        let mut decoder = Decoder::new(&bytes, &self.batch, self.span);
        let decoded = decode(&mut decoder);
        match M::FRAMING {
            Framing::Transaction => decoder.span.committed(),
            Framing::Plain => decoder.span.answered(),
        }
        let last = decoder.last_index();
        let replies = decoded.map_err(|error| self.batch.of_all_commands(error, last, &bytes))?;
        M::answer(Outcome::Committed(replies))
    }
}

/// A queue on its way: the future of its answer, an `A`.
///
/// Nothing is sent before it is first polled. Dropped later, the commands may or may not run; a watched connection goes
/// back to the pool clean, or is closed.
#[must_use = "a pipeline sends nothing until its execution is awaited"]
pub struct ExecuteFuture<A> {
    batch: BatchFuture,
    decode: fn(BatchReplies) -> Result<A>,
}

impl<A> ExecuteFuture<A> {
    pub(super) fn new(batch: BatchFuture, decode: fn(BatchReplies) -> Result<A>) -> Self {
        ExecuteFuture { batch, decode }
    }
}

impl<A> Future for ExecuteFuture<A> {
    type Output = Result<A>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<A>> {
        let replies = ready!(Pin::new(&mut self.batch).poll(cx))?;
        Poll::Ready((self.decode)(replies))
    }
}

impl<A> fmt::Debug for ExecuteFuture<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExecuteFuture").finish_non_exhaustive()
    }
}

/// For `pipeline!`: checks the bounds of [`Pipeline::execute`] in a function that is not `async`, because rustc reports a
/// failed bound of an `async fn` three times.
pub fn sendable<S: CanExecute<FirstWrite: Retryable>, V, T>(pipeline: Pipeline<S, V, T>) -> Pipeline<S, V, T> {
    pipeline
}

/// For `pipeline!`: executes, and lets `into` make a tuple of the replies.
pub async fn execute<S, V, T, R>(
    pipeline: Pipeline<S, V, T>,
    into: impl FnOnce(S::Replies) -> R,
) -> Result<S::Answer<R>>
where
    S: CanExecute,
{
    let replies = pipeline.state.send().await?;
    S::decode_as(replies, into)
}

/// A batch on its way: the future of its replies.
#[doc(hidden)]
pub struct BatchFuture {
    /// `None` for an empty batch, of which nothing is sent.
    request: Option<RequestFuture<'static>>,
    batch: BatchInfo,
    span: trace::Span,
}

impl BatchFuture {
    /// Sends `batch` in the mode `mode`. `info` returns the facts of a command by its index, and `facts` are those of all.
    #[inline]
    pub(super) fn new<M: Sending>(batch: Batch, mode: M, info: InfoAt, facts: RoutingFacts) -> Self {
        let Batch { buffer, repeats } = batch;
        let mut batch = BatchInfo::new(&buffer, repeats, M::FRAMING, info);
        let request = batch.request(buffer, facts, || mode.handle().reads_replicas());
        let (span, retry) = (mode.handle().span(), mode.retry());
        if let Err(rejected) = request.check() {
            let request = RequestFuture::rejected(batch.rejected(rejected));
            return BatchFuture { request: Some(request), batch, span };
        }
        match (mode.target(), retry) {
            (Target::Watched(connection), _) => {
                let request = request.with_parts(|index| batch.info(index));
                let request = RequestFuture::boxed(on_watched(connection, request));
                batch.watched = true;
                BatchFuture { request: Some(request), batch, span }
            }
            (Target::Shared(_), _) if batch.commands == 0 => {
                BatchFuture { request: None, batch, span: trace::Span::default() }
            }
            (Target::Shared(handle), None) => {
                BatchFuture { request: Some(RequestFuture::shared(handle, request)), batch, span }
            }
            (Target::Shared(handle), Some(retry)) => {
                let request = RequestFuture::boxed(retrying(handle, request, retry));
                BatchFuture { request: Some(request), batch, span }
            }
        }
    }

    /// Reads EXEC's reply where there is one, and updates the state of its connection. `None` is a conflict.
    fn answered(&mut self, replies: RawReplies) -> Result<Option<Bytes>> {
        let Some(request) = self.request.as_mut().filter(|_| self.batch.framing == Framing::Transaction) else {
            return Ok(Some(replies.bytes));
        };
        let executed = exec_reply::read(&self.batch, replies.bytes);
        if let Some(connection) = request.watched() {
            note_exec(connection, &executed);
        }
        let executed = executed.map_err(|failed| {
            if failed.transaction == TransactionState::Open {
                request.abandon(replies.epoch);
            }
            if let Some(error) = failed.multi_refusal() {
                request.refuse_multi(error);
            }
            failed.error
        });
        request.release();
        executed
    }

    #[cold]
    fn failed(&mut self, failure: RequestError) -> Result<Option<Bytes>> {
        match failure {
            RequestError::Partial(partial) => {
                self.batch.set_missing(partial.missing);
                Ok(Some(partial.bytes))
            }
            // Nothing ran, and with the connection the watch is gone.
            RequestError::NotSent(Error::NotSent { .. }) if self.batch.watched => Ok(None),
            failure => Err(self.batch.error(failure)),
        }
    }
}

impl Future for BatchFuture {
    type Output = Result<BatchReplies>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let BatchFuture { request, batch, span, .. } = &mut *self;
        let answer = match request {
            Some(request) => match ready!(span.poll(|| batch.operation(), || Pin::new(request).poll(cx))) {
                Ok(replies) => self.answered(replies),
                Err(failure) => self.failed(failure),
            },
            None => Ok(Some(Bytes::new())),
        };
        let BatchFuture { batch, span, .. } = &mut *self;
        let bytes = answer.inspect_err(|error| span.failed(error))?;
        Poll::Ready(Ok(BatchReplies { bytes, batch: batch.take(), span: mem::take(span) }))
    }
}

impl fmt::Debug for BatchFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchFuture").field("commands", &self.batch.commands).finish_non_exhaustive()
    }
}

/// Sends on a connection on which keys are watched. Without that connection the watch is gone, which is a conflict; so it is
/// where the node of a cluster does not serve the watched slot any more.
async fn on_watched(mut connection: WatchedConnection, request: Request) -> Result<Answered<'static>, RequestError> {
    connection.check(&request).map_err(RequestError::NotSent)?;
    if !connection.alive() {
        connection.monitor().conflict();
        return Err(RequestError::not_sent(io::Error::from(io::ErrorKind::ConnectionAborted)));
    }
    connection.multi().check_again().await.map_err(RequestError::NotSent)?;
    let monitor = connection.monitor().clone();
    let (request, has_lookup) = connection.guarded(request);
    let kept = connection.kept(&request);
    let mut connection = ConnectionRef::Dedicated(Box::new(connection));
    let answer = connection.call(request).await;
    if let Some(connection) = connection.dedicated() {
        if let Some(refusal) = connection.refusal(kept.as_ref(), &answer) {
            // Where EXEC was sent the watch has ended.
            connection.set_watched(answer.is_err());
            monitor.conflict();
            return Err(RequestError::not_sent(refusal));
        }
    }
    match answer {
        Ok(replies) => {
            let replies = if has_lookup { exec_reply::without_first(replies) } else { replies };
            Ok(Answered { replies, connection: Some(connection) })
        }
        Err(failure) => {
            if let RequestError::NotSent(Error::NotSent { .. }) = failure {
                monitor.conflict();
            }
            // The lookup is queued first, behind MULTI.
            let counts_lookup = has_lookup && failure.answered() > 1;
            let failure = if counts_lookup { failure.without_first(1) } else { failure };
            Err(monitor.count_unknown_outcome(failure))
        }
    }
}

/// Updates the state of a watched connection by EXEC's reply.
fn note_exec(connection: &mut WatchedConnection, executed: &Result<Option<Bytes>, ExecError>) {
    if let Ok(None) = executed {
        connection.monitor().conflict();
    }
    if !matches!(executed, Err(ExecError { transaction: TransactionState::NotBegun, .. })) {
        connection.set_watched(false);
    }
}
