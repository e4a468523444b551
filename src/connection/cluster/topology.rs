//! The topology of a cluster as one of its nodes tells it: the replies to CLUSTER INFO and CLUSTER SLOTS.

use crate::{
    connection::{config::Address, request::Request},
    error::CommandPosition,
    key::SLOTS,
    resp::{CommandBuffer, DecodeError, FirstArgument, Name, Reader, encoded_len},
};
use bytes::Bytes;

/// The topology of a cluster.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Topology {
    /// The highest configuration epoch that the node knows: the topology of a higher one is newer.
    pub(super) epoch: u64,
    /// The node says that the cluster serves requests (`cluster_state:ok`).
    pub(super) is_ok: bool,
    /// The shards that serve slots.
    pub(super) shards: Vec<ShardInfo>,
}

/// The nodes of a shard and its slots.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ShardInfo {
    /// Ranges of slots, the last slot of each included.
    pub(super) slots: Vec<(u16, u16)>,
    pub(super) primary: NodeInfo,
    pub(super) replicas: Vec<NodeInfo>,
}

/// A node of a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NodeInfo {
    pub(super) address: Address,
    /// The node's identifier; empty if the server does not tell it.
    pub(super) id: Box<str>,
    /// The availability zone, which Valkey 9.1 tells where it is set.
    pub(super) zone: Option<Box<str>>,
    /// A replica whose link to its primary is broken, where that is told.
    pub(super) is_behind: bool,
}

/// The fields of a node's metadata that are used.
#[derive(Default)]
struct Metadata {
    ip: Option<Box<str>>,
    zone: Option<Box<str>>,
}

/// The position of the question in an error.
pub(super) const QUESTION: CommandPosition = CommandPosition::unnumbered("CLUSTER SLOTS");

/// Encodes the question for the topology: CLUSTER INFO and CLUSTER SLOTS.
pub(super) fn question() -> Request {
    const INFO: Name<{ encoded_len("CLUSTER INFO") }> = Name::new("CLUSTER INFO");
    const SLOTS: Name<{ encoded_len("CLUSTER SLOTS") }> = Name::new("CLUSTER SLOTS");
    let mut buffer = CommandBuffer::default();
    buffer.command(FirstArgument::Other, |out| out.command(&INFO, 0));
    buffer.command(FirstArgument::Other, |out| out.command(&SLOTS, 0));
    Request::plain(buffer)
}

impl Topology {
    /// Reads the replies to the question, of the node at the address `from`.
    pub(super) fn read(replies: &Bytes, from: &Address) -> Result<Topology, DecodeError> {
        let mut reader = Reader::new(replies);
        let info = reader.read_reply(|reader| reader.bytes().map(|info| String::from_utf8_lossy(info).into_owned()))?;
        let field = |name: &str| info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        let epoch = field("cluster_current_epoch").and_then(|epoch| epoch.trim().parse().ok()).unwrap_or_default();
        let is_ok = field("cluster_state").is_some_and(|state| state.trim() == "ok");
        let mut topology = Topology { epoch, is_ok, shards: Vec::new() };
        let mut ranges = Vec::new();
        reader.read_reply(|reader| {
            for _ in 0..reader.array()? {
                ranges.push(read_range(replies, reader, from)?);
            }
            Ok(())
        })?;
        for (slots, primary, replicas) in ranges.into_iter().flatten() {
            topology.add(slots, primary, replicas);
        }
        Ok(topology)
    }

    fn add(&mut self, slots: (u16, u16), primary: NodeInfo, replicas: Vec<NodeInfo>) {
        match self.shards.iter_mut().find(|shard| shard.primary.address == primary.address) {
            Some(shard) => shard.slots.push(slots),
            None => self.shards.push(ShardInfo { slots: vec![slots], primary, replicas }),
        }
    }

    /// Returns the first range of slots that no node serves.
    pub(super) fn uncovered(&self) -> Option<(u16, u16)> {
        let mut ranges: Vec<_> = self.shards.iter().flat_map(|shard| shard.slots.iter().copied()).collect();
        ranges.sort_unstable();
        let mut next = 0;
        for (first, last) in ranges {
            if first > next {
                return Some((next, first - 1));
            }
            next = next.max(last + 1);
        }
        (next < SLOTS).then_some((next, SLOTS - 1))
    }

    /// Returns whether a node of the topology has this address.
    pub(super) fn has(&self, address: &Address) -> bool {
        self.nodes().any(|node| node.address == *address)
    }

    /// Returns whether both are topologies of one cluster: a node is in both.
    pub(super) fn is_same_cluster(&self, other: &Topology) -> bool {
        let is_same = |one: &NodeInfo, two: &NodeInfo| {
            if one.id.is_empty() { one.address == two.address } else { one.id == two.id }
        };
        self.nodes().any(|node| other.nodes().any(|known| is_same(node, known)))
    }

    fn nodes(&self) -> impl Iterator<Item = &NodeInfo> {
        self.shards.iter().flat_map(|shard| std::iter::once(&shard.primary).chain(&shard.replicas))
    }
}

type Range = ((u16, u16), NodeInfo, Vec<NodeInfo>);

/// Reads one range with its nodes, the primary first. `None` if it cannot be used: without a node, or with slots that there
/// are not.
fn read_range(replies: &Bytes, reader: &mut Reader<'_>, from: &Address) -> Result<Option<Range>, DecodeError> {
    let elements = reader.array()?;
    if elements < 2 {
        skip(reader, elements)?;
        return Ok(None);
    }
    let (first, last) = (slot(reader.integer()?), slot(reader.integer()?));
    let mut nodes = Vec::new();
    for _ in 2..elements {
        nodes.extend(read_node(replies, reader, from)?);
    }
    let (Some(first), Some(last)) = (first, last) else { return Ok(None) };
    let mut nodes = nodes.into_iter();
    let primary = nodes.next().filter(|_| first <= last);
    Ok(primary.map(|primary| ((first, last), primary, nodes.collect())))
}

fn slot(number: i64) -> Option<u16> {
    u16::try_from(number).ok().filter(|slot| *slot < SLOTS)
}

/// Reads a node: its endpoint, its port, its identifier (not before Redis 4.0) and metadata (not before 7.0).
fn read_node(replies: &Bytes, reader: &mut Reader<'_>, from: &Address) -> Result<Option<NodeInfo>, DecodeError> {
    let elements = reader.array()?;
    if elements < 2 {
        skip(reader, elements)?;
        return Ok(None);
    }
    let endpoint = read_text(replies, reader)?;
    let port = u16::try_from(reader.integer()?).ok();
    let id = if elements > 2 { read_text(replies, reader)?.unwrap_or_default() } else { Box::default() };
    let metadata = if elements > 3 { read_metadata(replies, reader)? } else { Metadata::default() };
    skip(reader, elements.saturating_sub(4))?;
    let Some(port) = port.filter(|port| *port != 0) else { return Ok(None) };
    // A node that was told no host name of another one knows its IP address still.
    let known = |host: &&str| !matches!(*host, "" | "?");
    let host = endpoint.as_deref().filter(known).or(metadata.ip.as_deref()).unwrap_or_default();
    Ok(Some(NodeInfo { address: from.at(host, port), id, zone: metadata.zone, is_behind: false }))
}

fn read_metadata(replies: &Bytes, reader: &mut Reader<'_>) -> Result<Metadata, DecodeError> {
    let mut metadata = Metadata::default();
    for _ in 0..reader.map()? {
        let (name, value) = (read_text(replies, reader)?, read_text(replies, reader)?);
        match name.as_deref() {
            Some("ip") => metadata.ip = value,
            Some("availability-zone") => metadata.zone = value.filter(|zone| !zone.is_empty()),
            _ => {}
        }
    }
    Ok(metadata)
}

/// Reads any element; `None` if it is not text.
fn read_text(replies: &Bytes, reader: &mut Reader<'_>) -> Result<Option<Box<str>>, DecodeError> {
    let start = reader.position();
    reader.skip()?;
    let element = replies.slice(start..reader.position());
    Ok(Reader::new(&element).read_reply(Reader::bytes).ok().map(|text| String::from_utf8_lossy(text).into()))
}

fn skip(reader: &mut Reader<'_>, elements: usize) -> Result<(), DecodeError> {
    (0..elements).try_for_each(|_| reader.skip())
}

#[cfg(test)]
mod tests {
    use super::*;

    const INFO: &str = "$46\r\ncluster_state:ok\r\ncluster_current_epoch:7\r\nx:1\r\n";

    fn from() -> Address {
        tcp("10.0.0.9", 7000)
    }

    fn tcp(host: &str, port: u16) -> Address {
        Address::Tcp { host: host.into(), port }
    }

    fn read(slots: &str) -> Result<Topology, DecodeError> {
        assert_eq!(INFO.len() - 7, 46);
        Topology::read(&Bytes::from(format!("{INFO}{slots}")), &from())
    }

    #[test]
    fn a_map_of_two_shards_is_read() {
        let node = |port| format!("*4\r\n$9\r\n127.0.0.1\r\n:{port}\r\n$2\r\nid\r\n*0\r\n");
        let (a, b, c) = (node(7001), node(7002), node(7003));
        let topology =
            read(&format!("*3\r\n*4\r\n:0\r\n:99\r\n{a}{c}*3\r\n:100\r\n:16383\r\n{b}*3\r\n:200\r\n:200\r\n{a}"));
        let topology = topology.unwrap();
        assert_eq!((topology.epoch, topology.is_ok, topology.uncovered()), (7, true, None));
        let shards: Vec<_> = topology.shards.iter().map(|shard| (&*shard.slots, &shard.primary.address)).collect();
        let (a, b) = (tcp("127.0.0.1", 7001), tcp("127.0.0.1", 7002));
        assert_eq!(shards, [(&[(0, 99), (200, 200)][..], &a), (&[(100, 16383)][..], &b)]);
        assert_eq!(topology.shards[0].replicas[0].address, tcp("127.0.0.1", 7003));
        assert!(topology.has(&tcp("127.0.0.1", 7003)) && !topology.has(&tcp("127.0.0.1", 7004)));
    }

    #[test]
    fn a_host_that_is_not_told_is_that_of_the_node_that_answers() {
        for (endpoint, host) in [
            ("_\r\n", "10.0.0.9"),
            ("$-1\r\n", "10.0.0.9"),
            ("$0\r\n\r\n", "10.0.0.9"),
            ("$1\r\n?\r\n", "10.0.0.9"),
            ("$1\r\na\r\n", "a"),
        ] {
            let topology = read(&format!("*1\r\n*3\r\n:0\r\n:16383\r\n*3\r\n{endpoint}:7001\r\n$2\r\nid\r\n")).unwrap();
            assert_eq!(topology.shards[0].primary.address, tcp(host, 7001), "{endpoint}");
        }
        let metadata = "*4\r\n$2\r\nip\r\n$8\r\n10.0.0.1\r\n$17\r\navailability-zone\r\n$2\r\nz1\r\n";
        let topology =
            read(&format!("*1\r\n*3\r\n:0\r\n:1\r\n*4\r\n$1\r\n?\r\n:7001\r\n$2\r\nid\r\n{metadata}")).unwrap();
        let NodeInfo { address, zone, .. } = &topology.shards[0].primary;
        assert_eq!((address, zone.as_deref()), (&tcp("10.0.0.1", 7001), Some("z1")));
    }

    #[test]
    fn slots_that_no_node_serves_are_told() {
        let shard = |slots: &[(u16, u16)]| ShardInfo {
            slots: slots.to_vec(),
            primary: NodeInfo { address: from(), id: "".into(), zone: None, is_behind: false },
            replicas: Vec::new(),
        };
        let uncovered = |shards| Topology { shards, ..Topology::default() }.uncovered();
        assert_eq!(uncovered(vec![]), Some((0, 16383)));
        assert_eq!(uncovered(vec![shard(&[(100, 16383)]), shard(&[(0, 98)])]), Some((99, 99)));
        assert_eq!(uncovered(vec![shard(&[(0, 100)]), shard(&[(101, 16000)])]), Some((16001, 16383)));
    }

    #[test]
    fn what_is_no_map_costs_an_error_or_is_left_out() {
        for slots in
            ["*0\r\n", "*1\r\n*0\r\n", "*1\r\n*2\r\n:0\r\n:1\r\n", "*1\r\n*3\r\n:0\r\n:99999\r\n*2\r\n+a\r\n:1\r\n"]
        {
            assert_eq!(read(slots).unwrap().shards, [], "{slots}");
        }
        for slots in ["+OK\r\n", "-ERR This instance has cluster support disabled\r\n", "*1\r\n+x\r\n", "_\r\n"] {
            assert!(read(slots).is_err(), "{slots}");
        }
    }
}
