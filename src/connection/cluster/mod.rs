//! A cluster: the router's variant that sends each request to the node of its slot, and follows redirects. And the reads from
//! replicas, of a cluster or of a Sentinel set.
//!
//! - `topology`, `node`, `slot_map`: what a node tells of its cluster; a node and its connections; which shard serves a slot
//! - `signal`, `state`: the wish for a newer map; the nodes, the map, and where a request goes by it
//! - `asking`, `redirect`, `redirects`: the refusals in replies, and the way of one request that follows them
//! - `split`, `merge`, `spread`, `scatter`: a request for several nodes: its commands sent side by side, answered in order, and each sent
//!   again by itself where it is refused
//! - `health`, `replicas`, `replica_route`, `latency`: whether a replica serves; the choice of one for a read; the way of a read;
//!   the times of PINGs
//! - `sentinel_set`: the servers that Sentinels name, as the map of one shard
//! - `refresh`, `pulse`, `discovery`: the task that keeps the map; nodes that answer nothing; the first map, from the seeds
//! - `scan`, `ownership`: the keys of all nodes, while slots move; what a node tells of its own slots
//! - `call`, `watch_guard`: a request on its way; what follows a watch
//! - `lookup`: a map by itself, for the instruction counts

mod asking;
mod call;
mod discovery;
mod health;
mod join;
mod latency;
mod lookup;
mod merge;
mod node;
mod ownership;
mod pulse;
mod redirect;
mod redirects;
mod refresh;
mod replica_route;
mod replicas;
mod scan;
mod scatter;
mod sentinel_set;
mod signal;
mod slot_map;
mod split;
mod spread;
mod state;
mod topology;
mod watch_guard;

pub(crate) use call::ClusterCall;
pub use lookup::NodeLookup;
pub(crate) use redirects::Redirects;
pub(crate) use replica_route::ReplicaRoute;
pub(super) use replicas::ReplicaReads;
pub(crate) use replicas::{ReplicaChoice, ReplicaPreference};
pub(super) use scan::{AT, ClusterScan, encode, split_page, unreadable};
pub(crate) use sentinel_set::expect_replicas;
pub(super) use state::Cluster;
pub(crate) use watch_guard::WatchGuard;

use crate::{
    connection::{
        config::{Address, Settings},
        node::Node,
        request::Request,
    },
    error::Result,
    trace,
};
use join::join;
use sentinel_set::SentinelSet;
use std::sync::Arc;
use tokio::runtime;

impl ReplicaReads {
    /// Returns the way of a request that goes to one node.
    pub(super) async fn route(self: &Arc<Self>, request: &Request) -> Result<ReplicaRoute> {
        ReplicaRoute::begin(self, request).await
    }
}

impl Cluster {
    /// Finds the nodes by the seeds of the settings.
    pub(super) async fn open(settings: Settings, seeds: Vec<Address>) -> Result<Arc<Cluster>> {
        let cluster = Cluster::new(settings, seeds, refresh::spawn);
        discovery::discover(&cluster).await?;
        cluster.ensure_refreshing();
        Ok(cluster)
    }

    /// Returns the servers of the set whose primary `primary` is; `None` where no Sentinels name it.
    pub(super) fn of_sentinels(primary: &Node, runtime: &runtime::Handle) -> Option<Arc<Cluster>> {
        let set = SentinelSet::of(primary)?;
        Some(Cluster::of_set(primary.clone(), set, runtime.clone(), refresh::spawn))
    }

    /// Returns the way of a request that goes to one node.
    pub(super) async fn redirects(self: &Arc<Self>, request: &Request) -> Result<Redirects> {
        let redirects = Redirects::once_routed(self, request).await?;
        trace::on_node(redirects.node().monitor().server());
        Ok(redirects)
    }

    /// Takes no more requests, and closes the connections of all nodes when what is in flight has ended.
    pub(super) async fn close(&self) {
        self.stop();
        self.close_nodes().await;
        self.monitor().closed();
    }

    /// Closes the connections of all nodes, but for the primary of a Sentinel set, when what is in flight has ended.
    pub(crate) async fn close_nodes(&self) {
        let nodes = self.nodes().all();
        join(nodes.iter().flat_map(|node| node.connections()).map(Node::close).collect()).await;
    }
}
