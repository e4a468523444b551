//! Replicas that do not serve a read.

use super::{eventually, gets, read, scripted};
use std::time::{Duration, Instant};
use typedis::{Error, hlist_pat, prelude::*};
use typedis_testing::{Call, hash_slot};

const REFUSALS: [&str; 3] = [
    "-LOADING Redis is loading the dataset in memory\r\n",
    "-MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.\r\n",
    "-CLUSTERDOWN The cluster is down\r\n",
];

#[tokio::test]
async fn another_replica_serves_what_one_refuses() {
    for refusal in REFUSALS {
        let script =
            |call: &mut Call<'_>| (call.node() == 1 && call.name() == "GET").then(|| refusal.as_bytes().to_vec());
        let (set, client) = scripted(1, 2, script).await;
        let (key, replicas) = (set.key_on(0, "k"), client.replicas());
        read(&replicas, &key, 6).await;
        // It is left out for a second once it has refused.
        assert_eq!(gets(&set, 3), [0, 1, 6], "{refusal}");
        let hlist_pat![value] = client.replicas().pipeline().get::<String>(&key).execute().await.unwrap();
        assert_eq!(value.as_deref(), Some("v"));
    }
}

#[tokio::test]
async fn the_primary_serves_what_all_replicas_refuse() {
    for refusal in REFUSALS {
        let script =
            |call: &mut Call<'_>| (call.node() > 1 && call.name() == "GET").then(|| refusal.as_bytes().to_vec());
        let (set, client) = scripted(2, 2, script).await;
        let (one, two) = (set.key_on(0, "k"), set.key_on(1, "k"));
        let replicas = client.replicas();
        read(&replicas, &one, 2).await;
        assert_eq!((set.count(0, "GET"), set.count(0, "READONLY")), (2, 0), "{refusal}");
        let queue = replicas.pipeline().without_transaction().get::<String>(&one).get::<String>(&two);
        let hlist_pat![first, second] = queue.execute().await.unwrap();
        assert_eq!((first.as_deref(), second.as_deref()), (Some("v"), Some("v")));
        let hlist_pat![value] = replicas.pipeline().get::<String>(&two).execute().await.unwrap();
        assert_eq!(value.as_deref(), Some("v"));
    }
}

#[tokio::test]
async fn a_refusal_is_the_answer_when_no_time_is_left_and_the_primary_may_not_answer() {
    let script = |call: &mut Call<'_>| (call.node() == 1 && call.name() == "GET").then(|| REFUSALS[1].into());
    let set = typedis_testing::FakeCluster::with_replicas(1, 1, script).await;
    let config = typedis::Config::from_url(&set.url_of(0)).unwrap().response_timeout(Duration::from_millis(300));
    let client = typedis::ClusterClient::open(config).await.unwrap();
    let begin = Instant::now();
    let error = client.replicas().without_primary().get::<String>(set.key_on(0, "k")).await.unwrap_err();
    assert!(matches!(&error, Error::Server { error, .. } if error.code() == "MASTERDOWN"), "{error:?}");
    assert!(begin.elapsed() < Duration::from_secs(3) && set.count(0, "GET") == 0);
    assert!(set.count(1, "GET") > 1, "it is asked again");
}

#[tokio::test]
async fn moved_leads_to_the_node_of_the_slot_and_the_map_follows() {
    let (set, client) = scripted(2, 1, |_| None).await;
    let (key, replicas) = (set.key_on(0, "k"), client.replicas());
    read(&replicas, &key, 1).await;
    assert_eq!(gets(&set, 4), [0, 0, 1, 0]);
    set.assign(hash_slot(&key)..=hash_slot(&key), 1);
    set.clear();
    read(&replicas, &key, 1).await;
    assert_eq!(gets(&set, 4), [0, 1, 1, 0]);
    eventually("the map says that another replica has the slot", async || {
        set.clear();
        read(&replicas, &key, 1).await;
        gets(&set, 4) == [0, 0, 0, 1]
    })
    .await;
}

#[tokio::test]
async fn ask_is_followed_behind_asking() {
    let script = |call: &mut Call<'_>| (call.node() == 2 && call.name() == "GET").then(|| call.ask(1));
    let (set, client) = scripted(2, 1, script).await;
    let key = set.key_on(0, "k");
    read(&client.replicas(), &key, 1).await;
    assert_eq!(set.received(1).iter().filter(|words| words[0] == "ASKING" || words[0] == "GET").count(), 2);
    let hlist_pat![value] = client.replicas().pipeline().get::<String>(&key).execute().await.unwrap();
    assert_eq!(value.as_deref(), Some("v"));
}

#[tokio::test]
async fn a_replica_that_was_promoted_serves_and_its_map_follows() {
    let (set, client) = scripted(1, 2, |_| None).await;
    let (key, replicas) = (set.key_on(0, "k"), client.replicas());
    read(&replicas, &key, 4).await;
    set.replicate(1, None);
    set.assign(0..=16383, 1);
    set.replicate(0, 1);
    set.replicate(2, 1);
    client.set(&key, "w").await.unwrap();
    eventually("the old primary and the other replica are asked", async || {
        set.clear();
        read(&replicas, &key, 4).await;
        gets(&set, 3) == [2, 0, 2]
    })
    .await;
}

#[tokio::test]
async fn a_replica_that_cannot_be_reached_costs_no_read() {
    let (mut set, client) = scripted(2, 1, |_| None).await;
    let (one, two) = (set.key_on(0, "k"), set.key_on(1, "k"));
    // One that was never asked, and one that was.
    let replicas = client.replicas();
    read(&replicas, &two, 1).await;
    set.stop(2).await;
    set.stop(3).await;
    let begin = Instant::now();
    for _ in 0..10 {
        read(&replicas, &one, 1).await;
        read(&replicas, &two, 1).await;
    }
    assert!(begin.elapsed() < Duration::from_millis(900), "{:?}", begin.elapsed());
    assert_eq!((set.count(0, "GET"), set.count(1, "GET")), (10, 10));
    let values = client.replicas().mget::<String>([&one, &two]).await.unwrap();
    assert_eq!(values.iter().flatten().count(), 2);
}

#[tokio::test]
async fn a_read_whose_connection_is_lost_is_sent_to_another_node() {
    let script = |call: &mut Call<'_>| {
        (call.node() == 1 && matches!(&*call.name(), "GET" | "MGET")).then(|| typedis_testing::HANG_UP.to_vec())
    };
    let (set, client) = scripted(1, 2, script).await;
    let (key, replicas) = (set.key_on(0, "k"), client.replicas());
    read(&replicas, &key, 4).await;
    assert_eq!(set.count(0, "GET"), 0);
    let queue = client.replicas().pipeline().without_transaction();
    let hlist_pat![values] = queue.each(0..6, |p, _| p.get::<String>(&key)).execute().await.unwrap();
    assert_eq!(values.iter().flatten().count(), 6);
}
