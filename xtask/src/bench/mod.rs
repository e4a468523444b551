//! `cargo xtask bench`: typedis beside the other clients and a hand-written floor, the lower bound of the work.
//!
//! - `plan`: the scenarios and the bounds
//! - `running`: the server that all clients connect to
//! - `row`: the results of one client in one scenario
//! - `report`, `chart`: `docs/benchmarks.md` and its charts

mod chart;
mod plan;
mod report;
mod row;
mod running;

use crate::{
    clean_build::CleanBuild,
    clock::median,
    modules,
    server::Server,
    servers,
    shell::{capture, log, run},
    workspace::{cargo_program, root, target_directory},
};
use plan::{ONE_SERVER, SCENARIOS, Scenario, Servers};
use row::{Quartiles, Row};
use running::{Running, RunningCluster, ScriptedNodes};
use std::{
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

/// How many clean builds of each crate are compared.
const BUILD_ROUNDS: usize = 2;

/// The number and the length of the measurements.
struct Effort {
    rounds: usize,
    /// The seconds of one client on one scenario, in one round.
    seconds: f64,
}

const QUICK: Effort = Effort { rounds: 3, seconds: 0.2 };
const FULL: Effort = Effort { rounds: 11, seconds: 0.3 };

/// All that is connected to.
struct Started {
    one: Running,
    /// `None` where no scenario needs it.
    modules: Option<Running>,
    cluster: RunningCluster,
    scripted: ScriptedNodes,
}

impl Started {
    fn url(&self, scenario: &Scenario, client: &str) -> &str {
        match scenario.servers {
            Servers::Modules => self.modules.as_ref().unwrap_or(&self.one).url(scenario.unix),
            Servers::Scripted => self.scripted.url(client != ONE_SERVER),
            Servers::Cluster if client != ONE_SERVER => self.cluster.url(),
            Servers::Cluster | Servers::One => self.one.url(scenario.unix),
        }
    }
}

/// Measures all scenarios, or those whose names begin with one of the names in `only`: quickly and with the rows printed, or thoroughly and with the
/// page written.
pub(crate) fn run_all(quick: bool, only: Option<&str>) -> Result<ExitCode, String> {
    let root = root();
    let target = target_directory(&root)?;
    let program = build_program(&root, &target)?;
    let redis = servers::get_one(Some("redis-7.0"), &target.join("servers"))?;
    let is_chosen = |scenario: &&Scenario| only.is_none_or(|only| is_among(scenario.name, only));
    let chosen: Vec<&Scenario> = SCENARIOS.iter().filter(is_chosen).collect();
    let needs_modules = chosen.iter().any(|scenario| scenario.servers == Servers::Modules);
    let started = Started {
        one: Running::start(&redis, "", None)?,
        modules: needs_modules.then(|| start_modules(&redis, &target)).transpose()?,
        cluster: RunningCluster::start(&redis)?,
        scripted: ScriptedNodes::start(&program.with_file_name("scripted-nodes"))?,
    };
    let effort = if quick { QUICK } else { FULL };
    let mut rows = Vec::new();
    for (number, scenario) in chosen.iter().copied().enumerate() {
        if !quick {
            log(&format!("{} of {}: {}", number + 1, chosen.len(), scenario.title));
        }
        let measured = measure(&program, &started, scenario, &effort)?;
        measured.iter().for_each(|row| println!("{row}"));
        rows.extend(measured);
    }
    report::print_bounds(&rows);
    if !quick && only.is_none() {
        let builds = clean_builds(&root, &target)?;
        report::write(&root, &rows, &builds, &redis.version)?;
        log("docs/benchmarks.md is written");
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns whether the name begins with one of the names that commas divide.
fn is_among(name: &str, beginnings: &str) -> bool {
    beginnings.split(',').any(|beginning| name.starts_with(beginning))
}

fn start_modules(redis: &Server, target: &Path) -> Result<Running, String> {
    let module = modules::get(&target.join("servers"))?.join("rejson.so");
    Running::start(redis, "-modules", Some(&module))
}

/// Clean builds of typedis and redis-rs, in turn.
fn clean_builds(root: &Path, target: &Path) -> Result<[CleanBuild; 2], String> {
    let mut builds = [CleanBuild::of_checkout("typedis", root, target), CleanBuild::of_redis_rs(target)];
    for _ in 0..BUILD_ROUNDS {
        builds.iter_mut().try_for_each(CleanBuild::run)?;
    }
    Ok(builds)
}

fn build_program(root: &Path, target: &Path) -> Result<PathBuf, String> {
    let mut build = Command::new(cargo_program());
    build.args(["build", "--release", "--locked", "--manifest-path"]).arg(root.join("benches/Cargo.toml"));
    run(build.arg("--target-dir").arg(target.join("benches")))?;
    Ok(target.join("benches/release/typedis-benches"))
}

/// One line that the bench program prints.
#[derive(Clone, Copy)]
struct Sample {
    throughput: f64,
    cpu: f64,
    user: f64,
    allocations: f64,
}

/// Measures the clients in turn, so that other load on the machine falls on all of them.
fn measure(
    program: &Path,
    started: &Started,
    scenario: &'static Scenario,
    effort: &Effort,
) -> Result<Vec<Row>, String> {
    let one = |client: &str, repeats| sample(program, started, scenario, client, repeats);
    let mut repeats = Vec::new();
    for client in scenario.clients {
        let trial = one(client, 2000 / scenario.units.min(500) + 2)?;
        repeats.push((trial.throughput * effort.seconds / scenario.units as f64) as usize + 1);
    }
    let mut rounds = vec![Vec::new(); scenario.clients.len()];
    for _ in 0..effort.rounds {
        for (index, client) in scenario.clients.iter().enumerate() {
            rounds[index].push(one(client, repeats[index])?);
        }
    }
    let best = |of: fn(&Sample) -> f64, better: fn(f64, f64) -> f64| -> Vec<f64> {
        let peers = &rounds[2..];
        (0..effort.rounds).filter_map(|round| peers.iter().map(|samples| of(&samples[round])).reduce(better)).collect()
    };
    let (least_cpu, most_throughput) = (best(|it| it.cpu, f64::min), best(|it| it.throughput, f64::max));
    let row = |(client, samples): (&&'static str, &Vec<Sample>)| Row {
        scenario: scenario.name,
        client,
        throughput: median(samples.iter().map(|sample| sample.throughput)),
        cpu: median(samples.iter().map(|sample| sample.cpu)),
        user: median(samples.iter().map(|sample| sample.user)),
        allocations: median(samples.iter().map(|sample| sample.allocations)),
        cpu_to_floor: Quartiles::of(samples.iter().zip(&rounds[0]).map(|(sample, floor)| sample.cpu / floor.cpu)),
        cpu_to_best: Quartiles::of(samples.iter().zip(&least_cpu).map(|(sample, best)| sample.cpu / best)),
        throughput_to_best: Quartiles::of(
            samples.iter().zip(&most_throughput).map(|(sample, best)| sample.throughput / best),
        ),
    };
    Ok(scenario.clients.iter().zip(&rounds).map(row).collect())
}

fn sample(
    program: &Path,
    started: &Started,
    scenario: &Scenario,
    client: &str,
    repeats: usize,
) -> Result<Sample, String> {
    let url = started.url(scenario, client);
    let mut command = Command::new(program);
    command.args([if client == ONE_SERVER { "typedis" } else { client }, scenario.work, url]);
    let output = capture(command.args([repeats.to_string(), scenario.threads.to_string()]))?;
    let numbers: Vec<f64> = output.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [throughput, cpu, user, allocations] = numbers[..] else { return Err(format!("{client} printed {output}")) };
    Ok(Sample { throughput, cpu, user, allocations })
}
