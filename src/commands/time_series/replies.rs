//! Replies of the commands on time series, and their shapes in both protocols.

use crate::{
    reply::{Array, Bulk, FromReply, Integer, Nullable, Pairs},
    resp::{DecodeError, Reader},
};
use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime},
};

/// A sample of a series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// The Unix time in milliseconds.
    pub timestamp: u64,
    /// The value; NaN for some empty buckets of an aggregation.
    pub value: f64,
}

impl Sample {
    /// Returns the time of the sample; `None` if the operating system has no such time.
    pub fn time(&self) -> Option<SystemTime> {
        SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(self.timestamp))
    }
}

/// The shape of a sample: its time and its value, which is a double in RESP3 and a status in RESP2.
#[derive(Debug)]
pub(crate) struct SampleShape;

impl FromReply<SampleShape> for Sample {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let sample: Option<Sample> = FromReply::<SampleShape>::read(reader)?;
        sample.ok_or_else(|| DecodeError::mismatch("a sample", "an empty array"))
    }
}

/// A sample, or an empty array.
impl FromReply<SampleShape> for Option<Sample> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match reader.array()? {
            0 => Ok(None),
            2 => Ok(Some(Sample { timestamp: FromReply::<Integer>::read(reader)?, value: reader.double()? })),
            other => Err(DecodeError::mismatch("a sample", format!("an array of {other} elements"))),
        }
    }
}

/// The last sample of one of many series.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LatestSample {
    /// The labels that the options ask for, of those that the series has; none without options.
    pub labels: BTreeMap<String, String>,
    /// The sample; `None` for a series without any.
    pub sample: Option<Sample>,
}

/// The samples of one of many series.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SeriesSamples {
    /// The labels that the options ask for, of those that the series has; none without options.
    pub labels: BTreeMap<String, String>,
    /// The samples.
    pub samples: Vec<Sample>,
}

/// The samples of a group of series, of which those at one time became one.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct GroupSamples {
    /// The label of the group and its value, as `label=value`.
    pub group: String,
    /// The labels that the options ask for, of those that the group has: that of the group.
    pub labels: BTreeMap<String, String>,
    /// The keys of the series; `None` in RESP2, where the module does not return them as a list.
    pub sources: Option<Vec<String>>,
    /// The samples.
    pub samples: Vec<Sample>,
}

/// The shape of many series: a map by key in RESP3, whose values are arrays, and an array of arrays in RESP2, which begin with the key.
/// Behind the labels there are maps of facts in RESP3, and the samples are the last element.
#[derive(Debug)]
pub(crate) struct ManySeries;

/// The elements of one series, behind its key.
struct Elements<'r, 'a> {
    left: usize,
    reader: &'r mut Reader<'a>,
}

fn each_series<'a, T, C: FromIterator<T>>(
    reader: &mut Reader<'a>,
    mut read: impl FnMut(String, Elements<'_, 'a>) -> Result<T, DecodeError>,
) -> Result<C, DecodeError> {
    let is_map = reader.kind()? == b'%';
    let series = if is_map { reader.map()? } else { reader.array()? };
    (0..series)
        .map(|_| {
            let (key, left) = if is_map {
                (FromReply::<Bulk>::read(reader)?, reader.array()?)
            } else {
                let elements = reader.array()?.saturating_sub(1);
                (FromReply::<Bulk>::read(reader)?, elements)
            };
            if left < 2 {
                return Err(DecodeError::mismatch("labels and samples of a series", format!("{left} elements")));
            }
            read(key, Elements { left: left - 1, reader })
        })
        .collect()
}

impl Elements<'_, '_> {
    fn labels(&mut self) -> Result<BTreeMap<String, String>, DecodeError> {
        read_labels(self.reader)
    }

    /// Reads the maps of facts, and returns the list of the fact `sources`.
    fn sources(&mut self) -> Result<Option<Vec<String>>, DecodeError> {
        let mut sources = None;
        while self.left > 1 {
            self.left -= 1;
            for _ in 0..self.reader.map()? {
                if self.reader.text()? == "sources" {
                    sources = Some(FromReply::<Array<Bulk>>::read(self.reader)?);
                } else {
                    self.reader.ignore()?;
                }
            }
        }
        Ok(sources)
    }

    fn samples(mut self) -> Result<Vec<Sample>, DecodeError> {
        self.sources()?;
        FromReply::<Array<SampleShape>>::read(self.reader)
    }
}

/// Reads labels: a map in RESP3, an array of pairs in RESP2. A label that the series does not have, which is null, is left out.
pub(crate) fn read_labels(reader: &mut Reader<'_>) -> Result<BTreeMap<String, String>, DecodeError> {
    let labels: Vec<(String, Option<String>)> = FromReply::<Pairs<Bulk, Nullable<Bulk>>>::read(reader)?;
    Ok(labels.into_iter().filter_map(|(name, value)| Some((name, value?))).collect())
}

impl FromReply<ManySeries> for BTreeMap<String, LatestSample> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        each_series(reader, |key, mut elements| {
            let labels = elements.labels()?;
            elements.sources()?;
            Ok((key, LatestSample { labels, sample: FromReply::<SampleShape>::read(elements.reader)? }))
        })
    }
}

impl FromReply<ManySeries> for BTreeMap<String, SeriesSamples> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        each_series(reader, |key, mut elements| {
            Ok((key, SeriesSamples { labels: elements.labels()?, samples: elements.samples()? }))
        })
    }
}

impl FromReply<ManySeries> for Vec<GroupSamples> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        each_series(reader, |group, mut elements| {
            let mut labels = elements.labels()?;
            // RESP2 has the facts as labels, and the keys with commas between them.
            labels.retain(|name, _| name != "__reducer__" && name != "__source__");
            Ok(GroupSamples { group, labels, sources: elements.sources()?, samples: elements.samples()? })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn read<S, T: FromReply<S>>(reply: &str) -> T {
        let bytes = Bytes::from(reply.replace(' ', "\r\n") + "\r\n");
        Reader::new(&bytes).read_reply(T::read).unwrap()
    }

    #[test]
    fn samples_and_labels_are_the_same_in_both_protocols() {
        let resp2 = "*1 *3 $1 a *2 *2 $1 r $1 k *2 $1 z $-1 *1 *2 :10 +5E-1";
        let resp3 = "%1 $1 a *3 %2 $1 r $1 k $1 z _ %1 $11 aggregators *0 *1 *2 :10 ,0.5";
        let [two, three] = [resp2, resp3].map(read::<ManySeries, BTreeMap<String, SeriesSamples>>);
        assert_eq!(two, three);
        assert_eq!(two["a"].labels, BTreeMap::from([("r".to_owned(), "k".to_owned())]));
        assert_eq!(two["a"].samples, [Sample { timestamp: 10, value: 0.5 }]);
    }

    #[test]
    fn only_resp3_tells_the_sources_of_a_group() {
        let resp2 = "*1 *3 $3 k=t *2 *2 $11 __reducer__ $3 max *2 $10 __source__ $3 a,b *0";
        let resp3 = "%1 $3 k=t *4 %0 %1 $8 reducers *1 $3 max %1 $7 sources *2 $1 a $1 b *0";
        let [two, three] = [resp2, resp3].map(|reply| read::<ManySeries, Vec<GroupSamples>>(reply).remove(0));
        assert_eq!((two.sources, three.sources), (None, Some(vec!["a".to_owned(), "b".to_owned()])));
        assert!(two.labels.is_empty() && three.labels.is_empty());
    }

    #[test]
    fn a_series_without_a_sample_is_none() {
        assert_eq!(read::<SampleShape, Option<Sample>>("*0"), None);
        let empty: BTreeMap<String, LatestSample> = read::<ManySeries, _>("%1 $1 e *2 %0 *0");
        assert_eq!(empty["e"].sample, None);
    }
}
