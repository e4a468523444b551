//! Channels of shards: a message goes to the shard of its channel's slot.

use super::three_primaries;
use crate::support::rows::supports;
use typedis::{
    ClusterClient, Error, Outcome, command::Command, commands::types::Spublish, hlist_pat, pipeline, prelude::*,
};
use typedis_testing::{ClusterSet, Raw};

/// A channel on each node, with a listener there; `None` before Redis 7.0.
async fn listening() -> Option<(ClusterSet, ClusterClient, Vec<(String, Raw)>)> {
    let (set, client) = three_primaries().await;
    if !supports(set.node(0), Spublish::INFO.since) {
        return None;
    }
    let mut listeners = Vec::new();
    for place in 0..3 {
        let channel = set.key_on(place, "news").await;
        let mut raw = set.node(place).raw().await;
        raw.command(["SSUBSCRIBE", &channel]).await;
        listeners.push((channel, raw));
    }
    Some((set, client, listeners))
}

#[tokio::test]
async fn a_message_goes_to_the_shard_of_its_channel() {
    let Some((set, client, mut listeners)) = listening().await else { return };
    for (channel, listener) in &mut listeners {
        assert_eq!(client.spublish(&*channel, "alone").await.unwrap(), 1);
        assert_eq!(listener.receive().await.texts(), ["smessage", &**channel, "alone"]);
    }
    assert_eq!(client.spublish(set.key_on(0, "other").await, "nobody listens").await.unwrap(), 0);
    // Side by side, each to its own node.
    let channels: Vec<_> = listeners.iter().map(|(channel, _)| channel.clone()).collect();
    let queue = client.pipeline().without_transaction();
    let hlist_pat![receivers] = queue.each(&channels, |p, channel| p.spublish(channel, 5)).execute().await.unwrap();
    assert_eq!(receivers, [1, 1, 1]);
    for (channel, listener) in &mut listeners {
        assert_eq!(listener.receive().await.texts(), ["smessage", &**channel, "5"]);
    }
}

#[tokio::test]
async fn a_transaction_has_channels_and_keys_of_one_slot() {
    let Some((_set, client, mut listeners)) = listening().await else { return };
    let (channel, listener) = &mut listeners[0];
    let ((), receivers) = pipeline! { client => set(&*channel, 1); spublish(&*channel, "stored") }.unwrap();
    assert_eq!(receivers, 1);
    assert_eq!(listener.receive().await.texts(), ["smessage", &**channel, "stored"]);

    let error = client.pipeline().set("a", 1).spublish("b", 2).execute().await.unwrap_err();
    assert!(matches!(&error, Error::CrossSlot { at, .. } if at.name == "SPUBLISH"), "{error:?}");
    assert!(!error.may_have_run());
}

/// Valkey 8.1 and 9.1 would commit it although a watched key has left: with a channel in it, they look for no key of a transaction.
#[tokio::test]
async fn a_watched_transaction_with_a_channel_is_refused_before_it_is_sent() {
    let Some((set, client, _)) = listening().await else { return };
    let key = set.key_on(0, "watched").await;
    for queues_a_key in [false, true] {
        let queue = client.pipeline().watch(&key).await.unwrap().multi().spublish(&key, "x");
        let error = if queues_a_key {
            queue.set(&key, 1).mget::<i64>([&key]).execute().await.unwrap_err()
        } else {
            queue.execute().await.unwrap_err()
        };
        assert!(matches!(&error, Error::Argument { at, .. } if at.name == "SPUBLISH"), "{error:?}");
    }
    assert_eq!(client.exists(&key).await.unwrap(), 0);
    // While watching, a message is sent at once, and a transaction behind it is as ever.
    let mut watching = client.pipeline().watch(&key).await.unwrap();
    assert_eq!(watching.spublish(&key, "x").await.unwrap(), 0);
    assert!(matches!(watching.multi().set(&key, 1).execute().await.unwrap(), Outcome::Committed(_)));
}

#[tokio::test]
async fn the_channels_of_all_shards_are_listed() {
    let Some((_set, client, listeners)) = listening().await else { return };
    let mut expected: Vec<_> = listeners.iter().map(|(channel, _)| channel.clone()).collect();
    expected.sort_unstable();
    let mut channels = client.pubsub_shardchannels::<String>().await.unwrap();
    channels.sort_unstable();
    assert_eq!(channels, expected);
    assert_eq!(client.pubsub_shardchannels_with::<String>(&expected[1]).await.unwrap(), [&*expected[1]]);
    assert_eq!(client.pubsub_shardchannels_with::<String>("x").await.unwrap(), [""; 0]);

    for channel in &expected {
        let counted = client.pubsub_shardnumsub::<String>([channel]).await.unwrap();
        assert_eq!(counted, [(channel.clone(), 1)]);
    }
    let error = client.pubsub_shardnumsub::<String>(["a", "b"]).await.unwrap_err();
    assert!(matches!(&error, Error::CrossSlot { at, .. } if at.name == "PUBSUB SHARDNUMSUB"), "{error:?}");
}
