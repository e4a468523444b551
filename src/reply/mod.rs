//! Decoding of replies: the shapes that replies have on the wire, and the Rust types that can be read from each shape.

mod collect;
mod collection;
#[cfg(test)]
mod differential_tests;
pub(crate) mod record;
mod scalar;
mod shape;
mod time;
mod value;

pub(crate) use collection::single;
pub use shape::{
    Any, Array, Bulk, Double, Fallible, Flag, Integer, Map, Nullable, Offset, Pairs, Single, SortRows, Status, Triples,
    Tuple, TypeName,
};
pub use value::Value;

pub use crate::resp::{DecodeError, Reader};

/// A type that can be read from replies of the shape `Shape`.
///
/// The types that fit are known at compile time: a reply that is an array can be read as a `Vec` and not as a number.
///
/// | shape | read as |
/// |---|---|
/// | [`Bulk`], a string | `String`, `Box<str>`, `Arc<str>`, `Vec<u8>`, [`Bytes`](bytes::Bytes), every integer, `f32`, `f64`, `bool` (1 or 0), [`StreamId`](crate::commands::stream::StreamId) |
/// | [`Status`], such as `OK` | `()`, `String` |
/// | [`Integer`] | every integer; [`SystemTime`](std::time::SystemTime) where it is a Unix time in seconds |
/// | [`Offset`], an integer or -1 | `Option<u64>` |
/// | [`Double`] | `f64`, `f32` |
/// | [`Flag`], 0 or 1 | `bool` |
/// | [`Nullable<S>`] | `Option<T>` |
/// | [`Fallible<S>`], an element that may be an error | `Result<T, `[`ServerError`](crate::ServerError)`>` |
/// | [`Array<S>`] | `Vec`, `VecDeque`, `Box<[T]>`, `HashSet`, `BTreeSet`, `[T; N]` |
/// | [`Single<Nullable<S>>`](Single), an array of one | `Option<T>` |
/// | [`Map<K, V>`], [`Pairs<K, V>`] | `HashMap`, `BTreeMap`, `Vec` of pairs; of `Pairs`, at most one also as `Option<(K, V)>`; of HGETALL a struct with [`HashFields`](derive@crate::HashFields) |
/// | [`Triples<A, B, C>`] | `Vec` of tuples of three |
/// | [`Tuple<(A, B)>`](Tuple) | `(T, U)`; of TIME also [`SystemTime`](std::time::SystemTime); an id with fields also [`StreamEntry`](crate::commands::stream::StreamEntry) |
/// | [`TypeName`], the reply of TYPE | `Option` of [`KeyType`](crate::key::KeyType), `String` |
/// | [`SortRows`], the reply of SORT with several GET | `Vec` of tuples of `Option<T>` |
/// | [`Any`] | [`Value`], and what a script may return: numbers, strings, `bool`, `()`, `Option`, `Vec`, tuples; a string also as `Vec<u8>`, a map or an array of keys and values as a `Vec` of pairs or a struct with [`HashFields`](derive@crate::HashFields) |
///
/// A type of your own is read from a string like this:
///
/// ```
/// use typedis::reply::{Bulk, DecodeError, FromReply, Reader};
///
/// struct Celsius(f64);
///
/// impl FromReply<Bulk> for Celsius {
///     fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
///         reader.double().map(Celsius)
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a reply of the shape `{Shape}`",
    label = "the reply has the shape `{Shape}`",
    note = "the table at `typedis::reply::FromReply` lists what can be read from each shape: a `Bulk` as a `String`, `Bytes` or a number, an `Array<Bulk>` as a `Vec<String>`; to read a hash into a struct, derive `typedis::HashFields`, and read one field of it by `hget_field`"
)]
pub trait FromReply<Shape>: Sized {
    /// Reads one whole reply. If an implementation leaves part of its reply unread, or reads on behind the reply, its
    /// command fails with [`Error::Reply`](crate::Error::Reply); the replies to the other commands stay right.
    ///
    /// # Errors
    ///
    /// A [`DecodeError`] when the reply is an error of the server, or cannot be decoded as `Self`.
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError>;

    /// Reads a `Vec` of these from one whole reply of any shape. The element's type decides, because bytes may come as a
    /// string, and pairs as a map.
    #[doc(hidden)]
    fn read_vec(reader: &mut Reader<'_>) -> Result<Vec<Self>, DecodeError> {
        collect::collect(reader.array()?, || Self::read(reader))
    }
}
