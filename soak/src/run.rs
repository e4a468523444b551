//! The soak: workers on a server that faults befall, one after the other.

use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use fastrand::Rng;
use tokio::{
    task::JoinHandle,
    time::{sleep, timeout},
};
use typedis::{Client, Error, Metrics, Protocol, prelude::*};
use typedis_testing::Raw;

use crate::{
    bank::Bank,
    books::Books,
    claim::Claim,
    fault::DecodeError,
    report::{Report, resident},
    sweep::sweep,
    worker::{Floor, work},
    world::{USER, World},
};

const BANK: Bank = Bank { accounts: 18 };
/// How large the pools of the clients are.
const POOLS: [usize; 2] = [8, 1];
/// How likely a future is dropped.
const CANCEL: f64 = 0.15;
/// A client that does not serve again by then has not recovered.
const RECOVERY: Duration = Duration::from_secs(30);
/// Workers that have not stopped by then hang.
const STOPPING: Duration = Duration::from_secs(60);

/// How long to go on.
#[derive(Clone, Copy, Debug)]
pub enum Length {
    /// Every fault once.
    Once,
    /// Every fault again and again, for so long.
    For(Duration),
}

/// Runs the soak and tells what came of it.
pub async fn soak(seed: u64, length: Length, workers: usize) -> Report {
    let started = Instant::now();
    let mut soak = Soak::begin(seed, workers).await;
    match length {
        Length::Once => soak.deck(|| false).await,
        Length::For(time) => {
            while started.elapsed() < time {
                soak.deck(|| started.elapsed() >= time).await;
            }
        }
    }
    soak.end(started).await
}

struct Soak {
    seed: u64,
    random: Rng,
    started: Instant,
    world: World,
    clients: [Client; 2],
    floor: Arc<Floor>,
    workers: Vec<JoinHandle<(String, Vec<Claim>)>>,
    books: Books,
    sweeps: usize,
    recoveries: BTreeMap<&'static str, Vec<Duration>>,
}

impl Soak {
    async fn begin(seed: u64, workers: usize) -> Self {
        let world = World::start().await;
        BANK.open(&mut world.raw().await).await;
        let open = |protocol, pool| Client::open(world.config(&world.proxy, protocol, pool));
        let clients = [
            open(Protocol::Resp3, POOLS[0]).await.expect("a healthy server"),
            open(Protocol::Resp2, POOLS[1]).await.expect("a healthy server"),
        ];
        let floor = Arc::new(Floor::new(BANK.accounts - 2, CANCEL));
        let workers = (0..workers).map(|number| worker(number, seed, &clients, &floor)).collect();
        Soak {
            seed,
            random: Rng::with_seed(seed),
            started: Instant::now(),
            world,
            clients,
            floor,
            workers,
            books: Books::default(),
            sweeps: 0,
            recoveries: BTreeMap::new(),
        }
    }

    /// Lets every fault happen once, unless it is to end before.
    async fn deck(&mut self, ends: impl Fn() -> bool) {
        for fault in DecodeError::deck(&mut self.random) {
            if ends() {
                return;
            }
            self.say(&fault.to_string());
            match fault {
                DecodeError::Sweep(form, direction) => {
                    self.sweeps += 1;
                    let who = format!("sweep {}", self.sweeps);
                    let (who, claims) = sweep(&self.world, &self.floor, who, form, direction).await;
                    self.say(&format!("  {} places", claims.len()));
                    self.books.add(who, claims);
                }
                fault => {
                    if let Err(error) = fault.happen(&mut self.world).await {
                        self.floor.find(format!("{fault}: {error}"));
                    }
                }
            }
            self.recover(fault).await;
            sleep(Duration::from_millis(self.random.u64(50..250))).await;
        }
    }

    /// Waits until both clients serve again, as they are.
    async fn recover(&mut self, fault: DecodeError) {
        let healed = Instant::now();
        let mut last = None;
        for client in &self.clients {
            while let Err(error) = probe(client).await {
                last = Some(error);
                if healed.elapsed() > RECOVERY {
                    let error = last.map(|error| error.to_string()).unwrap_or_default();
                    self.floor.find(format!("after {fault}: a client does not serve after {RECOVERY:?}: {error}"));
                    return;
                }
                sleep(Duration::from_millis(5)).await;
            }
        }
        let time = healed.elapsed();
        self.recoveries.entry(fault.kind()).or_default().push(time);
        let last = last.map(|error| format!("; last error: {error}")).unwrap_or_default();
        self.say(&format!("  served again after {} ms{last}", time.as_millis()));
    }

    async fn end(mut self, started: Instant) -> Report {
        self.world.proxy.spare();
        self.floor.stop.store(true, Ordering::Relaxed);
        for worker in std::mem::take(&mut self.workers) {
            match timeout(STOPPING, worker).await {
                Ok(Ok((who, claims))) => self.books.add(who, claims),
                Ok(Err(panic)) => self.floor.find(format!("a worker panicked: {panic}")),
                Err(_) => self.floor.find(format!("a worker did not stop in {STOPPING:?}")),
            }
        }
        let mut figures = vec![self.leftovers().await];
        figures.extend(self.close().await);
        // Once more, so that what counts is what lasts.
        self.world.primary.restart().await;
        let mut raw = self.world.raw().await;
        let mut findings = self.floor.findings();
        let (bank, wrong) = BANK.audit(&mut raw, &self.books).await;
        findings.extend(wrong);
        let (counters, wrong) = self.floor.counters.audit(&mut raw).await;
        findings.extend(wrong);
        figures.extend([format!("the bank: {bank}"), format!("the counters: {counters}")]);
        figures.extend(resident().map(|memory| format!("memory at the end: {memory:.0} MiB")));
        Report {
            seed: self.seed,
            setting: format!("soak on {}", self.world.primary.description()),
            time: started.elapsed(),
            recoveries: self.recoveries,
            tally: self.floor.tally(),
            figures,
            findings,
        }
    }

    /// Looks for what operations have left behind on the server's side of their connections.
    async fn leftovers(&self) -> String {
        for (client, pool) in self.clients.iter().zip(POOLS) {
            if let Err(error) = give_up(client, pool).await {
                self.floor.find(format!("a client does not serve at the end: {error}"));
            }
        }
        let connections = match self.clean_connections().await {
            Ok(connections) => connections,
            Err(unclean) => {
                self.floor.find(format!("a connection was left unclean: {unclean}"));
                return String::new();
            }
        };
        let most = POOLS.iter().map(|pool| pool + 1).sum();
        if connections > most {
            self.floor.find(format!("{connections} connections are open, where {most} are allowed"));
        }
        format!("{connections} connections at the end, of {most} allowed, none with a watch or MULTI")
    }

    /// Closes the clients, which have nothing left to wait for, and tells what they have counted.
    async fn close(&self) -> Vec<String> {
        let mut figures = Vec::new();
        for client in &self.clients {
            let metrics = client.metrics();
            if (metrics.in_flight, metrics.queued_bytes) != (0, 0) {
                self.floor.find(format!("requests are left in line: {metrics:?}"));
            }
            if timeout(STOPPING, client.close()).await.is_err() {
                self.floor.find(format!("a client did not close in {STOPPING:?}"));
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

    /// How many connections there are, once all are clean; the first that does not become so otherwise.
    async fn clean_connections(&self) -> Result<usize, String> {
        let started = Instant::now();
        loop {
            let connections = connections(&mut self.world.raw().await).await;
            match connections.iter().find(|line| is_unclean(line)) {
                None => return Ok(connections.len()),
                Some(line) if started.elapsed() > RECOVERY => return Err(line.clone()),
                Some(_) => sleep(Duration::from_millis(5)).await,
            }
        }
    }

    fn say(&self, what: &str) {
        println!("[{:7.2} s] {what}", self.started.elapsed().as_secs_f64());
    }
}

fn worker(number: usize, seed: u64, clients: &[Client], floor: &Arc<Floor>) -> JoinHandle<(String, Vec<Claim>)> {
    // Few on the client whose pool is of one.
    let client = clients[usize::from(number < 4)].clone();
    let (floor, random) = (Arc::clone(floor), Rng::with_seed(seed ^ (number as u64 + 1)));
    tokio::spawn(async move { work(format!("worker {number}"), client, &floor, random).await })
}

/// One command and one transaction that watches.
async fn probe(client: &Client) -> Result<(), Error> {
    client.incr("probe").await?;
    client
        .transaction("probe", |mut tx| async move {
            let probes = tx.get::<i64>("probe").await?.unwrap_or(0);
            Ok(tx.multi().set("probe", probes + 1))
        })
        .await?;
    Ok(())
}

/// Watches on every connection of the pool at a time, and gives all up.
async fn give_up(client: &Client, pool: usize) -> Result<(), Error> {
    probe(client).await?;
    let mut watching = Vec::new();
    for _ in 0..pool {
        watching.push(client.pipeline().watch("probe").await?);
    }
    Ok(())
}

/// Older servers do not tell how many keys are watched.
fn is_unclean(line: &str) -> bool {
    field(line, "flags").contains('x') || field(line, "multi") != "-1" || !matches!(field(line, "watch"), "" | "0")
}

/// The lines of CLIENT LIST on the connections of the clients.
async fn connections(raw: &mut Raw) -> Vec<String> {
    let list = raw.command(["CLIENT", "LIST"]).await.text();
    list.lines().filter(|line| field(line, "user") == USER).map(str::to_owned).collect()
}

fn field<'a>(line: &'a str, name: &str) -> &'a str {
    line.split(' ').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).unwrap_or_default()
}
