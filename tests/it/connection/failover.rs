//! A failover behind one address: the connections to a server that has become a replica are given up, and the address is
//! looked up anew.

use crate::support::connections;
use std::{
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};
use tokio::task::{JoinSet, yield_now};
use typedis::{Client, Error, Event, Outcome, Result, error::ErrorKind, prelude::*};
use typedis_testing::{Fake, Proxy, Server};

/// Two servers, and a client whose address leads to the first of them.
struct Pair {
    first: Server,
    second: Server,
    proxy: Proxy,
    client: Client,
}

impl Pair {
    async fn new() -> Pair {
        let (first, second) = (Server::start().await, Server::start().await);
        let proxy = Proxy::start(first.addr()).await;
        let client = Client::connect(&proxy.url()).await.unwrap();
        Pair { first, second, proxy, client }
    }

    /// Makes the first server a replica of the second one, to which the address leads from now on.
    async fn fail_over(&self) {
        self.proxy.forward_to(self.second.addr());
        self.demote().await;
    }

    async fn demote(&self) {
        let port = self.second.port().to_string();
        let reply = self.first.raw().await.command(["REPLICAOF", "127.0.0.1", &port]).await;
        assert!(!reply.is_error(), "{reply:?}");
    }

    async fn on_second(&self, key: &str) -> String {
        self.second.raw().await.command(["GET", key]).await.text()
    }
}

/// Returns whether an error has this code, in a reply or as the reason of an aborted transaction.
fn is_refused<T>(answer: &Result<T>) -> bool {
    match answer {
        Err(Error::Server { error, .. } | Error::Aborted { error, .. }) => error.kind() == ErrorKind::ReadOnly,
        _ => false,
    }
}

// Two servers.

#[tokio::test]
async fn after_a_refused_write_the_next_one_goes_to_the_new_primary() {
    let pair = Pair::new().await;
    let mut events = pair.client.events();
    pair.client.set("k", "first").await.unwrap();
    pair.fail_over().await;
    let refused = pair.client.set("k", "lost").await;
    assert!(is_refused(&refused), "{refused:?}");
    pair.client.set("k", "second").await.unwrap();
    assert_eq!(pair.on_second("k").await, "second");
    let Some(Event::Lost { reason, .. }) = events.next().await else { panic!("the connection was kept") };
    assert_eq!(&*reason, "the server is a replica now");
    assert!(matches!(events.next().await, Some(Event::Connected { reconnects: 1, .. })));
    assert_eq!(pair.client.metrics().unknown_outcomes, 0);
}

#[tokio::test]
async fn other_callers_lose_nothing() {
    const FIRST: i64 = 1_000_000;
    let pair = Pair::new().await;
    pair.client.set("n", FIRST).await.unwrap();
    let mut callers = JoinSet::new();
    for _ in 0..50 {
        let client = pair.client.clone();
        callers.spawn(async move {
            let (mut on_second, mut refused) = (0, 0);
            while on_second < 20 {
                match client.incr("n").await {
                    Ok(n) if n > FIRST => {}
                    Ok(_) => on_second += 1,
                    Err(Error::Server { error, .. }) if error.kind() == ErrorKind::ReadOnly => refused += 1,
                    Err(error) => panic!("{error:?}"),
                }
            }
            (on_second, refused)
        });
    }
    // So that the first refusal is read long before the replies to the other requests of the same write.
    pair.proxy.trickle_replies();
    pair.fail_over().await;
    let counts = callers.join_all().await;
    assert_eq!(pair.on_second("n").await, counts.iter().map(|(on_second, _)| on_second).sum::<i64>().to_string());
    // A caller meets the refusal with the request that it had in flight, and with no other.
    assert!(counts.iter().all(|(_, refused)| *refused <= 1), "{counts:?}");
    assert_eq!(pair.client.metrics().unknown_outcomes, 0);
}

/// Fails over, meets the refusal in `write`, and asserts that the next write is accepted.
async fn meets_refusal(write: impl AsyncFn(&Client) -> bool) {
    let pair = Pair::new().await;
    pair.client.set("k", "first").await.unwrap();
    pair.fail_over().await;
    assert!(write(&pair.client).await);
    pair.client.set("k", "second").await.unwrap();
    assert_eq!(pair.on_second("k").await, "second");
}

#[tokio::test]
async fn a_script_meets_the_refusal() {
    meets_refusal(async |client| {
        let script = client.eval::<()>("redis.call('SET', KEYS[1], 1)", ("k",), ()).await;
        // Redis before 7.0 has the refusal within its own error.
        script.is_err_and(|error| error.to_string().contains("READONLY You can't write"))
    })
    .await;
}

#[tokio::test]
async fn a_transaction_meets_the_refusal() {
    meets_refusal(async |client| is_refused(&client.pipeline().get::<String>("k").set("k", 1).execute().await)).await;
}

#[tokio::test]
async fn a_plain_pipeline_meets_the_refusal_behind_another_error() {
    meets_refusal(async |client| {
        let pipeline = client.pipeline().without_transaction();
        let error = pipeline.llen("k").set("k", 1).execute().await.unwrap_err();
        matches!(error, Error::Server { error, .. } if error.kind() == ErrorKind::WrongType)
    })
    .await;
}

#[tokio::test]
async fn a_watched_transaction_meets_the_refusal_and_commits_on_the_new_primary() {
    let pair = Pair::new().await;
    let commit = async || -> Result<Outcome<()>> {
        let tx = pair.client.pipeline().watch("k").await?;
        tx.multi().set("k", "second").execute().await.map(|outcome| outcome.map(drop))
    };
    commit().await.unwrap().committed().unwrap();
    assert_eq!(pair.client.metrics().pool_idle, 1);
    pair.fail_over().await;
    // Where the watched key has changed by the first synchronization, Valkey answers as on a conflict.
    while !is_refused(&commit().await) {}
    assert_eq!(pair.client.metrics().pool_idle, 0, "a connection to the old primary is not kept");
    commit().await.unwrap().committed().unwrap();
    assert_eq!(pair.on_second("k").await, "second");
}

#[tokio::test]
async fn a_blocked_command_that_is_ended_by_the_change_of_role_is_enough() {
    let pair = Pair::new().await;
    let blocked = tokio::spawn({
        let client = pair.client.clone();
        async move { client.blpop::<String>("list", 0.0).await }
    });
    let mut raw = pair.first.raw().await;
    while connections(&mut raw).await.iter().all(|fields| fields.get("cmd") != "blpop") {}
    pair.fail_over().await;
    let error = blocked.await.unwrap().unwrap_err();
    assert!(matches!(&error, Error::Server { error, .. } if error.kind() == ErrorKind::Unblocked), "{error:?}");
    pair.client.set("k", "second").await.unwrap();
    assert_eq!(pair.on_second("k").await, "second");
}

#[tokio::test]
async fn idle_connections_to_the_old_primary_are_closed() {
    let pair = Pair::new().await;
    let watching = [pair.client.pipeline().watch("k").await.unwrap(), pair.client.pipeline().watch("k").await.unwrap()];
    for pipeline in watching {
        drop(pipeline.reset().await);
    }
    assert_eq!(pair.client.metrics().pool_idle, 2);
    pair.fail_over().await;
    assert!(is_refused(&pair.client.set("k", 1).await));
    let tx = pair.client.pipeline().watch("k").await.unwrap();
    assert_eq!(tx.multi().set("k", "second").execute().await.unwrap(), Outcome::Committed(typedis::hlist![()]));
    assert_eq!(pair.on_second("k").await, "second");
    assert_eq!(pair.client.metrics().pool_idle, 1);
    // Those of the proxy to the old primary end with the client's.
    while pair.proxy.open_connections() > 2 {
        yield_now().await;
    }
}

#[tokio::test]
async fn while_the_address_leads_to_a_replica_connections_are_few_and_reads_go_on() {
    let pair = Pair::new().await;
    pair.demote().await;
    let mut refused = 0;
    let mut write = async || {
        pair.client.get::<String>("k").await.unwrap();
        refused += 1;
        assert!(is_refused(&pair.client.set("k", 1).await));
    };
    let began = Instant::now();
    while pair.proxy.connections() < 3 {
        write().await;
    }
    // The second one came at once, the third one after the first pause.
    assert!(began.elapsed() >= Duration::from_secs(1), "{:?}", began.elapsed());
    assert!(refused > 5, "{refused}");
}

// Scripted replies.

/// A server that answers SET with `error` on its first connection, or EXEC behind a SET where `in_exec` says so. In the error,
/// PORT stands for the server's port.
async fn refusing(error: &'static str, in_exec: bool) -> (Fake, Client) {
    let port = Arc::new(OnceLock::new());
    let own_port = port.clone();
    let (mut connection, mut queued) = (0, None);
    let fake = Fake::commands(move |command| {
        let refuses = |here: bool| here && connection == 1;
        let error = || format!("{error}\r\n").replace("PORT", &own_port.get().unwrap_or(&0).to_string()).into_bytes();
        match (command[0].as_str(), queued) {
            ("HELLO", _) => {
                connection += 1;
                b"%1\r\n$5\r\nproto\r\n:3\r\n".to_vec()
            }
            ("MULTI", _) => {
                queued = Some(0);
                b"+OK\r\n".to_vec()
            }
            ("EXEC", Some(commands)) => {
                queued = None;
                match commands {
                    0 => b"*0\r\n".to_vec(),
                    _ if refuses(in_exec) => error(),
                    _ => b"*1\r\n+OK\r\n".to_vec(),
                }
            }
            ("SET", Some(commands)) => {
                queued = Some(commands + 1);
                b"+QUEUED\r\n".to_vec()
            }
            ("SET", None) if refuses(!in_exec) => error(),
            _ => b"+OK\r\n".to_vec(),
        }
    })
    .await;
    port.set(fake.addr().port()).unwrap();
    let client = Client::connect(&fake.url()).await.unwrap();
    (fake, client)
}

#[tokio::test]
async fn what_a_demoted_server_says_makes_the_connection_be_given_up() {
    for (error, in_exec) in [
        ("-READONLY You can't write against a read only replica.", false),
        ("-MOVED 1 127.0.0.1:PORT", false),
        ("-MOVED 1 :PORT", false),
        ("-EXECABORT Transaction discarded because of: READONLY You can't write against a read only replica.", true),
        ("-READONLY You can't write against a read only replica.", true),
        ("*1\r\n-READONLY You can't write against a read only replica.", true),
    ] {
        let (_fake, client) = refusing(error, in_exec).await;
        let set = async || {
            if in_exec { client.pipeline().set("k", 1).execute().await.map(drop) } else { client.set("k", 1).await }
        };
        set().await.unwrap_err();
        set().await.unwrap();
        assert_eq!(client.metrics().reconnects, 1, "{error}");
    }
}

#[tokio::test]
async fn errors_that_are_no_sign_of_a_failover_keep_the_connection() {
    for error in [
        "-MOVED 1 10.0.0.1:6379",
        "-MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
        "-NOREPLICAS Not enough good replicas to write.",
        "-OOM command not allowed when used memory > 'maxmemory'.",
    ] {
        let (_fake, client) = refusing(error, false).await;
        for _ in 0..3 {
            client.set("k", 1).await.unwrap_err();
        }
        assert_eq!(client.metrics().connections, 1, "{error}");
    }
}
