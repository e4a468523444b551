//! The pulse of the nodes: one that answers nothing for a while shows no other sign of trouble, when its process stands still or its
//! host is cut off.

use super::{node::ClusterNode, state::Cluster};
use crate::connection::{config::Address, node::Node};
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::time::Instant;

/// The time in which a node that is connected is to answer something.
const PATIENCE: Duration = Duration::from_millis(500);
/// The time between two looks, and that between looks while a node answers nothing.
const LOOKS: (Duration, Duration) = (Duration::from_millis(500), Duration::from_millis(150));

/// What the last look at the nodes has shown.
pub(super) struct Pulse {
    looked: Instant,
    seen: HashMap<Address, Beat>,
    stalled: Vec<Arc<ClusterNode>>,
}

/// A node with requests that wait for their replies.
struct Beat {
    progress: u64,
    since: Instant,
    /// The node served slots when the first of these requests was sent.
    was_primary: bool,
}

impl Pulse {
    pub(super) fn new() -> Pulse {
        Pulse { looked: Instant::now(), seen: HashMap::new(), stalled: Vec::new() }
    }

    /// The time until the next look.
    pub(super) fn pause(&self) -> Duration {
        if self.stalled.is_empty() { LOOKS.0 } else { LOOKS.1 }
    }

    /// Looks at all nodes when it is time. Returns whether requests wait for one that cannot be reached, or has answered nothing for
    /// a while.
    pub(super) fn has_stalled(&mut self, cluster: &Cluster) -> bool {
        if self.looked.elapsed() >= LOOKS.1 {
            self.look(cluster);
        }
        !self.stalled.is_empty()
    }

    fn look(&mut self, cluster: &Cluster) {
        self.looked = Instant::now();
        let mut seen = HashMap::new();
        self.stalled.clear();
        for node in cluster.nodes().all() {
            let Some(opened) = node.opened() else { continue };
            let Some(progress) = opened.progress() else { continue };
            let before = self.seen.remove(node.address()).filter(|beat| beat.progress == progress);
            let was_primary = || cluster.is_primary(&node);
            let beat = before.unwrap_or_else(|| Beat { progress, since: self.looked, was_primary: was_primary() });
            if !opened.is_connected() || beat.since.elapsed() >= PATIENCE {
                self.stalled.push(node.clone());
            }
            seen.insert(node.address().clone(), beat);
        }
        self.seen = seen;
    }

    /// Returns whether a node had answered nothing at the last look.
    pub(super) fn is_stalled(&self, node: &ClusterNode) -> bool {
        self.stalled.iter().any(|stalled| stalled.address() == node.address())
    }

    /// Gives up the connections to nodes that answer nothing, and that served slots which other nodes have now: their requests in
    /// flight would wait in vain.
    pub(super) fn abandon_demoted(&mut self, cluster: &Cluster) {
        for node in &self.stalled {
            let was_primary = self.seen.get(node.address()).is_some_and(|beat| beat.was_primary);
            if was_primary && !cluster.is_primary(node) {
                node.opened().into_iter().for_each(Node::abandon);
                self.seen.remove(node.address());
            }
        }
    }
}
