//! The nodes of a test's cluster are real processes that serve at once, agree, and end with the test.

use std::{
    net::Ipv4Addr,
    time::{Duration, Instant},
};
use tokio::time::sleep;
use typedis_testing::{ClusterSet, Frame, Proxy, Raw, SLOTS, Vendor, hash_slot, tag_of_slot};

#[tokio::test]
async fn a_cluster_serves_all_slots_at_once() {
    let started = Instant::now();
    let cluster = ClusterSet::start().await;
    println!("started in {:?}", started.elapsed());
    assert_eq!(cluster.nodes().len(), 3);
    for slot in [0, 5461, 8191, 12000, SLOTS - 1] {
        let key = tag_of_slot(slot);
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

#[tokio::test]
async fn clients_are_led_through_proxies_and_nodes_are_not() {
    let address = Ipv4Addr::new(127, 0, 0, 2);
    let cluster = ClusterSet::builder().replicas(1).announced_address(address).start().await;
    let node = cluster.node(0);
    if cluster.announced_address().is_none() {
        assert!(node.vendor() == Vendor::Redis && node.version() < (7, 0, 0));
        return;
    }
    let proxy = Proxy::beside(node.addr(), address).await;
    let key = cluster.key_on(2, "k").await;
    let target = format!("MOVED {} {address}:{}", hash_slot(&key), cluster.node(2).port());
    let started = Instant::now();
    // The nodes learn of each other's addresses for clients by their messages.
    while Raw::connect(proxy.addr()).await.command(["GET", &key]).await != Frame::Error(target.clone()) {
        assert!(started.elapsed() < Duration::from_secs(10), "{target} was not told");
        sleep(Duration::from_millis(5)).await;
    }
    let role = cluster.node(3).raw().await.command(["ROLE"]).await;
    assert_eq!(role.items()[1].text(), "127.0.0.1");
}

#[tokio::test]
async fn a_move_goes_on_behind_a_migrate_that_left_a_copy() {
    let cluster = ClusterSet::start().await;
    let (slot, target) = (77, cluster.node(2));
    let key = tag_of_slot(slot);
    let mut source = cluster.node(0).raw().await;
    source.command(["SET", &key, "old"]).await;
    let migration = cluster.begin_migration(slot, target).await;
    let copy = ["MIGRATE", "127.0.0.1", &target.port().to_string(), &key, "0", "5000", "COPY"];
    assert!(!source.command(copy).await.is_error());
    source.command(["SET", &key, "new"]).await;
    migration.finish().await;
    assert_eq!(target.raw().await.command(["GET", &key]).await.text(), "new");
}

#[tokio::test]
async fn a_slot_moves_key_by_key_and_back() {
    let cluster = ClusterSet::builder().password("secret").start().await;
    let (source, target) = (cluster.node(0), cluster.node(2));
    let slot = 77;
    let keys: Vec<String> = (0..5).map(|number| format!("{{{}}}:{number}", tag_of_slot(slot))).collect();
    let (mut at_source, mut at_target) = (source.raw().await, target.raw().await);
    for key in &keys {
        at_source.command(["SET", key, "v"]).await;
    }
    let mut migration = cluster.begin_migration(slot, target).await;
    migration.move_key(&keys[4]).await;
    assert_eq!(at_source.command(["GET", &keys[0]]).await.text(), "v");
    let asked = Frame::Error(format!("ASK {slot} {}", target.addr()));
    assert_eq!(at_source.command(["GET", &keys[4]]).await, asked);
    assert_eq!(migration.move_half().await, 2);
    let mget = ["MGET"].into_iter().chain(keys.iter().map(String::as_str)).collect::<Vec<_>>();
    // TRYAGAIN, or ASK on Redis 6.2.
    assert!(at_source.command(&mget).await.is_error());
    migration.finish().await;
    assert_eq!(cluster.owner(slot).await.id(), target.id());
    assert_eq!(at_target.command(&mget).await.texts(), ["v"; 5]);
    cluster.migrate_slot(slot, source).await;
    assert_eq!(at_source.command(&mget).await.texts(), ["v"; 5]);
}

#[tokio::test]
async fn slots_move_atomically_where_the_server_can() {
    let cluster = ClusterSet::start().await;
    if !cluster.supports_atomic_migration() {
        return;
    }
    assert!(cluster.has_databases());
    let (source, target) = (cluster.node(0), cluster.node(1));
    let key = tag_of_slot(11);
    let mut raw = source.raw().await;
    raw.command(["SELECT", "5"]).await;
    raw.command(["SET", &key, "v"]).await;
    cluster.migrate_slots_atomically(10..=12, target).await;
    assert_eq!(raw.command(["GET", &key]).await, Frame::Error(format!("MOVED 11 {}", target.addr())));
    let mut raw = target.raw().await;
    raw.command(["SELECT", "5"]).await;
    assert_eq!(raw.command(["GET", &key]).await.text(), "v");
    cluster.migrate_slot(11, source).await;
    assert_eq!(cluster.owner_of(&key).await.id(), source.id());
}

#[tokio::test]
async fn a_replica_takes_over_by_command_and_by_itself() {
    let cluster = ClusterSet::builder().replicas(1).node_timeout(Duration::from_millis(500)).start().await;
    cluster.failover(cluster.node(3)).await;
    assert_eq!(cluster.owner(0).await.id(), cluster.node(3).id());
    let (primary, replica) = (cluster.node(1), cluster.node(4));
    primary.kill9();
    assert_eq!(cluster.owner(8000).await.id(), replica.id());
    cluster.settle().await;
    primary.restart().await;
    cluster.settle().await;
    assert!(!primary.is_primary().await);
}

#[tokio::test]
async fn a_node_joins_and_is_forgotten() {
    let mut cluster = ClusterSet::start().await;
    let id = cluster.add_node().await.id().to_owned();
    let node = cluster.node(3);
    cluster.migrate_slot(5, node).await;
    assert_eq!(cluster.owner(5).await.id(), id);
    cluster.migrate_slot(5, cluster.node(0)).await;
    cluster.remove_last_node().await;
    let nodes = cluster.node(1).raw().await.command(["CLUSTER", "NODES"]).await.text();
    assert!(cluster.nodes().len() == 3 && !nodes.contains(&id), "{nodes}");
}
