//! Replies of the commands of the module `bf` that are no plain values.

use crate::{
    reply::{Double, Flag, FromReply, Integer, Nullable},
    resp::{DecodeError, Reader},
};

/// The result of CF.INSERT for one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CuckooInserted {
    /// The item was added.
    Added,
    /// The filter is full, and the item was not added.
    Full,
}

impl FromReply<Flag> for CuckooInserted {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match reader.bytes()? {
            b"t" | b"1" => Ok(CuckooInserted::Added),
            b"f" | b"-1" => Ok(CuckooInserted::Full),
            other => Err(DecodeError::mismatch("1 or -1", String::from_utf8_lossy(other).escape_debug())),
        }
    }
}

/// The result of CF.INSERTNX for one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CuckooInsertedNx {
    /// The item was added.
    Added,
    /// The item may be there already, and was not added.
    Exists,
    /// The filter is full, and the item was not added.
    Full,
}

impl FromReply<Integer> for CuckooInsertedNx {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match reader.integer()? {
            1 => Ok(CuckooInsertedNx::Added),
            0 => Ok(CuckooInsertedNx::Exists),
            -1 => Ok(CuckooInsertedNx::Full),
            other => Err(DecodeError::mismatch("1, 0 or -1", other)),
        }
    }
}

/// The position of a value among the samples of a t-digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rank {
    /// The digest has no samples.
    Empty,
    /// The value stands before all samples in the order of the command: below them for TDIGEST.RANK, above them for
    /// TDIGEST.REVRANK.
    Before,
    /// So many samples stand before the value: all of them for a value behind the last one.
    At(u64),
}

impl FromReply<Integer> for Rank {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match reader.integer()? {
            -2 => Ok(Rank::Empty),
            -1 => Ok(Rank::Before),
            rank => u64::try_from(rank).map(Rank::At).map_err(|_| DecodeError::mismatch("a rank", rank)),
        }
    }
}

/// The shape of a number of a t-digest, which is NaN where there are no samples. It is read as `None` then.
#[derive(Debug)]
pub(crate) struct Estimate;

impl FromReply<Estimate> for Option<f64> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let value = <f64 as FromReply<Double>>::read(reader)?;
        Ok((!value.is_nan()).then_some(value))
    }
}

/// The shape of one fact of BF.INFO: a map of one entry in RESP3, an array of the value in RESP2.
#[derive(Debug)]
pub(crate) struct OneFact;

impl FromReply<OneFact> for Option<u64> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let named = reader.kind()? == b'%';
        let elements = if named { reader.map()? } else { reader.array()? };
        if elements != 1 {
            return Err(DecodeError::mismatch("one fact", format!("{elements} of them")));
        }
        if named {
            reader.ignore()?;
        }
        FromReply::<Nullable<Integer>>::read(reader)
    }
}
