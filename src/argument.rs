//! What can be written: single arguments, several of them, and pairs; and which values may be stored where another type
//! is read.

use crate::resp::Writer;
use bytes::Bytes;
use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque},
    rc::Rc,
    sync::Arc,
};

/// A value that is exactly one argument of a command: text, bytes, a number.
///
/// For a type of your own, implement `write` and add the rest by [`value!`](crate::value):
///
/// ```
/// use typedis::{Argument, Bulk, DecodeError, FromReply, Reader, Writer};
///
/// #[derive(Debug, PartialEq)]
/// struct Celsius(f64);
///
/// impl Argument for Celsius {
///     fn write(&self, out: &mut Writer) {
///         out.double(self.0);
///     }
/// }
/// impl FromReply<Bulk> for Celsius {
///     fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
///         reader.double().map(Celsius)
///     }
/// }
/// typedis::value!(Celsius);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be written as one argument of a command",
    label = "not text, bytes or a number",
    note = "text, bytes and numbers can be written; for a type of your own see `typedis::value!`"
)]
pub trait Argument: Arguments {
    /// Writes the value with exactly one call of a method of `out`.
    fn write(&self, out: &mut Writer);
}

/// One or several arguments of a command: a single [`Argument`], an array, slice, `Vec` or set of them, a tuple.
///
/// An empty collection is refused when the pipeline is executed, before anything is sent.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be written as arguments of a command",
    label = "not a value, nor an array, slice, `Vec`, set or tuple of values",
    note = "pass several values as an array: `[a, b]`; for a type of your own see `typedis::value!`"
)]
pub trait Arguments {
    /// The type of one of the values.
    type Item: ?Sized;

    /// How many arguments [`write_all`](Arguments::write_all) writes.
    fn count(&self) -> usize;

    /// Writes the arguments.
    fn write_all(&self, out: &mut Writer);
}

/// One or several pairs, for HSET, MSET and ZADD: `("field", 1)`, `[("a", 1), ("b", 2)]`, a `Vec` or a map; with values of
/// several types a tuple of pairs, `(("name", "Ada"), ("born", 1815))`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not made of pairs",
    label = "expected `(field, value)`, or an array, `Vec` or map of them",
    note = "write one pair as `(\"field\", value)` and several as `[(\"a\", 1), (\"b\", 2)]`"
)]
pub trait Entries {
    /// The type of the first of each pair: field, key or score.
    type First;
    /// The type of the second of each pair: value or member.
    type Second;

    /// How many pairs there are.
    fn count(&self) -> usize;

    /// Writes the pairs, each as two arguments.
    fn write_all(&self, out: &mut Writer);
}

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

/// Makes a type of your own, which has an [`Argument`](crate::Argument), a value that every command accepts: one argument
/// or several, and stored as itself. It implements [`Arguments`](crate::Arguments) and [`StoredAs`](crate::StoredAs).
///
/// The generics of a generic type come first, in brackets:
///
/// ```
/// use typedis::{Argument, Bulk, DecodeError, FromReply, Reader, Writer};
///
/// /// Any type of serde, stored as JSON.
/// struct Json<T>(T);
///
/// impl<T: serde::Serialize> Argument for Json<T> {
///     fn write(&self, out: &mut Writer) {
///         match serde_json::to_vec(&self.0) {
///             Ok(json) => out.bulk(&json),
///             Err(_) => out.refuse("the value has no JSON form"),
///         }
///     }
/// }
/// impl<T: serde::de::DeserializeOwned> FromReply<Bulk> for Json<T> {
///     fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
///         let json = reader.bytes()?;
///         serde_json::from_slice(json).map(Json).map_err(|error| DecodeError::mismatch("JSON of this type", error))
///     }
/// }
/// typedis::value!([T: serde::Serialize] Json<T>);
///
/// # use typedis::{Client, prelude::*};
/// # async fn example(client: &Client) -> typedis::Result<()> {
/// client.set("point", Json((1, 2))).await?;
/// let point = client.get::<Json<(i32, i32)>>("point").await?;
/// assert_eq!(point.unwrap().0, (1, 2));
/// # Ok(()) }
/// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
/// ```
#[macro_export]
macro_rules! value {
    ([$($generics:tt)+] $type:ty) => {
        $crate::value!(@impl [$($generics)+] $type);
    };
    (@impl [$($generics:tt)*] $type:ty) => {
        impl<$($generics)*> $crate::Arguments for $type {
            type Item = $type;
            fn count(&self) -> usize {
                1
            }
            fn write_all(&self, out: &mut $crate::Writer) {
                $crate::Argument::write(self, out)
            }
        }
        impl<$($generics)*> $crate::StoredAs<$type> for $type {}
    };
    ($type:ty) => {
        $crate::value!(@impl [] $type);
    };
}

macro_rules! scalars {
    ($($type:ty: |$value:ident, $out:ident| $write:expr;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl Argument for $type {
            #[inline]
            fn write(&self, $out: &mut Writer) {
                let $value = self;
                $write
            }
        }

        #[diagnostic::do_not_recommend]
        impl Arguments for $type {
            type Item = Self;
            #[inline]
            fn count(&self) -> usize {
                1
            }
            #[inline]
            fn write_all(&self, out: &mut Writer) {
                self.write(out)
            }
        }
    )*};
}

scalars! {
    str: |value, out| out.bulk(value.as_bytes());
    String: |value, out| out.bulk(value.as_bytes());
    Box<str>: |value, out| out.bulk(value.as_bytes());
    Arc<str>: |value, out| out.bulk(value.as_bytes());
    Rc<str>: |value, out| out.bulk(value.as_bytes());
    Cow<'_, str>: |value, out| out.bulk(value.as_bytes());
    char: |value, out| out.bulk(value.encode_utf8(&mut [0; 4]).as_bytes());
    Bytes: |value, out| out.bulk(value);
    bool: |value, out| out.bulk(if *value { b"1" } else { b"0" });
    f32: |value, out| out.double(f64::from(*value));
    f64: |value, out| out.double(*value);
    i8: |value, out| out.integer(*value);
    i16: |value, out| out.integer(*value);
    i32: |value, out| out.integer(*value);
    i64: |value, out| out.integer(*value);
    i128: |value, out| out.integer(*value);
    isize: |value, out| out.integer(*value);
    u16: |value, out| out.integer(*value);
    u32: |value, out| out.integer(*value);
    u64: |value, out| out.integer(*value);
    u128: |value, out| out.integer(*value);
    usize: |value, out| out.integer(*value);
}

// `u8` is no argument of its own: `[u8]` is one string of bytes and never a list of numbers.
macro_rules! bytes {
    ($($type:ty $(, $n:ident)?;)*) => {$(
        impl $(<const $n: usize>)? Argument for $type {
            #[inline]
            fn write(&self, out: &mut Writer) {
                out.bulk(self);
            }
        }

        impl $(<const $n: usize>)? Arguments for $type {
            type Item = Self;
            #[inline]
            fn count(&self) -> usize {
                1
            }
            #[inline]
            fn write_all(&self, out: &mut Writer) {
                out.bulk(self);
            }
        }
    )*};
}

bytes! { [u8]; Vec<u8>; [u8; N], N; }

impl<T: Argument + ?Sized> Argument for &T {
    #[inline]
    fn write(&self, out: &mut Writer) {
        (**self).write(out);
    }
}

impl<T: Arguments + ?Sized> Arguments for &T {
    type Item = T::Item;
    #[inline]
    fn count(&self) -> usize {
        (**self).count()
    }
    #[inline]
    fn write_all(&self, out: &mut Writer) {
        (**self).write_all(out);
    }
}

fn write_items<T: Argument>(items: impl ExactSizeIterator<Item = T>, out: &mut Writer) {
    refuse_empty(items.len(), out);
    items.for_each(|item| item.write(out));
}

fn refuse_empty(count: usize, out: &mut Writer) {
    if count == 0 {
        out.refuse("an empty collection where the command needs at least one value; leave the command out");
    }
}

macro_rules! collections {
    ($($type:ty, [$($generics:tt)*];)*) => {$(
        impl<T: Argument, $($generics)*> Arguments for $type {
            type Item = T;
            fn count(&self) -> usize {
                self.len()
            }
            fn write_all(&self, out: &mut Writer) {
                write_items(self.iter(), out);
            }
        }
    )*};
}

collections! {
    [T], [];
    [T; N], [const N: usize];
    Vec<T>, [];
    VecDeque<T>, [];
    HashSet<T, H>, [H];
    BTreeSet<T>, [];
}

macro_rules! tuples {
    ($($($type:ident $field:tt),+;)*) => {$(
        impl<$($type: Argument),+> Arguments for ($($type,)+) {
            type Item = Self;
            fn count(&self) -> usize {
                [$($field),+].len()
            }
            fn write_all(&self, out: &mut Writer) {
                $(self.$field.write(out);)+
            }
        }


        #[diagnostic::do_not_recommend]
        impl<X, $($type: StoredAs<X>),+> StoredAs<X> for ($($type,)+) {}
    )*};
}

tuples! {
    A 0;
    A 0, B 1;
    A 0, B 1, C 2;
    A 0, B 1, C 2, D 3;
    A 0, B 1, C 2, D 3, E 4;
    A 0, B 1, C 2, D 3, E 4, F 5;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, I 7;
}

/// No arguments at all, such as a script without keys.
impl Arguments for () {
    type Item = ();
    fn count(&self) -> usize {
        0
    }
    fn write_all(&self, _: &mut Writer) {}
}

impl<A: Argument, B: Argument> Entries for (A, B) {
    type First = A;
    type Second = B;
    fn count(&self) -> usize {
        1
    }
    fn write_all(&self, out: &mut Writer) {
        self.0.write(out);
        self.1.write(out);
    }
}

impl<T: Entries + ?Sized> Entries for &T {
    type First = T::First;
    type Second = T::Second;
    fn count(&self) -> usize {
        (**self).count()
    }
    fn write_all(&self, out: &mut Writer) {
        (**self).write_all(out);
    }
}

fn write_pairs<A: Argument, B: Argument>(pairs: impl ExactSizeIterator<Item = (A, B)>, out: &mut Writer) {
    refuse_empty(pairs.len(), out);
    pairs.for_each(|(first, second)| {
        first.write(out);
        second.write(out);
    });
}

macro_rules! entry_tuples {
    ($($($a:ident $b:ident $field:tt),+;)*) => {$(
        impl<$($a: Argument, $b: Argument),+> Entries for ($(($a, $b),)+) {
            type First = ($($a,)+);
            type Second = ($($b,)+);
            fn count(&self) -> usize {
                [$($field),+].len()
            }
            fn write_all(&self, out: &mut Writer) {
                $(Entries::write_all(&self.$field, out);)+
            }
        }
    )*};
}

// Pairs with values of several types.
entry_tuples! {
    A B 0, C D 1;
    A B 0, C D 1, E F 2;
    A B 0, C D 1, E F 2, G H 3;
    A B 0, C D 1, E F 2, G H 3, I J 4;
    A B 0, C D 1, E F 2, G H 3, I J 4, K L 5;
    A B 0, C D 1, E F 2, G H 3, I J 4, K L 5, M N 6;
    A B 0, C D 1, E F 2, G H 3, I J 4, K L 5, M N 6, O P 7;
}

macro_rules! entries {
    ($($type:ty, [$($generics:tt)*], $pair:expr;)*) => {$(
        impl<A: Argument, B: Argument, $($generics)*> Entries for $type {
            type First = A;
            type Second = B;
            fn count(&self) -> usize {
                self.len()
            }
            fn write_all(&self, out: &mut Writer) {
                write_pairs(self.iter().map($pair), out);
            }
        }
    )*};
}

entries! {
    [(A, B)], [], |(a, b)| (a, b);
    [(A, B); N], [const N: usize], |(a, b)| (a, b);
    Vec<(A, B)>, [], |(a, b)| (a, b);
    HashMap<A, B, H>, [H], |pair| pair;
    BTreeMap<A, B>, [], |pair| pair;
}

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
