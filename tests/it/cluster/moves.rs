//! Slots that move while they are in use.

use super::{load::Load, three_primaries};
use std::time::{Duration, Instant};
use typedis_testing::{ClusterSet, hash_slot, tag_of_slot};

/// Tags of slots that lie side by side on the first node.
fn tags() -> Vec<String> {
    (100..116).map(tag_of_slot).collect()
}

#[tokio::test]
async fn slots_move_key_by_key_to_and_fro_under_load() {
    let (set, client) = three_primaries().await;
    let load = Load::start(&client, &tags());
    load.goes_on(20).await;
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(2) {
        for to in [1, 2, 0] {
            for slot in 100..116 {
                set.migrate_slot(slot, set.node(to)).await;
            }
        }
    }
    load.goes_on(20).await;
    load.stop_without_errors().await;
}

#[tokio::test]
async fn a_slot_whose_keys_are_on_two_nodes_is_served() {
    let (set, client) = three_primaries().await;
    let load = Load::start(&client, &tags());
    load.goes_on(20).await;
    for slot in 100..108 {
        let mut migration = set.begin_migration(slot, set.node(1)).await;
        migration.move_half().await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        migration.finish().await;
    }
    load.goes_on(20).await;
    load.stop_without_errors().await;
}

#[tokio::test]
async fn slots_move_atomically_to_and_fro_under_load() {
    let (set, client) = three_primaries().await;
    if !set.supports_atomic_migration() {
        return;
    }
    let load = Load::start(&client, &tags());
    load.goes_on(20).await;
    for _ in 0..2 {
        for to in [1, 2, 0] {
            set.migrate_slots_atomically(100..=115, set.node(to)).await;
            load.goes_on(5).await;
        }
    }
    load.goes_on(20).await;
    load.stop_without_errors().await;
}

#[tokio::test]
async fn slots_move_to_a_fourth_node_and_back_and_it_leaves() {
    let (mut set, client) = three_primaries().await;
    let load = Load::start(&client, &tags());
    load.goes_on(20).await;
    set.add_node().await;
    let moved: Vec<u16> = (100..116).chain((0..16).map(|task| hash_slot(format!("task:{task}")))).collect();
    let mut home = Vec::new();
    for slot in &moved {
        let owner = set.owner(*slot).await.id().to_owned();
        home.push(set.nodes().iter().position(|node| node.id() == owner).unwrap());
        set.migrate_slot(*slot, set.node(3)).await;
    }
    load.goes_on(20).await;
    for (slot, home) in moved.iter().zip(home) {
        set.migrate_slot(*slot, set.node(home)).await;
    }
    load.goes_on(5).await;
    set.remove_last_node().await;
    load.goes_on(20).await;
    load.stop_without_errors().await;
}

#[tokio::test]
async fn a_failover_by_command_costs_no_error() {
    let set = ClusterSet::builder().replicas(1).start().await;
    let client = typedis::ClusterClient::connect(&set.url()).await.unwrap();
    let load = Load::start(&client, &tags());
    load.goes_on(20).await;
    set.failover(set.node(3)).await;
    load.goes_on(20).await;
    set.settle().await;
    set.failover(set.node(0)).await;
    load.goes_on(20).await;
    load.stop_without_errors().await;
}
