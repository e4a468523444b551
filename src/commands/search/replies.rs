//! The results of a search, as RESP3 names them and RESP2 lines them up.

use crate::{
    error::{Error, Result},
    key::HashFields,
    reply::{Any, Bulk, FromReply, Integer, Value, record::read_fields},
    resp::{DecodeError, Reader},
};
use bytes::Bytes;

/// The reply of a search or an aggregation: its page of results, which may be partial, where the server ran out of time.
///
/// So that partial results are not taken for all, the page comes by [`complete`](SearchReply::complete), which fails then, or by
/// [`even_partial`](SearchReply::even_partial).
///
/// **In RESP2 the server does not say that results are partial**, unless it is configured to fail instead (`ON_TIMEOUT FAIL`).
/// typedis uses RESP3 by itself where the server has it.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a page of results is in it"]
pub struct SearchReply<P> {
    page: P,
    warnings: Vec<String>,
}

impl<P> SearchReply<P> {
    /// Returns the page.
    ///
    /// # Errors
    ///
    /// [`Error::PartialResults`] with the server's warning, if the results are not complete.
    pub fn complete(self) -> Result<P> {
        match self.warnings.into_iter().next() {
            None => Ok(self.page),
            Some(warning) => Err(Error::PartialResults { warning: warning.into() }),
        }
    }

    /// Returns the page, also where it is partial: [`warnings`](SearchReply::warnings) tells.
    pub fn even_partial(self) -> P {
        self.page
    }

    /// Returns the server's warnings, such as `Timeout limit was reached`.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }
}

/// A page of found documents.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Page<F> {
    /// The number of documents that the query finds, of which the page is a part.
    pub total: u64,
    /// The documents of the page, in their order.
    pub found: Vec<F>,
}

impl<T, S, P, K> Page<Found<Option<T>, S, P, K>> {
    /// Returns the documents alone, without those that had expired when the search looked at them.
    pub fn documents(self) -> impl Iterator<Item = T> {
        self.found.into_iter().filter_map(|found| found.document)
    }
}

/// One found document: its key, and what the options of the search ask for beside it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Found<T, S = (), P = (), K = ()> {
    /// The key of the document.
    pub key: String,
    /// The document: an `Option`, because a document that has just expired is found without its fields; `()` for
    /// [`nocontent`](super::SearchOptions::nocontent).
    pub document: T,
    /// The score: an `f64` for [`withscores`](super::SearchOptions::withscores).
    pub score: S,
    /// The payload: an `Option<Bytes>` for [`withpayloads`](super::SearchOptions::withpayloads).
    pub payload: P,
    /// The value that the results are sorted by: an `Option<String>` for [`withsortkeys`](super::SearchOptions::withsortkeys), with
    /// `#` before a number and `$` before text.
    pub sort_key: K,
}

/// A score with the server's explanation of it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Explained {
    /// The score.
    pub score: f64,
    /// How it was computed: lines and lists of lines.
    pub explanation: Value,
}

/// One part of a found document, which the options of the search ask for or not.
pub trait FoundPart: Sized {
    /// Whether the part is in the reply.
    #[doc(hidden)]
    const ASKED: bool;
    /// Returns the value of a part that is not there, if it may be missing.
    #[doc(hidden)]
    fn missing() -> Option<Self>;
    /// Reads the part.
    #[doc(hidden)]
    fn read_part(reader: &mut Reader<'_>) -> std::result::Result<Self, DecodeError>;
    /// Reads the part from an array in which only parts are that were asked for.
    #[doc(hidden)]
    fn read_flat(reader: &mut Reader<'_>) -> std::result::Result<Self, DecodeError> {
        match Self::missing() {
            Some(missing) if !Self::ASKED => Ok(missing),
            _ => Self::read_part(reader),
        }
    }
}

/// A part that was not asked for. Where it comes all the same, it is skipped.
impl FoundPart for () {
    const ASKED: bool = false;
    fn missing() -> Option<Self> {
        Some(())
    }
    fn read_part(reader: &mut Reader<'_>) -> std::result::Result<Self, DecodeError> {
        reader.ignore()
    }
}
impl<T: HashFields> FoundPart for Option<T> {
    const ASKED: bool = true;
    fn missing() -> Option<Self> {
        Some(None)
    }
    fn read_part(reader: &mut Reader<'_>) -> std::result::Result<Self, DecodeError> {
        if reader.null()? { Ok(None) } else { crate::key::from_map(reader).map(Some) }
    }
}
impl FoundPart for f64 {
    const ASKED: bool = true;
    fn missing() -> Option<Self> {
        None
    }
    fn read_part(reader: &mut Reader<'_>) -> std::result::Result<Self, DecodeError> {
        reader.double()
    }
}
impl FoundPart for Explained {
    const ASKED: bool = true;
    fn missing() -> Option<Self> {
        None
    }
    fn read_part(reader: &mut Reader<'_>) -> std::result::Result<Self, DecodeError> {
        match reader.array()? {
            2 => Ok(Explained { score: reader.double()?, explanation: FromReply::<Any>::read(reader)? }),
            count => {
                Err(DecodeError::mismatch("a score with its explanation", format!("an array of {count} elements")))
            }
        }
    }
}

/// A payload or a sort key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extra<T>(pub Option<T>);

impl<T: FromReply<Bulk>> FoundPart for Extra<T> {
    const ASKED: bool = true;
    fn missing() -> Option<Self> {
        Some(Extra(None))
    }
    fn read_part(reader: &mut Reader<'_>) -> std::result::Result<Self, DecodeError> {
        if reader.null()? { Ok(Extra(None)) } else { T::read(reader).map(|value| Extra(Some(value))) }
    }
}

/// The payload of a document, for [`withpayloads`](super::SearchOptions::withpayloads).
pub type Payload = Extra<Bytes>;
/// The value that a document is sorted by, for [`withsortkeys`](super::SearchOptions::withsortkeys).
pub type SortedBy = Extra<String>;

/// A found document that can be read: a [`Found`] with parts.
pub trait FoundItem: Sized {
    /// Reads the document from the map of RESP3.
    #[doc(hidden)]
    fn read_map(reader: &mut Reader<'_>) -> std::result::Result<Self, DecodeError>;
    /// Reads the document from the array of RESP2, and takes from `left` the number of elements that are its own.
    #[doc(hidden)]
    fn read_flat(reader: &mut Reader<'_>, left: &mut usize) -> std::result::Result<Self, DecodeError>;
}

impl<T: FoundPart, S: FoundPart, P: FoundPart, K: FoundPart> FoundItem for Found<T, S, P, K> {
    fn read_map(reader: &mut Reader<'_>) -> std::result::Result<Self, DecodeError> {
        let (mut key, mut document, mut score, mut payload, mut sort_key) = (None, None, None, None, None);
        read_fields(reader, |name, reader| {
            match name {
                "id" => key = Some(reader.text()?.to_owned()),
                "extra_attributes" => document = Some(T::read_part(reader)?),
                "score" => score = Some(S::read_part(reader)?),
                "payload" => payload = Some(P::read_part(reader)?),
                "sortkey" => sort_key = Some(K::read_part(reader)?),
                _ => reader.ignore()?,
            }
            Ok(())
        })?;
        Ok(Found {
            key: key.ok_or_else(|| lacks("id"))?,
            document: document.or_else(T::missing).ok_or_else(|| lacks("extra_attributes"))?,
            score: score.or_else(S::missing).ok_or_else(|| lacks("score"))?,
            payload: payload.or_else(P::missing).ok_or_else(|| lacks("payload"))?,
            sort_key: sort_key.or_else(K::missing).ok_or_else(|| lacks("sortkey"))?,
        })
    }

    fn read_flat(reader: &mut Reader<'_>, left: &mut usize) -> std::result::Result<Self, DecodeError> {
        let elements = 1 + [S::ASKED, P::ASKED, K::ASKED, T::ASKED].into_iter().filter(|asked| *asked).count();
        *left = left.checked_sub(elements).ok_or_else(|| lacks("the end of its parts"))?;
        // The order of the server: key, score, payload, sort key, fields.
        Ok(Found {
            key: reader.text()?.to_owned(),
            score: S::read_flat(reader)?,
            payload: P::read_flat(reader)?,
            sort_key: K::read_flat(reader)?,
            document: T::read_flat(reader)?,
        })
    }
}

#[cold]
fn lacks(part: &str) -> DecodeError {
    DecodeError::mismatch("a found document", format!("one without `{part}`"))
}

/// Results that come in one reply: a page of documents, or rows.
pub trait ReadResults: Sized {
    /// Reads the reply: the map of RESP3, whose other entries `other` reads, or the array of RESP2.
    #[doc(hidden)]
    fn read_results(
        reader: &mut Reader<'_>,
        other: &mut OtherEntries<'_>,
    ) -> std::result::Result<SearchReply<Self>, DecodeError>;
}

/// Reads an entry of the map of RESP3 that is none of the results.
pub(super) type OtherEntries<'o> = dyn FnMut(&str, &mut Reader<'_>) -> std::result::Result<(), DecodeError> + 'o;

/// The shape of the reply of FT.SEARCH and FT.AGGREGATE: a map in RESP3. In RESP2 it is one array: of the number of documents found and
/// of the parts of each document of the page, or of a number that means nothing and the rows.
#[derive(Debug)]
pub struct Results;

impl<P: ReadResults> FromReply<Results> for SearchReply<P> {
    fn read(reader: &mut Reader<'_>) -> std::result::Result<Self, DecodeError> {
        P::read_results(reader, &mut |_, reader| reader.ignore())
    }
}

impl<F: FoundItem> ReadResults for Page<F> {
    fn read_results(
        reader: &mut Reader<'_>,
        other: &mut OtherEntries<'_>,
    ) -> std::result::Result<SearchReply<Self>, DecodeError> {
        if reader.kind()? == b'%' {
            let (total, found, warnings) = read_named(reader, F::read_map, other)?;
            return Ok(SearchReply { page: Page { total, found }, warnings });
        }
        let count = reader.array()?;
        let Some(mut left) = count.checked_sub(1) else { return Err(lacks("their number")) };
        let total = <u64 as FromReply<Integer>>::read(reader)?;
        let mut found = Vec::new();
        while left > 0 {
            found.push(F::read_flat(reader, &mut left)?);
        }
        Ok(SearchReply { page: Page { total, found }, warnings: Vec::new() })
    }
}

/// Reads the map of RESP3: the number of results, the results, and the warnings.
pub(super) fn read_named<T>(
    reader: &mut Reader<'_>,
    mut item: impl FnMut(&mut Reader<'_>) -> std::result::Result<T, DecodeError>,
    other: &mut OtherEntries<'_>,
) -> std::result::Result<(u64, Vec<T>, Vec<String>), DecodeError> {
    let (mut total, mut found, mut warnings) = (0, Vec::new(), Vec::new());
    read_fields(reader, |name, reader| {
        match name {
            "total_results" => total = FromReply::<Integer>::read(reader)?,
            "results" => {
                for _ in 0..reader.array()? {
                    found.push(item(reader)?);
                }
            }
            "warning" => warnings = FromReply::<Any>::read(reader)?,
            _ => other(name, reader)?,
        }
        Ok(())
    })?;
    Ok((total, found, warnings))
}

impl<P> SearchReply<P> {
    pub(super) fn new(page: P, warnings: Vec<String>) -> Self {
        SearchReply { page, warnings }
    }
}

/// The shape of the reply of FT.CREATE, which is an error where there is such an index.
#[derive(Debug)]
pub(crate) struct Created;

impl FromReply<Created> for bool {
    fn read(reader: &mut Reader<'_>) -> std::result::Result<Self, DecodeError> {
        unless(reader, &["already exists"])
    }
}

/// The shape of the reply of FT.DROPINDEX, which is an error where there is no such index.
#[derive(Debug)]
pub(crate) struct Dropped;

impl FromReply<Dropped> for bool {
    fn read(reader: &mut Reader<'_>) -> std::result::Result<Self, DecodeError> {
        unless(reader, &["unknown index name", "no such index", "index not found"])
    }
}

/// Reads OK as `true`, and an error with one of these words as `false`. Modules give their errors no codes.
fn unless(reader: &mut Reader<'_>, words: &[&str]) -> std::result::Result<bool, DecodeError> {
    match reader.bytes() {
        Ok(_) => Ok(true),
        Err(DecodeError::Server(error)) => {
            let message = error.message().to_lowercase();
            let expected = words.iter().any(|words| message.contains(words));
            if expected { Ok(false) } else { Err(DecodeError::Server(error)) }
        }
        Err(error) => Err(error),
    }
}
