//! Replicas of real servers.

use super::eventually;
use crate::support::calls;
use std::time::Duration;
use typedis::{ClusterClient, Config, Error, Script, hlist_pat, pipeline, prelude::*};
use typedis_testing::ClusterSet;

async fn start(replicas: usize) -> (ClusterSet, ClusterClient) {
    let set = ClusterSet::builder().replicas(replicas).start().await;
    let client = ClusterClient::connect(&set.url()).await.unwrap();
    (set, client)
}

#[tokio::test]
async fn reads_of_all_forms_go_to_replicas() {
    for count in [1, 2] {
        let (set, client) = start(count).await;
        let replicas = client.replicas();
        let keys: Vec<String> = (0..30).map(|number| format!("key:{number}")).collect();
        for (number, key) in keys.iter().enumerate() {
            client.set(key, number).await.unwrap();
        }
        let expected: Vec<_> = (0..30).map(Some).collect();
        eventually("the replicas have all keys", async || {
            for _ in 0..count {
                if replicas.mget::<usize>(&*keys).await.unwrap() != expected {
                    return false;
                }
            }
            true
        })
        .await;
        assert_eq!(replicas.get::<i64>("key:7").await.unwrap(), Some(7));
        let (value, length) = pipeline! { replicas => get::<i64>("key:7"); strlen("key:7") }.unwrap();
        assert_eq!((value, length), (Some(7), 1));
        let queue = replicas.pipeline().without_transaction();
        let hlist_pat![values, size] =
            queue.each(&keys, |p, key| p.get::<usize>(key)).dbsize().execute().await.unwrap();
        assert_eq!((values, size), (expected, 30));
        for primary in &set.nodes()[..3] {
            assert_eq!((calls(primary, "get").await, calls(primary, "mget").await), (0, 0));
        }
    }
}

#[tokio::test]
async fn scripts_that_read_run_on_replicas() {
    let (set, client) = start(1).await;
    let replicas = client.replicas();
    client.set("{a}:1", 5).await.unwrap();
    eventually("the replica has the key", async || replicas.exists("{a}:1").await.unwrap() == 1).await;
    if set.node(0).redis_version() >= (7, 0, 0) {
        let script = Script::<i64>::new("return redis.call('GET', KEYS[1])").read_only();
        assert_eq!(replicas.script_ro(&script, "{a}:1", ()).await.unwrap(), 5);
        let hlist_pat![value] = replicas.pipeline().script_ro(&script, "{a}:1", ()).execute().await.unwrap();
        assert_eq!(value, 5);
    }
}

#[tokio::test]
async fn reads_go_on_while_a_replica_is_down_and_when_it_takes_over() {
    let set = ClusterSet::builder().replicas(1).start().await;
    let config = Config::from_url(&set.url()).unwrap().response_timeout(Duration::from_secs(1));
    let client = ClusterClient::open(config).await.unwrap();
    let replicas = client.replicas();
    let key = set.key_on(0, "k").await;
    client.set(&key, 1).await.unwrap();
    eventually("the replica has the key", async || replicas.get::<i64>(&key).await.unwrap() == Some(1)).await;
    let replica = set.replicas_of(set.node(0)).await[0];

    set.failover(replica).await;
    for _ in 0..20 {
        assert_eq!(replicas.get::<i64>(&key).await.unwrap(), Some(1));
    }
    // A write finds that the primary is another one, which a read does not notice.
    client.set(&key, 1).await.unwrap();
    eventually("the old primary serves as the replica", async || {
        assert_eq!(replicas.get::<i64>(&key).await.unwrap(), Some(1));
        calls(set.node(0), "readonly").await > 0
    })
    .await;

    // A replica that stands still is left out once it has cost a read its time.
    set.node(0).freeze();
    for _ in 0..3 {
        match replicas.get::<i64>(&key).await {
            Ok(value) => assert_eq!(value, Some(1)),
            Err(error) => assert!(matches!(error, Error::Timeout { .. }), "{error:?}"),
        }
    }
    assert_eq!(replicas.get::<i64>(&key).await.unwrap(), Some(1));
    set.node(0).thaw();

    set.node(0).kill9();
    for _ in 0..20 {
        assert_eq!(replicas.get::<i64>(&key).await.unwrap(), Some(1));
    }
    client.close().await;
    assert!(matches!(replicas.get::<i64>(&key).await, Err(Error::Closed)));
}

#[tokio::test]
async fn the_zone_of_a_node_is_learned_from_its_server() {
    let set = ClusterSet::builder().primaries(1).replicas(2).start().await;
    for (place, zone) in [(1, "one"), (2, "two")] {
        let reply = set.node(place).raw().await.command(["CONFIG", "SET", "availability-zone", zone]).await;
        if reply.is_error() {
            return println!("skipped: {reply:?}");
        }
    }
    // The map tells the zones since Valkey 9.1, before that each server its own.
    let client = ClusterClient::connect(&set.node(0).url()).await.unwrap();
    let two = client.replicas().prefer_zone("two");
    eventually("the client knows the zones", async || {
        let before = calls(set.node(1), "get").await;
        for _ in 0..4 {
            two.get::<i64>("k").await.unwrap();
        }
        calls(set.node(1), "get").await == before
    })
    .await;
    let before = calls(set.node(2), "get").await;
    for _ in 0..10 {
        two.get::<i64>("k").await.unwrap();
    }
    assert_eq!(calls(set.node(2), "get").await, before + 10);
    tokio::time::timeout(Duration::from_secs(5), client.close()).await.unwrap();
}
