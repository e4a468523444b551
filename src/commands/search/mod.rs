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

mod options;
mod query;
mod replies;
mod schema;
mod value;

pub use options::{CreateOptions, Direction, SearchOptions};
pub use query::{Nearest, Query, QueryText, SearchQuery};
pub use replies::{Explained, Extra, Found, FoundItem, FoundPart, Page, Payload, SearchReply, SortedBy};
#[doc(hidden)]
pub use schema::SchemaWord;
pub use schema::{
    DocumentPart, FieldSchema, Geo, Index, IndexDefinition, IndexedAs, IndexedField, Numeric, NumericValue,
    SearchDocument, SortKey, Sortable, Tag, Text, Unsortable, Vectors,
};
pub use typedis_macros::{DocumentPart, SearchDocument};
pub use value::{GeoPoint, GeoValue, TagValue, Tags, TextValue, Vector, VectorValue};

use crate::key::{AnyIndex, IndexOf, KeyFor};
use options::Definition;
use replies::{Created, Dropped, Hits};

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
        -> Hits as SearchReply<Page<Found<Option<D>>>>
        = "FT.SEARCH" (&index, SearchOptions::<D>::new(&query)) as FtSearch {
            since: module "search" "1.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Searches with options: an order, a page, and what comes with each document.
    ///
    /// # Errors
    ///
    /// Those of [`ft_search`](Self::ft_search).
    fn ft_search_with<D: SearchDocument, F: FoundItem>(index @ IndexOf<D>, options: SearchOptions<D, F>)
        -> Hits as SearchReply<Page<F>>
        = "FT.SEARCH" as FtSearchWith {
            since: module "search" "1.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };
}
