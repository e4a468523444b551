//! A reply of any shape, decoded at run time.

use super::{Any, FromReply};
use crate::resp::{DecodeError, Reader};
use bytes::Bytes;

/// A reply of any shape, for replies whose shape is not known at compile time.
///
/// Maps keep the server's order and duplicate keys.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// Null, in any of its forms.
    Null,
    /// A boolean, in RESP3.
    Flag(bool),
    /// An integer.
    Integer(i64),
    /// A floating-point number, in RESP3.
    Double(f64),
    /// A simple string, such as `OK`.
    Status(Box<str>),
    /// A bulk string; also a verbatim string, and a number too large for an `i64`.
    Bulk(Bytes),
    /// An array.
    Array(Vec<Value>),
    /// A set, in RESP3.
    Set(Vec<Value>),
    /// A map, in RESP3.
    Map(Vec<(Value, Value)>),
}

#[diagnostic::do_not_recommend]
impl FromReply<Any> for Value {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        if reader.null()? {
            return Ok(Value::Null);
        }
        Ok(match reader.kind()? {
            b'#' => Value::Flag(reader.flag()?),
            b':' => Value::Integer(reader.integer()?),
            b',' => Value::Double(reader.double()?),
            b'+' => Value::Status(String::from_utf8_lossy(reader.bytes()?).into()),
            b'*' => Value::Array(FromReply::<Any>::read(reader)?),
            b'~' => Value::Set(FromReply::<Any>::read(reader)?),
            b'%' => Value::Map((0..reader.map()?).map(|_| pair(reader)).collect::<Result<_, _>>()?),
            _ => Value::Bulk(reader.shared()?),
        })
    }
}

fn pair(reader: &mut Reader<'_>) -> Result<(Value, Value), DecodeError> {
    Ok((Value::read(reader)?, Value::read(reader)?))
}
