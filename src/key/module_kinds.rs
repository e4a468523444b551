//! The kinds of key that modules of the server add, each behind the feature of its module.

#[cfg(any(feature = "bloom", feature = "json"))]
use super::need::{Anything, Reads, Writes};
#[cfg(feature = "bloom")]
use super::need::{Counted, ElementsOf};
use super::{
    kind::{Kind, Untyped},
    need::{AnyKind, SameAs},
    satisfies::Satisfies,
};
#[cfg(feature = "bloom")]
use crate::argument::{Arguments, Entries, StoredAs};
#[cfg(any(feature = "bloom", feature = "json"))]
use std::marker::PhantomData;

/// Declares kinds with a type of value, in the way of the kinds that every server has.
#[cfg(any(feature = "bloom", feature = "json"))]
macro_rules! module_kinds {
    ($($(#[$meta:meta])* $name:ident;)*) => {$(
        $(#[$meta])*
        #[derive(Debug)]
        pub struct $name<T>(PhantomData<fn() -> T>);

        impl<T> Kind for $name<T> {}
        #[diagnostic::do_not_recommend]
        impl<T> Satisfies<$name<Anything>> for $name<T> {}
        #[diagnostic::do_not_recommend]
        impl<T> Satisfies<$name<Reads<T>>> for $name<T> {}
        #[diagnostic::do_not_recommend]
        impl<T> Satisfies<AnyKind> for $name<T> {}
        #[diagnostic::do_not_recommend]
        impl<T> Satisfies<SameAs<$name<T>>> for $name<T> {}
        #[diagnostic::do_not_recommend]
        impl<T> Satisfies<SameAs<Untyped>> for $name<T> {}
    )*};
}

/// Declares kinds whose items are of a type `T`.
#[cfg(feature = "bloom")]
macro_rules! kinds_of_items {
    ($($(#[$meta:meta])* $name:ident;)*) => {$(
        module_kinds! {
            $(#[$meta])*
            $name;
        }

        #[diagnostic::do_not_recommend]
        impl<T, P: Entries<First: StoredAs<T>>> Satisfies<$name<Counted<P>>> for $name<T> {}
        #[diagnostic::do_not_recommend]
        impl<T> Satisfies<$name<ElementsOf<Untyped>>> for $name<T> {}
        #[diagnostic::do_not_recommend]
        impl<T> Satisfies<$name<ElementsOf<$name<T>>>> for $name<T> {}
    )*};
}

#[cfg(feature = "json")]
module_kinds! {
    /// A JSON document that is a `T`: a type of serde with the feature `serde`, or [`RawJson`](crate::commands::json::RawJson).
    Json;
}
#[cfg(feature = "json")]
impl<T> Satisfies<Json<Writes<T>>> for Json<T> {}
#[cfg(feature = "json")]
#[diagnostic::do_not_recommend]
impl<T> Satisfies<Json<Writes<&T>>> for Json<T> {}

#[cfg(feature = "bloom")]
kinds_of_items! {
    /// A Bloom filter of items of type `T`.
    BloomFilter;
    /// A Cuckoo filter of items of type `T`.
    CuckooFilter;
    /// A count-min sketch of items of type `T`.
    CountMinSketch;
    /// A list of the `k` most frequent items, of type `T`.
    TopK;
}

// Recommended, so that an error shows the impl of its kind, and outside of the macro, which it would show too.
#[cfg(feature = "bloom")]
impl<T, V: Arguments<Item: StoredAs<T>>> Satisfies<BloomFilter<Writes<V>>> for BloomFilter<T> {}
#[cfg(feature = "bloom")]
impl<T, V: Arguments<Item: StoredAs<T>>> Satisfies<CuckooFilter<Writes<V>>> for CuckooFilter<T> {}
#[cfg(feature = "bloom")]
impl<T, V: Arguments<Item: StoredAs<T>>> Satisfies<CountMinSketch<Writes<V>>> for CountMinSketch<T> {}
#[cfg(feature = "bloom")]
impl<T, V: Arguments<Item: StoredAs<T>>> Satisfies<TopK<Writes<V>>> for TopK<T> {}

/// Declares kinds without a type of value, which are also the need of the commands on them.
#[cfg(any(feature = "bloom", feature = "time_series"))]
macro_rules! kinds_of_numbers {
    ($($(#[$meta:meta])* $name:ident;)*) => {$(
        $(#[$meta])*
        #[derive(Debug)]
        pub struct $name;

        impl Kind for $name {}
        #[diagnostic::do_not_recommend]
        impl Satisfies<AnyKind> for $name {}
        #[diagnostic::do_not_recommend]
        impl Satisfies<SameAs<$name>> for $name {}
        #[diagnostic::do_not_recommend]
        impl Satisfies<SameAs<Untyped>> for $name {}
    )*};
}

#[cfg(feature = "bloom")]
kinds_of_numbers! {
    /// A t-digest, whose samples are `f64`. It is also the need of the commands on it.
    TDigest;
}
#[cfg(feature = "bloom")]
impl Satisfies<TDigest> for TDigest {}

#[cfg(feature = "time_series")]
kinds_of_numbers! {
    /// A time series, whose samples are `f64`. It is also the need of the commands on it.
    TimeSeries;
}
#[cfg(feature = "time_series")]
impl Satisfies<TimeSeries> for TimeSeries {}
