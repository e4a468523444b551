//! A cluster of real server processes.

use super::{
    layout::Layout,
    node::ClusterNode,
    slots::{hash_slot, tag_of_slot},
    start,
    view::{Line, Role},
};
use crate::{
    Error,
    binary::Binary,
    server::{Builder, START_TIMEOUT},
    wait::Wait,
};
use std::{
    collections::HashSet,
    net::Ipv4Addr,
    time::{Duration, Instant},
};
use tokio::time::sleep;

/// A cluster of real server processes on free loopback ports, without persistence, which are killed when this value is
/// dropped.
///
/// Slots are dealt in equal ranges, and each primary has as many replicas. Node timeouts are short, so that a replica
/// takes over a few seconds after its primary was killed.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// use typedis_testing::ClusterSet;
///
/// let cluster = ClusterSet::start().await;
/// let key = cluster.key_on(1, "name").await;
/// let mut raw = cluster.node(1).raw().await;
/// assert_eq!(raw.command(["SET", &key, "foo"]).await.text(), "OK");
/// let mut other = cluster.node(0).raw().await;
/// assert!(other.command(["GET", &key]).await.is_error()); // MOVED
/// # }
/// ```
#[derive(Debug)]
pub struct ClusterSet {
    pub(super) nodes: Vec<ClusterNode>,
    pub(super) layout: Layout,
    pub(super) binary: Binary,
}

/// The settings of a cluster.
#[derive(Clone, Debug)]
pub struct ClusterBuilder {
    layout: Layout,
}

impl ClusterBuilder {
    /// Sets the number of primaries, which is three by default.
    #[must_use]
    pub fn primaries(mut self, primaries: usize) -> Self {
        self.layout.primaries = primaries;
        self
    }

    /// Sets the number of replicas of each primary, which is none by default.
    #[must_use]
    pub fn replicas(mut self, replicas: usize) -> Self {
        self.layout.replicas = replicas;
        self
    }

    /// Sets the time after which a silent node counts as failed, which is two seconds by default. A shorter one may
    /// take a busy machine for a failure.
    #[must_use]
    pub fn node_timeout(mut self, timeout: Duration) -> Self {
        self.layout.node_timeout = timeout;
        self
    }

    /// Lets the nodes tell their clients another loopback address than their own, with the same ports, where a
    /// [`Proxy`](crate::Proxy::beside) may listen. They use their own among themselves. Redis before 7.0 cannot, see
    /// [`ClusterSet::announced_address`].
    #[must_use]
    pub fn announced_address(mut self, address: Ipv4Addr) -> Self {
        self.layout.announced = Some(address);
        self
    }

    /// Adds a setting of every node, see [`Builder::arg`](crate::Builder::arg).
    #[must_use]
    pub fn arg(mut self, name: &str, value: &str) -> Self {
        self.layout.server = self.layout.server.arg(name, value);
        self
    }

    /// Sets the password of the default user, which the nodes use among themselves too.
    #[must_use]
    pub fn password(self, password: &str) -> Self {
        self.arg("requirepass", password).arg("masterauth", password)
    }

    /// Listens for TLS too, see [`Builder::tls`](crate::Builder::tls), and lets the nodes use it among themselves. The
    /// certificate must be one that `authorities` issued.
    #[must_use]
    pub fn tls(mut self, certificate: &str, key: &str, authorities: &str) -> Self {
        self.layout.server = self.layout.server.tls(certificate, key, authorities);
        self
    }

    /// Starts the cluster and waits until all nodes agree, or panics with the reason why it cannot.
    pub async fn start(self) -> ClusterSet {
        self.try_start().await.unwrap_or_else(|error| panic!("{error}"))
    }

    /// Starts the cluster and waits until all nodes agree, or returns the reason why it cannot.
    pub async fn try_start(self) -> Result<ClusterSet, Error> {
        let binary = Binary::required()?;
        let announced = self.layout.announced.filter(|_| binary.announces_hosts());
        let layout = Layout {
            has_databases: binary.has_cluster_databases(),
            names_shards: binary.names_shards(),
            announced,
            ..self.layout
        };
        let nodes = start::start(&layout, &binary).await?;
        let mut cluster = ClusterSet { nodes, layout, binary };
        cluster.introduce_replicas().await;
        cluster.settle().await;
        start::require_full_coverage(&cluster.layout, &mut cluster.nodes).await;
        Ok(cluster)
    }
}

impl ClusterSet {
    /// Starts a cluster of three primaries.
    pub async fn start() -> Self {
        Self::builder().start().await
    }

    /// Starts a cluster with settings of the test's own.
    pub fn builder() -> ClusterBuilder {
        ClusterBuilder {
            layout: Layout {
                primaries: 3,
                replicas: 0,
                node_timeout: Duration::from_secs(2),
                has_databases: false,
                names_shards: false,
                announced: None,
                server: Builder::default(),
            },
        }
    }

    /// The cluster's URL with all nodes as seeds, `redis+cluster://127.0.0.1:PORT,127.0.0.1:PORT`, without a password.
    pub fn url(&self) -> String {
        let addresses: Vec<String> = self.nodes.iter().map(|node| node.addr().to_string()).collect();
        format!("redis+cluster://{}", addresses.join(","))
    }

    /// The same as [`url`](Self::url) for a cluster with TLS, `rediss+cluster://..`.
    pub fn tls_url(&self) -> String {
        let addresses: Vec<String> = self.nodes.iter().map(|node| node.tls_addr().to_string()).collect();
        format!("rediss+cluster://{}", addresses.join(","))
    }

    /// All nodes: the primaries of the start, in the order of their slots, then their replicas in the same order.
    pub fn nodes(&self) -> &[ClusterNode] {
        &self.nodes
    }

    /// A node by its place among all.
    pub fn node(&self, place: usize) -> &ClusterNode {
        &self.nodes[place]
    }

    /// The primary that owns a slot now, as the running nodes say that call it their own.
    pub async fn owner(&self, slot: u16) -> &ClusterNode {
        let wait = Wait::until("a node that runs owns the slot");
        loop {
            for node in self.running() {
                if node.myself().await.is_some_and(|line| line.has(slot)) {
                    return node;
                }
            }
            wait.pause().await;
        }
    }

    /// The primary that owns a key's slot now.
    pub async fn owner_of(&self, key: impl AsRef<[u8]>) -> &ClusterNode {
        self.owner(hash_slot(key)).await
    }

    /// The running replicas of a node.
    pub async fn replicas_of(&self, primary: &ClusterNode) -> Vec<&ClusterNode> {
        let mut replicas = Vec::new();
        for node in self.running() {
            if node.myself().await.is_some_and(|line| line.primary.as_deref() == Some(primary.id())) {
                replicas.push(node);
            }
        }
        replicas
    }

    /// Makes a key with `name` in it whose slot is the first one of the node at `place`.
    pub async fn key_on(&self, place: usize, name: &str) -> String {
        let myself = self.nodes[place].myself().await.expect("the node runs");
        let slot = myself.slots.first().expect("the node has slots").start();
        format!("{{{}}}:{name}", tag_of_slot(*slot))
    }

    /// Returns whether the nodes have sixteen databases, as those of Valkey have from 9.0 on, and not one.
    pub fn has_databases(&self) -> bool {
        self.layout.has_databases
    }

    /// The address that the nodes tell their clients in place of their own.
    pub fn announced_address(&self) -> Option<Ipv4Addr> {
        self.layout.announced
    }

    /// Waits until all nodes that run serve, are linked and name the same owner of every slot and the same primary of
    /// every replica, and the replicas are in sync.
    pub async fn settle(&self) {
        let mut last = String::new();
        let started = Instant::now();
        while started.elapsed() < START_TIMEOUT {
            match self.disagreement().await {
                None => return,
                Some(reason) => last = reason,
            }
            sleep(Duration::from_millis(3)).await;
        }
        panic!("the nodes did not agree in {START_TIMEOUT:?}: {last}")
    }

    async fn disagreement(&self) -> Option<String> {
        let mut agreed: Option<Vec<Role>> = None;
        for node in self.running() {
            let roles = match self.roles(node).await {
                Ok(roles) => roles,
                Err(reason) => return Some(format!("{} says: {reason}", node.addr())),
            };
            match &agreed {
                Some(agreed) if *agreed != roles => return Some(format!("{agreed:?}, {} says {roles:?}", node.addr())),
                _ => agreed = Some(roles),
            }
        }
        None
    }

    /// The roles of all nodes as one of them sees them; an error if it does not serve, or a running node is not linked with it.
    async fn roles(&self, node: &ClusterNode) -> Result<Vec<Role>, String> {
        let mut raw = node.raw().await;
        let info = raw.command(["CLUSTER", "INFO"]).await.text();
        let nodes = raw.command(["CLUSTER", "NODES"]).await.text();
        if !info.contains("cluster_state:ok") {
            return Err(format!("{info}\n{nodes}"));
        }
        let mut lines = Line::parse_all(&nodes);
        lines.retain(|line| !self.is_down(&line.id));
        let is_ready =
            |line: &Line| line.is_linked && !["handshake", "noaddr", "fail", "fail?"].iter().any(|flag| line.is(flag));
        if lines.len() != self.running().len() || !lines.iter().all(is_ready) {
            return Err(nodes);
        }
        // Until primaries that took over at once have epochs of their own, one of them may claim again what it has given away.
        let epochs = || lines.iter().filter(|line| !line.slots.is_empty()).map(|line| &line.epoch);
        if epochs().collect::<HashSet<_>>().len() != epochs().count() {
            return Err(format!("primaries have one epoch:\n{nodes}"));
        }
        let replication = raw.command(["INFO", "replication"]).await.text();
        if replication.contains("master_link_status:down") {
            return Err(replication);
        }
        let mut roles: Vec<Role> = lines.iter().map(Line::role).collect();
        roles.sort();
        Ok(roles)
    }

    /// Lets every node list the replicas in CLUSTER SLOTS and CLUSTER SHARDS, which leave out those whose offset in the
    /// replication is 0 or not known yet: each primary replicates something, and each replica sends its offset to all.
    async fn introduce_replicas(&self) {
        let (primaries, replicas) = self.nodes.split_at(self.layout.primaries);
        if replicas.is_empty() {
            return;
        }
        for primary in primaries {
            let wait = Wait::until("the replicas are in sync");
            while primary.info("replication").await.matches("state=online").count() < self.layout.replicas {
                wait.pause().await;
            }
            assert_eq!(primary.raw().await.command(["FLUSHALL"]).await.text(), "OK");
        }
        for replica in replicas {
            let wait = Wait::until("the replica has an offset");
            while replica.info("replication").await.contains("slave_repl_offset:0\r") {
                wait.pause().await;
            }
            for other in self.others(replica) {
                replica.meet(other).await;
            }
        }
        for node in &self.nodes {
            let wait = Wait::until("a node lists the replicas");
            while !self.lists_replicas(node, replicas).await {
                wait.pause().await;
            }
        }
    }

    async fn lists_replicas(&self, node: &ClusterNode, replicas: &[ClusterNode]) -> bool {
        let slots = format!("{:?}", node.raw().await.command(["CLUSTER", "SLOTS"]).await);
        replicas.iter().all(|replica| slots.contains(replica.id()))
    }

    pub(super) fn running(&self) -> Vec<&ClusterNode> {
        self.nodes.iter().filter(|node| node.is_running()).collect()
    }

    /// The running nodes but one.
    pub(super) fn others(&self, node: &ClusterNode) -> Vec<&ClusterNode> {
        self.nodes.iter().filter(|other| other.is_running() && other.id() != node.id()).collect()
    }

    fn is_down(&self, id: &str) -> bool {
        self.nodes.iter().any(|node| node.id() == id && !node.is_running())
    }
}
