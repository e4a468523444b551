//! The right to MULTI, taken from a user and given again while the client is connected. Nothing of a transaction runs without
//! it, but for the one that finds out.

use crate::support::{connections, seen};
use std::{
    future::poll_fn,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::Poll,
    time::{Duration, Instant},
};
use tokio::{runtime::Builder, task::JoinSet};
use typedis::{Client, Config, Error, Outcome, Prepared, Script, error::CommandPosition, hlist, pipeline, prelude::*};
use typedis_testing::{Fake, Server, drop_after};

/// A server with the user `guest` and a client that has logged in as it.
struct Guest {
    server: Server,
    client: Client,
}

impl Guest {
    /// The user has these rights when the client connects.
    async fn new(rules: &str) -> Guest {
        let server = Server::start().await;
        set_user(&server, &["on", ">secret", "~*", "+@all", rules]).await;
        let url = format!("redis://guest:secret@{}", server.addr());
        let client = Client::connect(&url).await.unwrap();
        Guest { server, client }
    }

    async fn set(&self, rule: &str) {
        set_user(&self.server, &[rule]).await;
    }

    /// The value of the counter, which the transactions of the tests increment.
    async fn counter(&self) -> Option<i64> {
        self.client.get("n").await.unwrap()
    }

    async fn increment(&self) -> Result<(), Error> {
        self.client.pipeline().incr("n").execute().await.map(drop)
    }

    /// Runs transactions until one is not refused, which is soon.
    async fn until_allowed(&self) {
        let began = Instant::now();
        while let Err(error) = self.increment().await {
            assert!(is_refusal(&error), "{error:?}");
            assert!(began.elapsed() < Duration::from_secs(5), "{error:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

async fn set_user(server: &Server, rules: &[&str]) {
    let words = ["ACL", "SETUSER", "guest"].into_iter().chain(rules.iter().copied());
    let reply = server.raw().await.command(words).await;
    assert!(!reply.is_error(), "{reply:?}");
}

/// Returns whether a transaction was refused before it was sent, for the lack of MULTI.
fn is_refusal(error: &Error) -> bool {
    let is_at_multi = |at: &CommandPosition| (at.name, at.number) == ("MULTI", 0);
    matches!(error, Error::Server { at, error } if is_at_multi(at) && error.code() == "NOPERM") && !error.may_have_run()
}

#[tokio::test]
async fn a_right_that_is_given_later_is_used_without_a_new_connection() {
    let guest = Guest::new("-multi").await;
    let id = guest.client.client_id().await.unwrap();
    assert!(is_refusal(&guest.increment().await.unwrap_err()));
    assert_eq!(guest.counter().await, None);
    guest.set("+multi").await;
    guest.until_allowed().await;
    assert_eq!(guest.counter().await, Some(1));
    assert_eq!(guest.client.client_id().await.unwrap(), id);
    assert_eq!(guest.client.metrics().reconnects, 0);
}

#[tokio::test]
async fn a_right_that_is_taken_costs_one_transaction_its_atomicity() {
    let guest = Guest::new("+multi").await;
    guest.increment().await.unwrap();
    guest.set("-multi").await;
    let error = guest.increment().await.unwrap_err();
    assert!(matches!(error, Error::NotAtomic { .. }) && error.may_have_run(), "{error:?}");
    assert_eq!(guest.counter().await, Some(2), "it ran, and not as a transaction");
    for _ in 0..10 {
        assert!(is_refusal(&guest.increment().await.unwrap_err()));
    }
    assert_eq!(guest.counter().await, Some(2), "the next ones were not sent");
    guest.set("+multi").await;
    guest.until_allowed().await;
    assert_eq!(guest.counter().await, Some(3));
}

#[tokio::test]
async fn transactions_of_every_kind_share_what_one_has_found_out() {
    let guest = Guest::new("+multi").await;
    let client = &guest.client;
    let batch: Prepared<(i64,)> = pipeline! { incr("n") };
    let script: Script<i64> = Script::new("return redis.call('INCR', KEYS[1])");
    let watching = client.pipeline().watch("w").await.unwrap();
    let found_out = client.pipeline().watch("w").await.unwrap();
    guest.set("-multi").await;
    let error = found_out.multi().incr("n").execute().await.unwrap_err();
    assert!(matches!(error, Error::NotAtomic { .. }), "{error:?}");
    let monitor = guest.server.monitor().await;
    for error in [
        watching.multi().incr("n").execute().await.unwrap_err(),
        client.pipeline().incr("n").execute().await.unwrap_err(),
        client.pipeline().incr("n").execute_each().await.unwrap_err(),
        batch.execute(client).await.unwrap_err(),
        client.pipeline().script(&script, "n", ()).execute().await.unwrap_err(),
        client.transaction("w", |tx| async move { Ok(tx.multi().incr("n")) }).await.unwrap_err(),
    ] {
        assert!(is_refusal(&error), "{error:?}");
    }
    let seen = seen(monitor, &guest.server).await;
    assert!(!seen.iter().any(|command| command.contains("incr") || command.starts_with("script")), "{seen:?}");
    assert_eq!(guest.counter().await, Some(1));

    guest.set("+multi").await;
    guest.until_allowed().await;
    let tx = client.pipeline().watch("w").await.unwrap();
    assert_eq!(tx.multi().incr("n").execute().await.unwrap(), Outcome::Committed(hlist![3]));
    assert_eq!(batch.execute(client).await.unwrap(), (4,));
    assert_eq!(client.pipeline().script(&script, "n", ()).execute().await.unwrap(), hlist![5]);
}

#[tokio::test]
async fn a_watching_pipeline_asks_too() {
    let guest = Guest::new("-multi").await;
    let watching = guest.client.pipeline().watch("n").await.unwrap();
    guest.set("+multi").await;
    assert_eq!(watching.multi().incr("n").execute().await.unwrap(), Outcome::Committed(hlist![1]));
}

#[tokio::test]
async fn after_a_refusal_the_watch_goes_on_to_the_pool_clean() {
    let guest = Guest::new("-multi").await;
    for _ in 0..3 {
        let watching = guest.client.pipeline().watch("n").await.unwrap();
        assert!(is_refusal(&watching.multi().incr("n").execute().await.unwrap_err()));
    }
    guest.client.blpop::<String>("nothing", 0.01).await.unwrap();
    for connection in connections(&mut guest.server.raw().await).await {
        assert!(["0", ""].contains(&connection.get("watch")), "{connection:?}");
    }
}

/// A peer that refuses MULTI while it is told to, and counts its connections.
struct Moody {
    fake: Fake,
    refuses: Arc<AtomicBool>,
    connections: Arc<AtomicUsize>,
}

impl Moody {
    async fn new(refusal: &'static str) -> Moody {
        let (refuses, connections) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicUsize::new(0)));
        let (mood, counted) = (Arc::clone(&refuses), Arc::clone(&connections));
        let fake = Fake::commands(move |command| match (command[0].as_str(), mood.load(Ordering::Relaxed)) {
            ("HELLO", _) => {
                counted.fetch_add(1, Ordering::Relaxed);
                b"%1\r\n+proto\r\n:3\r\n".to_vec()
            }
            ("MULTI", true) => format!("-{refusal}\r\n").into_bytes(),
            ("EXEC", true) => b"-ERR EXEC without MULTI\r\n".to_vec(),
            ("EXEC", false) => b"*1\r\n:1\r\n".to_vec(),
            ("INCR", false) => b"+QUEUED\r\n".to_vec(),
            ("INCR", true) => panic!("a transaction was sent"),
            _ => b"+OK\r\n".to_vec(),
        })
        .await;
        Moody { fake, refuses, connections }
    }
}

#[tokio::test]
async fn a_refusal_of_the_moment_does_not_outlast_it() {
    for refusal in ["BUSY Redis is busy running a script.", "OOM command not allowed", "NOPERM not now"] {
        let moody = Moody::new(refusal).await;
        let client = Client::connect(&moody.fake.url()).await.unwrap();
        moody.refuses.store(false, Ordering::Relaxed);
        assert_eq!(client.pipeline().incr("n").execute().await.unwrap(), hlist![1], "{refusal}");
        assert_eq!(moody.connections.load(Ordering::Relaxed), 2, "{refusal}: one more, to ask");
    }
}

#[tokio::test]
async fn of_many_transactions_one_asks_and_no_more_than_once_a_second() {
    let moody = Moody::new("NOPERM not now").await;
    let client = Client::connect(&moody.fake.url()).await.unwrap();
    let began = Instant::now();
    let mut asked = 0;
    while asked < 3 {
        let mut callers = JoinSet::new();
        for _ in 0..20 {
            let client = client.clone();
            callers.spawn(async move { client.pipeline().incr("n").execute().await.unwrap_err() });
        }
        assert!(callers.join_all().await.iter().all(is_refusal));
        asked = moody.connections.load(Ordering::Relaxed) - 1;
        assert!(asked <= began.elapsed().as_secs() as usize + 1, "{asked} in {:?}", began.elapsed());
    }
    moody.refuses.store(false, Ordering::Relaxed);
    while client.pipeline().incr("n").execute().await.is_err() {
        assert!(began.elapsed() < Duration::from_secs(10));
    }
    let asked = moody.connections.load(Ordering::Relaxed);
    client.pipeline().incr("n").execute().await.unwrap();
    assert_eq!(moody.connections.load(Ordering::Relaxed), asked, "an answer that allows it is not asked for again");
}

#[tokio::test]
async fn a_caller_that_asks_and_is_not_polled_any_more_holds_up_no_other_one() {
    let moody = Moody::new("NOPERM not now").await;
    let client = Client::connect(&moody.fake.url()).await.unwrap();
    moody.refuses.store(false, Ordering::Relaxed);
    let mut held = pin!(client.pipeline().incr("n").execute());
    assert!(poll_fn(|cx| Poll::Ready(held.as_mut().poll(cx).is_pending())).await);
    assert!(drop_after(client.pipeline().incr("n").execute(), 1).await.is_none());
    assert_eq!(client.pipeline().incr("n").execute().await.unwrap(), hlist![1]);
    assert_eq!(moody.connections.load(Ordering::Relaxed), 2, "all of them wait for one answer");
    client.close().await;
    assert!(matches!(held.await, Err(Error::Closed)));
}

#[tokio::test]
async fn a_closed_client_asks_no_more() {
    let moody = Moody::new("NOPERM not now").await;
    let config = Config::from_url(&moody.fake.url()).unwrap();
    let client = Client::open(config).await.unwrap();
    client.close().await;
    assert!(matches!(client.pipeline().incr("n").execute().await, Err(Error::Closed)));
    assert_eq!(moody.connections.load(Ordering::Relaxed), 1);
}

#[test]
fn who_asks_on_a_runtime_that_stands_still_then_keeps_nobody_from_the_answer() {
    let runtime = || Builder::new_current_thread().enable_all().build().unwrap();
    let (home, still) = (runtime(), runtime());
    let (moody, client) = home.block_on(async {
        let moody = Moody::new("NOPERM not now").await;
        let client = Client::connect(&moody.fake.url()).await.unwrap();
        moody.refuses.store(false, Ordering::Relaxed);
        (moody, client)
    });
    assert!(still.block_on(drop_after(client.pipeline().incr("n").execute(), 1)).is_none());
    let asked = home.block_on(async { client.pipeline().incr("n").execute().await.unwrap() });
    assert_eq!((asked, moody.connections.load(Ordering::Relaxed)), (hlist![1], 2));
    home.block_on(client.close());
}
