//! The results of one client in one scenario.

use std::fmt;

/// The results of one client in one scenario, as medians of the rounds.
pub(crate) struct Row {
    pub(crate) scenario: &'static str,
    pub(crate) client: &'static str,
    pub(crate) throughput: f64,
    /// CPU time in ns a unit.
    pub(crate) cpu: f64,
    /// The part of `cpu` in user space.
    pub(crate) user: f64,
    pub(crate) allocations: f64,
    /// The ratios of the rounds to the first client of the scenario.
    pub(crate) cpu_to_floor: Quartiles,
    /// Those to the best peer of each round.
    pub(crate) cpu_to_best: Quartiles,
    pub(crate) throughput_to_best: Quartiles,
}

/// The quartiles of the rounds.
#[derive(Clone, Copy)]
pub(crate) struct Quartiles {
    pub(crate) lower: f64,
    pub(crate) median: f64,
    pub(crate) upper: f64,
}

impl Quartiles {
    pub(crate) fn of(rounds: impl Iterator<Item = f64>) -> Self {
        let mut rounds: Vec<f64> = rounds.collect();
        rounds.sort_by(f64::total_cmp);
        let at =
            |part: f64| rounds.get(((rounds.len() as f64 - 1.0) * part).round() as usize).copied().unwrap_or(f64::NAN);
        Quartiles { lower: at(0.25), median: at(0.5), upper: at(0.75) }
    }
}

impl fmt::Display for Quartiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2} ({:.2}–{:.2})", self.median, self.lower, self.upper)
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Row { scenario, client, throughput, cpu, user, allocations, cpu_to_floor, .. } = self;
        write!(f, "{scenario}\t{client}\t{throughput:.0}\t{cpu:.1}\t{user:.1}\t{allocations:.3}\t{cpu_to_floor}")
    }
}
