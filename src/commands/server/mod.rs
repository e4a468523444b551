//! The server: its data as a whole, its configuration and its state.

pub(crate) mod options;

use options::{FlushMode, ShutdownMode};

use crate::{argument::Argument, key::AnyKind};
use std::{collections::HashMap, time::SystemTime};

commands! {
    /// Commands on the server: its data as a whole, its configuration and its state.
    pub trait ServerCommands in cmd;

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
            since: redis "2.0.0", arity: -4, access: ReadWrite, effect: Preserves, route: AllNodes(AllSucceeded)
        };

    /// Returns how many keys the database has.
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

    /// Saves the data to disk. Nobody is served meanwhile; see [`bgsave`](ServerCommands::bgsave).
    fn save() -> Status as ()
        = "SAVE" as Save {
            since: redis "1.0.0", arity: 1, access: ReadWrite, effect: Preserves, route: AnyNode, multi: Refused
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
            since: redis "2.2.12", arity: 2, access: ReadWrite, effect: Preserves, route: AllNodes(AllSucceeded)
        };

    /// Swaps two databases, so that those who use the one see the keys of the other.
    ///
    /// Fails when the server has no such database.
    fn swapdb(first: u32, second: u32) -> Status as ()
        = "SWAPDB" as Swapdb {
            since: redis "4.0.0", arity: 3, access: ReadWrite, effect: Unknown, touches: AllKeys, route: AnyNode
        };

    /// Returns the server's clock, to the microsecond.
    fn time() -> Tuple<(Bulk, Bulk)> as SystemTime
        = "TIME" as Time {
            since: redis "2.6.0", arity: 1, access: ReadOnly, effect: Preserves, route: AnyNode
        };
}
