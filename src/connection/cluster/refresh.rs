//! Refreshing the topology: one task for all requests of a client asks the nodes when a redirect or a lost connection says that
//! the map is old, and once in a while.

use super::{
    Cluster,
    node::{ClusterNode, Nodes},
    topology::{self, Topology},
};
use crate::{
    connection::{alarm, config::Address, sync::lock},
    retry::Backoff,
};
use std::{
    future::{Future, poll_fn},
    mem,
    pin::Pin,
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicBool, Ordering},
    },
    task::Poll,
    time::{Duration, Instant},
};
use tokio::{
    sync::{Notify, watch},
    task::JoinHandle,
    time::{sleep, timeout},
};

/// The time between two refreshes that nothing asks for: nodes that came and replicas are learned of so.
const INTERVAL: Duration = Duration::from_secs(60);
/// The shortest time between two refreshes, and the longest while they fail.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));
/// The time in which a node is to answer before others are asked beside it.
const PATIENCE: Duration = Duration::from_millis(500);
/// The time in which a node is to answer.
const ANSWER: Duration = Duration::from_secs(2);

/// The task that refreshes the topology of a cluster, as the others see it.
pub(super) struct Refresher {
    signal: Arc<Signal>,
    task: Mutex<Option<JoinHandle<()>>>,
}

/// The wish for a refresh, which any connection may have.
pub(super) struct Signal {
    wanted: Notify,
    /// A refresh was asked for and has not begun.
    pending: AtomicBool,
    /// The nodes that know more than others, as their redirects say.
    asked_first: Mutex<Vec<Address>>,
    /// The number of refreshes that have ended.
    count: watch::Sender<u64>,
}

impl Refresher {
    pub(super) fn new() -> Refresher {
        let signal = Signal {
            wanted: Notify::new(),
            pending: AtomicBool::new(false),
            asked_first: Mutex::default(),
            count: watch::Sender::new(0),
        };
        Refresher { signal: Arc::new(signal), task: Mutex::default() }
    }

    /// Spawns the task, on the current runtime.
    pub(super) fn spawn(&self, cluster: Weak<Cluster>) {
        *lock(&self.task) = Some(tokio::spawn(run(cluster, self.signal.clone())));
    }

    /// Asks for a refresh, of `first` before other nodes. A task whose runtime was shut down is spawned anew.
    pub(super) fn request(&self, cluster: &Arc<Cluster>, first: Option<&Address>) {
        if let Some(first) = first {
            let mut asked_first = lock(&self.signal.asked_first);
            if !asked_first.contains(first) {
                asked_first.push(first.clone());
            }
        }
        if self.signal.want() {
            let is_gone = lock(&self.task).as_ref().is_none_or(JoinHandle::is_finished);
            if is_gone && !cluster.is_closed() && tokio::runtime::Handle::try_current().is_ok() {
                self.spawn(Arc::downgrade(cluster));
            }
        }
    }

    /// The signal for connections, which must not hold the cluster that owns them.
    pub(super) fn signal(&self) -> &Arc<Signal> {
        &self.signal
    }

    /// Waits for the end of a refresh that begins after this call, at most until then.
    pub(super) async fn refreshed(&self, until: Instant) {
        let mut count = self.signal.count.subscribe();
        let _ = alarm::before(Some(until), count.changed()).await;
    }

    /// Ends the task.
    pub(super) fn stop(&self) {
        if let Some(task) = lock(&self.task).take() {
            task.abort();
        }
    }
}

impl Signal {
    /// Asks for a refresh. False if that was done already.
    pub(super) fn want(&self) -> bool {
        let is_first = !self.pending.swap(true, Ordering::AcqRel);
        if is_first {
            self.wanted.notify_one();
        }
        is_first
    }
}

async fn run(cluster: Weak<Cluster>, signal: Arc<Signal>) {
    let backoff = Backoff::new(BACKOFF.0, BACKOFF.1);
    let mut failures = 0;
    loop {
        let _ = timeout(INTERVAL, signal.wanted.notified()).await;
        let Some(cluster) = cluster.upgrade() else { return };
        signal.pending.store(false, Ordering::Release);
        let asked_first = mem::take(&mut *lock(&signal.asked_first));
        failures = if refresh(&cluster, asked_first).await { 0 } else { failures + 1 };
        drop(cluster);
        signal.count.send_modify(|count| *count += 1);
        sleep(backoff.longest_pause(failures + 1)).await;
    }
}

/// Asks nodes for the topology, and takes the first one that is not older than the present one. Where all nodes that answer have
/// an older one, the newest of those is taken: the epochs of a cluster begin anew when it is made anew.
async fn refresh(cluster: &Cluster, asked_first: Vec<Address>) -> bool {
    let candidates = candidates(cluster, asked_first);
    let known = cluster.epoch();
    let mut best: Option<(Topology, Address)> = None;
    let mut answers = Staggered::new(candidates.into_iter().map(|node| ask(cluster.nodes(), node)));
    while let Some(answer) = answers.next().await {
        let Some((topology, from)) = answer.filter(|(topology, _)| !topology.shards.is_empty()) else { continue };
        if topology.epoch >= known && topology.is_ok {
            cluster.adopt(&topology, &from);
            return true;
        }
        if best.as_ref().is_none_or(|(best, _)| best.epoch < topology.epoch) {
            best = Some((topology, from));
        }
    }
    if let Some((topology, from)) = &best {
        cluster.adopt(topology, from);
    }
    best.is_some()
}

/// Returns the nodes to ask, in their order: those that a redirect has named, those that are connected, all others, and at last the
/// seeds, one of which may have another node behind its name by now.
fn candidates(cluster: &Cluster, asked_first: Vec<Address>) -> Vec<Arc<ClusterNode>> {
    let nodes = cluster.nodes();
    let mut candidates: Vec<_> = asked_first.iter().map(|address| nodes.get(address)).collect();
    let mut others = nodes.all();
    fastrand::shuffle(&mut others);
    others.sort_by_key(|node| !node.opened().is_some_and(|node| node.is_connected()));
    candidates.extend(others);
    candidates.extend(cluster.seeds().iter().map(|seed| nodes.get(seed)));
    let mut seen = Vec::new();
    candidates.retain(|node| {
        let is_new = !seen.contains(node.address());
        seen.push(node.address().clone());
        is_new
    });
    candidates
}

/// Asks a node for the topology.
async fn ask(nodes: &Nodes, node: Arc<ClusterNode>) -> Option<(Topology, Address)> {
    let from = node.address();
    let answer = timeout(ANSWER, nodes.open(&node).shared().call(topology::question())).await;
    let topology = Topology::read(&answer.ok()?.ok()?.bytes, from).ok()?;
    Some((topology, from.clone()))
}

/// Futures that begin one after the other: the next one when the one before is ready, or has not been for a while.
struct Staggered<I, F> {
    waiting: I,
    begun: Vec<Pin<Box<F>>>,
}

impl<F: Future, I: Iterator<Item = F>> Staggered<I, F> {
    fn new(waiting: I) -> Self {
        Staggered { waiting, begun: Vec::new() }
    }

    /// Returns the next output; `None` behind the last one.
    async fn next(&mut self) -> Option<F::Output> {
        loop {
            self.begun.extend(self.waiting.next().map(Box::pin));
            if self.begun.is_empty() {
                return None;
            }
            let begun = &mut self.begun;
            let first = poll_fn(|cx| {
                let ready = begun.iter_mut().enumerate().find_map(|(index, future)| match future.as_mut().poll(cx) {
                    Poll::Ready(output) => Some((index, output)),
                    Poll::Pending => None,
                });
                ready.map_or(Poll::Pending, Poll::Ready)
            });
            // When all have begun, each ends by its own timeout.
            if let Ok((index, output)) = timeout(PATIENCE, first).await {
                drop(self.begun.swap_remove(index));
                return Some(output);
            }
        }
    }
}
