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
    ///
    /// [ASKING](https://redis.io/docs/latest/commands/asking/)
    fn asking() -> Status as ()
        = "ASKING" as Asking {
            since: "3.0.0", arity: 1, access: writes, leaves: same, multi: yes, connection: never
        };

    /// Does not compile: user and password are part of the URL, because others share the connection.
    ///
    /// [AUTH](https://redis.io/docs/latest/commands/auth/)
    fn auth(password: impl Arguments) -> Status as ()
        = "AUTH" as Auth {
            since: "1.0.0", arity: -2, access: writes, leaves: same, multi: yes, connection: never
        };

    /// Starts to rewrite the append-only file in the background and returns the server's words.
    ///
    /// Fails when a rewrite runs already.
    ///
    /// [BGREWRITEAOF](https://redis.io/docs/latest/commands/bgrewriteaof/)
    fn bgrewriteaof() -> Status as String
        = "BGREWRITEAOF" as Bgrewriteaof {
            since: "1.0.0", arity: 1, access: writes, leaves: same, multi: yes, connection: any
        };

    /// Starts to save the data to disk in the background and returns the server's words. See
    /// [`lastsave`](ServerCommands::lastsave) for when it is done.
    ///
    /// Fails when the data is being saved already. In a transaction it starts right after EXEC.
    ///
    /// [BGSAVE](https://redis.io/docs/latest/commands/bgsave/)
    fn bgsave() -> Status as String
        = "BGSAVE" as Bgsave {
            since: "1.0.0", arity: -1, access: writes, leaves: same, multi: yes, connection: any
        };

    /// Does not compile: what the server tells of changed keys belongs to the connection, which others share.
    ///
    /// [CLIENT CACHING](https://redis.io/docs/latest/commands/client-caching/)
    fn client_caching(mode: impl Argument) -> Status as ()
        = "CLIENT CACHING" as ClientCaching {
            since: "6.0.0", arity: 3, access: writes, leaves: same, multi: yes, connection: never
        };

    /// Returns the name of the connection, or `None` when it has none.
    ///
    /// [CLIENT GETNAME](https://redis.io/docs/latest/commands/client-getname/)
    fn client_getname() -> Nullable<Bulk> as Option<String>
        = "CLIENT GETNAME" as ClientGetname {
            since: "2.6.9", arity: 2, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Returns the server's number of the connection: on a client of the one that all share, on a watching pipeline of
    /// its own.
    ///
    /// [CLIENT ID](https://redis.io/docs/latest/commands/client-id/)
    fn client_id() -> Integer as u64
        = "CLIENT ID" as ClientId {
            since: "5.0.0", arity: 2, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Returns what the server knows of the connection, as one line of `name=value` words.
    ///
    /// [CLIENT INFO](https://redis.io/docs/latest/commands/client-info/)
    fn client_info() -> Bulk as String
        = "CLIENT INFO" as ClientInfo {
            since: "6.2.0", arity: 2, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Closes the connection whose [`client_id`](ServerCommands::client_id) is `id` and tells whether there was one. The
    /// connection that sends this is never closed by it.
    ///
    /// [CLIENT KILL](https://redis.io/docs/latest/commands/client-kill/)
    fn client_kill(id: u64) -> Flag as bool
        = "CLIENT KILL" ("ID", id) as ClientKill {
            since: "2.8.12", arity: -3, access: writes, leaves: same, multi: yes, connection: any
        };

    /// Returns what the server knows of its connections, each as a line of `name=value` words.
    ///
    /// [CLIENT LIST](https://redis.io/docs/latest/commands/client-list/)
    fn client_list() -> Bulk as String
        = "CLIENT LIST" as ClientList {
            since: "2.4.0", arity: -2, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Does not compile: whether the server may close the connection to save memory is not for one of its users to say.
    ///
    /// [CLIENT NO-EVICT](https://redis.io/docs/latest/commands/client-no-evict/)
    fn client_no_evict(mode: impl Argument) -> Status as ()
        = "CLIENT NO-EVICT" as ClientNoEvict {
            since: "7.0.0", arity: 3, access: writes, leaves: same, multi: yes, connection: never
        };

    /// Does not compile: without replies, those who share the connection would wait forever.
    ///
    /// [CLIENT REPLY](https://redis.io/docs/latest/commands/client-reply/)
    fn client_reply(mode: impl Argument) -> Status as ()
        = "CLIENT REPLY" as ClientReply {
            since: "3.2.0", arity: 3, access: writes, leaves: same, multi: yes, connection: never
        };

    /// Does not compile: the name is part of the [`Config`](crate::Config), because others share the connection.
    ///
    /// [CLIENT SETNAME](https://redis.io/docs/latest/commands/client-setname/)
    fn client_setname(name: impl Argument) -> Status as ()
        = "CLIENT SETNAME" as ClientSetname {
            since: "2.6.9", arity: 3, access: writes, leaves: same, multi: yes, connection: never
        };

    /// Does not compile: what the server tells of changed keys belongs to the connection, which others share.
    ///
    /// [CLIENT TRACKING](https://redis.io/docs/latest/commands/client-tracking/)
    fn client_tracking(mode: impl Arguments) -> Status as ()
        = "CLIENT TRACKING" as ClientTracking {
            since: "6.0.0", arity: -3, access: writes, leaves: same, multi: yes, connection: never
        };

    /// Ends the waiting of the connection `id`, which blocks in a command such as BLPOP, as if its time had run out, and
    /// tells whether it did.
    ///
    /// [CLIENT UNBLOCK](https://redis.io/docs/latest/commands/client-unblock/)
    fn client_unblock(id: u64) -> Flag as bool
        = "CLIENT UNBLOCK" as ClientUnblock {
            since: "5.0.0", arity: -3, access: writes, leaves: same, multi: yes, connection: any
        };

    /// Ends the waiting of the connection `id` in the way that `how` says, and tells whether it did.
    ///
    /// [CLIENT UNBLOCK](https://redis.io/docs/latest/commands/client-unblock/)
    fn client_unblock_with(id: u64, how: UnblockAs) -> Flag as bool
        = "CLIENT UNBLOCK" as ClientUnblockWith {
            since: "5.0.0", arity: -3, access: writes, leaves: same, multi: yes, connection: any
        };

    /// Returns how many commands the server has, those of its modules included.
    ///
    /// [COMMAND COUNT](https://redis.io/docs/latest/commands/command-count/)
    fn command_count() -> Integer as u64
        = "COMMAND COUNT" as CommandCount {
            since: "2.8.13", arity: 2, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Returns the settings whose names match `pattern`, such as `maxmemory*`. It is empty when there is none.
    ///
    /// [CONFIG GET](https://redis.io/docs/latest/commands/config-get/)
    fn config_get(pattern: impl Argument) -> Map<Bulk, Bulk> as HashMap<String, String>
        = "CONFIG GET" as ConfigGet {
            since: "2.0.0", arity: -3, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Changes one of the server's settings while it runs.
    ///
    /// Fails when there is no such setting, when it cannot be changed, or not to this.
    ///
    /// [CONFIG SET](https://redis.io/docs/latest/commands/config-set/)
    fn config_set(parameter: impl Argument, value: impl Argument) -> Status as ()
        = "CONFIG SET" as ConfigSet {
            since: "2.0.0", arity: -4, access: writes, leaves: same, multi: yes, connection: any
        };

    /// Returns how many keys the database has.
    ///
    /// [DBSIZE](https://redis.io/docs/latest/commands/dbsize/)
    fn dbsize() -> Integer as u64
        = "DBSIZE" as Dbsize {
            since: "1.0.0", arity: 1, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Returns `message`.
    ///
    /// [ECHO](https://redis.io/docs/latest/commands/echo/)
    fn echo<T: FromReply<Bulk>>(message: impl Argument) -> Bulk as T
        = "ECHO" as Echo {
            since: "1.0.0", arity: 2, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Removes all keys of all databases.
    ///
    /// [FLUSHALL](https://redis.io/docs/latest/commands/flushall/)
    fn flushall() -> Status as ()
        = "FLUSHALL" as Flushall {
            since: "1.0.0", arity: -1, access: writes, leaves: anything, multi: yes, connection: any
        };

    /// Removes all keys of all databases, and frees their memory as `mode` says.
    ///
    /// [FLUSHALL](https://redis.io/docs/latest/commands/flushall/)
    fn flushall_with(mode: impl FlushMode<Self::Server>) -> Status as ()
        = "FLUSHALL" as FlushallWith {
            since: "4.0.0", arity: -1, access: writes, leaves: anything, multi: yes, connection: any
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
    ///
    /// [FLUSHDB](https://redis.io/docs/latest/commands/flushdb/)
    fn flushdb() -> Status as ()
        = "FLUSHDB" as Flushdb {
            since: "1.0.0", arity: -1, access: writes, leaves: anything, multi: yes, connection: any
        };

    /// Removes all keys of the database, and frees their memory as `mode` says.
    ///
    /// [FLUSHDB](https://redis.io/docs/latest/commands/flushdb/)
    fn flushdb_with(mode: impl FlushMode<Self::Server>) -> Status as ()
        = "FLUSHDB" as FlushdbWith {
            since: "4.0.0", arity: -1, access: writes, leaves: anything, multi: yes, connection: any
        };

    /// Does not compile: the protocol is part of the URL (`?protocol=2`), because others share the connection.
    ///
    /// [HELLO](https://redis.io/docs/latest/commands/hello/)
    fn hello(protocol: impl Arguments) -> Any as ()
        = "HELLO" as Hello {
            since: "6.0.0", arity: -1, access: writes, leaves: same, multi: yes, connection: never
        };

    /// Returns what the server tells of itself, as lines of `name:value` under headings that begin with `#`.
    ///
    /// [INFO](https://redis.io/docs/latest/commands/info/)
    fn info() -> Bulk as String
        = "INFO" as Info {
            since: "1.0.0", arity: -1, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Returns one section of what the server tells of itself, such as `memory`. It is empty when there is no such section.
    ///
    /// [INFO](https://redis.io/docs/latest/commands/info/)
    fn info_section(section: impl Argument) -> Bulk as String
        = "INFO" as InfoSection {
            since: "1.0.0", arity: -1, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Returns when the data was last saved to disk, in whole seconds; if never, when the server was started.
    ///
    /// [LASTSAVE](https://redis.io/docs/latest/commands/lastsave/)
    fn lastsave() -> Integer as SystemTime
        = "LASTSAVE" as Lastsave {
            since: "1.0.0", arity: 1, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Returns how many bytes of memory `key` takes with its value, or `None` when there is no such key. Of a large
    /// collection it is an estimate.
    ///
    /// [MEMORY USAGE](https://redis.io/docs/latest/commands/memory-usage/)
    fn memory_usage(key @ AnyKind) -> Nullable<Integer> as Option<u64>
        = "MEMORY USAGE" as MemoryUsage {
            since: "4.0.0", arity: -3, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Does not compile: a connection that monitors answers nothing else.
    ///
    /// [MONITOR](https://redis.io/docs/latest/commands/monitor/)
    fn monitor() -> Status as ()
        = "MONITOR" as Monitor {
            since: "1.0.0", arity: 1, access: writes, leaves: same, multi: refused, connection: never
        };

    /// Returns `PONG`.
    ///
    /// [PING](https://redis.io/docs/latest/commands/ping/)
    fn ping() -> Status as String
        = "PING" as Ping {
            since: "1.0.0", arity: -1, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Returns `message`.
    ///
    /// [PING](https://redis.io/docs/latest/commands/ping/)
    fn ping_with<T: FromReply<Bulk>>(message: impl Argument) -> Bulk as T
        = "PING" as PingWith {
            since: "1.0.0", arity: -1, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Does not compile: a connection that subscribes is not for commands.
    ///
    /// [PSUBSCRIBE](https://redis.io/docs/latest/commands/psubscribe/)
    fn psubscribe(patterns: impl Arguments) -> Any as ()
        = "PSUBSCRIBE" as Psubscribe {
            since: "2.0.0", arity: -2, access: writes, leaves: same, multi: refused, connection: never
        };

    /// Does not compile: it makes the connection that of a replica.
    ///
    /// [PSYNC](https://redis.io/docs/latest/commands/psync/)
    fn psync(replication: impl Argument, offset: i64) -> Any as ()
        = "PSYNC" as Psync {
            since: "2.8.0", arity: -3, access: writes, leaves: same, multi: refused, connection: never
        };

    /// Sends `message` to all who subscribe to `channel`, or to a pattern that it matches, and returns how many they are.
    /// In a cluster only those at the same node are counted.
    ///
    /// [PUBLISH](https://redis.io/docs/latest/commands/publish/)
    fn publish(channel: impl Argument, message: impl Argument) -> Integer as u64
        = "PUBLISH" as Publish {
            since: "2.0.0", arity: 3, access: writes, leaves: same, multi: yes, connection: any
        };

    /// Returns the names of the channels that somebody subscribes to. Patterns are not counted.
    ///
    /// [PUBSUB CHANNELS](https://redis.io/docs/latest/commands/pubsub-channels/)
    fn pubsub_channels<T: FromReply<Bulk>>() -> Array<Bulk> as Vec<T>
        = "PUBSUB CHANNELS" as PubsubChannels {
            since: "2.8.0", arity: -2, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Returns the names of the channels that match `pattern`, such as `news.*`, and that somebody subscribes to.
    ///
    /// [PUBSUB CHANNELS](https://redis.io/docs/latest/commands/pubsub-channels/)
    fn pubsub_channels_with<T: FromReply<Bulk>>(pattern: impl Argument) -> Array<Bulk> as Vec<T>
        = "PUBSUB CHANNELS" as PubsubChannelsWith {
            since: "2.8.0", arity: -2, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Returns how many patterns are subscribed to, by all clients together.
    ///
    /// [PUBSUB NUMPAT](https://redis.io/docs/latest/commands/pubsub-numpat/)
    fn pubsub_numpat() -> Integer as u64
        = "PUBSUB NUMPAT" as PubsubNumpat {
            since: "2.8.0", arity: 2, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Returns each of `channels`, in their order, with how many subscribe to it. Patterns are not counted.
    ///
    /// [PUBSUB NUMSUB](https://redis.io/docs/latest/commands/pubsub-numsub/)
    fn pubsub_numsub<T: FromReply<Bulk>>(channels: impl Arguments) -> Map<Bulk, Integer> as Vec<(T, u64)>
        = "PUBSUB NUMSUB" as PubsubNumsub {
            since: "2.8.0", arity: -2, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Does not compile: a connection that subscribes is not for commands.
    ///
    /// [PUNSUBSCRIBE](https://redis.io/docs/latest/commands/punsubscribe/)
    fn punsubscribe(patterns: impl Arguments) -> Any as ()
        = "PUNSUBSCRIBE" as Punsubscribe {
            since: "2.0.0", arity: -1, access: writes, leaves: same, multi: refused, connection: never
        };

    /// Does not compile: the connection is closed when the last clone of its client is dropped.
    ///
    /// [QUIT](https://redis.io/docs/latest/commands/quit/)
    fn quit() -> Status as ()
        = "QUIT" as Quit {
            since: "1.0.0", arity: -1, access: writes, leaves: same, multi: refused, connection: never
        };

    /// Does not compile: whether a replica of a cluster answers belongs to the connection, which others share.
    ///
    /// [READONLY](https://redis.io/docs/latest/commands/readonly/)
    fn readonly() -> Status as ()
        = "READONLY" as Readonly {
            since: "3.0.0", arity: 1, access: writes, leaves: same, multi: yes, connection: never
        };

    /// Does not compile: whether a replica of a cluster answers belongs to the connection, which others share.
    ///
    /// [READWRITE](https://redis.io/docs/latest/commands/readwrite/)
    fn readwrite() -> Status as ()
        = "READWRITE" as Readwrite {
            since: "3.0.0", arity: 1, access: writes, leaves: same, multi: yes, connection: never
        };

    /// Does not compile on a client: it would undo database, protocol and name for all who share the connection. A pipeline
    /// has a [`reset`](crate::Pipeline::reset) of its own.
    ///
    /// [RESET](https://redis.io/docs/latest/commands/reset/)
    fn reset() -> Status as ()
        = "RESET" as Reset {
            since: "6.2.0", arity: 1, access: writes, leaves: same, multi: refused, connection: never
        };

    /// Saves the data to disk. Nobody is served meanwhile; see [`bgsave`](ServerCommands::bgsave).
    ///
    /// [SAVE](https://redis.io/docs/latest/commands/save/)
    fn save() -> Status as ()
        = "SAVE" as Save {
            since: "1.0.0", arity: 1, access: writes, leaves: same, multi: refused, connection: any
        };

    /// Does not compile: the database is part of the URL, because others share the connection.
    ///
    /// [SELECT](https://redis.io/docs/latest/commands/select/)
    fn select(database: u32) -> Status as ()
        = "SELECT" as Select {
            since: "1.0.0", arity: 2, access: writes, leaves: same, multi: yes, connection: never
        };

    /// Ends the server, after saving the data if it is configured to save.
    ///
    /// It comes back with an error either way: of the server, when it could not save and stays, and
    /// [`OutcomeUnknown`](crate::Error::OutcomeUnknown) when it went, because then the connection ends without a reply.
    ///
    /// [SHUTDOWN](https://redis.io/docs/latest/commands/shutdown/)
    fn shutdown() -> Status as ()
        = "SHUTDOWN" as Shutdown {
            since: "1.0.0", arity: -1, access: writes, leaves: anything, multi: refused, connection: any
        };

    /// Ends the server, and saves the data before or not, as `mode` says. See [`shutdown`](ServerCommands::shutdown) for
    /// what comes back.
    ///
    /// [SHUTDOWN](https://redis.io/docs/latest/commands/shutdown/)
    fn shutdown_with(mode: ShutdownMode) -> Status as ()
        = "SHUTDOWN" as ShutdownWith {
            since: "1.0.0", arity: -1, access: writes, leaves: anything, multi: refused, connection: any
        };

    /// Returns how many entries the log of slow commands has.
    ///
    /// [SLOWLOG LEN](https://redis.io/docs/latest/commands/slowlog-len/)
    fn slowlog_len() -> Integer as u64
        = "SLOWLOG LEN" as SlowlogLen {
            since: "2.2.12", arity: 2, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Empties the log of slow commands.
    ///
    /// [SLOWLOG RESET](https://redis.io/docs/latest/commands/slowlog-reset/)
    fn slowlog_reset() -> Status as ()
        = "SLOWLOG RESET" as SlowlogReset {
            since: "2.2.12", arity: 2, access: writes, leaves: same, multi: yes, connection: any
        };

    /// Does not compile: a connection that subscribes is not for commands.
    ///
    /// [SSUBSCRIBE](https://redis.io/docs/latest/commands/ssubscribe/)
    fn ssubscribe(channels: impl Arguments) -> Any as ()
        = "SSUBSCRIBE" as Ssubscribe {
            since: "7.0.0", arity: -2, access: writes, leaves: same, multi: refused, connection: never
        };

    /// Does not compile: a connection that subscribes is not for commands.
    ///
    /// [SUBSCRIBE](https://redis.io/docs/latest/commands/subscribe/)
    fn subscribe(channels: impl Arguments) -> Any as ()
        = "SUBSCRIBE" as Subscribe {
            since: "2.0.0", arity: -2, access: writes, leaves: same, multi: refused, connection: never
        };

    /// Does not compile: a connection that subscribes is not for commands.
    ///
    /// [SUNSUBSCRIBE](https://redis.io/docs/latest/commands/sunsubscribe/)
    fn sunsubscribe(channels: impl Arguments) -> Any as ()
        = "SUNSUBSCRIBE" as Sunsubscribe {
            since: "7.0.0", arity: -1, access: writes, leaves: same, multi: refused, connection: never
        };

    /// Swaps two databases, so that those who use the one see the keys of the other.
    ///
    /// Fails when the server has no such database.
    ///
    /// [SWAPDB](https://redis.io/docs/latest/commands/swapdb/)
    fn swapdb(first: u32, second: u32) -> Status as ()
        = "SWAPDB" as Swapdb {
            since: "4.0.0", arity: 3, access: writes, leaves: anything, multi: yes, connection: any
        };

    /// Does not compile: it makes the connection that of a replica.
    ///
    /// [SYNC](https://redis.io/docs/latest/commands/sync/)
    fn sync() -> Any as ()
        = "SYNC" as Sync {
            since: "1.0.0", arity: 1, access: writes, leaves: same, multi: refused, connection: never
        };

    /// Returns the server's clock, to the microsecond.
    ///
    /// [TIME](https://redis.io/docs/latest/commands/time/)
    fn time() -> Tuple<(Bulk, Bulk)> as SystemTime
        = "TIME" as Time {
            since: "2.6.0", arity: 1, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Does not compile: a connection that subscribes is not for commands.
    ///
    /// [UNSUBSCRIBE](https://redis.io/docs/latest/commands/unsubscribe/)
    fn unsubscribe(channels: impl Arguments) -> Any as ()
        = "UNSUBSCRIBE" as Unsubscribe {
            since: "2.0.0", arity: -1, access: writes, leaves: same, multi: refused, connection: never
        };
}
