//! Sorted sets.

pub(crate) mod options;
pub(crate) mod range;

use options::{
    CombineOptions, Combined, MembersReply, MinMax, Storable, ZaddOptionsFor, ZaddReply, ZrangeOptions,
    ZrangebyscoreOptions,
};
use range::{Ends, LexRange, Score, ScoreRange};

use crate::{
    argument::{Argument, Arguments, Entries},
    command::{
        encode::{BlockTimeout, FlatPairs, NumKeys},
        flag::AvailableSince,
    },
    commands::hash::options::ScanOptions,
    key::{AnySet, Anything, ElementsOf, KeyFor, Reads, Scored, SortedSet, Writes},
    reply::{Bulk, FromReply},
};
use bytes::Bytes;

commands! {
    /// Commands on sorted sets: members with scores, in the order of their scores, and of their bytes where scores are
    /// equal.
    ///
    /// They fail with WRONGTYPE when a key holds something else. A key that does not exist counts as an empty sorted
    /// set, and a sorted set that becomes empty is removed.
    pub trait SortedSetCommands in cmd;

    /// Waits until one of the sorted sets at `keys` has a member, takes the one with the least or the greatest score,
    /// and returns it with the sorted set's key, or `None` when none came within `timeout` seconds. 0 waits for ever.
    /// Of several sorted sets, the first in the order of `keys` that has members is taken.
    ///
    /// It blocks, so it cannot be queued, and on a client it runs on a connection of its own.
    fn bzmpop<T: FromReply<Bulk>>(timeout: f64, keys @@ SortedSet<Reads<T>>, end: MinMax)
        -> Nullable<Tuple<(Bulk, Pairs<Bulk, Double>)>> as Option<(Bytes, Vec<(T, f64)>)>
        = "BZMPOP" (BlockTimeout(timeout), NumKeys(&keys), &end) as Bzmpop {
            since: redis "7.0.0", arity: -5, access: ReadWrite, effect: MayRemove, multi: Degraded,
            connection: Dedicated
        };

    /// Waits until one of the sorted sets at `keys` has a member, takes up to `count` of those with the least or the
    /// greatest scores, and returns them with the sorted set's key, or `None` when none came within `timeout` seconds.
    /// 0 waits for ever. Of several sorted sets, the first in the order of `keys` that has members is taken.
    ///
    /// It blocks, so it cannot be queued, and on a client it runs on a connection of its own. The server refuses the
    /// `count` 0.
    fn bzmpop_count<T: FromReply<Bulk>>(timeout: f64, keys @@ SortedSet<Reads<T>>, end: MinMax, count: u64)
        -> Nullable<Tuple<(Bulk, Pairs<Bulk, Double>)>> as Option<(Bytes, Vec<(T, f64)>)>
        = "BZMPOP" (BlockTimeout(timeout), NumKeys(&keys), &end, "COUNT", &count) as BzmpopCount {
            since: redis "7.0.0", arity: -5, access: ReadWrite, effect: MayRemove, multi: Degraded,
            connection: Dedicated
        };

    /// Waits until one of the sorted sets at `keys` has a member, takes the one with the greatest score, and returns
    /// the sorted set's key, the member and its score, or `None` when none came within `timeout` seconds. 0 waits for
    /// ever. Of several sorted sets, the first in the order of `keys` that has members is taken.
    ///
    /// It blocks, so it cannot be queued, and on a client it runs on a connection of its own.
    fn bzpopmax<T: FromReply<Bulk>>(keys @@ SortedSet<Reads<T>>, timeout: f64)
        -> Nullable<Tuple<(Bulk, Bulk, Double)>> as Option<(Bytes, T, f64)>
        = "BZPOPMAX" (&keys, BlockTimeout(timeout)) as Bzpopmax {
            since: redis "5.0.0", arity: -3, access: ReadWrite, effect: MayRemove, multi: Degraded,
            connection: Dedicated
        };

    /// Waits until one of the sorted sets at `keys` has a member, takes the one with the least score, and returns the
    /// sorted set's key, the member and its score, or `None` when none came within `timeout` seconds. 0 waits for ever.
    /// Of several sorted sets, the first in the order of `keys` that has members is taken.
    ///
    /// It blocks, so it cannot be queued, and on a client it runs on a connection of its own.
    fn bzpopmin<T: FromReply<Bulk>>(keys @@ SortedSet<Reads<T>>, timeout: f64)
        -> Nullable<Tuple<(Bulk, Bulk, Double)>> as Option<(Bytes, T, f64)>
        = "BZPOPMIN" (&keys, BlockTimeout(timeout)) as Bzpopmin {
            since: redis "5.0.0", arity: -3, access: ReadWrite, effect: MayRemove, multi: Degraded,
            connection: Dedicated
        };

    /// Adds members with their scores to the sorted set at `key`, or changes the scores of those that are there, and
    /// returns how many are new.
    ///
    /// One pair of score and member, or several in an array or `Vec`; the score comes first. Fails when a score is not
    /// a number.
    ///
    /// ```
    /// # use typedis::{Client, prelude::*};
    /// # async fn example(client: &Client) -> typedis::Result<()> {
    /// assert_eq!(client.zadd("board", [(12.5, "ann"), (7.0, "ben")]).await?, 2);
    /// assert_eq!(client.zrange::<String>("board", 0, -1).await?, ["ben", "ann"]);
    /// assert_eq!(client.zscore("board", "ann").await?, Some(12.5));
    /// # Ok(()) }
    /// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
    /// ```
    fn zadd[P: Entries<First: Score>](key @ SortedSet<Scored<P>>, pairs: P) -> Integer as u64
        = "ZADD" (&key, FlatPairs(&pairs)) as Zadd {
            since: redis "1.2.0", arity: -4, access: ReadWrite, effect: Creates
        };

    /// Adds members to the sorted set at `key`, or changes their scores, as the options say.
    ///
    /// Returns how many members are new, with [`ch`](crate::options::ZaddOptions::ch) also those whose score changed; with
    /// [`incr`](crate::options::ZaddOptions::incr) the new score as an `Option`.
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
    fn zadd_with[P: Entries<First: Score>, O: ZaddOptionsFor<P, I>]<I: ZaddReply>
        (key @ SortedSet<Scored<P>>, pairs: P, options: O)
        -> I::Shape as I::Reply where O::Newest: AvailableSince<Self::Server>
        = "ZADD" (&key, &options, FlatPairs(&pairs)) as ZaddWith {
            since: redis "1.2.0", arity: -4, access: ReadWrite, effect: Preserves
        };

    /// Returns how many members the sorted set at `key` has, 0 where there is none.
    fn zcard(key @ SortedSet<Anything>) -> Integer as u64
        = "ZCARD" as Zcard {
            since: redis "1.2.0", arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Returns how many members of the sorted set at `key` have a score in `range`, such as `1.0..=5.0`.
    fn zcount(key @ SortedSet<Anything>, range: impl ScoreRange) -> Integer as u64
        = "ZCOUNT" (&key, Ends::of_scores(&range)) as Zcount {
            since: redis "2.0.0", arity: 4, access: ReadOnly, effect: Preserves
        };

    /// Returns the members of the first of `keys` that none of the others has, from the least score to the greatest.
    ///
    /// Keys may be sorted sets or sets, whose members count with the score 1.
    fn zdiff<T: FromReply<Bulk>>(keys @@ AnySet<Reads<T>>) -> Array<Bulk> as Vec<T>
        = "ZDIFF" (NumKeys(&keys)) as Zdiff {
            since: redis "6.2.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the members of the first of `keys` that none of the others has, each with its score, from the least to
    /// the greatest.
    ///
    /// Keys may be sorted sets or sets, whose members count with the score 1.
    fn zdiff_withscores<T: FromReply<Bulk>>(keys @@ AnySet<Reads<T>>) -> Pairs<Bulk, Double> as Vec<(T, f64)>
        = "ZDIFF" (NumKeys(&keys), "WITHSCORES") as ZdiffWithscores {
            since: redis "6.2.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Stores what [`zdiff`](SortedSetCommands::zdiff) of `keys` returns, with the scores, at `destination`, whatever
    /// was there, and returns how many members that are. With none, `destination` is removed.
    fn zdiffstore[D: KeyFor<SortedSet<Anything>>](destination @= D of SortedSet => Unknown, keys @@ AnySet<ElementsOf<D::Kind>>) -> Integer as u64
        = "ZDIFFSTORE" (&destination, NumKeys(&keys)) as Zdiffstore {
            since: redis "6.2.0", arity: -4, access: ReadWrite, effect: Preserves
        };

    /// Adds `by` to the score of `member` in the sorted set at `key`, which counts as 0 where there is none, and
    /// returns the new score.
    ///
    /// Fails when the result is not a number.
    fn zincrby[V: Argument](key @ SortedSet<Writes<V>>, by: impl Score, member: V) -> Double as f64
        = "ZINCRBY" as Zincrby {
            since: redis "1.2.0", arity: 4, access: ReadWrite, effect: Creates
        };

    /// Returns the members that all of `keys` have, from the least score to the greatest. The score of a member is the
    /// sum of those that it has.
    ///
    /// Keys may be sorted sets or sets, whose members count with the score 1.
    fn zinter<T: FromReply<Bulk>>(keys @@ AnySet<Reads<T>>) -> Array<Bulk> as Vec<T>
        = "ZINTER" (NumKeys(&keys)) as Zinter {
            since: redis "6.2.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns how many members all of `keys` have.
    ///
    /// Keys may be sorted sets or sets.
    fn zintercard(keys @@ AnySet<Anything>) -> Integer as u64
        = "ZINTERCARD" (NumKeys(&keys)) as Zintercard {
            since: redis "7.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns how many members all of `keys` have, and counts no further than `limit`; 0 is no limit.
    ///
    /// Keys may be sorted sets or sets.
    fn zintercard_limit(keys @@ AnySet<Anything>, limit: u64) -> Integer as u64
        = "ZINTERCARD" (NumKeys(&keys), "LIMIT", &limit) as ZintercardLimit {
            since: redis "7.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the members that all of `keys` have, from the least score to the greatest, with weights and aggregation
    /// as the options say; with [`withscores`](CombineOptions::withscores) each with its score.
    ///
    /// Keys may be sorted sets or sets, whose members count with the score 1.
    fn zinter_with<T: FromReply<Bulk>, S: MembersReply<T>>(keys @@ AnySet<Reads<T>>, options: CombineOptions<S>)
        -> S::Shape as S::Reply
        = "ZINTER" (Combined(&keys, &options)) as ZinterWith {
            since: redis "6.2.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Stores what [`zinter`](SortedSetCommands::zinter) of `keys` returns, with the scores, at `destination`, whatever
    /// was there, and returns how many members that are. With none, `destination` is removed.
    fn zinterstore[D: KeyFor<SortedSet<Anything>>](destination @= D of SortedSet => Unknown, keys @@ AnySet<ElementsOf<D::Kind>>) -> Integer as u64
        = "ZINTERSTORE" (&destination, NumKeys(&keys)) as Zinterstore {
            since: redis "2.0.0", arity: -4, access: ReadWrite, effect: Preserves
        };

    /// Stores what [`zinter_with`](SortedSetCommands::zinter_with) of `keys` returns, with the scores, at
    /// `destination`, whatever was there, and returns how many members that are. With none, `destination` is removed.
    fn zinterstore_with[D: KeyFor<SortedSet<Anything>>]
        (destination @= D of SortedSet => Unknown, keys @@ AnySet<ElementsOf<D::Kind>>, options: CombineOptions<impl Storable>)
        -> Integer as u64
        = "ZINTERSTORE" (&destination, Combined(&keys, &options)) as ZinterstoreWith {
            since: redis "2.0.0", arity: -4, access: ReadWrite, effect: Preserves
        };

    /// Returns how many members of the sorted set at `key` are in `range`, such as `"a".."c"`.
    ///
    /// The order of members is meant for sorted sets whose members all have the same score; of others the result is
    /// unspecified.
    fn zlexcount(key @ SortedSet<Anything>, range: impl LexRange) -> Integer as u64
        = "ZLEXCOUNT" (&key, Ends::of_members(&range)) as Zlexcount {
            since: redis "2.8.9", arity: 4, access: ReadOnly, effect: Preserves
        };

    /// Takes the member with the least or the greatest score out of the first of the sorted sets at `keys` that has
    /// members, and returns it with that sorted set's key, or `None` when none has.
    fn zmpop<T: FromReply<Bulk>>(keys @@ SortedSet<Reads<T>>, end: MinMax)
        -> Nullable<Tuple<(Bulk, Pairs<Bulk, Double>)>> as Option<(Bytes, Vec<(T, f64)>)>
        = "ZMPOP" (NumKeys(&keys), &end) as Zmpop {
            since: redis "7.0.0", arity: -4, access: ReadWrite, effect: MayRemove
        };

    /// Takes up to `count` of the members with the least or the greatest scores out of the first of the sorted sets at
    /// `keys` that has members, and returns them with that sorted set's key, or `None` when none has.
    ///
    /// The server refuses the `count` 0.
    fn zmpop_count<T: FromReply<Bulk>>(keys @@ SortedSet<Reads<T>>, end: MinMax, count: u64)
        -> Nullable<Tuple<(Bulk, Pairs<Bulk, Double>)>> as Option<(Bytes, Vec<(T, f64)>)>
        = "ZMPOP" (NumKeys(&keys), &end, "COUNT", &count) as ZmpopCount {
            since: redis "7.0.0", arity: -4, access: ReadWrite, effect: MayRemove
        };

    /// Returns the scores of `members` in the sorted set at `key`, in their order, each `None` where it is no member.
    fn zmscore[V: Arguments](key @ SortedSet<Writes<V>>, members: V) -> Array<Nullable<Double>> as Vec<Option<f64>>
        = "ZMSCORE" as Zmscore {
            since: redis "6.2.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Takes the member with the greatest score out of the sorted set at `key` and returns it with its score, or `None`
    /// when there is none.
    fn zpopmax<T: FromReply<Bulk>>(key @ SortedSet<Reads<T>>) -> Pairs<Bulk, Double> as Option<(T, f64)>
        = "ZPOPMAX" as Zpopmax {
            since: redis "5.0.0", arity: -2, access: ReadWrite, effect: MayRemove
        };

    /// Takes up to `count` members with the greatest scores out of the sorted set at `key` and returns them with their
    /// scores, the greatest first; empty when there are none.
    fn zpopmax_count<T: FromReply<Bulk>>(key @ SortedSet<Reads<T>>, count: u64) -> Pairs<Bulk, Double> as Vec<(T, f64)>
        = "ZPOPMAX" as ZpopmaxCount {
            // Of 0 members, servers before 7.0 do not look at the key.
            since: redis "5.0.0", arity: -2, access: ReadWrite, effect: Unknown
        };

    /// Takes the member with the least score out of the sorted set at `key` and returns it with its score, or `None`
    /// when there is none.
    fn zpopmin<T: FromReply<Bulk>>(key @ SortedSet<Reads<T>>) -> Pairs<Bulk, Double> as Option<(T, f64)>
        = "ZPOPMIN" as Zpopmin {
            since: redis "5.0.0", arity: -2, access: ReadWrite, effect: MayRemove
        };

    /// Takes up to `count` members with the least scores out of the sorted set at `key` and returns them with their
    /// scores, the least first; empty when there are none.
    fn zpopmin_count<T: FromReply<Bulk>>(key @ SortedSet<Reads<T>>, count: u64) -> Pairs<Bulk, Double> as Vec<(T, f64)>
        = "ZPOPMIN" as ZpopminCount {
            // Of 0 members, servers before 7.0 do not look at the key.
            since: redis "5.0.0", arity: -2, access: ReadWrite, effect: Unknown
        };

    /// Returns a random member of the sorted set at `key`, or `None` when there is none.
    fn zrandmember<T: FromReply<Bulk>>(key @ SortedSet<Reads<T>>) -> Nullable<Bulk> as Option<T>
        = "ZRANDMEMBER" as Zrandmember {
            since: redis "6.2.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Returns up to `count` different random members of the sorted set at `key`; empty when there are none.
    ///
    /// With a negative `count`, exactly as many as its absolute value, among which a member may be several times.
    fn zrandmember_count<T: FromReply<Bulk>>(key @ SortedSet<Reads<T>>, count: i64) -> Array<Bulk> as Vec<T>
        = "ZRANDMEMBER" as ZrandmemberCount {
            since: redis "6.2.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Returns up to `count` different random members of the sorted set at `key` with their scores; empty when there
    /// are none.
    ///
    /// With a negative `count`, exactly as many as its absolute value, among which a member may be several times.
    fn zrandmember_withscores<T: FromReply<Bulk>>(key @ SortedSet<Reads<T>>, count: i64)
        -> Pairs<Bulk, Double> as Vec<(T, f64)>
        = "ZRANDMEMBER" (&key, &count, "WITHSCORES") as ZrandmemberWithscores {
            since: redis "6.2.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Returns the members at the positions `start` to `stop`, both included, of the sorted set at `key`, from the
    /// least score to the greatest. Negative positions count from the end.
    fn zrange<T: FromReply<Bulk>>(key @ SortedSet<Reads<T>>, start: i64, stop: i64) -> Array<Bulk> as Vec<T>
        = "ZRANGE" as Zrange {
            since: redis "1.2.0", arity: -4, access: ReadOnly, effect: Preserves
        };

    /// Returns the members of the sorted set at `key` in a range of positions, scores or members, which the options
    /// begin with; with [`withscores`](ZrangeOptions::withscores) each with its score.
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
    fn zrange_with<T: FromReply<Bulk>, S: MembersReply<T>>
        (key @ SortedSet<Reads<T>>, options: ZrangeOptions<impl AvailableSince<Self::Server>, S, impl AvailableSince<Self::Server>>)
        -> S::Shape as S::Reply
        = "ZRANGE" as ZrangeWith {
            since: redis "1.2.0", arity: -4, access: ReadOnly, effect: Preserves
        };

    /// Returns the members of the sorted set at `key` in `range`, such as `"a".."c"`, in the order of their bytes.
    /// See [`ZrangeOptions::bylex`].
    ///
    /// The order of members is meant for sorted sets whose members all have the same score; of others the result is
    /// unspecified.
    fn zrangebylex<T: FromReply<Bulk>>(key @ SortedSet<Reads<T>>, range: impl LexRange) -> Array<Bulk> as Vec<T>
        = "ZRANGEBYLEX" (&key, Ends::of_members(&range)) as Zrangebylex {
            since: redis "2.8.9", arity: -4, access: ReadOnly, effect: Preserves,
            deprecated: { redis: "6.2.0", instead: "ZRANGE with BYLEX" }
        };

    /// Returns members as [`zrangebylex`](SortedSetCommands::zrangebylex) does, without the first `offset` of them and
    /// no more than `count`; a negative `count` is no limit. See [`ZrangeOptions::bylex`].
    fn zrangebylex_limit<T: FromReply<Bulk>>(key @ SortedSet<Reads<T>>, range: impl LexRange, offset: u64, count: i64)
        -> Array<Bulk> as Vec<T>
        = "ZRANGEBYLEX" (&key, Ends::of_members(&range), "LIMIT", &offset, &count) as ZrangebylexLimit {
            since: redis "2.8.9", arity: -4, access: ReadOnly, effect: Preserves,
            deprecated: { redis: "6.2.0", instead: "ZRANGE with BYLEX" }
        };

    /// Returns the members of the sorted set at `key` with a score in `range`, such as `1.0..=5.0`, from the least
    /// score to the greatest. See [`ZrangeOptions::byscore`].
    fn zrangebyscore<T: FromReply<Bulk>>(key @ SortedSet<Reads<T>>, range: impl ScoreRange) -> Array<Bulk> as Vec<T>
        = "ZRANGEBYSCORE" (&key, Ends::of_scores(&range)) as Zrangebyscore {
            since: redis "1.0.5", arity: -4, access: ReadOnly, effect: Preserves,
            deprecated: { redis: "6.2.0", instead: "ZRANGE with BYSCORE" }
        };

    /// Returns members as [`zrangebyscore`](SortedSetCommands::zrangebyscore) does, a part of them or each with its
    /// score, as the options say. See [`ZrangeOptions::byscore`].
    fn zrangebyscore_with<T: FromReply<Bulk>, S: MembersReply<T>>
        (key @ SortedSet<Reads<T>>, range: impl ScoreRange, options: ZrangebyscoreOptions<S>)
        -> S::Shape as S::Reply
        = "ZRANGEBYSCORE" (&key, Ends::of_scores(&range), &options) as ZrangebyscoreWith {
            since: redis "1.0.5", arity: -4, access: ReadOnly, effect: Preserves,
            deprecated: { redis: "6.2.0", instead: "ZRANGE with BYSCORE" }
        };

    /// Stores the members at the positions `start` to `stop`, both included, of the sorted set at `source`, with their
    /// scores, at `destination`, whatever was there, and returns how many they are. With none, `destination` is
    /// removed.
    ///
    /// Negative positions count from the end.
    fn zrangestore[D: KeyFor<SortedSet<Anything>>]
        (destination @= D of SortedSet => Unknown, source @ SortedSet<ElementsOf<D::Kind>>, start: i64, stop: i64)
        -> Integer as u64
        = "ZRANGESTORE" as Zrangestore {
            since: redis "6.2.0", arity: -5, access: ReadWrite, effect: Preserves
        };

    /// Stores the members of the sorted set at `source` in a range of positions, scores or members, which the options
    /// begin with, at `destination`, whatever was there, and returns how many they are. With none, `destination` is
    /// removed.
    fn zrangestore_with[D: KeyFor<SortedSet<Anything>>]
        (destination @= D of SortedSet => Unknown, source @ SortedSet<ElementsOf<D::Kind>>,
            options: ZrangeOptions<impl Sized, impl Storable, impl Sized>)
        -> Integer as u64
        = "ZRANGESTORE" as ZrangestoreWith {
            since: redis "6.2.0", arity: -5, access: ReadWrite, effect: Preserves
        };

    /// Returns the position of `member` in the sorted set at `key`, counted from 0 at the least score, or `None` where
    /// it is no member.
    fn zrank[V: Argument](key @ SortedSet<Writes<V>>, member: V) -> Nullable<Integer> as Option<u64>
        = "ZRANK" as Zrank {
            since: redis "2.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Removes `members` from the sorted set at `key` and returns how many of them were there.
    fn zrem[V: Arguments](key @ SortedSet<Writes<V>>, members: V) -> Integer as u64
        = "ZREM" as Zrem {
            since: redis "1.2.0", arity: -3, access: ReadWrite, effect: MayRemove
        };

    /// Removes the members in `range`, such as `"a".."c"`, from the sorted set at `key` and returns how many they were.
    ///
    /// The order of members is meant for sorted sets whose members all have the same score; of others the result is
    /// unspecified.
    fn zremrangebylex(key @ SortedSet<Anything>, range: impl LexRange) -> Integer as u64
        = "ZREMRANGEBYLEX" (&key, Ends::of_members(&range)) as Zremrangebylex {
            since: redis "2.8.9", arity: 4, access: ReadWrite, effect: MayRemove
        };

    /// Removes the members at the positions `start` to `stop`, both included, from the sorted set at `key` and returns
    /// how many they were.
    ///
    /// Position 0 has the least score. Negative positions count from the end.
    fn zremrangebyrank(key @ SortedSet<Anything>, start: i64, stop: i64) -> Integer as u64
        = "ZREMRANGEBYRANK" as Zremrangebyrank {
            since: redis "2.0.0", arity: 4, access: ReadWrite, effect: MayRemove
        };

    /// Removes the members with a score in `range`, such as `1.0..=5.0`, from the sorted set at `key` and returns how
    /// many they were.
    fn zremrangebyscore(key @ SortedSet<Anything>, range: impl ScoreRange) -> Integer as u64
        = "ZREMRANGEBYSCORE" (&key, Ends::of_scores(&range)) as Zremrangebyscore {
            since: redis "1.2.0", arity: 4, access: ReadWrite, effect: MayRemove
        };

    /// Returns the members at the positions `start` to `stop`, both included, of the sorted set at `key`, from the
    /// greatest score, at position 0, to the least. Negative positions count from the end. See [`ZrangeOptions::rev`].
    fn zrevrange<T: FromReply<Bulk>>(key @ SortedSet<Reads<T>>, start: i64, stop: i64) -> Array<Bulk> as Vec<T>
        = "ZREVRANGE" as Zrevrange {
            since: redis "1.2.0", arity: -4, access: ReadOnly, effect: Preserves,
            deprecated: { redis: "6.2.0", instead: "ZRANGE with REV" }
        };

    /// Returns members as [`zrevrange`](SortedSetCommands::zrevrange) does, each with its score. See [`ZrangeOptions::rev`].
    fn zrevrange_withscores<T: FromReply<Bulk>>(key @ SortedSet<Reads<T>>, start: i64, stop: i64)
        -> Pairs<Bulk, Double> as Vec<(T, f64)>
        = "ZREVRANGE" (&key, &start, &stop, "WITHSCORES") as ZrevrangeWithscores {
            since: redis "1.2.0", arity: -4, access: ReadOnly, effect: Preserves,
            deprecated: { redis: "6.2.0", instead: "ZRANGE with REV" }
        };

    /// Returns members as [`zrangebylex`](SortedSetCommands::zrangebylex) does, the last one first; `range` is written
    /// the lower end first all the same. See [`ZrangeOptions::bylex`].
    fn zrevrangebylex<T: FromReply<Bulk>>(key @ SortedSet<Reads<T>>, range: impl LexRange) -> Array<Bulk> as Vec<T>
        = "ZREVRANGEBYLEX" (&key, Ends::of_members(&range).reversed()) as Zrevrangebylex {
            since: redis "2.8.9", arity: -4, access: ReadOnly, effect: Preserves,
            deprecated: { redis: "6.2.0", instead: "ZRANGE with BYLEX and REV" }
        };

    /// Returns members as [`zrevrangebylex`](SortedSetCommands::zrevrangebylex) does, without the first `offset` of
    /// them and no more than `count`; a negative `count` is no limit. See [`ZrangeOptions::bylex`].
    fn zrevrangebylex_limit<T: FromReply<Bulk>>
        (key @ SortedSet<Reads<T>>, range: impl LexRange, offset: u64, count: i64)
        -> Array<Bulk> as Vec<T>
        = "ZREVRANGEBYLEX" (&key, Ends::of_members(&range).reversed(), "LIMIT", &offset, &count)
        as ZrevrangebylexLimit {
            since: redis "2.8.9", arity: -4, access: ReadOnly, effect: Preserves,
            deprecated: { redis: "6.2.0", instead: "ZRANGE with BYLEX and REV" }
        };

    /// Returns members as [`zrangebyscore`](SortedSetCommands::zrangebyscore) does, from the greatest score to the
    /// least; `range` is written the lower end first all the same. See [`ZrangeOptions::byscore`].
    fn zrevrangebyscore<T: FromReply<Bulk>>(key @ SortedSet<Reads<T>>, range: impl ScoreRange) -> Array<Bulk> as Vec<T>
        = "ZREVRANGEBYSCORE" (&key, Ends::of_scores(&range).reversed()) as Zrevrangebyscore {
            since: redis "2.2.0", arity: -4, access: ReadOnly, effect: Preserves,
            deprecated: { redis: "6.2.0", instead: "ZRANGE with BYSCORE and REV" }
        };

    /// Returns members as [`zrevrangebyscore`](SortedSetCommands::zrevrangebyscore) does, a part of them or each with
    /// its score, as the options say. See [`ZrangeOptions::byscore`].
    fn zrevrangebyscore_with<T: FromReply<Bulk>, S: MembersReply<T>>
        (key @ SortedSet<Reads<T>>, range: impl ScoreRange, options: ZrangebyscoreOptions<S>)
        -> S::Shape as S::Reply
        = "ZREVRANGEBYSCORE" (&key, Ends::of_scores(&range).reversed(), &options) as ZrevrangebyscoreWith {
            since: redis "2.2.0", arity: -4, access: ReadOnly, effect: Preserves,
            deprecated: { redis: "6.2.0", instead: "ZRANGE with BYSCORE and REV" }
        };

    /// Returns the position of `member` in the sorted set at `key`, counted from 0 at the greatest score, or `None`
    /// where it is no member.
    fn zrevrank[V: Argument](key @ SortedSet<Writes<V>>, member: V) -> Nullable<Integer> as Option<u64>
        = "ZREVRANK" as Zrevrank {
            since: redis "2.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns a page of the members of the sorted set at `key` with their scores, and before it the cursor of the next
    /// page.
    ///
    /// The first page has the cursor 0, and the page that answers the cursor 0 is the last one. A member that stays all
    /// the time comes at least once; a page may be empty, or a member come twice.
    fn zscan<T: FromReply<Bulk>>(key @ SortedSet<Reads<T>>, cursor: u64)
        -> Tuple<(Bulk, Pairs<Bulk, Double>)> as (u64, Vec<(T, f64)>)
        = "ZSCAN" as Zscan {
            since: redis "2.8.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns a page as [`zscan`](SortedSetCommands::zscan) does, of the members that match a pattern, or of another
    /// size.
    fn zscan_with<T: FromReply<Bulk>>(key @ SortedSet<Reads<T>>, cursor: u64, options: ScanOptions<'_>)
        -> Tuple<(Bulk, Pairs<Bulk, Double>)> as (u64, Vec<(T, f64)>)
        = "ZSCAN" as ZscanWith {
            since: redis "2.8.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the score of `member` in the sorted set at `key`, or `None` where it is no member.
    fn zscore[V: Argument](key @ SortedSet<Writes<V>>, member: V) -> Nullable<Double> as Option<f64>
        = "ZSCORE" as Zscore {
            since: redis "1.2.0", arity: 3, access: ReadOnly, effect: Preserves
        };

    /// Returns the members that any of `keys` has, from the least score to the greatest. The score of a member is the
    /// sum of those that it has.
    ///
    /// Keys may be sorted sets or sets, whose members count with the score 1.
    fn zunion<T: FromReply<Bulk>>(keys @@ AnySet<Reads<T>>) -> Array<Bulk> as Vec<T>
        = "ZUNION" (NumKeys(&keys)) as Zunion {
            since: redis "6.2.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the members that any of `keys` has, from the least score to the greatest, with weights and aggregation
    /// as the options say; with [`withscores`](CombineOptions::withscores) each with its score.
    ///
    /// Keys may be sorted sets or sets, whose members count with the score 1.
    fn zunion_with<T: FromReply<Bulk>, S: MembersReply<T>>(keys @@ AnySet<Reads<T>>, options: CombineOptions<S>)
        -> S::Shape as S::Reply
        = "ZUNION" (Combined(&keys, &options)) as ZunionWith {
            since: redis "6.2.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Stores what [`zunion`](SortedSetCommands::zunion) of `keys` returns, with the scores, at `destination`, whatever
    /// was there, and returns how many members that are. With none, `destination` is removed.
    fn zunionstore[D: KeyFor<SortedSet<Anything>>](destination @= D of SortedSet => Unknown, keys @@ AnySet<ElementsOf<D::Kind>>) -> Integer as u64
        = "ZUNIONSTORE" (&destination, NumKeys(&keys)) as Zunionstore {
            since: redis "2.0.0", arity: -4, access: ReadWrite, effect: Preserves
        };

    /// Stores what [`zunion_with`](SortedSetCommands::zunion_with) of `keys` returns, with the scores, at
    /// `destination`, whatever was there, and returns how many members that are. With none, `destination` is removed.
    fn zunionstore_with[D: KeyFor<SortedSet<Anything>>]
        (destination @= D of SortedSet => Unknown, keys @@ AnySet<ElementsOf<D::Kind>>, options: CombineOptions<impl Storable>)
        -> Integer as u64
        = "ZUNIONSTORE" (&destination, Combined(&keys, &options)) as ZunionstoreWith {
            since: redis "2.0.0", arity: -4, access: ReadWrite, effect: Preserves
        };
}
