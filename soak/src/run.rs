//! The soak of one server: faults are injected into a server and its replica, one after the other.

use crate::{
    bank::BANK,
    crew::{Crew, Length},
    cut::cut_at_every_byte,
    deployment::Deployment,
    fault::Fault,
    report::Report,
    settings::{CLIENTS, config},
};
use fastrand::Rng;
use std::time::Duration;
use tokio::time::sleep;
use typedis::{Client, topology::SingleServer};

/// The accounts that only [`cut_at_every_byte`] uses.
const RESERVED_ACCOUNTS: usize = 2;

/// Runs the soak and reports on it.
pub async fn soak(seed: u64, length: Length, workers: usize) -> Report {
    let mut soak = Soak::start(seed, workers).await;
    loop {
        soak.run_schedule(length).await;
        if !length.lasts(soak.crew.started()) {
            return soak.finish().await;
        }
    }
}

struct Soak {
    random: Rng,
    deployment: Deployment,
    crew: Crew<SingleServer>,
    /// How often [`cut_at_every_byte`] ran.
    cuts: usize,
}

impl Soak {
    async fn start(seed: u64, workers: usize) -> Self {
        let deployment = Deployment::start().await;
        BANK.open(&mut deployment.raw().await).await;
        let open = async |(protocol, pool_size)| {
            Client::open(config(&deployment.proxy.url(), protocol, pool_size)).await.expect("a healthy server")
        };
        let clients = [open(CLIENTS[0]).await, open(CLIENTS[1]).await];
        let crew = Crew::start(seed, workers, clients, &[BANK], BANK.accounts - RESERVED_ACCOUNTS);
        Soak { random: Rng::with_seed(seed), deployment, crew, cuts: 0 }
    }

    /// Injects every fault once, unless the run is over before.
    async fn run_schedule(&mut self, length: Length) {
        for fault in Fault::schedule(&mut self.random) {
            if length.is_over(self.crew.started()) {
                return;
            }
            self.crew.log(&fault.to_string());
            match fault {
                Fault::CutAtEveryByte(form, direction) => {
                    self.cuts += 1;
                    let name = format!("cut {}", self.cuts);
                    let transfers = cut_at_every_byte(&self.deployment, &self.crew.state, name, form, direction).await;
                    self.crew.log(&format!("  {} transfers", transfers.effects.len()));
                    self.crew.add(0, transfers);
                }
                fault => {
                    if let Err(error) = fault.inject(&mut self.deployment).await {
                        self.crew.state.report(format!("{fault}: {error}"));
                    }
                }
            }
            self.crew.wait_for_recovery(fault.kind()).await;
            sleep(Duration::from_millis(self.random.u64(50..250))).await;
        }
    }

    async fn finish(mut self) -> Report {
        self.deployment.proxy.cancel_cut();
        self.crew.stop().await;
        let mut figures = self.crew.close(&[&self.deployment.primary]).await;
        // The audit reads what the server has on disk.
        self.deployment.primary.restart().await;
        figures.extend(self.crew.audit(async |_| self.deployment.raw().await).await);
        let setting = format!("soak on {}", self.deployment.primary.description());
        self.crew.report(setting, figures)
    }
}
