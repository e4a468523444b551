//! `cargo xtask`: what the project does to itself.
//!
//! - `shell`: runs a command and says so, and passes its output on as it comes
//! - `servers`: the servers to test against, from wherever they are to be had
//! - `debian`, `wheel`: two places to get one from
//! - `suite`: the tests and examples, against each server
//! - `summary`: the table at the end
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
mod suite;
mod summary;
mod wheel;
mod workspace;

use std::{env, process::ExitCode};

const HELP: &str = "\
Usage: cargo xtask test [--server VERSION]
       cargo xtask compile-time
       cargo xtask counts [--record]
       cargo xtask bench [--quick]

test: gets real Redis servers into the target directory, each once, and runs against each of them what depends on it: all
tests and examples against the first, the integration tests against the others.

Options:
  --server VERSION  only the server of that version or series, such as 7.0
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
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let only = match words[..] {
        ["bench"] => return ended(bench::run_all(false)),
        ["bench", "--quick"] => return ended(bench::run_all(true)),
        ["counts"] => return ended(counts::alone(false)),
        ["counts", "--record"] => return ended(counts::alone(true)),
        ["test"] => None,
        ["test", "--server", only] => Some(only),
        ["compile-time"] => return ended(compile_time::run()),
        ["test", flag] if flag.starts_with("--server=") => flag.strip_prefix("--server="),
        [] | ["help" | "-h" | "--help", ..] => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprint!("{HELP}");
            return ExitCode::from(2);
        }
    };
    ended(suite::run(only).map(|summary| summary.print()))
}

fn ended(result: Result<ExitCode, String>) -> ExitCode {
    result.unwrap_or_else(|error| {
        eprintln!("xtask: {error}");
        ExitCode::FAILURE
    })
}
