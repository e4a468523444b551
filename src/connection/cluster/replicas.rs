//! The choice of a replica for each read.

use super::{
    health::Health,
    node::{ClusterNode, Nodes},
    slot_map::{Replica, Shard, SlotMap},
    state::Cluster,
};
use crate::{
    command::{Access, CommandInfo},
    connection::{config::Address, node::Node, request::Request},
    error::{Error, Result},
    key::SlotState,
};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// The settings of reads from replicas.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReplicaChoice {
    pub(crate) preference: ReplicaPreference,
    /// The primary does not answer where no replica can.
    pub(crate) without_primary: bool,
}

/// The replica of a shard that is asked before others.
#[derive(Clone, Debug, Default)]
pub(crate) enum ReplicaPreference {
    /// All in turn.
    #[default]
    InTurn,
    /// The one with the lowest median of PINGs.
    Nearest,
    /// Those in this availability zone, in turn.
    Zone(Box<str>),
}

/// A cluster of which only reads are asked, and the choice of the node that answers each.
pub(crate) struct ReplicaReads {
    cluster: Arc<Cluster>,
    choice: ReplicaChoice,
    turns: AtomicUsize,
}

/// The node that a read is sent to.
#[derive(Clone)]
pub(super) struct ReadNode {
    pub(super) node: Arc<ClusterNode>,
    /// It is asked as a replica, on a connection with READONLY.
    pub(super) is_replica: bool,
}

impl Nodes {
    /// Returns the connections on which a node is asked.
    pub(super) fn open_as<'a>(&self, to: &'a ReadNode) -> &'a Node {
        if to.is_replica { &self.open_reading(&to.node).node } else { self.open(&to.node) }
    }
}

/// The rank of a replica: the lowest is asked first, and those of the same rank in turn.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    /// It has not served of late.
    suspect: bool,
    /// The distance by what is preferred.
    distance: u64,
}

/// The need of a read, by which its node is chosen.
#[derive(Clone, Copy)]
pub(super) struct Need<'a> {
    /// `None` for a command without keys.
    pub(super) slot: Option<u16>,
    /// A cursor of the primary is used, which no other node knows.
    pub(super) of_primary: bool,
    /// The number of the read, by which replicas take turns.
    pub(super) turn: usize,
    /// The nodes that did not serve it.
    pub(super) tried: &'a [Address],
}

impl ReplicaReads {
    pub(crate) fn new(cluster: Arc<Cluster>, choice: ReplicaChoice) -> Arc<ReplicaReads> {
        if let ReplicaPreference::Nearest = choice.preference {
            cluster.measure_replicas();
        }
        Arc::new(ReplicaReads { cluster, choice, turns: AtomicUsize::new(0) })
    }

    pub(crate) fn cluster(&self) -> &Arc<Cluster> {
        &self.cluster
    }

    /// Fails for a request that no cluster can serve as it is meant, or that is not for replicas.
    pub(crate) fn check(&self, request: &Request) -> Result<()> {
        if self.cluster.is_closed() {
            return Err(Error::Closed);
        }
        self.cluster.check(request)?;
        let parts = request.parts().iter().enumerate();
        for (index, part) in parts {
            let reason = match (part.info.access, self.choice.without_primary && has_cursor(part.info)) {
                (Access::ReadWrite, _) => "its row says `access: ReadWrite`, and replicas serve only reads",
                (Access::ReadOnly, true) => "its cursor is the primary's, and this client reads `without_primary()`",
                (Access::ReadOnly, false) => continue,
            };
            return Err(Error::Argument { at: part.position(index, request.parts().len()), reason });
        }
        Ok(())
    }

    pub(super) fn next_turn(&self) -> usize {
        self.turns.fetch_add(1, Ordering::Relaxed)
    }

    /// Returns the node for a read: a replica, then the primary if it may answer, and at last a replica that has not served of
    /// late. `None` if all of them were tried.
    pub(super) fn choose(&self, need: Need<'_>) -> Option<ReadNode> {
        let map = self.cluster.map();
        let primary = || self.primary(&map, need);
        if need.of_primary {
            return primary();
        }
        let replicas = shards(&map, need.slot).iter().flat_map(|shard| &shard.replicas);
        let untried = replicas.filter(|replica| !need.tried.contains(replica.node.address()));
        let ranked = untried.map(|replica| (self.rank(replica), &replica.node));
        let Some(best) = ranked.clone().map(|(rank, _)| rank).min() else { return primary() };
        let equals = ranked.filter(|(rank, _)| *rank == best);
        let turn = need.turn.checked_rem(equals.clone().count()).unwrap_or_default();
        let replica = equals.map(|(_, node)| ReadNode { node: node.clone(), is_replica: true }).nth(turn);
        if best.suspect { primary().or(replica) } else { replica.or_else(primary) }
    }

    fn primary(&self, map: &SlotMap, need: Need<'_>) -> Option<ReadNode> {
        if self.choice.without_primary {
            return None;
        }
        let mut primaries = shards(map, need.slot).iter().map(|shard| &shard.primary);
        let node = primaries.find(|node| !need.tried.contains(node.address()))?;
        Some(ReadNode { node: node.clone(), is_replica: false })
    }

    fn rank(&self, replica: &Replica) -> Rank {
        let health = replica.node.reading().map(|reading| &reading.health);
        let distance = match &self.choice.preference {
            ReplicaPreference::InTurn => 0,
            ReplicaPreference::Nearest => health.map_or(u64::MAX, Health::latency),
            ReplicaPreference::Zone(zone) => u64::from(replica.zone.as_deref() != Some(zone)),
        };
        Rank { suspect: health.is_some_and(Health::is_suspect), distance }
    }

    /// Returns whether the node that a redirect names may answer: a primary.
    pub(super) fn may_ask_primary(&self) -> bool {
        !self.choice.without_primary
    }

    /// The error of a read that no node can answer.
    pub(super) fn no_node(&self, slot: Option<u16>) -> Error {
        let Some(slot) = slot.filter(|_| !self.cluster.is_closed()) else {
            return if self.cluster.is_closed() { Error::Closed } else { self.cluster.no_node() };
        };
        match self.cluster.primary_of(slot) {
            Ok(primary) if self.choice.without_primary => {
                let reason = format!(
                    "no replica of it can be asked for slot {slot}, and this client reads `without_primary()`: add a replica, or let \
                     the primary answer"
                );
                Error::cluster(primary.address(), reason)
            }
            _ => self.cluster.unreachable(slot),
        }
    }
}

impl ReadNode {
    /// Returns the primary that a redirect has named.
    pub(super) fn named(node: Arc<ClusterNode>) -> ReadNode {
        ReadNode { node, is_replica: false }
    }

    /// Notes that a replica did not serve a read.
    pub(super) fn suspect(&self) {
        if let Some(reading) = self.node.reading().filter(|_| self.is_replica) {
            reading.health.suspect();
        }
    }
}

fn shards(map: &SlotMap, slot: Option<u16>) -> &[Shard] {
    match slot {
        Some(slot) => map.shard(slot).map_or(&[], std::slice::from_ref),
        None => map.shards(),
    }
}

/// Returns whether a command goes on from a cursor, which only the node knows that has given it.
pub(super) fn has_cursor(info: &CommandInfo) -> bool {
    matches!(info.name, "SCAN" | "HSCAN" | "SSCAN" | "ZSCAN")
}

/// Returns the one slot of a request that goes to one node.
pub(super) fn slot_of(request: &Request) -> Result<Option<u16>> {
    match request.slot() {
        SlotState::One(slot) => Ok(Some(slot)),
        SlotState::None => Ok(None),
        SlotState::Crossed => Err(request.cross_slot(None)),
    }
}
