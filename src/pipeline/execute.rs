//! Sending a queue and understanding what comes back.

use super::{
    Pipeline,
    list::CommandList,
    mode::{Mode, Sending},
    outcome::Outcome,
    queue::{Decoder, EXEC, Queue},
    state::{CanReset, Queued},
    wire::Wire,
};
use crate::{
    command::SentAgain,
    connection::Failure,
    error::{At, Error, Result, ServerError},
    resp::{Fault, Reader, Writer},
    retry::Retry,
};
use bytes::Bytes;
use std::{
    fmt,
    future::Future,
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
    type FirstWriter;
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
    type FirstWriter = M::FirstWriter<L>;

    fn exchange(self) -> Exchange {
        Box::pin(send(self.queue, self.mode, L::name))
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

#[doc(hidden)]
pub type Exchange = Pin<Box<dyn Future<Output = Result<Executed>> + Send>>;

/// The replies of a queue that was sent, not yet decoded.
#[doc(hidden)]
#[derive(Debug)]
pub struct Executed {
    /// `None` on a conflict.
    replies: Option<Bytes>,
    repeats: Vec<usize>,
}

impl Executed {
    pub(super) fn read<M: Mode, R>(self, decode: impl FnOnce(&mut Decoder<'_>) -> Result<R>) -> Result<M::Answer<R>> {
        let Some(replies) = self.replies else { return M::answer(Outcome::Conflict) };
        let mut decoder = Decoder::new(Reader::new(&replies), &self.repeats);
        M::answer(Outcome::Committed(decode(&mut decoder)?))
    }
}

/// A queue on its way: the future of its replies, an `A`.
///
/// Nothing is sent before it is first polled. Dropped later, the commands may or may not run; a watched connection goes
/// back to the pool clean, or is closed.
#[must_use = "a pipeline sends nothing until its execution is awaited"]
pub struct Execution<A> {
    exchange: Exchange,
    decode: fn(Executed) -> Result<A>,
}

impl<A> Execution<A> {
    pub(super) fn new(exchange: Exchange, decode: fn(Executed) -> Result<A>) -> Self {
        Execution { exchange, decode }
    }
}

impl<A> Future for Execution<A> {
    type Output = Result<A>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<A>> {
        let executed = ready!(self.exchange.as_mut().poll(context))?;
        Poll::Ready((self.decode)(executed))
    }
}

impl<A> fmt::Debug for Execution<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Execution").finish_non_exhaustive()
    }
}

/// For `pipeline!`: what [`Pipeline::execute`] asks of the commands, by itself, for what an `async` function asks is said
/// three times.
pub fn sendable<S: CanExecute<FirstWriter: SentAgain>, V>(pipeline: Pipeline<S, V>) -> Pipeline<S, V> {
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

/// Sends the commands of `queue` as `mode` says. `name` gives the name of a command by its index.
pub(super) async fn send<M: Sending>(
    queue: Queue,
    mut mode: M,
    name: fn(usize, &[usize]) -> &'static str,
) -> Result<Executed> {
    let Queue { writer, repeats } = queue;
    if let Some((number, name, reason)) = writer.fault() {
        return Err(Error::Argument { at: At { number, name }, reason });
    }
    let commands = writer.commands();
    if commands == 0 && !M::WATCHED {
        return Ok(Executed { replies: Some(Bytes::new()), repeats });
    }
    let batch = Batch { commands, repeats: &repeats, name };
    let replies = match mode.resends() {
        None => batch.send(writer, &mut mode).await?,
        Some(retry) => batch.resend(&writer, &mut mode, retry).await?,
    };
    Ok(Executed { replies, repeats })
}

/// What is known of the commands when their types are not at hand.
struct Batch<'a> {
    commands: usize,
    repeats: &'a [usize],
    name: fn(usize, &[usize]) -> &'static str,
}

const MULTI: At = At { number: 0, name: "MULTI" };
const EXEC_AT: At = At { number: 0, name: "EXEC" };

impl Batch<'_> {
    /// Sends the commands as `mode` says. Returns their replies, or `None` on a conflict.
    async fn send<M: Sending>(&self, mut writer: Writer, mode: &mut M) -> Result<Option<Bytes>> {
        let mut wire = mode.wire().await?;
        if M::WATCHED && !wire.alive() {
            return Ok(None);
        }
        if !M::ATOMIC {
            return wire.call(writer, self.commands).await.map(Some).map_err(|f| self.failed(f, 0));
        }
        if let Some(error) = &wire.session().multi_refused {
            return Err(Error::Server { at: MULTI, error: error.clone() });
        }
        writer.raw(EXEC);
        let replies = match wire.call(writer, self.commands + 2).await {
            Err(Failure::NotSent(Error::NotSent { .. })) if M::WATCHED => return Ok(None),
            answer => answer.map_err(|failure| self.failed(failure, 1))?,
        };
        let executed = self.executed(&replies, &mut wire);
        if !matches!(executed, Err(Error::NotAtomic { .. })) {
            mode.answered();
        }
        executed
    }

    /// Sends the commands, and again after a lost connection, until they are answered or `retry` says that it is enough.
    async fn resend<M: Sending>(&self, writer: &Writer, mode: &mut M, retry: Retry) -> Result<Option<Bytes>> {
        let mut made = 0;
        loop {
            made += 1;
            match self.send(writer.clone(), mode).await {
                Err(error) if lost(&error) && retry.again(made).await => {}
                answer => return answer,
            }
        }
    }

    /// Reads the replies from MULTI to EXEC. Returns those of the commands, or `None` on a conflict.
    fn executed(&self, replies: &Bytes, wire: &mut Wire<'_>) -> Result<Option<Bytes>> {
        let mut reader = Reader::new(replies);
        let multi = reader.one(|reader| reader.bytes().map(drop));
        let refused = self.queued(&mut reader);
        let fault = match reader.one(exec) {
            Ok(None) => return Ok(None),
            Ok(Some(count)) if count == self.commands => return Ok(Some(reader.rest())),
            Ok(Some(count)) => {
                wire.close();
                let reason = format!("EXEC answered {count} commands, where {} were sent", self.commands);
                return Err(Error::Protocol { at: EXEC_AT, reason: reason.into() });
            }
            Err(fault) => fault,
        };
        match (multi, fault) {
            (Err(Fault::Server(error)), _) => Err(Error::NotAtomic { error }),
            (_, Fault::Server(error)) => {
                // Only EXECABORT says that the transaction is over; after another refusal the server may be inside it.
                if error.code() != "EXECABORT" {
                    wire.close();
                }
                Err(aborted(refused, error))
            }
            (_, Fault::Mismatch(reason)) => {
                wire.close();
                Err(Error::Protocol { at: EXEC_AT, reason })
            }
        }
    }

    /// Reads what each command got when it was queued, and returns those that were refused.
    fn queued(&self, reader: &mut Reader<'_>) -> Vec<(At, ServerError)> {
        let mut refused = Vec::new();
        for index in 0..self.commands {
            if reader.skip_line(b"+QUEUED\r\n") {
                continue;
            }
            if let Err(Fault::Server(error)) = reader.one(|reader| reader.bytes().map(drop)) {
                refused.push((self.at(index), error));
            }
        }
        refused
    }

    fn at(&self, index: usize) -> At {
        if index >= self.commands {
            return EXEC_AT;
        }
        At { number: index + 1, name: (self.name)(index, self.repeats) }
    }

    /// What a failure means, where `before` replies come before those of the commands.
    #[cold]
    fn failed(&self, failure: Failure, before: usize) -> Error {
        failure.into_error(|answered| match answered.checked_sub(before) {
            Some(index) => self.at(index),
            None => MULTI,
        })
    }
}

/// The start of EXEC's reply: how many replies follow, or `None` for null.
fn exec(reader: &mut Reader<'_>) -> Result<Option<usize>, Fault> {
    if reader.null()? {
        return Ok(None);
    }
    reader.array().map(Some)
}

/// Tells whether the connection was lost, or could not be made anew.
fn lost(error: &Error) -> bool {
    matches!(error, Error::NotSent { .. } | Error::OutcomeUnknown { .. } | Error::Connect { .. })
}

/// EXEC was refused: because a command was, or for a reason of its own.
fn aborted(mut refused: Vec<(At, ServerError)>, error: ServerError) -> Error {
    if refused.is_empty() {
        return Error::Server { at: EXEC_AT, error };
    }
    let (at, error) = refused.remove(0);
    Error::Aborted { at, error, rest: refused.into() }
}
