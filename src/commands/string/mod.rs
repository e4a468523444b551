//! Strings.

pub(crate) mod options;

use options::{GetExpiry, LcsOptions, LcsReply, SetOptions, SetReply};

use crate::{
    argument::{Argument, ValueFor},
    command::{encode::FlatPairs, flag::AvailableSince},
    key::{Adds, Anything, KeyValues, Reads, Str, Writes},
    reply::{Bulk, FromReply},
};

commands! {
    /// Commands on strings: text, bytes and numbers.
    ///
    /// All but SET, MSET and their kin fail with WRONGTYPE when the key holds something else than a string.
    pub trait StringCommands in cmd;

    /// Appends `value` to the string at `key` and returns the new length in bytes.
    ///
    /// [APPEND](https://redis.io/docs/latest/commands/append/)
    fn append[V: Argument](key @ Str<Writes<V>>, value: V) -> Integer as u64
        = "APPEND" as Append {
            since: "2.0.0", arity: 3, access: writes, leaves: exists, multi: yes, connection: any
        };

    /// Subtracts one from the integer at `key`, which counts as 0 where there is none, and returns the new value.
    ///
    /// Fails when the value is not an integer, or would leave the range of an `i64`.
    ///
    /// [DECR](https://redis.io/docs/latest/commands/decr/)
    fn decr(key @ Str<Adds<i64>>) -> Integer as i64
        = "DECR" as Decr {
            since: "1.0.0", arity: 2, access: writes, leaves: exists, multi: yes, connection: any
        };

    /// Subtracts `by` from the integer at `key`, which counts as 0 where there is none, and returns the new value.
    ///
    /// Fails when the value is not an integer, or would leave the range of an `i64`.
    ///
    /// [DECRBY](https://redis.io/docs/latest/commands/decrby/)
    fn decrby(key @ Str<Adds<i64>>, by: i64) -> Integer as i64
        = "DECRBY" as Decrby {
            since: "1.0.0", arity: 3, access: writes, leaves: exists, multi: yes, connection: any
        };

    /// Returns the string at `key`, or `None` when there is none.
    ///
    /// [GET](https://redis.io/docs/latest/commands/get/)
    fn get<T: FromReply<Bulk>>(key @ Str<Reads<T>>) -> Nullable<Bulk> as Option<T>
        = "GET" as Get {
            since: "1.0.0", arity: 2, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Removes the string at `key` and returns what it was, or `None` when there was none.
    ///
    /// [GETDEL](https://redis.io/docs/latest/commands/getdel/)
    fn getdel<T: FromReply<Bulk>>(key @ Str<Reads<T>>) -> Nullable<Bulk> as Option<T>
        = "GETDEL" as Getdel {
            since: "6.2.0", arity: 2, access: writes, leaves: maybe, multi: yes, connection: any
        };

    /// Returns the string at `key`, or `None` when there is none, and leaves its expiry alone.
    ///
    /// [GETEX](https://redis.io/docs/latest/commands/getex/)
    fn getex<T: FromReply<Bulk>>(key @ Str<Reads<T>>) -> Nullable<Bulk> as Option<T>
        = "GETEX" as Getex {
            since: "6.2.0", arity: -2, access: writes, leaves: same, multi: yes, connection: any
        };

    /// Returns the string at `key`, or `None` when there is none, and sets or removes its expiry.
    ///
    /// [GETEX](https://redis.io/docs/latest/commands/getex/)
    fn getex_with<T: FromReply<Bulk>>(key @ Str<Reads<T>>, expiry: GetExpiry) -> Nullable<Bulk> as Option<T>
        = "GETEX" as GetexWith {
            since: "6.2.0", arity: -2, access: writes, leaves: maybe, multi: yes, connection: any
        };

    /// Returns the bytes `start` to `end`, both included, of the string at `key`. Negative positions count from the end.
    ///
    /// The result is empty when there is no such string or no such range.
    ///
    /// [GETRANGE](https://redis.io/docs/latest/commands/getrange/)
    fn getrange<T: FromReply<Bulk>>(key @ Str<Anything>, start: i64, end: i64) -> Bulk as T
        = "GETRANGE" as Getrange {
            since: "2.4.0", arity: 4, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Stores `value` at `key` and returns what was there, or `None`. Redis calls it deprecated; see
    /// [`SetOptions::get`].
    ///
    /// [GETSET](https://redis.io/docs/latest/commands/getset/)
    fn getset<T: FromReply<Bulk>>(key @ Str<Reads<T>>, value: impl ValueFor<T>) -> Nullable<Bulk> as Option<T>
        = "GETSET" as Getset {
            since: "1.0.0", arity: 3, access: writes, leaves: exists, multi: yes, connection: any
        };

    /// Adds one to the integer at `key`, which counts as 0 where there is none, and returns the new value.
    ///
    /// Fails when the value is not an integer, or would leave the range of an `i64`.
    ///
    /// [INCR](https://redis.io/docs/latest/commands/incr/)
    fn incr(key @ Str<Adds<i64>>) -> Integer as i64
        = "INCR" as Incr {
            since: "1.0.0", arity: 2, access: writes, leaves: exists, multi: yes, connection: any
        };

    /// Adds `by` to the integer at `key`, which counts as 0 where there is none, and returns the new value.
    ///
    /// Fails when the value is not an integer, or would leave the range of an `i64`.
    ///
    /// [INCRBY](https://redis.io/docs/latest/commands/incrby/)
    fn incrby(key @ Str<Adds<i64>>, by: i64) -> Integer as i64
        = "INCRBY" as Incrby {
            since: "1.0.0", arity: 3, access: writes, leaves: exists, multi: yes, connection: any
        };

    /// Adds `by` to the number at `key`, which counts as 0 where there is none, and returns the new value.
    ///
    /// Fails when the value is not a number, or the result is none.
    ///
    /// [INCRBYFLOAT](https://redis.io/docs/latest/commands/incrbyfloat/)
    fn incrbyfloat(key @ Str<Adds<f64>>, by: f64) -> Double as f64
        = "INCRBYFLOAT" as Incrbyfloat {
            since: "2.6.0", arity: 3, access: writes, leaves: exists, multi: yes, connection: any
        };

    /// Returns the longest common subsequence of the strings at `key1` and `key2`.
    ///
    /// [LCS](https://redis.io/docs/latest/commands/lcs/)
    fn lcs<T: FromReply<Bulk>>(key1 @ Str<Anything>, key2 @ Str<Anything>) -> Bulk as T
        = "LCS" as Lcs {
            since: "7.0.0", arity: -3, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Returns of the longest common subsequence of the strings at `key1` and `key2` what the options say: its length
    /// ([`len`](LcsOptions::len)), or where it lies in each of them ([`idx`](LcsOptions::idx)).
    ///
    /// [LCS](https://redis.io/docs/latest/commands/lcs/)
    fn lcs_with<A: LcsReply>(key1 @ Str<Anything>, key2 @ Str<Anything>, options: LcsOptions<A>) -> A::Shape as A::Reply
        = "LCS" as LcsWith {
            since: "7.0.0", arity: -3, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Returns the strings at `keys`, in their order, each `None` where there is no string.
    ///
    /// [MGET](https://redis.io/docs/latest/commands/mget/)
    fn mget<T: FromReply<Bulk>>(keys @@ Str<Reads<T>>) -> Array<Nullable<Bulk>> as Vec<Option<T>>
        = "MGET" as Mget {
            since: "1.0.0", arity: -2, access: reads, leaves: kept, multi: yes, connection: any
        };

    /// Stores several strings, each at its key, whatever was there: `mset([("a", 1), ("b", 2)])`.
    ///
    /// [MSET](https://redis.io/docs/latest/commands/mset/)
    fn mset(pairs: impl KeyValues) -> Status as ()
        = "MSET" (FlatPairs(&pairs)) as Mset {
            since: "1.0.1", arity: -3, access: writes, leaves: anything, multi: yes, connection: any
        };

    /// Stores several strings, each at its key, if none of the keys exists, and tells whether it did.
    ///
    /// [MSETNX](https://redis.io/docs/latest/commands/msetnx/)
    fn msetnx(pairs: impl KeyValues) -> Flag as bool
        = "MSETNX" (FlatPairs(&pairs)) as Msetnx {
            since: "1.0.1", arity: -3, access: writes, leaves: same, multi: yes, connection: any
        };

    /// Stores `value` at `key`, to expire after `milliseconds`. Redis calls it deprecated; see [`SetOptions::px`].
    ///
    /// [PSETEX](https://redis.io/docs/latest/commands/psetex/)
    fn psetex[V: Argument](key @ Str<Writes<V>>, milliseconds: u64, value: V) -> Status as ()
        = "PSETEX" as Psetex {
            since: "2.6.0", arity: 4, access: writes, leaves: replaced, multi: yes, connection: any
        };

    /// Stores `value` at `key`, whatever was there, and removes the key's expiry.
    ///
    /// ```
    /// # use typedis::{Client, prelude::*};
    /// # async fn example(client: &Client) -> typedis::Result<()> {
    /// client.set("greeting", "hello").await?;
    /// assert_eq!(client.get::<String>("greeting").await?.as_deref(), Some("hello"));
    /// # Ok(()) }
    /// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
    /// ```
    ///
    /// [SET](https://redis.io/docs/latest/commands/set/)
    fn set[V: Argument](key @ Str<Writes<V>>, value: V) -> Status as ()
        = "SET" as Set {
            since: "1.0.0", arity: -3, access: writes, leaves: replaced, multi: yes, connection: any
        };

    /// Stores `value` at `key` as the options say.
    ///
    /// Returns `()`; with NX or XX a `bool`, whether it was stored; with [`get`](SetOptions::get) an `Option` of what was
    /// there before.
    ///
    /// ```
    /// # use typedis::{Client, SetOptions, prelude::*};
    /// # async fn example(client: &Client) -> typedis::Result<()> {
    /// let locked: bool = client.set_with("lock", "me", SetOptions::new().nx().ex(30)).await?;
    /// let owner: Option<String> = client.set_with("lock", "you", SetOptions::new().xx().get()).await?;
    /// assert!(locked && owner.as_deref() == Some("me"));
    /// # Ok(()) }
    /// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
    /// ```
    ///
    /// [SET](https://redis.io/docs/latest/commands/set/)
    fn set_with[V: Argument, E: AvailableSince<Self::Server>]<C: Sized, G: SetReply<C>>
        (key @ Str<Writes<V>>, value: V, options: SetOptions<C, E, G>)
        -> G::Shape as G::Reply where G::Newest: AvailableSince<Self::Server>
        = "SET" as SetWith {
            since: "1.0.0", arity: -3, access: writes, leaves: uncertain, multi: yes, connection: any
        };

    /// Stores `value` at `key`, to expire after `seconds`. Redis calls it deprecated; see [`SetOptions::ex`].
    ///
    /// [SETEX](https://redis.io/docs/latest/commands/setex/)
    fn setex[V: Argument](key @ Str<Writes<V>>, seconds: u64, value: V) -> Status as ()
        = "SETEX" as Setex {
            since: "2.0.0", arity: 4, access: writes, leaves: replaced, multi: yes, connection: any
        };

    /// Stores `value` at `key` if the key does not exist, and tells whether it did.
    ///
    /// Redis calls it deprecated; see [`SetOptions::nx`].
    ///
    /// [SETNX](https://redis.io/docs/latest/commands/setnx/)
    fn setnx[V: Argument](key @ Str<Writes<V>>, value: V) -> Flag as bool
        = "SETNX" as Setnx {
            since: "1.0.0", arity: 3, access: writes, leaves: kept, multi: yes, connection: any
        };

    /// Overwrites the string at `key` from the byte `offset` on, and returns the new length in bytes.
    ///
    /// [SETRANGE](https://redis.io/docs/latest/commands/setrange/)
    fn setrange(key @ Str<Anything>, offset: u64, value: impl Argument) -> Integer as u64
        = "SETRANGE" as Setrange {
            since: "2.2.0", arity: 4, access: writes, leaves: same, multi: yes, connection: any
        };

    /// Returns the length in bytes of the string at `key`, 0 where there is none.
    ///
    /// [STRLEN](https://redis.io/docs/latest/commands/strlen/)
    fn strlen(key @ Str<Anything>) -> Integer as u64
        = "STRLEN" as Strlen {
            since: "2.2.0", arity: 2, access: reads, leaves: same, multi: yes, connection: any
        };

    /// Returns a part of a string. Redis calls it deprecated; see [`getrange`](StringCommands::getrange).
    ///
    /// [SUBSTR](https://redis.io/docs/latest/commands/substr/)
    fn substr<T: FromReply<Bulk>>(key @ Str<Anything>, start: i64, end: i64) -> Bulk as T
        = "SUBSTR" as Substr {
            since: "1.0.0", arity: 4, access: reads, leaves: same, multi: yes, connection: any
        };
}
