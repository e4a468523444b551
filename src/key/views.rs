//! Kinds that the server stores as another kind: their own needs, and those of the commands on that kind which do not
//! spoil them.

use super::{
    kind::{Bitmap, Geo, HyperLogLog, List, SortedSet, Str, Untyped},
    need::{AnyKind, AnySet, Anything, ElementsOf, Reads, SameAs, Sortable, Writes},
    satisfies::Satisfies,
};
use crate::argument::{Arguments, StoredAs};
use bytes::Bytes;

/// `KIND: NEEDS`, with the generics of each in brackets.
macro_rules! satisfies {
    ($($generics:tt $kind:ty: $($need:ty),+;)*) => {$( satisfies!(@each $generics $kind: $($need),+); )*};
    (@each $generics:tt $kind:ty: $($need:ty),+) => {$( satisfies!(@one $generics $kind, $need); )+};
    (@one [] $kind:ty, $need:ty) => {
        #[diagnostic::do_not_recommend]
        impl Satisfies<$need> for $kind {}
    };
    (@one [T] $kind:ty, $need:ty) => {
        #[diagnostic::do_not_recommend]
        impl<T> Satisfies<$need> for $kind {}
    };
}

// A geo set takes no scores of the caller's, such as those of ZADD: a score is a position there.
satisfies! {
    [T] Geo<T>: AnyKind, Geo<Anything>, Geo<Reads<T>>, SortedSet<Anything>, SortedSet<Reads<T>>, AnySet<Anything>,
        AnySet<Reads<T>>, Sortable<Anything>, Sortable<Reads<T>>;
    [T] Geo<T>: SameAs<Geo<T>>, SameAs<Untyped>, Geo<ElementsOf<Untyped>>, Geo<ElementsOf<Geo<T>>>,
        Geo<ElementsOf<SortedSet<T>>>;
    [T] Geo<T>: SortedSet<ElementsOf<Untyped>>, SortedSet<ElementsOf<Geo<T>>>, SortedSet<ElementsOf<SortedSet<T>>>;
    [T] Geo<T>: AnySet<ElementsOf<Untyped>>, AnySet<ElementsOf<Geo<T>>>, AnySet<ElementsOf<SortedSet<T>>>;
    [T] Geo<T>: Sortable<ElementsOf<Untyped>>, Sortable<ElementsOf<List<T>>>;
    [] Bitmap: AnyKind, Bitmap, Str<Anything>, Str<Reads<Bytes>>, Str<Reads<Vec<u8>>>, SameAs<Bitmap>, SameAs<Untyped>;
    [] HyperLogLog: AnyKind, HyperLogLog, Str<Anything>, Str<Reads<Bytes>>, Str<Reads<Vec<u8>>>, SameAs<HyperLogLog>,
        SameAs<Untyped>;
}

impl<T, V: Arguments<Item: StoredAs<T>>> Satisfies<Geo<Writes<V>>> for Geo<T> {}
impl<T, V: Arguments<Item: StoredAs<T>>> Satisfies<SortedSet<Writes<V>>> for Geo<T> {}
impl<V: StoredAs<Bytes> + ?Sized> Satisfies<Str<Writes<V>>> for Bitmap {}
impl<V: StoredAs<Bytes> + ?Sized> Satisfies<Str<Writes<V>>> for HyperLogLog {}
