//! The faults of a cluster: their schedule and their injection.

use super::{
    mover::Mover,
    network::Network,
    shards::{Failed, Failure, SHARDS, Shards, count, primary_of},
};
use crate::{
    settings::{USER, millis},
    state::SharedState,
};
use fastrand::Rng;
use std::{
    fmt,
    time::{Duration, Instant},
};
use tokio::time::sleep;
use typedis_testing::{ClusterSet, Proxy};

/// The most that a primary with an old map is frozen: less than the cluster's node timeout.
const OLD_MAP_TIME: Duration = Duration::from_millis(1500);

/// A fault of a cluster, while slots move. A shard is meant by its place, a node by any number.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// The primary of a shard is killed or frozen until its replica has taken over, and comes back.
    TakeOver { shard: usize, failure: Failure },
    /// CLUSTER FAILOVER of a shard.
    Failover { shard: usize },
    /// SIGKILL of a primary, and a restart before the replica takes over.
    Restart { node: usize, down: Duration },
    /// SIGSTOP of a primary, for less than the node timeout.
    Freeze { node: usize, time: Duration },
    /// SIGSTOP of a primary while slots of others move, so that its map is old when it goes on.
    OldMap { shard: usize },
    /// Every connection to a node, or to all, is cut.
    Cut { node: Option<usize> },
    /// A connection to a node is cut within a request.
    CutRequest { node: usize, after: usize },
    /// A connection to a node is cut within a reply.
    CutReply { node: usize, after: usize },
    /// CLIENT KILL of all connections to a primary.
    KillConnections { node: usize },
    /// The open connections to a node stay open and carry no more bytes.
    HalfOpen { node: usize },
    /// Every byte is delayed, for a while.
    Delay { by: Duration, during: Duration },
    /// A fourth primary joins and gets slots.
    Join,
    /// The fourth primary gives its slots back and leaves.
    Leave,
}

/// The places of a fault: the servers, and what is around them.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    pub set: &'a ClusterSet,
    pub network: &'a Network,
    pub shards: &'a Shards,
    pub mover: &'a Mover,
    pub state: &'a SharedState,
}

impl Fault {
    /// Every fault at least once, in random order and with random parameters; the fourth primary leaves after it has joined.
    pub fn schedule(random: &mut Rng) -> Vec<Fault> {
        let mut schedule = vec![
            Fault::TakeOver { shard: random.usize(..SHARDS), failure: Failure::Kill },
            Fault::TakeOver { shard: random.usize(..SHARDS), failure: Failure::Freeze },
            Fault::Failover { shard: random.usize(..SHARDS) },
            Fault::Failover { shard: random.usize(..SHARDS) },
            Fault::Restart { node: random.usize(..12), down: millis(random, 0..300) },
            Fault::Freeze { node: random.usize(..12), time: millis(random, 50..500) },
            // Longer than the timeouts of the clients.
            Fault::Freeze { node: random.usize(..12), time: millis(random, 1000..1500) },
            Fault::OldMap { shard: random.usize(..SHARDS) },
            Fault::Cut { node: None },
            Fault::Cut { node: Some(random.usize(..12)) },
            Fault::CutRequest { node: random.usize(..12), after: random.usize(..2_000) },
            Fault::CutReply { node: random.usize(..12), after: random.usize(..2_000) },
            Fault::KillConnections { node: random.usize(..12) },
            Fault::HalfOpen { node: random.usize(..12) },
            Fault::Delay { by: millis(random, 2..20), during: millis(random, 300..600) },
        ];
        random.shuffle(&mut schedule);
        let (join, leave) = (random.usize(..schedule.len() / 2), random.usize(schedule.len() / 2..schedule.len()));
        schedule.insert(leave, Fault::Leave);
        schedule.insert(join, Fault::Join);
        schedule
    }

    /// The kind of fault, without parameters.
    pub fn kind(self) -> &'static str {
        match self {
            Fault::TakeOver { failure: Failure::Kill, .. } => "kill -9, the replica takes over",
            Fault::TakeOver { failure: Failure::Freeze, .. } => "freeze, the replica takes over",
            Fault::Failover { .. } => "CLUSTER FAILOVER",
            Fault::Restart { .. } => "kill -9 and restart",
            Fault::Freeze { .. } => "freeze (SIGSTOP)",
            Fault::OldMap { .. } => "a primary with an old map",
            Fault::Cut { .. } => "cut all connections",
            Fault::CutRequest { .. } => "cut within a request",
            Fault::CutReply { .. } => "cut within a reply",
            Fault::KillConnections { .. } => "CLIENT KILL of all on a node",
            Fault::HalfOpen { .. } => "half-open connections",
            Fault::Delay { .. } => "delay",
            Fault::Join => "a fourth primary joins",
            Fault::Leave => "the fourth primary leaves",
        }
    }

    /// Returns whether the fault needs proxies before the nodes.
    pub fn needs_proxies(self) -> bool {
        matches!(
            self,
            Fault::Cut { .. }
                | Fault::CutRequest { .. }
                | Fault::CutReply { .. }
                | Fault::HalfOpen { .. }
                | Fault::Delay { .. }
        )
    }

    /// Injects the fault and ends it, except for a takeover, after which the old primary is still down, and for
    /// [`Join`](Fault::Join) and [`Leave`](Fault::Leave), which change the set of servers.
    pub async fn inject(self, place: Place<'_>) -> Result<Option<Failed<'_>>, String> {
        let Place { set, network, shards, state, .. } = place;
        match self {
            Fault::TakeOver { shard, failure } => {
                return shards.fail(set, state, shard, failure).await.map(Some);
            }
            Fault::Failover { shard } => shards.switch(set, shard).await?,
            Fault::Restart { node, down } => shards.restart(set, node % count(set), down).await?,
            Fault::Freeze { node, time } => {
                if let Some(primary) = primary_of(set, node % count(set)).await {
                    primary.freeze();
                    sleep(time).await;
                    primary.thaw();
                }
            }
            Fault::OldMap { shard } => old_map(place, shard).await,
            Fault::Cut { node: Some(node) } => proxy(network, node).disconnect_all().await,
            Fault::Cut { node: None } => {
                for proxy in network.proxies() {
                    proxy.disconnect_all().await;
                }
            }
            Fault::CutRequest { node, after } => proxy(network, node).cut_request_after(after),
            Fault::CutReply { node, after } => proxy(network, node).cut_reply_after(after),
            Fault::KillConnections { node } => {
                if let Some(primary) = primary_of(set, node % count(set)).await {
                    primary.raw().await.command(["CLIENT", "KILL", "USER", USER]).await;
                }
            }
            Fault::HalfOpen { node } => proxy(network, node).drop_open(),
            Fault::Delay { by, during } => {
                network.proxies().iter().for_each(|proxy| proxy.delay(by));
                sleep(during).await;
                network.proxies().iter().for_each(|proxy| proxy.delay(Duration::ZERO));
            }
            Fault::Join | Fault::Leave => {}
        }
        Ok(None)
    }
}

/// Freezes a primary until slots of others have moved. They do not enter or leave its own shard.
async fn old_map(Place { set, shards, mover, .. }: Place<'_>, shard: usize) {
    let _lock = shards.lock(shard).await;
    let Some(primary) = primary_of(set, shard).await else { return };
    primary.freeze();
    let (started, moves) = (Instant::now(), mover.moves());
    while mover.moves() < moves + 3 && started.elapsed() < OLD_MAP_TIME {
        sleep(Duration::from_millis(5)).await;
    }
    primary.thaw();
}

fn proxy(network: &Network, node: usize) -> &Proxy {
    &network.proxies()[node % network.proxies().len()]
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())?;
        match self {
            Fault::TakeOver { shard, .. } | Fault::Failover { shard } | Fault::OldMap { shard } => {
                write!(f, ", shard {shard}")
            }
            Fault::Restart { node, down: time } | Fault::Freeze { node, time } => write!(f, ", node {node}, {time:?}"),
            Fault::CutRequest { node, after } | Fault::CutReply { node, after } => {
                write!(f, ", node {node}, after {after} bytes")
            }
            Fault::Cut { node: Some(node) } | Fault::KillConnections { node } | Fault::HalfOpen { node } => {
                write!(f, ", node {node}")
            }
            Fault::Delay { by, during } => write!(f, " of {by:?} each way for {during:?}"),
            Fault::Cut { node: None } | Fault::Join | Fault::Leave => Ok(()),
        }
    }
}
