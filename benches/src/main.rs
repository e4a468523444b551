//! One client, one kind of work, measured: `typedis-benches CLIENT WORK URL REPEATS THREADS`.
//!
//! Prints one line: the units of work per second, and for each unit the client's CPU time and its part in user space in
//! ns, and the allocations. A process measures one client, so that no other client changes its numbers; `cargo xtask bench`
//! runs the clients in turn and writes the tables.
//!
//! - `measure`: clocks and the counting allocator
//! - `work`: the kinds of work
//! - `data`: values of types of their own
//! - `clients`: the clients

mod clients;
mod data;
mod measure;
mod work;

use clients::{Client, floor::Floor, fred::Fred, redis_rs::Redis, rustis::Rustis, typedis::Typedis};
use std::{env, process::ExitCode};
use typedis::topology::{Cluster, SingleServer};
use work::Work;

const USAGE: &str = "typedis-benches CLIENT WORK URL REPEATS THREADS";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<(), String> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [client, work, url, repeats, threads] = &arguments[..] else { return Err(USAGE.to_owned()) };
    let work = Work::parse(work).ok_or_else(|| format!("unknown work `{work}`"))?;
    let repeats = repeats.parse().map_err(|_| USAGE)?;
    let job = Job { work, url: url.clone(), repeats };
    let runtime = runtime(threads)?;
    match client.as_str() {
        "floor" => runtime.block_on(job.run::<Floor>()),
        "typedis" if job.url.contains("cluster") => runtime.block_on(job.run::<Typedis<Cluster>>()),
        "typedis" => runtime.block_on(job.run::<Typedis<SingleServer>>()),
        "redis-rs" => runtime.block_on(job.run::<Redis>()),
        "rustis" => runtime.block_on(job.run::<Rustis>()),
        "fred" => runtime.block_on(job.run::<Fred>()),
        _ => return Err(format!("unknown client `{client}`")),
    }
    Ok(())
}

fn runtime(threads: &str) -> Result<tokio::runtime::Runtime, String> {
    let mut builder = match threads {
        "1" => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    };
    if let Ok(threads @ 2..) = threads.parse::<usize>() {
        builder.worker_threads(threads);
    }
    builder.enable_all().build().map_err(|error| error.to_string())
}

struct Job {
    work: Work,
    url: String,
    repeats: usize,
}

impl Job {
    /// Connects, warms up, measures and prints. The work is spawned, because `block_on` would run it outside of the
    /// runtime's worker threads.
    async fn run<C: Client>(self) {
        let client = C::connect(&self.url).await;
        let Job { work, url, repeats } = self;
        let measured = tokio::spawn(async move {
            work.fill(&client, &url).await;
            work.run(&client, repeats.div_ceil(10)).await;
            let meter = measure::Meter::start();
            let units = work.run(&client, repeats).await;
            meter.stop(units)
        });
        println!("{}", measured.await.expect("the work ends"));
    }
}
