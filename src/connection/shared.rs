//! The connection that all callers share: what they ask leaves in one write, and every caller is handed the bytes of its
//! own replies.

use super::{
    answer::Reply,
    driver::{Driver, Seat},
    failure::Failure,
    handshake,
    queue::Queue,
    session::Session,
    settings::Settings,
};
use crate::error::Result;
use bytes::Bytes;
use std::{
    borrow::Cow,
    fmt,
    future::{Future, poll_fn},
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

/// A connection for any number of callers at a time. Its socket is closed when the last owner drops it.
pub struct Shared {
    queue: Arc<Queue>,
    seat: Arc<Seat>,
    session: Session,
}

impl Shared {
    /// Connects, and starts the task that reads and writes on the current runtime.
    pub(super) async fn open(settings: &Settings) -> Result<Shared> {
        let (wire, session) = handshake::connect(settings).await?;
        let queue = Arc::new(Queue::default());
        let seat = Seat::new(Driver::new(wire, queue.clone(), settings.response_timeout));
        tokio::spawn(seat.task());
        Ok(Shared { queue, seat, session })
    }

    /// Sends a request as one contiguous piece and returns its replies, at least one, in order, as one piece that may
    /// hold push messages between them.
    ///
    /// Dropped before its first poll it sends nothing; later, the request runs and its replies are thrown away.
    pub(crate) async fn call<'a>(
        self: &Arc<Self>,
        request: impl Into<Cow<'a, [u8]>>,
        replies: usize,
    ) -> Result<Bytes, Failure> {
        let mut request = request.into();
        poll_fn(|cx| Poll::Ready(self.clone().start(mem::take(&mut request), replies, cx))).await?.await
    }

    /// Puts a request in line, from where on it runs, and returns the future of its replies. `cx` is woken when it is to be
    /// polled, as if it had been polled once.
    pub(crate) fn start<'a>(
        self: Arc<Self>,
        request: impl Into<Cow<'a, [u8]>>,
        replies: usize,
        cx: &mut Context<'_>,
    ) -> Result<Waiting, Failure> {
        let (reply, sleeper) = self.queue.submit(request.into(), replies, cx.waker())?;
        let leading = sleeper.is_some_and(|task| self.seat.lead(cx, &task));
        Ok(Waiting { reply, leading, shared: self })
    }

    /// What is known of this connection.
    pub(crate) fn session(&self) -> &Session {
        &self.session
    }

    /// True until the connection has ended.
    #[inline]
    pub(super) fn alive(&self) -> bool {
        self.queue.alive()
    }

    /// Closes the connection, whose replies do not match what was asked; the next caller gets another one.
    pub(crate) fn close(&self) {
        self.queue.close();
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.queue.close();
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Session { protocol, server_version, .. } = &self.session;
        f.debug_struct("Shared")
            .field("alive", &self.alive())
            .field("protocol", protocol)
            .field("server_version", server_version)
            .finish_non_exhaustive()
    }
}

/// The replies to a request that is in line.
pub(crate) struct Waiting {
    reply: Reply,
    /// This caller reads for itself.
    leading: bool,
    shared: Arc<Shared>,
}

impl Waiting {
    /// The connection that the request was sent on.
    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    fn follow(&mut self) {
        if mem::take(&mut self.leading) {
            self.shared.seat.follow();
        }
    }
}

impl Future for Waiting {
    type Output = Result<Bytes, Failure>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if self.leading {
            self.shared.seat.read(cx, &self.reply);
        }
        let answer = ready!(self.reply.poll(cx));
        self.follow();
        Poll::Ready(answer)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.follow();
    }
}
