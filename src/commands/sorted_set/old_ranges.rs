//! Commands on ranges of sorted sets that ZRANGE replaces.

use super::{
    options::{MembersReply, ZrangebyscoreOptions},
    range::{Ends, LexRange, ScoreRange},
};
use crate::{
    key::{Reads, SortedSet},
    reply::{Bulk, FromReply},
};

commands! {
    /// Commands on ranges of sorted sets that ZRANGE replaces since 6.2.
    ///
    /// [`zrange_with`](crate::commands::SortedSetCommands::zrange_with) does what each of them does. They fail with WRONGTYPE
    /// if the key holds another type, and a missing key counts as an empty sorted set.
    pub trait OldRangeCommands in cmd;

    /// Returns the members of the sorted set at `key` in `range`, such as `"a".."c"`, in the order of their bytes.
    fn zrangebylex<T: FromReply<Bulk>>(key @ SortedSet<Reads<T>>, range: impl LexRange) -> Array<Bulk> as Vec<T>
        = "ZRANGEBYLEX" (&key, Ends::of_members(&range)) as Zrangebylex {
            since: redis "2.8.9", arity: -4, access: ReadOnly, effect: Preserves,
            deprecated: { redis: "6.2.0", instead: "ZRANGE with BYLEX" }
        };

    /// Returns members as [`zrangebylex`](Self::zrangebylex) does, skips the first `offset` of them and returns at most
    /// `count`; a negative `count` is no limit.
    fn zrangebylex_limit<T: FromReply<Bulk>>(key @ SortedSet<Reads<T>>, range: impl LexRange, offset: u64, count: i64)
        -> Array<Bulk> as Vec<T>
        = "ZRANGEBYLEX" (&key, Ends::of_members(&range), "LIMIT", &offset, &count) as ZrangebylexLimit {
            since: redis "2.8.9", arity: -4, access: ReadOnly, effect: Preserves,
            deprecated: { redis: "6.2.0", instead: "ZRANGE with BYLEX" }
        };

    /// Returns the members of the sorted set at `key` with a score in `range`, such as `1.0..=5.0`, from the lowest
    /// score to the highest.
    fn zrangebyscore<T: FromReply<Bulk>>(key @ SortedSet<Reads<T>>, range: impl ScoreRange) -> Array<Bulk> as Vec<T>
        = "ZRANGEBYSCORE" (&key, Ends::of_scores(&range)) as Zrangebyscore {
            since: redis "1.0.5", arity: -4, access: ReadOnly, effect: Preserves,
            deprecated: { redis: "6.2.0", instead: "ZRANGE with BYSCORE" }
        };

    /// Returns members as [`zrangebyscore`](Self::zrangebyscore) does, limited or with scores by the options.
    fn zrangebyscore_with<T: FromReply<Bulk>, S: MembersReply<T>>
        (key @ SortedSet<Reads<T>>, range: impl ScoreRange, options: ZrangebyscoreOptions<S>)
        -> S::Shape as S::Reply
        = "ZRANGEBYSCORE" (&key, Ends::of_scores(&range), &options) as ZrangebyscoreWith {
            since: redis "1.0.5", arity: -4, access: ReadOnly, effect: Preserves,
            deprecated: { redis: "6.2.0", instead: "ZRANGE with BYSCORE" }
        };

    /// Returns the members of the sorted set at `key` from position `start` to `stop`, both included, in descending
    /// order. The highest score has the position 0.
    fn zrevrange<T: FromReply<Bulk>>(key @ SortedSet<Reads<T>>, start: i64, stop: i64) -> Array<Bulk> as Vec<T>
        = "ZREVRANGE" as Zrevrange {
            since: redis "1.2.0", arity: -4, access: ReadOnly, effect: Preserves,
            deprecated: { redis: "6.2.0", instead: "ZRANGE with REV" }
        };

    /// Returns members as [`zrevrange`](Self::zrevrange) does, each with its score.
    fn zrevrange_withscores<T: FromReply<Bulk>>(key @ SortedSet<Reads<T>>, start: i64, stop: i64)
        -> Pairs<Bulk, Double> as Vec<(T, f64)>
        = "ZREVRANGE" (&key, &start, &stop, "WITHSCORES") as ZrevrangeWithscores {
            since: redis "1.2.0", arity: -4, access: ReadOnly, effect: Preserves,
            deprecated: { redis: "6.2.0", instead: "ZRANGE with REV" }
        };

    /// Returns members as [`zrangebylex`](Self::zrangebylex) does, in descending order; the lower end of `range` still
    /// comes first.
    fn zrevrangebylex<T: FromReply<Bulk>>(key @ SortedSet<Reads<T>>, range: impl LexRange) -> Array<Bulk> as Vec<T>
        = "ZREVRANGEBYLEX" (&key, Ends::of_members(&range).reversed()) as Zrevrangebylex {
            since: redis "2.8.9", arity: -4, access: ReadOnly, effect: Preserves,
            deprecated: { redis: "6.2.0", instead: "ZRANGE with BYLEX and REV" }
        };

    /// Returns members as [`zrevrangebylex`](Self::zrevrangebylex) does, skips the first `offset` of them and returns
    /// at most `count`; a negative `count` is no limit.
    fn zrevrangebylex_limit<T: FromReply<Bulk>>
        (key @ SortedSet<Reads<T>>, range: impl LexRange, offset: u64, count: i64)
        -> Array<Bulk> as Vec<T>
        = "ZREVRANGEBYLEX" (&key, Ends::of_members(&range).reversed(), "LIMIT", &offset, &count)
        as ZrevrangebylexLimit {
            since: redis "2.8.9", arity: -4, access: ReadOnly, effect: Preserves,
            deprecated: { redis: "6.2.0", instead: "ZRANGE with BYLEX and REV" }
        };

    /// Returns members as [`zrangebyscore`](Self::zrangebyscore) does, in descending order; the lower end of `range`
    /// still comes first.
    fn zrevrangebyscore<T: FromReply<Bulk>>(key @ SortedSet<Reads<T>>, range: impl ScoreRange) -> Array<Bulk> as Vec<T>
        = "ZREVRANGEBYSCORE" (&key, Ends::of_scores(&range).reversed()) as Zrevrangebyscore {
            since: redis "2.2.0", arity: -4, access: ReadOnly, effect: Preserves,
            deprecated: { redis: "6.2.0", instead: "ZRANGE with BYSCORE and REV" }
        };

    /// Returns members as [`zrevrangebyscore`](Self::zrevrangebyscore) does, limited or with scores by the options.
    fn zrevrangebyscore_with<T: FromReply<Bulk>, S: MembersReply<T>>
        (key @ SortedSet<Reads<T>>, range: impl ScoreRange, options: ZrangebyscoreOptions<S>)
        -> S::Shape as S::Reply
        = "ZREVRANGEBYSCORE" (&key, Ends::of_scores(&range).reversed(), &options) as ZrevrangebyscoreWith {
            since: redis "2.2.0", arity: -4, access: ReadOnly, effect: Preserves,
            deprecated: { redis: "6.2.0", instead: "ZRANGE with BYSCORE and REV" }
        };
}
