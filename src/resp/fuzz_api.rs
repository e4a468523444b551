//! The interface of fuzz targets and property tests outside of the crate: replies out of bytes that come in pieces, as a
//! connection reads them.

use super::{DecodeError, Found, Limits, Reader, Scanner};
use bytes::{Bytes, BytesMut};

/// A read buffer, and the scanner that finds replies in it.
#[derive(Debug)]
pub struct ReplyStream {
    buffer: BytesMut,
    scanner: Scanner,
}

/// A whole reply, or a push message. One within a reply comes before it, and is a part of its bytes too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    Reply(Bytes),
    Push(Bytes),
}

impl ReplyStream {
    pub fn new(bytes: usize, elements: usize, depth: usize) -> Self {
        ReplyStream { buffer: BytesMut::new(), scanner: Scanner::new(Limits { bytes, elements, depth }) }
    }

    /// Appends the next piece, and adds what it completes to `found`. An error ends the stream.
    pub fn feed(&mut self, piece: &[u8], found: &mut Vec<Message>) -> Result<(), Box<str>> {
        self.buffer.extend_from_slice(piece);
        while let Some(end) = self.scanner.next(&self.buffer).map_err(|error| error.0)? {
            let (Found::Reply(length) | Found::Push(length)) = end;
            if self.scanner.is_within_reply() {
                found.push(Message::Push(Bytes::copy_from_slice(&self.buffer[self.scanner.push_start()..length])));
                continue;
            }
            self.scanner.consumed(length);
            let bytes = self.buffer.split_to(length).freeze();
            found.push(if let Found::Reply(_) = end { Message::Reply(bytes) } else { Message::Push(bytes) });
        }
        Ok(())
    }
}

/// Makes a reader of whole replies.
pub fn reader(reply: &Bytes) -> Reader<'_> {
    Reader::new(reply)
}

/// Reads one reply as those of a pipeline are read: whatever `read` returns, the reader is behind the reply then.
pub fn read_reply<'a, T>(
    reader: &mut Reader<'a>,
    read: impl FnOnce(&mut Reader<'a>) -> Result<T, DecodeError>,
) -> Result<T, DecodeError> {
    reader.read_reply(read)
}

/// Returns the number of bytes that were not read yet.
pub fn unread(reader: &Reader<'_>) -> usize {
    reader.rest().len()
}
