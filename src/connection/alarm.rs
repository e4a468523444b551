//! Timers of callers, which a thread of their own wakes. A caller may be polled by a runtime without timers, or by none of
//! tokio, and the client's own runtime may stand still, so a caller cannot rely on the timers of either.

use crate::connection::sync::{lock, wake};
use std::{
    collections::BTreeMap,
    future::{Future, poll_fn},
    mem,
    pin::{Pin, pin},
    sync::{Condvar, Mutex, PoisonError},
    task::{Context, Poll, Waker},
    thread,
    time::{Duration, Instant},
};

/// The time for which the thread waits for another timer before it ends.
const IDLE: Duration = Duration::from_secs(10);

/// A future that is ready at a time.
pub(crate) struct Alarm {
    at: Instant,
    /// Set while the clock has its waker.
    number: Option<u64>,
}

/// The timers of all callers.
struct Clock {
    timers: Mutex<Timers>,
    /// Notified when a timer was set that is earlier than all others.
    earlier: Condvar,
}

struct Timers {
    wakers: BTreeMap<(Instant, u64), Waker>,
    /// The number of timers that were ever set.
    count: u64,
    /// The time until which the thread sleeps; `None` while there is no thread.
    sleeps_until: Option<Instant>,
}

static CLOCK: Clock = Clock {
    timers: Mutex::new(Timers { wakers: BTreeMap::new(), count: 0, sleeps_until: None }),
    earlier: Condvar::new(),
};

impl Alarm {
    pub(crate) fn new(at: Instant) -> Alarm {
        Alarm { at, number: None }
    }
}

impl Future for Alarm {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if Instant::now() >= self.at {
            return Poll::Ready(());
        }
        self.number = Some(CLOCK.set(self.at, self.number, cx.waker()));
        Poll::Pending
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            CLOCK.remove(self.at, number);
        }
    }
}

/// Returns the output of a future, or `None` if it is not ready at that time. Without a time it waits for ever.
pub(crate) async fn before<T>(at: Option<Instant>, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let mut alarm = at.map(Alarm::new);
    poll_fn(|cx| match (future.as_mut().poll(cx), &mut alarm) {
        (Poll::Ready(output), _) => Poll::Ready(Some(output)),
        (Poll::Pending, Some(alarm)) => Pin::new(alarm).poll(cx).map(|()| None),
        (Poll::Pending, None) => Poll::Pending,
    })
    .await
}

impl Clock {
    /// Sets the timer with this number, or a new one, and returns its number.
    fn set(&'static self, at: Instant, number: Option<u64>, waker: &Waker) -> u64 {
        let waker = waker.clone();
        let mut timers = lock(&self.timers);
        timers.count += 1;
        let number = number.unwrap_or(timers.count);
        let replaced = timers.wakers.insert((at, number), waker);
        match timers.sleeps_until {
            Some(until) if until <= at => {}
            Some(_) => self.earlier.notify_one(),
            None => {
                let thread = thread::Builder::new().name("typedis-timers".into());
                // Where no thread can be spawned, the next timer tries again.
                timers.sleeps_until = thread.spawn(|| self.run()).ok().map(|_| at);
            }
        }
        // No waker is dropped under the lock, since the task that is dropped with it may drop a timer.
        drop(timers);
        drop(replaced);
        number
    }

    fn remove(&self, at: Instant, number: u64) {
        let removed = lock(&self.timers).wakers.remove(&(at, number));
        drop(removed);
    }

    /// Wakes the callers, until there have been none for a while.
    fn run(&self) {
        let mut timers = lock(&self.timers);
        loop {
            let now = Instant::now();
            let later = timers.wakers.split_off(&(now, u64::MAX));
            let due = mem::replace(&mut timers.wakers, later);
            if !due.is_empty() {
                drop(timers);
                due.into_values().for_each(wake);
                timers = lock(&self.timers);
                continue;
            }
            let next = timers.wakers.keys().next().map(|(at, _)| *at);
            let sleep = next.map_or(IDLE, |next| next.duration_since(now));
            timers.sleeps_until = Some(next.unwrap_or(now + IDLE));
            let (locked, slept) = self.earlier.wait_timeout(timers, sleep).unwrap_or_else(PoisonError::into_inner);
            timers = locked;
            if next.is_none() && slept.timed_out() && timers.wakers.is_empty() {
                timers.sleeps_until = None;
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{future::pending, sync::Arc, task::Wake};

    const SHORT: Duration = Duration::from_millis(30);
    const NEVER: Duration = Duration::from_secs(3600);

    struct Unpark(thread::Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    /// Polls a future on this thread, which has no runtime.
    fn block_on<T>(future: impl Future<Output = T>) -> T {
        let waker = Arc::new(Unpark(thread::current())).into();
        let mut future = pin!(future);
        loop {
            if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
                return output;
            }
            thread::park();
        }
    }

    #[test]
    fn a_timer_needs_no_runtime_and_is_not_kept_by_a_later_one() {
        let began = Instant::now();
        block_on(before(Some(began + NEVER), async {
            for timers in 1..4 {
                Alarm::new(began + timers * SHORT).await;
                assert!(began.elapsed() >= timers * SHORT);
            }
        }))
        .unwrap();
        assert_eq!(block_on(before(Some(Instant::now() + SHORT), pending::<()>())), None);
        assert_eq!(block_on(before(Some(began), async { 1 })), Some(1), "what is ready is not late");
        assert_eq!(block_on(before(None, async { 2 })), Some(2));
    }

    #[test]
    fn timers_of_many_threads_ring() {
        let threads: Vec<_> = (0..8)
            .map(|number| {
                thread::spawn(move || {
                    let at = Instant::now() + SHORT + Duration::from_millis(number);
                    block_on(Alarm::new(at));
                    assert!(Instant::now() >= at);
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    }

    #[test]
    fn the_clock_keeps_one_waker_of_a_timer_and_none_of_a_dropped_one() {
        let waker: Waker = Arc::new(Unpark(thread::current())).into();
        let mut alarm = Alarm::new(Instant::now() + NEVER);
        let timers = |at| lock(&CLOCK.timers).wakers.keys().filter(|(other, _)| *other == at).count();
        for _ in 0..2 {
            assert!(Pin::new(&mut alarm).poll(&mut Context::from_waker(&waker)).is_pending());
            assert_eq!(timers(alarm.at), 1);
        }
        let at = alarm.at;
        drop(alarm);
        assert_eq!(timers(at), 0);
    }
}
