//! The soak: workers on a server into which faults are injected, one after the other.

use crate::{
    bank::BANK,
    cut::cut_at_every_byte,
    deployment::{Deployment, USER},
    fault::Fault,
    history::{History, TaskHistory},
    report::{Report, resident_memory},
    state::SharedState,
    worker::work,
};
use fastrand::Rng;
use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    task::JoinHandle,
    time::{sleep, timeout},
};
use typedis::{Client, ClientOn, Error, Metrics, Protocol, prelude::*, topology::Topology};
use typedis_testing::Raw;

/// The accounts that only [`cut_at_every_byte`] uses.
const RESERVED_ACCOUNTS: usize = 2;
/// The pool size of each client.
const POOL_SIZES: [usize; 2] = [8, 1];
/// The probability that a future is cancelled.
pub const CANCEL_PROBABILITY: f64 = 0.15;
/// The most that a client may take to serve again after a fault.
pub const RECOVERY_TIMEOUT: Duration = Duration::from_secs(30);
/// The most that a worker may take to stop; a slower one hangs.
pub const STOP_TIMEOUT: Duration = Duration::from_secs(60);

/// The length of a run.
#[derive(Clone, Copy, Debug)]
pub enum Length {
    /// Every fault once.
    Once,
    /// Schedules of every fault, until the time is over.
    For(Duration),
}

/// Runs the soak and reports on it.
pub async fn soak(seed: u64, length: Length, workers: usize) -> Report {
    let started = Instant::now();
    let mut soak = Soak::start(seed, workers).await;
    match length {
        Length::Once => soak.run_schedule(|| false).await,
        Length::For(time) => {
            while started.elapsed() < time {
                soak.run_schedule(|| started.elapsed() >= time).await;
            }
        }
    }
    soak.finish(started).await
}

struct Soak {
    seed: u64,
    random: Rng,
    started: Instant,
    deployment: Deployment,
    clients: [Client; 2],
    state: Arc<SharedState>,
    workers: Vec<JoinHandle<TaskHistory>>,
    history: History,
    /// How often [`cut_at_every_byte`] ran.
    cuts: usize,
    recoveries: BTreeMap<&'static str, Vec<Duration>>,
}

impl Soak {
    async fn start(seed: u64, workers: usize) -> Self {
        let deployment = Deployment::start().await;
        BANK.open(&mut deployment.raw().await).await;
        let open = |protocol, pool_size| Client::open(deployment.config(&deployment.proxy, protocol, pool_size));
        let clients = [
            open(Protocol::Resp3, POOL_SIZES[0]).await.expect("a healthy server"),
            open(Protocol::Resp2, POOL_SIZES[1]).await.expect("a healthy server"),
        ];
        let state = Arc::new(SharedState::new(BANK.accounts - RESERVED_ACCOUNTS, CANCEL_PROBABILITY));
        let workers = (0..workers).map(|number| spawn_worker(number, seed, &clients, &state)).collect();
        Soak {
            seed,
            random: Rng::with_seed(seed),
            started: Instant::now(),
            deployment,
            clients,
            state,
            workers,
            history: History::default(),
            cuts: 0,
            recoveries: BTreeMap::new(),
        }
    }

    /// Injects every fault once, unless `is_over` before.
    async fn run_schedule(&mut self, is_over: impl Fn() -> bool) {
        for fault in Fault::schedule(&mut self.random) {
            if is_over() {
                return;
            }
            self.log(&fault.to_string());
            match fault {
                Fault::CutAtEveryByte(form, direction) => {
                    self.cuts += 1;
                    let name = format!("cut {}", self.cuts);
                    let transfers = cut_at_every_byte(&self.deployment, &self.state, name, form, direction).await;
                    self.log(&format!("  {} transfers", transfers.effects.len()));
                    self.history.add(transfers);
                }
                fault => {
                    if let Err(error) = fault.inject(&mut self.deployment).await {
                        self.state.report(format!("{fault}: {error}"));
                    }
                }
            }
            self.wait_for_recovery(fault).await;
            sleep(Duration::from_millis(self.random.u64(50..250))).await;
        }
    }

    /// Waits until both clients serve again without being replaced.
    async fn wait_for_recovery(&mut self, fault: Fault) {
        let ended = Instant::now();
        let mut last = None;
        for client in &self.clients {
            while let Err(error) = probe(client).await {
                if ended.elapsed() > RECOVERY_TIMEOUT {
                    let violation =
                        format!("after {fault}: a client does not serve after {RECOVERY_TIMEOUT:?}: {error}");
                    return self.state.report(violation);
                }
                last = Some(error);
                sleep(Duration::from_millis(5)).await;
            }
        }
        let time = ended.elapsed();
        self.recoveries.entry(fault.kind()).or_default().push(time);
        let last = last.map(|error| format!("; last error: {error}")).unwrap_or_default();
        self.log(&format!("  recovered after {} ms{last}", time.as_millis()));
    }

    async fn finish(mut self, started: Instant) -> Report {
        self.deployment.proxy.cancel_cut();
        self.state.stop();
        for worker in std::mem::take(&mut self.workers) {
            match timeout(STOP_TIMEOUT, worker).await {
                Ok(Ok(transfers)) => self.history.add(transfers),
                Ok(Err(panic)) => self.state.report(format!("a worker panicked: {panic}")),
                Err(_) => self.state.report(format!("a worker did not stop in {STOP_TIMEOUT:?}")),
            }
        }
        let mut figures = vec![self.check_connections().await];
        figures.extend(self.close().await);
        // The audit reads what the server has on disk.
        self.deployment.primary.restart().await;
        let mut raw = self.deployment.raw().await;
        let bank = BANK.audit(&mut raw, &self.history).await;
        let counters = self.state.counters.audit(async |_| self.deployment.raw().await).await;
        figures.extend([format!("the bank: {}", bank.figures), format!("the counters: {}", counters.figures)]);
        figures.extend(resident_memory().map(|memory| format!("memory at the end: {memory:.0} MiB")));
        let mut violations = self.state.violations();
        violations.extend(bank.violations);
        violations.extend(counters.violations);
        Report {
            seed: self.seed,
            setting: format!("soak on {}", self.deployment.primary.description()),
            time: started.elapsed(),
            recoveries: self.recoveries,
            tally: self.state.tally(),
            figures,
            violations,
        }
    }

    /// Checks the server's side of the connections: no WATCH, no MULTI, and no more connections than the pools allow.
    async fn check_connections(&self) -> String {
        for (client, pool_size) in self.clients.iter().zip(POOL_SIZES) {
            if let Err(error) = use_and_drop_pool(client, pool_size).await {
                self.state.report(format!("a client does not serve at the end: {error}"));
            }
        }
        let connections = match self.wait_for_clean_connections().await {
            Ok(connections) => connections,
            Err(unclean) => {
                self.state.report(format!("a connection was left unclean: {unclean}"));
                return String::new();
            }
        };
        let maximum = POOL_SIZES.iter().map(|size| size + 1).sum();
        if connections > maximum {
            self.state.report(format!("{connections} connections are open, where {maximum} are allowed"));
        }
        format!("{connections} connections at the end, of {maximum} allowed, none with a watch or MULTI")
    }

    /// Closes the clients, which have no request in flight, and returns their metrics.
    async fn close(&self) -> Vec<String> {
        let mut figures = Vec::new();
        for client in &self.clients {
            let metrics = client.metrics();
            if metrics.in_flight != 0 || metrics.queued_bytes != 0 {
                self.state.report(format!("requests are left in the queue: {metrics:?}"));
            }
            if timeout(STOP_TIMEOUT, client.close()).await.is_err() {
                self.state.report(format!("a client did not close in {STOP_TIMEOUT:?}"));
            }
            let Metrics { connections, connect_failures, reconnects, conflicts, retries, unknown_outcomes, .. } =
                metrics;
            figures.push(format!(
                "a client made {connections} connections, {reconnects} of them to replace the shared one, after \
                 {connect_failures} attempts that failed; {conflicts} conflicts, {retries} retries, {unknown_outcomes} \
                 unknown outcomes"
            ));
        }
        figures
    }

    /// Waits until every connection is clean and returns their number; the error is an unclean one after the timeout.
    async fn wait_for_clean_connections(&self) -> Result<usize, String> {
        let started = Instant::now();
        loop {
            let connections = connections(&mut self.deployment.raw().await).await;
            match connections.iter().find(|line| is_unclean(line)) {
                None => return Ok(connections.len()),
                Some(line) if started.elapsed() > RECOVERY_TIMEOUT => return Err(line.clone()),
                Some(_) => sleep(Duration::from_millis(5)).await,
            }
        }
    }

    fn log(&self, message: &str) {
        println!("[{:7.2} s] {message}", self.started.elapsed().as_secs_f64());
    }
}

/// Spawns a worker: the first few on the client whose pool has one connection, the others on the other client.
fn spawn_worker(number: usize, seed: u64, clients: &[Client; 2], state: &Arc<SharedState>) -> JoinHandle<TaskHistory> {
    let client = clients[usize::from(number < 4)].clone();
    let (state, random) = (Arc::clone(state), Rng::with_seed(seed ^ (number as u64 + 1)));
    tokio::spawn(async move { work(format!("worker {number}"), client, BANK, &state, random).await })
}

/// Runs one command and one transaction with WATCH.
pub async fn probe<T: Topology>(client: &ClientOn<T>) -> Result<(), Error> {
    client.incr("probe").await?;
    client
        .transaction("probe", |mut tx| async move {
            let probes = tx.get::<i64>("probe").await?.unwrap_or(0);
            Ok(tx.multi().set("probe", probes + 1))
        })
        .await?;
    Ok(())
}

/// Watches on every connection of the pool at once, and drops all watching pipelines.
async fn use_and_drop_pool(client: &Client, pool_size: usize) -> Result<(), Error> {
    probe(client).await?;
    let mut watching = Vec::new();
    for _ in 0..pool_size {
        watching.push(client.pipeline().watch("probe").await?);
    }
    Ok(())
}

/// True for a line of CLIENT LIST with MULTI or WATCH. Older servers have no field `watch`, and behind a transaction
/// the field `multi` is -1 on Redis and 0 on Valkey.
pub fn is_unclean(line: &str) -> bool {
    field(line, "flags").contains('x')
        || !matches!(field(line, "multi"), "-1" | "0")
        || !matches!(field(line, "watch"), "" | "0")
}

/// The lines of CLIENT LIST about the clients' connections.
async fn connections(raw: &mut Raw) -> Vec<String> {
    let list = raw.command(["CLIENT", "LIST"]).await.text();
    list.lines().filter(|line| field(line, "user") == USER).map(str::to_owned).collect()
}

fn field<'a>(line: &'a str, name: &str) -> &'a str {
    line.split(' ').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).unwrap_or_default()
}
