//! The scanner, which finds the ends of replies. It is resumable, so a reply that arrives in pieces costs one pass however
//! it is cut, and bounded, so a hostile server costs an error.

use super::{
    header::{
        Body, ERROR, Header, KINDS, LINE, OK, PUSH, ProtocolError, excerpt, header_at, line_end, malformed, parse_line,
        quick, short_line, simple,
    },
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

/// The end of a whole reply, or of a push message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// A reply to a command ends here.
    Reply(usize),
    /// A push message, which is no reply to a command, ends here: between two replies, or within the next one.
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
///
/// A push message may stand before any element of an aggregate, which does not count it: Redis 6.2 and 7.0 write a
/// message that a queued command publishes to its own connection into the array that EXEC answers.
#[derive(Debug)]
pub(crate) struct Scanner {
    limits: Limits,
    /// The start of the current reply.
    start: usize,
    /// The start of the push message found last, or of that which is open within a reply.
    push_start: usize,
    /// The start of the next element's header.
    at: usize,
    /// The end of the bytes that were searched for the line end of the header at `at`.
    searched: usize,
    /// The number of elements that the innermost open aggregate lacks; 0 if none is open.
    missing: usize,
    /// The numbers of elements that the aggregates around it lack, from the outermost on.
    open: Vec<usize>,
    /// The number of aggregates around the push message that is open within a reply; 0 if none is.
    push_depth: usize,
    /// An error reply was found since the flag was last taken.
    found_error: bool,
    errors: ErrorObserver,
}

impl Scanner {
    pub(crate) fn new(limits: Limits) -> Self {
        Scanner::observed(limits, ErrorObserver::default())
    }

    /// Makes a scanner whose error replies `errors` observes.
    pub(crate) fn observed(limits: Limits, errors: ErrorObserver) -> Self {
        Scanner {
            limits,
            start: 0,
            push_start: 0,
            at: 0,
            searched: 0,
            missing: 0,
            open: Vec::new(),
            push_depth: 0,
            found_error: false,
            errors,
        }
    }

    /// Returns the end of the next whole reply of `buffer`, or `None` when more bytes are needed.
    pub(crate) fn next(&mut self, buffer: &[u8]) -> Result<Option<Found>, ProtocolError> {
        loop {
            self.skip_elements(buffer);
            let header = match quick(buffer, self.at) {
                Some(header) => header,
                None => match self.header(buffer)? {
                    Some(header) if header.kind == PUSH && self.is_within_reply() => {
                        if self.enter_push(buffer, header)? {
                            continue;
                        }
                        return Ok(Some(Found::Push(self.at)));
                    }
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
                if self.is_within_reply() {
                    return Ok(Some(Found::Push(at)));
                }
                let start = mem::replace(&mut self.start, at);
                if buffer[start] == PUSH {
                    self.push_start = start;
                    return Ok(Some(Found::Push(at)));
                }
                return Ok(Some(Found::Reply(at)));
            }
        }
    }

    /// Returns whether an error reply, at any depth of a reply, was found since this was last called. No server sends its errors in
    /// RESP3's length-prefixed form, which is not looked for.
    #[inline]
    pub(crate) fn take_found_error(&mut self) -> bool {
        mem::take(&mut self.found_error)
    }

    /// Returns the start of the push message found last. Valid until bytes are consumed.
    pub(crate) fn push_start(&self) -> usize {
        self.push_start
    }

    /// Returns whether a reply has begun whose end was not found. A push message found meanwhile is a part of its bytes.
    pub(crate) fn is_within_reply(&self) -> bool {
        self.missing > 0
    }

    /// Adjusts to a buffer whose first `count` bytes, all of them whole replies, were removed.
    pub(crate) fn consumed(&mut self, count: usize) {
        self.start -= count;
        self.push_start = self.push_start.saturating_sub(count);
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
            loop {
                let skipped = self.simple_replies(buffer, end, most - count);
                count += skipped.count;
                end = skipped.end;
                let next = if count < most { self.nested(buffer, end) } else { None };
                let Some(next) = next else { break };
                count += 1;
                end = next;
            }
            self.start = end;
            self.at = end;
            self.searched = self.searched.max(end);
        }
        Skipped { count, end }
    }

    /// Skips up to `most` replies from `at` on: strings, numbers, and short arrays of these. The loop is a function of its own, so
    /// that it has all registers.
    #[inline(never)]
    fn simple_replies(&self, buffer: &[u8], at: usize, most: usize) -> Skipped {
        let (mut count, mut end) = (0, at);
        while count < most {
            let Some(next) = simple(buffer, end, self.limits.bytes).or_else(|| self.short_array(buffer, end)) else {
                break;
            };
            count += 1;
            end = next;
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

    /// Finds the end of the element at `at`, if it is a short line, or an array or a map that is as short and has no more than one
    /// level of such in it: a small hash, or an entry of a stream. It is out of line, since most elements are strings.
    #[inline(never)]
    fn nested(&self, buffer: &[u8], at: usize) -> Option<usize> {
        let Some((count, mut end)) = self.short_header(buffer, at) else { return short_line(buffer, at) };
        let depth = self.open.len() + usize::from(self.missing > 0);
        if depth + 2 > self.limits.depth {
            return None;
        }
        for _ in 0..count {
            end = simple(buffer, end, self.limits.bytes).or_else(|| self.flat(buffer, end))?;
        }
        (end - at <= self.limits.bytes).then_some(end)
    }

    /// Finds the end of the element at `at`, if it is a short line, or a short array or map of simple elements.
    #[inline(never)]
    fn flat(&self, buffer: &[u8], at: usize) -> Option<usize> {
        let Some((count, mut end)) = self.short_header(buffer, at) else { return short_line(buffer, at) };
        for _ in 0..count {
            end = simple(buffer, end, self.limits.bytes).or_else(|| short_line(buffer, end))?;
        }
        Some(end)
    }

    /// The number of elements of the array or map at `at`, if it is short, and the end of its header.
    #[inline(always)]
    fn short_header(&self, buffer: &[u8], at: usize) -> Option<(usize, usize)> {
        let count = match buffer.get(at..)? {
            [b'*', count @ b'1'..=b'9', b'\r', b'\n', ..] => usize::from(count - b'0'),
            [b'%', count @ b'1'..=b'9', b'\r', b'\n', ..] => 2 * usize::from(count - b'0'),
            _ => return None,
        };
        (count <= self.limits.elements).then_some((count, at + 4))
    }

    /// Skips simple elements of the open array, and short arrays in it, but for its last one. Most elements are simple.
    #[inline]
    fn skip_elements(&mut self, buffer: &[u8]) {
        let (mut at, mut missing) = (self.at, self.missing);
        while missing > 1 {
            (at, missing) = simple_elements(buffer, at, missing, self.limits.bytes);
            let next = if missing > 1 { self.nested(buffer, at) } else { None };
            let Some(end) = next else { break };
            at = end;
            missing -= 1;
        }
        if missing < self.missing {
            self.missing = missing;
            self.at = at;
            self.searched = at;
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

    /// Opens the push message of `header`, which the aggregate around it does not count. False if it has no elements.
    #[cold]
    fn enter_push(&mut self, buffer: &[u8], header: Header) -> Result<bool, ProtocolError> {
        let Body::Elements(count) = header.body else { return Err(malformed("a push message without a length")) };
        if self.push_depth > 0 || buffer[self.start] == PUSH {
            return Err(malformed("a push message within a push message"));
        }
        self.bounded(count, self.limits.elements, "elements")?;
        self.push_start = self.at;
        self.at = header.end;
        self.searched = header.end;
        if count == 0 {
            return self.bounded(self.at - self.start, self.limits.bytes, "bytes").map(|()| false);
        }
        self.enter(count)?;
        self.push_depth = self.open.len();
        Ok(true)
    }

    /// Closes the element just found and every aggregate that it completes. True when that was the whole reply, or the push
    /// message within it.
    #[inline]
    fn close(&mut self) -> bool {
        while self.missing > 0 {
            self.missing -= 1;
            if self.missing > 0 {
                return false;
            }
            self.missing = self.open.pop().unwrap_or_default();
            if self.open.len() < self.push_depth {
                self.push_depth = 0;
                return true;
            }
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
        let Some(end) = line_end(buffer, self.at, from) else {
            self.searched = buffer.len();
            return Ok(None);
        };
        let header = parse_line(buffer, self.at, end)?;
        if kind == ERROR {
            self.found_error = true;
            self.errors.observe(buffer.get(self.at + 1..end - 2).unwrap_or_default());
        }
        Ok(Some(header))
    }
}

/// Skips simple elements from `at` on, but for the last of the `missing` ones. Returns where it stopped, and how many are missing.
/// The loop is a function of its own, so that it has all registers.
#[inline(never)]
fn simple_elements(buffer: &[u8], mut at: usize, mut missing: usize, most: usize) -> (usize, usize) {
    while missing > 1 {
        let Some(end) = simple(buffer, at, most) else { break };
        at = end;
        missing -= 1;
    }
    (at, missing)
}

/// Returns where the element at `at` of whole, scanned bytes ends, behind push messages before it or within it.
pub(super) fn skip(bytes: &[u8], at: usize) -> Option<usize> {
    skip_many(bytes, at, 1)
}

/// Returns where the push message at `at` of whole, scanned bytes ends.
pub(super) fn skip_push(bytes: &[u8], at: usize) -> Option<usize> {
    match header_at(bytes, at)? {
        Header { kind: PUSH, body: Body::Elements(count), end, .. } => skip_many(bytes, end, count),
        _ => None,
    }
}

/// Returns where the last of the `missing` elements at `at` of whole, scanned bytes ends.
pub(super) fn skip_many(bytes: &[u8], mut at: usize, mut missing: usize) -> Option<usize> {
    while missing > 0 {
        let header = quick(bytes, at).or_else(|| header_at(bytes, at))?;
        missing -= usize::from(header.kind != PUSH);
        at = header.end;
        match header.body {
            Body::None => {}
            Body::Bytes(length) => at = at.checked_add(length)?.checked_add(2)?,
            Body::Elements(count) => missing = missing.checked_add(count)?,
        }
    }
    (at <= bytes.len()).then_some(at)
}

#[cold]
fn beyond(found: usize, most: usize, unit: &str) -> ProtocolError {
    malformed(&format!("a reply of {found} {unit}, where the limit is {most}"))
}

/// Returns whether the last of these replies is OK.
pub(crate) fn ends_with_ok(replies: &[u8]) -> bool {
    replies.strip_suffix(OK).is_some_and(|before| before.is_empty() || before.ends_with(b"\r\n"))
}
