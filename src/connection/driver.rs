//! The task behind a shared connection: writes what callers have left in the queue, reads, and hands every caller the
//! bytes of its replies. Decoding them is the callers' own work.

use super::{
    failure::{Broken, Failure},
    queue::{Queue, Waiter},
    stream::{SMALL, Wire, closed, unasked},
};
use crate::resp::Found;
use std::{
    collections::VecDeque,
    future::poll_fn,
    io, mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::time::{Instant, Sleep, sleep};

/// How often a driver looks, at least, whether its buffers should shrink.
const SWEEP: Duration = Duration::from_secs(10);
/// How often the driver reads before it looks at what is to be written and at the time. It stays far below the number of
/// operations that tokio grants a task at a time.
const READS: usize = 16;
/// A reply that is late by this many timeouts will not come: the connection is closed.
const PATIENCE: u32 = 2;

/// The task's side of a shared connection.
pub(super) struct Driver {
    wire: Wire,
    queue: Arc<Queue>,
    response_timeout: Option<Duration>,
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
    alarm: Pin<Box<Sleep>>,
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
            out: Vec::new(),
            out_written: 0,
            written: 0,
            waiters: VecDeque::new(),
            answered: 0,
            end: 0,
            alarm: Box::pin(sleep(SWEEP)),
            armed: false,
            crowded: false,
            yielded: false,
        }
    }

    /// Reads and writes until the connection ends.
    pub(super) async fn run(mut self) {
        let end = poll_fn(|cx| self.poll(cx)).await;
        self.finish(&end);
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Broken> {
        // Reading comes first: where the server has closed the connection, nothing more is written, so the callers in
        // line learn that nothing ran.
        if let Poll::Ready(end) = self.poll_read(cx) {
            return Poll::Ready(end);
        }
        if self.waits_for_others(cx) {
            return Poll::Pending;
        }
        if let Poll::Ready(error) = self.poll_write(cx) {
            // What had been answered before is still there to be read.
            return match self.poll_read(cx) {
                Poll::Ready(end @ Broken::Malformed(_)) => Poll::Ready(end),
                _ => Poll::Ready(error),
            };
        }
        self.poll_alarm(cx)
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
        for _ in 0..READS {
            if let Err(broken) = self.hand_over() {
                return Poll::Ready(broken);
            }
            if let Err(error) = ready!(self.wire.poll_fill(cx)) {
                return Poll::Ready(error.into());
            }
        }
        // A server that sends without a pause must not keep writes and timeouts from their turn.
        cx.waker().wake_by_ref();
        self.hand_over().err().map_or(Poll::Pending, Poll::Ready)
    }

    /// Hands out the replies that have been read.
    fn hand_over(&mut self) -> Result<(), Broken> {
        loop {
            while let Some(waiter) = self.waiters.front() {
                if self.answered < waiter.replies {
                    break;
                }
                self.answer_first();
            }
            match self.wire.scan()? {
                Some(Found::Reply(_)) if !self.asked() => return Err(unasked()),
                Some(Found::Reply(end)) => (self.answered, self.end) = (self.answered + 1, end),
                Some(Found::Push(end)) => self.wire.pushed(end, self.end)?,
                None => return Ok(()),
            }
        }
    }

    /// True when the first request in line is on its way.
    fn asked(&self) -> bool {
        self.waiters.front().is_some_and(|waiter| waiter.start < self.written)
    }

    fn answer_first(&mut self) {
        let replies = self.wire.take(mem::take(&mut self.end));
        self.answered = 0;
        if let Some(Waiter { caller: Some(caller), .. }) = self.waiters.pop_front() {
            // A caller that has gone needs no answer.
            let _ = caller.send(Ok(replies));
        }
    }

    /// Writes what callers have left. Ready only when that fails, or the connection is to be closed.
    fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<Broken> {
        loop {
            if let Err(error) = self.collect(cx) {
                return Poll::Ready(error.into());
            }
            let rest = &self.out[self.out_written..];
            if rest.is_empty() {
                return Poll::Pending;
            }
            match ready!(self.wire.poll_write(cx, rest)) {
                Ok(written) => {
                    self.out_written += written;
                    self.written += written as u64;
                }
                Err(error) => return Poll::Ready(error.into()),
            }
        }
    }

    /// Takes what callers have left since the last time, also when it cannot be written yet, and asks to be woken for
    /// more.
    fn collect(&mut self, cx: &Context<'_>) -> io::Result<()> {
        if self.out_written == self.out.len() {
            self.out.clear();
            self.out_written = 0;
        }
        let seen = self.waiters.len();
        if !self.queue.collect(&mut self.out, &mut self.waiters, cx.waker()) {
            return Err(closed("the client closed the connection"));
        }
        let new = self.waiters.len() - seen;
        if new > 0 {
            self.crowded = new > 1;
            let deadline = self.response_timeout.and_then(|timeout| Instant::now().checked_add(timeout));
            self.waiters.range_mut(seen..).for_each(|waiter| waiter.deadline = deadline);
        }
        Ok(())
    }

    /// Tells callers whose time is up. Ready only when the server has been silent for too long.
    fn poll_alarm(&mut self, cx: &mut Context<'_>) -> Poll<Broken> {
        if !self.armed && self.waiters.is_empty() {
            return Poll::Pending;
        }
        if !self.armed {
            self.arm(Instant::now());
        }
        loop {
            ready!(self.alarm.as_mut().poll(cx));
            let now = Instant::now();
            if let Err(silent) = self.expire(now) {
                return Poll::Ready(silent.into());
            }
            self.shrink();
            if self.waiters.is_empty() {
                self.armed = false;
                return Poll::Pending;
            }
            self.arm(now);
        }
    }

    fn arm(&mut self, now: Instant) {
        let sweep = now + SWEEP;
        let next = match self.waiters.iter().find(|waiter| waiter.caller.is_some()) {
            Some(waiter) => waiter.deadline,
            None => self.silent_at(),
        };
        self.alarm.as_mut().reset(next.map_or(sweep, |next| next.min(sweep)));
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
                let _ = caller.send(Err(Failure::TimedOut { answered, after }));
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
        if self.out_written == self.out.len() && self.out.capacity() > SMALL {
            (self.out, self.out_written) = (Vec::new(), 0);
        }
    }

    /// Tells everybody in line that the connection has ended, and whether their requests may have run.
    fn finish(&mut self, broken: &Broken) {
        let source = broken.source();
        let Some(unseen) = self.queue.end(&source) else { return };
        for (place, waiter) in mem::take(&mut self.waiters).into_iter().chain(unseen).enumerate() {
            let failure = match place {
                _ if waiter.start >= self.written => Failure::not_sent(source.clone()),
                0 => broken.failure(self.answered),
                _ => Failure::Lost { answered: 0, source: source.clone() },
            };
            if let Some(caller) = waiter.caller {
                let _ = caller.send(Err(failure));
            }
        }
    }
}

impl Drop for Driver {
    /// The runtime was shut down, if the driver had not come to its end before.
    fn drop(&mut self) {
        self.finish(&closed("the runtime that drove the connection was shut down").into());
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::{super::stream::Stream, *};
    use crate::resp::Limits;
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
        let mut answer = queue.submit(vec![b'x'; SIZE].into(), 1).unwrap();
        let replies = poll_fn(|cx| {
            assert!(driver.poll(cx).is_pending());
            Pin::new(&mut answer).poll(cx)
        });
        assert_eq!(replies.await.unwrap().unwrap().len(), SIZE + 12);
        assert!(driver.wire.held() >= SIZE);

        let quiet = poll_fn(|cx| {
            assert!(driver.poll(cx).is_pending());
            if driver.armed { Poll::Pending } else { Poll::Ready(()) }
        });
        quiet.await;
        assert!(driver.wire.held() <= SMALL && driver.out.capacity() <= SMALL);
    }
}
