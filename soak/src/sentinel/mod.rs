//! The soak of a Sentinel set: a primary, its replica and three Sentinels, and failovers of every cause.

mod failover;
mod fault;

use crate::{
    bank::BANK,
    crew::{Crew, Length},
    report::Report,
    settings::{CLIENTS, config, user_setting},
};
use failover::{guard, prevent_failovers};
use fastrand::Rng;
use fault::Fault;
use std::{sync::Arc, time::Duration};
use tokio::time::sleep;
use typedis::{Client, topology::SingleServer};
use typedis_testing::SentinelSet;

/// Runs the soak on a Sentinel set, and reports on it.
pub async fn soak_sentinel(seed: u64, length: Length, workers: usize) -> Report {
    let mut soak = SentinelSoak::start(seed, workers).await;
    loop {
        soak.run_schedule(length).await;
        if !length.lasts(soak.crew.started()) {
            return soak.finish().await;
        }
    }
}

struct SentinelSoak {
    random: Rng,
    set: SentinelSet,
    crew: Crew<SingleServer>,
}

impl SentinelSoak {
    async fn start(seed: u64, workers: usize) -> Self {
        let servers = SentinelSet::builder().arg("appendonly", "yes").arg("appendfsync", "always");
        let set = servers.arg("user", &user_setting()).start().await;
        prevent_failovers(&set).await;
        let primary = set.primary().await;
        BANK.open(&mut primary.raw().await).await;
        guard(primary, true).await;
        let open = async |(protocol, pool_size)| {
            Client::open(config(&set.url(), protocol, pool_size)).await.expect("a healthy Sentinel set")
        };
        let clients = [open(CLIENTS[0]).await, open(CLIENTS[1]).await];
        let crew = Crew::start(seed, workers, clients, &[BANK], BANK.accounts);
        SentinelSoak { random: Rng::with_seed(seed), set, crew }
    }

    /// Injects every fault once, unless the run is over before.
    async fn run_schedule(&mut self, length: Length) {
        for fault in Fault::schedule(&mut self.random) {
            if length.is_over(self.crew.started()) {
                return;
            }
            self.crew.log(&fault.to_string());
            let state = Arc::clone(&self.crew.state);
            let injected = fault.inject(&self.set, &state).await;
            self.crew.wait_for_recovery(fault.kind()).await;
            let repaired = match injected {
                Ok(Some(failed)) => failed.repair(&self.set, &state).await,
                other => other.map(drop),
            };
            if let Err(error) = repaired {
                state.report(format!("{fault}: {error}"));
            }
            sleep(Duration::from_millis(self.random.u64(50..250))).await;
        }
    }

    async fn finish(mut self) -> Report {
        self.crew.stop().await;
        let primary = self.set.primary().await;
        let mut figures = self.crew.close(&[primary]).await;
        figures.extend(self.crew.audit(async |_| primary.raw().await).await);
        let setting = format!("soak on a primary, its replica and three Sentinels, {}", primary.description());
        self.crew.report(setting, figures)
    }
}
