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

#[tokio::test]
async fn a_redirected_read_blocks_for_the_rest_of_its_time() {
    let cluster = FakeCluster::start(2, |call| {
        let reads = call.name().starts_with("XREAD");
        reads.then(|| if call.node() == 0 { call.moved(1) } else { b"*-1\r\n".to_vec() })
    })
    .await;
    let client = ClusterClient::connect(&cluster.url_of(0)).await.unwrap();
    cluster.delay(0, Duration::from_millis(400));
    let key = cluster.key_on(0, "k");
    client.xread_block::<Fields>(30_000, &key, StreamId::MIN).await.unwrap();
    let other = format!("{key}:other");
    let options = XreadgroupOptions::new().count(5);
    client.xreadgroup_streams_block::<Fields, _>("g", "c", 30_000, [&key, &other], options).await.unwrap();

    let mut received = cluster.received(1);
    received.retain(|words| words[0].starts_with("XREAD"));
    for (words, at) in [(&mut received[0], 2), (&mut received[1], 7)] {
        let rest: u64 = words[at].parse().unwrap();
        assert!(rest > 20_000 && rest <= 29_600, "{words:?}");
        words[at] = "rest".to_owned();
    }
    assert_eq!(received[0].join(" "), format!("XREAD BLOCK rest STREAMS {key} 0-0"));
    let expected = format!("XREADGROUP GROUP g c COUNT 5 BLOCK rest STREAMS {key} {other} > >");
    assert_eq!(received[1].join(" "), expected);
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
