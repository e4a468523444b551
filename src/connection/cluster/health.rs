//! The health of a replica as reads find it.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

/// The time for which a replica is left out that did not serve a read.
const SUSPICION: Duration = Duration::from_secs(1);

/// The health of a replica as reads find it.
pub(super) struct Health {
    since: Instant,
    /// The end of the suspicion, in milliseconds after `since`.
    suspect_until: AtomicU64,
    /// The median time of PINGs in microseconds; `u64::MAX` before they were measured.
    latency: AtomicU64,
}

impl Health {
    pub(super) fn new() -> Health {
        Health { since: Instant::now(), suspect_until: AtomicU64::new(0), latency: AtomicU64::new(u64::MAX) }
    }

    /// Notes that the replica did not serve a read.
    pub(super) fn suspect(&self) {
        self.suspect_until.store(self.age() + SUSPICION.as_millis() as u64, Ordering::Relaxed);
    }

    /// Returns whether the replica is to be left out while others serve.
    pub(super) fn is_suspect(&self) -> bool {
        let until = self.suspect_until.load(Ordering::Relaxed);
        until > 0 && self.age() < until
    }

    /// The median time of PINGs in microseconds.
    pub(super) fn latency(&self) -> u64 {
        self.latency.load(Ordering::Relaxed)
    }

    pub(super) fn set_latency(&self, micros: u64) {
        self.latency.store(micros, Ordering::Relaxed);
    }

    fn age(&self) -> u64 {
        self.since.elapsed().as_millis() as u64
    }
}
