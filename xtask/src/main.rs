//! `cargo xtask`: what the project does to itself.
//!
//! - `shell`: runs a command and says so, and passes its output on as it comes
//! - `servers`: the servers to test against, from wherever they are to be had
//! - `debian`, `wheel`: two places to get one from
//! - `suite`: the tests and examples, against each server
//! - `summary`: the table at the end

mod debian;
mod servers;
mod shell;
mod suite;
mod summary;
mod wheel;

use std::{env, process::ExitCode};

const HELP: &str = "\
Usage: cargo xtask test [--server VERSION]

Gets real Redis servers into the target directory, each once, and runs against each of them what depends on it: all
tests and examples against the first, the integration tests against the others.

Options:
  --server VERSION  only the server of that version or series, such as 7.0
  --server PATH     only the server program at PATH, such as ./valkey-server; a PATH has a slash in it
";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let only = match words[..] {
        ["test"] => None,
        ["test", "--server", only] => Some(only),
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
    match suite::run(only) {
        Ok(summary) => summary.print(),
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}
