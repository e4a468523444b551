//! The time limit of a call on a dedicated connection.

use crate::connection::transport::MOVING;
use std::{
    future::Future,
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::time::{Instant, Sleep};

/// A time limit that moves while enough bytes of the request are written, or of its replies read.
pub(super) struct TimeLimit<'a> {
    /// `None` if there is no limit.
    sleep: Option<Pin<&'a mut Sleep>>,
    limit: Duration,
    extension: Option<Duration>,
    /// The number of bytes of the request that were written.
    pub(super) written: usize,
    /// The number of bytes that had moved when the limit was set.
    moved: usize,
    passed: bool,
}

impl<'a> TimeLimit<'a> {
    /// Makes a limit at which `sleep` ends, after `limit`. It moves by `extension`.
    pub(super) fn new(
        sleep: Option<Pin<&'a mut Sleep>>,
        limit: Option<Duration>,
        extension: Option<Duration>,
    ) -> TimeLimit<'a> {
        TimeLimit { sleep, limit: limit.unwrap_or_default(), extension, written: 0, moved: 0, passed: false }
    }

    pub(super) fn none() -> Self {
        TimeLimit::new(None, None, None)
    }

    /// Fails when the limit has passed. `read` is the number of bytes of the replies that were read.
    pub(super) fn poll<T>(&mut self, cx: &mut Context<'_>, read: usize) -> Poll<io::Result<T>> {
        let Some(sleep) = &mut self.sleep else { return Poll::Pending };
        loop {
            ready!(sleep.as_mut().poll(cx));
            let moved = self.written + read;
            let extended = self.extension.and_then(|extension| Instant::now().checked_add(extension));
            match extended {
                Some(extended) if moved.saturating_sub(self.moved) >= MOVING => {
                    self.moved = moved;
                    sleep.as_mut().reset(extended);
                }
                _ => break,
            }
        }
        self.passed = true;
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// Returns the limit if it has passed.
    pub(super) fn passed(&self) -> Option<Duration> {
        self.passed.then_some(self.limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{future::poll_fn, pin::pin};
    use tokio::time::sleep;

    #[tokio::test]
    async fn a_limit_moves_with_what_is_written_and_read() {
        let limit = Duration::from_millis(50);
        let began = Instant::now();
        let mut sleep = pin!(sleep(limit));
        let mut limited = TimeLimit::new(Some(sleep.as_mut()), Some(limit), Some(limit));
        limited.written = MOVING / 2;
        let mut polls = 0;
        // Half of the bytes are written at first, the other half is read, and then one byte is missing.
        let late = poll_fn(|cx| {
            polls += 1;
            limited.poll::<()>(cx, MOVING / 2 + if polls > 2 { MOVING - 1 } else { 0 })
        });
        assert_eq!(late.await.unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert_eq!(limited.passed(), Some(limit));
        assert!(began.elapsed() >= 2 * limit, "{:?}", began.elapsed());
        let unlimited = poll_fn(|cx| Poll::Ready(TimeLimit::none().poll::<()>(cx, 0).is_pending()));
        assert!(unlimited.await);
    }
}
