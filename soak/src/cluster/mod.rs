//! The soak of a cluster: banks and counters over all nodes, slots that move to and fro the whole time, and faults.

mod data;
mod fault;
mod mover;
mod network;
mod shards;

use crate::{
    crew::{Crew, Length},
    report::Report,
    settings::{CLIENTS, config, user_setting},
    state::Tally,
};
use data::BANKS;
use fastrand::Rng;
use fault::{Fault, Place};
use mover::Mover;
use network::{Network, PROXY_ADDRESS};
use shards::{FOURTH_NODE, NO_FAILOVER, SHARDS, Shards};
use std::{collections::BTreeMap, time::Duration};
use tokio::{join, time::sleep};
use typedis::{ClusterClient, topology::Cluster};
use typedis_testing::{ClusterSet, Server};

/// Runs the soak on a cluster of three primaries, each with a replica, and reports on it.
pub async fn soak_cluster(seed: u64, length: Length, workers: usize) -> Report {
    let mut soak = ClusterSoak::start(seed, workers).await;
    loop {
        soak.run_schedule(length).await;
        if !length.lasts(soak.crew.started()) {
            return soak.finish().await;
        }
    }
}

struct ClusterSoak {
    random: Rng,
    set: ClusterSet,
    network: Network,
    shards: Shards,
    mover: Mover,
    crew: Crew<Cluster>,
}

impl ClusterSoak {
    async fn start(seed: u64, workers: usize) -> Self {
        let nodes = ClusterSet::builder().primaries(SHARDS).replicas(1).node_timeout(Duration::from_secs(2));
        // What a node has acknowledged is on its disk.
        let nodes = nodes.arg("appendonly", "yes").arg("appendfsync", "always").arg("user", &user_setting());
        let set = nodes.arg(NO_FAILOVER, "yes").announced_address(PROXY_ADDRESS).start().await;
        let network = Network::start(&set).await;
        for bank in BANKS {
            bank.open(&mut set.owner_of(bank.tag).await.raw().await).await;
        }
        let open = async |(protocol, pool_size)| {
            ClusterClient::open(config(&network.url(&set), protocol, pool_size)).await.expect("a healthy cluster")
        };
        let clients = [open(CLIENTS[0]).await, open(CLIENTS[1]).await];
        let crew = Crew::start(seed, workers, clients, &BANKS, BANKS[0].accounts);
        let (shards, mover) = (Shards::default(), Mover::default());
        ClusterSoak { random: Rng::with_seed(seed), set, network, shards, mover, crew }
    }

    /// Injects every fault once, unless the run is over before.
    async fn run_schedule(&mut self, length: Length) {
        for fault in Fault::schedule(&mut self.random) {
            if length.is_over(self.crew.started()) {
                return;
            }
            if fault.needs_proxies() && self.network.proxies().is_empty() {
                continue;
            }
            self.crew.log(&fault.to_string());
            match fault {
                Fault::Join => self.join().await,
                Fault::Leave => self.leave().await,
                _ => {}
            }
            self.inject(fault).await;
        }
    }

    /// Injects a fault, and waits until the clients serve again and the servers have recovered, while slots move.
    async fn inject(&mut self, fault: Fault) {
        let Self { set, network, shards, mover, crew, .. } = self;
        let state = &*std::sync::Arc::clone(&crew.state);
        let pause = Duration::from_millis(self.random.u64(50..250));
        let place = Place { set, network, shards, mover, state };
        let moving = mover.run(set, shards, state, self.random.fork());
        let injecting = async {
            let injected = fault.inject(place).await;
            crew.wait_for_recovery(fault.kind()).await;
            let repaired = match injected {
                Ok(Some(failed)) => failed.repair(state).await,
                other => other.map(drop),
            };
            if let Err(error) = repaired {
                state.report(format!("{fault}: {error}"));
            }
            sleep(pause).await;
            mover.stop();
        };
        join!(moving, injecting);
    }

    async fn join(&mut self) {
        self.set.add_node().await;
        if self.set.announced_address().is_some() {
            self.network.add(self.set.node(FOURTH_NODE)).await;
        }
        self.mover.fill_fourth(&self.set, &self.crew.state, &mut self.random).await;
    }

    async fn leave(&mut self) {
        self.mover.empty_fourth(&self.set, &self.crew.state, &mut self.random).await;
        self.set.remove_last_node().await;
        self.network.remove_last();
    }

    async fn finish(mut self) -> Report {
        self.network.proxies().iter().for_each(|proxy| {
            proxy.cancel_cut();
        });
        self.set.settle().await;
        self.crew.stop().await;
        let servers: Vec<&Server> = self.set.nodes().iter().map(|node| &**node).collect();
        let mut figures = self.crew.close(&servers).await;
        figures.push(self.mover.figures());
        figures.push(surfaced(&self.crew.state.tally()));
        figures.extend(self.crew.audit(async |key| self.set.owner_of(key).await.raw().await).await);
        let setting =
            format!("soak on a cluster of three primaries and three replicas, {}", self.set.node(0).description());
        self.crew.report(setting, figures)
    }
}

/// The refusals of nodes that reached a caller because its time was over, as one line.
fn surfaced(tally: &Tally) -> String {
    const CODES: [&str; 6] = ["MOVED", "ASK", "TRYAGAIN", "CLUSTERDOWN", "CROSSSLOT", "READONLY"];
    let mut times = BTreeMap::<&str, u64>::new();
    for (end, count) in tally.values().flatten() {
        if let Some(code) = CODES.iter().find(|code| end.split(' ').any(|word| word == **code)) {
            *times.entry(code).or_default() += count;
        }
    }
    let times: Vec<String> = times.iter().map(|(code, count)| format!("{code} {count}")).collect();
    format!("refusals that reached a caller: {}", if times.is_empty() { "none".to_owned() } else { times.join(", ") })
}
