//! Clusters that cannot be used, wholly or in part: each error names the node, and what to do.

use super::three_primaries;
use std::time::{Duration, Instant};
use typedis::{ClusterClient, Config, Error, prelude::*};
use typedis_testing::{ClosedPort, ClusterSet, hash_slot, tag_of_slot};

/// Opens a client with short timeouts; opening must end within them.
async fn open(url: &str) -> Result<ClusterClient, Error> {
    let config = Config::from_url(url).unwrap();
    let config = config.connect_timeout(Duration::from_secs(1)).response_timeout(Some(Duration::from_secs(1)));
    let started = Instant::now();
    let opened = ClusterClient::open(config).await;
    assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
    opened
}

async fn until(holds: impl AsyncFn() -> bool) {
    let started = Instant::now();
    while !holds().await {
        assert!(started.elapsed() < Duration::from_secs(10), "the nodes did not change their minds");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn refused(url: &str, words: &[&str]) {
    let error = open(url).await.unwrap_err();
    let text = error.to_string();
    assert!(words.iter().all(|word| text.contains(word)) && !error.may_have_run(), "{words:?}: {text}");
}

#[tokio::test]
async fn one_seed_of_many_is_enough_and_none_is_too_few() {
    let (one, other) = (ClosedPort::new(), ClosedPort::new());
    let (one, other) = (one.addr().to_string(), other.addr().to_string());
    refused(&format!("redis+cluster://{one},{other}"), &["no seed can be reached", &one, &other]).await;
    let set = ClusterSet::start().await;
    let client = open(&format!("redis+cluster://{one},{},{other}", set.node(1).addr())).await.unwrap();
    client.set("a", 1).await.unwrap();
}

#[tokio::test]
async fn seeds_of_two_clusters_are_refused() {
    let (one, other) = (ClusterSet::start().await, ClusterSet::start().await);
    let (one, other) = (one.node(0).addr().to_string(), other.node(0).addr().to_string());
    refused(&format!("redis+cluster://{one},{other}"), &["another cluster", &one, &other]).await;
}

#[tokio::test]
async fn slots_that_no_node_serves_are_named() {
    let (set, client) = three_primaries().await;
    let key = tag_of_slot(100);
    client.set("a", 1).await.unwrap();
    for node in set.nodes() {
        let forgotten = node.raw().await.command(["CLUSTER", "DELSLOTS", "100"]).await;
        assert_eq!(forgotten.text(), "OK");
    }
    let url = set.node(0).url().replace("redis:", "redis+cluster:");
    let is_down = async || set.node(0).raw().await.command(["CLUSTER", "INFO"]).await.text().contains("state:fail");
    until(is_down).await;
    refused(&url, &["cluster_state:fail", "slots 100 to 100", &set.node(0).addr().to_string()]).await;
    for node in set.nodes() {
        node.raw().await.command(["CONFIG", "SET", "cluster-require-full-coverage", "no"]).await;
    }
    until(async || !is_down().await).await;
    let client = open(&url).await.unwrap();
    let other = (0..).map(|n| format!("key:{n}")).find(|key| hash_slot(key) < 5000).unwrap();
    client.set(&other, 1).await.unwrap();
    let error = client.set(&key, 1).await.unwrap_err();
    assert!(error.to_string().contains("slot") && !error.may_have_run(), "{error}");
}

#[tokio::test]
async fn a_cluster_most_of_whose_primaries_are_dead_is_told_and_waited_for() {
    let set = ClusterSet::builder().node_timeout(Duration::from_millis(700)).start().await;
    let dead = [1, 2].map(|place| set.node(place));
    dead.iter().for_each(|node| node.kill9());
    let url = set.node(0).url().replace("redis:", "redis+cluster:");
    let is_down = async || set.node(0).raw().await.command(["CLUSTER", "INFO"]).await.text().contains("state:fail");
    until(is_down).await;
    let words = ["cluster_state:fail", "are most of its primaries running?", &set.node(0).addr().to_string()];
    refused(&url, &words).await;
    // The other seeds are not what is told, since one that answers knows more.
    let seeds: Vec<String> = set.nodes().iter().map(|node| node.addr().to_string()).collect();
    refused(&format!("redis+cluster://{}", seeds.join(",")), &words).await;

    let config = Config::from_url(&url).unwrap().connect_timeout(Duration::from_secs(20));
    let (opened, ()) = tokio::join!(ClusterClient::open(config), async {
        for node in dead {
            node.restart().await;
        }
    });
    opened.unwrap().set("a", 1).await.unwrap();
}

#[tokio::test]
async fn closing_ends_requests_that_are_being_redirected() {
    let (set, client) = three_primaries().await;
    let keys = [1, 2].map(|number| format!("{{{}}}:{number}", tag_of_slot(100)));
    client.mset([(&keys[0], 1), (&keys[1], 2)]).await.unwrap();
    let mut migration = set.begin_migration(100, set.node(1)).await;
    migration.move_key(&keys[0]).await;
    let (waiting, of) = (client.clone(), keys.clone());
    // Half of the keys are there: the servers say TRYAGAIN until the rest is.
    let waiting = tokio::spawn(async move { waiting.mget::<i64>(&of).await });
    tokio::time::sleep(Duration::from_millis(50)).await;
    let started = Instant::now();
    client.close().await;
    let error = waiting.await.unwrap().unwrap_err();
    assert!(!error.may_have_run() && started.elapsed() < Duration::from_secs(2), "{error:?}");
    assert!(matches!(client.mget::<i64>(&keys).await, Err(Error::Closed)));
}

#[test]
fn a_client_whose_runtime_was_shut_down_works_on_another() {
    let runtime = || tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let second = runtime();
    let first = runtime();
    let (set, client) = first.block_on(three_primaries());
    second.block_on(async {
        for place in 0..3 {
            client.set(set.key_on(place, "key").await, 1).await.unwrap();
        }
    });
    drop(first);
    second.block_on(async {
        for place in 0..3 {
            client.set(set.key_on(place, "key").await, 2).await.unwrap();
        }
        // The map is refreshed on this runtime too.
        set.migrate_slot(hash_slot(set.key_on(0, "key").await), set.node(1)).await;
        client.set(set.key_on(0, "key").await, 3).await.unwrap();
        client.close().await;
    });
}
