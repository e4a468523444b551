//! The slot map: which shard serves each slot.

use super::{node::ClusterNode, topology::Topology};
use crate::{connection::config::Address, key::SLOTS};
use std::sync::Arc;

/// The slot map of a cluster. The shards of one map do not change; a slot that moves between them is changed in place, so that
/// a redirect is known to all requests at once.
pub(super) struct SlotMap {
    /// The configuration epoch of the topology that the map was made of.
    pub(super) epoch: u64,
    shards: Vec<Shard>,
    /// The index of each slot's shard. One that is no index stands for none.
    slots: Box<[u16]>,
}

/// A shard: the node that serves its slots, and its copies.
pub(super) struct Shard {
    pub(super) primary: Arc<ClusterNode>,
    pub(super) replicas: Vec<Replica>,
}

/// A replica of a shard.
pub(super) struct Replica {
    pub(super) node: Arc<ClusterNode>,
    /// The availability zone, where the map tells it.
    pub(super) zone: Option<Box<str>>,
    /// Its link to the primary is broken, so that it falls behind.
    pub(super) is_behind: bool,
}

const NO_SHARD: u16 = u16::MAX;

impl SlotMap {
    /// Makes the map of a topology. `node` returns the node at an address.
    pub(super) fn new(topology: &Topology, mut node: impl FnMut(&Address) -> Arc<ClusterNode>) -> SlotMap {
        let has_slots = topology.shards.iter().any(|shard| !shard.slots.is_empty());
        let slots = if has_slots { SLOTS } else { 0 };
        let mut slots = vec![NO_SHARD; usize::from(slots)].into_boxed_slice();
        let mut shards = Vec::new();
        // A shard serves a slot at least, so there are no more of them than slots.
        for (index, shard) in (0..NO_SHARD).zip(&topology.shards) {
            for slot in shard.slots.iter().flat_map(|(first, last)| *first..=*last) {
                if let Some(of) = slots.get_mut(usize::from(slot)) {
                    *of = index;
                }
            }
            let primary = node(&shard.primary.address);
            let replicas = shard.replicas.iter().map(|replica| Replica {
                node: node(&replica.address),
                zone: replica.zone.clone(),
                is_behind: replica.is_behind,
            });
            shards.push(Shard { primary, replicas: replicas.collect() });
        }
        SlotMap { epoch: topology.epoch, shards, slots }
    }

    /// Returns the index of the shard that serves a slot.
    #[inline]
    pub(super) fn index(&self, slot: u16) -> Option<usize> {
        let index = usize::from(*self.slots.get(usize::from(slot))?);
        (index < self.shards.len()).then_some(index)
    }

    /// Returns the shard that serves a slot.
    #[inline]
    pub(super) fn shard(&self, slot: u16) -> Option<&Shard> {
        self.shards.get(usize::from(*self.slots.get(usize::from(slot))?))
    }

    pub(super) fn shards(&self) -> &[Shard] {
        &self.shards
    }

    /// Returns all nodes, the primary of each shard before its replicas.
    pub(super) fn nodes(&self) -> impl Iterator<Item = &Arc<ClusterNode>> {
        self.shards
            .iter()
            .flat_map(|shard| std::iter::once(&shard.primary).chain(shard.replicas.iter().map(|replica| &replica.node)))
    }

    /// Returns one slot of each shard that serves any.
    pub(super) fn slot_of_each_shard(&self) -> Vec<u16> {
        let mut found = vec![None; self.shards.len()];
        for (slot, of) in (0..SLOTS).zip(&self.slots) {
            if let Some(found) = found.get_mut(usize::from(*of)) {
                found.get_or_insert(slot);
            }
        }
        found.into_iter().flatten().collect()
    }

    /// Returns whether a node is the primary of a shard.
    pub(super) fn is_primary(&self, address: &Address) -> bool {
        self.shards.iter().any(|shard| shard.primary.address() == address)
    }

    /// Notes that a slot has moved, if a shard of the map has its primary at that address.
    pub(super) fn moved(&mut self, slot: u16, to: &Address) {
        let shard = (0..NO_SHARD).zip(&self.shards).find(|(_, shard)| shard.primary.address() == to);
        if let (Some((index, _)), Some(of)) = (shard, self.slots.get_mut(usize::from(slot))) {
            *of = index;
        }
    }
}
