//! The aggregation of samples, and the options of the commands that read ranges of one series or of many.

use super::{
    labels::{SelectedLabels, ShownLabels, WithLabels},
    time::{self, TimeEnds, TimeRange, Timestamp},
};
use crate::{
    argument::Arguments,
    command::option::{Checked, IsUnset, OptionField, Unset, WordSink, arguments, options, words},
    resp::Writer,
};
use std::time::Duration;

words! {
    /// The way in which the samples of one bucket become one.
    #[derive(Hash)]
    #[non_exhaustive]
    pub enum Aggregator {
        /// The mean.
        Avg = "avg",
        /// The sum.
        Sum = "sum",
        /// The lowest value.
        Min = "min",
        /// The highest value.
        Max = "max",
        /// The difference of the highest and the lowest value.
        Range = "range",
        /// The number of samples.
        Count = "count",
        /// The first value.
        First = "first",
        /// The last value.
        Last = "last",
        /// The standard deviation of the population.
        StdP = "std.p",
        /// The standard deviation of a sample.
        StdS = "std.s",
        /// The variance of the population.
        VarP = "var.p",
        /// The variance of a sample.
        VarS = "var.s",
        /// The mean weighted by time.
        Twa = "twa",
        /// The number of values that are NaN, of modules since Redis 8.6.
        CountNan = "countnan",
        /// The number of all values, NaN included, of modules since Redis 8.6.
        CountAll = "countall",
    }

    /// The way in which the samples of a group of series at one time become one.
    #[derive(Hash)]
    #[non_exhaustive]
    pub enum Reducer {
        /// The mean.
        Avg = "avg",
        /// The sum.
        Sum = "sum",
        /// The lowest value.
        Min = "min",
        /// The highest value.
        Max = "max",
        /// The difference of the highest and the lowest value.
        Range = "range",
        /// The number of samples.
        Count = "count",
        /// The standard deviation of the population.
        StdP = "std.p",
        /// The standard deviation of a sample.
        StdS = "std.s",
        /// The variance of the population.
        VarP = "var.p",
        /// The variance of a sample.
        VarS = "var.s",
    }

    /// The point of a bucket that is the time of its sample (BUCKETTIMESTAMP).
    #[derive(Hash)]
    pub enum BucketTimestamp {
        /// Its start, the default.
        Start = "-",
        /// Its end.
        End = "+",
        /// Its middle.
        Mid = "~",
    }
}

/// The point from which buckets are counted, both ways (ALIGN).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Align {
    /// The start of the range, which must not be open.
    Start,
    /// The end of the range, which must not be open.
    End,
    /// A Unix time in milliseconds.
    At(u64),
}

impl OptionField for Align {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        out.word(word);
        match self {
            Align::Start => out.argument("-"),
            Align::End => out.argument("+"),
            Align::At(millis) => out.argument(&time::point(millis)),
        }
    }
}

/// The aggregation of samples in buckets of one duration.
///
/// ```
/// use std::time::Duration;
/// use typedis::commands::time_series::{Aggregation, Aggregator, BucketTimestamp};
///
/// let hourly = Aggregation::new(Aggregator::Max, Duration::from_secs(3600)).bucket_timestamp(BucketTimestamp::Mid);
/// # let _ = hourly;
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Aggregation {
    align: Option<Align>,
    aggregator: Aggregator,
    bucket: Checked<u64>,
    bucket_timestamp: Option<BucketTimestamp>,
    empty: bool,
}

impl Aggregation {
    /// Aggregates in buckets of a duration, in whole milliseconds, at least one.
    pub fn new(aggregator: Aggregator, bucket: Duration) -> Self {
        let bucket = time::bucket(bucket);
        Aggregation { align: None, aggregator, bucket, bucket_timestamp: None, empty: false }
    }

    /// Counts the buckets from this point (ALIGN); from 1970 else.
    pub fn align(self, align: Align) -> Self {
        Aggregation { align: Some(align), ..self }
    }

    /// Sets which point of a bucket is the time of its sample (BUCKETTIMESTAMP).
    pub fn bucket_timestamp(self, point: BucketTimestamp) -> Self {
        Aggregation { bucket_timestamp: Some(point), ..self }
    }

    /// Returns a sample for empty buckets between others too (EMPTY). Its value is NaN, 0, or that of the sample before it, by the
    /// aggregator.
    pub fn empty(self) -> Self {
        Aggregation { empty: true, ..self }
    }
}

impl OptionField for Aggregation {
    fn send(&self, _: Option<&'static str>, out: &mut impl WordSink) {
        self.align.send(Some("ALIGN"), out);
        self.aggregator.send(Some("AGGREGATION"), out);
        out.argument(&self.bucket);
        self.bucket_timestamp.send(Some("BUCKETTIMESTAMP"), out);
        self.empty.send(Some("EMPTY"), out);
    }
}

/// The aggregation of a rule: its aggregator and its bucket.
pub(crate) struct RuleAggregation(pub(crate) Aggregator, pub(crate) Duration);

impl OptionField for RuleAggregation {
    fn send(&self, _: Option<&'static str>, out: &mut impl WordSink) {
        self.0.send(Some("AGGREGATION"), out);
        out.argument(&time::bucket(self.1));
    }
}
arguments!([] RuleAggregation);

/// The most times that FILTER_BY_TS takes.
const MOST_TIMES: usize = 128;

/// The times of FILTER_BY_TS.
#[derive(Clone, Debug)]
struct Times(Vec<Checked<u64>>);

impl OptionField for Times {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        let reason = match self.0.len() {
            0 => Some("no time for `filter_by_ts`, which needs at least one"),
            1..=MOST_TIMES => None,
            _ => Some("more than 128 times for `filter_by_ts`"),
        };
        out.argument(&Checked(word.unwrap_or_default(), reason));
        self.0.iter().for_each(|time| out.argument(time));
    }
}

options! {
    /// Options of the commands that read a range of samples, for [`ts_range_with`](super::TimeSeriesCommands::ts_range_with) and
    /// [`ts_revrange_with`](super::TimeSeriesCommands::ts_revrange_with), and as a part of [`MrangeOptions`].
    #[derive(Clone, Debug)]
    pub struct RangeOptions with new {
        latest: bool = "LATEST",
        filter_by_ts: Option<Times> = "FILTER_BY_TS",
        filter_by_value: Option<(Checked<f64>, Checked<f64>)> = "FILTER_BY_VALUE",
        count: Option<Checked<u64>> = "COUNT",
        aggregation: Option<Aggregation>,
    }

    /// Options of the commands that read the last sample of many series, for
    /// [`ts_mget_with`](super::TimeSeriesCommands::ts_mget_with).
    #[derive(Clone, Debug)]
    pub struct MgetOptions<L = Unset> with new {
        latest: bool = "LATEST",
        labels: Option<ShownLabels>,
    }

    /// Options of the commands that read a range of many series, for
    /// [`ts_mrange_with`](super::TimeSeriesCommands::ts_mrange_with) and its like.
    #[derive(Clone, Debug)]
    pub struct MrangeOptions<L = Unset> with new {
        range: Option<RangeOptions>,
        labels: Option<ShownLabels>,
    }
}

impl RangeOptions {
    /// Counts the last bucket of a compaction too, which is not complete yet (LATEST).
    pub fn latest(self) -> Self {
        RangeOptions { latest: true, ..self }
    }

    /// Returns only samples of these times (FILTER_BY_TS), from 1 to 128.
    pub fn filter_by_ts(self, times: impl IntoIterator<Item = impl Timestamp>) -> Self {
        let times = times.into_iter().map(|time| time::point(&time)).collect();
        RangeOptions { filter_by_ts: Some(Times(times)), ..self }
    }

    /// Returns only samples whose value is from `min` to `max` (FILTER_BY_VALUE), which may be infinite.
    pub fn filter_by_value(self, min: f64, max: f64) -> Self {
        let checked = |value: f64| Checked(value, value.is_nan().then_some("NaN is no limit of values"));
        RangeOptions { filter_by_value: Some((checked(min), checked(max))), ..self }
    }

    /// Returns at most so many samples of a series (COUNT), at least 1.
    pub fn count(self, samples: u64) -> Self {
        let reason = (samples == 0).then_some("COUNT of a range of samples must be above 0");
        RangeOptions { count: Some(Checked(samples, reason)), ..self }
    }

    /// Aggregates the samples in buckets (AGGREGATION).
    pub fn aggregation(self, aggregation: Aggregation) -> Self {
        RangeOptions { aggregation: Some(aggregation), ..self }
    }

    /// The reason why the module refuses the options for this range.
    fn refused_for(&self, range: &TimeEnds) -> Option<&'static str> {
        match self.aggregation?.align? {
            Align::Start if !range.has_start() => Some("`Align::Start` needs a range with a start"),
            Align::End if !range.has_end() => Some("`Align::End` needs a range with an end"),
            _ => None,
        }
    }
}

macro_rules! shown_labels {
    ($($name:ident),*) => {$(
        impl<L> $name<L> {
            /// Returns all labels of each series (WITHLABELS).
            pub fn withlabels(self) -> $name<WithLabels>
            where
                L: IsUnset,
            {
                $name { labels: Some(ShownLabels::All), ..$name::retyped(self) }
            }

            /// Returns those labels of each series that have one of these names (SELECTED_LABELS).
            pub fn selected_labels(self, names: impl IntoIterator<Item = impl Into<Box<str>>>) -> $name<SelectedLabels>
            where
                L: IsUnset,
            {
                $name { labels: Some(ShownLabels::of(names)), ..$name::retyped(self) }
            }
        }
    )*};
}
shown_labels! { MgetOptions, MrangeOptions }

impl<L> MgetOptions<L> {
    /// Counts the last bucket of a compaction too, which is not complete yet (LATEST).
    pub fn latest(self) -> Self {
        MgetOptions { latest: true, ..self }
    }
}

impl<L> MrangeOptions<L> {
    /// Sets which samples of each series are returned, and how they are aggregated.
    pub fn range(self, options: RangeOptions) -> Self {
        MrangeOptions { range: Some(options), ..self }
    }
}

/// The options of a range command.
pub(crate) trait OfRange: OptionField {
    fn range_options(&self) -> Option<&RangeOptions>;
}

impl OfRange for RangeOptions {
    fn range_options(&self) -> Option<&RangeOptions> {
        Some(self)
    }
}

impl<L> OfRange for MrangeOptions<L> {
    fn range_options(&self) -> Option<&RangeOptions> {
        self.range.as_ref()
    }
}

/// A range with its options, on the wire.
pub(crate) struct Ranged<'a, O> {
    ends: TimeEnds,
    options: &'a O,
}

impl<'a, O> Ranged<'a, O> {
    pub(crate) fn of(range: &impl TimeRange, options: &'a O) -> Self {
        Ranged { ends: TimeEnds::of(range), options }
    }
}

impl<O: OfRange + Arguments> Arguments for Ranged<'_, O> {
    type Item = Self;
    fn count(&self) -> usize {
        self.ends.count() + self.options.count()
    }
    fn write_all(&self, out: &mut Writer) {
        if let Some(reason) = self.options.range_options().and_then(|options| options.refused_for(&self.ends)) {
            out.reject(reason);
        }
        self.ends.write_all(out);
        self.options.write_all(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::option::encoded;

    #[test]
    fn options_are_their_words() {
        let hours = Aggregation::new(Aggregator::StdP, Duration::from_secs(3600)).align(Align::At(5)).empty();
        let range = RangeOptions::new()
            .aggregation(hours.bucket_timestamp(BucketTimestamp::Mid))
            .count(9)
            .filter_by_value(f64::NEG_INFINITY, 2.5)
            .filter_by_ts([1, 2])
            .latest();
        let words = "LATEST FILTER_BY_TS 1 2 FILTER_BY_VALUE -inf 2.5 COUNT 9 ALIGN 5 AGGREGATION std.p 3600000 BUCKETTIMESTAMP ~ EMPTY";
        assert_eq!(encoded(&Ranged::of(&(10..=20), &range)), format!("10 20 {words}"));
        let many = MrangeOptions::new().withlabels().range(range);
        assert_eq!(encoded(&many), format!("{words} WITHLABELS"));
        assert_eq!(encoded(&MgetOptions::new().selected_labels(["a", "b"]).latest()), "LATEST SELECTED_LABELS a b");
    }
}
