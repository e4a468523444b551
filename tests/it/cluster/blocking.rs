//! Blocking commands that are redirected while they block.

use super::three_primaries;
use std::time::{Duration, Instant};
use typedis::{ClusterClient, options::Side, prelude::*};
use typedis_testing::{FakeCluster, hash_slot};

/// The time after which the scripted node redirects.
const BLOCKED: Duration = Duration::from_millis(400);

/// Two nodes, of which the first redirects each blocking command after a time; a client of them, and a key of the first. The second
/// one answers null.
async fn redirecting() -> (FakeCluster, ClusterClient, String) {
    let cluster = FakeCluster::start(2, |call| {
        let blocks = call.name().starts_with('B');
        blocks.then(|| if call.node() == 0 { call.moved(1) } else { b"*-1\r\n".to_vec() })
    })
    .await;
    let client = ClusterClient::connect(&cluster.url_of(0)).await.unwrap();
    cluster.delay(0, BLOCKED);
    let key = cluster.key_on(0, "k");
    (cluster, client, key)
}

/// The arguments of the command with that name that the second node received.
fn arguments(cluster: &FakeCluster, name: &str) -> Vec<String> {
    let mut received = cluster.received(1);
    received.retain(|words| words[0] == name);
    assert_eq!(received.len(), 1, "{received:?}");
    received.remove(0).split_off(1)
}

#[track_caller]
fn is_rest_of(seconds: f64, argument: &str) {
    let rest: f64 = argument.parse().unwrap();
    assert!(rest > 0.0 && rest <= seconds - BLOCKED.as_secs_f64() && rest > seconds - 10.0, "{rest}");
}

#[tokio::test]
async fn a_redirected_command_blocks_for_the_rest_of_its_time() {
    let (cluster, client, key) = redirecting().await;
    let other = format!("{key}:other");
    client.blpop::<String>([&key, &other], 30.0).await.unwrap();
    let words = arguments(&cluster, "BLPOP");
    assert_eq!(words[..2], [key.clone(), other.clone()]);
    is_rest_of(30.0, &words[2]);

    let (cluster, client, key) = redirecting().await;
    client.blmove::<String>(&key, &other, Side::Left, Side::Right, 30.5).await.unwrap();
    let words = arguments(&cluster, "BLMOVE");
    assert_eq!(words[..4], [key.clone(), other.clone(), "LEFT".into(), "RIGHT".into()]);
    is_rest_of(30.5, &words[4]);

    let (cluster, client, key) = redirecting().await;
    client.blmpop::<String>(30.0, [&key, &other], Side::Left).await.unwrap();
    let words = arguments(&cluster, "BLMPOP");
    assert_eq!(words[1..], ["2".into(), key.clone(), other, "LEFT".into()]);
    is_rest_of(30.0, &words[0]);
}

#[tokio::test]
async fn a_redirected_command_without_an_end_has_none_and_one_that_is_over_hardly_blocks() {
    for (seconds, sent) in [(0.0, "0"), (0.1, "0.001")] {
        let (cluster, client, key) = redirecting().await;
        assert_eq!(client.blpop::<String>(&key, seconds).await.unwrap(), None);
        assert_eq!(arguments(&cluster, "BLPOP")[1], sent, "zero is for ever");
    }
}

#[tokio::test]
async fn a_command_that_blocks_while_its_slot_moves_ends_in_time() {
    let (set, client) = three_primaries().await;
    let key = set.key_on(0, "list").await;
    let (waiting, of) = (client.clone(), key.clone());
    let began = Instant::now();
    let waiting = tokio::spawn(async move { waiting.blpop::<String>(&of, 3.0).await });
    tokio::time::sleep(Duration::from_millis(1500)).await;
    set.migrate_slot(hash_slot(&key), set.node(1)).await;
    assert_eq!(waiting.await.unwrap().unwrap(), None);
    let took = began.elapsed();
    assert!(took >= Duration::from_millis(2900) && took < Duration::from_millis(4200), "{took:?}");
}
