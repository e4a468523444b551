//! A request on its way on the shared connection. Nearly all requests go this way, so it is a future without a box.

use super::wire::{OnShared, Wire};
use crate::{
    connection::{Failure, Handle, Replies, Waiting},
    resp::Writer,
};
use bytes::Bytes;
use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

/// The future of the replies to a request, and of the connection that they came on.
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
    Long(Pin<Box<dyn Future<Output = Sent> + Send>>),
    Ended,
}

/// The replies and the connection that they came on.
pub(super) type Sent = Result<(Bytes, OnShared), Failure>;

impl Direct {
    #[inline]
    pub(super) fn new(handle: Handle, request: Writer, replies: usize, atomic: bool) -> Self {
        Direct { stage: Stage::New(handle, request), replies, atomic }
    }

    /// Puts the request in line.
    fn start(&mut self) -> Result<(), Failure> {
        let Stage::New(handle, request) = std::mem::replace(&mut self.stage, Stage::Ended) else { return Ok(()) };
        self.stage = if request.scripts().is_empty() {
            Stage::Waiting(handle.shared().start(request.into_bytes(), self.replies, self.atomic)?)
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
            self.start()?;
        }
        match &mut self.stage {
            Stage::Waiting(waiting) => {
                let Replies { bytes, epoch } = ready!(Pin::new(&mut *waiting).poll(cx))?;
                Poll::Ready(Ok((bytes, OnShared { shared: waiting.shared().clone(), atomic: self.atomic, epoch })))
            }
            Stage::Long(long) => long.as_mut().poll(cx),
            Stage::New(..) | Stage::Ended => Poll::Pending,
        }
    }
}

async fn long(handle: Handle, request: Writer, replies: usize, atomic: bool) -> Sent {
    let mut on = OnShared { shared: handle.shared().clone(), atomic, epoch: 0 };
    let mut wire = Wire::Shared(&mut on);
    let replies = wire.call(request, replies).await?;
    Ok((replies, on))
}
