//! The load: a thousand tasks at once on two threads, half of their futures cancelled, in bounded memory.

use crate::{
    bank::Bank,
    history::History,
    report::{Report, resident_memory},
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
    runtime::Handle,
    time::{sleep, timeout},
};
use typedis::{Client, Config};
use typedis_testing::Server;

/// The probability that a future is cancelled.
const CANCEL_PROBABILITY: f64 = 0.5;
/// The most that a task may take to stop; a slower one hangs.
const STOP_TIMEOUT: Duration = Duration::from_secs(60);
/// The most MiB that the memory may grow after the first third: the tasks' histories and the allocator's overhead.
const MAX_GROWTH: f64 = 32.0;
/// How often the memory is printed.
const MEMORY_SAMPLES: u32 = 12;

/// Runs the load and reports on it.
pub async fn load(seed: u64, time: Duration, tasks: usize) -> Report {
    let started = Instant::now();
    let server = Server::start().await;
    let bank = Bank { tag: "bank", accounts: tasks.max(4) };
    bank.open(&mut server.raw().await).await;
    let config = Config::from_url(&server.url()).expect("the server's URL").pool_timeout(STOP_TIMEOUT);
    let client = Client::open(config).await.expect("a healthy server");
    let state = Arc::new(SharedState::new(bank.accounts, CANCEL_PROBABILITY));
    let workers: Vec<_> = (0..tasks)
        .map(|number| {
            let (client, state) = (client.clone(), Arc::clone(&state));
            let random = Rng::with_seed(seed ^ (number as u64 + 1));
            tokio::spawn(async move { work(format!("task {number}"), client, bank, &state, random).await })
        })
        .collect();
    let memory = sample_memory(started, time).await;
    state.stop();
    let (mut history, mut all_marks) = (History::default(), History::default());
    for worker in workers {
        match timeout(STOP_TIMEOUT, worker).await {
            Ok(Ok(Done { transfers, marks })) => {
                history.add(transfers);
                all_marks.add(marks);
            }
            Ok(Err(panic)) => state.report(format!("a task panicked: {panic}")),
            Err(_) => state.report(format!("a task did not stop in {STOP_TIMEOUT:?}")),
        }
    }
    drop(client);
    check_no_task_is_left(&state).await;
    let mut raw = server.raw().await;
    let bank = bank.audit(&mut raw, &history).await;
    let counters = state.counters.audit(&all_marks, async |_| server.raw().await).await;
    let mut violations = state.violations();
    violations.extend(growth(&memory));
    violations.extend(bank.violations);
    violations.extend(counters.violations);
    let operations: u64 = state.tally().values().flat_map(BTreeMap::values).sum();
    Report {
        seed,
        setting: format!("load of {tasks} tasks on {}", server.description()),
        time: started.elapsed(),
        recoveries: BTreeMap::new(),
        tally: state.tally(),
        figures: vec![
            format!("{operations} operations, {:.0} a second", operations as f64 / time.as_secs_f64()),
            format!("memory: {}", memory.iter().map(|mib| format!("{mib:.1}")).collect::<Vec<_>>().join(", ")),
            format!("the bank: {}", bank.figures),
            format!("the counters: {}", counters.figures),
        ],
        violations,
    }
}

/// Samples and prints the memory of this process in MiB until `time` is over.
async fn sample_memory(started: Instant, time: Duration) -> Vec<f64> {
    let mut memory = Vec::new();
    for sample in 1..=MEMORY_SAMPLES {
        sleep((time * sample / MEMORY_SAMPLES).saturating_sub(started.elapsed())).await;
        if let Some(resident) = resident_memory() {
            println!("[{:7.2} s] {resident:.1} MiB resident", started.elapsed().as_secs_f64());
            memory.push(resident);
        }
    }
    memory
}

fn growth(memory: &[f64]) -> Option<String> {
    let (early, late) = (memory.get(memory.len() / 3)?, memory.last()?);
    (late - early > MAX_GROWTH).then(|| format!("memory grew from {early:.1} to {late:.1} MiB"))
}

/// Waits for the background tasks of the connections, which must end with the last client.
async fn check_no_task_is_left(state: &SharedState) {
    let started = Instant::now();
    let metrics = Handle::current().metrics();
    while metrics.num_alive_tasks() > 0 {
        if started.elapsed() > STOP_TIMEOUT {
            return state.report(format!("{} tasks were left when the client was dropped", metrics.num_alive_tasks()));
        }
        sleep(Duration::from_millis(5)).await;
    }
}
