//! Cancellation of futures at random points.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::time::timeout;

/// The end of a future that may have been cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CancelResult<T> {
    /// It completed.
    Completed(T),
    /// It was dropped before its first poll.
    NeverPolled,
    /// It was dropped after a poll.
    Cancelled,
}

/// Runs a future, or drops it with the given probability, after some polls or after some time.
pub async fn maybe_cancel<F: Future>(
    random: &mut fastrand::Rng,
    probability: f64,
    future: F,
) -> CancelResult<F::Output> {
    if random.f64() >= probability {
        return CancelResult::Completed(future.await);
    }
    if random.u8(..4) == 0 {
        let after = Duration::from_micros(random.u64(1..5_000));
        return timeout(after, future).await.map_or(CancelResult::Cancelled, CancelResult::Completed);
    }
    // A command takes two or three polls, a transfer about ten; early polls are as likely for both.
    let bound = *random.choice(&[2, 4, 16]).expect("some numbers");
    CancelAfter { future: Box::pin(future), polls: 0, max_polls: random.usize(..bound) }.await
}

/// Drops the future after `max_polls` polls.
struct CancelAfter<F> {
    future: Pin<Box<F>>,
    polls: usize,
    max_polls: usize,
}

impl<F: Future> Future for CancelAfter<F> {
    type Output = CancelResult<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.max_polls == 0 {
            return Poll::Ready(CancelResult::NeverPolled);
        }
        self.polls += 1;
        match self.future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(CancelResult::Completed(output)),
            Poll::Pending if self.polls >= self.max_polls => Poll::Ready(CancelResult::Cancelled),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<T> CancelResult<T> {
    /// Borrows the output.
    pub fn as_ref(&self) -> CancelResult<&T> {
        match self {
            CancelResult::Completed(output) => CancelResult::Completed(output),
            CancelResult::NeverPolled => CancelResult::NeverPolled,
            CancelResult::Cancelled => CancelResult::Cancelled,
        }
    }

    /// Maps the output.
    pub fn map<U>(self, map: impl FnOnce(T) -> U) -> CancelResult<U> {
        match self {
            CancelResult::Completed(output) => CancelResult::Completed(map(output)),
            CancelResult::NeverPolled => CancelResult::NeverPolled,
            CancelResult::Cancelled => CancelResult::Cancelled,
        }
    }
}
