//! `cargo xtask`: what the project does to itself.
//!
//! - `shell`: runs a command and says so, and passes its output on as it comes
//! - `servers`: the servers to test against, from wherever they are to be had
//! - `debian`, `wheel`: two places to get one from
//! - `suite`: the tests and examples, against each server
//! - `summary`: the table at the end
//! - `soak`: faults and load, in the program of that name
//! - `compile_time`: how long pipelines take to compile; `programs`: the programs that it compiles
//! - `counts`: instructions and crates, which must not become more
//! - `bench`: the other clients, measured on the same work
//! - `workspace`: where things are

mod bench;
mod compile_time;
mod counts;
mod debian;
mod programs;
mod servers;
mod shell;
mod soak;
mod suite;
mod summary;
mod wheel;
mod workspace;

use std::{env, process::ExitCode};

const HELP: &str = "\
Usage: cargo xtask test [--server VERSION]
       cargo xtask soak [--minutes N] [--seed S] [--tasks N] [--server VERSION]
       cargo xtask load [--seconds N] [--seed S] [--tasks N] [--server VERSION]
       cargo xtask compile-time
       cargo xtask counts [--record]
       cargo xtask bench [--quick]

test: gets real Redis servers into the target directory, each once, and runs against each of them what depends on it: all
tests and examples against the first, the integration tests against the others.

soak: lets tasks transfer and count on a server and its replica while both are killed, frozen, cut off, filled up and
swapped, and compares what the tasks were told with the server's data; every fault once, or for N minutes.

load: lets 1,000 tasks do the same without faults for a minute, half of their futures dropped, and prints the memory.

Options:
  --server VERSION  only the server of that version or series, such as 7.0; soak and load take 7.0 unless told
  --server PATH     only the server program at PATH, such as ./valkey-server; a PATH has a slash in it

compile-time: measures how long pipelines of 1 to 100 commands take to check, beside redis-rs, and writes
docs/compile-times.md. Fails if 100 commands take more than twice the time of 10 and a second.

counts: counts instructions by valgrind, as `test` does too, and fails where they are more than recorded; with --record
it records them.

bench: measures typedis beside other clients and writes docs/benchmarks.md; with --quick it takes a few minutes and
prints, separated by tabs: scenario, client, throughput a second, the client's CPU time in ns a command (a transaction, a
call), the part of it in user space, allocations, and the ratio of the CPU time to that of a hand-written floor.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let mut words: Vec<&str> = arguments.iter().flat_map(|word| words_of(word)).collect();
    let Ok(only) = take_server(&mut words) else { return misused() };
    match words[..] {
        ["test"] => ended(suite::run(only).map(|summary| summary.print())),
        [what @ ("soak" | "load"), ref options @ ..] => {
            ended(soak::run_against(only, what, options).map(|()| ExitCode::SUCCESS))
        }
        ["compile-time"] => ended(compile_time::run()),
        ["bench"] => ended(bench::run_all(false)),
        ["bench", "--quick"] => ended(bench::run_all(true)),
        ["counts"] => ended(counts::alone(false)),
        ["counts", "--record"] => ended(counts::alone(true)),
        [] | ["help" | "-h" | "--help", ..] => {
            print!("{HELP}");
            ExitCode::SUCCESS
        }
        _ => misused(),
    }
}

/// `--name=value` is two words; what else has an equals sign in it is one.
fn words_of(word: &str) -> Vec<&str> {
    match word.split_once('=').filter(|_| word.starts_with("--")) {
        Some((name, value)) => vec![name, value],
        None => vec![word],
    }
}

/// Takes `--server VERSION` out of the words; the error is a version that is missing.
fn take_server<'a>(words: &mut Vec<&'a str>) -> Result<Option<&'a str>, ()> {
    let Some(at) = words.iter().position(|word| *word == "--server") else { return Ok(None) };
    let version = words.get(at + 1).copied().ok_or(())?;
    words.drain(at..at + 2);
    Ok(Some(version))
}

fn misused() -> ExitCode {
    eprint!("{HELP}");
    ExitCode::from(2)
}

fn ended(result: Result<ExitCode, String>) -> ExitCode {
    result.unwrap_or_else(|error| {
        eprintln!("xtask: {error}");
        ExitCode::FAILURE
    })
}
