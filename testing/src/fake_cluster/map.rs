//! The slots of scripted nodes, and the replies that tell them.

use crate::{cluster::SLOTS, reply};
use std::{fmt::Write, net::SocketAddr, ops::RangeInclusive};

/// The nodes of a scripted cluster and the owners of its slots.
#[derive(Debug)]
pub(super) struct Map {
    pub(super) nodes: Vec<Peer>,
    /// The owner of each slot by its place among the nodes.
    owners: Vec<Option<usize>>,
}

/// A scripted node as the map tells it.
#[derive(Debug)]
pub(super) struct Peer {
    pub(super) address: SocketAddr,
    pub(super) endpoint: Endpoint,
    /// The place of the primary that this node replicates.
    pub(super) replicates: Option<usize>,
    /// The availability zone, which CLUSTER SLOTS tells in the node's metadata.
    pub(super) zone: Option<String>,
    /// The availability zone that the node tells of itself, in HELLO and INFO.
    pub(super) own_zone: Option<String>,
}

/// The host by which the map and redirects name a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// Its address.
    Address,
    /// Any other text: `""` and `"?"` stand for an unknown host, or a name.
    Text(String),
    /// No host, which stands for the one that the client asked.
    Null,
}

impl Map {
    /// Deals the slots in equal ranges to the nodes that are no replicas.
    pub(super) fn new(nodes: Vec<Peer>) -> Self {
        let primaries: Vec<usize> = (0..nodes.len()).filter(|place| nodes[*place].replicates.is_none()).collect();
        let owner = |slot: usize| primaries.get(slot * primaries.len() / usize::from(SLOTS)).copied();
        let owners = (0..usize::from(SLOTS)).map(owner).collect();
        Self { nodes, owners }
    }

    pub(super) fn assign(&mut self, slots: RangeInclusive<u16>, owner: Option<usize>) {
        for slot in slots {
            self.owners[usize::from(slot)] = owner;
        }
    }

    pub(super) fn owner(&self, slot: u16) -> Option<usize> {
        self.owners[usize::from(slot)]
    }

    /// Returns whether a node owns a slot or replicates its owner.
    pub(super) fn serves(&self, place: usize, slot: u16) -> bool {
        let owner = self.owner(slot);
        owner == Some(place) || owner.is_some() && self.nodes[place].replicates == owner
    }

    /// `MOVED 1 127.0.0.1:7000` or `ASK 1 127.0.0.1:7000`
    pub(super) fn redirect(&self, code: &str, slot: u16, to: usize) -> Vec<u8> {
        let peer = &self.nodes[to];
        let host = match &peer.endpoint {
            Endpoint::Address => peer.address.ip().to_string(),
            Endpoint::Text(host) => host.clone(),
            Endpoint::Null => String::new(),
        };
        reply::error(&format!("{code} {slot} {host}:{}", peer.address.port()))
    }

    /// The reply to CLUSTER SLOTS.
    pub(super) fn slots(&self) -> Vec<u8> {
        reply::array(self.ranges().into_iter().map(|(first, last, owner)| {
            let bounds = [reply::integer(first.into()), reply::integer(last.into())];
            reply::array(bounds.into_iter().chain(self.shard(owner).map(|place| self.slots_node(place))))
        }))
    }

    fn slots_node(&self, place: usize) -> Vec<u8> {
        let peer = &self.nodes[place];
        let port = reply::integer(peer.address.port().into());
        let zone = peer.zone.iter().flat_map(|zone| [reply::bulk("availability-zone"), reply::bulk(zone)]);
        reply::array([self.host(peer), port, reply::bulk(id(place)), reply::array(zone)])
    }

    /// The reply to CLUSTER SHARDS.
    pub(super) fn shards(&self, protocol: u8) -> Vec<u8> {
        let primaries = (0..self.nodes.len()).filter(|place| self.nodes[*place].replicates.is_none());
        reply::array(primaries.map(|primary| {
            let ranges = self.ranges().into_iter().filter(|(_, _, owner)| *owner == primary);
            let bounds =
                ranges.flat_map(|(first, last, _)| [reply::integer(first.into()), reply::integer(last.into())]);
            let nodes = self.shard(primary).map(|place| self.shards_node(place, protocol));
            fields(protocol, [("slots", reply::array(bounds)), ("nodes", reply::array(nodes))])
        }))
    }

    fn shards_node(&self, place: usize, protocol: u8) -> Vec<u8> {
        let peer = &self.nodes[place];
        let node = [
            ("id", reply::bulk(id(place))),
            ("port", reply::integer(peer.address.port().into())),
            ("ip", reply::bulk(peer.address.ip().to_string())),
            ("endpoint", self.host(peer)),
            ("role", reply::bulk(self.role(place))),
            ("replication-offset", reply::integer(1)),
            ("health", reply::bulk("online")),
        ];
        fields(protocol, node)
    }

    /// The reply to CLUSTER NODES of a node.
    pub(super) fn lines(&self, asked: usize) -> Vec<u8> {
        let mut lines = String::new();
        for (place, peer) in self.nodes.iter().enumerate() {
            let myself = if place == asked { "myself," } else { "" };
            let primary = peer.replicates.map_or_else(|| "-".to_owned(), id);
            let role = if peer.replicates.is_some() { "slave" } else { "master" };
            let (id, address, bus) = (id(place), peer.address, peer.address.port().wrapping_add(10_000));
            let _ = write!(lines, "{id} {address}@{bus} {myself}{role} {primary} 0 0 1 connected");
            for (first, last, _) in self.ranges().into_iter().filter(|(_, _, owner)| *owner == place) {
                let _ = write!(lines, " {first}-{last}");
            }
            lines.push('\n');
        }
        reply::bulk(lines)
    }

    /// The role of a node as HELLO and CLUSTER SHARDS tell it.
    pub(super) fn role(&self, place: usize) -> &'static str {
        if self.nodes[place].replicates.is_some() { "replica" } else { "master" }
    }

    /// A primary and its replicas.
    fn shard(&self, primary: usize) -> impl Iterator<Item = usize> {
        let replicas = (0..self.nodes.len()).filter(move |place| self.nodes[*place].replicates == Some(primary));
        [primary].into_iter().chain(replicas)
    }

    /// The ranges of slots that have an owner: first, last, owner.
    fn ranges(&self) -> Vec<(u16, u16, usize)> {
        let mut ranges: Vec<(u16, u16, usize)> = Vec::new();
        for (slot, owner) in (0_u16..).zip(&self.owners) {
            match (ranges.last_mut(), owner) {
                (_, None) => {}
                (Some((_, last, previous)), Some(owner)) if previous == owner && *last + 1 == slot => *last = slot,
                (_, Some(owner)) => ranges.push((slot, slot, *owner)),
            }
        }
        ranges
    }

    fn host(&self, peer: &Peer) -> Vec<u8> {
        match &peer.endpoint {
            Endpoint::Address => reply::bulk(peer.address.ip().to_string()),
            Endpoint::Text(host) => reply::bulk(host),
            Endpoint::Null => reply::null(),
        }
    }
}

/// The identifier of a node: 40 digits.
pub(super) fn id(place: usize) -> String {
    format!("{place:040x}")
}

/// A map in RESP3, an array of names and values in RESP2.
pub(super) fn fields<'a>(protocol: u8, fields: impl IntoIterator<Item = (&'a str, Vec<u8>)>) -> Vec<u8> {
    let fields: Vec<Vec<u8>> = fields.into_iter().map(|(name, value)| [reply::bulk(name), value].concat()).collect();
    let (count, body) = (fields.len(), fields.concat());
    let head = if protocol == 3 { format!("%{count}\r\n") } else { format!("*{}\r\n", 2 * count) };
    [head.into_bytes(), body].concat()
}
