//! Commands on sorted sets.

pub(crate) mod old_ranges;
pub(crate) mod options;
pub(crate) mod range;

use options::{CombineOptions, Combined, MembersReply, MinMax, Storable, ZaddOptionsFor, ZaddReply, ZrangeOptions};
use range::{Ends, LexRange, Score, ScoreRange};

use crate::{
    argument::{Argument, Arguments, Entries},
    command::{
        encode::{BlockTimeout, FlatPairs, NumKeys},
        flag::AvailableSince,
    },
    commands::scan::ScanOptions,
    key::{AnySet, Anything, ElementsOf, KeyFor, Reads, Scored, SortedSet, Writes},
    reply::{Bulk, FromReply},
};
use bytes::Bytes;

commands! {
    /// Commands on sorted sets: members with scores, in the order of their scores, and of their bytes where scores are
    /// equal.
    ///
    /// They fail with WRONGTYPE if a key holds another type. A missing key counts as an empty sorted set, and a sorted
    /// set is removed with its last member. The keys of ZDIFF, ZINTER, ZUNION and their variants may also be sets,
    /// whose members have the score 1. A member of several keys has the sum of its scores unless the options say
    /// otherwise. The commands on ranges that ZRANGE replaces are those of
    /// [`OldRangeCommands`](crate::commands::OldRangeCommands).
    ///
    /// Positions count from 0 at the lowest score; negative ones count from the end. Ranges of members are meant for
    /// sorted sets whose members all have the same score; for others the result is unspecified.
    ///
    /// Commands that begin with `b` block, each on a dedicated connection, and cannot be queued. Their timeout is in
    /// seconds; 0 is no limit, and the server refuses a negative one.
    pub trait SortedSetCommands in cmd;

    /// Removes the member with the lowest or highest score from the first non-empty sorted set at `keys` and returns
    /// the key, the member and its score. Blocks up to `timeout` seconds while all are empty, then returns `None`.
    fn bzmpop<T: FromReply<Bulk>>(timeout: f64, keys @@ SortedSet<Reads<T>>, end: MinMax)
        -> Nullable<Tuple<(Bulk, Pairs<Bulk, Double>)>> as Option<(Bytes, Vec<(T, f64)>)>
        = "BZMPOP" (BlockTimeout(timeout), NumKeys(&keys), &end) as Bzmpop {
            since: redis "7.0.0", arity: -5, access: ReadWrite, effect: MayRemove, connection: Dedicated
        };

    /// Removes up to `count` members with the lowest or highest scores from the first non-empty sorted set at `keys`
    /// and returns the key, the members and their scores. Blocks up to `timeout` seconds while all are empty, then
    /// returns `None`.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if `count` is 0.
    fn bzmpop_count<T: FromReply<Bulk>>(timeout: f64, keys @@ SortedSet<Reads<T>>, end: MinMax, count: u64)
        -> Nullable<Tuple<(Bulk, Pairs<Bulk, Double>)>> as Option<(Bytes, Vec<(T, f64)>)>
        = "BZMPOP" (BlockTimeout(timeout), NumKeys(&keys), &end, "COUNT", &count) as BzmpopCount {
            since: redis "7.0.0", arity: -5, access: ReadWrite, effect: MayRemove, connection: Dedicated
        };

    /// Removes the member with the highest score from the first non-empty sorted set at `keys` and returns the key, the
    /// member and its score. Blocks up to `timeout` seconds while all are empty, then returns `None`.
    fn bzpopmax<T: FromReply<Bulk>>(keys @@ SortedSet<Reads<T>>, timeout: f64)
        -> Nullable<Tuple<(Bulk, Bulk, Double)>> as Option<(Bytes, T, f64)>
        = "BZPOPMAX" (&keys, BlockTimeout(timeout)) as Bzpopmax {
            since: redis "5.0.0", arity: -3, access: ReadWrite, effect: MayRemove, connection: Dedicated
        };

    /// Removes the member with the lowest score from the first non-empty sorted set at `keys` and returns the key, the
    /// member and its score. Blocks up to `timeout` seconds while all are empty, then returns `None`.
    fn bzpopmin<T: FromReply<Bulk>>(keys @@ SortedSet<Reads<T>>, timeout: f64)
        -> Nullable<Tuple<(Bulk, Bulk, Double)>> as Option<(Bytes, T, f64)>
        = "BZPOPMIN" (&keys, BlockTimeout(timeout)) as Bzpopmin {
            since: redis "5.0.0", arity: -3, access: ReadWrite, effect: MayRemove, connection: Dedicated
        };

    /// Adds members with scores to the sorted set at `key`, or sets the scores of existing ones, and returns the number
    /// of new members. The score comes first; several pairs are an array, a `Vec` or a tuple.
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
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if a score is NaN.
    fn zadd[P: Entries<First: Score>](key @ SortedSet<Scored<P>>, pairs: P) -> Integer as u64
        = "ZADD" (&key, FlatPairs(&pairs)) as Zadd {
            since: redis "1.2.0", arity: -4, access: ReadWrite, effect: Creates
        };

    /// Adds members to the sorted set at `key`, or changes their scores, as the [options](crate::options::ZaddOptions)
    /// say. Returns the number of new members, with CH that of new and changed ones; with INCR the new score as an
    /// `Option`.
    ///
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if a score is NaN.
    fn zadd_with[P: Entries<First: Score>, O: ZaddOptionsFor<P, I>]<I: ZaddReply>
        (key @ SortedSet<Scored<P>>, pairs: P, options: O)
        -> I::Shape as I::Reply where O::Newest: AvailableSince<Self::Server>
        = "ZADD" (&key, &options, FlatPairs(&pairs)) as ZaddWith {
            since: redis "1.2.0", arity: -4, access: ReadWrite, effect: Preserves
        };

    /// Returns the number of members in the sorted set at `key`, or 0 if the key does not exist.
    fn zcard(key @ SortedSet<Anything>) -> Integer as u64
        = "ZCARD" as Zcard {
            since: redis "1.2.0", arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Returns the number of members of the sorted set at `key` with a score in `range`, such as `1.0..=5.0`.
    fn zcount(key @ SortedSet<Anything>, range: impl ScoreRange) -> Integer as u64
        = "ZCOUNT" (&key, Ends::of_scores(&range)) as Zcount {
            since: redis "2.0.0", arity: 4, access: ReadOnly, effect: Preserves
        };

    /// Returns the members of the first of `keys` that none of the others has, from the lowest score to the highest.
    fn zdiff<T: FromReply<Bulk>>(keys @@ AnySet<Reads<T>>) -> Array<Bulk> as Vec<T>
        = "ZDIFF" (NumKeys(&keys)) as Zdiff {
            since: redis "6.2.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns members as [`zdiff`](Self::zdiff) does, each with its score.
    fn zdiff_withscores<T: FromReply<Bulk>>(keys @@ AnySet<Reads<T>>) -> Pairs<Bulk, Double> as Vec<(T, f64)>
        = "ZDIFF" (NumKeys(&keys), "WITHSCORES") as ZdiffWithscores {
            since: redis "6.2.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Stores the result of [`zdiff`](Self::zdiff) with its scores at `destination`, overwrites any value there, and
    /// returns the number of members. An empty result removes `destination`.
    fn zdiffstore[D: KeyFor<SortedSet<Anything>>](destination @= D of SortedSet => Unknown, keys @@ AnySet<ElementsOf<D::Kind>>) -> Integer as u64
        = "ZDIFFSTORE" (&destination, NumKeys(&keys)) as Zdiffstore {
            since: redis "6.2.0", arity: -4, access: ReadWrite, effect: Preserves
        };

    /// Adds `by` to the score of `member` in the sorted set at `key` and returns the new score. A missing member counts
    /// as one with the score 0.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the new score is NaN.
    fn zincrby[V: Argument](key @ SortedSet<Scored<(f64, V)>>, by: impl Score, member: V) -> Double as f64
        = "ZINCRBY" as Zincrby {
            since: redis "1.2.0", arity: 4, access: ReadWrite, effect: Creates
        };

    /// Returns the members that all of `keys` have, from the lowest score to the highest.
    fn zinter<T: FromReply<Bulk>>(keys @@ AnySet<Reads<T>>) -> Array<Bulk> as Vec<T>
        = "ZINTER" (NumKeys(&keys)) as Zinter {
            since: redis "6.2.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the number of members that all of `keys` have.
    fn zintercard(keys @@ AnySet<Anything>) -> Integer as u64
        = "ZINTERCARD" (NumKeys(&keys)) as Zintercard {
            since: redis "7.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the number of members that all of `keys` have, counted up to `limit`; 0 is no limit.
    fn zintercard_limit(keys @@ AnySet<Anything>, limit: u64) -> Integer as u64
        = "ZINTERCARD" (NumKeys(&keys), "LIMIT", &limit) as ZintercardLimit {
            since: redis "7.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the members that all of `keys` have, from the lowest score to the highest, combined as the options say;
    /// with [`withscores`](CombineOptions::withscores) each with its score.
    fn zinter_with<T: FromReply<Bulk>, S: MembersReply<T>>
        (keys @@ AnySet<Reads<T>>, options: CombineOptions<S, impl AvailableSince<Self::Server>>)
        -> S::Shape as S::Reply
        = "ZINTER" (Combined(&keys, &options)) as ZinterWith {
            since: redis "6.2.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Stores the result of [`zinter`](Self::zinter) with its scores at `destination`, overwrites any value there, and
    /// returns the number of members. An empty result removes `destination`.
    fn zinterstore[D: KeyFor<SortedSet<Anything>>](destination @= D of SortedSet => Unknown, keys @@ AnySet<ElementsOf<D::Kind>>) -> Integer as u64
        = "ZINTERSTORE" (&destination, NumKeys(&keys)) as Zinterstore {
            since: redis "2.0.0", arity: -4, access: ReadWrite, effect: Preserves
        };

    /// Stores the result of [`zinter_with`](Self::zinter_with) with its scores at `destination`, overwrites any value
    /// there, and returns the number of members. An empty result removes `destination`.
    fn zinterstore_with[D: KeyFor<SortedSet<Anything>>]
        (destination @= D of SortedSet => Unknown, keys @@ AnySet<ElementsOf<D::Kind>>,
            options: CombineOptions<impl Storable, impl AvailableSince<Self::Server>>)
        -> Integer as u64
        = "ZINTERSTORE" (&destination, Combined(&keys, &options)) as ZinterstoreWith {
            since: redis "2.0.0", arity: -4, access: ReadWrite, effect: Preserves
        };

    /// Returns the number of members of the sorted set at `key` in `range`, such as `"a".."c"`.
    fn zlexcount(key @ SortedSet<Anything>, range: impl LexRange) -> Integer as u64
        = "ZLEXCOUNT" (&key, Ends::of_members(&range)) as Zlexcount {
            since: redis "2.8.9", arity: 4, access: ReadOnly, effect: Preserves
        };

    /// Removes the member with the lowest or highest score from the first non-empty sorted set at `keys` and returns
    /// the key, the member and its score, or `None` if all are empty.
    fn zmpop<T: FromReply<Bulk>>(keys @@ SortedSet<Reads<T>>, end: MinMax)
        -> Nullable<Tuple<(Bulk, Pairs<Bulk, Double>)>> as Option<(Bytes, Vec<(T, f64)>)>
        = "ZMPOP" (NumKeys(&keys), &end) as Zmpop {
            since: redis "7.0.0", arity: -4, access: ReadWrite, effect: MayRemove
        };

    /// Removes up to `count` members with the lowest or highest scores from the first non-empty sorted set at `keys`
    /// and returns the key, the members and their scores, or `None` if all are empty.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if `count` is 0.
    fn zmpop_count<T: FromReply<Bulk>>(keys @@ SortedSet<Reads<T>>, end: MinMax, count: u64)
        -> Nullable<Tuple<(Bulk, Pairs<Bulk, Double>)>> as Option<(Bytes, Vec<(T, f64)>)>
        = "ZMPOP" (NumKeys(&keys), &end, "COUNT", &count) as ZmpopCount {
            since: redis "7.0.0", arity: -4, access: ReadWrite, effect: MayRemove
        };

    /// Returns the scores of `members` in the sorted set at `key`, in order, with `None` for each missing member.
    fn zmscore[V: Arguments](key @ SortedSet<Writes<V>>, members: V) -> Array<Nullable<Double>> as Vec<Option<f64>>
        = "ZMSCORE" as Zmscore {
            since: redis "6.2.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Removes the member with the highest score from the sorted set at `key` and returns it with its score, or `None`
    /// if the key does not exist.
    fn zpopmax<T: FromReply<Bulk>>(key @ SortedSet<Reads<T>>) -> Pairs<Bulk, Double> as Option<(T, f64)>
        = "ZPOPMAX" as Zpopmax {
            since: redis "5.0.0", arity: -2, access: ReadWrite, effect: MayRemove
        };

    /// Removes up to `count` members with the highest scores from the sorted set at `key` and returns them with their
    /// scores, the highest first; empty if the key does not exist.
    fn zpopmax_count<T: FromReply<Bulk>>(key @ SortedSet<Reads<T>>, count: u64) -> Pairs<Bulk, Double> as Vec<(T, f64)>
        = "ZPOPMAX" as ZpopmaxCount {
            // Servers before 7.0 do not check the type of the key for the count 0.
            since: redis "5.0.0", arity: -2, access: ReadWrite, effect: Unknown
        };

    /// Removes the member with the lowest score from the sorted set at `key` and returns it with its score, or `None`
    /// if the key does not exist.
    fn zpopmin<T: FromReply<Bulk>>(key @ SortedSet<Reads<T>>) -> Pairs<Bulk, Double> as Option<(T, f64)>
        = "ZPOPMIN" as Zpopmin {
            since: redis "5.0.0", arity: -2, access: ReadWrite, effect: MayRemove
        };

    /// Removes up to `count` members with the lowest scores from the sorted set at `key` and returns them with their
    /// scores, the lowest first; empty if the key does not exist.
    fn zpopmin_count<T: FromReply<Bulk>>(key @ SortedSet<Reads<T>>, count: u64) -> Pairs<Bulk, Double> as Vec<(T, f64)>
        = "ZPOPMIN" as ZpopminCount {
            // Servers before 7.0 do not check the type of the key for the count 0.
            since: redis "5.0.0", arity: -2, access: ReadWrite, effect: Unknown
        };

    /// Returns a random member of the sorted set at `key`, or `None` if the key does not exist.
    fn zrandmember<T: FromReply<Bulk>>(key @ SortedSet<Reads<T>>) -> Nullable<Bulk> as Option<T>
        = "ZRANDMEMBER" as Zrandmember {
            since: redis "6.2.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Returns up to `count` different random members of the sorted set at `key`; empty if the key does not exist. A
    /// negative `count` returns exactly its absolute value of members, with repetitions.
    fn zrandmember_count<T: FromReply<Bulk>>(key @ SortedSet<Reads<T>>, count: i64) -> Array<Bulk> as Vec<T>
        = "ZRANDMEMBER" as ZrandmemberCount {
            since: redis "6.2.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Returns up to `count` different random members of the sorted set at `key` with their scores; empty if the key
    /// does not exist. A negative `count` returns exactly its absolute value of members, with repetitions.
    fn zrandmember_withscores<T: FromReply<Bulk>>(key @ SortedSet<Reads<T>>, count: i64)
        -> Pairs<Bulk, Double> as Vec<(T, f64)>
        = "ZRANDMEMBER" (&key, &count, "WITHSCORES") as ZrandmemberWithscores {
            since: redis "6.2.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Returns the members of the sorted set at `key` from position `start` to `stop`, both included, in ascending
    /// order.
    fn zrange<T: FromReply<Bulk>>(key @ SortedSet<Reads<T>>, start: i64, stop: i64) -> Array<Bulk> as Vec<T>
        = "ZRANGE" as Zrange {
            since: redis "1.2.0", arity: -4, access: ReadOnly, effect: Preserves
        };

    /// Returns the members of the sorted set at `key` in the range of `options`, which is one of positions, scores or
    /// members; with [`withscores`](ZrangeOptions::withscores) each with its score.
    fn zrange_with<T: FromReply<Bulk>, S: MembersReply<T>>
        (key @ SortedSet<Reads<T>>,
            options: ZrangeOptions<impl AvailableSince<Self::Server>, S, impl AvailableSince<Self::Server>>)
        -> S::Shape as S::Reply
        = "ZRANGE" as ZrangeWith {
            since: redis "1.2.0", arity: -4, access: ReadOnly, effect: Preserves
        };

    /// Stores the members of the sorted set at `source` from position `start` to `stop`, both included, with their
    /// scores at `destination`, overwrites any value there, and returns their number. An empty range removes
    /// `destination`.
    fn zrangestore[D: KeyFor<SortedSet<Anything>>]
        (destination @= D of SortedSet => Unknown, source @ SortedSet<ElementsOf<D::Kind>>, start: i64, stop: i64)
        -> Integer as u64
        = "ZRANGESTORE" as Zrangestore {
            since: redis "6.2.0", arity: -5, access: ReadWrite, effect: Preserves
        };

    /// Stores the members of the sorted set at `source` in the range of `options` with their scores at `destination`,
    /// overwrites any value there, and returns their number. An empty range removes `destination`.
    fn zrangestore_with[D: KeyFor<SortedSet<Anything>>]
        (destination @= D of SortedSet => Unknown, source @ SortedSet<ElementsOf<D::Kind>>,
            options: ZrangeOptions<impl Sized, impl Storable, impl Sized>)
        -> Integer as u64
        = "ZRANGESTORE" as ZrangestoreWith {
            since: redis "6.2.0", arity: -5, access: ReadWrite, effect: Preserves
        };

    /// Returns the position of `member` in the sorted set at `key`, or `None` if it is not a member.
    fn zrank[V: Argument](key @ SortedSet<Writes<V>>, member: V) -> Nullable<Integer> as Option<u64>
        = "ZRANK" as Zrank {
            since: redis "2.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the position of `member` in the sorted set at `key` with its score, or `None` if it is not a member.
    fn zrank_withscore[V: Argument](key @ SortedSet<Writes<V>>, member: V)
        -> Nullable<Tuple<(Integer, Double)>> as Option<(u64, f64)>
        = "ZRANK" (&key, &member, "WITHSCORE") as ZrankWithscore {
            since: redis "7.2.0", arity: -3, access: ReadOnly, effect: Preserves,
            fallback: "use ZRANK and ZSCORE in a transaction"
        };

    /// Removes `members` from the sorted set at `key` and returns how many of them existed.
    fn zrem[V: Arguments](key @ SortedSet<Writes<V>>, members: V) -> Integer as u64
        = "ZREM" as Zrem {
            since: redis "1.2.0", arity: -3, access: ReadWrite, effect: MayRemove
        };

    /// Removes the members of the sorted set at `key` in `range`, such as `"a".."c"`, and returns their number.
    fn zremrangebylex(key @ SortedSet<Anything>, range: impl LexRange) -> Integer as u64
        = "ZREMRANGEBYLEX" (&key, Ends::of_members(&range)) as Zremrangebylex {
            since: redis "2.8.9", arity: 4, access: ReadWrite, effect: MayRemove
        };

    /// Removes the members of the sorted set at `key` from position `start` to `stop`, both included, and returns their
    /// number.
    fn zremrangebyrank(key @ SortedSet<Anything>, start: i64, stop: i64) -> Integer as u64
        = "ZREMRANGEBYRANK" as Zremrangebyrank {
            since: redis "2.0.0", arity: 4, access: ReadWrite, effect: MayRemove
        };

    /// Removes the members of the sorted set at `key` with a score in `range`, such as `1.0..5.0`, and returns their
    /// number.
    fn zremrangebyscore(key @ SortedSet<Anything>, range: impl ScoreRange) -> Integer as u64
        = "ZREMRANGEBYSCORE" (&key, Ends::of_scores(&range)) as Zremrangebyscore {
            since: redis "1.2.0", arity: 4, access: ReadWrite, effect: MayRemove
        };

    /// Returns the position of `member` in the sorted set at `key` from its end, or `None` if it is not a member.
    fn zrevrank[V: Argument](key @ SortedSet<Writes<V>>, member: V) -> Nullable<Integer> as Option<u64>
        = "ZREVRANK" as Zrevrank {
            since: redis "2.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the position of `member` in the sorted set at `key` from its end with its score, or `None` if it is not a
    /// member.
    fn zrevrank_withscore[V: Argument](key @ SortedSet<Writes<V>>, member: V)
        -> Nullable<Tuple<(Integer, Double)>> as Option<(u64, f64)>
        = "ZREVRANK" (&key, &member, "WITHSCORE") as ZrevrankWithscore {
            since: redis "7.2.0", arity: -3, access: ReadOnly, effect: Preserves,
            fallback: "use ZREVRANK and ZSCORE in a transaction"
        };

    /// Returns the next cursor and a page of the members of the sorted set at `key` with their scores. See
    /// [`hscan`](crate::commands::HashCommands::hscan) for how to iterate.
    fn zscan<T: FromReply<Bulk>>(key @ SortedSet<Reads<T>>, cursor: u64)
        -> Tuple<(Bulk, Pairs<Bulk, Double>)> as (u64, Vec<(T, f64)>)
        = "ZSCAN" as Zscan {
            since: redis "2.8.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the next cursor and a page as [`zscan`](Self::zscan) does, filtered by a pattern or of another size.
    fn zscan_with<T: FromReply<Bulk>>(key @ SortedSet<Reads<T>>, cursor: u64, options: ScanOptions<'_>)
        -> Tuple<(Bulk, Pairs<Bulk, Double>)> as (u64, Vec<(T, f64)>)
        = "ZSCAN" as ZscanWith {
            since: redis "2.8.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the next cursor and a page of the members of the sorted set at `key` without their scores; Valkey has it.
    /// See [`hscan`](crate::commands::HashCommands::hscan) for how to iterate.
    fn zscan_noscores<T: FromReply<Bulk>>(key @ SortedSet<Reads<T>>, cursor: u64)
        -> Tuple<(Bulk, Array<Bulk>)> as (u64, Vec<T>)
        = "ZSCAN" (&key, &cursor, "NOSCORES") as ZscanNoscores {
            since: redis never, valkey "8.0.0", arity: -3, access: ReadOnly, effect: Preserves,
            fallback: "use ZSCAN, which returns the scores too"
        };

    /// Returns the next cursor and a page as [`zscan_noscores`](Self::zscan_noscores) does, filtered by a pattern or of
    /// another size.
    fn zscan_noscores_with<T: FromReply<Bulk>>(key @ SortedSet<Reads<T>>, cursor: u64, options: ScanOptions<'_>)
        -> Tuple<(Bulk, Array<Bulk>)> as (u64, Vec<T>)
        = "ZSCAN" (&key, &cursor, &options, "NOSCORES") as ZscanNoscoresWith {
            since: redis never, valkey "8.0.0", arity: -3, access: ReadOnly, effect: Preserves,
            fallback: "use ZSCAN, which returns the scores too"
        };

    /// Returns the score of `member` in the sorted set at `key`, or `None` if it is not a member.
    fn zscore[V: Argument](key @ SortedSet<Writes<V>>, member: V) -> Nullable<Double> as Option<f64>
        = "ZSCORE" as Zscore {
            since: redis "1.2.0", arity: 3, access: ReadOnly, effect: Preserves
        };

    /// Returns the members that any of `keys` has, from the lowest score to the highest.
    fn zunion<T: FromReply<Bulk>>(keys @@ AnySet<Reads<T>>) -> Array<Bulk> as Vec<T>
        = "ZUNION" (NumKeys(&keys)) as Zunion {
            since: redis "6.2.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the members that any of `keys` has, from the lowest score to the highest, combined as the options say;
    /// with [`withscores`](CombineOptions::withscores) each with its score.
    fn zunion_with<T: FromReply<Bulk>, S: MembersReply<T>>
        (keys @@ AnySet<Reads<T>>, options: CombineOptions<S, impl AvailableSince<Self::Server>>)
        -> S::Shape as S::Reply
        = "ZUNION" (Combined(&keys, &options)) as ZunionWith {
            since: redis "6.2.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Stores the result of [`zunion`](Self::zunion) with its scores at `destination`, overwrites any value there, and
    /// returns the number of members. An empty result removes `destination`.
    fn zunionstore[D: KeyFor<SortedSet<Anything>>](destination @= D of SortedSet => Unknown, keys @@ AnySet<ElementsOf<D::Kind>>) -> Integer as u64
        = "ZUNIONSTORE" (&destination, NumKeys(&keys)) as Zunionstore {
            since: redis "2.0.0", arity: -4, access: ReadWrite, effect: Preserves
        };

    /// Stores the result of [`zunion_with`](Self::zunion_with) with its scores at `destination`, overwrites any value
    /// there, and returns the number of members. An empty result removes `destination`.
    fn zunionstore_with[D: KeyFor<SortedSet<Anything>>]
        (destination @= D of SortedSet => Unknown, keys @@ AnySet<ElementsOf<D::Kind>>,
            options: CombineOptions<impl Storable, impl AvailableSince<Self::Server>>)
        -> Integer as u64
        = "ZUNIONSTORE" (&destination, Combined(&keys, &options)) as ZunionstoreWith {
            since: redis "2.0.0", arity: -4, access: ReadWrite, effect: Preserves
        };
}
