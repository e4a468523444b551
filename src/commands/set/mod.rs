//! Sets.

use crate::{
    argument::{Argument, Arguments},
    command::encode::NumKeys,
    commands::hash::options::ScanOptions,
    key::{Anything, ElementsOf, KeyFor, Reads, Set, Writes},
    reply::{Bulk, FromReply},
};

commands! {
    /// Commands on sets.
    ///
    /// They fail with WRONGTYPE when a key holds something else. A key that does not exist counts as an empty set, and
    /// a set that becomes empty is removed.
    pub trait SetCommands in cmd;

    /// Adds `members` to the set at `key` and returns how many of them were not there yet.
    ///
    /// ```
    /// # use typedis::{Client, prelude::*};
    /// # async fn example(client: &Client) -> typedis::Result<()> {
    /// assert_eq!(client.sadd("tags", ["rust", "redis", "rust"]).await?, 2);
    /// assert!(client.sismember("tags", "redis").await?);
    /// # Ok(()) }
    /// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
    /// ```
    ///
    /// [SADD](https://redis.io/docs/latest/commands/sadd/)
    fn sadd[V: Arguments](key @ Set<Writes<V>>, members: V) -> Integer as u64
        = "SADD" as Sadd {
            since: "1.0.0", arity: -3, access: writes, leaves: exists, multi: yes, connection: any
        };

    /// Returns how many members the set at `key` has, 0 where there is none.
    ///
    /// [SCARD](https://redis.io/docs/latest/commands/scard/)
    fn scard(key @ Set<Anything>) -> Integer as u64
        = "SCARD" as Scard {
            since: "1.0.0", arity: 2, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Returns the members of the first of `keys` that none of the others has, in no order.
    ///
    /// [SDIFF](https://redis.io/docs/latest/commands/sdiff/)
    fn sdiff<T: FromReply<Bulk>>(keys @@ Set<Reads<T>>) -> Array<Bulk> as Vec<T>
        = "SDIFF" as Sdiff {
            since: "1.0.0", arity: -2, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Stores what [`sdiff`](SetCommands::sdiff) of `keys` returns at `destination`, whatever was there, and returns
    /// how many members that are. With none, `destination` is removed.
    ///
    /// [SDIFFSTORE](https://redis.io/docs/latest/commands/sdiffstore/)
    fn sdiffstore[D: KeyFor<Set<Anything>>](destination @= D of Set => uncertain, keys @@ Set<ElementsOf<D::Kind>>) -> Integer as u64
        = "SDIFFSTORE" as Sdiffstore {
            since: "1.0.0", arity: -3, access: writes, leaves: same, multi: yes, connection: any
        };

    /// Returns the members that all of `keys` have, in no order.
    ///
    /// [SINTER](https://redis.io/docs/latest/commands/sinter/)
    fn sinter<T: FromReply<Bulk>>(keys @@ Set<Reads<T>>) -> Array<Bulk> as Vec<T>
        = "SINTER" as Sinter {
            since: "1.0.0", arity: -2, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Returns how many members all of `keys` have.
    ///
    /// [SINTERCARD](https://redis.io/docs/latest/commands/sintercard/)
    fn sintercard(keys @@ Set<Anything>) -> Integer as u64
        = "SINTERCARD" (NumKeys(&keys)) as Sintercard {
            since: "7.0.0", arity: -3, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Returns how many members all of `keys` have, and counts no further than `limit`; 0 is no limit.
    ///
    /// [SINTERCARD](https://redis.io/docs/latest/commands/sintercard/)
    fn sintercard_limit(keys @@ Set<Anything>, limit: u64) -> Integer as u64
        = "SINTERCARD" (NumKeys(&keys), "LIMIT", limit) as SintercardLimit {
            since: "7.0.0", arity: -3, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Stores what [`sinter`](SetCommands::sinter) of `keys` returns at `destination`, whatever was there, and returns
    /// how many members that are. With none, `destination` is removed.
    ///
    /// [SINTERSTORE](https://redis.io/docs/latest/commands/sinterstore/)
    fn sinterstore[D: KeyFor<Set<Anything>>](destination @= D of Set => uncertain, keys @@ Set<ElementsOf<D::Kind>>) -> Integer as u64
        = "SINTERSTORE" as Sinterstore {
            since: "1.0.0", arity: -3, access: writes, leaves: same, multi: yes, connection: any
        };

    /// Tells whether `member` is in the set at `key`.
    ///
    /// [SISMEMBER](https://redis.io/docs/latest/commands/sismember/)
    fn sismember[V: Argument](key @ Set<Writes<V>>, member: V) -> Flag as bool
        = "SISMEMBER" as Sismember {
            since: "1.0.0", arity: 3, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Returns all members of the set at `key`, in no order; empty where there is none.
    ///
    /// [SMEMBERS](https://redis.io/docs/latest/commands/smembers/)
    fn smembers<T: FromReply<Bulk>>(key @ Set<Reads<T>>) -> Array<Bulk> as Vec<T>
        = "SMEMBERS" as Smembers {
            since: "1.0.0", arity: 2, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Tells of each of `members` whether it is in the set at `key`.
    ///
    /// [SMISMEMBER](https://redis.io/docs/latest/commands/smismember/)
    fn smismember[V: Arguments](key @ Set<Writes<V>>, members: V) -> Array<Flag> as Vec<bool>
        = "SMISMEMBER" as Smismember {
            since: "6.2.0", arity: -3, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Moves `member` from the set at `source` to that at `destination`, and tells whether it was in the first.
    ///
    /// [SMOVE](https://redis.io/docs/latest/commands/smove/)
    fn smove[V: Argument](source @ Set<Writes<V>>, destination @ Set<Writes<V>> => kept, member: V) -> Flag as bool
        = "SMOVE" as Smove {
            since: "1.0.0", arity: 4, access: writes, leaves: maybe, multi: yes, connection: any
        };

    /// Takes a random member out of the set at `key` and returns it, or `None` when there is none.
    ///
    /// [SPOP](https://redis.io/docs/latest/commands/spop/)
    fn spop<T: FromReply<Bulk>>(key @ Set<Reads<T>>) -> Nullable<Bulk> as Option<T>
        = "SPOP" as Spop {
            since: "1.0.0", arity: -2, access: writes, leaves: maybe, multi: yes, connection: any
        };

    /// Takes up to `count` random members out of the set at `key` and returns them; empty when there are none.
    ///
    /// [SPOP](https://redis.io/docs/latest/commands/spop/)
    fn spop_count<T: FromReply<Bulk>>(key @ Set<Reads<T>>, count: u64) -> Array<Bulk> as Vec<T>
        = "SPOP" as SpopCount {
            since: "3.2.0", arity: -2, access: writes, leaves: maybe, multi: yes, connection: any
        };

    /// Returns a random member of the set at `key`, or `None` when there is none.
    ///
    /// [SRANDMEMBER](https://redis.io/docs/latest/commands/srandmember/)
    fn srandmember<T: FromReply<Bulk>>(key @ Set<Reads<T>>) -> Nullable<Bulk> as Option<T>
        = "SRANDMEMBER" as Srandmember {
            since: "1.0.0", arity: -2, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Returns up to `count` different random members of the set at `key`; empty when there are none.
    ///
    /// With a negative `count`, exactly as many as its absolute value, among which a member may be several times.
    ///
    /// [SRANDMEMBER](https://redis.io/docs/latest/commands/srandmember/)
    fn srandmember_count<T: FromReply<Bulk>>(key @ Set<Reads<T>>, count: i64) -> Array<Bulk> as Vec<T>
        = "SRANDMEMBER" as SrandmemberCount {
            since: "2.6.0", arity: -2, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Removes `members` from the set at `key` and returns how many of them were there.
    ///
    /// [SREM](https://redis.io/docs/latest/commands/srem/)
    fn srem[V: Arguments](key @ Set<Writes<V>>, members: V) -> Integer as u64
        = "SREM" as Srem {
            since: "1.0.0", arity: -3, access: writes, leaves: maybe, multi: yes, connection: any
        };

    /// Returns a page of the members of the set at `key`, and before it the cursor of the next page.
    ///
    /// The first page has the cursor 0, and the page that answers the cursor 0 is the last one. A member that stays all
    /// the time comes at least once; a page may be empty, or a member come twice.
    ///
    /// [SSCAN](https://redis.io/docs/latest/commands/sscan/)
    fn sscan<T: FromReply<Bulk>>(key @ Set<Reads<T>>, cursor: u64) -> Tuple<(Bulk, Array<Bulk>)> as (u64, Vec<T>)
        = "SSCAN" as Sscan {
            since: "2.8.0", arity: -3, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Returns a page as [`sscan`](SetCommands::sscan) does, of the members that match a pattern, or of another size.
    ///
    /// [SSCAN](https://redis.io/docs/latest/commands/sscan/)
    fn sscan_with<T: FromReply<Bulk>>(key @ Set<Reads<T>>, cursor: u64, options: ScanOptions<'_>)
        -> Tuple<(Bulk, Array<Bulk>)> as (u64, Vec<T>)
        = "SSCAN" as SscanWith {
            since: "2.8.0", arity: -3, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Returns the members that any of `keys` has, in no order.
    ///
    /// [SUNION](https://redis.io/docs/latest/commands/sunion/)
    fn sunion<T: FromReply<Bulk>>(keys @@ Set<Reads<T>>) -> Array<Bulk> as Vec<T>
        = "SUNION" as Sunion {
            since: "1.0.0", arity: -2, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Stores what [`sunion`](SetCommands::sunion) of `keys` returns at `destination`, whatever was there, and returns
    /// how many members that are. With none, `destination` is removed.
    ///
    /// [SUNIONSTORE](https://redis.io/docs/latest/commands/sunionstore/)
    fn sunionstore[D: KeyFor<Set<Anything>>](destination @= D of Set => uncertain, keys @@ Set<ElementsOf<D::Kind>>) -> Integer as u64
        = "SUNIONSTORE" as Sunionstore {
            since: "1.0.0", arity: -3, access: writes, leaves: same, multi: yes, connection: any
        };
}
