//! Ids of the entries of a stream, and the positions in a stream that commands accept in place of an id.

use crate::{
    argument::{Argument, Arguments, Writer},
    command::{
        flag::{AvailableSince, Flag, Has},
        option::{Omittable, OptionField, WordSink, arguments, values},
    },
    reply::{Any, Bulk, FromReply},
    resp::{DecodeError, Reader, quoted},
    version::{OnRedis, OnValkey, Redis7_4, Valkey8_0},
};
use std::{
    fmt,
    ops::{Bound, RangeBounds},
    str::FromStr,
};

/// The id of an entry of a stream: a Unix time in milliseconds, and a number that tells entries of one millisecond apart.
///
/// Its text is `1526919030474-55`. Ids are in the order of their entries.
///
/// ```
/// use typedis::commands::stream::StreamId;
///
/// let id: StreamId = "1526919030474-55".parse()?;
/// assert_eq!(id, StreamId::new(1526919030474, 55));
/// assert_eq!(id.to_string(), "1526919030474-55");
/// assert!(StreamId::MIN < id && id < StreamId::new(1526919030475, 0));
/// # Ok::<(), typedis::commands::stream::ParseStreamIdError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId {
    /// The Unix time in milliseconds at which the entry was added, unless its id was given.
    pub milliseconds: u64,
    /// The number of the entry among those of its millisecond.
    pub sequence: u64,
}

impl StreamId {
    /// The lowest id, `0-0`. No entry has it, so all entries are behind it.
    pub const MIN: StreamId = StreamId::new(0, 0);
    /// The highest id.
    pub const MAX: StreamId = StreamId::new(u64::MAX, u64::MAX);

    /// Makes an id of its two parts.
    pub const fn new(milliseconds: u64, sequence: u64) -> Self {
        StreamId { milliseconds, sequence }
    }

    /// Returns the lowest id of a millisecond, for the start of a range of time.
    pub const fn first_of(milliseconds: u64) -> Self {
        StreamId::new(milliseconds, 0)
    }

    /// Returns the highest id of a millisecond, for the end of a range of time.
    pub const fn last_of(milliseconds: u64) -> Self {
        StreamId::new(milliseconds, u64::MAX)
    }

    /// Returns the next higher id, or `None` for [`StreamId::MAX`].
    pub const fn next(self) -> Option<Self> {
        match (self.milliseconds.checked_add(1), self.sequence.checked_add(1)) {
            (_, Some(sequence)) => Some(StreamId { sequence, ..self }),
            (Some(milliseconds), None) => Some(StreamId::first_of(milliseconds)),
            (None, None) => None,
        }
    }

    /// Returns the next lower id, or `None` for [`StreamId::MIN`].
    pub const fn previous(self) -> Option<Self> {
        match (self.milliseconds.checked_sub(1), self.sequence.checked_sub(1)) {
            (_, Some(sequence)) => Some(StreamId { sequence, ..self }),
            (Some(milliseconds), None) => Some(StreamId::last_of(milliseconds)),
            (None, None) => None,
        }
    }

    fn of_text(text: &[u8]) -> Option<Self> {
        let dash = text.iter().position(|byte| *byte == b'-')?;
        Some(StreamId::new(number(&text[..dash])?, number(&text[dash + 1..])?))
    }
}

/// Reads decimal digits alone: no sign, and at least one digit.
fn number(digits: &[u8]) -> Option<u64> {
    let add = |number: u64, byte: &u8| match byte {
        b'0'..=b'9' => number.checked_mul(10)?.checked_add(u64::from(byte - b'0')),
        _ => None,
    };
    if digits.is_empty() { None } else { digits.iter().try_fold(0, add) }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.milliseconds, self.sequence)
    }
}

impl FromStr for StreamId {
    type Err = ParseStreamIdError;

    /// Parses a whole id, such as `1526919030474-55`. The short form without a second part is an error, because it means
    /// another id at the start of a range than at its end.
    fn from_str(text: &str) -> Result<Self, ParseStreamIdError> {
        StreamId::of_text(text.as_bytes()).ok_or(ParseStreamIdError(()))
    }
}

/// The error of a text that is not the id of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the id of a stream's entry is two numbers with a `-` between them, such as `1526919030474-55`")]
pub struct ParseStreamIdError(());

impl Argument for StreamId {
    fn write(&self, out: &mut Writer) {
        let (mut milliseconds, mut sequence) = (itoa::Buffer::new(), itoa::Buffer::new());
        let parts = [milliseconds.format(self.milliseconds), "-", sequence.format(self.sequence)];
        let mut text = [0; 41];
        let mut end = 0;
        for part in parts {
            text[end..end + part.len()].copy_from_slice(part.as_bytes());
            end += part.len();
        }
        out.bulk(&text[..end]);
    }
}
crate::value!(StreamId);
values! { StreamId }

macro_rules! read_id {
    ($($shape:ty),+) => {$(
        #[diagnostic::do_not_recommend]
        impl FromReply<$shape> for StreamId {
            #[inline]
            fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                let text = reader.bytes()?;
                StreamId::of_text(text).ok_or_else(|| DecodeError::mismatch("the id of a stream's entry", quoted(text)))
            }
        }
    )+};
}

read_id! { Bulk, Any }

/// The id of an entry, for commands that take several: a [`StreamId`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the id of a stream's entry",
    label = "expected a `StreamId`, or several in an array, slice or `Vec`",
    note = "a text becomes an id by `\"1526919030474-55\".parse::<StreamId>()?`"
)]
pub trait EntryId {}
impl EntryId for StreamId {}
#[diagnostic::do_not_recommend]
impl<E: EntryId + ?Sized> EntryId for &E {}

/// The position behind the last entry of a stream, `$`: XREAD from there returns entries that are added from now on, and a
/// group that starts there gets no older ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AfterLast;

/// The position before the last entry of a stream, `+`: XREAD from there returns the last entry, if there is one (since Redis
/// 7.4 and Valkey 8.0).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LastEntry;

impl Flag for LastEntry {}
impl<V: OnRedis<Redis7_4, LastEntry> + OnValkey<Valkey8_0, LastEntry>> Has<LastEntry> for V {}

macro_rules! positions {
    ($($name:ident $word:literal;)*) => {$(
        impl Argument for $name {
            fn write(&self, out: &mut Writer) {
                out.bulk($word);
            }
        }
        values! { $name }
        arguments!([] $name);
    )*};
}

positions! { AfterLast b"$"; LastEntry b"+"; }

/// The position in a stream that XREAD reads from: behind the entry of a [`StreamId`], [`AfterLast`] or [`LastEntry`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no position in a stream to read from",
    label = "expected a `StreamId`, `AfterLast` (`$`) or `LastEntry` (`+`)",
    note = "`StreamId::MIN` reads from the beginning; a text becomes an id by `\"1526919030474-55\".parse::<StreamId>()?`"
)]
pub trait ReadFrom<V> {}
#[diagnostic::do_not_recommend]
impl<V> ReadFrom<V> for StreamId {}
#[diagnostic::do_not_recommend]
impl<V> ReadFrom<V> for AfterLast {}
impl<V> ReadFrom<V> for LastEntry where LastEntry: AvailableSince<V> {}
#[diagnostic::do_not_recommend]
impl<V, P: ReadFrom<V> + ?Sized> ReadFrom<V> for &P {}

/// The position in a stream that a consumer group starts at: behind the entry of a [`StreamId`], or [`AfterLast`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no position in a stream for a consumer group",
    label = "expected a `StreamId` or `AfterLast` (`$`)",
    note = "a group at `StreamId::MIN` gets all entries; a text becomes an id by `\"1526919030474-55\".parse::<StreamId>()?`"
)]
pub trait GroupStart: Argument {}
impl GroupStart for StreamId {}
impl GroupStart for AfterLast {}

/// A range of ids, written as a range in Rust: `first..=last`, `first..last` (without `last`), `first..`, `..=last`, `..` for
/// all entries, or a pair of [`Bound`]s, of which the lower one may be excluded too.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a range of ids",
    label = "expected a range of `StreamId`",
    note = "write `..` for all entries, or `first..=last`, `first..`, `..last`; a text becomes an id by `\"1526919030474-55\".parse::<StreamId>()?`"
)]
pub trait IdRange {
    /// Returns the lower and the upper bound.
    fn ids(&self) -> (Bound<StreamId>, Bound<StreamId>);
}

#[diagnostic::do_not_recommend]
impl<R: RangeBounds<StreamId>> IdRange for R {
    fn ids(&self) -> (Bound<StreamId>, Bound<StreamId>) {
        (self.start_bound().cloned(), self.end_bound().cloned())
    }
}

/// The ends of a range on the wire. An excluded id is sent as its included neighbour, because the form `(id` came with 6.2.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IdEnds {
    first: RangeEnd,
    last: RangeEnd,
}

#[derive(Clone, Copy, Debug)]
enum RangeEnd {
    Lowest,
    Highest,
    Id(StreamId),
    /// The neighbour of an excluded id that has none.
    Beyond,
}

impl IdEnds {
    pub(crate) fn of(range: &impl IdRange) -> Self {
        let (first, last) = range.ids();
        IdEnds {
            first: RangeEnd::of(first, StreamId::next, RangeEnd::Lowest),
            last: RangeEnd::of(last, StreamId::previous, RangeEnd::Highest),
        }
    }

    /// Puts the upper end first, for commands that return entries from the newest to the oldest.
    pub(crate) fn reversed(self) -> Self {
        IdEnds { first: self.last, last: self.first }
    }
}

impl RangeEnd {
    fn of(bound: Bound<StreamId>, neighbour: fn(StreamId) -> Option<StreamId>, open: RangeEnd) -> Self {
        match bound {
            Bound::Included(id) => RangeEnd::Id(id),
            Bound::Excluded(id) => neighbour(id).map_or(RangeEnd::Beyond, RangeEnd::Id),
            Bound::Unbounded => open,
        }
    }
}

impl Argument for RangeEnd {
    fn write(&self, out: &mut Writer) {
        match self {
            RangeEnd::Lowest => out.bulk(b"-"),
            RangeEnd::Highest => out.bulk(b"+"),
            RangeEnd::Id(id) => id.write(out),
            RangeEnd::Beyond => out.reject("a range of ids that excludes the lowest or highest id there is"),
        }
    }
}
values! { RangeEnd }
arguments!([] RangeEnd);

impl OptionField for IdEnds {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        out.word(word);
        out.argument(&self.first);
        out.argument(&self.last);
    }
}
arguments!([] IdEnds);

/// The id for a new entry.
#[derive(Clone, Copy, Debug)]
pub(crate) enum NewId {
    /// `*`: the server chooses the id.
    Auto,
    /// `1700000000000-*`: the server chooses the second part.
    AutoSequence(u64),
    Given(StreamId),
}

impl Argument for NewId {
    fn write(&self, out: &mut Writer) {
        match self {
            NewId::Auto => out.bulk(b"*"),
            NewId::AutoSequence(milliseconds) => out.bulk(format!("{milliseconds}-*").as_bytes()),
            NewId::Given(StreamId::MIN) => out.reject("the id 0-0 for a new entry: it is below that of every entry"),
            NewId::Given(id) => id.write(out),
        }
    }
}
values! { NewId }
arguments!([] NewId);

impl Omittable for NewId {
    const OMITTED: Self = NewId::Auto;
}

/// The positions for the keys of XREAD behind the keys themselves: one for each, or one for all.
#[derive(Debug)]
pub(crate) struct ForEachKey<'a, K: ?Sized, P: ?Sized>(pub(crate) &'a K, pub(crate) &'a P);

impl<K: Arguments + ?Sized, P: Arguments + ?Sized> Arguments for ForEachKey<'_, K, P> {
    type Item = P::Item;
    fn count(&self) -> usize {
        self.0.count()
    }
    fn write_all(&self, out: &mut Writer) {
        match (self.0.count(), self.1.count()) {
            (keys, 1) => (0..keys).for_each(|_| self.1.write_all(out)),
            (keys, positions) if keys == positions => self.1.write_all(out),
            _ => out.reject("a number of ids that is not the number of streams"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::option::encoded;
    use bytes::Bytes;

    fn id(milliseconds: u64, sequence: u64) -> StreamId {
        StreamId::new(milliseconds, sequence)
    }

    #[test]
    fn an_id_is_its_text() {
        for (id, text) in [
            (StreamId::MIN, "0-0"),
            (id(1526919030474, 55), "1526919030474-55"),
            (StreamId::MAX, "18446744073709551615-18446744073709551615"),
        ] {
            assert_eq!(id.to_string(), text);
            assert_eq!(text.parse(), Ok(id));
            assert_eq!(encoded(&id), text);
        }
        for text in
            ["", "-", "1", "1-", "-1", "1-+1", "+1-1", "1--1", "1-1-1", " 1-1", "1-x", "*", "18446744073709551616-0"]
        {
            assert_eq!(text.parse::<StreamId>(), Err(ParseStreamIdError(())), "{text}");
        }
    }

    #[test]
    fn an_id_is_read_from_a_reply_and_nothing_else_is() {
        let read = |reply: &'static str| {
            <StreamId as FromReply<Bulk>>::read(&mut Reader::new(&Bytes::from_static(reply.as_bytes())))
        };
        assert_eq!(read("$4\r\n12-3\r\n"), Ok(id(12, 3)));
        assert!(read("$1\r\n*\r\n").is_err());
        assert!(read(":5\r\n").is_err());
        assert!(read("$-1\r\n").is_err());
    }

    #[test]
    fn neighbours_carry_over_to_the_next_millisecond() {
        assert_eq!(id(5, 1).next(), Some(id(5, 2)));
        assert_eq!(StreamId::last_of(5).next(), Some(StreamId::first_of(6)));
        assert_eq!(StreamId::MAX.next(), None);
        assert_eq!(id(5, 1).previous(), Some(id(5, 0)));
        assert_eq!(StreamId::first_of(5).previous(), Some(StreamId::last_of(4)));
        assert_eq!(StreamId::MIN.previous(), None);
    }

    #[test]
    fn a_range_is_its_ends() {
        let ends = |range: IdEnds| encoded(&range);
        assert_eq!(ends(IdEnds::of(&..)), "- +");
        assert_eq!(ends(IdEnds::of(&(id(1, 0)..=id(2, 7)))), "1-0 2-7");
        assert_eq!(ends(IdEnds::of(&(id(1, 0)..id(2, 7))).reversed()), "2-6 1-0");
        assert_eq!(ends(IdEnds::of(&(Bound::Excluded(id(1, 0)), Bound::Unbounded))), "1-1 +");
    }

    #[test]
    fn one_position_is_for_all_keys() {
        assert_eq!(encoded(&ForEachKey(&["a", "b"], &AfterLast)), "$ $");
        assert_eq!(encoded(&ForEachKey(&["a", "b"], &[id(1, 1), id(2, 2)])), "1-1 2-2");
        assert_eq!(encoded(&ForEachKey("a", &LastEntry)), "+");
    }

    #[test]
    fn the_id_of_a_new_entry_is_its_word() {
        assert_eq!(encoded(&NewId::Auto), "*");
        assert_eq!(encoded(&NewId::AutoSequence(7)), "7-*");
        assert_eq!(encoded(&NewId::Given(id(7, 1))), "7-1");
    }
}
