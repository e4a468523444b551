//! The results of a run and the table of them.

use crate::servers::Missing;
use std::{fmt, process::ExitCode, time::Instant};

/// All results of a run.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    pub(crate) rows: Vec<Row>,
    pub(crate) missing: Vec<Missing>,
    pub(crate) checks: Vec<Check>,
    /// Bounds that were exceeded, such as numbers of instructions.
    pub(crate) exceeded: Vec<String>,
    stages: Vec<Stage>,
}

/// The test results against one server.
#[derive(Debug)]
pub(crate) struct Row {
    /// The vendor and the version, such as `Valkey 9.1.2`.
    pub(crate) server: String,
    pub(crate) source: String,
    pub(crate) tally: Tally,
    /// False where the TLS tests were skipped, because the server was built without TLS.
    pub(crate) tls: bool,
}

/// One check apart from the tests: an example, or a build with another compiler.
#[derive(Debug)]
pub(crate) struct Check {
    pub(crate) name: String,
    pub(crate) passed: bool,
    pub(crate) note: String,
}

/// The counts that `cargo test` prints.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) failures: Vec<String>,
    /// The exit status of `cargo test`, which is also false where nothing compiled and no test ran.
    pub(crate) succeeded: bool,
}

#[derive(Debug)]
struct Stage {
    name: String,
    minutes: f64,
}

impl Summary {
    /// Runs `work` and records its duration as a stage of the run.
    pub(crate) fn time<T>(&mut self, stage: &str, work: impl FnOnce() -> T) -> T {
        let started = Instant::now();
        let result = work();
        self.stages.push(Stage { name: stage.to_owned(), minutes: started.elapsed().as_secs_f64() / 60.0 });
        result
    }

    /// Prints the table and returns the exit code of the run.
    pub(crate) fn print(&self) -> ExitCode {
        println!("\n{:12}  {:40}  {:4}  {:>6}  {:>6}", "server", "from", "TLS", "passed", "failed");
        self.rows.iter().for_each(Row::print);
        for missing in &self.missing {
            println!("{:12}  not available: {}", missing.name, missing.reason);
        }
        self.checks.iter().for_each(|check| println!("{check}"));
        self.exceeded.iter().for_each(|exceeded| println!("EXCEEDED: {exceeded}"));
        println!("\n{:40}  minutes", "stage");
        for Stage { name, minutes } in &self.stages {
            println!("{name:40}  {minutes:>7.1}");
        }
        println!("{:40}  {:>7.1}", "all", self.stages.iter().map(|stage| stage.minutes).sum::<f64>());
        let passed: usize = self.rows.iter().map(|row| row.tally.passed).sum();
        let failed: usize = self.rows.iter().map(|row| row.tally.failed).sum();
        println!("\n{passed} passed, {failed} failed");
        if self.succeeded() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    fn succeeded(&self) -> bool {
        let tested = self.rows.iter().all(|row| row.tally.succeeded && row.tally.failed == 0);
        let any = self.rows.iter().any(|row| row.tally.passed > 0);
        tested && any && self.exceeded.is_empty() && self.checks.iter().all(|check| check.passed)
    }
}

impl Row {
    fn print(&self) {
        let Tally { passed, failed, failures, succeeded } = &self.tally;
        let note = if *succeeded || *failed > 0 { "" } else { "  cargo test FAILED" };
        let tls = if self.tls { "yes" } else { "none" };
        println!("{:12}  {:40}  {tls:4}  {passed:>6}  {failed:>6}{note}", self.server, self.source);
        for test in failures {
            println!("{:12}  FAILED: {test}", "");
        }
    }
}

impl Check {
    /// A check that could not run here, which is reported and not a failure.
    pub(crate) fn skipped(name: &str, reason: &str) -> Self {
        Check { name: name.to_owned(), passed: true, note: format!("SKIPPED: {reason}") }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Check { name, passed, note } = self;
        let result = if *passed { "ok" } else { "FAILED" };
        match note.as_str() {
            "" => write!(f, "{name}: {result}"),
            note if note.starts_with("SKIPPED") => write!(f, "{name}: {note}"),
            note => write!(f, "{name}: {result} ({note})"),
        }
    }
}

impl Tally {
    /// Reads one line of `cargo test`: `test result: ok. 12 passed; 0 failed; ..` or `test NAME ... FAILED`.
    pub(crate) fn read(&mut self, line: &str) {
        match line.strip_prefix("test result: ") {
            Some(result) => self.add(result),
            None => self.failures.extend(failed_test(line).map(str::to_owned)),
        }
    }

    /// The sum of two runs.
    pub(crate) fn plus(mut self, other: Tally) -> Tally {
        self.passed += other.passed;
        self.failed += other.failed;
        self.failures.extend(other.failures);
        self.succeeded &= other.succeeded;
        self
    }

    fn add(&mut self, result: &str) {
        let words: Vec<&str> = result.split([' ', ';']).filter(|word| !word.is_empty()).collect();
        for pair in words.windows(2) {
            match (pair[0].parse::<usize>(), pair[1]) {
                (Ok(count), "passed") => self.passed += count,
                (Ok(count), "failed") => self.failed += count,
                _ => {}
            }
        }
    }
}

fn failed_test(line: &str) -> Option<&str> {
    line.strip_prefix("test ")?.strip_suffix(" ... FAILED")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_results_of_all_test_programs_add_up() {
        let mut tally = Tally::default();
        tally.read("test result: ok. 12 passed; 0 failed; 3 ignored; 0 measured; 0 filtered out; finished in 0.17s");
        tally.read("test result: FAILED. 1 passed; 2 failed; 0 ignored");
        tally.read("test something ... ok");
        tally.read("test a::b ... FAILED");
        assert_eq!((tally.passed, tally.failed), (13, 2));
        assert_eq!(tally.failures, ["a::b"]);
    }

    #[test]
    fn a_run_without_tests_fails() {
        assert!(!Summary::default().succeeded());
    }

    #[test]
    fn a_skipped_check_is_no_failure_and_says_why() {
        let check = Check::skipped("Rust 1.85", "no apt-get");
        assert!(check.passed);
        assert_eq!(check.to_string(), "Rust 1.85: SKIPPED: no apt-get");
    }
}
