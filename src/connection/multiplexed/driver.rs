//! Writes what callers have left in the queue of a shared connection, reads, and hands every caller the bytes of its
//! replies. Decoding them is the callers' own work.

use super::{
    oneshot::{Replies, Reply},
    send_queue::{Queue, Waiter},
    timer::Alarm,
};
use crate::{
    connection::{
        config::Settings,
        failure::{Broken, Failure},
        pool::Idle,
        transport::{SMALL, Wire, closed, unasked},
    },
    resp::{Found, control::PING},
};
use std::{
    collections::VecDeque,
    io, mem,
    sync::Arc,
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

/// One side of a shared connection: the socket, and who waits for what.
pub(super) struct Driver {
    wire: Wire,
    queue: Arc<Queue>,
    /// The connections that nobody owns now, which are looked after whenever the alarm goes off.
    idle: Arc<Idle>,
    settings: Arc<Settings>,
    /// The number of the connection.
    epoch: u64,
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
    /// Goes off when a reply may be late, or nothing has happened for a while. It is armed when somebody waits.
    alarm: Alarm,
    armed: bool,
    /// How much had been written when it last went off, and since when it is no more.
    written_before: u64,
    quiet_since: Instant,
    /// Several callers had come when last some had.
    crowded: bool,
    /// The driver has gone behind the others since it last wrote.
    yielded: bool,
    /// A caller reads for itself. Else the task reads.
    led: bool,
    /// Somebody was answered.
    served: bool,
}

impl Driver {
    pub(super) fn new(wire: Wire, queue: Arc<Queue>, idle: Arc<Idle>, settings: Arc<Settings>, epoch: u64) -> Self {
        Driver {
            wire,
            queue,
            idle,
            epoch,
            task: None,
            out: Vec::new(),
            out_written: 0,
            written: 0,
            waiters: VecDeque::new(),
            answered: 0,
            end: 0,
            alarm: Alarm::new(beat(&settings)),
            armed: false,
            written_before: 0,
            quiet_since: Instant::now(),
            crowded: false,
            yielded: false,
            led: false,
            served: false,
            settings,
        }
    }

    pub(super) fn epoch(&self) -> u64 {
        self.epoch
    }

    pub(super) fn is_driven_by(&mut self, task: &Waker) {
        if !self.task.as_ref().is_some_and(|known| known.will_wake(task)) {
            self.alarm.wakes(task);
            self.task = Some(task.clone());
        }
    }

    /// Lets the caller whose request was just written read for itself, if nobody else waits; true if it may.
    pub(super) fn lead(&mut self) -> bool {
        self.led = self.waiters.len() == 1;
        self.led
    }

    pub(super) fn is_led(&self) -> bool {
        self.led
    }

    /// The task reads from here on.
    pub(super) fn take_back(&mut self) {
        self.led = false;
    }

    /// True when the connection has been of use to somebody.
    pub(super) fn has_served(&self) -> bool {
        self.served
    }

    pub(super) fn wake_task(&self) {
        self.task.as_ref().inspect(|task| task.wake_by_ref());
    }

    /// True when nobody waits, and callers do not come in crowds, which are better written together.
    pub(super) fn is_idle(&self) -> bool {
        self.waiters.is_empty() && self.out_written == self.out.len() && !self.crowded
    }

    /// How many requests have no answer yet, and how many of them are not written.
    pub(super) fn unanswered(&self) -> (usize, usize) {
        let unanswered = self.waiters.iter().filter(|waiter| waiter.caller.is_some());
        let unwritten = unanswered.clone().filter(|waiter| waiter.start >= self.written);
        (unanswered.count(), unwritten.count())
    }

    /// Reads and writes what can be. Ready when the connection has ended. `reader` is woken when there is something to
    /// read, `cx` for all else.
    pub(super) fn poll(&mut self, reader: &mut Context<'_>, cx: &mut Context<'_>) -> Poll<Broken> {
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

    /// Reads in the name of the task, which the socket wakes from here on.
    pub(super) fn poll_read_for_task(&mut self) -> Poll<Broken> {
        self.take_back();
        let Some(task) = self.task.take() else { return Poll::Pending };
        let polled = self.poll_read(&mut Context::from_waker(&task));
        if self.queue.draining() {
            // Perhaps that was the last answer.
            task.wake_by_ref();
        }
        self.task = Some(task);
        polled
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
    pub(super) fn poll_answer(&mut self, cx: &mut Context<'_>, reply: &Reply) -> Poll<Broken> {
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
        let replies = Replies { bytes: self.wire.take(mem::take(&mut self.end)), epoch: self.epoch };
        self.answered = 0;
        if let Some(Waiter { caller: Some(caller), .. }) = self.waiters.pop_front() {
            self.served = true;
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
                return self.poll_flush(cx);
            }
            match ready!(self.wire.poll_write(cx, rest)) {
                Ok(written) => {
                    self.out_written += written;
                    self.written += written as u64;
                    self.queue.wrote(self.written);
                    if !more && self.out_written == self.out.len() {
                        // Who has come since then has woken the driver.
                        self.forget_written();
                        return self.poll_flush(cx);
                    }
                }
                Err(error) => return Poll::Ready(error.into()),
            }
        }
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<Broken> {
        match ready!(self.wire.poll_flush(cx)) {
            Ok(()) => Poll::Pending,
            Err(error) => Poll::Ready(error.into()),
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
            return Err(closed("the client gave up the connection"));
        };
        let new = self.waiters.len() - seen;
        if new > 0 {
            self.crowded = new > 1;
            let deadline = self.settings.response_timeout.and_then(|timeout| Instant::now().checked_add(timeout));
            // Who has waited for the connection has a deadline.
            self.waiters.range_mut(seen..).for_each(|waiter| waiter.deadline = waiter.deadline.or(deadline));
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
        if !self.armed && !self.waiters.is_empty() {
            self.arm(Instant::now());
        }
        while self.alarm.rang() {
            let now = Instant::now();
            if let Err(silent) = self.expire(now) {
                return Poll::Ready(silent.into());
            }
            self.shrink();
            self.idle.sweep(now, self.settings.pool_idle_timeout);
            if self.waiters.is_empty() {
                self.armed = false;
                self.rest(now);
                break;
            }
            self.arm(now);
        }
        Poll::Pending
    }

    fn arm(&mut self, now: Instant) {
        let sweep = now + beat(&self.settings);
        let caller = self.waiters.iter().find(|waiter| waiter.caller.is_some());
        let next = caller.map_or_else(|| self.silent_at(), |waiter| waiter.deadline);
        self.alarm.set(next.map_or(sweep, |next| next.min(sweep)));
        // Where all have been told, whoever comes is told before the server is given up.
        self.armed = caller.is_some();
    }

    /// Nobody waits. If nobody has for a while, asks the server whether it is still there: a silent one is found by the
    /// reply that does not come.
    fn rest(&mut self, now: Instant) {
        self.alarm.set(now + beat(&self.settings));
        if self.written != self.written_before {
            (self.written_before, self.quiet_since) = (self.written, now);
        }
        if self.settings.health_check_interval.is_some_and(|after| now.duration_since(self.quiet_since) >= after) {
            self.quiet_since = now;
            self.queue.ping(now.checked_add(self.settings.patience()));
            self.written_before += PING.len() as u64;
        }
    }

    /// When the connection is given up, should the first reply in line still be missing then.
    fn silent_at(&self) -> Option<Instant> {
        let deadline = self.waiters.front()?.deadline?;
        deadline.checked_add(self.settings.patience().saturating_mul(PATIENCE))
    }

    fn expire(&mut self, now: Instant) -> io::Result<()> {
        let after = self.settings.patience();
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

    /// Tells those whose requests may have run that the connection has ended, and leaves the others in the queue.
    pub(super) fn finish(mut self, broken: &Broken) {
        let source = broken.source();
        let sent = self.waiters.partition_point(|waiter| waiter.start < self.written);
        let unwritten = self.waiters.split_off(sent);
        for (place, waiter) in self.waiters.into_iter().enumerate() {
            let failure = match place {
                0 => broken.failure(self.answered),
                _ => Failure::Lost { answered: 0, source: source.clone() },
            };
            if let Some(caller) = waiter.caller {
                caller.send(Err(failure));
            }
        }
        self.queue.park(&self.out[self.out_written..], self.written, unwritten);
    }
}

/// How often a driver that rests looks around.
fn beat(settings: &Settings) -> Duration {
    [settings.health_check_interval, settings.pool_idle_timeout].into_iter().flatten().fold(SWEEP, Duration::min)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::{
        connection::{config::Address, transport::Stream},
        resp::Limits,
    };
    use std::future::poll_fn;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::UnixStream,
    };

    #[tokio::test]
    async fn buffers_that_were_large_are_let_go() {
        const SIZE: usize = 1_000_000;
        let (client, mut server) = UnixStream::pair().unwrap();
        let mut settings = Settings::new(Address::Unix("/".into()));
        settings.response_timeout = Some(Duration::from_millis(300));
        settings.health_check_interval = Some(Duration::from_millis(300));
        let queue = Arc::new(Queue::new(settings.max_queued_bytes));
        let epoch = queue.open(None);
        let wire = Wire::new(Stream::Unix(client), Limits::default());
        let mut driver = Driver::new(wire, queue.clone(), Arc::default(), settings.into(), epoch);

        let _server = tokio::spawn(async move {
            let mut request = vec![0; SIZE];
            server.read_exact(&mut request).await.unwrap();
            server.write_all(format!("${SIZE}\r\n").as_bytes()).await.unwrap();
            server.write_all(&request).await.unwrap();
            server.write_all(b"\r\n").await.unwrap();
            server
        });
        let mut answer = queue.submit(vec![b'x'; SIZE].into(), 1, false, Waker::noop()).unwrap().reply;
        let replies = poll_fn(|cx| {
            driver.is_driven_by(cx.waker());
            assert!(driver.poll(&mut Context::from_waker(cx.waker()), cx).is_pending());
            answer.poll(cx)
        });
        assert_eq!(replies.await.unwrap().bytes.len(), SIZE + 12);
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
