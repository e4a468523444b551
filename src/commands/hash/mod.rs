//! Commands on hashes.

pub(crate) mod expiry;
pub(crate) mod options;
pub(crate) mod replies;

use crate::{
    argument::{Argument, Arguments, Entries, ValueFor},
    command::encode::FlatPairs,
    commands::scan::ScanOptions,
    key::{
        Adds, Anything, Field, FieldNames, Fields, FieldsOf, FieldsWithValues, Hash, HashFields, Number, Reads, Writes,
    },
    reply::{Bulk, FromReply, Map},
};

commands! {
    /// Commands on hashes: fields with values.
    ///
    /// They fail with WRONGTYPE if the key holds another type. A missing key counts as an empty hash, and a hash is
    /// removed with its last field.
    ///
    /// Fields that expire one by one have commands of their own: [`FieldExpiryCommands`](crate::commands::FieldExpiryCommands).
    /// The end of a field's time is no conflict for a transaction that [watches](crate::Pipeline::watch) the hash: it commits
    /// until the server removes the field.
    pub trait HashCommands in cmd;

    /// Removes `fields` from the hash at `key` and returns how many of them existed.
    fn hdel(key @ Hash<Anything>, fields: impl Arguments) -> Integer as u64
        = "HDEL" as Hdel {
            since: redis "2.0.0", arity: -3, access: ReadWrite, effect: MayRemove
        };

    /// Returns whether the hash at `key` has `field`.
    fn hexists(key @ Hash<Anything>, field: impl Argument) -> Flag as bool
        = "HEXISTS" as Hexists {
            since: redis "2.0.0", arity: 3, access: ReadOnly, effect: Preserves
        };

    /// Returns the value of `field` in the hash at `key`, or `None` if the hash has no such field.
    fn hget<T: FromReply<Bulk>>(key @ Hash<Fields<T>>, field: impl Argument) -> Nullable<Bulk> as Option<T>
        = "HGET" as Hget {
            since: redis "2.0.0", arity: 3, access: ReadOnly, effect: Preserves
        };

    /// Returns the value of one field of the hash at `key`, as the field's type, or `None` if the hash has no such
    /// field. See [`HashFields`](derive@crate::HashFields).
    fn hget_field[S: HashFields]<V: FromReply<Bulk>>(key @ Hash<FieldsOf<S>>, field: Field<S, V>)
        -> Nullable<Bulk> as Option<V>
        = "HGET" as HgetField {
            since: redis "2.0.0", arity: 3, access: ReadOnly, effect: Preserves
        };

    /// Returns all fields of the hash at `key` with their values: as a map or a `Vec` of pairs, empty if the key does
    /// not exist, or as a struct with [`HashFields`](derive@crate::HashFields).
    fn hgetall<T: FromReply<Map<Bulk, Bulk>>>(key @ Hash<Reads<T>>) -> Map<Bulk, Bulk> as T
        = "HGETALL" as Hgetall {
            since: redis "2.0.0", arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Adds `by` to the integer at `field` of the hash at `key` and returns the new value. A missing field counts as 0.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the value is not an integer, or if the result overflows an `i64`.
    fn hincrby(key @ Hash<Adds<i64>>, field: impl Argument, by: i64) -> Integer as i64
        = "HINCRBY" as Hincrby {
            since: redis "2.0.0", arity: 4, access: ReadWrite, effect: Creates
        };

    /// Adds `by` to one field of the hash at `key`, whose type is an integer, and returns the new value. See
    /// [`hincrby`](Self::hincrby) and [`HashFields`](derive@crate::HashFields).
    ///
    /// # Errors
    ///
    /// As [`hincrby`](Self::hincrby).
    fn hincrby_field[S: HashFields, V: Number<i64>](key @ Hash<FieldsOf<S>>, field: Field<S, V>, by: i64)
        -> Integer as i64
        = "HINCRBY" as HincrbyField {
            since: redis "2.0.0", arity: 4, access: ReadWrite, effect: Creates
        };

    /// Adds `by` to the number at `field` of the hash at `key` and returns the new value. A missing field counts as 0.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the value is not a number, or if the result is not finite.
    /// [`Reply`](crate::Error::Reply) if the new value, which is stored, is out of the range of `f64`.
    fn hincrbyfloat(key @ Hash<Adds<f64>>, field: impl Argument, by: f64) -> Bulk as f64
        = "HINCRBYFLOAT" as Hincrbyfloat {
            since: redis "2.6.0", arity: 4, access: ReadWrite, effect: Creates
        };

    /// Adds `by` to one field of the hash at `key`, whose type is a floating-point number, and returns the new value.
    /// See [`hincrbyfloat`](Self::hincrbyfloat) and [`HashFields`](derive@crate::HashFields).
    ///
    /// # Errors
    ///
    /// As [`hincrbyfloat`](Self::hincrbyfloat).
    fn hincrbyfloat_field[S: HashFields, V: Number<f64>](key @ Hash<FieldsOf<S>>, field: Field<S, V>, by: f64)
        -> Bulk as f64
        = "HINCRBYFLOAT" as HincrbyfloatField {
            since: redis "2.6.0", arity: 4, access: ReadWrite, effect: Creates
        };

    /// Returns the names of all fields of the hash at `key`, in no order; empty if the key does not exist.
    fn hkeys<T: FromReply<Bulk>>(key @ Hash<FieldNames<T>>) -> Array<Bulk> as Vec<T>
        = "HKEYS" as Hkeys {
            since: redis "2.0.0", arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Returns the number of fields in the hash at `key`, or 0 if the key does not exist.
    fn hlen(key @ Hash<Anything>) -> Integer as u64
        = "HLEN" as Hlen {
            since: redis "2.0.0", arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Returns the values of `fields` in the hash at `key`, in their order, with `None` for each field that does not
    /// exist.
    fn hmget<T: FromReply<Bulk>>(key @ Hash<Fields<T>>, fields: impl Arguments)
        -> Array<Nullable<Bulk>> as Vec<Option<T>>
        = "HMGET" as Hmget {
            since: redis "2.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the fields of the struct `T` from the hash at `key`, and leaves out other fields of the hash. See
    /// [`HashFields`](derive@crate::HashFields).
    fn hmget_fields<T: HashFields>(key @ Hash<Reads<T>>) -> Array<Nullable<Bulk>> as T
        = "HMGET" (&key, T::NAMES) as HmgetFields {
            since: redis "2.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Stores fields with their values in the hash at `key`. See [`hset`](Self::hset).
    fn hmset[P: Entries](key @ Hash<Writes<P>>, pairs: P) -> Status as ()
        = "HMSET" (&key, FlatPairs(&pairs)) as Hmset {
            since: redis "2.0.0", arity: -4, access: ReadWrite, effect: Creates,
            deprecated: { redis: "4.0.0", instead: "HSET" }
        };

    /// Returns the name of a random field of the hash at `key`, or `None` if the key does not exist.
    fn hrandfield<T: FromReply<Bulk>>(key @ Hash<FieldNames<T>>) -> Nullable<Bulk> as Option<T>
        = "HRANDFIELD" as Hrandfield {
            since: redis "6.2.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Returns the names of up to `count` different random fields of the hash at `key`; empty if the key does not
    /// exist. A negative `count` returns exactly its absolute value of names, with repetitions.
    fn hrandfield_count<T: FromReply<Bulk>>(key @ Hash<FieldNames<T>>, count: i64) -> Array<Bulk> as Vec<T>
        = "HRANDFIELD" as HrandfieldCount {
            since: redis "6.2.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Returns up to `count` different random fields of the hash at `key` with their values; empty if the key does not
    /// exist. A negative `count` returns exactly its absolute value of fields, with repetitions.
    fn hrandfield_withvalues<F: FromReply<Bulk>, V: FromReply<Bulk>>(key @ Hash<FieldsWithValues<F, V>>, count: i64)
        -> Pairs<Bulk, Bulk> as Vec<(F, V)>
        = "HRANDFIELD" (&key, &count, "WITHVALUES") as HrandfieldWithvalues {
            since: redis "6.2.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Returns the next cursor and a page of the fields of the hash at `key` with their values.
    ///
    /// An iteration begins with the cursor 0 and ends when 0 is returned. A field that exists throughout is returned at
    /// least once; a page may be empty, and a field may be returned twice.
    fn hscan<F: FromReply<Bulk>, V: FromReply<Bulk>>(key @ Hash<FieldsWithValues<F, V>>, cursor: u64)
        -> Tuple<(Bulk, Map<Bulk, Bulk>)> as (u64, Vec<(F, V)>)
        = "HSCAN" as Hscan {
            since: redis "2.8.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the next cursor and a page as [`hscan`](Self::hscan) does, filtered by a pattern or of another size.
    fn hscan_with<F: FromReply<Bulk>, V: FromReply<Bulk>>
        (key @ Hash<FieldsWithValues<F, V>>, cursor: u64, options: ScanOptions<'_>)
        -> Tuple<(Bulk, Map<Bulk, Bulk>)> as (u64, Vec<(F, V)>)
        = "HSCAN" as HscanWith {
            since: redis "2.8.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the next cursor and a page of the names of the fields of the hash at `key`. See [`hscan`](Self::hscan).
    fn hscan_novalues<F: FromReply<Bulk>>(key @ Hash<FieldNames<F>>, cursor: u64)
        -> Tuple<(Bulk, Array<Bulk>)> as (u64, Vec<F>)
        = "HSCAN" (&key, &cursor, "NOVALUES") as HscanNovalues {
            since: redis "7.4.0", valkey "8.0.0", arity: -3, access: ReadOnly, effect: Preserves,
            fallback: "use HSCAN, which returns the values too"
        };

    /// Returns the next cursor and a page as [`hscan_novalues`](Self::hscan_novalues) does, filtered by a pattern or of
    /// another size.
    fn hscan_novalues_with<F: FromReply<Bulk>>(key @ Hash<FieldNames<F>>, cursor: u64, options: ScanOptions<'_>)
        -> Tuple<(Bulk, Array<Bulk>)> as (u64, Vec<F>)
        = "HSCAN" (&key, &cursor, &options, "NOVALUES") as HscanNovaluesWith {
            since: redis "7.4.0", valkey "8.0.0", arity: -3, access: ReadOnly, effect: Preserves,
            fallback: "use HSCAN, which returns the values too"
        };

    /// Stores fields with their values in the hash at `key` and returns the number of new fields.
    ///
    /// The fields are one pair, several pairs in an array, `Vec`, tuple or map, which need Redis 4.0, or a struct with
    /// [`HashFields`](derive@crate::HashFields).
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

    /// Stores `value`, of the field's type, in one field of the hash at `key` and returns 1 if the field is new, else
    /// 0. See [`HashFields`](derive@crate::HashFields).
    fn hset_field[S: HashFields, V: Sized]
        (key @ Hash<FieldsOf<S>>, field: Field<S, V>, value: impl ValueFor<V>) -> Integer as u64
        = "HSET" as HsetField {
            since: redis "2.0.0", arity: -4, access: ReadWrite, effect: Creates
        };

    /// Stores `value` at `field` of the hash at `key` if the hash has no such field, and returns whether it did.
    fn hsetnx[F: Argument, V: Argument](key @ Hash<Writes<(F, V)>>, field: F, value: V) -> Flag as bool
        = "HSETNX" as Hsetnx {
            since: redis "2.0.0", arity: 4, access: ReadWrite, effect: Creates
        };

    /// Returns the length in bytes of the value of `field` in the hash at `key`, or 0 if the hash has no such field.
    fn hstrlen(key @ Hash<Anything>, field: impl Argument) -> Integer as u64
        = "HSTRLEN" as Hstrlen {
            since: redis "3.2.0", arity: 3, access: ReadOnly, effect: Preserves
        };

    /// Returns the values of all fields of the hash at `key`, in no order; empty if the key does not exist.
    fn hvals<T: FromReply<Bulk>>(key @ Hash<Fields<T>>) -> Array<Bulk> as Vec<T>
        = "HVALS" as Hvals {
            since: redis "2.0.0", arity: 2, access: ReadOnly, effect: Preserves
        };
}
