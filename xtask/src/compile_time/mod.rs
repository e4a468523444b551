//! `cargo xtask compile-time`: what the crate itself and pipelines cost to compile.
//!
//! - `package`: a user's package, in which the programs are checked
//! - `comparison`: the same in two checkouts

mod comparison;
mod package;

pub(crate) use comparison::compare;

use crate::{
    clock::median,
    programs::{Program, Style},
    shell::{capture, log},
    workspace::{REDIS_RS, root, target_directory},
};
use package::Package;
use std::{
    fs,
    process::{Command, ExitCode},
};

const SIZES: [usize; 4] = [1, 10, 32, 100];
const ROUNDS: usize = 7;

/// Checks the crate and every program in several rounds, and writes the page.
pub(crate) fn run() -> Result<ExitCode, String> {
    let root = root();
    let programs: Vec<Program> =
        Style::ALL.iter().flat_map(|style| SIZES.map(|commands| Program { style: *style, commands })).collect();
    log("checking every program once, with all dependencies");
    let package = Package::create(&root, target_directory(&root)?.join("compile-time"), &programs)?;
    let mut report = Report {
        typedis: Vec::new(),
        times: programs.into_iter().map(|program| Times { program, seconds: Vec::new() }).collect(),
    };
    for round in 1..=ROUNDS {
        log(&format!("round {round} of {ROUNDS}"));
        report.typedis.push(package.measure_typedis()?);
        for times in &mut report.times {
            times.seconds.push(package.measure(times.program, round)?);
        }
    }
    print!("{}", report.table());
    let page = root.join("docs/compile-times.md");
    fs::write(&page, report.page()?).map_err(|error| format!("{}: {error}", page.display()))?;
    Ok(if report.succeeded() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

struct Report {
    /// The seconds of typedis itself, round by round.
    typedis: Vec<f64>,
    times: Vec<Times>,
}

/// The seconds of one program, round by round.
struct Times {
    program: Program,
    seconds: Vec<f64>,
}

impl Report {
    fn median(&self, style: Style, commands: usize) -> f64 {
        let found = self.times.iter().find(|times| times.program == Program { style, commands });
        median(found.into_iter().flat_map(|times| times.seconds.iter().copied()))
    }

    /// The project's bound, which holds only while compile time grows no faster than the number of commands.
    fn meets_bound(&self, style: Style) -> bool {
        self.median(style, 100) <= 2.0 * self.median(style, 10) + 1.0
    }

    fn succeeded(&self) -> bool {
        Style::ALL.iter().all(|style| self.meets_bound(*style))
    }

    fn table(&self) -> String {
        let sizes = SIZES.map(|size| format!(" {size} |")).concat();
        let mut table =
            format!("| seconds, by commands |{sizes} bound for 100 |\n|---|{}---|\n", "--:|".repeat(SIZES.len()));
        for style in Style::ALL {
            let times = SIZES.map(|size| format!(" {:.2} |", self.median(style, size))).concat();
            let bound = if self.meets_bound(style) { "met" } else { "**missed**" };
            table += &format!("| {} |{times} {bound} |\n", style.title());
        }
        table + &format!("\nThe crate itself checks in {:.2} seconds.\n", median(self.typedis.iter().copied()))
    }

    fn page(&self) -> Result<String, String> {
        let rustc = capture(Command::new("rustc").arg("--version").current_dir(root()))?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(format!(
            "# The compile time of pipelines\n
Written by `cargo xtask compile-time`: the seconds that `cargo check` takes for a crate with one pipeline, after a change in
it and with its dependencies checked already. The seconds are CPU time, cargo included, where the system reports it; medians
of {ROUNDS} rounds, not incremental, at the default recursion limit, by {} on {cores} cores.\n
{}
100 commands must check in at most twice the time of 10 and a second. The commands are SET, GET, INCR, EXPIRE, RPUSH, LRANGE,
SADD, HSET, HGET and ZADD, repeated on six keys; the macro tracks the types of literal keys from command to command. In
typedis every reply has its own type and is matched by a pattern; redis-rs {} returns a `Vec<Value>`.

Most of the time of 100 commands by methods is that of the pattern, not of the commands: rustc takes long to find out which
parts of a deeply nested list are dropped where an `async fn` takes it apart by value. Long pipelines are therefore faster to
compile by `pipeline!`, which returns a tuple.

The crate itself is `cargo check --package typedis` with default features and its dependencies checked already. A clean
debug build is compared with redis-rs's in [the benchmarks](benchmarks.md#building), and `cargo xtask compile-time --against
CHECKOUT` compares all of this with another checkout.\n",
            rustc.trim(),
            self.table(),
            REDIS_RS,
        ))
    }
}
