use std::process::ExitCode;

use crate::servers::Missing;

/// All that came of a run.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    pub(crate) rows: Vec<Row>,
    pub(crate) missing: Vec<Missing>,
    pub(crate) examples: Vec<(String, bool)>,
    /// What costs more than it may.
    pub(crate) wrong: Vec<String>,
}

/// What came of one server.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) version: String,
    pub(crate) source: String,
    pub(crate) tally: Tally,
    /// False where the tests of TLS were skipped, because the server was built without it.
    pub(crate) tls: bool,
    pub(crate) seconds: f64,
}

/// What `cargo test` said.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) failures: Vec<String>,
    /// False too where nothing could be compiled, with no test passed or failed.
    pub(crate) ended_well: bool,
}

impl Summary {
    /// Prints the table and says how the whole run ended.
    pub(crate) fn print(&self) -> ExitCode {
        println!("\n{:8}  {:40}  {:4}  {:>6}  {:>6}  {:>7}", "server", "from", "TLS", "passed", "failed", "seconds");
        for row in &self.rows {
            row.print();
        }
        for missing in &self.missing {
            println!("{:8}  could not be had: {}", missing.version, missing.why);
        }
        for (name, ended_well) in &self.examples {
            println!("example {name}: {}", if *ended_well { "ok" } else { "FAILED" });
        }
        for wrong in &self.wrong {
            println!("TOO MUCH: {wrong}");
        }
        let passed: usize = self.rows.iter().map(|row| row.tally.passed).sum();
        let failed: usize = self.rows.iter().map(|row| row.tally.failed).sum();
        println!("\n{passed} passed, {failed} failed");
        if self.is_well() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    fn is_well(&self) -> bool {
        let tested = self.rows.iter().all(|row| row.tally.ended_well && row.tally.failed == 0);
        let any = self.rows.iter().any(|row| row.tally.passed > 0);
        tested && any && self.wrong.is_empty() && self.examples.iter().all(|(_, ended_well)| *ended_well)
    }
}

impl Row {
    fn print(&self) {
        let Tally { passed, failed, failures, ended_well } = &self.tally;
        let note = if *ended_well || *failed > 0 { "" } else { "  cargo test FAILED" };
        let tls = if self.tls { "yes" } else { "none" };
        println!(
            "{:8}  {:40}  {tls:4}  {passed:>6}  {failed:>6}  {:>7.1}{note}",
            self.version, self.source, self.seconds
        );
        for test in failures {
            println!("          FAILED: {test}");
        }
    }
}

impl Tally {
    /// Adds up the lines `test result: ok. 12 passed; 0 failed; ..` and notes `test NAME ... FAILED`.
    pub(crate) fn read(&mut self, line: &str) {
        match line.strip_prefix("test result: ") {
            Some(result) => self.add(result),
            None => self.failures.extend(failed_test(line).map(str::to_owned)),
        }
    }

    /// Both together.
    pub(crate) fn and(mut self, other: Tally) -> Tally {
        self.passed += other.passed;
        self.failed += other.failed;
        self.failures.extend(other.failures);
        self.ended_well &= other.ended_well;
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
    fn results_of_all_test_programs_add_up() {
        let mut tally = Tally::default();
        tally.read("test result: ok. 12 passed; 0 failed; 3 ignored; 0 measured; 0 filtered out; finished in 0.17s");
        tally.read("test result: FAILED. 1 passed; 2 failed; 0 ignored");
        tally.read("test something ... ok");
        tally.read("test a::b ... FAILED");
        assert_eq!((tally.passed, tally.failed), (13, 2));
        assert_eq!(tally.failures, ["a::b"]);
    }

    #[test]
    fn nothing_tested_is_not_well() {
        assert!(!Summary::default().is_well());
    }
}
