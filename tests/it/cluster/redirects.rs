//! Redirects and other refusals of scripted nodes, at every place of a command, a transaction and a watch.

use std::time::{Duration, Instant};
use typedis::{ClusterClient, Config, Error, Outcome, Script, hlist_pat, pipeline, prelude::*};
use typedis_testing::{Call, Endpoint, FakeCluster, HANG_UP, drop_after, reply};

/// What a node says in place of running a command.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Refusal {
    Moved,
    Ask,
    Text(&'static str),
}

const REFUSALS: [Refusal; 7] = [
    Refusal::Moved,
    Refusal::Ask,
    Refusal::Text("TRYAGAIN Multiple keys request during rehashing of slot"),
    Refusal::Text("CLUSTERDOWN The cluster is down"),
    Refusal::Text("READONLY You can't write against a read only replica."),
    Refusal::Text("LOADING Redis is loading the dataset in memory"),
    Refusal::Text("MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'."),
];

/// Two nodes, of which the first refuses once, at the place that `is_at` tells; a client of them, and a key of the first.
async fn refusing(
    how: Refusal,
    is_at: impl Fn(&Call<'_>) -> bool + Send + 'static,
) -> (FakeCluster, ClusterClient, String) {
    let cluster = FakeCluster::start(2, move |call| {
        // EXEC of the handshake has no key.
        let refuses = call.node() == 0 && is_at(call) && call.key().is_some() && call.once("refused");
        refuses.then(|| match how {
            Refusal::Moved => {
                let slot = call.slot();
                call.assign(slot..=slot, 1);
                call.moved(1)
            }
            Refusal::Ask => call.ask(1),
            // EXEC answers by a code of its own only what is about slots.
            Refusal::Text(text) if call.name() == "EXEC" && !text.starts_with(['T', 'C']) => {
                reply::error(&format!("EXECABORT Transaction discarded because of: {text}"))
            }
            Refusal::Text(text) => reply::error(text),
        })
    })
    .await;
    let client = ClusterClient::connect(&cluster.url()).await.unwrap();
    let key = cluster.key_on(0, "k");
    (cluster, client, key)
}

/// The commands that a node received on behalf of callers, by their names.
fn names(cluster: &FakeCluster, node: usize) -> Vec<String> {
    let received = cluster.received(node).into_iter().map(|mut words| words.remove(0));
    let mut names: Vec<_> = received.filter(|name| name != "CLUSTER" && name != "UNWATCH").collect();
    let handshake = ["PING", "MULTI", "EXEC"];
    while let Some(at) = names.windows(3).position(|names| names == handshake) {
        names.drain(at..at + 3);
    }
    names
}

#[tokio::test]
async fn a_refused_command_is_sent_again_where_it_belongs() {
    for how in REFUSALS {
        let (cluster, client, key) = refusing(how, |call| call.name() == "GET").await;
        assert_eq!(client.get::<String>(&key).await.unwrap().as_deref(), Some("v"), "{how:?}");
        let (first, second) = (names(&cluster, 0), names(&cluster, 1));
        match how {
            Refusal::Moved => assert_eq!((first, second), (vec!["GET".into()], vec!["GET".into()])),
            Refusal::Ask => assert_eq!((first, second), (vec!["GET".into()], vec!["ASKING".into(), "GET".into()])),
            Refusal::Text(_) => assert_eq!((first, second.len()), (vec!["GET".into(), "GET".into()], 0), "{how:?}"),
        }
        // The map has learned of a move, and of nothing else.
        cluster.clear();
        client.get::<String>(&key).await.unwrap();
        let node = usize::from(how == Refusal::Moved);
        assert_eq!(names(&cluster, node), ["GET"], "{how:?}");
    }
}

#[tokio::test]
async fn a_refused_transaction_is_sent_again_as_a_whole() {
    let places: [fn(&Call<'_>) -> bool; 3] =
        [|call| call.queued() == Some(1), |call| call.queued() == Some(2), |call| call.name() == "EXEC"];
    for how in REFUSALS {
        for (place, is_at) in places.into_iter().enumerate() {
            let (cluster, client, key) = refusing(how, is_at).await;
            let hlist_pat![hits, value] = client.pipeline().incr(&key).get::<String>(&key).execute().await.unwrap();
            assert_eq!((hits, value.as_deref()), (1, Some("v")), "{how:?} at {place}");
            let whole = ["MULTI", "INCR", "GET", "EXEC"];
            assert_eq!(names(&cluster, 0)[..4], whole, "{how:?} at {place}");
            let again = match how {
                Refusal::Moved => names(&cluster, 1),
                Refusal::Ask => {
                    let received = names(&cluster, 1);
                    assert_eq!(received[0], "ASKING");
                    received[1..].to_vec()
                }
                Refusal::Text(_) => names(&cluster, 0)[4..].to_vec(),
            };
            assert_eq!(again, whole, "{how:?} at {place}");
        }
    }
}

#[tokio::test]
async fn a_refused_watch_is_sent_where_its_slot_is_and_stays_there() {
    for how in REFUSALS {
        let (cluster, client, key) = refusing(how, |call| call.name() == "WATCH").await;
        let mut watching = client.pipeline().watch(&key).await.unwrap();
        assert_eq!(watching.get::<String>(&key).await.unwrap().as_deref(), Some("v"), "{how:?}");
        let outcome = watching.multi().incr(&key).execute().await.unwrap();
        assert!(matches!(outcome, Outcome::Committed(hlist_pat![1])), "{how:?}: {outcome:?}");
        let expected: &[&str] = match how {
            Refusal::Moved => &["WATCH", "GET", "MULTI", "INCR", "EXEC"],
            Refusal::Ask => &["ASKING", "WATCH", "ASKING", "GET", "ASKING", "MULTI", "INCR", "EXEC"],
            Refusal::Text(_) => continue,
        };
        assert_eq!(names(&cluster, 1), expected, "{how:?}");
    }
}

#[tokio::test]
async fn a_refusal_behind_a_watch_is_a_conflict_and_the_next_attempt_commits() {
    let places: [(&str, fn(&Call<'_>) -> bool); 4] = [
        ("read", |call| call.name() == "GET" && !call.is_in_transaction()),
        ("queued", |call| call.queued() == Some(1)),
        ("last queued", |call| call.queued() == Some(2)),
        ("EXEC", |call| call.name() == "EXEC"),
    ];
    for how in REFUSALS {
        for (place, is_at) in places {
            let (cluster, client, key) = refusing(how, is_at).await;
            let mut watching = client.pipeline().watch(&key).await.unwrap();
            let read = watching.get::<String>(&key).await;
            if place == "read" {
                let error = read.unwrap_err();
                assert!(matches!(error, Error::WatchLost { .. }) && !error.may_have_run(), "{how:?}: {error:?}");
                drop(watching);
            } else {
                let outcome = watching.multi().incr(&key).incr(&key).execute().await.unwrap();
                assert!(matches!(outcome, Outcome::Conflict), "{how:?} at {place}: {outcome:?}");
            }
            assert_eq!(client.metrics().pool_in_use, 0, "{how:?} at {place}");
            // A second refusal, to a transaction that is tried again by itself.
            drop((cluster, client));
            let (_cluster, client, key) = refusing(how, is_at).await;
            let hlist_pat![_, hits] = client
                .transaction(&key, async |mut tx| {
                    tx.get::<String>(&key).await?;
                    Ok(tx.multi().incr(&key).incr(&key))
                })
                .await
                .unwrap();
            assert_eq!(hits, 1, "{how:?} at {place}: the scripted node counts nothing");
        }
    }
}

#[tokio::test]
async fn a_queue_without_a_key_asks_for_one_of_the_watched_slot() {
    for how in REFUSALS {
        let (cluster, client, key) = refusing(how, |call| call.queued() == Some(1)).await;
        let watching = client.pipeline().watch(&key).await.unwrap();
        let outcome = watching.multi().echo::<String>("x").execute().await.unwrap();
        assert!(matches!(outcome, Outcome::Conflict), "{how:?}: {outcome:?}");
        assert_eq!(names(&cluster, 0), ["WATCH", "MULTI", "EXISTS", "ECHO", "EXEC"], "{how:?}");
    }
    let (_cluster, client, key) = refusing(Refusal::Ask, |_| false).await;
    let watching = client.pipeline().watch(&key).await.unwrap();
    let outcome = watching.multi().echo::<String>("x").execute().await.unwrap();
    assert!(matches!(outcome, Outcome::Committed(_)), "the lookup's reply is taken out: {outcome:?}");
    let watching = client.pipeline().watch(&key).await.unwrap();
    assert!(matches!(watching.multi().execute().await.unwrap(), Outcome::Committed(_)));
}

#[tokio::test]
async fn of_a_pipeline_only_what_was_refused_is_sent_again() {
    for how in REFUSALS {
        let (cluster, client, key) = refusing(how, |call| call.name() == "INCR").await;
        let other = cluster.key_on(1, "o");
        let queue = client.pipeline().without_transaction();
        let queue = queue.get::<String>(&key).get::<String>(&other).incr(&key).incrby(&other, 2).get::<String>(&key);
        let hlist_pat![a, b, c, d, e] = queue.execute().await.unwrap();
        assert_eq!((a.is_some(), b.is_some(), c, d, e.is_some()), (true, true, 1, 1, true), "{how:?}");
        let count = |command: &str| cluster.count(0, command) + cluster.count(1, command);
        // The last GET is behind the move of its slot, so it is refused too.
        let gets = if how == Refusal::Moved { 4 } else { 3 };
        assert_eq!((count("GET"), count("INCR"), count("INCRBY")), (gets, 2, 1), "{how:?}");
    }
}

#[tokio::test]
async fn many_commands_that_are_redirected_at_once_are_one_hop() {
    let cluster = FakeCluster::start(2, |_| None).await;
    let client = ClusterClient::connect(&cluster.url()).await.unwrap();
    let keys: Vec<String> = (0..200).map(|number| format!("k:{number}")).collect();
    client.mget::<String>(&*keys).await.unwrap();
    cluster.assign(0..=16383, 1);
    let values = client.mget::<String>(&*keys).await.unwrap();
    assert!(values.iter().all(Option::is_some), "{values:?}");
    cluster.assign(0..=16383, 0);
    let queue = client.pipeline().without_transaction();
    let hlist_pat![values] = queue.each(&keys, |p, key| p.get::<String>(key)).execute().await.unwrap();
    assert!(values.iter().all(Option::is_some), "{values:?}");
}

#[tokio::test]
async fn a_prepared_batch_for_all_nodes_is_refused_where_one_node_runs_it() {
    let cluster = FakeCluster::start(2, |_| None).await;
    let client = ClusterClient::connect(&cluster.url()).await.unwrap();
    let batch = pipeline! { incr("k"); dbsize() };
    let error = batch.execute(&client).await.unwrap_err();
    assert!(matches!(&error, Error::Argument { at, .. } if at.name == "DBSIZE"), "{error:?}");
    let watching = client.pipeline().watch("k").await.unwrap();
    let error = batch.execute(watching).await.unwrap_err();
    assert!(matches!(&error, Error::Argument { at, .. } if at.name == "DBSIZE"), "{error:?}");
    assert_eq!(cluster.count(0, "DBSIZE") + cluster.count(1, "DBSIZE"), 0);
    let (_, size) = batch.execute(client.pipeline().without_transaction()).await.unwrap();
    assert_eq!(size % 2, 0, "the sum of both nodes");
}

#[tokio::test]
async fn a_script_is_followed_by_redirects_of_its_own_slot_alone() {
    let script = Script::new("return redis.call('GET', KEYS[1])");
    let (cluster, client, key) = refusing(Refusal::Moved, |call| call.name() == "EVALSHA").await;
    client.script::<typedis::Value>(&script, &key, ()).await.unwrap();
    assert_eq!((cluster.count(0, "EVALSHA"), cluster.count(1, "EVALSHA")), (1, 1));
    assert!(cluster.count(1, "SCRIPT LOAD") + cluster.count(1, "SCRIPT") > 0, "loaded where it runs");
    // A script may word any error after it has written.
    for text in ["MOVED 1 127.0.0.1:1", "CLUSTERDOWN said the script", "READONLY said the script"] {
        let (cluster, client, key) = refusing(Refusal::Text(text), |call| call.name() == "EVALSHA").await;
        let error = client.script::<typedis::Value>(&script, &key, ()).await.unwrap_err();
        assert!(matches!(&error, Error::Server { error, .. } if error.message() == text), "{error:?}");
        assert!(error.may_have_run());
        assert_eq!(cluster.count(0, "EVALSHA") + cluster.count(1, "EVALSHA"), 1, "{text}");
    }
}

#[tokio::test]
async fn a_circle_of_redirects_ends() {
    let cluster = FakeCluster::start(2, |call| (call.name() == "GET").then(|| call.moved(1 - call.node()))).await;
    let client = ClusterClient::connect(&cluster.url()).await.unwrap();
    let error = client.get::<String>(cluster.key_on(0, "k")).await.unwrap_err();
    assert!(matches!(&error, Error::Server { error, .. } if error.code() == "MOVED"), "{error:?}");
    assert!(!error.may_have_run());
    let asked = cluster.count(0, "GET") + cluster.count(1, "GET");
    assert!((2..=20).contains(&asked), "{asked}");
}

#[tokio::test]
async fn a_command_that_is_redirected_to_a_node_that_is_gone_did_not_run() {
    let mut cluster =
        FakeCluster::start(2, |call| (call.node() == 0 && call.name() == "INCR").then(|| call.moved(1))).await;
    let config = Config::from_url(&cluster.url_of(0)).unwrap().response_timeout(Duration::from_millis(300));
    let client = ClusterClient::open(config).await.unwrap();
    cluster.stop(1).await;
    let began = Instant::now();
    let error = client.incr(cluster.key_on(0, "k")).await.unwrap_err();
    assert!(!error.may_have_run(), "{error:?}");
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_redirect_is_followed_however_long_the_request_waited_to_be_sent() {
    let response_timeout = Duration::from_millis(200);
    let cluster = FakeCluster::start(2, |call| {
        let is_late = call.name() == "WATCH" && call.key().is_some_and(|key| key.ends_with(":late"));
        (call.node() == 0 && is_late).then(|| {
            let slot = call.slot();
            call.assign(slot..=slot, 1);
            call.moved(1)
        })
    })
    .await;
    let config = Config::from_url(&cluster.url_of(0)).unwrap().pool_size(1).response_timeout(response_timeout);
    let client = ClusterClient::open(config).await.unwrap();
    let held = client.pipeline().watch(cluster.key_on(0, "early")).await.unwrap();
    let late = cluster.key_on(0, "late");
    let (watched, ()) = tokio::join!(client.pipeline().watch(&late), async {
        tokio::time::sleep(2 * response_timeout).await;
        held.reset().await;
    });
    assert_eq!(watched.unwrap().get::<String>(&late).await.unwrap().as_deref(), Some("v"));
    assert_eq!(names(&cluster, 1), ["WATCH", "GET"]);
}

#[tokio::test]
async fn a_node_that_refuses_for_ever_is_asked_for_the_callers_time_and_no_longer() {
    for text in ["TRYAGAIN Multiple keys request during rehashing of slot", "CLUSTERDOWN The cluster is down"] {
        let cluster = FakeCluster::start(2, move |call| (call.name() == "GET").then(|| reply::error(text))).await;
        let config = Config::from_url(&cluster.url()).unwrap().response_timeout(Duration::from_millis(400));
        let client = ClusterClient::open(config).await.unwrap();
        let began = Instant::now();
        let error = client.get::<String>("k").await.unwrap_err();
        assert!(matches!(&error, Error::Server { error, .. } if error.message() == text), "{error:?}");
        assert!(!error.may_have_run());
        let took = began.elapsed();
        assert!(took >= Duration::from_millis(400) && took < Duration::from_secs(5), "{took:?}");
    }
}

#[tokio::test]
async fn a_redirect_without_a_host_leads_to_the_host_that_answered() {
    for endpoint in [Endpoint::Null, Endpoint::Text(String::new()), Endpoint::Text("?".into())] {
        let cluster = FakeCluster::start(2, |_| None).await;
        cluster.set_endpoint(1, endpoint.clone());
        let client = ClusterClient::connect(&cluster.url_of(0)).await.unwrap();
        let key = cluster.key_on(0, "k");
        client.get::<String>(&key).await.unwrap();
        cluster.assign(0..=16383, 1);
        assert_eq!(client.get::<String>(&key).await.unwrap().as_deref(), Some("v"), "{endpoint:?}");
        assert_eq!(cluster.count(1, "GET"), 1, "{endpoint:?}");
    }
}

#[tokio::test]
async fn a_future_that_is_dropped_anywhere_leaves_nothing_on_a_connection() {
    for polls in 1..12 {
        for how in [Refusal::Moved, Refusal::Ask, REFUSALS[2]] {
            let (cluster, client, key) = refusing(how, |call| matches!(&*call.name(), "WATCH" | "EXEC" | "GET")).await;
            drop_after(client.get::<String>(&key), polls).await;
            drop_after(client.pipeline().incr(&key).get::<String>(&key).execute(), polls).await;
            let transaction = async {
                let mut watching = client.pipeline().watch(&key).await?;
                watching.get::<String>(&key).await?;
                watching.multi().incr(&key).execute().await
            };
            drop_after(transaction, polls).await;
            drop_after(client.pipeline().without_transaction().incr(&key).incr("other").execute(), polls).await;
            // What follows on the same connections gets its own replies.
            for _ in 0..3 {
                assert_eq!(client.get::<String>(&key).await.unwrap().as_deref(), Some("v"));
                let hlist_pat![hits] = client.pipeline().incr(&key).execute().await.unwrap();
                assert_eq!(hits, 1);
                let mut watching = client.pipeline().watch(&key).await.unwrap();
                assert!(watching.get::<String>(&key).await.unwrap().is_some());
                let outcome = watching.multi().get::<String>(&key).execute().await.unwrap();
                assert!(matches!(outcome, Outcome::Committed(hlist_pat![Some(_)])), "{how:?} {polls}: {outcome:?}");
            }
            client.close().await;
            for commands in (0..2).flat_map(|node| cluster.received_by_connection(node)) {
                let mut watched = false;
                for words in &commands {
                    match &*words[0] {
                        // A watch of an earlier owner would guard the transaction of a later one.
                        "WATCH" => assert!(!std::mem::replace(&mut watched, true), "{how:?} {polls}: {commands:?}"),
                        "EXEC" | "UNWATCH" => watched = false,
                        _ => {}
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn behind_asking_a_failure_is_that_of_the_first_command_without_a_reply() {
    let hangs_up_at = |place: usize| {
        FakeCluster::start(2, move |call| match call.node() {
            0 if call.queued() == Some(1) => Some(call.ask(1)),
            1 if call.queued() == Some(place) => Some(HANG_UP.to_vec()),
            _ => None,
        })
    };
    for (place, name) in [(1, "GET"), (2, "INCR"), (3, "SET")] {
        let cluster = hangs_up_at(place).await;
        let client = ClusterClient::connect(&cluster.url_of(0)).await.unwrap();
        let key = cluster.key_on(0, "k");
        let queue = client.pipeline().get::<String>(&key).incr(&key).set(&key, 1);
        let error = queue.execute().await.unwrap_err();
        let Error::OutcomeUnknown { at, .. } = &error else { panic!("another error: {error:?}") };
        assert_eq!((at.number, at.name), (place, name), "{error}");
        assert_eq!(cluster.count(1, "ASKING"), 1);
    }
    // The same with a script before it, and on a watched connection.
    let script = Script::<i64>::new("return 1");
    let cluster = hangs_up_at(2).await;
    let client = ClusterClient::connect(&cluster.url_of(0)).await.unwrap();
    let key = cluster.key_on(0, "k");
    let error = client.pipeline().get::<String>(&key).script::<i64>(&script, &key, ()).execute().await.unwrap_err();
    assert!(matches!(&error, Error::OutcomeUnknown { at, .. } if at.number == 2), "{error:?}");
    let cluster = FakeCluster::start(2, |call| match call.node() {
        0 if call.name() == "WATCH" => Some(call.ask(1)),
        1 if call.queued() == Some(2) => Some(HANG_UP.to_vec()),
        _ => None,
    })
    .await;
    let client = ClusterClient::connect(&cluster.url_of(0)).await.unwrap();
    let watching = client.pipeline().watch(&key).await.unwrap();
    let error = watching.multi().get::<String>(&key).incr(&key).set(&key, 1).execute().await.unwrap_err();
    assert!(matches!(&error, Error::OutcomeUnknown { at, .. } if at.number == 2), "{error:?}");
}

#[tokio::test]
async fn a_lookup_that_was_added_counts_in_no_position() {
    for (place, at) in [(1, "ECHO 1"), (2, "ECHO 1"), (3, "ECHO 2"), (4, "EXEC 0")] {
        let cluster = FakeCluster::start(1, move |call| {
            let is_at = call.queued() == Some(place) || place == 4 && call.name() == "EXEC" && call.key().is_some();
            is_at.then(|| HANG_UP.to_vec())
        })
        .await;
        let client = ClusterClient::connect(&cluster.url()).await.unwrap();
        let watching = client.pipeline().watch("k").await.unwrap();
        let error = watching.multi().echo::<String>("x").echo::<String>("y").execute().await.unwrap_err();
        let Error::OutcomeUnknown { at: seen, .. } = &error else { panic!("another error: {error:?}") };
        assert_eq!(format!("{} {}", seen.name, seen.number), at, "lost at {place}");
    }
}

#[tokio::test]
async fn a_refused_watch_gives_its_place_in_the_pool_to_others_while_it_waits() {
    let cluster = FakeCluster::start(1, |call| {
        let refuses = call.name() == "WATCH" && call.key().is_some_and(|key| key.ends_with(":refused"));
        refuses.then(|| reply::error("CLUSTERDOWN The cluster is down"))
    })
    .await;
    let config = Config::from_url(&cluster.url()).unwrap().pool_size(1).response_timeout(Duration::from_secs(20));
    let client = ClusterClient::open(config).await.unwrap();
    let refused = client.pipeline().watch(cluster.key_on(0, "refused"));
    let others = async {
        while cluster.count(0, "WATCH") == 0 || client.metrics().pool_in_use > 0 {
            tokio::task::yield_now().await;
        }
        let watching = client.pipeline().watch(cluster.key_on(0, "other")).await.unwrap();
        watching.multi().incr(cluster.key_on(0, "other")).execute().await.unwrap()
    };
    tokio::select! {
        refused = refused => panic!("it is refused for ever: {refused:?}"),
        committed = others => assert!(matches!(committed, Outcome::Committed(_))),
    }
}
