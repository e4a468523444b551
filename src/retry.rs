//! How often something is tried again, and when.

use std::time::Duration;

/// How often something is tried, and how long to wait in between: a transaction that meets conflicts
/// ([`Client::with_retry`](crate::Client::with_retry)), or a pipeline that only reads and loses its connection
/// ([`Pipeline::retry_reads`](crate::Pipeline::retry_reads)).
///
/// The wait is a random time up to `shortest` before the second attempt, up to twice as long before each further one, and
/// at most `longest`, so that tasks which collided do not collide again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    attempts: u32,
    backoff: Backoff,
}

/// How long to wait between attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Backoff {
    shortest: Duration,
    longest: Duration,
}

impl Default for Retry {
    /// 64 attempts, waiting from up to 1 ms to up to 128 ms.
    fn default() -> Self {
        Retry { attempts: 64, backoff: Backoff::new(Duration::from_millis(1), Duration::from_millis(128)) }
    }
}

impl Retry {
    /// Makes the default policy: 64 attempts, waiting from up to 1 ms to up to 128 ms.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how often it is tried in all. One means no second attempt; 0 counts as one.
    #[must_use]
    pub fn attempts(self, attempts: u32) -> Self {
        Retry { attempts: attempts.max(1), ..self }
    }

    /// Sets how long to wait: up to `shortest` before the second attempt, doubling up to `longest`. Zero does not wait.
    #[must_use]
    pub fn backoff(self, shortest: Duration, longest: Duration) -> Self {
        Retry { backoff: Backoff::new(shortest, longest), ..self }
    }

    /// Waits before the attempt that comes after `made` of them. False: that many are all there may be.
    pub(crate) async fn again(self, made: u32) -> bool {
        if made >= self.attempts {
            return false;
        }
        if made > 0 {
            tokio::time::sleep(self.backoff.pause(made)).await;
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

    /// A random wait before the attempt that comes after `made` of them, at least one.
    pub(crate) fn pause(&self, made: u32) -> Duration {
        let doubled = 1u32.checked_shl(made.saturating_sub(1)).unwrap_or(u32::MAX);
        self.shortest.saturating_mul(doubled).min(self.longest).mul_f64(fastrand::f64())
    }
}
