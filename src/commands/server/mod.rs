//! The server: its data as a whole, its configuration, its statistics and its modules.
//!
//! ```
//! use typedis::{Client, prelude::*};
//! # async fn example(client: &Client) -> typedis::Result<()> {
//! client.config_set_all([("maxmemory-samples", "10"), ("slowlog-max-len", "64")]).await?;
//! assert_eq!(client.config_get("maxmemory-sam*").await?["maxmemory-samples"], "10");
//! assert_eq!(client.info_section("keyspace").await?.get("db0"), None);
//! # Ok(()) }
//! # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
//! ```
//!
//! On a cluster a save is one of all primaries, so that success means that all data is saved: the servers' own tips leave it to
//! the client. Backups and modules are made on all of them as well. What else has no key and is about one server, such as
//! [`role`](super::ReplicationCommands::role) and [`client_list`](super::ConnectionCommands::client_list), is asked of any one
//! node; what changes one server, or tells of its backups, is for a client of that node
//! ([`Config::single_node`](crate::Config::single_node)).

pub(crate) mod options;
pub(crate) mod replies;

pub use options::{FlushMode, ModuleConfig, ShutdownOptions};
pub use replies::{BackupStatus, ModuleInfo, ServerInfo};

use crate::{
    argument::{Argument, Arguments, Entries},
    command::{
        encode::{FlatPairs, MaybeEmpty},
        flag::AvailableSince,
    },
    key::AnyKind,
};
use bytes::Bytes;
use std::{collections::HashMap, time::SystemTime};

commands! {
    /// Commands on the server: its data as a whole, its configuration, its statistics and its modules.
    pub trait ServerCommands in cmd;

    /// Gives up the backup that is under way, on a cluster that of every primary.
    fn backup_abort() -> Status as ()
        = "BACKUP ABORT" as BackupAbort {
            since: redis "8.10.0", valkey never, arity: 2, access: ReadWrite, effect: Preserves, route: AllShards(AllSucceeded)
        };

    /// Removes the files of finished backups, on a cluster those of every primary.
    fn backup_cleanup() -> Status as ()
        = "BACKUP CLEANUP" as BackupCleanup {
            since: redis "8.10.0", valkey never, arity: 2, access: ReadWrite, effect: Preserves, route: AllShards(AllSucceeded)
        };

    /// Returns the paths of the files of backups.
    fn backup_list() -> Array<Bulk> as Vec<String>
        = "BACKUP LIST" as BackupList {
            since: redis "8.10.0", valkey never, arity: 2, access: ReadOnly, effect: Preserves, route: SingleServer
        };

    /// Ends the backup that is under way, so that its files are whole, on a cluster that of every primary.
    fn backup_seal() -> Status as ()
        = "BACKUP SEAL" as BackupSeal {
            since: redis "8.10.0", valkey never, arity: 2, access: ReadWrite, effect: Preserves, route: AllShards(AllSucceeded)
        };

    /// Begins a backup, in the server's own directory, on a cluster one of every primary.
    fn backup_start() -> Status as ()
        = "BACKUP START" as BackupStart {
            since: redis "8.10.0", valkey never, arity: 2, access: ReadWrite, effect: Preserves, route: AllShards(AllSucceeded)
        };

    /// Returns the state of the backup.
    fn backup_status() -> Map<Bulk, Any> as BackupStatus
        = "BACKUP STATUS" as BackupState {
            since: redis "8.10.0", valkey never, arity: 2, access: ReadOnly, effect: Preserves, route: SingleServer
        };

    /// Starts to rewrite the append-only file in the background and returns the server's status text, on a cluster that of one
    /// primary.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if a rewrite is running.
    fn bgrewriteaof() -> Status as String
        = "BGREWRITEAOF" as Bgrewriteaof {
            since: redis "1.0.0", arity: 1, access: ReadWrite, effect: Preserves, route: AllShards(AllSucceeded)
        };

    /// Starts to save the data to disk in the background and returns the server's status text, on a cluster that of one primary.
    /// In a transaction the save starts after EXEC. [`lastsave`](Self::lastsave) changes when it is done.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if a save is running.
    fn bgsave() -> Status as String
        = "BGSAVE" as Bgsave {
            since: redis "1.0.0", arity: -1, access: ReadWrite, effect: Preserves, route: AllShards(AllSucceeded)
        };

    /// Ends a save in the background, or one that waits for its turn (CANCEL), and returns the server's status text.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if there is none.
    fn bgsave_cancel() -> Status as String
        = "BGSAVE" ("CANCEL") as BgsaveCancel {
            since: redis never, valkey "8.1.0", arity: -1, access: ReadWrite, effect: Preserves,
            route: AllShards(AllSucceeded), fallback: "wait until INFO says `rdb_bgsave_in_progress:0`"
        };

    /// Starts to save the data to disk in the background, after a save or a rewrite that is under way (SCHEDULE), and returns the
    /// server's status text.
    fn bgsave_schedule() -> Status as String
        = "BGSAVE" ("SCHEDULE") as BgsaveSchedule {
            since: redis "3.2.2", arity: -1, access: ReadWrite, effect: Preserves, route: AllShards(AllSucceeded)
        };

    /// Returns the settings whose names match the glob-style `pattern`, such as `maxmemory*`. The map is empty if none
    /// matches.
    ///
    /// # Errors
    ///
    /// [`Reply`](crate::Error::Reply) if a value is no text; see [`config_get_bytes`](Self::config_get_bytes).
    fn config_get(pattern: impl Argument) -> Map<Bulk, Bulk> as HashMap<String, String>
        = "CONFIG GET" as ConfigGet {
            since: redis "2.0.0", arity: -3, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns the settings whose names match `pattern` as [`config_get`](Self::config_get) does, with values that need not be text:
    /// a password, such as `requirepass`, may be any bytes.
    fn config_get_bytes(pattern: impl Argument) -> Map<Bulk, Bulk> as HashMap<String, Bytes>
        = "CONFIG GET" as ConfigGetBytes {
            since: redis "2.0.0", arity: -3, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns the settings whose names match one of several glob-style patterns.
    fn config_get_all(patterns: impl Arguments) -> Map<Bulk, Bulk> as HashMap<String, String>
        = "CONFIG GET" as ConfigGetAll {
            since: redis "7.0.0", arity: -3, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Sets the statistics of INFO back to 0.
    fn config_resetstat() -> Status as ()
        = "CONFIG RESETSTAT" as ConfigResetstat {
            since: redis "2.0.0", arity: 2, access: ReadWrite, effect: Preserves, route: AllNodes(AllSucceeded)
        };

    /// Writes the settings that are in force to the server's configuration file.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the server was started without one, or cannot write it.
    fn config_rewrite() -> Status as ()
        = "CONFIG REWRITE" as ConfigRewrite {
            since: redis "2.8.0", arity: 2, access: ReadWrite, effect: Preserves, route: AllNodes(AllSucceeded)
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

    /// Sets several of the server's settings at run time, all or none: pairs of names and values.
    ///
    /// # Errors
    ///
    /// As [`config_set`](Self::config_set).
    fn config_set_all(settings: impl Entries) -> Status as ()
        = "CONFIG SET" (FlatPairs(&settings)) as ConfigSetAll {
            since: redis "7.0.0", arity: -4, access: ReadWrite, effect: Preserves, route: AllNodes(AllSucceeded)
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

    /// Returns the server's statistics, on a cluster those of one primary.
    fn info() -> Bulk as ServerInfo
        = "INFO" as Info {
            since: redis "1.0.0", arity: -1, access: ReadOnly, effect: Preserves, route: AllShards(Special)
        };

    /// Returns one section of the server's statistics, such as `memory`. The text is empty if there is no such section.
    fn info_section(section: impl Argument) -> Bulk as ServerInfo
        = "INFO" as InfoSection {
            since: redis "1.0.0", arity: -1, access: ReadOnly, effect: Preserves, route: AllShards(Special)
        };

    /// Returns several sections of the server's statistics.
    fn info_sections(sections: impl Arguments) -> Bulk as ServerInfo
        = "INFO" as InfoSections {
            since: redis "7.0.0", arity: -1, access: ReadOnly, effect: Preserves, route: AllShards(Special)
        };

    /// Returns the time of the last save to disk, in whole seconds, or the server's start time if there was no save; on a cluster
    /// the earliest of all primaries, since when all data is saved.
    fn lastsave() -> Integer as SystemTime
        = "LASTSAVE" as Lastsave {
            since: redis "1.0.0", arity: 1, access: ReadOnly, effect: Preserves, route: AllShards(Min)
        };

    /// Returns the number of bytes that `key` and its value take in memory, or `None` if the key does not exist. For a
    /// large collection the number is an estimate.
    fn memory_usage(key @ AnyKind) -> Nullable<Integer> as Option<u64>
        = "MEMORY USAGE" as MemoryUsage {
            since: redis "4.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the number of bytes that `key` and its value take in memory, or `None` if the key does not exist. Of a large
    /// collection so many elements are measured (SAMPLES), all for 0.
    fn memory_usage_samples(key @ AnyKind, samples: u32) -> Nullable<Integer> as Option<u64>
        = "MEMORY USAGE" (&key, "SAMPLES", &samples) as MemoryUsageSamples {
            since: redis "4.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the modules that are loaded, in no particular order.
    fn module_list() -> Array<Map<Bulk, Any>> as Vec<ModuleInfo>
        = "MODULE LIST" as ModuleList {
            since: redis "4.0.0", arity: 2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Loads a module from a file on the server, with `arguments`; `()` stands for none. On a cluster
    /// every node loads it.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the module cannot be loaded, or if the server's configuration does not allow it.
    fn module_load(path: impl Argument, arguments: impl Arguments) -> Status as ()
        = "MODULE LOAD" (path, MaybeEmpty(&arguments)) as ModuleLoad {
            since: redis "4.0.0", arity: -3, access: ReadWrite, effect: Preserves, route: AllNodes(AllSucceeded)
        };

    /// Loads a module from a file on the server, with settings of its own and with arguments, on a cluster on every node.
    ///
    /// # Errors
    ///
    /// As [`module_load`](Self::module_load).
    fn module_loadex(path: impl Argument, config: ModuleConfig<'_>) -> Status as ()
        = "MODULE LOADEX" as ModuleLoadex {
            since: redis "7.0.0", arity: -3, access: ReadWrite, effect: Preserves, route: AllNodes(AllSucceeded)
        };

    /// Unloads the module with this name, on a cluster from every node.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if it is not loaded, or has types of keys.
    fn module_unload(name: impl Argument) -> Status as ()
        = "MODULE UNLOAD" as ModuleUnload {
            since: redis "4.0.0", arity: 3, access: ReadWrite, effect: Preserves, route: AllNodes(AllSucceeded)
        };

    /// Saves the data to disk, on a cluster that of all primaries. The server executes no other command meanwhile; [`bgsave`](Self::bgsave) saves in the
    /// background.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if a save is running in the background.
    fn save() -> Status as ()
        = "SAVE" as Save {
            since: redis "1.0.0", arity: 1, access: ReadWrite, effect: Preserves, route: AllShards(AllSucceeded),
            multi: Refused
        };

    /// Shuts the server down, and saves the data before if the server is configured to save.
    ///
    /// # Errors
    ///
    /// There is no other reply. [`OutcomeUnknown`](crate::Error::OutcomeUnknown) if the server shut down, because it
    /// closes the connection without a reply; [`Server`](crate::Error::Server) if it could not save and keeps running.
    fn shutdown() -> Status as ()
        = "SHUTDOWN" as Shutdown {
            since: redis "1.0.0", arity: -1, access: ReadWrite, effect: Unknown, touches: AllKeys, route: SingleServer,
            multi: Refused
        };

    /// Ends a shutdown that waits for replicas, of another client.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if none is under way.
    fn shutdown_abort() -> Status as ()
        = "SHUTDOWN" ("ABORT") as ShutdownAbort {
            since: redis "7.0.0", arity: -1, access: ReadWrite, effect: Preserves, route: SingleServer, multi: Refused
        };

    /// Shuts the server down as `options` say.
    ///
    /// # Errors
    ///
    /// As [`shutdown`](Self::shutdown).
    fn shutdown_with[S: Sized, N: Sized](options: ShutdownOptions<S, N>) -> Status as () where N: AvailableSince<Self::Server>
        = "SHUTDOWN" as ShutdownWith {
            since: redis "1.0.0", arity: -1, access: ReadWrite, effect: Unknown, touches: AllKeys, route: SingleServer,
            multi: Refused
        };

    /// Swaps two databases, so that the clients of each see the keys of the other.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the server has no such database.
    fn swapdb(first: u32, second: u32) -> Status as ()
        = "SWAPDB" as Swapdb {
            since: redis "4.0.0", arity: 3, access: ReadWrite, effect: Unknown, touches: AllKeys, route: AllShards(AllSucceeded)
        };

    /// Returns the time of the server's clock, to the microsecond.
    fn time() -> Tuple<(Bulk, Bulk)> as SystemTime
        = "TIME" as Time {
            since: redis "2.6.0", arity: 1, access: ReadOnly, effect: Preserves, route: AnyNode
        };
}
