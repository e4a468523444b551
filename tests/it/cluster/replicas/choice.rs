//! The choice of a replica.

use super::{eventually, gets, read, scripted};
use std::time::Duration;
use typedis::{Config, Error, Protocol, hlist_pat, pipeline, prelude::*};
use typedis_testing::Call;

#[tokio::test]
async fn replicas_are_asked_in_turn_behind_readonly() {
    let (set, client) = scripted(1, 2, |_| None).await;
    let key = set.key_on(0, "k");
    read(&client.replicas(), &key, 10).await;
    assert_eq!(gets(&set, 3), [0, 5, 5]);
    assert_eq!([0, 1, 2].map(|node| set.count(node, "READONLY")), [0, 1, 1]);
    client.set(&key, "w").await.unwrap();
    assert_eq!(set.count(0, "SET"), 1);
}

#[tokio::test]
async fn pipelines_and_transactions_go_to_replicas() {
    let (set, client) = scripted(2, 1, |_| None).await;
    let replicas = client.replicas();
    let (first, second) = (set.key_on(0, "a"), set.key_on(1, "a"));
    let hlist_pat![one, two] =
        replicas.pipeline().without_transaction().get::<String>(&first).get::<String>(&second).execute().await.unwrap();
    assert_eq!((one.as_deref(), two.as_deref()), (Some("v"), Some("v")));
    assert_eq!(gets(&set, 4), [0, 0, 1, 1]);
    let values = replicas.mget::<String>([&first, &second, &first]).await.unwrap();
    assert_eq!(values.iter().flatten().count(), 3);
    assert_eq!([0, 1, 2, 3].map(|node| set.count(node, "MGET")), [0, 0, 1, 1]);
    assert_eq!(replicas.dbsize().await.unwrap(), 2);
    assert_eq!([0, 1, 2, 3].map(|node| set.count(node, "DBSIZE")), [0, 0, 1, 1]);

    set.clear();
    let (one, length) = pipeline! { replicas => get::<String>(&second); strlen(&second) }.unwrap();
    assert_eq!((one.as_deref(), length), (Some("v"), 1));
    assert_eq!(set.received(3), [["MULTI"].as_slice(), &["GET", &second], &["STRLEN", &second], &["EXEC"]]);
    let error = replicas.pipeline().get::<String>(&first).get::<String>(&second).execute().await.unwrap_err();
    assert!(matches!(error, Error::CrossSlot { .. }), "{error:?}");
}

#[tokio::test]
async fn the_nearest_replica_is_preferred_when_it_was_measured() {
    let (set, client) = scripted(1, 3, |_| None).await;
    let key = set.key_on(0, "k");
    for (node, delay) in [(1, 40), (2, 10), (3, 40)] {
        set.delay(node, Duration::from_millis(delay));
    }
    let nearest = client.replicas().prefer_nearest();
    eventually("the nearest replica answers", async || {
        set.clear();
        read(&nearest, &key, 3).await;
        gets(&set, 4) == [0, 0, 3, 0]
    })
    .await;
    set.clear();
    read(&client.replicas(), &key, 3).await;
    assert_eq!(gets(&set, 4), [0, 1, 1, 1]);
}

#[tokio::test]
async fn replicas_of_a_zone_are_preferred() {
    let set = typedis_testing::FakeCluster::with_replicas(1, 3, |_| None).await;
    for (node, zone) in [(1, "a"), (2, "b"), (3, "b")] {
        set.set_zone(node, zone);
    }
    let client = typedis::ClusterClient::connect(&set.url_of(0)).await.unwrap();
    let key = set.key_on(0, "k");
    read(&client.replicas().prefer_zone("b"), &key, 4).await;
    assert_eq!(gets(&set, 4), [0, 0, 2, 2]);
    read(&client.replicas().prefer_zone("a"), &key, 4).await;
    assert_eq!(gets(&set, 4), [0, 4, 2, 2]);
    set.clear();
    read(&client.replicas().prefer_zone("none"), &key, 3).await;
    assert_eq!(gets(&set, 4), [0, 1, 1, 1]);
}

/// As Valkey 8.1 has them.
#[tokio::test]
async fn a_zone_that_the_map_does_not_tell_is_learned_from_the_server() {
    for protocol in [Protocol::Resp3, Protocol::Resp2] {
        let set = typedis_testing::FakeCluster::with_replicas(1, 2, |_| None).await;
        set.set_own_zone(1, "a");
        set.set_own_zone(2, "b");
        let config = Config::from_url(&set.url_of(0)).unwrap().protocol(protocol);
        let client = typedis::ClusterClient::open(config).await.unwrap();
        let key = set.key_on(0, "k");
        let in_b = client.replicas().prefer_zone("b");
        eventually("the zones are known", async || {
            set.clear();
            read(&in_b, &key, 4).await;
            gets(&set, 3) == [0, 0, 4]
        })
        .await;
        set.clear();
        read(&client.replicas().prefer_zone("a"), &key, 4).await;
        assert_eq!(gets(&set, 3), [0, 4, 0]);
    }
}

#[tokio::test]
async fn without_a_replica_the_primary_answers_or_an_error() {
    let (set, client) = scripted(1, 0, |_| None).await;
    let key = set.key_on(0, "k");
    read(&client.replicas(), &key, 2).await;
    assert_eq!((set.count(0, "GET"), set.count(0, "READONLY")), (2, 0));
    let strict = client.replicas().without_primary();
    for error in [
        strict.get::<String>(&key).await.unwrap_err(),
        strict.pipeline().get::<String>(&key).execute().await.unwrap_err(),
    ] {
        match &error {
            Error::Cluster { reason, .. } => assert!(reason.contains("without_primary"), "{error}"),
            _ => panic!("{error:?}"),
        }
        assert!(!error.may_have_run());
    }
    assert_eq!(set.count(0, "GET"), 2);
}

#[tokio::test]
async fn a_cursor_is_read_by_the_primary_that_gave_it() {
    let script = |call: &mut Call<'_>| (call.name() == "SSCAN").then(|| b"*2\r\n$1\r\n0\r\n*0\r\n".to_vec());
    let (set, client) = scripted(1, 2, script).await;
    let key = set.key_on(0, "k");
    for _ in 0..3 {
        client.replicas().sscan::<String>(&key, 7).await.unwrap();
    }
    assert_eq!([0, 1, 2].map(|node| set.count(node, "SSCAN")), [3, 0, 0]);
    let error = client.replicas().without_primary().sscan::<String>(&key, 7).await.unwrap_err();
    assert!(matches!(&error, Error::Argument { reason, .. } if reason.contains("cursor")), "{error:?}");
}

#[tokio::test]
async fn a_pipeline_that_is_given_up_is_one_of_the_client_again() {
    let (set, client) = scripted(1, 1, |_| None).await;
    let key = set.key_on(0, "k");
    let idle = client.replicas().pipeline().get::<String>(&key).discard().await;
    idle.set(&key, 1).execute().await.unwrap();
    assert_eq!((set.count(0, "SET"), set.count(1, "SET")), (1, 0));
}
