//! Options of FT.SEARCH and FT.CREATE.

use super::{
    query::{Params, SearchQuery},
    replies::{Explained, Found, Payload, SortedBy},
    schema::{DocumentPart, FieldSchema, IndexDefinition, IndexedField, SearchDocument, SortKey, Text},
    time::{milliseconds, seconds},
};
use crate::{
    argument::{Argument, Arguments},
    command::option::{Checked, OptionField, Word, WordSink, arguments, options, words},
    resp::Writer,
};
use std::{fmt, marker::PhantomData, time::Duration};

/// The dialect of the query language that queries are written in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dialect;

impl OptionField for Dialect {
    fn send(&self, _: Option<&'static str>, out: &mut impl WordSink) {
        out.argument("DIALECT");
        out.argument(&2);
    }
}
arguments!([] Dialect);

/// Words behind their number.
#[derive(Clone, Debug)]
pub(super) struct Counted(pub(super) Vec<Word>);

impl Counted {
    pub(super) fn of(values: impl IntoIterator<Item = impl Argument>) -> Self {
        Counted(values.into_iter().map(|value| Word::of(&value)).collect())
    }
}

impl OptionField for Counted {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        let none = self.0.is_empty().then_some("an empty list where the option needs at least one value");
        out.word(word);
        out.argument(&Checked(self.0.len(), none));
        self.0.iter().for_each(|value| value.send(None, out));
    }
}

words! {
    /// A direction of an order.
    pub enum Direction {
        /// The smallest first.
        Asc = "ASC",
        /// The greatest first.
        Desc = "DESC",
    }
}

/// A field and the direction of an order.
#[derive(Clone, Copy, Debug)]
struct SortBy(&'static str, Direction);

impl OptionField for SortBy {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        out.word(word);
        out.argument(self.0);
        self.1.send(None, out);
    }
}

/// Marks around the found words of a text.
#[derive(Clone, Debug)]
struct Highlight {
    fields: Counted,
    tags: Option<(Word, Word)>,
}

impl OptionField for Highlight {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        out.word(word);
        self.fields.send(Some("FIELDS"), out);
        if let Some((open, close)) = &self.tags {
            open.send(Some("TAGS"), out);
            close.send(None, out);
        }
    }
}

/// The fragments of a text around its found words.
#[derive(Clone, Debug)]
struct Summarize {
    fields: Counted,
    fragments: u32,
    words: u32,
}

impl OptionField for Summarize {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        let none = Some("a summary has at least one fragment of at least one word");
        let none = none.filter(|_| self.fragments == 0 || self.words == 0);
        out.word(word);
        self.fields.send(Some("FIELDS"), out);
        Checked(self.fragments, none).send(Some("FRAGS"), out);
        self.words.send(Some("LEN"), out);
    }
}

options! {
    /// The words of FT.SEARCH behind the name of the index.
    #[derive(Clone, Debug)]
    struct SearchWords {
        query: Checked<Box<str>>,
        nocontent: bool = "NOCONTENT",
        verbatim: bool = "VERBATIM",
        nostopwords: bool = "NOSTOPWORDS",
        withscores: bool = "WITHSCORES",
        withpayloads: bool = "WITHPAYLOADS",
        withsortkeys: bool = "WITHSORTKEYS",
        inkeys: Option<Counted> = "INKEYS",
        infields: Option<Counted> = "INFIELDS",
        returned: Option<Counted> = "RETURN",
        summarize: Option<Summarize> = "SUMMARIZE",
        highlight: Option<Highlight> = "HIGHLIGHT",
        slop: Option<u32> = "SLOP",
        inorder: bool = "INORDER",
        language: Option<Word> = "LANGUAGE",
        expander: Option<Word> = "EXPANDER",
        scorer: Option<Word> = "SCORER",
        explainscore: bool = "EXPLAINSCORE",
        timeout: Option<Checked<u64>> = "TIMEOUT",
        sortby: Option<SortBy> = "SORTBY",
        limit: Option<(u64, Checked<u64>)> = "LIMIT",
        params: Params,
        dialect: Dialect,
    }
}

/// A query with its options, for [`ft_search_with`](super::SearchCommands::ft_search_with): its order, its page, and what comes with
/// each document.
///
/// The type `F` is that of a result, a [`Found`]. Without a limit there are 10 results.
///
/// ```
/// # use typedis::{HashFields, commands::search::{SearchDocument, SearchOptions}};
/// # #[derive(HashFields, SearchDocument)]
/// # struct Product { #[search(text)] name: String, #[search(numeric, sortable)] price: f64 }
/// let p = Product::FIELDS;
/// let second_page = SearchOptions::new(p.name.contains("shoe")).sortby_asc(p.price).limit(20, 20).withscores();
/// ```
///
/// By a field that is not `sortable` nothing is sorted:
///
/// ```compile_fail
/// # use typedis::{HashFields, commands::search::{SearchDocument, SearchOptions}};
/// # #[derive(HashFields, SearchDocument)]
/// # struct Product { #[search(text)] name: String, #[search(numeric, sortable)] price: f64 }
/// let p = Product::FIELDS;
/// let by_name = SearchOptions::new(p.name.contains("shoe")).sortby_asc(p.name);
/// ```
#[must_use]
pub struct SearchOptions<D, F = Found<Option<D>>> {
    words: SearchWords,
    of: PhantomData<fn() -> (D, F)>,
}

impl<D, F> Clone for SearchOptions<D, F> {
    fn clone(&self) -> Self {
        SearchOptions { words: self.words.clone(), of: PhantomData }
    }
}
impl<D, F> fmt::Debug for SearchOptions<D, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.words.fmt(f)
    }
}
impl<D, F> OptionField for SearchOptions<D, F> {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        self.words.send(word, out);
    }
}
arguments!([D, F] SearchOptions<D, F>);

impl<D: SearchDocument> SearchOptions<D> {
    /// Searches by `query` and returns the documents.
    pub fn new(query: impl SearchQuery<D>) -> Self {
        let (query, params) = query.query_text().into_parts();
        let words = SearchWords {
            query,
            nocontent: false,
            verbatim: false,
            nostopwords: false,
            withscores: false,
            withpayloads: false,
            withsortkeys: false,
            inkeys: None,
            infields: None,
            returned: None,
            summarize: None,
            highlight: None,
            slop: None,
            inorder: false,
            language: None,
            expander: None,
            scorer: None,
            explainscore: false,
            timeout: None,
            sortby: None,
            limit: None,
            params,
            dialect: Dialect,
            given: PhantomData,
        };
        SearchOptions { words, of: PhantomData }
    }
}

impl<D, F> SearchOptions<D, F> {
    fn with(self, set: impl FnOnce(&mut SearchWords)) -> Self {
        self.retyped(set)
    }

    fn retyped<G>(mut self, set: impl FnOnce(&mut SearchWords)) -> SearchOptions<D, G> {
        set(&mut self.words);
        SearchOptions { words: self.words, of: PhantomData }
    }

    /// Returns the smallest first, by a field that is declared as `sortable` (SORTBY ASC).
    pub fn sortby_asc(self, field: impl SortKey<D>) -> Self {
        self.with(|words| words.sortby = Some(SortBy(field.sort_name(), Direction::Asc)))
    }

    /// Returns the greatest first, by a field that is declared as `sortable` (SORTBY DESC).
    pub fn sortby_desc(self, field: impl SortKey<D>) -> Self {
        self.with(|words| words.sortby = Some(SortBy(field.sort_name(), Direction::Desc)))
    }

    /// Returns the nearest first, of a query by [`nearest`](super::Query::nearest).
    pub fn sortby_distance(self) -> Self {
        self.with(|words| words.sortby = Some(SortBy("distance", Direction::Asc)))
    }

    /// Returns at most `count` results, without the first `offset` ones (LIMIT). `limit(0, 0)` counts only. More than 1000000
    /// results are an [`Error::Argument`](crate::Error::Argument).
    pub fn limit(self, offset: u64, count: u64) -> Self {
        let too_many = Some("a search returns at most 1000000 results").filter(|_| count > 1_000_000);
        self.with(|words| words.limit = Some((offset, Checked(count, too_many))))
    }

    /// Does not stem the words of the query (VERBATIM).
    pub fn verbatim(self) -> Self {
        self.with(|words| words.verbatim = true)
    }

    /// Searches stop words too (NOSTOPWORDS).
    pub fn nostopwords(self) -> Self {
        self.with(|words| words.nostopwords = true)
    }

    /// Searches among the documents with these keys (INKEYS).
    pub fn inkeys(self, keys: impl IntoIterator<Item = impl Argument>) -> Self {
        self.with(|words| words.inkeys = Some(Counted::of(keys)))
    }

    /// Searches words that name no field in this text field only (INFIELDS); called again, in this one too.
    pub fn infield<S>(self, field: IndexedField<D, Text, S>) -> Self {
        self.with(|words| words.infields.get_or_insert(Counted(Vec::new())).0.push(Word::of(&field.name())))
    }

    /// Puts marks around the found words in a text field of the results (HIGHLIGHT); called again, in this one too, with the same
    /// marks.
    pub fn highlight<S>(self, field: IndexedField<D, Text, S>, open: &str, close: &str) -> Self {
        self.with(|words| {
            let none = Highlight { fields: Counted(Vec::new()), tags: None };
            let highlight = words.highlight.get_or_insert(none);
            highlight.fields.0.push(Word::of(&field.name()));
            highlight.tags = Some((Word::of(&open), Word::of(&close)));
        })
    }

    /// Shortens a text field of the results to at most so many fragments of so many words around the found ones (SUMMARIZE);
    /// called again, this one too.
    pub fn summarize<S>(self, field: IndexedField<D, Text, S>, fragments: u32, words: u32) -> Self {
        self.with(|all| {
            let none = Summarize { fields: Counted(Vec::new()), fragments, words };
            let summarize = all.summarize.get_or_insert(none);
            summarize.fields.0.push(Word::of(&field.name()));
            (summarize.fragments, summarize.words) = (fragments, words);
        })
    }

    /// Allows so many other words between those of a phrase (SLOP).
    pub fn slop(self, words: u32) -> Self {
        self.with(|all| all.slop = Some(words))
    }

    /// Requires the words of the query in their order (INORDER).
    pub fn inorder(self) -> Self {
        self.with(|words| words.inorder = true)
    }

    /// Stems the words of the query in this language (LANGUAGE).
    pub fn language(self, language: &str) -> Self {
        self.with(|words| words.language = Some(Word::of(&language)))
    }

    /// Expands the query by this expander (EXPANDER).
    pub fn expander(self, expander: &str) -> Self {
        self.with(|words| words.expander = Some(Word::of(&expander)))
    }

    /// Computes scores by this function (SCORER), such as `BM25`.
    pub fn scorer(self, scorer: &str) -> Self {
        self.with(|words| words.scorer = Some(Word::of(&scorer)))
    }

    /// Ends the search after this time (TIMEOUT), in whole milliseconds. Below 1 it is an
    /// [`Error::Argument`](crate::Error::Argument), since the server would take 0 as no end.
    pub fn timeout(self, time: Duration) -> Self {
        self.with(|words| words.timeout = Some(milliseconds(time)))
    }
}

impl<D, T, S, P, K> SearchOptions<D, Found<T, S, P, K>> {
    /// Returns keys without documents (NOCONTENT).
    pub fn nocontent(self) -> SearchOptions<D, Found<(), S, P, K>> {
        self.retyped(|words| (words.nocontent, words.returned) = (true, None))
    }

    /// Returns of each document the fields of `Part` alone (RETURN): a struct with
    /// [`derive(DocumentPart)`](derive@super::DocumentPart).
    pub fn returning<Part: DocumentPart<Document = D>>(self) -> SearchOptions<D, Found<Option<Part>, S, P, K>> {
        self.retyped(|words| (words.nocontent, words.returned) = (false, Some(Counted::of(Part::NAMES))))
    }

    /// Returns the score of each document (WITHSCORES).
    pub fn withscores(self) -> SearchOptions<D, Found<T, f64, P, K>> {
        self.retyped(|words| (words.withscores, words.explainscore) = (true, false))
    }

    /// Returns the score of each document with its explanation (WITHSCORES EXPLAINSCORE).
    pub fn explainscore(self) -> SearchOptions<D, Found<T, Explained, P, K>> {
        self.retyped(|words| (words.withscores, words.explainscore) = (true, true))
    }

    /// Returns the payload of each document (WITHPAYLOADS).
    pub fn withpayloads(self) -> SearchOptions<D, Found<T, S, Payload, K>> {
        self.retyped(|words| words.withpayloads = true)
    }

    /// Returns the value that each document is sorted by (WITHSORTKEYS).
    pub fn withsortkeys(self) -> SearchOptions<D, Found<T, S, P, SortedBy>> {
        self.retyped(|words| words.withsortkeys = true)
    }
}

options! {
    /// Options of FT.CREATE, for [`ft_create_with`](super::SearchCommands::ft_create_with).
    #[derive(Clone, Debug)]
    pub struct CreateOptions with new {
        filter: Option<Word> = "FILTER",
        language: Option<Word> = "LANGUAGE",
        language_field: Option<Word> = "LANGUAGE_FIELD",
        score: Option<Checked<f64>> = "SCORE",
        score_field: Option<Word> = "SCORE_FIELD",
        payload_field: Option<Word> = "PAYLOAD_FIELD",
        maxtextfields: bool = "MAXTEXTFIELDS",
        temporary: Option<Checked<u64>> = "TEMPORARY",
        nooffsets: bool = "NOOFFSETS",
        nohl: bool = "NOHL",
        nofields: bool = "NOFIELDS",
        nofreqs: bool = "NOFREQS",
        stopwords: Option<StopWords> = "STOPWORDS",
        skipinitialscan: bool = "SKIPINITIALSCAN",
    }
}

/// Words behind their number, which may be 0.
#[derive(Clone, Debug)]
struct StopWords(Vec<Word>);

impl OptionField for StopWords {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        out.word(word);
        out.argument(&self.0.len());
        self.0.iter().for_each(|value| value.send(None, out));
    }
}

impl CreateOptions {
    /// Takes in only documents for which this expression holds, as in `@price > 0` (FILTER).
    pub fn filter(self, expression: &str) -> Self {
        CreateOptions { filter: Some(Word::of(&expression)), ..self }
    }

    /// Stems texts in this language (LANGUAGE). The default is English.
    pub fn language(self, language: &str) -> Self {
        CreateOptions { language: Some(Word::of(&language)), ..self }
    }

    /// Stems the texts of a document in the language that this field of it names (LANGUAGE_FIELD).
    pub fn language_field(self, field: &str) -> Self {
        CreateOptions { language_field: Some(Word::of(&field)), ..self }
    }

    /// Gives each document this score (SCORE), from 0 to 1. The default is 1.
    pub fn score(self, score: f64) -> Self {
        let outside = Some("the score of documents is from 0 to 1").filter(|_| !(0.0..=1.0).contains(&score));
        CreateOptions { score: Some(Checked(score, outside)), ..self }
    }

    /// Gives a document the score in this field of it (SCORE_FIELD).
    pub fn score_field(self, field: &str) -> Self {
        CreateOptions { score_field: Some(Word::of(&field)), ..self }
    }

    /// Keeps the value of this field as the payload of a document (PAYLOAD_FIELD).
    pub fn payload_field(self, field: &str) -> Self {
        CreateOptions { payload_field: Some(Word::of(&field)), ..self }
    }

    /// Leaves room for more than 32 text fields that FT.ALTER may add (MAXTEXTFIELDS).
    pub fn maxtextfields(self) -> Self {
        CreateOptions { maxtextfields: true, ..self }
    }

    /// Drops the index when it was not used for so long (TEMPORARY), in whole seconds. Below 1 it is an
    /// [`Error::Argument`](crate::Error::Argument).
    pub fn temporary(self, unused: Duration) -> Self {
        CreateOptions { temporary: Some(seconds(unused)), ..self }
    }

    /// Keeps no positions of words, so that there are no exact phrases and no marks around words (NOOFFSETS).
    pub fn nooffsets(self) -> Self {
        CreateOptions { nooffsets: true, ..self }
    }

    /// Keeps nothing for marks around words (NOHL).
    pub fn nohl(self) -> Self {
        CreateOptions { nohl: true, ..self }
    }

    /// Does not keep which field a word is in, so that words are searched in all of them (NOFIELDS).
    pub fn nofields(self) -> Self {
        CreateOptions { nofields: true, ..self }
    }

    /// Does not keep how often a word is in a document (NOFREQS).
    pub fn nofreqs(self) -> Self {
        CreateOptions { nofreqs: true, ..self }
    }

    /// Takes these words as those that count for nothing (STOPWORDS); an empty list is none.
    pub fn stopwords(self, words: impl IntoIterator<Item = impl Argument>) -> Self {
        CreateOptions { stopwords: Some(StopWords(Counted::of(words).0)), ..self }
    }

    /// Does not take in documents that exist already (SKIPINITIALSCAN).
    pub fn skipinitialscan(self) -> Self {
        CreateOptions { skipinitialscan: true, ..self }
    }
}

/// The words of FT.CREATE behind the name of the index.
pub(super) struct Definition<'a>(&'a [&'static str], &'a CreateOptions, &'static [FieldSchema]);

impl<'a> Definition<'a> {
    pub(super) fn of<D: SearchDocument>(index: &'a impl IndexDefinition, options: &'a CreateOptions) -> Self {
        Definition(index.key_prefixes(), options, D::SCHEMA)
    }
}

impl OptionField for Definition<'_> {
    fn send(&self, _: Option<&'static str>, out: &mut impl WordSink) {
        let Definition(prefixes, options, schema) = self;
        out.argument("ON");
        out.argument("HASH");
        if !prefixes.is_empty() {
            out.argument("PREFIX");
            out.argument(&prefixes.len());
            prefixes.iter().for_each(|prefix| out.argument(*prefix));
        }
        options.send(None, out);
        out.argument("SCHEMA");
        schema.iter().for_each(|field| field.send(None, out));
    }
}
impl Arguments for Definition<'_> {
    type Item = str;
    fn count(&self) -> usize {
        crate::command::option::count_words(self)
    }
    fn write_all(&self, out: &mut Writer) {
        self.send(None, out);
    }
}
