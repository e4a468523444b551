//! The scanner, which finds the ends of replies. It is resumable, so a reply that arrives in pieces costs one pass however
//! it is cut, and bounded, so a hostile server costs an error.

use super::{
    integers::{integer, whole_integer},
    observer::ErrorObserver,
};
use std::mem;

/// The limits of a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Bytes of one reply, nested ones included.
    pub(crate) bytes: usize,
    /// Elements of one array, set or map.
    pub(crate) elements: usize,
    /// Nested arrays, sets and maps.
    pub(crate) depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { bytes: 512 * 1024 * 1024 + 1024, elements: 64 * 1024 * 1024, depth: 64 }
    }
}

/// Bytes that are not RESP, or that break a limit, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProtocolError(pub(crate) Box<str>);

/// The end of a whole reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// A reply to a command ends here.
    Reply(usize),
    /// A push message, which is no reply to a command, ends here.
    Push(usize),
}

/// Whole replies that were skipped at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Skipped {
    pub(crate) count: usize,
    /// The end of the last one.
    pub(crate) end: usize,
}

/// Finds the ends of replies in a buffer that grows.
#[derive(Debug)]
pub(crate) struct Scanner {
    limits: Limits,
    /// The start of the current reply.
    start: usize,
    /// The start of the push message found last.
    push_start: usize,
    /// The start of the next element's header.
    at: usize,
    /// The end of the bytes that were searched for the line end of the header at `at`.
    searched: usize,
    /// The number of elements that the innermost open aggregate lacks; 0 if none is open.
    missing: usize,
    /// The numbers of elements that the aggregates around it lack, from the outermost on.
    open: Vec<usize>,
    errors: ErrorObserver,
}

impl Scanner {
    pub(crate) fn new(limits: Limits) -> Self {
        Scanner::observed(limits, ErrorObserver::default())
    }

    /// Makes a scanner whose error replies `errors` observes.
    pub(crate) fn observed(limits: Limits, errors: ErrorObserver) -> Self {
        Scanner { limits, start: 0, push_start: 0, at: 0, searched: 0, missing: 0, open: Vec::new(), errors }
    }

    /// Returns the end of the next whole reply of `buffer`, or `None` when more bytes are needed.
    pub(crate) fn next(&mut self, buffer: &[u8]) -> Result<Option<Found>, ProtocolError> {
        loop {
            self.skip_elements(buffer);
            let header = match quick(buffer, self.at) {
                Some(header) => header,
                None => match self.header(buffer)? {
                    Some(header) => header,
                    None => return self.unfinished(buffer),
                },
            };
            let (mut at, body) = (header.end, header.body);
            match body {
                Body::None => {}
                Body::Bytes(length) => {
                    self.bounded(length, self.limits.bytes, "bytes")?;
                    let end = at + length;
                    match buffer.get(end..end + 2) {
                        Some(b"\r\n") => at = end + 2,
                        Some(_) => return Err(malformed("a string without its line end")),
                        None => return self.unfinished(buffer),
                    }
                }
                Body::Elements(0) => {}
                Body::Elements(count) => {
                    self.bounded(count, self.limits.elements, "elements")?;
                    self.enter(count)?;
                    self.at = at;
                    self.searched = at;
                    continue;
                }
            }
            self.at = at;
            self.searched = at;
            if self.close() {
                // Checked also for a reply that came in one read, so that the limit does not depend on how bytes are cut.
                self.bounded(at - self.start, self.limits.bytes, "bytes")?;
                let start = mem::replace(&mut self.start, at);
                if buffer[start] == PUSH {
                    self.push_start = start;
                    return Ok(Some(Found::Push(at)));
                }
                return Ok(Some(Found::Reply(at)));
            }
        }
    }

    /// Returns the start of the push message found last. Valid until bytes are consumed.
    pub(crate) fn push_start(&self) -> usize {
        self.push_start
    }

    /// Adjusts to a buffer whose first `count` bytes, all of them whole replies, were removed.
    pub(crate) fn consumed(&mut self, count: usize) {
        self.start -= count;
        self.at -= count;
        self.searched -= count;
    }

    /// Returns the number of open aggregates that fit without another allocation.
    #[cfg(test)]
    pub(super) fn capacity(&self) -> usize {
        self.open.capacity()
    }

    /// Skips up to `most` whole replies of the simplest forms, which are most of those to a pipeline.
    pub(crate) fn skip_simple(&mut self, buffer: &[u8], most: usize) -> Skipped {
        let mut count = 0;
        let mut end = self.at;
        if self.at == self.start && self.limits.bytes >= LINE {
            while count < most {
                let Some(next) = simple(buffer, end, self.limits.bytes).or_else(|| self.short_array(buffer, end))
                else {
                    break;
                };
                count += 1;
                end = next;
            }
            self.start = end;
            self.at = end;
            self.searched = self.searched.max(end);
        }
        Skipped { count, end }
    }

    /// Finds the end of the array at `at`, if it is short and has only simple elements, as the replies of most transactions.
    /// It is so short that scanning it anew with each piece that arrives costs little.
    #[inline]
    fn short_array(&self, buffer: &[u8], at: usize) -> Option<usize> {
        let (count, mut end) = match buffer.get(at..)? {
            [b'*', count @ b'1'..=b'9', b'\r', b'\n', ..] => (usize::from(count - b'0'), at + 4),
            _ => return None,
        };
        if count > self.limits.elements || self.limits.depth == 0 {
            return None;
        }
        for _ in 0..count {
            end = simple(buffer, end, self.limits.bytes)?;
        }
        (end - at <= self.limits.bytes).then_some(end)
    }

    /// Skips simple elements of the open array, but for its last one. Most elements are simple.
    #[inline]
    fn skip_elements(&mut self, buffer: &[u8]) {
        let before = self.at;
        while self.missing > 1 {
            let Some(end) = simple(buffer, self.at, self.limits.bytes) else { break };
            self.at = end;
            self.missing -= 1;
        }
        if self.at > before {
            self.searched = self.at;
        }
    }

    /// Returns the number of bytes that the string at the scanner's position lacks, if its length is known.
    pub(crate) fn missing_bytes(&self, buffer: &[u8]) -> usize {
        match quick(buffer, self.at) {
            Some(Header { end, body: Body::Bytes(length), .. }) => (end + length + 2).saturating_sub(buffer.len()),
            _ => 0,
        }
    }

    /// Opens an aggregate of `count` elements, at least one.
    fn enter(&mut self, count: usize) -> Result<(), ProtocolError> {
        let depth = self.open.len() + usize::from(self.missing > 0);
        if depth >= self.limits.depth {
            return Err(malformed(&format!("a reply nested more than {} deep", self.limits.depth)));
        }
        if self.missing > 0 {
            self.open.push(self.missing);
        }
        self.missing = count;
        Ok(())
    }

    /// Closes the element just found and every aggregate that it completes. True when that was the whole reply.
    #[inline]
    fn close(&mut self) -> bool {
        while self.missing > 0 {
            self.missing -= 1;
            if self.missing > 0 {
                return false;
            }
            self.missing = self.open.pop().unwrap_or_default();
        }
        true
    }

    fn unfinished(&self, buffer: &[u8]) -> Result<Option<Found>, ProtocolError> {
        self.bounded(buffer.len() - self.start, self.limits.bytes, "bytes").map(|()| None)
    }

    #[inline]
    fn bounded(&self, found: usize, most: usize, unit: &str) -> Result<(), ProtocolError> {
        if found > most { Err(beyond(found, most, unit)) } else { Ok(()) }
    }

    fn header(&mut self, buffer: &[u8]) -> Result<Option<Header>, ProtocolError> {
        let Some(&kind) = buffer.get(self.at) else { return Ok(None) };
        if !KINDS.contains(&kind) {
            return Err(malformed(&format!("a reply that starts with {:?}", excerpt(&buffer[self.at..]))));
        }
        let from = self.searched.max(self.at + 1);
        let Some(found) = memchr::memchr(b'\n', &buffer[from..]) else {
            self.searched = buffer.len();
            return Ok(None);
        };
        let end = from + found + 1;
        match line(buffer, self.at, end) {
            Some(line) => {
                if kind == ERROR {
                    self.errors.observe(line);
                }
                parse(kind, line, end).map(Some)
            }
            None => Err(malformed("a line that does not end with CR LF")),
        }
    }
}

/// Returns where the reply at `at` of whole, scanned bytes ends.
pub(super) fn skip(bytes: &[u8], mut at: usize) -> Option<usize> {
    let mut missing = 1usize;
    while missing > 0 {
        let header = quick(bytes, at).or_else(|| header_at(bytes, at))?;
        missing -= 1;
        at = header.end;
        match header.body {
            Body::None => {}
            Body::Bytes(length) => at = at.checked_add(length)?.checked_add(2)?,
            Body::Elements(count) => missing = missing.checked_add(count)?,
        }
    }
    (at <= bytes.len()).then_some(at)
}

/// Parses the header at `at` on the fast path: a whole line with a length or a short number, or one of the two lines that a
/// transaction is full of. `None` means that the slow path has to look.
///
/// Most lines are so short that a search for their end costs more than parsing them.
#[inline]
pub(super) fn quick(bytes: &[u8], at: usize) -> Option<Header> {
    let (&kind, rest) = bytes.get(at..)?.split_first()?;
    let (body, length) = match kind {
        b'$' => {
            let (length, line) = digits(rest)?;
            (Body::Bytes(length), line)
        }
        b'*' | b'~' | b'>' => {
            let (count, line) = digits(rest)?;
            (Body::Elements(count), line)
        }
        b'%' => {
            let (count, line) = digits(rest)?;
            (Body::Elements(2 * count), line)
        }
        b':' => return whole_integer(bytes, at).map(|(_, end)| Header { kind, end, body: Body::None, null: false }),
        b'+' if rest.starts_with(OK_LINE) => (Body::None, OK_LINE.len()),
        b'+' if rest.starts_with(QUEUED_LINE) => (Body::None, QUEUED_LINE.len()),
        _ => return None,
    };
    Some(Header { kind, end: at + 1 + length, body, null: false })
}

/// The replies to MULTI and to each command behind it.
pub(super) const OK: &[u8] = b"+OK\r\n";
pub(super) const QUEUED: &[u8] = b"+QUEUED\r\n";
/// The same behind their first byte.
const OK_LINE: &[u8] = OK.split_at(1).1;
const QUEUED_LINE: &[u8] = QUEUED.split_at(1).1;

/// The first byte of a push message.
pub(crate) const PUSH: u8 = b'>';
/// The first byte of an error.
const ERROR: u8 = b'-';

/// Returns whether the last of these replies is OK.
pub(crate) fn ends_with_ok(replies: &[u8]) -> bool {
    replies.strip_suffix(OK).is_some_and(|before| before.is_empty() || before.ends_with(b"\n"))
}

/// More than the length of the lines that [`simple`] takes.
const LINE: usize = 32;

/// Finds the end of the reply at `at`, if it is one of the two lines that a transaction is full of, an integer, or a
/// whole string.
#[inline(always)]
fn simple(bytes: &[u8], at: usize, most: usize) -> Option<usize> {
    match bytes.get(at..)? {
        [b'+', b'Q', b'U', b'E', b'U', b'E', b'D', b'\r', b'\n', ..] => Some(at + QUEUED.len()),
        [b'+', b'O', b'K', b'\r', b'\n', ..] => Some(at + OK.len()),
        [b':', ..] => whole_integer(bytes, at).map(|(_, end)| end),
        [b'$', ..] => match whole_string(bytes, at) {
            Some((_, end)) if end + 2 - at <= most => Some(end + 2),
            _ => None,
        },
        _ => None,
    }
}

/// Finds the whole string at `at`: where its text starts and ends.
#[inline(always)]
pub(super) fn whole_string(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let Some((b'$', rest)) = bytes.get(at..)?.split_first() else { return None };
    let (length, line) = digits(rest)?;
    let start = at + 1 + line;
    (bytes.get(start + length..start + length + 2)? == b"\r\n").then_some((start, start + length))
}

/// Parses a line of a few digits: the number, and the length of the line.
#[inline(always)]
fn digits(line: &[u8]) -> Option<(usize, usize)> {
    match line {
        [a @ b'0'..=b'9', b'\r', b'\n', ..] => Some((usize::from(a - b'0'), 3)),
        [a @ b'0'..=b'9', b @ b'0'..=b'9', b'\r', b'\n', ..] => {
            Some((usize::from(a - b'0') * 10 + usize::from(b - b'0'), 4))
        }
        line => more_digits(line),
    }
}

fn more_digits(line: &[u8]) -> Option<(usize, usize)> {
    let mut value = 0;
    for (at, byte) in line.iter().take(10).enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            let whole = at > 0 && *byte == b'\r' && line.get(at + 1) == Some(&b'\n');
            return whole.then_some((value, at + 2));
        }
        // Ten digits can wrap where addresses have 32 bits, and are never returned.
        value = usize::wrapping_add(value.wrapping_mul(10), usize::from(digit));
    }
    None
}

/// Parses the header at `at`, on the slow path.
pub(super) fn header_at(bytes: &[u8], at: usize) -> Option<Header> {
    let kind = *bytes.get(at)?;
    let end = at + 2 + memchr::memchr(b'\n', bytes.get(at + 1..)?)?;
    parse(kind, line(bytes, at, end)?, end).ok()
}

const KINDS: &[u8] = b"+-:$*_,#(!=%~>|";

/// The line that starts an element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    pub(super) kind: u8,
    /// The end of the line, its CR LF included.
    pub(super) end: usize,
    pub(super) body: Body,
    pub(super) null: bool,
}

/// The content behind a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Body {
    None,
    Bytes(usize),
    Elements(usize),
}

/// The text between the kind and the CR LF.
fn line(bytes: &[u8], at: usize, end: usize) -> Option<&[u8]> {
    bytes.get(at + 1..end)?.strip_suffix(b"\r\n")
}

#[inline]
fn parse(kind: u8, line: &[u8], end: usize) -> Result<Header, ProtocolError> {
    let (body, null) = match kind {
        b'$' | b'!' | b'=' | b'*' | b'%' | b'~' | b'>' | b'|' => match length(line) {
            Some(Length::Null) if matches!(kind, b'$' | b'*') => (Body::None, true),
            Some(Length::Of(length)) => (body(kind, length)?, false),
            _ => return Err(malformed(&format!("a length of {:?}", excerpt(line)))),
        },
        b':' if integer(line).is_none() => {
            return Err(malformed(&format!("an integer {:?}", excerpt(line))));
        }
        kind => (Body::None, kind == b'_'),
    };
    Ok(Header { kind, end, body, null })
}

fn body(kind: u8, length: usize) -> Result<Body, ProtocolError> {
    let elements = match kind {
        b'$' | b'!' | b'=' => return Ok(Body::Bytes(length)),
        b'%' => length.checked_mul(2),
        // An attribute belongs to the reply behind it, which counts as one more element.
        b'|' => length.checked_mul(2).and_then(|n| n.checked_add(1)),
        _ => Some(length),
    };
    elements.map(Body::Elements).ok_or_else(|| malformed("a length beyond all memory"))
}

enum Length {
    Null,
    Of(usize),
}

#[inline]
fn length(line: &[u8]) -> Option<Length> {
    match line {
        b"-1" => Some(Length::Null),
        [] => None,
        digits if digits.len() <= 15 => {
            let mut value = 0usize;
            for digit in digits {
                let digit = digit.is_ascii_digit().then(|| usize::from(digit - b'0'))?;
                value = value.checked_mul(10)?.checked_add(digit)?;
            }
            Some(Length::Of(value))
        }
        _ => None,
    }
}

#[cold]
fn beyond(found: usize, most: usize, unit: &str) -> ProtocolError {
    malformed(&format!("a reply of {found} {unit}, where the limit is {most}"))
}

fn excerpt(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(24)]).into_owned()
}

#[cold]
fn malformed(reason: &str) -> ProtocolError {
    ProtocolError(format!("the server sent {reason}").into())
}
