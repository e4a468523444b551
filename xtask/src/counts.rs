//! What does not depend on how busy the machine is: the instructions of encoding, scanning and decoding fixed inputs, and
//! the size of the tree.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use crate::{
    shell::{ask, run, say},
    workspace::{cargo_program, root, target_directory},
};

/// How much more than recorded may be counted.
const SLACK: f64 = 1.05;
/// How much more a scan of a reply in pieces of 8 KiB may cost than one of the whole.
const PIECES: f64 = 1.3;
/// How many crates the default features may take.
const MOST_CRATES: usize = 45;

const RECORD: &str = "counts/recorded.txt";

/// Counts, and compares with what is recorded; or records it. What is wrong comes back as lines.
pub(crate) fn check(root: &Path, record: bool) -> Result<Vec<String>, String> {
    let mut wrong = Vec::new();
    let crates = crates_of(root, "typedis")?;
    println!("{crates} crates with default features, at most {MOST_CRATES}");
    if crates > MOST_CRATES {
        wrong.push(format!("{crates} crates with default features, at most {MOST_CRATES}"));
    }
    if ask(Command::new("valgrind").arg("--version")).is_err() {
        say("no valgrind is here, so no instructions are counted");
        return Ok(wrong);
    }
    let counts = count_all(&program(root)?)?;
    if record {
        return self::record(root, &counts).map(|()| wrong);
    }
    wrong.extend(pieces(&counts));
    wrong.extend(compare(root, &counts)?);
    Ok(wrong)
}

/// Does nothing else, and fails where something is wrong.
pub(crate) fn alone(record: bool) -> Result<ExitCode, String> {
    let wrong = check(&root(), record)?;
    if wrong.is_empty() { Ok(ExitCode::SUCCESS) } else { Err(wrong.join("; ")) }
}

type Counts = Vec<(String, u64)>;

fn program(root: &Path) -> Result<PathBuf, String> {
    let mut build = Command::new(cargo_program());
    run(build.args(["build", "--release", "--package", "typedis-counts"]).current_dir(root))?;
    Ok(target_directory(root)?.join("release/typedis-counts"))
}

fn count_all(program: &Path) -> Result<Counts, String> {
    let names = ask(&mut Command::new(program))?;
    names.lines().map(|name| Ok((name.to_owned(), count(program, name)?))).collect()
}

/// The instructions of one time, as the difference between two runs.
fn count(program: &Path, name: &str) -> Result<u64, String> {
    let total = |times: u64| {
        let mut valgrind = Command::new("valgrind");
        valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(program).arg(name);
        collected(valgrind.arg(times.to_string()))
    };
    Ok((total(30)? - total(10)?) / 20)
}

/// The number behind `Collected :`, which valgrind says on its standard error.
fn collected(valgrind: &mut Command) -> Result<u64, String> {
    let output = valgrind.output().map_err(|error| error.to_string())?;
    let told = String::from_utf8_lossy(&output.stderr);
    let number = told.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok());
    number.filter(|_| output.status.success()).ok_or_else(|| format!("valgrind failed: {told}"))
}

fn pieces(counts: &Counts) -> Option<String> {
    let of = |wanted: &str| counts.iter().find(|(name, _)| name == wanted).map(|(_, count)| *count as f64);
    let ratio = of("scan-list-in-pieces")? / of("scan-list")?;
    (ratio > PIECES).then(|| format!("in pieces a reply costs {ratio:.2} times as much as whole"))
}

fn compare(root: &Path, counts: &Counts) -> Result<Vec<String>, String> {
    let recorded = fs::read_to_string(root.join(RECORD)).map_err(|error| format!("{RECORD}: {error}"))?;
    let (with, recorded) = recorded.split_once('\n').unwrap_or_default();
    let same = with == circumstances()?;
    let mut wrong = Vec::new();
    println!("{:24}  {:>12}  {:>12}", "instructions", "now", "recorded");
    for (name, count) in counts {
        let before = recorded.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<u64>().ok());
        println!("{name:24}  {count:>12}  {:>12}", before.map_or("-".to_owned(), |before| before.to_string()));
        match before {
            Some(before) if same && *count as f64 > before as f64 * SLACK => {
                wrong.push(format!("{name}: {count} instructions, where {before} are recorded"));
            }
            None => wrong.push(format!("{name} is not recorded: run `cargo xtask counts --record`")),
            _ => {}
        }
    }
    if !same {
        say(&format!("not compared: recorded with {with}"));
    }
    Ok(wrong)
}

fn record(root: &Path, counts: &Counts) -> Result<(), String> {
    let mut text = format!("{}\n", circumstances()?);
    counts.iter().for_each(|(name, count)| text += &format!("{name} {count}\n"));
    print!("{text}");
    fs::write(root.join(RECORD), text).map_err(|error| format!("{RECORD}: {error}"))
}

/// What decides, besides the code, how many instructions there are: compiler, libc, and the kind of processor.
fn circumstances() -> Result<String, String> {
    let rustc = ask(Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())).arg("--version"))?;
    let libc = ask(Command::new("getconf").arg("GNU_LIBC_VERSION")).unwrap_or_else(|_| "another libc".to_owned());
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let avx2 = if cpu.contains(" avx2 ") { "avx2" } else { "no avx2" };
    Ok(format!("{}, {}, {} {avx2}", rustc.trim(), libc.trim(), env::consts::ARCH))
}

/// How many crates there are in what a user of `package` builds, itself included.
pub(crate) fn crates_of(place: &Path, package: &str) -> Result<usize, String> {
    let mut tree = Command::new(cargo_program());
    tree.args(["tree", "--package", package, "--edges", "normal,build", "--prefix", "none", "--format", "{p}"]);
    let told = ask(tree.current_dir(place))?;
    let crates: BTreeSet<_> = told.lines().map(|line| line.split(" (").next().unwrap_or(line)).collect();
    Ok(crates.len())
}
