//! A timer that costs nothing to look at before it goes off.

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

/// One timer, which wakes the driver. To poll a timer takes a lock of the runtime's, so it is polled only when it has
/// something to say.
pub(super) struct Alarm {
    sleep: Pin<Box<Sleep>>,
    bell: Arc<Bell>,
    /// The bell, as the timer knows it.
    waker: Waker,
}

#[derive(Default)]
struct Bell {
    rang: AtomicBool,
    driver: Mutex<Option<Waker>>,
}

impl Alarm {
    pub(super) fn new(after: Duration) -> Self {
        // The timer has to be polled once to be set.
        let bell = Arc::new(Bell { rang: AtomicBool::new(true), driver: Mutex::default() });
        Alarm { sleep: Box::pin(sleep(after)), waker: bell.clone().into(), bell }
    }

    /// Tells whom to wake.
    pub(super) fn wakes(&self, driver: &Waker) {
        *lock(&self.bell.driver) = Some(driver.clone());
    }

    /// Sets it to go off at `at`.
    pub(super) fn set(&mut self, at: Instant) {
        self.sleep.as_mut().reset(at);
        // The timer has to be polled once to be set.
        self.bell.rang.store(true, Ordering::Relaxed);
    }

    /// True when it has gone off and was not set again.
    #[inline]
    pub(super) fn rang(&mut self) -> bool {
        self.bell.rang.load(Ordering::Relaxed) && self.look()
    }

    fn look(&mut self) -> bool {
        self.bell.rang.store(false, Ordering::Relaxed);
        self.sleep.as_mut().poll(&mut Context::from_waker(&self.waker)).is_ready()
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.rang.store(true, Ordering::Relaxed);
        let driver = lock(&self.driver).clone();
        driver.inspect(Waker::wake_by_ref);
    }
}
