//! The kinds that a key can be declared to hold.

use std::{
    collections::{BTreeMap, HashMap},
    marker::PhantomData,
};

/// A kind of key, which a [`Key`](super::Key) is declared to hold.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no kind of key",
    label = "not a kind",
    note = "a kind is `Str<T>`, `Hash<T>`, `List<T>`, `Set<T>`, `SortedSet<T>` and the like, where `T` is what is read from it; the module `typedis::key` has them all"
)]
pub trait Kind {}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name<T>(PhantomData<fn() -> T>);

        impl<T> Kind for $name<T> {}
    )*};
}

kinds! {
    /// A string whose value is a `T`: text, bytes, a number.
    Str;
    /// A list of `T`.
    List;
    /// A set of `T`.
    Set;
    /// A sorted set of members of type `T`.
    SortedSet;
    /// A hash. `T` is the type of the whole hash, such as `HashMap<String, i64>`.
    Hash;
    /// An array of `T`, with holes between them.
    Array;
    /// A vector set with elements of type `T`.
    VectorSet;
    /// Places: members of type `T` with positions on the earth, which the server keeps in a sorted set. The commands on
    /// sorted sets that keep its scores work too.
    Geo;
    /// A stream. `T` is the type of the fields of one entry: a struct with [`HashFields`](super::HashFields), or a map such as
    /// `HashMap<String, i64>`.
    Stream;
}

/// A string of bits, for SETBIT, BITFIELD and the like. The commands on strings read and write it as bytes.
#[derive(Debug)]
pub struct Bitmap;

impl Kind for Bitmap {}

/// A HyperLogLog: an estimate of the number of distinct elements, in at most 12 kB. The server keeps it in a string, which the
/// commands on strings read and write as bytes.
#[derive(Debug)]
pub struct HyperLogLog;

impl Kind for HyperLogLog {}

/// Calls the macro `$callback` with the list of the server's kinds, without those that it stores as another one: each with its type of value, as a variant of `KeyType`, and its
/// state in the analysis of literal keys. `$arguments` go before the list.
macro_rules! for_each_kind {
    ($callback:ident $($arguments:tt)*) => {
        $callback! { $($arguments)*
            Str String a_string,
            List List a_list,
            Set Set a_set,
            SortedSet SortedSet a_sorted_set,
            Hash Hash a_hash,
            VectorSet VectorSet a_vector_set,
            Array Array an_array,
            Stream Stream a_stream
        }
    };
}
pub(crate) use for_each_kind;

/// The kind of a plain key, which is not declared to hold anything.
#[derive(Debug)]
pub struct Untyped;

/// The value of a [`Hash`](struct@Hash) as a whole, or the fields of an entry of a [`Stream`]: a map, pairs, or a struct with
/// [`HashFields`](super::HashFields).
pub trait HashValue {
    /// The type of the names of the hash's fields.
    type Field;
    /// The type of the values of the hash's fields.
    type Value;
}

impl<F, V, H> HashValue for HashMap<F, V, H> {
    type Field = F;
    type Value = V;
}
impl<F, V> HashValue for BTreeMap<F, V> {
    type Field = F;
    type Value = V;
}
impl<F, V> HashValue for Vec<(F, V)> {
    type Field = F;
    type Value = V;
}
