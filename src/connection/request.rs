//! The request, the one value that is sent, with all that a router and a connection need to know of it; and its raw replies.

#[cfg(test)]
mod tests;

use crate::{
    command::{CommandInfo, Route},
    connection::{
        routing::{self, CommandPart, CommandParts, RoutingFacts, RoutingInfo},
        state::Epoch,
    },
    error::{CommandPosition, Error},
    key::SlotState,
    rare::Rare,
    resp::{
        CommandBuffer, EncodedCommand, FirstArgument, Framing, Name, RejectedArgument, ScriptSlot, ScriptSource,
        SourceKind,
        control::{self, ControlCommand},
        encoded_len,
    },
};
use bytes::Bytes;
use std::{borrow::Cow, sync::Arc, time::Duration};

/// Encoded commands, which are sent in one write.
#[derive(Clone, Debug)]
pub struct Request {
    encoded: CommandBuffer,
    framing: Framing,
    routing: RoutingInfo,
    /// The commands one by one, where a router tracks keys and may need them: see [`Request::parts`].
    parts: Rare<CommandParts>,
    /// Commands that write may be split by their keys, though not all of their parts may run then.
    splits_writes: bool,
}

/// The position of MULTI in an error.
pub(crate) const MULTI: CommandPosition = CommandPosition::unnumbered(control::MULTI.name);

/// The position of EXEC in an error.
pub(crate) const EXEC: CommandPosition = CommandPosition::unnumbered(control::EXEC.name);

/// The raw replies to one request, in which a router can look for redirects.
#[derive(Debug)]
pub(crate) struct RawReplies {
    /// All of them, as one piece.
    pub(crate) bytes: Bytes,
    /// The number of the shared connection that they came on, for
    /// [`give_up`](super::multiplexed::SharedConnection::give_up); a dedicated connection has none.
    pub(crate) epoch: Option<Epoch>,
    /// One of them is an error, or holds one at any depth. A router looks for redirects only then.
    pub(crate) errors: bool,
}

/// The most bytes of a request, so that positions in it are small numbers.
const MOST_BYTES: usize = u32::MAX as usize;

const TOO_LARGE: &str = "with it the request has more than the 4294967295 bytes that one may have: send less at a time";

impl Request {
    /// Makes a request of the commands of a batch, of which `info` returns the facts by index. It must be
    /// [checked](Request::check) before it is sent.
    #[inline(always)]
    pub(crate) fn batch(
        mut encoded: CommandBuffer,
        framing: Framing,
        facts: RoutingFacts,
        reads_replicas: impl FnOnce() -> bool,
        info: impl Fn(usize) -> Option<&'static CommandInfo>,
    ) -> Request {
        if framing == Framing::Transaction {
            encoded.control(control::EXEC);
        }
        let routing = RoutingInfo::new(encoded.slot(), facts);
        let has_marks_alone = encoded.has_marks_alone();
        let needs_parts = encoded.tracks_keys()
            && (needs_parts(routing, facts)
                || has_marks_alone
                || (framing == Framing::Plain && encoded.commands() > 1)
                || reads_replicas());
        let mut request = Request::new(encoded, framing, routing);
        if needs_parts {
            request.derive_parts(info);
            if has_marks_alone {
                request.routing.slot = request.parts().iter().fold(SlotState::None, |slot, part| slot.with(part.slot));
            }
        }
        request
    }

    /// Makes a request of one command. It must be [checked](Request::check) before it is sent.
    #[inline]
    pub(crate) fn command(
        encoded: CommandBuffer,
        info: &'static CommandInfo,
        reads_replicas: impl FnOnce() -> bool,
    ) -> Request {
        let facts = RoutingFacts::of(info);
        let routing = RoutingInfo::new(encoded.slot(), facts);
        let needs_parts = encoded.tracks_keys() && (needs_parts(routing, facts) || reads_replicas());
        let mut request = Request::new(encoded, Framing::Plain, routing);
        if needs_parts {
            request.derive_parts(|_| Some(info));
        }
        request
    }

    /// Makes a request of a WATCH. It must be [checked](Request::check) before it is sent.
    pub(crate) fn watch(encoded: CommandBuffer) -> Request {
        let routing = RoutingInfo { slot: encoded.slot(), ..RoutingInfo::UNKNOWN };
        Request::new(encoded, Framing::Plain, routing)
    }

    /// Makes a request that any node can serve.
    pub(crate) fn plain(encoded: CommandBuffer) -> Request {
        Request::new(encoded, Framing::Plain, RoutingInfo { route: Route::AnyNode, ..RoutingInfo::UNKNOWN })
    }

    /// Makes a request of a control command.
    pub(crate) fn control(command: ControlCommand) -> Request {
        let mut buffer = CommandBuffer::default();
        buffer.control_command(command);
        Request::plain(buffer)
    }

    /// Encodes SCRIPT LOAD of each of the scripts, and FUNCTION LOAD of each of the libraries.
    pub(crate) fn load<'a>(scripts: impl IntoIterator<Item = &'a Arc<ScriptSource>>) -> CommandBuffer {
        const SCRIPT: Name<{ encoded_len("SCRIPT LOAD") }> = Name::new("SCRIPT LOAD");
        const LIBRARY: Name<{ encoded_len("FUNCTION LOAD") }> = Name::new("FUNCTION LOAD");
        let mut buffer = CommandBuffer::default();
        for script in scripts {
            buffer.command(FirstArgument::Other, |out| {
                match script.kind {
                    SourceKind::Script => out.command(&SCRIPT, 1),
                    SourceKind::Library => out.command(&LIBRARY, 1),
                }
                out.bulk(script.text.as_bytes());
            });
        }
        buffer
    }

    /// Makes a request of any bytes, to which so many replies are expected.
    #[cfg(test)]
    pub(crate) fn raw(bytes: &[u8], replies: usize) -> Request {
        Request::plain(CommandBuffer::raw(bytes, replies as u32))
    }

    #[inline]
    fn new(encoded: CommandBuffer, framing: Framing, routing: RoutingInfo) -> Request {
        Request { encoded, framing, routing, parts: Rare::NONE, splits_writes: false }
    }

    /// Returns the same request with `first` before it, which is answered first.
    pub(crate) fn behind(self, mut first: CommandBuffer) -> Request {
        first.append(&self.encoded);
        Request { encoded: first, parts: Rare::NONE, ..self }
    }

    /// Returns the arguments of the first command, whose name is one word.
    pub(crate) fn arguments(&self) -> Vec<&[u8]> {
        self.encoded.walk(self.start()).next().map(|command| command.arguments(1).to_vec()).unwrap_or_default()
    }

    /// Fails for what must not be sent: a rejected argument, or more bytes than a request may have.
    #[inline]
    pub(crate) fn check(&self) -> Result<(), RejectedArgument> {
        self.check_size(MOST_BYTES)?;
        self.encoded.rejected().map_or(Ok(()), Err)
    }

    #[inline]
    fn check_size(&self, most: usize) -> Result<(), RejectedArgument> {
        if self.encoded.bytes().len() > most { Err(self.too_large(most)) } else { Ok(()) }
    }

    /// Returns the first command that ends beyond the limit, or the last one where that is EXEC.
    #[cold]
    fn too_large(&self, most: usize) -> RejectedArgument {
        let whole = self.encoded.walk(self.start()).take_while(|command| command.range.end <= most).count() as u32;
        let command = whole.min(self.encoded.commands().saturating_sub(1));
        self.encoded.rejected().unwrap_or(RejectedArgument { command, reason: TOO_LARGE })
    }

    /// Derives the commands one by one from their keys and facts.
    #[inline(never)]
    fn derive_parts(&mut self, info: impl Fn(usize) -> Option<&'static CommandInfo>) {
        self.parts = Rare::new(CommandParts::new(&self.encoded, self.start(), info));
    }

    /// Returns the request with its [parts](Request::parts), if the router tracks keys.
    pub(crate) fn with_parts(mut self, info: impl Fn(usize) -> Option<&'static CommandInfo>) -> Request {
        if self.encoded.tracks_keys() && self.parts.is_none() {
            self.derive_parts(info);
        }
        self
    }

    /// Makes a request of some commands of another one, to be sent without MULTI.
    pub(crate) fn of_commands(bytes: Vec<u8>, commands: usize) -> Request {
        Request::plain(CommandBuffer::of_commands(bytes, commands as u32))
    }

    /// Gives the memory of a request that was answered to the next one.
    #[inline]
    pub(crate) fn recycle(&mut self) {
        self.encoded.recycle();
    }

    /// Returns the commands one by one, where the router tracks keys and sends them one by one, or has to explain why it does not:
    /// those of several commands without MULTI, of a script, of what is for several nodes, and of what is read from replicas.
    pub(crate) fn parts(&self) -> &[CommandPart] {
        self.parts.as_ref().map_or(&[], |parts| parts)
    }

    /// Lets commands that write be split by their keys.
    pub(crate) fn split_writes(self) -> Request {
        Request { splits_writes: true, ..self }
    }

    /// Returns whether commands that write may be split by their keys.
    pub(crate) fn splits_writes(&self) -> bool {
        self.splits_writes
    }

    /// Returns the bytes of the command at `index`.
    pub(crate) fn command_bytes(&self, index: usize) -> &[u8] {
        let start = match index.checked_sub(1) {
            Some(before) => self.parts().get(before).map_or(0, |part| part.end as usize),
            None => self.start(),
        };
        let end = self.parts().get(index).map_or(start, |part| part.end as usize);
        self.bytes().get(start..end).unwrap_or_default()
    }

    /// Returns the command at `index` with the positions of its keys.
    pub(crate) fn encoded_command(&self, index: usize) -> Option<EncodedCommand<'_>> {
        self.encoded.walk(self.start()).nth(index)
    }

    /// Returns the routing of the commands together.
    #[inline]
    pub(crate) fn routing(&self) -> RoutingInfo {
        self.routing
    }

    /// Returns the error of keys in several slots, where they must be in one: those of the command at `index`, or of all
    /// commands.
    #[cold]
    pub(crate) fn cross_slot(&self, index: Option<usize>) -> Error {
        self.cross_slot_behind(None, index)
    }

    /// Returns the error of keys that are not in the slot of the key `first`.
    #[cold]
    pub(crate) fn cross_slot_with(&self, first: &[u8]) -> Error {
        self.cross_slot_behind(Some(first), None)
    }

    fn cross_slot_behind(&self, first: Option<&[u8]>, index: Option<usize>) -> Error {
        match self.parts() {
            [] => routing::cross_slot_of_watch(&self.arguments(), first),
            parts => routing::cross_slot(&self.encoded, self.start(), parts, index, first.map(<[u8]>::to_vec)),
        }
    }

    /// Returns the position of the first command with such a route, or that of the transaction if there is none.
    #[cold]
    pub(crate) fn position_of(&self, has_route: impl Fn(Route) -> bool) -> CommandPosition {
        let parts = self.parts();
        let found = parts.iter().enumerate().find(|(_, part)| has_route(part.info.route));
        found.map_or(MULTI, |(index, part)| part.position(index, parts.len()))
    }

    /// Returns a transaction that begins with a lookup of `key`, so that the server looks where the key's slot is.
    pub(crate) fn with_lookup(self, key: &[u8]) -> Request {
        const NAME: Name<{ encoded_len("EXISTS") }> = Name::new("EXISTS");
        let mut lookup = CommandBuffer::default();
        lookup.command(FirstArgument::Other, |out| {
            out.command(&NAME, 1);
            out.bulk(key);
        });
        let start = self.start();
        let mut encoded = self.encoded;
        encoded.insert(start, &lookup);
        Request { encoded, parts: Rare::NONE, ..self }
    }

    /// Returns the index of the first command's first byte.
    fn start(&self) -> usize {
        match self.framing {
            Framing::Plain => 0,
            Framing::Transaction => control::MULTI.bytes.len(),
        }
    }

    #[inline]
    pub(crate) fn bytes(&self) -> &[u8] {
        self.encoded.bytes()
    }

    /// Takes the bytes out; the request is not sent again.
    #[inline]
    pub(crate) fn take_bytes(&mut self) -> Vec<u8> {
        self.encoded.take_bytes()
    }

    /// Returns how many replies come, those to MULTI and EXEC included.
    #[inline]
    pub(crate) fn replies(&self) -> usize {
        self.encoded.commands() as usize + self.framing.replies()
    }

    #[inline]
    pub(crate) fn framing(&self) -> Framing {
        self.framing
    }

    /// Returns the slot of all keys together, where the router tracks them.
    #[inline]
    pub(crate) fn slot(&self) -> SlotState {
        self.routing.slot
    }

    /// Returns the scripts that must be loaded before the request is sent.
    #[inline]
    pub(crate) fn scripts(&self) -> &[Arc<ScriptSource>] {
        self.encoded.scripts()
    }

    /// Returns the slot of the keys of the first command, if it runs a script.
    #[inline]
    pub(crate) fn script_slot(&self) -> Option<u16> {
        ScriptSlot::find(self.encoded.script_slots(), 0)
    }

    /// Returns the request of a command that has blocked for some time already, to be sent again for the rest of its time.
    pub(crate) fn after_blocking(&self, elapsed: Duration) -> Cow<'_, Request> {
        let rest = self.block_time().map(|longest| longest.saturating_sub(elapsed));
        match rest.and_then(|rest| self.encoded.blocking_for(rest)) {
            Some(encoded) => Cow::Owned(Request::new(encoded, self.framing, self.routing)),
            None => Cow::Borrowed(self),
        }
    }

    /// Returns how long the request may block on the server, or `None` for ever.
    pub(crate) fn block_time(&self) -> Option<Duration> {
        self.encoded.block_time()
    }
}

/// Returns whether commands that are sent together must be known one by one: those of scripts may word any error themselves, and
/// what cannot be sent together is explained.
#[inline]
fn needs_parts(routing: RoutingInfo, facts: RoutingFacts) -> bool {
    let is_scattered = matches!(routing.route, Route::AllShards(_) | Route::AllNodes(_) | Route::SingleServer);
    facts.runs_script || is_scattered || routing.slot == SlotState::Crossed
}
