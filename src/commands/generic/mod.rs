//! Commands on keys that hold any type: Redis's *generic* group.

pub(crate) mod options;
pub(crate) mod replies;
pub(crate) mod sort;

use options::{CopyOptions, ExpireOptions, RestoreOptions};
use replies::{ExpireTime, Fsynced, PexpireTime};
use sort::{SortOptions, SortReply};

use crate::{
    argument::Argument,
    command::encode::BlockTimeoutMillis,
    commands::{self, scan::KeyFilter},
    key::{AnyKind, Anything, ElementsOf, KeyFor, KeyType, List, Reads, SameAs, Sortable},
    reply::{Array, Bulk, FromReply},
};
use bytes::Bytes;

commands! {
    /// Commands on keys that hold any type, and on the database's keys as a whole.
    pub trait KeyCommands in cmd;

    /// Copies the value of `source` with its expiry to `destination`, and returns whether it did: `false` if `source`
    /// does not exist or `destination` exists.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if both are the same key.
    fn copy[S: KeyFor<AnyKind>](source @= S of AnyKind, destination @ SameAs<S::Kind>) -> Flag as bool
        = "COPY" as Copy {
            since: redis "6.2.0", arity: -3, access: ReadWrite, effect: Preserves
        };

    /// Copies the value of `source` with its expiry to `destination` as the options say, and returns whether it did.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if both are the same key of the same database.
    fn copy_with[S: KeyFor<AnyKind>]
        (source @= S of AnyKind, destination @ SameAs<S::Kind> => Unknown, options: CopyOptions) -> Flag as bool
        = "COPY" as CopyWith {
            since: redis "6.2.0", arity: -3, access: ReadWrite, effect: Preserves
        };

    /// Removes `keys` and returns how many of them existed.
    fn del(keys @@ AnyKind) -> Integer as u64
        = "DEL" as Del {
            since: redis "1.0.0", arity: -2, access: ReadWrite, effect: MayRemove, route: EachKey(Sum)
        };

    /// Returns the value of `key` in the server's serialization format, for [`restore`](Self::restore), or `None` if
    /// the key does not exist. The expiry is not included.
    ///
    /// A server refuses what is from a newer format than its own, whatever the value is. Formats are counted by both vendors:
    /// Redis 8.2 takes what Valkey 8.1 dumps, and not the reverse; Redis 8.2 and Valkey 9.1 take nothing of each other.
    fn dump(key @ AnyKind) -> Nullable<Bulk> as Option<Bytes>
        = "DUMP" as Dump {
            since: redis "2.6.0", arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Returns how many of `keys` exist. A key that is given twice counts twice.
    fn exists(keys @@ AnyKind) -> Integer as u64
        = "EXISTS" as Exists {
            since: redis "1.0.0", arity: -2, access: ReadOnly, effect: Preserves, route: EachKey(Sum)
        };

    /// Sets the expiry of `key` to `seconds` from now and returns whether the key exists. 0 removes the key at once.
    ///
    /// ```
    /// # use typedis::{commands::Ttl, prelude::*, Client};
    /// # async fn example(client: &Client) -> typedis::Result<()> {
    /// client.set("session", "token").await?;
    /// assert_eq!(client.ttl("session").await?, Ttl::NoExpiry);
    /// assert!(client.expire("session", 3600).await?);
    /// assert!(matches!(client.ttl("session").await?, Ttl::Seconds(3590..=3600)));
    /// # Ok(()) }
    /// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
    /// ```
    fn expire(key @ AnyKind, seconds: u64) -> Flag as bool
        = "EXPIRE" as Expire {
            since: redis "1.0.0", arity: -3, access: ReadWrite, effect: MayRemove
        };

    /// Sets the expiry of `key` to `seconds` from now if the condition holds, and returns whether it did: `false` too
    /// if the key does not exist.
    fn expire_with[E: Sized, O: Sized](key @ AnyKind, seconds: u64, condition: ExpireOptions<E, O>) -> Flag as bool
        = "EXPIRE" as ExpireWith {
            since: redis "7.0.0", arity: -3, access: ReadWrite, effect: MayRemove
        };

    /// Sets the expiry of `key` to the Unix time `seconds` and returns whether the key exists. A time in the past
    /// removes the key at once.
    fn expireat(key @ AnyKind, seconds: u64) -> Flag as bool
        = "EXPIREAT" as Expireat {
            since: redis "1.2.0", arity: -3, access: ReadWrite, effect: MayRemove
        };

    /// Sets the expiry of `key` to the Unix time `seconds` if the condition holds, and returns whether it did: `false`
    /// too if the key does not exist.
    fn expireat_with[E: Sized, O: Sized](key @ AnyKind, seconds: u64, condition: ExpireOptions<E, O>) -> Flag as bool
        = "EXPIREAT" as ExpireatWith {
            since: redis "7.0.0", arity: -3, access: ReadWrite, effect: MayRemove
        };

    /// Returns the Unix time in seconds at which `key` expires, or that it does not expire or does not exist.
    fn expiretime(key @ AnyKind) -> Integer as ExpireTime
        = "EXPIRETIME" as Expiretime {
            since: redis "7.0.0", arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Returns the names of all keys that match the glob-style `pattern`, such as `user:*`. The server visits every key
    /// of the database; [`scan`](Self::scan) does so in pages.
    fn keys<T: FromReply<Array<Bulk>>>(pattern: impl Argument) -> Array<Bulk> as T
        = "KEYS" as Keys {
            since: redis "1.0.0", arity: 2, access: ReadOnly, effect: Preserves, route: AllShards(Concatenate)
        };

    /// Moves `key` to the database `database` and returns whether it did: `false` if the key does not exist here or
    /// exists there.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if `database` is the client's own, or does not exist.
    fn move_to(key @ AnyKind, database: u32) -> Flag as bool
        = "MOVE" as Move {
            since: redis "1.0.0", arity: 3, access: ReadWrite, effect: MayRemove
        };

    /// Returns the server's internal encoding of the value of `key`, such as `listpack`, or `None` if the key does not
    /// exist. The names depend on the server's version.
    fn object_encoding(key @ AnyKind) -> Nullable<Bulk> as Option<String>
        = "OBJECT ENCODING" as ObjectEncoding {
            since: redis "2.2.3", arity: 3, access: ReadOnly, effect: Preserves
        };

    /// Returns the access frequency of `key`, on a logarithmic scale from 0 to 255, or `None` if the key does not
    /// exist.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) unless the server evicts by frequency (an LFU `maxmemory-policy`).
    fn object_freq(key @ AnyKind) -> Nullable<Integer> as Option<u64>
        = "OBJECT FREQ" as ObjectFreq {
            since: redis "4.0.0", arity: 3, access: ReadOnly, effect: Preserves
        };

    /// Returns the seconds since `key` was last accessed, or `None` if the key does not exist.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the server evicts by frequency (an LFU `maxmemory-policy`).
    fn object_idletime(key @ AnyKind) -> Nullable<Integer> as Option<u64>
        = "OBJECT IDLETIME" as ObjectIdletime {
            since: redis "2.2.3", arity: 3, access: ReadOnly, effect: Preserves
        };

    /// Returns the number of references to the value of `key`, or `None` if the key does not exist.
    fn object_refcount(key @ AnyKind) -> Nullable<Integer> as Option<u64>
        = "OBJECT REFCOUNT" as ObjectRefcount {
            since: redis "2.2.3", arity: 3, access: ReadOnly, effect: Preserves
        };

    /// Removes the expiry of `key` and returns whether it had one.
    fn persist(key @ AnyKind) -> Flag as bool
        = "PERSIST" as Persist {
            since: redis "2.2.0", arity: 2, access: ReadWrite, effect: Preserves
        };

    /// Sets the expiry of `key` to `milliseconds` from now and returns whether the key exists. 0 removes the key at
    /// once.
    fn pexpire(key @ AnyKind, milliseconds: u64) -> Flag as bool
        = "PEXPIRE" as Pexpire {
            since: redis "2.6.0", arity: -3, access: ReadWrite, effect: MayRemove
        };

    /// Sets the expiry of `key` to `milliseconds` from now if the condition holds, and returns whether it did: `false`
    /// too if the key does not exist.
    fn pexpire_with[E: Sized, O: Sized](key @ AnyKind, milliseconds: u64, condition: ExpireOptions<E, O>)
        -> Flag as bool
        = "PEXPIRE" as PexpireWith {
            since: redis "7.0.0", arity: -3, access: ReadWrite, effect: MayRemove
        };

    /// Sets the expiry of `key` to the Unix time `milliseconds` and returns whether the key exists. A time in the past
    /// removes the key at once.
    fn pexpireat(key @ AnyKind, milliseconds: u64) -> Flag as bool
        = "PEXPIREAT" as Pexpireat {
            since: redis "2.6.0", arity: -3, access: ReadWrite, effect: MayRemove
        };

    /// Sets the expiry of `key` to the Unix time `milliseconds` if the condition holds, and returns whether it did:
    /// `false` too if the key does not exist.
    fn pexpireat_with[E: Sized, O: Sized](key @ AnyKind, milliseconds: u64, condition: ExpireOptions<E, O>)
        -> Flag as bool
        = "PEXPIREAT" as PexpireatWith {
            since: redis "7.0.0", arity: -3, access: ReadWrite, effect: MayRemove
        };

    /// Returns the Unix time in milliseconds at which `key` expires, or that it does not expire or does not exist.
    fn pexpiretime(key @ AnyKind) -> Integer as PexpireTime
        = "PEXPIRETIME" as Pexpiretime {
            since: redis "7.0.0", arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Returns the time to live of `key` in milliseconds, or that it does not expire or does not exist.
    fn pttl(key @ AnyKind) -> Integer as commands::Pttl
        = "PTTL" as Pttl {
            since: redis "2.6.0", arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Returns the name of a random key, or `None` if the database is empty.
    fn randomkey<T: FromReply<Bulk>>() -> Nullable<Bulk> as Option<T>
        = "RANDOMKEY" as Randomkey {
            since: redis "1.0.0", arity: 1, access: ReadOnly, effect: Preserves, route: AllShards(Special)
        };

    /// Renames `key` to `newkey` and overwrites any value there.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if `key` does not exist.
    fn rename[K: KeyFor<AnyKind>](key @= K of AnyKind, newkey @ SameAs<K::Kind>) -> Status as ()
        = "RENAME" as Rename {
            since: redis "1.0.0", arity: 3, access: ReadWrite, effect: Unknown
        };

    /// Renames `key` to `newkey` if `newkey` does not exist, and returns whether it did.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if `key` does not exist.
    fn renamenx[K: KeyFor<AnyKind>](key @= K of AnyKind, newkey @ SameAs<K::Kind> => Preserves) -> Flag as bool
        = "RENAMENX" as Renamenx {
            since: redis "1.0.0", arity: 3, access: ReadWrite, effect: MayRemove
        };

    /// Stores a value that [`dump`](Self::dump) serialized at `key`, to expire after `milliseconds`; 0 sets no expiry.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) with BUSYKEY if the key exists, and if `serialized` is damaged or from a newer
    /// server.
    fn restore(key @ AnyKind, milliseconds: u64, serialized: impl Argument) -> Status as ()
        = "RESTORE" as Restore {
            since: redis "2.6.0", arity: -4, access: ReadWrite, effect: MayRemove
        };

    /// Stores a value that [`dump`](Self::dump) serialized at `key` as the options say, to expire after `milliseconds`,
    /// or with [`absttl`](RestoreOptions::absttl) at that Unix time; 0 sets no expiry.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) with BUSYKEY if the key exists and [`replace`](RestoreOptions::replace) is not
    /// given, and if `serialized` is damaged or from a newer server.
    fn restore_with[U: Sized](key @ AnyKind, milliseconds: u64, serialized: impl Argument, options: RestoreOptions<U>)
        -> Status as ()
        = "RESTORE" as RestoreWith {
            since: redis "2.6.0", arity: -4, access: ReadWrite, effect: MayRemove
        };

    /// Returns the next cursor and a page of the names of keys.
    ///
    /// An iteration begins with the cursor 0 and ends when 0 is returned. A key that exists throughout is returned at
    /// least once; a page may be empty, and a key may be returned twice.
    ///
    /// A cursor is one of one server, so on a cluster this fails with [`Argument`](crate::Error::Argument);
    /// [`scan_keys`](crate::ClientOn::scan_keys) scans the keys of both.
    fn scan<T: FromReply<Bulk>>(cursor: u64) -> Tuple<(Bulk, Array<Bulk>)> as (u64, Vec<T>)
        = "SCAN" as Scan {
            since: redis "2.8.0", arity: -2, access: ReadOnly, effect: Preserves, route: AllShards(Special)
        };

    /// Returns the next cursor and a page as [`scan`](Self::scan) does, filtered by a pattern or a type, or of another
    /// size.
    ///
    /// ```
    /// # use typedis::{key::KeyType, options::ScanOptions, prelude::*, Client};
    /// # async fn example(client: &Client) -> typedis::Result<()> {
    /// client.rpush("todo:home", "sweep").await?;
    /// let options = ScanOptions::new().matching("todo:*").of_type(&KeyType::List);
    /// let (mut cursor, mut lists) = client.scan_with::<String>(0, options).await?;
    /// while cursor != 0 {
    ///     let (next, some) = client.scan_with(cursor, options).await?;
    ///     cursor = next;
    ///     lists.extend(some);
    /// }
    /// assert_eq!(lists, ["todo:home"]);
    /// # Ok(()) }
    /// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
    /// ```
    fn scan_with<T: FromReply<Bulk>>(cursor: u64, options: impl KeyFilter<Self::Server>)
        -> Tuple<(Bulk, Array<Bulk>)> as (u64, Vec<T>)
        = "SCAN" as ScanWith {
            since: redis "2.8.0", arity: -2, access: ReadOnly, effect: Preserves, route: AllShards(Special)
        };

    /// Returns the elements of the list, set or sorted set at `key`, sorted as numbers in ascending order; empty if the
    /// key does not exist.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if an element is not a number; see [`alpha`](SortOptions::alpha).
    fn sort<T: FromReply<Bulk>>(key @ Sortable<Reads<T>>) -> Array<Bulk> as Vec<T>
        = "SORT" as Sort {
            since: redis "1.0.0", arity: -2, access: ReadWrite, effect: Preserves
        };

    /// Returns the elements of the list, set or sorted set at `key`, sorted as the options say; with
    /// [`get`](SortOptions::get) the strings at keys that are named after the elements.
    ///
    /// ```
    /// # use typedis::{options::SortOptions, prelude::*, Client};
    /// # async fn example(client: &Client) -> typedis::Result<()> {
    /// client.rpush("players", ["ann", "bob"]).await?;
    /// client.mset([("age:ann", 31), ("age:bob", 27)]).await?;
    ///
    /// let players: Vec<String> = client.sort_with("players", SortOptions::new().by("age:*")).await?;
    /// assert_eq!(players, ["bob", "ann"]);
    ///
    /// let ages = SortOptions::get::<String>("#").and_get::<u32>("age:*").alpha();
    /// let ages = client.sort_with("players", ages).await?;
    /// assert_eq!(ages[0], (Some("ann".to_owned()), Some(31)));
    /// # Ok(()) }
    /// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
    /// ```
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if a value to sort by is not a number and [`alpha`](SortOptions::alpha) is not
    /// given.
    fn sort_with[O: Sized]<A: SortReply>(key @ Sortable<A::Need>, options: SortOptions<'_, A, O>)
        -> A::Shape as A::Reply
        = "SORT" as SortWith {
            since: redis "1.0.0", arity: -2, access: ReadWrite, effect: Preserves
        };

    /// Returns the same as [`sort`](Self::sort), by a command that only reads.
    ///
    /// # Errors
    ///
    /// As [`sort`](Self::sort).
    fn sort_ro<T: FromReply<Bulk>>(key @ Sortable<Reads<T>>) -> Array<Bulk> as Vec<T>
        = "SORT_RO" as SortRo {
            since: redis "7.0.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Returns the same as [`sort_with`](Self::sort_with), by a command that only reads.
    ///
    /// # Errors
    ///
    /// As [`sort_with`](Self::sort_with).
    fn sort_ro_with[O: Sized]<A: SortReply>(key @ Sortable<A::Need>, options: SortOptions<'_, A, O>)
        -> A::Shape as A::Reply
        = "SORT_RO" as SortRoWith {
            since: redis "7.0.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Stores the result of [`sort`](Self::sort) as a list at `destination`, overwrites any value there, and returns
    /// the length of the list. An empty result removes `destination`.
    ///
    /// # Errors
    ///
    /// As [`sort`](Self::sort).
    fn sort_store[D: KeyFor<List<Anything>>]
        (key @ Sortable<ElementsOf<D::Kind>>, destination @= D of List => Unknown) -> Integer as u64
        = "SORT" (&key, "STORE", &destination) as SortStore {
            since: redis "1.0.0", arity: -2, access: ReadWrite, effect: Preserves
        };

    /// Stores the result of [`sort_with`](Self::sort_with) as a list at `destination`, overwrites any value there, and
    /// returns the length of the list. An empty result removes `destination`; a missing string is stored as an empty
    /// one.
    ///
    /// # Errors
    ///
    /// As [`sort_with`](Self::sort_with).
    fn sort_store_with[A: Sized, O: Sized](
        key @ Sortable<Anything>,
        destination @ List<Anything> => Unknown,
        options: SortOptions<'_, A, O>,
    ) -> Integer as u64
        = "SORT" (&key, &options, "STORE", &destination) as SortStoreWith {
            since: redis "1.0.0", arity: -2, access: ReadWrite, effect: Preserves
        };

    /// Updates the access time of `keys` and returns how many of them exist. A key that is given twice counts twice.
    fn touch(keys @@ AnyKind) -> Integer as u64
        = "TOUCH" as Touch {
            since: redis "3.2.1", arity: -2, access: ReadOnly, effect: Preserves, route: EachKey(Sum)
        };

    /// Returns the time to live of `key` in seconds, or that it does not expire or does not exist.
    fn ttl(key @ AnyKind) -> Integer as commands::Ttl
        = "TTL" as Ttl {
            since: redis "1.0.0", arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Returns the type of the value at `key`, or `None` if the key does not exist.
    fn type_of(key @ AnyKind) -> TypeName as Option<KeyType>
        = "TYPE" as Type {
            since: redis "1.0.0", arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Removes `keys` and returns how many of them existed. Unlike with [`del`](Self::del), the server frees their
    /// memory in the background.
    fn unlink(keys @@ AnyKind) -> Integer as u64
        = "UNLINK" as Unlink {
            since: redis "4.0.0", arity: -2, access: ReadWrite, effect: MayRemove, route: EachKey(Sum)
        };

    /// Waits until `replicas` replicas have acknowledged the earlier writes of the same connection, at most for
    /// `milliseconds`, and returns how many have. 0 milliseconds is no limit.
    ///
    /// It is useful on a watching pipeline, whose commands all use one connection. On a client it runs on a dedicated
    /// connection, and does not wait for what the client wrote on the shared one.
    fn wait(replicas: u64, milliseconds: u64) -> Integer as u64
        = "WAIT" (&replicas, BlockTimeoutMillis(milliseconds)) as Wait {
            since: redis "3.0.0", arity: 3, access: ReadWrite, effect: Preserves, route: AllShards(Min),
            connection: Dedicated
        };

    /// Blocks until the writes before it on the same connection are on disk: on the server itself if `local` is set, and on
    /// `replicas` replicas; returns on how many they are. Returns what was reached if that takes longer than
    /// `milliseconds`; 0 is no limit. See [`wait`](Self::wait) for what that is worth.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if `local` is set and the server keeps no append-only file.
    fn waitaof(local: bool, replicas: u64, milliseconds: u64) -> Tuple<(Integer, Integer)> as Fsynced
        = "WAITAOF" (&local, &replicas, BlockTimeoutMillis(milliseconds)) as Waitaof {
            since: redis "7.2.0", arity: 4, access: ReadWrite, effect: Preserves, route: AllShards(Min),
            connection: Dedicated,
            fallback: "use WAIT, which does not wait for any disk"
        };
}
