//! Backpressure: while the queue is full, requests wait in line beyond its limit, and the driver takes them in order as there is
//! room. So a large request is not overtaken by small ones, and a caller that is not polled any more holds up no
//! other one. A caller that leaves takes its request along.

use super::{Drain, SendQueue, State};
use crate::{
    connection::{
        failure::RequestError,
        multiplexed::{
            oneshot::Receiver,
            parked::{ParkedRequest, PendingRequest},
        },
        state::ConnectionState,
        sync::lock,
    },
    error::Error,
    resp::Framing,
};
use std::task::Waker;
use tokio::time::Instant;

impl SendQueue {
    /// Puts a request into the line.
    #[cold]
    pub(super) fn wait_in_line(&self, state: &mut State, mut pending: PendingRequest, bytes: Vec<u8>) {
        pending.deadline = self.response_timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        state.line.push(pending, bytes);
        state.taken_at_once = 0;
    }

    /// Returns the error of a request for which there is no room.
    pub(super) fn full(&self, state: &State) -> Error {
        let waiting = self.unwritten(state).saturating_add(state.line.bytes());
        Error::QueueFull { waiting, limit: self.limit }
    }

    /// Returns whether a request fits when those that were cancelled are dropped, and no other one waits for room.
    #[cold]
    pub(super) fn makes_room(&self, state: &mut State, bytes: usize) -> bool {
        if !state.line.is_empty() {
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

    /// Takes the requests in line for which there is room. Adds to `wakers` the callers of transactions that are refused.
    #[cold]
    pub(super) fn take_line(&self, state: &mut State, wakers: &mut Vec<Waker>) {
        while state.line.first_size().is_some_and(|bytes| self.has_room(state, bytes)) {
            let Some(ParkedRequest { mut pending, bytes }) = state.line.pop() else { break };
            let is_gated = pending.framing == Framing::Transaction && state.connection == ConnectionState::Connected;
            match self.multi.check() {
                Err(error) if is_gated => {
                    let sender = pending.sender.take();
                    wakers.extend(sender.and_then(|sender| sender.complete(Err(RequestError::NotSent(error)))));
                }
                _ => state.take(pending, bytes.into()),
            }
        }
        self.line_moved(state);
    }

    /// Takes requests at once again when the line is empty.
    pub(super) fn line_moved(&self, state: &mut State) {
        if state.line.is_empty() {
            state.taken_at_once = self.limit;
        }
    }

    /// Takes the request that `receiver` waits for out of the line. Returns it with the waker of the driver, which takes the ones
    /// behind it, or ends the connection of a closed client when it was the last one.
    fn take_out(&self, state: &mut State, receiver: &Receiver) -> Option<(Option<Waker>, PendingRequest)> {
        let pending = state.line.take_out(receiver)?;
        self.line_moved(state);
        let must_look = !state.line.is_empty() || state.drain != Drain::Open;
        Some((if must_look { state.driver_waker.take() } else { None }, pending))
    }

    /// Lets a caller leave the line, if it is in it.
    #[cold]
    pub(in crate::connection::multiplexed) fn leave(&self, receiver: &Receiver) {
        let left = self.take_out(&mut lock(&self.state), receiver);
        // Woken without the lock, since the driver may run at once.
        if let Some((Some(driver), _)) = left {
            driver.wake();
        }
    }

    /// Fails the request that `receiver` waits for, if it is in line; returns whether it was.
    pub(super) fn expire_in_line(&self, receiver: &Receiver) -> bool {
        let (left, error) = {
            let mut state = lock(&self.state);
            (self.take_out(&mut state, receiver), self.full(&state))
        };
        let Some((driver, pending)) = left else { return false };
        driver.inspect(Waker::wake_by_ref);
        if let Some(sender) = pending.sender {
            sender.send(Err(RequestError::NotSent(error)));
        }
        true
    }
}
