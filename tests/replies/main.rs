//! Property tests of the decoder: any bytes decode to the values that they encode, or to an error.
//!
//! `judge` holds the properties. The fuzzer (`docs/reliability.md`) searches for bytes that break them, and the inputs
//! that it saved are judged here. A failure prints the seed that repeats it.

mod judge;
mod valid;

use bytes::Bytes;
use fastrand::Rng;
use judge::{judge, read, replies};
use std::{env, fs, panic, path::Path, thread};
use typedis::{
    __private::fuzz_api::Message,
    Value,
    reply::{Any, DecodeError},
};

const UNBOUNDED: (usize, usize, usize) = (usize::MAX, usize::MAX, 64);

/// Runs a property with the seeds from 0 to `count`, or with the one that `TYPEDIS_SEED` names.
fn for_seeds(count: u64, property: impl Fn(&mut Rng)) {
    let named = env::var("TYPEDIS_SEED").ok().and_then(|seed| seed.parse().ok());
    let seeds = named.map_or(0..count, |seed: u64| seed..seed + 1);
    for seed in seeds {
        let property = panic::AssertUnwindSafe(|| property(&mut Rng::with_seed(seed)));
        if let Err(panic) = panic::catch_unwind(property) {
            eprintln!("to repeat this: TYPEDIS_SEED={seed}");
            panic::resume_unwind(panic);
        }
    }
}

/// Several replies with push messages between them, and the values that the replies decode to.
fn conversation(random: &mut Rng) -> (Vec<u8>, Vec<Value>) {
    let (mut bytes, mut values) = (Vec::new(), Vec::new());
    for _ in 0..random.usize(1..6) {
        if random.u8(..) < 40 {
            valid::push(random, &mut bytes);
        }
        values.push(valid::reply(random, 4, &mut bytes));
    }
    (bytes, values)
}

fn values(found: &[Message]) -> Vec<Value> {
    let replies = found.iter().filter_map(|whole| match whole {
        Message::Reply(reply) => Some(reply),
        Message::Push(_) => None,
    });
    replies.map(|reply| read::<Any, Value>(reply).expect("a valid reply")).collect()
}

#[test]
fn any_cut_of_any_valid_reply_gives_the_same_values() {
    for_seeds(1_000, |random| {
        let (bytes, wanted) = conversation(random);
        let sizes = [1, 2, 3, random.usize(4..64), random.usize(64..4096), bytes.len()];
        for piece in sizes {
            let (found, refused) = replies(&bytes, piece, UNBOUNDED);
            assert!(!refused, "in pieces of {piece}");
            assert_eq!(values(&found), wanted, "in pieces of {piece}");
        }
    });
}

#[test]
fn any_bytes_give_a_value_or_an_error() {
    for_seeds(20_000, |random| {
        let (mut bytes, _) = conversation(random);
        bytes.truncate(2_000);
        for _ in 0..random.usize(..5) {
            mutate(random, &mut bytes);
        }
        let head = [random.u8(..), random.u8(..)];
        judge(&[&head[..], &bytes].concat());
    });
}

fn mutate(random: &mut Rng, bytes: &mut Vec<u8>) {
    if bytes.is_empty() {
        return;
    }
    let at = random.usize(..bytes.len());
    let byte = *random.choice(b"\r\n$*:+-_,#(!=%~>|0123456789t\0").expect("some bytes");
    match random.u8(..4) {
        0 => bytes[at] = byte,
        1 => bytes.insert(at, byte),
        2 => drop(bytes.remove(at)),
        _ => bytes.truncate(at),
    }
}

#[test]
fn what_the_fuzzer_saved_holds() {
    let saved = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/replies/saved");
    let mut files: Vec<_> = fs::read_dir(saved).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() > 50, "only {} inputs", files.len());
    for file in files {
        let input = fs::read(&file).unwrap();
        panic::catch_unwind(|| judge(&input)).unwrap_or_else(|_| panic!("{} does not hold", file.display()));
    }
}

/// Half of the default stack of a thread, because decoding is recursive and callers have used some.
const STACK: usize = 1024 * 1024;
/// The largest depth that `Config::max_reply_depth` allows.
const DEEPEST: (usize, usize, usize) = (usize::MAX, usize::MAX, 128);

#[test]
fn the_deepest_reply_needs_little_stack() {
    for (open, depth) in
        [("*1\r\n", 128), ("%1\r\n+k\r\n", 128), ("|1\r\n+k\r\n", 128), ("*1\r\n|1\r\n+k\r\n+v\r\n", 64)]
    {
        let read_deep = move || {
            let bytes = [open.repeat(depth).as_bytes(), "+v\r\n".repeat(depth + 1).as_bytes()].concat();
            let (found, refused) = replies(&bytes, 7, DEEPEST);
            assert!(!refused && !found.is_empty(), "{open:?}");
            let Message::Reply(reply) = &found[0] else { panic!("{found:?}") };
            let _ = read::<Any, Value>(reply);
            assert!(replies(&open.repeat(depth + 1).into_bytes(), 7, DEEPEST).1, "{open:?}");
        };
        thread::Builder::new().stack_size(STACK).spawn(read_deep).unwrap().join().unwrap();
    }
}

#[test]
fn an_error_within_a_reply_is_found_and_the_reply_is_used_up() {
    let reply = Bytes::from_static(b"*2\r\n:1\r\n-ERR within\r\n");
    assert!(matches!(read::<Any, Value>(&reply), Err(DecodeError::Server(error)) if error.message() == "ERR within"));
}
