//! Diagnostics: the logs of slow and large commands, delays, memory, and keys that are asked for often.
//!
//! ```
//! use typedis::{Client, prelude::*};
//! # async fn example(client: &Client) -> typedis::Result<()> {
//! client.config_set("slowlog-log-slower-than", 0).await?;
//! client.ping().await?;
//! let slow = client.slowlog_get().await?;
//! assert!(slow.iter().any(|entry| entry.command == ["PING"]));
//! println!("{} keys take {} bytes", client.memory_stats().await?.keys_count, client.memory_stats().await?.dataset_bytes);
//! # Ok(()) }
//! # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
//! ```
//!
//! On a cluster the logs of all nodes are put together, and counts are added up. A session that tracks keys is one of every
//! primary. Replies that are about one node, such as [`memory_stats`](DiagnosticsCommands::memory_stats), are an error where several
//! nodes send one, or do not compile: a client of one node ([`Config::single_node`](crate::Config::single_node)) has them.

pub(crate) mod options;
pub(crate) mod replies;

pub use options::{CommandlogKind, HotkeysOptions};
pub use replies::{CommandlogEntry, HotKey, HotkeysReport, LatencyEvent, LatencyHistogram, MemoryStats, SlowlogEntry};

use crate::{
    argument::{Argument, Arguments},
    command::option::IsSet,
};
use std::{collections::HashMap, time::SystemTime};

commands! {
    /// Commands on the server's logs, its delays and its memory.
    pub trait DiagnosticsCommands in cmd;

    /// Returns the newest entries of a log of commands, at most `count`, the newest first.
    fn commandlog_get(count: u32, kind: CommandlogKind) -> Array<Any> as Vec<CommandlogEntry>
        = "COMMANDLOG GET" as CommandlogGet {
            since: redis never, valkey "8.1.0", arity: 4, access: ReadOnly, effect: Preserves,
            route: AllNodes(Concatenate),
            fallback: "use SLOWLOG GET, which has the slow commands"
        };

    /// Returns the number of entries in a log of commands.
    fn commandlog_len(kind: CommandlogKind) -> Integer as u64
        = "COMMANDLOG LEN" as CommandlogLen {
            since: redis never, valkey "8.1.0", arity: 3, access: ReadOnly, effect: Preserves, route: AllNodes(Sum),
            fallback: "use SLOWLOG LEN, which counts the slow commands"
        };

    /// Clears a log of commands.
    fn commandlog_reset(kind: CommandlogKind) -> Status as ()
        = "COMMANDLOG RESET" as CommandlogReset {
            since: redis never, valkey "8.1.0", arity: 3, access: ReadWrite, effect: Preserves,
            route: AllNodes(AllSucceeded),
            fallback: "use SLOWLOG RESET, which clears the slow commands"
        };

    /// Returns the report of the session that tracks keys, or of the last one; `None` if there was none.
    /// [`hotkeys_start`](Self::hotkeys_start) starts one.
    fn hotkeys_get() -> Nullable<Array<Any>> as Option<HotkeysReport>
        = "HOTKEYS GET" as HotkeysGet {
            since: redis "8.6.0", valkey never, arity: 2, access: ReadOnly, effect: Preserves, route: SingleServer,
            fallback: "use `hotkeys_get_qps` on Valkey 9.2"
        };

    /// Returns the keys that are asked for most often, with their requests in a second. Valkey tracks them without a session.
    /// On a cluster those of all shards are put together.
    fn hotkeys_get_qps() -> Array<Map<Bulk, Any>> as Vec<HotKey>
        = "HOTKEYS GET" as HotkeysGetQps {
            since: redis never, valkey "9.2.0", arity: 2, access: ReadOnly, effect: Preserves, route: AllShards(Concatenate),
            fallback: "use `hotkeys_start` and `hotkeys_get` on Redis 8.6"
        };

    /// Forgets the report of the last session that tracked keys.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) while a session runs.
    fn hotkeys_reset() -> Status as ()
        = "HOTKEYS RESET" as HotkeysReset {
            since: redis "8.6.0", valkey never, arity: 2, access: ReadWrite, effect: Preserves, route: AllShards(AllSucceeded)
        };

    /// Starts a session that tracks keys.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if one runs already.
    fn hotkeys_start(options: HotkeysOptions<IsSet>) -> Status as ()
        = "HOTKEYS START" as HotkeysStart {
            since: redis "8.6.0", valkey never, arity: -2, access: ReadWrite, effect: Preserves, route: AllShards(AllSucceeded)
        };

    /// Starts a session that tracks the keys of some slots. The server is a node of a cluster that owns them.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if a session runs already, if the server does not own a slot, and if it is no node of a
    /// cluster.
    fn hotkeys_start_slots(options: HotkeysOptions<IsSet, IsSet>) -> Status as ()
        = "HOTKEYS START" as HotkeysStartSlots {
            since: redis "8.6.0", valkey never, arity: -2, access: ReadWrite, effect: Preserves, route: SingleServer
        };

    /// Ends the session that tracks keys, and returns whether one ran, on a cluster on one primary or more. Its report stays.
    fn hotkeys_stop() -> Nullable<Status> as bool
        = "HOTKEYS STOP" as HotkeysStop {
            since: redis "8.6.0", valkey never, arity: 2, access: ReadWrite, effect: Preserves, route: AllShards(Special)
        };

    /// Returns what the server makes of its delays, in words for people.
    fn latency_doctor() -> Bulk as String
        = "LATENCY DOCTOR" as LatencyDoctor {
            since: redis "2.8.13", arity: 2, access: ReadOnly, effect: Preserves, route: AllNodes(Special)
        };

    /// Returns a chart of the delays of an event, such as `command`, for people.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if there was no such delay.
    fn latency_graph(event: impl Argument) -> Bulk as String
        = "LATENCY GRAPH" as LatencyGraph {
            since: redis "2.8.13", arity: 3, access: ReadOnly, effect: Preserves, route: AllNodes(Special)
        };

    /// Returns the times that the commands with these names took, by name. Commands that were not called are left out.
    fn latency_histogram(commands: impl Arguments) -> Map<Bulk, Map<Bulk, Any>> as HashMap<String, LatencyHistogram>
        = "LATENCY HISTOGRAM" as LatencyHistogramOf {
            since: redis "7.0.0", arity: -2, access: ReadOnly, effect: Preserves, route: AllNodes(Special)
        };

    /// Returns the times that all commands took that were called, by name.
    fn latency_histogram_all() -> Map<Bulk, Map<Bulk, Any>> as HashMap<String, LatencyHistogram>
        = "LATENCY HISTOGRAM" as LatencyHistogramAll {
            since: redis "7.0.0", arity: -2, access: ReadOnly, effect: Preserves, route: AllNodes(Special)
        };

    /// Returns the last delays of an event, such as `command`: the second in which each was, and its milliseconds.
    fn latency_history(event: impl Argument) -> Array<Tuple<(Integer, Integer)>> as Vec<(SystemTime, u64)>
        = "LATENCY HISTORY" as LatencyHistory {
            since: redis "2.8.13", arity: 3, access: ReadOnly, effect: Preserves, route: AllNodes(Special)
        };

    /// Returns the last delay of each event.
    fn latency_latest() -> Array<Any> as Vec<LatencyEvent>
        = "LATENCY LATEST" as LatencyLatest {
            since: redis "2.8.13", arity: 2, access: ReadOnly, effect: Preserves, route: AllNodes(Special)
        };

    /// Forgets all delays, and returns the number of events that had some.
    fn latency_reset() -> Integer as u64
        = "LATENCY RESET" as LatencyReset {
            since: redis "2.8.13", arity: -2, access: ReadWrite, effect: Preserves, route: AllNodes(Sum)
        };

    /// Forgets the delays of `events`, and returns how many of them had some.
    fn latency_reset_events(events: impl Arguments) -> Integer as u64
        = "LATENCY RESET" as LatencyResetEvents {
            since: redis "2.8.13", arity: -2, access: ReadWrite, effect: Preserves, route: AllNodes(Sum)
        };

    /// Returns what the server makes of its memory, in words for people.
    fn memory_doctor() -> Bulk as String
        = "MEMORY DOCTOR" as MemoryDoctor {
            since: redis "4.0.0", arity: 2, access: ReadOnly, effect: Preserves, route: AllShards(Special)
        };

    /// Returns the statistics of the allocator, in its own words.
    fn memory_malloc_stats() -> Bulk as String
        = "MEMORY MALLOC-STATS" as MemoryMallocStats {
            since: redis "4.0.0", arity: 2, access: ReadOnly, effect: Preserves, route: AllShards(Special)
        };

    /// Asks the allocator to give unused memory back to the operating system.
    fn memory_purge() -> Status as ()
        = "MEMORY PURGE" as MemoryPurge {
            since: redis "4.0.0", arity: 2, access: ReadWrite, effect: Preserves, route: AllShards(AllSucceeded)
        };

    /// Returns what the server's memory holds.
    fn memory_stats() -> Map<Bulk, Any> as MemoryStats
        = "MEMORY STATS" as MemoryStatistics {
            since: redis "4.0.0", arity: 2, access: ReadOnly, effect: Preserves, route: AllShards(Special)
        };

    /// Returns the newest entries of the log of slow commands, as many as the server gives unasked: 10 of each server. The newest
    /// come first.
    fn slowlog_get() -> Array<Any> as Vec<SlowlogEntry>
        = "SLOWLOG GET" as SlowlogGet {
            since: redis "2.2.12", arity: -2, access: ReadOnly, effect: Preserves, route: AllNodes(Concatenate)
        };

    /// Returns the newest entries of the log of slow commands, at most `count` of each server, the newest first.
    fn slowlog_get_count(count: u32) -> Array<Any> as Vec<SlowlogEntry>
        = "SLOWLOG GET" as SlowlogGetCount {
            since: redis "2.2.12", arity: -2, access: ReadOnly, effect: Preserves, route: AllNodes(Concatenate)
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
}
