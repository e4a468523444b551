//! A request on its way on the shared connection. Nearly all requests go this way, so it is a future without a box.

use super::wire::{OnShared, Wire};
use crate::{
    connection::{Failure, Handle, Replies, Shared, Waiting},
    resp::Writer,
};
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
    /// There are scripts to be loaded.
    Long(Pin<Box<dyn Future<Output = SentOn> + Send>>),
    Answered(Arc<Shared>),
    Ended,
}

/// The replies.
pub(super) type Sent = Result<Replies, Failure>;

/// The replies and the connection that they came on.
type SentOn = Result<(Replies, Arc<Shared>), Failure>;

impl Direct {
    #[inline]
    pub(super) fn new(handle: Handle, request: Writer, replies: usize, atomic: bool) -> Self {
        Direct { stage: Stage::New(handle, request), replies, atomic }
    }

    /// Gives up the connection of that number, on which the replies came.
    #[cold]
    pub(super) fn give_up(&self, epoch: u64) {
        match &self.stage {
            Stage::Waiting(waiting) => waiting.shared().give_up(epoch),
            Stage::Answered(shared) => shared.give_up(epoch),
            Stage::New(..) | Stage::Long(_) | Stage::Ended => {}
        }
    }

    /// Puts the request in line. `cx` is woken when there is more to do.
    fn start(&mut self, cx: &mut Context<'_>) -> Result<(), Failure> {
        let Stage::New(handle, request) = std::mem::replace(&mut self.stage, Stage::Ended) else { return Ok(()) };
        self.stage = if request.scripts().is_empty() {
            let shared = handle.shared().clone();
            Stage::Waiting(shared.start(request.into_bytes(), self.replies, self.atomic, cx)?)
        } else {
            Stage::Long(Box::pin(long(handle, request, self.replies, self.atomic)))
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
    let mut on = OnShared { shared: handle.shared().clone(), atomic, epoch: 0 };
    let bytes = Wire::Shared(&mut on).call(request, replies).await?;
    Ok((Replies { bytes, epoch: on.epoch }, on.shared))
}
