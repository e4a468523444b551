//! Commands on strings.

pub(crate) mod compare;
pub(crate) mod increx;
pub(crate) mod options;

use compare::{DelexOptions, RemovesIf, WritesIf};
use increx::{Bounded, Incremented, IncrexNumber, IncrexOptions};
use options::{GetExpiry, LcsOptions, LcsReply, MsetexOptions, SetOptions, SetReply};

use crate::{
    argument::{Argument, Arguments, ValueFor},
    command::{
        encode::{FlatPairs, NumPairs},
        flag::AvailableSince,
    },
    commands,
    key::{Adds, AnyKind, Anything, KeyValues, Reads, Str, Writes},
    reply::{Bulk, FromReply},
};

commands! {
    /// Commands on strings: text, bytes and numbers.
    ///
    /// They fail with WRONGTYPE if the key holds another type, except for MGET and for commands that overwrite any
    /// value or store only at missing keys, such as SET and SETNX.
    pub trait StringCommands in cmd;

    /// Appends `value` to the string at `key` and returns the new length in bytes. A missing key counts as an empty
    /// string.
    fn append[V: Argument](key @ Str<Writes<V>>, value: V) -> Integer as u64
        = "APPEND" as Append {
            since: redis "2.0.0", arity: 3, access: ReadWrite, effect: Creates
        };

    /// Subtracts one from the integer at `key` and returns the new value. A missing key counts as 0.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the value is not an integer, or if the result overflows an `i64`.
    fn decr(key @ Str<Adds<i64>>) -> Integer as i64
        = "DECR" as Decr {
            since: redis "1.0.0", arity: 2, access: ReadWrite, effect: Creates
        };

    /// Subtracts `by` from the integer at `key` and returns the new value. A missing key counts as 0.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the value is not an integer, or if the result overflows an `i64`.
    fn decrby(key @ Str<Adds<i64>>, by: i64) -> Integer as i64
        = "DECRBY" as Decrby {
            since: redis "1.0.0", arity: 3, access: ReadWrite, effect: Creates
        };

    /// Removes `key`, whatever it holds, and returns whether it existed: DEL of one key.
    fn delex(key @ AnyKind) -> Flag as bool
        = "DELEX" as Delex {
            since: redis "8.4.0", valkey never, arity: -2, access: ReadWrite, effect: MayRemove,
            fallback: "use DEL"
        };

    /// Removes the string at `key` if the condition holds, and returns whether it did; `false` too if the key does not
    /// exist. A condition that does not hold is no conflict for a [watch](crate::Pipeline::watch) of the key.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key holds another type, on Redis without the code WRONGTYPE.
    fn delex_with[C: AvailableSince<Self::Server>, W: Argument]
        (key @ Str<RemovesIf<C, W>>, condition: DelexOptions<C, W>) -> Flag as bool
        = "DELEX" as DelexWith {
            since: redis "8.4.0", valkey "9.2.0", arity: -2, access: ReadWrite, effect: MayRemove,
            fallback: "use DELIFEQ on Valkey 9.0, or a `Script`, or GET behind WATCH and DEL in a transaction"
        };

    /// Removes the string at `key` if it is `value`, and returns whether it did; `false` too if the key does not exist.
    /// Valkey has it; [`delex_with`](Self::delex_with) is that of Redis.
    fn delifeq[V: Argument](key @ Str<Writes<V>>, value: V) -> Flag as bool
        = "DELIFEQ" as Delifeq {
            since: redis never, valkey "9.0.0", arity: 3, access: ReadWrite, effect: MayRemove,
            fallback: "use DELEX with IFEQ on Redis 8.4, or a `Script`, or GET behind WATCH and DEL in a transaction"
        };

    /// Returns the digest of the string at `key`, for the conditions on it, or `None` if the key does not exist.
    fn digest(key @ Str<Anything>) -> Nullable<Bulk> as Option<commands::Digest>
        = "DIGEST" as Digest {
            since: redis "8.4.0", valkey never, arity: 2, access: ReadOnly, effect: Preserves,
            fallback: "compare the string itself, with IFEQ"
        };

    /// Returns the string at `key`, or `None` if the key does not exist.
    fn get<T: FromReply<Bulk>>(key @ Str<Reads<T>>) -> Nullable<Bulk> as Option<T>
        = "GET" as Get {
            since: redis "1.0.0", arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Removes the string at `key` and returns it, or `None` if the key did not exist.
    fn getdel<T: FromReply<Bulk>>(key @ Str<Reads<T>>) -> Nullable<Bulk> as Option<T>
        = "GETDEL" as Getdel {
            since: redis "6.2.0", arity: 2, access: ReadWrite, effect: MayRemove
        };

    /// Returns the string at `key`, or `None` if the key does not exist, and keeps its expiry.
    fn getex<T: FromReply<Bulk>>(key @ Str<Reads<T>>) -> Nullable<Bulk> as Option<T>
        = "GETEX" as Getex {
            since: redis "6.2.0", arity: -2, access: ReadWrite, effect: Preserves
        };

    /// Returns the string at `key`, or `None` if the key does not exist, and sets or removes its expiry.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the expiry is 0.
    fn getex_with<T: FromReply<Bulk>>(key @ Str<Reads<T>>, expiry: GetExpiry) -> Nullable<Bulk> as Option<T>
        = "GETEX" as GetexWith {
            since: redis "6.2.0", arity: -2, access: ReadWrite, effect: MayRemove
        };

    /// Returns the bytes of the string at `key` from the position `start` to `end`, both included. Negative positions
    /// count from the end. The result is empty if the key does not exist, or if the string has no such range.
    fn getrange<T: FromReply<Bulk>>(key @ Str<Anything>, start: i64, end: i64) -> Bulk as T
        = "GETRANGE" as Getrange {
            since: redis "2.4.0", arity: 4, access: ReadOnly, effect: Preserves
        };

    /// Stores `value` at `key` and returns the old value, or `None` if the key did not exist. See [`SetOptions::get`].
    fn getset<T: FromReply<Bulk>>(key @ Str<Reads<T>>, value: impl ValueFor<T>) -> Nullable<Bulk> as Option<T>
        = "GETSET" as Getset {
            since: redis "1.0.0", arity: 3, access: ReadWrite, effect: Creates,
            deprecated: { redis: "6.2.0", instead: "SET with GET" }
        };

    /// Adds one to the integer at `key` and returns the new value. A missing key counts as 0.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the value is not an integer, or if the result overflows an `i64`.
    fn incr(key @ Str<Adds<i64>>) -> Integer as i64
        = "INCR" as Incr {
            since: redis "1.0.0", arity: 2, access: ReadWrite, effect: Creates
        };

    /// Adds `by` to the integer at `key` and returns the new value. A missing key counts as 0.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the value is not an integer, or if the result overflows an `i64`.
    fn incrby(key @ Str<Adds<i64>>, by: i64) -> Integer as i64
        = "INCRBY" as Incrby {
            since: redis "1.0.0", arity: 3, access: ReadWrite, effect: Creates
        };

    /// Adds `by` to the number at `key` and returns the new value, rounded to an `f64`. A missing key counts as 0.
    ///
    /// The server adds in long doubles and keeps decimals: 0.1 and 0.2 make 0.3, where ZINCRBY and an `f64` make
    /// 0.30000000000000004.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the value is not a number, or if the result is not finite.
    /// [`Reply`](crate::Error::Reply) if the new value, which is stored, is out of the range of `f64`.
    fn incrbyfloat(key @ Str<Adds<f64>>, by: f64) -> Bulk as f64
        = "INCRBYFLOAT" as Incrbyfloat {
            since: redis "2.6.0", arity: 3, access: ReadWrite, effect: Creates
        };

    /// Adds one to the integer at `key`, and returns the new value with what was added: 1, or 0 where the result would
    /// overflow an `i64`. A missing key counts as 0.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the value is not an integer.
    fn increx(key @ Str<Adds<i64>>) -> Tuple<(Integer, Integer)> as Incremented<i64>
        = "INCREX" as Increx {
            since: redis "8.8.0", valkey never, arity: -2, access: ReadWrite, effect: Creates,
            fallback: "use INCR"
        };

    /// Adds to the number at `key` within the bounds of the options, sets its expiry, and returns the new value with what
    /// was added. A missing key counts as 0.
    ///
    /// A result out of bounds is no error: nothing is written, the expiry neither, and 0 was added. For a
    /// [watch](crate::Pipeline::watch) of the key that is no conflict; but SATURATE at the bound is one, and so is BYINT 0.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the value is not such a number, or if an expiry is 0.
    fn increx_with[E: Sized]<B: IncrexNumber>(key @ Str<Adds<B>>, options: IncrexOptions<B, E>) -> B::Shape as B::Reply
        = "INCREX" (&key, Bounded(&options)) as IncrexWith {
            since: redis "8.8.0", valkey never, arity: -2, access: ReadWrite, effect: MayRemove,
            fallback: "use a `Script`, or GET behind WATCH and INCRBY and EXPIRE in a transaction"
        };

    /// Returns the longest common subsequence of the strings at `key1` and `key2`. A missing key counts as an empty
    /// string.
    fn lcs<T: FromReply<Bulk>>(key1 @ Str<Anything>, key2 @ Str<Anything>) -> Bulk as T
        = "LCS" as Lcs {
            since: redis "7.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the length of the longest common subsequence of the strings at `key1` and `key2`
    /// ([`len`](LcsOptions::len)), or its positions in both ([`idx`](LcsOptions::idx)). A missing key counts as an
    /// empty string.
    fn lcs_with<A: LcsReply>(key1 @ Str<Anything>, key2 @ Str<Anything>, options: LcsOptions<A>) -> A::Shape as A::Reply
        = "LCS" as LcsWith {
            since: redis "7.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the strings at `keys`, in their order, with `None` for each key that does not exist or holds another
    /// type.
    fn mget<T: FromReply<Bulk>>(keys @@ Str<Reads<T>>) -> Array<Nullable<Bulk>> as Vec<Option<T>>
        = "MGET" as Mget {
            since: redis "1.0.0", arity: -2, access: ReadOnly, effect: Preserves, on_wrong_type: Ignores,
            route: EachKey(KeyOrder)
        };

    /// Stores several strings, each at its key, and overwrites any values there: `mset([("a", 1), ("b", 2)])`.
    fn mset(pairs @: impl KeyValues) -> Status as ()
        = "MSET" (FlatPairs(&pairs)) as Mset {
            since: redis "1.0.1", arity: -3, access: ReadWrite, effect: Replaces, route: EachKey(AllSucceeded)
        };

    /// Stores several strings, each at its key, overwrites any values there, and returns `true`: it is MSET whose reply tells
    /// nothing.
    ///
    /// On a cluster, keys of several slots are an [`Error::CrossSlot`](crate::Error::CrossSlot) before anything is sent,
    /// because the command is atomic, and some servers look at the first key only.
    fn msetex(pairs @: impl KeyValues) -> Flag as bool
        = "MSETEX" (NumPairs(&pairs)) as Msetex {
            since: redis "8.4.0", valkey "9.1.0", arity: -4, access: ReadWrite, effect: Replaces,
            fallback: "use MSET"
        };

    /// Stores several strings, each at its key, with one expiry for all if the condition holds for all, and returns whether
    /// it did: all are stored or none. See [`msetex`](Self::msetex).
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if an expiry is 0.
    fn msetex_with[C: Sized, E: Sized](pairs @: impl KeyValues, options: MsetexOptions<C, E>) -> Flag as bool
        = "MSETEX" (NumPairs(&pairs), &options) as MsetexWith {
            since: redis "8.4.0", valkey "9.1.0", arity: -4, access: ReadWrite, effect: Unknown,
            fallback: "use MSET and EXPIRE in a transaction, with a condition behind WATCH"
        };

    /// Stores several strings, each at its key, if none of the keys exists, and returns whether it did.
    fn msetnx(pairs @: impl KeyValues) -> Flag as bool
        = "MSETNX" (FlatPairs(&pairs)) as Msetnx {
            since: redis "1.0.1", arity: -3, access: ReadWrite, effect: Preserves, on_wrong_type: Ignores
        };

    /// Stores `value` at `key` with an expiry in `milliseconds` from now. See [`SetOptions::px`].
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the expiry is 0.
    fn psetex[V: Argument](key @ Str<Writes<V>>, milliseconds: u64, value: V) -> Status as ()
        = "PSETEX" as Psetex {
            since: redis "2.6.0", arity: 4, access: ReadWrite, effect: Replaces,
            deprecated: { redis: "2.6.12", instead: "SET with PX" }
        };

    /// Stores `value` at `key`, overwrites any value there, and removes the key's expiry.
    ///
    /// ```
    /// # use typedis::{Client, prelude::*};
    /// # async fn example(client: &Client) -> typedis::Result<()> {
    /// client.set("greeting", "hello").await?;
    /// assert_eq!(client.get::<String>("greeting").await?.as_deref(), Some("hello"));
    /// # Ok(()) }
    /// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
    /// ```
    fn set[V: Argument](key @ Str<Writes<V>>, value: V) -> Status as ()
        = "SET" as Set {
            since: redis "1.0.0", arity: -3, access: ReadWrite, effect: Replaces
        };

    /// Stores `value` at `key` as the options say. Returns `()`; with a condition a `bool`, whether it was stored; with
    /// [`get`](SetOptions::get) an `Option` of the old value.
    ///
    /// ```
    /// # use typedis::{options::SetOptions, prelude::*, Client};
    /// # async fn example(client: &Client) -> typedis::Result<()> {
    /// let locked: bool = client.set_with("lock", "me", SetOptions::new().nx().ex(30)).await?;
    /// let owner: Option<String> = client.set_with("lock", "you", SetOptions::new().xx().get()).await?;
    /// assert!(locked && owner.as_deref() == Some("me"));
    /// # Ok(()) }
    /// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
    /// ```
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if an expiry is 0.
    fn set_with[V: Argument, E: AvailableSince<Self::Server>, W: Arguments]<C: Sized, G: SetReply<C>>
        (key @ Str<WritesIf<V, C, W>>, value: V, options: SetOptions<C, E, G, W>)
        -> G::Shape as G::Reply where G::Newest: AvailableSince<Self::Server>
        = "SET" as SetWith {
            since: redis "1.0.0", arity: -3, access: ReadWrite, effect: Unknown
        };

    /// Stores `value` at `key` with an expiry in `seconds` from now. See [`SetOptions::ex`].
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the expiry is 0.
    fn setex[V: Argument](key @ Str<Writes<V>>, seconds: u64, value: V) -> Status as ()
        = "SETEX" as Setex {
            since: redis "2.0.0", arity: 4, access: ReadWrite, effect: Replaces,
            deprecated: { redis: "2.6.12", instead: "SET with EX" }
        };

    /// Stores `value` at `key` if the key does not exist, and returns whether it did. See [`SetOptions::nx`].
    fn setnx[V: Argument](key @ Str<Writes<V>>, value: V) -> Flag as bool
        = "SETNX" as Setnx {
            since: redis "1.0.0", arity: 3, access: ReadWrite, effect: Preserves, on_wrong_type: Ignores,
            deprecated: { redis: "2.6.12", instead: "SET with NX" }
        };

    /// Overwrites the string at `key` from the byte `offset` on and returns the new length in bytes. A missing key
    /// counts as an empty string, and a gap is filled with zero bytes.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the string would be longer than the server allows, 512 MiB unless
    /// configured.
    fn setrange(key @ Str<Anything>, offset: u64, value: impl Argument) -> Integer as u64
        = "SETRANGE" as Setrange {
            since: redis "2.2.0", arity: 4, access: ReadWrite, effect: Preserves
        };

    /// Returns the length in bytes of the string at `key`, or 0 if the key does not exist.
    fn strlen(key @ Str<Anything>) -> Integer as u64
        = "STRLEN" as Strlen {
            since: redis "2.2.0", arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Returns a part of the string at `key`. See [`getrange`](Self::getrange).
    fn substr<T: FromReply<Bulk>>(key @ Str<Anything>, start: i64, end: i64) -> Bulk as T
        = "SUBSTR" as Substr {
            since: redis "1.0.0", arity: 4, access: ReadOnly, effect: Preserves,
            deprecated: { redis: "2.0.0", instead: "GETRANGE" }
        };
}
