//! The CPU time of child processes.

use std::{fs, time::Instant};

/// A clock of the CPU time of the child processes that end while it runs, which other load on the machine changes less
/// than wall time. On systems that do not report CPU time the clock measures wall time.
pub(crate) struct Clock {
    used: Option<f64>,
    started: Instant,
}

impl Clock {
    pub(crate) fn start() -> Self {
        Clock { used: children_seconds(), started: Instant::now() }
    }

    /// The seconds since the start.
    pub(crate) fn elapsed(&self) -> f64 {
        match (self.used, children_seconds()) {
            (Some(before), Some(now)) => now - before,
            _ => self.started.elapsed().as_secs_f64(),
        }
    }
}

/// The user and system time of all ended child processes, which Linux counts in hundredths of a second.
fn children_seconds() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    let children = fields.split_whitespace().skip(13).take(2);
    children.map(|ticks| ticks.parse::<f64>().ok()).sum::<Option<f64>>().map(|ticks| ticks / 100.0)
}

/// The median of some measurements; NaN of none.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
