//! Conditions that a set of servers comes to meet.

use crate::server::START_TIMEOUT;
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// Waits until a condition holds.
pub(crate) async fn eventually(what: &str, condition: impl AsyncFn() -> bool) {
    let started = Instant::now();
    while !condition().await {
        assert!(started.elapsed() < START_TIMEOUT, "not in {START_TIMEOUT:?}: {what}");
        sleep(Duration::from_millis(3)).await;
    }
}
