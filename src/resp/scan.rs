//! Where a reply ends. The scan is resumable, so a reply that comes in pieces costs one pass however it is cut, and
//! bounded, so that a hostile server costs an error.

/// How large a reply may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Bytes of one reply, all it holds included.
    pub(crate) bytes: usize,
    /// Elements of one array, set or map.
    pub(crate) elements: usize,
    /// Arrays within arrays.
    pub(crate) depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { bytes: 512 * 1024 * 1024 + 1024, elements: 64 * 1024 * 1024, depth: 64 }
    }
}

/// Why bytes are not a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Malformed(pub(crate) Box<str>);

/// The end of a whole reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// A reply to a command ends here.
    Reply(usize),
    /// A push message, which answers no command, ends here.
    Push(usize),
}

/// Finds the ends of replies in a buffer that grows behind it.
#[derive(Debug)]
pub(crate) struct Scanner {
    limits: Limits,
    /// Where the current reply starts.
    start: usize,
    /// Where the next element's header starts.
    at: usize,
    /// How far the header at `at` has been searched for its line end.
    searched: usize,
    /// How many elements each open aggregate still lacks.
    open: Vec<usize>,
}

impl Scanner {
    pub(crate) fn new(limits: Limits) -> Self {
        Scanner { limits, start: 0, at: 0, searched: 0, open: Vec::new() }
    }

    /// Returns the end of the next whole reply of `buffer`, or `None` when more bytes are needed.
    pub(crate) fn next(&mut self, buffer: &[u8]) -> Result<Option<Found>, Malformed> {
        loop {
            let Some(header) = self.header(buffer)? else {
                return self.unfinished(buffer);
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
                    if self.open.len() >= self.limits.depth {
                        return Err(malformed(&format!("a reply nested more than {} deep", self.limits.depth)));
                    }
                    self.open.push(count);
                    (self.at, self.searched) = (at, at);
                    continue;
                }
            }
            (self.at, self.searched) = (at, at);
            if self.close() {
                // Also when it came whole in one read, so that the limit does not depend on how the bytes are cut.
                self.bounded(at - self.start, self.limits.bytes, "bytes")?;
                let push = buffer[self.start] == b'>';
                self.start = at;
                return Ok(Some(if push { Found::Push(at) } else { Found::Reply(at) }));
            }
        }
    }

    /// Tells the scanner that the first `count` bytes, all of them whole replies, left the buffer.
    pub(crate) fn consumed(&mut self, count: usize) {
        self.start -= count;
        self.at -= count;
        self.searched -= count;
    }

    /// How many open aggregates there is room for.
    #[cfg(test)]
    pub(super) fn held(&self) -> usize {
        self.open.capacity()
    }

    /// Closes the element just found and every aggregate that it completes. True when that was the whole reply.
    fn close(&mut self) -> bool {
        while let Some(missing) = self.open.last_mut() {
            *missing -= 1;
            if *missing > 0 {
                return false;
            }
            self.open.pop();
        }
        true
    }

    fn unfinished(&self, buffer: &[u8]) -> Result<Option<Found>, Malformed> {
        self.bounded(buffer.len() - self.start, self.limits.bytes, "bytes").map(|()| None)
    }

    fn bounded(&self, found: usize, most: usize, unit: &str) -> Result<(), Malformed> {
        if found > most {
            return Err(malformed(&format!("a reply of {found} {unit}, where the limit is {most}")));
        }
        Ok(())
    }

    fn header(&mut self, buffer: &[u8]) -> Result<Option<Header>, Malformed> {
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
            Some(line) => parse(kind, line, end).map(Some),
            None => Err(malformed("a line that does not end with CR LF")),
        }
    }
}

/// Returns where the reply at `at` of whole, scanned bytes ends.
pub(super) fn skip(bytes: &[u8], mut at: usize) -> Option<usize> {
    let mut missing = 1usize;
    while missing > 0 {
        let header = header_at(bytes, at)?;
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

/// Reads the header at `at`.
#[inline]
pub(super) fn header_at(bytes: &[u8], at: usize) -> Option<Header> {
    let kind = *bytes.get(at)?;
    let end = at + 2 + memchr::memchr(b'\n', bytes.get(at + 1..)?)?;
    parse(kind, line(bytes, at, end)?, end).ok()
}

const KINDS: &[u8] = b"+-:$*_,#(!=%~>|";

/// One line that starts an element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    pub(super) kind: u8,
    /// Where the line ends, its CR LF included.
    pub(super) end: usize,
    pub(super) body: Body,
    pub(super) null: bool,
}

/// What follows a header.
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
fn parse(kind: u8, line: &[u8], end: usize) -> Result<Header, Malformed> {
    let (body, null) = match kind {
        b'$' | b'!' | b'=' | b'*' | b'%' | b'~' | b'>' | b'|' => match length(line) {
            Some(Length::Null) if matches!(kind, b'$' | b'*') => (Body::None, true),
            Some(Length::Of(length)) => (body(kind, length)?, false),
            _ => return Err(malformed(&format!("a length of {:?}", excerpt(line)))),
        },
        b':' if crate::resp::read::integer(line).is_none() => {
            return Err(malformed(&format!("an integer {:?}", excerpt(line))));
        }
        kind => (Body::None, kind == b'_'),
    };
    Ok(Header { kind, end, body, null })
}

fn body(kind: u8, length: usize) -> Result<Body, Malformed> {
    let elements = match kind {
        b'$' | b'!' | b'=' => return Ok(Body::Bytes(length)),
        b'%' => length.checked_mul(2),
        // An attribute comes with the reply that it describes.
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

fn excerpt(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(24)]).into_owned()
}

fn malformed(reason: &str) -> Malformed {
    Malformed(format!("the server sent {reason}").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPLIES: &[u8] = b"+OK\r\n$5\r\nhe\r\no\r\n*2\r\n:1\r\n*-1\r\n%1\r\n$1\r\na\r\n~1\r\n_\r\n>2\r\n+p\r\n+q\r\n|1\r\n+k\r\n+v\r\n#t\r\n";

    fn ends(scanner: &mut Scanner, buffer: &[u8]) -> Vec<Found> {
        std::iter::from_fn(|| scanner.next(buffer).unwrap()).collect()
    }

    #[test]
    fn ends_are_the_same_however_the_bytes_are_cut() {
        let whole = ends(&mut Scanner::new(Limits::default()), REPLIES);
        assert_eq!(whole.len(), 6);
        assert_eq!(whole[4], Found::Push(REPLIES.len() - 16));
        for size in 1..REPLIES.len() {
            let mut scanner = Scanner::new(Limits::default());
            let mut found = Vec::new();
            for end in (size..REPLIES.len()).step_by(size).chain([REPLIES.len()]) {
                found.extend(ends(&mut scanner, &REPLIES[..end]));
            }
            assert_eq!(found, whole, "in pieces of {size}");
        }
    }

    #[test]
    fn what_is_no_reply_is_refused_with_words() {
        let refused = |bytes: &[u8]| Scanner::new(Limits::default()).next(bytes).unwrap_err().0;
        assert!(refused(b"HTTP/1.1 400 Bad Request\r\n").contains("HTTP/1.1 400"));
        assert!(refused(b"$1073741824\r\n").contains("1073741824 bytes"));
        assert!(refused(b"*9999999999999999999\r\n").contains("length"));
        assert!(refused(b"$-2\r\n").contains("length"));
        assert!(refused(b"$1\r\nab\r\n").contains("line end"));
        assert!(refused(b":12a\r\n").contains("12a"));
        assert!(refused(&b"*1\r\n".repeat(100_000)).contains("nested"));
    }

    #[test]
    fn the_limit_holds_for_a_reply_that_comes_whole() {
        let limited = |bytes, reply| Scanner::new(Limits { bytes, ..Limits::default() }).next(reply);
        assert_eq!(limited(8, b"*1\r\n:1\r\n"), Ok(Some(Found::Reply(8))));
        assert!(limited(7, b"*1\r\n:1\r\n").unwrap_err().0.contains("a reply of 8 bytes, where the limit is 7"));
    }

    #[test]
    fn skip_finds_the_end_that_the_scanner_finds() {
        let mut at = 0;
        for found in ends(&mut Scanner::new(Limits::default()), REPLIES) {
            let (Found::Reply(end) | Found::Push(end)) = found;
            assert_eq!(skip(REPLIES, at), Some(end));
            at = end;
        }
    }
}
