//! Commands on the expiry of fields of hashes.

use super::{
    options::HsetexOptions,
    replies::{FieldExpireTime, FieldExpiry, FieldPersisted, FieldPexpireTime, FieldPttl, FieldTtl},
};
use crate::{
    argument::{Arguments, Entries, ValueFor},
    command::{
        encode::{NumKeys, NumPairs},
        flag::AvailableSince,
    },
    commands::{generic::options::SingleCondition, string::options::GetExpiry},
    key::{Anything, Field, Fields, FieldsOf, Hash, HashFields, Reads, Writes},
    reply::{Bulk, FromReply},
};

commands! {
    /// Commands on hashes whose fields expire one by one (Redis 7.4, Valkey 9.0).
    ///
    /// They fail with WRONGTYPE if the key holds another type. A missing key counts as an empty hash, and a hash is
    /// removed with its last field. HSET and HMSET remove the expiry of the fields that they write; HINCRBY and
    /// HINCRBYFLOAT keep it.
    ///
    /// The end of a field's time is no conflict for a transaction that [watches](crate::Pipeline::watch) the hash: it
    /// commits, until the server has removed the field. A write of the expiry is a conflict, also where it changes
    /// nothing; a condition that does not hold is none.
    ///
    /// ```
    /// use typedis::{Client, commands::{FieldExpiry, FieldTtl}, options::HsetexOptions, prelude::*};
    ///
    /// # async fn on_redis_8(client: &Client) -> typedis::Result<()> {
    /// client.hset("sessions", [("ann", "token-1"), ("ben", "token-2")]).await?;
    /// let set = client.hexpire("sessions", 3600, ["ann", "cid"]).await?;
    /// assert_eq!(set, [FieldExpiry::Set, FieldExpiry::NoField]);
    /// assert_eq!(client.httl("sessions", "ben").await?, [FieldTtl::NoExpiry]);
    ///
    /// let hour = HsetexOptions::new().fnx().ex(3600);
    /// assert!(client.hsetex_with("sessions", ("dan", "token-3"), hour).await?);
    /// assert_eq!(client.hgetdel::<String>("sessions", ["dan"]).await?, [Some("token-3".to_owned())]);
    /// # Ok(()) }
    /// # typedis_testing::doctest(async |url| match Client::connect(&url).await {
    /// #     Ok(client) if client.hgetdel::<String>("sessions", "dan").await.is_ok() => on_redis_8(&client).await,
    /// #     connected => connected.map(drop),
    /// # });
    /// ```
    pub trait FieldExpiryCommands in cmd;

    /// Sets the expiry of `fields` of the hash at `key` to `seconds` from now, and returns the effect on each field, in
    /// their order. 0 removes the fields at once. A [watch](crate::Pipeline::watch) of the key does not see that time come.
    fn hexpire(key @ Hash<Anything>, seconds: u64, fields: impl Arguments) -> Array<Integer> as Vec<FieldExpiry>
        = "HEXPIRE" (&key, &seconds, "FIELDS", NumKeys(&fields)) as Hexpire {
            since: redis "7.4.0", valkey "9.0.0", arity: -6, access: ReadWrite, effect: MayRemove,
            fallback: "keep what expires by itself at a key of its own, with EXPIRE"
        };

    /// Sets the expiry of one field of the hash at `key`, and returns the effect. See [`hexpire`](Self::hexpire) and
    /// [`HashFields`](derive@crate::HashFields).
    fn hexpire_field[S: HashFields, V: Sized](key @ Hash<FieldsOf<S>>, seconds: u64, field: Field<S, V>)
        -> Single<Integer> as FieldExpiry
        = "HEXPIRE" (&key, &seconds, "FIELDS", "1", &field) as HexpireField {
            since: redis "7.4.0", valkey "9.0.0", arity: -6, access: ReadWrite, effect: MayRemove,
            fallback: "keep what expires by itself at a key of its own, with EXPIRE"
        };

    /// Sets the expiry as [`hexpire`](Self::hexpire) does, of those fields for which the condition holds.
    fn hexpire_with(key @ Hash<Anything>, seconds: u64, fields: impl Arguments, condition: impl SingleCondition)
        -> Array<Integer> as Vec<FieldExpiry>
        = "HEXPIRE" (&key, &seconds, &condition, "FIELDS", NumKeys(&fields)) as HexpireWith {
            since: redis "7.4.0", valkey "9.0.0", arity: -6, access: ReadWrite, effect: MayRemove,
            fallback: "keep what expires by itself at a key of its own, with EXPIRE"
        };

    /// Sets the expiry of `fields` of the hash at `key` to the Unix time `seconds`, and returns the effect on each field,
    /// in their order. A time in the past removes the fields at once. A [watch](crate::Pipeline::watch) of the key does not
    /// see that time come.
    fn hexpireat(key @ Hash<Anything>, seconds: u64, fields: impl Arguments) -> Array<Integer> as Vec<FieldExpiry>
        = "HEXPIREAT" (&key, &seconds, "FIELDS", NumKeys(&fields)) as Hexpireat {
            since: redis "7.4.0", valkey "9.0.0", arity: -6, access: ReadWrite, effect: MayRemove,
            fallback: "keep what expires by itself at a key of its own, with EXPIRE"
        };

    /// Sets the expiry of one field of the hash at `key`, and returns the effect. See [`hexpireat`](Self::hexpireat) and
    /// [`HashFields`](derive@crate::HashFields).
    fn hexpireat_field[S: HashFields, V: Sized](key @ Hash<FieldsOf<S>>, seconds: u64, field: Field<S, V>)
        -> Single<Integer> as FieldExpiry
        = "HEXPIREAT" (&key, &seconds, "FIELDS", "1", &field) as HexpireatField {
            since: redis "7.4.0", valkey "9.0.0", arity: -6, access: ReadWrite, effect: MayRemove,
            fallback: "keep what expires by itself at a key of its own, with EXPIRE"
        };

    /// Sets the expiry as [`hexpireat`](Self::hexpireat) does, of those fields for which the condition holds.
    fn hexpireat_with(key @ Hash<Anything>, seconds: u64, fields: impl Arguments, condition: impl SingleCondition)
        -> Array<Integer> as Vec<FieldExpiry>
        = "HEXPIREAT" (&key, &seconds, &condition, "FIELDS", NumKeys(&fields)) as HexpireatWith {
            since: redis "7.4.0", valkey "9.0.0", arity: -6, access: ReadWrite, effect: MayRemove,
            fallback: "keep what expires by itself at a key of its own, with EXPIRE"
        };

    /// Returns for each of `fields` of the hash at `key`, in their order, the Unix time in seconds at which it expires, or
    /// that it does not expire or does not exist.
    fn hexpiretime(key @ Hash<Anything>, fields: impl Arguments) -> Array<Integer> as Vec<FieldExpireTime>
        = "HEXPIRETIME" (&key, "FIELDS", NumKeys(&fields)) as Hexpiretime {
            since: redis "7.4.0", valkey "9.0.0", arity: -5, access: ReadOnly, effect: Preserves,
            fallback: "keep what expires by itself at a key of its own, with EXPIRE"
        };

    /// Returns of one field of the hash at `key` the Unix time in seconds at which it expires, or that it does not expire
    /// or does not exist. See [`HashFields`](derive@crate::HashFields).
    fn hexpiretime_field[S: HashFields, V: Sized](key @ Hash<FieldsOf<S>>, field: Field<S, V>) -> Single<Integer> as FieldExpireTime
        = "HEXPIRETIME" (&key, "FIELDS", "1", &field) as HexpiretimeField {
            since: redis "7.4.0", valkey "9.0.0", arity: -5, access: ReadOnly, effect: Preserves,
            fallback: "keep what expires by itself at a key of its own, with EXPIRE"
        };

    /// Removes `fields` from the hash at `key` and returns their values, in their order, with `None` for each field that
    /// did not exist.
    fn hgetdel<T: FromReply<Bulk>>(key @ Hash<Fields<T>>, fields: impl Arguments)
        -> Array<Nullable<Bulk>> as Vec<Option<T>>
        = "HGETDEL" (&key, "FIELDS", NumKeys(&fields)) as Hgetdel {
            since: redis "8.0.0", valkey "9.1.0", arity: -5, access: ReadWrite, effect: MayRemove,
            fallback: "use HMGET and HDEL in a transaction"
        };

    /// Removes one field from the hash at `key` and returns its value, as the field's type, or `None` if the hash had no
    /// such field. See [`HashFields`](derive@crate::HashFields).
    fn hgetdel_field[S: HashFields]<V: FromReply<Bulk>>(key @ Hash<FieldsOf<S>>, field: Field<S, V>)
        -> Single<Nullable<Bulk>> as Option<V>
        = "HGETDEL" (&key, "FIELDS", "1", &field) as HgetdelField {
            since: redis "8.0.0", valkey "9.1.0", arity: -5, access: ReadWrite, effect: MayRemove,
            fallback: "use HMGET and HDEL in a transaction"
        };

    /// Removes the fields of the struct `T` from the hash at `key` and returns them, and leaves other fields of the hash
    /// alone. See [`HashFields`](derive@crate::HashFields).
    fn hgetdel_fields<T: HashFields>(key @ Hash<Reads<T>>) -> Array<Nullable<Bulk>> as T
        = "HGETDEL" (&key, "FIELDS", NumKeys(T::NAMES)) as HgetdelFields {
            since: redis "8.0.0", valkey "9.1.0", arity: -5, access: ReadWrite, effect: MayRemove,
            fallback: "use HMGET and HDEL in a transaction"
        };

    /// Returns the values of `fields` of the hash at `key`, in their order, with `None` for each field that does not exist,
    /// and keeps their expiry.
    fn hgetex<T: FromReply<Bulk>>(key @ Hash<Fields<T>>, fields: impl Arguments)
        -> Array<Nullable<Bulk>> as Vec<Option<T>>
        = "HGETEX" (&key, "FIELDS", NumKeys(&fields)) as Hgetex {
            since: redis "8.0.0", valkey "9.0.0", arity: -5, access: ReadWrite, effect: Preserves,
            fallback: "use HMGET"
        };

    /// Returns the value of one field of the hash at `key`, as the field's type, or `None` if the hash has no such field,
    /// and sets or removes its expiry. See [`hgetex_with`](Self::hgetex_with) and [`HashFields`](derive@crate::HashFields).
    fn hgetex_field[S: HashFields]<V: FromReply<Bulk>>
        (key @ Hash<FieldsOf<S>>, field: Field<S, V>, expiry: GetExpiry) -> Single<Nullable<Bulk>> as Option<V>
        = "HGETEX" (&key, &expiry, "FIELDS", "1", &field) as HgetexField {
            since: redis "8.0.0", valkey "9.0.0", arity: -5, access: ReadWrite, effect: MayRemove,
            fallback: "use HMGET and HEXPIRE in a transaction"
        };

    /// Returns the fields of the struct `T` from the hash at `key`, and sets or removes their expiry. See
    /// [`hgetex_with`](Self::hgetex_with) and [`HashFields`](derive@crate::HashFields).
    fn hgetex_fields<T: HashFields>(key @ Hash<Reads<T>>, expiry: GetExpiry) -> Array<Nullable<Bulk>> as T
        = "HGETEX" (&key, &expiry, "FIELDS", NumKeys(T::NAMES)) as HgetexFields {
            since: redis "8.0.0", valkey "9.0.0", arity: -5, access: ReadWrite, effect: MayRemove,
            fallback: "use HMGET and HEXPIRE in a transaction"
        };

    /// Returns the values of `fields` as [`hgetex`](Self::hgetex) does, and sets or removes their expiry. An expiry of 0 or
    /// in the past removes the fields at once, after their values are read. A [watch](crate::Pipeline::watch) of the key
    /// does not see that time come.
    fn hgetex_with<T: FromReply<Bulk>>(key @ Hash<Fields<T>>, fields: impl Arguments, expiry: GetExpiry)
        -> Array<Nullable<Bulk>> as Vec<Option<T>>
        = "HGETEX" (&key, &expiry, "FIELDS", NumKeys(&fields)) as HgetexWith {
            since: redis "8.0.0", valkey "9.0.0", arity: -5, access: ReadWrite, effect: MayRemove,
            fallback: "use HMGET and HEXPIRE in a transaction"
        };

    /// Removes the expiry of `fields` of the hash at `key`, and returns the effect on each field, in their order.
    fn hpersist(key @ Hash<Anything>, fields: impl Arguments) -> Array<Integer> as Vec<FieldPersisted>
        = "HPERSIST" (&key, "FIELDS", NumKeys(&fields)) as Hpersist {
            since: redis "7.4.0", valkey "9.0.0", arity: -5, access: ReadWrite, effect: Preserves,
            fallback: "keep what expires by itself at a key of its own, with EXPIRE"
        };

    /// Removes the expiry of one field of the hash at `key`, and returns the effect. See
    /// [`HashFields`](derive@crate::HashFields).
    fn hpersist_field[S: HashFields, V: Sized](key @ Hash<FieldsOf<S>>, field: Field<S, V>)
        -> Single<Integer> as FieldPersisted
        = "HPERSIST" (&key, "FIELDS", "1", &field) as HpersistField {
            since: redis "7.4.0", valkey "9.0.0", arity: -5, access: ReadWrite, effect: Preserves,
            fallback: "keep what expires by itself at a key of its own, with EXPIRE"
        };

    /// Sets the expiry of `fields` of the hash at `key` to `milliseconds` from now, and returns the effect on each field,
    /// in their order. 0 removes the fields at once. A [watch](crate::Pipeline::watch) of the key does not see that time
    /// come.
    fn hpexpire(key @ Hash<Anything>, milliseconds: u64, fields: impl Arguments) -> Array<Integer> as Vec<FieldExpiry>
        = "HPEXPIRE" (&key, &milliseconds, "FIELDS", NumKeys(&fields)) as Hpexpire {
            since: redis "7.4.0", valkey "9.0.0", arity: -6, access: ReadWrite, effect: MayRemove,
            fallback: "keep what expires by itself at a key of its own, with EXPIRE"
        };

    /// Sets the expiry of one field of the hash at `key`, and returns the effect. See [`hpexpire`](Self::hpexpire) and
    /// [`HashFields`](derive@crate::HashFields).
    fn hpexpire_field[S: HashFields, V: Sized](key @ Hash<FieldsOf<S>>, milliseconds: u64, field: Field<S, V>)
        -> Single<Integer> as FieldExpiry
        = "HPEXPIRE" (&key, &milliseconds, "FIELDS", "1", &field) as HpexpireField {
            since: redis "7.4.0", valkey "9.0.0", arity: -6, access: ReadWrite, effect: MayRemove,
            fallback: "keep what expires by itself at a key of its own, with EXPIRE"
        };

    /// Sets the expiry as [`hpexpire`](Self::hpexpire) does, of those fields for which the condition holds.
    fn hpexpire_with(key @ Hash<Anything>, milliseconds: u64, fields: impl Arguments, condition: impl SingleCondition)
        -> Array<Integer> as Vec<FieldExpiry>
        = "HPEXPIRE" (&key, &milliseconds, &condition, "FIELDS", NumKeys(&fields)) as HpexpireWith {
            since: redis "7.4.0", valkey "9.0.0", arity: -6, access: ReadWrite, effect: MayRemove,
            fallback: "keep what expires by itself at a key of its own, with EXPIRE"
        };

    /// Sets the expiry of `fields` of the hash at `key` to the Unix time `milliseconds`, and returns the effect on each
    /// field, in their order. A time in the past removes the fields at once. A [watch](crate::Pipeline::watch) of the key
    /// does not see that time come.
    fn hpexpireat(key @ Hash<Anything>, milliseconds: u64, fields: impl Arguments) -> Array<Integer> as Vec<FieldExpiry>
        = "HPEXPIREAT" (&key, &milliseconds, "FIELDS", NumKeys(&fields)) as Hpexpireat {
            since: redis "7.4.0", valkey "9.0.0", arity: -6, access: ReadWrite, effect: MayRemove,
            fallback: "keep what expires by itself at a key of its own, with EXPIRE"
        };

    /// Sets the expiry of one field of the hash at `key`, and returns the effect. See [`hpexpireat`](Self::hpexpireat) and
    /// [`HashFields`](derive@crate::HashFields).
    fn hpexpireat_field[S: HashFields, V: Sized](key @ Hash<FieldsOf<S>>, milliseconds: u64, field: Field<S, V>)
        -> Single<Integer> as FieldExpiry
        = "HPEXPIREAT" (&key, &milliseconds, "FIELDS", "1", &field) as HpexpireatField {
            since: redis "7.4.0", valkey "9.0.0", arity: -6, access: ReadWrite, effect: MayRemove,
            fallback: "keep what expires by itself at a key of its own, with EXPIRE"
        };

    /// Sets the expiry as [`hpexpireat`](Self::hpexpireat) does, of those fields for which the condition holds.
    fn hpexpireat_with(key @ Hash<Anything>, milliseconds: u64, fields: impl Arguments, condition: impl SingleCondition)
        -> Array<Integer> as Vec<FieldExpiry>
        = "HPEXPIREAT" (&key, &milliseconds, &condition, "FIELDS", NumKeys(&fields)) as HpexpireatWith {
            since: redis "7.4.0", valkey "9.0.0", arity: -6, access: ReadWrite, effect: MayRemove,
            fallback: "keep what expires by itself at a key of its own, with EXPIRE"
        };

    /// Returns for each of `fields` of the hash at `key`, in their order, the Unix time in milliseconds at which it
    /// expires, or that it does not expire or does not exist.
    fn hpexpiretime(key @ Hash<Anything>, fields: impl Arguments) -> Array<Integer> as Vec<FieldPexpireTime>
        = "HPEXPIRETIME" (&key, "FIELDS", NumKeys(&fields)) as Hpexpiretime {
            since: redis "7.4.0", valkey "9.0.0", arity: -5, access: ReadOnly, effect: Preserves,
            fallback: "keep what expires by itself at a key of its own, with EXPIRE"
        };

    /// Returns of one field of the hash at `key` the Unix time in milliseconds at which it expires, or that it does not
    /// expire or does not exist. See [`HashFields`](derive@crate::HashFields).
    fn hpexpiretime_field[S: HashFields, V: Sized](key @ Hash<FieldsOf<S>>, field: Field<S, V>) -> Single<Integer> as FieldPexpireTime
        = "HPEXPIRETIME" (&key, "FIELDS", "1", &field) as HpexpiretimeField {
            since: redis "7.4.0", valkey "9.0.0", arity: -5, access: ReadOnly, effect: Preserves,
            fallback: "keep what expires by itself at a key of its own, with EXPIRE"
        };

    /// Returns for each of `fields` of the hash at `key`, in their order, the time to live in milliseconds, or that it does
    /// not expire or does not exist.
    fn hpttl(key @ Hash<Anything>, fields: impl Arguments) -> Array<Integer> as Vec<FieldPttl>
        = "HPTTL" (&key, "FIELDS", NumKeys(&fields)) as Hpttl {
            since: redis "7.4.0", valkey "9.0.0", arity: -5, access: ReadOnly, effect: Preserves,
            fallback: "keep what expires by itself at a key of its own, with EXPIRE"
        };

    /// Returns of one field of the hash at `key` the time to live in milliseconds, or that it does not expire or does not
    /// exist. See [`HashFields`](derive@crate::HashFields).
    fn hpttl_field[S: HashFields, V: Sized](key @ Hash<FieldsOf<S>>, field: Field<S, V>) -> Single<Integer> as FieldPttl
        = "HPTTL" (&key, "FIELDS", "1", &field) as HpttlField {
            since: redis "7.4.0", valkey "9.0.0", arity: -5, access: ReadOnly, effect: Preserves,
            fallback: "keep what expires by itself at a key of its own, with EXPIRE"
        };

    /// Stores fields with their values in the hash at `key`, none of which expires then, and returns `true`: it is HSET
    /// whose reply does not tell the number of new fields. See [`hset`](crate::commands::HashCommands::hset) for the forms
    /// of `pairs`, and [`hsetex_with`](Self::hsetex_with) for an expiry.
    fn hsetex[P: Entries](key @ Hash<Writes<P>>, pairs: P) -> Flag as bool
        = "HSETEX" (&key, "FIELDS", NumPairs(&pairs)) as Hsetex {
            since: redis "8.0.0", valkey "9.0.0", arity: -6, access: ReadWrite, effect: Creates,
            fallback: "use HSET"
        };

    /// Stores `value`, of the field's type, in one field of the hash at `key` with an expiry if the conditions hold, and
    /// returns whether it did. See [`hsetex_with`](Self::hsetex_with) and [`HashFields`](derive@crate::HashFields).
    fn hsetex_field[S: HashFields, V: Sized, K: AvailableSince<Self::Server>, F: Sized, E: Sized]
        (key @ Hash<FieldsOf<S>>, field: Field<S, V>, value: impl ValueFor<V>, options: HsetexOptions<K, F, E>)
        -> Flag as bool
        = "HSETEX" (&key, &options, "FIELDS", "1", &field, &value) as HsetexField {
            since: redis "8.0.0", valkey "9.0.0", arity: -6, access: ReadWrite, effect: MayRemove,
            fallback: "use HSET and HEXPIRE in a transaction, with a condition behind WATCH"
        };

    /// Stores fields with their values and an expiry in the hash at `key` if the conditions hold, and returns whether it
    /// did; without a condition always `true`. An expiry of 0 or in the past removes the fields, which is `true` too. A
    /// [watch](crate::Pipeline::watch) of the key does not see that time come.
    fn hsetex_with[P: Entries, K: AvailableSince<Self::Server>, F: Sized, E: Sized]
        (key @ Hash<Writes<P>>, pairs: P, options: HsetexOptions<K, F, E>) -> Flag as bool
        = "HSETEX" (&key, &options, "FIELDS", NumPairs(&pairs)) as HsetexWith {
            since: redis "8.0.0", valkey "9.0.0", arity: -6, access: ReadWrite, effect: MayRemove,
            fallback: "use HSET and HEXPIRE in a transaction, with a condition behind WATCH"
        };

    /// Returns for each of `fields` of the hash at `key`, in their order, the time to live in seconds, or that it does not
    /// expire or does not exist.
    fn httl(key @ Hash<Anything>, fields: impl Arguments) -> Array<Integer> as Vec<FieldTtl>
        = "HTTL" (&key, "FIELDS", NumKeys(&fields)) as Httl {
            since: redis "7.4.0", valkey "9.0.0", arity: -5, access: ReadOnly, effect: Preserves,
            fallback: "keep what expires by itself at a key of its own, with EXPIRE"
        };

    /// Returns of one field of the hash at `key` the time to live in seconds, or that it does not expire or does not exist.
    /// See [`HashFields`](derive@crate::HashFields).
    fn httl_field[S: HashFields, V: Sized](key @ Hash<FieldsOf<S>>, field: Field<S, V>) -> Single<Integer> as FieldTtl
        = "HTTL" (&key, "FIELDS", "1", &field) as HttlField {
            since: redis "7.4.0", valkey "9.0.0", arity: -5, access: ReadOnly, effect: Preserves,
            fallback: "keep what expires by itself at a key of its own, with EXPIRE"
        };
}
