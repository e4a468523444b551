//! The cluster: its nodes and slots, and the commands that change it.
//!
//! ```
//! use typedis::{ClusterClient, prelude::*};
//! # async fn example(client: &ClusterClient) -> typedis::Result<()> {
//! for node in client.cluster_nodes().await? {
//!     println!("{} at {:?} has {:?}", node.id, node.host_and_port(), node.slots);
//! }
//! assert_eq!(client.cluster_info().await?.get("cluster_state"), Some("ok"));
//! # Ok(()) }
//! # typedis_testing::doctest_on_cluster(async |url| example(&ClusterClient::connect(&url).await?).await);
//! ```
//!
//! **These commands are about the node that they are sent to**, so they are for a client of one node
//! ([`Config::single_node`](crate::Config::single_node)). On a [`ClusterClient`](crate::ClusterClient), which finds the slots of
//! its own requests by itself, those alone compile that all nodes know alike, such as [`cluster_nodes`](ClusterCommands::cluster_nodes);
//! any one node is asked.

pub(crate) mod options;
pub(crate) mod replies;
mod scan;

pub use options::{ClusterFailoverMode, ClusterResetMode, SlotMetric, SlotMigrations, SlotState, SlotStatsOptions};
pub use replies::{
    ClusterLink, MigrationTask, NodeInfo, ShardInfo, ShardNode, SlotMigrationInfo, SlotNode, SlotRange, SlotUsage,
};

pub use scan::{ClusterCursor, ClusterPage, ClusterScanOptions};

use super::{
    server::{FlushMode, ServerInfo},
    slots::{OneSlot, SlotList, SlotRanges},
};
use crate::{
    argument::Argument,
    key::NotKey,
    reply::{Bulk, FromReply},
};

commands! {
    /// Commands on a cluster.
    pub trait ClusterCommands in cmd;

    /// Assigns slots, which belong to no node, to this one.
    fn cluster_addslots(slots: &[u16]) -> Status as ()
        = "CLUSTER ADDSLOTS" (SlotList(slots)) as ClusterAddslots {
            since: redis "3.0.0", arity: -3, access: ReadWrite, effect: Preserves, route: SingleServer
        };

    /// Assigns ranges of slots, both ends included, which belong to no node, to this one.
    fn cluster_addslotsrange(ranges: &[(u16, u16)]) -> Status as ()
        = "CLUSTER ADDSLOTSRANGE" (SlotRanges(ranges)) as ClusterAddslotsrange {
            since: redis "7.0.0", arity: -4, access: ReadWrite, effect: Preserves, route: SingleServer
        };

    /// Raises the epoch of the node's configuration, unless it is the highest, and returns the server's status text.
    fn cluster_bumpepoch() -> Status as String
        = "CLUSTER BUMPEPOCH" as ClusterBumpepoch {
            since: redis "3.0.0", arity: 2, access: ReadWrite, effect: Preserves, route: SingleServer
        };

    /// Ends the migrations of slots that leave this node.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if there is none.
    fn cluster_cancelslotmigrations() -> Status as ()
        = "CLUSTER CANCELSLOTMIGRATIONS" as ClusterCancelslotmigrations {
            since: redis never, valkey "9.0.0", arity: 2, access: ReadWrite, effect: Preserves, route: SingleServer,
            fallback: "use CLUSTER MIGRATION CANCEL on the destination, on Redis 8.4"
        };

    /// Returns the number of nodes that report the node with this ID as failed.
    fn cluster_count_failure_reports(node: &str) -> Integer as u64
        = "CLUSTER COUNT-FAILURE-REPORTS" as ClusterCountFailureReports {
            since: redis "3.0.0", arity: 3, access: ReadOnly, effect: Preserves, route: SingleServer
        };

    /// Returns the number of keys in a slot of this node; 0 if the slot is another node's.
    fn cluster_countkeysinslot(slot: u16) -> Integer as u64
        = "CLUSTER COUNTKEYSINSLOT" (OneSlot(slot)) as ClusterCountkeysinslot {
            since: redis "3.0.0", arity: 3, access: ReadOnly, effect: Preserves, route: SingleServer
        };

    /// Makes this node forget which nodes the slots belong to.
    fn cluster_delslots(slots: &[u16]) -> Status as ()
        = "CLUSTER DELSLOTS" (SlotList(slots)) as ClusterDelslots {
            since: redis "3.0.0", arity: -3, access: ReadWrite, effect: Preserves, route: SingleServer
        };

    /// Makes this node forget which nodes ranges of slots, both ends included, belong to.
    fn cluster_delslotsrange(ranges: &[(u16, u16)]) -> Status as ()
        = "CLUSTER DELSLOTSRANGE" (SlotRanges(ranges)) as ClusterDelslotsrange {
            since: redis "7.0.0", arity: -4, access: ReadWrite, effect: Preserves, route: SingleServer
        };

    /// Makes this replica the primary of its shard, with the primary's help, so that nothing is lost. The reply comes when it has
    /// begun.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the node is no replica.
    fn cluster_failover() -> Status as ()
        = "CLUSTER FAILOVER" as ClusterFailover {
            since: redis "3.0.0", arity: -2, access: ReadWrite, effect: Preserves, route: SingleServer
        };

    /// Makes this replica the primary of its shard as `mode` says. What it has not received yet is lost.
    ///
    /// # Errors
    ///
    /// As [`cluster_failover`](Self::cluster_failover).
    fn cluster_failover_with(mode: ClusterFailoverMode) -> Status as ()
        = "CLUSTER FAILOVER" as ClusterFailoverWith {
            since: redis "3.0.0", arity: -2, access: ReadWrite, effect: Preserves, route: SingleServer
        };

    /// Removes all keys of a slot of this node.
    fn cluster_flushslot(slot: u16) -> Status as ()
        = "CLUSTER FLUSHSLOT" (OneSlot(slot)) as ClusterFlushslot {
            since: redis never, valkey "9.0.0", arity: -3, access: ReadWrite, effect: Unknown, touches: AllKeys,
            route: SingleServer
        };

    /// Removes all keys of a slot of this node, and frees their memory as `mode` says.
    fn cluster_flushslot_with(slot: u16, mode: impl FlushMode<Self::Server>) -> Status as ()
        = "CLUSTER FLUSHSLOT" (OneSlot(slot), mode) as ClusterFlushslotWith {
            since: redis never, valkey "9.0.0", arity: -3, access: ReadWrite, effect: Unknown, touches: AllKeys,
            route: SingleServer
        };

    /// Makes this node, which must be empty, forget which nodes all slots belong to.
    fn cluster_flushslots() -> Status as ()
        = "CLUSTER FLUSHSLOTS" as ClusterFlushslots {
            since: redis "3.0.0", arity: 2, access: ReadWrite, effect: Preserves, route: SingleServer
        };

    /// Makes this node forget the node with this ID. The others tell it of that node again, unless they forget it too within a
    /// minute.
    fn cluster_forget(node: &str) -> Status as ()
        = "CLUSTER FORGET" as ClusterForget {
            since: redis "3.0.0", arity: 3, access: ReadWrite, effect: Preserves, route: SingleServer
        };

    /// Returns keys of a slot of this node, at most `count`.
    fn cluster_getkeysinslot<T: FromReply<Bulk>>(slot: u16, count: u32) -> Array<Bulk> as Vec<T>
        = "CLUSTER GETKEYSINSLOT" (OneSlot(slot), &count) as ClusterGetkeysinslot {
            since: redis "3.0.0", arity: 4, access: ReadOnly, effect: Preserves, route: SingleServer
        };

    /// Returns the migrations of slots of this node, those that have ended too.
    fn cluster_getslotmigrations() -> Array<Map<Bulk, Any>> as Vec<SlotMigrationInfo>
        = "CLUSTER GETSLOTMIGRATIONS" as ClusterGetslotmigrations {
            since: redis never, valkey "9.0.0", arity: 2, access: ReadOnly, effect: Preserves, route: SingleServer,
            fallback: "use CLUSTER MIGRATION STATUS on the destination, on Redis 8.4"
        };

    /// Returns the state of the cluster as this node sees it, such as `cluster_state` and `cluster_known_nodes`.
    fn cluster_info() -> Bulk as ServerInfo
        = "CLUSTER INFO" as ClusterInfo {
            since: redis "3.0.0", arity: 2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns the slot of a key; [`hash_slot`](crate::key::hash_slot) computes it without a server.
    fn cluster_keyslot(key: impl Argument) -> Integer as u16
        = "CLUSTER KEYSLOT" as ClusterKeyslot {
            since: redis "3.0.0", arity: 3, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns the links between this node and the others.
    fn cluster_links() -> Array<Map<Bulk, Any>> as Vec<ClusterLink>
        = "CLUSTER LINKS" as ClusterLinks {
            since: redis "7.0.0", arity: 2, access: ReadOnly, effect: Preserves, route: SingleServer
        };

    /// Introduces the node at an address, which must be an IP address, to this one, and so to the cluster.
    fn cluster_meet(ip: &str, port: u16) -> Status as ()
        = "CLUSTER MEET" as ClusterMeet {
            since: redis "3.0.0", arity: -4, access: ReadWrite, effect: Preserves, route: AnyNode
        };

    /// Introduces the node at an address, whose port for the other nodes is not 10000 higher than that for clients.
    fn cluster_meet_bus(ip: &str, port: u16, bus_port: u16) -> Status as ()
        = "CLUSTER MEET" as ClusterMeetBus {
            since: redis "4.0.0", arity: -4, access: ReadWrite, effect: Preserves, route: AnyNode
        };

    /// Begins to move slots of this node to others: Valkey's way, which is sent to the source.
    /// [`cluster_getslotmigrations`](Self::cluster_getslotmigrations) tells how far it is.
    fn cluster_migrateslots(migrations: SlotMigrations<'_>) -> Status as ()
        = "CLUSTER MIGRATESLOTS" as ClusterMigrateslots {
            since: redis never, valkey "9.0.0", arity: -4, access: ReadWrite, effect: Preserves, route: SingleServer,
            fallback: "use CLUSTER MIGRATION on the destination, on Redis 8.4, or CLUSTER SETSLOT and MIGRATE"
        };

    /// Ends a task that moves slots, and returns the number of tasks that it ended.
    fn cluster_migration_cancel(task: &str) -> Integer as u64
        = "CLUSTER MIGRATION" ("CANCEL", "ID", task) as ClusterMigrationCancel {
            since: redis "8.4.0", valkey never, arity: -4, access: ReadWrite, effect: Preserves, route: SingleServer,
            fallback: "use CLUSTER CANCELSLOTMIGRATIONS on the source, on Valkey 9.0"
        };

    /// Ends all tasks that move slots, and returns their number.
    fn cluster_migration_cancel_all() -> Integer as u64
        = "CLUSTER MIGRATION" ("CANCEL", "ALL") as ClusterMigrationCancelAll {
            since: redis "8.4.0", valkey never, arity: -4, access: ReadWrite, effect: Preserves, route: SingleServer,
            fallback: "use CLUSTER CANCELSLOTMIGRATIONS on the source, on Valkey 9.0"
        };

    /// Begins to move ranges of slots, both ends included, to this node: Redis' way, which is sent to the destination. Returns the
    /// ID of the task; [`cluster_migration_status`](Self::cluster_migration_status) tells how far it is.
    fn cluster_migration_import(ranges: &[(u16, u16)]) -> Bulk as String
        = "CLUSTER MIGRATION" ("IMPORT", SlotRanges(ranges)) as ClusterMigrationImport {
            since: redis "8.4.0", valkey never, arity: -4, access: ReadWrite, effect: Preserves, route: SingleServer,
            fallback: "use CLUSTER MIGRATESLOTS on the source, on Valkey 9.0, or CLUSTER SETSLOT and MIGRATE"
        };

    /// Returns a task that moves slots; the list is empty if this node does not know it.
    fn cluster_migration_status(task: &str) -> Array<Map<Bulk, Any>> as Vec<MigrationTask>
        = "CLUSTER MIGRATION" ("STATUS", "ID", task) as ClusterMigrationStatus {
            since: redis "8.4.0", valkey never, arity: -4, access: ReadOnly, effect: Preserves, route: SingleServer,
            fallback: "use CLUSTER GETSLOTMIGRATIONS on the source, on Valkey 9.0"
        };

    /// Returns all tasks of this node that move slots, those that have ended too.
    fn cluster_migration_status_all() -> Array<Map<Bulk, Any>> as Vec<MigrationTask>
        = "CLUSTER MIGRATION" ("STATUS", "ALL") as ClusterMigrationStatusAll {
            since: redis "8.4.0", valkey never, arity: -4, access: ReadOnly, effect: Preserves, route: SingleServer,
            fallback: "use CLUSTER GETSLOTMIGRATIONS on the source, on Valkey 9.0"
        };

    /// Returns the ID of this node.
    fn cluster_myid() -> Bulk as String
        = "CLUSTER MYID" as ClusterMyid {
            since: redis "3.0.0", arity: 2, access: ReadOnly, effect: Preserves, route: SingleServer
        };

    /// Returns the ID of the shard of this node.
    fn cluster_myshardid() -> Bulk as String
        = "CLUSTER MYSHARDID" as ClusterMyshardid {
            since: redis "7.2.0", arity: 2, access: ReadOnly, effect: Preserves, route: SingleServer
        };

    /// Returns the nodes of the cluster as this node sees them.
    fn cluster_nodes() -> Bulk as Vec<NodeInfo>
        = "CLUSTER NODES" as ClusterNodes {
            since: redis "3.0.0", arity: 2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns the replicas of the primary with this ID.
    fn cluster_replicas(node: &str) -> Array<Bulk> as Vec<NodeInfo>
        = "CLUSTER REPLICAS" as ClusterReplicas {
            since: redis "5.0.0", arity: 3, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Makes this node a replica of the primary with this ID. A primary must be empty and have no slots.
    fn cluster_replicate(node: &str) -> Status as ()
        = "CLUSTER REPLICATE" as ClusterReplicate {
            since: redis "3.0.0", arity: 3, access: ReadWrite, effect: Unknown, touches: AllKeys, route: SingleServer
        };

    /// Makes this replica an empty primary without slots.
    fn cluster_replicate_no_one() -> Status as ()
        = "CLUSTER REPLICATE" ("NO", "ONE") as ClusterReplicateNoOne {
            since: redis never, valkey "9.0.0", arity: -3, access: ReadWrite, effect: Unknown, touches: AllKeys,
            route: SingleServer
        };

    /// Makes this node leave the cluster. A primary must be empty; a replica becomes one.
    fn cluster_reset() -> Status as ()
        = "CLUSTER RESET" as ClusterReset {
            since: redis "3.0.0", arity: -2, access: ReadWrite, effect: Unknown, touches: AllKeys, route: SingleServer
        };

    /// Makes this node leave the cluster as `mode` says.
    fn cluster_reset_with(mode: ClusterResetMode) -> Status as ()
        = "CLUSTER RESET" as ClusterResetWith {
            since: redis "3.0.0", arity: -2, access: ReadWrite, effect: Unknown, touches: AllKeys, route: SingleServer
        };

    /// Makes this node save its configuration of the cluster.
    fn cluster_saveconfig() -> Status as ()
        = "CLUSTER SAVECONFIG" as ClusterSaveconfig {
            since: redis "3.0.0", arity: 2, access: ReadWrite, effect: Preserves, route: SingleServer
        };

    /// Sets the epoch of the configuration of a node that knows no other one.
    fn cluster_set_config_epoch(epoch: u64) -> Status as ()
        = "CLUSTER SET-CONFIG-EPOCH" as ClusterSetConfigEpoch {
            since: redis "3.0.0", arity: 3, access: ReadWrite, effect: Preserves, route: SingleServer
        };

    /// Sets the state of a slot on this node.
    fn cluster_setslot(slot: u16, state: SlotState<'_>) -> Status as ()
        = "CLUSTER SETSLOT" (OneSlot(slot), state) as ClusterSetslot {
            since: redis "3.0.0", arity: -4, access: ReadWrite, effect: Preserves, route: SingleServer
        };

    /// Sets the state of a slot on this node and on its replicas, and waits for them for so many milliseconds.
    fn cluster_setslot_timeout(slot: u16, state: SlotState<'_>, milliseconds: u64) -> Status as ()
        = "CLUSTER SETSLOT" (OneSlot(slot), state, "TIMEOUT", &milliseconds) as ClusterSetslotTimeout {
            since: redis never, valkey "8.0.0", arity: -4, access: ReadWrite, effect: Preserves, route: SingleServer,
            fallback: "use `cluster_setslot` without a timeout"
        };

    /// Returns the shards of the cluster as this node sees them.
    fn cluster_shards() -> Array<Map<Bulk, Any>> as Vec<ShardInfo>
        = "CLUSTER SHARDS" as ClusterShards {
            since: redis "7.0.0", arity: 2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns the use of the slots from `first` to `last` that have nodes.
    fn cluster_slot_stats(first: u16, last: u16) -> Array<Tuple<(Integer, Map<Bulk, Any>)>> as Vec<(u16, SlotUsage)>
        = "CLUSTER SLOT-STATS" ("SLOTSRANGE", SlotRanges(&[(first, last)])) as ClusterSlotStats {
            since: redis "8.2.0", valkey "8.0.0", arity: -4, access: ReadOnly, effect: Preserves,
            route: AllShards(Concatenate),
            fallback: "use CLUSTER COUNTKEYSINSLOT, which counts keys"
        };

    /// Returns the use of slots, in the order of a measure.
    fn cluster_slot_stats_by[O: Sized](metric: SlotMetric, options: SlotStatsOptions<O>)
        -> Array<Tuple<(Integer, Map<Bulk, Any>)>> as Vec<(u16, SlotUsage)>
        = "CLUSTER SLOT-STATS" ("ORDERBY", metric, options) as ClusterSlotStatsBy {
            since: redis "8.2.0", valkey "8.0.0", arity: -4, access: ReadOnly, effect: Preserves,
            route: AllShards(Concatenate),
            fallback: "use CLUSTER COUNTKEYSINSLOT, which counts keys"
        };

    /// Returns the ranges of slots and their nodes as this node sees them.
    fn cluster_slots() -> Array<Any> as Vec<SlotRange>
        = "CLUSTER SLOTS" as ClusterSlots {
            since: redis "3.0.0", arity: 2, access: ReadOnly, effect: Preserves, route: AnyNode,
            deprecated: { redis: "7.0.0", instead: "CLUSTER SHARDS" }
        };
    /// Returns a page of the names of keys in the order of their slots, and the cursor of the next page.
    ///
    /// The cursor names the slot where the scan goes on, so a [`ClusterClient`](crate::ClusterClient) asks the node that has it. A
    /// key that exists throughout the scan is returned at least once, and may be returned several times.
    /// [`scan_keys`](crate::ClientOn::scan_keys) scans the keys of every cluster.
    ///
    /// ```
    /// # use typedis::{ClusterClient, commands::cluster::ClusterCursor, prelude::*};
    /// # async fn example(client: &ClusterClient) -> typedis::Result<Vec<String>> {
    /// let mut keys = Vec::new();
    /// let mut next = Some(ClusterCursor::START);
    /// while let Some(cursor) = next {
    ///     let page = client.clusterscan::<String>(cursor).await?;
    ///     keys.extend(page.keys);
    ///     next = page.next;
    /// }
    /// # Ok(keys) }
    /// ```
    fn clusterscan<T: FromReply<Bulk>>(cursor @ NotKey<ClusterCursor>)
        -> Tuple<(Bulk, Array<Bulk>)> as ClusterPage<T>
        = "CLUSTERSCAN" as Clusterscan {
            since: redis never, valkey "9.1.0", arity: -2, access: ReadOnly, effect: Preserves,
            fallback: "use `scan_keys`, which scans all keys of any cluster"
        };

    /// Returns a page as [`clusterscan`](Self::clusterscan) does, of the keys of one slot, or filtered by a pattern or a type,
    /// or of another size.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the cursor is one of another slot than that of the options.
    fn clusterscan_with<T: FromReply<Bulk>>(cursor @ NotKey<ClusterCursor>, options: ClusterScanOptions<'_>)
        -> Tuple<(Bulk, Array<Bulk>)> as ClusterPage<T>
        = "CLUSTERSCAN" as ClusterscanWith {
            since: redis never, valkey "9.1.0", arity: -2, access: ReadOnly, effect: Preserves,
            fallback: "use `scan_keys`, which scans all keys of any cluster"
        };
}
