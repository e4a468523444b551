//! Keys of any kind.

pub(crate) mod options;
pub(crate) mod sort;

use options::{CopyOptions, ExpireOptions, ExpireTime, KeyFilter, PexpireTime, RestoreOptions, TypeName};
use sort::{SortOptions, SortReply};

use crate::{
    argument::Argument,
    command::encode::BlockTimeoutMillis,
    key::{AnyKind, Anything, ElementsOf, KeyFor, KeyType, List, Reads, SameAs, Sortable},
    reply::{Array, Bulk, FromReply},
};
use bytes::Bytes;

commands! {
    /// Commands on keys of any kind.
    pub trait KeyCommands in cmd;

    /// Copies what `source` holds, with its expiry, to `destination`, and tells whether it did: not if there is no
    /// `source`, or if `destination` exists.
    fn copy[S: KeyFor<AnyKind>](source @= S of AnyKind, destination @ SameAs<S::Kind>) -> Flag as bool
        = "COPY" as Copy {
            since: redis "6.2.0", arity: -3, access: ReadWrite, effect: Preserves
        };

    /// Copies what `source` holds, with its expiry, to `destination` as the options say, and tells whether it did.
    ///
    /// Fails when source and destination are the same key of the same database.
    fn copy_with[S: KeyFor<AnyKind>](source @= S of AnyKind, destination @ SameAs<S::Kind> => Unknown, options: CopyOptions) -> Flag as bool
        = "COPY" as CopyWith {
            since: redis "6.2.0", arity: -3, access: ReadWrite, effect: Preserves
        };

    /// Removes `keys` and returns how many there were.
    fn del(keys @@ AnyKind) -> Integer as u64
        = "DEL" as Del {
            since: redis "1.0.0", arity: -2, access: ReadWrite, effect: MayRemove, route: EachKey(Sum)
        };

    /// Returns what `key` holds in the server's own form, for [`restore`](KeyCommands::restore), or `None` when there
    /// is no such key. The expiry is not part of it.
    fn dump(key @ AnyKind) -> Nullable<Bulk> as Option<Bytes>
        = "DUMP" as Dump {
            since: redis "2.6.0", arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Returns how many of `keys` exist. A key that is named twice counts twice.
    fn exists(keys @@ AnyKind) -> Integer as u64
        = "EXISTS" as Exists {
            since: redis "1.0.0", arity: -2, access: ReadOnly, effect: Preserves, route: EachKey(Sum)
        };

    /// Lets `key` expire after `seconds`, and tells whether there is such a key. 0 removes it at once.
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

    /// Lets `key` expire after `seconds` if the condition holds, and tells whether there is such a key and it did.
    fn expire_with[E: Sized, O: Sized](key @ AnyKind, seconds: u64, condition: ExpireOptions<E, O>) -> Flag as bool
        = "EXPIRE" as ExpireWith {
            since: redis "7.0.0", arity: -3, access: ReadWrite, effect: MayRemove
        };

    /// Lets `key` expire at the Unix time `seconds`, and tells whether there is such a key. A time in the past removes
    /// it at once.
    fn expireat(key @ AnyKind, seconds: u64) -> Flag as bool
        = "EXPIREAT" as Expireat {
            since: redis "1.2.0", arity: -3, access: ReadWrite, effect: MayRemove
        };

    /// Lets `key` expire at the Unix time `seconds` if the condition holds, and tells whether there is such a key and
    /// it did.
    fn expireat_with[E: Sized, O: Sized](key @ AnyKind, seconds: u64, condition: ExpireOptions<E, O>) -> Flag as bool
        = "EXPIREAT" as ExpireatWith {
            since: redis "7.0.0", arity: -3, access: ReadWrite, effect: MayRemove
        };

    /// Returns when `key` expires, as a Unix time in seconds.
    fn expiretime(key @ AnyKind) -> Integer as ExpireTime
        = "EXPIRETIME" as Expiretime {
            since: redis "7.0.0", arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Returns the names of all keys that match `pattern`, such as `user:*`. It looks at every key of the database.
    fn keys<T: FromReply<Array<Bulk>>>(pattern: impl Argument) -> Array<Bulk> as T
        = "KEYS" as Keys {
            since: redis "1.0.0", arity: 2, access: ReadOnly, effect: Preserves, route: AllShards(Concatenate)
        };

    /// Moves `key` to the database `database`, and tells whether it did: not if there is no such key here, or one
    /// there.
    ///
    /// Fails when `database` is the one that the client uses, or does not exist.
    fn move_to(key @ AnyKind, database: u32) -> Flag as bool
        = "MOVE" as Move {
            since: redis "1.0.0", arity: 3, access: ReadWrite, effect: MayRemove
        };

    /// Returns the server's name for how it keeps what `key` holds, such as `listpack`, or `None` when there is no such
    /// key. The names depend on the server's version.
    fn object_encoding(key @ AnyKind) -> Nullable<Bulk> as Option<String>
        = "OBJECT ENCODING" as ObjectEncoding {
            since: redis "2.2.3", arity: 3, access: ReadOnly, effect: Preserves
        };

    /// Returns how often `key` is used, on a logarithmic scale up to 255, or `None` when there is no such key.
    ///
    /// Fails unless the server evicts keys by frequency of use (an LFU `maxmemory-policy`).
    fn object_freq(key @ AnyKind) -> Nullable<Integer> as Option<u64>
        = "OBJECT FREQ" as ObjectFreq {
            since: redis "4.0.0", arity: 3, access: ReadOnly, effect: Preserves
        };

    /// Returns for how many seconds nobody used `key`, or `None` when there is no such key.
    ///
    /// Fails when the server evicts keys by frequency of use (an LFU `maxmemory-policy`).
    fn object_idletime(key @ AnyKind) -> Nullable<Integer> as Option<u64>
        = "OBJECT IDLETIME" as ObjectIdletime {
            since: redis "2.2.3", arity: 3, access: ReadOnly, effect: Preserves
        };

    /// Returns how many references the server keeps to what `key` holds, or `None` when there is no such key.
    fn object_refcount(key @ AnyKind) -> Nullable<Integer> as Option<u64>
        = "OBJECT REFCOUNT" as ObjectRefcount {
            since: redis "2.2.3", arity: 3, access: ReadOnly, effect: Preserves
        };

    /// Removes the expiry of `key`, and tells whether it had one.
    fn persist(key @ AnyKind) -> Flag as bool
        = "PERSIST" as Persist {
            since: redis "2.2.0", arity: 2, access: ReadWrite, effect: Preserves
        };

    /// Lets `key` expire after `milliseconds`, and tells whether there is such a key. 0 removes it at once.
    fn pexpire(key @ AnyKind, milliseconds: u64) -> Flag as bool
        = "PEXPIRE" as Pexpire {
            since: redis "2.6.0", arity: -3, access: ReadWrite, effect: MayRemove
        };

    /// Lets `key` expire after `milliseconds` if the condition holds, and tells whether there is such a key and it did.
    fn pexpire_with[E: Sized, O: Sized](key @ AnyKind, milliseconds: u64, condition: ExpireOptions<E, O>)
        -> Flag as bool
        = "PEXPIRE" as PexpireWith {
            since: redis "7.0.0", arity: -3, access: ReadWrite, effect: MayRemove
        };

    /// Lets `key` expire at the Unix time `milliseconds`, and tells whether there is such a key. A time in the past
    /// removes it at once.
    fn pexpireat(key @ AnyKind, milliseconds: u64) -> Flag as bool
        = "PEXPIREAT" as Pexpireat {
            since: redis "2.6.0", arity: -3, access: ReadWrite, effect: MayRemove
        };

    /// Lets `key` expire at the Unix time `milliseconds` if the condition holds, and tells whether there is such a key
    /// and it did.
    fn pexpireat_with[E: Sized, O: Sized](key @ AnyKind, milliseconds: u64, condition: ExpireOptions<E, O>)
        -> Flag as bool
        = "PEXPIREAT" as PexpireatWith {
            since: redis "7.0.0", arity: -3, access: ReadWrite, effect: MayRemove
        };

    /// Returns when `key` expires, as a Unix time in milliseconds.
    fn pexpiretime(key @ AnyKind) -> Integer as PexpireTime
        = "PEXPIRETIME" as Pexpiretime {
            since: redis "7.0.0", arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Returns how long `key` lives, in milliseconds.
    fn pttl(key @ AnyKind) -> Integer as options::Pttl
        = "PTTL" as Pttl {
            since: redis "2.6.0", arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Returns the name of some key, or `None` when the database is empty.
    fn randomkey<T: FromReply<Bulk>>() -> Nullable<Bulk> as Option<T>
        = "RANDOMKEY" as Randomkey {
            since: redis "1.0.0", arity: 1, access: ReadOnly, effect: Preserves, route: AllShards(Special)
        };

    /// Gives `key` the name `newkey`, and removes whatever had that name.
    ///
    /// Fails when there is no such key.
    fn rename[K: KeyFor<AnyKind>](key @= K of AnyKind, newkey @ SameAs<K::Kind>) -> Status as ()
        = "RENAME" as Rename {
            since: redis "1.0.0", arity: 3, access: ReadWrite, effect: Unknown
        };

    /// Gives `key` the name `newkey` if no key has that name, and tells whether it did.
    ///
    /// Fails when there is no such key.
    fn renamenx[K: KeyFor<AnyKind>](key @= K of AnyKind, newkey @ SameAs<K::Kind> => Preserves) -> Flag as bool
        = "RENAMENX" as Renamenx {
            since: redis "1.0.0", arity: 3, access: ReadWrite, effect: MayRemove
        };

    /// Makes `key` hold what [`dump`](KeyCommands::dump) returned as `serialized`, to expire after `milliseconds`; 0 is
    /// for no expiry.
    ///
    /// Fails with BUSYKEY when the key exists, and when `serialized` is damaged or of a newer server.
    fn restore(key @ AnyKind, milliseconds: u64, serialized: impl Argument) -> Status as ()
        = "RESTORE" as Restore {
            since: redis "2.6.0", arity: -4, access: ReadWrite, effect: MayRemove
        };

    /// Makes `key` hold what [`dump`](KeyCommands::dump) returned as `serialized`, as the options say.
    ///
    /// It expires after `milliseconds`, or with [`absttl`](RestoreOptions::absttl) at that Unix time; 0 is for no
    /// expiry. Fails with BUSYKEY when the key exists and [`replace`](RestoreOptions::replace) is not given, and when
    /// `serialized` is damaged or of a newer server.
    fn restore_with[U: Sized](key @ AnyKind, milliseconds: u64, serialized: impl Argument, options: RestoreOptions<U>)
        -> Status as ()
        = "RESTORE" as RestoreWith {
            since: redis "2.6.0", arity: -4, access: ReadWrite, effect: MayRemove
        };

    /// Returns the names of some keys, and the cursor to go on from.
    ///
    /// Begin with the cursor 0; when 0 comes back, all keys have been returned that were there all the time, some
    /// perhaps twice. In between there may be no names and yet more to come.
    fn scan<T: FromReply<Bulk>>(cursor: u64) -> Tuple<(Bulk, Array<Bulk>)> as (u64, Vec<T>)
        = "SCAN" as Scan {
            since: redis "2.8.0", arity: -2, access: ReadOnly, effect: Preserves, route: AllShards(Special)
        };

    /// Returns the names of some keys as the options say, and the cursor to go on from. See
    /// [`scan`](KeyCommands::scan).
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

    /// Returns the elements of the list, set or sorted set at `key` as numbers in ascending order; none where there is
    /// no such key.
    ///
    /// Fails when an element is not a number; see [`alpha`](SortOptions::alpha).
    fn sort<T: FromReply<Bulk>>(key @ Sortable<Reads<T>>) -> Array<Bulk> as Vec<T>
        = "SORT" as Sort {
            since: redis "1.0.0", arity: -2, access: ReadWrite, effect: Preserves
        };

    /// Returns the elements of the list, set or sorted set at `key`, or with [`get`](SortOptions::get) what is found at
    /// keys that are named after them, sorted as the options say.
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
    /// Fails when what it sorts by is not a number, unless [`alpha`](SortOptions::alpha) is given.
    fn sort_with[O: Sized]<A: SortReply>(key @ Sortable<A::Need>, options: SortOptions<'_, A, O>)
        -> A::Shape as A::Reply
        = "SORT" as SortWith {
            since: redis "1.0.0", arity: -2, access: ReadWrite, effect: Preserves
        };

    /// Does what [`sort`](KeyCommands::sort) does, as a command that only reads.
    fn sort_ro<T: FromReply<Bulk>>(key @ Sortable<Reads<T>>) -> Array<Bulk> as Vec<T>
        = "SORT_RO" as SortRo {
            since: redis "7.0.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Does what [`sort_with`](KeyCommands::sort_with) does, as a command that only reads.
    fn sort_ro_with[O: Sized]<A: SortReply>(key @ Sortable<A::Need>, options: SortOptions<'_, A, O>)
        -> A::Shape as A::Reply
        = "SORT_RO" as SortRoWith {
            since: redis "7.0.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Stores what [`sort`](KeyCommands::sort) returns as a list at `destination`, whatever was there, and returns its
    /// length. With length 0, `destination` is removed.
    fn sort_store[D: KeyFor<List<Anything>>](key @ Sortable<ElementsOf<D::Kind>>, destination @= D of List => Unknown) -> Integer as u64
        = "SORT" (&key, "STORE", &destination) as SortStore {
            since: redis "1.0.0", arity: -2, access: ReadWrite, effect: Preserves
        };

    /// Stores what [`sort_with`](KeyCommands::sort_with) returns as a list at `destination`, whatever was there, and
    /// returns its length. With length 0, `destination` is removed; what was not found is stored as an empty string.
    fn sort_store_with[A: Sized, O: Sized](
        key @ Sortable<Anything>,
        destination @ List<Anything> => Unknown,
        options: SortOptions<'_, A, O>,
    ) -> Integer as u64
        = "SORT" (&key, &options, "STORE", &destination) as SortStoreWith {
            since: redis "1.0.0", arity: -2, access: ReadWrite, effect: Preserves
        };

    /// Marks `keys` as used just now and returns how many there are. A key that is named twice counts twice.
    fn touch(keys @@ AnyKind) -> Integer as u64
        = "TOUCH" as Touch {
            since: redis "3.2.1", arity: -2, access: ReadOnly, effect: Preserves, route: EachKey(Sum)
        };

    /// Returns how long `key` lives, in seconds.
    fn ttl(key @ AnyKind) -> Integer as options::Ttl
        = "TTL" as Ttl {
            since: redis "1.0.0", arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Returns what `key` holds, or `None` when there is no such key.
    fn type_of(key @ AnyKind) -> TypeName as Option<KeyType>
        = "TYPE" as Type {
            since: redis "1.0.0", arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Removes `keys` and returns how many there were. Unlike [`del`](KeyCommands::del) it leaves the work to the
    /// server's background.
    fn unlink(keys @@ AnyKind) -> Integer as u64
        = "UNLINK" as Unlink {
            since: redis "4.0.0", arity: -2, access: ReadWrite, effect: MayRemove, route: EachKey(Sum)
        };

    /// Waits until `replicas` replicas have what was written before on the same connection, at most for `milliseconds`,
    /// and returns how many have it. 0 waits for ever.
    ///
    /// It is of use on a watching pipeline, whose commands all go over one connection. On a client it has a connection
    /// of its own, and does not wait for what the client wrote over the shared one.
    fn wait(replicas: u64, milliseconds: u64) -> Integer as u64
        = "WAIT" (&replicas, BlockTimeoutMillis(milliseconds)) as Wait {
            since: redis "3.0.0", arity: 3, access: ReadWrite, effect: Preserves, route: AllShards(Min),
            multi: Degraded, connection: Dedicated
        };
}
