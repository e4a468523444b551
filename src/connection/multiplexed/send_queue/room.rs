//! Waiting for room. While the queue is full, callers stand in line with their encoded requests, which they hold
//! themselves, so that a caller that leaves takes its request along. Only the first of them is woken when there is room; it
//! submits its request and makes the next one the first. So a large request is not overtaken by small ones.

use super::{Drain, SendQueue, State, Submitted, Unsent};
use crate::{
    connection::{alarm, multiplexed::oneshot, sync::lock},
    error::Error,
};
use std::{
    future::poll_fn,
    sync::Arc,
    task::{Poll, Waker},
    time::Duration,
};
use tokio::{runtime, sync::SemaphorePermit, time::Instant};

/// A place in the line of callers.
struct Waiting<'a> {
    queue: &'a SendQueue,
    bytes: usize,
    /// Held by the first caller. Released after it has left the line.
    turn: Option<SemaphorePermit<'a>>,
}

/// Waits for room at most for `timeout`, and submits `request` then. The timeout is that of the whole request, whose deadline
/// is returned.
pub(in super::super) async fn submit_when_room(
    queue: Arc<SendQueue>,
    mut request: Unsent,
    timeout: Option<Duration>,
    runtime: Option<runtime::Id>,
) -> Result<(Submitted, Option<Instant>), Error> {
    let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
    request.deadline = deadline;
    let mut waiting = queue.wait_in_line(request.bytes.len())?;
    match alarm::before(deadline.map(Instant::into_std), waiting.submit(request, runtime)).await {
        Some(submitted) => submitted.map(|submitted| (submitted, deadline)),
        None => Err(queue.full(waiting.bytes)),
    }
}

impl SendQueue {
    /// Puts a caller with a request of `bytes` bytes into the line, if that has room.
    fn wait_in_line(&self, bytes: usize) -> Result<Waiting<'_>, Error> {
        {
            let mut state = lock(&self.state);
            let waiting = state.line.bytes.saturating_add(bytes);
            if waiting <= self.max_waiting {
                state.line.bytes = waiting;
                state.line.callers += 1;
                state.taken_at_once = 0;
                return Ok(Waiting { queue: self, bytes, turn: None });
            }
        }
        Err(self.full(0))
    }

    /// Takes the request of the first caller in line, if there is room; else `waker` is woken when there is.
    fn poll_submit(
        &self,
        request: &mut Option<Unsent>,
        waker: &Waker,
        runtime: Option<runtime::Id>,
    ) -> Poll<Result<Submitted, Error>> {
        let mut state = lock(&self.state);
        let Some(Unsent { bytes, framing, .. }) = request.as_ref() else { return Poll::Pending };
        state.admit(*framing, Drain::Draining, &self.multi)?;
        if self.has_room(&state, bytes.len()) {
            let submitted = request.take().map(|request| state.take(request, oneshot::channel(waker), runtime));
            return submitted.map_or(Poll::Pending, |submitted| Poll::Ready(Ok(submitted)));
        }
        let replaced = state.line.front.replace((bytes.len(), waker.clone()));
        let driver = state.driver_waker.take();
        // No waker is dropped under the lock, since the task that is dropped with it may leave the line.
        drop(state);
        drop(replaced);
        // The driver may have made room already, when it did not know yet that a caller waits for it.
        driver.inspect(Waker::wake_by_ref);
        Poll::Pending
    }

    /// Returns the error of a request for which there is no room. `own` bytes of those in line are its own.
    fn full(&self, own: usize) -> Error {
        let state = lock(&self.state);
        let waiting = self.unwritten(&state).saturating_add(state.line.bytes - own);
        Error::QueueFull { waiting, limit: self.limit }
    }

    /// Returns whether a request fits when those that were cancelled are dropped, and no caller waits for room.
    #[cold]
    pub(super) fn makes_room(&self, state: &mut State, bytes: usize) -> bool {
        if state.line.callers > 0 {
            return false;
        }
        state.parked.drop_cancelled();
        self.has_room(state, bytes)
    }

    /// Returns whether there is room. A request larger than the limit is taken where it would be the only one.
    fn has_room(&self, state: &State, bytes: usize) -> bool {
        let waiting = self.unwritten(state);
        waiting == 0 || waiting.saturating_add(bytes) <= self.limit
    }

    /// Takes the waker of the first caller in line, if there is room for its request.
    pub(super) fn take_front(&self, state: &mut State) -> Option<Waker> {
        let (bytes, _) = state.line.front.as_ref()?;
        if self.has_room(state, *bytes) { state.line.front.take().map(|(_, waker)| waker) } else { None }
    }
}

impl Waiting<'_> {
    /// Waits until this caller is the first, and then for room.
    async fn submit(&mut self, request: Unsent, runtime: Option<runtime::Id>) -> Result<Submitted, Error> {
        // An error would mean that the semaphore was closed, which it never is.
        self.turn = self.queue.turn.acquire().await.ok();
        let mut request = Some(request);
        poll_fn(|cx| self.queue.poll_submit(&mut request, cx.waker(), runtime)).await
    }
}

impl Drop for Waiting<'_> {
    /// Leaves the line. A driver that drains the queue ends the connection when the last caller has left.
    fn drop(&mut self) {
        let mut state = lock(&self.queue.state);
        state.line.bytes -= self.bytes;
        state.line.callers -= 1;
        let front = if self.turn.is_some() { state.line.front.take() } else { None };
        let mut driver = None;
        if state.line.callers == 0 {
            state.taken_at_once = self.queue.limit;
            driver = if state.drain == Drain::Open { None } else { state.driver_waker.take() };
        }
        drop(state);
        drop(front);
        driver.inspect(Waker::wake_by_ref);
    }
}
