//! Commands that publish messages and inspect channels. A subscription needs a connection of its own, which typedis
//! does not have yet.

use crate::{
    argument::{Argument, Arguments},
    key::{NotKey, ShardChannel},
    reply::{Bulk, FromReply},
};

commands! {
    /// Commands that publish messages and inspect channels.
    pub trait PubsubCommands in cmd;

    /// Publishes `message` to `channel` and returns the number of clients that receive it, by the channel or by a
    /// pattern. In a cluster only clients of the same node are counted.
    fn publish(channel: impl Argument, message: impl Argument) -> Integer as u64
        = "PUBLISH" as Publish {
            since: redis "2.0.0", arity: 3, access: ReadWrite, effect: Preserves, route: AnyNode
        };

    /// Returns the names of the channels with a subscriber. Subscriptions to patterns do not count.
    fn pubsub_channels<T: FromReply<Bulk>>() -> Array<Bulk> as Vec<T>
        = "PUBSUB CHANNELS" as PubsubChannels {
            since: redis "2.8.0", arity: -2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns the names of the channels that match the glob-style `pattern`, such as `news.*`, and have a subscriber.
    fn pubsub_channels_with<T: FromReply<Bulk>>(pattern: impl Argument) -> Array<Bulk> as Vec<T>
        = "PUBSUB CHANNELS" as PubsubChannelsWith {
            since: redis "2.8.0", arity: -2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns the number of different patterns that clients subscribe to.
    fn pubsub_numpat() -> Integer as u64
        = "PUBSUB NUMPAT" as PubsubNumpat {
            since: redis "2.8.0", arity: 2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns each of `channels`, in their order, with the number of its subscribers. Subscriptions to patterns do not
    /// count.
    fn pubsub_numsub<T: FromReply<Bulk>>(channels: impl Arguments) -> Map<Bulk, Integer> as Vec<(T, u64)>
        = "PUBSUB NUMSUB" as PubsubNumsub {
            since: redis "2.8.0", arity: -2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns the names of the shard channels with a subscriber. In a cluster those are asked for at the primary of each
    /// shard, so subscribers at replicas do not count.
    fn pubsub_shardchannels<T: FromReply<Bulk>>() -> Array<Bulk> as Vec<T>
        = "PUBSUB SHARDCHANNELS" as PubsubShardchannels {
            since: redis "7.0.0", arity: -2, access: ReadOnly, effect: Preserves, route: AllShards(Concatenate)
        };

    /// Returns the names of the shard channels that match the glob-style `pattern`, such as `news.*`, and have a subscriber;
    /// see [`pubsub_shardchannels`](Self::pubsub_shardchannels).
    fn pubsub_shardchannels_with<T: FromReply<Bulk>>(pattern: impl Argument) -> Array<Bulk> as Vec<T>
        = "PUBSUB SHARDCHANNELS" as PubsubShardchannelsWith {
            since: redis "7.0.0", arity: -2, access: ReadOnly, effect: Preserves, route: AllShards(Concatenate)
        };

    /// Returns each of `channels`, in their order, with the number of its subscribers. In a cluster these are shard channels of
    /// one slot, and those count that subscribe at its primary.
    fn pubsub_shardnumsub<T: FromReply<Bulk>>(channels @@ NotKey<ShardChannel>) -> Map<Bulk, Integer> as Vec<(T, u64)>
        = "PUBSUB SHARDNUMSUB" as PubsubShardnumsub {
            since: redis "7.0.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Publishes `message` to the shard channel `channel` and returns the number of clients that receive it.
    ///
    /// A shard channel has a slot, as a key has, so in a cluster the message goes to one shard and not to all nodes: the channel
    /// `{user:1}:news` is where the key `{user:1}` is. Only clients of the same node are counted.
    ///
    /// In a transaction of a cluster, the channel is of the slot of the keys. While slots move key by key, prefer to publish behind
    /// the transaction: Valkey 9.1 runs the commands of one with a shard channel also on keys that have left already, as if these
    /// did not exist, and on Valkey 8.1 a watched key that has left and is missing there guards nothing. So a transaction behind a
    /// `watch` that has a shard channel fails with [`Argument`](crate::Error::Argument) on a cluster.
    ///
    /// ```
    /// # use typedis::{ClusterClient, pipeline, prelude::*};
    /// # async fn example(client: &ClusterClient) -> typedis::Result<()> {
    /// // Both or none, since the hash tag gives both to one slot.
    /// let ((), receivers) = pipeline! { client =>
    ///     set("{user:1}:name", "Ann");
    ///     spublish("{user:1}:changes", "name");
    /// }?;
    /// assert_eq!(receivers, 0);
    /// # Ok(()) }
    /// # typedis_testing::doctest_on_cluster(async |url| example(&ClusterClient::connect(&url).await?).await);
    /// ```
    fn spublish(channel @ NotKey<ShardChannel>, message: impl Argument) -> Integer as u64
        = "SPUBLISH" as Spublish {
            since: redis "7.0.0", arity: 3, access: ReadWrite, effect: Preserves
        };
}
