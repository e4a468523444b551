//! Options of the commands on arrays: indexes, ranges, and the predicates of ARGREP.

use crate::{
    argument::{Argument, Arguments, Entries},
    command::option::{Checked, OptionField, Unset, Word, WordSink, arguments, options},
    reply::{Array, Bulk, FromReply, Integer, Pairs},
    resp::Writer,
};
use std::{
    marker::PhantomData,
    ops::{Bound, RangeBounds},
};

/// An index on the wire. The greatest `u64` is none.
pub(super) struct Index(pub(super) u64);

/// The greatest index of an array.
const GREATEST: u64 = u64::MAX - 1;
/// The one number that is no index, as it is written.
const NO_INDEX: &[u8] = b"18446744073709551615";
const BEYOND: &str = "the greatest index of an array is 2^64 - 2";

impl OptionField for Index {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        let reason = if self.0 > GREATEST { Some(BEYOND) } else { None };
        Checked(self.0, reason).send(word, out);
    }
}
arguments!([] Index);

/// Pairs with indexes on the wire. Every `STRIDE`th of their values is an index: 2 for the first of each pair, 1 for both.
pub(super) struct IndexPairs<'a, T: ?Sized, const STRIDE: usize>(pub(super) &'a T);

impl<T: Entries + ?Sized, const STRIDE: usize> Arguments for IndexPairs<'_, T, STRIDE> {
    type Item = T::Second;
    fn count(&self) -> usize {
        self.0.count().wrapping_mul(2)
    }
    fn write_all(&self, out: &mut Writer) {
        let from = out.position();
        self.0.write_all(out);
        if out.written(from).step_by(STRIDE.max(1)).any(|index| index == NO_INDEX) {
            out.reject(BEYOND);
        }
    }
}

/// Several indexes on the wire.
pub(super) struct Indexes<'a>(pub(super) &'a [u64]);

impl Arguments for Indexes<'_> {
    type Item = u64;
    fn count(&self) -> usize {
        self.0.len()
    }
    fn write_all(&self, out: &mut Writer) {
        if self.0.is_empty() {
            out.reject("an empty collection where the command needs at least one index; leave the command out");
        }
        self.0.iter().for_each(|index| Index(*index).send(None, out));
    }
}

/// The ends of a range on the wire, both included, as ARGREP has them.
pub(super) struct Span {
    start: Bound<u64>,
    end: Bound<u64>,
}

impl Span {
    pub(super) fn of(range: &impl RangeBounds<u64>) -> Self {
        Span { start: range.start_bound().cloned(), end: range.end_bound().cloned() }
    }
}

impl OptionField for Span {
    fn send(&self, _: Option<&'static str>, out: &mut impl WordSink) {
        if let (Bound::Unbounded, Bound::Unbounded) = (self.start, self.end) {
            out.argument("-");
            return out.argument("+");
        }
        let start = match self.start {
            Bound::Included(start) => Some(start),
            Bound::Excluded(start) => start.checked_add(1),
            Bound::Unbounded => Some(0),
        };
        let end = match self.end {
            Bound::Included(end) => Some(end),
            Bound::Excluded(end) => end.checked_sub(1),
            // The word for the last index stands for the last element, which may be before the start.
            Bound::Unbounded => Some(GREATEST),
        };
        // From a start behind its end the server would walk backwards.
        let reason = match (start, end) {
            (Some(start), Some(end)) if start <= end => None,
            _ => Some("an empty range of indexes"),
        };
        Checked(start.unwrap_or_default(), reason).send(None, out);
        Index(end.unwrap_or_default()).send(None, out);
    }
}
arguments!([] Span);

/// What ARGREP looks for in an element.
#[derive(Clone, Debug)]
pub struct Predicate {
    word: &'static str,
    pattern: Word,
}

impl Predicate {
    /// The element is `value` (EXACT).
    pub fn exact(value: impl Argument) -> Self {
        Predicate { word: "EXACT", pattern: Word::of(&value) }
    }

    /// The element has `part` in it (MATCH).
    pub fn matching(part: impl Argument) -> Self {
        Predicate { word: "MATCH", pattern: Word::of(&part) }
    }

    /// The element matches the glob-style `pattern`, such as `user:*` (GLOB).
    pub fn glob(pattern: impl Argument) -> Self {
        Predicate { word: "GLOB", pattern: Word::of(&pattern) }
    }

    /// The element matches a regular expression (RE).
    pub fn re(expression: impl Argument) -> Self {
        Predicate { word: "RE", pattern: Word::of(&expression) }
    }
}

impl OptionField for Predicate {
    fn send(&self, _: Option<&'static str>, out: &mut impl WordSink) {
        self.pattern.send(Some(self.word), out);
    }
}
arguments!([] Predicate);

options! {
    /// The predicates of ARGREP with its options, for [`argrep_with`](crate::commands::ArrayCommands::argrep_with).
    ///
    /// ```
    /// use typedis::commands::array::{ArgrepOptions, Predicate};
    ///
    /// let errors = ArgrepOptions::all([Predicate::glob("2026-*"), Predicate::matching("error")]).nocase().limit(100);
    /// # let _ = errors;
    /// ```
    #[derive(Clone, Debug)]
    pub struct ArgrepOptions<W = Unset> {
        predicates: Predicates,
        combination: &'static str,
        limit: Option<u64> = "LIMIT",
        withvalues: bool = "WITHVALUES",
        nocase: bool = "NOCASE",
    }
}

impl ArgrepOptions {
    /// Finds the elements for which all predicates are true (AND). None of them is an
    /// [`Error::Argument`](crate::Error::Argument).
    pub fn all(predicates: impl IntoIterator<Item = Predicate>) -> Self {
        Self::of(predicates.into_iter().collect(), "AND")
    }

    /// Finds the elements for which any predicate is true (OR). None of them is an
    /// [`Error::Argument`](crate::Error::Argument).
    pub fn any(predicates: impl IntoIterator<Item = Predicate>) -> Self {
        Self::of(predicates.into_iter().collect(), "OR")
    }

    fn of(predicates: Vec<Predicate>, combination: &'static str) -> Self {
        let predicates = Predicates(predicates);
        ArgrepOptions { predicates, combination, limit: None, withvalues: false, nocase: false, given: PhantomData }
    }
}

impl<W> ArgrepOptions<W> {
    /// Returns at most `elements` elements (LIMIT).
    pub fn limit(self, elements: u64) -> Self {
        ArgrepOptions { limit: Some(elements), ..self }
    }

    /// Takes upper and lower case for the same (NOCASE).
    pub fn nocase(self) -> Self {
        ArgrepOptions { nocase: true, ..self }
    }

    /// Returns the index of each element with the element as a `T` (WITHVALUES). The reply becomes a `Vec<(u64, T)>`.
    pub fn withvalues<T: FromReply<Bulk>>(self) -> ArgrepOptions<Elements<T>> {
        ArgrepOptions { withvalues: true, ..ArgrepOptions::retyped(self) }
    }
}

/// The state of [`ArgrepOptions::withvalues`]: elements that are read as a `T`.
#[derive(Clone, Copy, Debug)]
pub struct Elements<T>(PhantomData<fn() -> T>);

/// The reply of ARGREP, by its options.
pub trait ArgrepReply {
    /// The reply's shape.
    type Shape;
    /// The reply's type.
    type Reply: FromReply<Self::Shape>;
}

impl ArgrepReply for Unset {
    type Shape = Array<Integer>;
    type Reply = Vec<u64>;
}
impl<T: FromReply<Bulk>> ArgrepReply for Elements<T> {
    type Shape = Pairs<Integer, Bulk>;
    type Reply = Vec<(u64, T)>;
}

#[derive(Clone, Debug)]
struct Predicates(Vec<Predicate>);

impl OptionField for Predicates {
    fn send(&self, _: Option<&'static str>, out: &mut impl WordSink) {
        if self.0.is_empty() {
            out.argument(&Checked("", Some("ARGREP without a predicate; give it one or more")));
        }
        self.0.iter().for_each(|predicate| predicate.send(None, out));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::option::encoded;

    #[test]
    fn a_range_of_indexes_has_its_ends_in_it() {
        assert_eq!(encoded(&Span::of(&..)), "- +");
        assert_eq!(encoded(&Span::of(&(3..9))), "3 8");
        assert_eq!(encoded(&Span::of(&(3..=9))), "3 9");
        assert_eq!(encoded(&Span::of(&..=9)), "0 9");
        assert_eq!(encoded(&Span::of(&(Bound::Excluded(3), Bound::Unbounded))), "4 18446744073709551614");
        assert_eq!(encoded(&Indexes(&[0, u64::MAX - 1])), "0 18446744073709551614");
    }

    #[test]
    fn options_of_argrep_are_its_words() {
        assert_eq!(encoded(&Predicate::matching("a")), "MATCH a");
        assert_eq!(encoded(&ArgrepOptions::any([Predicate::exact(5)])), "EXACT 5 OR");
        let all = ArgrepOptions::all([Predicate::glob("a*"), Predicate::re("b$")]).nocase().withvalues::<String>();
        assert_eq!(encoded(&all.limit(3)), "GLOB a* RE b$ AND LIMIT 3 WITHVALUES NOCASE");
    }
}
