//! `cargo xtask bench`: typedis beside the other clients and a hand-written floor.
//!
//! - `plan`: what is measured, and the bounds
//! - `server`: the server that all of them talk to
//! - `build`: how long a clean build takes, and of how many crates
//! - `report`, `chart`: `docs/benchmarks.md` and its pictures

mod build;
mod chart;
mod plan;
mod report;
mod server;

use std::{
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use crate::{
    servers,
    shell::{ask, run, say},
    workspace::{cargo_program, root, target_directory},
};
use plan::{CLIENTS, SCENARIOS, Scenario};
use server::Running;

/// How thoroughly to measure.
struct Effort {
    rounds: usize,
    /// How long one client works on one scenario, in one round.
    seconds: f64,
}

const QUICK: Effort = Effort { rounds: 3, seconds: 0.2 };
const FULL: Effort = Effort { rounds: 7, seconds: 0.3 };

/// Measures everything; quickly and with the rows printed, or thoroughly and with the page written.
pub(crate) fn run_all(quick: bool) -> Result<ExitCode, String> {
    let root = root();
    let target = target_directory(&root)?;
    let program = build_program(&root, &target)?;
    let (servers, _) = servers::get(Some("7.0"), &target.join("servers"))?;
    let server = Running::start(&servers[0])?;
    let effort = if quick { QUICK } else { FULL };
    let mut rows = Vec::new();
    for (number, scenario) in SCENARIOS.iter().enumerate() {
        if !quick {
            say(&format!("{} of {}: {}", number + 1, SCENARIOS.len(), scenario.title));
        }
        let measured = measure(&program, &server, scenario, &effort)?;
        measured.iter().for_each(|row| println!("{row}"));
        rows.extend(measured);
    }
    if !quick {
        let builds = build::measure(&root, &target)?;
        report::write(&root, &rows, &builds, &servers[0].version)?;
        say("docs/benchmarks.md is written");
    }
    Ok(ExitCode::SUCCESS)
}

fn build_program(root: &Path, target: &Path) -> Result<PathBuf, String> {
    let mut build = Command::new(cargo_program());
    build.args(["build", "--release", "--locked", "--manifest-path"]).arg(root.join("benches/Cargo.toml"));
    run(build.arg("--target-dir").arg(target.join("benches")))?;
    Ok(target.join("benches/release/typedis-benches"))
}

/// What came of one client in one scenario: medians of the rounds.
pub(crate) struct Row {
    pub(crate) scenario: &'static str,
    pub(crate) client: &'static str,
    pub(crate) throughput: f64,
    /// In ns a unit; `user` is the part of it outside of the kernel.
    pub(crate) cpu: f64,
    pub(crate) user: f64,
    pub(crate) allocations: f64,
    pub(crate) cpu_to_floor: f64,
}

impl std::fmt::Display for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Row { scenario, client, throughput, cpu, user, allocations, cpu_to_floor } = self;
        write!(f, "{scenario}\t{client}\t{throughput:.0}\t{cpu:.1}\t{user:.1}\t{allocations:.3}\t{cpu_to_floor:.2}")
    }
}

/// One line of the bench program.
#[derive(Clone, Copy)]
struct Sample {
    throughput: f64,
    cpu: f64,
    user: f64,
    allocations: f64,
}

/// Lets the clients work in turn, so that what else the machine does falls on all of them.
fn measure(program: &Path, server: &Running, scenario: &'static Scenario, effort: &Effort) -> Result<Vec<Row>, String> {
    let one = |client: &str, repeats| sample(program, server, scenario, client, repeats);
    let mut repeats = Vec::new();
    for client in CLIENTS {
        let tried = one(client, 2000 / scenario.units.min(500) + 2)?;
        repeats.push((tried.throughput * effort.seconds / scenario.units as f64) as usize + 1);
    }
    let mut rounds = vec![Vec::new(); CLIENTS.len()];
    for _ in 0..effort.rounds {
        for (index, client) in CLIENTS.into_iter().enumerate() {
            rounds[index].push(one(client, repeats[index])?);
        }
    }
    let row = |(client, samples): (&'static str, &Vec<Sample>)| Row {
        scenario: scenario.name,
        client,
        throughput: median(samples.iter().map(|sample| sample.throughput)),
        cpu: median(samples.iter().map(|sample| sample.cpu)),
        user: median(samples.iter().map(|sample| sample.user)),
        allocations: median(samples.iter().map(|sample| sample.allocations)),
        cpu_to_floor: median(samples.iter().zip(&rounds[0]).map(|(sample, floor)| sample.cpu / floor.cpu)),
    };
    Ok(CLIENTS.into_iter().zip(&rounds).map(row).collect())
}

fn sample(
    program: &Path,
    server: &Running,
    scenario: &Scenario,
    client: &str,
    repeats: usize,
) -> Result<Sample, String> {
    let mut command = Command::new(program);
    command.args([client, scenario.work, server.url(scenario.unix)]);
    let told = ask(command.args([repeats.to_string(), scenario.threads.to_string()]))?;
    let numbers: Vec<f64> = told.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [throughput, cpu, user, allocations] = numbers[..] else { return Err(format!("{client} printed {told}")) };
    Ok(Sample { throughput, cpu, user, allocations })
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
