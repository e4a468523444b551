//! Commands on sets.

pub(crate) mod options;
pub(crate) mod replies;

use options::SunioncardOptions;
use replies::{MemberExpireTime, MemberExpiry, MemberPersisted, MemberPexpireTime, MemberPttl, MemberTtl};

use crate::{
    argument::{Argument, Arguments},
    command::encode::NumKeys,
    commands::{generic::options::SingleCondition, scan::ScanOptions},
    key::{Anything, ElementsOf, KeyFor, Reads, Set, Writes},
    reply::{Bulk, FromReply},
};

commands! {
    /// Commands on sets.
    ///
    /// They fail with WRONGTYPE if a key holds another type. A missing key counts as an empty set, and a set is removed
    /// with its last member.
    pub trait SetCommands in cmd;

    /// Adds `members` to the set at `key` and returns the number of new members.
    ///
    /// ```
    /// # use typedis::{Client, prelude::*};
    /// # async fn example(client: &Client) -> typedis::Result<()> {
    /// assert_eq!(client.sadd("tags", ["rust", "redis", "rust"]).await?, 2);
    /// assert!(client.sismember("tags", "redis").await?);
    /// # Ok(()) }
    /// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
    /// ```
    fn sadd[V: Arguments](key @ Set<Writes<V>>, members: V) -> Integer as u64
        = "SADD" as Sadd {
            since: redis "1.0.0", arity: -3, access: ReadWrite, effect: Creates
        };

    /// Returns the number of members in the set at `key`, or 0 if the key does not exist.
    fn scard(key @ Set<Anything>) -> Integer as u64
        = "SCARD" as Scard {
            since: redis "1.0.0", arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Returns the members of the first of `keys` that none of the others has, in no order.
    fn sdiff<T: FromReply<Bulk>>(keys @@ Set<Reads<T>>) -> Array<Bulk> as Vec<T>
        = "SDIFF" as Sdiff {
            since: redis "1.0.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Returns the number of members of the first of `keys` that none of the others has.
    fn sdiffcard(keys @@ Set<Anything>) -> Integer as u64
        = "SDIFFCARD" (NumKeys(&keys)) as Sdiffcard {
            since: redis "8.10.0", valkey never, arity: -3, access: ReadOnly, effect: Preserves,
            fallback: "count the members that SDIFF returns"
        };

    /// Returns the number of members of the first of `keys` that none of the others has, counted up to `limit`; 0 is no
    /// limit.
    fn sdiffcard_limit(keys @@ Set<Anything>, limit: u64) -> Integer as u64
        = "SDIFFCARD" (NumKeys(&keys), "LIMIT", limit) as SdiffcardLimit {
            since: redis "8.10.0", valkey never, arity: -3, access: ReadOnly, effect: Preserves,
            fallback: "count the members that SDIFF returns"
        };

    /// Stores the result of [`sdiff`](Self::sdiff) at `destination`, overwrites any value there, and returns the number
    /// of members. An empty result removes `destination`.
    fn sdiffstore[D: KeyFor<Set<Anything>>](destination @= D of Set => Unknown, keys @@ Set<ElementsOf<D::Kind>>) -> Integer as u64
        = "SDIFFSTORE" as Sdiffstore {
            since: redis "1.0.0", arity: -3, access: ReadWrite, effect: Preserves
        };

    /// Sets the expiry of `members` of the set at `key` to `seconds` from now, and returns the effect on each member, in
    /// their order; the list may be empty if the key does not exist. 0 removes the members at once. A
    /// [watch](crate::Pipeline::watch) of the key may not see that time come.
    fn sexpire[V: Arguments](key @ Set<Writes<V>>, seconds: u64, members: V) -> Array<Integer> as Vec<MemberExpiry>
        = "SEXPIRE" (&key, &seconds, "MEMBERS", NumKeys(&members)) as Sexpire {
            since: redis "8.12.0", valkey never, arity: -6, access: ReadWrite, effect: MayRemove,
            fallback: "use a sorted set whose scores are the times, and ZREMRANGEBYSCORE"
        };

    /// Sets the expiry as [`sexpire`](Self::sexpire) does, of those members for which the condition holds.
    fn sexpire_with[V: Arguments](key @ Set<Writes<V>>, seconds: u64, members: V, condition: impl SingleCondition)
        -> Array<Integer> as Vec<MemberExpiry>
        = "SEXPIRE" (&key, &seconds, &condition, "MEMBERS", NumKeys(&members)) as SexpireWith {
            since: redis "8.12.0", valkey never, arity: -6, access: ReadWrite, effect: MayRemove,
            fallback: "use a sorted set whose scores are the times, and ZREMRANGEBYSCORE"
        };

    /// Sets the expiry of `members` of the set at `key` to the Unix time `seconds`, and returns the effect on each member,
    /// in their order; the list may be empty if the key does not exist. A time in the past removes the members at once. A
    /// [watch](crate::Pipeline::watch) of the key may not see that time come.
    fn sexpireat[V: Arguments](key @ Set<Writes<V>>, seconds: u64, members: V) -> Array<Integer> as Vec<MemberExpiry>
        = "SEXPIREAT" (&key, &seconds, "MEMBERS", NumKeys(&members)) as Sexpireat {
            since: redis "8.12.0", valkey never, arity: -6, access: ReadWrite, effect: MayRemove,
            fallback: "use a sorted set whose scores are the times, and ZREMRANGEBYSCORE"
        };

    /// Sets the expiry as [`sexpireat`](Self::sexpireat) does, of those members for which the condition holds.
    fn sexpireat_with[V: Arguments](key @ Set<Writes<V>>, seconds: u64, members: V, condition: impl SingleCondition)
        -> Array<Integer> as Vec<MemberExpiry>
        = "SEXPIREAT" (&key, &seconds, &condition, "MEMBERS", NumKeys(&members)) as SexpireatWith {
            since: redis "8.12.0", valkey never, arity: -6, access: ReadWrite, effect: MayRemove,
            fallback: "use a sorted set whose scores are the times, and ZREMRANGEBYSCORE"
        };

    /// Returns for each of `members` of the set at `key`, in their order, the Unix time in seconds at which it expires, or
    /// that it does not expire or is no member.
    fn sexpiretime[V: Arguments](key @ Set<Writes<V>>, members: V) -> Array<Integer> as Vec<MemberExpireTime>
        = "SEXPIRETIME" (&key, "MEMBERS", NumKeys(&members)) as Sexpiretime {
            since: redis "8.12.0", valkey never, arity: -5, access: ReadOnly, effect: Preserves
        };

    /// Returns the members that all of `keys` have, in no order.
    fn sinter<T: FromReply<Bulk>>(keys @@ Set<Reads<T>>) -> Array<Bulk> as Vec<T>
        = "SINTER" as Sinter {
            since: redis "1.0.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Returns the number of members that all of `keys` have.
    fn sintercard(keys @@ Set<Anything>) -> Integer as u64
        = "SINTERCARD" (NumKeys(&keys)) as Sintercard {
            since: redis "7.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the number of members that all of `keys` have, counted up to `limit`; 0 is no limit.
    fn sintercard_limit(keys @@ Set<Anything>, limit: u64) -> Integer as u64
        = "SINTERCARD" (NumKeys(&keys), "LIMIT", limit) as SintercardLimit {
            since: redis "7.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Stores the result of [`sinter`](Self::sinter) at `destination`, overwrites any value there, and returns the
    /// number of members. An empty result removes `destination`.
    fn sinterstore[D: KeyFor<Set<Anything>>](destination @= D of Set => Unknown, keys @@ Set<ElementsOf<D::Kind>>) -> Integer as u64
        = "SINTERSTORE" as Sinterstore {
            since: redis "1.0.0", arity: -3, access: ReadWrite, effect: Preserves
        };

    /// Returns whether `member` is in the set at `key`.
    fn sismember[V: Argument](key @ Set<Writes<V>>, member: V) -> Flag as bool
        = "SISMEMBER" as Sismember {
            since: redis "1.0.0", arity: 3, access: ReadOnly, effect: Preserves
        };

    /// Returns all members of the set at `key`, in no order; empty if the key does not exist.
    fn smembers<T: FromReply<Bulk>>(key @ Set<Reads<T>>) -> Array<Bulk> as Vec<T>
        = "SMEMBERS" as Smembers {
            since: redis "1.0.0", arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Returns for each of `members`, in their order, whether it is in the set at `key`.
    fn smismember[V: Arguments](key @ Set<Writes<V>>, members: V) -> Array<Flag> as Vec<bool>
        = "SMISMEMBER" as Smismember {
            since: redis "6.2.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Moves `member` from the set at `source` to the set at `destination` and returns whether `source` had it.
    fn smove[V: Argument]
        (source @ Set<Writes<V>>, destination @ Set<Writes<V>> => Preserves Ignores, member: V) -> Flag as bool
        = "SMOVE" as Smove {
            since: redis "1.0.0", arity: 4, access: ReadWrite, effect: MayRemove
        };

    /// Removes the expiry of `members` of the set at `key`, and returns the effect on each member, in their order.
    fn spersist[V: Arguments](key @ Set<Writes<V>>, members: V) -> Array<Integer> as Vec<MemberPersisted>
        = "SPERSIST" (&key, "MEMBERS", NumKeys(&members)) as Spersist {
            since: redis "8.12.0", valkey never, arity: -5, access: ReadWrite, effect: Preserves
        };

    /// Sets the expiry of `members` of the set at `key` to `milliseconds` from now, and returns the effect on each member,
    /// in their order; the list may be empty if the key does not exist. 0 removes the members at once. A
    /// [watch](crate::Pipeline::watch) of the key may not see that time come.
    fn spexpire[V: Arguments](key @ Set<Writes<V>>, milliseconds: u64, members: V) -> Array<Integer> as Vec<MemberExpiry>
        = "SPEXPIRE" (&key, &milliseconds, "MEMBERS", NumKeys(&members)) as Spexpire {
            since: redis "8.12.0", valkey never, arity: -6, access: ReadWrite, effect: MayRemove,
            fallback: "use a sorted set whose scores are the times, and ZREMRANGEBYSCORE"
        };

    /// Sets the expiry as [`spexpire`](Self::spexpire) does, of those members for which the condition holds.
    fn spexpire_with[V: Arguments](key @ Set<Writes<V>>, milliseconds: u64, members: V, condition: impl SingleCondition)
        -> Array<Integer> as Vec<MemberExpiry>
        = "SPEXPIRE" (&key, &milliseconds, &condition, "MEMBERS", NumKeys(&members)) as SpexpireWith {
            since: redis "8.12.0", valkey never, arity: -6, access: ReadWrite, effect: MayRemove,
            fallback: "use a sorted set whose scores are the times, and ZREMRANGEBYSCORE"
        };

    /// Sets the expiry of `members` of the set at `key` to the Unix time `milliseconds`, and returns the effect on each
    /// member, in their order; the list may be empty if the key does not exist. A time in the past removes the members at
    /// once. A [watch](crate::Pipeline::watch) of the key may not see that time come.
    fn spexpireat[V: Arguments](key @ Set<Writes<V>>, milliseconds: u64, members: V) -> Array<Integer> as Vec<MemberExpiry>
        = "SPEXPIREAT" (&key, &milliseconds, "MEMBERS", NumKeys(&members)) as Spexpireat {
            since: redis "8.12.0", valkey never, arity: -6, access: ReadWrite, effect: MayRemove,
            fallback: "use a sorted set whose scores are the times, and ZREMRANGEBYSCORE"
        };

    /// Sets the expiry as [`spexpireat`](Self::spexpireat) does, of those members for which the condition holds.
    fn spexpireat_with[V: Arguments](key @ Set<Writes<V>>, milliseconds: u64, members: V, condition: impl SingleCondition)
        -> Array<Integer> as Vec<MemberExpiry>
        = "SPEXPIREAT" (&key, &milliseconds, &condition, "MEMBERS", NumKeys(&members)) as SpexpireatWith {
            since: redis "8.12.0", valkey never, arity: -6, access: ReadWrite, effect: MayRemove,
            fallback: "use a sorted set whose scores are the times, and ZREMRANGEBYSCORE"
        };

    /// Returns for each of `members` of the set at `key`, in their order, the Unix time in milliseconds at which it
    /// expires, or that it does not expire or is no member.
    fn spexpiretime[V: Arguments](key @ Set<Writes<V>>, members: V) -> Array<Integer> as Vec<MemberPexpireTime>
        = "SPEXPIRETIME" (&key, "MEMBERS", NumKeys(&members)) as Spexpiretime {
            since: redis "8.12.0", valkey never, arity: -5, access: ReadOnly, effect: Preserves
        };

    /// Removes a random member from the set at `key` and returns it, or `None` if the key does not exist.
    fn spop<T: FromReply<Bulk>>(key @ Set<Reads<T>>) -> Nullable<Bulk> as Option<T>
        = "SPOP" as Spop {
            since: redis "1.0.0", arity: -2, access: ReadWrite, effect: MayRemove
        };

    /// Removes up to `count` random members from the set at `key` and returns them; empty if the key does not exist.
    fn spop_count<T: FromReply<Bulk>>(key @ Set<Reads<T>>, count: u64) -> Array<Bulk> as Vec<T>
        = "SPOP" as SpopCount {
            since: redis "3.2.0", arity: -2, access: ReadWrite, effect: MayRemove
        };

    /// Returns for each of `members` of the set at `key`, in their order, the time to live in milliseconds, or that it does
    /// not expire or is no member.
    fn spttl[V: Arguments](key @ Set<Writes<V>>, members: V) -> Array<Integer> as Vec<MemberPttl>
        = "SPTTL" (&key, "MEMBERS", NumKeys(&members)) as Spttl {
            since: redis "8.12.0", valkey never, arity: -5, access: ReadOnly, effect: Preserves
        };

    /// Returns a random member of the set at `key`, or `None` if the key does not exist.
    fn srandmember<T: FromReply<Bulk>>(key @ Set<Reads<T>>) -> Nullable<Bulk> as Option<T>
        = "SRANDMEMBER" as Srandmember {
            since: redis "1.0.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Returns up to `count` different random members of the set at `key`; empty if the key does not exist. A negative
    /// `count` returns exactly its absolute value of members, with repetitions.
    fn srandmember_count<T: FromReply<Bulk>>(key @ Set<Reads<T>>, count: i64) -> Array<Bulk> as Vec<T>
        = "SRANDMEMBER" as SrandmemberCount {
            since: redis "2.6.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Removes `members` from the set at `key` and returns how many of them existed.
    fn srem[V: Arguments](key @ Set<Writes<V>>, members: V) -> Integer as u64
        = "SREM" as Srem {
            since: redis "1.0.0", arity: -3, access: ReadWrite, effect: MayRemove
        };

    /// Returns the next cursor and a page of the members of the set at `key`.
    ///
    /// An iteration begins with the cursor 0 and ends when 0 is returned. A member that exists throughout is returned
    /// at least once; a page may be empty, and a member may be returned twice.
    fn sscan<T: FromReply<Bulk>>(key @ Set<Reads<T>>, cursor: u64) -> Tuple<(Bulk, Array<Bulk>)> as (u64, Vec<T>)
        = "SSCAN" as Sscan {
            since: redis "2.8.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the next cursor and a page as [`sscan`](Self::sscan) does, filtered by a pattern or of another size.
    fn sscan_with<T: FromReply<Bulk>>(key @ Set<Reads<T>>, cursor: u64, options: ScanOptions<'_>)
        -> Tuple<(Bulk, Array<Bulk>)> as (u64, Vec<T>)
        = "SSCAN" as SscanWith {
            since: redis "2.8.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns for each of `members` of the set at `key`, in their order, the time to live in seconds, or that it does not
    /// expire or is no member.
    fn sttl[V: Arguments](key @ Set<Writes<V>>, members: V) -> Array<Integer> as Vec<MemberTtl>
        = "STTL" (&key, "MEMBERS", NumKeys(&members)) as Sttl {
            since: redis "8.12.0", valkey never, arity: -5, access: ReadOnly, effect: Preserves
        };

    /// Returns the members that any of `keys` has, in no order.
    fn sunion<T: FromReply<Bulk>>(keys @@ Set<Reads<T>>) -> Array<Bulk> as Vec<T>
        = "SUNION" as Sunion {
            since: redis "1.0.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Returns the number of members that any of `keys` has.
    fn sunioncard(keys @@ Set<Anything>) -> Integer as u64
        = "SUNIONCARD" (NumKeys(&keys)) as Sunioncard {
            since: redis "8.10.0", valkey never, arity: -3, access: ReadOnly, effect: Preserves,
            fallback: "count the members that SUNION returns"
        };

    /// Returns the number of members that any of `keys` has, estimated or limited by the options.
    fn sunioncard_with(keys @@ Set<Anything>, options: SunioncardOptions) -> Integer as u64
        = "SUNIONCARD" (NumKeys(&keys), &options) as SunioncardWith {
            since: redis "8.10.0", valkey never, arity: -3, access: ReadOnly, effect: Preserves,
            fallback: "count the members that SUNION returns"
        };

    /// Stores the result of [`sunion`](Self::sunion) at `destination`, overwrites any value there, and returns the
    /// number of members. An empty result removes `destination`.
    fn sunionstore[D: KeyFor<Set<Anything>>](destination @= D of Set => Unknown, keys @@ Set<ElementsOf<D::Kind>>) -> Integer as u64
        = "SUNIONSTORE" as Sunionstore {
            since: redis "1.0.0", arity: -3, access: ReadWrite, effect: Preserves
        };
}
