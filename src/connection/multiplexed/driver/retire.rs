//! The graceful end of a connection that must not be used any more, though it is in order: the requests written on it get
//! their replies, and the others go out on the next one.

use super::{super::send_queue::GivingUp, Driver};
use crate::connection::{failure::Disconnect, transport::closed};
use std::task::{Context, Poll, ready};

impl Driver {
    /// Ends the connection, at once or gracefully.
    #[cold]
    pub(super) fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<Disconnect> {
        match self.queue.giving_up() {
            Some(GivingUp { reason, gracefully: true }) => self.poll_retire(cx, reason),
            Some(GivingUp { reason, .. }) => Poll::Ready(closed(reason).into()),
            None => Poll::Ready(closed("the client was closed").into()),
        }
    }

    /// Completes a request that was written in part, and writes no further one. Ready when the requests written have their
    /// replies.
    fn poll_retire(&mut self, cx: &mut Context<'_>, reason: &'static str) -> Poll<Disconnect> {
        loop {
            let rest = &self.out[self.out_written..];
            let sent = self.pending.partition_point(|request| request.start < self.written);
            let next = self.pending.get(sent).map(|request| request.start);
            let begun = next.map_or(rest.len(), |next| rest.len().min((next - self.written) as usize));
            if begun == 0 {
                break;
            }
            match ready!(self.stream.poll_write(cx, &rest[..begun])) {
                Ok(written) => {
                    self.out_written += written;
                    self.written += written as u64;
                    self.queue.wrote(self.written);
                }
                Err(error) => return Poll::Ready(error.into()),
            }
        }
        match self.poll_flush(cx) {
            Poll::Pending if !self.front_is_sent() => Poll::Ready(closed(reason).into()),
            flushed => flushed,
        }
    }
}
