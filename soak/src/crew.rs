//! The crew of a run: two clients, and the tasks that transfer and count through them. Every kind of soak has one.

use crate::{
    bank::Bank,
    connections::wait_until_clean,
    history::{History, TaskHistory},
    report::{Report, resident_memory},
    settings::{CLIENTS, RECOVERY_TIMEOUT},
    state::SharedState,
    worker::{Done, work},
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
use typedis::{ClientOn, Error, Metrics, prelude::*, topology::Topology};
use typedis_testing::{Raw, Server};

/// The probability that a future is cancelled.
const CANCEL_PROBABILITY: f64 = 0.15;
/// The most that a worker may take to stop; a slower one hangs.
const STOP_TIMEOUT: Duration = Duration::from_secs(60);

/// The length of a run.
#[derive(Clone, Copy, Debug)]
pub enum Length {
    /// Every fault once.
    Once,
    /// Schedules of every fault, until the time is over.
    For(Duration),
}

/// Two clients and the tasks that use them.
#[derive(Debug)]
pub struct Crew<T: Topology> {
    /// The state of the tasks.
    pub state: Arc<SharedState>,
    clients: [ClientOn<T>; 2],
    seed: u64,
    started: Instant,
    banks: &'static [Bank],
    workers: Vec<JoinHandle<Done>>,
    /// The transfers of the tasks that have ended, by bank.
    histories: Vec<History>,
    /// The marks of the workers that have ended.
    marks: History,
    recoveries: BTreeMap<&'static str, Vec<Duration>>,
}

impl Length {
    /// True while a run that began at `started` has time for another schedule of faults.
    pub fn lasts(self, started: Instant) -> bool {
        matches!(self, Length::For(time) if started.elapsed() < time)
    }

    /// True when a run that began at `started` ends within its schedule.
    pub fn is_over(self, started: Instant) -> bool {
        matches!(self, Length::For(time) if started.elapsed() >= time)
    }
}

impl<T: Topology> Crew<T> {
    /// Starts the workers, whose banks are dealt in turn: the first few on the client whose pool has one connection, the
    /// others on the other client. They use the first `accounts` accounts of each bank.
    pub fn start(
        seed: u64,
        workers: usize,
        clients: [ClientOn<T>; 2],
        banks: &'static [Bank],
        accounts: usize,
    ) -> Self {
        let state = Arc::new(SharedState::new(accounts, CANCEL_PROBABILITY));
        let spawn = |number: usize| {
            let (client, bank) = (clients[usize::from(number < 4)].clone(), banks[number % banks.len()]);
            let (state, random) = (Arc::clone(&state), Rng::with_seed(seed ^ (number as u64 + 1)));
            tokio::spawn(async move { work(format!("worker {number}"), client, bank, &state, random).await })
        };
        Crew {
            workers: (0..workers).map(spawn).collect(),
            histories: banks.iter().map(|_| History::default()).collect(),
            marks: History::default(),
            state,
            clients,
            seed,
            started: Instant::now(),
            banks,
            recoveries: BTreeMap::new(),
        }
    }

    /// The beginning of the run.
    pub fn started(&self) -> Instant {
        self.started
    }

    /// Prints a line with the time since the beginning.
    pub fn log(&self, message: &str) {
        println!("[{:7.2} s] {message}", self.started.elapsed().as_secs_f64());
    }

    /// Waits until both clients serve again without being replaced.
    pub async fn wait_for_recovery(&mut self, kind: &'static str) {
        let ended = Instant::now();
        let mut last = None;
        let probes = self.banks.iter().map(|bank| bank.probe());
        for (client, key) in probes.flat_map(|key| self.clients.iter().map(move |client| (client, key.clone()))) {
            while let Err(error) = probe(client, &key).await {
                if ended.elapsed() > RECOVERY_TIMEOUT {
                    let violation =
                        format!("after {kind}: a client does not serve after {RECOVERY_TIMEOUT:?}: {error}");
                    return self.state.report(violation);
                }
                last = Some(error);
                sleep(Duration::from_millis(5)).await;
            }
        }
        let time = ended.elapsed();
        self.recoveries.entry(kind).or_default().push(time);
        let last = last.map(|error| format!("; last error: {error}")).unwrap_or_default();
        self.log(&format!("  recovered after {} ms{last}", time.as_millis()));
    }

    /// Adds the transfers of a task that was none of the workers, by the place of its bank.
    pub fn add(&mut self, bank: usize, transfers: TaskHistory) {
        self.histories[bank].add(transfers);
    }

    /// Ends the workers.
    pub async fn stop(&mut self) {
        self.state.stop();
        for (number, worker) in std::mem::take(&mut self.workers).into_iter().enumerate() {
            match timeout(STOP_TIMEOUT, worker).await {
                Ok(Ok(Done { transfers, marks })) => {
                    self.add(number % self.banks.len(), transfers);
                    self.marks.add(marks);
                }
                Ok(Err(panic)) => self.state.report(format!("a worker panicked: {panic}")),
                Err(_) => self.state.report(format!("a worker did not stop in {STOP_TIMEOUT:?}")),
            }
        }
    }

    /// Checks the servers' side of the connections, closes the clients, which have no request in flight, and returns the
    /// figures of both. The number of connections to one server is bounded.
    pub async fn close(&self, servers: &[&Server]) -> Vec<String> {
        for (client, (_, pool_size)) in self.clients.iter().zip(CLIENTS) {
            if let Err(error) = use_and_drop_pool(client, &self.banks[0].probe(), pool_size).await {
                self.state.report(format!("a client does not serve at the end: {error}"));
            }
        }
        let allowed = servers.len() * CLIENTS.iter().map(|(_, pool_size)| pool_size + 1).sum::<usize>();
        let mut figures = vec![match wait_until_clean(servers).await {
            Ok(connections) => {
                if connections > allowed {
                    self.state.report(format!("{connections} connections are open, where {allowed} are allowed"));
                }
                format!("{connections} connections at the end, of {allowed} allowed, none with a watch or MULTI")
            }
            Err(unclean) => {
                self.state.report(format!("a connection was left unclean: {unclean}"));
                String::new()
            }
        }];
        for client in &self.clients {
            figures.push(self.close_client(client).await);
        }
        figures
    }

    async fn close_client(&self, client: &ClientOn<T>) -> String {
        let metrics = client.metrics();
        if metrics.in_flight != 0 || metrics.queued_bytes != 0 {
            self.state.report(format!("requests are left in the queue: {metrics:?}"));
        }
        if timeout(STOP_TIMEOUT, client.close()).await.is_err() {
            self.state.report(format!("a client did not close in {STOP_TIMEOUT:?}"));
        }
        let Metrics { connections, connect_failures, reconnects, conflicts, retries, unknown_outcomes, .. } = metrics;
        format!(
            "a client made {connections} connections, {reconnects} of them to replace a shared one, after \
             {connect_failures} attempts that failed; {conflicts} conflicts, {retries} retries, {unknown_outcomes} \
             unknown outcomes"
        )
    }

    /// Compares the servers' data with what the tasks were told, and returns the figures; `raw` gives a connection to the
    /// server of a key.
    pub async fn audit(&self, raw: impl AsyncFn(&str) -> Raw) -> Vec<String> {
        let mut figures = Vec::new();
        for (bank, history) in self.banks.iter().zip(&self.histories) {
            let audit = bank.audit(&mut raw(&bank.ledger()).await, history).await;
            figures.push(format!("the bank {:?}: {}", bank.tag, audit.figures));
            audit.violations.into_iter().for_each(|violation| self.state.report(violation));
        }
        let audit = self.state.counters.audit(&self.marks, raw).await;
        figures.push(format!("the counters: {}", audit.figures));
        audit.violations.into_iter().for_each(|violation| self.state.report(violation));
        figures
    }

    /// The report of the run.
    pub fn report(self, setting: String, mut figures: Vec<String>) -> Report {
        figures.extend(resident_memory().map(|memory| format!("memory at the end: {memory:.0} MiB")));
        Report {
            seed: self.seed,
            setting,
            time: self.started.elapsed(),
            recoveries: self.recoveries,
            tally: self.state.tally(),
            figures,
            violations: self.state.violations(),
        }
    }
}

/// Runs one command and one transaction with WATCH.
async fn probe<T: Topology>(client: &ClientOn<T>, key: &str) -> Result<(), Error> {
    client.incr(key).await?;
    client
        .transaction(key, |mut tx| async move {
            let probes = tx.get::<i64>(key).await?.unwrap_or(0);
            Ok(tx.multi().set(key, probes + 1))
        })
        .await?;
    Ok(())
}

/// Watches on every connection of a pool at once, and drops all watching pipelines.
async fn use_and_drop_pool<T: Topology>(client: &ClientOn<T>, key: &str, pool_size: usize) -> Result<(), Error> {
    probe(client, key).await?;
    let mut watching = Vec::new();
    for _ in 0..pool_size {
        watching.push(client.pipeline().watch(key).await?);
    }
    Ok(())
}
