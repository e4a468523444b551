//! Scans of all keys of a cluster see every key, whatever the slots do meanwhile.

use super::three_primaries;
use crate::support::rows::supports;
use std::{collections::HashSet, time::Duration};
use typedis::{
    Client, ClusterClient, Error,
    command::Command,
    commands::{
        cluster::{ClusterCursor, ClusterScanOptions},
        types::Clusterscan,
    },
    key::KeyType,
    options::ScanOptions,
    prelude::*,
};
use typedis_testing::{ClusterSet, Server, tag_of_slot};

/// The slots that move in these tests, all of the first node.
const MOVING: std::ops::Range<u16> = 100..108;

/// Fills the slots that move, and all others, with `keys` keys together.
async fn fill(client: &ClusterClient, keys: usize) -> HashSet<String> {
    let tags: Vec<_> = MOVING.map(tag_of_slot).collect();
    let moving = (0..keys / 2).map(|number| format!("{{{}}}:{number}", tags[number % tags.len()]));
    let names: Vec<_> = moving.chain((0..keys / 2).map(|number| format!("key:{number}"))).collect();
    for some in names.chunks(1000) {
        let queue = client.pipeline().without_transaction();
        queue.each(some, |p, key| p.set(key, 1)).execute().await.unwrap();
    }
    names.into_iter().collect()
}

async fn scan(client: &ClusterClient, count: u64) -> HashSet<String> {
    let mut scan = client.scan_keys::<String>(ScanOptions::new().count(count));
    let mut seen = HashSet::new();
    while let Some(page) = scan.next_page().await.unwrap() {
        seen.extend(page);
    }
    assert_eq!(scan.next_page().await.unwrap(), None);
    seen
}

/// Scans again and again while `moves` run, and once more.
async fn scan_during(client: &ClusterClient, keys: &HashSet<String>, count: u64, moves: impl Future<Output = ()>) {
    let scans = async {
        loop {
            assert_eq!(scan(client, count).await.len(), keys.len());
        }
    };
    tokio::select! {
        () = moves => {}
        () = scans => {}
    }
    assert!(scan(client, count).await == *keys);
}

#[tokio::test]
async fn every_key_is_seen_while_slots_move_key_by_key() {
    let (set, client) = three_primaries().await;
    let keys = fill(&client, 20_000).await;
    let moves = async {
        for to in [1, 2, 0, 1, 0] {
            for slot in MOVING {
                set.migrate_slot(slot, set.node(to)).await;
            }
        }
    };
    scan_during(&client, &keys, 100, moves).await;
}

#[tokio::test]
async fn every_key_is_seen_while_slots_move_atomically() {
    let (set, client) = three_primaries().await;
    if !set.supports_atomic_migration() {
        return;
    }
    let keys = fill(&client, 20_000).await;
    let moves = async {
        for to in [1, 2, 0, 1, 0] {
            set.migrate_slots_atomically(MOVING.start..=MOVING.end - 1, set.node(to)).await;
        }
    };
    scan_during(&client, &keys, 100, moves).await;
}

#[tokio::test]
async fn the_keys_of_a_slot_that_is_on_two_nodes_are_seen() {
    let (set, client) = three_primaries().await;
    let keys = fill(&client, 2_000).await;
    let mut migration = set.begin_migration(MOVING.start, set.node(1)).await;
    migration.move_half().await;
    let seen = tokio::time::timeout(Duration::from_secs(5), scan(&client, 10)).await;
    assert!(seen.expect("a migration that stands still holds up no scan") == keys);
    // Keys that leave between two pages are found where they go.
    let mut pages = client.scan_keys::<String>(ScanOptions::new().count(10));
    let mut seen = HashSet::new();
    while let Some(page) = pages.next_page().await.unwrap() {
        seen.extend(page);
        migration.move_keys(1).await;
    }
    assert!(seen == keys);
    migration.finish().await;
    assert!(scan(&client, 1000).await == keys);
}

#[tokio::test]
async fn a_scan_goes_on_where_a_replica_takes_over() {
    let set = ClusterSet::builder().replicas(1).start().await;
    let client = ClusterClient::connect(&set.url()).await.unwrap();
    let keys = fill(&client, 2_000).await;
    let mut scan = client.scan_keys::<String>(ScanOptions::new().count(10));
    let mut seen: HashSet<String> = scan.next_page().await.unwrap().unwrap().into_iter().collect();
    set.failover(set.node(3)).await;
    while let Some(page) = scan.next_page().await.unwrap() {
        seen.extend(page);
    }
    assert!(seen == keys);
}

#[tokio::test]
async fn options_hold_for_every_node_and_a_bare_cursor_is_refused() {
    let (_set, client) = three_primaries().await;
    fill(&client, 200).await;
    client.rpush("key:list", "x").await.unwrap();
    let options = ScanOptions::new().matching("key:*");
    let mut lists = client.scan_keys::<String>(options.of_type(&KeyType::List));
    let mut seen = Vec::new();
    while let Some(page) = lists.next_page().await.unwrap() {
        seen.extend(page);
    }
    assert_eq!(seen, ["key:list"]);
    let error = client.scan::<String>(0).await.unwrap_err();
    assert!(matches!(error, Error::Argument { .. }) && error.to_string().contains("scan_keys"), "{error}");
    let queue = client.pipeline().without_transaction().dbsize().scan::<String>(0);
    let error = queue.execute().await.unwrap_err();
    assert!(error.to_string().contains("scan_keys"), "{error}");
}

#[tokio::test]
async fn all_keys_of_one_server_are_scanned_by_the_same_method() {
    let server = Server::start().await;
    let client = Client::connect(&server.url()).await.unwrap();
    client.pipeline().each(0..500, |p, number| p.set(number.to_string(), 1)).execute().await.unwrap();
    let mut scan = client.scan_keys::<i64>(ScanOptions::new());
    let (mut seen, mut pages) = (HashSet::new(), 0);
    while let Some(page) = scan.next_page().await.unwrap() {
        seen.extend(page);
        pages += 1;
    }
    assert!(seen.len() == 500 && pages > 10, "{} {pages}", seen.len());
    client.set("text", 1).await.unwrap();
    let mut scan = client.scan_keys::<i64>(ScanOptions::new().matching("text").count(1000));
    assert!(matches!(scan.next_page().await, Err(Error::Reply { .. })));
}

#[tokio::test]
async fn a_cursor_of_clusterscan_leads_to_the_node_of_its_slot() {
    let (set, client) = three_primaries().await;
    if !supports(set.node(0), Clusterscan::<String>::INFO.since) {
        return;
    }
    let keys = fill(&client, 2000).await;
    let options = ClusterScanOptions::new().matching("*").of_type(&KeyType::String);
    let (mut seen, mut pages) = (HashSet::new(), 0);
    let mut next = Some(ClusterCursor::START);
    while let Some(cursor) = next {
        // As if it had been kept elsewhere meanwhile.
        let cursor = ClusterCursor::from(cursor.as_str());
        let page = client.clusterscan_with::<String>(cursor, options.count(50)).await.unwrap();
        seen.extend(page.keys);
        next = page.next;
        pages += 1;
    }
    assert!(seen == keys && pages > 10, "{} keys on {pages} pages", seen.len());

    let page = client.clusterscan_with::<String>(ClusterCursor::START, options.slot(MOVING.start)).await.unwrap();
    let cursor = page.next.expect("the first page tells the slot");
    let error = client.clusterscan_with::<String>(cursor.clone(), options.slot(MOVING.end)).await.unwrap_err();
    assert!(matches!(&error, Error::Server { error, .. } if error.message().contains("mismatch")), "{error:?}");
    let mut of_slot = HashSet::new();
    let mut next = Some(cursor);
    while let Some(cursor) = next {
        let page = client.clusterscan_with::<String>(cursor, options.slot(MOVING.start)).await.unwrap();
        of_slot.extend(page.keys);
        next = page.next;
    }
    let tag = tag_of_slot(MOVING.start);
    assert!(!of_slot.is_empty() && of_slot.iter().all(|key| key.starts_with(&format!("{{{tag}}}"))), "{of_slot:?}");

    for options in [options.count(0), options.slot(16_384)] {
        let error = client.clusterscan_with::<String>(ClusterCursor::START, options).await.unwrap_err();
        assert!(matches!(&error, Error::Argument { at, .. } if at.name == "CLUSTERSCAN"), "{error:?}");
    }
}
