//! A dedicated connection: one owner at a time, which reads and writes in its own task. How many replies are pending is
//! known at every await, so an owner may be dropped at any of them.

use super::time_limit::TimeLimit;
use crate::{
    connection::{
        failure::{Disconnect, RequestError},
        multi_access::{MultiAccess, Use},
        multiplexed::{Departure, Failover, Generation, Origin, SWITCHED},
        request::{RawReplies, Request},
        transport::{FramedStream, Session, Unwritten, closed},
    },
    error::Result,
    resp::{
        Found,
        control::{PING, UNWATCH},
        ends_with_ok,
    },
};
use std::{
    future::poll_fn,
    mem,
    pin::pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};
use tokio::time;

/// A connection with one owner.
pub(super) struct Dedicated {
    stream: FramedStream,
    session: Arc<Session>,
    generation: Generation,
    /// `Some` if Sentinels may make another server the primary.
    departure: Option<Departure>,
    phase: Phase,
    /// The number of replies still to come, and the end of the last reply before them in the read buffer.
    pending_replies: usize,
    end: usize,
    /// The last pending reply is that of an UNWATCH.
    pending_unwatch: bool,
}

/// The phase of a call, by which a dropped call is cleaned up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// No reply is pending.
    Ready,
    /// The request may be written in part.
    Writing,
    /// Replies are pending.
    Reading,
    /// Replies are pending that the server may hold back.
    Blocking,
}

impl Dedicated {
    pub(super) async fn open(multi: &MultiAccess, failover: &Arc<Failover>) -> Result<Dedicated> {
        let generation = failover.generation();
        let (mut stream, session) = multi.connect(Use::Dedicated).await?;
        let generation = generation.of(&session);
        stream.observe_errors(failover.observer(generation, Origin::Dedicated, stream.peer()));
        Ok(Dedicated {
            stream,
            session: Arc::new(session),
            generation,
            departure: failover.departure(generation),
            phase: Phase::Ready,
            pending_replies: 0,
            end: 0,
            pending_unwatch: false,
        })
    }

    /// The generation of the connection, by which it is to be given up.
    pub(super) fn generation(&self) -> Generation {
        self.generation
    }

    pub(super) fn session(&self) -> &Arc<Session> {
        &self.session
    }

    /// Sends a request and returns its replies. Where it `blocks`, the server may hold them back for the request's block time, or
    /// for ever. After an error the connection must be dropped.
    pub(super) async fn call(
        &mut self,
        request: &Request,
        response_timeout: Option<Duration>,
        blocks: bool,
    ) -> Result<RawReplies, RequestError> {
        self.prepare(response_timeout).await?;
        let (waiting, limit) = if blocks {
            let longest = request.block_time();
            let limit = longest.and_then(|longest| response_timeout.map(|timeout| timeout.saturating_add(longest)));
            (Phase::Blocking, limit)
        } else {
            (Phase::Reading, response_timeout)
        };
        let sleep = pin!(limit.map(time::sleep));
        // It is longer while enough bytes move within each response timeout.
        let mut limit = TimeLimit::new(sleep.as_pin_mut(), limit, response_timeout);
        let called = self.send_and_read(request, waiting, &mut limit).await;
        called.map_err(|error| limit.passed().map_or(error, |after| self.timed_out(request.replies(), after)))
    }

    /// Ensures that the next bytes to be read are replies to the next request.
    async fn prepare(&mut self, response_timeout: Option<Duration>) -> Result<(), RequestError> {
        if self.departure.as_ref().is_some_and(Departure::is_due) {
            return Err(RequestError::not_sent(closed(SWITCHED)));
        }
        if self.phase != Phase::Ready {
            let sleep = pin!(response_timeout.map(time::sleep));
            let mut limit = TimeLimit::new(sleep.as_pin_mut(), response_timeout, response_timeout);
            if let Err(disconnect) = self.drain_within(&mut limit).await {
                let late = || Arc::new(closed("the replies to a request dropped before are late"));
                let source = limit.passed().map_or_else(|| disconnect.source(), |_| late());
                return Err(RequestError::not_sent(source));
            }
        }
        self.stream.check_no_stray_data().map_err(|disconnect| RequestError::not_sent(disconnect.source()))
    }

    async fn send_and_read(
        &mut self,
        request: &Request,
        waiting: Phase,
        limit: &mut TimeLimit<'_>,
    ) -> Result<RawReplies, RequestError> {
        let replies = request.replies();
        self.phase = Phase::Writing;
        self.write(request.bytes(), limit).await?;
        self.phase = waiting;
        self.pending_replies = replies;
        let read =
            self.read(limit).await.map_err(|disconnect| disconnect.request_error(replies - self.pending_replies))?;
        self.phase = Phase::Ready;
        Ok(read)
    }

    async fn write(&mut self, request: &[u8], limit: &mut TimeLimit<'_>) -> Result<(), RequestError> {
        let departure = &mut self.departure;
        let late = |cx: &mut Context<'_>, written, read| {
            limit.written = written;
            if is_overdue(departure, cx) { Poll::Ready(Err(closed(SWITCHED))) } else { limit.poll(cx, read) }
        };
        self.stream.write_all(request, late).await.map_err(|Unwritten { written, error }| match written {
            0 => RequestError::not_sent(error),
            _ => RequestError::Lost { answered: 0, source: Arc::new(error) },
        })?;
        limit.written = request.len();
        Ok(())
    }

    /// Reads the pending replies.
    async fn read(&mut self, limit: &mut TimeLimit<'_>) -> Result<RawReplies, Disconnect> {
        while self.pending_replies > 0 {
            match self.stream.scan()? {
                Some(Found::Reply(end)) => {
                    self.pending_replies -= 1;
                    self.end = end;
                }
                Some(Found::Push(end)) => self.stream.on_push(end, self.end)?,
                None => {
                    let filled = poll_fn(|cx| match self.stream.poll_fill(cx) {
                        Poll::Ready(filled) => Poll::Ready(filled),
                        Poll::Pending if is_overdue(&mut self.departure, cx) => Poll::Ready(Err(closed(SWITCHED))),
                        Poll::Pending => limit.poll(cx, self.stream.buffered()),
                    });
                    filled.await?;
                }
            }
        }
        Ok(self.stream.take(mem::take(&mut self.end)))
    }

    /// Reads and discards the replies that a dropped call left behind.
    pub(super) async fn drain(&mut self) -> Result<(), Disconnect> {
        self.drain_within(&mut TimeLimit::none()).await
    }

    async fn drain_within(&mut self, limit: &mut TimeLimit<'_>) -> Result<(), Disconnect> {
        match self.phase {
            Phase::Ready => return Ok(()),
            Phase::Reading => {}
            Phase::Writing | Phase::Blocking => return Err(closed("a request on it was dropped halfway").into()),
        }
        let read = self.read(limit).await?;
        // Another reply than OK means that a watch, or a transaction, is still in force.
        if mem::take(&mut self.pending_unwatch) && !ends_with_ok(&read.bytes) {
            return Err(closed("the server refused UNWATCH").into());
        }
        self.phase = Phase::Ready;
        Ok(())
    }

    /// Asks the server for a PONG. Unless it is true the connection must be dropped.
    pub(super) async fn ping(&mut self) -> bool {
        self.send_and_read(&Request::control(PING), Phase::Reading, &mut TimeLimit::none()).await.is_ok()
    }

    /// Fails when the server has closed the connection, or sent a reply without a request. Does not wait.
    pub(super) fn check_no_stray_data(&mut self) -> Result<(), Disconnect> {
        match self.phase {
            Phase::Ready => self.stream.check_no_stray_data(),
            _ => Ok(()),
        }
    }

    /// Prepares the connection for its next owner without waiting. Replies may be pending, which the next owner drains.
    /// `None` when the connection has to be closed.
    pub(super) fn recycle(mut self, watched: bool) -> Option<Dedicated> {
        if matches!(self.phase, Phase::Writing | Phase::Blocking) {
            return None;
        }
        if watched {
            if !self.stream.write_now(UNWATCH.bytes) {
                return None;
            }
            self.phase = Phase::Reading;
            self.pending_replies += 1;
            self.pending_unwatch = true;
        }
        self.stream.shrink();
        Some(self)
    }

    fn timed_out(&self, replies: usize, after: Duration) -> RequestError {
        let answered = if self.phase == Phase::Reading { replies - self.pending_replies } else { 0 };
        RequestError::TimedOut { answered, after }
    }
}

/// Returns whether the connection must be left, whatever it waits for.
fn is_overdue(departure: &mut Option<Departure>, cx: &mut Context<'_>) -> bool {
    departure.as_mut().is_some_and(|departure| departure.poll_overdue(cx).is_ready())
}
