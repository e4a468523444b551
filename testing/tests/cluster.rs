//! The nodes of a test's cluster are real processes that serve at once, agree, and end with the test.

use std::time::Instant;
use typedis_testing::{ClusterSet, Frame, SLOTS, hash_slot};

#[tokio::test]
async fn a_cluster_serves_all_slots_at_once() {
    let started = Instant::now();
    let cluster = ClusterSet::start().await;
    println!("started in {:?}", started.elapsed());
    assert_eq!(cluster.nodes().len(), 3);
    for slot in [0, 5461, 8191, 12000, SLOTS - 1] {
        let key = typedis_testing::tag_of_slot(slot);
        let owner = cluster.owner(slot).await;
        assert_eq!(owner.raw().await.command(["SET", &key, "v"]).await, Frame::Simple("OK".into()));
        assert_eq!(cluster.owner_of(&key).await.id(), owner.id());
    }
    let key = cluster.key_on(2, "k").await;
    let moved = cluster.node(0).raw().await.command(["GET", &key]).await;
    assert_eq!(moved, Frame::Error(format!("MOVED {} {}", hash_slot(&key), cluster.node(2).addr())));
    assert_eq!(cluster.url().matches("127.0.0.1:").count(), 3);
}

#[tokio::test]
async fn a_replica_is_in_sync_and_known_to_all() {
    let started = Instant::now();
    let cluster = ClusterSet::builder().replicas(1).password("secret").start().await;
    println!("started in {:?}", started.elapsed());
    let key = cluster.key_on(1, "k").await;
    cluster.node(1).raw().await.command(["SET", &key, "v"]).await;
    let [replica] = cluster.replicas_of(cluster.node(1)).await[..] else { panic!("one replica") };
    assert_eq!(replica.id(), cluster.node(4).id());
    for node in cluster.nodes() {
        let slots = node.raw().await.command(["CLUSTER", "SLOTS"]).await;
        assert!(slots.items().iter().all(|range| range.items().len() == 4), "{slots:?}");
    }
}
