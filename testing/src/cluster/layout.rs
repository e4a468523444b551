//! The layout of a cluster before its start: its members, their slots and their files.

use super::slots::SLOTS;
use crate::{
    process::{BUS_PORT_OFFSET, free_cluster_port, random},
    server::{Builder, Ports},
};
use std::{net::Ipv4Addr, ops::RangeInclusive, time::Duration};

/// Whether a node that lacks slots refuses to serve.
pub(super) const FULL_COVERAGE: &str = "cluster-require-full-coverage";

/// The settings of a cluster.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub(super) primaries: usize,
    /// The number of replicas of each primary.
    pub(super) replicas: usize,
    pub(super) node_timeout: Duration,
    /// Whether the servers have `cluster-databases`.
    pub(super) has_databases: bool,
    /// Whether the files of the nodes name the shards.
    pub(super) names_shards: bool,
    /// The address that the nodes tell their clients in place of their own.
    pub(super) announced: Option<Ipv4Addr>,
    /// The settings of every node that the test chose.
    pub(super) server: Builder,
}

/// A node before its start.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) id: String,
    pub(super) ports: Ports,
    /// The place among the members of the primary that this one replicates.
    pub(super) replicates: Option<usize>,
    pub(super) slots: Vec<RangeInclusive<u16>>,
}

impl Layout {
    /// The primaries, each with an equal share of the slots, and then their replicas in the same order.
    pub(super) fn members(&self) -> Vec<Member> {
        let first_slot = |number: usize| (usize::from(SLOTS) * number / self.primaries) as u16;
        let primaries =
            (0..self.primaries).map(|number| self.member(None, vec![first_slot(number)..=first_slot(number + 1) - 1]));
        let replicas = 0..self.primaries * self.replicas;
        primaries.chain(replicas.map(|number| self.member(Some(number % self.primaries), Vec::new()))).collect()
    }

    pub(super) fn member(&self, replicates: Option<usize>, slots: Vec<RangeInclusive<u16>>) -> Member {
        let ports = Ports { plain: free_cluster_port(), tls: self.server.has_tls().then(free_cluster_port) };
        Member { id: random_id(), ports, replicates, slots }
    }

    /// The settings of a node at its start, when those that know no owner of a slot serve all the same.
    pub(super) fn settings(&self, ports: Ports) -> Builder {
        let mut server = Builder::default()
            .arg("cluster-enabled", "yes")
            .arg("cluster-node-timeout", &self.node_timeout.as_millis().to_string())
            // Nodes keep their roles unless the test changes them.
            .arg("cluster-allow-replica-migration", "no")
            .arg("cluster-replica-validity-factor", "0")
            .arg("repl-diskless-sync", "no")
            .arg("repl-diskless-sync-delay", "0");
        if self.server.has_tls() {
            let bus_port = (ports.plain + BUS_PORT_OFFSET).to_string();
            server = server.arg("tls-cluster", "yes").arg("tls-replication", "yes").arg("cluster-port", &bus_port);
        }
        if self.has_databases {
            server = server.arg("cluster-databases", "16");
        }
        if let Some(address) = self.announced {
            server = server.arg("cluster-announce-hostname", &address.to_string());
            server = server.arg("cluster-preferred-endpoint-type", "hostname");
        }
        server.and(&self.server).arg(FULL_COVERAGE, "no")
    }
}

impl Member {
    /// The address of a line of `nodes.conf`, with the port that the nodes use among themselves.
    fn address(&self) -> String {
        let port = self.ports.tls.unwrap_or(self.ports.plain);
        format!("127.0.0.1:{port}@{}", self.ports.plain + BUS_PORT_OFFSET)
    }

    /// The content of this node's `nodes.conf`: one line a node, as CLUSTER NODES writes them. With a phantom, this node
    /// replicates it and the phantom owns its slots.
    pub(super) fn nodes_file(&self, layout: &Layout, members: &[Member], phantom: Option<&String>) -> String {
        let mut file = String::new();
        // The shard of the phantom and of this node is that of the latter alone when the phantom is forgotten.
        let shard = if layout.names_shards { format!(",,shard-id={}", self.id) } else { String::new() };
        for (member, epoch) in members.iter().zip(1..) {
            let is_myself = member.id == self.id;
            let flags = if is_myself { "myself," } else { "" };
            let slots: String =
                member.slots.iter().map(|range| format!(" {}-{}", range.start(), range.end())).collect();
            let line = match (member.replicates, phantom) {
                (Some(primary), _) => format!("slave {} 0 0 {} connected", members[primary].id, primary + 1),
                (None, Some(phantom)) if is_myself => format!(
                    "slave {phantom} 0 0 {epoch} connected\n\
                     {phantom} 127.0.0.1:1@1{shard} master,handshake - 0 0 {epoch} disconnected{slots}"
                ),
                (None, _) => format!("master - 0 0 {epoch} connected{slots}"),
            };
            let shard = if is_myself && phantom.is_some() { &*shard } else { "" };
            file += &format!("{} {}{shard} {flags}{line}\n", member.id, member.address());
        }
        // An epoch of its own for each node, which it takes with its slots.
        let place = members.iter().position(|member| member.id == self.id).unwrap_or_default();
        file + &format!("vars currentEpoch {} lastVoteEpoch 0\n", members.len() + 2 * place)
    }
}

/// A node identifier: 40 hexadecimal digits.
pub(super) fn random_id() -> String {
    format!("{:016x}{:016x}{:08x}", random(), random(), random() as u32)
}
