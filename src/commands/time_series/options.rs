//! Options that make and change a series: its settings and its labels.

use super::time::{self, At, SampleTime};
use crate::command::option::{Checked, OptionField, Word, WordSink, options, words};
use std::time::Duration;

words! {
    /// The form in which a series keeps its samples (ENCODING).
    #[derive(Hash)]
    pub enum Encoding {
        /// Compressed, the module's default.
        Compressed = "COMPRESSED",
        /// Not compressed, 16 bytes a sample.
        Uncompressed = "UNCOMPRESSED",
    }

    /// What happens to a sample at a time that has one already (DUPLICATE_POLICY, ON_DUPLICATE).
    #[derive(Hash)]
    pub enum DuplicatePolicy {
        /// The new sample is an error.
        Block = "BLOCK",
        /// The new sample is ignored.
        First = "FIRST",
        /// The new sample replaces the old one.
        Last = "LAST",
        /// The lower value is kept.
        Min = "MIN",
        /// The higher value is kept.
        Max = "MAX",
        /// The sum of both is kept.
        Sum = "SUM",
    }
}

/// The words that the module looks for among the labels too, where it would take them for options.
const OPTIONS_OF_SERIES: &[&str] =
    &["CHUNK_SIZE", "DUPLICATE_POLICY", "ENCODING", "IGNORE", "ON_DUPLICATE", "RETENTION", "TIMESTAMP", "UNCOMPRESSED"];

/// Returns whether `text` is one of the words, in any case.
pub(super) fn is_one_of(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// The names and values of labels, which no filter finds in other forms.
#[derive(Clone, Debug)]
struct Labels(Vec<(Box<str>, Box<str>)>);

impl OptionField for Labels {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        out.word(word);
        for (name, value) in &self.0 {
            let reason = if name.is_empty() || value.is_empty() {
                Some("a label of a time series has a name and a value, of which none is empty")
            } else if value.contains(['(', ')', ',']) {
                Some("the value of a label of a time series has no comma and no parentheses")
            } else if is_one_of(name, OPTIONS_OF_SERIES) || is_one_of(value, OPTIONS_OF_SERIES) {
                Some("the module takes a label of this name, or of this value, for an option of the command")
            } else {
                None
            };
            out.argument(&Checked(&**name, reason));
            out.argument(&**value);
        }
    }
}

impl Labels {
    fn of(labels: impl IntoIterator<Item = (impl Into<Box<str>>, impl Into<Box<str>>)>) -> Option<Self> {
        Some(Labels(labels.into_iter().map(|(name, value)| (name.into(), value.into())).collect()))
    }
}

/// IGNORE and its two limits.
#[derive(Clone, Copy, Debug)]
struct Ignore(Checked<u64>, Checked<f64>);

impl OptionField for Ignore {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        out.word(word);
        out.argument(&self.0);
        out.argument(&self.1);
    }
}

impl Ignore {
    fn within(time: Duration, value: f64) -> Option<Self> {
        let reason = (!value.is_finite() || value < 0.0).then_some("a difference to be ignored is a number from 0 on");
        Some(Ignore(time::duration(time), Checked(value, reason)))
    }
}

fn chunk_size(bytes: u32) -> Option<Checked<u32>> {
    let is_valid = (48..=1_048_576).contains(&bytes) && bytes % 8 == 0;
    let reason = (!is_valid).then_some("the size of a chunk is a multiple of 8 from 48 to 1048576");
    Some(Checked(bytes, reason))
}

options! {
    /// The settings of a new series, for [`ts_create_with`](super::TimeSeriesCommands::ts_create_with), and as a part of
    /// [`AddOptions`] and [`IncrOptions`], whose commands make a series that does not exist.
    #[derive(Clone, Debug)]
    pub struct SeriesOptions with new {
        retention: Option<Checked<u64>> = "RETENTION",
        encoding: Option<Encoding> = "ENCODING",
        chunk_size: Option<Checked<u32>> = "CHUNK_SIZE",
        duplicate_policy: Option<DuplicatePolicy> = "DUPLICATE_POLICY",
        ignore: Option<Ignore> = "IGNORE",
        labels: Option<Labels> = "LABELS",
    }

    /// Changes of a series, for [`ts_alter`](super::TimeSeriesCommands::ts_alter). What is not given stays as it is.
    #[derive(Clone, Debug)]
    pub struct AlterOptions with new {
        retention: Option<Checked<u64>> = "RETENTION",
        chunk_size: Option<Checked<u32>> = "CHUNK_SIZE",
        duplicate_policy: Option<DuplicatePolicy> = "DUPLICATE_POLICY",
        ignore: Option<Ignore> = "IGNORE",
        labels: Option<Labels> = "LABELS",
    }

    /// Options of TS.ADD, for [`ts_add_with`](super::TimeSeriesCommands::ts_add_with).
    #[derive(Clone, Debug)]
    pub struct AddOptions with new {
        on_duplicate: Option<DuplicatePolicy> = "ON_DUPLICATE",
        series: Option<SeriesOptions>,
    }

    /// Options of TS.INCRBY and TS.DECRBY, for [`ts_incrby_with`](super::TimeSeriesCommands::ts_incrby_with) and
    /// [`ts_decrby_with`](super::TimeSeriesCommands::ts_decrby_with).
    #[derive(Clone, Debug)]
    pub struct IncrOptions with new {
        timestamp: Option<Word> = "TIMESTAMP",
        series: Option<SeriesOptions>,
    }
}

macro_rules! settings {
    ($($name:ident),*) => {$(
        impl $name {
            /// Removes samples that are so much older than the last one (RETENTION), in whole milliseconds; zero keeps all.
            pub fn retention(self, age: Duration) -> Self {
                $name { retention: Some(time::duration(age)), ..self }
            }

            /// Sets how many bytes each new chunk of samples takes (CHUNK_SIZE): a multiple of 8 from 48 to 1048576.
            pub fn chunk_size(self, bytes: u32) -> Self {
                $name { chunk_size: chunk_size(bytes), ..self }
            }

            /// Sets what happens to a sample at a time that has one already (DUPLICATE_POLICY).
            pub fn duplicate_policy(self, policy: DuplicatePolicy) -> Self {
                $name { duplicate_policy: Some(policy), ..self }
            }

            /// Ignores a sample that differs from the last one by no more than `time` and `value` (IGNORE), in a series with
            /// [`DuplicatePolicy::Last`].
            pub fn ignore(self, time: Duration, value: f64) -> Self {
                $name { ignore: Ignore::within(time, value), ..self }
            }

            /// Sets the labels of the series in place of all that it has (LABELS): `[("room", "kitchen")]`, a `Vec` or a map. An
            /// [`Error::Argument`](crate::Error::Argument) where the module has no such label: an empty one, one with a comma or
            /// parentheses in its value, and one like the name of an option, which the module would take for that option.
            pub fn labels(self, labels: impl IntoIterator<Item = (impl Into<Box<str>>, impl Into<Box<str>>)>) -> Self {
                $name { labels: Labels::of(labels), ..self }
            }
        }
    )*};
}
settings! { SeriesOptions, AlterOptions }

impl SeriesOptions {
    /// Sets the form in which the samples are kept (ENCODING).
    pub fn encoding(self, encoding: Encoding) -> Self {
        SeriesOptions { encoding: Some(encoding), ..self }
    }
}

impl AddOptions {
    /// Sets what happens to this sample if its time has one already (ON_DUPLICATE), whatever the policy of the series.
    pub fn on_duplicate(self, policy: DuplicatePolicy) -> Self {
        AddOptions { on_duplicate: Some(policy), ..self }
    }

    /// Sets how the series is made if it does not exist; of one that does, nothing changes.
    pub fn series(self, options: SeriesOptions) -> Self {
        AddOptions { series: Some(options), ..self }
    }
}

impl IncrOptions {
    /// Sets the time of the new sample (TIMESTAMP), which is not before that of the last one. It is the server's time else.
    pub fn timestamp(self, time: impl SampleTime) -> Self {
        IncrOptions { timestamp: Some(Word::of(&At(&time))), ..self }
    }

    /// Sets how the series is made if it does not exist; of one that does, nothing changes.
    pub fn series(self, options: SeriesOptions) -> Self {
        IncrOptions { series: Some(options), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::time::Now, *};
    use crate::command::option::encoded;

    #[test]
    fn options_are_their_words() {
        let series = SeriesOptions::new()
            .labels([("room", "kitchen"), ("kind", "temp")])
            .ignore(Duration::from_millis(5), 0.5)
            .duplicate_policy(DuplicatePolicy::Last)
            .chunk_size(128)
            .encoding(Encoding::Uncompressed)
            .retention(Duration::from_secs(60));
        let words = "RETENTION 60000 ENCODING UNCOMPRESSED CHUNK_SIZE 128 DUPLICATE_POLICY LAST IGNORE 5 0.5 LABELS room kitchen \
                     kind temp";
        assert_eq!(encoded(&series), words);
        let add = AddOptions::new().series(series).on_duplicate(DuplicatePolicy::Sum);
        assert_eq!(encoded(&add), format!("ON_DUPLICATE SUM {words}"));
        assert_eq!(encoded(&IncrOptions::new().timestamp(5)), "TIMESTAMP 5");
        assert_eq!(encoded(&IncrOptions::new().timestamp(Now)), "TIMESTAMP *");
        let nothing: [(&str, &str); 0] = [];
        assert_eq!(encoded(&AlterOptions::new().retention(Duration::ZERO).labels(nothing)), "RETENTION 0 LABELS");
    }
}
