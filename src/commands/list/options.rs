//! Options of the commands on lists.

use crate::{
    argument::{Argument, Arguments},
    command::option::{IsSet, Unset},
    reply::{Array, FromReply, Integer, Nullable},
    resp::{DecodeError, Reader, Writer},
};
use std::marker::PhantomData;

/// An end of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The head, where LPUSH adds and LPOP takes.
    Left,
    /// The tail, where RPUSH adds and RPOP takes.
    Right,
}

impl Arguments for Side {
    type Item = Self;
    fn count(&self) -> usize {
        1
    }
    fn write_all(&self, out: &mut Writer) {
        match self {
            Side::Left => "LEFT".write(out),
            Side::Right => "RIGHT".write(out),
        }
    }
}

/// The element that LINSERT looks for, and the side of it where the new one is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pivot<P> {
    /// The new element comes before it.
    Before(P),
    /// The new element comes after it.
    After(P),
}

impl<P: Argument> Arguments for Pivot<P> {
    type Item = Self;
    fn count(&self) -> usize {
        2
    }
    fn write_all(&self, out: &mut Writer) {
        let (word, pivot) = match self {
            Pivot::Before(pivot) => ("BEFORE", pivot),
            Pivot::After(pivot) => ("AFTER", pivot),
        };
        word.write(out);
        pivot.write(out);
    }
}

/// What LINSERT did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inserted {
    /// The element was put into the list, which is now so long.
    Length(u64),
    /// Nothing: the list does not have the pivot.
    NoPivot,
    /// Nothing: there is no list.
    NoList,
}

#[diagnostic::do_not_recommend]
impl FromReply<Integer> for Inserted {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match reader.integer()? {
            -1 => Ok(Inserted::NoPivot),
            0 => Ok(Inserted::NoList),
            length => u64::try_from(length)
                .map(Inserted::Length)
                .map_err(|_| DecodeError::mismatch("the length of a list", length)),
        }
    }
}

/// Options of LPOS, for [`lpos_with`](crate::ListCommands::lpos_with): which of the matches are wanted.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct LposOptions<C = Unset> {
    rank: Option<i64>,
    count: Option<u64>,
    maxlen: Option<u64>,
    given: PhantomData<fn() -> C>,
}

impl LposOptions {
    /// Makes options of which none is given.
    pub const fn new() -> Self {
        LposOptions { rank: None, count: None, maxlen: None, given: PhantomData }
    }
}

impl Default for LposOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl<C> LposOptions<C> {
    /// Begins with the `rank`th match, from 1 on; below zero, from the end of the list backwards (RANK). The server
    /// refuses 0.
    pub fn rank(self, rank: i64) -> Self {
        LposOptions { rank: Some(rank), ..self }
    }

    /// Returns up to `matches` positions, and with 0 all (COUNT). The reply becomes a `Vec<u64>`.
    pub fn count(self, matches: u64) -> LposOptions<IsSet> {
        LposOptions { rank: self.rank, count: Some(matches), maxlen: self.maxlen, given: PhantomData }
    }

    /// Compares with no more than `elements` elements, and with 0 with all (MAXLEN).
    pub fn maxlen(self, elements: u64) -> Self {
        LposOptions { maxlen: Some(elements), ..self }
    }
}

impl<C> Arguments for LposOptions<C> {
    type Item = Self;
    fn count(&self) -> usize {
        let given = [self.rank.is_some(), self.count.is_some(), self.maxlen.is_some()];
        2 * given.into_iter().filter(|given| *given).count()
    }
    fn write_all(&self, out: &mut Writer) {
        if let Some(rank) = self.rank {
            "RANK".write(out);
            rank.write(out);
        }
        if let Some(count) = self.count {
            "COUNT".write(out);
            count.write(out);
        }
        if let Some(maxlen) = self.maxlen {
            "MAXLEN".write(out);
            maxlen.write(out);
        }
    }
}

/// What LPOS answers, by its options.
pub trait LposReply {
    /// The reply's shape.
    type Shape;
    /// The reply's type.
    type Reply: FromReply<Self::Shape>;
}

impl LposReply for Unset {
    type Shape = Nullable<Integer>;
    type Reply = Option<u64>;
}
impl LposReply for IsSet {
    type Shape = Array<Integer>;
    type Reply = Vec<u64>;
}
