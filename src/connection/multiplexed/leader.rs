//! Who drives the shared connection: a task, or a caller that is alone, for two switches between tasks cost more than all
//! else that is done for a small request. Whoever reads last is woken by the socket, so the rule is: the task reads, unless
//! one caller is alone and leads. Whoever comes then wakes the task, which takes over for good; a caller that leaves before
//! puts the task back.
//!
//! Callers are woken with the seat locked. A waker that polls its future at once, within `wake`, would wait for itself here;
//! those of tokio never do.

use super::{driver::Driver, oneshot::Reply};
use crate::connection::{failure::Broken, sync::lock};
use std::{
    future::Future,
    pin::Pin,
    sync::Mutex,
    task::{Context, Poll, Waker},
};

/// Where the driver sits, for those who may take the wheel.
#[derive(Default)]
pub(super) struct Seat(Mutex<Seating>);

#[derive(Default)]
struct Seating {
    /// `None` while there is no connection.
    driver: Option<Driver>,
    /// How the connection ended, which the task does not know yet, and whether it was of use to somebody.
    ended: Option<(Broken, bool)>,
}

impl Seat {
    /// Takes the driver of a new connection; the task, which does that, drives it next.
    pub(super) fn take(&self, driver: Driver) {
        *lock(&self.0) = Seating { driver: Some(driver), ended: None };
    }

    /// Drives, whenever no caller does, until the connection has ended, and returns how, and whether it was of use to
    /// somebody.
    pub(super) fn drive(&self) -> impl Future<Output = (Broken, bool)> + Send {
        Drive(self)
    }

    /// Writes what the caller has submitted and begins to read for it, if nobody else waits; returns the number of the
    /// connection then. `None` when the caller has nothing more to do but wait.
    pub(super) fn lead(&self, caller: &mut Context<'_>, task: &Waker) -> Option<u64> {
        let led = self.0.try_lock().ok().and_then(|mut seating| {
            let driver = seating.driver.as_mut().filter(|driver| driver.is_idle())?;
            let epoch = driver.epoch();
            let polled = driver.poll(caller, &mut Context::from_waker(task));
            let leads = driver.lead();
            (seating.end_if(polled) && leads).then_some(epoch)
        });
        if led.is_none() {
            task.wake_by_ref();
        }
        led
    }

    /// Reads for a caller that leads on the connection of that number, and looks for its reply then. False when it leads no
    /// more, because the task has taken over.
    pub(super) fn read(&self, caller: &mut Context<'_>, epoch: u64, reply: &Reply) -> bool {
        let mut leads = false;
        self.poll_on(epoch, |driver| {
            leads = driver.is_led();
            if leads { driver.poll_answer(caller, reply) } else { Poll::Pending }
        });
        leads
    }

    /// Puts the task back, now that the caller leaves.
    pub(super) fn follow(&self, epoch: u64) {
        self.poll_on(epoch, Driver::poll_read_for_task);
    }

    fn poll_on(&self, epoch: u64, poll: impl FnOnce(&mut Driver) -> Poll<Broken>) {
        let mut seating = lock(&self.0);
        if let Some(driver) = seating.driver.as_mut().filter(|driver| driver.epoch() == epoch) {
            let polled = poll(driver);
            seating.end_if(polled);
        }
    }

    /// Ends the connection, if there is one; the next to drive is told.
    pub(super) fn end(&self, broken: Broken) {
        let mut seating = lock(&self.0);
        seating.end(broken.clone());
        seating.ended.get_or_insert((broken, true));
    }

    /// How many requests have no answer yet, of those that the driver has seen, and how many of them are not written.
    pub(super) fn unanswered(&self) -> (usize, usize) {
        lock(&self.0).driver.as_ref().map_or((0, 0), Driver::unanswered)
    }
}

impl Seating {
    /// Ends the connection if `polled` says so; true if it does not.
    fn end_if(&mut self, polled: Poll<Broken>) -> bool {
        match polled {
            Poll::Ready(broken) => {
                self.end(broken);
                false
            }
            Poll::Pending => true,
        }
    }

    /// Tells everybody, and closes the socket.
    fn end(&mut self, broken: Broken) {
        if let Some(driver) = self.driver.take() {
            let served = driver.has_served();
            driver.wake_task();
            driver.finish(&broken);
            self.ended = Some((broken, served));
        }
    }
}

/// The task that drives when no caller does.
struct Drive<'a>(&'a Seat);

impl Future for Drive<'_> {
    type Output = (Broken, bool);

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut seating = lock(&self.0.0);
        if let Some(driver) = &mut seating.driver {
            driver.is_driven_by(cx.waker());
            driver.take_back();
            let polled = driver.poll(&mut Context::from_waker(cx.waker()), cx);
            seating.end_if(polled);
        }
        seating.ended.take().map_or(Poll::Pending, Poll::Ready)
    }
}
