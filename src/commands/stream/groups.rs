//! Commands on the consumer groups of streams.

use super::{
    id::{EntryId, ForEachKey, GroupStart, IdEnds, IdRange, StreamId},
    info::{ConsumerInfo, GroupInfo},
    options::{
        DeliveredAs, NackMode, XclaimOptions, XgroupCreateOptions, XnackOptions, XpendingOptions, XreadgroupOptions,
    },
    replies::{
        AutoClaim, EntryDeletion, EntryShape, HistoryShape, PendingEntry, PendingSummary, StreamEntry, StreamsShape,
    },
    trim::References,
};
use crate::{
    argument::{Argument, Arguments},
    command::{
        encode::{BlockTimeoutMillis, NumKeys},
        flag::AvailableSince,
    },
    key::{Anything, Reads, Stream},
    reply::{Bulk, FromReply, Map},
};
use bytes::Bytes;

commands! {
    /// Commands on the consumer groups of streams: each entry goes to one consumer of a group, and is pending there until the
    /// consumer acknowledges it.
    ///
    /// They fail with WRONGTYPE if the key holds another type, and mostly with NOGROUP if there is no such group or key.
    ///
    /// **[`watch`](crate::Pipeline::watch) does not see groups.** No command here but [`xackdel`](Self::xackdel), which removes
    /// entries, is a conflict for a transaction that watches the stream: not XGROUP, XREADGROUP, XACK, XCLAIM, XAUTOCLAIM nor
    /// XNACK, on any server. Where a decision depends on a group, write a key of your own beside it, and watch that.
    ///
    /// Commands with `block` in their names block, each on a dedicated connection, and cannot be queued. Their timeout is in
    /// milliseconds; 0 is no limit.
    ///
    /// # A worker
    ///
    /// A worker reads the entries that are new to its group, and acknowledges what is done. What a dead worker left behind
    /// stays pending, until another one claims it:
    ///
    /// ```
    /// use typedis::{
    ///     Client, HashFields, Key, commands::stream::{StreamId, XgroupCreateOptions}, key::Stream, prelude::*,
    /// };
    ///
    /// #[derive(Debug, HashFields)]
    /// struct Job {
    ///     photo: String,
    /// }
    /// const JOBS: Key<Stream<Job>> = Key::new("jobs");
    ///
    /// async fn work(client: &Client, name: &str) -> typedis::Result<usize> {
    ///     let mut done = 0;
    ///     let left_behind = client.xautoclaim(JOBS, "resizers", name, 0, StreamId::MIN).await?;
    ///     let mut jobs = left_behind.claimed;
    ///     loop {
    ///         for job in &jobs {
    ///             println!("{name} resizes {}", job.fields.photo);
    ///             client.xack(JOBS, "resizers", job.id).await?;
    ///             done += 1;
    ///         }
    ///         jobs = client.xreadgroup_block("resizers", name, 100, JOBS).await?;
    ///         if jobs.is_empty() {
    ///             return Ok(done);
    ///         }
    ///     }
    /// }
    ///
    /// # async fn example(client: &Client) -> typedis::Result<()> {
    /// let options = XgroupCreateOptions::new().mkstream();
    /// client.xgroup_create_with(JOBS, "resizers", StreamId::MIN, options).await?;
    /// for photo in ["1.jpg", "2.jpg"] {
    ///     client.xadd(JOBS, Job { photo: photo.into() }).await?;
    /// }
    /// // This worker takes both jobs and dies.
    /// assert_eq!(client.xreadgroup("resizers", "ann", JOBS).await?.len(), 2);
    /// assert_eq!(work(client, "ben").await?, 2);
    /// assert_eq!(client.xpending(JOBS, "resizers").await?.count, 0);
    /// # Ok(()) }
    /// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
    /// ```
    pub trait StreamGroupCommands in cmd;

    /// Acknowledges entries, which are no longer pending in the group then, and returns how many of them were. A missing group
    /// counts as one without pending entries.
    fn xack(key @ Stream<Anything>, group: impl Argument, ids: impl Arguments<Item: EntryId>) -> Integer as u64
        = "XACK" as Xack {
            since: redis "5.0.0", arity: -4, access: ReadWrite, effect: Preserves
        };

    /// Acknowledges entries as [`xack`](Self::xack) does and removes them from the stream at once; other groups keep their
    /// references to them. Returns for each id what became of it.
    fn xackdel(key @ Stream<Anything>, group: impl Argument, ids: impl Arguments<Item: EntryId>)
        -> Array<Integer> as Vec<EntryDeletion>
        = "XACKDEL" (&key, &group, "IDS", NumKeys(&ids)) as Xackdel {
            since: redis "8.2.0", valkey never, arity: -6, access: ReadWrite, effect: Preserves,
            fallback: "use XACK and XDEL in a transaction"
        };

    /// Acknowledges entries and removes them from the stream at once, and the references of other groups as `references` says.
    /// Returns for each id what became of it.
    fn xackdel_with
        (key @ Stream<Anything>, group: impl Argument, references: impl References, ids: impl Arguments<Item: EntryId>)
        -> Array<Integer> as Vec<EntryDeletion>
        = "XACKDEL" (&key, &group, &references, "IDS", NumKeys(&ids)) as XackdelWith {
            since: redis "8.2.0", valkey never, arity: -6, access: ReadWrite, effect: Preserves,
            fallback: "use XACK and XDEL in a transaction"
        };

    /// Gives `consumer` the entries that have been pending in the group for `min_idle` milliseconds or longer, up to 100 of
    /// them from the id `start` on, and returns them with the start of the next call.
    fn xautoclaim<T: FromReply<Map<Bulk, Bulk>>>
        (key @ Stream<Reads<T>>, group: impl Argument, consumer: impl Argument, min_idle: u64, start: StreamId)
        -> Tuple<(Bulk, Array<Nullable<EntryShape>>, Array<Bulk>)> as AutoClaim<StreamEntry<T>>
        = "XAUTOCLAIM" as Xautoclaim {
            since: redis "6.2.0", arity: -6, access: ReadWrite, effect: Preserves
        };

    /// Claims entries as [`xautoclaim`](Self::xautoclaim) does, up to `count` of them.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if `count` is 0.
    fn xautoclaim_count<T: FromReply<Map<Bulk, Bulk>>>
        (key @ Stream<Reads<T>>, group: impl Argument, consumer: impl Argument, min_idle: u64, start: StreamId, count: u64)
        -> Tuple<(Bulk, Array<Nullable<EntryShape>>, Array<Bulk>)> as AutoClaim<StreamEntry<T>>
        = "XAUTOCLAIM" (&key, &group, &consumer, &min_idle, &start, "COUNT", &count) as XautoclaimCount {
            since: redis "6.2.0", arity: -6, access: ReadWrite, effect: Preserves
        };

    /// Claims entries as [`xautoclaim`](Self::xautoclaim) does and returns only their ids. The number of their deliveries stays.
    fn xautoclaim_justid
        (key @ Stream<Anything>, group: impl Argument, consumer: impl Argument, min_idle: u64, start: StreamId)
        -> Tuple<(Bulk, Array<Bulk>, Array<Bulk>)> as AutoClaim<StreamId>
        = "XAUTOCLAIM" (&key, &group, &consumer, &min_idle, &start, "JUSTID") as XautoclaimJustid {
            since: redis "6.2.0", arity: -6, access: ReadWrite, effect: Preserves
        };

    /// Claims up to `count` entries as [`xautoclaim_justid`](Self::xautoclaim_justid) does.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if `count` is 0.
    fn xautoclaim_justid_count
        (key @ Stream<Anything>, group: impl Argument, consumer: impl Argument, min_idle: u64, start: StreamId, count: u64)
        -> Tuple<(Bulk, Array<Bulk>, Array<Bulk>)> as AutoClaim<StreamId>
        = "XAUTOCLAIM" (&key, &group, &consumer, &min_idle, &start, "COUNT", &count, "JUSTID") as XautoclaimJustidCount {
            since: redis "6.2.0", arity: -6, access: ReadWrite, effect: Preserves
        };

    /// Gives `consumer` those of the entries that have been pending in the group for `min_idle` milliseconds or longer, and
    /// returns them. Entries that are deleted from the stream are left out.
    fn xclaim<T: FromReply<Map<Bulk, Bulk>>>
        (key @ Stream<Reads<T>>, group: impl Argument, consumer: impl Argument, min_idle: u64,
            ids: impl Arguments<Item: EntryId>)
        -> Array<Nullable<EntryShape>> as Vec<StreamEntry<T>>
        = "XCLAIM" as Xclaim {
            since: redis "5.0.0", arity: -6, access: ReadWrite, effect: Preserves
        };

    /// Claims entries as [`xclaim`](Self::xclaim) does and returns only their ids. The number of their deliveries stays.
    fn xclaim_justid
        (key @ Stream<Anything>, group: impl Argument, consumer: impl Argument, min_idle: u64,
            ids: impl Arguments<Item: EntryId>)
        -> Array<Bulk> as Vec<StreamId>
        = "XCLAIM" (&key, &group, &consumer, &min_idle, &ids, "JUSTID") as XclaimJustid {
            since: redis "5.0.0", arity: -6, access: ReadWrite, effect: Preserves
        };

    /// Claims entries as [`xclaim_justid`](Self::xclaim_justid) does, and sets what the server knows of their delivery as the
    /// [options](crate::commands::stream::XclaimOptions) say.
    fn xclaim_justid_with
        (key @ Stream<Anything>, group: impl Argument, consumer: impl Argument, min_idle: u64,
            ids: impl Arguments<Item: EntryId>, options: XclaimOptions<impl Sized>)
        -> Array<Bulk> as Vec<StreamId>
        = "XCLAIM" (&key, &group, &consumer, &min_idle, &ids, &options, "JUSTID") as XclaimJustidWith {
            since: redis "5.0.0", arity: -6, access: ReadWrite, effect: Preserves
        };

    /// Claims entries as [`xclaim`](Self::xclaim) does, and sets what the server knows of their delivery as the
    /// [options](crate::commands::stream::XclaimOptions) say.
    fn xclaim_with<T: FromReply<Map<Bulk, Bulk>>>
        (key @ Stream<Reads<T>>, group: impl Argument, consumer: impl Argument, min_idle: u64,
            ids: impl Arguments<Item: EntryId>, options: XclaimOptions<impl Sized>)
        -> Array<Nullable<EntryShape>> as Vec<StreamEntry<T>>
        = "XCLAIM" (&key, &group, &consumer, &min_idle, &ids, &options) as XclaimWith {
            since: redis "5.0.0", arity: -6, access: ReadWrite, effect: Preserves
        };

    /// Creates a group that gets the entries of the stream at `key` behind the position `start`.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) with the code BUSYGROUP if the stream has a group of this name, and if the key does not
    /// exist.
    fn xgroup_create(key @ Stream<Anything>, group: impl Argument, start: impl GroupStart) -> Status as ()
        = "XGROUP CREATE" as XgroupCreate {
            since: redis "5.0.0", arity: -5, access: ReadWrite, effect: Preserves
        };

    /// Creates a group as [`xgroup_create`](Self::xgroup_create) does, and the stream too if the
    /// [options](crate::commands::stream::XgroupCreateOptions) say so.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) with the code BUSYGROUP if the stream has a group of this name, and if the key does not
    /// exist and is not created.
    fn xgroup_create_with
        (key @ Stream<Anything>, group: impl Argument, start: impl GroupStart,
            options: XgroupCreateOptions<impl AvailableSince<Self::Server>>)
        -> Status as ()
        = "XGROUP CREATE" as XgroupCreateWith {
            since: redis "5.0.0", arity: -5, access: ReadWrite, effect: Preserves
        };

    /// Creates a consumer of the group, and returns whether it is new. XREADGROUP, XCLAIM and XAUTOCLAIM create consumers too.
    fn xgroup_createconsumer(key @ Stream<Anything>, group: impl Argument, consumer: impl Argument) -> Flag as bool
        = "XGROUP CREATECONSUMER" as XgroupCreateconsumer {
            since: redis "6.2.0", arity: 5, access: ReadWrite, effect: Preserves
        };

    /// Removes a consumer from the group and returns how many entries were pending for it. **They are not pending any more**,
    /// so no consumer gets them: claim them before.
    fn xgroup_delconsumer(key @ Stream<Anything>, group: impl Argument, consumer: impl Argument) -> Integer as u64
        = "XGROUP DELCONSUMER" as XgroupDelconsumer {
            since: redis "5.0.0", arity: 5, access: ReadWrite, effect: Preserves
        };

    /// Removes a group with its consumers and pending entries, and returns whether there was one.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn xgroup_destroy(key @ Stream<Anything>, group: impl Argument) -> Flag as bool
        = "XGROUP DESTROY" as XgroupDestroy {
            since: redis "5.0.0", arity: 4, access: ReadWrite, effect: Preserves
        };

    /// Sets the position of the group, which gets the entries behind it next.
    fn xgroup_setid(key @ Stream<Anything>, group: impl Argument, start: impl GroupStart) -> Status as ()
        = "XGROUP SETID" as XgroupSetid {
            since: redis "5.0.0", arity: -5, access: ReadWrite, effect: Preserves
        };

    /// Sets the position of the group, and how many entries it has read, from which the server computes its lag.
    fn xgroup_setid_entriesread(key @ Stream<Anything>, group: impl Argument, start: impl GroupStart, entries: u64)
        -> Status as ()
        = "XGROUP SETID" (&key, &group, &start, "ENTRIESREAD", &entries) as XgroupSetidEntriesread {
            since: redis "7.0.0", arity: -5, access: ReadWrite, effect: Preserves
        };

    /// Returns what the server knows of each consumer of the group.
    fn xinfo_consumers(key @ Stream<Anything>, group: impl Argument) -> Array<Map<Bulk, Any>> as Vec<ConsumerInfo>
        = "XINFO CONSUMERS" as XinfoConsumers {
            since: redis "5.0.0", arity: 4, access: ReadOnly, effect: Preserves
        };

    /// Returns what the server knows of each group of the stream at `key`.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key does not exist.
    fn xinfo_groups(key @ Stream<Anything>) -> Array<Map<Bulk, Any>> as Vec<GroupInfo>
        = "XINFO GROUPS" as XinfoGroups {
            since: redis "5.0.0", arity: 3, access: ReadOnly, effect: Preserves
        };

    /// Gives pending entries back to the group without a consumer, so that another one gets them at once by a claim, however
    /// long they are idle; returns how many of them were pending. [`xreadgroup`](Self::xreadgroup) does not return them unless
    /// it [claims](crate::commands::stream::XreadgroupOptions::claim).
    fn xnack(key @ Stream<Anything>, group: impl Argument, mode: NackMode, ids: impl Arguments<Item: EntryId>)
        -> Integer as u64
        = "XNACK" (&key, &group, &mode, "IDS", NumKeys(&ids)) as Xnack {
            since: redis "8.8.0", valkey never, arity: -7, access: ReadWrite, effect: Preserves,
            fallback: "leave the entry pending, so that XAUTOCLAIM gives it to another consumer when it is idle for long enough"
        };

    /// Gives pending entries back as [`xnack`](Self::xnack) does, as the
    /// [options](crate::commands::stream::XnackOptions) say.
    fn xnack_with
        (key @ Stream<Anything>, group: impl Argument, mode: NackMode, ids: impl Arguments<Item: EntryId>,
            options: XnackOptions)
        -> Integer as u64
        = "XNACK" (&key, &group, &mode, "IDS", NumKeys(&ids), &options) as XnackWith {
            since: redis "8.8.0", valkey never, arity: -7, access: ReadWrite, effect: Preserves,
            fallback: "leave the entry pending, so that XAUTOCLAIM gives it to another consumer when it is idle for long enough"
        };

    /// Returns how many entries are pending in the group, their first and last id, and the number of each consumer.
    fn xpending(key @ Stream<Anything>, group: impl Argument)
        -> Tuple<(Integer, Nullable<Bulk>, Nullable<Bulk>, Nullable<Array<Tuple<(Bulk, Bulk)>>>)> as PendingSummary
        = "XPENDING" as Xpending {
            since: redis "5.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the first `count` entries with an id in `range` that are pending in the group.
    fn xpending_range(key @ Stream<Anything>, group: impl Argument, range: impl IdRange, count: u64)
        -> Array<Tuple<(Bulk, Bulk, Integer, Integer)>> as Vec<PendingEntry>
        = "XPENDING" (&key, &group, IdEnds::of(&range), &count) as XpendingRange {
            since: redis "5.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the first `count` entries with an id in `range` that are pending in the group, and leaves out those that the
    /// [options](crate::commands::stream::XpendingOptions) say.
    fn xpending_range_with
        (key @ Stream<Anything>, group: impl Argument, range: impl IdRange, count: u64,
            options: XpendingOptions<'_, impl AvailableSince<Self::Server>>)
        -> Array<Tuple<(Bulk, Bulk, Integer, Integer)>> as Vec<PendingEntry>
        = "XPENDING" (&key, &group, options.parts().0, IdEnds::of(&range), &count, options.parts().1)
        as XpendingRangeWith {
            since: redis "5.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the entries of the stream at `key` that no consumer of the group got before (`>`), which are pending for
    /// `consumer` then. Empty if there are none.
    fn xreadgroup<T: FromReply<Map<Bulk, Bulk>>>(group: impl Argument, consumer: impl Argument, key @ Stream<Reads<T>>)
        -> StreamsShape<EntryShape> as Vec<StreamEntry<T>>
        = "XREADGROUP" ("GROUP", &group, &consumer, "STREAMS", &key, ">") as Xreadgroup {
            since: redis "5.0.0", arity: -7, access: ReadWrite, effect: Preserves
        };

    /// Returns new entries as [`xreadgroup`](Self::xreadgroup) does. Blocks up to `milliseconds` while there are none, then
    /// returns an empty `Vec`.
    fn xreadgroup_block<T: FromReply<Map<Bulk, Bulk>>>
        (group: impl Argument, consumer: impl Argument, milliseconds: u64, key @ Stream<Reads<T>>)
        -> StreamsShape<EntryShape> as Vec<StreamEntry<T>>
        = "XREADGROUP" ("GROUP", &group, &consumer, "BLOCK", BlockTimeoutMillis(milliseconds), "STREAMS", &key, ">")
        as XreadgroupBlock {
            since: redis "5.0.0", arity: -7, access: ReadWrite, effect: Preserves, connection: Dedicated
        };

    /// Returns new entries as [`xreadgroup_block`](Self::xreadgroup_block) does, as the
    /// [options](crate::commands::stream::XreadgroupOptions) say. With CLAIM it also stops to block when an entry becomes idle
    /// for long enough.
    fn xreadgroup_block_with<T: FromReply<Map<Bulk, Bulk>>, K: DeliveredAs<T>>
        (group: impl Argument, consumer: impl Argument, milliseconds: u64, key @ Stream<Reads<T>>,
            options: XreadgroupOptions<K, impl AvailableSince<Self::Server>, impl AvailableSince<Self::Server>>)
        -> StreamsShape<K::Shape> as Vec<K::Entry> where K: AvailableSince<Self::Server>
        = "XREADGROUP"
        ("GROUP", &group, &consumer, &options, "BLOCK", BlockTimeoutMillis(milliseconds), "STREAMS", &key, ">")
        as XreadgroupBlockWith {
            since: redis "5.0.0", arity: -7, access: ReadWrite, effect: Preserves, connection: Dedicated
        };

    /// Returns the first `count` entries behind the id `after` that are pending for `consumer`, without fields where the entry
    /// was deleted; 0 is no limit. So a worker that starts again gets what it did not acknowledge.
    fn xreadgroup_history<T: FromReply<Map<Bulk, Bulk>>>
        (group: impl Argument, consumer: impl Argument, key @ Stream<Reads<T>>, after: StreamId, count: u64)
        -> StreamsShape<HistoryShape> as Vec<StreamEntry<Option<T>>>
        = "XREADGROUP" ("GROUP", &group, &consumer, "COUNT", &count, "STREAMS", &key, &after) as XreadgroupHistory {
            since: redis "5.0.0", arity: -7, access: ReadWrite, effect: Preserves
        };

    /// Returns the new entries of several streams, each with its key; a stream without any is left out. All streams have a
    /// group of this name.
    fn xreadgroup_streams<T: FromReply<Map<Bulk, Bulk>>, K: DeliveredAs<T>>
        (group: impl Argument, consumer: impl Argument, keys @@ Stream<Reads<T>>,
            options: XreadgroupOptions<K, impl AvailableSince<Self::Server>, impl AvailableSince<Self::Server>>)
        -> StreamsShape<K::Shape> as Vec<(Bytes, Vec<K::Entry>)> where K: AvailableSince<Self::Server>
        = "XREADGROUP" ("GROUP", &group, &consumer, &options, "STREAMS", &keys, ForEachKey(&keys, ">"))
        as XreadgroupStreams {
            since: redis "5.0.0", arity: -7, access: ReadWrite, effect: Preserves
        };

    /// Returns the new entries of several streams as [`xreadgroup_streams`](Self::xreadgroup_streams) does. Blocks up to
    /// `milliseconds` while there are none, then returns an empty `Vec`.
    fn xreadgroup_streams_block<T: FromReply<Map<Bulk, Bulk>>, K: DeliveredAs<T>>
        (group: impl Argument, consumer: impl Argument, milliseconds: u64, keys @@ Stream<Reads<T>>,
            options: XreadgroupOptions<K, impl AvailableSince<Self::Server>, impl AvailableSince<Self::Server>>)
        -> StreamsShape<K::Shape> as Vec<(Bytes, Vec<K::Entry>)> where K: AvailableSince<Self::Server>
        = "XREADGROUP"
        ("GROUP", &group, &consumer, &options, "BLOCK", BlockTimeoutMillis(milliseconds), "STREAMS", &keys,
            ForEachKey(&keys, ">"))
        as XreadgroupStreamsBlock {
            since: redis "5.0.0", arity: -7, access: ReadWrite, effect: Preserves, connection: Dedicated
        };

    /// Returns new entries as [`xreadgroup`](Self::xreadgroup) does, as the
    /// [options](crate::commands::stream::XreadgroupOptions) say; with CLAIM entries of other consumers before them, as
    /// [`ClaimedEntry`](crate::commands::stream::ClaimedEntry).
    fn xreadgroup_with<T: FromReply<Map<Bulk, Bulk>>, K: DeliveredAs<T>>
        (group: impl Argument, consumer: impl Argument, key @ Stream<Reads<T>>,
            options: XreadgroupOptions<K, impl AvailableSince<Self::Server>, impl AvailableSince<Self::Server>>)
        -> StreamsShape<K::Shape> as Vec<K::Entry> where K: AvailableSince<Self::Server>
        = "XREADGROUP" ("GROUP", &group, &consumer, &options, "STREAMS", &key, ">") as XreadgroupWith {
            since: redis "5.0.0", arity: -7, access: ReadWrite, effect: Preserves
        };
}
