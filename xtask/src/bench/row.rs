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
    pub(crate) cpu_to_floor: f64,
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Row { scenario, client, throughput, cpu, user, allocations, cpu_to_floor } = self;
        write!(f, "{scenario}\t{client}\t{throughput:.0}\t{cpu:.1}\t{user:.1}\t{allocations:.3}\t{cpu_to_floor:.2}")
    }
}
