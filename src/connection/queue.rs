//! Where callers leave their requests, and their place in line, for the task behind a shared connection.

use super::{
    answer::{self, Caller, Reply},
    failure::Failure,
    lock,
    stream::SMALL,
};
use crate::resp::spare;
use std::{
    borrow::Cow,
    collections::VecDeque,
    io, mem,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    task::Waker,
};
use tokio::time::Instant;

/// A request of this size is handed on as it is; a smaller one is copied behind others, so that one write takes them
/// all.
const LARGE: usize = 8 * 1024;

/// The queue of a shared connection. Nothing but copying a small request is done under its lock.
#[derive(Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    /// Read without the lock, whenever a caller asks for the connection.
    ended: AtomicBool,
}

#[derive(Default)]
struct State {
    /// Requests before those in `tail`, each to be written by itself.
    head: VecDeque<Vec<u8>>,
    /// Small requests, one behind the other.
    tail: Vec<u8>,
    /// The callers that the driver has not seen yet.
    waiters: VecDeque<Waiter>,
    /// How many bytes were ever submitted.
    submitted: u64,
    /// Wakes the driver; `None` while it is awake.
    sleeper: Option<Waker>,
    closing: bool,
    /// How the connection ended.
    end: Option<Arc<io::Error>>,
}

/// A caller's place in line.
pub(super) struct Waiter {
    pub(super) replies: usize,
    /// Where the request starts among all bytes submitted.
    pub(super) start: u64,
    /// Set when the driver first sees the waiter, so that callers need no clock.
    pub(super) deadline: Option<Instant>,
    /// `None` when the caller was told that its time is up; its replies are still to be read.
    pub(super) caller: Option<Caller>,
}

/// Where an answer will come, and the driver if it sleeps.
pub(super) type Submitted = (Reply, Option<Waker>);

impl Queue {
    /// Puts a request in line, whose answer wakes `waker`. Returns where the answer will come, and the driver if it sleeps:
    /// the caller must wake it, or do its work.
    pub(super) fn submit(&self, request: Cow<'_, [u8]>, replies: usize, waker: &Waker) -> Result<Submitted, Failure> {
        let (caller, answer) = answer::channel(waker);
        let mut state = lock(&self.state);
        if let Some(end) = &state.end {
            return Err(Failure::not_sent(end.clone()));
        }
        let start = state.submitted;
        state.waiters.push_back(Waiter { replies, start, deadline: None, caller: Some(caller) });
        state.append(request);
        Ok((answer, state.sleeper.take()))
    }

    /// Asks the driver to end the connection.
    pub(super) fn close(&self) {
        self.ended.store(true, Ordering::Release);
        let sleeper = {
            let mut state = lock(&self.state);
            state.closing = true;
            state.sleeper.take()
        };
        wake(sleeper);
    }

    /// True until the connection has ended, or was asked to.
    #[inline]
    pub(super) fn alive(&self) -> bool {
        !self.ended.load(Ordering::Acquire)
    }

    /// Moves to the driver the callers that it has not seen yet and, if `out` is empty, what is to be written next; it
    /// is woken when more comes. Returns whether there is more to be written already, or `None` when it is to end the
    /// connection.
    pub(super) fn collect(&self, out: &mut Vec<u8>, waiters: &mut VecDeque<Waiter>, driver: &Waker) -> Option<bool> {
        let mut state = lock(&self.state);
        if out.is_empty() {
            state.next(out);
        }
        if waiters.is_empty() {
            mem::swap(waiters, &mut state.waiters);
        } else {
            waiters.append(&mut state.waiters);
        }
        if state.sleeper.is_none() {
            state.sleeper = Some(driver.clone());
        }
        let more = !state.head.is_empty() || !state.tail.is_empty();
        (!state.closing).then_some(more)
    }

    /// Ends the queue, which refuses whoever comes from now on, and returns the callers that the driver has not seen.
    /// `None` when it had ended before.
    pub(super) fn end(&self, source: &Arc<io::Error>) -> Option<VecDeque<Waiter>> {
        self.ended.store(true, Ordering::Release);
        let mut state = lock(&self.state);
        if state.end.is_some() {
            return None;
        }
        let ended = State { end: Some(source.clone()), ..State::default() };
        Some(mem::replace(&mut *state, ended).waiters)
    }

    /// Lets go of buffers that were large and hold nothing now.
    pub(super) fn shrink(&self) {
        let mut state = lock(&self.state);
        state.waiters.shrink_to(64);
        if state.tail.is_empty() && state.tail.capacity() > SMALL {
            state.tail = Vec::new();
        }
    }
}

impl State {
    fn append(&mut self, request: Cow<'_, [u8]>) {
        self.submitted += request.len() as u64;
        if request.len() < LARGE {
            self.tail.extend_from_slice(&request);
            if let Cow::Owned(request) = request {
                spare::keep(request);
            }
            return;
        }
        if !self.tail.is_empty() {
            self.head.push_back(mem::take(&mut self.tail));
        }
        self.head.push_back(request.into_owned());
    }

    /// Puts what is to be written next into `out`, which is empty, and keeps its memory for what comes later.
    fn next(&mut self, out: &mut Vec<u8>) {
        match self.head.pop_front() {
            Some(next) => *out = next,
            None => mem::swap(&mut self.tail, out),
        }
    }
}

/// Wakes the driver, if it sleeps; without the lock, for it may run at once.
fn wake(sleeper: Option<Waker>) {
    if let Some(sleeper) = sleeper {
        sleeper.wake();
    }
}
