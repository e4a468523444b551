//! The request side of a batch: its encoded commands, and their description once they are sent.

use super::refusal::judge;
use crate::{
    command::{Command, CommandInfo, ConnectionPolicy, MultiPolicy, Runs},
    connection::{EXEC, MULTI, MissingReply, Request, RequestError, RoutingFacts},
    error::{CommandPosition, Error, ServerError},
    key::SlotState,
    rare::Rare,
    resp::{
        CommandBuffer, DecodeError, FirstArgument, Framing, KeyTracking, Reader, RejectedArgument, ScriptSlot, Writer,
        control,
    },
    trace,
};
use bytes::Bytes;
use std::{io, mem, sync::Arc};

/// Queued commands, encoded, behind MULTI where they are a transaction.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) buffer: CommandBuffer,
    /// The number of commands in each [`Each`](super::Each) and [`When`](super::When), in their order.
    pub(super) repeats: Vec<usize>,
}

/// The facts of the command at an index, by the type of the list; `None` behind its end.
pub(super) type InfoAt = fn(usize, &[usize]) -> Option<&'static CommandInfo>;

impl Batch {
    #[inline(always)]
    pub(super) fn new(framing: Framing, tracking: KeyTracking) -> Self {
        let mut buffer = CommandBuffer::new(tracking);
        if framing == Framing::Transaction {
            buffer.control(control::MULTI);
        }
        Batch { buffer, repeats: Vec::new() }
    }

    #[inline]
    pub(super) fn push<C: Command>(&mut self, encode: impl FnOnce(&mut Writer<'_>)) {
        encode_command::<C>(&mut self.buffer, |out| {
            if C::INFO.multi != MultiPolicy::Allowed {
                out.reject("its row says that it cannot be queued; run it on the client or on a watching pipeline");
            }
            encode(out);
        });
    }

    /// Puts the commands of a prepared batch into this empty one.
    pub(super) fn fill(&mut self, prepared: &Batch) {
        self.buffer.append(&prepared.buffer);
        self.repeats.clone_from(&prepared.repeats);
    }
}

/// Encodes a command whose row lets it be sent. The policies are bounds of the command's method as well, but a bound on a
/// marker of the user's own can be met by an impl of the user's own; the facts are constants, so asking costs nothing.
#[inline]
pub(super) fn encode_command<C: Command>(buffer: &mut CommandBuffer, encode: impl FnOnce(&mut Writer<'_>)) {
    let first = FirstArgument::of(&C::INFO);
    let append = |buffer: &mut CommandBuffer| {
        buffer.command(first, |out| {
            if C::INFO.connection == ConnectionPolicy::Forbidden {
                out.reject("its row says `connection: Forbidden`: it would change a connection that others share");
            }
            encode(out);
        });
    };
    match C::INFO.runs {
        Runs::Command => append(buffer),
        Runs::Script => buffer.script_command(C::INFO.name.split(' ').count(), first, append, slot_of),
    }
}

/// Returns the slot that all keys have.
fn slot_of(keys: Vec<&[u8]>) -> Option<u16> {
    match keys.into_iter().collect() {
        SlotState::One(slot) => Some(slot),
        SlotState::None | SlotState::Crossed => None,
    }
}

/// The description of a batch whose types are erased: its size, and the facts of each command.
#[derive(Debug)]
pub(super) struct BatchInfo {
    pub(super) commands: u32,
    pub(super) framing: Framing,
    /// The commands have so many bytes that a server may refuse to queue them.
    large: bool,
    /// The commands are sent on a connection on which keys are watched.
    pub(super) watched: bool,
    info: InfoAt,
    /// Few batches have any, and the description is moved with the futures of every batch.
    details: Rare<BatchDetails>,
}

/// The rare parts of a batch's description.
#[derive(Debug, Default)]
struct BatchDetails {
    repeats: Vec<usize>,
    script_slots: Box<[ScriptSlot]>,
    /// The commands whose replies are missing, in their order.
    missing: Box<[MissingReply]>,
}

/// The lowest `client-query-buffer-limit` that a server can be set to.
const LOWEST_QUEUE_LIMIT: usize = 1024 * 1024;

impl BatchInfo {
    #[inline(always)]
    pub(super) fn new(buffer: &CommandBuffer, repeats: Vec<usize>, framing: Framing, info: InfoAt) -> Self {
        let large = buffer.bytes().len() >= LOWEST_QUEUE_LIMIT;
        let script_slots = buffer.script_slots();
        let has_details = !repeats.is_empty() || !script_slots.is_empty();
        let details = if has_details {
            Rare::new(BatchDetails { repeats, script_slots: script_slots.into(), ..BatchDetails::default() })
        } else {
            Rare::NONE
        };
        BatchInfo { commands: buffer.commands(), framing, large, watched: false, info, details }
    }

    /// The number of commands in each [`Each`](super::Each) and [`When`](super::When), in their order.
    #[inline]
    pub(super) fn repeats(&self) -> &[usize] {
        self.details.as_ref().map_or(&[], |details| &details.repeats)
    }

    /// The slots of the keys of scripts.
    #[inline]
    pub(super) fn script_slots(&self) -> &[ScriptSlot] {
        self.details.as_ref().map_or(&[], |details| &details.script_slots)
    }

    /// Notes the commands whose replies are missing, because their nodes failed.
    #[cold]
    pub(super) fn set_missing(&mut self, missing: Box<[MissingReply]>) {
        self.details.get_or_insert_default().missing = missing;
    }

    fn missing(&self) -> &[MissingReply] {
        self.details.as_ref().map_or(&[], |details| &details.missing)
    }

    /// Returns the error of the command at `index`, if its reply is missing.
    #[cold]
    pub(super) fn missing_reply(&self, index: usize) -> Option<Error> {
        let found = self.missing().binary_search_by_key(&index, |missing| missing.command).ok()?;
        let missing = self.missing().get(found)?;
        Some(missing.error.clone().into_error(|index| self.position(index)))
    }

    /// Takes the description out, for the replies.
    #[inline]
    pub(super) fn take(&mut self) -> Self {
        BatchInfo { details: mem::take(&mut self.details), ..*self }
    }

    /// Makes the request of the batch.
    #[inline]
    pub(super) fn request(
        &self,
        buffer: CommandBuffer,
        facts: RoutingFacts,
        reads_replicas: impl FnOnce() -> bool,
    ) -> Request {
        Request::batch(buffer, self.framing, facts, reads_replicas, |index| self.info(index))
    }

    /// Returns the error of a failed request, at the first command that lacks its reply.
    #[cold]
    pub(super) fn error(&self, failure: RequestError) -> Error {
        let before = usize::from(self.framing == Framing::Transaction);
        let failure = match failure {
            RequestError::Lost { answered, source } if self.large && answered <= self.commands as usize => {
                RequestError::Lost { answered, source: self.with_queue_limit(source) }
            }
            failure => failure,
        };
        failure.into_error(|answered| match answered.checked_sub(before) {
            Some(index) => self.position(index),
            None => MULTI,
        })
    }

    /// Adds a likely reason to why the connection was lost while the server queued the commands of a large transaction:
    /// servers close it without a word when the commands exceed their limit.
    #[cold]
    fn with_queue_limit(&self, source: Arc<io::Error>) -> Arc<io::Error> {
        if self.framing == Framing::Plain {
            return source;
        }
        let likely = "the transaction may be larger than the server's client-query-buffer-limit";
        Arc::new(io::Error::new(source.kind(), format!("{source}, and {likely}")))
    }

    pub(super) fn position(&self, index: usize) -> CommandPosition {
        match self.info(index) {
            Some(info) if index < self.commands as usize => CommandPosition { number: index + 1, name: info.name },
            _ => EXEC,
        }
    }

    /// Returns the error of the command at `index`, before which all have a reply, as that of the whole batch: where other commands
    /// ran, it proves nothing.
    #[cold]
    pub(super) fn of_all_commands(&self, error: Error, index: usize, replies: &Bytes) -> Error {
        let is_missing = self.missing().first().is_some_and(|missing| missing.command <= index);
        if let Some(failure) = RequestError::of_missing(self.missing(), true).filter(|_| is_missing) {
            return failure.into_error(|index| self.position(index));
        }
        match error {
            Error::Server { at, error }
                if self.commands > 1 && error.proves_not_run() && !self.all_refused(replies) =>
            {
                Error::Server { at, error: error.without_proof() }
            }
            error => error,
        }
    }

    /// Returns whether each of the replies proves that its command did not run.
    fn all_refused(&self, replies: &Bytes) -> bool {
        let mut reader = Reader::new(replies);
        (0..self.commands as usize).all(|index| match reader.read_reply(Reader::ignore) {
            Err(DecodeError::Server(error)) => self.judge(error, index).proves_not_run(),
            _ => false,
        })
    }

    /// Judges the error that answers the command at `index`.
    pub(super) fn judge(&self, error: ServerError, index: usize) -> ServerError {
        match self.info(index) {
            Some(info) => judge(error, info, ScriptSlot::find(self.script_slots(), index)),
            None => error,
        }
    }

    /// Describes the batch to its span.
    pub(super) fn operation(&self) -> trace::Operation<'_> {
        trace::Operation::Batch { framing: self.framing, commands: self.commands as usize, names: self }
    }

    pub(super) fn info(&self, index: usize) -> Option<&'static CommandInfo> {
        (self.info)(index, self.repeats())
    }

    /// The error of a command that must not be sent.
    #[cold]
    pub(super) fn rejected(&self, RejectedArgument { command, reason }: RejectedArgument) -> Error {
        Error::Argument { at: self.position(command as usize), reason }
    }
}

impl trace::CommandNames for BatchInfo {
    fn name(&self, index: usize) -> &'static str {
        self.position(index).name
    }
}
