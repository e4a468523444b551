//! Leader/follower scheduling of the shared connection's driver. With one caller at a time, two task switches would cost
//! more than the request itself, so a caller that is alone drives the socket: it is the leader. A socket wakes the waker
//! that polled it last; therefore the supervisor's task polls unless a caller leads, a second caller wakes the task, which
//! then drives for good, and a leader that leaves polls once with the task's waker.
//!
//! Wakers are collected under the lock and woken after it is released, so a waker that polls its future within `wake` may
//! take the lock again.

use super::{
    driver::{Driver, PendingCount},
    oneshot::Receiver,
};
use crate::connection::{
    failure::Disconnect,
    state::Epoch,
    sync::{lock, wake},
};
use std::{
    future::Future,
    mem,
    pin::Pin,
    sync::{Mutex, MutexGuard},
    task::{Context, Poll, Waker},
};
use tokio::time::Instant;

/// The lock around the shared connection's driver.
#[derive(Default)]
pub(super) struct LeaderLock(Mutex<DriverState>);

#[derive(Default)]
struct DriverState {
    /// `None` while there is no connection.
    driver: Option<Driver>,
    /// The end of the connection, until the supervisor takes it.
    ended: Option<Ended>,
    /// The wakers that the last driver left when its connection ended.
    wakers: Vec<Waker>,
}

/// The end of a connection.
pub(super) struct Ended {
    pub(super) disconnect: Disconnect,
    /// A response came on it.
    pub(super) had_response: bool,
}

impl LeaderLock {
    /// Puts in the driver of a new connection.
    pub(super) fn install(&self, driver: Driver) {
        *lock(&self.0) = DriverState { driver: Some(driver), ..DriverState::default() };
    }

    /// Drives, while no caller leads, until the connection has ended.
    pub(super) fn drive(&self) -> impl Future<Output = Ended> + Send {
        Drive(self)
    }

    /// Writes the request that the caller has just submitted and begins to read for it, if no other request is pending.
    /// Returns the connection's number when the caller leads, and wakes `task` when it does not.
    pub(super) fn try_lead(&self, caller: &mut Context<'_>, task: &Waker) -> Option<Epoch> {
        let led_epoch = self.0.try_lock().ok().and_then(|mut state| {
            let driver = state.driver.as_mut().filter(|driver| driver.may_be_led())?;
            let epoch = driver.epoch();
            let polled = driver.poll(caller, &mut Context::from_waker(task));
            let leads = driver.try_lead();
            let leads = state.still_connected(polled) && leads;
            self.release(state);
            leads.then_some(epoch)
        });
        if led_epoch.is_none() {
            task.wake_by_ref();
        }
        led_epoch
    }

    /// Reads for the leader of the connection with this number, which polls `receiver` next. False when the task has taken
    /// over, so that the caller leads no more.
    pub(super) fn poll_led(&self, caller: &mut Context<'_>, epoch: Epoch, receiver: &Receiver) -> bool {
        let mut leads = false;
        self.with_connection(epoch, |driver| {
            leads = driver.caller_leads();
            if leads { driver.poll_response(caller, receiver) } else { Poll::Pending }
        });
        leads
    }

    /// Ends the caller's lead: the task's waker is the one that the socket wakes from here on.
    pub(super) fn step_down(&self, epoch: Epoch) {
        self.with_connection(epoch, Driver::poll_read_for_task);
    }

    /// Fails the requests that are past their deadline. Returns the deadline of the request that `receiver` waits for, if it
    /// is still to be waited for.
    pub(super) fn expire_for(&self, receiver: &Receiver) -> Option<Instant> {
        let mut state = lock(&self.0);
        let deadline = match state.driver.as_mut()?.expire_for(receiver) {
            Ok(deadline) => deadline,
            Err(disconnect) => {
                state.end(disconnect);
                None
            }
        };
        self.release(state);
        deadline
    }

    fn with_connection(&self, epoch: Epoch, poll: impl FnOnce(&mut Driver) -> Poll<Disconnect>) {
        let mut state = lock(&self.0);
        if let Some(driver) = state.driver.as_mut().filter(|driver| driver.epoch() == epoch) {
            let polled = poll(driver);
            state.still_connected(polled);
        }
        self.release(state);
    }

    /// Ends the connection, if there is one. The next poll of [`drive`](LeaderLock::drive) returns in any case.
    pub(super) fn disconnect(&self, disconnect: Disconnect) {
        let mut state = lock(&self.0);
        state.end(disconnect.clone());
        state.ended.get_or_insert(Ended { disconnect, had_response: true });
        self.release(state);
    }

    /// Releases the lock and then wakes the wakers that were collected under it.
    #[inline(always)]
    fn release(&self, state: MutexGuard<'_, DriverState>) {
        if state.has_wakers() {
            self.release_and_wake(state);
        }
    }

    #[inline(never)]
    fn release_and_wake(&self, mut state: MutexGuard<'_, DriverState>) {
        let mut wakers = state.take_wakers();
        drop(state);
        wakers.drain(..).for_each(wake);
        if let Ok(DriverState { driver: Some(driver), .. }) = self.0.try_lock().as_deref_mut() {
            driver.reuse_wakers(wakers);
        }
    }

    /// Counts the requests that the driver has taken from the queue.
    pub(super) fn pending(&self) -> PendingCount {
        lock(&self.0).driver.as_ref().map(Driver::count_pending).unwrap_or_default()
    }
}

impl DriverState {
    #[inline(always)]
    fn has_wakers(&self) -> bool {
        match &self.driver {
            Some(driver) => driver.has_wakers(),
            None => !self.wakers.is_empty(),
        }
    }

    fn take_wakers(&mut self) -> Vec<Waker> {
        match &mut self.driver {
            Some(driver) => driver.take_wakers(),
            None => mem::take(&mut self.wakers),
        }
    }

    /// Ends the connection if the driver's poll says so; returns whether it goes on.
    fn still_connected(&mut self, polled: Poll<Disconnect>) -> bool {
        match polled {
            Poll::Ready(disconnect) => {
                self.end(disconnect);
                false
            }
            Poll::Pending => true,
        }
    }

    /// Fails the pending requests and closes the socket.
    fn end(&mut self, disconnect: Disconnect) {
        if let Some(driver) = self.driver.take() {
            let had_response = driver.had_response();
            self.wakers = driver.finish(&disconnect);
            self.ended = Some(Ended { disconnect, had_response });
        }
    }
}

/// The future of the supervisor's task, which drives when no caller leads.
struct Drive<'a>(&'a LeaderLock);

impl Future for Drive<'_> {
    type Output = Ended;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let leader = self.0;
        let mut state = lock(&leader.0);
        if let Some(driver) = &mut state.driver {
            driver.set_task_waker(cx.waker());
            driver.end_lead();
            let polled = driver.poll(&mut Context::from_waker(cx.waker()), cx);
            state.still_connected(polled);
        }
        let ended = state.ended.take();
        leader.release(state);
        ended.map_or(Poll::Pending, Poll::Ready)
    }
}
