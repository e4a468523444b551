//! Streams: the ids of their entries, the options of their commands, and what these return. The commands themselves are methods
//! of [`StreamCommands`] and, for consumer groups, of [`StreamGroupCommands`](groups::StreamGroupCommands), which are both in the
//! [prelude](crate::prelude).
//!
//! | in Redis | here |
//! |---|---|
//! | an id, `1526919030474-55` | [`StreamId`] |
//! | `*` for a new entry | [`xadd`](StreamCommands::xadd); another id by [`XaddOptions::id`] and [`XaddOptions::id_in`] |
//! | `-`, `+` and `(id` of ranges | Rust's ranges: `..`, `first..=last`, `..end` ([`IdRange`]) |
//! | `$` and `+` of XREAD | [`AfterLast`], [`LastEntry`] |
//! | `>` of XREADGROUP | [`xreadgroup`](groups::StreamGroupCommands::xreadgroup) and all its forms but [`xreadgroup_history`](groups::StreamGroupCommands::xreadgroup_history), which takes an id |
//! | MAXLEN, MINID, `~`, LIMIT, KEEPREF, DELREF, ACKED | [`Trim`] |
//! | an entry | [`StreamEntry<T>`](StreamEntry), whose fields are a struct, a map or a `Vec` of pairs |

pub(crate) mod groups;
pub(crate) mod id;
pub(crate) mod info;
pub(crate) mod options;
pub(crate) mod replies;
pub(crate) mod trim;

pub use id::{AfterLast, EntryId, GroupStart, IdRange, LastEntry, ParseStreamIdError, ReadFrom, StreamId};
pub use info::{
    ConsumerInfo, ConsumerPending, FullConsumerInfo, FullGroupInfo, FullStreamInfo, GroupInfo, GroupPending, StreamInfo,
};
pub use options::{
    DeliveredAs, GivenId, NackMode, StreamSettings, XaddOptions, XaddReply, XcfgsetOptions, XclaimOptions,
    XgroupCreateOptions, XnackOptions, XpendingOptions, XreadOptions, XreadgroupOptions, XsetidOptions,
};
pub use replies::{AutoClaim, ClaimedEntry, EntryDeletion, PendingEntry, PendingSummary, ReadEntry, StreamEntry};
pub use trim::{Approximate, References, TakesTrimLimit, Trim, TrimFor};

use id::{ForEachKey, IdEnds};
use replies::{EntryShape, StreamsShape};

use crate::{
    argument::{Argument, Arguments, Entries},
    command::{
        encode::{BlockTimeoutMillis, FlatPairs, NumKeys},
        flag::AvailableSince,
    },
    key::{Anything, Reads, Stream, Writes},
    reply::{Bulk, FromReply, Map},
};
use bytes::Bytes;

commands! {
    /// Commands on streams: entries, each with an id and fields with values, in the order in which they were added.
    ///
    /// They fail with WRONGTYPE if the key holds another type. A missing key counts as an empty stream, but a stream stays when
    /// its last entry is removed. Consumer groups have [commands of their own](crate::commands::StreamGroupCommands).
    ///
    /// Entries are read as [`StreamEntry<T>`](crate::commands::stream::StreamEntry), where `T` is a struct with
    /// [`HashFields`](derive@crate::HashFields), a map, or a `Vec` of pairs. A key that is declared as
    /// [`Stream<T>`](crate::key::Stream) takes and returns entries with these fields only:
    ///
    /// ```
    /// use typedis::{Client, HashFields, Key, commands::stream::StreamId, key::Stream, prelude::*};
    ///
    /// #[derive(Debug, PartialEq, HashFields)]
    /// struct Order {
    ///     item: String,
    ///     quantity: u32,
    /// }
    /// const ORDERS: Key<Stream<Order>> = Key::new("orders");
    ///
    /// # async fn example(client: &Client) -> typedis::Result<()> {
    /// let first = client.xadd(ORDERS, Order { item: "pear".into(), quantity: 3 }).await?;
    /// let orders = client.xrange(ORDERS, ..).await?;
    /// assert_eq!(orders[0].id, first);
    /// assert_eq!(orders[0].fields, Order { item: "pear".into(), quantity: 3 });
    ///
    /// // Only what came later, and for plain keys the type of the fields is named.
    /// let later = client.xread::<Vec<(String, String)>>("orders", first).await?;
    /// assert!(later.is_empty());
    /// assert_eq!(client.xread(ORDERS, StreamId::MIN).await?, orders);
    /// # Ok(()) }
    /// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
    /// ```
    ///
    /// [`watch`](crate::Pipeline::watch) guards the entries of a stream, but not its last id ([`xsetid`](Self::xsetid)), nor
    /// its settings ([`xcfgset`](Self::xcfgset)).
    ///
    /// Commands with `block` in their names block, each on a dedicated connection, and cannot be queued. Their timeout is in
    /// milliseconds; 0 is no limit.
    pub trait StreamCommands in cmd;

    /// Adds an entry with these fields to the stream at `key` and returns its id, which the server chooses (`*`).
    ///
    /// ```
    /// # use typedis::{Client, prelude::*};
    /// # async fn example(client: &Client) -> typedis::Result<()> {
    /// let first = client.xadd("events", [("type", "login"), ("user", "ada")]).await?;
    /// let second = client.xadd("events", ("type", "logout")).await?;
    /// assert!(first < second);
    /// # Ok(()) }
    /// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
    /// ```
    fn xadd[P: Entries](key @ Stream<Writes<P>>, fields: P) -> Bulk as StreamId
        = "XADD" (&key, "*", FlatPairs(&fields)) as Xadd {
            since: redis "5.0.0", arity: -5, access: ReadWrite, effect: Creates
        };

    /// Adds an entry with these fields to the stream at `key`, as the [options](crate::commands::stream::XaddOptions) say, and
    /// returns its id; with NOMKSTREAM as an `Option`, which is `None` if there is no stream. If an entry is not added because
    /// its producer added it before (IDMP), a transaction that watches the stream has no conflict.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the id is not above all ids that the stream ever had;
    /// [`Argument`](crate::Error::Argument) if it is `0-0`.
    fn xadd_with[P: Entries]<N: XaddReply>
        (key @ Stream<Writes<P>>, fields: P,
            options: XaddOptions<'_, impl AvailableSince<Self::Server>, N, impl TrimFor<Self::Server>, impl AvailableSince<Self::Server>>)
        -> N::Shape as N::Reply where N: AvailableSince<Self::Server>
        = "XADD" (&key, &options, FlatPairs(&fields)) as XaddWith {
            since: redis "5.0.0", arity: -5, access: ReadWrite, effect: Preserves
        };

    /// Sets for how long, and how many of each producer, the stream at `key` remembers the ids of entries (IDMP). A changed
    /// setting forgets all of them.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist; [`Argument`](crate::Error::Argument) if a setting is out of
    /// range.
    fn xcfgset(key @ Stream<Anything>, settings: impl StreamSettings) -> Status as ()
        = "XCFGSET" as Xcfgset {
            since: redis "8.6.0", valkey never, arity: -2, access: ReadWrite, effect: Preserves
        };

    /// Removes entries from the stream at `key` and returns how many of them existed. Consumer groups keep their references to
    /// them; see [`xdelex_with`](Self::xdelex_with).
    fn xdel(key @ Stream<Anything>, ids: impl Arguments<Item: EntryId>) -> Integer as u64
        = "XDEL" as Xdel {
            since: redis "5.0.0", arity: -3, access: ReadWrite, effect: Preserves
        };

    /// Removes entries from the stream at `key` as [`xdel`](Self::xdel) does, and returns for each id what became of it.
    fn xdelex(key @ Stream<Anything>, ids: impl Arguments<Item: EntryId>) -> Array<Integer> as Vec<EntryDeletion>
        = "XDELEX" (&key, "IDS", NumKeys(&ids)) as Xdelex {
            since: redis "8.2.0", valkey never, arity: -5, access: ReadWrite, effect: Preserves,
            fallback: "use XDEL, and XACK for each group"
        };

    /// Removes entries from the stream at `key`, and the references of consumer groups to them as `references` says; returns
    /// for each id what became of it.
    fn xdelex_with(key @ Stream<Anything>, references: impl References, ids: impl Arguments<Item: EntryId>)
        -> Array<Integer> as Vec<EntryDeletion>
        = "XDELEX" (&key, &references, "IDS", NumKeys(&ids)) as XdelexWith {
            since: redis "8.2.0", valkey never, arity: -5, access: ReadWrite, effect: Preserves,
            fallback: "use XDEL, and XACK for each group"
        };

    /// Returns what the server knows of the stream at `key`.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn xinfo_stream<T: FromReply<Map<Bulk, Bulk>>>(key @ Stream<Reads<T>>) -> Map<Bulk, Any> as StreamInfo<T>
        = "XINFO STREAM" as XinfoStream {
            since: redis "5.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns what the server knows of the stream at `key`, its entries and its consumer groups: the first 10 entries, and as
    /// many pending entries of each group and of each consumer.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn xinfo_stream_full<T: FromReply<Map<Bulk, Bulk>>>(key @ Stream<Reads<T>>) -> Map<Bulk, Any> as FullStreamInfo<T>
        = "XINFO STREAM" (&key, "FULL") as XinfoStreamFull {
            since: redis "6.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns what [`xinfo_stream_full`](Self::xinfo_stream_full) does, with up to `count` entries each; 0 is no limit.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn xinfo_stream_full_count<T: FromReply<Map<Bulk, Bulk>>>(key @ Stream<Reads<T>>, count: u64)
        -> Map<Bulk, Any> as FullStreamInfo<T>
        = "XINFO STREAM" (&key, "FULL", "COUNT", &count) as XinfoStreamFullCount {
            since: redis "6.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the number of entries in the stream at `key`, or 0 if the key does not exist.
    fn xlen(key @ Stream<Anything>) -> Integer as u64
        = "XLEN" as Xlen {
            since: redis "5.0.0", arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Returns the entries of the stream at `key` with an id in `range`, such as `..` or `first..=last`, the oldest first.
    fn xrange<T: FromReply<Map<Bulk, Bulk>>>(key @ Stream<Reads<T>>, range: impl IdRange)
        -> Array<EntryShape> as Vec<StreamEntry<T>>
        = "XRANGE" (&key, IdEnds::of(&range)) as Xrange {
            since: redis "5.0.0", arity: -4, access: ReadOnly, effect: Preserves
        };

    /// Returns the first `count` entries of the stream at `key` with an id in `range`, the oldest first.
    fn xrange_count<T: FromReply<Map<Bulk, Bulk>>>(key @ Stream<Reads<T>>, range: impl IdRange, count: u64)
        -> Nullable<Array<EntryShape>> as Vec<StreamEntry<T>>
        = "XRANGE" (&key, IdEnds::of(&range), "COUNT", &count) as XrangeCount {
            since: redis "5.0.0", arity: -4, access: ReadOnly, effect: Preserves
        };

    /// Returns the entries of the stream at `key` behind the position `from`, the oldest first: behind the entry of an id, or
    /// the [last entry](crate::commands::stream::LastEntry) itself. Empty if there is none.
    fn xread<T: FromReply<Map<Bulk, Bulk>>>
        (key @ Stream<Reads<T>>, from: impl Argument + ReadFrom<Self::Server>)
        -> StreamsShape<EntryShape> as Vec<StreamEntry<T>>
        = "XREAD" ("STREAMS", &key, &from) as Xread {
            since: redis "5.0.0", arity: -4, access: ReadOnly, effect: Preserves
        };

    /// Returns entries as [`xread`](Self::xread) does. Blocks up to `milliseconds` while there are none, then returns an empty
    /// `Vec`. From [`AfterLast`], only entries that come while it blocks are seen: go on
    /// from the id of the last entry, so that none is lost in between.
    fn xread_block<T: FromReply<Map<Bulk, Bulk>>>
        (milliseconds: u64, key @ Stream<Reads<T>>, from: impl Argument + ReadFrom<Self::Server>)
        -> StreamsShape<EntryShape> as Vec<StreamEntry<T>>
        = "XREAD" ("BLOCK", BlockTimeoutMillis(milliseconds), "STREAMS", &key, &from) as XreadBlock {
            since: redis "5.0.0", arity: -4, access: ReadOnly, effect: Preserves, connection: Dedicated
        };

    /// Returns entries as [`xread_block`](Self::xread_block) does, as many as the
    /// [options](crate::commands::stream::XreadOptions) say.
    fn xread_block_with<T: FromReply<Map<Bulk, Bulk>>>
        (milliseconds: u64, key @ Stream<Reads<T>>, from: impl Argument + ReadFrom<Self::Server>,
            options: XreadOptions<impl AvailableSince<Self::Server>, impl AvailableSince<Self::Server>>)
        -> StreamsShape<EntryShape> as Vec<StreamEntry<T>>
        = "XREAD" (&options, "BLOCK", BlockTimeoutMillis(milliseconds), "STREAMS", &key, &from) as XreadBlockWith {
            since: redis "5.0.0", arity: -4, access: ReadOnly, effect: Preserves, connection: Dedicated
        };

    /// Returns the entries of several streams, each with its key; a stream without any is left out. `from` is one position for
    /// all streams, or as many as there are keys, in their order.
    ///
    /// # Errors
    ///
    /// [`Argument`](crate::Error::Argument) if there are more positions than one, and not as many as keys.
    fn xread_streams<T: FromReply<Map<Bulk, Bulk>>>
        (keys @@ Stream<Reads<T>>, from: impl Arguments<Item: ReadFrom<Self::Server>>,
            options: XreadOptions<impl AvailableSince<Self::Server>, impl AvailableSince<Self::Server>>)
        -> StreamsShape<EntryShape> as Vec<(Bytes, Vec<StreamEntry<T>>)>
        = "XREAD" (&options, "STREAMS", &keys, ForEachKey(&keys, &from)) as XreadStreams {
            since: redis "5.0.0", arity: -4, access: ReadOnly, effect: Preserves
        };

    /// Returns the entries of several streams as [`xread_streams`](Self::xread_streams) does. Blocks up to `milliseconds` while
    /// there are none, then returns an empty `Vec`.
    ///
    /// # Errors
    ///
    /// As [`xread_streams`](Self::xread_streams).
    fn xread_streams_block<T: FromReply<Map<Bulk, Bulk>>>
        (milliseconds: u64, keys @@ Stream<Reads<T>>, from: impl Arguments<Item: ReadFrom<Self::Server>>,
            options: XreadOptions<impl AvailableSince<Self::Server>, impl AvailableSince<Self::Server>>)
        -> StreamsShape<EntryShape> as Vec<(Bytes, Vec<StreamEntry<T>>)>
        = "XREAD" (&options, "BLOCK", BlockTimeoutMillis(milliseconds), "STREAMS", &keys, ForEachKey(&keys, &from))
        as XreadStreamsBlock {
            since: redis "5.0.0", arity: -4, access: ReadOnly, effect: Preserves, connection: Dedicated
        };

    /// Returns entries as [`xread`](Self::xread) does, as many as the [options](crate::commands::stream::XreadOptions) say.
    fn xread_with<T: FromReply<Map<Bulk, Bulk>>>
        (key @ Stream<Reads<T>>, from: impl Argument + ReadFrom<Self::Server>,
            options: XreadOptions<impl AvailableSince<Self::Server>, impl AvailableSince<Self::Server>>)
        -> StreamsShape<EntryShape> as Vec<StreamEntry<T>>
        = "XREAD" (&options, "STREAMS", &key, &from) as XreadWith {
            since: redis "5.0.0", arity: -4, access: ReadOnly, effect: Preserves
        };

    /// Returns the entries of the stream at `key` with an id in `range`, such as `..` or `first..=last`, the newest first.
    fn xrevrange<T: FromReply<Map<Bulk, Bulk>>>(key @ Stream<Reads<T>>, range: impl IdRange)
        -> Array<EntryShape> as Vec<StreamEntry<T>>
        = "XREVRANGE" (&key, IdEnds::of(&range).reversed()) as Xrevrange {
            since: redis "5.0.0", arity: -4, access: ReadOnly, effect: Preserves
        };

    /// Returns the last `count` entries of the stream at `key` with an id in `range`, the newest first.
    fn xrevrange_count<T: FromReply<Map<Bulk, Bulk>>>(key @ Stream<Reads<T>>, range: impl IdRange, count: u64)
        -> Nullable<Array<EntryShape>> as Vec<StreamEntry<T>>
        = "XREVRANGE" (&key, IdEnds::of(&range).reversed(), "COUNT", &count) as XrevrangeCount {
            since: redis "5.0.0", arity: -4, access: ReadOnly, effect: Preserves
        };

    /// Sets the last id of the stream at `key`, above which new ids are. A transaction that watches the stream has no conflict.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist, or if an entry has a higher id.
    fn xsetid(key @ Stream<Anything>, last: StreamId) -> Status as ()
        = "XSETID" as Xsetid {
            since: redis "5.0.0", arity: -3, access: ReadWrite, effect: Preserves
        };

    /// Sets the last id of the stream at `key` as [`xsetid`](Self::xsetid) does, and its counters as the
    /// [options](crate::commands::stream::XsetidOptions) say.
    ///
    /// # Errors
    ///
    /// As [`xsetid`](Self::xsetid), or if a counter contradicts the entries.
    fn xsetid_with(key @ Stream<Anything>, last: StreamId, options: XsetidOptions) -> Status as ()
        = "XSETID" as XsetidWith {
            since: redis "7.0.0", arity: -3, access: ReadWrite, effect: Preserves
        };

    /// Removes the oldest entries of the stream at `key` as `trim` says, and returns their number.
    fn xtrim
        (key @ Stream<Anything>,
            trim: Trim<impl AvailableSince<Self::Server>, impl AvailableSince<Self::Server>, impl AvailableSince<Self::Server>>)
        -> Integer as u64
        = "XTRIM" as Xtrim {
            since: redis "5.0.0", arity: -4, access: ReadWrite, effect: Preserves
        };
}
