//! The arguments of commands that are keys: one key, several, and keys with their values.

use super::{
    in_slot::KeyName,
    key::Key,
    kind::{Str, Untyped},
    need::Writes,
    satisfies::Satisfies,
};
use crate::{
    argument::{Argument, Arguments, Entries, for_each_tuple},
    row::{AnySlot, KeySlot},
};
use bytes::Bytes;
use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap, VecDeque},
    sync::Arc,
};

/// One key for a command that needs `Need`: text, [`Bytes`], or a [`Key`] of a fitting kind.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not one key",
    label = "expected one key: text, `Bytes` or a `typedis::Key`",
    note = "bytes that are not text are a key as `Bytes`"
)]
pub trait KeyFor<Need>: SingleKey {}

/// One key and the kind that it is declared to hold, for any need.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not one key",
    label = "expected one key: text, `Bytes` or a `typedis::Key`",
    note = "bytes that are not text are a key as `Bytes`"
)]
pub trait SingleKey: Argument {
    /// The kind that the key is declared to hold: [`Untyped`] for a plain key.
    type Kind;
    /// The cluster slot that the type says: [`Slot`](crate::command::Slot) or [`AnySlot`].
    type Slot: KeySlot;
}

/// One key or several for a command that needs `Need`: an array, slice, `Vec` or tuple of keys.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a key, nor several",
    label = "expected a key, or an array, slice, `Vec` or tuple of keys",
    note = "a key is text, `Bytes` or a `typedis::Key`"
)]
pub trait KeysFor<Need>: Arguments {
    /// The cluster slot that the type says: that of the key, or of the first of several.
    type Slot: KeySlot;
}

macro_rules! plain {
    ($($type:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<Need> KeyFor<Need> for $type {}
        #[diagnostic::do_not_recommend]
        impl SingleKey for $type {
            type Kind = Untyped;
            type Slot = AnySlot;
        }
        #[diagnostic::do_not_recommend]
        impl<Need> KeysFor<Need> for $type {
            type Slot = AnySlot;
        }
    )*};
}
plain! { str, String, Box<str>, Arc<str>, Cow<'_, str>, Bytes }

impl<Need, K: Satisfies<Need>, N: KeyName> KeyFor<Need> for Key<K, N> {}
impl<K, N: KeyName> SingleKey for Key<K, N> {
    type Kind = K;
    type Slot = N::Slot;
}
impl<Need, K: Satisfies<Need>, N: KeyName> KeysFor<Need> for Key<K, N> {
    type Slot = N::Slot;
}
impl<Need, K: KeyFor<Need> + ?Sized> KeyFor<Need> for &K {}
impl<K: SingleKey + ?Sized> SingleKey for &K {
    type Kind = K::Kind;
    type Slot = K::Slot;
}
impl<Need, K: KeysFor<Need> + ?Sized> KeysFor<Need> for &K {
    type Slot = K::Slot;
}
impl<Need, K: KeyFor<Need>> KeysFor<Need> for [K] {
    type Slot = K::Slot;
}
impl<Need, K: KeyFor<Need>, const N: usize> KeysFor<Need> for [K; N] {
    type Slot = K::Slot;
}
impl<Need, K: KeyFor<Need>> KeysFor<Need> for Vec<K> {
    type Slot = K::Slot;
}
impl<Need, K: KeyFor<Need>> KeysFor<Need> for VecDeque<K> {
    type Slot = K::Slot;
}

macro_rules! bytes {
    ($($type:ty $(, $n:ident)?;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<Need $(, const $n: usize)?> KeyFor<Need> for $type {}
        #[diagnostic::do_not_recommend]
        impl $(<const $n: usize>)? SingleKey for $type {
            type Kind = Untyped;
            type Slot = AnySlot;
        }
    )*};
}
bytes! { [u8]; Vec<u8>; [u8; N], N; }

/// No keys, for a script that uses none.
#[diagnostic::do_not_recommend]
impl<Need> KeysFor<Need> for () {
    type Slot = AnySlot;
}

macro_rules! tuples {
    ($($($type:ident $field:tt),+;)*) => {$( impl<Need, $($type: KeyFor<Need>),+> KeysFor<Need> for ($($type,)+) {
        type Slot = A::Slot;
    } )*};
}
for_each_tuple! { tuples }

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
