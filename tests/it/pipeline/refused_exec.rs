//! A refused EXEC: the transaction is over, nothing of it ran, and the other callers of the shared connection keep it.

use crate::support::client;
use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};
use tokio::task::JoinHandle;
use typedis::{Client, Config, Error, error::ErrorKind, prelude::*};
use typedis_testing::{Fake, Server};

/// A cluster of one node, which owns all slots.
async fn cluster() -> (Server, Client) {
    let server =
        Server::builder().arg("cluster-enabled", "yes").arg("cluster-require-full-coverage", "no").start().await;
    let mut raw = server.raw().await;
    let slots: Vec<_> = (0..16384).map(|slot| slot.to_string()).collect();
    let add = ["CLUSTER", "ADDSLOTS"].into_iter().chain(slots.iter().map(String::as_str));
    assert!(!raw.command(add).await.is_error());
    while !raw.command(["CLUSTER", "INFO"]).await.text().contains("cluster_state:ok") {
        tokio::task::yield_now().await;
    }
    let config = Config::from_url(&server.url()).unwrap().single_node();
    let client = Client::open(config).await.unwrap();
    (server, client)
}

const CALLERS: usize = 20;

/// Callers that count beside a transaction, each on its own key.
struct Others {
    over: Arc<AtomicBool>,
    counts: Arc<AtomicUsize>,
    tasks: Vec<JoinHandle<i64>>,
}

impl Others {
    /// Starts them and waits until each has counted.
    async fn start(client: &Client) -> Others {
        let (over, counts) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let task = |number| {
            let (client, over, counts) = (client.clone(), over.clone(), counts.clone());
            tokio::spawn(async move {
                let (key, mut count) = (format!("other:{number}"), 0);
                while !over.load(Ordering::Relaxed) {
                    count += 1;
                    assert_eq!(client.incr(&key).await.expect("it is none of its affair"), count);
                    counts.fetch_add(1, Ordering::Relaxed);
                }
                count
            })
        };
        let tasks = (0..CALLERS).map(task).collect();
        let others = Others { over, counts, tasks };
        others.count_on().await;
        others
    }

    /// Waits until they have counted further, each about once.
    async fn count_on(&self) {
        let aim = self.counts.load(Ordering::Relaxed) + CALLERS;
        while self.counts.load(Ordering::Relaxed) < aim && self.tasks.iter().all(|task| !task.is_finished()) {
            tokio::task::yield_now().await;
        }
    }

    /// Ends them, and compares their counts with those of the server.
    async fn end(self, client: &Client) {
        self.count_on().await;
        self.over.store(true, Ordering::Relaxed);
        for (number, task) in self.tasks.into_iter().enumerate() {
            let count = task.await.expect("no request of its own failed");
            assert_eq!(client.get::<i64>(format!("other:{number}")).await.unwrap().unwrap_or(0), count);
        }
    }
}

#[track_caller]
fn refused_at_exec(error: &Error, kind: ErrorKind) {
    let Error::Server { at, error: server } = error else { panic!("{error:?}") };
    assert_eq!((at.name, server.kind(), error.may_have_run()), ("EXEC", kind, false), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_over_two_slots_costs_no_other_caller_anything() {
    let (server, client) = cluster().await;
    let others = Others::start(&client).await;
    let id = client.client_id().await.unwrap();
    for _ in 0..20 {
        let error = client.pipeline().set("k2", 1).set("m0", 2).execute().await.unwrap_err();
        refused_at_exec(&error, ErrorKind::CrossSlot);
    }
    others.end(&client).await;
    assert_eq!(client.client_id().await.unwrap(), id, "the shared connection stays");
    assert_eq!(server.raw().await.command(["EXISTS", "k2"]).await.integer(), 0, "nothing ran");
    assert_eq!(server.raw().await.command(["EXISTS", "m0"]).await.integer(), 0, "nothing ran");
}

#[tokio::test]
async fn a_watched_transaction_over_two_slots_leaves_its_connection_in_order() {
    let (_server, client) = cluster().await;
    let mut tx = client.pipeline().watch("k2").await.unwrap();
    let id = tx.client_id().await.unwrap();
    let error = tx.multi().set("k2", 1).set("m0", 2).execute().await.unwrap_err();
    refused_at_exec(&error, ErrorKind::CrossSlot);
    let mut tx = client.pipeline().watch("m0").await.unwrap();
    assert_eq!(tx.client_id().await.unwrap(), id, "the connection went back to the pool");
    // The first watch is over: a conflict would come of it else.
    client.set("k2", 3).await.unwrap();
    assert!(!tx.multi().set("m0", 1).execute().await.unwrap().is_conflict());
}

#[tokio::test]
async fn a_write_that_is_refused_while_watching_reaches_the_caller() {
    let (server, client) = cluster().await;
    let slot = typedis::key::hash_slot("k2").to_string();
    let mut tx = client.pipeline().watch("m0").await.unwrap();
    assert!(!server.raw().await.command(["CLUSTER", "DELSLOTS", &slot]).await.is_error());
    let error = tx.set("k2", 1).await.unwrap_err();
    assert!(matches!(&error, Error::Server { error, .. } if error.kind() == ErrorKind::ClusterDown), "{error}");
    assert!(!error.may_have_run());
    let attempts = AtomicUsize::new(0);
    let done = client.transaction("m0", async |tx| {
        attempts.fetch_add(1, Ordering::Relaxed);
        Ok(tx.multi().set("k2", 1))
    });
    let error = done.await.unwrap_err();
    assert!(!error.may_have_run(), "{error}");
    assert_eq!(attempts.into_inner(), 1, "{error}");
}

/// A peer that counts, and that refuses EXEC with `reply` once commands are queued. `connections` counts its greetings.
async fn refusing_exec(reply: &'static str, connections: Arc<AtomicUsize>) -> Fake {
    let (mut queued, mut within, mut counters) = (0, false, std::collections::HashMap::new());
    Fake::commands(move |command| {
        let reply = match command[0].to_ascii_uppercase().as_str() {
            "HELLO" => {
                connections.fetch_add(1, Ordering::Relaxed);
                "%1\r\n$5\r\nproto\r\n:3\r\n".to_owned()
            }
            "MULTI" => {
                (queued, within) = (0, true);
                "+OK\r\n".to_owned()
            }
            "EXEC" => {
                within = false;
                if queued == 0 { "*0\r\n".to_owned() } else { format!("-{reply}\r\n") }
            }
            _ if within => {
                queued += 1;
                "+QUEUED\r\n".to_owned()
            }
            "INCR" => {
                let counter = counters.entry(command[1].clone()).and_modify(|count| *count += 1).or_insert(1);
                format!(":{counter}\r\n")
            }
            "GET" => counters
                .get(&command[1])
                .map_or("_\r\n".to_owned(), |count| format!("${}\r\n{count}\r\n", count.to_string().len())),
            _ => "+OK\r\n".to_owned(),
        };
        reply.into_bytes()
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_redirect_of_exec_ends_the_transaction_alone() {
    for (reply, kind) in [
        ("MOVED 3999 127.0.0.1:6381", ErrorKind::Moved),
        ("ASK 3999 127.0.0.1:6381", ErrorKind::Ask),
        ("TRYAGAIN Multiple keys request during rehashing of slot", ErrorKind::TryAgain),
        ("CLUSTERDOWN Hash slot not served", ErrorKind::ClusterDown),
        ("CROSSSLOT Keys in request don't hash to the same slot", ErrorKind::CrossSlot),
        ("REDIRECT 127.0.0.1:6381", ErrorKind::Redirect),
        (
            "EXECABORT Transaction discarded because of: NOREPLICAS Not enough good replicas to write.",
            ErrorKind::ExecAbort,
        ),
        ("EXECABORT Transaction discarded because of: BUSY Redis is busy running a script.", ErrorKind::ExecAbort),
    ] {
        let connections = Arc::new(AtomicUsize::new(0));
        let fake = refusing_exec(reply, connections.clone()).await;
        let client = Client::connect(&fake.url()).await.unwrap();
        let others = Others::start(&client).await;
        let made = connections.load(Ordering::Relaxed);
        refused_at_exec(&client.pipeline().set("a", 1).execute().await.unwrap_err(), kind);
        refused_at_exec(&client.pipeline().set("a", 1).get::<i64>("b").execute().await.unwrap_err(), kind);
        others.end(&client).await;
        // Afterwards, since all connections of the peer share one state.
        let watched = client.pipeline().watch("a").await.unwrap().multi().set("a", 1).execute().await;
        refused_at_exec(&watched.unwrap_err(), kind);
        refused_at_exec(&client.transaction("a", async |tx| Ok(tx.multi().set("a", 1))).await.unwrap_err(), kind);
        assert!(connections.load(Ordering::Relaxed) <= made + 1, "one for the pool: {reply}");
    }
}

#[tokio::test]
async fn another_refusal_of_exec_closes_the_connection() {
    // Redis 6.0 answers BUSY and stays inside the transaction.
    for (reply, may_have_run) in [
        ("BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.", false),
        ("ERR unknown command 'EXEC', with args beginning with: ", false),
        ("ERR upstream failure", true),
    ] {
        let connections = Arc::new(AtomicUsize::new(0));
        let fake = refusing_exec(reply, connections.clone()).await;
        let client = Client::connect(&fake.url()).await.unwrap();
        let made = connections.load(Ordering::Relaxed);
        let error = client.pipeline().set("a", 1).execute().await.unwrap_err();
        assert_eq!(error.may_have_run(), may_have_run, "{error}");
        assert_eq!(client.incr("a").await.unwrap(), 1);
        assert_eq!(connections.load(Ordering::Relaxed), made + 1, "{reply}");
    }
}

#[tokio::test]
async fn what_a_peer_without_transactions_ran_is_not_told_as_refused() {
    for exec in ["-ERR unknown command 'EXEC'", "-MOVED 3999 127.0.0.1:6381", "-EXECABORT x", "_"] {
        let mut count = 0;
        let fake = Fake::commands(move |command| {
            let reply = match command[0].to_ascii_uppercase().as_str() {
                "HELLO" => "%1\r\n$5\r\nproto\r\n:3".to_owned(),
                "MULTI" => {
                    count = 0;
                    "+OK".to_owned()
                }
                // As in the greeting.
                "EXEC" if count == 0 => "*0".to_owned(),
                "EXEC" => exec.to_owned(),
                "INCR" => {
                    count += 1;
                    format!(":{count}")
                }
                "LPUSH" => "-WRONGTYPE x".to_owned(),
                _ => "+OK".to_owned(),
            };
            (reply + "\r\n").into_bytes()
        });
        let fake = fake.await;
        let client = Client::connect(&fake.url()).await.unwrap();
        let error = client.pipeline().incr("a").lpush("b", 1).execute().await.unwrap_err();
        assert!(error.may_have_run(), "{error}");
        let watching = client.pipeline().watch("a").await.unwrap();
        let error = watching.multi().incr("a").execute().await.unwrap_err();
        assert!(error.may_have_run(), "{error}");
    }
}

#[tokio::test]
async fn refusals_that_take_turns_share_their_texts() {
    let server = Server::start().await;
    let acl = ["ACL", "SETUSER", "guest", "on", ">secret", "~*", "+@all", "-incr", "-decr"];
    assert!(!server.raw().await.command(acl).await.is_error());
    let config = typedis::Config::from_url(&server.url()).unwrap().username("guest").password("secret");
    let client = Client::open(config).await.unwrap();
    let error = client.pipeline().incr("a").decr("a").incr("a").decr("a").execute().await.unwrap_err();
    let Error::Aborted { error, rest, .. } = &error else { panic!("{error:?}") };
    assert!(std::ptr::eq(error.message(), rest[1].error.message()), "{rest:?}");
    assert!(std::ptr::eq(rest[0].error.message(), rest[2].error.message()), "{rest:?}");
}

#[tokio::test]
async fn a_refused_multi_whose_commands_were_refused_too_ran_nothing() {
    let (server, client) = client().await;
    // The user is told apart by name, so that the connection of the test's own keeps its rights.
    drop(client);
    let mut raw = server.raw().await;
    assert!(!raw.command(["ACL", "SETUSER", "guest", "on", ">secret", "~*", "+@all"]).await.is_error());
    let config = typedis::Config::from_url(&server.url()).unwrap().username("guest").password("secret");
    let client = Client::open(config.clone()).await.unwrap();
    let other = Client::open(config).await.unwrap();
    assert!(!raw.command(["ACL", "SETUSER", "guest", "-multi", "-set", "-exec"]).await.is_error());
    let error = client.pipeline().set("a", 1).execute().await.unwrap_err();
    assert!(matches!(&error, Error::Server { at, .. } if at.name == "MULTI") && !error.may_have_run(), "{error:?}");
    let error = client.pipeline().incr("b").execute().await.unwrap_err();
    assert!(matches!(&error, Error::Server { at, .. } if at.name == "MULTI") && !error.may_have_run(), "{error:?}");
    assert_eq!(raw.command(["EXISTS", "b"]).await.integer(), 0, "the next one was not sent");
    let error = other.pipeline().set("a", 1).incr("b").execute().await.unwrap_err();
    assert!(matches!(&error, Error::NotAtomic { .. }) && error.may_have_run(), "{error:?}");
    assert_eq!(raw.command(["GET", "b"]).await.text(), "1");
}

#[tokio::test]
async fn a_long_transaction_on_a_replica_is_told_in_a_few_words() {
    let server = Server::builder().arg("replicaof", "127.0.0.1 1").start().await;
    let client = Client::connect(&server.url()).await.unwrap();
    let error = client.pipeline().each(0..10_000, |p, number| p.set("a", number)).execute().await.unwrap_err();
    let text = error.to_string();
    assert!(text.len() < 500 && text.ends_with("; so were 9997 more"), "{} bytes: {text:.1000}", text.len());
    assert!(text.contains("command 1 (SET)") && text.contains("command 3 (SET)"), "{text}");
    let Error::Aborted { rest, .. } = &error else { panic!("{error:?}") };
    assert_eq!((rest.len(), rest[9998].at.number), (9999, 10_000));
    assert!(std::ptr::eq(rest[0].error.message(), rest[9998].error.message()), "equal words are held once");
}

#[tokio::test]
async fn a_long_error_of_a_script_is_displayed_in_part_and_kept_whole() {
    let (_server, client) = client().await;
    let error = client.eval::<()>("return redis.error_reply(string.rep('x', 100000))", (), ()).await.unwrap_err();
    assert!(error.to_string().len() < 600, "{}", error.to_string().len());
    let Error::Server { error, .. } = error else { panic!("{error:?}") };
    assert!(error.message().len() >= 100_000);
}
