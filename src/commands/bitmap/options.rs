//! Options of the commands on bits.

use crate::{
    command::{
        flag::InBits,
        option::{Checked, IsSet, OptionField, Repeated, Unset, WordSink, arguments, options, words},
    },
    reply::{Array, FromReply, Integer, Nullable},
};
use std::marker::PhantomData;

options! {
    /// A part of a string, for [`bitcount_with`](crate::commands::BitmapCommands::bitcount_with) and
    /// [`bitpos_with`](crate::commands::BitmapCommands::bitpos_with). Negative positions count from the end.
    #[derive(Clone, Copy, Debug)]
    pub struct BitRange<U = Unset> {
        start: i64,
        end: Option<i64>,
        unit: Option<&'static str>,
    }
}

impl BitRange {
    /// Selects the bytes from `start` to `end`, both included.
    pub const fn bytes(start: i64, end: i64) -> Self {
        BitRange { start, end: Some(end), unit: None, given: PhantomData }
    }

    /// Selects the bytes from `start` on. BITPOS for a clear bit then takes the string to go on with zeros behind its end.
    pub const fn bytes_from(start: i64) -> Self {
        BitRange { start, end: None, unit: None, given: PhantomData }
    }
}

impl BitRange<InBits> {
    /// Selects the bits from `start` to `end`, both included (BIT, since 7.0).
    pub const fn bits(start: i64, end: i64) -> Self {
        BitRange { start, end: Some(end), unit: Some(InBits::WORD), given: PhantomData }
    }
}

/// A range with its end, which BITCOUNT needs.
pub(super) struct Whole<'a, U>(pub(super) &'a BitRange<U>);

impl<U> OptionField for Whole<'_, U> {
    fn send(&self, _: Option<&'static str>, out: &mut impl WordSink) {
        self.0.start.send(None, out);
        self.0.end.unwrap_or(-1).send(None, out);
        self.0.unit.send(None, out);
    }
}
arguments!([U] Whole<'_, U>);

words! {
    /// What SET and INCRBY of BITFIELD do with a number that does not fit.
    pub enum Overflow {
        /// It wraps around; this is the server's default.
        Wrap = "WRAP",
        /// It becomes the greatest or the lowest number that fits.
        Saturate = "SAT",
    }
}

/// A number in a string of bits: its type and its place, for [`BitfieldOptions`].
///
/// ```
/// use typedis::commands::bitmap::BitField;
///
/// const COUNTER: BitField = BitField::unsigned(4).index(2); // `u4 #2`, the bits 8 to 11
/// const DELTA: BitField = BitField::signed(16).at(100); // `i16 100`
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BitField {
    signed: bool,
    bits: u32,
    offset: u64,
    counted: bool,
}

impl BitField {
    /// Makes an unsigned number of 1 to 63 bits, which begins at the bit 0. Any other number of bits is an
    /// [`Error::Argument`](crate::Error::Argument) of the command.
    pub const fn unsigned(bits: u32) -> Self {
        BitField { signed: false, bits, offset: 0, counted: false }
    }

    /// Makes a signed number of 1 to 64 bits, which begins at the bit 0. Any other number of bits is an
    /// [`Error::Argument`](crate::Error::Argument) of the command.
    pub const fn signed(bits: u32) -> Self {
        BitField { signed: true, bits, offset: 0, counted: false }
    }

    /// Places the number at the bit `offset`.
    pub const fn at(self, offset: u64) -> Self {
        BitField { offset, counted: false, ..self }
    }

    /// Places the number behind `numbers` others of its type, as the element of an array (`#`).
    pub const fn index(self, numbers: u64) -> Self {
        BitField { offset: numbers, counted: true, ..self }
    }

    fn objection(self) -> Option<&'static str> {
        match (self.signed, self.bits) {
            (false, 1..=63) | (true, 1..=64) => None,
            (false, _) => Some("an unsigned number of a bitfield has 1 to 63 bits"),
            (true, _) => Some("a signed number of a bitfield has 1 to 64 bits"),
        }
    }
}

impl OptionField for BitField {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        out.word(word);
        let kind = if self.signed { 'i' } else { 'u' };
        out.argument(&Checked(format!("{kind}{}", self.bits), self.objection()));
        if self.counted {
            out.argument(&format!("#{}", self.offset));
        } else {
            out.argument(&self.offset);
        }
    }
}

/// One operation of BITFIELD.
#[derive(Clone, Copy, Debug)]
enum Operation {
    Get(BitField),
    Set(BitField, i64),
    Add(BitField, i64),
    Overflow(Overflow),
    Fail,
}

impl OptionField for Operation {
    fn send(&self, _: Option<&'static str>, out: &mut impl WordSink) {
        match self {
            Operation::Get(field) => field.send(Some("GET"), out),
            Operation::Set(field, value) => {
                field.send(Some("SET"), out);
                out.argument(value);
            }
            Operation::Add(field, by) => {
                field.send(Some("INCRBY"), out);
                out.argument(by);
            }
            Operation::Overflow(overflow) => overflow.send(Some("OVERFLOW"), out),
            Operation::Fail => "FAIL".send(Some("OVERFLOW"), out),
        }
    }
}

options! {
    /// The operations of BITFIELD, for [`bitfield`](crate::commands::BitmapCommands::bitfield) and
    /// [`bitfield_ro`](crate::commands::BitmapCommands::bitfield_ro).
    ///
    /// ```
    /// # use typedis::{commands::bitmap::{BitField, BitfieldOptions}, prelude::*, Client};
    /// # async fn example(client: &Client) -> typedis::Result<()> {
    /// const LEVEL: BitField = BitField::unsigned(4).index(2);
    ///
    /// let replies: Vec<i64> = client.bitfield("levels", BitfieldOptions::new().incrby(LEVEL, 9).get(LEVEL)).await?;
    /// assert_eq!(replies, [9, 9]);
    /// let over = BitfieldOptions::new().overflow_fail().incrby(LEVEL, 9);
    /// assert_eq!(client.bitfield("levels", over).await?, [None]); // 18 has more than 4 bits
    /// # Ok(()) }
    /// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
    /// ```
    #[derive(Clone, Debug)]
    pub struct BitfieldOptions<W = Unset, F = Unset> {
        operations: Repeated<Operation>,
    }
}

impl BitfieldOptions {
    /// Makes a list without operations.
    pub const fn new() -> Self {
        BitfieldOptions { operations: Repeated(Vec::new()), given: PhantomData }
    }
}

impl Default for BitfieldOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl<W, F> BitfieldOptions<W, F> {
    /// Reads a number (GET).
    pub fn get(self, field: BitField) -> Self {
        self.then(Operation::Get(field))
    }

    /// Writes a number and returns the old one (SET).
    pub fn set(self, field: BitField, value: i64) -> BitfieldOptions<IsSet, F> {
        self.then(Operation::Set(field, value))
    }

    /// Adds to a number and returns the new one (INCRBY).
    pub fn incrby(self, field: BitField, by: i64) -> BitfieldOptions<IsSet, F> {
        self.then(Operation::Add(field, by))
    }

    /// Says what the operations behind it do with numbers that do not fit (OVERFLOW WRAP or SAT).
    pub fn overflow(self, overflow: Overflow) -> BitfieldOptions<IsSet, F> {
        self.then(Operation::Overflow(overflow))
    }

    /// Lets the operations behind it do nothing where a number does not fit, and return null (OVERFLOW FAIL). The reply
    /// becomes a `Vec<Option<i64>>`.
    pub fn overflow_fail(self) -> BitfieldOptions<IsSet, IsSet> {
        self.then(Operation::Fail)
    }

    fn then<W2, F2>(mut self, operation: Operation) -> BitfieldOptions<W2, F2> {
        self.operations.0.push(operation);
        BitfieldOptions { operations: self.operations, given: PhantomData }
    }
}

/// Operations that only read.
#[diagnostic::on_unimplemented(
    message = "BITFIELD_RO only reads, and these operations write",
    label = "has SET, INCRBY or OVERFLOW",
    note = "send them by `bitfield`"
)]
pub trait ReadsBits {}
impl ReadsBits for Unset {}

/// The reply of BITFIELD, by its operations: a number for each, or with OVERFLOW FAIL a number or `None`.
pub trait BitfieldReply {
    /// The reply's shape.
    type Shape;
    /// The reply's type.
    type Reply: FromReply<Self::Shape>;
}

impl BitfieldReply for Unset {
    type Shape = Array<Integer>;
    type Reply = Vec<i64>;
}
impl BitfieldReply for IsSet {
    type Shape = Array<Nullable<Integer>>;
    type Reply = Vec<Option<i64>>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::option::encoded;

    #[test]
    fn a_range_of_bits_is_its_words() {
        assert_eq!(encoded(&BitRange::bytes(0, -1)), "0 -1");
        assert_eq!(encoded(&BitRange::bytes_from(2)), "2");
        assert_eq!(encoded(&Whole(&BitRange::bytes_from(2))), "2 -1");
        assert_eq!(encoded(&Whole(&BitRange::bits(5, 30))), "5 30 BIT");
    }

    #[test]
    fn operations_of_bitfield_are_their_words() {
        let (small, large) = (BitField::unsigned(4).at(9).index(2), BitField::signed(64).at(7));
        assert_eq!(encoded(&BitfieldOptions::new()), "");
        assert_eq!(encoded(&BitfieldOptions::default().get(small)), "GET u4 #2");
        let all = BitfieldOptions::new().overflow(Overflow::Saturate).incrby(small, -3).overflow_fail().set(large, 5);
        assert_eq!(encoded(&all), "OVERFLOW SAT INCRBY u4 #2 -3 OVERFLOW FAIL SET i64 7 5");
        assert_eq!(encoded(&BitfieldOptions::new().overflow(Overflow::Wrap)), "OVERFLOW WRAP");
    }
}
