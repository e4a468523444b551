//! `cargo xtask`: the project's own tools.
//!
//! - `shell`: runs and logs commands
//! - `workspace`: paths, cargo, the number of crates
//! - `servers`, `server`: the servers to test against; `debian`, `wheel`: the archives that they are got from
//! - `toolchains`: the oldest and the newest Rust
//! - `suite`: tests and examples against each server; `summary`: the table of their results
//! - `soak`: fault injection and load, in the program of that name
//! - `compile_time`: the compile time of pipelines and of the crate itself; `programs`: the pipelines
//! - `clean_build`: builds from nothing; `clock`: CPU time
//! - `counts`: bounds for instructions and crates
//! - `package`: the tests of the published packages
//! - `bench`: the other clients, measured on the same work

mod bench;
mod clean_build;
mod clock;
mod compile_time;
mod counts;
mod debian;
mod modules;
mod package;
mod programs;
mod server;
mod servers;
mod shell;
mod soak;
mod suite;
mod summary;
mod toolchains;
mod wheel;
mod workspace;

use std::{env, path::Path, process::ExitCode};

const HELP: &str = "\
Usage: cargo xtask test [--server SERVER]
       cargo xtask toolchains
       cargo xtask soak [--minutes N] [--seed S] [--tasks N] [--server SERVER]
       cargo xtask soak-cluster [--minutes N] [--seed S] [--tasks N] [--server SERVER]
       cargo xtask soak-sentinel [--minutes N] [--seed S] [--tasks N] [--server SERVER]
       cargo xtask load [--seconds N] [--seed S] [--tasks N] [--server SERVER]
       cargo xtask compile-time [--against CHECKOUT]
       cargo xtask counts [--record]
       cargo xtask bench [--quick | --only NAME]
       cargo xtask package

test: gets real servers of Redis and Valkey, and modules, into the target directory, each once, and runs all tests and examples against
the first of each vendor (those without a server once), the integration tests against the others; then counts and
toolchains.

toolchains: gets the oldest supported Rust and the newest of Debian's archive into the target directory, each once, and
checks the library with both, with all features and with none, and the messages of tests/misuse with the newest.

soak: runs transfers and counters on a server and its replica while both are killed, frozen, disconnected, out of memory
and failed over, and compares the results that the tasks got with the server's data; every fault once, or for N minutes.

soak-cluster: runs the same on a cluster of three primaries and three replicas, while slots move to and fro the whole time,
primaries are killed, frozen, cut off and failed over, and a fourth one joins and leaves.

soak-sentinel: runs the same on a primary, its replica and three Sentinels, which fail over by command, kill and freeze.

load: runs the same as soak with 1,000 tasks and without faults for a minute, half of the futures cancelled, and prints the
memory.

Options:
  --server SERVER   only the servers of that series, that vendor, or both, such as 9.1, valkey or redis-7.0; soaks and load
                    use the first of them, and redis-7.0 by default
  --server PATH     only the server program at PATH, such as ./valkey-server; a PATH has a slash in it. The variable
                    TYPEDIS_SERVER_LIBS names the folders of the shared libraries that it needs, as LD_LIBRARY_PATH does

compile-time: measures how long the crate itself and pipelines of 1 to 100 commands take to check, beside redis-rs, and
writes docs/compile-times.md. Fails if 100 commands take more than twice the time of 10 and a second. With --against it
measures in turn the crate and the pipelines here and in another checkout, prints the ratios, and writes nothing.

counts: counts instructions by valgrind, as `test` does too, and fails where they are more than recorded; with --record
it records them.

bench: measures typedis beside other clients and writes docs/benchmarks.md; with --quick it takes a few minutes and
prints, separated by tabs: scenario, client, throughput a second, the client's CPU time in ns a command (a transaction, a
call), the part of it in user space, allocations, and the ratio of the CPU time to that of a hand-written floor, or, on a
cluster, to that of typedis on one server; then the bounds. With --only it measures the scenarios whose names begin so, such
as cluster, or as one of several names with commas between them, and writes nothing.

package: packages typedis and its macros, and runs the tests of the unpacked packages.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let mut words: Vec<&str> = arguments.iter().flat_map(|word| split_option(word)).collect();
    let Ok(only) = take_server(&mut words) else { return usage_error() };
    if only.is_some() && !matches!(words[..], ["test"] | ["soak" | "soak-cluster" | "soak-sentinel" | "load", ..]) {
        return usage_error();
    }
    match words[..] {
        ["test"] => exit_code(suite::run(only).map(|summary| summary.print())),
        ["toolchains"] => exit_code(toolchains::run()),
        [mode @ ("soak" | "soak-cluster" | "soak-sentinel" | "load"), ref options @ ..] => {
            exit_code(soak::run_against(only, mode, options).map(|()| ExitCode::SUCCESS))
        }
        ["compile-time"] => exit_code(compile_time::run()),
        ["compile-time", "--against", other] => exit_code(compile_time::compare(Path::new(other))),
        ["bench"] => exit_code(bench::run_all(false, None)),
        ["bench", "--quick"] => exit_code(bench::run_all(true, None)),
        ["bench", "--only", only] => exit_code(bench::run_all(false, Some(only))),
        ["package"] => exit_code(package::run().map(|()| ExitCode::SUCCESS)),
        ["counts"] => exit_code(counts::run(false)),
        ["counts", "--record"] => exit_code(counts::run(true)),
        [] | ["help" | "-h" | "--help", ..] => {
            print!("{HELP}");
            ExitCode::SUCCESS
        }
        _ => usage_error(),
    }
}

/// Splits `--name=value` into two words; an equals sign elsewhere splits nothing.
fn split_option(word: &str) -> Vec<&str> {
    match word.split_once('=').filter(|_| word.starts_with("--")) {
        Some((name, value)) => vec![name, value],
        None => vec![word],
    }
}

/// Takes `--server SERVER` out of the words; the error is a missing name.
fn take_server<'a>(words: &mut Vec<&'a str>) -> Result<Option<&'a str>, ()> {
    let Some(index) = words.iter().position(|word| *word == "--server") else { return Ok(None) };
    let server = words.get(index + 1).copied().ok_or(())?;
    words.drain(index..index + 2);
    Ok(Some(server))
}

fn usage_error() -> ExitCode {
    eprint!("{HELP}");
    ExitCode::from(2)
}

fn exit_code(result: Result<ExitCode, String>) -> ExitCode {
    result.unwrap_or_else(|error| {
        eprintln!("xtask: {error}");
        ExitCode::FAILURE
    })
}
