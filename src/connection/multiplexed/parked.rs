//! Requests without a response, and those among them that are parked: they wait for a connection while there is none.

use super::oneshot::{Receiver, Sender};
use crate::{connection::failure::RequestError, error::Error, resp::Framing};
use std::{collections::VecDeque, mem};
use tokio::time::Instant;

/// A request without a response.
pub(super) struct PendingRequest {
    /// The number of replies to the request.
    pub(super) replies: usize,
    /// The start of the request among all bytes submitted on this connection.
    pub(super) start: u64,
    /// A transaction must not be sent where MULTI is refused.
    pub(super) framing: Framing,
    /// Set by the driver when it takes the request, so that callers read no clock.
    pub(super) deadline: Option<Instant>,
    /// `None` once the caller has timed out; the replies still have to be read.
    pub(super) sender: Option<Sender>,
}

/// A request that waits for a connection, or for room in the queue.
pub(super) struct ParkedRequest {
    pub(super) pending: PendingRequest,
    pub(super) bytes: Vec<u8>,
}

/// Requests that wait for a connection, or for room in the queue, in order.
#[derive(Default)]
pub(super) struct ParkedRequests {
    requests: VecDeque<ParkedRequest>,
    bytes: usize,
}

impl ParkedRequests {
    pub(super) fn is_empty(&self) -> bool {
        self.requests.is_empty()
    }

    /// The number of bytes of the first one.
    pub(super) fn first_size(&self) -> Option<usize> {
        self.requests.front().map(|first| first.bytes.len())
    }

    /// Takes the first one.
    pub(super) fn pop(&mut self) -> Option<ParkedRequest> {
        let first = self.requests.pop_front()?;
        self.bytes -= first.bytes.len();
        Some(first)
    }

    /// The number of bytes of all of them.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Counts those whose callers still wait.
    pub(super) fn count(&self) -> usize {
        self.requests.iter().filter(|parked| !parked.pending.is_cancelled()).count()
    }

    pub(super) fn push(&mut self, pending: PendingRequest, bytes: Vec<u8>) {
        if pending.is_cancelled() {
            return;
        }
        self.bytes += bytes.len();
        self.requests.push_back(ParkedRequest { pending, bytes });
    }

    /// Takes all of them.
    pub(super) fn take(&mut self) -> VecDeque<ParkedRequest> {
        mem::take(self).requests
    }

    /// Drops requests whose callers have cancelled them.
    pub(super) fn drop_cancelled(&mut self) {
        self.requests.retain(|parked| !parked.pending.is_cancelled());
        self.bytes = self.requests.iter().map(|parked| parked.bytes.len()).sum();
    }

    /// Returns the deadline of the first one.
    pub(super) fn next_deadline(&self) -> Option<Instant> {
        self.requests.front().and_then(|parked| parked.pending.deadline)
    }

    /// Sets the deadline of the requests that were parked since the last time.
    pub(super) fn set_deadlines(&mut self, deadline: Option<Instant>) {
        if deadline.is_some() {
            let new = self.requests.iter_mut().rev().take_while(|parked| parked.pending.deadline.is_none());
            new.for_each(|parked| parked.pending.deadline = deadline);
        }
    }

    /// Takes out the first requests that were cancelled or are past their deadline.
    pub(super) fn take_expired(&mut self, now: Instant) -> Vec<Sender> {
        let mut expired = Vec::new();
        while let Some(parked) = self.requests.pop_front() {
            if !parked.pending.is_cancelled() && parked.pending.deadline.is_none_or(|deadline| deadline > now) {
                self.requests.push_front(parked);
                break;
            }
            self.bytes -= parked.bytes.len();
            expired.extend(parked.pending.sender);
        }
        expired
    }

    /// Takes out the request that `receiver` waits for.
    pub(super) fn take_out(&mut self, receiver: &Receiver) -> Option<PendingRequest> {
        let index = self.requests.iter().position(|parked| parked.pending.is_of(receiver))?;
        let parked = self.requests.remove(index)?;
        self.bytes -= parked.bytes.len();
        Some(parked.pending)
    }
}

impl PendingRequest {
    /// Returns whether the caller has timed out or was dropped.
    pub(super) fn is_cancelled(&self) -> bool {
        self.sender.as_ref().is_none_or(Sender::is_closed)
    }

    /// Returns whether `receiver` waits for its response.
    pub(super) fn is_of(&self, receiver: &Receiver) -> bool {
        self.sender.as_ref().is_some_and(|sender| sender.is_paired_with(receiver))
    }
}

/// Fails all of `parked` with `why`.
pub(super) fn fail_all(parked: VecDeque<ParkedRequest>, why: &Error) {
    for sender in parked.into_iter().filter_map(|parked| parked.pending.sender) {
        sender.send(Err(RequestError::NotSent(why.clone())));
    }
}
