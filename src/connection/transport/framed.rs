//! RESP framing: a stream with its read buffer, in which the ends of replies are found.

use super::stream::Stream;
use crate::{
    connection::{failure::Disconnect, push::PushSink, request::RawReplies},
    resp::{ErrorObserver, Found, Limits, PUSH, ProtocolError, Scanner, Skipped},
};
use bytes::{Buf, BytesMut};
use std::{
    future::poll_fn,
    io,
    net::SocketAddr,
    pin::{Pin, pin},
    task::{Context, Poll, Waker, ready},
};
use tokio::io::{AsyncReadExt, AsyncWrite};

/// The free capacity below which the read buffer is enlarged before a read.
const MIN_ROOM: usize = 4 * 1024;
/// The size of an enlargement at first, and at most. It doubles while reads fill it.
const ROOM: usize = 16 * 1024;
const MAX_ROOM: usize = 256 * 1024;
/// The most bytes reserved for a string of known length, which then is read without being moved. A server that announces a
/// longer string has to send this much first.
const MAX_AHEAD: usize = 8 * 1024 * 1024;
/// A request is not late while at least this many bytes of it, or of its replies, move within a response timeout. A peer
/// that drips bytes moves fewer.
pub(crate) const MOVING: usize = 64 * 1024;
/// Buffers larger than this are freed when they are empty.
pub(crate) const SMALL: usize = 64 * 1024;

/// A stream with its read buffer.
pub(crate) struct FramedStream {
    stream: Stream,
    limits: Limits,
    buffer: BytesMut,
    scanner: Scanner,
    pushes: PushSink,
    /// The size of the next enlargement.
    room: usize,
    /// The largest capacity of the buffer since it was last freed.
    peak: usize,
}

/// The failure of a write.
#[derive(Debug)]
pub(crate) struct Unwritten {
    /// The number of bytes that may have been sent.
    pub(crate) written: usize,
    pub(crate) error: io::Error,
}

impl FramedStream {
    pub(crate) fn new(stream: Stream, limits: Limits, pushes: PushSink) -> Self {
        let scanner = Scanner::new(limits);
        FramedStream { stream, limits, buffer: BytesMut::new(), scanner, pushes, room: ROOM, peak: 0 }
    }

    /// Sets the limits of the replies from here on. Every reply found must have been taken.
    pub(crate) fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
        self.scanner = Scanner::new(limits);
    }

    /// Has `errors` observe the error replies from here on. Every reply found must have been taken.
    pub(crate) fn observe_errors(&mut self, errors: ErrorObserver) {
        self.scanner = Scanner::observed(self.limits, errors);
    }

    /// The address of the other end, over TCP.
    pub(crate) fn peer(&self) -> Option<SocketAddr> {
        self.stream.peer()
    }

    /// Finds the end of the next reply or push in the read buffer; `None` when more bytes have to be read.
    #[inline]
    pub(crate) fn scan(&mut self) -> Result<Option<Found>, ProtocolError> {
        if self.buffer.is_empty() {
            return Ok(None);
        }
        self.scanner.next(&self.buffer)
    }

    /// Returns whether the buffer holds a TLS alert instead of RESP: the server expects TLS.
    pub(crate) fn holds_alert(&self) -> bool {
        self.buffer.starts_with(b"\x15\x03")
    }

    /// Finds up to `most` whole and simple replies at once.
    #[inline]
    pub(crate) fn skip_simple(&mut self, most: usize) -> Skipped {
        self.scanner.skip_simple(&self.buffer, most)
    }

    /// Takes all bytes before `end`, which must be where a reply ends, and that of the last one found.
    #[inline]
    pub(crate) fn take(&mut self, end: usize) -> RawReplies {
        self.scanner.consumed(end);
        let errors = self.scanner.take_found_error();
        RawReplies { bytes: self.buffer.split_to(end).freeze(), epoch: None, errors }
    }

    /// Hands the push message that was found last, which ends at `end`, to the sink. Within a reply it stays a part of that
    /// reply's bytes. The first `kept` bytes of the buffer hold replies that were not taken yet; if there are any, the message
    /// stays between them, up to the limit on a reply.
    #[cold]
    pub(crate) fn on_push(&mut self, end: usize, kept: usize) -> Result<(), ProtocolError> {
        let frame = self.buffer.get(self.scanner.push_start()..end).unwrap_or_default();
        self.pushes.receive(frame);
        if self.scanner.is_within_reply() {
            return Ok(());
        }
        if kept == 0 {
            self.scanner.consumed(end);
            self.buffer.advance(end);
        } else if end - kept > self.limits.bytes {
            return Err(ProtocolError("the server sent push messages without end between two replies".into()));
        }
        Ok(())
    }

    /// Returns whether there is nothing to read; `cx` is woken when there is. Polling for readiness alone is cheaper than
    /// preparing a read.
    #[inline]
    pub(crate) fn is_unreadable(&self, cx: &mut Context<'_>) -> bool {
        self.buffer.is_empty() && self.stream.poll_read_ready(cx).is_pending()
    }

    /// Reads what the socket has. A connection closed by the server is an error.
    pub(crate) fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.buffer.capacity() - self.buffer.len() < MIN_ROOM {
            self.make_room();
        }
        let free = self.buffer.capacity() - self.buffer.len();
        match ready!(pin!(self.stream.read_buf(&mut self.buffer)).poll(cx))? {
            0 => return Poll::Ready(Err(closed("the server closed the connection"))),
            read if read == free => self.room = (2 * self.room).min(MAX_ROOM),
            _ => {}
        }
        Poll::Ready(Ok(()))
    }

    fn make_room(&mut self) {
        let ahead = self.scanner.missing_bytes(&self.buffer).min(MAX_AHEAD);
        self.buffer.reserve(self.room.max(ahead));
        self.peak = self.peak.max(self.buffer.capacity());
    }

    /// Writes what the socket takes. Over TLS it may leave only with a flush.
    pub(crate) fn poll_write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match ready!(Pin::new(&mut self.stream).poll_write(cx, bytes))? {
            0 if !bytes.is_empty() => Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
            written => Poll::Ready(Ok(written)),
        }
    }

    /// Sends all of `bytes`. Reads while that cannot be done, since a server may stop reading until its replies are read.
    /// Polls `late` meanwhile, with the numbers of bytes that were written and that were read; its error ends the write.
    pub(crate) async fn write_all(
        &mut self,
        bytes: &[u8],
        mut late: impl FnMut(&mut Context<'_>, usize, usize) -> Poll<io::Result<usize>>,
    ) -> Result<(), Unwritten> {
        let mut written = 0;
        loop {
            let rest = &bytes[written..];
            let progress = poll_fn(|cx| {
                let polled = match rest {
                    [] => self.poll_flush_reading(cx).map_ok(|()| 0),
                    rest => self.poll_write_reading(cx, rest),
                };
                if polled.is_ready() { polled } else { late(cx, written, self.buffered()) }
            });
            match progress.await {
                Ok(_) if rest.is_empty() => return Ok(()),
                Ok(more) => written += more,
                Err(error) => return Err(Unwritten { written, error }),
            }
        }
    }

    /// Writes what the socket takes, and reads while it takes nothing.
    fn poll_write_reading(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if let Poll::Ready(written) = self.poll_write(cx, bytes) {
            return Poll::Ready(written);
        }
        self.poll_fill_meanwhile(cx)
    }

    /// Sends what was written and is still buffered, as it may be over TLS.
    #[inline]
    pub(crate) fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    /// Flushes, and reads while nothing can be sent.
    fn poll_flush_reading(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if let Poll::Ready(flushed) = self.poll_flush(cx) {
            return Poll::Ready(flushed);
        }
        self.poll_fill_meanwhile(cx)
    }

    /// Reads, up to the limit on a reply. Ready only when that fails.
    fn poll_fill_meanwhile<T>(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        while self.buffer.len() < self.limits.bytes {
            ready!(self.poll_fill(cx))?;
        }
        Poll::Pending
    }

    /// Sends all of `bytes` without waiting. False when that was not possible; part of them may have been sent then.
    pub(crate) fn write_now(&mut self, bytes: &[u8]) -> bool {
        let mut cx = Context::from_waker(Waker::noop());
        let written = self.poll_write(&mut cx, bytes);
        matches!(written, Poll::Ready(Ok(written)) if written == bytes.len())
            && matches!(self.poll_flush(&mut cx), Poll::Ready(Ok(())))
    }

    /// Fails when the server has closed the connection, or sent anything but push messages. Does not wait. No reply may be
    /// pending.
    pub(crate) fn check_no_stray_data(&mut self) -> Result<(), Disconnect> {
        let mut cx = Context::from_waker(Waker::noop());
        loop {
            match self.scan()? {
                Some(Found::Push(end)) => self.on_push(end, 0)?,
                Some(Found::Reply(_)) => return Err(unsolicited_reply()),
                None if self.buffer.first().is_some_and(|kind| *kind != PUSH) => return Err(unsolicited_reply()),
                None => match self.poll_fill(&mut cx) {
                    Poll::Ready(read) => read?,
                    Poll::Pending => return Ok(()),
                },
            }
        }
    }

    /// Returns the number of bytes in the read buffer: those of the replies that were not taken yet.
    pub(crate) fn buffered(&self) -> usize {
        self.buffer.len()
    }

    /// Returns the largest capacity of the buffer.
    #[cfg(test)]
    pub(crate) fn capacity(&self) -> usize {
        self.peak
    }

    /// Frees a buffer that was large and is empty now.
    pub(crate) fn shrink(&mut self) {
        if self.peak > SMALL && self.buffer.is_empty() {
            self.buffer = BytesMut::new();
            self.peak = 0;
            self.room = ROOM;
        }
    }
}

/// The end of a connection on which a reply came without a request.
pub(crate) fn unsolicited_reply() -> Disconnect {
    Disconnect::Protocol("the server sent an unsolicited reply".into())
}

/// The error of a connection that was closed.
pub(crate) fn closed(how: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, how)
}
