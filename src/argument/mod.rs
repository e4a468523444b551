//! The arguments of commands: single values, several values, and pairs; and which values may be stored where another type
//! is read.

mod collection;
mod entries;
mod rows;
mod scalar;
mod stored_as;
mod tuples;

pub(crate) use collection::refuse_empty;
pub use entries::Entries;
pub use rows::KeyRows;
pub use stored_as::{StoredAs, ValueFor};
pub(crate) use tuples::for_each_tuple;

pub use crate::resp::Writer;

/// A value that is exactly one argument of a command: text, bytes, a number.
///
/// For a type of your own, implement `write` and add the rest by [`value!`](crate::value):
///
/// ```
/// use typedis::{argument::{Argument, Writer}, reply::{Bulk, DecodeError, FromReply, Reader}};
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
/// An empty collection is an [`Error::Argument`](crate::Error::Argument) of the command, before anything is sent.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be written as arguments of a command",
    label = "not a value, nor an array, slice, `Vec`, set or tuple of values",
    note = "pass several values as an array: `[a, b]`; for a type of your own see `typedis::value!`"
)]
pub trait Arguments {
    /// The type of one of the values.
    type Item: ?Sized;

    /// Returns how many arguments [`write_all`](Arguments::write_all) writes.
    fn count(&self) -> usize;

    /// Writes the arguments.
    fn write_all(&self, out: &mut Writer);
}

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

/// Implements [`Arguments`](crate::argument::Arguments) and [`StoredAs`](crate::argument::StoredAs) for a type of your own that has an
/// [`Argument`](crate::argument::Argument), so that every command accepts its values, one or several, as what is read back as this
/// type.
///
/// The generics of a generic type come first, in brackets:
///
/// ```
/// use typedis::{argument::{Argument, Writer}, reply::{Bulk, DecodeError, FromReply, Reader}};
///
/// /// Any type of serde, stored as JSON.
/// struct Json<T>(T);
///
/// impl<T: serde::Serialize> Argument for Json<T> {
///     fn write(&self, out: &mut Writer) {
///         match serde_json::to_vec(&self.0) {
///             Ok(json) => out.bulk(&json),
///             Err(_) => out.reject("the value has no JSON form"),
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
        impl<$($generics)*> $crate::argument::Arguments for $type {
            type Item = $type;
            fn count(&self) -> usize {
                1
            }
            fn write_all(&self, out: &mut $crate::argument::Writer) {
                $crate::argument::Argument::write(self, out)
            }
        }
        #[diagnostic::do_not_recommend]
        impl<$($generics)*> $crate::argument::StoredAs<$type> for $type {}
    };
    ($type:ty) => {
        $crate::value!(@impl [] $type);
    };
}
