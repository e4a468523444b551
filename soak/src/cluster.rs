//! The soak on a cluster: the same workers, banks over all nodes, and slots and roles that move.

use crate::{
    bank::Bank,
    history::{History, TaskHistory},
    report::{Report, resident_memory},
    run::{CANCEL_PROBABILITY, Length, RECOVERY_TIMEOUT, STOP_TIMEOUT, is_unclean, probe},
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
use typedis::{ClusterClient, Config, Protocol};
use typedis_testing::{ClusterSet, hash_slot};

/// Their slots are of all three primaries.
const BANKS: [Bank; 4] = [bank("a"), bank("b"), bank("c"), bank("d")];

const fn bank(tag: &'static str) -> Bank {
    Bank { tag, accounts: 8 }
}

/// A fault of a cluster that loses no acknowledged write.
#[derive(Clone, Copy, Debug)]
enum ClusterFault {
    /// CLUSTER FAILOVER of a replica.
    Failover,
    /// The slot of a bank moves the legacy way, key by key.
    MoveSlot,
    /// The slot of a bank moves by CLUSTER MIGRATESLOTS, where the servers have it.
    MoveSlotAtomically,
    /// CLIENT KILL of all connections of clients on a primary.
    KillConnections,
    /// SIGSTOP of a primary, for less than the cluster's node timeout.
    Freeze,
}

impl ClusterFault {
    const ALL: [ClusterFault; 5] = [
        ClusterFault::Failover,
        ClusterFault::MoveSlot,
        ClusterFault::MoveSlotAtomically,
        ClusterFault::KillConnections,
        ClusterFault::Freeze,
    ];

    fn name(self) -> &'static str {
        match self {
            ClusterFault::Failover => "CLUSTER FAILOVER",
            ClusterFault::MoveSlot => "slot moved, legacy",
            ClusterFault::MoveSlotAtomically => "slot moved, MIGRATESLOTS",
            ClusterFault::KillConnections => "CLIENT KILL of all on a node",
            ClusterFault::Freeze => "freeze of a primary",
        }
    }

    fn is_supported(self, set: &ClusterSet) -> bool {
        !matches!(self, ClusterFault::MoveSlotAtomically) || set.supports_atomic_migration()
    }

    async fn inject(self, set: &ClusterSet, random: &mut Rng) -> Result<(), String> {
        let slot = hash_slot(random.choice(&BANKS).expect("some banks").tag);
        let owner = set.owner(slot).await;
        match self {
            ClusterFault::Failover => {
                if let Some(replica) = set.replicas_of(owner).await.first() {
                    set.failover(replica).await;
                }
            }
            ClusterFault::MoveSlot | ClusterFault::MoveSlotAtomically => {
                let mut target = owner;
                for node in set.nodes() {
                    if node.id() != owner.id()
                        && node.is_primary().await
                        && (target.id() == owner.id() || random.bool())
                    {
                        target = node;
                    }
                }
                let moved = match self {
                    ClusterFault::MoveSlotAtomically => set.try_migrate_slots_atomically(slot..=slot, target).await,
                    _ => set.try_migrate_slot(slot, target).await,
                };
                moved.map_err(|error| error.to_string())?;
            }
            ClusterFault::KillConnections => {
                owner.raw().await.command(["CLIENT", "KILL", "TYPE", "normal"]).await;
            }
            ClusterFault::Freeze => {
                owner.freeze();
                sleep(Duration::from_millis(random.u64(50..700))).await;
                owner.thaw();
            }
        }
        Ok(())
    }
}

/// Runs the soak on a cluster of three primaries, each with a replica, and reports on it.
pub async fn soak_cluster(seed: u64, length: Length, workers: usize) -> Report {
    let started = Instant::now();
    let mut random = Rng::with_seed(seed);
    let set = ClusterSet::builder().primaries(3).replicas(1).node_timeout(Duration::from_secs(2)).start().await;
    for bank in BANKS {
        bank.open(&mut set.owner_of(bank.tag).await.raw().await).await;
    }
    let clients = [open(&set, Protocol::Resp3, 8).await, open(&set, Protocol::Resp2, 1).await];
    let state = Arc::new(SharedState::new(BANKS[0].accounts, CANCEL_PROBABILITY));
    let tasks: Vec<_> = (0..workers)
        .map(|number| {
            let (client, bank) = (clients[usize::from(number < 4)].clone(), BANKS[number % BANKS.len()]);
            let (state, random) = (Arc::clone(&state), Rng::with_seed(seed ^ (number as u64 + 1)));
            tokio::spawn(async move { work(format!("worker {number}"), client, bank, &state, random).await })
        })
        .collect();
    let mut recoveries = BTreeMap::<_, Vec<_>>::new();
    loop {
        let mut schedule = ClusterFault::ALL;
        random.shuffle(&mut schedule);
        for fault in schedule.into_iter().filter(|fault| fault.is_supported(&set)) {
            println!("[{:7.2} s] {}", started.elapsed().as_secs_f64(), fault.name());
            if let Err(error) = fault.inject(&set, &mut random).await {
                state.report(format!("{}: {error}", fault.name()));
            }
            let time = recover(&clients, &state, fault).await;
            recoveries.entry(fault.name()).or_default().push(time);
            sleep(Duration::from_millis(random.u64(50..250))).await;
        }
        if !matches!(length, Length::For(time) if started.elapsed() < time) {
            break;
        }
    }
    let histories = stop(&state, tasks).await;
    let figures = audit(&set, &clients, &state, &histories).await;
    let setting = format!("soak on a cluster of three primaries and three replicas, {}", set.node(0).description());
    let (tally, violations) = (state.tally(), state.violations());
    Report { seed, setting, time: started.elapsed(), recoveries, tally, figures, violations }
}

/// Stops the tasks and returns the transfers of each bank.
async fn stop(state: &SharedState, tasks: Vec<JoinHandle<TaskHistory>>) -> [History; BANKS.len()] {
    state.stop();
    let mut histories = BANKS.map(|_| History::default());
    for (number, task) in tasks.into_iter().enumerate() {
        match timeout(STOP_TIMEOUT, task).await {
            Ok(Ok(transfers)) => histories[number % BANKS.len()].add(transfers),
            Ok(Err(panic)) => state.report(format!("a worker panicked: {panic}")),
            Err(_) => state.report(format!("a worker did not stop in {STOP_TIMEOUT:?}")),
        }
    }
    histories
}

async fn open(set: &ClusterSet, protocol: Protocol, pool_size: usize) -> ClusterClient {
    let time = Duration::from_millis(500);
    let config = Config::from_url(&set.url()).expect("the URL of the cluster").protocol(protocol).pool_size(pool_size);
    let config = config.connect_timeout(time).response_timeout(time).pool_timeout(4 * time);
    ClusterClient::open(config).await.expect("a healthy cluster")
}

/// Waits until both clients serve again, and returns the time.
async fn recover(clients: &[ClusterClient; 2], state: &SharedState, fault: ClusterFault) -> Duration {
    let ended = Instant::now();
    for client in clients {
        while let Err(error) = probe(client).await {
            if ended.elapsed() > RECOVERY_TIMEOUT {
                state.report(format!("after {}: a client does not serve: {error}", fault.name()));
                break;
            }
            sleep(Duration::from_millis(5)).await;
        }
    }
    ended.elapsed()
}

/// Compares the data of all nodes with the histories, and the connections and queues with what may be left.
async fn audit(
    set: &ClusterSet,
    clients: &[ClusterClient; 2],
    state: &SharedState,
    histories: &[History],
) -> Vec<String> {
    let mut figures = Vec::new();
    // Watches of dropped futures are ended in the background.
    let waiting = Instant::now();
    while let Some(line) = unclean(set).await {
        if waiting.elapsed() > RECOVERY_TIMEOUT {
            state.report(format!("a connection was left unclean: {line}"));
            break;
        }
        sleep(Duration::from_millis(5)).await;
    }
    for client in clients {
        let metrics = client.metrics();
        if metrics.in_flight != 0 || metrics.queued_bytes != 0 {
            state.report(format!("requests are left in the queue: {metrics:?}"));
        }
        if timeout(STOP_TIMEOUT, client.close()).await.is_err() {
            state.report(format!("a client did not close in {STOP_TIMEOUT:?}"));
        }
    }
    for (bank, history) in BANKS.iter().zip(histories) {
        let audit = bank.audit(&mut set.owner_of(bank.tag).await.raw().await, history).await;
        figures.push(format!("the bank {}: {}", bank.tag, audit.figures));
        audit.violations.into_iter().for_each(|violation| state.report(violation));
    }
    let audit = state.counters.audit(async |key| set.owner_of(key).await.raw().await).await;
    figures.push(format!("the counters: {}", audit.figures));
    audit.violations.into_iter().for_each(|violation| state.report(violation));
    figures.extend(resident_memory().map(|memory| format!("memory at the end: {memory:.0} MiB")));
    figures
}

async fn unclean(set: &ClusterSet) -> Option<String> {
    for node in set.nodes() {
        let list = node.raw().await.command(["CLIENT", "LIST", "TYPE", "normal"]).await.text();
        if let Some(line) = list.lines().find(|line| is_unclean(line)) {
            return Some(line.to_owned());
        }
    }
    None
}
