//! Where callers leave their requests, and their place in line, for whoever drives the shared connection. The queue outlives
//! a connection: what was not written when one ended waits here for the next.

use super::oneshot::{self, Caller, Reply};
use crate::{
    connection::{failure::Failure, sync::lock, transport::SMALL},
    error::{CommandPosition, Error, ServerError},
    resp::{control::PING, spare},
};
use std::{
    borrow::Cow,
    collections::VecDeque,
    mem,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    task::Waker,
    time::Duration,
};
use tokio::time::Instant;

/// A request of this size is handed on as it is; a smaller one is copied behind others, so that one write takes them
/// all.
const LARGE: usize = 8 * 1024;

/// The queue of a shared connection. While there is one, nothing but copying a small request is done under its lock.
pub(super) struct Queue {
    state: Mutex<State>,
    /// How many bytes may wait to be written.
    limit: usize,
    /// How many bytes were ever written on this connection. Set without the lock, at each write.
    written: AtomicU64,
    /// No more requests are taken. Read without the lock, whenever a caller leaves.
    draining: AtomicBool,
}

#[derive(Default)]
struct State {
    /// Requests before those in `tail`, each to be written by itself.
    head: VecDeque<Vec<u8>>,
    /// Small requests, one behind the other.
    tail: Vec<u8>,
    /// The callers that the driver has not seen yet.
    waiters: VecDeque<Waiter>,
    /// How many bytes were ever submitted on this connection.
    submitted: u64,
    /// What waits for a connection, while there is none, and how many bytes that is.
    parked: VecDeque<Parked>,
    parked_bytes: usize,
    phase: Phase,
    /// The number of the connection, counted from 1.
    epoch: u64,
    /// The connection is to be given up.
    breaking: bool,
    closing: Closing,
    /// Why transactions are refused on this connection, if they are.
    multi_refused: Option<ServerError>,
    /// Wakes the driver; `None` while it is awake.
    sleeper: Option<Waker>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Phase {
    /// There is a connection.
    Up,
    /// There is none, and somebody sees to it that there will be.
    Away,
    /// There is none, and nobody to make another one.
    #[default]
    Orphaned,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Closing {
    #[default]
    No,
    /// When all that is in line has its answer.
    Drained,
    /// At once.
    Immediate,
}

/// A caller's place in line.
pub(super) struct Waiter {
    pub(super) replies: usize,
    /// Where the request starts among all bytes submitted on this connection.
    pub(super) start: u64,
    /// The request is a transaction, which must not be sent where MULTI is refused.
    atomic: bool,
    /// Set when the driver first sees the waiter, so that callers need no clock.
    pub(super) deadline: Option<Instant>,
    /// `None` when the caller was told that its time is up; its replies are still to be read.
    pub(super) caller: Option<Caller>,
}

/// A request that waits for a connection.
struct Parked {
    waiter: Waiter,
    request: Vec<u8>,
}

/// A request in line.
pub(super) struct Submitted {
    /// Where the answer will come.
    pub(super) reply: Reply,
    /// The driver if it sleeps: the caller must wake it, or do its work.
    pub(super) sleeper: Option<Waker>,
    /// There is nobody to make a connection: the caller must see to it.
    pub(super) orphaned: bool,
}

impl Queue {
    pub(super) fn new(limit: usize) -> Self {
        Queue { state: Mutex::default(), limit, written: AtomicU64::new(0), draining: AtomicBool::new(false) }
    }

    /// Puts a request in line, whose answer wakes `waker`. An error means that it was not taken.
    pub(super) fn submit(
        &self,
        request: Cow<'_, [u8]>,
        replies: usize,
        atomic: bool,
        waker: &Waker,
    ) -> Result<Submitted, Error> {
        let (caller, reply) = oneshot::channel(waker);
        let mut state = lock(&self.state);
        state.admit(atomic)?;
        let mut waiting = self.unwritten(&state);
        if waiting.saturating_add(request.len()) > self.limit {
            state.forget_left();
            waiting = self.unwritten(&state);
        }
        // A large request is taken where it would be the only one.
        if waiting > 0 && waiting.saturating_add(request.len()) > self.limit {
            return Err(Error::QueueFull { waiting, limit: self.limit });
        }
        let waiter = Waiter { replies, start: state.submitted, atomic, deadline: None, caller: Some(caller) };
        let orphaned = state.phase == Phase::Orphaned;
        if state.phase == Phase::Up {
            state.waiters.push_back(waiter);
            state.append(request);
        } else {
            state.phase = Phase::Away;
            state.park(waiter, request.into_owned());
        }
        Ok(Submitted { reply, sleeper: state.sleeper.take(), orphaned })
    }

    /// Puts in line a PING whose reply nobody waits for.
    pub(super) fn ping(&self, deadline: Option<Instant>) {
        self.wake_with(|state| {
            if state.phase == Phase::Up && state.closing == Closing::No {
                let start = state.submitted;
                state.waiters.push_back(Waiter { replies: 1, start, atomic: false, deadline, caller: None });
                state.append(Cow::Borrowed(PING));
            }
        });
    }

    /// Takes no more requests, and ends the connection when all that are in line have their answers, or at once.
    pub(super) fn close(&self, at_once: bool) {
        self.draining.store(true, Ordering::Release);
        self.wake_with(|state| {
            if state.closing != Closing::Immediate {
                state.closing = if at_once { Closing::Immediate } else { Closing::Drained };
            }
        });
    }

    /// True once no more requests are taken.
    pub(super) fn draining(&self) -> bool {
        self.draining.load(Ordering::Acquire)
    }

    /// Asks the driver to give up the connection of that number, whose replies do not match what was asked. What was not
    /// written goes out on the next.
    pub(super) fn give_up(&self, epoch: u64) {
        self.wake_with(|state| state.breaking |= state.epoch == epoch);
    }

    fn wake_with(&self, change: impl FnOnce(&mut State)) {
        let sleeper = {
            let mut state = lock(&self.state);
            change(&mut state);
            state.sleeper.take()
        };
        // Without the lock, for it may run at once.
        if let Some(sleeper) = sleeper {
            sleeper.wake();
        }
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
        let over = match state.closing {
            Closing::No => false,
            Closing::Drained => waiters.is_empty() && out.is_empty(),
            Closing::Immediate => true,
        };
        let more = !state.head.is_empty() || !state.tail.is_empty();
        (!state.breaking && !over).then_some(more)
    }

    /// Notes how many bytes were ever written on this connection.
    #[inline]
    pub(super) fn wrote(&self, written: u64) {
        self.written.store(written, Ordering::Relaxed);
    }

    fn unwritten(&self, state: &State) -> usize {
        state.submitted.saturating_sub(self.written.load(Ordering::Relaxed)) as usize + state.parked_bytes
    }

    /// Keeps for the next connection what was not written on this one: the requests of `unwritten`, which begin somewhere
    /// in `out`, whose first byte is at `written`, and those that the driver has not seen.
    pub(super) fn park(&self, out: &[u8], written: u64, unwritten: VecDeque<Waiter>) {
        let mut state = lock(&self.state);
        state.phase = Phase::Away;
        let bytes = [out, &mem::take(&mut state.head).into_iter().collect::<Vec<_>>().concat(), &state.tail].concat();
        state.tail = Vec::new();
        // From the last to the first, for each ends where the next one starts.
        let mut end = mem::take(&mut state.submitted);
        let mut parked = Vec::new();
        for waiter in unwritten.into_iter().chain(mem::take(&mut state.waiters)).rev() {
            let from = |position: u64| position.saturating_sub(written) as usize;
            let request = bytes.get(from(waiter.start)..from(end)).unwrap_or_default().to_vec();
            end = waiter.start;
            parked.push(Parked { waiter, request });
        }
        self.wrote(0);
        parked.into_iter().rev().for_each(|Parked { waiter, request }| state.park(waiter, request));
    }

    /// Opens the queue for a new connection: what waited for it goes out first, without those who have left, and without
    /// transactions if they are refused. Returns the connection's number.
    pub(super) fn open(&self, multi_refused: Option<ServerError>) -> u64 {
        let mut refused = Vec::new();
        let epoch = {
            let mut state = lock(&self.state);
            (state.submitted, state.parked_bytes) = (0, 0);
            self.wrote(0);
            for Parked { mut waiter, request } in mem::take(&mut state.parked) {
                if waiter.left() {
                    continue;
                }
                if let (true, Some(error)) = (waiter.atomic, &multi_refused) {
                    refused.extend(waiter.caller.take().map(|caller| (caller, multi_is_refused(error))));
                    continue;
                }
                waiter.start = state.submitted;
                state.waiters.push_back(waiter);
                state.append(request.into());
            }
            state.phase = Phase::Up;
            state.breaking = false;
            state.multi_refused = multi_refused;
            state.epoch += 1;
            state.epoch
        };
        for (caller, error) in refused {
            caller.send(Err(Failure::NotSent(error)));
        }
        epoch
    }

    /// While there is no connection, because of `why`: tells those whose time is up, and returns until when the others can
    /// be left waiting. `keeper` is woken when more come.
    pub(super) fn wait(&self, timeout: Option<Duration>, why: &Error, keeper: &Waker) -> Wait {
        let now = Instant::now();
        let (late, wait) = {
            let mut state = lock(&self.state);
            state.set_deadlines(timeout.and_then(|timeout| now.checked_add(timeout)));
            let late = state.take_late(now);
            if state.sleeper.is_none() {
                state.sleeper = Some(keeper.clone());
            }
            let next = state.parked.front().and_then(|parked| parked.waiter.deadline);
            (late, if state.over() { Wait::Over } else { Wait::Until(next) })
        };
        let after = timeout.unwrap_or_default();
        for caller in late {
            caller.send(Err(Failure::NotSent(Error::Unavailable { after, source: why.clone().into() })));
        }
        wait
    }

    /// Tells all who wait for a connection that there is none for them.
    pub(super) fn refuse(&self, why: &Error) {
        tell(lock(&self.state).take_parked(), why);
    }

    /// Does the same when nobody makes a connection any more, until a caller sees to it.
    pub(super) fn orphan(&self, why: &Error) {
        let parked = {
            let mut state = lock(&self.state);
            state.phase = Phase::Orphaned;
            state.take_parked()
        };
        tell(parked, why);
    }

    /// True when no connection is needed any more.
    pub(super) fn over(&self) -> bool {
        lock(&self.state).over()
    }

    /// How many requests the driver has not seen, and how many bytes are not written.
    pub(super) fn waiting(&self) -> (usize, usize) {
        let state = lock(&self.state);
        let parked = state.parked.iter().filter(|parked| !parked.waiter.left());
        (state.waiters.len() + parked.count(), self.unwritten(&state))
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

/// What those who wait for a connection ask of whoever makes it.
pub(super) enum Wait {
    /// No connection is needed any more.
    Over,
    /// Somebody's time is up then, if it ever is.
    Until(Option<Instant>),
}

impl State {
    /// Says why a request cannot be taken.
    fn admit(&self, atomic: bool) -> Result<(), Error> {
        if self.closing != Closing::No {
            return Err(Error::Closed);
        }
        if let (true, Phase::Up, Some(error)) = (atomic, self.phase, &self.multi_refused) {
            return Err(multi_is_refused(error));
        }
        Ok(())
    }

    fn over(&self) -> bool {
        match self.closing {
            Closing::No => false,
            Closing::Drained => self.parked.is_empty() && self.waiters.is_empty(),
            Closing::Immediate => true,
        }
    }

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

    fn park(&mut self, waiter: Waiter, request: Vec<u8>) {
        if waiter.left() {
            return;
        }
        self.parked_bytes += request.len();
        self.parked.push_back(Parked { waiter, request });
    }

    /// Puts what is to be written next into `out`, which is empty, and keeps its memory for what comes later.
    fn next(&mut self, out: &mut Vec<u8>) {
        match self.head.pop_front() {
            Some(next) => *out = next,
            None => mem::swap(&mut self.tail, out),
        }
    }

    /// Lets go of what waits for a connection, and whose callers have left.
    fn forget_left(&mut self) {
        self.parked.retain(|parked| !parked.waiter.left());
        self.parked_bytes = self.parked.iter().map(|parked| parked.request.len()).sum();
    }

    fn take_parked(&mut self) -> VecDeque<Parked> {
        self.parked_bytes = 0;
        mem::take(&mut self.parked)
    }

    fn set_deadlines(&mut self, deadline: Option<Instant>) {
        if deadline.is_some() {
            let new = self.parked.iter_mut().rev().take_while(|parked| parked.waiter.deadline.is_none());
            new.for_each(|parked| parked.waiter.deadline = deadline);
        }
    }

    /// Takes out those who are first in line and have left, or are late.
    fn take_late(&mut self, now: Instant) -> Vec<Caller> {
        let mut late = Vec::new();
        while let Some(parked) = self.parked.pop_front() {
            if !parked.waiter.left() && parked.waiter.deadline.is_none_or(|deadline| deadline > now) {
                self.parked.push_front(parked);
                break;
            }
            self.parked_bytes -= parked.request.len();
            late.extend(parked.waiter.caller);
        }
        late
    }
}

impl Waiter {
    /// True when nobody waits for the answer.
    fn left(&self) -> bool {
        self.caller.as_ref().is_none_or(Caller::left)
    }
}

fn tell(parked: VecDeque<Parked>, why: &Error) {
    for caller in parked.into_iter().filter_map(|parked| parked.waiter.caller) {
        caller.send(Err(Failure::NotSent(why.clone())));
    }
}

fn multi_is_refused(error: &ServerError) -> Error {
    Error::Server { at: CommandPosition { number: 0, name: "MULTI" }, error: error.clone() }
}
