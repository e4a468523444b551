//! The decoder: a reply's bytes straight into Rust values, without a tree of frames.

use super::{
    header::{self, Body, Header, OK, PUSH, QUEUED},
    integers::{integer, whole_integer},
    scan,
};
use crate::error::ServerError;
use bytes::Bytes;

#[cfg(test)]
mod tests;

/// Decodes replies, one element after the other, from bytes that hold whole replies. Push messages, which may stand before
/// any element, are read past.
///
/// A [`FromReply`](crate::reply::FromReply) of your own is usually written in terms of the types that can be read already; the
/// methods here are for what cannot. It reads all that its reply holds, and nothing behind it; what it does not need it
/// [ignores](Reader::ignore). Otherwise the command fails, and the replies behind it stay right.
#[derive(Debug)]
pub struct Reader<'a> {
    source: &'a Bytes,
    position: usize,
    /// The number of elements of the current reply still to be read; negative if elements behind it were read.
    remaining: isize,
}

/// Eight replies to queued commands, so that long transactions are compared in large steps.
const EIGHT_QUEUED: &[u8] = b"+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n";

/// The reason why a reply could not be read as the type asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeError {
    /// The reply is an error of the server.
    Server(ServerError),
    /// The reply is of another kind than the type.
    Mismatch(Box<str>),
}

impl DecodeError {
    /// Makes the error of a reply that was `found` where another one was `expected`.
    pub fn mismatch(expected: &str, found: impl std::fmt::Display) -> Self {
        DecodeError::Mismatch(format!("the reply is {found}, which cannot be read as {expected}").into())
    }
}

impl<'a> Reader<'a> {
    pub(crate) fn new(source: &'a Bytes) -> Self {
        Reader { source, position: 0, remaining: 1 }
    }

    /// Reads a string of any kind, a number in its decimal form included. Null is an error.
    #[inline]
    pub fn bytes(&mut self) -> Result<&'a [u8], DecodeError> {
        match header::whole_string(self.source, self.position) {
            Some((start, end)) => {
                self.consume(end + 2);
                Ok(&self.source[start..end])
            }
            None => self.any_bytes(),
        }
    }

    fn any_bytes(&mut self) -> Result<&'a [u8], DecodeError> {
        let header = self.header()?;
        let text = self.line(header);
        match (header.kind, header.body) {
            (_, _) if header.null => self.wrong("a string", "null"),
            (b'=', Body::Bytes(length)) => self.take(header.end, length).map(|text| text.get(4..).unwrap_or(text)),
            (_, Body::Bytes(length)) => self.take(header.end, length),
            (b'+' | b':' | b',' | b'(' | b'#', _) => {
                self.consume(header.end);
                Ok(text)
            }
            (kind, _) => self.wrong("a string", describe(kind)),
        }
    }

    /// Reads what [`bytes`](Reader::bytes) reads, and shares the read buffer instead of copying from it.
    pub fn shared(&mut self) -> Result<Bytes, DecodeError> {
        self.bytes().map(|bytes| self.source.slice_ref(bytes))
    }

    /// Reads a string that is UTF-8.
    pub fn text(&mut self) -> Result<&'a str, DecodeError> {
        let bytes = self.bytes()?;
        std::str::from_utf8(bytes).map_err(|_| {
            DecodeError::Mismatch(
                "the reply is not UTF-8, so it cannot be read as text; read it as `Bytes` or `Vec<u8>`".into(),
            )
        })
    }

    /// Reads an integer: an integer reply, or a string that holds one.
    #[inline]
    pub fn integer(&mut self) -> Result<i64, DecodeError> {
        if let Some((value, end)) = whole_integer(self.source, self.position) {
            self.consume(end);
            return Ok(value);
        }
        self.any_integer()
    }

    fn any_integer(&mut self) -> Result<i64, DecodeError> {
        let text = self.bytes()?;
        integer(text).ok_or_else(|| DecodeError::mismatch("an integer", quoted(text)))
    }

    /// Reads a floating-point number: a double, an integer, or a string that holds one.
    ///
    /// A finite number out of the range of `f64` is a mismatch, since a server that counts in long doubles replies with
    /// such numbers, and an infinity in their place would be a value that is not there.
    pub fn double(&mut self) -> Result<f64, DecodeError> {
        let text = self.bytes()?;
        let number: Option<f64> = std::str::from_utf8(text).ok().and_then(|text| text.parse().ok());
        match number {
            Some(number) if number.is_infinite() && text.iter().any(u8::is_ascii_digit) => {
                Err(DecodeError::mismatch("a number within the range of `f64`", quoted(text)))
            }
            Some(number) => Ok(number),
            None => Err(DecodeError::mismatch("a floating-point number", quoted(text))),
        }
    }

    /// Reads a flag: a boolean, or the integer 0 or 1.
    pub fn flag(&mut self) -> Result<bool, DecodeError> {
        match self.bytes()? {
            b"1" | b"t" => Ok(true),
            b"0" | b"f" => Ok(false),
            text => Err(DecodeError::mismatch("a flag (0 or 1)", quoted(text))),
        }
    }

    /// Reads the start of an array or a set, and returns how many elements follow.
    pub fn array(&mut self) -> Result<usize, DecodeError> {
        match self.header()? {
            Header { kind: b'*' | b'~', body: Body::Elements(count), end, .. } => {
                self.enter(end, count)?;
                Ok(count)
            }
            header => self.wrong("an array", describe(if header.null { b'_' } else { header.kind })),
        }
    }

    /// Reads the start of a map, or of an array of keys and values, its form in RESP2, and returns how many pairs follow.
    pub fn map(&mut self) -> Result<usize, DecodeError> {
        match self.header()? {
            Header { kind: b'%' | b'*', body: Body::Elements(count), end, .. } if count % 2 == 0 => {
                self.enter(end, count)?;
                Ok(count / 2)
            }
            header => self.wrong("a map", describe(if header.null { b'_' } else { header.kind })),
        }
    }

    /// Reads null, if the next element is one, and returns whether it was.
    #[inline]
    pub fn null(&mut self) -> Result<bool, DecodeError> {
        if let Some([b'$' | b':' | b'*', b'0'..=b'9']) = self.source.get(self.position..self.position + 2) {
            return Ok(false);
        }
        self.any_null()
    }

    #[inline(never)]
    fn any_null(&mut self) -> Result<bool, DecodeError> {
        let header = self.header()?;
        if header.null {
            self.consume(header.end);
        }
        Ok(header.null)
    }

    /// Skips one element of any kind. An error of the server is returned.
    pub fn ignore(&mut self) -> Result<(), DecodeError> {
        self.header()?;
        self.consume(scan::skip(self.source, self.position).ok_or_else(truncated)?);
        Ok(())
    }

    /// Returns the next element's first byte, its kind in RESP, without reading the element. An error of the server is
    /// returned.
    pub fn kind(&mut self) -> Result<u8, DecodeError> {
        self.header().map(|header| header.kind)
    }

    /// Runs `read`, which must read one whole reply. Whatever it returns, the reader is behind the reply then.
    #[inline(always)]
    pub(crate) fn read_reply<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        let start = self.position;
        self.remaining = 1;
        match read(self) {
            Ok(value) if self.remaining == 0 => Ok(value),
            read => Err(self.not_one_reply(start, read.err())),
        }
    }

    /// Moves behind the reply that begins at `start`, which was not read with this error, or not exactly.
    #[cold]
    fn not_one_reply(&mut self, start: usize, error: Option<DecodeError>) -> DecodeError {
        let error = match error {
            None => self.wrong_length(),
            // The error may be one of the next reply.
            Some(_) if self.remaining < 0 => beyond(),
            Some(error) => error,
        };
        self.skip_failed(start, error)
    }

    /// Runs `read`, which may stop within a reply. If it fails, the reader is behind the reply then.
    #[inline]
    pub(crate) fn read_within_reply<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        let start = self.position;
        self.remaining = 1;
        read(self).map_err(|error| self.skip_failed(start, error))
    }

    /// Moves behind the reply that begins at `start` and could not be read, and returns the error of it.
    #[cold]
    fn skip_failed(&mut self, start: usize, error: DecodeError) -> DecodeError {
        let Some(end) = scan::skip(self.source, start) else { return truncated() };
        self.position = start;
        let is_error = self.any_header().is_err();
        self.position = end;
        match error {
            DecodeError::Server(error) if !is_error => DecodeError::Server(error.within_reply()),
            error => error,
        }
    }

    /// Consumes one element, which ends at `end`.
    #[inline]
    fn consume(&mut self, end: usize) {
        self.position = end;
        self.remaining -= 1;
    }

    /// Enters an aggregate of `count` elements, whose header ends at `end`. Fails behind the current reply, where the count of
    /// elements could come out even again.
    #[inline]
    fn enter(&mut self, end: usize, count: usize) -> Result<(), DecodeError> {
        if self.remaining <= 0 {
            return Err(beyond());
        }
        self.position = end;
        self.remaining = self.remaining - 1 + isize::try_from(count).map_err(|_| truncated())?;
        Ok(())
    }

    #[cold]
    fn wrong_length(&self) -> DecodeError {
        match self.remaining {
            1 => DecodeError::Mismatch("the type left one element of the reply unread".into()),
            2.. => {
                DecodeError::Mismatch(format!("the type left {} elements of the reply unread", self.remaining).into())
            }
            _ => beyond(),
        }
    }

    /// Skips the reply to a command that was queued, if it comes next, and returns whether it did.
    pub(crate) fn skip_one_queued(&mut self) -> bool {
        self.skip_line(QUEUED)
    }

    /// Skips `line`, if it comes next, and returns whether it did.
    #[inline]
    fn skip_line(&mut self, line: &[u8]) -> bool {
        let found = self.source.get(self.position..).is_some_and(|rest| rest.starts_with(line));
        if found {
            self.position += line.len();
        }
        found
    }

    /// Reads any string, mostly `OK`, and discards it.
    #[inline]
    pub(crate) fn read_ok(&mut self) -> Result<(), DecodeError> {
        if !self.skip_line(OK) {
            return self.bytes().map(drop);
        }
        self.remaining -= 1;
        Ok(())
    }

    /// Skips the replies to MULTI and to queueing `commands` commands, and the header of EXEC's reply, if none was refused.
    /// Otherwise skips nothing and returns false.
    #[inline]
    pub(crate) fn skip_queued(&mut self, commands: usize) -> bool {
        let mut rest = self.source.get(self.position..).unwrap_or_default();
        let Some(queued) = rest.strip_prefix(OK) else { return false };
        rest = queued;
        let mut left = commands;
        while left >= EIGHT_QUEUED.len() / QUEUED.len() {
            let Some(behind) = rest.strip_prefix(EIGHT_QUEUED) else { return false };
            rest = behind;
            left -= EIGHT_QUEUED.len() / QUEUED.len();
        }
        for _ in 0..left {
            let Some(behind) = rest.strip_prefix(QUEUED) else { return false };
            rest = behind;
        }
        let start = self.source.len() - rest.len();
        match header::quick(self.source, start) {
            Some(Header { kind: b'*', body: Body::Elements(count), end, .. }) if count == commands => {
                self.position = end;
                true
            }
            _ => false,
        }
    }

    /// The number of bytes that were read.
    pub(crate) fn position(&self) -> usize {
        self.position
    }

    /// The bytes that were not read yet.
    pub(crate) fn rest(&self) -> Bytes {
        self.source.slice(self.position..)
    }

    /// Skips the next reply or element.
    pub(crate) fn skip(&mut self) -> Result<(), DecodeError> {
        self.consume(scan::skip(self.source, self.position).ok_or_else(truncated)?);
        Ok(())
    }

    /// Parses the next header, behind attributes and push messages.
    #[inline]
    fn header(&mut self) -> Result<Header, DecodeError> {
        match header::quick(self.source, self.position) {
            Some(header) => Ok(header),
            None => self.any_header(),
        }
    }

    fn any_header(&mut self) -> Result<Header, DecodeError> {
        loop {
            let header = header::header_at(self.source, self.position).ok_or_else(truncated)?;
            match (header.kind, header.body) {
                (PUSH, _) => self.position = scan::skip_push(self.source, self.position).ok_or_else(truncated)?,
                (b'|', Body::Elements(count)) => {
                    self.position = header.end;
                    for _ in 1..count {
                        self.position = scan::skip(self.source, self.position).ok_or_else(truncated)?;
                    }
                }
                (b'-', _) => {
                    let text = self.line(header);
                    self.consume(header.end);
                    return Err(DecodeError::Server(ServerError::new(text)));
                }
                (b'!', Body::Bytes(length)) => {
                    let text = self.take(header.end, length)?;
                    return Err(DecodeError::Server(ServerError::new(text)));
                }
                _ => return Ok(header),
            }
        }
    }

    fn line(&self, header: Header) -> &'a [u8] {
        self.source.get(self.position + 1..header.end - 2).unwrap_or_default()
    }

    #[inline]
    fn take(&mut self, start: usize, length: usize) -> Result<&'a [u8], DecodeError> {
        let text = self.source.get(start..start.checked_add(length).ok_or_else(truncated)?).ok_or_else(truncated)?;
        self.consume(start + length + 2);
        Ok(text)
    }

    fn wrong<T>(&self, expected: &str, found: &str) -> Result<T, DecodeError> {
        Err(DecodeError::mismatch(expected, found))
    }
}

/// Quotes a reply's text for an error, and cuts a long one.
pub(crate) fn quoted(text: &[u8]) -> String {
    let shown = String::from_utf8_lossy(&text[..text.len().min(40)]);
    format!("{shown:?}{}", if text.len() > 40 { ".." } else { "" })
}

fn describe(kind: u8) -> &'static str {
    match kind {
        b'*' => "an array",
        b'%' => "a map",
        b'~' => "a set",
        b'_' => "null",
        b':' => "an integer",
        b'#' => "a boolean",
        b',' => "a double",
        _ => "a string",
    }
}

/// The error of bytes that were not scanned; cannot happen otherwise.
#[cold]
fn truncated() -> DecodeError {
    DecodeError::Mismatch("the reply ends too early".into())
}

#[cold]
fn beyond() -> DecodeError {
    DecodeError::Mismatch("the type read beyond the end of the reply".into())
}
