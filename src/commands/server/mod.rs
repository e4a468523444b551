//! The server, and the connection to it.

pub(crate) mod options;

use options::{FlushMode, ShutdownMode, UnblockAs};

use crate::{
    argument::{Argument, Arguments},
    key::AnyKind,
    reply::{Bulk, FromReply},
};
use std::{collections::HashMap, time::SystemTime};

commands! {
    /// Commands on the server, and on the connection.
    ///
    /// Many clients share one connection, so what would change it for all of them does not compile: SELECT, SUBSCRIBE and
    /// others. Their methods stand here because the compiler can then say what to write instead.
    pub trait ServerCommands in cmd;

    /// Does not compile: a redirection of a cluster belongs to the connection.
    fn asking() -> Status as ()
        = "ASKING" as Asking {
            since: redis "3.0.0", arity: 1, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile: user and password are part of the URL, because others share the connection.
    fn auth(password: impl Arguments) -> Status as ()
        = "AUTH" as Auth {
            since: redis "1.0.0", arity: -2, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Starts to rewrite the append-only file in the background and returns the server's words.
    ///
    /// Fails when a rewrite runs already.
    fn bgrewriteaof() -> Status as String
        = "BGREWRITEAOF" as Bgrewriteaof {
            since: redis "1.0.0", arity: 1, access: ReadWrite, effect: Preserves, route: AnyNode
        };

    /// Starts to save the data to disk in the background and returns the server's words. See
    /// [`lastsave`](ServerCommands::lastsave) for when it is done.
    ///
    /// Fails when the data is being saved already. In a transaction it starts right after EXEC.
    fn bgsave() -> Status as String
        = "BGSAVE" as Bgsave {
            since: redis "1.0.0", arity: -1, access: ReadWrite, effect: Preserves, route: AnyNode
        };

    /// Does not compile: what the server tells of changed keys belongs to the connection, which others share.
    fn client_caching(mode: impl Argument) -> Status as ()
        = "CLIENT CACHING" as ClientCaching {
            since: redis "6.0.0", arity: 3, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Returns the name of the connection, or `None` when it has none.
    fn client_getname() -> Nullable<Bulk> as Option<String>
        = "CLIENT GETNAME" as ClientGetname {
            since: redis "2.6.9", arity: 2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns the server's number of the connection: on a client of the one that all share, on a watching pipeline of
    /// its own.
    fn client_id() -> Integer as u64
        = "CLIENT ID" as ClientId {
            since: redis "5.0.0", arity: 2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns what the server knows of the connection, as one line of `name=value` words.
    fn client_info() -> Bulk as String
        = "CLIENT INFO" as ClientInfo {
            since: redis "6.2.0", arity: 2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Closes the connection whose [`client_id`](ServerCommands::client_id) is `id` and tells whether there was one. The
    /// connection that sends this is never closed by it.
    fn client_kill(id: u64) -> Flag as bool
        = "CLIENT KILL" ("ID", id) as ClientKill {
            since: redis "2.8.12", arity: -3, access: ReadWrite, effect: Preserves, route: AnyNode
        };

    /// Returns what the server knows of its connections, each as a line of `name=value` words.
    fn client_list() -> Bulk as String
        = "CLIENT LIST" as ClientList {
            since: redis "2.4.0", arity: -2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Does not compile: whether the server may close the connection to save memory is not for one of its users to say.
    fn client_no_evict(mode: impl Argument) -> Status as ()
        = "CLIENT NO-EVICT" as ClientNoEvict {
            since: redis "7.0.0", arity: 3, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile: without replies, those who share the connection would wait forever.
    fn client_reply(mode: impl Argument) -> Status as ()
        = "CLIENT REPLY" as ClientReply {
            since: redis "3.2.0", arity: 3, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile: the name is part of the [`Config`](crate::Config), because others share the connection.
    fn client_setname(name: impl Argument) -> Status as ()
        = "CLIENT SETNAME" as ClientSetname {
            since: redis "2.6.9", arity: 3, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile: what the server tells of changed keys belongs to the connection, which others share.
    fn client_tracking(mode: impl Arguments) -> Status as ()
        = "CLIENT TRACKING" as ClientTracking {
            since: redis "6.0.0", arity: -3, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Ends the waiting of the connection `id`, which blocks in a command such as BLPOP, as if its time had run out, and
    /// tells whether it did.
    fn client_unblock(id: u64) -> Flag as bool
        = "CLIENT UNBLOCK" as ClientUnblock {
            since: redis "5.0.0", arity: -3, access: ReadWrite, effect: Preserves, route: AnyNode
        };

    /// Ends the waiting of the connection `id` in the way that `how` says, and tells whether it did.
    fn client_unblock_with(id: u64, how: UnblockAs) -> Flag as bool
        = "CLIENT UNBLOCK" as ClientUnblockWith {
            since: redis "5.0.0", arity: -3, access: ReadWrite, effect: Preserves, route: AnyNode
        };

    /// Returns how many commands the server has, those of its modules included.
    fn command_count() -> Integer as u64
        = "COMMAND COUNT" as CommandCount {
            since: redis "2.8.13", arity: 2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns the settings whose names match `pattern`, such as `maxmemory*`. It is empty when there is none.
    fn config_get(pattern: impl Argument) -> Map<Bulk, Bulk> as HashMap<String, String>
        = "CONFIG GET" as ConfigGet {
            since: redis "2.0.0", arity: -3, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Changes one of the server's settings while it runs.
    ///
    /// Fails when there is no such setting, when it cannot be changed, or not to this.
    fn config_set(parameter: impl Argument, value: impl Argument) -> Status as ()
        = "CONFIG SET" as ConfigSet {
            since: redis "2.0.0", arity: -4, access: ReadWrite, effect: Preserves, route: AllNodes(AllSucceed)
        };

    /// Returns how many keys the database has.
    fn dbsize() -> Integer as u64
        = "DBSIZE" as Dbsize {
            since: redis "1.0.0", arity: 1, access: ReadOnly, effect: Preserves, route: AllShards(Sum)
        };

    /// Returns `message`.
    fn echo<T: FromReply<Bulk>>(message: impl Argument) -> Bulk as T
        = "ECHO" as Echo {
            since: redis "1.0.0", arity: 2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Removes all keys of all databases.
    fn flushall() -> Status as ()
        = "FLUSHALL" as Flushall {
            since: redis "1.0.0", arity: -1, access: ReadWrite, effect: Unknown, touches: AllKeys,
            route: AllShards(AllSucceed)
        };

    /// Removes all keys of all databases, and frees their memory as `mode` says.
    fn flushall_with(mode: impl FlushMode<Self::Server>) -> Status as ()
        = "FLUSHALL" as FlushallWith {
            since: redis "4.0.0", arity: -1, access: ReadWrite, effect: Unknown, touches: AllKeys,
            route: AllShards(AllSucceed)
        };

    /// Removes all keys of the database.
    ///
    /// ```
    /// # use typedis::{Client, prelude::*};
    /// # async fn example(client: &Client) -> typedis::Result<()> {
    /// client.set("greeting", "hello").await?;
    /// client.flushdb().await?;
    /// assert_eq!(client.dbsize().await?, 0);
    /// # Ok(()) }
    /// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
    /// ```
    fn flushdb() -> Status as ()
        = "FLUSHDB" as Flushdb {
            since: redis "1.0.0", arity: -1, access: ReadWrite, effect: Unknown, touches: AllKeys,
            route: AllShards(AllSucceed)
        };

    /// Removes all keys of the database, and frees their memory as `mode` says.
    fn flushdb_with(mode: impl FlushMode<Self::Server>) -> Status as ()
        = "FLUSHDB" as FlushdbWith {
            since: redis "4.0.0", arity: -1, access: ReadWrite, effect: Unknown, touches: AllKeys,
            route: AllShards(AllSucceed)
        };

    /// Does not compile: the protocol is part of the URL (`?protocol=2`), because others share the connection.
    fn hello(protocol: impl Arguments) -> Any as ()
        = "HELLO" as Hello {
            since: redis "6.0.0", arity: -1, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Returns what the server tells of itself, as lines of `name:value` under headings that begin with `#`.
    fn info() -> Bulk as String
        = "INFO" as Info {
            since: redis "1.0.0", arity: -1, access: ReadOnly, effect: Preserves, route: AllShards(Special)
        };

    /// Returns one section of what the server tells of itself, such as `memory`. It is empty when there is no such section.
    fn info_section(section: impl Argument) -> Bulk as String
        = "INFO" as InfoSection {
            since: redis "1.0.0", arity: -1, access: ReadOnly, effect: Preserves, route: AllShards(Special)
        };

    /// Returns when the data was last saved to disk, in whole seconds; if never, when the server was started.
    fn lastsave() -> Integer as SystemTime
        = "LASTSAVE" as Lastsave {
            since: redis "1.0.0", arity: 1, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns how many bytes of memory `key` takes with its value, or `None` when there is no such key. Of a large
    /// collection it is an estimate.
    fn memory_usage(key @ AnyKind) -> Nullable<Integer> as Option<u64>
        = "MEMORY USAGE" as MemoryUsage {
            since: redis "4.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Does not compile: a connection that monitors answers nothing else.
    fn monitor() -> Status as ()
        = "MONITOR" as Monitor {
            since: redis "1.0.0", arity: 1, access: ReadWrite, effect: Preserves, multi: Refused,
            connection: Forbidden
        };

    /// Returns `PONG`.
    fn ping() -> Status as String
        = "PING" as Ping {
            since: redis "1.0.0", arity: -1, access: ReadOnly, effect: Preserves, route: AllShards(AllSucceed)
        };

    /// Returns `message`.
    fn ping_with<T: FromReply<Bulk>>(message: impl Argument) -> Bulk as T
        = "PING" as PingWith {
            since: redis "1.0.0", arity: -1, access: ReadOnly, effect: Preserves, route: AllShards(AllSucceed)
        };

    /// Does not compile: a connection that subscribes is not for commands.
    fn psubscribe(patterns: impl Arguments) -> Any as ()
        = "PSUBSCRIBE" as Psubscribe {
            since: redis "2.0.0", arity: -2, access: ReadWrite, effect: Preserves, multi: Refused,
            connection: Forbidden
        };

    /// Does not compile: it makes the connection that of a replica.
    fn psync(replication: impl Argument, offset: i64) -> Any as ()
        = "PSYNC" as Psync {
            since: redis "2.8.0", arity: -3, access: ReadWrite, effect: Preserves, multi: Refused,
            connection: Forbidden
        };

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

    /// Does not compile: a connection that subscribes is not for commands.
    fn punsubscribe(patterns: impl Arguments) -> Any as ()
        = "PUNSUBSCRIBE" as Punsubscribe {
            since: redis "2.0.0", arity: -1, access: ReadWrite, effect: Preserves, multi: Refused,
            connection: Forbidden
        };

    /// Does not compile: the connection is closed when the last clone of its client is dropped.
    fn quit() -> Status as ()
        = "QUIT" as Quit {
            since: redis "1.0.0", arity: -1, access: ReadWrite, effect: Preserves, multi: Refused,
            connection: Forbidden, deprecated: { redis: "7.2.0", instead: "closing the connection" }
        };

    /// Does not compile: whether a replica of a cluster answers belongs to the connection, which others share.
    fn readonly() -> Status as ()
        = "READONLY" as Readonly {
            since: redis "3.0.0", arity: 1, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile: whether a replica of a cluster answers belongs to the connection, which others share.
    fn readwrite() -> Status as ()
        = "READWRITE" as Readwrite {
            since: redis "3.0.0", arity: 1, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Does not compile on a client: it would undo database, protocol and name for all who share the connection. A pipeline
    /// has a [`reset`](crate::Pipeline::reset) of its own.
    fn reset() -> Status as ()
        = "RESET" as Reset {
            since: redis "6.2.0", arity: 1, access: ReadWrite, effect: Preserves, multi: Refused,
            connection: Forbidden
        };

    /// Saves the data to disk. Nobody is served meanwhile; see [`bgsave`](ServerCommands::bgsave).
    fn save() -> Status as ()
        = "SAVE" as Save {
            since: redis "1.0.0", arity: 1, access: ReadWrite, effect: Preserves, route: AnyNode, multi: Refused
        };

    /// Does not compile: the database is part of the URL, because others share the connection.
    fn select(database: u32) -> Status as ()
        = "SELECT" as Select {
            since: redis "1.0.0", arity: 2, access: ReadWrite, effect: Preserves, connection: Forbidden
        };

    /// Ends the server, after saving the data if it is configured to save.
    ///
    /// It comes back with an error either way: of the server, when it could not save and stays, and
    /// [`OutcomeUnknown`](crate::Error::OutcomeUnknown) when it went, because then the connection ends without a reply.
    fn shutdown() -> Status as ()
        = "SHUTDOWN" as Shutdown {
            since: redis "1.0.0", arity: -1, access: ReadWrite, effect: Unknown, touches: AllKeys, route: AnyNode,
            multi: Refused
        };

    /// Ends the server, and saves the data before or not, as `mode` says. See [`shutdown`](ServerCommands::shutdown) for
    /// what comes back.
    fn shutdown_with(mode: ShutdownMode) -> Status as ()
        = "SHUTDOWN" as ShutdownWith {
            since: redis "1.0.0", arity: -1, access: ReadWrite, effect: Unknown, touches: AllKeys, route: AnyNode,
            multi: Refused
        };

    /// Returns how many entries the log of slow commands has.
    fn slowlog_len() -> Integer as u64
        = "SLOWLOG LEN" as SlowlogLen {
            since: redis "2.2.12", arity: 2, access: ReadOnly, effect: Preserves, route: AllNodes(Sum)
        };

    /// Empties the log of slow commands.
    fn slowlog_reset() -> Status as ()
        = "SLOWLOG RESET" as SlowlogReset {
            since: redis "2.2.12", arity: 2, access: ReadWrite, effect: Preserves, route: AllNodes(AllSucceed)
        };

    /// Does not compile: a connection that subscribes is not for commands.
    fn ssubscribe(channels: impl Arguments) -> Any as ()
        = "SSUBSCRIBE" as Ssubscribe {
            since: redis "7.0.0", arity: -2, access: ReadWrite, effect: Preserves, multi: Refused,
            connection: Forbidden
        };

    /// Does not compile: a connection that subscribes is not for commands.
    fn subscribe(channels: impl Arguments) -> Any as ()
        = "SUBSCRIBE" as Subscribe {
            since: redis "2.0.0", arity: -2, access: ReadWrite, effect: Preserves, multi: Refused,
            connection: Forbidden
        };

    /// Does not compile: a connection that subscribes is not for commands.
    fn sunsubscribe(channels: impl Arguments) -> Any as ()
        = "SUNSUBSCRIBE" as Sunsubscribe {
            since: redis "7.0.0", arity: -1, access: ReadWrite, effect: Preserves, multi: Refused,
            connection: Forbidden
        };

    /// Swaps two databases, so that those who use the one see the keys of the other.
    ///
    /// Fails when the server has no such database.
    fn swapdb(first: u32, second: u32) -> Status as ()
        = "SWAPDB" as Swapdb {
            since: redis "4.0.0", arity: 3, access: ReadWrite, effect: Unknown, touches: AllKeys, route: AnyNode
        };

    /// Does not compile: it makes the connection that of a replica.
    fn sync() -> Any as ()
        = "SYNC" as Sync {
            since: redis "1.0.0", arity: 1, access: ReadWrite, effect: Preserves, multi: Refused,
            connection: Forbidden
        };

    /// Returns the server's clock, to the microsecond.
    fn time() -> Tuple<(Bulk, Bulk)> as SystemTime
        = "TIME" as Time {
            since: redis "2.6.0", arity: 1, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Does not compile: a connection that subscribes is not for commands.
    fn unsubscribe(channels: impl Arguments) -> Any as ()
        = "UNSUBSCRIBE" as Unsubscribe {
            since: redis "2.0.0", arity: -1, access: ReadWrite, effect: Preserves, multi: Refused,
            connection: Forbidden
        };
}
