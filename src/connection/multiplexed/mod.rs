//! The connection that all callers share: what they ask leaves in one write, and every caller is handed the bytes of its
//! own replies.

mod driver;
mod leader;
mod oneshot;
mod send_queue;
mod supervisor;
mod timer;

pub(crate) use oneshot::Replies;

use crate::{
    connection::{
        config::Settings,
        failure::Failure,
        metrics::{Link, Metrics, Monitor},
        pool::Idle,
        sync::lock,
        transport::Session,
    },
    error::Result,
};
use oneshot::Reply;
use send_queue::Submitted;
use std::{
    borrow::Cow,
    fmt,
    future::{Future, poll_fn},
    mem,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, ready},
};
use supervisor::{Line, keep};
use tokio::task::JoinHandle;

/// A connection for any number of callers at a time, which is made again when it is lost. Its socket is closed when the
/// last owner drops it.
pub struct Shared {
    line: Arc<Line>,
    /// The task that keeps it, until somebody waits for its end.
    keeper: Mutex<Option<JoinHandle<()>>>,
}

impl Shared {
    /// Connects, and starts the task that keeps it connected on the current runtime.
    pub(super) async fn open(settings: Arc<Settings>, idle: Arc<Idle>, monitor: Arc<Monitor>) -> Result<Shared> {
        let line = Arc::new(Line::open(settings, idle, monitor).await?);
        let keeper = Mutex::new(Some(tokio::spawn(keep(line.clone()))));
        Ok(Shared { line, keeper })
    }

    /// Sends a request as one contiguous piece and returns its replies, at least one, in order, as one piece that may
    /// hold push messages between them. An `atomic` request is a transaction, which is refused where MULTI is.
    ///
    /// Dropped before its first poll it sends nothing; later, the request runs and its replies are thrown away.
    pub(crate) async fn call<'a>(
        self: &Arc<Self>,
        request: impl Into<Cow<'a, [u8]>>,
        replies: usize,
        atomic: bool,
    ) -> Result<Replies, Failure> {
        let mut request = request.into();
        poll_fn(|cx| Poll::Ready(self.clone().start(mem::take(&mut request), replies, atomic, cx))).await?.await
    }

    /// Puts a request in line, from where on it runs, and returns the future of its replies. `cx` is woken when it is to be
    /// polled, as if it had been polled once.
    pub(crate) fn start<'a>(
        self: Arc<Self>,
        request: impl Into<Cow<'a, [u8]>>,
        replies: usize,
        atomic: bool,
        cx: &mut Context<'_>,
    ) -> Result<Waiting, Failure> {
        let Line { queue, seat, .. } = &*self.line;
        let submitted = queue.submit(request.into(), replies, atomic, cx.waker()).map_err(Failure::NotSent)?;
        let Submitted { reply, sleeper, orphaned } = submitted;
        if orphaned {
            // The runtime that it was made on is gone.
            *lock(&self.keeper) = Some(tokio::spawn(keep(self.line.clone())));
        }
        let leads = sleeper.and_then(|task| seat.lead(cx, &task));
        Ok(Waiting { reply, leads, shared: self })
    }

    /// What is known of the connection that is there, or was there last.
    pub(crate) fn session(&self) -> Arc<Session> {
        self.line.session()
    }

    /// Gives up the connection of that number, whose replies do not match what was asked; what comes goes to another one.
    pub(crate) fn give_up(&self, epoch: u64) {
        self.line.queue.give_up(epoch);
    }

    /// Takes no more requests, waits until those in line are answered, and ends.
    pub(super) async fn close(&self) {
        let Line { queue, monitor, .. } = &*self.line;
        queue.close(false);
        let keeper = lock(&self.keeper).take();
        if let Some(keeper) = keeper {
            // A task whose runtime was shut down has ended too.
            let _ = keeper.await;
            monitor.closed();
        }
        // Where another caller waits for the task, this one waits with it. The sender is there as long as the monitor.
        let _ = monitor.link().wait_for(|link| matches!(link, Link::Closed)).await;
    }

    /// What there is in line, as far as it is this connection's to count.
    pub(super) fn metrics(&self) -> Metrics {
        let (unseen, queued_bytes) = self.line.queue.waiting();
        let (seen, unwritten) = self.line.seat.unanswered();
        Metrics { in_flight: seen + unseen, queued: unwritten + unseen, queued_bytes, ..self.line.monitor.metrics() }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.line.queue.close(true);
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let session = self.session();
        f.debug_struct("Shared")
            .field("protocol", &session.protocol)
            .field("server_version", &session.server_version)
            .finish_non_exhaustive()
    }
}

/// The replies to a request that is in line.
pub(crate) struct Waiting {
    reply: Reply,
    /// This caller reads for itself, on the connection of that number.
    leads: Option<u64>,
    shared: Arc<Shared>,
}

impl Waiting {
    /// The connection that the request was sent on.
    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    fn follow(&mut self) {
        if let Some(epoch) = self.leads.take() {
            self.shared.line.seat.follow(epoch);
        }
    }
}

impl Future for Waiting {
    type Output = Result<Replies, Failure>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some(epoch) = self.leads
            && !self.shared.line.seat.read(cx, epoch, &self.reply)
        {
            self.leads = None;
        }
        let answer = ready!(self.reply.poll(cx));
        self.follow();
        Poll::Ready(answer.map_err(|failure| self.shared.line.monitor.counted(failure)))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.follow();
    }
}
