//! Options of the commands on lists, and the types of their replies.

use crate::{
    argument::Argument,
    command::option::{IsSet, OptionField, Unset, WordSink, arguments, options, words},
    reply::{Array, Bulk, FromReply, Integer, Nullable},
    resp::{DecodeError, Reader},
};
use std::marker::PhantomData;

words! {
    /// An end of a list.
    pub enum Side {
        /// The head: LPUSH adds here, LPOP removes.
        Left = "LEFT",
        /// The tail: RPUSH adds here, RPOP removes.
        Right = "RIGHT",
    }
}

words! {
    /// The order in which LMOVEM moves several elements.
    pub enum MoveOrder {
        /// One by one, as repeated LMOVE does: between sides of the same name, they end up in the opposite order.
        OneByOne = "OBO",
        /// All at once: they keep their order.
        Bulk = "BULK",
    }
}

options! {
    /// Options of LMOVEM and BLMOVEM, such as for [`lmovem_with`](crate::commands::ListCommands::lmovem_with): how many
    /// elements are moved, and in which order. `E` is whether their number is exact.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct LmovemOptions<E = Unset> {
        count: Option<u64> = "COUNT",
        exactly: Option<u64> = "EXACTLY",
        order: MoveOrder,
    }
}

impl LmovemOptions {
    /// Moves up to `elements` elements (COUNT).
    pub const fn count(elements: u64, order: MoveOrder) -> Self {
        LmovemOptions { count: Some(elements), exactly: None, order, given: PhantomData }
    }
}

impl LmovemOptions<IsSet> {
    /// Moves this number of elements, or none if the list has fewer (EXACTLY). LMOVEM's reply becomes an `Option`.
    pub const fn exactly(elements: u64, order: MoveOrder) -> Self {
        LmovemOptions { count: None, exactly: Some(elements), order, given: PhantomData }
    }
}

/// The reply of LMOVEM with elements of the type `T`, by its options.
pub trait LmovemReply<T> {
    /// The reply's shape.
    type Shape;
    /// The reply's type.
    type Reply: FromReply<Self::Shape>;
}

impl<T: FromReply<Bulk>> LmovemReply<T> for Unset {
    type Shape = Moved;
    type Reply = Vec<T>;
}
impl<T: FromReply<Bulk>> LmovemReply<T> for IsSet {
    type Shape = Nullable<Array<Bulk>>;
    type Reply = Option<Vec<T>>;
}

/// The shape of elements that were moved: an array. Null counts as none.
#[derive(Debug)]
pub struct Moved;

#[diagnostic::do_not_recommend]
impl<T: FromReply<Bulk>> FromReply<Moved> for Vec<T> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        if reader.null()? { Ok(Vec::new()) } else { FromReply::<Array<Bulk>>::read(reader) }
    }
}

/// The pivot of LINSERT: the element next to which the new element is inserted, and on which side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pivot<P> {
    /// Inserts before the pivot.
    Before(P),
    /// Inserts after the pivot.
    After(P),
}

impl<P: Argument> OptionField for Pivot<P> {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        out.word(word);
        match self {
            Pivot::Before(pivot) => ("BEFORE", pivot).send(None, out),
            Pivot::After(pivot) => ("AFTER", pivot).send(None, out),
        }
    }
}
arguments!([P: Argument] Pivot<P>);

/// The reply of LINSERT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inserted {
    /// The element was inserted, and the list has this length.
    Length(u64),
    /// Nothing was inserted: the list does not contain the pivot.
    NoPivot,
    /// Nothing was inserted: the key does not exist.
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

options! {
    /// Options of LPOS, for [`lpos_with`](crate::commands::ListCommands::lpos_with): which matches are returned.
    #[derive(Clone, Copy, Debug)]
    pub struct LposOptions<C = Unset> with new {
        rank: Option<i64> = "RANK",
        count: Option<u64> = "COUNT",
        maxlen: Option<u64> = "MAXLEN",
    }
}

impl<C> LposOptions<C> {
    /// Returns the match of this rank, counted from 1; a negative rank counts from the end of the list (RANK). The
    /// server refuses 0.
    pub fn rank(self, rank: i64) -> Self {
        LposOptions { rank: Some(rank), ..self }
    }

    /// Returns up to `matches` positions, or all for 0 (COUNT). The reply becomes a `Vec<u64>`.
    pub fn count(self, matches: u64) -> LposOptions<IsSet> {
        LposOptions { count: Some(matches), ..LposOptions::retyped(self) }
    }

    /// Compares at most `elements` elements, or all for 0 (MAXLEN).
    pub fn maxlen(self, elements: u64) -> Self {
        LposOptions { maxlen: Some(elements), ..self }
    }
}

/// The reply of LPOS, by its options.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::option::encoded;

    #[test]
    fn options_of_lpos_are_its_words() {
        assert_eq!(encoded(&LposOptions::new()), "");
        assert_eq!(encoded(&LposOptions::default().maxlen(3).count(2).rank(-1)), "RANK -1 COUNT 2 MAXLEN 3");
    }

    #[test]
    fn options_of_lmovem_are_its_words() {
        assert_eq!(encoded(&LmovemOptions::count(3, MoveOrder::OneByOne)), "COUNT 3 OBO");
        assert_eq!(encoded(&LmovemOptions::exactly(2, MoveOrder::Bulk)), "EXACTLY 2 BULK");
    }

    #[test]
    fn ends_and_pivots_are_words() {
        assert_eq!(encoded(&Side::Left), "LEFT");
        assert_eq!(encoded(&Side::Right), "RIGHT");
        assert_eq!(encoded(&Pivot::Before(5)), "BEFORE 5");
        assert_eq!(encoded(&Pivot::After("a")), "AFTER a");
    }
}
