//! Queries as values: made of the fields of a document, combined by `&`, `|` and `!`, and escaped.

use super::{
    schema::{IndexedField, Vectors},
    text::{escaped, escaped_value, has_control, words_as},
    value::VectorValue,
};
use crate::{
    argument::Argument,
    command::option::{Checked, OptionField, Word, WordSink},
};
use std::{
    fmt,
    marker::PhantomData,
    ops::{BitAnd, BitAndAssign, BitOr, BitOrAssign, Not},
};

/// A query over documents `D`. The fields of the document make them, such as `Product::FIELDS.price.at_most(50.0)`.
///
/// Queries are combined by `&`, `|` and `!`. Every value in them is escaped, so that text of a user is never read as a query. What
/// the server would refuse for certain, such as an empty tag, is an [`Error::Argument`](crate::Error::Argument) of the command
/// that the query is passed to.
///
/// ```
/// use typedis::{HashFields, commands::search::{Query, SearchDocument}};
///
/// #[derive(HashFields, SearchDocument)]
/// struct Product {
///     #[search(text)]
///     name: String,
///     #[search(tag)]
///     category: String,
///     #[search(numeric)]
///     price: f64,
/// }
/// let p = Product::FIELDS;
///
/// let mut query = Query::all();
/// query &= p.name.contains("red shoes");
/// query &= p.category.is_any(["shoes", "bags & more"]) | p.price.below(10.0);
/// assert_eq!(query.to_string(), r"(@name:(red shoes)) ((@category:{shoes|bags\ \&\ more})|(@price:[-inf (10]))");
/// ```
///
/// A value of another type, and a method of another kind of field, do not compile:
///
/// ```compile_fail
/// # use typedis::{HashFields, commands::search::{Query, SearchDocument}};
/// # #[derive(HashFields, SearchDocument)] struct Product { #[search(text)] name: String, #[search(numeric)] price: f64 }
/// let query = Product::FIELDS.name.at_most(50.0); // `price` is a number, `name` is text
/// ```
pub struct Query<D> {
    draft: Draft,
    of: PhantomData<fn() -> D>,
}

/// The text of a query while it is put together.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub(super) text: String,
    form: Form,
    /// Values that stand in the text as [`VALUE`] and a number, which is inserted at this position.
    pub(super) values: Vec<(usize, Box<[u8]>)>,
    params: Vec<(String, Word)>,
    rejection: Option<&'static str>,
}

/// How the name of a generated parameter begins in the text, unlike that of a user's parameter for [`Query::raw`].
const VALUE: &str = "$typedis";

/// The outermost form of a text, by which it is put in parentheses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Form {
    /// All documents, which combine with nothing on the server.
    #[default]
    All,
    One,
    And,
    Or,
}

impl Draft {
    pub(super) fn one(text: String) -> Draft {
        Draft { text, form: Form::One, ..Draft::default() }
    }

    pub(super) fn rejected(reason: &'static str) -> Draft {
        Draft { form: Form::One, rejection: Some(reason), ..Draft::default() }
    }

    pub(super) fn words(words: Option<String>) -> Draft {
        words.map_or(Draft::rejected("no word to search for: `Query::all()` finds all documents"), Draft::one)
    }

    /// Appends `other` behind `between`, in parentheses.
    fn append(&mut self, between: &str, other: Draft) {
        self.text.push_str(between);
        let start = self.text.len() + 1;
        self.text.push('(');
        self.text.push_str(&other.text);
        self.text.push(')');
        self.values.extend(other.values.into_iter().map(|(at, value)| (at + start, value)));
        self.params.extend(other.params);
        self.rejection = self.rejection.or(other.rejection);
    }

    fn combined(self, form: Form, between: &str, other: Draft) -> Draft {
        let mut all = if self.form == form {
            self
        } else {
            let mut all = Draft { form, ..Draft::default() };
            all.append("", self);
            all
        };
        all.append(between, other);
        all
    }

    /// Takes over the rejection of a query whose text is left out. What the user got wrong there is wrong all the same.
    fn rejected_as(self, other: &Draft) -> Draft {
        Draft { rejection: self.rejection.or(other.rejection), ..self }
    }

    fn and(self, other: Draft) -> Draft {
        match (self.form, other.form) {
            (Form::All, _) => other.rejected_as(&self),
            (_, Form::All) => self.rejected_as(&other),
            _ => self.combined(Form::And, " ", other),
        }
    }

    fn or(self, other: Draft) -> Draft {
        match (self.form, other.form) {
            (Form::All, _) => self.rejected_as(&other),
            (_, Form::All) => other.rejected_as(&self),
            _ => self.combined(Form::Or, "|", other),
        }
    }

    fn not(self) -> Draft {
        if self.form == Form::All {
            return Draft::rejected("the negation of `Query::all()` finds nothing");
        }
        let mut not = Draft { form: Form::One, ..Draft::default() };
        not.append("-", self);
        not
    }

    /// Appends a tag. The server trims tags of documents but not those of queries, so it is trimmed here; control characters are no
    /// part of a query, so a tag with one is a parameter, in which only a backslash is escaped.
    pub(super) fn push_tag(&mut self, tag: &str) {
        if has_control(tag) {
            self.push_value(tag.replace('\\', "\\\\").into_bytes());
        } else {
            self.text.push_str(&escaped_value(tag));
        }
    }

    /// Appends a value that is sent as a parameter.
    pub(super) fn push_value(&mut self, value: Vec<u8>) {
        self.text.push_str(VALUE);
        self.values.push((self.text.len(), value.into()));
    }

    /// The text with the numbers of its values.
    fn render(&self) -> String {
        if self.form == Form::All && self.text.is_empty() {
            return "*".to_owned();
        }
        let mut text = String::with_capacity(self.text.len() + self.values.len());
        let mut from = 0;
        for (number, (at, _)) in self.values.iter().enumerate() {
            text.push_str(self.text.get(from..*at).unwrap_or_default());
            text.push_str(&number.to_string());
            from = *at;
        }
        text.push_str(self.text.get(from..).unwrap_or_default());
        text
    }

    fn finish(&self) -> QueryText {
        let values = self.values.iter().enumerate();
        let values = values
            .map(|(number, (_, value))| (format!("{}{number}", VALUE.trim_start_matches('$')), Word::of(&&**value)));
        QueryText {
            text: Checked(self.render().into(), self.rejection),
            params: Params(values.chain(self.params.iter().cloned()).collect()),
        }
    }
}

/// The text of a query and its parameters, as commands send them.
#[derive(Clone, Debug)]
pub struct QueryText {
    text: Checked<Box<str>>,
    params: Params,
}

impl QueryText {
    pub(super) fn into_parts(self) -> (Checked<Box<str>>, Params) {
        (self.text, self.params)
    }
}

/// The parameters of a query, each with its name.
#[derive(Clone, Debug)]
pub(super) struct Params(Vec<(String, Word)>);

impl OptionField for Params {
    fn send(&self, _: Option<&'static str>, out: &mut impl WordSink) {
        if self.0.is_empty() {
            return;
        }
        out.argument("PARAMS");
        out.argument(&(self.0.len() * 2));
        for (name, value) in &self.0 {
            out.argument(&**name);
            value.send(None, out);
        }
    }
}

/// A query that a search takes: a [`Query`], or a [`Nearest`]; by reference, too.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no query over documents `{D}`",
    label = "expected a `Query<{D}>`",
    note = "make one of the document's fields, as in `Product::FIELDS.name.contains(\"shoe\")`, or by `Query::all()` and `Query::raw(..)`"
)]
pub trait SearchQuery<D> {
    /// Returns the text and its parameters.
    #[doc(hidden)]
    fn query_text(&self) -> QueryText;
}

impl<D> SearchQuery<D> for Query<D> {
    fn query_text(&self) -> QueryText {
        self.draft.finish()
    }
}
impl<D> SearchQuery<D> for Nearest<D> {
    fn query_text(&self) -> QueryText {
        self.draft.finish()
    }
}
#[diagnostic::do_not_recommend]
impl<D, Q: SearchQuery<D> + ?Sized> SearchQuery<D> for &Q {
    fn query_text(&self) -> QueryText {
        (**self).query_text()
    }
}

impl<D> Query<D> {
    pub(super) fn of(draft: Draft) -> Self {
        Query { draft, of: PhantomData }
    }

    /// Finds all documents. With `&` it is neutral, so it is where a query begins to which filters are added.
    pub fn all() -> Self {
        Query::of(Draft::default())
    }

    /// Finds documents with all of these words, in any of their text fields. Punctuation separates words, as it does in
    /// documents.
    pub fn words(words: &str) -> Self {
        Query::of(Draft::words(words_as(words, "", "", |word| {
            // The operator of missing fields is the one word that the server does not take as a word behind no field.
            if word.eq_ignore_ascii_case("ismissing") { format!("\"{word}\"") } else { word.to_owned() }
        })))
    }

    /// Makes a query of its text, in dialect 2 of the query language. Nothing in it is escaped: values go into [`param`](Query::param).
    ///
    /// ```
    /// # use typedis::commands::search::Query;
    /// let query: Query<()> = Query::raw("@tag:{$tag}").param("tag", "a value, as it is");
    /// ```
    pub fn raw(text: impl Into<String>) -> Self {
        Query::of(Draft::one(text.into()))
    }

    /// Gives a parameter of [`raw`](Query::raw) text its value (PARAMS). In a tag the server takes a backslash as an escape there too, so
    /// it is doubled.
    #[must_use]
    pub fn param(mut self, name: impl Into<String>, value: impl Argument) -> Self {
        self.draft.params.push((name.into(), Word::of(&value)));
        self
    }

    /// Multiplies the score that documents have by this query. The score by [`Query::all`] stays as it is.
    #[must_use]
    pub fn weight(mut self, weight: f64) -> Self {
        if !(weight.is_finite() && weight >= 0.0) {
            self.draft.rejection = Some("a weight is a finite number from 0 on");
        }
        if self.draft.form == Form::All {
            return self;
        }
        let mut draft = Draft { form: Form::One, ..Draft::default() };
        draft.append("", self.draft);
        draft.text.push_str(&format!("=>{{$weight: {weight}}}"));
        Query::of(draft)
    }

    /// Finds, of the documents that this query finds, the `k` with the vectors nearest to `vector` (KNN). Their distances are a
    /// computed field with the name `distance`.
    pub fn nearest<V: VectorValue, S>(&self, k: u32, field: IndexedField<D, Vectors<V>, S>, vector: &V) -> Nearest<D> {
        let mut draft = Draft { form: Form::One, ..Draft::default() };
        match self.draft.form {
            Form::All => draft = Draft { text: "*".to_owned(), ..draft }.rejected_as(&self.draft),
            _ => draft.append("", self.draft.clone()),
        }
        draft.text.push_str(&format!("=>[KNN {k} @{} ", escaped(field.name())));
        draft.push_value(vector.to_bytes());
        draft.text.push_str(" AS distance]");
        if k == 0 {
            draft.rejection = Some("the number of nearest documents is above 0");
        }
        Nearest { draft, of: PhantomData }
    }
}

/// A query for the documents with the nearest vectors, made by [`Query::nearest`]. It combines with no other query, because its
/// filter comes before it.
pub struct Nearest<D> {
    draft: Draft,
    of: PhantomData<fn() -> D>,
}

macro_rules! shown {
    ($($name:ident),*) => {$(
        impl<D> Clone for $name<D> {
            fn clone(&self) -> Self {
                $name { draft: self.draft.clone(), of: PhantomData }
            }
        }
        impl<D> fmt::Debug for $name<D> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($name)).field(&self.draft.render()).finish()
            }
        }
        /// Shows the text of the query.
        impl<D> fmt::Display for $name<D> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.draft.render())
            }
        }
    )*};
}
shown! { Query, Nearest }

/// Finds what both queries find.
impl<D> BitAnd for Query<D> {
    type Output = Query<D>;
    fn bitand(self, other: Self) -> Self {
        Query::of(self.draft.and(other.draft))
    }
}
/// Finds what one of the queries finds.
impl<D> BitOr for Query<D> {
    type Output = Query<D>;
    fn bitor(self, other: Self) -> Self {
        Query::of(self.draft.or(other.draft))
    }
}
/// Finds what the query does not find.
impl<D> Not for Query<D> {
    type Output = Query<D>;
    fn not(self) -> Self {
        Query::of(self.draft.not())
    }
}
impl<D> BitAndAssign for Query<D> {
    fn bitand_assign(&mut self, other: Self) {
        self.draft = std::mem::take(&mut self.draft).and(other.draft);
    }
}
impl<D> BitOrAssign for Query<D> {
    fn bitor_assign(&mut self, other: Self) {
        self.draft = std::mem::take(&mut self.draft).or(other.draft);
    }
}
