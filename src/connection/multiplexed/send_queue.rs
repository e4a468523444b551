//! The queue between callers and the driver of the shared connection. It outlives a connection: requests that were not
//! written when one ended are parked here for the next.
//!
//! - `ending`: closing the queue, and giving up its connection
//! - `room`: requests that wait for room while the queue is full

mod ending;
mod room;

pub(in crate::connection) use ending::not_sent;

use super::{
    oneshot::{self, Receiver},
    parked::{ParkedRequest, ParkedRequests, PendingRequest, fail_all},
};
use crate::{
    connection::{
        config::Settings,
        failure::RequestError,
        multi_access::MultiAccess,
        state::{ConnectionState, Epoch},
        sync::{lock, wake},
        transport::SMALL,
    },
    error::Error,
    resp::{Framing, buffer_cache, control::PING},
};
use std::{
    borrow::Cow,
    collections::VecDeque,
    mem,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    task::Waker,
    time::Duration,
};
use tokio::{runtime, time::Instant};

/// A request of this size is written by itself, without a copy; smaller ones are appended to each other, so that one write
/// takes them all.
const LARGE: usize = 8 * 1024;

/// The queue of a shared connection. While there is a connection, its lock is held for no more than the copy of a small
/// request.
pub(super) struct SendQueue {
    state: Mutex<State>,
    /// The number of bytes that may wait to be written.
    limit: usize,
    /// The number of bytes of requests that may wait for room beyond that.
    max_waiting: usize,
    /// How long a request may wait for room.
    response_timeout: Option<Duration>,
    /// The number of bytes written on this connection. Stored without the lock, at each write.
    written: AtomicU64,
    /// Whether a transaction may be sent.
    multi: Arc<MultiAccess>,
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
    /// The requests that wait for a connection, while there is none.
    parked: ParkedRequests,
    /// The number of bytes up to which a request is taken at once: the limit, or none while others wait for room.
    taken_at_once: usize,
    /// The requests that wait for room.
    line: ParkedRequests,
    /// The runtime of the supervisor, or that of the first one to come.
    supervisor_runtime: Option<runtime::Id>,
    connection: ConnectionState,
    /// The number of the connection; `None` before the first.
    epoch: Option<Epoch>,
    /// The driver is to give up the connection.
    giving_up: Option<GivingUp>,
    drain: Drain,
    /// The server is a node that leaves, for this reason.
    leaving: Option<&'static str>,
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

/// The end of a connection that is in order.
#[derive(Clone, Copy)]
pub(super) struct GivingUp {
    pub(super) reason: &'static str,
    /// The requests written on it are to have their replies first.
    pub(super) gracefully: bool,
}

/// A request that was taken, or waits for room.
pub(super) struct Submitted {
    pub(super) receiver: Receiver,
    /// The driver's waker, if the driver sleeps: the caller must wake it, or lead.
    pub(super) driver_waker: Option<Waker>,
    /// There is neither a connection nor a supervisor: the caller must spawn one.
    pub(super) unsupervised: bool,
    /// The caller runs on another runtime than the supervisor, or on none of tokio. It needs a timer of its own, since that
    /// runtime may stand still.
    pub(super) foreign: bool,
    /// The request waits for room. The caller needs a timer of its own, and takes the request along if it leaves.
    pub(super) waits: bool,
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
    /// Requests that the driver has not taken, those that wait for room included.
    pub(super) requests: usize,
    /// Bytes that are not written, those that the driver has taken included.
    pub(super) unwritten_bytes: usize,
    /// Bytes of the requests that wait for room.
    pub(super) waiting_bytes: usize,
}

impl SendQueue {
    pub(super) fn new(settings: &Settings, multi: Arc<MultiAccess>) -> Self {
        let limit = settings.max_queued_bytes;
        SendQueue {
            state: Mutex::new(State { taken_at_once: limit, ..State::default() }),
            limit,
            max_waiting: settings.max_waiting_bytes,
            response_timeout: settings.response_timeout,
            written: AtomicU64::new(0),
            multi,
            ending: AtomicBool::new(false),
        }
    }

    /// Sets the runtime of the supervisor, which may be spawned later.
    pub(super) fn set_supervisor_runtime(&self, runtime: runtime::Id) {
        lock(&self.state).supervisor_runtime = Some(runtime);
    }

    /// Takes a request of so many replies by a caller on `runtime`, whose response wakes `waker`.
    #[inline(always)]
    pub(super) fn submit(
        &self,
        (replies, framing): (usize, Framing),
        bytes: Cow<'_, [u8]>,
        waker: &Waker,
        runtime: Option<runtime::Id>,
    ) -> Result<Submitted, Error> {
        let (sender, receiver) = oneshot::channel(waker);
        // The driver sets the deadline, so that callers read no clock.
        let pending = PendingRequest { replies, start: 0, framing, deadline: None, sender: Some(sender) };
        let mut state = lock(&self.state);
        state.admit(framing, &self.multi)?;
        let unsupervised = state.connection == ConnectionState::Unsupervised;
        let with_it = self.unwritten(&state).saturating_add(bytes.len());
        let waits = with_it > state.taken_at_once && !self.makes_room(&mut state, bytes.len());
        if !waits {
            state.take(pending, bytes);
        } else if state.line.bytes().saturating_add(bytes.len()) <= self.max_waiting {
            self.wait_in_line(&mut state, pending, bytes.into_owned());
        } else {
            return Err(self.full(&state));
        }
        if unsupervised {
            state.supervisor_runtime = state.supervisor_runtime.or(runtime);
        }
        let foreign = runtime != state.supervisor_runtime;
        Ok(Submitted { receiver, driver_waker: state.driver_waker.take(), unsupervised, foreign, waits })
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

    /// Moves new requests to the driver's `pending` and, if `out` is empty, what is to be written next into it. Registers
    /// `waker` for new submissions, and adds to `wakers` callers that have a response. Returns whether more is to be written, or
    /// waits for room, or `None` when the driver has to end the connection.
    pub(super) fn collect(
        &self,
        out: &mut Vec<u8>,
        pending: &mut VecDeque<PendingRequest>,
        waker: &Waker,
        wakers: &mut Vec<Waker>,
    ) -> Option<bool> {
        let mut state = lock(&self.state);
        if !state.line.is_empty() {
            self.take_line(&mut state, wakers);
        }
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
            Drain::Draining => pending.is_empty() && out.is_empty() && state.line.is_empty(),
            Drain::Immediate => true,
        };
        let more = !state.head.is_empty() || !state.tail.is_empty() || !state.line.is_empty();
        (state.giving_up.is_none() && !closed).then_some(more)
    }

    /// Stores how many bytes were written on this connection.
    #[inline]
    pub(super) fn wrote(&self, written: u64) {
        self.written.store(written, Ordering::Relaxed);
    }

    fn unwritten(&self, state: &State) -> usize {
        state.submitted.saturating_sub(self.written.load(Ordering::Relaxed)) as usize + state.parked.bytes()
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
        parked.into_iter().rev().for_each(|ParkedRequest { pending, bytes }| state.parked.push(pending, bytes));
    }

    /// Opens the queue for a new connection and returns its number. Parked requests go out first, without those that were
    /// cancelled, and without transactions if the server refuses them.
    pub(super) fn open(&self) -> Epoch {
        let (refusal, mut refused) = (self.multi.check().err(), Vec::new());
        let epoch = {
            let mut state = lock(&self.state);
            state.submitted = 0;
            self.wrote(0);
            for ParkedRequest { mut pending, bytes } in state.parked.take() {
                if pending.is_cancelled() {
                    continue;
                }
                if pending.framing == Framing::Transaction && refusal.is_some() {
                    refused.extend(pending.sender.take());
                    continue;
                }
                pending.start = state.submitted;
                state.pending.push_back(pending);
                state.append(bytes.into());
            }
            state.connection = ConnectionState::Connected;
            state.giving_up = None;
            self.ending.store(state.drain != Drain::Open, Ordering::Release);
            let epoch = Epoch::after(state.epoch);
            state.epoch = Some(epoch);
            epoch
        };
        for (sender, error) in refused.into_iter().zip(refusal.iter().cycle()) {
            sender.send(Err(RequestError::NotSent(error.clone())));
        }
        epoch
    }

    /// Fails parked requests that are past their deadline with `why`, and returns the next deadline. Registers `waker` for
    /// new submissions.
    pub(super) fn expire_parked(&self, timeout: Option<Duration>, why: &Error, waker: &Waker) -> ReconnectStep {
        let now = Instant::now();
        let mut wakers = Vec::new();
        let (expired, step) = {
            let mut state = lock(&self.state);
            state.parked.set_deadlines(timeout.and_then(|timeout| now.checked_add(timeout)));
            let expired = state.parked.take_expired(now);
            if state.driver_waker.is_none() {
                state.driver_waker = Some(waker.clone());
            }
            if !state.line.is_empty() {
                state.parked.drop_cancelled();
                self.take_line(&mut state, &mut wakers);
            }
            let next = ReconnectStep::WaitUntil(state.parked.next_deadline());
            (expired, if self.finished(&state) { ReconnectStep::Stop } else { next })
        };
        wakers.into_iter().for_each(wake);
        let after = timeout.unwrap_or_default();
        for sender in expired {
            sender.send(Err(RequestError::NotSent(Error::Unavailable { after, source: why.clone().into() })));
        }
        step
    }

    /// Fails with `why` all requests that are parked or wait for room, since no supervisor reconnects; the next request spawns
    /// one.
    pub(super) fn unsupervise(&self, why: &Error) {
        let unwritten = {
            let mut state = lock(&self.state);
            state.connection = ConnectionState::Unsupervised;
            state.supervisor_runtime = None;
            self.take_unwritten(&mut state)
        };
        unwritten.into_iter().for_each(|requests| fail_all(requests, why));
    }

    /// Returns whether there has been a connection.
    pub(super) fn was_open(&self) -> bool {
        lock(&self.state).epoch.is_some()
    }

    /// Returns whether there is a connection, and requests are taken.
    pub(super) fn is_open(&self) -> bool {
        let state = lock(&self.state);
        state.connection == ConnectionState::Connected && state.drain == Drain::Open
    }

    /// Returns whether no connection is needed any more.
    pub(super) fn is_finished(&self) -> bool {
        self.finished(&lock(&self.state))
    }

    fn finished(&self, state: &State) -> bool {
        match state.drain {
            Drain::Open => false,
            Drain::Draining => state.parked.is_empty() && state.pending.is_empty() && state.line.is_empty(),
            Drain::Immediate => true,
        }
    }

    /// Fails the request that `receiver` waits for, if the driver has not taken it; returns whether it did. A parked one fails
    /// with `why`, since nothing of it was or will be sent, and so does one that waits for room, since there was none.
    pub(super) fn expire_for(&self, receiver: &Receiver, after: Duration, why: impl FnOnce() -> Error) -> bool {
        let (parked, queued) = {
            let mut state = lock(&self.state);
            let parked = state.parked.take_out(receiver).and_then(|parked| parked.sender);
            let queued = state.pending.iter_mut().find(|request| request.is_of(receiver));
            (parked, queued.and_then(|request| request.sender.take()))
        };
        let error = match parked {
            Some(_) => RequestError::NotSent(Error::Unavailable { after, source: why().into() }),
            None => RequestError::TimedOut { answered: 0, after },
        };
        match parked.or(queued) {
            Some(sender) => sender.send(Err(error)),
            None => return self.expire_in_line(receiver),
        }
        true
    }

    /// Counts the requests that the driver has not taken, and the bytes that are not written.
    pub(super) fn count(&self) -> QueueCount {
        let state = lock(&self.state);
        // The PING of a health check has no caller.
        let pending = state.pending.iter().filter(|pending| pending.sender.is_some()).count();
        QueueCount {
            requests: pending + state.parked.count() + state.line.count(),
            unwritten_bytes: self.unwritten(&state),
            waiting_bytes: state.line.bytes(),
        }
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
    fn admit(&self, framing: Framing, multi: &MultiAccess) -> Result<(), Error> {
        if self.drain != Drain::Open {
            return Err(self.refusal());
        }
        match (framing, self.connection) {
            (Framing::Transaction, ConnectionState::Connected) => multi.check(),
            _ => Ok(()),
        }
    }

    /// Takes a request for which there is room.
    #[inline(always)]
    fn take(&mut self, mut pending: PendingRequest, bytes: Cow<'_, [u8]>) {
        pending.start = self.submitted;
        if self.connection == ConnectionState::Connected {
            self.pending.push_back(pending);
            self.append(bytes);
        } else {
            self.connection = ConnectionState::Reconnecting;
            self.parked.push(pending, bytes.into_owned());
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

    /// Moves what is to be written next into `out`, which is empty; its memory is kept for later requests.
    fn next_write(&mut self, out: &mut Vec<u8>) {
        match self.head.pop_front() {
            Some(next) => *out = next,
            None => mem::swap(&mut self.tail, out),
        }
    }
}
