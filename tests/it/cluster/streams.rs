//! Commands on streams, whose keys stand behind the word STREAMS, and which block.

use super::three_primaries;
use std::time::Duration;
use typedis::{
    ClusterClient, Error,
    commands::stream::{StreamId, XgroupCreateOptions, XreadOptions, XreadgroupOptions},
    prelude::*,
};
use typedis_testing::FakeCluster;

type Fields = Vec<(String, i64)>;

#[tokio::test]
async fn each_stream_is_read_where_its_key_is() {
    let (_set, client) = three_primaries().await;
    for tag in ["a", "b", "c"] {
        let keys = [format!("{{{tag}}}:1"), format!("{{{tag}}}:2")];
        for key in &keys {
            client.xgroup_create_with(key, "g", StreamId::MIN, XgroupCreateOptions::new().mkstream()).await.unwrap();
            client.xadd(key, ("f", 1)).await.unwrap();
        }
        assert_eq!(client.xread::<Fields>(&keys[0], StreamId::MIN).await.unwrap().len(), 1);
        let both = client.xread_streams::<Fields>(&keys, StreamId::MIN, XreadOptions::new()).await.unwrap();
        assert_eq!(both.len(), 2);
        let both = client.xreadgroup_streams::<Fields, _>("g", "c", &keys, XreadgroupOptions::new()).await.unwrap();
        assert_eq!(both.len(), 2);
        assert_eq!(client.xpending(&keys[1], "g").await.unwrap().count, 1);
        assert_eq!(client.xreadgroup_block::<Fields>("g", "c", 10, &keys[1]).await.unwrap(), []);
    }
    let crossed = client.xread_streams::<Fields>(["{a}:1", "{b}:1"], StreamId::MIN, XreadOptions::new()).await;
    assert!(matches!(crossed, Err(Error::CrossSlot { .. })), "{crossed:?}");
}

/// Runs `read` on a client of two nodes, of which the first redirects it after 400 ms. Returns the key, and what the second node
/// received, with its argument at `time`, the rest of 30 seconds, replaced by `rest`.
async fn redirected(read: impl AsyncFn(&ClusterClient, &str), time: usize) -> (String, String) {
    let cluster = FakeCluster::start(2, |call| {
        let reads = call.name().starts_with("XREAD");
        reads.then(|| if call.node() == 0 { call.moved(1) } else { b"*-1\r\n".to_vec() })
    })
    .await;
    let client = ClusterClient::connect(&cluster.url_of(0)).await.unwrap();
    cluster.delay(0, Duration::from_millis(400));
    let key = cluster.key_on(0, "k");
    read(&client, &key).await;
    let mut received = cluster.received(1);
    received.retain(|words| words[0].starts_with("XREAD"));
    let words = &mut received[0];
    let rest: u64 = words[time].parse().unwrap();
    assert!(rest > 20_000 && rest <= 29_600, "{words:?}");
    words[time] = "rest".to_owned();
    (key, words.join(" "))
}

#[tokio::test]
async fn a_redirected_read_blocks_for_the_rest_of_its_time() {
    let read = async |client: &ClusterClient, key: &str| {
        assert_eq!(client.xread_block::<Fields>(30_000, key, StreamId::MIN).await.unwrap(), []);
    };
    let (key, words) = redirected(read, 2).await;
    assert_eq!(words, format!("XREAD BLOCK rest STREAMS {key} 0-0"));

    let read = async |client: &ClusterClient, key: &str| {
        let (keys, options) = ([key.to_owned(), format!("{key}:other")], XreadgroupOptions::new().count(5));
        let read = client.xreadgroup_streams_block::<Fields, _>("g", "c", 30_000, &keys, options).await.unwrap();
        assert_eq!(read, []);
    };
    let (key, words) = redirected(read, 7).await;
    assert_eq!(words, format!("XREADGROUP GROUP g c COUNT 5 BLOCK rest STREAMS {key} {key}:other > >"));
}

/// A read that blocks is one that a replica serves, on a connection of its own.
#[tokio::test]
async fn a_read_that_blocks_goes_to_a_replica() {
    let cluster = FakeCluster::with_replicas(1, 1, |call| (call.name() == "XREAD").then(|| b"*-1\r\n".to_vec())).await;
    let client = ClusterClient::connect(&cluster.url_of(0)).await.unwrap();
    let key = cluster.key_on(0, "k");
    assert_eq!(client.replicas().xread_block::<Fields>(10, &key, StreamId::MIN).await.unwrap(), []);
    assert_eq!((cluster.count(0, "XREAD"), cluster.count(1, "XREAD")), (0, 1));
}
