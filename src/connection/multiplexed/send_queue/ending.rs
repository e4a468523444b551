//! The ends of a connection that its client decides: the client was closed, a node leaves, the connection is out of step, or its
//! server is not the one to be used.

use super::{Drain, GivingUp, SendQueue, State};
use crate::{
    connection::{
        multiplexed::parked::{ParkedRequest, fail_all},
        state::{ConnectionState, Epoch},
        sync::lock,
        transport::closed,
    },
    error::Error,
};
use std::{collections::VecDeque, sync::atomic::Ordering};

impl SendQueue {
    /// Takes no more requests, and ends the connection as `drain` says. Returns whether no supervisor runs, so that none ever will.
    pub(in crate::connection::multiplexed) fn close(&self, drain: Drain) -> bool {
        self.wake_with(|state| {
            self.ending.store(true, Ordering::Release);
            if state.drain != Drain::Immediate {
                state.drain = drain;
            }
            state.connection == ConnectionState::Unsupervised
        })
    }

    /// Takes no more requests, since the node leaves for `reason`: fails those that are not written and not about to be, and ends
    /// the connection when the others have their responses.
    pub(in crate::connection::multiplexed) fn depart(&self, reason: &'static str) {
        let unwritten = self.wake_with(|state| {
            self.ending.store(true, Ordering::Release);
            if state.drain == Drain::Open {
                state.drain = Drain::Draining;
                state.leaving = Some(reason);
            }
            self.take_unwritten(state)
        });
        unwritten.into_iter().for_each(|requests| fail_all(requests, &not_sent(reason)));
    }

    /// Fails, on a node that leaves, the requests that were parked when its connection was lost.
    pub(in crate::connection::multiplexed) fn fail_left_behind(&self) {
        let leaving = lock(&self.state).leaving;
        if let Some(reason) = leaving {
            self.fail_unwritten(&not_sent(reason));
        }
    }

    /// Fails with `why` the requests that are parked. Those that wait for room meanwhile are parked next.
    pub(in crate::connection::multiplexed) fn fail_parked(&self, why: &Error) {
        let parked = lock(&self.state).parked.take();
        fail_all(parked, why);
    }

    /// Fails with `why` the requests that are parked or wait for room.
    pub(in crate::connection::multiplexed) fn fail_unwritten(&self, why: &Error) {
        let unwritten = self.wake_with(|state| self.take_unwritten(state));
        unwritten.into_iter().for_each(|requests| fail_all(requests, why));
    }

    /// Takes the requests that are parked or wait for room.
    pub(super) fn take_unwritten(&self, state: &mut State) -> [VecDeque<ParkedRequest>; 2] {
        let taken = [state.parked.take(), state.line.take()];
        self.line_moved(state);
        taken
    }

    /// Returns whether the connection ends when its replies are in, so that the task has to look.
    pub(in crate::connection::multiplexed) fn ending(&self) -> bool {
        self.ending.load(Ordering::Acquire)
    }

    /// Returns whether no more requests are taken.
    pub(in crate::connection::multiplexed) fn is_closed(&self) -> bool {
        lock(&self.state).drain != Drain::Open
    }

    /// Has the driver give up the present connection, if there is one, for `reason`, once the requests written on it have their
    /// replies. What was not written goes out on the next. Without `wake` the driver must be being polled. Returns the number of
    /// the connection.
    pub(in crate::connection::multiplexed) fn retire(&self, reason: &'static str, wake: bool) -> Option<Epoch> {
        let mut retired = None;
        let mut retire = |state: &mut State| {
            if state.connection == ConnectionState::Connected && state.giving_up.is_none() {
                self.ending.store(true, Ordering::Release);
                state.giving_up = Some(GivingUp { reason, gracefully: true });
                retired = state.epoch;
            }
        };
        if wake {
            self.wake_with(retire)
        } else {
            retire(&mut lock(&self.state))
        }
        retired
    }

    /// Has the driver give up the connection with this number at once, for `reason`. What was not written goes out on the next.
    pub(in crate::connection::multiplexed) fn give_up(&self, epoch: Option<Epoch>, reason: &'static str) {
        self.wake_with(|state| {
            if state.epoch == epoch {
                state.giving_up = Some(GivingUp { reason, gracefully: false });
            }
        });
    }

    /// Returns how the connection is given up, unless it ends because the client was closed.
    pub(in crate::connection::multiplexed) fn giving_up(&self) -> Option<GivingUp> {
        let state = lock(&self.state);
        state.giving_up.filter(|_| state.drain != Drain::Immediate)
    }

    pub(super) fn wake_with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let (changed, waker) = {
            let mut state = lock(&self.state);
            (change(&mut state), state.driver_waker.take())
        };
        // Woken without the lock, since the driver may run at once.
        if let Some(waker) = waker {
            waker.wake();
        }
        changed
    }
}

impl State {
    /// The error of a request that is not taken any more.
    #[cold]
    pub(super) fn refusal(&self) -> Error {
        self.leaving.map_or(Error::Closed, not_sent)
    }
}

/// The error of requests that are not sent to a node, for `reason`, though they may be to another one.
pub(in crate::connection) fn not_sent(reason: &'static str) -> Error {
    Error::NotSent { source: closed(reason).into() }
}
