//! Commands on arrays: elements at indexes, with holes between them.
//!
//! ```
//! use typedis::{Client, Key, commands::array::Predicate, key::Array, prelude::*};
//!
//! const LOG: Key<Array<String>> = Key::new("log");
//!
//! # async fn example(client: &Client) -> typedis::Result<()> {
//! client.arset(LOG, 0, ["started", "error: disk full", "stopped"]).await?;
//! assert_eq!(client.arget(LOG, 2).await?.as_deref(), Some("stopped"));
//! assert_eq!(client.argrep(LOG, .., Predicate::glob("error*")).await?, [1]);
//! // The last 1,000 lines, and no more.
//! client.arring("recent", 1000, ["started", "stopped"]).await?;
//! # Ok(()) }
//! # typedis_testing::doctest(async |url| {
//! #     let client = Client::connect(&url).await?;
//! #     match client.arlen(LOG).await {
//! #         Ok(_) => example(&client).await,
//! #         Err(_) => Ok(()), // the server is older than Redis 8.8
//! #     }
//! # });
//! ```

pub(crate) mod options;
mod replies;

pub use options::{ArgrepOptions, ArgrepReply, Elements, Predicate};
pub use replies::ArrayInfo;

use crate::{
    argument::{Argument, Arguments, Entries},
    key::{Anything, Array, Reads, Writes},
    reply::{Bulk, FromReply},
};
use options::{Index, IndexPairs, Indexes, Span};
use std::ops::RangeBounds;

commands! {
    /// Commands on arrays: elements at indexes, with holes between them. Redis has them since 8.8, Valkey not.
    ///
    /// Indexes are from 0 to 2^64 - 2. They fail with WRONGTYPE if a key holds another type. A missing key counts as an
    /// empty array, and an array is removed with its last element.
    ///
    /// ARSET, ARRING and ARSEEK are a conflict for a transaction that [watches](crate::Pipeline::watch) the key, even where
    /// they change nothing.
    pub trait ArrayCommands in cmd;

    /// Returns the number of elements in the array at `key`.
    fn arcount(key @ Array<Anything>) -> Integer as u64
        = "ARCOUNT" as Arcount {
            since: redis "8.8.0", valkey never, arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Removes the elements at `indexes` of the array at `key`, such as `[3, 5]`, and returns how many there were.
    ///
    /// # Errors
    ///
    /// [`Argument`](crate::Error::Argument) if there is no index, or if one is above 2^64 - 2.
    fn ardel(key @ Array<Anything>, indexes: impl AsRef<[u64]>) -> Integer as u64
        = "ARDEL" (&key, Indexes(indexes.as_ref())) as Ardel {
            since: redis "8.8.0", valkey never, arity: -3, access: ReadWrite, effect: MayRemove
        };

    /// Removes the elements in ranges of the array at `key`, whose ends are included, and returns how many there were: `(0, 9)`,
    /// or `[(0, 9), (20, 29)]`.
    ///
    /// # Errors
    ///
    /// [`Argument`](crate::Error::Argument) if an index is above 2^64 - 2.
    fn ardelrange(key @ Array<Anything>, ranges: impl Entries<First = u64, Second = u64>) -> Integer as u64
        = "ARDELRANGE" (&key, IndexPairs::<_, 1>(&ranges)) as Ardelrange {
            since: redis "8.8.0", valkey never, arity: -4, access: ReadWrite, effect: MayRemove
        };

    /// Returns the element at `index` of the array at `key`, or `None` if there is none.
    ///
    /// # Errors
    ///
    /// [`Argument`](crate::Error::Argument) if the index is above 2^64 - 2.
    fn arget<T: FromReply<Bulk>>(key @ Array<Reads<T>>, index: u64) -> Nullable<Bulk> as Option<T>
        = "ARGET" (&key, Index(index)) as Arget {
            since: redis "8.8.0", valkey never, arity: 3, access: ReadOnly, effect: Preserves
        };

    /// Returns the elements from `start` to `end` of the array at `key`, both included, with `None` for each index without one,
    /// also where the key does not exist. If `start` is the greater one, they come in descending order.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the range has more than 1,000,000 indexes.
    fn argetrange<T: FromReply<Bulk>>(key @ Array<Reads<T>>, start: u64, end: u64) -> Array<Nullable<Bulk>> as Vec<Option<T>>
        = "ARGETRANGE" (&key, Index(start), Index(end)) as Argetrange {
            since: redis "8.8.0", valkey never, arity: 4, access: ReadOnly, effect: Preserves
        };

    /// Returns the indexes in `range` of the array at `key`, such as `..` or `0..100`, whose elements the predicate is true of.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if a regular expression is invalid.
    fn argrep(key @ Array<Anything>, range: impl RangeBounds<u64>, predicate: Predicate) -> Array<Integer> as Vec<u64>
        = "ARGREP" (&key, Span::of(&range), &predicate) as Argrep {
            since: redis "8.8.0", valkey never, arity: -6, access: ReadOnly, effect: Preserves
        };

    /// Returns the indexes in `range` of the array at `key`, such as `..` or `0..100`, whose elements the predicates are true of,
    /// or with WITHVALUES a `Vec<(u64, T)>` of indexes and elements.
    ///
    /// # Errors
    ///
    /// [`Argument`](crate::Error::Argument) if there is no predicate; [`Server`](crate::Error::Server) if a regular expression is
    /// invalid.
    fn argrep_with<W: ArgrepReply>
        (key @ Array<Anything>, range: impl RangeBounds<u64>, options: ArgrepOptions<W>) -> W::Shape as W::Reply
        = "ARGREP" (&key, Span::of(&range), &options) as ArgrepWith {
            since: redis "8.8.0", valkey never, arity: -6, access: ReadOnly, effect: Preserves
        };

    /// Returns the facts of the array at `key`.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn arinfo(key @ Array<Anything>) -> Any as ArrayInfo
        = "ARINFO" as Arinfo {
            since: redis "8.8.0", valkey never, arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Returns the facts of the array at `key`, and those that take as long as it is large.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn arinfo_full(key @ Array<Anything>) -> Any as ArrayInfo
        = "ARINFO" (&key, "FULL") as ArinfoFull {
            since: redis "8.8.0", valkey never, arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Puts elements into the array at `key`, one after the other, from the place on where the last ARINSERT, ARRING or ARSEEK ended,
    /// and returns the index of the last one.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the index would be above 2^64 - 2.
    fn arinsert[V: Arguments](key @ Array<Writes<V>>, values: V) -> Integer as u64
        = "ARINSERT" as Arinsert {
            since: redis "8.8.0", valkey never, arity: -3, access: ReadWrite, effect: Creates
        };

    /// Returns the last `count` elements that were put into the array at `key` by ARINSERT or ARRING, the oldest first.
    fn arlastitems<T: FromReply<Bulk>>(key @ Array<Reads<T>>, count: u64) -> Array<Nullable<Bulk>> as Vec<Option<T>>
        = "ARLASTITEMS" as Arlastitems {
            since: redis "8.8.0", valkey never, arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the last `count` elements that were put into the array at `key` by ARINSERT or ARRING, the newest first.
    fn arlastitems_rev<T: FromReply<Bulk>>(key @ Array<Reads<T>>, count: u64) -> Array<Nullable<Bulk>> as Vec<Option<T>>
        = "ARLASTITEMS" (&key, &count, "REV") as ArlastitemsRev {
            since: redis "8.8.0", valkey never, arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the highest index with an element in the array at `key`, and one; 0 if the key does not exist.
    fn arlen(key @ Array<Anything>) -> Integer as u64
        = "ARLEN" as Arlen {
            since: redis "8.8.0", valkey never, arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Returns the elements at `indexes` of the array at `key`, such as `[3, 5]`, with `None` for each index without one.
    ///
    /// # Errors
    ///
    /// [`Argument`](crate::Error::Argument) if there is no index, or if one is above 2^64 - 2.
    fn armget<T: FromReply<Bulk>>(key @ Array<Reads<T>>, indexes: impl AsRef<[u64]>) -> Array<Nullable<Bulk>> as Vec<Option<T>>
        = "ARMGET" (&key, Indexes(indexes.as_ref())) as Armget {
            since: redis "8.8.0", valkey never, arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Puts elements into the array at `key`, each at its index, and returns how many of the indexes had none before:
    /// `[(3, "a"), (5, "b")]`.
    ///
    /// # Errors
    ///
    /// [`Argument`](crate::Error::Argument) if an index is above 2^64 - 2.
    fn armset[P: Entries<First = u64, Second: Arguments>](key @ Array<Writes<P::Second>>, elements: P) -> Integer as u64
        = "ARMSET" (&key, IndexPairs::<_, 2>(&elements)) as Armset {
            since: redis "8.8.0", valkey never, arity: -4, access: ReadWrite, effect: Creates
        };

    /// Returns the index that the next ARINSERT fills in the array at `key`, 0 if the key does not exist, or `None` if there is no
    /// room behind the last one.
    fn arnext(key @ Array<Anything>) -> Nullable<Integer> as Option<u64>
        = "ARNEXT" as Arnext {
            since: redis "8.8.0", valkey never, arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Returns the bits that all of the numbers from `start` to `end` of the array at `key`, both included, or `None` if there
    /// is no number. Fractions are cut.
    fn arop_and(key @ Array<Anything>, start: u64, end: u64) -> Nullable<Integer> as Option<i64>
        = "AROP" (&key, Index(start), Index(end), "AND") as AropAnd {
            since: redis "8.8.0", valkey never, arity: -5, access: ReadOnly, effect: Preserves
        };

    /// Returns how many elements from `start` to `end` of the array at `key`, both included, are `value`.
    fn arop_match(key @ Array<Anything>, start: u64, end: u64, value: impl Argument) -> Integer as u64
        = "AROP" (&key, Index(start), Index(end), "MATCH", &value) as AropMatch {
            since: redis "8.8.0", valkey never, arity: -5, access: ReadOnly, effect: Preserves
        };

    /// Returns the greatest of the numbers from `start` to `end` of the array at `key`, both included, or `None` if there is
    /// no number.
    fn arop_max(key @ Array<Anything>, start: u64, end: u64) -> Nullable<Bulk> as Option<f64>
        = "AROP" (&key, Index(start), Index(end), "MAX") as AropMax {
            since: redis "8.8.0", valkey never, arity: -5, access: ReadOnly, effect: Preserves
        };

    /// Returns the lowest of the numbers from `start` to `end` of the array at `key`, both included, or `None` if there is
    /// no number.
    fn arop_min(key @ Array<Anything>, start: u64, end: u64) -> Nullable<Bulk> as Option<f64>
        = "AROP" (&key, Index(start), Index(end), "MIN") as AropMin {
            since: redis "8.8.0", valkey never, arity: -5, access: ReadOnly, effect: Preserves
        };

    /// Returns the bits that any of the numbers from `start` to `end` of the array at `key`, both included, or `None` if there is
    /// no number. Fractions are cut.
    fn arop_or(key @ Array<Anything>, start: u64, end: u64) -> Nullable<Integer> as Option<i64>
        = "AROP" (&key, Index(start), Index(end), "OR") as AropOr {
            since: redis "8.8.0", valkey never, arity: -5, access: ReadOnly, effect: Preserves
        };

    /// Returns the sum of the numbers from `start` to `end` of the array at `key`, both included, or `None` if there is
    /// no number.
    fn arop_sum(key @ Array<Anything>, start: u64, end: u64) -> Nullable<Bulk> as Option<f64>
        = "AROP" (&key, Index(start), Index(end), "SUM") as AropSum {
            since: redis "8.8.0", valkey never, arity: -5, access: ReadOnly, effect: Preserves
        };

    /// Returns how many indexes from `start` to `end` of the array at `key`, both included, have an element.
    fn arop_used(key @ Array<Anything>, start: u64, end: u64) -> Integer as u64
        = "AROP" (&key, Index(start), Index(end), "USED") as AropUsed {
            since: redis "8.8.0", valkey never, arity: -5, access: ReadOnly, effect: Preserves
        };

    /// Returns the bits that an odd number of the numbers from `start` to `end` of the array at `key`, both included, or `None` if there is
    /// no number. Fractions are cut.
    fn arop_xor(key @ Array<Anything>, start: u64, end: u64) -> Nullable<Integer> as Option<i64>
        = "AROP" (&key, Index(start), Index(end), "XOR") as AropXor {
            since: redis "8.8.0", valkey never, arity: -5, access: ReadOnly, effect: Preserves
        };

    /// Puts elements into the array at `key` as into a ring of `size` indexes, where the newest overwrite the oldest, and returns
    /// the index of the last one. A size below that of before removes what is beyond it.
    fn arring[V: Arguments](key @ Array<Writes<V>>, size: u64, values: V) -> Integer as u64
        = "ARRING" as Arring {
            since: redis "8.8.0", valkey never, arity: -4, access: ReadWrite, effect: Creates
        };

    /// Returns the indexes from `start` to `end` of the array at `key` that have an element, both included, with the elements.
    fn arscan<T: FromReply<Bulk>>(key @ Array<Reads<T>>, start: u64, end: u64) -> Pairs<Integer, Bulk> as Vec<(u64, T)>
        = "ARSCAN" (&key, Index(start), Index(end)) as Arscan {
            since: redis "8.8.0", valkey never, arity: -4, access: ReadOnly, effect: Preserves
        };

    /// Returns the first `limit` indexes from `start` to `end` of the array at `key` that have an element, both included, with the
    /// elements.
    fn arscan_limit<T: FromReply<Bulk>>(key @ Array<Reads<T>>, start: u64, end: u64, limit: u64) -> Pairs<Integer, Bulk> as Vec<(u64, T)>
        = "ARSCAN" (&key, Index(start), Index(end), "LIMIT", &limit) as ArscanLimit {
            since: redis "8.8.0", valkey never, arity: -4, access: ReadOnly, effect: Preserves
        };

    /// Lets the next ARINSERT fill the array at `key` from `index` on, and returns whether the key exists.
    ///
    /// # Errors
    ///
    /// [`Argument`](crate::Error::Argument) if an index is above 2^64 - 2.
    fn arseek(key @ Array<Anything>, index: u64) -> Flag as bool
        = "ARSEEK" (&key, Index(index)) as Arseek {
            since: redis "8.8.0", valkey never, arity: 3, access: ReadWrite, effect: Preserves
        };

    /// Puts elements into the array at `key`, one after the other from `index` on, and returns how many of the indexes had none
    /// before.
    ///
    /// # Errors
    ///
    /// [`Argument`](crate::Error::Argument) if the index is above 2^64 - 2.
    fn arset[V: Arguments](key @ Array<Writes<V>>, index: u64, values: V) -> Integer as u64
        = "ARSET" (&key, Index(index), &values) as Arset {
            since: redis "8.8.0", valkey never, arity: -4, access: ReadWrite, effect: Creates
        };
}
