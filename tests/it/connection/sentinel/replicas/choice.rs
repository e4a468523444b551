//! The choice of a replica.

use super::{Set, read, standalone};
use crate::connection::runtimes::without_runtime;
use crate::support::{client, eventually};
use std::time::Duration;
use typedis::{Client, Error, Protocol, error::SentinelErrorKind, hlist_pat, pipeline, prelude::*};

#[tokio::test]
async fn replicas_are_asked_in_turn_and_need_no_readonly() {
    let set = Set::new(2).await;
    let client = Client::open(set.config().database(3)).await.unwrap();
    client.set("k", "v").await.unwrap();
    let replicas = client.replicas();
    let (asked, opened) = (set.sentinel.questions_for_replicas(), set.servers.connections(1));
    assert_eq!((asked, opened), (0, 0), "before the first read");
    read(&replicas, 10).await;
    assert_eq!(set.gets(), [0, 5, 5]);
    for replica in [1, 2] {
        assert_eq!(set.servers.count(replica, "READONLY"), 0);
        assert_eq!(set.servers.count(replica, "SELECT 3"), 1);
        assert_eq!(set.servers.connections(replica), 1);
    }
    client.set("k", "w").await.unwrap();
    assert_eq!(set.servers.count(0, "SET"), 2);
    // The primary, and both replicas.
    assert_eq!(client.metrics().connections, 3);
}

#[tokio::test]
async fn clients_that_are_made_for_one_read_each_take_turns() {
    let set = Set::new(2).await;
    let client = set.client().await;
    for _ in 0..6 {
        client.replicas().get::<String>("k").await.unwrap();
    }
    assert_eq!(set.gets(), [0, 3, 3]);
}

#[tokio::test]
async fn a_pipeline_of_which_a_later_command_is_refused_is_answered_by_another_replica() {
    let set = Set::with(2, |call| {
        let is_stale = call.node() == 1 && call.name() == "STRLEN";
        if is_stale { Some(b"-MASTERDOWN Link with MASTER is down\r\n".to_vec()) } else { standalone(call) }
    })
    .await;
    let client = set.client().await;
    for _ in 0..4 {
        let queue = client.replicas().pipeline().without_transaction();
        let hlist_pat![value, length] = queue.get::<String>("k").strlen("k").execute().await.unwrap();
        assert_eq!((value.as_deref(), length), (Some("v"), 1));
    }
    assert_eq!(set.servers.count(0, "STRLEN"), 0);
}

#[tokio::test]
async fn a_first_read_on_its_way_outlives_its_client() {
    let set = Set::new(1).await;
    let client = set.client().await;
    let reading = client.replicas().pipeline().get::<String>("k").execute();
    drop(client);
    let hlist_pat![value] = reading.await.unwrap();
    assert_eq!(value.as_deref(), Some("v"));
    set.sentinel.has_no_connection().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_read_from_outside_of_any_runtime_learns_of_the_replicas() {
    let set = Set::new(1).await;
    let client = set.client().await;
    let replicas = client.replicas();
    let outside =
        std::thread::spawn(move || without_runtime(async move { replicas.get::<String>("k").await.unwrap() }));
    assert_eq!(outside.join().unwrap().as_deref(), Some("v"));
    assert_eq!(set.gets(), [0, 1]);
}

/// There are no slots, so keys of any kind are asked of one server at a time.
#[tokio::test]
async fn a_pipeline_goes_to_one_replica_as_a_whole() {
    let set = Set::new(2).await;
    let client = set.client().await;
    let replicas = client.replicas();
    let (one, length) = pipeline! { replicas => get::<String>("one"); strlen("two") }.unwrap();
    assert_eq!((one.as_deref(), length), (Some("v"), 1));
    let queue = replicas.pipeline().without_transaction();
    let hlist_pat![one, two] = queue.get::<String>("one").get::<String>("two").execute().await.unwrap();
    assert_eq!((one.as_deref(), two.as_deref()), (Some("v"), Some("v")));
    let values = replicas.mget::<String>(["one", "two"]).await.unwrap();
    assert_eq!(values.iter().flatten().count(), 2);
    let transaction = vec![vec!["MULTI"], vec!["GET", "one"], vec!["STRLEN", "two"], vec!["EXEC"]];
    let plain = vec![vec!["GET", "one"], vec!["GET", "two"]];
    let mut received: Vec<_> = [1, 2].map(|replica| of_reads(&set, replica)).into();
    received.sort_by_key(Vec::len);
    assert_eq!(received, [plain, [transaction, vec![vec!["MGET", "one", "two"]]].concat()]);
    assert_eq!(of_reads(&set, 0), Vec::<Vec<String>>::new());
}

/// What a server received behind the handshake, which ends with an empty transaction.
fn of_reads(set: &Set, server: usize) -> Vec<Vec<String>> {
    let received = set.servers.received(server);
    let begin =
        received.windows(2).rposition(|pair| pair[0] == ["MULTI"] && pair[1] == ["EXEC"]).map_or(0, |at| at + 2);
    received[begin..].iter().filter(|words| words[0] != "PING").cloned().collect()
}

#[tokio::test]
async fn the_nearest_replica_is_preferred_when_it_was_measured() {
    let set = Set::new(3).await;
    let client = set.client().await;
    for (replica, delay) in [(1, 40), (2, 10), (3, 40)] {
        set.servers.delay(replica, Duration::from_millis(delay));
    }
    let nearest = client.replicas().prefer_nearest();
    eventually("the nearest replica answers", async || {
        set.servers.clear();
        read(&nearest, 3).await;
        set.gets() == [0, 0, 3, 0]
    })
    .await;
    set.servers.clear();
    read(&client.replicas(), 3).await;
    assert_eq!(set.gets(), [0, 1, 1, 1]);
}

#[tokio::test]
async fn replicas_of_a_zone_are_preferred() {
    // HELLO tells the zone, or INFO where HELLO is not sent.
    for protocol in [Protocol::Resp3, Protocol::Resp2] {
        let set = Set::new(3).await;
        for (replica, zone) in [(1, "a"), (2, "b"), (3, "b")] {
            set.servers.set_own_zone(replica, zone);
        }
        let client = Client::open(set.config().protocol(protocol)).await.unwrap();
        let in_b = client.replicas().prefer_zone("b");
        eventually("the zones are known", async || {
            set.servers.clear();
            read(&in_b, 4).await;
            set.gets() == [0, 0, 2, 2]
        })
        .await;
        set.servers.clear();
        read(&client.replicas().prefer_zone("a"), 4).await;
        assert_eq!(set.gets(), [0, 4, 0, 0]);
        set.servers.clear();
        read(&client.replicas().prefer_zone("none"), 3).await;
        assert_eq!(set.gets(), [0, 1, 1, 1]);
    }
}

#[tokio::test]
async fn without_a_replica_the_primary_answers_or_an_error() {
    let set = Set::new(0).await;
    let client = set.client().await;
    read(&client.replicas(), 2).await;
    assert_eq!(set.gets(), [2]);
    let strict = client.replicas().without_primary();
    for error in [
        strict.get::<String>("k").await.unwrap_err(),
        strict.pipeline().get::<String>("k").execute().await.unwrap_err(),
        strict.pipeline().without_transaction().get::<String>("k").execute().await.unwrap_err(),
    ] {
        match &error {
            Error::Sentinel { kind: SentinelErrorKind::NoReplica, address, reason } => {
                assert_eq!(**address, set.servers.addr(0).to_string());
                assert!(reason.contains("without_primary"), "{error}");
            }
            _ => panic!("{error:?}"),
        }
        assert!(!error.may_have_run());
    }
    assert_eq!(set.gets(), [2]);
}

#[tokio::test]
async fn a_cursor_is_read_by_the_primary_that_gave_it() {
    let set = Set::new(2).await;
    let client = set.client().await;
    for _ in 0..3 {
        client.replicas().sscan::<String>("k", 7).await.unwrap();
        client.replicas().scan::<String>(7).await.unwrap();
    }
    for command in ["SSCAN", "SCAN"] {
        assert_eq!([0, 1, 2].map(|server| set.servers.count(server, command)), [3, 0, 0], "{command}");
    }
    let error = client.replicas().without_primary().sscan::<String>("k", 7).await.unwrap_err();
    assert!(matches!(&error, Error::Argument { reason, .. } if reason.contains("cursor")), "{error:?}");
}

#[tokio::test]
async fn a_client_of_one_server_has_no_replicas() {
    let (_server, client) = client().await;
    let replicas = client.replicas().prefer_nearest();
    for error in [
        replicas.get::<String>("k").await.unwrap_err(),
        replicas.pipeline().get::<String>("k").execute().await.unwrap_err(),
        replicas.pipeline().without_transaction().get::<String>("k").execute().await.unwrap_err(),
    ] {
        match &error {
            Error::Config(reason) => assert!(reason.contains("redis+sentinel://"), "{error}"),
            _ => panic!("{error:?}"),
        }
        assert!(!error.may_have_run());
    }
    replicas.pipeline().get::<String>("k").discard().await.set("k", 1).execute().await.unwrap();
}

#[tokio::test]
async fn nothing_is_read_from_the_replicas_of_a_client_that_was_closed() {
    let set = Set::new(1).await;
    for reads_before in [false, true] {
        let client = set.client().await;
        let replicas = client.replicas();
        if reads_before {
            read(&replicas, 1).await;
        }
        client.close().await;
        assert!(matches!(replicas.get::<String>("k").await, Err(Error::Closed)));
        assert!(matches!(client.replicas().get::<String>("k").await, Err(Error::Closed)));
        set.sentinel.has_no_connection().await;
    }
    assert_eq!(set.gets(), [0, 1]);
    // One that is dropped leaves nothing either.
    let client = set.client().await;
    let replicas = client.replicas();
    read(&replicas, 1).await;
    drop((client, replicas));
    set.sentinel.has_no_connection().await;
}
