//! Sending a queue and understanding what comes back.

use super::{
    Pipeline,
    direct::{Direct, Sent},
    list::CommandList,
    mode::{Mode, Sending, Way},
    outcome::Outcome,
    queue::{Decoder, EXEC, MULTI_AT, Queue},
    state::{CanReset, Queued},
    wire::Wire,
};
use crate::{
    command::Retryable,
    connection::{Failure, Handle, Lease, Replies},
    error::{CommandPosition, Error, Result, ServerError},
    resp::{DecodeError, Reader, Writer},
    retry::Retry,
    trace,
};
use bytes::{Buf, Bytes};
use std::{
    fmt,
    future::Future,
    mem,
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
    /// What comes of a reading `R` of the replies: `R`, or [`Outcome<R>`] where keys are watched.
    type Answer<R>;
    /// What [`execute`](super::Pipeline::execute) answers.
    type Executed;
    /// What [`execute_each`](super::Pipeline::execute_each) answers.
    type ExecutedEach;
    /// The first command that may write where all must only read, because they may be sent again.
    type FirstWrite;
    #[doc(hidden)]
    fn exchange(self) -> Exchange;
    #[doc(hidden)]
    fn decode(executed: Executed) -> Result<Self::Executed>;
    #[doc(hidden)]
    fn decode_each(executed: Executed) -> Result<Self::ExecutedEach>;
    #[doc(hidden)]
    fn decode_as<R>(executed: Executed, place: impl FnOnce(Self::Replies) -> R) -> Result<Self::Answer<R>>;
}

#[diagnostic::do_not_recommend]
impl<L: CommandList, M: Sending> CanExecute for Queued<L, M> {
    type Replies = L::Replies;
    type Answer<R> = M::Answer<R>;
    type Executed = M::Answer<L::Replies>;
    type ExecutedEach = M::Answer<L::Results>;
    type FirstWrite = M::FirstWrite<L>;

    fn exchange(self) -> Exchange {
        Exchange::new(self.queue, self.mode, L::name)
    }
    fn decode(executed: Executed) -> Result<Self::Executed> {
        executed.read::<M, _>(L::replies)
    }
    fn decode_each(executed: Executed) -> Result<Self::ExecutedEach> {
        executed.read::<M, _>(|decoder| Ok(L::results(decoder)))
    }
    fn decode_as<R>(executed: Executed, place: impl FnOnce(L::Replies) -> R) -> Result<M::Answer<R>> {
        executed.read::<M, _>(|decoder| L::replies(decoder).map(place))
    }
}

/// The replies of a queue that was sent, not yet decoded.
#[doc(hidden)]
#[derive(Debug)]
pub struct Executed {
    /// `None` on a conflict.
    replies: Option<Bytes>,
    repeats: Vec<usize>,
    span: trace::Span,
}

impl Executed {
    pub(super) fn read<M: Mode, R>(
        mut self,
        decode: impl FnOnce(&mut Decoder<'_>) -> Result<R>,
    ) -> Result<M::Answer<R>> {
        let Some(replies) = self.replies else {
            self.span.conflict();
            return M::answer(Outcome::Conflict);
        };
        let mut decoder = Decoder::new(Reader::new(&replies), &self.repeats, self.span);
        let decoded = decode(&mut decoder);
        match M::ATOMIC {
            true => decoder.span.committed(),
            false => decoder.span.answered(),
        }
        M::answer(Outcome::Committed(decoded?))
    }
}

/// A queue on its way: the future of its replies, an `A`.
///
/// Nothing is sent before it is first polled. Dropped later, the commands may or may not run; a watched connection goes
/// back to the pool clean, or is closed.
#[must_use = "a pipeline sends nothing until its execution is awaited"]
pub struct ExecuteFuture<A> {
    exchange: Exchange,
    decode: fn(Executed) -> Result<A>,
}

impl<A> ExecuteFuture<A> {
    pub(super) fn new(exchange: Exchange, decode: fn(Executed) -> Result<A>) -> Self {
        ExecuteFuture { exchange, decode }
    }
}

impl<A> Future for ExecuteFuture<A> {
    type Output = Result<A>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<A>> {
        let executed = ready!(Pin::new(&mut self.exchange).poll(context))?;
        Poll::Ready((self.decode)(executed))
    }
}

impl<A> fmt::Debug for ExecuteFuture<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Execution").finish_non_exhaustive()
    }
}

/// For `pipeline!`: what [`Pipeline::execute`] asks of the commands, by itself, for what an `async` function asks is said
/// three times.
pub fn sendable<S: CanExecute<FirstWrite: Retryable>, V>(pipeline: Pipeline<S, V>) -> Pipeline<S, V> {
    pipeline
}

/// For `pipeline!`: executes, and lets `place` put the replies into a tuple.
pub async fn execute<S, V, R>(pipeline: Pipeline<S, V>, place: impl FnOnce(S::Replies) -> R) -> Result<S::Answer<R>>
where
    S: CanExecute,
{
    let executed = pipeline.state.exchange().await?;
    S::decode_as(executed, place)
}

/// The commands of a queue on their way: the future of their replies.
#[doc(hidden)]
pub struct Exchange {
    route: Route,
    batch: Batch,
    span: trace::Span,
}

enum Route {
    Shared(Direct),
    /// On a watched connection, or again and again.
    Long(Pin<Box<dyn Future<Output = Result<Option<Bytes>>> + Send>>),
    /// Nothing is to be sent.
    Ended(Result<()>),
}

impl Exchange {
    /// Sends the commands of `queue` as `mode` says. `name` gives the name of a command by its index.
    #[inline]
    pub(super) fn new<M: Sending>(queue: Queue, mode: M, name: fn(usize, &[usize]) -> &'static str) -> Self {
        let Queue { mut writer, repeats } = queue;
        let batch = Batch { commands: writer.commands(), repeats, name, atomic: M::ATOMIC };
        let span = mode.handle().span();
        if let Err(refused) = refused(&writer) {
            return Exchange { route: Route::Ended(Err(refused)), batch, span };
        }
        if M::ATOMIC {
            writer.raw(EXEC);
        }
        let route = match (mode.resends(), mode.way()) {
            (_, Way::Own(lease)) => Route::Long(Box::pin(watched(batch.clone(), lease, writer))),
            (_, Way::Shared(_)) if batch.commands == 0 => {
                return Exchange { route: Route::Ended(Ok(())), batch, span: trace::Span::default() };
            }
            (None, Way::Shared(handle)) => Route::Shared(batch.direct(handle, writer)),
            (Some(retry), Way::Shared(handle)) => Route::Long(Box::pin(resent(batch.clone(), handle, writer, retry))),
        };
        Exchange { route, batch, span }
    }
}

fn refused(writer: &Writer) -> Result<()> {
    match writer.fault() {
        Some((number, name, reason)) => Err(Error::Argument { at: CommandPosition { number, name }, reason }),
        None => Ok(()),
    }
}

impl Future for Exchange {
    type Output = Result<Executed>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Exchange { route, batch, span } = &mut *self;
        let operation = || batch.operation();
        let replies = match route {
            Route::Shared(direct) => {
                let sent = ready!(span.poll(operation, || Pin::new(&mut *direct).poll(cx)));
                batch.answered(sent, direct)
            }
            Route::Long(long) => ready!(span.poll(operation, || long.as_mut().poll(cx))),
            Route::Ended(ended) => span.poll(operation, || mem::replace(ended, Ok(()))).map(|()| Some(Bytes::new())),
        };
        Poll::Ready(match replies {
            Ok(replies) => Ok(Executed { replies, repeats: mem::take(&mut batch.repeats), span: mem::take(span) }),
            Err(error) => {
                span.failed(&error);
                Err(error)
            }
        })
    }
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange").field("commands", &self.batch.commands).finish_non_exhaustive()
    }
}

/// Executes on a connection on which keys are watched. `None` is a conflict.
async fn watched(batch: Batch, mut lease: Lease, writer: Writer) -> Result<Option<Bytes>> {
    let executed = batch.execute_on(&mut lease, writer).await;
    if let Ok(None) = executed {
        lease.monitor().conflict();
    }
    executed
}

/// Sends the commands, and again after a lost connection, until they are answered or `retry` says that it is enough.
async fn resent(batch: Batch, handle: Handle, writer: Writer, retry: Retry) -> Result<Option<Bytes>> {
    let mut made = 0;
    loop {
        made += 1;
        let mut direct = batch.direct(handle.clone(), writer.clone());
        let sent = (&mut direct).await;
        match batch.answered(sent, &direct) {
            Err(error) if lost(&error) && retry.again(made).await => handle.monitor().retry(),
            answer => {
                trace::attempts(made);
                return answer;
            }
        }
    }
}

/// What is known of the commands when their types are not at hand.
#[derive(Clone)]
struct Batch {
    commands: usize,
    repeats: Vec<usize>,
    name: fn(usize, &[usize]) -> &'static str,
    atomic: bool,
}

const EXEC_AT: CommandPosition = CommandPosition { number: 0, name: "EXEC" };

impl Batch {
    /// How many replies come, those to MULTI and EXEC included.
    fn replies(&self) -> usize {
        self.commands + if self.atomic { 2 } else { 0 }
    }

    /// What the span of this says.
    fn operation(&self) -> trace::Operation<'_> {
        let Batch { commands, ref repeats, name, atomic } = *self;
        trace::Operation::Batch { atomic, commands, name, repeats }
    }

    fn direct(&self, handle: Handle, writer: Writer) -> Direct {
        Direct::new(handle, writer, self.replies(), self.atomic)
    }

    /// Takes what came on the shared connection.
    fn answered(&self, sent: Sent, direct: &Direct) -> Result<Option<Bytes>> {
        match sent {
            Ok(replies) if !self.atomic => Ok(Some(replies.bytes)),
            Ok(Replies { bytes, epoch }) => self.executed(bytes, || direct.give_up(epoch)),
            Err(failure) => Err(self.failed(failure)),
        }
    }

    /// Sends and reads on a connection of the pipeline's own. `None` is a conflict, or that the connection was lost before.
    async fn execute_on(&self, lease: &mut Lease, writer: Writer) -> Result<Option<Bytes>> {
        let mut wire = Wire::Own(lease);
        if !wire.alive() {
            return Ok(None);
        }
        if let Some(error) = &wire.session().multi_refused {
            return Err(Error::Server { at: MULTI_AT, error: error.clone() });
        }
        let replies = match wire.call(writer, self.replies()).await {
            Ok(replies) => replies,
            Err(Failure::NotSent(Error::NotSent { .. })) => return Ok(None),
            Err(failure) => return Err(self.failed(lease.counted(failure))),
        };
        let executed = self.executed(replies, || lease.close());
        if !matches!(executed, Err(Error::NotAtomic { .. })) {
            // EXEC was answered, which ended the watch.
            lease.set_watched(false);
        }
        executed
    }

    /// Reads the replies from MULTI to EXEC. Returns those of the commands, or `None` on a conflict. `close` closes the
    /// connection that they came on.
    fn executed(&self, mut replies: Bytes, close: impl FnOnce()) -> Result<Option<Bytes>> {
        let mut reader = Reader::new(&replies);
        if reader.skip_queued(self.commands) {
            let read = reader.at();
            replies.advance(read);
            return Ok(Some(replies));
        }
        self.executed_otherwise(&replies, close)
    }

    #[cold]
    fn executed_otherwise(&self, replies: &Bytes, close: impl FnOnce()) -> Result<Option<Bytes>> {
        let mut reader = Reader::new(replies);
        let multi = reader.one(Reader::done);
        let refused = self.queued(&mut reader);
        let fault = match reader.begun(exec) {
            Ok(None) => return Ok(None),
            Ok(Some(count)) if count == self.commands => return Ok(Some(reader.rest())),
            Ok(Some(count)) => {
                close();
                let reason = format!("EXEC answered {count} commands, where {} were sent", self.commands);
                return Err(Error::Protocol { at: EXEC_AT, reason: reason.into() });
            }
            Err(fault) => fault,
        };
        match (multi, fault) {
            (Err(DecodeError::Server(error)), _) => Err(Error::NotAtomic { error }),
            (_, DecodeError::Server(error)) => {
                // Only EXECABORT says that the transaction is over; after another refusal the server may be inside it.
                if error.code() != "EXECABORT" {
                    close();
                }
                Err(aborted(refused, error))
            }
            (_, DecodeError::Mismatch(reason)) => {
                close();
                Err(Error::Protocol { at: EXEC_AT, reason })
            }
        }
    }

    /// Reads what each command got when it was queued, and returns those that were refused.
    fn queued(&self, reader: &mut Reader<'_>) -> Vec<(CommandPosition, ServerError)> {
        let mut refused = Vec::new();
        for index in 0..self.commands {
            if reader.skip_line(b"+QUEUED\r\n") {
                continue;
            }
            if let Err(DecodeError::Server(error)) = reader.one(|reader| reader.bytes().map(drop)) {
                refused.push((self.at(index), error));
            }
        }
        refused
    }

    fn at(&self, index: usize) -> CommandPosition {
        if index >= self.commands {
            return EXEC_AT;
        }
        CommandPosition { number: index + 1, name: (self.name)(index, &self.repeats) }
    }

    #[cold]
    fn failed(&self, failure: Failure) -> Error {
        let before = usize::from(self.atomic);
        failure.into_error(|answered| match answered.checked_sub(before) {
            Some(index) => self.at(index),
            None => MULTI_AT,
        })
    }
}

/// The start of EXEC's reply: how many replies follow, or `None` for null.
fn exec(reader: &mut Reader<'_>) -> Result<Option<usize>, DecodeError> {
    if reader.null()? {
        return Ok(None);
    }
    reader.array().map(Some)
}

/// Tells whether the connection was lost. One that could not be made anew was waited for already.
fn lost(error: &Error) -> bool {
    matches!(error, Error::NotSent { .. } | Error::OutcomeUnknown { .. })
}

/// EXEC was refused: because a command was, or for a reason of its own.
fn aborted(mut refused: Vec<(CommandPosition, ServerError)>, error: ServerError) -> Error {
    if refused.is_empty() {
        return Error::Server { at: EXEC_AT, error };
    }
    let (at, error) = refused.remove(0);
    Error::Aborted { at, error, rest: refused.into() }
}
