//! One socket, and the bytes that came from it and nobody has taken yet.

use super::stream::Stream;
use crate::{
    connection::failure::Disconnect,
    resp::{Found, Limits, ProtocolError, Scanner},
};
use bytes::{Buf, Bytes, BytesMut};
use std::{
    io,
    pin::{Pin, pin},
    task::{Context, Poll, Waker, ready},
};
use tokio::io::{AsyncReadExt, AsyncWrite};

/// How much room a read finds at least, before the buffer is made larger by what reads have filled lately, between these.
const MIN_ROOM: usize = 4 * 1024;
const ROOM: usize = 16 * 1024;
const MAX_ROOM: usize = 256 * 1024;
/// Room for a string whose length is known, so that it is read to where it stays. A server that announces more has to
/// send it first.
const MAX_AHEAD: usize = 8 * 1024 * 1024;
/// Buffers that grew beyond this are let go when they are no longer needed.
pub(crate) const SMALL: usize = 64 * 1024;

/// A stream with the bytes read from it, in which the ends of replies are found.
pub(crate) struct FramedStream {
    stream: Stream,
    limits: Limits,
    buffer: BytesMut,
    scanner: Scanner,
    /// How much room to make for a read: more as long as reads fill it.
    room: usize,
    /// The largest that the buffer has been since it was last let go.
    peak: usize,
}

impl FramedStream {
    pub(crate) fn new(stream: Stream, limits: Limits) -> Self {
        FramedStream { stream, limits, buffer: BytesMut::new(), scanner: Scanner::new(limits), room: ROOM, peak: 0 }
    }

    /// Holds the replies from here on to other limits. Every reply found must have been taken.
    pub(crate) fn set_limits(&mut self, limits: Limits) {
        (self.limits, self.scanner) = (limits, Scanner::new(limits));
    }

    /// Finds the next end of a reply in what has been read; `None` asks for more to be read.
    #[inline]
    pub(crate) fn scan(&mut self) -> Result<Option<Found>, ProtocolError> {
        if self.buffer.is_empty() {
            return Ok(None);
        }
        self.scanner.next(&self.buffer)
    }

    /// True when it is not RESP that comes but a record of TLS, the alert of a server that was not greeted by TLS.
    pub(crate) fn holds_alert(&self) -> bool {
        self.buffer.starts_with(b"\x15\x03")
    }

    /// Finds up to `most` replies that are whole and simple, at once. Returns how many, and where the last one ends.
    #[inline]
    pub(crate) fn skip_simple(&mut self, most: usize) -> (usize, usize) {
        self.scanner.skip_simple(&self.buffer, most)
    }

    /// Takes all bytes before `end`, which must be where a reply ends.
    #[inline]
    pub(crate) fn take(&mut self, end: usize) -> Bytes {
        self.scanner.consumed(end);
        self.buffer.split_to(end).freeze()
    }

    /// Throws away all bytes before `end`, which must be where a reply ends.
    pub(crate) fn discard(&mut self, end: usize) {
        self.scanner.consumed(end);
        self.buffer.advance(end);
    }

    /// Deals with a push message that ends at `end`, where `kept` bytes before it must stay because replies are among them.
    /// Where nothing must stay it is thrown away; otherwise it stays too, up to the limit on a reply.
    pub(crate) fn on_push(&mut self, end: usize, kept: usize) -> Result<(), ProtocolError> {
        if kept == 0 {
            self.discard(end);
        } else if end - kept > self.limits.bytes {
            return Err(ProtocolError("the server sent push messages without end between two replies".into()));
        }
        Ok(())
    }

    /// True when nothing has come, and then `cx` is woken when something does. It asks for that alone, which is cheaper than
    /// to prepare a read.
    #[inline]
    pub(crate) fn is_unreadable(&self, cx: &mut Context<'_>) -> bool {
        self.buffer.is_empty() && self.stream.poll_read_ready(cx).is_pending()
    }

    /// Reads what has come. That the server closed the connection is an error.
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

    /// Writes what the socket takes. It may be on its way only when it is flushed.
    pub(crate) fn poll_write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match ready!(Pin::new(&mut self.stream).poll_write(cx, bytes))? {
            0 if !bytes.is_empty() => Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
            written => Poll::Ready(Ok(written)),
        }
    }

    /// Writes what the socket takes; while it takes nothing, reads, for a server may wait for that.
    pub(crate) fn poll_write_reading(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if let Poll::Ready(written) = self.poll_write(cx, bytes) {
            return Poll::Ready(written);
        }
        self.poll_fill_meanwhile(cx)
    }

    /// Sends what is written and still here, as it is over TLS.
    #[inline]
    pub(crate) fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    /// Does the same; while nothing can be sent, reads, for a server may wait for that.
    pub(crate) fn poll_flush_reading(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
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

    /// Sends all of `bytes` without waiting; false when that cannot be done, and part of it may be sent then.
    pub(crate) fn write_now(&mut self, bytes: &[u8]) -> bool {
        let mut cx = Context::from_waker(Waker::noop());
        let written = self.poll_write(&mut cx, bytes);
        matches!(written, Poll::Ready(Ok(written)) if written == bytes.len())
            && matches!(self.poll_flush(&mut cx), Poll::Ready(Ok(())))
    }

    /// Fails when the connection was closed, or when it holds anything else than push messages, without waiting. No
    /// reply may be under way.
    pub(crate) fn check_no_stray_data(&mut self) -> Result<(), Disconnect> {
        let mut cx = Context::from_waker(Waker::noop());
        loop {
            match self.scan()? {
                Some(Found::Push(end)) => self.discard(end),
                Some(Found::Reply(_)) => return Err(unsolicited_reply()),
                None if self.buffer.first().is_some_and(|kind| *kind != b'>') => return Err(unsolicited_reply()),
                None => match self.poll_fill(&mut cx) {
                    Poll::Ready(read) => read?,
                    Poll::Pending => return Ok(()),
                },
            }
        }
    }

    /// How much memory the buffer holds on to.
    #[cfg(test)]
    pub(crate) fn capacity(&self) -> usize {
        self.peak
    }

    /// Lets go of a buffer that has been large and is empty.
    pub(crate) fn shrink(&mut self) {
        if self.peak > SMALL && self.buffer.is_empty() {
            (self.buffer, self.peak, self.room) = (BytesMut::new(), 0, ROOM);
        }
    }
}

/// The end of a connection on which more was answered than asked.
pub(crate) fn unsolicited_reply() -> Disconnect {
    Disconnect::Protocol("the server sent a reply that nobody asked for".into())
}

/// The error of a connection that is not there any more.
pub(crate) fn closed(how: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, how)
}
