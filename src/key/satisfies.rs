//! The needs that each kind of key satisfies.

use super::{
    kind::{Array, Hash, HashValue, List, Set, SortedSet, Str, Stream, VectorSet, for_each_kind},
    need::{Adds, AnyKind, AnySet, Anything, FieldNames, Fields, FieldsWithValues, Reads, Scored, Sortable, Writes},
};
use crate::argument::{Arguments, Entries, StoredAs};

/// A kind of key on which a command of the need `Need` works.
///
/// The module [`need`](super::need) lists the needs.
#[diagnostic::on_unimplemented(
    message = "this key holds a `{Self}`, and the command needs a `{Need}`",
    label = "the wrong kind of key: this would be WRONGTYPE, or a value of the wrong type",
    note = "use a command on `{Self}`, or declare the key as what the command needs"
)]
pub trait Satisfies<Need> {}

macro_rules! kinds {
    ($($kind:ident $type:ident $state:ident),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<T> Satisfies<$kind<Anything>> for $kind<T> {}
        #[diagnostic::do_not_recommend]
        impl<T> Satisfies<$kind<Reads<T>>> for $kind<T> {}
        #[diagnostic::do_not_recommend]
        impl<T> Satisfies<AnyKind> for $kind<T> {}
    )*};
}
for_each_kind! { kinds }

impl<T, V: StoredAs<T> + ?Sized> Satisfies<Str<Writes<V>>> for Str<T> {}
impl<T, V: Arguments<Item: StoredAs<T>>> Satisfies<List<Writes<V>>> for List<T> {}
impl<T, V: Arguments<Item: StoredAs<T>>> Satisfies<Set<Writes<V>>> for Set<T> {}
impl<T, V: Arguments<Item: StoredAs<T>>> Satisfies<SortedSet<Writes<V>>> for SortedSet<T> {}
impl<T, P: Entries<Second: StoredAs<T>>> Satisfies<SortedSet<Scored<P>>> for SortedSet<T> {}
impl<T, V: Arguments<Item: StoredAs<T>>> Satisfies<Array<Writes<V>>> for Array<T> {}
impl<T, V: Arguments<Item: StoredAs<T>>> Satisfies<VectorSet<Writes<V>>> for VectorSet<T> {}
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

impl<M: HashValue> Satisfies<Hash<Fields<M::Value>>> for Hash<M> {}
impl<M: HashValue> Satisfies<Hash<FieldNames<M::Field>>> for Hash<M> {}
impl<M: HashValue> Satisfies<Hash<FieldsWithValues<M::Field, M::Value>>> for Hash<M> {}
impl<M: HashValue<Value: Number<N>>, N> Satisfies<Hash<Adds<N>>> for Hash<M> {}
impl<M: HashValue, P: Entries<Second: StoredAs<M::Value>>> Satisfies<Hash<Writes<P>>> for Hash<M> {}
impl<M: HashValue, P: Entries<Second: StoredAs<M::Value>>> Satisfies<Stream<Writes<P>>> for Stream<M> {}

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
