//! Decoding of single values.

use super::{Any, Bulk, Double, Fallible, Flag, FromReply, Integer, Nullable, Offset, Status, collect::collect};
use crate::{
    error::ServerError,
    resp::{DecodeError, Reader},
};
use bytes::Bytes;
use std::{str::FromStr, sync::Arc};

/// Implements `FromReply` of several shapes by one expression.
macro_rules! read {
    ($($type:ty: $($shape:ty),+ => |$reader:ident| $read:expr;)*) => {$( read!(@each $type, |$reader| $read, $($shape),+); )*};
    (@each $type:ty, |$reader:ident| $read:expr, $($shape:ty),+) => {$(
        #[diagnostic::do_not_recommend]
        impl FromReply<$shape> for $type {
            #[inline]
            fn read($reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                $read
            }
        }
    )+};
}

read! {
    String: Bulk, Status, Any => |reader| reader.text().map(str::to_owned);
    Box<str>: Bulk, Status, Any => |reader| reader.text().map(Box::from);
    Arc<str>: Bulk, Status, Any => |reader| reader.text().map(Arc::from);
    Vec<u8>: Bulk => |reader| reader.bytes().map(<[u8]>::to_vec);
    Bytes: Bulk, Any => |reader| reader.shared();
    bool: Bulk, Flag => |reader| reader.flag();
    // A script's `false` and `nil` come as null.
    bool: Any => |reader| Ok(!reader.null()? && reader.flag()?);
    (): Status => |reader| reader.read_ok();
    // For a script that returns nothing, or whose reply does not matter.
    (): Any => |reader| reader.ignore();
    i64: Bulk, Integer, Any => |reader| reader.integer();
    i32: Bulk, Integer, Any => |reader| fitting(reader.integer()?);
    i16: Bulk, Integer, Any => |reader| fitting(reader.integer()?);
    i8: Bulk, Integer, Any => |reader| fitting(reader.integer()?);
    isize: Bulk, Integer, Any => |reader| fitting(reader.integer()?);
    u32: Bulk, Integer, Any => |reader| fitting(reader.integer()?);
    u16: Bulk, Integer, Any => |reader| fitting(reader.integer()?);
    u8: Bulk, Integer => |reader| fitting(reader.integer()?);
    u64: Bulk, Integer, Any => |reader| parsed(reader);
    usize: Bulk, Integer, Any => |reader| parsed(reader);
    i128: Bulk, Any => |reader| parsed(reader);
    u128: Bulk, Any => |reader| parsed(reader);
    f64: Bulk, Double, Any => |reader| reader.double();
    f32: Bulk, Double, Any => |reader| narrowed(reader.double()?);
}

#[diagnostic::do_not_recommend]
impl FromReply<Any> for u8 {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        FromReply::<Integer>::read(reader)
    }
    /// Bytes come as a string, or as an array of integers.
    fn read_vec(reader: &mut Reader<'_>) -> Result<Vec<u8>, DecodeError> {
        match reader.kind()? {
            b'*' | b'~' => collect(reader.array()?, || <u8 as FromReply<Any>>::read(reader)),
            _ => FromReply::<Bulk>::read(reader),
        }
    }
}

fn fitting<T: TryFrom<i64>>(value: i64) -> Result<T, DecodeError> {
    T::try_from(value).map_err(|_| does_not_fit::<T>(value))
}

/// Rounds to an `f32`, unless that would make a finite number infinite.
fn narrowed(value: f64) -> Result<f32, DecodeError> {
    let narrow = value as f32;
    if narrow.is_infinite() && value.is_finite() { Err(does_not_fit::<f32>(value)) } else { Ok(narrow) }
}

/// Reads an integer that may be out of the range of `i64`.
fn parsed<T: FromStr>(reader: &mut Reader<'_>) -> Result<T, DecodeError> {
    let text = reader.bytes()?;
    std::str::from_utf8(text)
        .ok()
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| does_not_fit::<T>(String::from_utf8_lossy(text)))
}

fn does_not_fit<T>(value: impl std::fmt::Display) -> DecodeError {
    let kind = std::any::type_name::<T>();
    let value: String = value.to_string().chars().take(40).flat_map(char::escape_debug).collect();
    DecodeError::Mismatch(format!("the reply is `{value}`, which does not fit into `{kind}`").into())
}

#[diagnostic::do_not_recommend]
impl<T: FromReply<Any>> FromReply<Any> for Option<T> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(if reader.null()? { None } else { Some(T::read(reader)?) })
    }
}

#[diagnostic::do_not_recommend]
impl<S, T: FromReply<S>> FromReply<Nullable<S>> for Option<T> {
    #[inline]
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(if reader.null()? { None } else { Some(T::read(reader)?) })
    }
}

/// An error of the server in place of one element, which says nothing of the others.
#[diagnostic::do_not_recommend]
impl<S, T: FromReply<S>> FromReply<Fallible<S>> for Result<T, ServerError> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match reader.kind() {
            Ok(_) => T::read(reader).map(Ok),
            Err(DecodeError::Server(error)) => Ok(Err(error)),
            Err(error) => Err(error),
        }
    }
}

#[diagnostic::do_not_recommend]
impl FromReply<Offset> for Option<u64> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match reader.integer()? {
            -1 => Ok(None),
            offset => u64::try_from(offset).map(Some).map_err(|_| does_not_fit::<u64>(offset)),
        }
    }
}

/// True for `OK`, false for null, which the server returns where a condition such as NX did not hold.
#[diagnostic::do_not_recommend]
impl FromReply<Nullable<Status>> for bool {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(if reader.null()? { false } else { reader.bytes().map(|_| true)? })
    }
}
