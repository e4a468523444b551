//! The request, the one value that is sent, with all that a router and a connection need to know of it; and its raw replies.

use crate::{
    command::{Access, CommandInfo, Route},
    connection::state::Epoch,
    error::CommandPosition,
    key::SlotState,
    resp::{
        CommandBuffer, FirstArgument, Framing, RejectedArgument, ScriptSlot, ScriptSource,
        control::{self, ControlCommand},
    },
};
use bytes::Bytes;
use std::{sync::Arc, time::Duration};

/// Encoded commands, which are sent in one write.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    encoded: CommandBuffer,
    framing: Framing,
    routing: RoutingInfo,
    /// For a router that tracks keys, which may split the request.
    parts: Option<Box<CommandParts>>,
}

/// The position of MULTI in an error.
pub(crate) const MULTI: CommandPosition = CommandPosition::unnumbered(control::MULTI.name);

/// The position of EXEC in an error.
pub(crate) const EXEC: CommandPosition = CommandPosition::unnumbered(control::EXEC.name);

/// The facts by which a router sends a command, or all commands of a request together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RoutingInfo {
    pub(crate) slot: SlotState,
    pub(crate) access: Access,
    pub(crate) route: Route,
}

/// The commands of a request, one by one.
#[derive(Clone, Debug)]
struct CommandParts(#[cfg_attr(not(test), expect(dead_code, reason = "for a cluster's router"))] Vec<CommandPart>);

/// One command of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CommandPart {
    /// The end of the command in the request's bytes. It begins where the one before it ends, the first behind MULTI.
    pub(crate) end: u32,
    pub(crate) routing: RoutingInfo,
}

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
    #[inline]
    pub(crate) fn batch(
        mut encoded: CommandBuffer,
        framing: Framing,
        info: impl Fn(usize) -> Option<&'static CommandInfo>,
    ) -> Request {
        if framing == Framing::Transaction {
            encoded.control(control::EXEC);
        }
        let mut request = Request::new(encoded, framing, RoutingInfo::UNKNOWN);
        if request.encoded.tracks_keys() {
            request.derive_routing(info);
        }
        request
    }

    /// Makes a request of one command. It must be [checked](Request::check) before it is sent.
    #[inline]
    pub(crate) fn command(encoded: CommandBuffer, info: &'static CommandInfo) -> Request {
        let routing = RoutingInfo { slot: SlotState::None, access: info.access, route: info.route };
        let mut request = Request::new(encoded, Framing::Plain, routing);
        if request.encoded.tracks_keys() {
            request.derive_routing(|_| Some(info));
        }
        request
    }

    /// Makes a request of a WATCH. It must be [checked](Request::check) before it is sent.
    pub(crate) fn watch(encoded: CommandBuffer) -> Request {
        let mut request = Request::new(encoded, Framing::Plain, RoutingInfo::UNKNOWN);
        if request.encoded.tracks_keys() {
            request.routing.slot =
                request.encoded.walk(0).flat_map(|command| command.keys(1, FirstArgument::Other)).collect();
        }
        request
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

    /// Makes a request of any bytes, to which so many replies are expected.
    #[cfg(test)]
    pub(crate) fn raw(bytes: &[u8], replies: usize) -> Request {
        Request::plain(CommandBuffer::raw(bytes, replies as u32))
    }

    #[inline]
    fn new(encoded: CommandBuffer, framing: Framing, routing: RoutingInfo) -> Request {
        Request { encoded, framing, routing, parts: None }
    }

    /// Returns the same request with `first` before it, which is answered first.
    pub(crate) fn behind(self, mut first: CommandBuffer) -> Request {
        first.append(&self.encoded);
        Request { encoded: first, parts: None, ..self }
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

    /// Derives the routing of the commands from their keys and facts.
    #[cold]
    fn derive_routing(&mut self, info: impl Fn(usize) -> Option<&'static CommandInfo>) {
        let parts = self.encoded.walk(self.start()).filter_map(|command| {
            let info = info(command.index as usize)?;
            let keys = command.keys(info.name.split(' ').count(), FirstArgument::of(info));
            let routing = RoutingInfo { slot: keys.into_iter().collect(), access: info.access, route: info.route };
            Some(CommandPart { end: command.range.end as u32, routing })
        });
        let parts: Vec<_> = parts.collect();
        let routing = parts.iter().map(|part| part.routing);
        self.routing = routing.reduce(RoutingInfo::with).unwrap_or(RoutingInfo::UNKNOWN);
        self.parts = Some(Box::new(CommandParts(parts)));
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

    #[inline]
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.encoded.into_bytes()
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

    /// Returns how long the request may block on the server, or `None` for ever.
    pub(crate) fn block_time(&self) -> Option<Duration> {
        self.encoded.block_time()
    }
}

impl FirstArgument {
    /// Returns the usual first argument of a command with these facts.
    #[inline]
    pub(crate) const fn of(info: &CommandInfo) -> Self {
        if info.keys.is_empty() { FirstArgument::Other } else { FirstArgument::Key }
    }
}

impl RoutingInfo {
    /// The routing that is safe for any commands, where nothing routes by them.
    const UNKNOWN: RoutingInfo = RoutingInfo { slot: SlotState::None, access: Access::ReadWrite, route: Route::Keys };

    /// Returns the routing of a request that holds commands of both.
    fn with(self, other: RoutingInfo) -> RoutingInfo {
        let access = if self.access == Access::ReadWrite { self.access } else { other.access };
        RoutingInfo { slot: self.slot.with(other.slot), access, route: self.route.with(other.route) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        argument::Arguments,
        command::{
            ConnectionPolicy, KeyEffect, KeySpec, MultiPolicy, OnWrongType, Runs, Touches,
            encode::{AsKey, AsKeyPairs, FlatPairs, MaybeEmpty, NumKeys},
        },
        key::{Key, Str, hash_slot},
        resp::{Name, Writer, encoded_len},
        version::Availability,
    };
    use std::{
        collections::HashMap,
        panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    };

    const NAME: Name<{ encoded_len("XX") }> = Name::new("XX");
    const TAGGED: Key<Str<i64>> = Key::new("{tag}b");

    /// The facts of a command, which has a key by its row or has none.
    fn info(name: &'static str, access: Access, keyed: bool) -> &'static CommandInfo {
        const KEYS: &[KeySpec] = &[KeySpec::new("key", &[], KeyEffect::Preserves, OnWrongType::Fails, 1)];
        let (keys, route) = if keyed { (KEYS, Route::Keys) } else { (&[][..], Route::AnyNode) };
        Box::leak(Box::new(CommandInfo::new(
            name,
            "Commands",
            "xx",
            "()",
            Availability::inherited("1.0.0"),
            -1,
            access,
            KeyEffect::Preserves,
            Touches::NamedKeys,
            Runs::Command,
            keys,
            route,
            MultiPolicy::Allowed,
            ConnectionPolicy::Shared,
            None,
        )))
    }

    /// Encodes a command with these arguments.
    fn write(buffer: &mut CommandBuffer, keyed: bool, arguments: &[&dyn Arguments<Item = ()>]) {
        buffer.command(if keyed { FirstArgument::Key } else { FirstArgument::Other }, |out| {
            out.command(&NAME, arguments.iter().map(|argument| argument.count()).sum());
            arguments.iter().for_each(|argument| argument.write_all(out));
        });
    }

    /// Lets arguments of different items stand in one array.
    struct Any<T>(T);

    impl<T: Arguments> Arguments for Any<T> {
        type Item = ();
        fn count(&self) -> usize {
            self.0.count()
        }
        fn write_all(&self, out: &mut Writer<'_>) {
            self.0.write_all(out);
        }
    }

    fn slot_of(keyed: bool, arguments: &[&dyn Arguments<Item = ()>]) -> SlotState {
        let mut buffer = CommandBuffer::new(true);
        write(&mut buffer, keyed, arguments);
        Request::command(buffer, info("XX", Access::ReadWrite, keyed)).slot()
    }

    fn one(key: &str) -> SlotState {
        SlotState::One(hash_slot(key))
    }

    #[test]
    fn every_form_of_a_key_gives_its_slot() {
        let value = Any("value");
        assert_eq!(slot_of(true, &[&Any(AsKey("a")), &value]), one("a"));
        assert_eq!(slot_of(true, &[&Any(AsKey(&"a".to_owned()))]), one("a"));
        assert_eq!(slot_of(true, &[&Any(AsKey(&Bytes::from_static(b"a")))]), one("a"));
        assert_eq!(slot_of(true, &[&Any(AsKey(&TAGGED)), &value]), one("tag"));
        assert_eq!(slot_of(true, &[&Any(AsKey(&["{tag}a", "{tag}b"])), &value]), one("tag"));
        assert_eq!(slot_of(true, &[&Any(AsKey(&vec!["{tag}a"])), &value]), one("tag"));
        assert_eq!(slot_of(true, &[&Any(AsKey(&("{tag}a", TAGGED)))]), one("tag"));
        assert_eq!(slot_of(true, &[&Any(AsKey(&["a", "b"]))]), SlotState::Crossed);
        assert_eq!(slot_of(true, &[&Any(AsKey(&("a", TAGGED, "c")))]), SlotState::Crossed);
    }

    #[test]
    fn keys_count_wherever_they_stand_and_nothing_else_does() {
        let other = Any("{other}");
        assert_eq!(slot_of(false, &[&other, &other]), SlotState::None);
        // A row with keys that are not marked, as in a script without keys.
        assert_eq!(slot_of(true, &[&other, &Any(NumKeys(&MaybeEmpty(&AsKey(&()))))]), SlotState::None);
        assert_eq!(slot_of(true, &[&other, &Any(AsKey("a")), &other]), one("a"));
        assert_eq!(slot_of(false, &[&Any(AsKey("a")), &other]), one("a"));
        assert_eq!(slot_of(true, &[&Any(NumKeys(&AsKey(&["{tag}a", "{tag}b"]))), &other]), one("tag"));
        assert_eq!(slot_of(true, &[&Any(AsKey("{tag}a")), &other, &Any(AsKey("{tag}b"))]), one("tag"));
        assert_eq!(slot_of(true, &[&Any(AsKey("a")), &other, &Any(AsKey("b"))]), SlotState::Crossed);
        assert_eq!(slot_of(true, &[&Any(AsKey("a")), &Any(NumKeys(&AsKey(&["b"])))]), SlotState::Crossed);
    }

    #[test]
    fn of_pairs_only_the_first_of_each_is_a_key() {
        let map = HashMap::from([("{tag}a", "x"), ("{tag}b", "y")]);
        assert_eq!(slot_of(true, &[&Any(FlatPairs(&AsKeyPairs(&("a", "b"))))]), one("a"));
        assert_eq!(slot_of(true, &[&Any(FlatPairs(&AsKeyPairs(&[("{tag}a", "x"), ("{tag}b", "y")])))]), one("tag"));
        assert_eq!(slot_of(true, &[&Any(FlatPairs(&AsKeyPairs(&map)))]), one("tag"));
        assert_eq!(slot_of(false, &[&Any(FlatPairs(&AsKeyPairs(&[("{tag}a", "x"), ("{tag}b", "y")])))]), one("tag"));
        assert_eq!(slot_of(true, &[&Any(FlatPairs(&AsKeyPairs(&[("a", "x"), ("b", "x")])))]), SlotState::Crossed);
    }

    #[test]
    fn a_transaction_knows_each_command_and_all_of_them_together() {
        let infos = [
            info("XX", Access::ReadOnly, true),
            info("XX", Access::ReadWrite, true),
            info("XX", Access::ReadOnly, false),
        ];
        let mut prepared = CommandBuffer::new(true);
        write(&mut prepared, true, &[&Any(AsKey("{tag}a"))]);
        write(&mut prepared, true, &[&Any(AsKey(&["{tag}b", "{tag}c"]))]);
        write(&mut prepared, false, &[&Any("argument")]);
        let mut buffer = CommandBuffer::new(true);
        buffer.control(control::MULTI);
        buffer.append(&prepared);
        let request = Request::batch(buffer, Framing::Transaction, |index| infos.get(index).copied());
        let parts = &request.parts.as_ref().unwrap().0;
        assert_eq!((request.replies(), request.slot(), request.check()), (5, one("tag"), Ok(())));
        assert_eq!((request.routing.access, request.routing.route), (Access::ReadWrite, Route::Keys));
        let routing: Vec<_> = parts.iter().map(|part| (part.routing.slot, part.routing.access)).collect();
        let tag = one("tag");
        assert_eq!(routing, [(tag, Access::ReadOnly), (tag, Access::ReadWrite), (SlotState::None, Access::ReadOnly)]);
        assert_eq!(parts[2].routing.route, Route::AnyNode);
        let ends = parts.iter().map(|part| part.end as usize);
        let starts = ends.clone().map(|end| &request.bytes()[end..end + 4]).collect::<Vec<_>>();
        assert_eq!(starts, [b"*3\r\n", b"*2\r\n", b"*1\r\n"]);
        assert_eq!(&request.bytes()[parts[2].end as usize..], control::EXEC.bytes);
    }

    #[test]
    fn keys_behind_a_name_of_several_words_are_found() {
        const NAME: Name<{ encoded_len("OBJECT ENCODING") }> = Name::new("OBJECT ENCODING");
        let mut buffer = CommandBuffer::new(true);
        buffer.command(FirstArgument::Key, |out| {
            out.command(&NAME, 1);
            AsKey("a").write_all(out);
        });
        let request = Request::command(buffer, info("OBJECT ENCODING", Access::ReadOnly, true));
        assert_eq!(request.slot(), one("a"));
    }

    #[test]
    fn a_command_that_panicked_leaves_no_key_behind() {
        let mut buffer = CommandBuffer::new(true);
        let panics = AssertUnwindSafe(|| {
            buffer.command(FirstArgument::Other, |out| {
                out.command(&NAME, 2);
                AsKey("a").write_all(out);
                AsKey("b").write_all(out);
                resume_unwind(Box::new(()));
            });
        });
        assert!(catch_unwind(panics).is_err());
        write(&mut buffer, false, &[&Any("c")]);
        let request = Request::command(buffer, info("XX", Access::ReadOnly, false));
        assert_eq!(request.slot(), SlotState::None);
    }

    #[test]
    fn without_a_router_by_slot_nothing_is_recorded() {
        let mut buffer = CommandBuffer::default();
        write(&mut buffer, true, &[&Any(AsKey(&["a", "b"]))]);
        let request = Request::command(buffer, info("XX", Access::ReadOnly, true));
        assert_eq!((request.slot(), request.parts.is_none()), (SlotState::None, true));
        assert_eq!(request.routing.access, Access::ReadOnly);
    }

    #[test]
    fn the_command_that_makes_a_request_too_large_is_told() {
        let mut buffer = CommandBuffer::default();
        buffer.control(control::MULTI);
        for _ in 0..3 {
            write(&mut buffer, false, &[&Any("abc")]);
        }
        let length = buffer.bytes().len();
        let request = Request::batch(buffer, Framing::Transaction, |_| None);
        let whole = length + control::EXEC.bytes.len();
        assert_eq!(request.check_size(whole), Ok(()));
        let rejected = |most| request.check_size(most).unwrap_err();
        assert!(rejected(whole - 1).reason.contains("4294967295 bytes"), "{:?}", rejected(whole - 1));
        assert_eq!([whole - 1, length, length - 1, length - 22, 1].map(|most| rejected(most).command), [2, 2, 2, 1, 0]);
    }
}
