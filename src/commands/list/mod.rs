//! Commands on lists.

pub(crate) mod options;

use options::{Inserted, LmovemOptions, LmovemReply, LposOptions, LposReply, Moved, Pivot, Side};

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
    /// They fail with WRONGTYPE if the key holds another type. A missing key counts as an empty list, and a list is
    /// removed with its last element. Positions count from 0; negative ones count from the end, so -1 is the last
    /// element.
    ///
    /// Commands that begin with `b` block, each on a dedicated connection, and cannot be queued. Their timeout is in
    /// seconds; 0 is no limit, and the server refuses a negative one.
    pub trait ListCommands in cmd;

    /// Moves the element at the side `from` of the list at `source` to the side `to` of the list at `destination` and
    /// returns it. Blocks up to `timeout` seconds while `source` is empty, then returns `None`.
    fn blmove<T: FromReply<Bulk>>
        (source @ List<Reads<T>>, destination @ List<Reads<T>> => Preserves Ignores, from: Side, to: Side, timeout: f64)
        -> Nullable<Bulk> as Option<T>
        = "BLMOVE" (&source, &destination, &from, &to, BlockTimeout(timeout)) as Blmove {
            since: redis "6.2.0", arity: 6, access: ReadWrite, effect: MayRemove, connection: Dedicated
        };

    /// Moves elements as [`lmovem`](Self::lmovem) does. Blocks up to `timeout` seconds while `source` is empty, then returns
    /// `None`.
    fn blmovem<T: FromReply<Bulk>>
        (source @ List<Reads<T>>, destination @ List<Reads<T>> => Preserves Ignores, from: Side, to: Side, timeout: f64)
        -> Nullable<Array<Bulk>> as Option<Vec<T>>
        = "BLMOVEM" (&source, &destination, &from, &to, BlockTimeout(timeout)) as Blmovem {
            since: redis "8.10.0", valkey never, arity: -6, access: ReadWrite, effect: MayRemove, connection: Dedicated,
            fallback: "use BLMOVE, and then LMOVE"
        };

    /// Moves elements as [`lmovem_with`](Self::lmovem_with) does. Blocks up to `timeout` seconds while `source` is empty, or has
    /// fewer than [`exactly`](LmovemOptions::exactly) says, then returns `None`.
    fn blmovem_with[E: Sized]<T: FromReply<Bulk>>
        (source @ List<Reads<T>>, destination @ List<Reads<T>> => Preserves Ignores, from: Side, to: Side, timeout: f64,
            options: LmovemOptions<E>)
        -> Nullable<Array<Bulk>> as Option<Vec<T>>
        = "BLMOVEM" (&source, &destination, &from, &to, BlockTimeout(timeout), &options) as BlmovemWith {
            since: redis "8.10.0", valkey never, arity: -6, access: ReadWrite, effect: MayRemove, connection: Dedicated,
            fallback: "use BLMOVE, and then LMOVE"
        };

    /// Removes the element at the side `side` of the first non-empty list at `keys` and returns the key and the
    /// element. Blocks up to `timeout` seconds while all are empty, then returns `None`.
    fn blmpop<T: FromReply<Bulk>>(timeout: f64, keys @@ List<Reads<T>>, side: Side)
        -> Nullable<Tuple<(Bulk, Array<Bulk>)>> as Option<(Bytes, Vec<T>)>
        = "BLMPOP" (BlockTimeout(timeout), NumKeys(&keys), &side) as Blmpop {
            since: redis "7.0.0", arity: -5, access: ReadWrite, effect: MayRemove, connection: Dedicated
        };

    /// Removes up to `count` elements from the side `side` of the first non-empty list at `keys` and returns the key
    /// and the elements. Blocks up to `timeout` seconds while all are empty, then returns `None`.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if `count` is 0.
    fn blmpop_count<T: FromReply<Bulk>>(timeout: f64, keys @@ List<Reads<T>>, side: Side, count: u64)
        -> Nullable<Tuple<(Bulk, Array<Bulk>)>> as Option<(Bytes, Vec<T>)>
        = "BLMPOP" (BlockTimeout(timeout), NumKeys(&keys), &side, "COUNT", &count) as BlmpopCount {
            since: redis "7.0.0", arity: -5, access: ReadWrite, effect: MayRemove, connection: Dedicated
        };

    /// Removes the first element of the first non-empty list at `keys` and returns the key and the element. Blocks up
    /// to `timeout` seconds while all are empty, then returns `None`.
    ///
    /// Servers before 6.0 accept only whole seconds.
    fn blpop<T: FromReply<Bulk>>(keys @@ List<Reads<T>>, timeout: f64)
        -> Nullable<Tuple<(Bulk, Bulk)>> as Option<(Bytes, T)>
        = "BLPOP" (&keys, BlockTimeout(timeout)) as Blpop {
            since: redis "2.0.0", arity: -3, access: ReadWrite, effect: MayRemove, connection: Dedicated
        };

    /// Removes the last element of the first non-empty list at `keys` and returns the key and the element. Blocks up to
    /// `timeout` seconds while all are empty, then returns `None`.
    ///
    /// Servers before 6.0 accept only whole seconds.
    fn brpop<T: FromReply<Bulk>>(keys @@ List<Reads<T>>, timeout: f64)
        -> Nullable<Tuple<(Bulk, Bulk)>> as Option<(Bytes, T)>
        = "BRPOP" (&keys, BlockTimeout(timeout)) as Brpop {
            since: redis "2.0.0", arity: -3, access: ReadWrite, effect: MayRemove, connection: Dedicated
        };

    /// Moves the last element of the list at `source` to the head of the list at `destination` and returns it. Blocks
    /// up to `timeout` seconds while `source` is empty, then returns `None`. See [`blmove`](Self::blmove).
    fn brpoplpush<T: FromReply<Bulk>>
        (source @ List<Reads<T>>, destination @ List<Reads<T>> => Preserves Ignores, timeout: f64)
        -> Nullable<Bulk> as Option<T>
        = "BRPOPLPUSH" (&source, &destination, BlockTimeout(timeout)) as Brpoplpush {
            since: redis "2.2.0", arity: 4, access: ReadWrite, effect: MayRemove, connection: Dedicated, deprecated: { redis: "6.2.0", instead: "BLMOVE" }
        };

    /// Returns the element at position `index` of the list at `key`, or `None` if the list has no such position.
    fn lindex<T: FromReply<Bulk>>(key @ List<Reads<T>>, index: i64) -> Nullable<Bulk> as Option<T>
        = "LINDEX" as Lindex {
            since: redis "1.0.0", arity: 3, access: ReadOnly, effect: Preserves
        };

    /// Inserts `value` into the list at `key`, before or after the first element that equals the pivot, and returns the
    /// new length, or that there is no pivot or no list: `linsert("list", Pivot::Before("b"), "a")`.
    fn linsert[V: Argument](key @ List<Writes<V>>, pivot: Pivot<impl Argument>, value: V) -> Integer as Inserted
        = "LINSERT" as Linsert {
            since: redis "2.2.0", arity: 5, access: ReadWrite, effect: Preserves
        };

    /// Returns the length of the list at `key`, or 0 if the key does not exist.
    fn llen(key @ List<Anything>) -> Integer as u64
        = "LLEN" as Llen {
            since: redis "1.0.0", arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Moves the element at the side `from` of the list at `source` to the side `to` of the list at `destination` and
    /// returns it, or `None` if `source` does not exist. With one key twice it rotates the list.
    fn lmove<T: FromReply<Bulk>>
        (source @ List<Reads<T>>, destination @ List<Reads<T>> => Preserves Ignores, from: Side, to: Side)
        -> Nullable<Bulk> as Option<T>
        = "LMOVE" as Lmove {
            since: redis "6.2.0", arity: 5, access: ReadWrite, effect: MayRemove
        };

    /// Moves one element from the side `from` of the list at `source` to the side `to` of the list at `destination` and
    /// returns it; the reply is empty if `source` does not exist.
    fn lmovem<T: FromReply<Bulk>>
        (source @ List<Reads<T>>, destination @ List<Reads<T>> => Preserves Ignores, from: Side, to: Side)
        -> Moved as Vec<T>
        = "LMOVEM" as Lmovem {
            since: redis "8.10.0", valkey never, arity: -5, access: ReadWrite, effect: MayRemove,
            fallback: "repeat LMOVE in a transaction"
        };

    /// Moves several elements from the side `from` of the list at `source` to the side `to` of the list at `destination`,
    /// and returns them in the order that they have there. With [`exactly`](LmovemOptions::exactly) the reply is an `Option`, `None`
    /// if the list has fewer and none was moved.
    fn lmovem_with<T: FromReply<Bulk>, E: LmovemReply<T>>
        (source @ List<Reads<T>>, destination @ List<Reads<T>> => Preserves Ignores, from: Side, to: Side,
            options: LmovemOptions<E>)
        -> E::Shape as E::Reply
        = "LMOVEM" as LmovemWith {
            since: redis "8.10.0", valkey never, arity: -5, access: ReadWrite, effect: MayRemove,
            fallback: "repeat LMOVE in a transaction"
        };

    /// Removes the element at the side `side` of the first non-empty list at `keys` and returns the key and the
    /// element, or `None` if all are empty.
    fn lmpop<T: FromReply<Bulk>>(keys @@ List<Reads<T>>, side: Side)
        -> Nullable<Tuple<(Bulk, Array<Bulk>)>> as Option<(Bytes, Vec<T>)>
        = "LMPOP" (NumKeys(&keys), &side) as Lmpop {
            since: redis "7.0.0", arity: -4, access: ReadWrite, effect: MayRemove
        };

    /// Removes up to `count` elements from the side `side` of the first non-empty list at `keys` and returns the key
    /// and the elements, or `None` if all are empty.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if `count` is 0.
    fn lmpop_count<T: FromReply<Bulk>>(keys @@ List<Reads<T>>, side: Side, count: u64)
        -> Nullable<Tuple<(Bulk, Array<Bulk>)>> as Option<(Bytes, Vec<T>)>
        = "LMPOP" (NumKeys(&keys), &side, "COUNT", &count) as LmpopCount {
            since: redis "7.0.0", arity: -4, access: ReadWrite, effect: MayRemove
        };

    /// Removes the first element of the list at `key` and returns it, or `None` if the key does not exist.
    fn lpop<T: FromReply<Bulk>>(key @ List<Reads<T>>) -> Nullable<Bulk> as Option<T>
        = "LPOP" as Lpop {
            since: redis "1.0.0", arity: -2, access: ReadWrite, effect: MayRemove
        };

    /// Removes up to `count` elements from the head of the list at `key` and returns them, the first one first, or
    /// `None` if the key does not exist.
    fn lpop_count<T: FromReply<Bulk>>(key @ List<Reads<T>>, count: u64) -> Nullable<Array<Bulk>> as Option<Vec<T>>
        = "LPOP" as LpopCount {
            // The first servers with a count do not check the type of the key for the count 0.
            since: redis "6.2.0", arity: -2, access: ReadWrite, effect: Unknown
        };

    /// Returns the position of the first element that equals `element` in the list at `key`, or `None` if there is
    /// none.
    fn lpos(key @ List<Anything>, element: impl Argument) -> Nullable<Integer> as Option<u64>
        = "LPOS" as Lpos {
            since: redis "6.0.6", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the position of `element` in the list at `key`, by the options that of another match than the first;
    /// with [`count`](LposOptions::count) those of several matches, as a `Vec` that is empty if there is none.
    fn lpos_with<C: LposReply>(key @ List<Anything>, element: impl Argument, options: LposOptions<C>)
        -> C::Shape as C::Reply
        = "LPOS" as LposWith {
            since: redis "6.0.6", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Adds `values`, one after the other, at the head of the list at `key` and returns the new length. The last value
    /// becomes the first element.
    fn lpush[V: Arguments](key @ List<Writes<V>>, values: V) -> Integer as u64
        = "LPUSH" as Lpush {
            since: redis "1.0.0", arity: -3, access: ReadWrite, effect: Creates
        };

    /// Adds `values`, one after the other, at the head of the list at `key` if the key exists, and returns the new
    /// length, or 0 if it does not exist.
    fn lpushx[V: Arguments](key @ List<Writes<V>>, values: V) -> Integer as u64
        = "LPUSHX" as Lpushx {
            since: redis "2.2.0", arity: -3, access: ReadWrite, effect: Preserves
        };

    /// Returns the elements of the list at `key` from position `start` to `stop`, both included: `lrange(key, 0, -1)`
    /// is the whole list. The result is empty if the list has no such range.
    fn lrange<T: FromReply<Bulk>>(key @ List<Reads<T>>, start: i64, stop: i64) -> Array<Bulk> as Vec<T>
        = "LRANGE" as Lrange {
            since: redis "1.0.0", arity: 4, access: ReadOnly, effect: Preserves
        };

    /// Removes elements that equal `element` from the list at `key` and returns how many: the first `count` matches,
    /// the last `-count` if `count` is negative, or all if it is 0.
    fn lrem(key @ List<Anything>, count: i64, element: impl Argument) -> Integer as u64
        = "LREM" as Lrem {
            since: redis "1.0.0", arity: 4, access: ReadWrite, effect: MayRemove
        };

    /// Replaces the element at position `index` of the list at `key` by `value`.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist, or if the list has no such position.
    fn lset[V: Argument](key @ List<Writes<V>>, index: i64, value: V) -> Status as ()
        = "LSET" as Lset {
            since: redis "1.0.0", arity: 4, access: ReadWrite, effect: Preserves
        };

    /// Removes all elements of the list at `key` except those from position `start` to `stop`, both included. Under a
    /// [watch](crate::Pipeline::watch) of the key it is a conflict on Redis even if it removes none, and on Valkey only if
    /// it removes some.
    fn ltrim(key @ List<Anything>, start: i64, stop: i64) -> Status as ()
        = "LTRIM" as Ltrim {
            since: redis "1.0.0", arity: 4, access: ReadWrite, effect: MayRemove
        };

    /// Removes the last element of the list at `key` and returns it, or `None` if the key does not exist.
    fn rpop<T: FromReply<Bulk>>(key @ List<Reads<T>>) -> Nullable<Bulk> as Option<T>
        = "RPOP" as Rpop {
            since: redis "1.0.0", arity: -2, access: ReadWrite, effect: MayRemove
        };

    /// Removes up to `count` elements from the tail of the list at `key` and returns them, the last one first, or
    /// `None` if the key does not exist.
    fn rpop_count<T: FromReply<Bulk>>(key @ List<Reads<T>>, count: u64) -> Nullable<Array<Bulk>> as Option<Vec<T>>
        = "RPOP" as RpopCount {
            // The first servers with a count do not check the type of the key for the count 0.
            since: redis "6.2.0", arity: -2, access: ReadWrite, effect: Unknown
        };

    /// Moves the last element of the list at `source` to the head of the list at `destination` and returns it, or
    /// `None` if `source` does not exist. See [`lmove`](Self::lmove).
    fn rpoplpush<T: FromReply<Bulk>>(source @ List<Reads<T>>, destination @ List<Reads<T>> => Preserves Ignores)
        -> Nullable<Bulk> as Option<T>
        = "RPOPLPUSH" as Rpoplpush {
            since: redis "1.2.0", arity: 3, access: ReadWrite, effect: MayRemove,
            deprecated: { redis: "6.2.0", instead: "LMOVE" }
        };

    /// Adds `values`, one after the other, at the tail of the list at `key` and returns the new length.
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

    /// Adds `values`, one after the other, at the tail of the list at `key` if the key exists, and returns the new
    /// length, or 0 if it does not exist.
    fn rpushx[V: Arguments](key @ List<Writes<V>>, values: V) -> Integer as u64
        = "RPUSHX" as Rpushx {
            since: redis "2.2.0", arity: -3, access: ReadWrite, effect: Preserves
        };
}
