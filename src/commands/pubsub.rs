//! Publishing messages, and the state of channels.

use crate::{
    argument::{Argument, Arguments},
    reply::{Bulk, FromReply},
};

commands! {
    /// Commands that publish messages, and that tell the state of channels.
    pub trait PubsubCommands in cmd;

    /// Sends `message` to all who subscribe to `channel`, or to a pattern that it matches, and returns how many they are.
    /// In a cluster only those at the same node are counted.
    fn publish(channel: impl Argument, message: impl Argument) -> Integer as u64
        = "PUBLISH" as Publish {
            since: redis "2.0.0", arity: 3, access: ReadWrite, effect: Preserves, route: AnyNode
        };

    /// Returns the names of the channels that somebody subscribes to. Patterns are not counted.
    fn pubsub_channels<T: FromReply<Bulk>>() -> Array<Bulk> as Vec<T>
        = "PUBSUB CHANNELS" as PubsubChannels {
            since: redis "2.8.0", arity: -2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns the names of the channels that match `pattern`, such as `news.*`, and that somebody subscribes to.
    fn pubsub_channels_with<T: FromReply<Bulk>>(pattern: impl Argument) -> Array<Bulk> as Vec<T>
        = "PUBSUB CHANNELS" as PubsubChannelsWith {
            since: redis "2.8.0", arity: -2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns how many patterns are subscribed to, by all clients together.
    fn pubsub_numpat() -> Integer as u64
        = "PUBSUB NUMPAT" as PubsubNumpat {
            since: redis "2.8.0", arity: 2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns each of `channels`, in their order, with how many subscribe to it. Patterns are not counted.
    fn pubsub_numsub<T: FromReply<Bulk>>(channels: impl Arguments) -> Map<Bulk, Integer> as Vec<(T, u64)>
        = "PUBSUB NUMSUB" as PubsubNumsub {
            since: redis "2.8.0", arity: -2, access: ReadOnly, effect: Preserves, route: AnyNode
        };
}
