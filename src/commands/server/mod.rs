//! Commands on the server: its data as a whole, its configuration and its statistics.

pub(crate) mod options;

use options::{FlushMode, ShutdownMode};

use crate::{argument::Argument, key::AnyKind};
use std::{collections::HashMap, time::SystemTime};

commands! {
    /// Commands on the server: its data as a whole, its configuration and its statistics.
    pub trait ServerCommands in cmd;

    /// Starts to rewrite the append-only file in the background and returns the server's status text.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if a rewrite is running.
    fn bgrewriteaof() -> Status as String
        = "BGREWRITEAOF" as Bgrewriteaof {
            since: redis "1.0.0", arity: 1, access: ReadWrite, effect: Preserves, route: AnyNode
        };

    /// Starts to save the data to disk in the background and returns the server's status text. In a transaction the
    /// save starts after EXEC. [`lastsave`](Self::lastsave) changes when it is done.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if a save is running.
    fn bgsave() -> Status as String
        = "BGSAVE" as Bgsave {
            since: redis "1.0.0", arity: -1, access: ReadWrite, effect: Preserves, route: AnyNode
        };

    /// Returns the number of commands that the server has, those of its modules included.
    fn command_count() -> Integer as u64
        = "COMMAND COUNT" as CommandCount {
            since: redis "2.8.13", arity: 2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns the settings whose names match the glob-style `pattern`, such as `maxmemory*`. The map is empty if none
    /// matches.
    fn config_get(pattern: impl Argument) -> Map<Bulk, Bulk> as HashMap<String, String>
        = "CONFIG GET" as ConfigGet {
            since: redis "2.0.0", arity: -3, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Sets one of the server's settings at run time.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if there is no such setting, if it cannot be set at run time, or if the value
    /// is not valid.
    fn config_set(parameter: impl Argument, value: impl Argument) -> Status as ()
        = "CONFIG SET" as ConfigSet {
            since: redis "2.0.0", arity: -4, access: ReadWrite, effect: Preserves, route: AllNodes(AllSucceeded)
        };

    /// Returns the number of keys in the database.
    fn dbsize() -> Integer as u64
        = "DBSIZE" as Dbsize {
            since: redis "1.0.0", arity: 1, access: ReadOnly, effect: Preserves, route: AllShards(Sum)
        };

    /// Removes all keys of all databases.
    fn flushall() -> Status as ()
        = "FLUSHALL" as Flushall {
            since: redis "1.0.0", arity: -1, access: ReadWrite, effect: Unknown, touches: AllKeys,
            route: AllShards(AllSucceeded)
        };

    /// Removes all keys of all databases, and frees their memory as `mode` says.
    fn flushall_with(mode: impl FlushMode<Self::Server>) -> Status as ()
        = "FLUSHALL" as FlushallWith {
            since: redis "4.0.0", arity: -1, access: ReadWrite, effect: Unknown, touches: AllKeys,
            route: AllShards(AllSucceeded)
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
            route: AllShards(AllSucceeded)
        };

    /// Removes all keys of the database, and frees their memory as `mode` says.
    fn flushdb_with(mode: impl FlushMode<Self::Server>) -> Status as ()
        = "FLUSHDB" as FlushdbWith {
            since: redis "4.0.0", arity: -1, access: ReadWrite, effect: Unknown, touches: AllKeys,
            route: AllShards(AllSucceeded)
        };

    /// Returns the server's statistics, as lines of `name:value` under headings that begin with `#`.
    fn info() -> Bulk as String
        = "INFO" as Info {
            since: redis "1.0.0", arity: -1, access: ReadOnly, effect: Preserves, route: AllShards(Special)
        };

    /// Returns one section of the server's statistics, such as `memory`. The text is empty if there is no such section.
    fn info_section(section: impl Argument) -> Bulk as String
        = "INFO" as InfoSection {
            since: redis "1.0.0", arity: -1, access: ReadOnly, effect: Preserves, route: AllShards(Special)
        };

    /// Returns the time of the last save to disk, in whole seconds, or the server's start time if there was no save.
    fn lastsave() -> Integer as SystemTime
        = "LASTSAVE" as Lastsave {
            since: redis "1.0.0", arity: 1, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns the number of bytes that `key` and its value take in memory, or `None` if the key does not exist. For a
    /// large collection the number is an estimate.
    fn memory_usage(key @ AnyKind) -> Nullable<Integer> as Option<u64>
        = "MEMORY USAGE" as MemoryUsage {
            since: redis "4.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Saves the data to disk. The server executes no other command meanwhile; [`bgsave`](Self::bgsave) saves in the
    /// background.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if a save is running in the background.
    fn save() -> Status as ()
        = "SAVE" as Save {
            since: redis "1.0.0", arity: 1, access: ReadWrite, effect: Preserves, route: AnyNode, multi: Refused
        };

    /// Shuts the server down, and saves the data before if the server is configured to save.
    ///
    /// # Errors
    ///
    /// There is no other reply. [`OutcomeUnknown`](crate::Error::OutcomeUnknown) if the server shut down, because it
    /// closes the connection without a reply; [`Server`](crate::Error::Server) if it could not save and keeps running.
    fn shutdown() -> Status as ()
        = "SHUTDOWN" as Shutdown {
            since: redis "1.0.0", arity: -1, access: ReadWrite, effect: Unknown, touches: AllKeys, route: AnyNode,
            multi: Refused
        };

    /// Shuts the server down, and saves the data before or not, as `mode` says.
    ///
    /// # Errors
    ///
    /// As [`shutdown`](Self::shutdown).
    fn shutdown_with(mode: ShutdownMode) -> Status as ()
        = "SHUTDOWN" as ShutdownWith {
            since: redis "1.0.0", arity: -1, access: ReadWrite, effect: Unknown, touches: AllKeys, route: AnyNode,
            multi: Refused
        };

    /// Returns the number of entries in the log of slow commands.
    fn slowlog_len() -> Integer as u64
        = "SLOWLOG LEN" as SlowlogLen {
            since: redis "2.2.12", arity: 2, access: ReadOnly, effect: Preserves, route: AllNodes(Sum)
        };

    /// Clears the log of slow commands.
    fn slowlog_reset() -> Status as ()
        = "SLOWLOG RESET" as SlowlogReset {
            since: redis "2.2.12", arity: 2, access: ReadWrite, effect: Preserves, route: AllNodes(AllSucceeded)
        };

    /// Swaps two databases, so that the clients of each see the keys of the other.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the server has no such database.
    fn swapdb(first: u32, second: u32) -> Status as ()
        = "SWAPDB" as Swapdb {
            since: redis "4.0.0", arity: 3, access: ReadWrite, effect: Unknown, touches: AllKeys, route: AnyNode
        };

    /// Returns the time of the server's clock, to the microsecond.
    fn time() -> Tuple<(Bulk, Bulk)> as SystemTime
        = "TIME" as Time {
            since: redis "2.6.0", arity: 1, access: ReadOnly, effect: Preserves, route: AnyNode
        };
}
