//! Aggregations as values: the steps of the pipeline of FT.AGGREGATE, with the columns that each computes.

use super::{
    options::Dialect,
    property::{Holds, Property, Reduced, Reducer},
    query::{Params, SearchQuery},
    row::{Column, SearchRow},
    schema::SearchDocument,
    time::milliseconds,
};
use crate::{
    command::option::{Checked, OptionField, WordSink, arguments},
    options::{IsSet, Unset},
};
use std::{fmt, marker::PhantomData, time::Duration};

/// An aggregation over documents `D` into rows `R`, for [`ft_aggregate`](super::SearchCommands::ft_aggregate).
///
/// Its steps run in the order in which they are given, each on the rows of the one before it, as FT.AGGREGATE does. What a step
/// computes goes into a column of the row, and must fit the column's type.
///
/// ```
/// use typedis::{HashFields, commands::search::{Aggregation, Query, Reducer, SearchDocument, SearchRow}};
///
/// #[derive(HashFields, SearchDocument)]
/// struct Product {
///     #[search(tag)]
///     category: String,
///     #[search(numeric)]
///     price: f64,
/// }
///
/// #[derive(SearchRow)]
/// struct Facet {
///     category: Option<String>,
///     count: u64,
///     cheapest: f64,
/// }
///
/// let (p, f) = (Product::FIELDS, Facet::COLUMNS);
/// let facets = Aggregation::<Product, Facet>::new(Query::all())
///     .groupby(p.category)
///     .reduce(Reducer::count(), f.count)
///     .reduce(Reducer::min(p.price), f.cheapest)
///     .sortby_desc(f.count)
///     .limit(0, 10);
/// ```
///
/// A number does not go into a column of another type, and there is nothing to reduce without a group:
///
/// ```compile_fail
/// # use typedis::{HashFields, commands::search::{Aggregation, Query, Reducer, SearchDocument, SearchRow}};
/// # #[derive(HashFields, SearchDocument)] struct Product { #[search(tag)] category: String }
/// # #[derive(SearchRow)] struct Facet { category: Option<String>, count: String }
/// # let (p, f) = (Product::FIELDS, Facet::COLUMNS);
/// let facets = Aggregation::<Product, Facet>::new(Query::all()).groupby(p.category).reduce(Reducer::count(), f.count);
/// ```
///
/// ```compile_fail
/// # use typedis::{HashFields, commands::search::{Aggregation, Query, Reducer, SearchDocument, SearchRow}};
/// # #[derive(HashFields, SearchDocument)] struct Product { #[search(tag)] category: String }
/// # #[derive(SearchRow)] struct Facet { category: Option<String>, count: u64 }
/// # let (p, f) = (Product::FIELDS, Facet::COLUMNS);
/// let facets = Aggregation::<Product, Facet>::new(Query::all()).reduce(Reducer::count(), f.count);
/// ```
///
/// A group by a text field that is `sortable` has the text in lower case, unless the field is `sortable(unf)`. A document without the
/// field is of the group whose column is null.
#[must_use]
pub struct Aggregation<D, R, G = Unset> {
    query: Checked<Box<str>>,
    params: Params,
    verbatim: bool,
    addscores: bool,
    timeout: Option<Checked<u64>>,
    steps: Vec<Step>,
    of: PhantomData<fn() -> (D, R, G)>,
}

/// One step of the pipeline.
#[derive(Clone, Debug)]
enum Step {
    /// `None` is all fields.
    Load(Option<Vec<String>>),
    GroupBy(Vec<String>, Vec<(Reduced, &'static str)>),
    SortBy(Vec<(String, &'static str)>),
    Apply(Box<str>, Box<str>),
    Filter(Box<str>),
    Limit(u64, u64),
}

impl OptionField for Step {
    fn send(&self, _: Option<&'static str>, out: &mut impl WordSink) {
        match self {
            Step::Load(None) => {
                out.argument("LOAD");
                out.argument("*");
            }
            Step::Load(Some(names)) => send_names("LOAD", names, out),
            Step::GroupBy(names, reducers) => {
                send_names("GROUPBY", names, out);
                for (reducer, column) in reducers {
                    reducer.send(Some("REDUCE"), out);
                    out.argument("AS");
                    out.argument(*column);
                }
            }
            Step::SortBy(orders) => {
                out.argument("SORTBY");
                out.argument(&(orders.len() * 2));
                for (name, direction) in orders {
                    out.argument(&**name);
                    out.argument(*direction);
                }
            }
            Step::Apply(expression, column) => {
                out.argument("APPLY");
                out.argument(&**expression);
                out.argument("AS");
                out.argument(&**column);
            }
            Step::Filter(expression) => {
                out.argument("FILTER");
                out.argument(&**expression);
            }
            Step::Limit(offset, count) => {
                out.argument("LIMIT");
                out.argument(offset);
                out.argument(count);
            }
        }
    }
}

fn send_names(word: &'static str, names: &[String], out: &mut impl WordSink) {
    out.argument(word);
    out.argument(&names.len());
    names.iter().for_each(|name| out.argument(&**name));
}

impl<D: SearchDocument, R: SearchRow> Aggregation<D, R> {
    /// Aggregates the documents that `query` finds. Without a step a row has no columns.
    pub fn new(query: impl SearchQuery<D>) -> Self {
        let (query, params) = query.query_text().into_parts();
        Aggregation {
            query,
            params,
            verbatim: false,
            addscores: false,
            timeout: None,
            steps: Vec::new(),
            of: PhantomData,
        }
    }
}

impl<D, R: SearchRow, G> Aggregation<D, R, G> {
    fn step<H>(mut self, step: Step) -> Aggregation<D, R, H> {
        self.steps.push(step);
        let Aggregation { query, params, verbatim, addscores, timeout, steps, .. } = self;
        Aggregation { query, params, verbatim, addscores, timeout, steps, of: PhantomData }
    }

    /// Does not stem the words of the query (VERBATIM).
    pub fn verbatim(self) -> Self {
        Aggregation { verbatim: true, ..self }
    }

    /// Adds the score of each document as the column `__score` (ADDSCORES).
    pub fn addscores(self) -> Self {
        Aggregation { addscores: true, ..self }
    }

    /// Ends the aggregation after this time (TIMEOUT), in whole milliseconds. Below 1 it is an
    /// [`Error::Argument`](crate::Error::Argument), since the server would take 0 as no end.
    pub fn timeout(self, time: Duration) -> Self {
        Aggregation { timeout: Some(milliseconds(time)), ..self }
    }

    /// Loads a field of each document, indexed or not, as a column of its own name (LOAD).
    pub fn load(self, field: impl Property<D, R>) -> Aggregation<D, R> {
        self.step(Step::Load(Some(vec![field.property()])))
    }

    /// Loads the fields that are the columns of the row (LOAD).
    pub fn load_row(self) -> Aggregation<D, R> {
        self.step(Step::Load(Some(R::NAMES.iter().map(|name| format!("@{name}")).collect())))
    }

    /// Loads all fields of each document (`LOAD *`).
    pub fn load_all(self) -> Aggregation<D, R> {
        self.step(Step::Load(None))
    }

    /// Makes one group of all rows (`GROUPBY 0`). What it holds follows by [`reduce`](Aggregation::reduce).
    pub fn groupby_nothing(self) -> Aggregation<D, R, IsSet> {
        self.step(Step::GroupBy(Vec::new(), Vec::new()))
    }

    /// Groups the rows by a field or a column, which becomes a column of the groups (GROUPBY). What else they hold follows by
    /// [`reduce`](Aggregation::reduce).
    pub fn groupby(self, by: impl Property<D, R>) -> Aggregation<D, R, IsSet> {
        self.step(Step::GroupBy(vec![by.property()], Vec::new()))
    }

    /// Computes an expression into a column, as in `apply("@price * 1.19", f.gross)` (APPLY). The expression is sent as it is.
    pub fn apply<T>(self, expression: &str, column: Column<R, T>) -> Aggregation<D, R> {
        self.step(Step::Apply(expression.into(), column.name().into()))
    }

    /// Computes an expression into a column that is none of the row, for later steps (APPLY).
    pub fn apply_as(self, expression: &str, column: &str) -> Aggregation<D, R> {
        self.step(Step::Apply(expression.into(), column.into()))
    }

    /// Keeps the rows for which an expression holds, as in `@count > 1` (FILTER). The expression is sent as it is.
    pub fn filter(self, expression: &str) -> Aggregation<D, R> {
        self.step(Step::Filter(expression.into()))
    }

    /// Sorts the rows, the smallest first; right behind another order, by this next (SORTBY).
    ///
    /// Without a [`limit`](Aggregation::limit), the first 1000000 rows of the order are kept (MAX), where the server alone would keep 10.
    pub fn sortby_asc(self, by: impl Property<D, R>) -> Aggregation<D, R> {
        self.sortby(by.property(), "ASC")
    }

    /// Sorts the rows, the greatest first; right behind another order, by this next (SORTBY). It keeps as many rows as
    /// [`sortby_asc`](Aggregation::sortby_asc) does.
    pub fn sortby_desc(self, by: impl Property<D, R>) -> Aggregation<D, R> {
        self.sortby(by.property(), "DESC")
    }

    fn sortby(mut self, name: String, direction: &'static str) -> Aggregation<D, R> {
        let mut orders = match self.steps.pop() {
            Some(Step::SortBy(orders)) => orders,
            other => {
                self.steps.extend(other);
                Vec::new()
            }
        };
        orders.push((name, direction));
        self.step(Step::SortBy(orders))
    }

    /// Keeps at most `count` rows, without the first `offset` ones (LIMIT). The server counts the rows of an order before it filters
    /// them, also where the filter stands between the two.
    pub fn limit(self, offset: u64, count: u64) -> Aggregation<D, R> {
        self.step(Step::Limit(offset, count))
    }
}

/// The state of an aggregation whose last step is a group.
#[diagnostic::on_unimplemented(
    message = "there is no group to add to here",
    label = "the step before is no group",
    note = "begin a group by `groupby(..)` or `groupby_nothing()`; `and(..)` and `reduce(..)` follow it at once"
)]
pub trait IsGroup {}
#[diagnostic::do_not_recommend]
impl IsGroup for IsSet {}

impl<D, R: SearchRow, G> Aggregation<D, R, G> {
    /// Groups by one more field or column.
    pub fn and(mut self, by: impl Property<D, R>) -> Self
    where
        G: IsGroup,
    {
        if let Some(Step::GroupBy(names, _)) = self.steps.last_mut() {
            names.push(by.property());
        }
        self
    }

    /// Computes a column of each group (REDUCE).
    pub fn reduce<T, P: Property<D, R>, C: Holds<T>>(mut self, by: Reducer<T, P>, column: Column<R, C>) -> Self
    where
        G: IsGroup,
    {
        if let Some(Step::GroupBy(_, reducers)) = self.steps.last_mut() {
            reducers.push((by.reduced(), column.name()));
        }
        self
    }
}

impl<D, R, G> Clone for Aggregation<D, R, G> {
    fn clone(&self) -> Self {
        let Aggregation { query, params, verbatim, addscores, timeout, steps, of } = self;
        Aggregation {
            query: query.clone(),
            params: params.clone(),
            verbatim: *verbatim,
            addscores: *addscores,
            timeout: *timeout,
            steps: steps.clone(),
            of: *of,
        }
    }
}
impl<D, R, G> fmt::Debug for Aggregation<D, R, G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Aggregation").field("query", &self.query.0).field("steps", &self.steps).finish()
    }
}

impl<D, R, G> Aggregation<D, R, G> {
    /// Whether the rows of the step at `at` have a limit of their own. The server applies it to the rows between two groups.
    fn is_limited(&self, at: usize) -> bool {
        let (before, after) = self.steps.split_at(at);
        let is_no_group = |step: &&Step| !matches!(step, Step::GroupBy(..));
        let mut same_rows = before.iter().rev().take_while(is_no_group).chain(after.iter().take_while(is_no_group));
        same_rows.any(|step| matches!(step, Step::Limit(..)))
    }

    /// Sends the words up to the parameters, between which those of a cursor stand.
    fn send_with(&self, cursor: Option<CursorWords>, out: &mut impl WordSink) {
        self.query.send(None, out);
        self.verbatim.send(Some("VERBATIM"), out);
        self.addscores.send(Some("ADDSCORES"), out);
        self.timeout.send(Some("TIMEOUT"), out);
        for (at, step) in self.steps.iter().enumerate() {
            step.send(None, out);
            if matches!(step, Step::SortBy(_)) && !self.is_limited(at) {
                MOST_ROWS.send(Some("MAX"), out);
            }
        }
        if let Some(CursorWords(rows, idle)) = cursor {
            out.argument("WITHCURSOR");
            Checked(rows, NO_ROWS.filter(|_| rows == 0)).send(Some("COUNT"), out);
            idle.map(milliseconds).send(Some("MAXIDLE"), out);
        }
        self.params.send(None, out);
        Dialect.send(None, out);
    }
}

/// The number of rows that an order without a limit keeps. Without one the server would keep 10, and drop all others in silence.
const MOST_ROWS: u64 = 1_000_000;

pub(super) const NO_ROWS: Option<&str> = Some("a page of a cursor has at least one row");

impl<D, R, G> OptionField for Aggregation<D, R, G> {
    fn send(&self, _: Option<&'static str>, out: &mut impl WordSink) {
        self.send_with(None, out);
    }
}
arguments!([D, R, G] Aggregation<D, R, G>);

#[derive(Clone, Copy)]
struct CursorWords(u32, Option<Duration>);

/// An aggregation whose rows come by a cursor.
pub(super) struct ByCursor<'a, D, R, G> {
    aggregation: &'a Aggregation<D, R, G>,
    cursor: CursorWords,
}

impl<'a, D, R, G> ByCursor<'a, D, R, G> {
    pub(super) fn of(aggregation: &'a Aggregation<D, R, G>, rows: u32, idle: Option<Duration>) -> Self {
        ByCursor { aggregation, cursor: CursorWords(rows, idle) }
    }
}

impl<D, R, G> OptionField for ByCursor<'_, D, R, G> {
    fn send(&self, _: Option<&'static str>, out: &mut impl WordSink) {
        self.aggregation.send_with(Some(self.cursor), out);
    }
}
arguments!(['a, D, R, G] ByCursor<'a, D, R, G>);
