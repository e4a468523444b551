//! The load: a thousand tasks at once on two threads, half of their futures dropped on the way, in bounded memory.

use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use fastrand::Rng;
use tokio::{
    runtime::Handle,
    time::{sleep, timeout},
};
use typedis::{Client, Config};
use typedis_testing::Server;

use crate::{
    bank::Bank,
    books::Books,
    report::{Report, resident},
    worker::{Floor, work},
};

const CANCEL: f64 = 0.5;
/// Tasks that have not stopped by then hang.
const STOPPING: Duration = Duration::from_secs(60);
/// How much the memory may grow after the first third: what the tasks note of every transfer, and the allocator's slack.
const GROWTH: f64 = 32.0;

/// Runs the load and tells what came of it.
pub async fn load(seed: u64, time: Duration, tasks: usize) -> Report {
    let started = Instant::now();
    let server = Server::start().await;
    let bank = Bank { accounts: tasks.max(4) };
    bank.open(&mut server.raw().await).await;
    let config = Config::from_url(&server.url()).expect("the server's URL").pool_timeout(STOPPING);
    let client = Client::open(config).await.expect("a healthy server");
    let floor = Arc::new(Floor::new(bank.accounts, CANCEL));
    let workers: Vec<_> = (0..tasks)
        .map(|number| {
            let (client, floor) = (client.clone(), Arc::clone(&floor));
            let random = Rng::with_seed(seed ^ (number as u64 + 1));
            tokio::spawn(async move { work(format!("task {number}"), client, &floor, random).await })
        })
        .collect();
    let memory = watch_memory(started, time).await;
    floor.stop.store(true, Ordering::Relaxed);
    let mut books = Books::default();
    for worker in workers {
        match timeout(STOPPING, worker).await {
            Ok(Ok((who, claims))) => books.add(who, claims),
            Ok(Err(panic)) => floor.find(format!("a task panicked: {panic}")),
            Err(_) => floor.find(format!("a task did not stop in {STOPPING:?}")),
        }
    }
    drop(client);
    none_left(&floor).await;
    let mut raw = server.raw().await;
    let mut findings = floor.findings();
    findings.extend(grown(&memory));
    let (bank, wrong) = bank.audit(&mut raw, &books).await;
    findings.extend(wrong);
    let (counters, wrong) = floor.counters.audit(&mut raw).await;
    findings.extend(wrong);
    let seconds = time.as_secs_f64();
    let operations: u64 = floor.tally().values().flat_map(BTreeMap::values).sum();
    Report {
        seed,
        setting: format!("load of {tasks} tasks on {}", server.description()),
        time: started.elapsed(),
        recoveries: BTreeMap::new(),
        tally: floor.tally(),
        figures: vec![
            format!("{operations} operations, {:.0} a second", operations as f64 / seconds),
            format!("memory: {}", memory.iter().map(|mib| format!("{mib:.1}")).collect::<Vec<_>>().join(", ")),
            format!("the bank: {bank}"),
            format!("the counters: {counters}"),
        ],
        findings,
    }
}

/// Prints the memory of this process a dozen times until `time` is over, and returns it, in MiB.
async fn watch_memory(started: Instant, time: Duration) -> Vec<f64> {
    const TIMES: u32 = 12;
    let mut memory = Vec::new();
    for turn in 1..=TIMES {
        sleep((time * turn / TIMES).saturating_sub(started.elapsed())).await;
        if let Some(resident) = resident() {
            println!("[{:7.2} s] {resident:.1} MiB resident", started.elapsed().as_secs_f64());
            memory.push(resident);
        }
    }
    memory
}

fn grown(memory: &[f64]) -> Option<String> {
    let (early, late) = (memory.get(memory.len() / 3)?, memory.last()?);
    (late - early > GROWTH).then(|| format!("memory grew from {early:.1} to {late:.1} MiB"))
}

/// With the last client, the tasks behind its connections must end.
async fn none_left(floor: &Floor) {
    let started = Instant::now();
    let metrics = Handle::current().metrics();
    while metrics.num_alive_tasks() > 0 {
        if started.elapsed() > STOPPING {
            return floor.find(format!("{} tasks were left when the client was dropped", metrics.num_alive_tasks()));
        }
        sleep(Duration::from_millis(5)).await;
    }
}
