//! Nodes that come, go and change roles.

use super::{layout::Member, node::ClusterNode, set::ClusterSet, start};
use crate::{Frame, server::Ports, wait::Wait};

impl ClusterSet {
    /// Makes a replica the primary of its shard by CLUSTER FAILOVER, which loses no write, and waits until all nodes
    /// agree.
    ///
    /// Votes of an election are kept for a while. A node that is demoted again within it, and whose primary then fails,
    /// claims the slots by its old votes; the others refuse it, and no election follows (seen on Redis 7.0).
    pub async fn failover(&self, replica: &ClusterNode) {
        self.promote(replica, &["CLUSTER", "FAILOVER"]).await;
    }

    /// Makes a replica the primary without asking any other node, by CLUSTER FAILOVER TAKEOVER, also while its primary is
    /// down, and waits until all nodes agree.
    pub async fn take_over(&self, replica: &ClusterNode) {
        self.promote(replica, &["CLUSTER", "FAILOVER", "TAKEOVER"]).await;
    }

    async fn promote(&self, replica: &ClusterNode, command: &[&str]) {
        let wait = Wait::until("the replica is a primary");
        while !replica.is_primary().await {
            // A failover that the primary did not answer in time is given up; a second one beside it is refused.
            replica.raw().await.command(command).await;
            wait.pause().await;
        }
        self.settle().await;
    }

    /// Starts another primary without slots, and returns it when all nodes know it.
    pub async fn add_node(&mut self) -> &ClusterNode {
        let mut members = self.members().await;
        let member = self.layout.member(None, Vec::new());
        members.push(member.clone());
        let started = start::start_primaries(&self.layout, &self.binary, &[member], &members).await;
        self.nodes.extend(started.unwrap_or_else(|error| panic!("{}", error.into_message())));
        let (node, _) = self.nodes.split_last().expect("a node was started");
        for other in self.others(node) {
            node.meet(other).await;
        }
        self.settle().await;
        let node = self.nodes.last_mut().expect("a node was started");
        start::require_full_coverage(&self.layout, std::slice::from_mut(node)).await;
        node
    }

    /// Ends the last node, which must have no slots, and lets all others forget it.
    pub async fn remove_last_node(&mut self) {
        let node = self.nodes.pop().expect("the cluster has nodes");
        let slots = node.myself().await.map(|line| line.slots);
        assert!(slots.as_ref().is_none_or(Vec::is_empty), "the node still owns {slots:?}");
        node.kill9();
        for other in self.running() {
            let reply = other.raw().await.command(["CLUSTER", "FORGET", node.id()]).await;
            // A server that passes this on to the others may have been quicker.
            assert!(matches!(&reply, Frame::Simple(_)) || format!("{reply:?}").contains("Unknown node"), "{reply:?}");
        }
        self.settle().await;
    }

    /// The nodes as they are now, as a node that joins must know them.
    async fn members(&self) -> Vec<Member> {
        let mut members = Vec::new();
        for node in &self.nodes {
            let line = node.myself().await.expect("the node runs");
            members.push(Member {
                id: node.id().to_owned(),
                ports: Ports { plain: node.port(), tls: node.tls_port() },
                replicates: line.primary.and_then(|id| self.nodes.iter().position(|node| node.id() == id)),
                slots: line.slots,
            });
        }
        members
    }
}
