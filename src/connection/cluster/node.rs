//! A node of a cluster, whose connections are opened when it is first used; and the nodes by their addresses.

use super::health::Health;
use crate::{
    connection::{
        config::{Address, ReplicaOf, Settings},
        node::{Node, NodeContext},
        sync::lock,
    },
    error::Result,
};
use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::runtime;

/// A node of a cluster. Before it is used it is no more than its address.
pub(super) struct ClusterNode {
    address: Address,
    opened: OnceLock<Box<Node>>,
    reading: OnceLock<Box<Reading>>,
    /// Keys were asked for here while their slot is imported, since the last refresh. A node that imports its first slots serves
    /// none, so no map has it yet.
    imports: AtomicBool,
}

/// The connections for reads from a replica. A node of a cluster serves them only behind READONLY, so they are apart from those of
/// the node, on which a primary that has become a replica must redirect.
pub(super) struct Reading {
    pub(super) node: Node,
    pub(super) health: Health,
}

impl Reading {
    fn new(node: Node) -> Reading {
        Reading { node, health: Health::new() }
    }
}

impl ClusterNode {
    pub(super) fn new(address: Address) -> ClusterNode {
        ClusterNode { address, opened: OnceLock::new(), reading: OnceLock::new(), imports: AtomicBool::new(false) }
    }

    pub(super) fn address(&self) -> &Address {
        &self.address
    }

    /// Notes that the node imports a slot, so that it is kept though no map has it.
    pub(super) fn note_import(&self) {
        self.imports.store(true, Ordering::Relaxed);
    }

    /// Returns the connections of the node, if it was used.
    pub(super) fn opened(&self) -> Option<&Node> {
        self.opened.get().map(|node| &**node)
    }

    /// Returns the connections for reads from the node as a replica, if it was used so.
    pub(super) fn reading(&self) -> Option<&Reading> {
        self.reading.get().map(|reading| &**reading)
    }

    /// Returns all connections of the node: those of requests in general, and those for reads from it as a replica.
    pub(super) fn connections(&self) -> impl Iterator<Item = &Node> {
        self.opened().into_iter().chain(self.reading().map(|reading| &reading.node))
    }
}

/// The nodes of a cluster by their addresses, those that are only known from a redirect included.
pub(super) struct Nodes {
    /// The settings of the client, of which those of a node differ by the address.
    settings: Arc<Settings>,
    context: NodeContext,
    by_address: Mutex<HashMap<Address, Arc<ClusterNode>>>,
    /// The connections to the primary of a Sentinel set, which find it wherever it is.
    primary: Option<Reading>,
}

impl Nodes {
    pub(super) fn new(settings: Arc<Settings>, context: NodeContext) -> Nodes {
        Nodes { settings, context, by_address: Mutex::default(), primary: None }
    }

    /// The servers of a Sentinel set, whose primary has connections already.
    pub(super) fn of_primary(primary: Node, context: NodeContext) -> Nodes {
        Nodes { primary: Some(Reading::new(primary.clone())), ..Nodes::new(primary.settings().clone(), context) }
    }

    /// The connections to the primary of a Sentinel set; `None` in a cluster, which has many.
    pub(super) fn primary(&self) -> Option<&Reading> {
        self.primary.as_ref()
    }

    /// The runtime that opened the client.
    pub(super) fn runtime(&self) -> &runtime::Handle {
        &self.context.runtime
    }

    pub(super) fn settings(&self) -> &Arc<Settings> {
        &self.settings
    }

    /// Returns the node at an address.
    pub(super) fn get(&self, address: &Address) -> Arc<ClusterNode> {
        let mut nodes = lock(&self.by_address);
        if let Some(node) = nodes.get(address) {
            return node.clone();
        }
        let node = Arc::new(ClusterNode::new(address.clone()));
        nodes.insert(address.clone(), node.clone());
        node
    }

    /// Opens the connections of the node at an address, so that a wrong address or password shows at once.
    pub(super) async fn connect(&self, address: &Address) -> Result<Node> {
        let settings = Arc::new(self.settings.for_node(address.clone()));
        Node::connect(settings, self.context.clone()).await
    }

    /// Adds a node whose connections are open.
    pub(super) fn add(&self, address: &Address, node: Node) {
        // A node that was opened meanwhile stays; the other one is closed as it is dropped.
        let _ = self.get(address).opened.set(Box::new(node));
    }

    /// Returns the connections of a node.
    #[inline]
    pub(super) fn open<'a>(&self, node: &'a ClusterNode) -> &'a Node {
        node.opened.get_or_init(|| {
            let settings = Arc::new(self.settings.for_node(node.address.clone()));
            Box::new(Node::lazy(settings, self.context.clone()))
        })
    }

    /// Returns the connections for reads from a node as a replica.
    pub(super) fn open_reading<'a>(&self, node: &'a ClusterNode) -> &'a Reading {
        node.reading.get_or_init(|| {
            let replica_of = if self.primary.is_some() { ReplicaOf::SentinelSet } else { ReplicaOf::Cluster };
            let settings = Settings { replica_of: Some(replica_of), ..self.settings.for_node(node.address.clone()) };
            Box::new(Reading::new(Node::lazy(Arc::new(settings), self.context.clone())))
        })
    }

    /// Takes out the nodes that are not among those at `addresses`, and import nothing.
    pub(super) fn retain(&self, addresses: &HashSet<&Address>) -> Vec<Arc<ClusterNode>> {
        let mut nodes = lock(&self.by_address);
        let left: Vec<_> = nodes
            .values()
            .filter(|node| !node.imports.swap(false, Ordering::Relaxed) && !addresses.contains(node.address()))
            .cloned()
            .collect();
        left.iter().for_each(|node| drop(nodes.remove(node.address())));
        left
    }

    /// Returns all nodes.
    pub(super) fn all(&self) -> Vec<Arc<ClusterNode>> {
        lock(&self.by_address).values().cloned().collect()
    }
}
