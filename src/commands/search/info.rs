//! What the module tells about indexes, queries and its settings.

use super::{
    options::Dialect,
    query::{Params, Query, SearchQuery},
    replies::{ReadResults, Results, SearchReply},
};
use crate::{
    argument::Argument,
    command::option::{Checked, OptionField, Word, WordSink, arguments, options, words},
    reply::{
        Any, Bulk, Double, FromReply, Integer, Nullable, Value,
        record::{missing, read_fields, records},
    },
    resp::{DecodeError, Reader},
};
use std::collections::BTreeMap;

records! {
    /// The facts of an index: the reply of FT.INFO.
    pub struct IndexInfo {
        /// The name of the index.
        name: String = "index_name",
        /// The number of documents in the index.
        documents: u64 = "num_docs" as Integer,
        /// Whether documents that existed before the index are still being taken in.
        indexing: bool = "indexing" or default by is_not_zero,
        /// The part of these documents that was taken in, from 0 to 1.
        percent_indexed: f64 = "percent_indexed" as Double,
        /// The number of documents that could not be taken in, because a field is no value of its kind.
        failures: u64 = "hash_indexing_failures" or default as Integer,
        /// The prefixes of keys, and the other settings of the index.
        definition: IndexSettings = "index_definition",
        /// The fields, each with its kind and its settings.
        attributes: Vec<AttributeInfo> = "attributes",
    } and others

    /// The settings of an index.
    pub struct IndexSettings {
        /// The type of the keys: `HASH` or `JSON`.
        key_type: String = "key_type",
        /// The prefixes of the keys that the index takes in; an empty one is every key.
        prefixes: Vec<String> = "prefixes",
        /// The score of a document that has no other.
        default_score: f64 = "default_score" as Double,
    } and others
}

fn is_not_zero(reader: &mut Reader<'_>) -> Result<bool, DecodeError> {
    reader.integer().map(|value| value != 0)
}

/// One field of an index.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AttributeInfo {
    /// The name of the field in the document.
    pub identifier: String,
    /// The name of the field in queries.
    pub attribute: String,
    /// The kind, such as `TEXT`.
    pub kind: String,
    /// The words that are given without a value, such as `SORTABLE`.
    pub flags: Vec<String>,
}

/// The names that have a value behind them. In RESP2 words without a value stand between the names.
const WITH_VALUE: [&str; 13] = [
    "identifier",
    "attribute",
    "type",
    "WEIGHT",
    "SEPARATOR",
    "PHONETIC",
    "algorithm",
    "data_type",
    "dim",
    "distance_metric",
    "M",
    "ef_construction",
    "coord_system",
];

impl FromReply<Any> for AttributeInfo {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut info = AttributeInfo {
            identifier: String::new(),
            attribute: String::new(),
            kind: String::new(),
            flags: Vec::new(),
        };
        if reader.kind()? == b'%' {
            read_fields(reader, |name, reader| info.read(name, reader))?;
            return Ok(info);
        }
        let mut left = reader.array()?;
        while left > 0 {
            let name = reader.text()?;
            left -= 1;
            if left > 0 && WITH_VALUE.contains(&name) {
                left -= 1;
                info.read(name, reader)?;
            } else {
                info.flags.push(name.to_owned());
            }
        }
        Ok(info)
    }
}

impl AttributeInfo {
    fn read(&mut self, name: &str, reader: &mut Reader<'_>) -> Result<(), DecodeError> {
        match name {
            "identifier" => self.identifier = reader.text()?.to_owned(),
            "attribute" => self.attribute = reader.text()?.to_owned(),
            "type" => self.kind = reader.text()?.to_owned(),
            "flags" => self.flags = FromReply::<Any>::read(reader)?,
            _ => reader.ignore()?,
        }
        Ok(())
    }
}

words! {
    /// How much FT.PROFILE tells.
    pub enum ProfileDetail {
        /// All parts of the query.
        Full = "QUERY",
        /// The query without the parts of unions, which may be many (LIMITED).
        Limited = "LIMITED",
    }
}

/// The words of FT.PROFILE behind the name of the index, in front of a query with its options.
pub(super) struct Profile<'a, O>(pub(super) &'static str, pub(super) ProfileDetail, pub(super) &'a O);

impl<O: OptionField> OptionField for Profile<'_, O> {
    fn send(&self, _: Option<&'static str>, out: &mut impl WordSink) {
        out.argument(self.0);
        self.1.send(None, out);
        if self.1 == ProfileDetail::Limited {
            out.argument("QUERY");
        }
        self.2.send(None, out);
    }
}
arguments!(['a, O: OptionField] Profile<'a, O>);

/// The results of a query with the profile of its run.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Profiled<P> {
    /// The results.
    pub results: P,
    /// The profile, whose form is that of the module's version: times in milliseconds, iterators and result processors.
    pub profile: Value,
}

/// The shape of the reply of FT.PROFILE: the results, and the profile in their map or behind them.
#[derive(Debug)]
pub struct WithProfile;

impl<P: ReadResults> FromReply<WithProfile> for Profiled<SearchReply<P>> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        if reader.kind()? != b'%' {
            return match reader.array()? {
                2 => Ok(Profiled {
                    results: FromReply::<Results>::read(reader)?,
                    profile: FromReply::<Any>::read(reader)?,
                }),
                count => Err(DecodeError::mismatch("results with a profile", format!("an array of {count} elements"))),
            };
        }
        // Newer versions have an entry for the results too.
        let (mut nested, mut profile) = (None, None);
        let results = P::read_results(reader, &mut |name, reader| {
            match name {
                "profile" | "Profile" => profile = Some(FromReply::<Any>::read(reader)?),
                "Results" => nested = Some(FromReply::<Results>::read(reader)?),
                _ => reader.ignore()?,
            }
            Ok(())
        })?;
        Ok(Profiled { results: nested.unwrap_or(results), profile: profile.ok_or_else(|| missing("profile"))? })
    }
}

/// The words of FT.EXPLAIN behind the name of the index.
#[derive(Clone, Debug)]
pub(super) struct Explain(Checked<Box<str>>, Params);

impl Explain {
    pub(super) fn of<D>(query: &impl SearchQuery<D>) -> Self {
        let (text, params) = query.query_text().into_parts();
        Explain(text, params)
    }
}

impl OptionField for Explain {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        self.0.send(word, out);
        self.1.send(None, out);
        Dialect.send(None, out);
    }
}
arguments!([] Explain);

/// A dictionary of words that a spelling check takes as right, or as wrong.
#[derive(Clone, Debug)]
struct Dictionary(&'static str, Word);

impl OptionField for Dictionary {
    fn send(&self, _: Option<&'static str>, out: &mut impl WordSink) {
        out.argument("TERMS");
        out.argument(self.0);
        self.1.send(None, out);
    }
}

options! {
    /// Options of FT.SPELLCHECK, for [`ft_spellcheck_with`](super::SearchCommands::ft_spellcheck_with).
    #[derive(Clone, Debug)]
    pub struct SpellcheckOptions with new {
        distance: Option<Checked<u32>> = "DISTANCE",
        include: Option<Dictionary>,
        exclude: Option<Dictionary>,
    }
}

impl SpellcheckOptions {
    /// Suggests words that differ by at most so many letters, from 1 to 4 (DISTANCE). The default is 1.
    pub fn distance(self, letters: u32) -> Self {
        let outside = Some("the distance of a spelling check is from 1 to 4").filter(|_| !(1..=4).contains(&letters));
        SpellcheckOptions { distance: Some(Checked(letters, outside)), ..self }
    }

    /// Suggests the words of this dictionary too (TERMS INCLUDE).
    pub fn include(self, dictionary: impl Argument) -> Self {
        SpellcheckOptions { include: Some(Dictionary("INCLUDE", Word::of(&dictionary))), ..self }
    }

    /// Never suggests the words of this dictionary (TERMS EXCLUDE).
    pub fn exclude(self, dictionary: impl Argument) -> Self {
        SpellcheckOptions { exclude: Some(Dictionary("EXCLUDE", Word::of(&dictionary))), ..self }
    }
}

/// A word of a query that no document has, with words that are in documents.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Misspelled {
    /// The word of the query.
    pub term: String,
    /// The words in its place, each with its score, the best first.
    pub suggestions: Vec<(String, f64)>,
}

/// The shape of the reply of FT.SPELLCHECK: a map of maps within a map in RESP3, arrays in RESP2.
#[derive(Debug)]
pub(crate) struct Spelling;

impl FromReply<Spelling> for Vec<Misspelled> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut found = Vec::new();
        if reader.kind()? == b'%' {
            read_fields(reader, |name, reader| {
                if name != "results" {
                    return reader.ignore();
                }
                for _ in 0..reader.map()? {
                    let term = reader.text()?.to_owned();
                    found.push(Misspelled { term, suggestions: suggestions(reader, named_suggestion)? });
                }
                Ok(())
            })?;
            return Ok(found);
        }
        for _ in 0..reader.array()? {
            elements(reader, 3)?;
            reader.ignore()?;
            let term = reader.text()?.to_owned();
            found.push(Misspelled { term, suggestions: suggestions(reader, suggestion)? });
        }
        Ok(found)
    }
}

/// The words of a text as a query that has no operators.
pub(super) fn spelled(words: &str) -> Checked<Box<str>> {
    Query::<()>::words(words).query_text().into_parts().0
}

type Suggested = (String, f64);

fn suggestions(
    reader: &mut Reader<'_>,
    read: fn(&mut Reader<'_>) -> Result<Suggested, DecodeError>,
) -> Result<Vec<Suggested>, DecodeError> {
    (0..reader.array()?).map(|_| read(reader)).collect()
}

fn named_suggestion(reader: &mut Reader<'_>) -> Result<Suggested, DecodeError> {
    match reader.map()? {
        1 => Ok((reader.text()?.to_owned(), reader.double()?)),
        count => Err(DecodeError::mismatch("a word with its score", format!("a map of {count} entries"))),
    }
}

fn suggestion(reader: &mut Reader<'_>) -> Result<Suggested, DecodeError> {
    elements(reader, 2)?;
    let score = reader.double()?;
    Ok((reader.text()?.to_owned(), score))
}

/// Enters an array of so many elements.
fn elements(reader: &mut Reader<'_>, expected: usize) -> Result<(), DecodeError> {
    match reader.array()? {
        count if count == expected => Ok(()),
        count => Err(DecodeError::mismatch(&format!("an array of {expected} elements"), format!("one of {count}"))),
    }
}

/// The shape of the reply of FT.CONFIG GET: a map in RESP3, an array of pairs in RESP2.
#[derive(Debug)]
pub(crate) struct Settings;

impl FromReply<Settings> for BTreeMap<String, Option<String>> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let is_map = reader.kind()? == b'%';
        let count = if is_map { reader.map()? } else { reader.array()? };
        let mut settings = BTreeMap::new();
        for _ in 0..count {
            if !is_map {
                elements(reader, 2)?;
            }
            let name = reader.text()?.to_owned();
            settings.insert(name, FromReply::<Nullable<Bulk>>::read(reader)?);
        }
        Ok(settings)
    }
}
