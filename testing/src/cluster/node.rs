//! A node of a cluster.

use super::view::Line;
use crate::{Frame, Server, process::BUS_PORT_OFFSET, server::START_TIMEOUT};
use std::ops::Deref;

/// A node of a [`ClusterSet`](super::ClusterSet): a [`Server`] with the identifier that it has in the cluster.
///
/// [`Server::kill9`], [`freeze`](Server::freeze), [`thaw`](Server::thaw) and [`restart`](Server::restart) work on this
/// node alone. A primary that is restarted serves again after two seconds.
#[derive(Debug)]
pub struct ClusterNode {
    server: Server,
    id: String,
}

impl ClusterNode {
    pub(super) fn new(server: Server, id: String) -> Self {
        Self { server, id }
    }

    /// Changes a setting now and for later restarts.
    pub(super) async fn set(&mut self, name: &str, value: &str) {
        self.server.set(name, value).await;
    }

    /// The node's identifier in the cluster.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns whether the node calls itself a primary.
    pub async fn is_primary(&self) -> bool {
        self.myself().await.is_some_and(|line| line.is("master"))
    }

    /// The line of CLUSTER NODES on the node itself; `None` if the node is down.
    pub(super) async fn myself(&self) -> Option<Line> {
        self.lines().await.into_iter().find(|line| line.is("myself"))
    }

    /// CLUSTER NODES; nothing if the node is down.
    pub(super) async fn lines(&self) -> Vec<Line> {
        let nodes = match self.try_raw().await {
            Ok(mut raw) => raw.try_command(&["CLUSTER", "NODES"], START_TIMEOUT).await,
            Err(error) => Err(error),
        };
        match nodes {
            Ok(Frame::Bulk(nodes)) => Line::parse_all(&String::from_utf8_lossy(&nodes)),
            // LOADING, for example.
            _ => Vec::new(),
        }
    }

    /// Lets another node learn of this one, and its state, at once.
    pub(super) async fn meet(&self, other: &ClusterNode) {
        let (port, bus) = (other.cluster_port(), other.port() + BUS_PORT_OFFSET);
        let command = ["CLUSTER", "MEET", "127.0.0.1", &port.to_string(), &bus.to_string()];
        let reply = self.raw().await.command(command).await;
        assert!(!reply.is_error(), "{reply:?}");
    }

    /// The port that the nodes name to each other.
    pub(super) fn cluster_port(&self) -> u16 {
        self.server.tls_port().unwrap_or(self.server.port())
    }

    pub(super) async fn info(&self, section: &str) -> String {
        self.raw().await.command(["INFO", section]).await.text()
    }
}

impl Deref for ClusterNode {
    type Target = Server;

    fn deref(&self) -> &Server {
        &self.server
    }
}
