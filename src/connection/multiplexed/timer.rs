//! The driver's timer, which costs one atomic load to check while it has not fired.

use crate::connection::sync::lock;
use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Wake, Waker},
    time::Duration,
};
use tokio::time::{Instant, Sleep, sleep};

/// A timer that wakes the driver. Polling tokio's `Sleep` takes a lock of the runtime, so it is polled only after it was
/// set and after it has woken.
pub(super) struct DriverTimer {
    sleep: Pin<Box<Sleep>>,
    shared: Arc<TimerWaker>,
    /// `shared` as the waker that `sleep` is polled with.
    waker: Waker,
}

#[derive(Default)]
struct TimerWaker {
    /// The `Sleep` has to be polled.
    must_poll: AtomicBool,
    driver: Mutex<Option<Waker>>,
}

impl DriverTimer {
    pub(super) fn new(after: Duration) -> Self {
        // A `Sleep` is registered with the runtime by its first poll.
        let shared = Arc::new(TimerWaker { must_poll: AtomicBool::new(true), driver: Mutex::default() });
        DriverTimer { sleep: Box::pin(sleep(after)), waker: shared.clone().into(), shared }
    }

    /// Sets the waker that is woken when the timer fires.
    pub(super) fn set_waker(&self, driver: &Waker) {
        *lock(&self.shared.driver) = Some(driver.clone());
    }

    /// Sets the time to fire at.
    pub(super) fn reset(&mut self, at: Instant) {
        self.sleep.as_mut().reset(at);
        self.shared.must_poll.store(true, Ordering::Relaxed);
    }

    /// Returns whether the timer has fired and was not reset.
    #[inline]
    pub(super) fn fired(&mut self) -> bool {
        self.shared.must_poll.load(Ordering::Relaxed) && self.poll_sleep()
    }

    fn poll_sleep(&mut self) -> bool {
        self.shared.must_poll.store(false, Ordering::Relaxed);
        self.sleep.as_mut().poll(&mut Context::from_waker(&self.waker)).is_ready()
    }
}

impl Wake for TimerWaker {
    fn wake(self: Arc<Self>) {
        self.must_poll.store(true, Ordering::Relaxed);
        let driver = lock(&self.driver).clone();
        driver.inspect(Waker::wake_by_ref);
    }
}
