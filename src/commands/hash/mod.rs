//! Hashes.

pub(crate) mod options;

use options::ScanOptions;

use crate::{
    argument::{Argument, Arguments, Entries, ValueFor},
    command::encode::FlatPairs,
    key::{
        Adds, Anything, Field, FieldNames, Fields, FieldsOf, FieldsWithValues, Hash, HashFields, Number, Reads, Writes,
    },
    reply::{Bulk, FromReply, Map},
};

commands! {
    /// Commands on hashes: fields with values.
    ///
    /// They fail with WRONGTYPE when the key holds something else than a hash. A key without a hash counts as an empty
    /// one, and a hash that loses its last field is gone.
    pub trait HashCommands in cmd;

    /// Removes `fields` from the hash at `key` and returns how many of them there were.
    fn hdel(key @ Hash<Anything>, fields: impl Arguments) -> Integer as u64
        = "HDEL" as Hdel {
            since: redis "2.0.0", arity: -3, access: ReadWrite, effect: MayRemove
        };

    /// Tells whether the hash at `key` has `field`.
    fn hexists(key @ Hash<Anything>, field: impl Argument) -> Flag as bool
        = "HEXISTS" as Hexists {
            since: redis "2.0.0", arity: 3, access: ReadOnly, effect: Preserves
        };

    /// Returns the value of `field` in the hash at `key`, or `None` when there is no such field.
    fn hget<T: FromReply<Bulk>>(key @ Hash<Fields<T>>, field: impl Argument) -> Nullable<Bulk> as Option<T>
        = "HGET" as Hget {
            since: redis "2.0.0", arity: 3, access: ReadOnly, effect: Preserves
        };

    /// Returns one field of the hash at `key`, or `None` when there is no such field. The type of the value is that of the
    /// field: see [`HashFields`](derive@crate::HashFields).
    fn hget_field[S: HashFields]<V: FromReply<Bulk>>(key @ Hash<FieldsOf<S>>, field: Field<S, V>)
        -> Nullable<Bulk> as Option<V>
        = "HGET" as HgetField {
            since: redis "2.0.0", arity: 3, access: ReadOnly, effect: Preserves
        };

    /// Returns all fields of the hash at `key` with their values: as a map, as a `Vec` of pairs, or as a struct with
    /// [`HashFields`](derive@crate::HashFields). A map is empty when there is no hash.
    fn hgetall<T: FromReply<Map<Bulk, Bulk>>>(key @ Hash<Reads<T>>) -> Map<Bulk, Bulk> as T
        = "HGETALL" as Hgetall {
            since: redis "2.0.0", arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Adds `by` to the integer at `field` of the hash at `key`, which counts as 0 where there is none, and returns the
    /// new value.
    ///
    /// Fails when the value is not an integer, or would leave the range of an `i64`.
    fn hincrby(key @ Hash<Adds<i64>>, field: impl Argument, by: i64) -> Integer as i64
        = "HINCRBY" as Hincrby {
            since: redis "2.0.0", arity: 4, access: ReadWrite, effect: Creates
        };

    /// Adds `by` to one field of the hash at `key`, as [`hincrby`](HashCommands::hincrby) does. The field must hold a whole
    /// number: see [`HashFields`](derive@crate::HashFields).
    fn hincrby_field[S: HashFields, V: Number<i64>](key @ Hash<FieldsOf<S>>, field: Field<S, V>, by: i64)
        -> Integer as i64
        = "HINCRBY" as HincrbyField {
            since: redis "2.0.0", arity: 4, access: ReadWrite, effect: Creates
        };

    /// Adds `by` to the number at `field` of the hash at `key`, which counts as 0 where there is none, and returns the
    /// new value.
    ///
    /// Fails when the value is not a number, or the result is none.
    fn hincrbyfloat(key @ Hash<Adds<f64>>, field: impl Argument, by: f64) -> Double as f64
        = "HINCRBYFLOAT" as Hincrbyfloat {
            since: redis "2.6.0", arity: 4, access: ReadWrite, effect: Creates
        };

    /// Adds `by` to one field of the hash at `key`, as [`hincrbyfloat`](HashCommands::hincrbyfloat) does. The field must
    /// hold a floating-point number: see [`HashFields`](derive@crate::HashFields).
    fn hincrbyfloat_field[S: HashFields, V: Number<f64>](key @ Hash<FieldsOf<S>>, field: Field<S, V>, by: f64)
        -> Double as f64
        = "HINCRBYFLOAT" as HincrbyfloatField {
            since: redis "2.6.0", arity: 4, access: ReadWrite, effect: Creates
        };

    /// Returns the names of all fields of the hash at `key`, in no particular order.
    fn hkeys<T: FromReply<Bulk>>(key @ Hash<FieldNames<T>>) -> Array<Bulk> as Vec<T>
        = "HKEYS" as Hkeys {
            since: redis "2.0.0", arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Returns how many fields the hash at `key` has, 0 where there is none.
    fn hlen(key @ Hash<Anything>) -> Integer as u64
        = "HLEN" as Hlen {
            since: redis "2.0.0", arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Returns the values of `fields` in the hash at `key`, in the order of `fields`, each `None` where there is no
    /// such field.
    fn hmget<T: FromReply<Bulk>>(key @ Hash<Fields<T>>, fields: impl Arguments)
        -> Array<Nullable<Bulk>> as Vec<Option<T>>
        = "HMGET" as Hmget {
            since: redis "2.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the fields of a struct from the hash at `key`, and no others that the hash may have: see
    /// [`HashFields`](derive@crate::HashFields).
    fn hmget_fields<T: HashFields>(key @ Hash<Reads<T>>) -> Array<Nullable<Bulk>> as T
        = "HMGET" (&key, T::NAMES) as HmgetFields {
            since: redis "2.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Stores fields with their values in the hash at `key`. See [`hset`](HashCommands::hset).
    fn hmset[P: Entries](key @ Hash<Writes<P>>, pairs: P) -> Status as ()
        = "HMSET" (&key, FlatPairs(&pairs)) as Hmset {
            since: redis "2.0.0", arity: -4, access: ReadWrite, effect: Creates,
            deprecated: { redis: "4.0.0", instead: "HSET" }
        };

    /// Returns the name of a random field of the hash at `key`, or `None` when there is no hash.
    fn hrandfield<T: FromReply<Bulk>>(key @ Hash<FieldNames<T>>) -> Nullable<Bulk> as Option<T>
        = "HRANDFIELD" as Hrandfield {
            since: redis "6.2.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Returns the names of `count` random fields of the hash at `key`: each at most once, or, where `count` is below
    /// zero, exactly so many, of which some may be the same. Empty when there is no hash.
    fn hrandfield_count<T: FromReply<Bulk>>(key @ Hash<FieldNames<T>>, count: i64) -> Array<Bulk> as Vec<T>
        = "HRANDFIELD" as HrandfieldCount {
            since: redis "6.2.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Returns `count` random fields of the hash at `key` with their values: each at most once, or, where `count` is
    /// below zero, exactly so many, of which some may be the same. Empty when there is no hash.
    fn hrandfield_withvalues<F: FromReply<Bulk>, V: FromReply<Bulk>>(key @ Hash<FieldsWithValues<F, V>>, count: i64)
        -> Pairs<Bulk, Bulk> as Vec<(F, V)>
        = "HRANDFIELD" (&key, &count, "WITHVALUES") as HrandfieldWithvalues {
            since: redis "6.2.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Returns a page of the fields of the hash at `key` with their values, and before it the cursor of the next page.
    ///
    /// The first page has the cursor 0, and the page that answers the cursor 0 is the last one. A field that stays all
    /// the time comes at least once; a page may be empty, or a field come twice.
    fn hscan<F: FromReply<Bulk>, V: FromReply<Bulk>>(key @ Hash<FieldsWithValues<F, V>>, cursor: u64)
        -> Tuple<(Bulk, Map<Bulk, Bulk>)> as (u64, Vec<(F, V)>)
        = "HSCAN" as Hscan {
            since: redis "2.8.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns a page as [`hscan`](HashCommands::hscan) does, of the fields that match a pattern, or of another size.
    fn hscan_with<F: FromReply<Bulk>, V: FromReply<Bulk>>
        (key @ Hash<FieldsWithValues<F, V>>, cursor: u64, options: ScanOptions<'_>)
        -> Tuple<(Bulk, Map<Bulk, Bulk>)> as (u64, Vec<(F, V)>)
        = "HSCAN" as HscanWith {
            since: redis "2.8.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Stores fields with their values in the hash at `key` and returns how many of the fields are new.
    ///
    /// One pair, or several in an array, `Vec` or map, or a struct with [`HashFields`](derive@crate::HashFields); several
    /// need Redis 4.0.
    ///
    /// ```
    /// # use typedis::{Client, prelude::*};
    /// # use std::collections::HashMap;
    /// # async fn example(client: &Client) -> typedis::Result<()> {
    /// let new = client.hset("user:1", [("name", "Ada"), ("city", "London")]).await?;
    /// client.hset("user:1", ("born", 1815)).await?;
    ///
    /// assert_eq!(new, 2);
    /// assert_eq!(client.hget::<i64>("user:1", "born").await?, Some(1815));
    /// let user: HashMap<String, String> = client.hgetall("user:1").await?;
    /// assert_eq!(user["city"], "London");
    /// # Ok(()) }
    /// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
    /// ```
    fn hset[P: Entries](key @ Hash<Writes<P>>, pairs: P) -> Integer as u64
        = "HSET" (&key, FlatPairs(&pairs)) as Hset {
            since: redis "2.0.0", arity: -4, access: ReadWrite, effect: Creates
        };

    /// Stores `value` in one field of the hash at `key` and returns 1 if the field is new, else 0. The value must be of the
    /// field's type: see [`HashFields`](derive@crate::HashFields).
    fn hset_field[S: HashFields, V: Sized]
        (key @ Hash<FieldsOf<S>>, field: Field<S, V>, value: impl ValueFor<V>) -> Integer as u64
        = "HSET" as HsetField {
            since: redis "2.0.0", arity: -4, access: ReadWrite, effect: Creates
        };

    /// Stores `value` at `field` of the hash at `key` if there is no such field, and tells whether it did.
    fn hsetnx[F: Argument, V: Argument](key @ Hash<Writes<(F, V)>>, field: F, value: V) -> Flag as bool
        = "HSETNX" as Hsetnx {
            since: redis "2.0.0", arity: 4, access: ReadWrite, effect: Creates
        };

    /// Returns the length in bytes of the value of `field` in the hash at `key`, 0 where there is no such field.
    fn hstrlen(key @ Hash<Anything>, field: impl Argument) -> Integer as u64
        = "HSTRLEN" as Hstrlen {
            since: redis "3.2.0", arity: 3, access: ReadOnly, effect: Preserves
        };

    /// Returns the values of all fields of the hash at `key`, in no particular order.
    fn hvals<T: FromReply<Bulk>>(key @ Hash<Fields<T>>) -> Array<Bulk> as Vec<T>
        = "HVALS" as Hvals {
            since: redis "2.0.0", arity: 2, access: ReadOnly, effect: Preserves
        };
}
