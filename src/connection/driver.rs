//! Writes what callers have left in the queue of a shared connection, reads, and hands every caller the bytes of its
//! replies. Decoding them is the callers' own work.
//!
//! A task does this, but a caller that is alone does it by itself: two switches between tasks cost more than all else that
//! is done for a small request. Whoever reads last is woken by the socket, so a caller that leaves puts the task back.

use super::{
    alarm::Alarm,
    answer::Reply,
    failure::{Broken, Failure},
    lock,
    queue::{Queue, Waiter},
    stream::{SMALL, Wire, closed, unasked},
};
use crate::resp::Found;
use std::{
    collections::VecDeque,
    future::Future,
    io, mem,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker, ready},
    time::Duration,
};
use tokio::time::Instant;

/// How often a driver looks, at least, whether its buffers should shrink.
const SWEEP: Duration = Duration::from_secs(10);
/// How often the driver reads before it looks at what is to be written and at the time. It stays far below the number of
/// operations that tokio grants a task at a time.
const READS: usize = 16;
/// A reply that is late by this many timeouts will not come: the connection is closed.
const PATIENCE: u32 = 2;

/// Where the driver sits, for those who may take the wheel. Empty when the connection has ended.
pub(super) struct Seat(Mutex<Option<Driver>>);

impl Seat {
    pub(super) fn new(driver: Driver) -> Arc<Self> {
        Arc::new(Seat(Mutex::new(Some(driver))))
    }

    /// The task that drives when no caller does.
    pub(super) fn task(self: &Arc<Self>) -> impl Future<Output = ()> + Send + 'static {
        Task(self.clone())
    }

    /// Writes what the caller has submitted and begins to read for it, if nobody else waits. False when the caller has
    /// nothing more to do but wait.
    pub(super) fn lead(&self, caller: &mut Context<'_>, task: &Waker) -> bool {
        let led = match self.0.try_lock() {
            Ok(mut seat) => match &mut *seat {
                Some(driver) if driver.is_idle() => {
                    let polled = driver.poll(caller, &mut Context::from_waker(task));
                    Self::end_if(&mut seat, polled)
                }
                _ => false,
            },
            Err(_) => false,
        };
        if !led {
            task.wake_by_ref();
        }
        led
    }

    /// Reads for a caller that leads, and looks for its reply then.
    pub(super) fn read(&self, caller: &mut Context<'_>, reply: &Reply) {
        let mut seat = lock(&self.0);
        if let Some(driver) = &mut *seat {
            let polled = driver.poll_answer(caller, reply);
            Self::end_if(&mut seat, polled);
        }
    }

    /// Puts the task back, now that the caller leaves.
    pub(super) fn follow(&self) {
        let mut seat = lock(&self.0);
        let Some(driver) = &mut *seat else { return };
        let Some(task) = driver.task.take() else { return };
        let polled = driver.poll_read(&mut Context::from_waker(&task));
        driver.task = Some(task);
        Self::end_if(&mut seat, polled);
    }

    /// Ends the connection if `polled` says so; true if it does not.
    fn end_if(seat: &mut Option<Driver>, polled: Poll<Broken>) -> bool {
        match polled {
            Poll::Ready(broken) => {
                Self::end(seat, &broken);
                false
            }
            Poll::Pending => true,
        }
    }

    /// Tells everybody, and closes the socket.
    fn end(seat: &mut Option<Driver>, broken: &Broken) {
        if let Some(driver) = seat.take() {
            // So that the task ends.
            driver.task.as_ref().inspect(|task| task.wake_by_ref());
            driver.finish(broken);
        }
    }
}

/// The task behind a shared connection.
struct Task(Arc<Seat>);

impl Future for Task {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut seat = lock(&self.0.0);
        let Some(driver) = &mut *seat else { return Poll::Ready(()) };
        driver.is_driven_by(cx.waker());
        let polled = driver.poll(&mut Context::from_waker(cx.waker()), cx);
        if Seat::end_if(&mut seat, polled) { Poll::Pending } else { Poll::Ready(()) }
    }
}

impl Drop for Task {
    /// The runtime was shut down, if the connection had not come to its end before.
    fn drop(&mut self) {
        Seat::end(&mut lock(&self.0.0), &closed("the runtime that drove the connection was shut down").into());
    }
}

/// One side of a shared connection: the socket, and who waits for what.
pub(super) struct Driver {
    wire: Wire,
    queue: Arc<Queue>,
    response_timeout: Option<Duration>,
    /// Wakes the task, once it has run.
    task: Option<Waker>,
    /// What is being written, and how much of it was.
    out: Vec<u8>,
    out_written: usize,
    /// How many bytes were ever written.
    written: u64,
    /// The callers whose replies are still to come, in the order of their requests.
    waiters: VecDeque<Waiter>,
    /// How many replies to the first of them have come, and where in the buffer the last one ends.
    answered: usize,
    end: usize,
    /// Goes off when a reply may be late, or the buffers may shrink.
    alarm: Alarm,
    armed: bool,
    /// Several callers had come when last some had.
    crowded: bool,
    /// The driver has gone behind the others since it last wrote.
    yielded: bool,
}

impl Driver {
    pub(super) fn new(wire: Wire, queue: Arc<Queue>, response_timeout: Option<Duration>) -> Self {
        Driver {
            wire,
            queue,
            response_timeout,
            task: None,
            out: Vec::new(),
            out_written: 0,
            written: 0,
            waiters: VecDeque::new(),
            answered: 0,
            end: 0,
            alarm: Alarm::new(SWEEP),
            armed: false,
            crowded: false,
            yielded: false,
        }
    }

    fn is_driven_by(&mut self, task: &Waker) {
        if !self.task.as_ref().is_some_and(|known| known.will_wake(task)) {
            self.alarm.wakes(task);
            self.task = Some(task.clone());
        }
    }

    /// True when nobody waits, and callers do not come in crowds, which are better written together.
    fn is_idle(&self) -> bool {
        self.waiters.is_empty() && self.out_written == self.out.len() && !self.crowded
    }

    /// Reads and writes what can be. Ready when the connection has ended. `reader` is woken when there is something to
    /// read, `cx` for all else.
    fn poll(&mut self, reader: &mut Context<'_>, cx: &mut Context<'_>) -> Poll<Broken> {
        // Reading comes first: where the server has closed the connection, nothing more is written, so the callers in
        // line learn that nothing ran.
        if let Poll::Ready(end) = self.poll_read(reader) {
            return Poll::Ready(end);
        }
        if self.waits_for_others(cx) {
            return Poll::Pending;
        }
        if let Poll::Ready(error) = self.poll_write(cx) {
            // What had been answered before is still there to be read.
            return match self.poll_read(reader) {
                Poll::Ready(end @ Broken::Malformed(_)) => Poll::Ready(end),
                _ => Poll::Ready(error),
            };
        }
        self.poll_alarm()
    }

    /// Where several callers came at a time they will again, now that they have their replies: goes once behind all that
    /// is ready to run, so that one write takes their requests together.
    fn waits_for_others(&mut self, cx: &Context<'_>) -> bool {
        self.yielded = self.crowded && !self.yielded;
        if self.yielded {
            cx.waker().wake_by_ref();
        }
        self.yielded
    }

    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<Broken> {
        if self.waiters.is_empty() && self.wire.is_quiet(cx) {
            return Poll::Pending;
        }
        for _ in 0..READS {
            if let Err(broken) = self.hand_over(None) {
                return Poll::Ready(broken);
            }
            if let Err(error) = ready!(self.wire.poll_fill(cx)) {
                return Poll::Ready(error.into());
            }
        }
        // A server that sends without a pause must not keep writes and timeouts from their turn.
        cx.waker().wake_by_ref();
        self.hand_over(None).err().map_or(Poll::Pending, Poll::Ready)
    }

    /// Reads until nobody waits any more, for a caller that looks for its reply then.
    fn poll_answer(&mut self, cx: &mut Context<'_>, reply: &Reply) -> Poll<Broken> {
        for _ in 0..READS {
            if self.waiters.is_empty() {
                return Poll::Pending;
            }
            if let Err(error) = ready!(self.wire.poll_fill(cx)) {
                return Poll::Ready(error.into());
            }
            if let Err(broken) = self.hand_over(Some(reply)) {
                return Poll::Ready(broken);
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    /// Hands out the replies that have been read. The caller of `awake` need not be woken.
    fn hand_over(&mut self, awake: Option<&Reply>) -> Result<(), Broken> {
        loop {
            while let Some(missing) = self.missing() {
                if missing > 0 {
                    break;
                }
                self.answer_first(awake);
            }
            match self.wire.scan()? {
                Some(Found::Reply(_)) if !self.asked() => return Err(unasked()),
                Some(Found::Reply(end)) => (self.answered, self.end) = (self.answered + 1, end),
                Some(Found::Push(end)) => self.wire.pushed(end, self.end)?,
                None => return Ok(()),
            }
        }
    }

    /// How many replies to the first caller in line are missing, past those that are simple.
    fn missing(&mut self) -> Option<usize> {
        let mut missing = self.waiters.front()?.replies - self.answered;
        if missing > 0 && self.asked() {
            let (passed, end) = self.wire.pass(missing);
            if passed > 0 {
                (self.answered, self.end) = (self.answered + passed, end);
                missing -= passed;
            }
        }
        Some(missing)
    }

    /// True when the first request in line is on its way.
    fn asked(&self) -> bool {
        self.waiters.front().is_some_and(|waiter| waiter.start < self.written)
    }

    fn answer_first(&mut self, awake: Option<&Reply>) {
        let replies = self.wire.take(mem::take(&mut self.end));
        self.answered = 0;
        if let Some(Waiter { caller: Some(caller), .. }) = self.waiters.pop_front() {
            caller.send_to(awake, Ok(replies));
        }
    }

    /// Writes what callers have left. Ready only when that fails, or the connection is to be closed.
    fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<Broken> {
        loop {
            let more = match self.collect(cx) {
                Ok(more) => more,
                Err(error) => return Poll::Ready(error.into()),
            };
            let rest = &self.out[self.out_written..];
            if rest.is_empty() {
                return Poll::Pending;
            }
            match ready!(self.wire.poll_write(cx, rest)) {
                Ok(written) => {
                    self.out_written += written;
                    self.written += written as u64;
                    if !more && self.out_written == self.out.len() {
                        // Who has come since then has woken the driver.
                        self.forget_written();
                        return Poll::Pending;
                    }
                }
                Err(error) => return Poll::Ready(error.into()),
            }
        }
    }

    /// Takes what callers have left since the last time, also when it cannot be written yet, and asks to be woken for
    /// more. True when they have left more than is taken.
    fn collect(&mut self, cx: &Context<'_>) -> io::Result<bool> {
        if self.out_written == self.out.len() {
            self.forget_written();
        }
        let seen = self.waiters.len();
        let Some(more) = self.queue.collect(&mut self.out, &mut self.waiters, cx.waker()) else {
            return Err(closed("the client closed the connection"));
        };
        let new = self.waiters.len() - seen;
        if new > 0 {
            self.crowded = new > 1;
            let deadline = self.response_timeout.and_then(|timeout| Instant::now().checked_add(timeout));
            self.waiters.range_mut(seen..).for_each(|waiter| waiter.deadline = deadline);
        }
        Ok(more)
    }

    /// What was large is let go at once: before it is asked for again, the allocator has it back.
    fn forget_written(&mut self) {
        self.out_written = 0;
        match self.out.capacity() > SMALL {
            true => self.out = Vec::new(),
            false => self.out.clear(),
        }
    }

    /// Tells callers whose time is up. Ready only when the server has been silent for too long.
    fn poll_alarm(&mut self) -> Poll<Broken> {
        if !self.armed {
            if self.waiters.is_empty() {
                return Poll::Pending;
            }
            self.arm(Instant::now());
        }
        while self.alarm.rang() {
            let now = Instant::now();
            if let Err(silent) = self.expire(now) {
                return Poll::Ready(silent.into());
            }
            self.shrink();
            if self.waiters.is_empty() {
                self.armed = false;
                break;
            }
            self.arm(now);
        }
        Poll::Pending
    }

    fn arm(&mut self, now: Instant) {
        let sweep = now + SWEEP;
        let next = match self.waiters.iter().find(|waiter| waiter.caller.is_some()) {
            Some(waiter) => waiter.deadline,
            None => self.silent_at(),
        };
        self.alarm.set(next.map_or(sweep, |next| next.min(sweep)));
        self.armed = true;
    }

    /// When the connection is given up, should the first reply in line still be missing then.
    fn silent_at(&self) -> Option<Instant> {
        let deadline = self.waiters.front()?.deadline?;
        deadline.checked_add(self.response_timeout?.saturating_mul(PATIENCE))
    }

    fn expire(&mut self, now: Instant) -> io::Result<()> {
        let Some(after) = self.response_timeout else { return Ok(()) };
        let silent = self.silent_at().is_some_and(|at| at <= now);
        let mut answered = self.answered;
        for waiter in &mut self.waiters {
            if waiter.deadline.is_none_or(|deadline| deadline > now) {
                break;
            }
            if let Some(caller) = waiter.caller.take() {
                caller.send(Err(Failure::TimedOut { answered, after }));
            }
            answered = 0;
        }
        if silent {
            return Err(io::Error::new(io::ErrorKind::TimedOut, "the server did not answer for several timeouts"));
        }
        Ok(())
    }

    /// Lets go of buffers that were large and hold nothing now.
    fn shrink(&mut self) {
        self.wire.shrink();
        self.queue.shrink();
        self.waiters.shrink_to(64);
    }

    /// Tells everybody in line that the connection has ended, and whether their requests may have run.
    fn finish(mut self, broken: &Broken) {
        let source = broken.source();
        let Some(unseen) = self.queue.end(&source) else { return };
        for (place, waiter) in mem::take(&mut self.waiters).into_iter().chain(unseen).enumerate() {
            let failure = match place {
                _ if waiter.start >= self.written => Failure::not_sent(source.clone()),
                0 => broken.failure(self.answered),
                _ => Failure::Lost { answered: 0, source: source.clone() },
            };
            if let Some(caller) = waiter.caller {
                caller.send(Err(failure));
            }
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::{super::stream::Stream, *};
    use crate::resp::Limits;
    use std::future::poll_fn;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::UnixStream,
    };

    #[tokio::test]
    async fn buffers_that_were_large_are_let_go() {
        const SIZE: usize = 1_000_000;
        let (client, mut server) = UnixStream::pair().unwrap();
        let queue = Arc::new(Queue::default());
        let wire = Wire::new(Stream::Unix(client), Limits::default());
        let mut driver = Driver::new(wire, queue.clone(), Some(Duration::from_millis(300)));

        let _server = tokio::spawn(async move {
            let mut request = vec![0; SIZE];
            server.read_exact(&mut request).await.unwrap();
            server.write_all(format!("${SIZE}\r\n").as_bytes()).await.unwrap();
            server.write_all(&request).await.unwrap();
            server.write_all(b"\r\n").await.unwrap();
            server
        });
        let (mut answer, _) = queue.submit(vec![b'x'; SIZE].into(), 1, Waker::noop()).unwrap();
        let replies = poll_fn(|cx| {
            driver.is_driven_by(cx.waker());
            assert!(driver.poll(&mut Context::from_waker(cx.waker()), cx).is_pending());
            answer.poll(cx)
        });
        assert_eq!(replies.await.unwrap().len(), SIZE + 12);
        assert!(driver.wire.held() >= SIZE);

        let quiet = poll_fn(|cx| {
            driver.is_driven_by(cx.waker());
            assert!(driver.poll(&mut Context::from_waker(cx.waker()), cx).is_pending());
            if driver.armed { Poll::Pending } else { Poll::Ready(()) }
        });
        quiet.await;
        assert!(driver.wire.held() <= SMALL && driver.out.capacity() <= SMALL);
    }
}
