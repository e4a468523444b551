//! Bounds for measures that do not depend on the load of the machine: the instructions of encoding, scanning and
//! decoding fixed inputs, and the number of crates.

use crate::{
    shell::{capture, log, run as run_command},
    workspace::{cargo_program, count_crates, root, target_directory},
};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

/// The most that a count may be, as a multiple of the recorded one.
const TOLERANCE: f64 = 1.05;
/// The most that scanning a reply in pieces of 8 KiB may cost, as a multiple of scanning it whole.
const MAX_PIECES_RATIO: f64 = 1.3;
/// The most crates that the default features may build.
const MAX_CRATES: usize = 45;

/// The most that finding the node of a key may cost in a cluster of 1000 nodes, as a multiple of the cost in one of 3.
const MAX_NODES_RATIO: f64 = 1.01;

const RECORD: &str = "counts/recorded.txt";

/// Runs the check alone and fails where a bound is exceeded.
pub(crate) fn run(record: bool) -> Result<ExitCode, String> {
    let exceeded = check(&root(), record)?;
    if exceeded.is_empty() { Ok(ExitCode::SUCCESS) } else { Err(exceeded.join("; ")) }
}

/// Counts, and either records the counts or compares them with the record. Returns a line for each exceeded bound.
pub(crate) fn check(root: &Path, record: bool) -> Result<Vec<String>, String> {
    let mut exceeded = Vec::new();
    let crates = count_crates(root, "typedis")?;
    println!("{crates} crates with default features, at most {MAX_CRATES}");
    if crates > MAX_CRATES {
        exceeded.push(format!("{crates} crates with default features, at most {MAX_CRATES}"));
    }
    if capture(Command::new("valgrind").arg("--version")).is_err() {
        log("valgrind is not installed, so no instructions are counted");
        return Ok(exceeded);
    }
    let counts = count_all(&program(root)?)?;
    if record {
        return self::record(root, &counts).map(|()| exceeded);
    }
    exceeded.extend(pieces(&counts));
    exceeded.extend(nodes(&counts));
    exceeded.extend(compare(root, &counts)?);
    Ok(exceeded)
}

/// The instructions of one pass over an input.
struct Count {
    input: String,
    instructions: u64,
}

fn program(root: &Path) -> Result<PathBuf, String> {
    let mut build = Command::new(cargo_program());
    run_command(build.args(["build", "--release", "--package", "instruction-counts"]).current_dir(root))?;
    Ok(target_directory(root)?.join("release/instruction-counts"))
}

fn count_all(program: &Path) -> Result<Vec<Count>, String> {
    let inputs = capture(&mut Command::new(program))?;
    inputs.lines().map(|input| Ok(Count { input: input.to_owned(), instructions: count(program, input)? })).collect()
}

/// The instructions of one pass, as the difference of two runs, so that start and end of the program do not count.
fn count(program: &Path, input: &str) -> Result<u64, String> {
    let total = |passes: u64| {
        let mut valgrind = Command::new("valgrind");
        valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(program).arg(input);
        collected(valgrind.arg(passes.to_string()))
    };
    Ok((total(30)? - total(10)?) / 20)
}

/// The number after `Collected :`, which valgrind prints on its standard error.
fn collected(valgrind: &mut Command) -> Result<u64, String> {
    let output = valgrind.output().map_err(|error| error.to_string())?;
    let errors = String::from_utf8_lossy(&output.stderr);
    let number = errors.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok());
    number.filter(|_| output.status.success()).ok_or_else(|| format!("valgrind failed: {errors}"))
}

fn pieces(counts: &[Count]) -> Option<String> {
    let of = |input: &str| Some(counts.iter().find(|count| count.input == input)?.instructions as f64);
    let ratio = of("scan-list-in-pieces")? / of("scan-list")?;
    (ratio > MAX_PIECES_RATIO).then(|| format!("in pieces a reply costs {ratio:.2} times as much as whole"))
}

fn nodes(counts: &[Count]) -> Option<String> {
    let of = |input: &str| Some(counts.iter().find(|count| count.input == input)?.instructions as f64);
    let ratio = of("find-1000-keys-of-1000-nodes")? / of("find-1000-keys-of-3-nodes")?;
    (ratio > MAX_NODES_RATIO).then(|| format!("finding a node among 1000 costs {ratio:.2} times as much as among 3"))
}

fn compare(root: &Path, counts: &[Count]) -> Result<Vec<String>, String> {
    let recorded = fs::read_to_string(root.join(RECORD)).map_err(|error| format!("{RECORD}: {error}"))?;
    let (environment, recorded) = recorded.split_once('\n').unwrap_or_default();
    let comparable = environment == self::environment()?;
    let mut exceeded = Vec::new();
    println!("{:24}  {:>12}  {:>12}  {:>6}", "instructions", "now", "recorded", "ratio");
    for Count { input, instructions } in counts {
        let before = recorded.lines().find_map(|line| line.strip_prefix(input)?.trim().parse::<u64>().ok());
        let Some(before) = before else {
            println!("{input:24}  {instructions:>12}  {:>12}", "-");
            exceeded.push(format!("{input} is not recorded: run `cargo xtask counts --record`"));
            continue;
        };
        let ratio = *instructions as f64 / before as f64;
        println!("{input:24}  {instructions:>12}  {before:>12}  {ratio:>6.3}");
        if comparable && ratio > TOLERANCE {
            exceeded.push(format!("{input}: {instructions} instructions, where {before} are recorded"));
        }
    }
    if !comparable {
        log(&format!("not compared: recorded with {environment}"));
    }
    Ok(exceeded)
}

fn record(root: &Path, counts: &[Count]) -> Result<(), String> {
    let mut text = format!("{}\n", environment()?);
    counts.iter().for_each(|Count { input, instructions }| text += &format!("{input} {instructions}\n"));
    print!("{text}");
    fs::write(root.join(RECORD), text).map_err(|error| format!("{RECORD}: {error}"))
}

/// The compiler, the libc and the kind of processor, on which the counts depend beside the code.
fn environment() -> Result<String, String> {
    let rustc = capture(Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())).arg("--version"))?;
    let libc = capture(Command::new("getconf").arg("GNU_LIBC_VERSION")).unwrap_or_else(|_| "another libc".to_owned());
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let avx2 = if cpu.contains(" avx2 ") { "avx2" } else { "no avx2" };
    Ok(format!("{}, {}, {} {avx2}", rustc.trim(), libc.trim(), env::consts::ARCH))
}
