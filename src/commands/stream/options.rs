//! Options of the commands on streams.

use super::{
    id::{NewId, StreamId},
    replies::{ClaimedEntry, DeliveryShape, EntryShape, ReadEntry, StreamEntry},
    trim::Trim,
};
use crate::{
    argument::{Argument, Arguments, Writer},
    command::{
        flag::{
            AutoSequence, Claim, EntriesRead, Flag, Has, Idmp, IdmpAuto, MaxCount, MaxSize, NoMkStream, PendingIdle,
        },
        option::{IsSet, IsUnset, OptionField, Unset, WordSink, arguments, options, words},
    },
    reply::{Bulk, FromReply, Map, Nullable},
};

options! {
    /// Options of XADD, for [`xadd_with`](crate::commands::StreamCommands::xadd_with): the id, the trimming of the stream, and
    /// whether the entry may be added twice.
    ///
    /// ```
    /// # use typedis::{Client, commands::stream::{StreamId, XaddOptions}, prelude::*};
    /// # async fn example(client: &Client) -> typedis::Result<()> {
    /// let given = XaddOptions::new().id(StreamId::new(5, 1));
    /// assert_eq!(client.xadd_with("events", ("type", "login"), given).await?, StreamId::new(5, 1));
    /// let existing = XaddOptions::new().nomkstream();
    /// assert_eq!(client.xadd_with("nothing", ("type", "login"), existing).await?, None);
    /// # Ok(()) }
    /// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
    /// ```
    #[derive(Clone, Copy, Debug)]
    pub struct XaddOptions<'a, I = Unset, N = Unset, T = Unset, D = Unset> with new {
        nomkstream: bool = NoMkStream::WORD,
        idmp: Option<(&'a [u8], &'a [u8])> = Idmp::WORD,
        idmpauto: Option<&'a [u8]> = IdmpAuto::WORD,
        trim: Option<Trim<Unset>>,
        id: NewId,
    }
}

impl<'a, I, N, T, D> XaddOptions<'a, I, N, T, D> {
    /// Adds the entry with this id, which must be above all ids of the stream.
    pub fn id(self, id: StreamId) -> XaddOptions<'a, GivenId, N, T, D>
    where
        I: IsUnset,
        D: IsUnset,
    {
        XaddOptions { id: NewId::Given(id), ..XaddOptions::retyped(self) }
    }

    /// Adds the entry with an id of this millisecond, whose second part the server chooses (`1700000000000-*`, since 7.0).
    pub fn id_in(self, milliseconds: u64) -> XaddOptions<'a, AutoSequence, N, T, D>
    where
        I: IsUnset,
        D: IsUnset,
    {
        XaddOptions { id: NewId::AutoSequence(milliseconds), ..XaddOptions::retyped(self) }
    }

    /// Adds the entry only if the stream exists (NOMKSTREAM, since 6.2). The reply becomes an `Option<StreamId>`.
    pub fn nomkstream(self) -> XaddOptions<'a, I, NoMkStream, T, D> {
        XaddOptions { nomkstream: true, ..XaddOptions::retyped(self) }
    }

    /// Trims the stream once the entry is added.
    pub fn trim<S, A, R>(self, trim: Trim<S, A, R>) -> XaddOptions<'a, I, N, Trim<S, A, R>, D>
    where
        T: IsUnset,
    {
        XaddOptions { trim: Some(trim.erased()), ..XaddOptions::retyped(self) }
    }

    /// Adds the entry only if `producer` has added none with its own id `iid` before, within the time and the number of ids
    /// that the server remembers (IDMP, since Redis 8.6). Else the reply is the id of the first entry, which may be deleted;
    /// nothing tells it from that of a new one.
    pub fn idmp<P, D2>(self, producer: &'a P, iid: &'a D2) -> XaddOptions<'a, I, N, T, Idmp>
    where
        P: AsRef<[u8]> + ?Sized,
        D2: AsRef<[u8]> + ?Sized,
        I: IsUnset,
        D: IsUnset,
    {
        XaddOptions { idmp: Some((producer.as_ref(), iid.as_ref())), ..XaddOptions::retyped(self) }
    }

    /// Adds the entry only if `producer` has added none with the same fields before, as [`idmp`](XaddOptions::idmp) does by an
    /// id (IDMPAUTO, since Redis 8.6).
    pub fn idmpauto<P>(self, producer: &'a P) -> XaddOptions<'a, I, N, T, IdmpAuto>
    where
        P: AsRef<[u8]> + ?Sized,
        I: IsUnset,
        D: IsUnset,
    {
        XaddOptions { idmpauto: Some(producer.as_ref()), ..XaddOptions::retyped(self) }
    }
}

/// The state of [`XaddOptions::id`].
#[derive(Clone, Copy, Debug)]
pub struct GivenId;

impl Flag for GivenId {}
impl<V> Has<GivenId> for V {}

/// The reply of XADD, by its options.
pub trait XaddReply {
    /// The reply's shape.
    type Shape;
    /// The reply's type.
    type Reply: FromReply<Self::Shape>;
}

impl XaddReply for Unset {
    type Shape = Bulk;
    type Reply = StreamId;
}
impl XaddReply for NoMkStream {
    type Shape = Nullable<Bulk>;
    type Reply = Option<StreamId>;
}

options! {
    /// Options of XREAD, such as for [`xread_with`](crate::commands::StreamCommands::xread_with): how much is read at most.
    #[derive(Clone, Copy, Debug)]
    pub struct XreadOptions<C = Unset, S = Unset> with new {
        count: Option<u64> = "COUNT",
        maxcount: Option<u64> = MaxCount::WORD,
        maxsize: Option<u64> = MaxSize::WORD,
    }

    /// Options of XREADGROUP, such as for [`xreadgroup_with`](crate::commands::StreamGroupCommands::xreadgroup_with): how much
    /// is read at most, whether entries are pending then, and whether those of other consumers are claimed.
    #[derive(Clone, Copy, Debug)]
    pub struct XreadgroupOptions<K = Unset, C = Unset, S = Unset> with new {
        count: Option<u64> = "COUNT",
        maxcount: Option<u64> = MaxCount::WORD,
        maxsize: Option<u64> = MaxSize::WORD,
        claim: Option<u64> = Claim::WORD,
        noack: bool = "NOACK",
    }
}

impl<C, S> XreadOptions<C, S> {
    /// Returns at most `entries` entries of each stream (COUNT); 0 is no limit.
    pub const fn count(self, entries: u64) -> Self {
        XreadOptions { count: Some(entries), ..self }
    }

    /// Returns at most `entries` entries of all streams together (MAXCOUNT, since Redis 8.10).
    pub fn maxcount(self, entries: u64) -> XreadOptions<MaxCount, S> {
        XreadOptions { maxcount: Some(entries), ..XreadOptions::retyped(self) }
    }

    /// Returns no more entries once they have `bytes` bytes together (MAXSIZE, since Redis 8.10).
    pub fn maxsize(self, bytes: u64) -> XreadOptions<C, MaxSize> {
        XreadOptions { maxsize: Some(bytes), ..XreadOptions::retyped(self) }
    }
}

impl<K, C, S> XreadgroupOptions<K, C, S> {
    /// See [`XreadOptions::count`].
    pub const fn count(self, entries: u64) -> Self {
        XreadgroupOptions { count: Some(entries), ..self }
    }

    /// See [`XreadOptions::maxcount`].
    pub fn maxcount(self, entries: u64) -> XreadgroupOptions<K, MaxCount, S> {
        XreadgroupOptions { maxcount: Some(entries), ..XreadgroupOptions::retyped(self) }
    }

    /// See [`XreadOptions::maxsize`].
    pub fn maxsize(self, bytes: u64) -> XreadgroupOptions<K, C, MaxSize> {
        XreadgroupOptions { maxsize: Some(bytes), ..XreadgroupOptions::retyped(self) }
    }

    /// Claims entries that have been pending for `min_idle` milliseconds or longer, before it reads new ones (CLAIM, since
    /// Redis 8.4). The reply becomes a `Vec` of [`ClaimedEntry`], whose order is not defined. Entries that were deleted are
    /// left out and stay pending.
    pub fn claim(self, min_idle: u64) -> XreadgroupOptions<Claim, C, S> {
        XreadgroupOptions { claim: Some(min_idle), ..XreadgroupOptions::retyped(self) }
    }

    /// Does not make new entries pending, so that they need no XACK and may be lost (NOACK). Claimed ones stay pending.
    pub const fn noack(self) -> Self {
        XreadgroupOptions { noack: true, ..self }
    }
}

/// The entries that XREADGROUP returns, by its options. `T` is the type of their fields.
pub trait DeliveredAs<T> {
    /// The shape of an entry.
    type Shape;
    /// The type of an entry.
    type Entry: ReadEntry + FromReply<Self::Shape>;
}

impl<T: FromReply<Map<Bulk, Bulk>>> DeliveredAs<T> for Unset {
    type Shape = EntryShape;
    type Entry = StreamEntry<T>;
}
impl<T: FromReply<Map<Bulk, Bulk>>> DeliveredAs<T> for Claim {
    type Shape = DeliveryShape;
    type Entry = ClaimedEntry<T>;
}

options! {
    /// Options of XGROUP CREATE, for [`xgroup_create_with`](crate::commands::StreamGroupCommands::xgroup_create_with).
    #[derive(Clone, Copy, Debug)]
    pub struct XgroupCreateOptions<R = Unset> with new {
        mkstream: bool = "MKSTREAM",
        entriesread: Option<u64> = "ENTRIESREAD",
    }

    /// Options of XCLAIM, such as for [`xclaim_with`](crate::commands::StreamGroupCommands::xclaim_with).
    #[derive(Clone, Copy, Debug)]
    pub struct XclaimOptions<E = Unset> with new {
        idle: Option<u64> = "IDLE",
        time: Option<u64> = "TIME",
        retrycount: Option<u64> = "RETRYCOUNT",
        force: bool = "FORCE",
        lastid: Option<StreamId> = "LASTID",
    }

    /// Options of XPENDING, for [`xpending_range_with`](crate::commands::StreamGroupCommands::xpending_range_with).
    #[derive(Clone, Copy, Debug)]
    pub struct XpendingOptions<'a, I = Unset> with new {
        idle: Option<u64> = PendingIdle::WORD,
        consumer: Option<&'a [u8]>,
    }

    /// Options of XSETID, for [`xsetid_with`](crate::commands::StreamCommands::xsetid_with).
    #[derive(Clone, Copy, Debug)]
    pub struct XsetidOptions with new {
        entriesadded: Option<u64> = "ENTRIESADDED",
        maxdeletedid: Option<StreamId> = "MAXDELETEDID",
    }

    /// Options of XNACK, for [`xnack_with`](crate::commands::StreamGroupCommands::xnack_with).
    #[derive(Clone, Copy, Debug)]
    pub struct XnackOptions with new {
        retrycount: Option<u64> = "RETRYCOUNT",
        force: bool = "FORCE",
    }

    /// Settings of one stream, for [`xcfgset`](crate::commands::StreamCommands::xcfgset): for how long, and how many of each
    /// producer, it remembers the ids of [`XaddOptions::idmp`]. At least one is given.
    #[derive(Clone, Copy, Debug)]
    pub struct XcfgsetOptions<D = Unset, M = Unset> with new {
        duration: Option<Within<86_400>> = "IDMP-DURATION",
        maxsize: Option<Within<10_000>> = "IDMP-MAXSIZE",
    }
}

impl<R> XgroupCreateOptions<R> {
    /// Creates the stream, empty, if it does not exist (MKSTREAM).
    pub const fn mkstream(self) -> Self {
        XgroupCreateOptions { mkstream: true, ..self }
    }

    /// Says how many entries the group has read, from which the server computes its lag (ENTRIESREAD, since 7.0).
    pub fn entriesread(self, entries: u64) -> XgroupCreateOptions<EntriesRead> {
        XgroupCreateOptions { entriesread: Some(entries), ..XgroupCreateOptions::retyped(self) }
    }
}

impl<E> XclaimOptions<E> {
    /// Sets the idle time of the entries to `milliseconds` (IDLE); the default is 0. Excludes TIME.
    pub fn idle(self, milliseconds: u64) -> XclaimOptions<IsSet>
    where
        E: IsUnset,
    {
        XclaimOptions { idle: Some(milliseconds), ..XclaimOptions::retyped(self) }
    }

    /// Sets the time of the last delivery to the Unix time `milliseconds` (TIME). Excludes IDLE.
    pub fn time(self, milliseconds: u64) -> XclaimOptions<IsSet>
    where
        E: IsUnset,
    {
        XclaimOptions { time: Some(milliseconds), ..XclaimOptions::retyped(self) }
    }

    /// Sets the number of deliveries (RETRYCOUNT), which XCLAIM else raises by one.
    pub const fn retrycount(self, deliveries: u64) -> Self {
        XclaimOptions { retrycount: Some(deliveries), ..self }
    }

    /// Makes entries pending that are not (FORCE).
    pub const fn force(self) -> Self {
        XclaimOptions { force: true, ..self }
    }

    /// Raises the last delivered id of the group to `id`, if that is higher (LASTID).
    pub const fn lastid(self, id: StreamId) -> Self {
        XclaimOptions { lastid: Some(id), ..self }
    }
}

impl<'a, I> XpendingOptions<'a, I> {
    /// Leaves out entries that are idle for less than `milliseconds` (IDLE, since 6.2).
    pub fn idle(self, milliseconds: u64) -> XpendingOptions<'a, PendingIdle> {
        XpendingOptions { idle: Some(milliseconds), ..XpendingOptions::retyped(self) }
    }

    /// Leaves out entries of other consumers.
    pub fn consumer<N: AsRef<[u8]> + ?Sized>(self, name: &'a N) -> Self {
        XpendingOptions { consumer: Some(name.as_ref()), ..self }
    }

    /// The part that stands before the range on the wire, and the part behind it.
    pub(crate) fn parts(&self) -> (XpendingOptions<'a>, XpendingOptions<'a>) {
        let none = XpendingOptions::new();
        (XpendingOptions { idle: self.idle, ..none }, XpendingOptions { consumer: self.consumer, ..none })
    }
}

impl XsetidOptions {
    /// Sets the number of entries that were ever added (ENTRIESADDED, since 7.0).
    pub const fn entriesadded(self, entries: u64) -> Self {
        XsetidOptions { entriesadded: Some(entries), ..self }
    }

    /// Sets the highest id of a deleted entry (MAXDELETEDID, since 7.0).
    pub const fn maxdeletedid(self, id: StreamId) -> Self {
        XsetidOptions { maxdeletedid: Some(id), ..self }
    }
}

impl XnackOptions {
    /// Sets the number of deliveries (RETRYCOUNT), in place of what the mode says.
    pub const fn retrycount(self, deliveries: u64) -> Self {
        XnackOptions { retrycount: Some(deliveries), ..self }
    }

    /// Makes entries pending that are not (FORCE).
    pub const fn force(self) -> Self {
        XnackOptions { force: true, ..self }
    }
}

impl<D, M> XcfgsetOptions<D, M> {
    /// Remembers the ids of a producer for `seconds`, 1 to 86,400 (IDMP-DURATION).
    pub fn idmp_duration(self, seconds: u64) -> XcfgsetOptions<IsSet, M> {
        XcfgsetOptions { duration: Some(Within(seconds)), ..XcfgsetOptions::retyped(self) }
    }

    /// Remembers the last `ids` ids of each producer, 1 to 10,000 (IDMP-MAXSIZE).
    pub fn idmp_maxsize(self, ids: u64) -> XcfgsetOptions<D, IsSet> {
        XcfgsetOptions { maxsize: Some(Within(ids)), ..XcfgsetOptions::retyped(self) }
    }
}

/// Settings of XCFGSET of which at least one is given.
#[diagnostic::on_unimplemented(
    message = "XCFGSET needs at least one setting",
    label = "no setting is given",
    note = "write `XcfgsetOptions::new().idmp_duration(seconds)` or `.idmp_maxsize(ids)`"
)]
pub trait StreamSettings: Arguments {}
#[diagnostic::do_not_recommend]
impl<M> StreamSettings for XcfgsetOptions<IsSet, M> {}
#[diagnostic::do_not_recommend]
impl StreamSettings for XcfgsetOptions<Unset, IsSet> {}

/// A setting from 1 to `MAX`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Within<const MAX: u64>(u64);

impl<const MAX: u64> Argument for Within<MAX> {
    fn write(&self, out: &mut Writer) {
        if !(1..=MAX).contains(&self.0) {
            out.reject("a setting out of range: IDMP-DURATION is 1 to 86400 seconds, IDMP-MAXSIZE 1 to 10000 ids");
        }
        out.integer(self.0);
    }
}
arguments!([const MAX: u64] Within<MAX>);

impl<const MAX: u64> OptionField for Within<MAX> {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        out.word(word);
        out.argument(self);
    }
}

words! {
    /// The reason why a consumer gives entries back, for [`xnack`](crate::commands::StreamGroupCommands::xnack).
    pub enum NackMode {
        /// The consumer did not try: the number of deliveries goes down by one (SILENT).
        Silent = "SILENT",
        /// The consumer tried and failed: the number of deliveries stays (FAIL).
        Fail = "FAIL",
        /// The entry cannot be handled: the number of deliveries becomes the highest `i64` (FATAL).
        Fatal = "FATAL",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::option::encoded;

    #[test]
    fn options_of_xadd_are_its_words() {
        assert_eq!(encoded(&XaddOptions::new()), "*");
        assert_eq!(encoded(&XaddOptions::new().id(StreamId::new(5, 1)).nomkstream()), "NOMKSTREAM 5-1");
        assert_eq!(encoded(&XaddOptions::new().trim(Trim::maxlen(9).approximate()).id_in(7)), "MAXLEN ~ 9 7-*");
        assert_eq!(encoded(&XaddOptions::default().idmp("p", "i")), "IDMP p i *");
        assert_eq!(encoded(&XaddOptions::new().idmpauto("p").trim(Trim::maxlen(9))), "IDMPAUTO p MAXLEN 9 *");
    }

    #[test]
    fn options_of_xread_and_xreadgroup_are_their_words() {
        assert_eq!(encoded(&XreadOptions::new()), "");
        assert_eq!(encoded(&XreadOptions::default().maxsize(3).maxcount(2).count(1)), "COUNT 1 MAXCOUNT 2 MAXSIZE 3");
        let all = XreadgroupOptions::new().noack().claim(4).maxsize(3).maxcount(2).count(1);
        assert_eq!(encoded(&all), "COUNT 1 MAXCOUNT 2 MAXSIZE 3 CLAIM 4 NOACK");
    }

    #[test]
    fn options_of_groups_are_their_words() {
        assert_eq!(encoded(&XgroupCreateOptions::new().entriesread(3).mkstream()), "MKSTREAM ENTRIESREAD 3");
        let claim = XclaimOptions::new().lastid(StreamId::new(9, 0)).force().retrycount(2);
        assert_eq!(encoded(&claim.idle(5)), "IDLE 5 RETRYCOUNT 2 FORCE LASTID 9-0");
        assert_eq!(encoded(&claim.time(6)), "TIME 6 RETRYCOUNT 2 FORCE LASTID 9-0");
        let (before, behind) = XpendingOptions::new().consumer("ann").idle(7).parts();
        assert_eq!((encoded(&before), encoded(&behind)), ("IDLE 7".into(), "ann".into()));
        assert_eq!(encoded(&XnackOptions::new().force().retrycount(1)), "RETRYCOUNT 1 FORCE");
        assert_eq!(encoded(&NackMode::Silent), "SILENT");
    }

    #[test]
    fn settings_of_a_stream_are_their_words() {
        let ids = StreamId::new(2, 2);
        assert_eq!(encoded(&XsetidOptions::new().maxdeletedid(ids).entriesadded(9)), "ENTRIESADDED 9 MAXDELETEDID 2-2");
        let settings = XcfgsetOptions::new().idmp_maxsize(10_000).idmp_duration(86_400);
        assert_eq!(encoded(&settings), "IDMP-DURATION 86400 IDMP-MAXSIZE 10000");
    }
}
