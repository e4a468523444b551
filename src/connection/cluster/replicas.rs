//! The choice of a replica for each read, in a cluster or in a Sentinel set.

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
use std::sync::Arc;

/// The most replicas that an error names.
const NAMED: usize = 4;

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

/// A cluster, or a Sentinel set, of which only reads are asked, and the choice of the node that answers each.
pub(crate) struct ReplicaReads {
    cluster: Arc<Cluster>,
    choice: ReplicaChoice,
}

/// The node that a read is sent to.
#[derive(Clone)]
pub(super) struct ReadNode {
    pub(super) node: Arc<ClusterNode>,
    /// It is asked as a replica.
    pub(super) is_replica: bool,
}

impl Nodes {
    /// Returns the connections on which a node is asked.
    pub(super) fn open_as<'a>(&'a self, to: &'a ReadNode) -> &'a Node {
        match self.primary() {
            _ if to.is_replica => &self.open_reading(&to.node).node,
            Some(primary) => &primary.node,
            None => self.open(&to.node),
        }
    }

    /// Returns whether a node serves, as far as reads have found. The primary of a shard has others that look after it.
    fn health<'a>(&'a self, to: &'a ReadNode) -> Option<&'a Health> {
        let reading = if to.is_replica { to.node.reading() } else { self.primary() };
        reading.map(|reading| &reading.health)
    }
}

/// The rank of a node: the lowest is asked first, and those of the same rank in turn.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    standing: Standing,
    /// The distance by what is preferred.
    distance: u64,
}

/// The standing of a node, the one that is asked first before others.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Replica,
    Primary,
    /// A replica that has not served of late, or is behind its primary.
    DoubtfulReplica,
    DoubtfulPrimary,
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
        match choice.preference {
            ReplicaPreference::InTurn => {}
            ReplicaPreference::Nearest => cluster.measure_replicas(),
            ReplicaPreference::Zone(_) => cluster.learn_zones(),
        }
        Arc::new(ReplicaReads { cluster, choice })
    }

    pub(crate) fn cluster(&self) -> &Arc<Cluster> {
        &self.cluster
    }

    /// Returns whether the commands of a request go to several nodes.
    pub(crate) fn scatters(&self, request: &Request) -> bool {
        self.cluster.sentinels().is_none() && self.cluster.scatters(request)
    }

    /// Fails for a request that no cluster can serve as it is meant, or that is not for replicas.
    pub(crate) fn check(&self, request: &Request) -> Result<()> {
        if self.cluster.is_closed() {
            return Err(Error::Closed);
        }
        if self.cluster.sentinels().is_none() {
            self.cluster.check(request)?;
        }
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

    /// Returns the one slot of a request that goes to one node; `None` where there are no slots.
    pub(super) fn slot_of(&self, request: &Request) -> Result<Option<u16>> {
        match request.slot() {
            _ if self.cluster.sentinels().is_some() => Ok(None),
            SlotState::One(slot) => Ok(Some(slot)),
            SlotState::None => Ok(None),
            SlotState::Crossed => Err(request.cross_slot(None)),
        }
    }

    pub(super) fn next_turn(&self) -> usize {
        self.cluster.next_turn()
    }

    /// Returns the node for a read: a replica, then the primary if it may answer, and at last a replica that has not served of
    /// late, or is behind. `None` if all of them were tried.
    pub(super) fn choose(&self, need: Need<'_>) -> Option<ReadNode> {
        let map = self.cluster.map();
        let is_untried = |node: &Arc<ClusterNode>| !need.tried.contains(node.address());
        let mut candidates = Vec::new();
        for Shard { primary, replicas } in shards(&map, need.slot) {
            let replicas = replicas.iter().filter(|replica| !need.of_primary && is_untried(&replica.node));
            candidates.extend(replicas.map(|replica| (self.rank(replica), &replica.node, true)));
            if !self.choice.without_primary && is_untried(primary) {
                candidates.push((self.rank_of_primary(), primary, false));
            }
        }
        // Each rank is taken once, since it may change meanwhile.
        let best = candidates.iter().map(|(rank, ..)| *rank).min()?;
        candidates.retain(|(rank, ..)| *rank == best);
        let turn = need.turn.checked_rem(candidates.len()).unwrap_or_default();
        candidates.get(turn).map(|(_, node, is_replica)| ReadNode { node: Arc::clone(node), is_replica: *is_replica })
    }

    fn rank(&self, replica: &Replica) -> Rank {
        let reading = replica.node.reading();
        let health = reading.map(|reading| &reading.health);
        let distance = match &self.choice.preference {
            ReplicaPreference::InTurn => 0,
            ReplicaPreference::Nearest => health.map_or(u64::MAX, Health::latency),
            ReplicaPreference::Zone(zone) => u64::from(!is_in_zone(replica, zone)),
        };
        let is_doubtful = replica.is_behind || health.is_some_and(Health::is_suspect);
        Rank { standing: if is_doubtful { Standing::DoubtfulReplica } else { Standing::Replica }, distance }
    }

    fn rank_of_primary(&self) -> Rank {
        let health = self.cluster.nodes().primary().map(|primary| &primary.health);
        let is_doubtful = health.is_some_and(Health::is_suspect);
        Rank { standing: if is_doubtful { Standing::DoubtfulPrimary } else { Standing::Primary }, distance: 0 }
    }

    /// Notes that a node did not serve a read.
    pub(super) fn suspect(&self, node: &ReadNode) {
        self.cluster.nodes().health(node).into_iter().for_each(Health::suspect);
    }

    /// Returns whether the node that a redirect names may answer: a primary.
    pub(super) fn may_ask_primary(&self) -> bool {
        !self.choice.without_primary
    }

    /// The error of a read that no node can answer.
    pub(super) fn no_node(&self, slot: Option<u16>) -> Error {
        if let Some(set) = self.cluster.sentinels().filter(|_| !self.cluster.is_closed()) {
            return set.no_server(self.choice.without_primary, &self.failures(slot));
        }
        let Some(slot) = slot.filter(|_| !self.cluster.is_closed()) else {
            return if self.cluster.is_closed() { Error::Closed } else { self.cluster.no_node() };
        };
        match self.cluster.primary_of(slot) {
            Ok(primary) if self.choice.without_primary => {
                let reason = format!(
                    "no replica of it can be asked for slot {slot}, and this client reads `without_primary()`: add a replica, or let \
                     the primary answer{}",
                    self.failures(Some(slot))
                );
                Error::cluster(primary.address(), reason)
            }
            _ => self.cluster.unreachable(slot),
        }
    }
}

impl ReplicaReads {
    /// Returns why there is no connection to the replicas that were asked for a slot, as the end of an error.
    fn failures(&self, slot: Option<u16>) -> String {
        let map = self.cluster.map();
        let replicas = shards(&map, slot).iter().flat_map(|shard| &shard.replicas).take(NAMED);
        let failures = replicas.filter_map(|Replica { node, .. }| {
            let error = node.reading()?.node.monitor().status().borrow().error.clone()?;
            Some(format!("; {}: {error}", node.address()))
        });
        failures.collect()
    }
}

impl ReadNode {
    /// Returns the primary that a redirect has named.
    pub(super) fn named(node: Arc<ClusterNode>) -> ReadNode {
        ReadNode { node, is_replica: false }
    }
}

/// Returns whether a replica is in a zone: by the map, or where that does not tell it, by the server itself.
fn is_in_zone(replica: &Replica, zone: &str) -> bool {
    match (&replica.zone, replica.node.reading()) {
        (Some(told), _) => **told == *zone,
        (None, Some(reading)) => reading.node.shared().session().zone.as_deref() == Some(zone),
        (None, None) => false,
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
    matches!(info.name, "SCAN" | "HSCAN" | "SSCAN" | "ZSCAN" | "CLUSTERSCAN")
}
