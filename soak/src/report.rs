//! What was done, survived and found.

use std::{collections::BTreeMap, fmt, fs, time::Duration};

use crate::worker::Tally;

/// What was done, survived and found.
#[derive(Debug)]
pub struct Report {
    /// Repeats the schedule and the tasks' choices.
    pub seed: u64,
    /// What ran against what.
    pub setting: String,
    /// How long it took.
    pub time: Duration,
    /// How long after each fault both clients served again, by its kind.
    pub recoveries: BTreeMap<&'static str, Vec<Duration>>,
    /// How often each operation ended how.
    pub tally: Tally,
    /// The figures of the invariants, and others, a line each.
    pub figures: Vec<String>,
    /// All that must not be; empty where all is well.
    pub findings: Vec<String>,
}

/// Shown of the findings; one fault may break thousands of transfers.
const SHOWN: usize = 30;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n{}, seed {}, {:.1} s", self.setting, self.seed, self.time.as_secs_f64())?;
        if !self.recoveries.is_empty() {
            writeln!(f, "\n{:34} {:>5}  served again after (median, longest)", "fault", "times")?;
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
        match self.findings.len() {
            0 => writeln!(f, "\nnothing found: every invariant holds"),
            found => {
                writeln!(f, "\nFOUND {found}:")?;
                let mut times = BTreeMap::<&str, usize>::new();
                self.findings.iter().for_each(|finding| *times.entry(finding).or_default() += 1);
                times.iter().take(SHOWN).try_for_each(|(finding, times)| writeln!(f, "  {times} x {finding}"))
            }
        }
    }
}

/// The memory of this process in MiB, where the system tells it.
pub fn resident() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes / 1024.0)
}
