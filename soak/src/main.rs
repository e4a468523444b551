//! `typedis-soak soak|soak-cluster|soak-sentinel|load`; see `cargo xtask help`.

use std::{env, process::ExitCode, time::Duration};
use typedis_soak::{Length, load, soak, soak_cluster, soak_sentinel};

const HELP: &str = "\
Usage: typedis-soak soak [--minutes N] [--seed S] [--tasks N]
       typedis-soak soak-cluster [--minutes N] [--seed S] [--tasks N]
       typedis-soak soak-sentinel [--minutes N] [--seed S] [--tasks N]
       typedis-soak load [--seconds N] [--seed S] [--tasks N]
";

/// The options of the command line.
struct Options {
    time: Option<f64>,
    seed: u64,
    tasks: Option<usize>,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let parsed = arguments.split_first().and_then(|(mode, words)| Some((mode.as_str(), options(words)?)));
    let Some((mode @ ("soak" | "soak-cluster" | "soak-sentinel" | "load"), options)) = parsed else {
        eprint!("{HELP}");
        return ExitCode::from(2);
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    println!("seed {}", options.seed);
    let report = if mode != "load" {
        let length = options.time.map_or(Length::Once, |minutes| Length::For(seconds(minutes * 60.0)));
        let tasks = options.tasks.unwrap_or(32);
        match mode {
            "soak" => runtime.block_on(soak(options.seed, length, tasks)),
            "soak-sentinel" => runtime.block_on(soak_sentinel(options.seed, length, tasks)),
            _ => runtime.block_on(soak_cluster(options.seed, length, tasks)),
        }
    } else {
        let time = seconds(options.time.unwrap_or(60.0));
        runtime.block_on(load(options.seed, time, options.tasks.unwrap_or(1_000)))
    };
    println!("{report}");
    if report.violations.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn options(words: &[String]) -> Option<Options> {
    let mut options = Options { time: None, seed: fastrand::u64(..), tasks: None };
    for pair in words.chunks(2) {
        let [name, value] = pair else { return None };
        match name.as_str() {
            "--minutes" | "--seconds" => options.time = Some(value.parse().ok().filter(|time| *time > 0.0)?),
            "--seed" => options.seed = value.parse().ok()?,
            "--tasks" => options.tasks = Some(value.parse().ok().filter(|tasks| *tasks > 0)?),
            _ => return None,
        }
    }
    Some(options)
}

fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
}
