//! Commands of the module `timeseries` on time series: samples of a time and a number. The feature `time_series` adds them.
//!
//! A server of either vendor and of any version has them if the module is loaded; without the module a command fails as an
//! unknown one, and with it the whole transaction.
//!
//! Times are Unix milliseconds as `u64`, or a [`SystemTime`](std::time::SystemTime); a new sample may have the server's time by
//! [`Now`]. Ranges are written as Rust's ranges, and durations are a [`Duration`], of which the milliseconds count. Labels find the
//! series of the commands on many of them, by a [`Filter`].
//!
//! ```
//! use std::time::Duration;
//! use typedis::{
//!     Client, Key,
//!     commands::time_series::{Aggregation, Aggregator, Filter, RangeOptions, Sample, SeriesOptions},
//!     key::TimeSeries,
//!     prelude::*,
//! };
//!
//! # async fn example(client: &Client) -> typedis::Result<()> {
//! const KITCHEN: Key<TimeSeries> = Key::new("temperature:kitchen");
//!
//! let settings = SeriesOptions::new().retention(Duration::from_secs(86_400)).labels([("kind", "temperature"), ("room", "kitchen")]);
//! client.ts_create_with(KITCHEN, settings).await?;
//! client.ts_madd([(KITCHEN, 1_000, 19.5), (KITCHEN, 61_000, 20.5), (KITCHEN, 62_000, 21.5)]).await?;
//!
//! let by_minute = RangeOptions::new().aggregation(Aggregation::new(Aggregator::Avg, Duration::from_secs(60)));
//! let samples = client.ts_range_with(KITCHEN, .., by_minute).await?;
//! assert_eq!(samples, [Sample { timestamp: 0, value: 19.5 }, Sample { timestamp: 60_000, value: 21.0 }]);
//!
//! let latest = client.ts_mget(Filter::new().is("kind", "temperature")).await?;
//! assert_eq!(latest["temperature:kitchen"].sample, Some(Sample { timestamp: 62_000, value: 21.5 }));
//! # Ok(()) }
//! # typedis_testing::doctest_with(typedis_testing::Module::TimeSeries, async |url| example(&Client::connect(&url).await?).await);
//! ```

mod info;
mod labels;
mod options;
mod query;
mod replies;
mod samples;
mod time;

pub use info::{ChunkInfo, CompactionRule, SeriesInfo};
pub use labels::{Filter, SelectedLabels, SelectsSeries, WithLabels};
pub use options::{AddOptions, AlterOptions, DuplicatePolicy, Encoding, IncrOptions, SeriesOptions};
pub use query::{Aggregation, Aggregator, Align, BucketTimestamp, MgetOptions, MrangeOptions, RangeOptions, Reducer};
pub use replies::{GroupSamples, LatestSample, Sample, SeriesSamples};
pub use samples::KeySamples;
pub use time::{Now, SampleTime, TimeRange, Timestamp};

use crate::{
    ServerError,
    key::TimeSeries,
    reply::{Array, Bulk, FromReply},
};
use labels::label_name;
use query::{Ranged, RuleAggregation};
use replies::{ManySeries, SampleShape};
use std::{collections::BTreeMap, time::Duration};
use time::{At, TimeEnds};

commands! {
    /// Commands on time series, of the module `timeseries`.
    ///
    /// The commands on one series, but those that add a sample or create a series, fail if it does not exist. The module looks for
    /// its options in the key too: a key that is named as one of them, such as `timestamp`, is taken for it.
    ///
    /// In a cluster the commands on many series ask all shards. Each replies with its own series, or with those of all shards once
    /// the module has been told of the cluster by `timeseries.REFRESHCLUSTER`: then a map has each key once all the same, and a `Vec`
    /// of keys or of groups has each one several times.
    pub trait TimeSeriesCommands in cmd;

    /// Adds a sample, makes the series if it does not exist, and returns the time of the sample, or that of the last sample if the
    /// series ignores the new one.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the series has a sample of this time, and its policy is [`DuplicatePolicy::Block`], or if
    /// the time is older than the retention.
    fn ts_add(key @ TimeSeries, time: impl SampleTime, value: f64) -> Integer as u64
        = "TS.ADD" (&key, At(&time), &value) as TsAdd {
            since: module "timeseries" "1.0.0", arity: -4, access: ReadWrite, effect: Creates
        };

    /// Adds a sample as [`ts_add`](Self::ts_add) does, in the way that the options say.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) as from [`ts_add`](Self::ts_add).
    fn ts_add_with(key @ TimeSeries, time: impl SampleTime, value: f64, options: AddOptions) -> Integer as u64
        = "TS.ADD" (&key, At(&time), &value, &options) as TsAddWith {
            since: module "timeseries" "1.0.0", arity: -4, access: ReadWrite, effect: Creates
        };

    /// Changes the settings or the labels of the series.
    fn ts_alter(key @ TimeSeries, options: AlterOptions) -> Status as ()
        = "TS.ALTER" (&key, &options) as TsAlter {
            since: module "timeseries" "1.0.0", arity: -2, access: ReadWrite, effect: Creates
        };

    /// Makes a series.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key exists.
    fn ts_create(key @ TimeSeries) -> Status as ()
        = "TS.CREATE" as TsCreate {
            since: module "timeseries" "1.0.0", arity: -2, access: ReadWrite, effect: Creates
        };

    /// Makes a series with settings and labels.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the key exists.
    fn ts_create_with(key @ TimeSeries, options: SeriesOptions) -> Status as ()
        = "TS.CREATE" (&key, &options) as TsCreateWith {
            since: module "timeseries" "1.0.0", arity: -2, access: ReadWrite, effect: Creates
        };

    /// Makes the series `destination`, which exists, a compaction of the series `source`: for each bucket of new samples it gets
    /// one. Samples that are there already are not counted.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if one of the series does not exist, if `destination` is a compaction already, or has some,
    /// and if both are the same.
    fn ts_createrule(source @ TimeSeries, destination @ TimeSeries, aggregator: Aggregator, bucket: Duration)
        -> Status as ()
        = "TS.CREATERULE" (&source, &destination, RuleAggregation(aggregator, bucket)) as TsCreaterule {
            since: module "timeseries" "1.0.0", arity: -6, access: ReadWrite, effect: Preserves
        };

    /// Makes a compaction as [`ts_createrule`](Self::ts_createrule) does, with buckets that are counted from the time `align`.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) as from [`ts_createrule`](Self::ts_createrule).
    fn ts_createrule_align
        (source @ TimeSeries, destination @ TimeSeries, aggregator: Aggregator, bucket: Duration, align: impl Timestamp)
        -> Status as ()
        = "TS.CREATERULE" (&source, &destination, RuleAggregation(aggregator, bucket), time::point(&align))
        as TsCreateruleAlign {
            since: module "timeseries" "1.8.0", arity: -6, access: ReadWrite, effect: Preserves
        };

    /// Adds a sample whose value is that of the last one less `by`, makes the series if it does not exist, and returns the time of
    /// the sample. A sample at the time of the last one replaces it.
    fn ts_decrby(key @ TimeSeries, by: f64) -> Integer as u64
        = "TS.DECRBY" as TsDecrby {
            since: module "timeseries" "1.0.0", arity: -3, access: ReadWrite, effect: Creates
        };

    /// Adds a sample as [`ts_decrby`](Self::ts_decrby) does, in the way that the options say.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the time is before that of the last sample.
    fn ts_decrby_with(key @ TimeSeries, by: f64, options: IncrOptions) -> Integer as u64
        = "TS.DECRBY" (&key, &by, &options) as TsDecrbyWith {
            since: module "timeseries" "1.0.0", arity: -3, access: ReadWrite, effect: Creates
        };

    /// Removes the samples of a range and returns how many there were. The series stays, also without samples.
    fn ts_del(key @ TimeSeries, range: impl TimeRange) -> Integer as u64
        = "TS.DEL" (&key, TimeEnds::of(&range)) as TsDel {
            since: module "timeseries" "1.6.0", arity: 4, access: ReadWrite, effect: Creates
        };

    /// Removes the rule by which `destination` is a compaction of `source`; both keep their samples.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if there is no such rule.
    fn ts_deleterule(source @ TimeSeries, destination @ TimeSeries) -> Status as ()
        = "TS.DELETERULE" as TsDeleterule {
            since: module "timeseries" "1.0.0", arity: 3, access: ReadWrite, effect: Preserves
        };

    /// Returns the last sample, or `None` if the series has none.
    fn ts_get(key @ TimeSeries) -> SampleShape as Option<Sample>
        = "TS.GET" as TsGet {
            since: module "timeseries" "1.0.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Returns the last sample as [`ts_get`](Self::ts_get) does; of a compaction that of the last bucket, which is not complete yet
    /// (LATEST).
    fn ts_get_latest(key @ TimeSeries) -> SampleShape as Option<Sample>
        = "TS.GET" (&key, "LATEST") as TsGetLatest {
            since: module "timeseries" "1.8.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Adds a sample whose value is that of the last one and `by`, makes the series if it does not exist, and returns the time of
    /// the sample. A sample at the time of the last one replaces it.
    fn ts_incrby(key @ TimeSeries, by: f64) -> Integer as u64
        = "TS.INCRBY" as TsIncrby {
            since: module "timeseries" "1.0.0", arity: -3, access: ReadWrite, effect: Creates
        };

    /// Adds a sample as [`ts_incrby`](Self::ts_incrby) does, in the way that the options say.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the time is before that of the last sample.
    fn ts_incrby_with(key @ TimeSeries, by: f64, options: IncrOptions) -> Integer as u64
        = "TS.INCRBY" (&key, &by, &options) as TsIncrbyWith {
            since: module "timeseries" "1.0.0", arity: -3, access: ReadWrite, effect: Creates
        };

    /// Returns the facts of the series.
    fn ts_info(key @ TimeSeries) -> Map<Bulk, Any> as SeriesInfo
        = "TS.INFO" as TsInfo {
            since: module "timeseries" "1.0.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Returns the facts of the series with those of its chunks (DEBUG).
    fn ts_info_debug(key @ TimeSeries) -> Map<Bulk, Any> as SeriesInfo
        = "TS.INFO" (&key, "DEBUG") as TsInfoDebug {
            since: module "timeseries" "1.0.0", arity: -2, access: ReadOnly, effect: Preserves
        };

    /// Adds samples, each to its series, and returns the time of each, or the error of one that is not added: its series does not
    /// exist, or has a sample of this time. Such an error fails neither the command nor the transaction.
    ///
    /// All keys must be of one slot in a cluster.
    fn ts_madd(samples @: impl KeySamples of TimeSeries by 3) -> Array<Fallible<Integer>> as Vec<Result<u64, ServerError>>
        = "TS.MADD" as TsMadd {
            since: module "timeseries" "1.0.0", arity: -4, access: ReadWrite, effect: Preserves, on_wrong_type: Ignores
        };

    /// Returns the last sample of each series that the filter selects, by its key.
    fn ts_mget(filter: impl SelectsSeries) -> ManySeries as BTreeMap<String, LatestSample>
        = "TS.MGET" ("FILTER", filter.terms()) as TsMget {
            since: module "timeseries" "1.0.0", arity: -3, access: ReadOnly, effect: Preserves, route: AllShards(Concatenate)
        };

    /// Returns the last sample of each series as [`ts_mget`](Self::ts_mget) does, in the way that the options say.
    fn ts_mget_with[L: Sized](filter: impl SelectsSeries, options: MgetOptions<L>)
        -> ManySeries as BTreeMap<String, LatestSample>
        = "TS.MGET" (&options, "FILTER", filter.terms()) as TsMgetWith {
            since: module "timeseries" "1.0.0", arity: -3, access: ReadOnly, effect: Preserves, route: AllShards(Concatenate)
        };

    /// Returns the samples of a range, from the oldest on, of each series that the filter selects, by its key.
    fn ts_mrange(range: impl TimeRange, filter: impl SelectsSeries) -> ManySeries as BTreeMap<String, SeriesSamples>
        = "TS.MRANGE" (TimeEnds::of(&range), "FILTER", filter.terms()) as TsMrange {
            since: module "timeseries" "1.0.0", arity: -5, access: ReadOnly, effect: Preserves, route: AllShards(Concatenate)
        };

    /// Returns the samples of a range as [`ts_mrange`](Self::ts_mrange) does, in the way that the options say.
    fn ts_mrange_with[L: Sized](range: impl TimeRange, filter: impl SelectsSeries, options: MrangeOptions<L>)
        -> ManySeries as BTreeMap<String, SeriesSamples>
        = "TS.MRANGE" (Ranged::of(&range, &options), "FILTER", filter.terms()) as TsMrangeWith {
            since: module "timeseries" "1.0.0", arity: -5, access: ReadOnly, effect: Preserves, route: AllShards(Concatenate)
        };

    /// Returns the samples of a range, from the oldest on, of each group of the series that the filter selects. The series of a
    /// group have one value of the label (GROUPBY), and their samples of one time become one by the reducer (REDUCE).
    ///
    /// In a cluster a group comes once from each shard that has some of its series, reduced from those that the shard replies with:
    /// its own, or all. [`sources`](GroupSamples::sources) tells which.
    fn ts_mrange_groupby(range: impl TimeRange, filter: impl SelectsSeries, label: impl AsRef<str>, reducer: Reducer)
        -> ManySeries as Vec<GroupSamples>
        = "TS.MRANGE"
            (TimeEnds::of(&range), "FILTER", filter.terms(), "GROUPBY", label_name(label.as_ref()), "REDUCE", &reducer)
        as TsMrangeGroupby {
            since: module "timeseries" "1.6.0", arity: -5, access: ReadOnly, effect: Preserves, route: AllShards(Concatenate)
        };

    /// Returns the samples of groups as [`ts_mrange_groupby`](Self::ts_mrange_groupby) does, in the way that the options say.
    fn ts_mrange_groupby_with[L: Sized]
        (range: impl TimeRange, filter: impl SelectsSeries, label: impl AsRef<str>, reducer: Reducer, options: MrangeOptions<L>)
        -> ManySeries as Vec<GroupSamples>
        = "TS.MRANGE"
            (Ranged::of(&range, &options), "FILTER", filter.terms(), "GROUPBY", label_name(label.as_ref()), "REDUCE", &reducer)
        as TsMrangeGroupbyWith {
            since: module "timeseries" "1.6.0", arity: -5, access: ReadOnly, effect: Preserves, route: AllShards(Concatenate)
        };

    /// Returns the samples of a range, from the newest on, of each series that the filter selects, by its key.
    fn ts_mrevrange(range: impl TimeRange, filter: impl SelectsSeries) -> ManySeries as BTreeMap<String, SeriesSamples>
        = "TS.MREVRANGE" (TimeEnds::of(&range), "FILTER", filter.terms()) as TsMrevrange {
            since: module "timeseries" "1.4.0", arity: -5, access: ReadOnly, effect: Preserves, route: AllShards(Concatenate)
        };

    /// Returns the samples of a range as [`ts_mrevrange`](Self::ts_mrevrange) does, in the way that the options say.
    fn ts_mrevrange_with[L: Sized](range: impl TimeRange, filter: impl SelectsSeries, options: MrangeOptions<L>)
        -> ManySeries as BTreeMap<String, SeriesSamples>
        = "TS.MREVRANGE" (Ranged::of(&range, &options), "FILTER", filter.terms()) as TsMrevrangeWith {
            since: module "timeseries" "1.4.0", arity: -5, access: ReadOnly, effect: Preserves, route: AllShards(Concatenate)
        };

    /// Returns the samples of groups as [`ts_mrange_groupby`](Self::ts_mrange_groupby) does, from the newest on.
    fn ts_mrevrange_groupby(range: impl TimeRange, filter: impl SelectsSeries, label: impl AsRef<str>, reducer: Reducer)
        -> ManySeries as Vec<GroupSamples>
        = "TS.MREVRANGE"
            (TimeEnds::of(&range), "FILTER", filter.terms(), "GROUPBY", label_name(label.as_ref()), "REDUCE", &reducer)
        as TsMrevrangeGroupby {
            since: module "timeseries" "1.6.0", arity: -5, access: ReadOnly, effect: Preserves, route: AllShards(Concatenate)
        };

    /// Returns the samples of groups as [`ts_mrevrange_groupby`](Self::ts_mrevrange_groupby) does, in the way that the options say.
    fn ts_mrevrange_groupby_with[L: Sized]
        (range: impl TimeRange, filter: impl SelectsSeries, label: impl AsRef<str>, reducer: Reducer, options: MrangeOptions<L>)
        -> ManySeries as Vec<GroupSamples>
        = "TS.MREVRANGE"
            (Ranged::of(&range, &options), "FILTER", filter.terms(), "GROUPBY", label_name(label.as_ref()), "REDUCE", &reducer)
        as TsMrevrangeGroupbyWith {
            since: module "timeseries" "1.6.0", arity: -5, access: ReadOnly, effect: Preserves, route: AllShards(Concatenate)
        };

    /// Returns the keys of the series that the filter selects.
    fn ts_queryindex<C: FromReply<Array<Bulk>>>(filter: impl SelectsSeries) -> Array<Bulk> as C
        = "TS.QUERYINDEX" (filter.terms()) as TsQueryindex {
            since: module "timeseries" "1.0.0", arity: -2, access: ReadOnly, effect: Preserves, route: AllShards(Concatenate)
        };

    /// Returns the samples of a range, from the oldest on.
    fn ts_range(key @ TimeSeries, range: impl TimeRange) -> Array<SampleShape> as Vec<Sample>
        = "TS.RANGE" (&key, TimeEnds::of(&range)) as TsRange {
            since: module "timeseries" "1.0.0", arity: -4, access: ReadOnly, effect: Preserves
        };

    /// Returns the samples of a range as [`ts_range`](Self::ts_range) does, in the way that the options say.
    fn ts_range_with(key @ TimeSeries, range: impl TimeRange, options: RangeOptions) -> Array<SampleShape> as Vec<Sample>
        = "TS.RANGE" (&key, Ranged::of(&range, &options)) as TsRangeWith {
            since: module "timeseries" "1.0.0", arity: -4, access: ReadOnly, effect: Preserves
        };

    /// Returns the samples of a range, from the newest on.
    fn ts_revrange(key @ TimeSeries, range: impl TimeRange) -> Array<SampleShape> as Vec<Sample>
        = "TS.REVRANGE" (&key, TimeEnds::of(&range)) as TsRevrange {
            since: module "timeseries" "1.4.0", arity: -4, access: ReadOnly, effect: Preserves
        };

    /// Returns the samples of a range as [`ts_revrange`](Self::ts_revrange) does, in the way that the options say.
    fn ts_revrange_with(key @ TimeSeries, range: impl TimeRange, options: RangeOptions) -> Array<SampleShape> as Vec<Sample>
        = "TS.REVRANGE" (&key, Ranged::of(&range, &options)) as TsRevrangeWith {
            since: module "timeseries" "1.4.0", arity: -4, access: ReadOnly, effect: Preserves
        };
}
