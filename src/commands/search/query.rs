//! Queries as values: made of the fields of a document, combined by `&`, `|` and `!`, and escaped.

use super::schema::{Geo, IndexedField, Numeric, NumericValue, Tag, Text, Vectors};
use super::value::{TagValue, VectorValue};
use crate::{
    argument::{Argument, ValueFor},
    command::option::{Checked, OptionField, Word, WordSink},
    commands::geo::{Distance, Position},
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
struct Draft {
    text: String,
    form: Form,
    /// Values that stand in the text as `$v` and a number, which is inserted at this position.
    values: Vec<(usize, Box<[u8]>)>,
    params: Vec<(String, Word)>,
    rejection: Option<&'static str>,
}

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
    fn one(text: String) -> Draft {
        Draft { text, form: Form::One, ..Draft::default() }
    }

    fn rejected(reason: &'static str) -> Draft {
        Draft { form: Form::One, rejection: Some(reason), ..Draft::default() }
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

    fn and(self, other: Draft) -> Draft {
        match (self.form, other.form) {
            (Form::All, _) => other,
            (_, Form::All) => self,
            _ => self.combined(Form::And, " ", other),
        }
    }

    fn or(self, other: Draft) -> Draft {
        match (self.form, other.form) {
            (Form::All, _) => Draft { rejection: self.rejection.or(other.rejection), ..self },
            (_, Form::All) => Draft { rejection: self.rejection.or(other.rejection), ..other },
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
    /// part of a query, also behind a backslash, so a tag with one is a parameter.
    fn push_tag(&mut self, tag: &str) {
        if tag.contains(|letter: char| letter.is_ascii_control() && !letter.is_ascii_whitespace()) {
            self.text.push_str("$v");
            self.values.push((self.text.len(), tag.as_bytes().into()));
        } else {
            self.text.push_str(&escaped_value(tag));
        }
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
        let values = values.map(|(number, (_, value))| (format!("v{number}"), Word::of(&&**value)));
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
impl<D, Q: SearchQuery<D>> SearchQuery<D> for &Q {
    fn query_text(&self) -> QueryText {
        (**self).query_text()
    }
}

impl<D> Query<D> {
    fn of(draft: Draft) -> Self {
        Query { draft, of: PhantomData }
    }

    /// Finds all documents. With `&` it is neutral, so it is where a query begins to which filters are added.
    pub fn all() -> Self {
        Query::of(Draft::default())
    }

    /// Finds documents with all of these words, in any of their text fields. Punctuation separates words, as it does in
    /// documents.
    pub fn words(words: &str) -> Self {
        Query::of(words_as(words, "", "", |word| word.to_owned()))
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

    /// Gives a parameter of [`raw`](Query::raw) text its value (PARAMS).
    #[must_use]
    pub fn param(mut self, name: impl Into<String>, value: impl Argument) -> Self {
        self.draft.params.push((name.into(), Word::of(&value)));
        self
    }

    /// Multiplies the score that documents have by this query.
    #[must_use]
    pub fn weight(self, weight: f64) -> Self {
        let mut draft = Draft { form: Form::One, ..Draft::default() };
        draft.append("", self.draft);
        if !(weight.is_finite() && weight >= 0.0) {
            draft.rejection = Some("a weight is a finite number from 0 on");
        }
        draft.text.push_str(&format!("=>{{$weight: {weight}}}"));
        Query::of(draft)
    }

    /// Finds, of the documents that this query finds, the `k` with the vectors nearest to `vector` (KNN). Their distances are a
    /// computed field with the name `distance`.
    pub fn nearest<V: VectorValue, S>(&self, k: u32, field: IndexedField<D, Vectors<V>, S>, vector: &V) -> Nearest<D> {
        let mut draft = Draft { form: Form::One, ..Draft::default() };
        match self.draft.form {
            Form::All => draft.text.push('*'),
            _ => draft.append("", self.draft.clone()),
        }
        draft.text.push_str(&format!("=>[KNN {k} @{} $v", escaped(field.name())));
        draft.values.push((draft.text.len(), vector.to_bytes().into()));
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

impl<D, S> IndexedField<D, Text, S> {
    /// Finds documents with all of these words in the field, in any order. Punctuation separates words, as it does in documents,
    /// and words such as `the` count for nothing. Text without a word is an [`Error::Argument`](crate::Error::Argument).
    pub fn contains(self, words: &str) -> Query<D> {
        self.words(words, "(", ")", |word| word.to_owned())
    }

    /// Finds documents with these words in the field one after the other.
    pub fn phrase(self, words: &str) -> Query<D> {
        self.words(words, "\"", "\"", |word| word.to_owned())
    }

    /// Finds documents with a word that begins with the last of these words, and with all before it, as for a text that is being
    /// typed. A beginning of one letter finds nothing, unless the server is configured so (MINPREFIX).
    pub fn prefix(self, words: &str) -> Query<D> {
        self.words(words, "(", "*)", |word| word.to_owned())
    }

    /// Finds documents with words that differ from these by at most `distance` letters each, from 1 to 3.
    pub fn fuzzy(self, words: &str, distance: u8) -> Query<D> {
        if !(1..=3).contains(&distance) {
            return Query::of(Draft::rejected("the distance of a fuzzy word is from 1 to 3"));
        }
        let marks = "%".repeat(distance.into());
        self.words(words, "(", ")", |word| format!("{marks}{word}{marks}"))
    }

    fn words(self, words: &str, open: &str, close: &str, form: impl Fn(&str) -> String) -> Query<D> {
        Query::of(words_as(words, &format!("@{}:{open}", escaped(self.name())), close, form))
    }
}

/// The words of a text in their form, with spaces between them.
fn words_as(words: &str, open: &str, close: &str, form: impl Fn(&str) -> String) -> Draft {
    let words = words.split(|letter: char| letter.is_ascii() && !letter.is_ascii_alphanumeric() && letter != '_');
    // An underscore is a part of words, but one that stands alone is no word of a query without a backslash.
    let words: Vec<_> = words.filter(|word| !word.is_empty()).map(|word| form(&word.replace('_', "\\_"))).collect();
    if words.is_empty() {
        return Draft::rejected("no word to search for: `Query::all()` finds all documents");
    }
    Draft::one(format!("{open}{}{close}", words.join(" ")))
}

impl<D, V: TagValue, S> IndexedField<D, Tag<V>, S> {
    /// Finds documents with this tag.
    pub fn is(self, tag: impl ValueFor<V::One>) -> Query<D> {
        self.is_any([tag])
    }

    /// Finds documents with one of these tags. None is an [`Error::Argument`](crate::Error::Argument).
    pub fn is_any(self, tags: impl IntoIterator<Item = impl ValueFor<V::One>>) -> Query<D> {
        let mut draft = Draft::one(format!("@{}:{{", escaped(self.name())));
        let opened = draft.text.len();
        for tag in tags {
            if draft.text.len() > opened {
                draft.text.push('|');
            }
            match Word::of(&tag).bytes().map(std::str::from_utf8) {
                Ok(Ok(tag)) if !tag.trim_ascii().is_empty() && !tag.contains('\0') => draft.push_tag(tag.trim_ascii()),
                Ok(_) => return Query::of(Draft::rejected("a tag is text that is not empty and has no zero byte")),
                Err(reason) => return Query::of(Draft::rejected(reason)),
            }
        }
        if draft.text.len() == opened {
            return Query::of(Draft::rejected("no tag to search for"));
        }
        draft.text.push('}');
        Query::of(draft)
    }

    /// Finds documents with a tag that begins so.
    pub fn begins_with(self, beginning: &str) -> Query<D> {
        let beginning = beginning.trim_ascii_start();
        if beginning.is_empty() || beginning.contains('\0') {
            return Query::of(Draft::rejected("the beginning of a tag is text that is not empty and has no zero byte"));
        }
        Query::of(Draft::one(format!("@{}:{{{}*}}", escaped(self.name()), escaped_value(beginning))))
    }
}

impl<D, V: NumericValue, S> IndexedField<D, Numeric<V>, S> {
    /// Finds documents with this number.
    pub fn equals(self, value: V) -> Query<D> {
        self.range(Bound::At(value), Bound::At(value))
    }

    /// Finds documents with a number from `low` to `high`, both included.
    pub fn between(self, low: V, high: V) -> Query<D> {
        self.range(Bound::At(low), Bound::At(high))
    }

    /// Finds documents with at least this number.
    pub fn at_least(self, low: V) -> Query<D> {
        self.range(Bound::At(low), Bound::Open)
    }

    /// Finds documents with at most this number.
    pub fn at_most(self, high: V) -> Query<D> {
        self.range(Bound::Open, Bound::At(high))
    }

    /// Finds documents with a number above this one.
    pub fn above(self, low: V) -> Query<D> {
        self.range(Bound::Beyond(low), Bound::Open)
    }

    /// Finds documents with a number below this one.
    pub fn below(self, high: V) -> Query<D> {
        self.range(Bound::Open, Bound::Beyond(high))
    }

    fn range(self, low: Bound<V>, high: Bound<V>) -> Query<D> {
        match (low.text("-inf"), high.text("+inf")) {
            (Some(low), Some(high)) => Query::of(Draft::one(format!("@{}:[{low} {high}]", escaped(self.name())))),
            _ => Query::of(Draft::rejected("NaN compares with no number")),
        }
    }
}

/// One end of a range.
enum Bound<V> {
    Open,
    At(V),
    Beyond(V),
}

impl<V: NumericValue> Bound<V> {
    fn text(self, open: &str) -> Option<String> {
        let (mark, value) = match self {
            Bound::Open => return Some(open.to_owned()),
            Bound::At(value) => ("", value.to_indexed()),
            Bound::Beyond(value) => ("(", value.to_indexed()),
        };
        match value {
            value if value.is_nan() => None,
            f64::INFINITY => Some(format!("{mark}+inf")),
            value => Some(format!("{mark}{value}")),
        }
    }
}

impl<D, S> IndexedField<D, Geo, S> {
    /// Finds documents with a position up to `radius` from `center`: `within(Position::new(13.4, 52.5), Kilometers(5.0))`.
    pub fn within<U: Distance>(self, center: Position, radius: U) -> Query<D> {
        if let Some(objection) = center.objection() {
            return Query::of(Draft::rejected(objection));
        }
        let units = radius.units();
        if !(units.is_finite() && units > 0.0) {
            return Query::of(Draft::rejected("a radius is a finite number above 0"));
        }
        let Position { longitude, latitude } = center;
        Query::of(Draft::one(format!("@{}:[{longitude} {latitude} {units} {}]", escaped(self.name()), U::UNIT)))
    }
}

impl<D, V: VectorValue, S> IndexedField<D, Vectors<V>, S> {
    /// Finds documents with a vector whose distance from `vector`, by the metric of the field, is at most `radius`.
    pub fn within(self, radius: f64, vector: &V) -> Query<D> {
        if !(radius.is_finite() && radius >= 0.0) {
            return Query::of(Draft::rejected("a radius is a finite number from 0 on"));
        }
        let mut draft = Draft::one(format!("@{}:[VECTOR_RANGE {radius} $v", escaped(self.name())));
        draft.values.push((draft.text.len(), vector.to_bytes().into()));
        draft.text.push(']');
        Query::of(draft)
    }
}

/// The name of a field with a backslash before each character that may mean something in a query.
fn escaped(name: &str) -> String {
    escaped_where(name, |letter| letter != '_')
}

/// A value with a backslash before each character that may mean something in a query.
fn escaped_value(value: &str) -> String {
    escaped_where(value, |_| true)
}

fn escaped_where(text: &str, is_special: impl Fn(char) -> bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii() && !letter.is_ascii_alphanumeric() && is_special(letter) {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}
