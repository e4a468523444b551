//! Every counted command goes out as exactly one whole command, whatever an argument, a row or a caller of the hidden
//! encoder does. Anything else is an error before the first byte, so no other caller of the shared connection can get the reply
//! to another request.

use crate::support::client;
use std::{
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::sync::Barrier;
use typedis::{
    __private::{Name, encoded_len, entry},
    Client, Error,
    argument::{Argument, Arguments, Writer},
    command::{AllowedIn, AllowedOnShared, AnySlot, Command, CommandInfo, CommandSink, Deferred, OnlyReads},
    commands::types::Get,
    hlist_pat,
    key::need::AnyKind,
    pipeline,
    prelude::*,
    reply::{Bulk, DecodeError, FromReply, Nullable, Reader},
    version::Redis5_0,
};

const GET: Name<{ encoded_len("GET") }> = Name::new("GET");
const FLUSHALL: Name<{ encoded_len("FLUSHALL") }> = Name::new("FLUSHALL");

/// A command that is not declared by a row, so that it can be submitted with any encoder.
struct Own;

impl Command for Own {
    type Reply = Option<String>;
    type Access = OnlyReads;
    type SlotInList = AnySlot;
    type Since = Redis5_0;
    const INFO: CommandInfo = Get::<String>::INFO;
    fn read(reader: &mut Reader<'_>) -> Result<Option<String>, DecodeError> {
        FromReply::<Nullable<Bulk>>::read(reader)
    }
}

/// One way to encode anything but one whole command, and a word of the reason.
type Wrong = (fn(&mut Writer<'_>), &'static str);

const WRONG: &[Wrong] = &[
    (|_| {}, "no command"),
    (|out| out.bulk(b"FLUSHALL"), "no command"),
    (|out| out.bulk(b"\r\nFLUSHALL\r\n"), "no command"),
    (|out| out.command(&GET, 1), "announced"),
    (|out| out.command(&GET, usize::MAX), "announced"),
    (
        |out| {
            out.command(&GET, 1);
            out.bulk(b"a");
            out.bulk(b"b");
        },
        "announced",
    ),
    (
        |out| {
            out.command(&FLUSHALL, 0);
            out.command(&FLUSHALL, 0);
        },
        "more than one command",
    ),
    (
        |out| {
            out.command(&FLUSHALL, 0);
            out.bulk(b"FLUSHALL");
            out.command(&FLUSHALL, 0);
        },
        "more than one command",
    ),
    (
        |out| {
            out.bulk(b"a");
            out.command(&GET, 0);
        },
        "before its name",
    ),
];

/// Runs `work` while other callers use the shared connection, and asserts that each of them gets its own replies.
async fn among_others<F: Future>(work: impl FnOnce(Client) -> F) {
    let (_server, client) = client().await;
    let (over, started) = (Arc::new(AtomicBool::new(false)), Arc::new(Barrier::new(9)));
    let other = |number| tokio::spawn(other(client.clone(), number, over.clone(), started.clone()));
    let others: Vec<_> = (0..8).map(other).collect();
    started.wait().await;
    work(client.clone()).await;
    over.store(true, Ordering::Relaxed);
    for other in others {
        other.await.expect("it gets its own replies");
    }
}

async fn other(client: Client, number: u32, over: Arc<AtomicBool>, started: Arc<Barrier>) {
    let (key, mut rounds) = (format!("other:{number}"), 0);
    started.wait().await;
    // The last round begins when the work is over, so it meets whatever the work has left behind.
    let mut last = false;
    while !last {
        last = over.load(Ordering::Relaxed);
        let value = format!("{number}:{rounds}");
        client.set(&key, &value).await.unwrap();
        assert_eq!(client.get::<String>(&key).await.unwrap().as_ref(), Some(&value));
        let (length, read) = pipeline! { &client => strlen(&key); get::<String>(&key) }.unwrap();
        assert_eq!((length, read.as_ref()), (value.len() as u64, Some(&value)));
        rounds += 1;
    }
}

#[track_caller]
fn is_refused<T>(result: Result<T, Error>, word: &str) {
    let Err(error) = result else { panic!("{word:?} is accepted") };
    assert!(matches!(&error, Error::Argument { at, reason } if at.name == "GET" && reason.contains(word)), "{error:?}");
    assert!(!error.may_have_run());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_sink_refuses_what_is_not_one_whole_command() {
    among_others(async |client| {
        client.set("kept", 1).await.unwrap();
        for &(encode, word) in WRONG {
            is_refused((&client).submit::<Own>(encode).await, word);
            is_refused(client.pipeline().submit::<Own>(encode).execute().await, word);
            is_refused(client.pipeline().without_transaction().submit::<Own>(encode).execute().await, word);
            is_refused(client.pipeline().incr("not run").submit::<Own>(encode).execute_each().await, word);
            let each = client.pipeline().each(0..3, |place, _| place.submit::<Own>(encode));
            is_refused(each.execute().await, word);
            is_refused(client.pipeline().when(true, |place| place.submit::<Own>(encode)).execute().await, word);
            let mut watching = client.pipeline().watch("kept").await.unwrap();
            is_refused(watching.submit::<Own>(encode).await, word);
            assert_eq!(watching.get::<i64>("kept").await.unwrap(), Some(1));
            is_refused(watching.multi().submit::<Own>(encode).execute().await, word);
        }
        assert_eq!(client.exists(["kept", "not run"]).await.unwrap(), 1);
    })
    .await;
}

/// An argument that writes as its function does, and announces so many parts.
struct Liar(usize, fn(&mut Writer<'_>));

impl Arguments for Liar {
    type Item = Liar;
    fn count(&self) -> usize {
        self.0
    }
    fn write_all(&self, out: &mut Writer<'_>) {
        self.1(out);
    }
}

impl Argument for Liar {
    fn write(&self, out: &mut Writer<'_>) {
        self.1(out);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_argument_that_lies_about_its_parts_is_refused() {
    let liars = [
        Liar(1, |_| {}),
        Liar(0, |out| out.bulk(b"a")),
        Liar(1, |out| (0..2).for_each(|_| out.bulk(b"a"))),
        Liar(usize::MAX, |out| out.bulk(b"a")),
        Liar(usize::MAX - 1, |out| out.bulk(b"a")),
        Liar(1, |out| out.command(&FLUSHALL, 0)),
        Liar(1, |out| {
            out.command(&FLUSHALL, 1);
            out.bulk(b"a");
        }),
    ];
    among_others(async |client| {
        client.set("kept", 1).await.unwrap();
        for liar in &liars {
            let refused = |error: Error| {
                assert!(matches!(error, Error::Argument { at, .. } if at.name == "SADD"), "{error:?}");
            };
            refused(client.sadd("set", liar).await.unwrap_err());
            refused(client.pipeline().incr("not run").sadd("set", liar).execute().await.unwrap_err());
            refused(pipeline! { client => sadd("set", liar); incr("not run") }.unwrap_err());
            let prepared = pipeline! { incr("not run"); sadd("set", liar) };
            for _ in 0..2 {
                refused(prepared.execute(&client).await.unwrap_err());
            }
        }
        assert_eq!(client.exists(["kept", "set", "not run"]).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_while_encoding_leaves_a_queue_of_whole_commands() {
    let panics = Liar(2, |out| {
        out.bulk(b"a");
        resume_unwind(Box::new(()));
    });
    among_others(async |client| {
        let caught = |work: &mut dyn FnMut()| assert!(catch_unwind(AssertUnwindSafe(work)).is_err());
        caught(&mut || drop(client.sadd("set", &panics)));
        caught(&mut || drop(client.pipeline().incr("not run").sadd("set", &panics)));
        caught(&mut || drop(client.pipeline().each(0..2, |place, _| place.sadd("set", &panics))));
        let mut queue = client.pipeline().incr("hits");
        caught(&mut || {
            let _ = entry(&mut queue).sadd("set", &panics);
        });
        caught(&mut || {
            let _ = entry(&mut queue).when(true, |place| place.sadd("set", &panics));
        });
        let hlist_pat![hits, again] = queue.incr("hits").execute().await.unwrap();
        assert_eq!((hits, again), (1, 2));
        assert_eq!(client.exists(["set", "not run"]).await.unwrap(), 0);
    })
    .await;
}

/// Reads so many elements, of a reply that has one.
struct Reads<const N: usize>;

impl<const N: usize> Command for Reads<N> {
    type Reply = ();
    type Access = OnlyReads;
    type SlotInList = AnySlot;
    type Since = Redis5_0;
    const INFO: CommandInfo = Get::<String>::INFO;
    fn read(reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        (0..N).try_for_each(|_| reader.ignore())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_reads_more_or_less_than_its_reply_shifts_none() {
    fn get(out: &mut Writer<'_>) {
        out.command(&GET, 1);
        out.bulk(b"a");
    }
    among_others(async |client| {
        client.mset([("a", "1"), ("b", "2")]).await.unwrap();
        assert!(matches!((&client).submit::<Reads<0>>(get).await, Err(Error::Reply { .. })));
        assert!(matches!((&client).submit::<Reads<2>>(get).await, Err(Error::Reply { .. })));
        let queue = client.pipeline().submit::<Reads<0>>(get).get::<i64>("b").submit::<Reads<2>>(get).get::<i64>("b");
        let hlist_pat![less, first, more, second] = queue.execute_each().await.unwrap();
        assert!(less.is_err() && more.is_err());
        assert_eq!((first.unwrap(), second.unwrap()), (Some(2), Some(2)));
    })
    .await;
}

typedis::commands! {
    /// Rows whose policies keep them out of places.
    trait PolicyCommands in policies;

    fn own_subscribe(channel: &str) -> Any as ()
        = "SUBSCRIBE" as OwnSubscribe {
            since: redis "2.0.0", arity: -2, access: ReadWrite, effect: Preserves, multi: Refused, connection: Forbidden
        };

    fn own_blpop(key @ AnyKind, seconds: u64) -> Any as ()
        = "BLPOP" as OwnBlpop {
            since: redis "2.0.0", arity: -3, access: ReadWrite, effect: MayRemove, multi: Degraded,
            connection: Dedicated
        };
}

// The bounds of a command's method can be met by impls of the user's own.
impl<Mode> AllowedOnShared<Mode> for policies::OwnSubscribe {}
impl<N> AllowedIn<Deferred<N>> for policies::OwnBlpop {}

#[tokio::test]
async fn a_row_whose_policy_was_lifted_by_an_impl_is_refused_all_the_same() {
    let (_server, client) = client().await;
    let refused = |error: Error, word: &str| {
        assert!(matches!(error, Error::Argument { reason, .. } if reason.contains(word)), "{error:?}");
    };
    refused(client.own_subscribe("news").await.unwrap_err(), "Forbidden");
    refused(client.pipeline().own_subscribe("news").execute().await.unwrap_err(), "Forbidden");
    refused(
        client.pipeline().without_transaction().own_blpop("jobs", 0).execute().await.unwrap_err(),
        "cannot be queued",
    );
    let mut tx = client.pipeline().watch("a").await.unwrap();
    refused(tx.own_subscribe("news").await.unwrap_err(), "Forbidden");
    assert_eq!(client.echo::<String>("mine").await.unwrap(), "mine");
}
