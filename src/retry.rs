//! Retry policies: how many attempts, and the backoff between them.

use std::time::Duration;

/// A retry policy: the number of attempts and the backoff between them, for a transaction that meets conflicts
/// ([`Client::with_retry`](crate::Client::with_retry)), or a pipeline that only reads and loses its connection
/// ([`Pipeline::retry_reads`](crate::Pipeline::retry_reads)).
///
/// The backoff is a random time up to `shortest` before the second attempt, up to twice as long before each further one, and
/// at most `longest`, so that tasks which collided do not collide again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    attempts: u32,
    backoff: Backoff,
}

/// An exponential backoff with full jitter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Backoff {
    shortest: Duration,
    longest: Duration,
}

impl Default for Retry {
    /// Makes a policy of 64 attempts with a backoff from 1 ms to 128 ms.
    fn default() -> Self {
        Retry { attempts: 64, backoff: Backoff::new(Duration::from_millis(1), Duration::from_millis(128)) }
    }
}

impl Retry {
    /// Makes the default policy: 64 attempts with a backoff from 1 ms to 128 ms.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the number of attempts, the first one included; 0 counts as 1.
    #[must_use]
    pub fn attempts(self, attempts: u32) -> Self {
        Retry { attempts: attempts.max(1), ..self }
    }

    /// Sets the backoff: up to `shortest` before the second attempt, doubling up to `longest`. Zero does not wait.
    #[must_use]
    pub fn backoff(self, shortest: Duration, longest: Duration) -> Self {
        Retry { backoff: Backoff::new(shortest, longest), ..self }
    }

    /// Waits for the backoff after `attempts` attempts. False when there may be no further one.
    pub(crate) async fn again(self, attempts: u32) -> bool {
        if attempts >= self.attempts {
            return false;
        }
        if attempts > 0 {
            tokio::time::sleep(self.backoff.pause(attempts)).await;
        }
        true
    }
}

impl Backoff {
    pub(crate) fn new(shortest: Duration, longest: Duration) -> Self {
        Backoff { shortest, longest: longest.max(shortest) }
    }

    pub(crate) fn longest(&self) -> Duration {
        self.longest
    }

    /// Returns a random pause after `attempts` attempts, at least one.
    pub(crate) fn pause(&self, attempts: u32) -> Duration {
        self.longest_pause(attempts).mul_f64(fastrand::f64())
    }

    /// Returns the longest pause after `attempts` attempts, at least one.
    pub(crate) fn longest_pause(&self, attempts: u32) -> Duration {
        let doubled = 1u32.checked_shl(attempts.saturating_sub(1)).unwrap_or(u32::MAX);
        self.shortest.saturating_mul(doubled).min(self.longest)
    }
}
