//! The state of a cluster: its nodes, the map of its slots, and where each request goes by them.

use super::{
    node::{ClusterNode, Nodes},
    sentinel_set::SentinelSet,
    signal::Signal,
    slot_map::{Replica, SlotMap},
    topology::Topology,
};
use crate::{
    command::{Access, Route},
    connection::{
        config::{Address, Settings},
        metrics::{EventSender, Metrics, Monitor, NodeMetrics, NodeObserver},
        multiplexed::SharedConnection,
        node::{Node, NodeContext},
        request::Request,
        routing::CommandPart,
        sync::lock,
    },
    error::{Error, Result},
    key::SlotState,
    resp::Framing,
    trace,
};
use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex, PoisonError, RwLock, RwLockReadGuard,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Instant,
};
use tokio::{runtime, task::JoinHandle};

/// The nodes of a cluster, or the servers of a Sentinel set, and where each request goes.
pub(crate) struct Cluster {
    nodes: Nodes,
    seeds: Vec<Address>,
    /// The Sentinels that name the servers, which are no cluster then.
    sentinels: Option<SentinelSet>,
    map: RwLock<SlotMap>,
    signal: Arc<Signal>,
    /// The task that refreshes the map, and how it is spawned.
    task: Mutex<Option<JoinHandle<()>>>,
    spawn: fn(&Arc<Cluster>) -> JoinHandle<()>,
    /// Counts what is of no single node: conflicts and attempts.
    monitor: Arc<Monitor>,
    closed: AtomicBool,
    /// The number of the next read from replicas, by which they take turns.
    turns: AtomicUsize,
    /// A client wants to know the nearest replica of each shard.
    measures_replicas: AtomicBool,
    /// A client wants to know the zones of replicas.
    learns_zones: AtomicBool,
}

impl Cluster {
    /// Makes a cluster of which the seeds alone are known. `spawn` spawns the task that refreshes the map.
    pub(super) fn new(
        settings: Settings,
        seeds: Vec<Address>,
        spawn: fn(&Arc<Cluster>) -> JoinHandle<()>,
    ) -> Arc<Cluster> {
        let (events, signal) = (EventSender::new(), Arc::<Signal>::default());
        let monitor =
            Monitor::new(trace::Server::of_cluster(settings.database), &settings.address, events.clone(), None);
        let context = NodeContext { runtime: runtime::Handle::current(), events, observer: observer(&signal) };
        let nodes = Nodes::new(Arc::new(settings), context);
        Cluster::assemble(nodes, signal, monitor, spawn, (seeds, None))
    }

    /// Makes the servers of a Sentinel set, of which the primary alone is known. Connections to its replicas run on `runtime`.
    pub(super) fn of_set(
        primary: Node,
        sentinels: SentinelSet,
        runtime: runtime::Handle,
        spawn: fn(&Arc<Cluster>) -> JoinHandle<()>,
    ) -> Arc<Cluster> {
        let (signal, monitor) = (Arc::<Signal>::default(), primary.monitor().clone());
        let context = NodeContext { runtime, events: monitor.event_sender(), observer: observer(&signal) };
        let nodes = Nodes::of_primary(primary, context);
        Cluster::assemble(nodes, signal, monitor, spawn, (Vec::new(), Some(sentinels)))
    }

    fn assemble(
        nodes: Nodes,
        signal: Arc<Signal>,
        monitor: Arc<Monitor>,
        spawn: fn(&Arc<Cluster>) -> JoinHandle<()>,
        (seeds, sentinels): (Vec<Address>, Option<SentinelSet>),
    ) -> Arc<Cluster> {
        Arc::new(Cluster {
            map: RwLock::new(SlotMap::new(&Topology::default(), |address| nodes.get(address))),
            nodes,
            seeds,
            sentinels,
            signal,
            task: Mutex::new(None),
            spawn,
            monitor,
            closed: AtomicBool::new(false),
            turns: AtomicUsize::new(0),
            measures_replicas: AtomicBool::new(false),
            learns_zones: AtomicBool::new(false),
        })
    }

    /// The Sentinels that name the servers; `None` where these are a cluster.
    pub(super) fn sentinels(&self) -> Option<&SentinelSet> {
        self.sentinels.as_ref()
    }

    /// Returns whether the nodes were learned of.
    pub(super) fn is_known(&self) -> bool {
        !self.map().shards().is_empty()
    }

    pub(super) fn nodes(&self) -> &Nodes {
        &self.nodes
    }

    pub(super) fn seeds(&self) -> &[Address] {
        &self.seeds
    }

    pub(crate) fn settings(&self) -> &Settings {
        self.nodes.settings()
    }

    pub(crate) fn monitor(&self) -> &Arc<Monitor> {
        &self.monitor
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    pub(super) fn map(&self) -> RwLockReadGuard<'_, SlotMap> {
        self.map.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn epoch(&self) -> u64 {
        self.map().epoch
    }

    /// Takes a topology that the node at `from` has told. The nodes that it lacks are left; requests that wait for a connection
    /// to a node without slots are sent elsewhere.
    pub(super) fn adopt(&self, topology: &Topology, from: &Address) {
        let map = SlotMap::new(topology, |address| self.nodes.get(address));
        let kept: HashSet<_> = map.nodes().map(|node| node.address().clone()).collect();
        let (left, without_slots) = {
            let mut present = self.map.write().unwrap_or_else(PoisonError::into_inner);
            let mut addresses: HashSet<_> = kept.iter().collect();
            addresses.insert(from);
            let left = self.nodes.retain(&addresses);
            let old: Vec<_> = present.shards().iter().map(|shard| shard.primary.clone()).collect();
            let demoted = old.into_iter().filter(|node| !map.is_primary(node.address()));
            let without_slots: Vec<_> = demoted.filter(|node| kept.contains(node.address())).collect();
            *present = map;
            (left, without_slots)
        };
        left.iter().flat_map(|node| node.connections()).for_each(|node| node.leave(LEFT));
        without_slots.iter().filter_map(|node| node.opened()).for_each(Node::fail_parked);
    }

    /// Notes that a slot is served by the node at an address, and returns that node.
    pub(super) fn moved(self: &Arc<Self>, slot: u16, to: &Address) -> Arc<ClusterNode> {
        // Under the lock for writing, so that a reader finds one node for all keys of a slot.
        self.map.write().unwrap_or_else(PoisonError::into_inner).moved(slot, to);
        self.refresh(Some(to));
        self.nodes.get(to)
    }

    /// Asks for a newer map, the node `first` before others. A task whose runtime was shut down is spawned anew.
    pub(super) fn refresh(self: &Arc<Self>, first: Option<&Address>) {
        self.signal.ask_first(first);
        self.ensure_refreshing();
        self.signal.want();
    }

    /// Spawns the task that refreshes the map, unless it runs: on the runtime that opened the client, and if that was shut down, on
    /// the current one.
    pub(super) fn ensure_refreshing(self: &Arc<Self>) {
        let mut task = lock(&self.task);
        let is_gone = task.as_ref().is_none_or(JoinHandle::is_finished);
        if !is_gone || self.is_closed() {
            return;
        }
        let spawned = {
            let _entered = self.nodes.runtime().enter();
            (self.spawn)(self)
        };
        let is_shut_down = spawned.is_finished() && runtime::Handle::try_current().is_ok();
        *task = Some(if is_shut_down { (self.spawn)(self) } else { spawned });
    }

    /// Refuses new work, and ends the task that refreshes the map.
    pub(crate) fn stop(&self) {
        self.closed.store(true, Ordering::Release);
        self.stop_refreshing();
    }

    /// Ends the task that refreshes the map, until the next request wants a newer one.
    pub(crate) fn stop_refreshing(&self) {
        if let Some(task) = lock(&self.task).take() {
            task.abort();
        }
    }

    /// Returns the number of a read from replicas, by which they take turns.
    pub(super) fn next_turn(&self) -> usize {
        self.turns.fetch_add(1, Ordering::Relaxed)
    }

    pub(super) fn signal(&self) -> &Arc<Signal> {
        &self.signal
    }

    /// Waits until the map was refreshed, at most until then.
    pub(super) async fn refreshed(&self, until: Instant) {
        self.signal.refreshed(until).await;
    }

    /// Returns whether the commands of a request go to several nodes, or may be redirected one by one.
    pub(crate) fn scatters(&self, request: &Request) -> bool {
        let routing = request.routing();
        request.framing() == Framing::Plain
            && (request.parts().len() > 1
                || routing.slot == SlotState::Crossed
                || matches!(routing.route, Route::AllShards(_) | Route::AllNodes(_)))
    }

    /// Fails for a request that no cluster can serve as it is meant: a transaction on several nodes, or keys in several slots.
    pub(crate) fn check(&self, request: &Request) -> Result<()> {
        let routing = request.routing();
        if routing.route == Route::SingleServer {
            return Err(for_one_server(request));
        }
        if request.framing() == Framing::Plain && matches!(routing.route, Route::AllShards(_)) {
            check_cursor(request)?;
        }
        match request.framing() {
            Framing::Transaction if routing.slot == SlotState::Crossed => Err(request.cross_slot(None)),
            Framing::Transaction => self.check_one_node(request),
            Framing::Plain if routing.slot == SlotState::Crossed => check_parts(request),
            _ => Ok(()),
        }
    }

    /// Fails for a request that runs on one node, and has a command for all of them.
    pub(super) fn check_one_node(&self, request: &Request) -> Result<()> {
        match request.routing().route {
            Route::AllShards(_) | Route::AllNodes(_) => Err(beyond_one_node(request)),
            Route::SingleServer => Err(for_one_server(request)),
            Route::Keys | Route::NotKey | Route::EachKey(_) | Route::AnyNode => Ok(()),
        }
    }

    /// Returns the node that a request goes to as a whole.
    pub(super) fn route(&self, request: &Request) -> Result<Arc<ClusterNode>> {
        match request.slot() {
            SlotState::One(slot) => self.primary_of(slot),
            SlotState::None => self.any_primary(),
            SlotState::Crossed => Err(request.cross_slot(None)),
        }
    }

    /// Returns the shared connection to the node that a request goes to as a whole.
    #[inline]
    pub(super) fn connection_for(&self, request: &Request) -> Result<Arc<SharedConnection>> {
        if let SlotState::One(slot) = request.slot() {
            // Nearly always the node was used before, and is not needed beyond its connection.
            if let Some(node) = self.map().shard(slot).and_then(|shard| shard.primary.opened()) {
                return Ok(node.shared().clone());
            }
        }
        let node = self.route(request)?;
        Ok(self.nodes.open(&node).shared().clone())
    }

    /// Returns the primary of a slot.
    pub(super) fn primary_of(&self, slot: u16) -> Result<Arc<ClusterNode>> {
        match self.map().shard(slot) {
            Some(shard) => Ok(shard.primary.clone()),
            None => Err(self.unserved(slot)),
        }
    }

    /// Returns whether a node serves slots, as far as is known.
    pub(super) fn is_primary(&self, node: &ClusterNode) -> bool {
        self.map().is_primary(node.address())
    }

    pub(super) fn primaries(&self) -> Vec<Arc<ClusterNode>> {
        self.map().shards().iter().map(|shard| shard.primary.clone()).collect()
    }

    pub(super) fn every_node(&self) -> Vec<Arc<ClusterNode>> {
        self.map().nodes().cloned().collect()
    }

    /// Returns the replicas of which this holds.
    pub(super) fn replicas(&self, is_wanted: impl Fn(&Replica) -> bool) -> Vec<Arc<ClusterNode>> {
        let map = self.map();
        let replicas = map.shards().iter().flat_map(|shard| &shard.replicas);
        replicas.filter(|replica| is_wanted(replica)).map(|replica| replica.node.clone()).collect()
    }

    /// Lets the times of PINGs to the replicas be measured from now on, whenever the map was refreshed.
    pub(super) fn measure_replicas(self: &Arc<Self>) {
        if !self.measures_replicas.swap(true, Ordering::AcqRel) {
            self.refresh(None);
        }
    }

    pub(super) fn measures_replicas(&self) -> bool {
        self.measures_replicas.load(Ordering::Acquire)
    }

    /// Lets the zones of replicas be learned from their servers from now on, where the map does not tell them.
    pub(super) fn learn_zones(self: &Arc<Self>) {
        if !self.learns_zones.swap(true, Ordering::AcqRel) {
            self.refresh(None);
        }
    }

    pub(super) fn learns_zones(&self) -> bool {
        self.learns_zones.load(Ordering::Acquire)
    }

    fn unserved(&self, slot: u16) -> Error {
        let reason = format!("no node serves slot {slot}: assign it, by CLUSTER ADDSLOTS for example");
        Error::cluster(&self.settings().address, reason)
    }

    pub(super) fn any_primary(&self) -> Result<Arc<ClusterNode>> {
        match fastrand::choice(self.map().shards()) {
            Some(shard) => Ok(shard.primary.clone()),
            None => Err(self.no_node()),
        }
    }

    pub(super) fn no_node(&self) -> Error {
        Error::cluster(&self.settings().address, "no node can be reached: are its servers running?")
    }

    /// The error of a slot whose node could not be reached in time.
    pub(super) fn unreachable(&self, slot: u16) -> Error {
        match self.primary_of(slot) {
            Ok(node) => {
                Error::cluster(node.address(), format!("the node of slot {slot} cannot be reached: is it running?"))
            }
            Err(error) => error,
        }
    }

    /// Returns the sum of all nodes' metrics, and what is counted for the client as a whole.
    pub(crate) fn metrics(&self) -> Metrics {
        self.monitor.metrics().with(&self.metrics_of_nodes())
    }

    /// Returns the sum of all nodes' metrics.
    pub(crate) fn metrics_of_nodes(&self) -> Metrics {
        let nodes = self.nodes.all();
        let opened = nodes.iter().flat_map(|node| node.connections());
        opened.fold(Metrics::default(), |sum, node| sum.with(&node.metrics()))
    }
}

impl Cluster {
    /// Returns the counters of each node that is known or was used, in the order of their addresses.
    pub(crate) fn node_metrics(&self) -> Vec<NodeMetrics> {
        let nodes = self.nodes.all();
        let mut each: Vec<_> = nodes
            .iter()
            .map(|node| NodeMetrics {
                address: node.address().to_string().into(),
                is_primary: self.map().is_primary(node.address()),
                metrics: node.connections().fold(Metrics::default(), |sum, node| sum.with(&node.metrics())),
            })
            .collect();
        each.sort_by(|one, other| one.address.cmp(&other.address));
        each
    }
}

/// Returns the observer of all nodes, which asks for a newer map. Connections must not hold the cluster, which owns them.
fn observer(signal: &Arc<Signal>) -> NodeObserver {
    let wanted = signal.clone();
    Arc::new(move |_| wanted.want())
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Fails for a command whose keys are in several slots, unless it only reads and is split by its keys.
fn check_parts(request: &Request) -> Result<()> {
    let may_split = |part: &CommandPart| {
        matches!(part.info.route, Route::EachKey(_))
            && (part.info.access == Access::ReadOnly || request.splits_writes())
    };
    let mut crossed = request.parts().iter().enumerate().filter(|(_, part)| part.slot == SlotState::Crossed);
    if request.parts().is_empty() {
        return Err(request.cross_slot(None));
    }
    match crossed.find(|(_, part)| !may_split(part)) {
        Some((index, _)) => Err(request.cross_slot(Some(index))),
        None => Ok(()),
    }
}

const ONE_CURSOR: &str = "a cursor is one of one node, and a cluster has many: scan all keys of it by `scan_keys`";

/// Fails for SCAN, whose cursors are of one node.
fn check_cursor(request: &Request) -> Result<()> {
    let parts = request.parts();
    match parts.iter().enumerate().find(|(_, part)| part.info.name == "SCAN") {
        Some((index, part)) => Err(Error::Argument { at: part.position(index, parts.len()), reason: ONE_CURSOR }),
        None => Ok(()),
    }
}

/// The reason why requests to a node fail that has left.
const LEFT: &str = "the node is no longer one of the servers";

const BEYOND_ONE_NODE: &str = "it is for all nodes of the cluster, and a transaction runs on one of them: send it by itself, or `without_transaction()`";

const FOR_ONE_SERVER: &str = "it is about one server, and a client of a cluster has many: run it on a `Client` of the node that is meant, which `Config::single_node` opens";

/// The error of a command for the one server of a client.
fn for_one_server(request: &Request) -> Error {
    Error::Argument { at: request.position_of(|route| route == Route::SingleServer), reason: FOR_ONE_SERVER }
}

/// The error of a command for all nodes in a transaction.
fn beyond_one_node(request: &Request) -> Error {
    let at = request.position_of(|route| matches!(route, Route::AllShards(_) | Route::AllNodes(_)));
    Error::Argument { at, reason: BEYOND_ONE_NODE }
}

#[cfg(all(test, target_os = "linux"))]
mod tests;
