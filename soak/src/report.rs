//! The report of a run.

use crate::state::Tally;
use std::{collections::BTreeMap, fmt, fs, time::Duration};

/// The report of a run.
#[derive(Debug)]
pub struct Report {
    /// The seed, which repeats the schedule of faults and the tasks' choices.
    pub seed: u64,
    /// The kind of run and the server.
    pub setting: String,
    /// The duration.
    pub time: Duration,
    /// The times from each fault until both clients served again, by the kind of fault.
    pub recoveries: BTreeMap<&'static str, Vec<Duration>>,
    /// How often each operation ended in each way.
    pub tally: Tally,
    /// The figures of the invariants, and others, a line each.
    pub figures: Vec<String>,
    /// The violated invariants; empty after a successful run.
    pub violations: Vec<String>,
}

/// The most violations that are printed, because one fault may break thousands of transfers.
const MAX_PRINTED: usize = 30;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n{}, seed {}, {:.1} s", self.setting, self.seed, self.time.as_secs_f64())?;
        if !self.recoveries.is_empty() {
            writeln!(f, "\n{:34} {:>5}  recovered after (median, longest)", "fault", "times")?;
        }
        for (kind, times) in &self.recoveries {
            let mut times = times.clone();
            times.sort();
            let (median, longest) = (times[times.len() / 2].as_millis(), times[times.len() - 1].as_millis());
            writeln!(f, "{kind:34} {:>5}  {median} ms, {longest} ms", times.len())?;
        }
        writeln!(f, "\noperation                 ends")?;
        for (operation, ends) in &self.tally {
            let ends: Vec<String> = ends.iter().map(|(end, times)| format!("{end} {times}")).collect();
            writeln!(f, "{operation:25} {}", ends.join(", "))?;
        }
        writeln!(f)?;
        self.figures.iter().try_for_each(|line| writeln!(f, "{line}"))?;
        if self.violations.is_empty() {
            return writeln!(f, "\nno violation: every invariant holds");
        }
        writeln!(f, "\nVIOLATIONS, {}:", self.violations.len())?;
        let mut times = BTreeMap::<&str, usize>::new();
        self.violations.iter().for_each(|violation| *times.entry(violation).or_default() += 1);
        times.iter().take(MAX_PRINTED).try_for_each(|(violation, times)| writeln!(f, "  {times} x {violation}"))
    }
}

/// The resident memory of this process in MiB, where the system reports it.
pub fn resident_memory() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes / 1024.0)
}
