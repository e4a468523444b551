//! The merge of several nodes' replies to one command into the bytes of one reply, so that the command's type decodes it as
//! if one server had sent it.

use crate::{
    command::Merge,
    resp::{RawElements, RawReply, write_line},
};
use bytes::Bytes;

/// The reason why replies cannot be merged, in words.
pub(super) type MergeError = &'static str;

const NO_REPLY: MergeError = "no node has replied";
const NOT_WHOLE: MergeError = "a node's reply is not one whole reply";
const NOT_NUMBERS: MergeError = "a node's reply is no integer, and no array of integers, so it cannot be merged";
const NOT_FLAGS: MergeError = "a node's reply is no flag, and no array of flags, so it cannot be merged";
const NOT_ALIKE: MergeError = "the nodes' replies have different numbers of elements, so they cannot be merged";
const NOT_ELEMENTS: MergeError = "a node's reply is no array, set or map, so it cannot be merged";
const NOT_MERGED: MergeError = "each node's reply is about that node alone, so they cannot be merged: ask one node";
const NOT_PAIRS: MergeError = "a node's reply is a map and another's is no pairs, so they cannot be merged";
const NOT_ITS_KEYS: MergeError = "a node's reply has not one element for each of its keys";
const OVERFLOW: MergeError = "the sum of the nodes' replies is no 64-bit integer";

/// Merges whole replies to one command, at least one. An error of any node is the merged reply, but for
/// [`Merge::OneSucceeded`].
///
/// [`Merge::KeyOrder`] takes the elements in the order of the replies; [`merge_key_order`] is for other orders.
pub(super) fn merge(merge: Merge, replies: &[impl AsRef<[u8]>]) -> Result<Bytes, MergeError> {
    let mut first = None;
    let mut error = None;
    for reply in replies {
        let reply = parse(reply)?;
        if reply.is_error() {
            error.get_or_insert(reply);
        } else {
            first.get_or_insert(reply);
        }
    }
    let one_is_enough = merge == Merge::OneSucceeded;
    let (first, error) = if one_is_enough { (first.or(error), None) } else { (first, error) };
    if let Some(error) = error {
        return Ok(copy(error));
    }
    let first = first.ok_or(NO_REPLY)?;
    match merge {
        Merge::Sum => numbers(replies, |a, b| a.checked_add(b).ok_or(OVERFLOW)),
        Merge::Min => numbers(replies, |a, b| Ok(a.min(b))),
        Merge::Max => numbers(replies, |a, b| Ok(a.max(b))),
        Merge::LogicalAnd => flags(replies, |a, b| a && b),
        Merge::LogicalOr => flags(replies, |a, b| a || b),
        Merge::AllSucceeded | Merge::OneSucceeded => Ok(copy(first)),
        Merge::Concatenate | Merge::KeyOrder => concatenate(first, replies),
        Merge::Special => first_text(first, replies),
    }
}

/// Merges the replies to the parts of a split command of `total` keys: element by element in the order of the keys. Each
/// part has the positions of its keys among all. An error of any part is the merged reply.
pub(super) fn merge_key_order<'a>(
    total: usize,
    parts: impl IntoIterator<Item = (&'a [u32], &'a [u8])>,
) -> Result<Bytes, MergeError> {
    let mut ordered = vec![&[][..]; total];
    let mut placed = 0;
    for (positions, reply) in parts {
        let reply = RawReply::new(reply).ok_or(NOT_WHOLE)?;
        if reply.is_error() {
            return Ok(copy(reply));
        }
        let elements = reply.elements().filter(|elements| elements.count == positions.len()).ok_or(NOT_ITS_KEYS)?;
        for (position, element) in positions.iter().zip(elements.iter()) {
            let place = ordered.get_mut(*position as usize).filter(|place| place.is_empty()).ok_or(NOT_ITS_KEYS)?;
            *place = element;
            placed += 1;
        }
    }
    if placed != total {
        return Err(NOT_ITS_KEYS);
    }
    let mut merged = header(b'*', total, ordered.iter().map(|element| element.len()).sum());
    ordered.iter().for_each(|element| merged.extend_from_slice(element));
    Ok(merged.into())
}

/// The integers or flags of one reply: the reply itself, or its elements.
struct Scalars<'a> {
    elements: Option<RawElements<'a>>,
    scalar: RawReply<'a>,
}

impl<'a> Scalars<'a> {
    fn of(reply: RawReply<'a>) -> Self {
        Scalars { elements: reply.elements(), scalar: reply }
    }

    fn count(&self) -> usize {
        self.elements.map_or(1, |elements| elements.count)
    }

    /// Calls `each` with the index and the value of each.
    fn for_each(&self, mut each: impl FnMut(usize, RawReply<'a>) -> Result<(), MergeError>) -> Result<(), MergeError> {
        let Some(elements) = self.elements else { return each(0, self.scalar) };
        let mut found = 0;
        for element in elements.iter() {
            each(found, RawReply::new(element).ok_or(NOT_WHOLE)?)?;
            found += 1;
        }
        if found == elements.count { Ok(()) } else { Err(NOT_WHOLE) }
    }
}

/// Folds the values of all replies, index by index, and writes them by `write`: an array if the replies have elements.
fn fold<T: Copy>(
    replies: &[impl AsRef<[u8]>],
    read: impl Fn(RawReply<'_>) -> Result<T, MergeError>,
    combine: impl Fn(T, T) -> Result<T, MergeError>,
    write: impl Fn(&mut Vec<u8>, T),
) -> Result<Bytes, MergeError> {
    let (first, others) = replies.split_first().ok_or(NO_REPLY)?;
    let first = Scalars::of(parse(first)?);
    let mut values = Vec::new();
    first.for_each(|_, value| {
        values.push(read(value)?);
        Ok(())
    })?;
    for other in others {
        let other = Scalars::of(parse(other)?);
        if (other.elements.is_some(), other.count()) != (first.elements.is_some(), values.len()) {
            return Err(NOT_ALIKE);
        }
        other.for_each(|at, value| {
            let sum = values.get_mut(at).ok_or(NOT_ALIKE)?;
            *sum = combine(*sum, read(value)?)?;
            Ok(())
        })?;
    }
    let mut merged = first.elements.map_or_else(Vec::new, |elements| header(b'*', elements.count, 0));
    values.into_iter().for_each(|value| write(&mut merged, value));
    Ok(merged.into())
}

fn numbers(
    replies: &[impl AsRef<[u8]>],
    combine: impl Fn(i64, i64) -> Result<i64, MergeError>,
) -> Result<Bytes, MergeError> {
    let read = |value: RawReply<'_>| value.integer().ok_or(NOT_NUMBERS);
    fold(replies, read, combine, |out, value| write_line(out, b':', value))
}

/// A flag and whether it is a boolean, which only RESP3 has.
type Flag = (bool, bool);

fn flags(replies: &[impl AsRef<[u8]>], combine: impl Fn(bool, bool) -> bool) -> Result<Bytes, MergeError> {
    let read = |value: RawReply<'_>| match (value.boolean(), value.integer()) {
        (Some(flag), _) => Ok((flag, true)),
        (None, Some(flag @ (0 | 1))) => Ok((flag == 1, false)),
        _ => Err(NOT_FLAGS),
    };
    let combine = |(a, is_boolean): Flag, (b, _): Flag| Ok((combine(a, b), is_boolean));
    fold(replies, read, combine, |out, flag| {
        out.extend_from_slice(match flag {
            (true, true) => b"#t\r\n",
            (false, true) => b"#f\r\n",
            (true, false) => b":1\r\n",
            (false, false) => b":0\r\n",
        });
    })
}

/// Joins the elements of all replies, in the order of the replies. Null counts as empty.
fn concatenate(first: RawReply<'_>, replies: &[impl AsRef<[u8]>]) -> Result<Bytes, MergeError> {
    let (mut count, mut length) = (0, 0);
    let mut kind = None;
    let mut pairs = true;
    for reply in replies {
        let Some(elements) = elements_or_null(parse(reply)?)? else { continue };
        count += elements.count;
        length += elements.bytes.len();
        pairs &= elements.count % 2 == 0;
        // An array, as which a server of RESP2 alone sends sets and maps, goes with both.
        kind = if kind.is_none_or(|kind| kind == elements.kind) { Some(elements.kind) } else { Some(b'*') };
    }
    let Some(kind) = kind else { return Ok(copy(first)) };
    let mut merged = header(kind, if kind == b'%' { count / 2 } else { count }, length);
    for reply in replies {
        if let Some(elements) = elements_or_null(parse(reply)?)? {
            if elements.kind == b'%' && !pairs {
                return Err(NOT_PAIRS);
            }
            merged.extend_from_slice(elements.bytes);
        }
    }
    Ok(merged.into())
}

/// Takes the first reply that is not null, if there is one: a key, or a text about one node. Other replies, such as the cursor
/// and page of SCAN, are not merged.
fn first_text(first: RawReply<'_>, replies: &[impl AsRef<[u8]>]) -> Result<Bytes, MergeError> {
    let mut found = first;
    for reply in replies {
        let reply = parse(reply)?;
        if reply.elements().is_some() && replies.len() > 1 {
            return Err(NOT_MERGED);
        }
        if found.is_null() {
            found = reply;
        }
    }
    Ok(copy(found))
}

fn elements_or_null(reply: RawReply<'_>) -> Result<Option<RawElements<'_>>, MergeError> {
    if reply.is_null() { Ok(None) } else { reply.elements().map(Some).ok_or(NOT_ELEMENTS) }
}

fn parse(reply: &impl AsRef<[u8]>) -> Result<RawReply<'_>, MergeError> {
    RawReply::new(reply.as_ref()).ok_or(NOT_WHOLE)
}

/// Starts an aggregate of `count` elements, or pairs of a map, with room for so many bytes of them.
fn header(kind: u8, count: usize, length: usize) -> Vec<u8> {
    let mut merged = Vec::with_capacity(length + 24);
    write_line(&mut merged, kind, count);
    merged
}

fn copy(reply: RawReply<'_>) -> Bytes {
    Bytes::copy_from_slice(reply.bytes())
}

#[cfg(test)]
mod tests;
