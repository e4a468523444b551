//! Commands that publish messages and inspect channels. A subscription needs a connection of its own, which typedis
//! does not have yet.

use crate::{
    argument::{Argument, Arguments},
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
}
