//! Headers: the lines that start elements, and the shortest elements as a whole.
//!
//! CR LF ends a line. A status or an error may hold a CR or an LF alone, since Redis 8 sends errors of scripts with line
//! feeds in them; in every other line they are malformed.

use super::integers::{integer, integer_end};

/// Bytes that are not RESP, or that break a limit, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProtocolError(pub(crate) Box<str>);

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

pub(super) const KINDS: &[u8] = b"+-:$*_,#(!=%~>|";

/// The first byte of a push message.
pub(crate) const PUSH: u8 = b'>';
/// The first byte of an error.
pub(super) const ERROR: u8 = b'-';

/// Parses the header at `at` on the fast path: a whole line with a length or a short number, or one of the two lines that a
/// transaction is full of. `None` means that the slow path has to look.
///
/// Most lines are so short that a search for their end costs more than parsing them. Never a push message, which is no
/// element of an aggregate around it.
#[inline]
pub(super) fn quick(bytes: &[u8], at: usize) -> Option<Header> {
    let (&kind, rest) = bytes.get(at..)?.split_first()?;
    let (body, length) = match kind {
        b'$' => {
            let (length, line) = digits(rest)?;
            (Body::Bytes(length), line)
        }
        b'*' | b'~' => {
            let (count, line) = digits(rest)?;
            (Body::Elements(count), line)
        }
        b'%' => {
            let (count, line) = digits(rest)?;
            (Body::Elements(2 * count), line)
        }
        b':' => return integer_end(bytes, at).map(|end| Header { kind, end, body: Body::None, null: false }),
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

/// More than the length of the lines that [`simple`] takes.
pub(super) const LINE: usize = 32;

/// Finds the end of the reply at `at`, if it is one of the two lines that a transaction is full of, an integer, or a
/// whole string.
#[inline(always)]
pub(super) fn simple(bytes: &[u8], at: usize, most: usize) -> Option<usize> {
    match bytes.get(at..)? {
        [b'+', b'Q', b'U', b'E', b'U', b'E', b'D', b'\r', b'\n', ..] => Some(at + QUEUED.len()),
        [b'+', b'O', b'K', b'\r', b'\n', ..] => Some(at + OK.len()),
        [b':', ..] => integer_end(bytes, at),
        [b'$', ..] => match whole_string(bytes, at) {
            Some((_, end)) if end + 2 - at <= most => Some(end + 2),
            _ => None,
        },
        _ => None,
    }
}

/// Finds the end of the element at `at`, if it is null, a boolean or a double, which take a short line.
#[inline]
pub(super) fn short_line(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at..)? {
        [b'$' | b'*', b'-', b'1', b'\r', b'\n', ..] => Some(at + 5),
        [b',' | b'_' | b'#', line @ ..] => {
            let length = line.iter().take(LINE - 3).position(|byte| matches!(byte, b'\r' | b'\n'))?;
            (line.get(length..length + 2)? == b"\r\n").then_some(at + 1 + length + 2)
        }
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
    let end = line_end(bytes, at, at + 1)?;
    parse_line(bytes, at, end).ok()
}

/// Returns the end of the line at `at`, its line end included. `None` if there is none from `from` on; what is before `from`
/// was searched already, so that a line costs one pass however it is cut.
pub(super) fn line_end(bytes: &[u8], at: usize, mut from: usize) -> Option<usize> {
    let is_text = matches!(bytes.get(at)?, b'+' | b'-');
    loop {
        let end = from + memchr::memchr(b'\n', bytes.get(from..)?)? + 1;
        if !is_text || line(bytes, at, end).is_some() {
            return Some(end);
        }
        from = end;
    }
}

/// Parses the line at `at`, which ends at `end`.
#[inline]
pub(super) fn parse_line(bytes: &[u8], at: usize, end: usize) -> Result<Header, ProtocolError> {
    match (bytes.get(at), line(bytes, at, end)) {
        (Some(kind), Some(line)) => parse(*kind, line, end),
        _ => Err(malformed("a line that does not end with CR LF")),
    }
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
        b',' | b'(' | b'#' | b'_' if line.contains(&b'\r') => {
            return Err(malformed(&format!("a value {:?}", excerpt(line))));
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

pub(super) fn excerpt(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(24)]).into_owned()
}

#[cold]
pub(super) fn malformed(reason: &str) -> ProtocolError {
    ProtocolError(format!("the server sent {reason}").into())
}
