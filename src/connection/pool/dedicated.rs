//! A connection with one owner at a time, which reads and writes in the owner's own task. At every moment it is known
//! how many replies are still to come, so an owner may leave at any await.

use crate::{
    connection::{
        config::Settings,
        failure::{Broken, Failure},
        transport::{self, Session, Wire, closed},
    },
    error::Result,
    resp::{
        Found,
        control::{PING, UNWATCH},
    },
};
use bytes::Bytes;
use std::{future::poll_fn, mem, sync::Arc, time::Duration};
use tokio::time;

/// A connection with one owner.
pub(super) struct Dedicated {
    wire: Wire,
    session: Arc<Session>,
    phase: Phase,
    /// How many replies are still to come, and how far in the buffer those before them reach.
    owed: usize,
    end: usize,
    /// The last reply owed is that of an UNWATCH.
    unwatching: bool,
}

/// How far a call has come; what a dropped one leaves behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Every reply was read.
    Ready,
    /// The request may be written in part.
    Writing,
    /// Replies are owed.
    Reading,
    /// Replies are owed that may be long in coming.
    BlockTimeout,
}

impl Dedicated {
    pub(super) async fn open(settings: &Settings) -> Result<Dedicated> {
        let (wire, session) = transport::connect(settings).await?;
        let session = Arc::new(session);
        Ok(Dedicated { wire, session, phase: Phase::Ready, owed: 0, end: 0, unwatching: false })
    }

    pub(super) fn session(&self) -> &Arc<Session> {
        &self.session
    }

    /// Sends a request and returns its replies. After a failure the connection must be dropped.
    pub(super) async fn call(
        &mut self,
        request: &[u8],
        replies: usize,
        response_timeout: Option<Duration>,
    ) -> Result<Bytes, Failure> {
        self.prepare(response_timeout).await?;
        match within(response_timeout, self.exchange(request, replies, Phase::Reading)).await {
            Ok(called) => called,
            Err(after) => Err(self.late(replies, after)),
        }
    }

    /// The same for a request that the server answers when it likes, after `most` at the latest, where that is known.
    pub(super) async fn call_blocking(
        &mut self,
        request: &[u8],
        replies: usize,
        response_timeout: Option<Duration>,
        most: Option<Duration>,
    ) -> Result<Bytes, Failure> {
        self.prepare(response_timeout).await?;
        let patience = most.and_then(|most| response_timeout.map(|timeout| timeout.saturating_add(most)));
        match within(patience, self.exchange(request, replies, Phase::BlockTimeout)).await {
            Ok(called) => called,
            Err(after) => Err(self.late(replies, after)),
        }
    }

    /// Sees to it that the next bytes to come are replies to the next request.
    async fn prepare(&mut self, response_timeout: Option<Duration>) -> Result<(), Failure> {
        if self.phase != Phase::Ready {
            let late = closed("the replies to a request dropped before are late");
            let settled = within(response_timeout, self.settle()).await.unwrap_or(Err(late.into()));
            settled.map_err(|broken| Failure::not_sent(broken.source()))?;
        }
        self.wire.quiet().map_err(|broken| Failure::not_sent(broken.source()))
    }

    async fn exchange(&mut self, request: &[u8], replies: usize, waiting: Phase) -> Result<Bytes, Failure> {
        self.phase = Phase::Writing;
        self.write(request).await?;
        (self.phase, self.owed) = (waiting, replies);
        let read = self.read().await.map_err(|broken| broken.failure(replies - self.owed))?;
        self.phase = Phase::Ready;
        Ok(read)
    }

    async fn write(&mut self, request: &[u8]) -> Result<(), Failure> {
        let mut rest = request;
        while !rest.is_empty() {
            match poll_fn(|cx| self.wire.poll_write_reading(cx, rest)).await {
                Ok(written) => rest = &rest[written..],
                Err(error) if rest.len() == request.len() => return Err(Failure::not_sent(error)),
                Err(error) => return Err(Failure::Lost { answered: 0, source: Arc::new(error) }),
            }
        }
        let flushed = poll_fn(|cx| self.wire.poll_flush_reading(cx)).await;
        flushed.map_err(|error| Failure::Lost { answered: 0, source: Arc::new(error) })
    }

    /// Reads the replies that are owed.
    async fn read(&mut self) -> Result<Bytes, Broken> {
        while self.owed > 0 {
            match self.wire.scan()? {
                Some(Found::Reply(end)) => (self.owed, self.end) = (self.owed - 1, end),
                Some(Found::Push(end)) => self.wire.pushed(end, self.end)?,
                None => poll_fn(|cx| self.wire.poll_fill(cx)).await?,
            }
        }
        Ok(self.wire.take(mem::take(&mut self.end)))
    }

    /// Reads off what a dropped call left behind.
    pub(super) async fn settle(&mut self) -> Result<(), Broken> {
        match self.phase {
            Phase::Ready => return Ok(()),
            Phase::Reading => {}
            Phase::Writing | Phase::BlockTimeout => return Err(closed("a request on it was dropped halfway").into()),
        }
        let read = self.read().await?;
        // Anything else than OK is a watch, or a transaction, that is still there.
        if mem::take(&mut self.unwatching) && !unwatched(&read) {
            return Err(closed("the server refused UNWATCH").into());
        }
        self.phase = Phase::Ready;
        Ok(())
    }

    /// Asks the server whether it is still there. After anything but true the connection must be dropped.
    pub(super) async fn answers(&mut self) -> bool {
        self.exchange(PING, 1, Phase::Reading).await.is_ok()
    }

    /// Fails when the server closed the connection, or sent what nobody asked for, without waiting.
    pub(super) fn quiet(&mut self) -> Result<(), Broken> {
        match self.phase {
            Phase::Ready => self.wire.quiet(),
            _ => Ok(()),
        }
    }

    /// Makes the connection fit for its next owner without waiting; it may owe replies then, which the next owner reads
    /// off. `None`: it cannot be made fit, and is closed.
    pub(super) fn retire(mut self, watched: bool) -> Option<Dedicated> {
        if matches!(self.phase, Phase::Writing | Phase::BlockTimeout) {
            return None;
        }
        if watched {
            if !self.wire.write_now(UNWATCH) {
                return None;
            }
            (self.phase, self.owed, self.unwatching) = (Phase::Reading, self.owed + 1, true);
        }
        self.wire.shrink();
        Some(self)
    }

    fn late(&self, replies: usize, after: Duration) -> Failure {
        let answered = if self.phase == Phase::Reading { replies - self.owed } else { 0 };
        Failure::TimedOut { answered, after }
    }
}

/// Awaits `future`, at most as long as the timeout, if there is one, which otherwise is the error.
async fn within<T>(timeout: Option<Duration>, future: impl Future<Output = T>) -> Result<T, Duration> {
    match timeout {
        Some(after) => time::timeout(after, future).await.map_err(|_| after),
        None => Ok(future.await),
    }
}

/// True when the last of these replies is the one to an UNWATCH that was carried out.
pub(super) fn unwatched(replies: &[u8]) -> bool {
    replies == b"+OK\r\n" || replies.ends_with(b"\n+OK\r\n")
}
