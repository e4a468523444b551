//! The facts of a series: the reply of TS.INFO.

use super::{
    options::{DuplicatePolicy, Encoding},
    query::Aggregator,
    replies::read_labels,
};
use crate::{
    reply::{Any, Array, Bulk, Double, FromReply, Integer, Nullable, record::records},
    resp::{DecodeError, Reader},
};
use std::{collections::BTreeMap, time::Duration};

records! {
    /// The facts of a time series: the reply of TS.INFO.
    pub struct SeriesInfo {
        /// The number of samples.
        total_samples: u64 = "totalSamples" as Integer,
        /// The memory that the series takes, in bytes.
        memory_usage: u64 = "memoryUsage" as Integer,
        /// The Unix time in milliseconds of the first sample; 0 for a series without any.
        first_timestamp: u64 = "firstTimestamp" as Integer,
        /// The Unix time in milliseconds of the last sample; 0 for a series without any.
        last_timestamp: u64 = "lastTimestamp" as Integer,
        /// How much older than the last sample others may be; `None` if all are kept.
        retention: Option<Duration> = "retentionTime" by limit,
        /// The number of chunks that hold the samples.
        chunk_count: u64 = "chunkCount" as Integer,
        /// The size of a chunk in bytes.
        chunk_size: u64 = "chunkSize" as Integer,
        /// The form in which the samples are kept.
        encoding: Encoding = "chunkType" as Bulk,
        /// What happens to a sample at a time that has one already; `None` for the policy of the server's configuration.
        duplicate_policy: Option<DuplicatePolicy> = "duplicatePolicy" as Nullable<Bulk>,
        /// The labels.
        labels: BTreeMap<String, String> = "labels" by read_labels,
        /// The key of the series that this one is a compaction of.
        source_key: Option<String> = "sourceKey" as Nullable<Bulk>,
        /// The rules by which other series are compactions of this one.
        rules: Vec<CompactionRule> = "rules" by read_rules,
        /// The difference of time up to which a sample is ignored.
        ignore_max_time_diff: Duration = "ignoreMaxTimeDiff" or default by millis,
        /// The difference of values up to which a sample is ignored.
        ignore_max_val_diff: f64 = "ignoreMaxValDiff" or default as Double,
        /// The chunks, of [`ts_info_debug`](super::TimeSeriesCommands::ts_info_debug) alone.
        chunks: Vec<ChunkInfo> = "Chunks" or default as Array<Any>,
    }

    /// The facts of a chunk of samples.
    #[derive(Copy)]
    pub struct ChunkInfo {
        /// The Unix time in milliseconds of the first sample; `None` for a chunk without any.
        start_timestamp: Option<u64> = "startTimestamp" by time,
        /// The Unix time in milliseconds of the last sample; `None` for a chunk without any.
        end_timestamp: Option<u64> = "endTimestamp" by time,
        /// The number of samples.
        samples: u64 = "samples" as Integer,
        /// The size in bytes.
        size: u64 = "size" as Integer,
        /// The bytes that one sample takes on average.
        bytes_per_sample: f64 = "bytesPerSample" as Double,
    }
}

/// A rule by which a series is a compaction of another one.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CompactionRule {
    /// The key of the compaction.
    pub destination: String,
    /// The duration of a bucket.
    pub bucket: Duration,
    /// How the samples of a bucket become one; `None` for a way that typedis does not know.
    pub aggregator: Option<Aggregator>,
    /// The Unix time in milliseconds from which buckets are counted.
    pub align: u64,
}

fn millis(reader: &mut Reader<'_>) -> Result<Duration, DecodeError> {
    FromReply::<Integer>::read(reader).map(Duration::from_millis)
}

fn limit(reader: &mut Reader<'_>) -> Result<Option<Duration>, DecodeError> {
    Ok(Some(millis(reader)?).filter(|limit| !limit.is_zero()))
}

fn time(reader: &mut Reader<'_>) -> Result<Option<u64>, DecodeError> {
    Ok(u64::try_from(reader.integer()?).ok())
}

/// Reads the rules: a map by destination in RESP3, an array of arrays that begin with it in RESP2.
fn read_rules(reader: &mut Reader<'_>) -> Result<Vec<CompactionRule>, DecodeError> {
    let is_map = reader.kind()? == b'%';
    let rules = if is_map { reader.map()? } else { reader.array()? };
    let mut found = Vec::new();
    for _ in 0..rules {
        let mut elements = if is_map { 4 } else { reader.array()? };
        let destination = FromReply::<Bulk>::read(reader)?;
        if is_map {
            elements = reader.array()?.saturating_add(1);
        }
        if elements < 4 {
            return Err(DecodeError::mismatch("a rule of a time series", format!("{elements} elements")));
        }
        let (bucket, aggregator) = (millis(reader)?, Aggregator::named(reader.text()?));
        found.push(CompactionRule { destination, bucket, aggregator, align: FromReply::<Integer>::read(reader)? });
        for _ in 4..elements {
            reader.ignore()?;
        }
    }
    Ok(found)
}

macro_rules! read_words {
    ($($type:ident),*) => {$(
        impl FromReply<Bulk> for $type {
            fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                let word = reader.text()?;
                let expected = concat!("a word of ", stringify!($type));
                $type::named(word).ok_or_else(|| DecodeError::mismatch(expected, word.escape_debug()))
            }
        }
    )*};
}
read_words! { Encoding, DuplicatePolicy }
