//! Replicas of real servers behind real Sentinels.

use crate::support::{calls, eventually};
use std::time::Duration;
use typedis::{Client, Config, hlist_pat, pipeline, prelude::*};
use typedis_testing::{SentinelSet, Server};

async fn start() -> (SentinelSet, Client) {
    let set = SentinelSet::builder().replicas(2).start().await;
    let config = Config::from_url(&set.url()).unwrap().response_timeout(Duration::from_secs(3));
    let client = Client::open(config).await.unwrap();
    (set, client)
}

async fn gets(servers: &[Server]) -> Vec<u64> {
    let mut gets = Vec::new();
    for server in servers {
        gets.push(calls(server, "get").await);
    }
    gets
}

#[tokio::test]
async fn reads_go_to_replicas_and_on_when_one_is_lost_or_takes_over() {
    let (set, client) = start().await;
    let replicas = client.replicas();
    client.set("k", 7).await.unwrap();
    for server in &set.servers()[1..] {
        eventually("the replicas have the key", async || {
            server.raw().await.command(["EXISTS", "k"]).await.integer() == 1
        })
        .await;
    }
    for _ in 0..10 {
        assert_eq!(replicas.get::<i64>("k").await.unwrap(), Some(7));
    }
    assert_eq!(gets(set.servers()).await, [0, 5, 5]);
    let (value, length) = pipeline! { replicas => get::<i64>("k"); strlen("k") }.unwrap();
    assert_eq!((value, length), (Some(7), 1));
    let queue = replicas.pipeline().without_transaction();
    let hlist_pat![value, size] = queue.get::<i64>("k").dbsize().execute().await.unwrap();
    assert_eq!((value, size), (Some(7), 1));
    assert_eq!(gets(set.servers()).await.first(), Some(&0));

    set.servers()[1].kill9();
    for _ in 0..20 {
        assert_eq!(replicas.get::<i64>("k").await.unwrap(), Some(7));
    }
    assert_eq!(calls(&set.servers()[0], "get").await, 0);
    set.servers()[1].restart().await;
    set.wait_for_replica(&set.servers()[1]).await;

    let old = set.primary().await;
    old.kill9();
    let reading = async {
        for _ in 0..200 {
            assert_eq!(replicas.get::<i64>("k").await.unwrap(), Some(7));
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let (new, ()) = tokio::join!(set.primary_after(old), reading);
    assert_eq!(client.get::<i64>("k").await.unwrap(), Some(7));
    let other = set.servers()[1..].iter().find(|server| server.port() != new.port()).unwrap();
    eventually("the replica that is left is asked, and the new primary is not", async || {
        let before = (calls(new, "get").await, calls(other, "get").await);
        for _ in 0..4 {
            assert_eq!(replicas.get::<i64>("k").await.unwrap(), Some(7));
        }
        (calls(new, "get").await, calls(other, "get").await) == (before.0, before.1 + 4)
    })
    .await;
    client.close().await;
}

#[tokio::test]
async fn the_zone_of_a_replica_is_learned_from_its_server() {
    let (set, client) = start().await;
    for (server, zone) in set.servers().iter().zip(["one", "two", "three"]) {
        let reply = server.raw().await.command(["CONFIG", "SET", "availability-zone", zone]).await;
        if reply.is_error() {
            return println!("skipped: {reply:?}");
        }
    }
    let three = client.replicas().prefer_zone("three");
    let read = async |times| {
        for _ in 0..times {
            three.get::<i64>("k").await.unwrap();
        }
    };
    eventually("the zones are known", async || {
        let before = gets(set.servers()).await;
        read(4).await;
        gets(set.servers()).await[..2] == before[..2]
    })
    .await;
    let before = gets(set.servers()).await;
    read(10).await;
    assert_eq!(gets(set.servers()).await, [before[0], before[1], before[2] + 10]);
}
