//! Keys: plain ones, which fit every command, and typed ones, which fit the commands on what they hold.

mod family;
mod fields;
mod same;
mod slot;

pub use family::{Family, constant};
pub use fields::{Field, FieldReader, FieldValue, FieldsOf, HashFields, ValuesOf};
pub use fields::{from_array, from_map, write};
pub use same::{ElementsOf, SameAs, Untyped};
pub(crate) use slot::SlotState;

use crate::{
    argument::{Argument, Arguments, Entries, StoredAs},
    resp::Writer,
};
use bytes::Bytes;
use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap, VecDeque},
    fmt,
    marker::PhantomData,
    sync::Arc,
};

/// A key that knows what it holds, such as `Key<Str<i64>>`.
///
/// Commands on another kind of key do not compile, and the type of the value needs no turbofish:
///
/// ```
/// use typedis::{Key, List, Str, prelude::*};
/// # async fn example(client: &typedis::Client) -> typedis::Result<()> {
/// const SEQUENCE: Key<Str<i64>> = Key::new("sequence");
///
/// client.set(SEQUENCE, 5).await?;
/// let next = client.get(SEQUENCE).await?.unwrap_or(0) + 1;
/// # assert_eq!(next, 6);
/// # Ok(()) }
/// # typedis_testing::doctest(async |url| example(&typedis::Client::connect(&url).await?).await);
/// ```
///
/// A name made at run time is a [`Key::named`]. An application's keys are best declared together, by
/// [`keyspace!`](crate::keyspace).
pub struct Key<K, N = &'static str> {
    name: N,
    /// Why no command takes the key.
    fault: Option<&'static str>,
    holds: PhantomData<fn() -> K>,
}

impl<K> Key<K> {
    /// Makes a typed key of a constant name.
    pub const fn new(name: &'static str) -> Self {
        Key { name, fault: None, holds: PhantomData }
    }
}

impl<K, N: AsRef<str>> Key<K, N> {
    /// Makes a typed key of a name that is made at run time: `Key::<Str<i64>, _>::named(format!("hits:{page}"))`.
    pub fn named(name: N) -> Self {
        Key { name, fault: None, holds: PhantomData }
    }

    /// Returns the key's name.
    pub fn name(&self) -> &str {
        self.name.as_ref()
    }
}

impl<K> Key<K, &str> {
    /// Returns the key's cluster slot, from 0 to 16383; for a constant key at compile time.
    ///
    /// ```
    /// use typedis::{Key, Str};
    ///
    /// const STOCK: Key<Str<i64>> = Key::new("{shop}:stock");
    /// const ORDERS: Key<Str<i64>> = Key::new("{shop}:orders");
    /// const _: () = assert!(STOCK.slot() == ORDERS.slot());
    /// ```
    pub const fn slot(&self) -> u16 {
        slot::hash_slot(self.name.as_bytes())
    }
}

macro_rules! slots {
    ($($name:ty),*) => {$(
        impl<K> Key<K, $name> {
            /// Returns the key's cluster slot, from 0 to 16383.
            pub fn slot(&self) -> u16 {
                slot::hash_slot(self.name.as_bytes())
            }
        }
    )*};
}
slots! { String, Box<str>, Arc<str>, Cow<'_, str> }

impl<K, N: Clone> Clone for Key<K, N> {
    fn clone(&self) -> Self {
        Key { name: self.name.clone(), fault: self.fault, holds: PhantomData }
    }
}
impl<K, N: Copy> Copy for Key<K, N> {}
impl<K, N: fmt::Debug> fmt::Debug for Key<K, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Key").field(&self.name).finish()
    }
}

impl<K, N: AsRef<str>> Argument for Key<K, N> {
    #[inline]
    fn write(&self, out: &mut Writer) {
        if let Some(fault) = self.fault {
            out.refuse(fault);
        }
        out.bulk(self.name().as_bytes());
    }
}
impl<K, N: AsRef<str>> Arguments for Key<K, N> {
    type Item = Self;
    #[inline]
    fn count(&self) -> usize {
        1
    }
    #[inline]
    fn write_all(&self, out: &mut Writer) {
        self.write(out);
    }
}

/// What a key can be declared to hold.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no kind of key",
    label = "not a kind",
    note = "a kind is `Str<T>`, `Hash<T>`, `List<T>`, `Set<T>` or `SortedSet<T>`, where `T` is what is read from it"
)]
pub trait Kind {}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name<T>(PhantomData<fn() -> T>);

        impl<T> Kind for $name<T> {}
        #[diagnostic::do_not_recommend]
        impl<T> Satisfies<$name<Anything>> for $name<T> {}
        #[diagnostic::do_not_recommend]
        impl<T> Satisfies<$name<Reads<T>>> for $name<T> {}
        #[diagnostic::do_not_recommend]
        impl<T> Satisfies<AnyKind> for $name<T> {}
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
    /// A hash. `T` is what it reads as whole, such as `HashMap<String, i64>`.
    Hash;
}

/// A key of any kind, for commands such as DEL.
#[derive(Debug)]
pub struct AnyKind;

/// Of a command: it reads a `T` from the key.
#[derive(Debug)]
pub struct Reads<T>(PhantomData<fn() -> T>);

/// Of a command: it writes a `V` to the key.
#[derive(Debug)]
pub struct Writes<V: ?Sized>(PhantomData<fn(&V)>);

/// Of a command on a sorted set: it writes the pairs `P` of scores and members.
#[derive(Debug)]
pub struct Scored<P>(PhantomData<fn() -> P>);

/// Of a command: the type of the value does not matter, as in STRLEN.
#[derive(Debug)]
pub struct Anything;

/// Of a command: it adds an `N` to the value, which must be a number, as in INCR.
#[derive(Debug)]
pub struct Adds<N>(PhantomData<fn() -> N>);

/// Of a command on a hash: it reads the values of fields as `T`.
#[derive(Debug)]
pub struct Fields<T>(PhantomData<fn() -> T>);

/// Of a command on a hash: it reads the names of fields as `F`.
#[derive(Debug)]
pub struct FieldNames<F>(PhantomData<fn() -> F>);

/// Of a command on a hash: it reads the names of fields as `F`, and their values as `V`.
#[derive(Debug)]
pub struct FieldsWithValues<F, V>(PhantomData<fn() -> (F, V)>);

/// Of a command: it sorts, so the key must be a list, a set or a sorted set, whose elements it reads or not.
#[derive(Debug)]
pub struct Sortable<V>(PhantomData<fn() -> V>);

/// Of a command: it takes sorted sets and sets alike, as ZUNION does, whose members it reads or not.
#[derive(Debug)]
pub struct AnySet<V>(PhantomData<fn() -> V>);

/// A kind of key on which a command of the need `Need` works.
///
/// The needs are the kinds again, with [`Reads`], [`Writes`], [`Anything`], [`Adds`] or [`Fields`] for the value.
#[diagnostic::on_unimplemented(
    message = "this key holds a `{Self}`, and the command needs a `{Need}`",
    label = "the wrong kind of key: this would be WRONGTYPE, or a value of the wrong type",
    note = "use a command on `{Self}`, or declare the key as what the command needs"
)]
pub trait Satisfies<Need> {}

impl<T, V: StoredAs<T> + ?Sized> Satisfies<Str<Writes<V>>> for Str<T> {}
impl<T, V: Arguments<Item: StoredAs<T>>> Satisfies<List<Writes<V>>> for List<T> {}
impl<T, V: Arguments<Item: StoredAs<T>>> Satisfies<Set<Writes<V>>> for Set<T> {}
impl<T, V: Arguments<Item: StoredAs<T>>> Satisfies<SortedSet<Writes<V>>> for SortedSet<T> {}
impl<T, P: Entries<Second: StoredAs<T>>> Satisfies<SortedSet<Scored<P>>> for SortedSet<T> {}
impl<T: Number<N>, N> Satisfies<Str<Adds<N>>> for Str<T> {}

macro_rules! several_kinds {
    ($($need:ident: $($kind:ident),+;)*) => { $($( several_kinds!(@one $need $kind); )+)* };
    (@one $need:ident $kind:ident) => {
        #[diagnostic::do_not_recommend]
        impl<T> Satisfies<$need<Anything>> for $kind<T> {}
        #[diagnostic::do_not_recommend]
        impl<T> Satisfies<$need<Reads<T>>> for $kind<T> {}
    };
}
several_kinds! { Sortable: List, Set, SortedSet; AnySet: Set, SortedSet; }

/// What a hash reads as whole: a map, pairs, or a struct with [`HashFields`].
pub trait HashValue {
    /// The type of its fields' names.
    type Field;
    /// The type of its fields' values.
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

impl<M: HashValue> Satisfies<Hash<Fields<M::Value>>> for Hash<M> {}
impl<M: HashValue> Satisfies<Hash<FieldNames<M::Field>>> for Hash<M> {}
impl<M: HashValue> Satisfies<Hash<FieldsWithValues<M::Field, M::Value>>> for Hash<M> {}
impl<M: HashValue<Value: Number<N>>, N> Satisfies<Hash<Adds<N>>> for Hash<M> {}
impl<M: HashValue, P: Entries<Second: StoredAs<M::Value>>> Satisfies<Hash<Writes<P>>> for Hash<M> {}

/// A type of number to which an `N` can be added: a whole number for INCR and the like, where `N` is `i64`, and a
/// floating-point number for INCRBYFLOAT, where it is `f64`.
#[diagnostic::on_unimplemented(
    message = "an `{N}` cannot be added to a `{Self}`",
    label = "the key is declared to hold a `{Self}`",
    note = "`incr` and the like add to whole numbers, such as `Str<i64>`; `incrbyfloat` to floating-point numbers, `Str<f64>`"
)]
pub trait Number<N> {}

macro_rules! numbers {
    ($($add:ty: $($type:ty),+;)*) => {$($(
        #[diagnostic::do_not_recommend]
        impl Number<$add> for $type {}
    )+)*};
}
numbers! {
    i64: i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize;
    f64: f32, f64;
}

/// One key for a command that needs `Need`: text, [`Bytes`], or a [`Key`] of a fitting kind.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not one key",
    label = "expected one key: text, `Bytes` or a `typedis::Key`",
    note = "bytes that are not text are a key as `Bytes`"
)]
pub trait KeyFor<Need>: SingleKey {}

/// One key, whatever a command needs: what a [`KeyFor`] is said to hold.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not one key",
    label = "expected one key: text, `Bytes` or a `typedis::Key`",
    note = "bytes that are not text are a key as `Bytes`"
)]
pub trait SingleKey: Argument {
    /// What the key is declared to hold: [`Untyped`] for a plain one.
    type Kind;
}

/// One key or several for a command that needs `Need`: an array, slice, `Vec` or tuple of keys.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a key, nor several",
    label = "expected a key, or an array, slice, `Vec` or tuple of keys",
    note = "a key is text, `Bytes` or a `typedis::Key`"
)]
pub trait KeysFor<Need>: Arguments {}

macro_rules! plain {
    ($($type:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<Need> KeyFor<Need> for $type {}
        #[diagnostic::do_not_recommend]
        impl SingleKey for $type {
            type Kind = Untyped;
        }
        #[diagnostic::do_not_recommend]
        impl<Need> KeysFor<Need> for $type {}
    )*};
}
plain! { str, String, Box<str>, Arc<str>, Cow<'_, str>, Bytes }

impl<Need, K: Satisfies<Need>, N: AsRef<str>> KeyFor<Need> for Key<K, N> {}
impl<K, N: AsRef<str>> SingleKey for Key<K, N> {
    type Kind = K;
}
impl<Need, K: Satisfies<Need>, N: AsRef<str>> KeysFor<Need> for Key<K, N> {}
impl<Need, K: KeyFor<Need> + ?Sized> KeyFor<Need> for &K {}
impl<K: SingleKey + ?Sized> SingleKey for &K {
    type Kind = K::Kind;
}
impl<Need, K: KeysFor<Need> + ?Sized> KeysFor<Need> for &K {}
impl<Need, K: KeyFor<Need>> KeysFor<Need> for [K] {}
impl<Need, K: KeyFor<Need>, const N: usize> KeysFor<Need> for [K; N] {}
impl<Need, K: KeyFor<Need>> KeysFor<Need> for Vec<K> {}
impl<Need, K: KeyFor<Need>> KeysFor<Need> for VecDeque<K> {}

macro_rules! bytes {
    ($($type:ty $(, $n:ident)?;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<Need $(, const $n: usize)?> KeyFor<Need> for $type {}
        #[diagnostic::do_not_recommend]
        impl $(<const $n: usize>)? SingleKey for $type {
            type Kind = Untyped;
        }
    )*};
}
bytes! { [u8]; Vec<u8>; [u8; N], N; }

/// No key at all, for a script that uses none.
#[diagnostic::do_not_recommend]
impl<Need> KeysFor<Need> for () {}

macro_rules! tuples {
    ($($($type:ident),+;)*) => {$( impl<Need, $($type: KeyFor<Need>),+> KeysFor<Need> for ($($type,)+) {} )*};
}
tuples! {
    A;
    A, B;
    A, B, C;
    A, B, C, D;
    A, B, C, D, E;
    A, B, C, D, E, F;
    A, B, C, D, E, F, G;
    A, B, C, D, E, F, G, I;
}

/// Keys with the values to store at them, for MSET: `("a", 1)`, `[("a", 1), ("b", 2)]`, a `Vec` or a map.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not made of keys and values",
    label = "expected `(key, value)`, or an array, slice, `Vec` or map of them",
    note = "a value must be of the type that its key is declared to hold"
)]
pub trait KeyValues: Entries {}

impl<K: KeyFor<Str<Writes<V>>>, V: Argument> KeyValues for (K, V) {}
impl<T: KeyValues + ?Sized> KeyValues for &T {}
impl<K: KeyFor<Str<Writes<V>>>, V: Argument> KeyValues for [(K, V)] {}
impl<K: KeyFor<Str<Writes<V>>>, V: Argument, const N: usize> KeyValues for [(K, V); N] {}
impl<K: KeyFor<Str<Writes<V>>>, V: Argument> KeyValues for Vec<(K, V)> {}
impl<K: KeyFor<Str<Writes<V>>>, V: Argument, H> KeyValues for HashMap<K, V, H> {}
impl<K: KeyFor<Str<Writes<V>>>, V: Argument> KeyValues for BTreeMap<K, V> {}

/// Returns the cluster slot of a key, from 0 to 16383: that of the text between the first `{` and the next `}` where there
/// is one, so that keys with the same tag stay together.
pub fn slot(key: impl AsRef<[u8]>) -> u16 {
    slot::hash_slot(key.as_ref())
}
