//! Entries of streams as replies, and what groups know of their pending entries.

use super::id::StreamId;
use crate::{
    reply::{Array, Bulk, FromReply, Integer, Map, Nullable, Pairs, Tuple},
    resp::{DecodeError, Reader},
};
use bytes::Bytes;

/// The shape of an entry: its id and its fields.
pub(crate) type EntryShape = Tuple<(Bulk, Map<Bulk, Bulk>)>;
/// The shape of an entry that may have been deleted.
pub(crate) type HistoryShape = Tuple<(Bulk, Nullable<Map<Bulk, Bulk>>)>;
/// The shape of an entry with its delivery: id, fields, idle time and number of deliveries.
pub(crate) type DeliveryShape = Tuple<(Bulk, Map<Bulk, Bulk>, Integer, Integer)>;
/// The shape of what XREAD returns, of entries of the shape `E`.
pub(crate) type StreamsShape<E> = Nullable<Pairs<Bulk, Array<E>>>;

/// An entry of a stream. `T` is the type of its fields: a struct with [`HashFields`](derive@crate::HashFields), a map, or a
/// `Vec` of pairs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StreamEntry<T> {
    /// The id of the entry.
    pub id: StreamId,
    /// The fields of the entry; `None` where `T` is an `Option` and the entry was deleted.
    pub fields: T,
}

/// An entry of a stream that a consumer group has delivered, with what is known of earlier deliveries.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ClaimedEntry<T> {
    /// The id of the entry.
    pub id: StreamId,
    /// The fields of the entry.
    pub fields: T,
    /// The milliseconds since the last delivery before this one: 0 for a new entry, and `None` for one that XNACK gave back,
    /// of which the server does not know it.
    pub idle: Option<u64>,
    /// The number of deliveries before this one: 0 for a new entry. XNACK with FATAL makes it the highest `i64`.
    pub deliveries: u64,
}

impl<T> ClaimedEntry<T> {
    /// Returns whether the entry was delivered before.
    pub fn is_claimed(&self) -> bool {
        self.deliveries > 0
    }
}

/// For an entry that XNACK gave back, Redis 8.8 computes the idle time from the Unix time 0. No entry is idle for so many
/// milliseconds, because streams came later.
const NO_DELIVERY: u64 = 1_500_000_000_000;

#[diagnostic::do_not_recommend]
impl<S, T: FromReply<S>> FromReply<Tuple<(Bulk, S)>> for StreamEntry<T> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let parts = entry_parts(reader)?;
        let entry = StreamEntry { id: FromReply::<Bulk>::read(reader)?, fields: T::read(reader)? };
        ignore(reader, parts - 2)?;
        Ok(entry)
    }
}

#[diagnostic::do_not_recommend]
impl<S, T: FromReply<S>> FromReply<Tuple<(Bulk, S, Integer, Integer)>> for ClaimedEntry<T> {
    /// Reads an entry without a delivery too, as other servers may send new entries.
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let parts = entry_parts(reader)?;
        let (id, fields) = (FromReply::<Bulk>::read(reader)?, T::read(reader)?);
        if parts < 4 {
            ignore(reader, parts - 2)?;
            return Ok(ClaimedEntry { id, fields, idle: Some(0), deliveries: 0 });
        }
        let idle = Some(FromReply::<Integer>::read(reader)?).filter(|idle| *idle < NO_DELIVERY);
        let deliveries = FromReply::<Integer>::read(reader)?;
        ignore(reader, parts - 4)?;
        Ok(ClaimedEntry { id, fields, idle, deliveries })
    }
}

/// Reads the start of an entry and returns the number of its parts, at least two.
fn entry_parts(reader: &mut Reader<'_>) -> Result<usize, DecodeError> {
    match reader.array()? {
        parts @ (0 | 1) => Err(DecodeError::mismatch("an entry of a stream", format!("an array of {parts} elements"))),
        parts => Ok(parts),
    }
}

/// Skips what newer servers add.
pub(super) fn ignore(reader: &mut Reader<'_>, elements: usize) -> Result<(), DecodeError> {
    (0..elements).try_for_each(|_| reader.ignore())
}

/// An entry as XREAD and XREADGROUP return it: [`StreamEntry`] or [`ClaimedEntry`].
pub trait ReadEntry: sealed::Sealed {}
impl<T> ReadEntry for StreamEntry<T> {}
impl<T> ReadEntry for ClaimedEntry<T> {}

mod sealed {
    pub trait Sealed {}
    impl<T> Sealed for super::StreamEntry<T> {}
    impl<T> Sealed for super::ClaimedEntry<T> {}
}

/// The entries of each stream that has some. Null means that none has.
#[diagnostic::do_not_recommend]
impl<S, E: ReadEntry + FromReply<S>> FromReply<Nullable<Pairs<Bulk, Array<S>>>> for Vec<(Bytes, Vec<E>)> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        if reader.null()? { Ok(Vec::new()) } else { FromReply::<Pairs<Bulk, Array<S>>>::read(reader) }
    }
}

/// The entries of the one stream that was read. Null means that it has none.
#[diagnostic::do_not_recommend]
impl<S, E: ReadEntry + FromReply<S>> FromReply<Nullable<Pairs<Bulk, Array<S>>>> for Vec<E> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        if reader.null()? {
            return Ok(Vec::new());
        }
        let streams = match reader.kind()? {
            b'%' => reader.map()?,
            _ => match reader.array()? {
                0 => 0,
                streams => {
                    reader.array()?;
                    streams
                }
            },
        };
        match streams {
            0 => Ok(Vec::new()),
            1 => {
                reader.ignore()?;
                FromReply::<Array<S>>::read(reader)
            }
            _ => Err(DecodeError::mismatch("the entries of one stream", format!("that of {streams} streams"))),
        }
    }
}

/// The entries that were claimed. Redis 6.2 and older send null for those that were deleted, and newer servers leave them
/// out.
#[diagnostic::do_not_recommend]
impl<T: FromReply<Map<Bulk, Bulk>>> FromReply<Array<Nullable<EntryShape>>> for Vec<StreamEntry<T>> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let count = reader.array()?;
        let mut entries = Vec::with_capacity(count);
        for _ in 0..count {
            if !reader.null()? {
                entries.push(FromReply::<EntryShape>::read(reader)?);
            }
        }
        Ok(entries)
    }
}

/// The reply of XAUTOCLAIM, with entries or ids as `E`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AutoClaim<E> {
    /// The start of the next call, or `None` if the end of the pending entries was reached.
    pub next: Option<StreamId>,
    /// The entries that the consumer has now.
    pub claimed: Vec<E>,
    /// The ids of entries that were pending, are deleted from the stream, and so are not pending any more. Before Redis 7.0 the
    /// server does not tell them, and they stay pending.
    pub deleted: Vec<StreamId>,
}

#[diagnostic::do_not_recommend]
impl<S, E> FromReply<Tuple<(Bulk, Array<S>, Array<Bulk>)>> for AutoClaim<E>
where
    Vec<E>: FromReply<Array<S>>,
{
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let parts = reader.array()?;
        if parts < 2 {
            return Err(DecodeError::mismatch("the reply of XAUTOCLAIM", format!("an array of {parts} elements")));
        }
        let next: StreamId = FromReply::<Bulk>::read(reader)?;
        let claimed = FromReply::<Array<S>>::read(reader)?;
        let deleted = if parts > 2 { FromReply::<Array<Bulk>>::read(reader)? } else { Vec::new() };
        ignore(reader, parts.saturating_sub(3))?;
        Ok(AutoClaim { next: Some(next).filter(|next| *next != StreamId::MIN), claimed, deleted })
    }
}

/// The reply of XPENDING about a group as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PendingSummary {
    /// The number of pending entries.
    pub count: u64,
    /// The lowest id of a pending entry, if there is one.
    pub first: Option<StreamId>,
    /// The highest id of a pending entry, if there is one.
    pub last: Option<StreamId>,
    /// The consumers that have pending entries, with their number. Entries that XNACK gave back have no consumer.
    pub consumers: Vec<(Bytes, u64)>,
}

#[diagnostic::do_not_recommend]
impl FromReply<Tuple<(Integer, Nullable<Bulk>, Nullable<Bulk>, Nullable<Array<Tuple<(Bulk, Bulk)>>>)>>
    for PendingSummary
{
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        type Parts = Tuple<(Integer, Nullable<Bulk>, Nullable<Bulk>, Nullable<Array<Tuple<(Bulk, Bulk)>>>)>;
        let (count, first, last, consumers): (_, _, _, Option<_>) = FromReply::<Parts>::read(reader)?;
        Ok(PendingSummary { count, first, last, consumers: consumers.unwrap_or_default() })
    }
}

/// A pending entry of a consumer group: delivered, and not acknowledged.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PendingEntry {
    /// The id of the entry, which may be deleted from the stream.
    pub id: StreamId,
    /// The consumer that has the entry; `None` if XNACK gave it back.
    pub consumer: Option<Bytes>,
    /// The milliseconds since the last delivery; `None` if XNACK gave the entry back.
    pub idle: Option<u64>,
    /// The number of deliveries.
    pub deliveries: u64,
}

#[diagnostic::do_not_recommend]
impl FromReply<Tuple<(Bulk, Bulk, Integer, Integer)>> for PendingEntry {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let parts = reader.array()?;
        if parts < 4 {
            return Err(DecodeError::mismatch("a pending entry", format!("an array of {parts} elements")));
        }
        let id = FromReply::<Bulk>::read(reader)?;
        let consumer = Some(reader.shared()?).filter(|name| !name.is_empty());
        let idle = known(reader)?;
        let deliveries = FromReply::<Integer>::read(reader)?;
        ignore(reader, parts - 4)?;
        Ok(PendingEntry { id, consumer, idle, deliveries })
    }
}

/// Reads a number that is -1 where it is not known.
pub(super) fn known(reader: &mut Reader<'_>) -> Result<Option<u64>, DecodeError> {
    Ok(u64::try_from(reader.integer()?).ok())
}

/// What XDELEX and XACKDEL did with one id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EntryDeletion {
    /// The entry is deleted.
    Deleted,
    /// The entry stays, because a consumer group has not acknowledged it yet (ACKED). Redis 8.2 says so of an id that the
    /// stream never had, too, if a group has not come as far.
    StillReferenced,
    /// There is no such entry, or it is not pending in the group.
    NotFound,
}

#[diagnostic::do_not_recommend]
impl FromReply<Integer> for EntryDeletion {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match reader.integer()? {
            1 => Ok(EntryDeletion::Deleted),
            2 => Ok(EntryDeletion::StillReferenced),
            -1 => Ok(EntryDeletion::NotFound),
            other => Err(DecodeError::mismatch("what became of an entry (1, 2 or -1)", other)),
        }
    }
}

/// A range of entries, where COUNT 0 is null.
#[diagnostic::do_not_recommend]
impl<T: FromReply<Map<Bulk, Bulk>>> FromReply<Nullable<Array<EntryShape>>> for Vec<StreamEntry<T>> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        if reader.null()? { Ok(Vec::new()) } else { FromReply::<Array<EntryShape>>::read(reader) }
    }
}
