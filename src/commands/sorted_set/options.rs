//! Options of the commands on sorted sets.

use super::range::{Ends, LexRange, Score, ScoreRange};
use crate::{
    argument::{Argument, Arguments, Entries},
    command::{
        flag::{ByLex, ByScore, Gt, Introduced, Lt, Nx, Rev, Xx},
        option::{IsSet, IsUnset, Unset},
    },
    reply::{Array, Bulk, Double, FromReply, Integer, Nullable, Pairs},
    resp::Writer,
};
use std::marker::PhantomData;

/// Options of ZADD, for [`zadd_with`](crate::SortedSetCommands::zadd_with): which members may change, and what is counted.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct ZaddOptions<C = Unset, G = Unset, I = Unset> {
    condition: Option<&'static str>,
    comparison: Option<&'static str>,
    ch: bool,
    incr: bool,
    given: PhantomData<fn() -> (C, G, I)>,
}

impl ZaddOptions {
    /// Makes options of which none is given.
    pub const fn new() -> Self {
        ZaddOptions { condition: None, comparison: None, ch: false, incr: false, given: PhantomData }
    }
}

impl Default for ZaddOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl<C, G, I> ZaddOptions<C, G, I> {
    /// Adds new members only, and leaves those that are there alone (NX, since 3.0.2). Excludes XX, GT and LT.
    pub fn nx(self) -> ZaddOptions<Nx, Nx, I>
    where
        C: IsUnset,
        G: IsUnset,
    {
        ZaddOptions { condition: Some("NX"), ..self.retyped() }
    }

    /// Changes members that are there only, and adds none (XX, since 3.0.2).
    pub fn xx(self) -> ZaddOptions<Xx, G, I>
    where
        C: IsUnset,
    {
        ZaddOptions { condition: Some("XX"), ..self.retyped() }
    }

    /// Changes the score of a member that is there only if the new one is greater (GT, since 6.2).
    pub fn gt(self) -> ZaddOptions<C, Gt, I>
    where
        G: IsUnset,
    {
        ZaddOptions { comparison: Some("GT"), ..self.retyped() }
    }

    /// Changes the score of a member that is there only if the new one is less (LT, since 6.2).
    pub fn lt(self) -> ZaddOptions<C, Lt, I>
    where
        G: IsUnset,
    {
        ZaddOptions { comparison: Some("LT"), ..self.retyped() }
    }

    /// Counts members whose score changed together with the new ones (CH, since 3.0.2).
    pub fn ch(self) -> Self {
        ZaddOptions { ch: true, ..self }
    }

    /// Adds to the score of the one member given instead of setting it (INCR, since 3.0.2). The reply becomes an
    /// `Option<f64>`: the new score, or `None` when another option kept it from changing.
    pub fn incr(self) -> ZaddOptions<C, G, IsSet> {
        ZaddOptions { incr: true, ..self.retyped() }
    }

    fn retyped<C2, G2, I2>(self) -> ZaddOptions<C2, G2, I2> {
        let ZaddOptions { condition, comparison, ch, incr, .. } = self;
        ZaddOptions { condition, comparison, ch, incr, given: PhantomData }
    }
}

impl<C, G, I> Arguments for ZaddOptions<C, G, I> {
    type Item = Self;
    fn count(&self) -> usize {
        let given = [self.condition.is_some(), self.comparison.is_some(), self.ch, self.incr];
        given.into_iter().filter(|given| *given).count()
    }
    fn write_all(&self, out: &mut Writer) {
        if let Some(condition) = self.condition {
            condition.write(out);
        }
        if let Some(comparison) = self.comparison {
            comparison.write(out);
        }
        if self.ch {
            "CH".write(out);
        }
        if self.incr {
            "INCR".write(out);
        }
    }
}

/// What ZADD answers, by its options.
pub trait ZaddReply {
    /// The reply's shape.
    type Shape;
    /// The reply's type.
    type Reply: FromReply<Self::Shape>;
}

impl ZaddReply for Unset {
    type Shape = Integer;
    type Reply = u64;
}
impl ZaddReply for IsSet {
    type Shape = Nullable<Double>;
    type Reply = Option<f64>;
}

/// Options of ZADD that go with the pairs `P`: INCR (`I`) takes one pair only.
#[diagnostic::on_unimplemented(
    message = "ZADD with INCR takes one pair of score and member, and this is `{P}`",
    label = "not with several pairs",
    note = "write the pair as `(1.5, \"member\")`, or leave out `.incr()`"
)]
pub trait ZaddOptionsFor<P, I>: Arguments {
    /// The newest of the options.
    type Newest: Introduced;
}

#[diagnostic::do_not_recommend]
impl<P: Entries, C, G: Introduced> ZaddOptionsFor<P, Unset> for ZaddOptions<C, G, Unset> {
    type Newest = G;
}
#[diagnostic::do_not_recommend]
impl<S: Score, M: Argument, C, G: Introduced> ZaddOptionsFor<(S, M), IsSet> for ZaddOptions<C, G, IsSet> {
    type Newest = G;
}
#[diagnostic::do_not_recommend]
impl<S: Score, M: Argument, C, G: Introduced> ZaddOptionsFor<&(S, M), IsSet> for ZaddOptions<C, G, IsSet> {
    type Newest = G;
}

/// The range of ZRANGE and ZRANGESTORE with its options, for [`zrange_with`](crate::SortedSetCommands::zrange_with) and
/// [`zrangestore_with`](crate::SortedSetCommands::zrangestore_with).
///
/// It begins with what the range is of: `ZrangeOptions::index(0, -1)`, `ZrangeOptions::byscore(1.0..=5.0)` or
/// `ZrangeOptions::bylex("a".."c")`.
#[derive(Clone, Debug)]
#[must_use]
pub struct ZrangeOptions<B = ByIndex, S = Unset, R = Unset> {
    ends: Ends,
    by: Option<&'static str>,
    rev: bool,
    limit: Limit,
    given: PhantomData<fn() -> (B, S, R)>,
}

/// A range of positions.
#[derive(Clone, Copy, Debug)]
pub struct ByIndex;

impl Introduced for ByIndex {
    type Since = <Unset as Introduced>::Since;
}

impl ZrangeOptions<ByIndex> {
    /// The positions `start` to `stop`, both included, from 0 on. Negative ones count from the end.
    pub fn index(start: i64, stop: i64) -> Self {
        Self::of(Ends::of_ranks(start, stop), None)
    }
}

impl ZrangeOptions<ByScore> {
    /// The members with a score in `range` (BYSCORE, since 6.2), such as `1.0..=5.0`.
    pub fn byscore(range: impl ScoreRange) -> Self {
        Self::of(Ends::of_scores(&range), Some("BYSCORE"))
    }
}

impl ZrangeOptions<ByLex> {
    /// The members in `range` in the order of their bytes (BYLEX, since 6.2), such as `"a".."c"`.
    pub fn bylex(range: impl LexRange) -> Self {
        Self::of(Ends::of_members(&range), Some("BYLEX"))
    }
}

impl<B> ZrangeOptions<B> {
    fn of(ends: Ends, by: Option<&'static str>) -> Self {
        ZrangeOptions { ends, by, rev: false, limit: Limit(None), given: PhantomData }
    }
}

impl<B, S, R> ZrangeOptions<B, S, R> {
    /// Goes from the greatest score to the least (REV, since 6.2); positions count from the greatest then. The range of
    /// scores or members stays as it is written, the lower end first.
    pub fn rev(self) -> ZrangeOptions<B, S, Rev> {
        ZrangeOptions { rev: true, ..self.retyped() }
    }

    /// Leaves out the first `offset` of the members in the range, and all after the next `count`; a negative `count` is
    /// no limit (LIMIT, since 6.2). Needs a range of scores or members.
    pub fn limit(self, offset: u64, count: i64) -> Self
    where
        B: TakesLimit,
    {
        ZrangeOptions { limit: Limit(Some((offset, count))), ..self }
    }

    /// Returns each member with its score (WITHSCORES). The reply becomes a `Vec<(T, f64)>`. Needs a range of positions or
    /// scores.
    pub fn withscores(self) -> ZrangeOptions<B, IsSet, R>
    where
        B: TakesScores,
    {
        self.retyped()
    }

    fn retyped<S2, R2>(self) -> ZrangeOptions<B, S2, R2> {
        let ZrangeOptions { ends, by, rev, limit, .. } = self;
        ZrangeOptions { ends, by, rev, limit, given: PhantomData }
    }
}

impl<B, S: Scores, R> Arguments for ZrangeOptions<B, S, R> {
    type Item = Self;
    fn count(&self) -> usize {
        2 + usize::from(self.by.is_some()) + usize::from(self.rev) + self.limit.count() + S::WORDS.len()
    }
    fn write_all(&self, out: &mut Writer) {
        if self.rev && self.by.is_some() {
            self.ends.clone().reversed().write_all(out);
        } else {
            self.ends.write_all(out);
        }
        if let Some(by) = self.by {
            by.write(out);
        }
        if self.rev {
            "REV".write(out);
        }
        self.limit.write_all(out);
        S::WORDS.iter().for_each(|word| word.write(out));
    }
}

/// A range of which LIMIT can take a part.
#[diagnostic::on_unimplemented(
    message = "LIMIT needs a range of scores or members, and this one is `{Self}`",
    label = "not with this range",
    note = "begin with `ZrangeOptions::byscore(..)` or `ZrangeOptions::bylex(..)`; positions need no LIMIT: `ZrangeOptions::index(10, 19)`"
)]
pub trait TakesLimit {}
impl TakesLimit for ByScore {}
impl TakesLimit for ByLex {}

/// A range whose members can come with their scores.
#[diagnostic::on_unimplemented(
    message = "WITHSCORES needs a range of positions or scores, and this one is `{Self}`",
    label = "not with this range",
    note = "members in the order of their bytes all have the same score; begin with `ZrangeOptions::index(..)` or `ZrangeOptions::byscore(..)`"
)]
pub trait TakesScores {}
impl TakesScores for ByIndex {}
impl TakesScores for ByScore {}

/// Options of ZRANGEBYSCORE and ZREVRANGEBYSCORE, for
/// [`zrangebyscore_with`](crate::SortedSetCommands::zrangebyscore_with) and
/// [`zrevrangebyscore_with`](crate::SortedSetCommands::zrevrangebyscore_with).
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct ZrangebyscoreOptions<S = Unset> {
    limit: Limit,
    given: PhantomData<fn() -> S>,
}

impl ZrangebyscoreOptions {
    /// Makes options of which none is given.
    pub const fn new() -> Self {
        ZrangebyscoreOptions { limit: Limit(None), given: PhantomData }
    }
}

impl Default for ZrangebyscoreOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> ZrangebyscoreOptions<S> {
    /// Leaves out the first `offset` of the members in the range, and all after the next `count`; a negative `count` is no
    /// limit (LIMIT).
    pub fn limit(self, offset: u64, count: i64) -> Self {
        ZrangebyscoreOptions { limit: Limit(Some((offset, count))), ..self }
    }

    /// Returns each member with its score (WITHSCORES, since 2.0). The reply becomes a `Vec<(T, f64)>`.
    pub fn withscores(self) -> ZrangebyscoreOptions<IsSet> {
        ZrangebyscoreOptions { limit: self.limit, given: PhantomData }
    }
}

impl<S: Scores> Arguments for ZrangebyscoreOptions<S> {
    type Item = Self;
    fn count(&self) -> usize {
        S::WORDS.len() + self.limit.count()
    }
    fn write_all(&self, out: &mut Writer) {
        S::WORDS.iter().for_each(|word| word.write(out));
        self.limit.write_all(out);
    }
}

/// Whether WITHSCORES was given.
pub trait Scores {
    /// What asks for it.
    const WORDS: &'static [&'static str];
}
impl Scores for Unset {
    const WORDS: &'static [&'static str] = &[];
}
impl Scores for IsSet {
    const WORDS: &'static [&'static str] = &["WITHSCORES"];
}

/// Options of a command that stores its result, which has no use for WITHSCORES.
#[diagnostic::on_unimplemented(
    message = "WITHSCORES does not go with a command that stores its result",
    label = "given WITHSCORES",
    note = "leave out `.withscores()`: the scores are stored in any case"
)]
pub trait Storable: Scores {}
impl Storable for Unset {}

/// What is answered of members that are read as `T`: with WITHSCORES pairs of member and score.
pub trait MembersReply<T>: Scores {
    /// The reply's shape.
    type Shape;
    /// The reply's type.
    type Reply: FromReply<Self::Shape>;
}

impl<T: FromReply<Bulk>> MembersReply<T> for Unset {
    type Shape = Array<Bulk>;
    type Reply = Vec<T>;
}
impl<T: FromReply<Bulk>> MembersReply<T> for IsSet {
    type Shape = Pairs<Bulk, Double>;
    type Reply = Vec<(T, f64)>;
}

/// `LIMIT offset count`, or nothing.
#[derive(Clone, Copy, Debug)]
struct Limit(Option<(u64, i64)>);

impl Arguments for Limit {
    type Item = Self;
    fn count(&self) -> usize {
        self.0.map_or(0, |_| 3)
    }
    fn write_all(&self, out: &mut Writer) {
        if let Some((offset, count)) = self.0 {
            "LIMIT".write(out);
            offset.write(out);
            count.write(out);
        }
    }
}

/// Options of ZUNION, ZINTER, ZUNIONSTORE and ZINTERSTORE, for [`zunion_with`](crate::SortedSetCommands::zunion_with) and
/// the others: how the scores of a member are made one.
#[derive(Clone, Debug)]
#[must_use]
pub struct CombineOptions<S = Unset> {
    weights: Option<Vec<f64>>,
    aggregate: Option<Aggregate>,
    given: PhantomData<fn() -> S>,
}

impl CombineOptions {
    /// Makes options of which none is given: scores are added up.
    pub const fn new() -> Self {
        CombineOptions { weights: None, aggregate: None, given: PhantomData }
    }
}

impl Default for CombineOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> CombineOptions<S> {
    /// Multiplies the scores of each key by a weight of its own, in the order of the keys (WEIGHTS). There must be as many
    /// weights as keys; executing fails before anything is sent where there are not.
    pub fn weights(self, weights: impl IntoIterator<Item: Score>) -> Self {
        CombineOptions { weights: Some(weights.into_iter().map(|weight| weight.score()).collect()), ..self }
    }

    /// Makes one score of those that a member has in several keys as `aggregate` says (AGGREGATE).
    pub fn aggregate(self, aggregate: Aggregate) -> Self {
        CombineOptions { aggregate: Some(aggregate), ..self }
    }

    /// Returns each member with its score (WITHSCORES). The reply becomes a `Vec<(T, f64)>`. Not for the commands that
    /// store the result.
    pub fn withscores(self) -> CombineOptions<IsSet> {
        CombineOptions { weights: self.weights, aggregate: self.aggregate, given: PhantomData }
    }
}

/// How the scores that a member has in several keys become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aggregate {
    /// Their sum, as where nothing is said.
    Sum,
    /// The least.
    Min,
    /// The greatest.
    Max,
}

/// Keys with their number before them and [`CombineOptions`] behind them.
pub(crate) struct Combined<'a, K, S>(pub(crate) &'a K, pub(crate) &'a CombineOptions<S>);

impl<K: Arguments, S: Scores> Arguments for Combined<'_, K, S> {
    type Item = Self;
    fn count(&self) -> usize {
        let Combined(keys, options) = self;
        let weights = options.weights.as_ref().map_or(0, |weights| 1 + weights.len());
        1 + keys.count() + weights + options.aggregate.map_or(0, |_| 2) + S::WORDS.len()
    }
    fn write_all(&self, out: &mut Writer) {
        let Combined(keys, options) = self;
        keys.count().write(out);
        keys.write_all(out);
        if let Some(weights) = &options.weights {
            if weights.len() != keys.count() {
                out.refuse("there must be as many weights as keys");
            }
            "WEIGHTS".write(out);
            weights.iter().for_each(|weight| weight.write(out));
        }
        if let Some(aggregate) = options.aggregate {
            "AGGREGATE".write(out);
            match aggregate {
                Aggregate::Sum => "SUM".write(out),
                Aggregate::Min => "MIN".write(out),
                Aggregate::Max => "MAX".write(out),
            }
        }
        S::WORDS.iter().for_each(|word| word.write(out));
    }
}

/// The end of a sorted set that ZMPOP and BZMPOP take from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MinMax {
    /// The members with the least scores, the least first.
    Min,
    /// The members with the greatest scores, the greatest first.
    Max,
}

impl Arguments for MinMax {
    type Item = Self;
    fn count(&self) -> usize {
        1
    }
    fn write_all(&self, out: &mut Writer) {
        match self {
            MinMax::Min => "MIN".write(out),
            MinMax::Max => "MAX".write(out),
        }
    }
}
