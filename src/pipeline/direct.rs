//! A request on its way on the shared connection. Nearly all requests go this way, so it is a future without a box.

use super::{queue::MULTI_AT, wire::Wire};
use crate::{
    connection::{Failure, Handle, Shared, Waiting},
    error::Error,
    resp::Writer,
};
use bytes::Bytes;
use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

/// The future of the replies to a request, which knows then on which connection they came.
///
/// Nothing is sent before it is first polled.
pub(super) struct Direct {
    stage: Stage,
    replies: usize,
    /// The request is a transaction.
    atomic: bool,
}

enum Stage {
    New(Handle, Writer),
    Waiting(Waiting),
    /// There is no connection yet, or there are scripts to be loaded.
    Long(Pin<Box<dyn Future<Output = SentOn> + Send>>),
    Answered(Arc<Shared>),
    Ended,
}

/// The replies.
pub(super) type Sent = Result<Bytes, Failure>;

/// The replies and the connection that they came on.
type SentOn = Result<(Bytes, Arc<Shared>), Failure>;

impl Direct {
    #[inline]
    pub(super) fn new(handle: Handle, request: Writer, replies: usize, atomic: bool) -> Self {
        Direct { stage: Stage::New(handle, request), replies, atomic }
    }

    /// Closes the connection that the replies came on.
    #[cold]
    pub(super) fn close(&self) {
        match &self.stage {
            Stage::Waiting(waiting) => waiting.shared().close(),
            Stage::Answered(shared) => shared.close(),
            Stage::New(..) | Stage::Long(_) | Stage::Ended => {}
        }
    }

    /// Puts the request in line. `cx` is woken when there is more to do.
    fn start(&mut self, cx: &mut Context<'_>) -> Result<(), Failure> {
        let Stage::New(handle, request) = std::mem::replace(&mut self.stage, Stage::Ended) else { return Ok(()) };
        self.stage = match handle.shared_now() {
            Some(shared) if request.scripts().is_empty() => {
                check(&shared, self.atomic)?;
                Stage::Waiting(shared.start(request.into_bytes(), self.replies, cx)?)
            }
            _ => Stage::Long(Box::pin(long(handle, request, self.replies, self.atomic))),
        };
        Ok(())
    }
}

impl Future for Direct {
    type Output = Sent;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Sent> {
        if let Stage::New(..) = self.stage {
            self.start(cx)?;
            if let Stage::Waiting(_) = self.stage {
                return Poll::Pending;
            }
        }
        match &mut self.stage {
            Stage::Waiting(waiting) => Pin::new(waiting).poll(cx),
            Stage::Long(long) => {
                let (replies, shared) = ready!(long.as_mut().poll(cx))?;
                self.stage = Stage::Answered(shared);
                Poll::Ready(Ok(replies))
            }
            Stage::New(..) | Stage::Answered(_) | Stage::Ended => Poll::Pending,
        }
    }
}

async fn long(handle: Handle, request: Writer, replies: usize, atomic: bool) -> SentOn {
    let shared = handle.shared().await.map_err(Failure::NotSent)?;
    check(&shared, atomic)?;
    let replies = Wire::Shared(shared.clone()).call(request, replies).await?;
    Ok((replies, shared))
}

/// To a user who may not use MULTI a transaction must not be sent: its commands would run one by one.
fn check(shared: &Shared, atomic: bool) -> Result<(), Failure> {
    match &shared.session().multi_refused {
        Some(error) if atomic => Err(Failure::NotSent(Error::Server { at: MULTI_AT, error: error.clone() })),
        _ => Ok(()),
    }
}
