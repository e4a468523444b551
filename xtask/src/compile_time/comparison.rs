//! The compile time of two checkouts, measured in turn, because absolute times drift with the load of the machine.

use super::package::Package;
use crate::{
    clean_build::CleanBuild,
    clock::median,
    programs::{Keys, Program, Style},
    shell::log,
    workspace::{root, target_directory},
};
use std::{fs, path::Path, process::ExitCode};

const ROUNDS: usize = 7;
/// Clean builds take much longer than checks and vary less.
const BUILD_ROUNDS: usize = 2;

const PROGRAMS: [Program; 10] = [
    program(Style::Methods(Keys::Plain), 10),
    program(Style::Methods(Keys::Typed), 10),
    program(Style::Macro(Keys::Plain), 10),
    program(Style::Macro(Keys::Typed), 10),
    program(Style::Methods(Keys::Plain), 100),
    program(Style::Methods(Keys::Typed), 100),
    program(Style::WholeList, 100),
    program(Style::Macro(Keys::Plain), 100),
    program(Style::Macro(Keys::Typed), 100),
    program(Style::RedisRs, 100),
];

const fn program(style: Style, commands: usize) -> Program {
    Program { style, commands }
}

/// The seconds of one measurement in both checkouts, round by round.
struct Pair {
    name: String,
    here: Vec<f64>,
    other: Vec<f64>,
}

/// Measures this checkout and `other` in turn, and prints the medians and their ratios.
pub(crate) fn compare(other: &Path) -> Result<ExitCode, String> {
    let target = target_directory(&root())?;
    let other = fs::canonicalize(other).map_err(|error| format!("{}: {error}", other.display()))?;
    let checkouts = [root(), other];
    let mut pairs = checks(&checkouts, &target)?;
    let (build, ratios) = builds(&checkouts, &target)?;
    pairs.push(build);
    println!("\n{:44}  {:>7}  {:>7}  {:>6}", "CPU seconds, medians", "here", "other", "ratio");
    for Pair { name, here, other } in &pairs {
        let (here, other) = (median(here.iter().copied()), median(other.iter().copied()));
        println!("{name:44}  {here:>7.2}  {other:>7.2}  {:>6.3}", here / other);
    }
    println!("\nclean debug build to that of redis-rs: {ratios}");
    Ok(ExitCode::SUCCESS)
}

fn checks(checkouts: &[std::path::PathBuf; 2], target: &Path) -> Result<Vec<Pair>, String> {
    log("checking every program of both checkouts once, with all dependencies");
    let create = |index: usize, name: &str| Package::create(&checkouts[index], target.join(name), &PROGRAMS);
    let packages = [create(0, "compile-time-here")?, create(1, "compile-time-other")?];
    let mut typedis = Pair::new("the crate itself".to_owned());
    let mut pairs =
        PROGRAMS.map(|program| Pair::new(format!("{} commands, {}", program.commands, program.style.title())));
    for round in 1..=ROUNDS {
        log(&format!("round {round} of {ROUNDS}"));
        typedis.here.push(packages[0].measure_typedis()?);
        typedis.other.push(packages[1].measure_typedis()?);
        for (program, pair) in PROGRAMS.iter().zip(&mut pairs) {
            pair.here.push(packages[0].measure(*program, round)?);
            pair.other.push(packages[1].measure(*program, round)?);
        }
    }
    Ok([typedis].into_iter().chain(pairs).collect())
}

/// Clean builds of both checkouts, and the text of their ratios to redis-rs.
fn builds(checkouts: &[std::path::PathBuf; 2], target: &Path) -> Result<(Pair, String), String> {
    let mut builds = [
        CleanBuild::of_checkout("here", &checkouts[0], target),
        CleanBuild::of_checkout("other", &checkouts[1], target),
        CleanBuild::of_redis_rs(target),
    ];
    let mut pair = Pair::new("a clean debug build".to_owned());
    for _ in 0..BUILD_ROUNDS {
        builds.iter_mut().try_for_each(CleanBuild::run)?;
    }
    let [here, other, redis_rs] = builds;
    pair.here.push(here.cpu);
    pair.other.push(other.cpu);
    let ratio = |build: &CleanBuild| {
        format!("{:.2} by CPU time, {:.2} by wall time", build.cpu / redis_rs.cpu, build.wall / redis_rs.wall)
    };
    Ok((pair, format!("here {}; other {}", ratio(&here), ratio(&other))))
}

impl Pair {
    fn new(name: String) -> Self {
        Pair { name, here: Vec::new(), other: Vec::new() }
    }
}
