//! The door for the fuzz targets and property tests, which stand outside of the crate: replies out of bytes that come in
//! pieces, as a connection does it.

use super::{Found, Limits, Reader, Scanner};
use bytes::{Bytes, BytesMut};

/// Bytes that came, and the replies found in them.
#[derive(Debug)]
pub struct Stream {
    buffer: BytesMut,
    scanner: Scanner,
}

/// A whole reply, or a push message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whole {
    Reply(Bytes),
    Push(Bytes),
}

impl Stream {
    pub fn new(bytes: usize, elements: usize, depth: usize) -> Self {
        Stream { buffer: BytesMut::new(), scanner: Scanner::new(Limits { bytes, elements, depth }) }
    }

    /// Takes the next piece, and adds to `found` what is whole with it. An error ends the stream.
    pub fn feed(&mut self, piece: &[u8], found: &mut Vec<Whole>) -> Result<(), Box<str>> {
        self.buffer.extend_from_slice(piece);
        while let Some(end) = self.scanner.next(&self.buffer).map_err(|malformed| malformed.0)? {
            let (Found::Reply(length) | Found::Push(length)) = end;
            self.scanner.consumed(length);
            let bytes = self.buffer.split_to(length).freeze();
            found.push(if let Found::Reply(_) = end { Whole::Reply(bytes) } else { Whole::Push(bytes) });
        }
        Ok(())
    }
}

/// A reader of one whole reply.
pub fn reader(reply: &Bytes) -> Reader<'_> {
    Reader::new(reply)
}

/// Reads as the replies of a pipeline are read: whatever `read` makes of one, the next is found behind it.
pub fn one<'a, T>(
    reader: &mut Reader<'a>,
    read: impl FnOnce(&mut Reader<'a>) -> Result<T, super::DecodeError>,
) -> Result<T, super::DecodeError> {
    reader.one(read)
}

/// How many bytes are not read yet.
pub fn unread(reader: &Reader<'_>) -> usize {
    reader.rest().len()
}
