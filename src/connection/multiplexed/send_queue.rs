//! The queue between callers and the driver of the shared connection. It outlives a connection: requests that were not
//! written when one ended are parked here for the next.

use super::oneshot::{self, Receiver, Sender};
use crate::{
    connection::{
        failure::RequestError,
        request::{MULTI, Request},
        state::{ConnectionState, Epoch},
        sync::lock,
        transport::SMALL,
    },
    error::{Error, ServerError},
    resp::{Framing, buffer_cache, control::PING},
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

/// A request of this size is written by itself, without a copy; smaller ones are appended to each other, so that one write
/// takes them all.
const LARGE: usize = 8 * 1024;

/// The queue of a shared connection. While there is a connection, its lock is held for no more than the copy of a small
/// request.
pub(super) struct SendQueue {
    state: Mutex<State>,
    /// The number of bytes that may wait to be written.
    limit: usize,
    /// The number of bytes written on this connection. Stored without the lock, at each write.
    written: AtomicU64,
    /// The connection ends when its replies are in. Loaded without the lock, whenever a leader steps down.
    ending: AtomicBool,
}

#[derive(Default)]
struct State {
    /// Requests before those in `tail`, each to be written by itself.
    head: VecDeque<Vec<u8>>,
    /// Small requests, appended to each other.
    tail: Vec<u8>,
    /// The requests that the driver has not taken yet.
    pending: VecDeque<PendingRequest>,
    /// The number of bytes submitted on this connection.
    submitted: u64,
    /// The requests that wait for a connection, while there is none, and how many bytes they are.
    parked: VecDeque<ParkedRequest>,
    parked_bytes: usize,
    connection: ConnectionState,
    /// The number of the connection; `None` before the first.
    epoch: Option<Epoch>,
    /// The driver is to give up the connection.
    giving_up: bool,
    /// It is to do so once the requests written on the connection have their replies, for this reason.
    retiring: Option<&'static str>,
    drain: Drain,
    /// The server's refusal of MULTI on this connection, if it refuses it.
    multi_refused: Option<ServerError>,
    /// The waker of the driver, or of the supervisor while there is no connection; `None` once it was taken to be woken.
    driver_waker: Option<Waker>,
}

/// The progress of a close, after which no request is taken.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Drain {
    /// Requests are taken.
    #[default]
    Open,
    /// The connection ends when all requests that were taken have their responses.
    Draining,
    /// The connection ends at once.
    Immediate,
}

/// A request without a response.
pub(super) struct PendingRequest {
    /// The number of replies to the request.
    pub(super) replies: usize,
    /// The start of the request among all bytes submitted on this connection.
    pub(super) start: u64,
    /// A transaction must not be sent where MULTI is refused.
    framing: Framing,
    /// Set by the driver when it takes the request, so that callers read no clock.
    pub(super) deadline: Option<Instant>,
    /// `None` once the caller has timed out; the replies still have to be read.
    pub(super) sender: Option<Sender>,
}

/// A request that waits for a connection.
struct ParkedRequest {
    pending: PendingRequest,
    bytes: Vec<u8>,
}

/// A request that was taken.
pub(super) struct Submitted {
    pub(super) receiver: Receiver,
    /// The driver's waker, if the driver sleeps: the caller must wake it, or lead.
    pub(super) driver_waker: Option<Waker>,
    /// There is neither a connection nor a supervisor: the caller must spawn one.
    pub(super) unsupervised: bool,
}

/// The next step of the reconnect loop.
pub(super) enum ReconnectStep {
    /// No connection is needed any more.
    Stop,
    /// The next parked request expires then, if one ever does.
    WaitUntil(Option<Instant>),
}

/// The length of the queue.
pub(super) struct QueueCount {
    /// Requests that the driver has not taken.
    pub(super) requests: usize,
    /// Bytes that are not written, those that the driver has taken included.
    pub(super) unwritten_bytes: usize,
}

impl SendQueue {
    pub(super) fn new(limit: usize) -> Self {
        SendQueue { state: Mutex::default(), limit, written: AtomicU64::new(0), ending: AtomicBool::new(false) }
    }

    /// Takes a request, whose response wakes `waker`. An error means that it was not taken.
    pub(super) fn submit(&self, request: Request, waker: &Waker) -> Result<Submitted, Error> {
        let (replies, framing) = (request.replies(), request.framing());
        let request = request.into_bytes();
        let (sender, receiver) = oneshot::channel(waker);
        let mut state = lock(&self.state);
        state.admit(framing)?;
        let mut waiting = self.unwritten(&state);
        if waiting.saturating_add(request.len()) > self.limit {
            state.drop_cancelled();
            waiting = self.unwritten(&state);
        }
        // A request larger than the limit is taken where it would be the only one.
        if waiting > 0 && waiting.saturating_add(request.len()) > self.limit {
            return Err(Error::QueueFull { waiting, limit: self.limit });
        }
        let pending = PendingRequest { replies, start: state.submitted, framing, deadline: None, sender: Some(sender) };
        let unsupervised = state.connection == ConnectionState::Unsupervised;
        if state.connection == ConnectionState::Connected {
            state.pending.push_back(pending);
            state.append(request.into());
        } else {
            state.connection = ConnectionState::Reconnecting;
            state.park(pending, request);
        }
        Ok(Submitted { receiver, driver_waker: state.driver_waker.take(), unsupervised })
    }

    /// Submits a PING without a caller. Returns the driver's waker, which has to be woken.
    #[must_use = "the driver waits to be woken"]
    pub(super) fn ping(&self, deadline: Option<Instant>) -> Option<Waker> {
        let mut state = lock(&self.state);
        if state.connection == ConnectionState::Connected && state.drain == Drain::Open {
            let start = state.submitted;
            let framing = Framing::Plain;
            state.pending.push_back(PendingRequest { replies: 1, start, framing, deadline, sender: None });
            state.append(Cow::Borrowed(PING.bytes));
        }
        state.driver_waker.take()
    }

    /// Takes no more requests, and ends the connection as `drain` says.
    pub(super) fn close(&self, drain: Drain) {
        self.wake_with(|state| {
            self.ending.store(true, Ordering::Release);
            if state.drain != Drain::Immediate {
                state.drain = drain;
            }
        });
    }

    /// Returns whether the connection ends when its replies are in, so that the task has to look.
    pub(super) fn ending(&self) -> bool {
        self.ending.load(Ordering::Acquire)
    }

    /// Returns whether no more requests are taken.
    pub(super) fn is_closed(&self) -> bool {
        lock(&self.state).drain != Drain::Open
    }

    /// Has the driver give up the present connection, if there is one, for `reason`, once the requests written on it have their
    /// replies. What was not written goes out on the next. Without `wake` the driver must be being polled.
    pub(super) fn retire(&self, reason: &'static str, wake: bool) {
        let retire = |state: &mut State| {
            if state.connection == ConnectionState::Connected && !state.giving_up {
                self.ending.store(true, Ordering::Release);
                state.giving_up = true;
                state.retiring = Some(reason);
            }
        };
        if wake { self.wake_with(retire) } else { retire(&mut lock(&self.state)) }
    }

    /// Has the driver give up the connection with this number, whose replies do not match its requests. What was not written
    /// goes out on the next.
    pub(super) fn give_up(&self, epoch: Option<Epoch>) {
        self.wake_with(|state| {
            if state.epoch == epoch {
                state.giving_up = true;
                state.retiring = None;
            }
        });
    }

    /// Returns the reason why the connection is given up once the requests written on it have their replies, unless it is given
    /// up at once.
    pub(super) fn retiring(&self) -> Option<&'static str> {
        let state = lock(&self.state);
        state.retiring.filter(|_| state.drain != Drain::Immediate)
    }

    fn wake_with(&self, change: impl FnOnce(&mut State)) {
        let waker = {
            let mut state = lock(&self.state);
            change(&mut state);
            state.driver_waker.take()
        };
        // Woken without the lock, since the driver may run at once.
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Moves new requests to the driver's `pending` and, if `out` is empty, what is to be written next into it. Registers
    /// `waker` for new submissions. Returns whether more is to be written already, or `None` when the driver has to end the
    /// connection.
    pub(super) fn collect(
        &self,
        out: &mut Vec<u8>,
        pending: &mut VecDeque<PendingRequest>,
        waker: &Waker,
    ) -> Option<bool> {
        let mut state = lock(&self.state);
        if out.is_empty() {
            state.next_write(out);
        }
        if pending.is_empty() {
            mem::swap(pending, &mut state.pending);
        } else {
            pending.append(&mut state.pending);
        }
        if state.driver_waker.is_none() {
            state.driver_waker = Some(waker.clone());
        }
        let closed = match state.drain {
            Drain::Open => false,
            Drain::Draining => pending.is_empty() && out.is_empty(),
            Drain::Immediate => true,
        };
        let more = !state.head.is_empty() || !state.tail.is_empty();
        (!state.giving_up && !closed).then_some(more)
    }

    /// Stores how many bytes were written on this connection.
    #[inline]
    pub(super) fn wrote(&self, written: u64) {
        self.written.store(written, Ordering::Relaxed);
    }

    fn unwritten(&self, state: &State) -> usize {
        state.submitted.saturating_sub(self.written.load(Ordering::Relaxed)) as usize + state.parked_bytes
    }

    /// Parks for the next connection what was not written on this one: the requests of `unwritten`, which begin somewhere
    /// in `out`, whose first byte is at `written`, and those that the driver has not taken.
    pub(super) fn park(&self, out: &[u8], written: u64, unwritten: VecDeque<PendingRequest>) {
        let mut state = lock(&self.state);
        state.connection = ConnectionState::Reconnecting;
        let head = mem::take(&mut state.head).into_iter().collect::<Vec<_>>().concat();
        let bytes = [out, &head, &state.tail].concat();
        state.tail = Vec::new();
        // From the last to the first, since each request ends where the next one starts.
        let mut end = mem::take(&mut state.submitted);
        let mut parked = Vec::new();
        for pending in unwritten.into_iter().chain(mem::take(&mut state.pending)).rev() {
            let index = |position: u64| position.saturating_sub(written) as usize;
            let request = bytes.get(index(pending.start)..index(end)).unwrap_or_default().to_vec();
            end = pending.start;
            parked.push(ParkedRequest { pending, bytes: request });
        }
        self.wrote(0);
        parked.into_iter().rev().for_each(|ParkedRequest { pending, bytes }| state.park(pending, bytes));
    }

    /// Opens the queue for a new connection and returns its number. Parked requests go out first, without those that were
    /// cancelled, and without transactions if the server refuses them.
    pub(super) fn open(&self, multi_refused: Option<ServerError>) -> Epoch {
        let mut refused = Vec::new();
        let epoch = {
            let mut state = lock(&self.state);
            state.submitted = 0;
            state.parked_bytes = 0;
            self.wrote(0);
            for ParkedRequest { mut pending, bytes } in mem::take(&mut state.parked) {
                if pending.is_cancelled() {
                    continue;
                }
                if let (Framing::Transaction, Some(error)) = (pending.framing, &multi_refused) {
                    refused.extend(pending.sender.take().map(|sender| (sender, refused_multi(error))));
                    continue;
                }
                pending.start = state.submitted;
                state.pending.push_back(pending);
                state.append(bytes.into());
            }
            state.connection = ConnectionState::Connected;
            state.giving_up = false;
            state.retiring = None;
            self.ending.store(state.drain != Drain::Open, Ordering::Release);
            state.multi_refused = multi_refused;
            let epoch = Epoch::after(state.epoch);
            state.epoch = Some(epoch);
            epoch
        };
        for (sender, error) in refused {
            sender.send(Err(RequestError::NotSent(error)));
        }
        epoch
    }

    /// Fails parked requests that are past their deadline with `why`, and returns the next deadline. Registers `waker` for
    /// new submissions.
    pub(super) fn expire_parked(&self, timeout: Option<Duration>, why: &Error, waker: &Waker) -> ReconnectStep {
        let now = Instant::now();
        let (expired, step) = {
            let mut state = lock(&self.state);
            state.set_deadlines(timeout.and_then(|timeout| now.checked_add(timeout)));
            let expired = state.take_expired(now);
            if state.driver_waker.is_none() {
                state.driver_waker = Some(waker.clone());
            }
            let next = state.parked.front().and_then(|parked| parked.pending.deadline);
            (expired, if state.is_finished() { ReconnectStep::Stop } else { ReconnectStep::WaitUntil(next) })
        };
        let after = timeout.unwrap_or_default();
        for sender in expired {
            sender.send(Err(RequestError::NotSent(Error::Unavailable { after, source: why.clone().into() })));
        }
        step
    }

    /// Fails all parked requests with `why`.
    pub(super) fn fail_parked(&self, why: &Error) {
        let parked = lock(&self.state).take_parked();
        fail_all(parked, why);
    }

    /// Fails all parked requests with `why`, since no supervisor reconnects; the next request spawns one.
    pub(super) fn unsupervise(&self, why: &Error) {
        let parked = {
            let mut state = lock(&self.state);
            state.connection = ConnectionState::Unsupervised;
            state.take_parked()
        };
        fail_all(parked, why);
    }

    /// Returns whether no connection is needed any more.
    pub(super) fn is_finished(&self) -> bool {
        lock(&self.state).is_finished()
    }

    /// Counts the requests that the driver has not taken, and the bytes that are not written.
    pub(super) fn count(&self) -> QueueCount {
        let state = lock(&self.state);
        let parked = state.parked.iter().filter(|parked| !parked.pending.is_cancelled()).count();
        QueueCount { requests: state.pending.len() + parked, unwritten_bytes: self.unwritten(&state) }
    }

    /// Frees buffers that were large and are empty now.
    pub(super) fn shrink(&self) {
        let mut state = lock(&self.state);
        state.pending.shrink_to(64);
        if state.tail.is_empty() && state.tail.capacity() > SMALL {
            state.tail = Vec::new();
        }
    }
}

impl State {
    /// Refuses a request that cannot be taken.
    fn admit(&self, framing: Framing) -> Result<(), Error> {
        if self.drain != Drain::Open {
            return Err(Error::Closed);
        }
        match (framing, self.connection, &self.multi_refused) {
            (Framing::Transaction, ConnectionState::Connected, Some(error)) => Err(refused_multi(error)),
            _ => Ok(()),
        }
    }

    fn is_finished(&self) -> bool {
        match self.drain {
            Drain::Open => false,
            Drain::Draining => self.parked.is_empty() && self.pending.is_empty(),
            Drain::Immediate => true,
        }
    }

    fn append(&mut self, request: Cow<'_, [u8]>) {
        self.submitted += request.len() as u64;
        if request.len() < LARGE {
            self.tail.extend_from_slice(&request);
            if let Cow::Owned(request) = request {
                buffer_cache::put(request);
            }
            return;
        }
        if !self.tail.is_empty() {
            self.head.push_back(mem::take(&mut self.tail));
        }
        self.head.push_back(request.into_owned());
    }

    fn park(&mut self, pending: PendingRequest, bytes: Vec<u8>) {
        if pending.is_cancelled() {
            return;
        }
        self.parked_bytes += bytes.len();
        self.parked.push_back(ParkedRequest { pending, bytes });
    }

    /// Moves what is to be written next into `out`, which is empty; its memory is kept for later requests.
    fn next_write(&mut self, out: &mut Vec<u8>) {
        match self.head.pop_front() {
            Some(next) => *out = next,
            None => mem::swap(&mut self.tail, out),
        }
    }

    /// Drops parked requests whose callers have cancelled them.
    fn drop_cancelled(&mut self) {
        self.parked.retain(|parked| !parked.pending.is_cancelled());
        self.parked_bytes = self.parked.iter().map(|parked| parked.bytes.len()).sum();
    }

    fn take_parked(&mut self) -> VecDeque<ParkedRequest> {
        self.parked_bytes = 0;
        mem::take(&mut self.parked)
    }

    /// Sets the deadline of the requests that were parked since the last time.
    fn set_deadlines(&mut self, deadline: Option<Instant>) {
        if deadline.is_some() {
            let new = self.parked.iter_mut().rev().take_while(|parked| parked.pending.deadline.is_none());
            new.for_each(|parked| parked.pending.deadline = deadline);
        }
    }

    /// Takes out the first requests that were cancelled or are past their deadline.
    fn take_expired(&mut self, now: Instant) -> Vec<Sender> {
        let mut expired = Vec::new();
        while let Some(parked) = self.parked.pop_front() {
            if !parked.pending.is_cancelled() && parked.pending.deadline.is_none_or(|deadline| deadline > now) {
                self.parked.push_front(parked);
                break;
            }
            self.parked_bytes -= parked.bytes.len();
            expired.extend(parked.pending.sender);
        }
        expired
    }
}

impl PendingRequest {
    /// Returns whether the caller has timed out or was dropped.
    fn is_cancelled(&self) -> bool {
        self.sender.as_ref().is_none_or(Sender::is_closed)
    }
}

fn fail_all(parked: VecDeque<ParkedRequest>, why: &Error) {
    for sender in parked.into_iter().filter_map(|parked| parked.pending.sender) {
        sender.send(Err(RequestError::NotSent(why.clone())));
    }
}

fn refused_multi(error: &ServerError) -> Error {
    Error::Server { at: MULTI, error: error.clone().proving_not_run() }
}
