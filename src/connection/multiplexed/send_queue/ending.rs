//! The ends of a connection that its client decides: the client was closed, the connection is out of step, or its server is
//! not the one to be used.

use super::{Drain, GivingUp, SendQueue, State};
use crate::connection::{
    state::{ConnectionState, Epoch},
    sync::lock,
};
use std::sync::atomic::Ordering;

impl SendQueue {
    /// Takes no more requests, and ends the connection as `drain` says.
    pub(in crate::connection::multiplexed) fn close(&self, drain: Drain) {
        self.wake_with(|state| {
            self.ending.store(true, Ordering::Release);
            if state.drain != Drain::Immediate {
                state.drain = drain;
            }
        });
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

    pub(super) fn wake_with(&self, change: impl FnOnce(&mut State)) {
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
}
