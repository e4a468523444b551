//! Commands of the module `search` on indexes of hashes. The feature `search` adds them.
//!
//! A server of either vendor has them if the module is loaded; without the module a command fails as an unknown one, and with it
//! the whole transaction.
//!
//! A struct with the derives [`HashFields`](derive@crate::HashFields) and [`SearchDocument`](derive@SearchDocument) is the schema of
//! an [`Index`]. Its indexed fields make [queries](Query) and orders, so a field that is not indexed, a value of the wrong type and an
//! order by a field that is not sortable do not compile; and the results are the struct again, or a
//! [part](derive@DocumentPart) of it.
//!
//! ```
//! use typedis::{Client, HashFields, Key, key::Hash, prelude::*};
//! use typedis::commands::search::{Index, SearchDocument, SearchOptions};
//!
//! #[derive(Debug, PartialEq, HashFields, SearchDocument)]
//! struct Product {
//!     #[search(text)]
//!     name: String,
//!     #[search(tag)]
//!     category: String,
//!     #[search(numeric, sortable)]
//!     price: f64,
//! }
//!
//! const PRODUCTS: Index<Product> = Index::new("products", &["product:"]);
//!
//! # async fn example(client: &Client) -> typedis::Result<()> {
//! client.ft_create(PRODUCTS).await?;
//! for (id, name, price) in [(1, "red shoe", 50.0), (2, "blue shoe", 40.0), (3, "hat", 15.0)] {
//!     let key = Key::<Hash<Product>, _>::named(format!("product:{id}"));
//!     client.hset(key, &Product { name: name.into(), category: "clothes".into(), price }).await?;
//! }
//! let p = Product::FIELDS;
//! let cheap_shoes = p.name.contains("shoe") & p.price.at_most(60.0) & p.category.is("clothes");
//! let page = client.ft_search_with(PRODUCTS, SearchOptions::new(cheap_shoes).sortby_asc(p.price)).await?.complete()?;
//! assert_eq!(page.total, 2);
//! assert_eq!(page.documents().next().unwrap().name, "blue shoe");
//! # Ok(()) }
//! # typedis_testing::doctest_with(typedis_testing::Module::Search, async |url| example(&Client::connect(&url).await?).await);
//! ```
//!
//! - **An index knows no databases**: it takes in hashes of all of them, and FLUSHDB of any database drops it.
//! - **An index is filled behind its creation.** [`ft_info`](SearchCommands::ft_info) tells while it is being filled; a search in the
//!   transaction that creates the index misses documents that existed before it. Later changes are found at once.
//! - **Partial results** are an error of [`SearchReply::complete`], where the server tells that it ran out of time.
//! - **In a cluster** the name of an index is a key, and a search finds the documents of one node, unless the server has a
//!   coordinator.
//! - Watching an index guards nothing.

mod aggregate;
mod clause;
mod info;
mod options;
mod property;
mod query;
mod replies;
mod row;
mod schema;
pub(crate) mod suggestions;
mod text;
mod time;
mod value;

pub use aggregate::{Aggregation, IsGroup};
pub use info::{AttributeInfo, IndexInfo, IndexSettings, Misspelled, ProfileDetail, Profiled, SpellcheckOptions};
pub use options::{CreateOptions, SearchOptions};
pub use property::{Count, Holds, NoProperty, One, Property, PropertyValue, Real, Reducer, Several};
pub use query::{Nearest, Query, QueryText, SearchQuery};
pub use replies::{Explained, Extra, Found, FoundItem, FoundPart, Page, Payload, ReadResults, SearchReply, SortedBy};
pub use row::{Column, ColumnReader, Cursor, CursorPage, SearchRow};
pub use schema::{
    DocumentPart, FieldSchema, Geo, Index, IndexDefinition, IndexedAs, IndexedField, Numeric, NumericValue,
    SearchDocument, SortKey, Sortable, Tag, Text, Unsortable, Vectors,
};
#[doc(hidden)]
pub use schema::{SchemaWord, is_same_name, is_separated_by};
pub use suggestions::{SugaddOptions, Suggestion, SuggestionCommands, SuggetOptions};
pub use typedis_macros::{DocumentPart, SearchDocument, SearchRow};
pub use value::{GeoPoint, GeoValue, TagValue, Tags, TextValue, Vector, VectorValue};

use crate::{
    argument::{Argument, Arguments},
    command::option::Checked,
    key::{AnyIndex, IndexOf, KeyFor},
};
use aggregate::{ByCursor, NO_ROWS};
use info::{Explain, Profile, Settings, Spelling, WithProfile, spelled};
use options::{Definition, Dialect};
use replies::{Created, Dropped, Results};
use row::RowsWithCursor;
use std::{collections::BTreeMap, time::Duration};

commands! {
    /// Commands on indexes, of the module `search`.
    pub trait SearchCommands in cmd;

    /// Adds a field, which the struct of the documents declares, to an index that was created without it.
    fn ft_alter[D: SearchDocument](index @ IndexOf<D>, field: IndexedField<D, impl Sized, impl Sized>) -> Status as ()
        = "FT.ALTER" (&index, "SCHEMA", "ADD", &field.schema()) as FtAlter {
            since: module "search" "1.0.0", arity: -5, access: ReadWrite, effect: Preserves
        };

    /// Creates the index with the schema of its documents, and takes in the documents that exist, which goes on behind the reply.
    /// Returns `false`, and changes nothing, if there is an index of this name, with whatever schema.
    fn ft_create[D: SearchDocument, I: KeyFor<IndexOf<D>> + IndexDefinition](index @= I of IndexOf) -> Created as bool
        = "FT.CREATE" (&index, Definition::of::<D>(index.0, &CreateOptions::new())) as FtCreate {
            since: module "search" "1.0.0", arity: -4, access: ReadWrite, effect: Preserves
        };

    /// Creates the index in the way of [`ft_create`](Self::ft_create), with options.
    fn ft_create_with[D: SearchDocument, I: KeyFor<IndexOf<D>> + IndexDefinition]
        (index @= I of IndexOf, options: CreateOptions) -> Created as bool
        = "FT.CREATE" (&index, Definition::of::<D>(index.0, &options)) as FtCreateWith {
            since: module "search" "1.0.0", arity: -4, access: ReadWrite, effect: Preserves
        };

    /// Drops the index and keeps its documents. Returns `false` if there is none of this name.
    fn ft_dropindex(index @ AnyIndex) -> Dropped as bool
        = "FT.DROPINDEX" as FtDropindex {
            since: module "search" "2.0.0", arity: -2, access: ReadWrite, effect: Preserves
        };

    /// Drops the index **and deletes its documents**, those of every database. Returns `false` if there is no index of this name.
    fn ft_dropindex_dd(index @ AnyIndex) -> Dropped as bool
        = "FT.DROPINDEX" (&index, "DD") as FtDropindexDd {
            since: module "search" "2.0.0", arity: -2, access: ReadWrite, effect: Preserves, touches: AllKeys
        };

    /// Searches, and returns the first 10 documents that the query finds, those of the highest scores.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if there is no such index. [`Reply`](crate::Error::Reply) if a document lacks a field that its
    /// struct needs.
    fn ft_search<D: SearchDocument>(index @ IndexOf<D>, query: impl SearchQuery<D>)
        -> Results as SearchReply<Page<Found<Option<D>>>>
        = "FT.SEARCH" (&index, SearchOptions::<D>::new(&query)) as FtSearch {
            since: module "search" "1.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Searches with options: an order, a page, and what comes with each document.
    ///
    /// # Errors
    ///
    /// Those of [`ft_search`](Self::ft_search).
    fn ft_search_with<D: SearchDocument, F: FoundItem>(index @ IndexOf<D>, options: SearchOptions<D, F>)
        -> Results as SearchReply<Page<F>>
        = "FT.SEARCH" as FtSearchWith {
            since: module "search" "1.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Aggregates documents into rows. A document that has just expired makes none.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if there is no such index, or a step names what no step before it has.
    fn ft_aggregate<D: SearchDocument, R: SearchRow>(index @ IndexOf<D>, aggregation: Aggregation<D, R, impl Sized>)
        -> Results as SearchReply<Vec<R>>
        = "FT.AGGREGATE" as FtAggregate {
            since: module "search" "1.1.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Aggregates documents, and returns the first `count` rows and a cursor to the others (WITHCURSOR). The server drops the cursor if
    /// it is not read for `idle`, at least a millisecond and by default 5 minutes; [`ft_cursor_del`](Self::ft_cursor_del) drops it at once.
    ///
    /// # Errors
    ///
    /// Those of [`ft_aggregate`](Self::ft_aggregate).
    fn ft_aggregate_withcursor<D: SearchDocument, R: SearchRow>
        (index @ IndexOf<D>, aggregation: Aggregation<D, R, impl Sized>, count: u32, idle: Option<Duration>)
        -> RowsWithCursor as CursorPage<R>
        = "FT.AGGREGATE" (&index, ByCursor::of(&aggregation, count, idle)) as FtAggregateWithcursor {
            since: module "search" "1.1.0", arity: -4, access: ReadWrite, effect: Preserves
        };

    /// Gives an index another name, by which it can be searched, as an [`Index::named`].
    fn ft_aliasadd(alias @ AnyIndex, index @ AnyIndex) -> Status as ()
        = "FT.ALIASADD" as FtAliasadd {
            since: module "search" "1.0.0", arity: 3, access: ReadWrite, effect: Preserves
        };

    /// Removes another name of an index.
    fn ft_aliasdel(alias @ AnyIndex) -> Status as ()
        = "FT.ALIASDEL" as FtAliasdel {
            since: module "search" "1.0.0", arity: 2, access: ReadWrite, effect: Preserves
        };

    /// Gives an index another name, which is taken from the index that has it.
    fn ft_aliasupdate(alias @ AnyIndex, index @ AnyIndex) -> Status as ()
        = "FT.ALIASUPDATE" as FtAliasupdate {
            since: module "search" "1.0.0", arity: 3, access: ReadWrite, effect: Preserves
        };

    /// Returns the settings of the module whose name is `name`, or all of them for `*`.
    fn ft_config_get(name: impl Argument) -> Settings as BTreeMap<String, Option<String>>
        = "FT.CONFIG GET" as FtConfigGet {
            since: module "search" "1.0.0", arity: 3, access: ReadOnly, effect: Preserves, route: AnyNode,
            deprecated: { redis: "8.0.0", instead: "CONFIG GET" }
        };

    /// Changes a setting of the module, on every node of a cluster.
    fn ft_config_set(name: impl Argument, value: impl Argument) -> Status as ()
        = "FT.CONFIG SET" as FtConfigSet {
            since: module "search" "1.0.0", arity: 4, access: ReadWrite, effect: Preserves, route: AllNodes(AllSucceeded),
            deprecated: { redis: "8.0.0", instead: "CONFIG SET" }
        };

    /// Drops a cursor.
    fn ft_cursor_del[R: SearchRow](index @ AnyIndex, cursor: Cursor<R>) -> Status as ()
        = "FT.CURSOR DEL" (&index, &cursor.id) as FtCursorDel {
            since: module "search" "1.1.0", arity: 4, access: ReadWrite, effect: Preserves
        };

    /// Returns the next `count` rows at a cursor, and the cursor to those behind them.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if the cursor was dropped.
    fn ft_cursor_read<R: SearchRow>(index @ AnyIndex, cursor: Cursor<R>, count: u32) -> RowsWithCursor as CursorPage<R>
        = "FT.CURSOR READ" (&index, &cursor.id, "COUNT", Checked(count, NO_ROWS.filter(|_| count == 0))) as FtCursorRead {
            since: module "search" "1.1.0", arity: -4, access: ReadWrite, effect: Preserves
        };

    /// Adds words to a dictionary for spelling checks, of every primary of a cluster, and returns how many were new.
    fn ft_dictadd(dictionary: impl Argument, words: impl Arguments) -> Integer as u64
        = "FT.DICTADD" as FtDictadd {
            since: module "search" "1.4.0", arity: -3, access: ReadWrite, effect: Preserves, route: AllShards(Max)
        };

    /// Removes words from a dictionary, of every primary of a cluster, and returns how many were in it.
    fn ft_dictdel(dictionary: impl Argument, words: impl Arguments) -> Integer as u64
        = "FT.DICTDEL" as FtDictdel {
            since: module "search" "1.4.0", arity: -3, access: ReadWrite, effect: Preserves, route: AllShards(Max)
        };

    /// Returns the words of a dictionary.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if there is no such dictionary.
    fn ft_dictdump(dictionary: impl Argument) -> Array<Bulk> as Vec<String>
        = "FT.DICTDUMP" as FtDictdump {
            since: module "search" "1.4.0", arity: 2, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Returns the server's plan of a query, as a text of several lines.
    fn ft_explain[D: SearchDocument](index @ IndexOf<D>, query: impl SearchQuery<D>) -> Bulk as String
        = "FT.EXPLAIN" (&index, Explain::of(&query)) as FtExplain {
            since: module "search" "1.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the server's plan of a query, line by line.
    fn ft_explaincli[D: SearchDocument](index @ IndexOf<D>, query: impl SearchQuery<D>) -> Array<Status> as Vec<String>
        = "FT.EXPLAINCLI" (&index, Explain::of(&query)) as FtExplaincli {
            since: module "search" "1.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the facts of an index, among them whether it is still being filled.
    ///
    /// # Errors
    ///
    /// [`Server`](crate::Error::Server) if there is no such index.
    fn ft_info(index @ AnyIndex) -> Any as IndexInfo
        = "FT.INFO" as FtInfo {
            since: module "search" "1.0.0", arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Returns the names of the indexes of the node.
    fn ft_list() -> Array<Status> as Vec<String>
        = "FT._LIST" as FtList {
            since: module "search" "2.0.0", arity: 1, access: ReadOnly, effect: Preserves, route: AnyNode
        };

    /// Runs an aggregation, and returns its rows with the profile of its run.
    fn ft_profile_aggregate<D: SearchDocument, R: SearchRow>
        (index @ IndexOf<D>, aggregation: Aggregation<D, R, impl Sized>, detail: ProfileDetail)
        -> WithProfile as Profiled<SearchReply<Vec<R>>>
        = "FT.PROFILE" (&index, Profile("AGGREGATE", detail, &aggregation)) as FtProfileAggregate {
            since: module "search" "2.2.0", arity: -5, access: ReadOnly, effect: Preserves
        };

    /// Runs a search, and returns its results with the profile of its run.
    fn ft_profile_search<D: SearchDocument, F: FoundItem>
        (index @ IndexOf<D>, options: SearchOptions<D, F>, detail: ProfileDetail)
        -> WithProfile as Profiled<SearchReply<Page<F>>>
        = "FT.PROFILE" (&index, Profile("SEARCH", detail, &options)) as FtProfileSearch {
            since: module "search" "2.2.0", arity: -5, access: ReadOnly, effect: Preserves
        };

    /// Returns the words of a query that no document has, with words that are in documents.
    fn ft_spellcheck(index @ AnyIndex, words: impl AsRef<str>) -> Spelling as Vec<Misspelled>
        = "FT.SPELLCHECK" (&index, spelled(words.as_ref()), &SpellcheckOptions::new(), Dialect) as FtSpellcheck {
            since: module "search" "1.4.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Checks the words of a query in the way of [`ft_spellcheck`](Self::ft_spellcheck), with options.
    fn ft_spellcheck_with(index @ AnyIndex, words: impl AsRef<str>, options: SpellcheckOptions)
        -> Spelling as Vec<Misspelled>
        = "FT.SPELLCHECK" (&index, spelled(words.as_ref()), &options, Dialect) as FtSpellcheckWith {
            since: module "search" "1.4.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the groups of synonyms of each word.
    fn ft_syndump(index @ AnyIndex) -> Map<Bulk, Array<Bulk>> as BTreeMap<String, Vec<String>>
        = "FT.SYNDUMP" as FtSyndump {
            since: module "search" "1.2.0", arity: 2, access: ReadOnly, effect: Preserves
        };

    /// Adds words to a group of synonyms: a search for one of them finds documents with another.
    fn ft_synupdate(index @ AnyIndex, group: impl Argument, words: impl Arguments) -> Status as ()
        = "FT.SYNUPDATE" as FtSynupdate {
            since: module "search" "1.2.0", arity: -4, access: ReadWrite, effect: Preserves
        };

    /// Adds words to a group of synonyms, for documents that are written from now on (SKIPINITIALSCAN).
    fn ft_synupdate_skipinitialscan(index @ AnyIndex, group: impl Argument, words: impl Arguments) -> Status as ()
        = "FT.SYNUPDATE" (&index, &group, "SKIPINITIALSCAN", &words) as FtSynupdateSkipinitialscan {
            since: module "search" "1.2.0", arity: -5, access: ReadWrite, effect: Preserves
        };

    /// Returns the tags of a field, in lower case unless it is `casesensitive`, in no order.
    fn ft_tagvals[D: SearchDocument, V: TagValue](index @ IndexOf<D>, field: IndexedField<D, Tag<V>, impl Sized>)
        -> Array<Bulk> as Vec<String>
        = "FT.TAGVALS" (&index, field.name()) as FtTagvals {
            since: module "search" "1.0.0", arity: 3, access: ReadOnly, effect: Preserves
        };
}
