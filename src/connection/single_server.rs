//! The server of a client of one, and the replicas of it where Sentinels name them.

use crate::connection::{cluster::Cluster, metrics::Metrics, node::Node};
use std::sync::{Arc, OnceLock};
use tokio::runtime;

/// The only server of a client.
pub(super) struct SingleServer {
    node: Node,
    /// The runtime that opened the client.
    runtime: runtime::Handle,
    /// The Sentinel set that the server is the primary of, once its replicas are read from; `None` where there are no Sentinels.
    set: OnceLock<Option<Arc<Cluster>>>,
}

impl SingleServer {
    /// Makes the server of a client that is opened on the current runtime.
    pub(super) fn new(node: Node) -> SingleServer {
        SingleServer { node, runtime: runtime::Handle::current(), set: OnceLock::new() }
    }

    #[inline]
    pub(super) fn node(&self) -> &Node {
        &self.node
    }

    /// Returns the Sentinel set that the server is the primary of, if Sentinels name it.
    pub(super) fn set(&self) -> Option<&Arc<Cluster>> {
        self.set.get_or_init(|| Cluster::of_sentinels(&self.node, &self.runtime)).as_ref()
    }

    fn used_set(&self) -> Option<&Arc<Cluster>> {
        self.set.get().and_then(Option::as_ref)
    }

    /// Takes no more requests, and closes the connections when what is in flight has ended.
    pub(super) async fn close(&self) {
        // Also where replicas were not read from yet, so that they never are.
        if let Some(set) = self.set() {
            set.stop();
        }
        self.node.close().await;
        if let Some(set) = self.set() {
            set.close_nodes().await;
        }
    }

    pub(super) fn metrics(&self) -> Metrics {
        let of_replicas = self.used_set().map(|set| set.metrics_of_nodes()).unwrap_or_default();
        self.node.metrics().with(&of_replicas)
    }
}

impl Drop for SingleServer {
    /// Ends the task that asks the Sentinels for replicas, which holds the connections while it does. A read on its way goes on.
    fn drop(&mut self) {
        self.used_set().into_iter().for_each(|set| set.stop_refreshing());
    }
}
