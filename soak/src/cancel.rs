//! Dropping a future somewhere on its way.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::time::timeout;

/// What became of a future.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate<T> {
    /// It came to its end.
    Ended(T),
    /// It was dropped before it was polled at all.
    Untouched,
    /// It was dropped on its way.
    Dropped,
}

/// Runs a future, or drops it with so much of a chance: after some polls, or after some time.
pub async fn perhaps<F: Future>(random: &mut fastrand::Rng, chance: f64, future: F) -> Fate<F::Output> {
    if random.f64() >= chance {
        return Fate::Ended(future.await);
    }
    if random.u8(..4) == 0 {
        let after = Duration::from_micros(random.u64(1..5_000));
        return timeout(after, future).await.map_or(Fate::Dropped, Fate::Ended);
    }
    // One command has two polls or three, a transfer some ten; early ones are as likely for both.
    let most = *random.choice(&[2, 4, 16]).expect("some numbers");
    Polled { future: Box::pin(future), polls: 0, most: random.usize(..most) }.await
}

struct Polled<F> {
    future: Pin<Box<F>>,
    polls: usize,
    most: usize,
}

impl<F: Future> Future for Polled<F> {
    type Output = Fate<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.most == 0 {
            return Poll::Ready(Fate::Untouched);
        }
        self.polls += 1;
        match self.future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Fate::Ended(output)),
            Poll::Pending if self.polls >= self.most => Poll::Ready(Fate::Dropped),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<T> Fate<T> {
    /// The same, of a borrowed end.
    pub fn as_ref(&self) -> Fate<&T> {
        match self {
            Fate::Ended(end) => Fate::Ended(end),
            Fate::Untouched => Fate::Untouched,
            Fate::Dropped => Fate::Dropped,
        }
    }

    /// The same, of another end.
    pub fn map<U>(self, map: impl FnOnce(T) -> U) -> Fate<U> {
        match self {
            Fate::Ended(end) => Fate::Ended(map(end)),
            Fate::Untouched => Fate::Untouched,
            Fate::Dropped => Fate::Dropped,
        }
    }
}
