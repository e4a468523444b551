//! Ranges of scores and of members, written as Rust's ranges.

use crate::{
    argument::Argument,
    command::option::{OptionField, WordSink, arguments},
};
use std::ops::{Bound, Range, RangeBounds, RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive};

/// A score of a sorted set, as any numeric type. The server stores it as an `f64` and refuses NaN.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a score",
    label = "expected a number",
    note = "in pairs, the score comes before the member: `(1.5, \"member\")`"
)]
pub trait Score: Argument {
    /// Returns the score as an `f64`.
    fn score(&self) -> f64;
}

macro_rules! scores {
    ($($type:ty),*) => {$(
        impl Score for $type {
            fn score(&self) -> f64 {
                *self as f64
            }
        }
    )*};
}

scores! { i8, i16, i32, i64, i128, isize, u16, u32, u64, u128, usize, f32, f64 }

impl<T: Score + ?Sized> Score for &T {
    fn score(&self) -> f64 {
        (**self).score()
    }
}

/// A range of scores, written as a range in Rust: `1.0..=5.0`, `1.0..5.0` (without 5), `1.0..`, `..=5.0`, `..5.0`, `..`
/// for all scores, or a pair of [`Bound`]s, of which the lower one may be excluded too.
///
/// ```
/// use typedis::{Client, prelude::*};
/// # async fn example(client: &Client) -> typedis::Result<()> {
/// client.zadd("ages", [(17, "Ann"), (18, "Ben"), (65, "Cid")]).await?;
/// assert_eq!(client.zcount("ages", 18..).await?, 2);
/// assert_eq!(client.zrangebyscore::<String>("ages", 17.5..65.0).await?, ["Ben"]);
/// # Ok(()) }
/// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a range of scores",
    label = "expected a range of numbers",
    note = "write it as `1.0..=5.0`, `1.0..5.0`, `1.0..`, `..=5.0`, or `..` for all scores"
)]
pub trait ScoreRange {
    /// Returns the lower and the upper bound.
    fn scores(&self) -> (Bound<f64>, Bound<f64>);
}

/// A range of members in the order of their bytes, written as a range in Rust: `"a"..="c"`, `"a".."c"` (without `c`),
/// `"a"..`, `..="c"`, `.."c"`, `..` for all members, or a pair of [`Bound`]s, of which the lower one may be excluded
/// too.
///
/// The ends are text or bytes, and need not be members. Such ranges are meant for sorted sets whose members all have
/// the same score; for others the result is unspecified.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a range of members",
    label = "expected a range of text or bytes",
    note = "write it as `\"a\"..=\"c\"`, `\"a\"..\"c\"`, `\"a\"..`, `..=\"c\"`, or `..` for all members"
)]
pub trait LexRange {
    /// Returns the lower and the upper bound.
    fn members(&self) -> (Bound<&[u8]>, Bound<&[u8]>);
}

macro_rules! ranges {
    ($($type:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<B: Score> ScoreRange for $type {
            fn scores(&self) -> (Bound<f64>, Bound<f64>) {
                (self.start_bound().map(B::score), self.end_bound().map(B::score))
            }
        }

        #[diagnostic::do_not_recommend]
        impl<B: AsRef<[u8]>> LexRange for $type {
            fn members(&self) -> (Bound<&[u8]>, Bound<&[u8]>) {
                (self.start_bound().map(B::as_ref), self.end_bound().map(B::as_ref))
            }
        }
    )*};
}

ranges! { Range<B>, RangeInclusive<B>, RangeFrom<B>, RangeTo<B>, RangeToInclusive<B>, (Bound<B>, Bound<B>) }

impl ScoreRange for RangeFull {
    fn scores(&self) -> (Bound<f64>, Bound<f64>) {
        (Bound::Unbounded, Bound::Unbounded)
    }
}

impl LexRange for RangeFull {
    fn members(&self) -> (Bound<&[u8]>, Bound<&[u8]>) {
        (Bound::Unbounded, Bound::Unbounded)
    }
}

impl<R: ScoreRange + ?Sized> ScoreRange for &R {
    fn scores(&self) -> (Bound<f64>, Bound<f64>) {
        (**self).scores()
    }
}

impl<R: LexRange + ?Sized> LexRange for &R {
    fn members(&self) -> (Bound<&[u8]>, Bound<&[u8]>) {
        (**self).members()
    }
}

/// The ends of a range in Redis's syntax: `(1.5`, `+inf`, `[a`, `-`.
#[derive(Clone, Debug)]
pub(crate) struct Ends {
    first: Vec<u8>,
    last: Vec<u8>,
}

impl Ends {
    pub(crate) fn of_scores(range: &impl ScoreRange) -> Self {
        let (min, max) = range.scores();
        Ends { first: score_end(min, "-inf"), last: score_end(max, "+inf") }
    }

    pub(crate) fn of_members(range: &impl LexRange) -> Self {
        let (min, max) = range.members();
        Ends { first: lex_end(min, b"-"), last: lex_end(max, b"+") }
    }

    pub(crate) fn of_ranks(start: i64, stop: i64) -> Self {
        Ends { first: start.to_string().into(), last: stop.to_string().into() }
    }

    /// Puts the upper end first, for commands that return members in descending order.
    pub(crate) fn reversed(self) -> Self {
        Ends { first: self.last, last: self.first }
    }
}

fn score_end(end: Bound<f64>, unbounded: &str) -> Vec<u8> {
    match end {
        Bound::Included(score) => score.to_string().into(),
        Bound::Excluded(score) => format!("({score}").into(),
        Bound::Unbounded => unbounded.into(),
    }
}

fn lex_end(end: Bound<&[u8]>, unbounded: &[u8]) -> Vec<u8> {
    match end {
        Bound::Included(member) => [b"[", member].concat(),
        Bound::Excluded(member) => [b"(", member].concat(),
        Bound::Unbounded => unbounded.into(),
    }
}

impl OptionField for Ends {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        out.word(word);
        out.argument(self.first.as_slice());
        out.argument(self.last.as_slice());
    }
}
arguments!([] Ends);
