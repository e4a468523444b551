//! Replies of the commands on JSON that are no plain values, and their shapes in both protocols.

use super::text::Elements;
use crate::{
    reply::{Bulk, FromReply, Integer},
    resp::{DecodeError, Reader},
};

/// The type of a JSON value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum JsonType {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A whole number of 64 bits.
    Integer,
    /// Any other number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
    /// A type that a newer version of the module may name.
    Other(Box<str>),
}

impl FromReply<Bulk> for JsonType {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(match reader.text()? {
            "null" => JsonType::Null,
            "boolean" => JsonType::Boolean,
            "integer" => JsonType::Integer,
            "number" => JsonType::Number,
            "string" => JsonType::String,
            "array" => JsonType::Array,
            "object" => JsonType::Object,
            other => JsonType::Other(other.into()),
        })
    }
}

/// The shape of the reply of JSON.TYPE: an array of types, within another array in RESP3. Null, within the other array too, is a
/// missing key.
#[derive(Debug)]
pub(crate) struct Types;

impl FromReply<Types> for Option<Vec<JsonType>> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        if reader.null()? {
            return Ok(None);
        }
        let count = reader.array()?;
        if count != 1 {
            return (0..count).map(|_| JsonType::read(reader)).collect::<Result<_, _>>().map(Some);
        }
        if reader.null()? {
            return Ok(None);
        }
        let count = if reader.kind()? == b'*' { reader.array()? } else { 1 };
        (0..count).map(|_| JsonType::read(reader)).collect::<Result<_, _>>().map(Some)
    }
}

/// A number in a JSON document, as which the result of arithmetic is read: `i64` or `f64`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no number of a JSON document",
    label = "expected an `i64` or an `f64`"
)]
pub trait JsonNumber: crate::argument::Argument + FromReply<Bulk> {
    /// Reads the number from JSON.
    #[doc(hidden)]
    fn from_number(text: &str) -> Option<Self>;
}

impl JsonNumber for i64 {
    fn from_number(text: &str) -> Option<Self> {
        text.strip_suffix(".0").unwrap_or(text).parse().ok().or_else(|| whole(text.parse().ok()?))
    }
}

/// Returns a number that the document keeps as a double and that is an integer all the same: `1e17`.
fn whole(number: f64) -> Option<i64> {
    const BEYOND: f64 = 9_223_372_036_854_775_808.0;
    (number.fract() == 0.0 && (-BEYOND..BEYOND).contains(&number)).then_some(number as i64)
}

impl JsonNumber for f64 {
    fn from_number(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

/// The shape of the reply of JSON.NUMINCRBY and JSON.NUMMULTBY: an array of numbers and nulls in RESP3, its JSON text in RESP2.
#[derive(Debug)]
pub(crate) struct Numbers;

impl<N: JsonNumber> FromReply<Numbers> for Vec<Option<N>> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        if reader.kind()? == b'*' {
            let count = reader.array()?;
            return (0..count)
                .map(|_| if reader.null()? { Ok(None) } else { number(reader.text()?).map(Some) })
                .collect();
        }
        Elements::of(reader.text()?)?
            .map(|element| match element? {
                "null" => Ok(None),
                text => number(text).map(Some),
            })
            .collect()
    }
}

fn number<N: JsonNumber>(text: &str) -> Result<N, DecodeError> {
    N::from_number(text).ok_or_else(|| {
        let text: String = text.chars().take(40).flat_map(char::escape_debug).collect();
        DecodeError::mismatch("a number of this type", format!("`{text}`"))
    })
}

/// The position of a value in an array: the result of JSON.ARRINDEX for one match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ArrayIndex {
    /// The value is at this index.
    At(u64),
    /// The array does not have the value, or has it outside of the range.
    Missing,
    /// The match is no array.
    NoArray,
}

/// The shape of a position, -1 or null.
#[derive(Debug)]
pub(crate) struct Position;

impl FromReply<Position> for ArrayIndex {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        if reader.null()? {
            return Ok(ArrayIndex::NoArray);
        }
        match <i64 as FromReply<Integer>>::read(reader)? {
            -1 => Ok(ArrayIndex::Missing),
            index => u64::try_from(index).map(ArrayIndex::At).map_err(|_| DecodeError::mismatch("an index", index)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_number_is_an_integer_however_the_document_keeps_it() {
        let read = <i64 as JsonNumber>::from_number;
        assert_eq!((read("3"), read("3.0"), read("1e17")), (Some(3), Some(3), Some(100_000_000_000_000_000)));
        assert_eq!(read("-9223372036854775808"), Some(i64::MIN));
        assert_eq!((read("2.5"), read("1e19"), read("9223372036854775808.0"), read("NaN")), (None, None, None, None));
    }
}
