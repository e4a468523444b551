//! Whole replies as bytes: what a reply is, without decoding it. A merge of several nodes' replies copies elements, and needs
//! no more.

use super::{
    header::{Body, ERROR, Header, PUSH, header_at, quick, simple},
    integers::integer,
    scan,
};

/// One whole reply, or one element of it, behind the push messages and the attributes before it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RawReply<'a> {
    bytes: &'a [u8],
    start: usize,
    header: Header,
}

/// The elements of an array, a set or a map, in which keys and values count one by one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RawElements<'a> {
    /// The first byte of the reply: `*`, `~` or `%`.
    pub(crate) kind: u8,
    pub(crate) count: usize,
    /// The elements one behind the other, with the push messages and attributes between them.
    pub(crate) bytes: &'a [u8],
}

impl<'a> RawReply<'a> {
    /// Parses the first header of `bytes`, which are one whole, scanned reply; `None` if they are not.
    #[inline]
    pub(crate) fn new(bytes: &'a [u8]) -> Option<Self> {
        let mut at = 0;
        loop {
            let header = quick(bytes, at).or_else(|| header_at(bytes, at))?;
            match (header.kind, header.body) {
                (PUSH, _) => at = scan::skip_push(bytes, at)?,
                (b'|', Body::Elements(count)) => at = scan::skip_many(bytes, header.end, count.checked_sub(1)?)?,
                _ => return Some(RawReply { bytes, start: at, header }),
            }
        }
    }

    pub(crate) fn is_error(&self) -> bool {
        matches!(self.header.kind, ERROR | b'!')
    }

    pub(crate) fn is_null(&self) -> bool {
        self.header.null
    }

    /// Returns the integer that the reply is.
    pub(crate) fn integer(&self) -> Option<i64> {
        if self.header.kind == b':' { integer(self.line()) } else { None }
    }

    /// Returns the boolean that the reply is.
    pub(crate) fn boolean(&self) -> Option<bool> {
        match (self.header.kind, self.line()) {
            (b'#', b"t") => Some(true),
            (b'#', b"f") => Some(false),
            _ => None,
        }
    }

    /// Returns the elements of an array, a set or a map.
    #[inline]
    pub(crate) fn elements(&self) -> Option<RawElements<'a>> {
        match (self.header.kind, self.header.body) {
            (kind @ (b'*' | b'~' | b'%'), Body::Elements(count)) => {
                Some(RawElements { kind, count, bytes: self.bytes.get(self.header.end..)? })
            }
            _ => None,
        }
    }

    /// Returns all bytes of the reply, without what stands before it.
    pub(crate) fn bytes(&self) -> &'a [u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }

    /// The text of the header between its kind and its line end.
    fn line(&self) -> &'a [u8] {
        self.bytes.get(self.start + 1..self.header.end - 2).unwrap_or_default()
    }
}

impl<'a> RawElements<'a> {
    /// Cuts the bytes into elements, each with the push messages before it. Ends early where they are not whole.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let (bytes, mut at) = (self.bytes, 0);
        (0..self.count).map_while(move |_| {
            let end = reply_end(bytes, at)?;
            let element = bytes.get(at..end);
            at = end;
            element
        })
    }
}

/// Returns where the whole reply at the byte `at` of scanned bytes ends; push messages before it belong to it.
#[inline]
pub(crate) fn reply_end(bytes: &[u8], at: usize) -> Option<usize> {
    simple(bytes, at, usize::MAX).or_else(|| scan::skip(bytes, at))
}

/// Writes a line of a kind and a number: the header of an aggregate, or an integer.
pub(crate) fn write_line(out: &mut Vec<u8>, kind: u8, number: impl itoa::Integer) {
    out.push(kind);
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
    out.extend_from_slice(b"\r\n");
}
