//! Lists.

pub(crate) mod options;

use options::{Inserted, LposOptions, LposReply, Pivot, Side};

use crate::{
    argument::{Argument, Arguments},
    command::encode::{BlockTimeout, NumKeys},
    key::{Anything, List, Reads, Writes},
    reply::{Bulk, FromReply},
};
use bytes::Bytes;

commands! {
    /// Commands on lists.
    ///
    /// They fail with WRONGTYPE when the key holds something else than a list. A key without a list counts as an empty
    /// one, and a list that loses its last element is gone. Positions count from 0, and below zero from the end: -1 is
    /// the last element.
    ///
    /// Those that begin with `b` wait, each on a connection of its own, and cannot be queued. Their timeout is in
    /// seconds, where 0 is for ever, and one below zero fails.
    pub trait ListCommands in cmd;

    /// Waits until the list at `source` has an element, moves the one at its side `from` to the side `to` of the list
    /// at `destination`, and returns it, or `None` when none came within `timeout` seconds. 0 waits for ever.
    fn blmove<T: FromReply<Bulk>>
        (source @ List<Reads<T>>, destination @ List<Reads<T>> => Preserves Ignores, from: Side, to: Side, timeout: f64)
        -> Nullable<Bulk> as Option<T>
        = "BLMOVE" (&source, &destination, &from, &to, BlockTimeout(timeout)) as Blmove {
            since: redis "6.2.0", arity: 6, access: ReadWrite, effect: MayRemove, multi: Degraded,
            connection: Dedicated
        };

    /// Waits until one of the lists at `keys` has an element, removes the one at its side `side`, and returns it with
    /// the list's key, or `None` when none came within `timeout` seconds. 0 waits for ever. Of several lists, the first
    /// in the order of `keys` is taken.
    fn blmpop<T: FromReply<Bulk>>(timeout: f64, keys @@ List<Reads<T>>, side: Side)
        -> Nullable<Tuple<(Bulk, Array<Bulk>)>> as Option<(Bytes, Vec<T>)>
        = "BLMPOP" (BlockTimeout(timeout), NumKeys(&keys), &side) as Blmpop {
            since: redis "7.0.0", arity: -5, access: ReadWrite, effect: MayRemove, multi: Degraded,
            connection: Dedicated
        };

    /// Waits until one of the lists at `keys` has an element, removes up to `count` from its side `side` on, and
    /// returns them with the list's key, or `None` when none came within `timeout` seconds. 0 waits for ever. Of
    /// several lists, the first in the order of `keys` is taken.
    ///
    /// Fails when `count` is 0.
    fn blmpop_count<T: FromReply<Bulk>>(timeout: f64, keys @@ List<Reads<T>>, side: Side, count: u64)
        -> Nullable<Tuple<(Bulk, Array<Bulk>)>> as Option<(Bytes, Vec<T>)>
        = "BLMPOP" (BlockTimeout(timeout), NumKeys(&keys), &side, "COUNT", &count) as BlmpopCount {
            since: redis "7.0.0", arity: -5, access: ReadWrite, effect: MayRemove, multi: Degraded,
            connection: Dedicated
        };

    /// Waits until one of the lists at `keys` has an element, removes the first, and returns it with the list's key, or
    /// `None` when none came within `timeout` seconds. 0 waits for ever. Of several lists, the first in the order of
    /// `keys` is taken.
    ///
    /// Servers before 6.0 take whole seconds only.
    fn blpop<T: FromReply<Bulk>>(keys @@ List<Reads<T>>, timeout: f64)
        -> Nullable<Tuple<(Bulk, Bulk)>> as Option<(Bytes, T)>
        = "BLPOP" (&keys, BlockTimeout(timeout)) as Blpop {
            since: redis "2.0.0", arity: -3, access: ReadWrite, effect: MayRemove, multi: Degraded,
            connection: Dedicated
        };

    /// Waits until one of the lists at `keys` has an element, removes the last, and returns it with the list's key, or
    /// `None` when none came within `timeout` seconds. 0 waits for ever. Of several lists, the first in the order of
    /// `keys` is taken.
    ///
    /// Servers before 6.0 take whole seconds only.
    fn brpop<T: FromReply<Bulk>>(keys @@ List<Reads<T>>, timeout: f64)
        -> Nullable<Tuple<(Bulk, Bulk)>> as Option<(Bytes, T)>
        = "BRPOP" (&keys, BlockTimeout(timeout)) as Brpop {
            since: redis "2.0.0", arity: -3, access: ReadWrite, effect: MayRemove, multi: Degraded,
            connection: Dedicated
        };

    /// Waits until the list at `source` has an element, moves the last one to the head of the list at `destination`,
    /// and returns it, or `None` when none came within `timeout` seconds. See [`blmove`](ListCommands::blmove).
    fn brpoplpush<T: FromReply<Bulk>>(source @ List<Reads<T>>, destination @ List<Reads<T>> => Preserves Ignores, timeout: f64)
        -> Nullable<Bulk> as Option<T>
        = "BRPOPLPUSH" (&source, &destination, BlockTimeout(timeout)) as Brpoplpush {
            since: redis "2.2.0", arity: 4, access: ReadWrite, effect: MayRemove, multi: Degraded,
            connection: Dedicated, deprecated: { redis: "6.2.0", instead: "BLMOVE" }
        };

    /// Returns the element at the position `index` of the list at `key`, or `None` when there is none.
    fn lindex<T: FromReply<Bulk>>(key @ List<Reads<T>>, index: i64) -> Nullable<Bulk> as Option<T>
        = "LINDEX" as Lindex {
            since: redis "1.0.0", arity: 3, access: ReadOnly, effect: Preserves
        };

    /// Puts `value` into the list at `key`, before or after the first element that equals the pivot, and returns the
    /// new length, or why it did not: `linsert("list", Pivot::Before("b"), "a")`.
    fn linsert[V: Argument](key @ List<Writes<V>>, pivot: Pivot<impl Argument>, value: V) -> Integer as Inserted
        = "LINSERT" as Linsert {
            since: redis "2.2.0", arity: 5, access: ReadWrite, effect: Preserves
        };

    /// Returns the length of the list at `key`, 0 where there is none.
    fn llen(key @ List<Anything>) -> Integer as u64
        = "LLEN" as Llen {
            since: redis "1.0.0", arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Moves the element at the side `from` of the list at `source` to the side `to` of the list at `destination` and
    /// returns it, or `None` when there is no list at `source`. With one key twice it turns the list round.
    fn lmove<T: FromReply<Bulk>>(source @ List<Reads<T>>, destination @ List<Reads<T>> => Preserves Ignores, from: Side, to: Side)
        -> Nullable<Bulk> as Option<T>
        = "LMOVE" as Lmove {
            since: redis "6.2.0", arity: 5, access: ReadWrite, effect: MayRemove
        };

    /// Removes the element at the side `side` of the first of the lists at `keys` that there is, and returns it with
    /// that list's key, or `None` when there is none of them.
    fn lmpop<T: FromReply<Bulk>>(keys @@ List<Reads<T>>, side: Side)
        -> Nullable<Tuple<(Bulk, Array<Bulk>)>> as Option<(Bytes, Vec<T>)>
        = "LMPOP" (NumKeys(&keys), &side) as Lmpop {
            since: redis "7.0.0", arity: -4, access: ReadWrite, effect: MayRemove
        };

    /// Removes up to `count` elements, from the side `side` on, from the first of the lists at `keys` that there is,
    /// and returns them with that list's key, or `None` when there is none of them.
    ///
    /// Fails when `count` is 0.
    fn lmpop_count<T: FromReply<Bulk>>(keys @@ List<Reads<T>>, side: Side, count: u64)
        -> Nullable<Tuple<(Bulk, Array<Bulk>)>> as Option<(Bytes, Vec<T>)>
        = "LMPOP" (NumKeys(&keys), &side, "COUNT", &count) as LmpopCount {
            since: redis "7.0.0", arity: -4, access: ReadWrite, effect: MayRemove
        };

    /// Removes the first element of the list at `key` and returns it, or `None` when there is no list.
    fn lpop<T: FromReply<Bulk>>(key @ List<Reads<T>>) -> Nullable<Bulk> as Option<T>
        = "LPOP" as Lpop {
            since: redis "1.0.0", arity: -2, access: ReadWrite, effect: MayRemove
        };

    /// Removes up to `count` elements from the head of the list at `key` and returns them, the first one first, or
    /// `None` when there is no list.
    fn lpop_count<T: FromReply<Bulk>>(key @ List<Reads<T>>, count: u64) -> Nullable<Array<Bulk>> as Option<Vec<T>>
        = "LPOP" as LpopCount {
            // Of 0 elements, the first servers that take a number do not look at the key.
            since: redis "6.2.0", arity: -2, access: ReadWrite, effect: Unknown
        };

    /// Returns the position of the first element that equals `element` in the list at `key`, or `None` when there is
    /// none.
    fn lpos(key @ List<Anything>, element: impl Argument) -> Nullable<Integer> as Option<u64>
        = "LPOS" as Lpos {
            since: redis "6.0.6", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns where `element` is in the list at `key`, as the options say: another match than the first, or, with
    /// [`count`](LposOptions::count), several, as a `Vec` that is empty when there is none.
    fn lpos_with<C: LposReply>(key @ List<Anything>, element: impl Argument, options: LposOptions<C>)
        -> C::Shape as C::Reply
        = "LPOS" as LposWith {
            since: redis "6.0.6", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Adds `values`, one after the other, at the head of the list at `key`, and returns the new length. The last of
    /// them becomes the first of the list.
    fn lpush[V: Arguments](key @ List<Writes<V>>, values: V) -> Integer as u64
        = "LPUSH" as Lpush {
            since: redis "1.0.0", arity: -3, access: ReadWrite, effect: Creates
        };

    /// Adds `values`, one after the other, at the head of the list at `key` if there is one, and returns the new
    /// length, 0 where there is none.
    fn lpushx[V: Arguments](key @ List<Writes<V>>, values: V) -> Integer as u64
        = "LPUSHX" as Lpushx {
            since: redis "2.2.0", arity: -3, access: ReadWrite, effect: Preserves
        };

    /// Returns the elements at the positions `start` to `stop`, both included, of the list at `key`: `lrange(key, 0,
    /// -1)` is the whole list. Empty when there is no list or no such range.
    fn lrange<T: FromReply<Bulk>>(key @ List<Reads<T>>, start: i64, stop: i64) -> Array<Bulk> as Vec<T>
        = "LRANGE" as Lrange {
            since: redis "1.0.0", arity: 4, access: ReadOnly, effect: Preserves
        };

    /// Removes elements that equal `element` from the list at `key` and returns how many: the first `count`, the last
    /// `-count` where `count` is below zero, or all where it is 0.
    fn lrem(key @ List<Anything>, count: i64, element: impl Argument) -> Integer as u64
        = "LREM" as Lrem {
            since: redis "1.0.0", arity: 4, access: ReadWrite, effect: MayRemove
        };

    /// Replaces the element at the position `index` of the list at `key` by `value`.
    ///
    /// Fails when there is no list, or no such position.
    fn lset[V: Argument](key @ List<Writes<V>>, index: i64, value: V) -> Status as ()
        = "LSET" as Lset {
            since: redis "1.0.0", arity: 4, access: ReadWrite, effect: Preserves
        };

    /// Removes all elements of the list at `key` but those at the positions `start` to `stop`, both included.
    fn ltrim(key @ List<Anything>, start: i64, stop: i64) -> Status as ()
        = "LTRIM" as Ltrim {
            since: redis "1.0.0", arity: 4, access: ReadWrite, effect: MayRemove
        };

    /// Removes the last element of the list at `key` and returns it, or `None` when there is no list.
    fn rpop<T: FromReply<Bulk>>(key @ List<Reads<T>>) -> Nullable<Bulk> as Option<T>
        = "RPOP" as Rpop {
            since: redis "1.0.0", arity: -2, access: ReadWrite, effect: MayRemove
        };

    /// Removes up to `count` elements from the tail of the list at `key` and returns them, the last one first, or
    /// `None` when there is no list.
    fn rpop_count<T: FromReply<Bulk>>(key @ List<Reads<T>>, count: u64) -> Nullable<Array<Bulk>> as Option<Vec<T>>
        = "RPOP" as RpopCount {
            // Of 0 elements, the first servers that take a number do not look at the key.
            since: redis "6.2.0", arity: -2, access: ReadWrite, effect: Unknown
        };

    /// Moves the last element of the list at `source` to the head of the list at `destination` and returns it, or
    /// `None` when there is no list at `source`. See [`lmove`](ListCommands::lmove).
    fn rpoplpush<T: FromReply<Bulk>>(source @ List<Reads<T>>, destination @ List<Reads<T>> => Preserves Ignores)
        -> Nullable<Bulk> as Option<T>
        = "RPOPLPUSH" as Rpoplpush {
            since: redis "1.2.0", arity: 3, access: ReadWrite, effect: MayRemove,
            deprecated: { redis: "6.2.0", instead: "LMOVE" }
        };

    /// Adds `values`, one after the other, at the tail of the list at `key`, and returns the new length.
    ///
    /// ```
    /// # use typedis::{Client, prelude::*};
    /// # async fn example(client: &Client) -> typedis::Result<()> {
    /// let length = client.rpush("jobs", ["sweep", "cook"]).await?;
    ///
    /// assert_eq!(length, 2);
    /// assert_eq!(client.lrange::<String>("jobs", 0, -1).await?, ["sweep", "cook"]);
    /// assert_eq!(client.lpop::<String>("jobs").await?.as_deref(), Some("sweep"));
    /// # Ok(()) }
    /// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
    /// ```
    fn rpush[V: Arguments](key @ List<Writes<V>>, values: V) -> Integer as u64
        = "RPUSH" as Rpush {
            since: redis "1.0.0", arity: -3, access: ReadWrite, effect: Creates
        };

    /// Adds `values`, one after the other, at the tail of the list at `key` if there is one, and returns the new
    /// length, 0 where there is none.
    fn rpushx[V: Arguments](key @ List<Writes<V>>, values: V) -> Integer as u64
        = "RPUSHX" as Rpushx {
            since: redis "2.2.0", arity: -3, access: ReadWrite, effect: Preserves
        };
}
