//! Replies of the commands on a cluster.

use crate::{
    reply::{Any, Bulk, FromReply, record::records},
    resp::{DecodeError, Reader},
};

/// A node, of CLUSTER NODES and CLUSTER REPLICAS.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NodeInfo {
    /// The ID of the node.
    pub id: String,
    /// The address, as the server writes it: `host:port@bus-port`, and a host name and more behind commas.
    pub address: String,
    /// The flags, such as `myself`, `master`, `slave` and `fail`.
    pub flags: Vec<String>,
    /// The ID of the primary of a replica.
    pub primary: Option<String>,
    /// The Unix time in milliseconds of the last PING that has no PONG yet; 0 if there is none.
    pub ping_sent: u64,
    /// The Unix time in milliseconds of the last PONG.
    pub pong_received: u64,
    /// The epoch of the node's configuration.
    pub config_epoch: u64,
    /// The state of the link to it: `connected` or `disconnected`.
    pub link_state: String,
    /// The ranges of its slots, both ends included.
    pub slots: Vec<(u16, u16)>,
    /// The slots that come to it or leave it, as the server writes them: `[93-<-id]`, `[93->-id]`.
    pub moving_slots: Vec<String>,
}

impl NodeInfo {
    /// Returns the host and the port; `None` if the server writes no address.
    pub fn host_and_port(&self) -> Option<(&str, u16)> {
        let (address, _) = self.address.split_once('@').unwrap_or((&self.address, ""));
        let (host, port) = address.rsplit_once(':')?;
        Some((host, port.parse().ok()?))
    }

    /// Returns whether the node has this flag.
    pub fn has_flag(&self, flag: &str) -> bool {
        self.flags.iter().any(|found| found == flag)
    }

    fn parse(line: &str) -> Option<NodeInfo> {
        let mut words = line.split_ascii_whitespace();
        let mut next = || words.next();
        let mut node = NodeInfo {
            id: next()?.to_owned(),
            address: next()?.to_owned(),
            flags: next()?.split(',').map(str::to_owned).collect(),
            primary: Some(next()?).filter(|id| *id != "-").map(str::to_owned),
            ping_sent: next()?.parse().ok()?,
            pong_received: next()?.parse().ok()?,
            config_epoch: next()?.parse().ok()?,
            link_state: next()?.to_owned(),
            slots: Vec::new(),
            moving_slots: Vec::new(),
        };
        for word in words {
            let (first, last) = word.split_once('-').unwrap_or((word, word));
            match (first.parse(), last.parse()) {
                (Ok(first), Ok(last)) => node.slots.push((first, last)),
                _ => node.moving_slots.push(word.to_owned()),
            }
        }
        Some(node)
    }
}

impl FromReply<Bulk> for NodeInfo {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        node(reader.text()?)
    }
}

#[diagnostic::do_not_recommend]
impl FromReply<Bulk> for Vec<NodeInfo> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.text()?.lines().filter(|line| !line.is_empty()).map(node).collect()
    }
}

fn node(line: &str) -> Result<NodeInfo, DecodeError> {
    NodeInfo::parse(line).ok_or_else(|| {
        let start: String = line.chars().take(80).flat_map(char::escape_debug).collect();
        DecodeError::mismatch("a node of a cluster", format!("the line `{start}`"))
    })
}

/// A range of slots and the nodes that serve it, of CLUSTER SLOTS.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SlotRange {
    /// The first slot.
    pub first: u16,
    /// The last slot.
    pub last: u16,
    /// The nodes, the primary first.
    pub nodes: Vec<SlotNode>,
}

/// A node that serves a range of slots, of CLUSTER SLOTS.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SlotNode {
    /// The host, which may be empty or `?` where the server knows none; `None` for the host that was asked.
    pub host: Option<String>,
    /// The port.
    pub port: u16,
    /// The ID of the node, since 4.0.
    pub id: Option<String>,
    /// Further facts by name, such as `hostname` and `availability-zone`, since 7.0.
    pub metadata: Vec<(String, String)>,
}

#[diagnostic::do_not_recommend]
impl FromReply<Any> for SlotRange {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let count = reader.array()?;
        if count < 2 {
            return Err(DecodeError::mismatch("a range of slots", format!("an array of {count} elements")));
        }
        Ok(SlotRange {
            first: FromReply::<Any>::read(reader)?,
            last: FromReply::<Any>::read(reader)?,
            nodes: (2..count).map(|_| FromReply::<Any>::read(reader)).collect::<Result<_, _>>()?,
        })
    }
}

#[diagnostic::do_not_recommend]
impl FromReply<Any> for SlotNode {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let count = reader.array()?;
        if count < 2 {
            return Err(DecodeError::mismatch("a node", format!("an array of {count} elements")));
        }
        let node = SlotNode {
            host: FromReply::<Any>::read(reader)?,
            port: FromReply::<Any>::read(reader)?,
            id: if count > 2 { Some(FromReply::<Any>::read(reader)?) } else { None },
            metadata: if count > 3 { FromReply::<Any>::read(reader)? } else { Vec::new() },
        };
        (4..count).try_for_each(|_| reader.ignore())?;
        Ok(node)
    }
}

records! {
    /// A shard, of CLUSTER SHARDS.
    pub struct ShardInfo {
        /// The ranges of its slots, both ends included.
        slots: Vec<(u16, u16)> = "slots",
        /// Its nodes.
        nodes: Vec<ShardNode> = "nodes",
        /// The ID of the shard, on Valkey since 9.1.
        id: Option<String> = "id" or default,
    } and others

    /// A node of a shard, of CLUSTER SHARDS.
    pub struct ShardNode {
        /// The ID of the node.
        id: String = "id",
        /// The port without TLS.
        port: Option<u16> = "port" or default,
        /// The port with TLS.
        tls_port: Option<u16> = "tls-port" or default,
        /// The address.
        ip: String = "ip" or default,
        /// What clients are to connect to: the address or the host name.
        endpoint: Option<String> = "endpoint" or default,
        /// The host name, if one is set.
        hostname: Option<String> = "hostname" or default,
        /// The role: `master` or `replica`.
        role: String = "role",
        /// The position in the stream of changes.
        replication_offset: i64 = "replication-offset" or default,
        /// The health: `online`, `loading` or `fail`.
        health: String = "health" or default,
        /// The availability zone, on Valkey since 9.1, if one is set.
        availability_zone: Option<String> = "availability-zone" or default,
    } and others

    /// A link between two nodes, of CLUSTER LINKS.
    pub struct ClusterLink {
        /// The direction: `to` or `from` the node.
        direction: String = "direction",
        /// The ID of the other node.
        node: String = "node",
        /// The Unix time in milliseconds since when it is there.
        create_time: u64 = "create-time" or default,
        /// The events that the link waits for: `r`, `w` or both.
        events: String = "events" or default,
        /// The bytes of its buffer.
        send_buffer_allocated: u64 = "send-buffer-allocated" or default,
        /// The bytes that are to be sent.
        send_buffer_used: u64 = "send-buffer-used" or default,
    } and others

    /// The use of a slot, of CLUSTER SLOT-STATS. What the server is not set to measure is `None`.
    pub struct SlotUsage {
        /// The number of its keys.
        key_count: u64 = "key-count",
        /// The processor time in microseconds.
        cpu_usec: Option<u64> = "cpu-usec" or default,
        /// The bytes received.
        network_bytes_in: Option<u64> = "network-bytes-in" or default,
        /// The bytes sent.
        network_bytes_out: Option<u64> = "network-bytes-out" or default,
    } and others

    /// A migration of slots to a node, of CLUSTER MIGRATION STATUS of Redis.
    pub struct MigrationTask {
        /// The ID of the task.
        id: String = "id",
        /// The slots, such as `0-100`.
        slots: String = "slots" or default,
        /// The ID of the node that they leave.
        source: String = "source" or default,
        /// The ID of the node that they come to.
        destination: String = "dest" or default,
        /// What this node does: `import` or `migrate`.
        operation: String = "operation" or default,
        /// The state, such as `completed` and `failed`.
        state: String = "state" or default,
        /// The last error, in the server's words; empty if there was none.
        last_error: String = "last_error" or default,
    } and others

    /// A migration of slots, of CLUSTER GETSLOTMIGRATIONS of Valkey.
    pub struct SlotMigrationInfo {
        /// The name of the migration.
        name: String = "name" or default,
        /// What this node does: `IMPORT` or `EXPORT`.
        operation: String = "operation" or default,
        /// The slots, such as `0-100`.
        slot_ranges: String = "slot_ranges" or default,
        /// The ID of the node that they leave.
        source_node: String = "source_node" or default,
        /// The ID of the node that they come to.
        target_node: String = "target_node" or default,
        /// The state, such as `success` and `failed`.
        state: String = "state" or default,
        /// More on the state, in the server's words.
        message: String = "message" or default,
    } and others
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    #[test]
    fn a_line_is_a_node() {
        let line = "a1 127.0.0.1:7000@17000,host slave,fail b2 5 6 7 connected 0-5 9 [93-<-c3]";
        let node = NodeInfo::parse(line).unwrap();
        assert_eq!((node.host_and_port(), node.primary.as_deref()), (Some(("127.0.0.1", 7000)), Some("b2")));
        assert_eq!((node.ping_sent, node.pong_received, node.config_epoch), (5, 6, 7));
        assert_eq!((&node.slots[..], &node.moving_slots[..]), (&[(0, 5), (9, 9)][..], &["[93-<-c3]".to_owned()][..]));
        assert!(node.has_flag("fail") && !node.has_flag("master"));
        let alone = NodeInfo::parse("a1 ::1:7000@17000 myself,master - 0 0 0 connected").unwrap();
        assert_eq!((alone.host_and_port(), alone.primary.clone()), (Some(("::1", 7000)), None));
        assert!(node_error("a1 :0@0 master").contains("a1 :0@0 master") && NodeInfo::parse("").is_none());
    }

    fn node_error(line: &str) -> String {
        format!("{:?}", node(line).unwrap_err())
    }

    #[test]
    fn nodes_of_slots_grow() {
        let reply = Bytes::from_static(
            b"*4\r\n:0\r\n:5\r\n*3\r\n$1\r\nh\r\n:7\r\n$2\r\na1\r\n*5\r\n_\r\n:8\r\n$2\r\nb2\r\n*2\r\n$1\r\nk\r\n$1\r\nv\r\n:1\r\n",
        );
        let range: SlotRange = Reader::new(&reply).read_reply(FromReply::<Any>::read).unwrap();
        assert_eq!((range.first, range.last, range.nodes.len()), (0, 5, 2));
        assert_eq!((range.nodes[0].host.as_deref(), range.nodes[0].metadata.len()), (Some("h"), 0));
        assert_eq!(
            (range.nodes[1].host.as_deref(), &range.nodes[1].metadata[..]),
            (None, &[("k".into(), "v".into())][..])
        );
    }
}
