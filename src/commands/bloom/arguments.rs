//! Arguments and options of the commands of the module `bf`, checked before anything is sent.

use crate::{
    argument::{Argument, Arguments},
    command::{
        encode::NumKeys,
        option::{OptionField, WordSink, arguments, options},
    },
    resp::Writer,
};

/// Declares numbers that a command refuses outside of a range.
macro_rules! checked {
    ($($(#[$doc:meta])* $name:ident($type:ty): |$value:ident| $is_valid:expr, $write:ident, $reason:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub(crate) struct $name(pub(crate) $type);

        impl Argument for $name {
            fn write(&self, out: &mut Writer) {
                let $value = self.0;
                if !$is_valid {
                    out.reject($reason);
                }
                out.$write($value);
            }
        }
        impl OptionField for $name {
            fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
                out.word(word);
                out.argument(self);
            }
        }
        arguments!([] $name);
    )*};
}

checked! {
    /// A probability of errors.
    ErrorRate(f64): |rate| rate > 0.0 && rate < 1.0, double, "an error rate must be above 0 and below 1";
    /// The number of items that a filter is made for.
    Capacity(u64): |items| items > 0, integer, "a capacity must be above 0";
    /// The growth of each new layer.
    Expansion(u32): |factor| factor > 0, integer, "an expansion must be above 0; `Growth::Nonscaling` is a filter that does not grow";
    /// A size of a table.
    Dimension(u32): |size| size > 0, integer, "a size must be above 0";
    /// The probability with which the counter of a colliding item is reduced.
    Decay(f64): |decay| decay > 0.0 && decay <= 1.0, double, "a decay must be above 0 and at most 1";
    /// The compression of a t-digest.
    Compression(u32): |compression| compression > 0, integer, "a compression must be above 0";
    /// A number that a Cuckoo filter needs to be at least 1.
    AtLeastOne(u16): |number| number > 0, integer, "the buckets and iterations of a Cuckoo filter must be above 0";
}

/// Items, of which there must be one: the module may take a command with fewer arguments than it needs.
pub(crate) struct Items<'a, V: ?Sized>(pub(crate) &'a V);

impl<V: Arguments + ?Sized> Arguments for Items<'_, V> {
    type Item = V::Item;
    fn count(&self) -> usize {
        self.0.count()
    }
    fn write_all(&self, out: &mut Writer) {
        if self.0.count() == 0 {
            out.reject("no item where the command needs at least one; leave the command out");
        }
        self.0.write_all(out);
    }
}

/// The growth of a Bloom filter that is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Growth {
    /// Each new layer has so many times the capacity of the one before it (EXPANSION). The server's default is 2.
    Expansion(u32),
    /// No new layer: adding to a full filter is an error (NONSCALING).
    Nonscaling,
}

impl OptionField for Growth {
    fn send(&self, _: Option<&'static str>, out: &mut impl WordSink) {
        match self {
            Growth::Expansion(factor) => Expansion(*factor).send(Some("EXPANSION"), out),
            Growth::Nonscaling => out.word(Some("NONSCALING")),
        }
    }
}
arguments!([] Growth);

options! {
    /// Options of BF.INSERT, for [`bf_insert_with`](super::BloomFilterCommands::bf_insert_with): the form of the filter that the
    /// command makes where there is none.
    #[derive(Clone, Copy, Debug)]
    pub struct BloomInsertOptions with new {
        capacity: Option<Capacity> = "CAPACITY",
        error: Option<ErrorRate> = "ERROR",
        growth: Option<Growth>,
    }

    /// Options of CF.RESERVE, for [`cf_reserve_with`](super::CuckooFilterCommands::cf_reserve_with).
    #[derive(Clone, Copy, Debug)]
    pub struct CuckooReserveOptions with new {
        bucketsize: Option<AtLeastOne> = "BUCKETSIZE",
        maxiterations: Option<AtLeastOne> = "MAXITERATIONS",
        expansion: Option<u32> = "EXPANSION",
    }

    /// Options of TDIGEST.MERGE, for [`tdigest_merge_with`](super::TDigestCommands::tdigest_merge_with).
    #[derive(Clone, Copy, Debug)]
    pub struct MergeOptions with new {
        compression: Option<Compression> = "COMPRESSION",
        overwrite: bool = "OVERRIDE",
    }
}

impl BloomInsertOptions {
    /// Makes the filter for so many items (CAPACITY).
    pub fn capacity(self, items: u64) -> Self {
        BloomInsertOptions { capacity: Some(Capacity(items)), ..self }
    }

    /// Makes the filter with this probability that it takes a missing item for an existing one (ERROR), above 0 and below 1.
    pub fn error(self, rate: f64) -> Self {
        BloomInsertOptions { error: Some(ErrorRate(rate)), ..self }
    }

    /// Makes a filter that grows in this way when it is full (EXPANSION, NONSCALING).
    pub fn growth(self, growth: Growth) -> Self {
        BloomInsertOptions { growth: Some(growth), ..self }
    }
}

impl CuckooReserveOptions {
    /// Sets the number of items in each bucket, from 1 (BUCKETSIZE).
    pub fn bucketsize(self, items: u8) -> Self {
        CuckooReserveOptions { bucketsize: Some(AtLeastOne(items.into())), ..self }
    }

    /// Sets how often items are moved to make room before the filter is full, or grows; from 1 (MAXITERATIONS).
    pub fn maxiterations(self, iterations: u16) -> Self {
        CuckooReserveOptions { maxiterations: Some(AtLeastOne(iterations)), ..self }
    }

    /// Sets how many times larger than the last each new layer is, up to 32768; 0 is a filter that does not grow (EXPANSION).
    pub fn expansion(self, factor: u16) -> Self {
        CuckooReserveOptions { expansion: Some(factor.into()), ..self }
    }
}

impl MergeOptions {
    /// Sets the compression of the result (COMPRESSION), above 0. The default is the highest of the merged digests.
    pub fn compression(self, compression: u32) -> Self {
        MergeOptions { compression: Some(Compression(compression)), ..self }
    }

    /// Replaces the digest at the destination, which is else merged too (OVERRIDE).
    pub fn overwrite(self) -> Self {
        MergeOptions { overwrite: true, ..self }
    }
}

/// The capacity and the options of CF.RESERVE, with the check that a filter has room for two buckets.
pub(crate) struct CuckooReserve<'a>(pub(crate) u64, pub(crate) &'a CuckooReserveOptions);

impl Arguments for CuckooReserve<'_> {
    type Item = Self;
    fn count(&self) -> usize {
        1 + self.1.count()
    }
    fn write_all(&self, out: &mut Writer) {
        let bucketsize = self.1.bucketsize.map_or(1, |items| u64::from(items.0));
        if self.0 < bucketsize * 2 {
            out.reject("the capacity of a Cuckoo filter must be at least two buckets");
        }
        if self.1.expansion.is_some_and(|factor| factor > 32_768) {
            out.reject("the expansion of a Cuckoo filter must be at most 32768");
        }
        out.integer(self.0);
        self.1.write_all(out);
    }
}

/// The sketches that CMS.MERGE reads, their number before them and their weights behind.
pub(crate) struct Weighted<'a, K: ?Sized, W: ?Sized>(pub(crate) &'a K, pub(crate) &'a W);

impl<K: Arguments + ?Sized, W: AsRef<[i64]> + ?Sized> Arguments for Weighted<'_, K, W> {
    type Item = K::Item;
    fn count(&self) -> usize {
        NumKeys(self.0).count() + 1 + self.1.as_ref().len()
    }
    fn write_all(&self, out: &mut Writer) {
        let weights = self.1.as_ref();
        if weights.len() != self.0.count() {
            out.reject("there must be as many weights as keys");
        }
        NumKeys(&Items(self.0)).write_all(out);
        "WEIGHTS".write(out);
        weights.iter().for_each(|weight| weight.write(out));
    }
}

/// The number by which the counter of an item grows: a `u64`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an increment",
    label = "expected a `u64`",
    note = "in pairs, the item comes before its increment: `(\"item\", 5)`"
)]
pub trait Increment: Argument {}
impl Increment for u64 {}

/// Items with the numbers by which their counters grow, for TOPK.INCRBY: one pair, or an array, a slice or a `Vec` of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not made of items with increments",
    label = "expected `(item, 5)`, or an array, slice or `Vec` of such pairs",
    note = "an increment is a `u64`, up to 100000"
)]
pub trait ItemIncrements {
    /// The type of the items.
    type Item: Argument;
    /// Returns the pairs.
    fn pairs(&self) -> &[(Self::Item, u64)];
}

macro_rules! item_increments {
    ($([$($generics:tt)*] $type:ty),*) => {$(
        impl<V: Argument, $($generics)*> ItemIncrements for $type {
            type Item = V;
            fn pairs(&self) -> &[(V, u64)] {
                self
            }
        }
    )*};
}
item_increments!([] [(V, u64)], [const N: usize] [(V, u64); N], [] Vec<(V, u64)>);

impl<V: Argument> ItemIncrements for (V, u64) {
    type Item = V;
    fn pairs(&self) -> &[(V, u64)] {
        std::slice::from_ref(self)
    }
}

impl<T: ItemIncrements + ?Sized> ItemIncrements for &T {
    type Item = T::Item;
    fn pairs(&self) -> &[(T::Item, u64)] {
        (**self).pairs()
    }
}

/// The pairs of TOPK.INCRBY. At an increment that it refuses the module leaves out the replies behind it, which it has announced, so
/// that the replies to later commands would be taken for them: such an increment is never sent.
pub(crate) struct Increments<'a, T: ?Sized>(pub(crate) &'a T);

/// The largest increment that TOPK.INCRBY takes.
const MOST: u64 = 100_000;

impl<T: ItemIncrements + ?Sized> Arguments for Increments<'_, T> {
    type Item = T::Item;
    fn count(&self) -> usize {
        self.0.pairs().len().wrapping_mul(2)
    }
    fn write_all(&self, out: &mut Writer) {
        if self.0.pairs().is_empty() {
            out.reject("no item where the command needs at least one; leave the command out");
        }
        for (item, increment) in self.0.pairs() {
            if !(1..=MOST).contains(increment) {
                out.reject("an increment of TOPK.INCRBY is from 1 to 100000; add a larger one in several commands");
            }
            item.write(out);
            increment.write(out);
        }
    }
}

/// One number or several, for the commands on t-digests: an `f64`, an array, a slice or a `Vec` of them; ranks are `u64`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not one `{T}`, nor several",
    label = "expected a `{T}`, or an array, slice or `Vec` of them"
)]
pub trait Numbers<T> {
    /// Returns the numbers.
    fn numbers(&self) -> &[T];
}

macro_rules! numbers {
    ($($type:ty),*) => {$(
        impl Numbers<$type> for $type {
            fn numbers(&self) -> &[$type] {
                std::slice::from_ref(self)
            }
        }
        impl Numbers<$type> for [$type] {
            fn numbers(&self) -> &[$type] {
                self
            }
        }
        impl<const N: usize> Numbers<$type> for [$type; N] {
            fn numbers(&self) -> &[$type] {
                self
            }
        }
        impl Numbers<$type> for Vec<$type> {
            fn numbers(&self) -> &[$type] {
                self
            }
        }
    )*};
}
numbers! { f64, u64 }

#[diagnostic::do_not_recommend]
impl<T, N: Numbers<T> + ?Sized> Numbers<T> for &N {
    fn numbers(&self) -> &[T] {
        (**self).numbers()
    }
}

/// Numbers with a check of each.
pub(crate) struct CheckedNumbers<'a, T> {
    numbers: &'a [T],
    is_valid: fn(&T) -> bool,
    reason: &'static str,
}

/// Finite samples.
pub(crate) fn samples<N: Numbers<f64> + ?Sized>(numbers: &N) -> CheckedNumbers<'_, f64> {
    let reason = "a sample of a t-digest must be a finite number";
    CheckedNumbers { numbers: numbers.numbers(), is_valid: |value| value.is_finite(), reason }
}

/// Values to be compared with samples, which may be infinite.
pub(crate) fn values<N: Numbers<f64> + ?Sized>(numbers: &N) -> CheckedNumbers<'_, f64> {
    let reason = "NaN compares with no sample of a t-digest";
    CheckedNumbers { numbers: numbers.numbers(), is_valid: |value| !value.is_nan(), reason }
}

/// Parts of all samples.
pub(crate) fn quantiles<N: Numbers<f64> + ?Sized>(numbers: &N) -> CheckedNumbers<'_, f64> {
    let reason = "a quantile must be from 0 to 1";
    CheckedNumbers { numbers: numbers.numbers(), is_valid: |part| (0.0..=1.0).contains(part), reason }
}

/// Positions in the order of samples.
pub(crate) fn ranks<N: Numbers<u64> + ?Sized>(numbers: &N) -> CheckedNumbers<'_, u64> {
    let reason = "a rank must be at most 9223372036854775807";
    CheckedNumbers { numbers: numbers.numbers(), is_valid: |rank| i64::try_from(*rank).is_ok(), reason }
}

impl<T: Argument> Arguments for CheckedNumbers<'_, T> {
    type Item = T;
    fn count(&self) -> usize {
        self.numbers.len()
    }
    fn write_all(&self, out: &mut Writer) {
        if !self.numbers.iter().all(self.is_valid) {
            out.reject(self.reason);
        }
        Items(self.numbers).write_all(out);
    }
}

/// The quantiles between which TDIGEST.TRIMMED_MEAN takes the mean.
pub(crate) struct Cuts(pub(crate) f64, pub(crate) f64);

impl Arguments for Cuts {
    type Item = f64;
    fn count(&self) -> usize {
        2
    }
    fn write_all(&self, out: &mut Writer) {
        let Cuts(low, high) = *self;
        if !(0.0 <= low && low < high && high <= 1.0) {
            out.reject("the quantiles of a trimmed mean must be from 0 to 1, and the lower one below the higher");
        }
        out.double(low);
        out.double(high);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::option::encoded;

    #[test]
    fn options_are_their_words() {
        assert_eq!(encoded(&BloomInsertOptions::new()), "");
        let whole = BloomInsertOptions::new().growth(Growth::Expansion(4)).error(0.01).capacity(100);
        assert_eq!(encoded(&whole), "CAPACITY 100 ERROR 0.01 EXPANSION 4");
        assert_eq!(encoded(&BloomInsertOptions::default().growth(Growth::Nonscaling)), "NONSCALING");
        let cuckoo = CuckooReserveOptions::new().expansion(0).maxiterations(9).bucketsize(4);
        assert_eq!(encoded(&CuckooReserve(100, &cuckoo)), "100 BUCKETSIZE 4 MAXITERATIONS 9 EXPANSION 0");
        assert_eq!(encoded(&MergeOptions::new().overwrite().compression(50)), "COMPRESSION 50 OVERRIDE");
        assert_eq!(encoded(&Weighted(&["a", "b"], &[2, -1])), "2 a b WEIGHTS 2 -1");
    }
}
