//! The look-up of the node of a key in a map by itself, of which the instruction counts show that it costs the same in a cluster of
//! any size.

use super::{
    node::ClusterNode,
    slot_map::SlotMap,
    topology::{NodeInfo, ShardInfo, Topology},
};
use crate::{
    connection::config::Address,
    key::{SLOTS, hash_slot},
};
use std::{fmt, sync::Arc};

/// The map of a cluster of which nothing is connected.
pub struct NodeLookup(SlotMap);

impl NodeLookup {
    /// Makes the map of so many primaries, each with as many slots as the others.
    pub fn new(primaries: u16) -> NodeLookup {
        let first = |number: u16| (u32::from(SLOTS) * u32::from(number) / u32::from(primaries.max(1))) as u16;
        let shard = |number: u16| {
            let address = Address::Tcp { host: "localhost".into(), port: number };
            let primary = NodeInfo { address, id: Box::default(), zone: None, is_behind: false };
            ShardInfo {
                slots: vec![(first(number), first(number + 1).saturating_sub(1))],
                primary,
                replicas: Vec::new(),
            }
        };
        let topology = Topology { epoch: 1, is_ok: true, shards: (0..primaries).map(shard).collect() };
        NodeLookup(SlotMap::new(&topology, |address| Arc::new(ClusterNode::new(address.clone()))))
    }

    /// Finds the node of a key as a request does. Returns whether there is one. Not inlined, so that what is counted is the crate's
    /// own code.
    #[inline(never)]
    pub fn find(&self, key: &[u8]) -> bool {
        self.0.shard(hash_slot(key)).map(|shard| shard.primary.clone()).is_some()
    }
}

impl fmt::Debug for NodeLookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NodeLookup").field("primaries", &self.0.shards().len()).finish()
    }
}
