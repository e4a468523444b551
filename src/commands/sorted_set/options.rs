//! Options of the commands on sorted sets, and the types of their replies.

use super::range::{Ends, LexRange, Score, ScoreRange};
use crate::{
    argument::{Argument, Arguments, Entries},
    command::{
        encode::NumKeys,
        flag::{AggregateCount, ByLex, ByScore, Flag, Gt, Has, Lt, Nx, Rev, Xx},
        option::{IsSet, IsUnset, Unset, options, words},
    },
    reply::{Array, Bulk, Double, FromReply, Integer, Nullable, Pairs},
    resp::Writer,
};
use std::marker::PhantomData;

options! {
    /// Options of ZADD, for [`zadd_with`](crate::commands::SortedSetCommands::zadd_with): which members may change, and
    /// which are counted.
    ///
    /// ```
    /// # use typedis::{options::ZaddOptions, prelude::*, Client};
    /// # async fn example(client: &Client) -> typedis::Result<()> {
    /// let best = ZaddOptions::new().gt().ch();
    /// assert_eq!(client.zadd_with("best", [(12.5, "ann"), (7.0, "ben")], best).await?, 2);
    /// assert_eq!(client.zadd_with("best", [(12.0, "ann"), (9.0, "ben")], best).await?, 1);
    /// assert_eq!(client.zadd_with("best", (1, "cid"), ZaddOptions::new().xx().incr()).await?, None);
    /// # Ok(()) }
    /// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
    /// ```
    #[derive(Clone, Copy, Debug)]
    pub struct ZaddOptions<C = Unset, G = Unset, I = Unset> with new {
        condition: Option<&'static str>,
        comparison: Option<&'static str>,
        ch: bool = "CH",
        incr: bool = "INCR",
    }
}

impl<C, G, I> ZaddOptions<C, G, I> {
    /// Adds new members only, and changes no existing one (NX, since 3.0.2). Excludes XX, GT and LT.
    pub fn nx(self) -> ZaddOptions<Nx, Nx, I>
    where
        C: IsUnset,
        G: IsUnset,
    {
        ZaddOptions { condition: Some(Nx::WORD), ..ZaddOptions::retyped(self) }
    }

    /// Changes existing members only, and adds none (XX, since 3.0.2).
    pub fn xx(self) -> ZaddOptions<Xx, G, I>
    where
        C: IsUnset,
    {
        ZaddOptions { condition: Some(Xx::WORD), ..ZaddOptions::retyped(self) }
    }

    /// Changes the score of an existing member only if the new score is higher (GT, since 6.2).
    pub fn gt(self) -> ZaddOptions<C, Gt, I>
    where
        G: IsUnset,
    {
        ZaddOptions { comparison: Some(Gt::WORD), ..ZaddOptions::retyped(self) }
    }

    /// Changes the score of an existing member only if the new score is lower (LT, since 6.2).
    pub fn lt(self) -> ZaddOptions<C, Lt, I>
    where
        G: IsUnset,
    {
        ZaddOptions { comparison: Some(Lt::WORD), ..ZaddOptions::retyped(self) }
    }

    /// Counts changed members too, not only new ones (CH, since 3.0.2).
    pub fn ch(self) -> Self {
        ZaddOptions { ch: true, ..self }
    }

    /// Adds to the score of the one given member, in place of setting it (INCR, since 3.0.2). The reply becomes an
    /// `Option<f64>`: the new score, or `None` if another option prevented the change.
    pub fn incr(self) -> ZaddOptions<C, G, IsSet> {
        ZaddOptions { incr: true, ..ZaddOptions::retyped(self) }
    }
}

/// The reply of ZADD, by its options.
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

/// Options of ZADD that are allowed with the pairs `P`: INCR (`I`) needs a single pair.
#[diagnostic::on_unimplemented(
    message = "ZADD with INCR takes one pair of score and member, and this is `{P}`",
    label = "not with several pairs",
    note = "write the pair as `(1.5, \"member\")`, or leave out `.incr()`"
)]
pub trait ZaddOptionsFor<P, I>: Arguments {
    /// The option with the latest version, which the server must have.
    type Newest;
}

#[diagnostic::do_not_recommend]
impl<P: Entries, C, G> ZaddOptionsFor<P, Unset> for ZaddOptions<C, G, Unset> {
    type Newest = G;
}
#[diagnostic::do_not_recommend]
impl<S: Score, M: Argument, C, G> ZaddOptionsFor<(S, M), IsSet> for ZaddOptions<C, G, IsSet> {
    type Newest = G;
}
#[diagnostic::do_not_recommend]
impl<S: Score, M: Argument, C, G> ZaddOptionsFor<&(S, M), IsSet> for ZaddOptions<C, G, IsSet> {
    type Newest = G;
}

options! {
    /// The range of ZRANGE and ZRANGESTORE with its options, for
    /// [`zrange_with`](crate::commands::SortedSetCommands::zrange_with) and
    /// [`zrangestore_with`](crate::commands::SortedSetCommands::zrangestore_with).
    ///
    /// The constructor chooses the kind of range: positions by [`index`](ZrangeOptions::index), scores by
    /// [`byscore`](ZrangeOptions::byscore), or members by [`bylex`](ZrangeOptions::bylex).
    ///
    /// ```
    /// # use typedis::{options::ZrangeOptions, prelude::*, Client};
    /// # async fn example(client: &Client) -> typedis::Result<()> {
    /// client.zadd("board", [(12.5, "ann"), (7.0, "ben"), (3.5, "cid")]).await?;
    /// let best: Vec<String> = client.zrange_with("board", ZrangeOptions::index(0, 1).rev()).await?;
    /// assert_eq!(best, ["ann", "ben"]);
    ///
    /// let low = ZrangeOptions::byscore(..10.0).limit(0, 1).withscores();
    /// let low: Vec<(String, f64)> = client.zrange_with("board", low).await?;
    /// assert_eq!(low, [("cid".to_owned(), 3.5)]);
    /// # Ok(()) }
    /// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
    /// ```
    #[derive(Clone, Debug)]
    pub struct ZrangeOptions<B = ByIndex, S = Unset, R = Unset> {
        ends: Ends,
        by: Option<&'static str>,
        rev: bool = Rev::WORD,
        limit: Option<(u64, i64)> = "LIMIT",
        withscores: bool = "WITHSCORES",
    }
}

/// The state of [`ZrangeOptions::index`]: a range of positions.
#[derive(Clone, Copy, Debug)]
pub struct ByIndex;

impl Flag for ByIndex {}
impl<V> Has<ByIndex> for V {}

impl ZrangeOptions<ByIndex> {
    /// Selects the members from position `start` to `stop`, both included and counted from 0. Negative positions count
    /// from the end.
    pub fn index(start: i64, stop: i64) -> Self {
        Self::of(Ends::of_ranks(start, stop), None)
    }
}

impl ZrangeOptions<ByScore> {
    /// Selects the members with a score in `range`, such as `1.0..=5.0` (BYSCORE, since 6.2).
    pub fn byscore(range: impl ScoreRange) -> Self {
        Self::of(Ends::of_scores(&range), Some(ByScore::WORD))
    }
}

impl ZrangeOptions<ByLex> {
    /// Selects the members in `range` in the order of their bytes, such as `"a".."c"` (BYLEX, since 6.2).
    pub fn bylex(range: impl LexRange) -> Self {
        Self::of(Ends::of_members(&range), Some(ByLex::WORD))
    }
}

impl<B> ZrangeOptions<B> {
    fn of(ends: Ends, by: Option<&'static str>) -> Self {
        ZrangeOptions { ends, by, rev: false, limit: None, withscores: false, given: PhantomData }
    }
}

impl<B, S, R> ZrangeOptions<B, S, R> {
    /// Returns the members in descending order (REV, since 6.2). Positions then count from the highest score; a range
    /// of scores or members still begins with its lower end.
    pub fn rev(mut self) -> ZrangeOptions<B, S, Rev> {
        // With REV the server expects the upper end of scores or members first; positions keep their order.
        if !self.rev && self.by.is_some() {
            self.ends = self.ends.reversed();
        }
        ZrangeOptions { rev: true, ..ZrangeOptions::retyped(self) }
    }

    /// Skips the first `offset` members of the range and returns at most `count`; a negative `count` is no limit
    /// (LIMIT, since 6.2). Needs a range of scores or members.
    pub fn limit(self, offset: u64, count: i64) -> Self
    where
        B: TakesLimit,
    {
        ZrangeOptions { limit: Some((offset, count)), ..self }
    }

    /// Returns each member with its score (WITHSCORES). The reply becomes a `Vec<(T, f64)>`. Needs a range of positions
    /// or scores.
    pub fn withscores(self) -> ZrangeOptions<B, IsSet, R>
    where
        B: TakesScores,
    {
        ZrangeOptions { withscores: true, ..ZrangeOptions::retyped(self) }
    }
}

/// A range that LIMIT can be applied to.
#[diagnostic::on_unimplemented(
    message = "LIMIT needs a range of scores or members, and this one is `{Self}`",
    label = "not with this range",
    note = "begin with `ZrangeOptions::byscore(..)` or `ZrangeOptions::bylex(..)`; positions need no LIMIT: `ZrangeOptions::index(10, 19)`"
)]
pub trait TakesLimit {}
impl TakesLimit for ByScore {}
impl TakesLimit for ByLex {}

/// A range whose members can be returned with their scores.
#[diagnostic::on_unimplemented(
    message = "WITHSCORES needs a range of positions or scores, and this one is `{Self}`",
    label = "not with this range",
    note = "members in the order of their bytes all have the same score; begin with `ZrangeOptions::index(..)` or `ZrangeOptions::byscore(..)`"
)]
pub trait TakesScores {}
impl TakesScores for ByIndex {}
impl TakesScores for ByScore {}

options! {
    /// Options of ZRANGEBYSCORE and ZREVRANGEBYSCORE, for
    /// [`zrangebyscore_with`](crate::commands::OldRangeCommands::zrangebyscore_with) and
    /// [`zrevrangebyscore_with`](crate::commands::OldRangeCommands::zrevrangebyscore_with).
    #[derive(Clone, Copy, Debug)]
    pub struct ZrangebyscoreOptions<S = Unset> with new {
        withscores: bool = "WITHSCORES",
        limit: Option<(u64, i64)> = "LIMIT",
    }
}

impl<S> ZrangebyscoreOptions<S> {
    /// Skips the first `offset` members of the range and returns at most `count`; a negative `count` is no limit
    /// (LIMIT).
    pub fn limit(self, offset: u64, count: i64) -> Self {
        ZrangebyscoreOptions { limit: Some((offset, count)), ..self }
    }

    /// Returns each member with its score (WITHSCORES, since 2.0). The reply becomes a `Vec<(T, f64)>`.
    pub fn withscores(self) -> ZrangebyscoreOptions<IsSet> {
        ZrangebyscoreOptions { withscores: true, ..ZrangebyscoreOptions::retyped(self) }
    }
}

/// The state of WITHSCORES that commands which store their result accept: not given.
#[diagnostic::on_unimplemented(
    message = "WITHSCORES does not go with a command that stores its result",
    label = "given WITHSCORES",
    note = "leave out `.withscores()`: the scores are stored in any case"
)]
pub trait Storable {}
impl Storable for Unset {}

/// The reply with members of type `T`: a `Vec<T>`, or with WITHSCORES a `Vec<(T, f64)>` of members and scores.
pub trait MembersReply<T> {
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

options! {
    /// Options of ZUNION, ZINTER, ZUNIONSTORE and ZINTERSTORE, such as for
    /// [`zunion_with`](crate::commands::SortedSetCommands::zunion_with): how the scores of a member are combined.
    ///
    /// The sum of opposite infinities, and infinity with a weight of 0, are 0 to the server, where ZINCRBY refuses a score
    /// that is not a number.
    #[derive(Clone, Debug)]
    pub struct CombineOptions<S = Unset, A = Unset> with new {
        weights: Option<Vec<f64>> = "WEIGHTS",
        aggregate: Option<Aggregate> = "AGGREGATE",
        count: Option<&'static str> = "AGGREGATE",
        withscores: bool = "WITHSCORES",
    }
}

impl<S, A> CombineOptions<S, A> {
    /// Multiplies the scores of each key by a weight, in the order of the keys (WEIGHTS). A number of weights that
    /// differs from the number of keys is an [`Error::Argument`](crate::Error::Argument) before anything is sent.
    pub fn weights(self, weights: impl IntoIterator<Item: Score>) -> Self {
        CombineOptions { weights: Some(weights.into_iter().map(|weight| weight.score()).collect()), ..self }
    }

    /// Counts the keys that have a member, each by its weight, in place of their scores (AGGREGATE COUNT, of Redis since
    /// 8.8).
    pub fn aggregate_count(self) -> CombineOptions<S, AggregateCount>
    where
        A: IsUnset,
    {
        let options = CombineOptions { aggregate: None, ..self };
        CombineOptions { count: Some(AggregateCount::WORD), ..CombineOptions::retyped(options) }
    }

    /// Combines the scores that a member has in several keys (AGGREGATE).
    pub fn aggregate(self, aggregate: Aggregate) -> Self
    where
        A: IsUnset,
    {
        CombineOptions { aggregate: Some(aggregate), ..self }
    }

    /// Returns each member with its score (WITHSCORES). The reply becomes a `Vec<(T, f64)>`. Commands that store their
    /// result do not accept it.
    pub fn withscores(self) -> CombineOptions<IsSet, A> {
        CombineOptions { withscores: true, ..CombineOptions::retyped(self) }
    }
}

words! {
    /// The function that combines the scores that a member has in several keys.
    pub enum Aggregate {
        /// The sum; this is the server's default.
        Sum = "SUM",
        /// The minimum.
        Min = "MIN",
        /// The maximum.
        Max = "MAX",
    }

    /// The end of a sorted set from which ZMPOP and BZMPOP remove members.
    pub enum MinMax {
        /// The members with the lowest scores, the lowest first.
        Min = "MIN",
        /// The members with the highest scores, the highest first.
        Max = "MAX",
    }
}

/// The number of keys, the keys and [`CombineOptions`], with a check that there is a weight for each key.
pub(crate) struct Combined<'a, K, S, A>(pub(crate) &'a K, pub(crate) &'a CombineOptions<S, A>);

impl<K: Arguments, S, A> Arguments for Combined<'_, K, S, A> {
    type Item = Self;
    fn count(&self) -> usize {
        NumKeys(self.0).count() + self.1.count()
    }
    fn write_all(&self, out: &mut Writer) {
        let Combined(keys, options) = self;
        NumKeys(*keys).write_all(out);
        if options.weights.as_ref().is_some_and(|weights| weights.len() != keys.count()) {
            out.reject("there must be as many weights as keys");
        }
        options.write_all(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::option::encoded;

    #[test]
    fn options_of_zadd_are_its_words() {
        assert_eq!(encoded(&ZaddOptions::new()), "");
        assert_eq!(encoded(&ZaddOptions::new().nx().ch()), "NX CH");
        assert_eq!(encoded(&ZaddOptions::new().incr().ch().lt().xx()), "XX LT CH INCR");
        assert_eq!(encoded(&ZaddOptions::default().gt()), "GT");
    }

    #[test]
    fn options_of_zrange_are_its_words() {
        assert_eq!(encoded(&ZrangeOptions::index(0, -1)), "0 -1");
        assert_eq!(encoded(&ZrangeOptions::index(1, 2).rev().withscores()), "1 2 REV WITHSCORES");
        assert_eq!(encoded(&ZrangeOptions::byscore(1.5..).limit(3, -4)), "1.5 +inf BYSCORE LIMIT 3 -4");
        let downwards = ZrangeOptions::byscore(1..=2).rev().rev().limit(0, 5).withscores();
        assert_eq!(encoded(&downwards), "2 1 BYSCORE REV LIMIT 0 5 WITHSCORES");
        assert_eq!(encoded(&ZrangeOptions::bylex("a".."c")), "[a (c BYLEX");
        assert_eq!(encoded(&ZrangeOptions::bylex(.."c").rev()), "(c - BYLEX REV");
    }

    #[test]
    fn options_of_zrangebyscore_are_its_words() {
        assert_eq!(encoded(&ZrangebyscoreOptions::new()), "");
        assert_eq!(encoded(&ZrangebyscoreOptions::default().limit(1, 2).withscores()), "WITHSCORES LIMIT 1 2");
    }

    #[test]
    fn options_of_zunion_are_its_words() {
        let combined = |options: CombineOptions| encoded(&Combined(&["a", "b"], &options));
        assert_eq!(combined(CombineOptions::new()), "2 a b");
        let weighted = CombineOptions::new().aggregate(Aggregate::Max).weights([0.5, 2.0]);
        assert_eq!(combined(weighted), "2 a b WEIGHTS 0.5 2 AGGREGATE MAX");
        assert_eq!(combined(CombineOptions::new().aggregate(Aggregate::Sum)), "2 a b AGGREGATE SUM");
        let counted = CombineOptions::new().aggregate(Aggregate::Max).aggregate_count().weights([2, 3]).withscores();
        assert_eq!(encoded(&Combined(&["a", "b"], &counted)), "2 a b WEIGHTS 2 3 AGGREGATE COUNT WITHSCORES");
        let scored = CombineOptions::default().aggregate(Aggregate::Min).withscores();
        assert_eq!(encoded(&Combined(&"a", &scored)), "1 a AGGREGATE MIN WITHSCORES");
        assert_eq!(encoded(&MinMax::Min), "MIN");
        assert_eq!(encoded(&MinMax::Max), "MAX");
    }
}
