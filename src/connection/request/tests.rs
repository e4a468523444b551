use super::*;
use crate::{
    argument::Arguments,
    command::{
        Access, ConnectionPolicy, KeyEffect, KeySpec, MultiPolicy, OnWrongType, Runs, Touches,
        encode::{AsKey, AsKeyPairs, FlatPairs, MaybeEmpty, NumKeys},
    },
    key::{Key, Str, hash_slot},
    resp::{KeyTracking, Name, Writer, encoded_len},
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
        "Status",
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
    let mut buffer = CommandBuffer::new(KeyTracking::Together);
    write(&mut buffer, keyed, arguments);
    Request::command(buffer, info("XX", Access::ReadWrite, keyed), || false).slot()
}

fn facts_of(infos: &[&'static CommandInfo]) -> RoutingFacts {
    infos.iter().rev().fold(RoutingFacts::NONE, |behind, info| RoutingFacts::of(info).with(behind))
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
    let infos =
        [info("XX", Access::ReadOnly, true), info("XX", Access::ReadWrite, true), info("XX", Access::ReadOnly, false)];
    let mut prepared = CommandBuffer::new(KeyTracking::Together);
    write(&mut prepared, true, &[&Any(AsKey("{tag}a"))]);
    write(&mut prepared, true, &[&Any(AsKey(&["{tag}b", "{tag}c"]))]);
    write(&mut prepared, false, &[&Any("argument")]);
    let mut buffer = CommandBuffer::new(KeyTracking::Together);
    buffer.control(control::MULTI);
    buffer.append(&prepared);
    let request =
        Request::batch(buffer, Framing::Transaction, facts_of(&infos), || false, |index| infos.get(index).copied());
    assert!(request.parts().is_empty(), "nothing needs them");
    let request = request.with_parts(|index| infos.get(index).copied());
    let parts = request.parts();
    assert_eq!((request.replies(), request.slot(), request.check()), (5, one("tag"), Ok(())));
    assert_eq!(request.routing.route, Route::Keys);
    let routing: Vec<_> = parts.iter().map(|part| (part.slot, part.info.access)).collect();
    let tag = one("tag");
    assert_eq!(routing, [(tag, Access::ReadOnly), (tag, Access::ReadWrite), (SlotState::None, Access::ReadOnly)]);
    assert_eq!(parts[2].info.route, Route::AnyNode);
    let ends = parts.iter().map(|part| part.end as usize);
    let starts = ends.clone().map(|end| &request.bytes()[end..end + 4]).collect::<Vec<_>>();
    assert_eq!(starts, [b"*3\r\n", b"*2\r\n", b"*1\r\n"]);
    assert_eq!(&request.bytes()[parts[2].end as usize..], control::EXEC.bytes);
}

#[test]
fn slots_that_are_noted_while_commands_are_encoded_are_those_of_their_keys() {
    let infos = [true, true, false, true, false].map(|keyed| info("XX", Access::ReadOnly, keyed));
    let parts = |tracking| {
        let mut prepared = CommandBuffer::new(tracking);
        write(&mut prepared, true, &[&Any(AsKey("a")), &Any("value")]);
        write(&mut prepared, true, &[&Any(NumKeys(&AsKey(&["b", "c"]))), &Any(AsKey("d"))]);
        write(&mut prepared, false, &[&Any("argument")]);
        let mut buffer = CommandBuffer::new(tracking);
        buffer.append(&prepared);
        write(&mut buffer, true, &[&Any(AsKey(&["{tag}a", "{tag}b"]))]);
        write(&mut buffer, false, &[&Any("argument"), &Any(AsKey("e"))]);
        let info = |index: usize| infos.get(index).copied();
        let request = Request::batch(buffer, Framing::Plain, facts_of(&infos), || false, info);
        assert_eq!(request.slot(), SlotState::Crossed);
        request.parts().iter().map(|part| (part.end, part.slot)).collect::<Vec<_>>()
    };
    let noted = parts(KeyTracking::Each);
    assert_eq!(noted, parts(KeyTracking::Together), "those are derived from the bytes");
    let slots: Vec<_> = noted.into_iter().map(|(_, slot)| slot).collect();
    assert_eq!(slots, [one("a"), SlotState::Crossed, SlotState::None, one("tag"), one("e")]);
}

#[test]
fn keys_behind_a_name_of_several_words_are_found() {
    const NAME: Name<{ encoded_len("OBJECT ENCODING") }> = Name::new("OBJECT ENCODING");
    let mut buffer = CommandBuffer::new(KeyTracking::Together);
    buffer.command(FirstArgument::Key, |out| {
        out.command(&NAME, 1);
        AsKey("a").write_all(out);
    });
    let request = Request::command(buffer, info("OBJECT ENCODING", Access::ReadOnly, true), || false);
    assert_eq!(request.slot(), one("a"));
}

#[test]
fn a_command_that_panicked_leaves_no_key_behind() {
    let mut buffer = CommandBuffer::new(KeyTracking::Together);
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
    let request = Request::command(buffer, info("XX", Access::ReadOnly, false), || false);
    assert_eq!(request.slot(), SlotState::None);
}

#[test]
fn without_a_router_by_slot_nothing_is_recorded() {
    let mut buffer = CommandBuffer::default();
    write(&mut buffer, true, &[&Any(AsKey(&["a", "b"]))]);
    let request = Request::command(buffer, info("XX", Access::ReadOnly, true), || false);
    assert_eq!((request.slot(), request.parts.is_none()), (SlotState::None, true));
}

#[test]
fn the_command_that_makes_a_request_too_large_is_told() {
    let mut buffer = CommandBuffer::default();
    buffer.control(control::MULTI);
    for _ in 0..3 {
        write(&mut buffer, false, &[&Any("abc")]);
    }
    let length = buffer.bytes().len();
    let request = Request::batch(buffer, Framing::Transaction, RoutingFacts::NONE, || false, |_| None);
    let whole = length + control::EXEC.bytes.len();
    assert_eq!(request.check_size(whole), Ok(()));
    let rejected = |most| request.check_size(most).unwrap_err();
    assert!(rejected(whole - 1).reason.contains("4294967295 bytes"), "{:?}", rejected(whole - 1));
    assert_eq!([whole - 1, length, length - 1, length - 22, 1].map(|most| rejected(most).command), [2, 2, 2, 1, 0]);
}
