//! The types of values that may be written where another type is read.

use super::{Argument, tuples::for_each_tuple};
use bytes::Bytes;
use std::{borrow::Cow, sync::Arc};

/// A value that may be written where a `T` is read.
///
/// `set(SEQUENCE, 5)` compiles where the key holds an `i64`, and `set(SEQUENCE, "text")` does not. Text may be written
/// where text or bytes are read; an integer where every value of its type fits. An `i32` may be written where any number
/// is read, because that is what Rust makes of a literal such as `5`.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` cannot be stored where a `{T}` is read",
    label = "the key is declared to hold a `{T}`",
    note = "pass a value that reads back as `{T}`; one field of a hash that is a struct is written by `hset_field`"
)]
pub trait StoredAs<T: ?Sized> {}

/// One value that may be written where a `T` is read: an [`Argument`] that is [`StoredAs<T>`].
#[diagnostic::on_unimplemented(
    message = "a `{Self}` cannot be stored where a `{T}` is read",
    label = "the key or the field is declared to hold a `{T}`",
    note = "pass a value that reads back as `{T}`"
)]
pub trait ValueFor<T: ?Sized>: Argument {}

#[diagnostic::do_not_recommend]
impl<T: ?Sized, V: Argument + StoredAs<T>> ValueFor<T> for V {}

macro_rules! stored {
    ($($($from:ty),+ => $($to:ty),+;)*) => {$( stored!(@each ($($from),+) $($to),+); )*};
    (@each $from:tt $($to:ty),+) => {$( stored!(@one $from $to); )+};
    (@one ($($from:ty),+) $to:ty) => {$( #[diagnostic::do_not_recommend] impl StoredAs<$to> for $from {} )+};
}

stored! {
    str, String, Box<str>, Arc<str>, Cow<'_, str> => String, Box<str>, Arc<str>, Bytes, Vec<u8>;
    char => String;
    Bytes, [u8], Vec<u8> => Bytes, Vec<u8>;
    bool => bool;
    i8 => i8, i16, i64, i128;
    i16 => i16, i64, i128;
    i32 => i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize, f32, f64;
    i64 => i64, i128;
    isize => isize, i64, i128;
    u16 => u16, u32, u64, u128, usize, i64, i128;
    u32 => u32, u64, u128, usize, i64, i128;
    u64 => u64, u128, i128;
    usize => usize, u64, u128, i128;
    i128 => i128;
    u128 => u128;
    f32 => f32, f64;
    f64 => f64;
}

#[diagnostic::do_not_recommend]
impl<const N: usize> StoredAs<Bytes> for [u8; N] {}
#[diagnostic::do_not_recommend]
impl<const N: usize> StoredAs<Vec<u8>> for [u8; N] {}
impl<T: ?Sized, V: StoredAs<T> + ?Sized> StoredAs<T> for &V {}

macro_rules! tuples {
    ($($($type:ident $field:tt),+;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<T, $($type: StoredAs<T>),+> StoredAs<T> for ($($type,)+) {}
    )*};
}

for_each_tuple! { tuples }
