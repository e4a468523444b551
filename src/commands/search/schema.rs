//! The schema of an index as types: the index, its documents, and their indexed fields.

use super::value::{GeoValue, TagValue, TextValue, VectorValue};
use crate::{
    argument::{Argument, Arguments},
    command::option::{OptionField, WordSink, arguments},
    key::{AnyIndex, HashFields, IndexOf, KeyFor, SingleKey, Untyped},
    resp::Writer,
    row::AnySlot,
};
use std::{borrow::Cow, fmt, marker::PhantomData};

/// A document of an index: a hash, with the fields of this struct, of which some are indexed.
///
/// The derive of the same name makes the schema from the `#[search(..)]` of the fields, and a struct of the indexed fields, of
/// which queries and orders are made. It stands beside that of [`HashFields`](derive@crate::HashFields), by which the documents
/// are written and read.
///
/// ```
/// use typedis::{HashFields, commands::search::{SearchDocument, Vector}};
///
/// #[derive(HashFields, SearchDocument)]
/// struct Product {
///     #[search(text(weight = 2.0), sortable)]
///     name: String,
///     #[search(tag)]
///     category: String,
///     #[search(numeric, sortable)]
///     price: f64,
///     #[search(vector(hnsw, cosine))]
///     image: Vector<3>,
///     description: Option<String>, // not indexed
/// }
///
/// let fields = Product::FIELDS;
/// let query = fields.category.is("shoes") & fields.price.at_most(50.0);
/// assert_eq!(query.to_string(), "(@category:{shoes}) (@price:[-inf 50])");
/// ```
///
/// | `#[search(..)]` | type of the field | settings in parentheses |
/// |---|---|---|
/// | `text` | text, see [`TextValue`] | `weight = 2.0`, `nostem`, `phonetic = "dm:en"`, `withsuffixtrie` |
/// | `tag` | text, whole numbers, `bool`, several as [`Tags`](super::Tags), see [`TagValue`] | `separator = ';'`, `casesensitive`, `withsuffixtrie` |
/// | `numeric` | numbers | |
/// | `geo` | [`GeoPoint`](super::GeoPoint) | |
/// | `vector(flat, cosine)` | [`Vector<N>`](super::Vector) | `flat` or `hnsw`; `l2`, `ip` or `cosine`; of `hnsw` also `m`, `ef_construction`, `ef_runtime` |
///
/// A tag field is split at its separator, by default a comma, whatever its type: the `String` `"bags, shoes"` is two tags. `Tags` are always
/// stored with commas, so they take no other separator:
///
/// ```compile_fail
/// # use typedis::{HashFields, commands::search::{SearchDocument, Tags}};
/// #[derive(HashFields, SearchDocument)]
/// struct Product {
///     #[search(tag(separator = ';'))] // fine for a `String`
///     tags: Tags,
/// }
/// ```
///
/// Behind the kind may follow `sortable`, or `sortable(unf)` by which the case of text counts in orders and groups, `noindex`,
/// `indexmissing` and `indexempty`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no document of an index",
    label = "not a struct with `#[derive(HashFields, SearchDocument)]`",
    note = "write `#[derive(typedis::HashFields, typedis::commands::search::SearchDocument)]` on the struct, and `#[search(..)]` on the fields to be indexed"
)]
pub trait SearchDocument: HashFields {
    /// The struct of the indexed fields, each as visible as the field of the document.
    type Fields: Copy;
    /// The indexed fields, by the names that they have in this struct.
    const FIELDS: Self::Fields;
    /// The schema of the indexed fields, in the order of the struct.
    const SCHEMA: &'static [FieldSchema];
}

/// A struct with some of the fields of a document, as which the results of a search are read: fewer bytes come.
///
/// The derive of the same name checks that each field is one of the document, of the same type and the same name in the hash. A field with
/// `#[search(computed)]` is one that the search adds, such as a distance.
///
/// ```
/// # use typedis::{HashFields, commands::search::SearchDocument};
/// # #[derive(HashFields, SearchDocument)] struct Product { #[search(text)] name: String, #[search(numeric)] price: f64 }
/// use typedis::commands::search::DocumentPart;
///
/// #[derive(HashFields, DocumentPart)]
/// #[search(of = Product)]
/// struct Teaser {
///     name: String,
/// }
/// ```
///
/// ```compile_fail
/// # use typedis::{HashFields, commands::search::SearchDocument};
/// # #[derive(HashFields, SearchDocument)] struct Product { #[search(text)] name: String, #[search(numeric)] price: f64 }
/// use typedis::commands::search::DocumentPart;
///
/// #[derive(HashFields, DocumentPart)]
/// #[search(of = Product)]
/// struct Teaser {
///     name: u64, // a product's name is text
/// }
/// ```
///
/// ```compile_fail
/// # use typedis::{HashFields, commands::search::SearchDocument};
/// # #[derive(HashFields, SearchDocument)] struct Product { #[search(text)] name: String, #[search(numeric)] price: f64 }
/// use typedis::commands::search::DocumentPart;
///
/// #[derive(HashFields, DocumentPart)]
/// #[search(of = Product)]
/// struct Teaser {
///     #[typedis(rename = "title")]
///     name: String, // in the hash a product's name is `name`
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no part of a document",
    label = "not a struct with `#[derive(HashFields, DocumentPart)]`",
    note = "write `#[derive(typedis::HashFields, typedis::commands::search::DocumentPart)]` and `#[search(of = Document)]` on the struct"
)]
pub trait DocumentPart: HashFields {
    /// The document that this is a part of.
    type Document;
}

/// The name of an index over documents `D`, and the prefixes of the keys that it takes in.
///
/// An index takes in every hash of the server whose key begins with one of the prefixes, in **every database** of the server;
/// without a prefix that is every hash. It is created in database 0 only, and FLUSHDB of any database drops it.
///
/// ```
/// use typedis::{HashFields, commands::search::{Index, SearchDocument}};
///
/// #[derive(HashFields, SearchDocument)]
/// struct Product {
///     #[search(text)]
///     name: String,
/// }
///
/// const PRODUCTS: Index<Product> = Index::new("products", &["product:"]);
/// assert_eq!(PRODUCTS.name(), "products");
/// ```
///
/// In a cluster the name is a key: its hash slot says which node has the index. A search finds the documents of that node alone,
/// unless the server has a coordinator for searches.
pub struct Index<D> {
    name: Cow<'static, str>,
    prefixes: &'static [&'static str],
    of: PhantomData<fn() -> D>,
}

impl<D> Index<D> {
    /// Makes an index of a constant name over the keys with these prefixes.
    pub const fn new(name: &'static str, prefixes: &'static [&'static str]) -> Self {
        Index { name: Cow::Borrowed(name), prefixes, of: PhantomData }
    }

    /// Makes an index of a name that is known at run time only.
    pub fn named(name: impl Into<String>, prefixes: &'static [&'static str]) -> Self {
        Index { name: Cow::Owned(name.into()), prefixes, of: PhantomData }
    }

    /// Returns the name of the index.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the prefixes of the keys that the index takes in.
    pub fn prefixes(&self) -> &'static [&'static str] {
        self.prefixes
    }
}

impl<D> Clone for Index<D> {
    fn clone(&self) -> Self {
        Index { name: self.name.clone(), prefixes: self.prefixes, of: PhantomData }
    }
}
impl<D> fmt::Debug for Index<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Index").field("name", &self.name).field("prefixes", &self.prefixes).finish()
    }
}

impl<D> Argument for Index<D> {
    fn write(&self, out: &mut Writer) {
        out.bulk(self.name.as_bytes());
    }
}
impl<D> Arguments for Index<D> {
    type Item = Self;
    fn count(&self) -> usize {
        1
    }
    fn write_all(&self, out: &mut Writer) {
        self.write(out);
    }
}
#[diagnostic::do_not_recommend]
impl<D> SingleKey for Index<D> {
    type Kind = Untyped;
    type Slot = AnySlot;
}
#[diagnostic::do_not_recommend]
impl<D> KeyFor<IndexOf<D>> for Index<D> {}
#[diagnostic::do_not_recommend]
impl<D> KeyFor<AnyIndex> for Index<D> {}

/// An index that knows its prefixes: an [`Index`], and not its name alone.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say which keys the index takes in",
    label = "expected an `Index`",
    note = "declare it: `const PRODUCTS: Index<Product> = Index::new(\"products\", &[\"product:\"])`"
)]
pub trait IndexDefinition {
    /// Returns the prefixes of the keys that the index takes in.
    fn key_prefixes(&self) -> &[&'static str];
}

impl<D> IndexDefinition for Index<D> {
    fn key_prefixes(&self) -> &[&'static str] {
        self.prefixes
    }
}
#[diagnostic::do_not_recommend]
impl<I: IndexDefinition + ?Sized> IndexDefinition for &I {
    fn key_prefixes(&self) -> &[&'static str] {
        (**self).key_prefixes()
    }
}

/// One word of a schema.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaWord {
    /// A word as it is.
    Text(&'static str),
    /// A number.
    Number(u64),
}

/// For the derive: whether values of the type `V` can be in a tag field with this separator.
#[doc(hidden)]
pub const fn is_separated_by<V: TagValue>(separator: char) -> bool {
    match V::SEPARATOR {
        Some(own) => own as u32 == separator as u32,
        None => true,
    }
}

/// For the derive: whether two names are the same.
#[doc(hidden)]
pub const fn is_same_name(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

/// The schema of one field: its name, and the words of FT.CREATE behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldSchema {
    name: &'static str,
    words: &'static [SchemaWord],
}

impl FieldSchema {
    /// Returns the field's name.
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

impl OptionField for FieldSchema {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        out.word(word);
        out.argument(self.name);
        for word in self.words {
            match word {
                SchemaWord::Text(text) => out.argument(*text),
                SchemaWord::Number(number) => out.argument(number),
            }
        }
    }
}
arguments!([] FieldSchema);

/// An indexed field of the document `D`, of the kind `K`: [`Text`], [`Tag`], [`Numeric`], [`Geo`] or [`Vectors`]. Its methods are
/// the queries of that kind.
pub struct IndexedField<D, K, S> {
    schema: FieldSchema,
    of: PhantomData<fn() -> (D, K, S)>,
}

impl<D, K, S> IndexedField<D, K, S> {
    /// For the derive: makes a field with values of the type `V`.
    #[doc(hidden)]
    pub const fn declared<V>(name: &'static str, words: &'static [SchemaWord]) -> Self
    where
        V: IndexedAs<K>,
    {
        IndexedField { schema: FieldSchema { name, words }, of: PhantomData }
    }

    /// Returns the field's name.
    pub const fn name(&self) -> &'static str {
        self.schema.name
    }

    /// Returns what the server splits the values of a tag field at.
    pub(super) fn separator(&self) -> char {
        let mut words = self.schema.words.iter().skip_while(|word| **word != SchemaWord::Text("SEPARATOR"));
        match words.nth(1) {
            Some(SchemaWord::Text(separator)) => separator.chars().next().unwrap_or(','),
            _ => ',',
        }
    }

    /// Returns the field's schema.
    pub const fn schema(&self) -> FieldSchema {
        self.schema
    }
}

impl<D, K, S> Clone for IndexedField<D, K, S> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<D, K, S> Copy for IndexedField<D, K, S> {}
impl<D, K, S> fmt::Debug for IndexedField<D, K, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("IndexedField").field(&self.schema.name).finish()
    }
}

macro_rules! markers {
    ($($(#[$doc:meta])* $name:ident $(<$param:ident>)?;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name $(<$param>(PhantomData<fn() -> $param>))?;
    )*};
}
markers! {
    /// The kind of a field whose words are searched.
    Text;
    /// The kind of a field with tags of the type `V`, which are compared as a whole.
    Tag<V>;
    /// The kind of a field with a number of the type `V`.
    Numeric<V>;
    /// The kind of a field with a position on the earth.
    Geo;
    /// The kind of a field with a vector of the type `V`.
    Vectors<V>;
    /// The state of a field by which results can be sorted.
    Sortable;
    /// The state of a field that is not declared as `sortable`.
    Unsortable;
}

/// A type of values that can be indexed as the kind `K`.
#[diagnostic::on_unimplemented(
    message = "a field of the type `{Self}` cannot be indexed as `{K}`",
    label = "`{Self}` is no value of this kind",
    note = "`text` is for text, `tag` for text, whole numbers, `bool` and `Tags`, `numeric` for numbers, `geo` for `GeoPoint`, `vector(..)` for `Vector<N>`"
)]
pub trait IndexedAs<K> {}

#[diagnostic::do_not_recommend]
impl<V: TextValue> IndexedAs<Text> for V {}
#[diagnostic::do_not_recommend]
impl<V: TagValue> IndexedAs<Tag<V>> for V {}
#[diagnostic::do_not_recommend]
impl<V: NumericValue> IndexedAs<Numeric<V>> for V {}
#[diagnostic::do_not_recommend]
impl<V: GeoValue> IndexedAs<Geo> for V {}
#[diagnostic::do_not_recommend]
impl<V: VectorValue> IndexedAs<Vectors<V>> for V {}

/// A number that can be indexed. The index keeps it as an `f64`, so beyond 2^53 whole numbers are not told apart.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a number that can be indexed",
    label = "expected an integer or a floating-point number"
)]
pub trait NumericValue: Copy {
    /// Returns the number as the index keeps it.
    fn to_indexed(self) -> f64;
}

macro_rules! numeric {
    ($($type:ty),*) => {$(
        impl NumericValue for $type {
            fn to_indexed(self) -> f64 {
                self as f64
            }
        }
    )*};
}
numeric! { i8, i16, i32, i64, isize, u16, u32, u64, usize, f32, f64 }

/// A field by which results of the document `D` can be sorted.
#[diagnostic::on_unimplemented(
    message = "results cannot be sorted by `{Self}`",
    label = "not a sortable field of this document",
    note = "declare the field as `sortable`: `#[search(numeric, sortable)]`"
)]
pub trait SortKey<D> {
    /// Returns the field's name.
    fn sort_name(&self) -> &'static str;
}

impl<D, K> SortKey<D> for IndexedField<D, K, Sortable> {
    fn sort_name(&self) -> &'static str {
        self.name()
    }
}
