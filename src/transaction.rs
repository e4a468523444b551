//! The retry loop: watch, read, queue, execute, and again on a conflict.

use crate::{
    connection::Handle,
    error::{Error, Result},
    key::{AnyKind, KeysFor},
    pipeline::{CommandList, Idle, Outcome, Pipeline, Queued, Watched, Watching, encode_watch},
    resp::Writer,
};
use std::{future::Future, time::Duration};

/// How often a transaction that meets conflicts is tried, and how long to wait in between.
///
/// The wait is a random time up to `shortest` before the second attempt, up to twice as long before each further one, and
/// at most `longest`, so that tasks which collided do not collide again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    attempts: u32,
    shortest: Duration,
    longest: Duration,
}

impl Default for Retry {
    /// 64 attempts, waiting from up to 1 ms to up to 128 ms.
    fn default() -> Self {
        Retry { attempts: 64, shortest: Duration::from_millis(1), longest: Duration::from_millis(128) }
    }
}

impl Retry {
    /// Makes the default policy: 64 attempts, waiting from up to 1 ms to up to 128 ms.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how often a transaction is tried in all. One means no second attempt; 0 counts as one.
    #[must_use]
    pub fn attempts(self, attempts: u32) -> Self {
        Retry { attempts: attempts.max(1), ..self }
    }

    /// Sets how long to wait: up to `shortest` before the second attempt, doubling up to `longest`. Zero does not wait.
    #[must_use]
    pub fn backoff(self, shortest: Duration, longest: Duration) -> Self {
        Retry { shortest, longest: longest.max(shortest), ..self }
    }

    fn pause(&self, made: u32) -> Duration {
        let most = self.shortest.saturating_mul(1u32.checked_shl(made - 1).unwrap_or(u32::MAX)).min(self.longest);
        most.mul_f64(fastrand::f64())
    }
}

/// The attempts of one transaction.
#[derive(Debug)]
pub struct Attempts {
    handle: Handle,
    retry: Retry,
    made: u32,
}

impl Attempts {
    pub(crate) fn new(handle: Handle, retry: Retry) -> Self {
        Attempts { handle, retry, made: 0 }
    }

    /// Waits where it must and returns the pipeline for the next attempt.
    #[allow(clippy::should_implement_trait)]
    pub async fn next(&mut self) -> Result<Pipeline<Idle>> {
        if self.made >= self.retry.attempts {
            return Err(Error::Conflict { attempts: self.made });
        }
        if self.made > 0 {
            tokio::time::sleep(self.retry.pause(self.made)).await;
        }
        self.made += 1;
        Ok(Pipeline::idle(self.handle.clone()))
    }
}

/// Tells whether an attempt ended because its watched connection was lost before anything was written.
pub fn watch_lost(error: &Error) -> bool {
    matches!(error, Error::WatchLost { .. })
}

/// Watches `keys`, lets `body` read and queue, executes, and begins again on a conflict.
pub(crate) async fn run<F, Fut, L, E>(mut attempts: Attempts, keys: Writer, mut body: F) -> Result<L::Replies, E>
where
    F: FnMut(Pipeline<Watching>) -> Fut,
    Fut: Future<Output = Result<Pipeline<Queued<L, Watched>>, E>>,
    L: CommandList,
    E: From<Error>,
{
    loop {
        let idle = attempts.next().await?;
        let watching = match idle.watch_encoded(keys.clone()).await {
            Err(error) if watch_lost(&error) => continue,
            watching => watching?,
        };
        let lost = watching.state.lease().lost_flag();
        let queue = match body(watching).await {
            Err(_) if lost.load(std::sync::atomic::Ordering::Relaxed) => continue,
            queue => queue?,
        };
        match queue.execute().await {
            Ok(Outcome::Committed(replies)) => return Ok(replies),
            Ok(Outcome::Conflict) => {}
            Err(error) if watch_lost(&error) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

pub(crate) fn watch_request(keys: impl KeysFor<AnyKind>) -> Writer {
    let mut request = Writer::default();
    encode_watch(&keys, &mut request);
    request
}
