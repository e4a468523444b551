//! Conditions that a set of servers comes to meet.

use crate::server::START_TIMEOUT;
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// The wait for a condition that is asked for again and again. (A function that takes the condition as an `async` closure
/// would make a future that cannot be spawned.)
#[derive(Debug)]
pub(crate) struct Wait {
    condition: &'static str,
    started: Instant,
}

impl Wait {
    pub(crate) fn until(condition: &'static str) -> Self {
        Self { condition, started: Instant::now() }
    }

    /// Pauses before the condition is asked for again; panics if it took too long.
    pub(crate) async fn pause(&self) {
        assert!(self.started.elapsed() < START_TIMEOUT, "not in {START_TIMEOUT:?}: {}", self.condition);
        sleep(Duration::from_millis(3)).await;
    }
}
