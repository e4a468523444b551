//! The invariants of the design, each tested against a real server.

use crate::support::{client, connections, pool_of_one, seen};
use std::time::Duration;
use typedis::{Client, Config, Error, Outcome, Retry, error::RefusedCommand, hlist_pat, pipeline, prelude::*};
use typedis_testing::{Fake, Proxy, Server};

// 1. Replies are in queue order. An empty unwatched pipeline does no I/O; an empty watched one still asks EXEC.

#[tokio::test]
async fn an_empty_pipeline_sends_nothing() {
    let (server, client) = client().await;
    let monitor = server.monitor().await;
    let hlist_pat![] = client.pipeline().multi().execute().await.unwrap();
    let hlist_pat![] = client.pipeline().without_transaction().execute().await.unwrap();
    let hlist_pat![none, empty] =
        client.pipeline().when(false, |p| p.incr("a")).each([0u8; 0], |p, _| p.incr("a")).execute().await.unwrap();
    assert_eq!((none, empty), (None, vec![]));
    assert_eq!(seen(monitor, &server).await, [""; 0]);
}

#[tokio::test]
async fn an_empty_watched_pipeline_still_asks_exec() {
    let (server, client) = client().await;
    let tx = client.pipeline().watch("a").await.unwrap();
    client.set("a", 1).await.unwrap();
    assert!(tx.multi().execute().await.unwrap().is_conflict());
    let tx = client.pipeline().watch("a").await.unwrap();
    let monitor = server.monitor().await;
    let Outcome::Committed(hlist_pat![]) = tx.multi().execute().await.unwrap() else { panic!("no conflict was there") };
    assert_eq!(seen(monitor, &server).await, ["multi", "exec"]);
}

#[tokio::test]
async fn a_transaction_is_one_write_from_multi_to_exec() {
    let server = Server::start().await;
    let proxy = Proxy::start(server.addr()).await;
    let client = Client::connect(&proxy.url()).await.unwrap();
    proxy.clear_writes();
    let hlist_pat![(), one] = client.pipeline().set("a", 0).incr("a").execute().await.unwrap();
    assert_eq!(one, 1);
    let expected = "*1\r\n$5\r\nMULTI\r\n*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n0\r\n*2\r\n$4\r\nINCR\r\n$1\r\na\r\n*1\r\n$4\r\nEXEC\r\n";
    assert_eq!(proxy.writes(), [expected.as_bytes()]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobodys_commands_come_between_multi_and_exec() {
    let (server, client) = client().await;
    let monitor = server.monitor().await;
    let tasks: Vec<_> = (0..16)
        .map(|task| {
            let client = client.clone();
            tokio::spawn(async move {
                for _ in 0..20 {
                    let key = format!("key:{task}");
                    let hlist_pat![_, _] = client.pipeline().incr(&key).get::<i64>(&key).execute().await.unwrap();
                    client.set(&key, 1).await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let seen = seen(monitor, &server).await;
    let transactions = seen.split(|command| command == "exec").map(|part| {
        let start = part.iter().position(|command| command == "multi");
        start.map_or(&part[..0], |start| &part[start..])
    });
    let mut count = 0;
    for transaction in transactions.filter(|transaction| !transaction.is_empty()) {
        let [multi, incr, get] = transaction else { panic!("{transaction:?}") };
        assert_eq!(multi, "multi");
        assert_eq!(incr.strip_prefix("incr "), get.strip_prefix("get "), "{transaction:?}");
        count += 1;
    }
    assert_eq!(count, 16 * 20);
}

// 2. A conflict is never mistaken for success: see also `a_conflict_is_a_value_and_the_retry_commits`.

#[tokio::test]
async fn increments_under_watch_are_never_lost() {
    let (_server, client) = client().await;
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move {
                for _ in 0..25 {
                    client
                        .transaction("counter", |mut tx| async move {
                            let current = tx.get::<i64>("counter").await?.unwrap_or(0);
                            Ok(tx.multi().set("counter", current + 1))
                        })
                        .await
                        .unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(client.get::<i64>("counter").await.unwrap(), Some(200));
}

#[tokio::test]
async fn the_retry_helper_stops_at_its_bound() {
    let (_server, client) = client().await;
    let (mut tries, retry) = (0, Retry::new().attempts(3).backoff(Duration::ZERO, Duration::ZERO));
    let other = &client;
    let result = client
        .with_retry(retry)
        .transaction("key", |tx| {
            tries += 1;
            async move {
                other.incr("key").await?;
                Ok(tx.multi().set("key", 0))
            }
        })
        .await;
    assert!(matches!(result, Err(Error::Conflict { attempts: 3 })), "{result:?}");
    assert_eq!((tries, client.get::<i64>("key").await.unwrap()), (3, Some(3)));
}

#[tokio::test]
async fn a_closure_that_stops_with_its_own_error_sends_nothing_but_unwatch() {
    #[derive(Debug, PartialEq)]
    struct Poor;
    impl From<Error> for Poor {
        fn from(error: Error) -> Self {
            panic!("{error}")
        }
    }
    let (server, client) = pool_of_one().await;
    client.pipeline().watch("warm").await.unwrap().reset().await;
    let monitor = server.monitor().await;
    let result = client
        .try_transaction("account", |mut tx| async move {
            let balance = tx.get::<i64>("account").await?.unwrap_or(0);
            if balance < 5 { Err(Poor) } else { Ok(tx.multi().decrby("account", 5)) }
        })
        .await;
    assert!(matches!(result, Err(Poor)));
    // The pool has one connection, so the next command on it follows the UNWATCH.
    client.pipeline().watch("after").await.unwrap().reset().await;
    assert_eq!(seen(monitor, &server).await, ["watch account", "get account", "unwatch", "watch after", "unwatch"]);
}

// 3. The connection that returns to the pool is clean.

#[tokio::test]
async fn no_unwatch_follows_exec() {
    let (server, client) = pool_of_one().await;
    client.pipeline().watch("warm").await.unwrap().reset().await;
    let monitor = server.monitor().await;
    let tx = client.pipeline().watch("a").await.unwrap();
    assert!(!tx.multi().incr("a").execute().await.unwrap().is_conflict());
    let tx = client.pipeline().watch("a").await.unwrap();
    client.set("a", 0).await.unwrap();
    assert!(tx.multi().incr("a").execute().await.unwrap().is_conflict());
    client.pipeline().watch("b").await.unwrap().reset().await;
    // MONITOR shows a queued command when it runs, so the command of the conflicting attempt is missing.
    let expected = ["watch a", "multi", "incr a", "exec", "watch a", "set a 0", "multi", "exec", "watch b", "unwatch"];
    assert_eq!(seen(monitor, &server).await, expected);
}

#[tokio::test]
async fn a_dropped_queue_sends_nothing() {
    let (server, client) = client().await;
    let monitor = server.monitor().await;
    let queue = client.pipeline().set("a", 1).incr("b");
    drop(queue);
    let execute = client.pipeline().set("a", 1).execute();
    drop(execute);
    drop(client.set("a", 1));
    assert_eq!(seen(monitor, &server).await, [""; 0]);
}

#[tokio::test]
async fn a_dropped_watch_gives_its_connection_back_clean() {
    let (server, client) = pool_of_one().await;
    let tx = client.pipeline().watch("a").await.unwrap();
    drop(tx);
    let tx = client.pipeline().watch("b").await.unwrap();
    client.set("a", 1).await.unwrap();
    let outcome = tx.multi().incr("b").execute().await.unwrap();
    assert_eq!(outcome, Outcome::Committed(typedis::hlist![1]), "the first watch must not be there any more");
    let queue = client.pipeline().watch("a").await.unwrap().multi().incr("a");
    drop(queue);
    client.pipeline().watch("c").await.unwrap().reset().await;
    for connection in connections(&mut server.raw().await).await {
        assert!(connection.is_idle(), "{connection:?}");
    }
}

// The same at every await: `cancellation`.

// 4. A connection lost between WATCH and EXEC is never silently replaced.

#[tokio::test]
async fn a_connection_lost_between_watch_and_exec_is_a_conflict() {
    let (server, client) = client().await;
    let mut tx = client.pipeline().watch("a").await.unwrap();
    let id = tx.client_id().await.unwrap().to_string();
    server.raw().await.command(["CLIENT", "KILL", "ID", &id]).await;
    // A reply on a connection that was opened later proves that the end of the first has arrived.
    client.pipeline().watch("other").await.unwrap().reset().await;
    assert_eq!(tx.multi().incr("a").execute().await.unwrap(), Outcome::Conflict);
    assert_eq!(client.get::<i64>("a").await.unwrap(), None);
}

#[tokio::test]
async fn the_retry_helper_takes_a_lost_watch_as_the_next_attempt() {
    let (server, client) = client().await;
    let (mut tries, server) = (0, &server);
    client
        .transaction("a", |mut tx| {
            tries += 1;
            let first = tries == 1;
            async move {
                let id = tx.client_id().await?.to_string();
                if first {
                    server.raw().await.command(["CLIENT", "KILL", "ID", &id]).await;
                }
                let a = tx.get::<i64>("a").await?.unwrap_or(0);
                Ok(tx.multi().set("a", a + 1))
            }
        })
        .await
        .unwrap();
    assert_eq!((tries, client.get::<i64>("a").await.unwrap()), (2, Some(1)));
}

// 5. A request that may have run is never sent again.

#[tokio::test]
async fn a_batch_that_may_have_run_is_not_sent_again() {
    let server = Server::start().await;
    let proxy = Proxy::start(server.addr()).await;
    let client = Client::connect(&proxy.url()).await.unwrap();
    proxy.cut_reply_after(7);
    let error = client.pipeline().incr("a").incr("a").execute().await.unwrap_err();
    assert!(matches!(error, Error::OutcomeUnknown { .. }), "{error:?}");
    assert_eq!(client.get::<i64>("a").await.unwrap(), Some(2), "it ran once, and the client found a new connection");
}

#[tokio::test]
async fn at_every_byte_of_a_cut_reply_the_outcome_is_unknown_or_whole() {
    let server = Server::start().await;
    let proxy = Proxy::start(server.addr()).await;
    let whole = b"+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n:1\r\n$1\r\nx\r\n".len();
    for bytes in 0..whole {
        let client = Client::connect(&proxy.url()).await.unwrap();
        proxy.cut_reply_after(bytes);
        let key = format!("cut:{bytes}");
        let error = client.pipeline().incr(&key).echo::<String>("x").execute().await.unwrap_err();
        let Error::OutcomeUnknown { at, .. } = &error else { panic!("after {bytes} bytes: {error:?}") };
        let expected = match bytes {
            0..5 => "MULTI",
            5..14 => "INCR",
            14..23 => "ECHO",
            _ => "EXEC",
        };
        assert_eq!(at.name, expected, "after {bytes} bytes");
        assert_eq!(client.get::<i64>(&key).await.unwrap(), Some(1));
    }
}

#[tokio::test]
async fn a_watched_batch_cut_at_every_byte_of_its_request_ran_at_most_once() {
    let server = Server::start().await;
    let proxy = Proxy::start(server.addr()).await;
    let request = b"*1\r\n$5\r\nMULTI\r\n*2\r\n$4\r\nINCR\r\n$1\r\na\r\n*1\r\n$4\r\nEXEC\r\n".len();
    for bytes in 0..request {
        server.raw().await.command(["DEL", "a"]).await;
        let client = Client::connect(&proxy.url()).await.unwrap();
        let tx = client.pipeline().watch("a").await.unwrap();
        proxy.cut_request_after(bytes);
        let error = tx.multi().incr("a").execute().await.unwrap_err();
        assert!(matches!(error, Error::OutcomeUnknown { .. }), "after {bytes} bytes: {error:?}");
        assert_eq!(client.get::<i64>("a").await.unwrap(), None, "half a transaction must not run");
    }
}

// 6. EXECABORT names the command; a count that does not match closes the connection.

#[tokio::test]
async fn an_aborted_transaction_names_the_refused_commands() {
    let server = Server::start().await;
    let acl = ["ACL", "SETUSER", "guest", "on", ">secret", "~*", "+@all", "-append", "-del"];
    assert!(!server.raw().await.command(acl).await.is_error());
    let client =
        Client::open(Config::from_url(&server.url()).unwrap().username("guest").password("secret")).await.unwrap();
    let error = client.pipeline().set("a", 1).each(["a"], |p, k| p.append(k, "x")).incr("a").del("a").execute().await;
    let Err(Error::Aborted { at, error, rest }) = error else { panic!("{error:?}") };
    assert_eq!((at.number, at.name, error.code()), (2, "APPEND", "NOPERM"));
    assert!(matches!(&rest[..], [RefusedCommand { at, .. }] if (at.number, at.name) == (4, "DEL")));
    assert_eq!(client.get::<String>("a").await.unwrap(), None, "nothing of it ran");
}

#[tokio::test]
async fn a_user_who_may_not_use_multi_is_told_before_anything_runs() {
    let server = Server::start().await;
    let acl = ["ACL", "SETUSER", "guest", "on", ">secret", "~*", "+@all", "-multi"];
    assert!(!server.raw().await.command(acl).await.is_error());
    let client =
        Client::open(Config::from_url(&server.url()).unwrap().username("guest").password("secret")).await.unwrap();
    let error = client.pipeline().set("a", 1).execute().await.unwrap_err();
    let Error::Server { at, error } = error else { panic!("{error:?}") };
    assert_eq!((at.name, error.code()), ("MULTI", "NOPERM"));
    assert_eq!(client.get::<i64>("a").await.unwrap(), None);
}

#[tokio::test]
async fn a_number_of_replies_that_does_not_match_closes_the_connection() {
    let (mut empty, mut transactions) = (true, 0);
    let fake = Fake::commands(move |command| match command[0].to_ascii_uppercase().as_str() {
        "HELLO" => b"%1\r\n$5\r\nproto\r\n:3\r\n".to_vec(),
        "INCR" => {
            (empty, transactions) = (false, transactions + 1);
            b"+QUEUED\r\n".to_vec()
        }
        "MULTI" => {
            empty = true;
            b"+OK\r\n".to_vec()
        }
        "EXEC" if empty => b"*0\r\n".to_vec(),
        "EXEC" if transactions == 1 => b"*2\r\n:1\r\n:2\r\n".to_vec(),
        "EXEC" => b"*1\r\n:5\r\n".to_vec(),
        _ => b"+OK\r\n".to_vec(),
    })
    .await;
    let client = Client::connect(&fake.url()).await.unwrap();
    let error = client.pipeline().incr("a").execute().await.unwrap_err();
    assert!(matches!(&error, Error::Protocol { reason, .. } if reason.contains("2 commands, where 1")), "{error}");
    let hlist_pat![five] = client.pipeline().incr("a").execute().await.unwrap();
    assert_eq!(five, 5, "the next one runs on a new connection");
}

// 8. Everything works with a pool of one, and no connection is held before it is needed.

#[tokio::test]
async fn no_connection_is_taken_before_the_first_watch() {
    let (server, client) = pool_of_one().await;
    let mut raw = server.raw().await;
    let idle: Vec<_> = (0..5).map(|_| client.pipeline()).collect();
    let queues: Vec<_> = (0..5).map(|_| client.pipeline().incr("a")).collect();
    assert_eq!(connections(&mut raw).await.len(), 1);
    drop((idle, queues));
    let tx = client.pipeline().watch("a").await.unwrap();
    assert_eq!(connections(&mut raw).await.len(), 2);
    drop(tx);
}

#[tokio::test]
async fn a_pool_of_one_serves_all_in_turn() {
    let (_server, client) = pool_of_one().await;
    let tasks: Vec<_> = (0..10)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move {
                let mut tx = client.pipeline().watch("a").await.unwrap();
                let a = tx.get::<i64>("a").await.unwrap().unwrap_or(0);
                tx.multi().set("a", a + 1).execute().await.unwrap().committed().unwrap();
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(client.get::<i64>("a").await.unwrap(), Some(10));
}

// 9. A key or a value never becomes protocol: see also `bad_input`.

#[tokio::test]
async fn keys_and_values_of_any_bytes_come_back_as_they_were() {
    let (_server, client) = client().await;
    let every_byte: Vec<u8> = (0..=255).collect();
    for nasty in [&b"\r\n"[..], b"$3\r\nSET\r\n", b"*1\r\n$8\r\nFLUSHALL\r\n", b"", &every_byte] {
        let hlist_pat![(), value] = client.pipeline().set(nasty, nasty).get::<Vec<u8>>(nasty).execute().await.unwrap();
        assert_eq!(value.as_deref(), Some(nasty));
    }
    assert_eq!(client.keys::<Vec<Vec<u8>>>("*").await.unwrap().len(), 5);
}

// 10. Passwords appear in no `Debug`, error or trace.

#[tokio::test]
async fn passwords_show_nowhere() {
    let server = Server::builder().arg("--requirepass", "hush-hush").start().await;
    let config = Config::from_url(&format!("redis://:hush-hush@{}", server.addr())).unwrap();
    let client = Client::open(config.clone()).await.unwrap();
    let mut tx = client.pipeline().watch("a").await.unwrap();
    let run = format!("{:?}", tx.get::<i64>("a"));
    let prepared = client.pipeline().set("a", 1);
    let shown = format!("{config:?} {client:?} {tx:?} {run} {prepared:?}");
    assert!(!shown.contains("hush"), "{shown}");
    let refused = Client::open(config.password("hush-wrong")).await.unwrap_err();
    assert!(!format!("{refused} {refused:?}").contains("hush"), "{refused:?}");
    let bad_url = Config::from_url("redis://:hush-hush@host:notaport").unwrap_err();
    assert!(!format!("{bad_url} {bad_url:?}").contains("hush"), "{bad_url:?}");
}

#[tokio::test]
async fn a_write_under_watch_that_may_have_run_is_not_tried_again() {
    let server = Server::start().await;
    let proxy = Proxy::start(server.addr()).await;
    let client = Client::connect(&proxy.url()).await.unwrap();
    let (mut tries, cut) = (0, &proxy);
    let result = client
        .transaction("a", |mut tx| {
            tries += 1;
            async move {
                cut.cut_reply_after(0);
                tx.incr("log").await?;
                Ok(tx.multi().incr("a"))
            }
        })
        .await;
    assert!(matches!(result, Err(Error::OutcomeUnknown { at, .. }) if at.name == "INCR"), "{result:?}");
    let result: typedis::Result<(i64,)> = async {
        pipeline! { client =>
            watch("a");
            tries += 1;
            self::cut(&proxy);
            incr("log")?;
            multi();
            incr("a");
        }
    }
    .await;
    assert!(matches!(result, Err(Error::OutcomeUnknown { at, .. }) if at.name == "INCR"), "{result:?}");
    assert_eq!((tries, client.mget::<i64>(["log", "a"]).await.unwrap()), (2, vec![Some(2), None]));
}

fn cut(proxy: &Proxy) {
    proxy.cut_reply_after(0);
}

#[tokio::test]
async fn after_a_refused_exec_nobody_is_caught_in_its_transaction() {
    let mut queued = false;
    let fake = Fake::commands(move |command| match command[0].to_ascii_uppercase().as_str() {
        "HELLO" => b"%1\r\n$5\r\nproto\r\n:3\r\n".to_vec(),
        "INCR" => {
            queued = true;
            b"+QUEUED\r\n".to_vec()
        }
        "EXEC" if queued => b"-NOPERM not EXEC\r\n".to_vec(),
        "EXEC" => b"*0\r\n".to_vec(),
        "GET" if queued => b"+QUEUED\r\n".to_vec(),
        "MULTI" => {
            queued = false;
            b"+OK\r\n".to_vec()
        }
        _ => b"$5\r\nright\r\n".to_vec(),
    })
    .await;
    let client = Client::connect(&fake.url()).await.unwrap();
    let error = client.pipeline().incr("a").execute().await.unwrap_err();
    assert!(matches!(&error, Error::Server { at, .. } if at.name == "EXEC"), "{error:?}");
    assert_eq!(client.get::<String>("a").await.unwrap().as_deref(), Some("right"));
}
