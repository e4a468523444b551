//! The state that all tasks of a run share.

use crate::{
    counter::Counters,
    effect::{self, Effect},
};
use std::{
    collections::{BTreeMap, HashSet},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};
use typedis::Error;

/// How often each operation ended in each way.
pub type Tally = BTreeMap<&'static str, BTreeMap<String, u64>>;

/// The state that all tasks of a run share.
#[derive(Debug)]
pub struct SharedState {
    /// The probability that a future is cancelled.
    pub cancel_probability: f64,
    /// The number of accounts for the tasks.
    pub accounts: usize,
    /// The counters that the tasks increment.
    pub counters: Counters,
    stop: AtomicBool,
    /// The ledgers and counters whose primary fails over.
    failing_over: Mutex<HashSet<String>>,
    tally: Mutex<Tally>,
    violations: Mutex<Vec<String>>,
}

impl SharedState {
    /// The state before the first operation.
    pub fn new(accounts: usize, cancel_probability: f64) -> Self {
        SharedState {
            cancel_probability,
            accounts,
            counters: Counters::default(),
            stop: AtomicBool::new(false),
            failing_over: Mutex::default(),
            tally: Mutex::default(),
            violations: Mutex::default(),
        }
    }

    /// Tells all tasks to stop.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// True once the tasks are to stop.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// From now on, what is acknowledged for these ledgers and counters may be lost by the servers.
    pub fn begin_failover(&self, keys: impl IntoIterator<Item = String>) {
        self.failing_over.lock().unwrap_or_else(PoisonError::into_inner).extend(keys);
    }

    /// From now on, no acknowledged write may be lost.
    pub fn end_failover(&self) {
        self.failing_over.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The effect of an operation on a ledger or counter that was acknowledged just now.
    pub fn acknowledged(&self, key: &str) -> Effect {
        let failing_over = self.failing_over.lock().unwrap_or_else(PoisonError::into_inner);
        if failing_over.contains(key) { Effect::Unreplicated } else { Effect::Applied }
    }

    /// Counts one operation that ended so.
    pub fn record(&self, operation: &'static str, end: &str) {
        let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        *tally.entry(operation).or_default().entry(end.to_owned()).or_default() += 1;
    }

    /// Counts one operation that failed, and reports an error that no server can cause.
    pub fn record_error(&self, operation: &'static str, error: &Error) {
        self.record(operation, &effect::error_name(error));
        if effect::is_violation(error) {
            self.report(format!("{operation}: {error}"));
        }
    }

    /// Reports a violated invariant.
    pub fn report(&self, violation: String) {
        self.violations.lock().unwrap_or_else(PoisonError::into_inner).push(violation);
    }

    /// The operations so far.
    pub fn tally(&self) -> Tally {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The violations so far.
    pub fn violations(&self) -> Vec<String> {
        self.violations.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
