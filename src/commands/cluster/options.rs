//! Options of the commands on a cluster.

use crate::{
    argument::Arguments,
    command::option::{IsUnset, OptionField, Unset, WordSink, arguments, options, words},
    commands::slots::SlotRanges,
    resp::Writer,
};

/// The migrations that CLUSTER MIGRATESLOTS begins, for
/// [`cluster_migrateslots`](crate::commands::ClusterCommands::cluster_migrateslots): ranges of slots, each list to one node.
#[derive(Clone, Debug)]
#[must_use]
pub struct SlotMigrations<'a> {
    migrations: Vec<(&'a [(u16, u16)], &'a str)>,
}

impl<'a> SlotMigrations<'a> {
    /// Moves ranges of slots, both ends included, to the primary with this ID (SLOTSRANGE, NODE).
    pub fn new(ranges: &'a [(u16, u16)], node: &'a str) -> Self {
        SlotMigrations { migrations: vec![(ranges, node)] }
    }

    /// Moves further ranges, to this primary.
    pub fn and(mut self, ranges: &'a [(u16, u16)], node: &'a str) -> Self {
        self.migrations.push((ranges, node));
        self
    }
}

impl Arguments for SlotMigrations<'_> {
    type Item = Self;
    fn count(&self) -> usize {
        self.migrations.iter().map(|(ranges, _)| SlotRanges(ranges).count() + 3).sum()
    }
    fn write_all(&self, out: &mut Writer) {
        for (ranges, node) in &self.migrations {
            out.bulk(b"SLOTSRANGE");
            SlotRanges(ranges).write_all(out);
            out.bulk(b"NODE");
            out.bulk(node.as_bytes());
        }
    }
}

/// The state of a slot on a node, for [`cluster_setslot`](crate::commands::ClusterCommands::cluster_setslot).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotState<'a> {
    /// The slot comes from the node with this ID (IMPORTING).
    Importing(&'a str),
    /// The slot goes to the node with this ID (MIGRATING).
    Migrating(&'a str),
    /// The slot belongs to the node with this ID (NODE).
    Node(&'a str),
    /// The slot stays where it is (STABLE).
    Stable,
}

impl OptionField for SlotState<'_> {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        let (state, node) = match self {
            SlotState::Importing(node) => ("IMPORTING", Some(*node)),
            SlotState::Migrating(node) => ("MIGRATING", Some(*node)),
            SlotState::Node(node) => ("NODE", Some(*node)),
            SlotState::Stable => ("STABLE", None),
        };
        out.word(word);
        out.argument(state);
        node.send(None, out);
    }
}
arguments!(['a] SlotState<'a>);

words! {
    /// The mode of [`cluster_failover_with`](crate::commands::ClusterCommands::cluster_failover_with).
    pub enum ClusterFailoverMode {
        /// Without the primary, which may be down (FORCE).
        Force = "FORCE",
        /// Without the primary and without the votes of the others (TAKEOVER).
        Takeover = "TAKEOVER",
    }

    /// The mode of [`cluster_reset_with`](crate::commands::ClusterCommands::cluster_reset_with).
    pub enum ClusterResetMode {
        /// The node keeps its ID and its epochs (SOFT), as without a mode.
        Soft = "SOFT",
        /// The node gets a new ID, and begins its epochs anew (HARD).
        Hard = "HARD",
    }

    /// A measure of slots, for [`cluster_slot_stats_by`](crate::commands::ClusterCommands::cluster_slot_stats_by).
    pub enum SlotMetric {
        /// The number of keys (KEY-COUNT).
        KeyCount = "KEY-COUNT",
        /// The processor time (CPU-USEC).
        CpuUsec = "CPU-USEC",
        /// The bytes received (NETWORK-BYTES-IN).
        NetworkBytesIn = "NETWORK-BYTES-IN",
        /// The bytes sent (NETWORK-BYTES-OUT).
        NetworkBytesOut = "NETWORK-BYTES-OUT",
    }
}

options! {
    /// Options of CLUSTER SLOT-STATS, for
    /// [`cluster_slot_stats_by`](crate::commands::ClusterCommands::cluster_slot_stats_by).
    #[derive(Clone, Copy, Debug)]
    pub struct SlotStatsOptions<O = Unset> with new {
        limit: Option<u32> = "LIMIT",
        order: Option<&'static str>,
    }
}

impl<O> SlotStatsOptions<O> {
    /// At most so many slots of each primary, 1 to 16384 (LIMIT).
    pub const fn limit(self, slots: u32) -> Self {
        SlotStatsOptions { limit: Some(slots), ..self }
    }

    /// The least first (ASC).
    pub fn asc(self) -> SlotStatsOptions<crate::command::option::IsSet>
    where
        O: IsUnset,
    {
        SlotStatsOptions { order: Some("ASC"), ..SlotStatsOptions::retyped(self) }
    }

    /// The most first (DESC), as without an order.
    pub fn desc(self) -> SlotStatsOptions<crate::command::option::IsSet>
    where
        O: IsUnset,
    {
        SlotStatsOptions { order: Some("DESC"), ..SlotStatsOptions::retyped(self) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{command::option::encoded, commands::slots::rejection};

    #[test]
    fn options_are_their_words() {
        let migrations = SlotMigrations::new(&[(0, 5), (7, 7)], "a").and(&[(9, 10)], "b");
        assert_eq!(encoded(&migrations), "SLOTSRANGE 0 5 7 7 NODE a SLOTSRANGE 9 10 NODE b");
        assert_eq!(encoded(&SlotState::Importing("a")), "IMPORTING a");
        assert_eq!(encoded(&SlotState::Migrating("a")), "MIGRATING a");
        assert_eq!(encoded(&SlotState::Node("a")), "NODE a");
        assert_eq!(encoded(&SlotState::Stable), "STABLE");
        assert_eq!(encoded(&SlotStatsOptions::new()), "");
        assert_eq!(encoded(&SlotStatsOptions::new().desc().limit(3)), "LIMIT 3 DESC");
        assert_eq!(encoded(&SlotStatsOptions::default().asc()), "ASC");
        for (mode, word) in [(ClusterFailoverMode::Force, "FORCE"), (ClusterFailoverMode::Takeover, "TAKEOVER")] {
            assert_eq!(encoded(&mode), word);
        }
        assert_eq!(
            (encoded(&ClusterResetMode::Soft), encoded(&ClusterResetMode::Hard)),
            ("SOFT".into(), "HARD".into())
        );
        let metrics =
            [SlotMetric::KeyCount, SlotMetric::CpuUsec, SlotMetric::NetworkBytesIn, SlotMetric::NetworkBytesOut];
        let words = metrics.map(|metric| encoded(&metric)).join(" ");
        assert_eq!(words, "KEY-COUNT CPU-USEC NETWORK-BYTES-IN NETWORK-BYTES-OUT");
    }
    #[test]
    fn a_migration_without_slots_is_rejected() {
        assert_eq!(rejection(&SlotMigrations::new(&[], "a")), Some("a list of slots must not be empty"));
        assert_eq!(rejection(&SlotMigrations::new(&[(0, 5)], "a")), None);
    }
}
