//! Refreshing the topology: one task for all requests of a client asks the nodes when a redirect or a lost connection says that
//! the map is old, and once in a while.

use super::{
    join, latency,
    node::{ClusterNode, Nodes},
    pulse::Pulse,
    sentinel_set::SentinelSet,
    signal::Signal,
    state::Cluster,
    topology::{self, Topology},
};
use crate::{
    connection::{config::Address, node::Node},
    retry::Backoff,
};
use std::{
    future::{Future, pending, poll_fn},
    pin::{Pin, pin},
    sync::{Arc, Weak},
    task::Poll,
    time::Duration,
};
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{Instant, sleep, timeout, timeout_at},
};

/// The time between two refreshes that nothing asks for: nodes that came and replicas are learned of so.
const INTERVAL: Duration = Duration::from_secs(60);
/// The shortest time between two refreshes, and the longest while they fail.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));
/// The time without a refresh after which the next pause is the shortest one again.
const QUIET: Duration = Duration::from_secs(10);
/// The time in which a node is to answer before others are asked beside it.
const PATIENCE: Duration = Duration::from_millis(500);
/// The time in which a node is to answer.
const ANSWER: Duration = Duration::from_secs(2);

/// The time in which any node is to answer, and that for better answers than the first one.
const ALL_ANSWERS: Duration = Duration::from_secs(10);
const OTHER_ANSWERS: Duration = Duration::from_millis(200);

/// Spawns the task on the current runtime. It ends with the cluster, which it does not hold while it waits.
pub(super) fn spawn(cluster: &Arc<Cluster>) -> JoinHandle<()> {
    let switches = cluster.sentinels().map(SentinelSet::switches);
    tokio::spawn(run(Arc::downgrade(cluster), cluster.signal().clone(), switches))
}

async fn run(cluster: Weak<Cluster>, signal: Arc<Signal>, mut switches: Option<watch::Receiver<u64>>) {
    let (mut failures, mut last, mut pulse) = (0, Instant::now(), Pulse::new());
    let (mut pause, mut pings) = (Duration::ZERO, None);
    loop {
        let pause_left = pause.saturating_sub(last.elapsed());
        let wanted = wanted(&signal, &mut switches, pause_left, pulse.pause());
        let is_wanted = latency::beside(&mut pings, wanted).await;
        let Some(cluster) = cluster.upgrade() else { return };
        let has_stalled = pulse.has_stalled(&cluster);
        let interval = cluster.sentinels().map_or(INTERVAL, |set| set.interval(INTERVAL));
        if !(is_wanted || has_stalled || last.elapsed() >= interval) {
            continue;
        }
        let first = signal.begin();
        let (is_news, longest_pause) = match cluster.sentinels() {
            Some(set) => (refresh_set(&cluster, set).await, set.longest_pause(BACKOFF.1)),
            None => (refresh(&cluster, first, &pulse).await, BACKOFF.1),
        };
        let is_quiet = last.elapsed() >= pause + QUIET;
        failures = if is_news || is_quiet { 0 } else { failures + 1 };
        pause = Backoff::new(BACKOFF.0, longest_pause).longest_pause(failures + 1);
        pulse.abandon_demoted(&cluster);
        pings = latency::pings(&cluster);
        last = Instant::now();
        drop(cluster);
        signal.end();
    }
}

/// Waits for a moment until a newer map is wanted, which counts behind `pause`, or Sentinels lead to another primary. Returns whether
/// that was so.
async fn wanted(
    signal: &Signal,
    switches: &mut Option<watch::Receiver<u64>>,
    pause: Duration,
    moment: Duration,
) -> bool {
    let switched = async {
        let is_switched = match switches {
            Some(switches) => switches.changed().await.is_ok(),
            None => false,
        };
        if !is_switched {
            pending::<()>().await;
        }
    };
    let wanted = async {
        sleep(pause).await;
        timeout(moment, signal.wanted()).await.is_ok()
    };
    let (mut switched, mut wanted) = (pin!(switched), pin!(wanted));
    poll_fn(|cx| match switched.as_mut().poll(cx) {
        Poll::Ready(()) => Poll::Ready(true),
        Poll::Pending => wanted.as_mut().poll(cx),
    })
    .await
}

/// Asks Sentinels for the servers that they name, and returns whether these are others than before. While no Sentinel answers, the
/// servers stay as they are.
async fn refresh_set(cluster: &Cluster, set: &SentinelSet) -> bool {
    let known = cluster.is_known();
    match set.ask().await {
        Some(named) => {
            cluster.adopt(&named.topology, &named.primary);
            named.is_news
        }
        None if known => false,
        None => {
            let alone = set.without_replicas();
            cluster.adopt(&alone.topology, &alone.primary);
            false
        }
    }
}

/// Asks nodes for the topology, and takes the first one that is not older than the present one. Where all nodes that answer have
/// an older one, the newest of those is taken: the epochs of a cluster begin anew when it is made anew.
async fn refresh(cluster: &Cluster, asked_first: Vec<Address>, pulse: &Pulse) -> bool {
    let candidates = candidates(cluster, asked_first, pulse);
    let known = cluster.epoch();
    let mut best: Option<(Topology, Address)> = None;
    let mut answers = Staggered::new(candidates.into_iter().map(|node| ask(cluster.nodes(), node)));
    let mut until = Instant::now() + ALL_ANSWERS;
    while let Ok(Some(answer)) = timeout_at(until, answers.next()).await {
        let Some((topology, from)) = answer.filter(|(topology, _)| !topology.shards.is_empty()) else { continue };
        if topology.epoch >= known && topology.is_ok {
            cluster.adopt(&topology, &from);
            return true;
        }
        if best.as_ref().is_none_or(|(best, _)| best.epoch < topology.epoch) {
            best = Some((topology, from));
        }
        // Nodes that do not answer must not hold up those that do.
        until = until.min(Instant::now() + OTHER_ANSWERS);
    }
    if let Some((topology, from)) = &best {
        cluster.adopt(topology, from);
    }
    best.is_some()
}

/// Returns the nodes to ask, in their order: those that a redirect has named, those that are connected, all others, and at last the
/// seeds, one of which may have another node behind its name by now. Nodes that answer nothing come behind those.
fn candidates(cluster: &Cluster, asked_first: Vec<Address>, pulse: &Pulse) -> Vec<Arc<ClusterNode>> {
    let nodes = cluster.nodes();
    let mut candidates: Vec<_> = asked_first.iter().map(|address| nodes.get(address)).collect();
    let mut others = nodes.all();
    fastrand::shuffle(&mut others);
    others.sort_by_key(|node| !node.opened().is_some_and(Node::is_connected));
    candidates.extend(others);
    candidates.extend(cluster.seeds().iter().map(|seed| nodes.get(seed)));
    candidates.sort_by_key(|node| pulse.is_stalled(node));
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
            // When all have begun, each ends by its own timeout.
            if let Ok(Some(output)) = timeout(PATIENCE, join::next(&mut self.begun)).await {
                return Some(output);
            }
        }
    }
}
