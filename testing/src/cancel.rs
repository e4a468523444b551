//! Cancellation of a future after so many polls.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

/// Polls `future` at most `polls` times and then drops it, as a caller that is cancelled does. Returns the output of a
/// future that was ready before.
pub async fn drop_after<F: Future>(future: F, polls: usize) -> Option<F::Output> {
    DropAfter { future: Box::pin(future), left: polls }.await
}

struct DropAfter<F> {
    future: Pin<Box<F>>,
    left: usize,
}

impl<F: Future> Future for DropAfter<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        self.left -= 1;
        match self.future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if self.left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    }
}
