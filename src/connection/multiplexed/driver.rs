//! The I/O state machine of the shared connection: writes what callers have put into the send queue, reads, and sends each
//! caller the bytes of its replies. Callers decode them, each in its own task.

use super::{oneshot::Receiver, parked::PendingRequest, progress::Progress, send_queue::SendQueue, timer::DriverTimer};
use crate::{
    connection::{
        config::Settings,
        failure::{Disconnect, RequestError},
        request::RawReplies,
        state::Epoch,
        transport::{FramedStream, SMALL, unsolicited_reply},
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

mod retire;
#[cfg(all(test, unix))]
mod tests;

/// The longest interval of an idle driver's timer, at which it shrinks its buffers.
const TICK: Duration = Duration::from_secs(10);
/// The number of reads that may follow each other before writes and timeouts have their turn; far fewer than the operations
/// that tokio's cooperative budget grants a task.
const READS: usize = 16;
/// The number of response timeouts that a reply may be late, without progress, before the server counts as dead and the
/// connection is closed.
const GRACE_TIMEOUTS: u32 = 2;

/// The driver of one shared connection.
pub(super) struct Driver {
    stream: FramedStream,
    queue: Arc<SendQueue>,
    settings: Arc<Settings>,
    /// The number of the connection.
    epoch: Epoch,
    /// The waker of the supervisor's task, once that has polled.
    task: Option<Waker>,
    /// The write buffer, and the number of its bytes that were written.
    out: Vec<u8>,
    out_written: usize,
    /// The number of bytes written on this connection.
    written: u64,
    /// The requests whose replies are still to come, in the order that they are written in.
    pending: VecDeque<PendingRequest>,
    /// The number of replies to the first of `pending` that were received, and the end of the last one in the read buffer.
    received: usize,
    end: usize,
    /// Fires at the next deadline, or after a tick interval.
    timer: DriverTimer,
    /// The timer is set for a pending request's deadline.
    has_deadline: bool,
    progress: Progress,
    /// `written` at the last tick, and since when it has not changed.
    written_at_tick: u64,
    idle_since: Instant,
    /// The last requests that came were several at a time.
    batching: bool,
    /// The driver has yielded since it last wrote.
    yielded: bool,
    /// The wakers of completed requests, to be woken when the leader lock is released.
    wakers: Vec<Waker>,
    /// A caller drives; otherwise the task does.
    caller_leads: bool,
    had_response: bool,
}

/// The number of requests that a driver has pending.
#[derive(Default)]
pub(super) struct PendingCount {
    /// Requests without a response.
    pub(super) in_flight: usize,
    /// The number of requests among them that are not written.
    pub(super) unwritten: usize,
    /// The start of the first of them among the bytes of the connection.
    pub(super) front: u64,
}

impl Driver {
    pub(super) fn new(stream: FramedStream, queue: Arc<SendQueue>, settings: Arc<Settings>, epoch: Epoch) -> Self {
        Driver {
            stream,
            queue,
            epoch,
            task: None,
            out: Vec::new(),
            out_written: 0,
            written: 0,
            pending: VecDeque::new(),
            received: 0,
            end: 0,
            timer: DriverTimer::new(tick_interval(&settings)),
            has_deadline: false,
            progress: Progress::new(),
            written_at_tick: 0,
            idle_since: Instant::now(),
            batching: false,
            yielded: false,
            wakers: Vec::new(),
            caller_leads: false,
            had_response: false,
            settings,
        }
    }

    pub(super) fn epoch(&self) -> Epoch {
        self.epoch
    }

    pub(super) fn set_task_waker(&mut self, task: &Waker) {
        if !self.task.as_ref().is_some_and(|known| known.will_wake(task)) {
            self.timer.set_waker(task);
            self.task = Some(task.clone());
        }
    }

    /// Lets the caller whose request was just written lead, if no other request is pending; true if it leads.
    pub(super) fn try_lead(&mut self) -> bool {
        self.caller_leads = self.pending.len() == 1;
        self.caller_leads
    }

    pub(super) fn caller_leads(&self) -> bool {
        self.caller_leads
    }

    /// Gives the driver back to the task.
    pub(super) fn end_lead(&mut self) {
        self.caller_leads = false;
    }

    /// Returns whether a response came on this connection.
    pub(super) fn had_response(&self) -> bool {
        self.had_response
    }

    #[inline]
    pub(super) fn has_wakers(&self) -> bool {
        !self.wakers.is_empty()
    }

    /// Takes the wakers to be woken when the leader lock is released. No waker is woken under that lock, since it may poll
    /// its future at once and need the lock itself; only a future that is being polled may wake itself.
    pub(super) fn take_wakers(&mut self) -> Vec<Waker> {
        mem::take(&mut self.wakers)
    }

    /// Gives back the memory of the wakers that were taken.
    pub(super) fn reuse_wakers(&mut self, wakers: Vec<Waker>) {
        if self.wakers.capacity() == 0 {
            self.wakers = wakers;
        }
    }

    /// Returns whether a caller may lead: no request is pending, and requests do not come in batches, which are better written
    /// together.
    pub(super) fn may_be_led(&self) -> bool {
        self.pending.is_empty() && self.out_written == self.out.len() && !self.batching
    }

    pub(super) fn count_pending(&self) -> PendingCount {
        let in_flight = self.pending.iter().filter(|request| request.sender.is_some());
        let unwritten = in_flight.clone().filter(|request| request.start >= self.written).count();
        let front = self.pending.front().map_or(self.written, |request| request.start);
        PendingCount { in_flight: in_flight.count(), unwritten, front }
    }

    /// Reads and writes what can be. Ready when the connection has ended. `reader` is woken when the socket is readable,
    /// `cx` for all else.
    pub(super) fn poll(&mut self, reader: &mut Context<'_>, cx: &mut Context<'_>) -> Poll<Disconnect> {
        // Reading comes first: where the server has closed the connection nothing more is written, so what waits in the
        // queue is known not to have run.
        if let Poll::Ready(end) = self.poll_read(reader) {
            return Poll::Ready(end);
        }
        if self.yield_to_batch(cx) {
            return Poll::Pending;
        }
        if let Poll::Ready(error) = self.poll_write(cx) {
            // Replies that came before the error are still in the socket's buffer.
            return match self.poll_read(reader) {
                Poll::Ready(end @ Disconnect::Protocol(_)) => Poll::Ready(end),
                _ => Poll::Ready(error),
            };
        }
        self.poll_timer()
    }

    /// If the last batch had several callers, yields once before writing, so that callers just woken can enqueue and share
    /// one write.
    fn yield_to_batch(&mut self, cx: &Context<'_>) -> bool {
        self.yielded = self.batching && !self.yielded;
        if self.yielded {
            cx.waker().wake_by_ref();
        }
        self.yielded
    }

    /// Polls the socket with the task's waker, which becomes the registered one.
    pub(super) fn poll_read_for_task(&mut self) -> Poll<Disconnect> {
        self.end_lead();
        let Some(task) = self.task.take() else { return Poll::Pending };
        let polled = self.poll_read(&mut Context::from_waker(&task));
        if self.queue.ending() {
            // The response just taken may have been the last, so the task may have to close the connection.
            self.wakers.push(task.clone());
        }
        self.task = Some(task);
        polled
    }

    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<Disconnect> {
        if self.pending.is_empty() && self.stream.is_unreadable(cx) {
            return Poll::Pending;
        }
        for _ in 0..READS {
            if let Err(disconnect) = self.dispatch_replies(None) {
                return Poll::Ready(disconnect);
            }
            if let Err(error) = ready!(self.stream.poll_fill(cx)) {
                return Poll::Ready(error.into());
            }
        }
        // A server that sends without a pause must not keep writes and timeouts from their turn.
        self.wakers.push(cx.waker().clone());
        self.dispatch_replies(None).err().map_or(Poll::Pending, Poll::Ready)
    }

    /// Reads until no request is pending, for the leader, which polls `receiver` next.
    pub(super) fn poll_response(&mut self, cx: &mut Context<'_>, receiver: &Receiver) -> Poll<Disconnect> {
        for _ in 0..READS {
            if self.pending.is_empty() {
                return Poll::Pending;
            }
            if let Err(error) = ready!(self.stream.poll_fill(cx)) {
                return Poll::Ready(error.into());
            }
            if let Err(disconnect) = self.dispatch_replies(Some(receiver)) {
                return Poll::Ready(disconnect);
            }
        }
        self.wakers.push(cx.waker().clone());
        Poll::Pending
    }

    /// Sends the replies that were read to their callers. The caller of `polling` need not be woken.
    fn dispatch_replies(&mut self, polling: Option<&Receiver>) -> Result<(), Disconnect> {
        loop {
            while let Some(missing) = self.missing_replies() {
                if missing > 0 {
                    break;
                }
                self.complete_front(polling);
            }
            match self.stream.scan()? {
                Some(Found::Reply(_)) if !self.front_is_sent() => return Err(unsolicited_reply()),
                Some(Found::Reply(end)) => {
                    self.received += 1;
                    self.end = end;
                }
                Some(Found::Push(end)) => self.stream.on_push(end, self.end)?,
                None => return Ok(()),
            }
        }
    }

    /// Returns the number of replies that the first pending request lacks, after simple ones were skipped.
    fn missing_replies(&mut self) -> Option<usize> {
        let mut missing = self.pending.front()?.replies - self.received;
        if missing > 0 && self.front_is_sent() {
            let skipped = self.stream.skip_simple(missing);
            if skipped.count > 0 {
                self.received += skipped.count;
                self.end = skipped.end;
                missing -= skipped.count;
            }
        }
        Some(missing)
    }

    /// Returns whether bytes of the first pending request were written.
    fn front_is_sent(&self) -> bool {
        self.pending.front().is_some_and(|request| request.start < self.written)
    }

    /// Sends the first pending request its response.
    fn complete_front(&mut self, polling: Option<&Receiver>) {
        let replies = RawReplies { epoch: Some(self.epoch), ..self.stream.take(mem::take(&mut self.end)) };
        self.received = 0;
        if let Some(PendingRequest { sender: Some(sender), .. }) = self.pending.pop_front() {
            self.had_response = true;
            if let Some(waker) = sender.complete_unless_polling(polling, Ok(replies)) {
                self.wakers.push(waker);
            }
        }
    }

    /// Writes what is in the queue. Ready only when that fails, or the connection is to be closed.
    fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<Disconnect> {
        loop {
            let Some(more) = self.collect(cx) else { return self.poll_end(cx) };
            let rest = &self.out[self.out_written..];
            if rest.is_empty() {
                return self.poll_flush(cx);
            }
            match ready!(self.stream.poll_write(cx, rest)) {
                Ok(written) => {
                    self.out_written += written;
                    self.written += written as u64;
                    self.queue.wrote(self.written);
                    if !more && self.out_written == self.out.len() {
                        // A request that was submitted since then has woken the driver.
                        self.reset_out();
                        return self.poll_flush(cx);
                    }
                }
                Err(error) => return Poll::Ready(error.into()),
            }
        }
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<Disconnect> {
        match ready!(self.stream.poll_flush(cx)) {
            Ok(()) => Poll::Pending,
            Err(error) => Poll::Ready(error.into()),
        }
    }

    /// Takes from the queue what was submitted since the last time, also while it cannot be written yet, and registers
    /// `cx` for new submissions. True when more is in the queue than was taken, `None` when the connection has to end.
    fn collect(&mut self, cx: &Context<'_>) -> Option<bool> {
        if self.out_written == self.out.len() {
            self.reset_out();
        }
        let seen = self.pending.len();
        let more = self.queue.collect(&mut self.out, &mut self.pending, cx.waker(), &mut self.wakers);
        let new = self.pending.len() - seen;
        if new > 0 {
            self.batching = new > 1;
            let deadline = self.settings.response_timeout.and_then(|timeout| Instant::now().checked_add(timeout));
            // A request that was parked has its deadline already.
            self.pending.range_mut(seen..).for_each(|request| request.deadline = request.deadline.or(deadline));
        }
        more
    }

    /// Empties the write buffer. Frees a large buffer now instead of keeping it for the next write.
    fn reset_out(&mut self) {
        self.out_written = 0;
        if self.out.capacity() > SMALL {
            self.out = Vec::new();
        } else {
            self.out.clear();
        }
    }

    /// Expires requests, sends PING and frees memory when the timer has fired. Ready only when the server has been silent for
    /// too long.
    fn poll_timer(&mut self) -> Poll<Disconnect> {
        if !self.has_deadline && !self.pending.is_empty() {
            self.set_deadline(Instant::now());
        }
        while self.timer.fired() {
            let now = Instant::now();
            if let Err(silent) = self.expire(now) {
                return Poll::Ready(silent.into());
            }
            self.shrink();
            if self.pending.is_empty() {
                self.has_deadline = false;
                self.on_idle(now);
                break;
            }
            self.set_deadline(now);
        }
        Poll::Pending
    }

    fn set_deadline(&mut self, now: Instant) {
        let tick = now + tick_interval(&self.settings);
        // The first request's deadline moves with its progress, beyond that of the one behind it.
        let mut waiting = self.pending.iter().filter(|request| request.sender.is_some()).take(2).peekable();
        let has_deadline = waiting.peek().is_some();
        let next = if has_deadline { waiting.filter_map(|request| request.deadline).min() } else { self.dead_at() };
        self.timer.reset(next.map_or(tick, |next| next.min(tick)));
        // If every caller has timed out already, a new request sets the timer for its own deadline before the connection
        // is declared dead.
        self.has_deadline = has_deadline;
    }

    /// Sends a PING when the connection has been idle for the health check interval: a dead server is detected by the reply
    /// that does not come.
    fn on_idle(&mut self, now: Instant) {
        self.timer.reset(now + tick_interval(&self.settings));
        if self.written != self.written_at_tick {
            self.written_at_tick = self.written;
            self.idle_since = now;
        }
        if self.settings.health_check_interval.is_some_and(|after| now.duration_since(self.idle_since) >= after) {
            self.idle_since = now;
            self.wakers.extend(self.queue.ping(now.checked_add(self.settings.effective_response_timeout())));
            self.written_at_tick += PING.bytes.len() as u64;
        }
    }

    /// Returns the time at which the server counts as dead, if nothing moves and no response comes by then.
    fn dead_at(&self) -> Option<Instant> {
        let late = self.pending.front()?.deadline?.max(self.progress.at());
        late.checked_add(self.settings.effective_response_timeout().saturating_mul(GRACE_TIMEOUTS))
    }

    /// Fails the requests that are past their deadline. The first pending one is given more time while it moves; those
    /// behind it keep their own deadlines. An error means that the server is dead.
    fn expire(&mut self, now: Instant) -> io::Result<()> {
        let after = self.settings.effective_response_timeout();
        self.extend_moving(now, after);
        let mut answered = self.received;
        for (index, request) in self.pending.iter_mut().enumerate() {
            if request.deadline.is_some_and(|deadline| deadline <= now) {
                if let Some(sender) = request.sender.take() {
                    self.wakers.extend(sender.complete(Err(RequestError::TimedOut { answered, after })));
                }
            } else if index > 0 {
                break;
            }
            answered = 0;
        }
        if self.dead_at().is_some_and(|at| at <= now) {
            return Err(io::Error::new(io::ErrorKind::TimedOut, "the server did not answer for several timeouts"));
        }
        Ok(())
    }

    /// Moves the deadline of the first pending request if enough bytes of it were written, or of its replies read, since the
    /// last time.
    fn extend_moving(&mut self, now: Instant, after: Duration) {
        let end = self.pending.get(1).map_or(self.written, |next| next.start.min(self.written));
        let Some(front) = self.pending.front_mut() else { return };
        let moved = end.saturating_sub(front.start) + self.stream.buffered() as u64;
        if self.progress.note(front.start, moved, now) {
            front.deadline = front.deadline.max(front.deadline.and(now.checked_add(after)));
        }
    }

    /// Fails the requests that are past their deadline, for a caller whose runtime is not the supervisor's. Returns the
    /// deadline of the request that `receiver` waits for, if it is still to be waited for.
    pub(super) fn expire_for(&mut self, receiver: &Receiver) -> Result<Option<Instant>, Disconnect> {
        let now = Instant::now();
        self.expire(now)?;
        let deadline = self.pending.iter().find(|request| request.is_of(receiver)).and_then(|request| request.deadline);
        // That of a request that has waited for room may be a little before those of requests ahead of it.
        Ok(deadline.map(|deadline| deadline.max(now + Duration::from_millis(1))))
    }

    /// Frees buffers that were large and are empty now.
    fn shrink(&mut self) {
        self.stream.shrink();
        self.queue.shrink();
        self.pending.shrink_to(64);
    }

    /// Fails the requests that may have run, and parks the others in the queue for the next connection. Returns the wakers to
    /// be woken, that of the task among them.
    pub(super) fn finish(mut self, disconnect: &Disconnect) -> Vec<Waker> {
        let source = disconnect.source();
        let sent = self.pending.partition_point(|request| request.start < self.written);
        let unwritten = self.pending.split_off(sent);
        for (index, request) in self.pending.into_iter().enumerate() {
            let error = match index {
                0 => disconnect.request_error(self.received),
                _ => RequestError::Lost { answered: 0, source: source.clone() },
            };
            if let Some(sender) = request.sender {
                self.wakers.extend(sender.complete(Err(error)));
            }
        }
        self.queue.park(&self.out[self.out_written..], self.written, unwritten);
        self.wakers.extend(self.task);
        self.wakers
    }
}

/// The interval of an idle driver's timer.
fn tick_interval(settings: &Settings) -> Duration {
    settings.health_check_interval.map_or(TICK, |interval| interval.min(TICK))
}
