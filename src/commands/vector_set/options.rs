//! Options of the commands on vector sets, and the types of the replies that depend on them.

use crate::{
    argument::{Argument, Arguments},
    command::{
        flag::WithAttribs,
        option::{Checked, IsSet, IsUnset, OptionField, Unset, Word, WordSink, options},
    },
    reply::{Array, Bulk, Double, FromReply, Map, Nullable, Triples},
    resp::Writer,
};
use std::{marker::PhantomData, ops::RangeInclusive};

options! {
    /// Options of VADD, for [`vadd_with`](crate::commands::VectorSetCommands::vadd_with).
    ///
    /// The first VADD of a key decides its quantization, its number of links and its reduction; later ones must say the
    /// same or nothing. A number out of the range of an option is an [`Error::Argument`](crate::Error::Argument).
    #[derive(Clone, Debug)]
    pub struct VaddOptions<Q = Unset> with new {
        reduce: Option<BeforeVector>,
        cas: bool = "CAS",
        quantization: Option<&'static str>,
        ef: Option<Checked<u64>> = "EF",
        attributes: Option<Word> = "SETATTR",
        links: Option<Checked<u64>> = "M",
    }
}

/// The state of [`VaddOptions::noquant`].
#[derive(Clone, Copy, Debug)]
pub struct Noquant;

/// The state of [`VaddOptions::q8`].
#[derive(Clone, Copy, Debug)]
pub struct Q8;

/// The state of [`VaddOptions::bin`].
#[derive(Clone, Copy, Debug)]
pub struct Bin;

/// A number of dimensions, which the vector follows: no part of the words behind the element.
#[derive(Clone, Copy, Debug)]
struct BeforeVector(u64);

impl OptionField for BeforeVector {
    fn send(&self, _: Option<&'static str>, _: &mut impl WordSink) {}
}

impl<Q> VaddOptions<Q> {
    /// Projects the vector at random to so many dimensions, one or more (REDUCE).
    pub fn reduce(self, dimensions: u64) -> Self {
        VaddOptions { reduce: Some(BeforeVector(dimensions)), ..self }
    }

    /// Searches the neighbours in a thread of the server, so that it serves others meanwhile (CAS).
    pub fn cas(self) -> Self {
        VaddOptions { cas: true, ..self }
    }

    /// Keeps each number as an `f32` (NOQUANT).
    pub fn noquant(self) -> VaddOptions<Noquant>
    where
        Q: IsUnset,
    {
        self.quantized("NOQUANT")
    }

    /// Keeps each number in 8 bits; this is the server's default (Q8).
    pub fn q8(self) -> VaddOptions<Q8>
    where
        Q: IsUnset,
    {
        self.quantized("Q8")
    }

    /// Keeps the sign of each number alone (BIN).
    pub fn bin(self) -> VaddOptions<Bin>
    where
        Q: IsUnset,
    {
        self.quantized("BIN")
    }

    fn quantized<N>(self, word: &'static str) -> VaddOptions<N> {
        VaddOptions { quantization: Some(word), ..VaddOptions::retyped(self) }
    }

    /// Compares so many candidates for neighbours, 1 to 1,000,000; the server's default is 200 (EF).
    pub fn ef(self, candidates: u64) -> Self {
        VaddOptions { ef: Some(within(candidates, 1..=1_000_000, "EF is 1 to 1000000")), ..self }
    }

    /// Sets the element's attributes: JSON, which searches filter by (SETATTR).
    pub fn setattr(self, attributes: impl Argument) -> Self {
        VaddOptions { attributes: Some(Word::of(&attributes)), ..self }
    }

    /// Links each element with so many neighbours, 4 to 4096; the server's default is 16 (M).
    pub fn m(self, links: u64) -> Self {
        VaddOptions { links: Some(within(links, 4..=4096, "M is 4 to 4096")), ..self }
    }
}

fn within(value: u64, range: RangeInclusive<u64>, reason: &'static str) -> Checked<u64> {
    Checked(value, if range.contains(&value) { None } else { Some(reason) })
}

/// The reduction of VADD, before the vector.
pub(super) struct Reduction<'a, Q>(pub(super) &'a VaddOptions<Q>);

impl<Q> Arguments for Reduction<'_, Q> {
    type Item = u64;
    fn count(&self) -> usize {
        if self.0.reduce.is_some() { 2 } else { 0 }
    }
    fn write_all(&self, out: &mut Writer) {
        if let Some(BeforeVector(dimensions)) = self.0.reduce {
            within(dimensions, 1..=u64::MAX, "REDUCE is to one dimension or more").send(Some("REDUCE"), out);
        }
    }
}

options! {
    /// Options of VSIM, for [`vsim_with`](crate::commands::VectorSetCommands::vsim_with).
    ///
    /// A number out of the range of an option is an [`Error::Argument`](crate::Error::Argument).
    ///
    /// ```
    /// use typedis::commands::vector_set::VsimOptions;
    ///
    /// let recent = VsimOptions::new().filter(".year > 1980").count(3).withscores(); // Vec<(T, f64)>
    /// # let _ = recent;
    /// ```
    #[derive(Clone, Debug)]
    pub struct VsimOptions<W = Beside> with new {
        withscores: bool = "WITHSCORES",
        withattribs: bool = WithAttribs::WORD,
        count: Option<Checked<u64>> = "COUNT",
        epsilon: Option<Checked<f64>> = "EPSILON",
        ef: Option<Checked<u64>> = "EF",
        filter: Option<Word> = "FILTER",
        filter_ef: Option<Checked<u64>> = "FILTER-EF",
        truth: bool = "TRUTH",
        nothread: bool = "NOTHREAD",
    }
}

impl<W> VsimOptions<W> {
    /// Returns at most `elements` elements, one or more; the server's default is 10 (COUNT).
    pub fn count(self, elements: u64) -> Self {
        VsimOptions { count: Some(within(elements, 1..=u64::MAX, "COUNT is 1 or more")), ..self }
    }

    /// Leaves out elements whose distance is greater than `distance`, which is more than 0: those with a score below one
    /// minus it (EPSILON).
    pub fn epsilon(self, distance: f64) -> Self {
        // The comparison is false for NaN.
        let reason = if distance > 0.0 { None } else { Some("EPSILON is a number greater than 0") };
        VsimOptions { epsilon: Some(Checked(distance, reason)), ..self }
    }

    /// Compares so many candidates, one or more: with more of them the result is better and comes later (EF).
    pub fn ef(self, candidates: u64) -> Self {
        VsimOptions { ef: Some(within(candidates, 1..=u64::MAX, "EF is 1 or more")), ..self }
    }

    /// Leaves out elements whose attributes do not make `expression` true, such as `.year > 1980 and .genre == "action"`
    /// (FILTER).
    pub fn filter(self, expression: impl Argument) -> Self {
        VsimOptions { filter: Some(Word::of(&expression)), ..self }
    }

    /// Filters so many candidates, one or more, before it gives up (FILTER-EF).
    pub fn filter_ef(self, candidates: u64) -> Self {
        VsimOptions { filter_ef: Some(within(candidates, 1..=u64::MAX, "FILTER-EF is 1 or more")), ..self }
    }

    /// Compares every element, which is exact and slow (TRUTH).
    pub fn truth(self) -> Self {
        VsimOptions { truth: true, ..self }
    }

    /// Searches in the main thread of the server (NOTHREAD).
    pub fn nothread(self) -> Self {
        VsimOptions { nothread: true, ..self }
    }
}

impl<A> VsimOptions<Beside<Unset, A>> {
    /// Returns each element with its score, from 0 for the opposite vector to 1 for the same one (WITHSCORES).
    pub fn withscores(self) -> VsimOptions<Beside<IsSet, A>> {
        VsimOptions { withscores: true, ..VsimOptions::retyped(self) }
    }
}

impl<S> VsimOptions<Beside<S, Unset>> {
    /// Returns each element with its attributes as a `T`, or `None` where it has none (WITHATTRIBS, Redis 8.2).
    pub fn withattribs<T: FromReply<Bulk>>(self) -> VsimOptions<Beside<S, Attributes<T>>> {
        VsimOptions { withattribs: true, ..VsimOptions::retyped(self) }
    }
}

/// The state of what VSIM returns beside each element: scores `S` and attributes `A`.
#[derive(Clone, Copy, Debug)]
pub struct Beside<S = Unset, A = Unset>(PhantomData<fn() -> (S, A)>);

/// The state of [`VsimOptions::withattribs`]: attributes that are read as a `T`.
#[derive(Clone, Copy, Debug)]
pub struct Attributes<T>(PhantomData<fn() -> T>);

/// The reply of VSIM with elements of type `T`: a `Vec<T>`, or a `Vec` of tuples of the element, its score and its
/// attributes, in this order, as far as the options ask for them.
pub trait VsimReply<T> {
    /// The reply's shape.
    type Shape;
    /// The reply's type.
    type Reply: FromReply<Self::Shape>;
    /// The option with the latest version, which the server must have.
    type Newest;
}

impl<T: FromReply<Bulk>> VsimReply<T> for Beside {
    type Shape = Array<Bulk>;
    type Reply = Vec<T>;
    type Newest = Unset;
}
impl<T: FromReply<Bulk>> VsimReply<T> for Beside<IsSet> {
    type Shape = Map<Bulk, Double>;
    type Reply = Vec<(T, f64)>;
    type Newest = Unset;
}
impl<T: FromReply<Bulk>, A: FromReply<Bulk>> VsimReply<T> for Beside<Unset, Attributes<A>> {
    type Shape = Map<Bulk, Nullable<Bulk>>;
    type Reply = Vec<(T, Option<A>)>;
    type Newest = WithAttribs;
}
impl<T: FromReply<Bulk>, A: FromReply<Bulk>> VsimReply<T> for Beside<IsSet, Attributes<A>> {
    type Shape = Triples<Bulk, Double, Nullable<Bulk>>;
    type Reply = Vec<(T, f64, Option<A>)>;
    type Newest = WithAttribs;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::option::encoded;

    #[test]
    fn options_of_vadd_are_its_words() {
        assert_eq!(encoded(&VaddOptions::new()), "");
        let all = VaddOptions::default().m(8).setattr("{}").ef(100).noquant().cas().reduce(3);
        assert_eq!(encoded(&all), "CAS NOQUANT EF 100 SETATTR {} M 8");
        assert_eq!(encoded(&Reduction(&all)), "REDUCE 3");
        assert_eq!(encoded(&Reduction(&VaddOptions::new().bin())), "");
        assert_eq!([encoded(&VaddOptions::new().q8()), encoded(&VaddOptions::new().bin())], ["Q8", "BIN"]);
    }

    #[test]
    fn options_of_vsim_are_its_words() {
        assert_eq!(encoded(&VsimOptions::new()), "");
        let all = VsimOptions::default().nothread().truth().filter_ef(9).filter(".a").ef(7).epsilon(0.5).count(1);
        assert_eq!(encoded(&all), "COUNT 1 EPSILON 0.5 EF 7 FILTER .a FILTER-EF 9 TRUTH NOTHREAD");
        assert_eq!(encoded(&VsimOptions::new().withattribs::<String>().withscores()), "WITHSCORES WITHATTRIBS");
    }
}
