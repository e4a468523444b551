//! Labels in queries: the filter that selects series by them, and those that are returned.

use super::options::is_one_of;
use crate::{
    argument::Arguments,
    command::option::{Checked, IsSet, OptionField, Unset, WordSink},
    resp::Writer,
};
use std::marker::PhantomData;

/// The state of options that return all labels.
#[derive(Clone, Copy, Debug)]
pub struct WithLabels;

/// The state of options that return labels of some names.
#[derive(Clone, Copy, Debug)]
pub struct SelectedLabels;

/// The words that the module looks for among the names of labels too, where it would take them for options.
const OPTIONS_OF_QUERIES: &[&str] = &[
    "AGGREGATION",
    "ALIGN",
    "BUCKETTIMESTAMP",
    "COUNT",
    "EMPTY",
    "EXCLUDEEMPTY",
    "FILTER",
    "FILTER_BY_TS",
    "FILTER_BY_VALUE",
    "GROUPBY",
    "LATEST",
    "REDUCE",
    "SELECTED_LABELS",
    "WITHLABELS",
];

/// The reason why the name of a label cannot stand among the words of a query.
fn refused_name(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        Some("the name of a label of a time series is not empty")
    } else if is_one_of(name, OPTIONS_OF_QUERIES) {
        Some("the module takes a label of this name for an option of the command")
    } else {
        None
    }
}

/// The name of a label as one word of a query.
pub(crate) fn label_name(name: &str) -> Checked<&str> {
    Checked(name, refused_name(name))
}

/// The labels that are returned with each series.
#[derive(Clone, Debug)]
pub(crate) enum ShownLabels {
    All,
    Named(Vec<Box<str>>),
}

impl ShownLabels {
    pub(crate) fn of(names: impl IntoIterator<Item = impl Into<Box<str>>>) -> Self {
        ShownLabels::Named(names.into_iter().map(Into::into).collect())
    }
}

impl OptionField for ShownLabels {
    fn send(&self, _: Option<&'static str>, out: &mut impl WordSink) {
        match self {
            ShownLabels::All => out.word(Some("WITHLABELS")),
            ShownLabels::Named(names) => {
                let reason = names.is_empty().then_some("no name for `selected_labels`, which needs at least one");
                out.argument(&Checked("SELECTED_LABELS", reason));
                names.iter().for_each(|name| out.argument(&label_name(name)));
            }
        }
    }
}

/// A filter that selects series by their labels. All its terms hold for a selected series, and one of them is
/// [`is`](Filter::is) or [`is_any_of`](Filter::is_any_of): without such a term the module refuses a query.
///
/// ```
/// use typedis::commands::time_series::Filter;
///
/// let warm_rooms = Filter::new().is("kind", "temperature").is_any_of("room", ["kitchen", "bath"]).lacks("broken");
/// # let _ = warm_rooms;
/// ```
///
/// A label or a value that the module cannot look for is an [`Error::Argument`](crate::Error::Argument): an empty one, a value with
/// a comma, an equals sign or parentheses, a name with an equals sign or an exclamation mark at its end.
#[derive(Clone, Debug)]
#[must_use]
pub struct Filter<M = Unset> {
    terms: Vec<Checked<Box<str>>>,
    selects: PhantomData<fn() -> M>,
}

impl Filter {
    /// Makes a filter without a term.
    pub const fn new() -> Self {
        Filter { terms: Vec::new(), selects: PhantomData }
    }
}

impl Default for Filter {
    fn default() -> Self {
        Filter::new()
    }
}

impl<M> Filter<M> {
    /// Selects series whose label has this value (`label=value`).
    pub fn is(self, label: &str, value: &str) -> Filter<IsSet> {
        self.then(label, "=", &[value]).retyped()
    }

    /// Selects series whose label has one of these values (`label=(a,b)`).
    pub fn is_any_of(self, label: &str, values: impl IntoIterator<Item = impl AsRef<str>>) -> Filter<IsSet> {
        self.then_any(label, "=", values).retyped()
    }

    /// Leaves out series whose label has this value (`label!=value`).
    pub fn is_not(self, label: &str, value: &str) -> Self {
        self.then(label, "!=", &[value])
    }

    /// Leaves out series whose label has one of these values (`label!=(a,b)`).
    pub fn is_none_of(self, label: &str, values: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        self.then_any(label, "!=", values)
    }

    /// Leaves out series without the label (`label!=`).
    pub fn has(self, label: &str) -> Self {
        self.push(refused_label(label), format!("{label}!="))
    }

    /// Leaves out series with the label (`label=`).
    pub fn lacks(self, label: &str) -> Self {
        self.push(refused_label(label), format!("{label}="))
    }

    fn then_any(self, label: &str, operator: &str, values: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let values: Vec<_> = values.into_iter().collect();
        let values: Vec<_> = values.iter().map(AsRef::as_ref).collect();
        self.then(label, operator, &values)
    }

    fn then(self, label: &str, operator: &str, values: &[&str]) -> Self {
        let term = match values {
            [value] => format!("{label}{operator}{value}"),
            values => format!("{label}{operator}({})", values.join(",")),
        };
        self.push(refused_label(label).or_else(|| refused_values(values)), term)
    }

    fn push(mut self, reason: Option<&'static str>, term: String) -> Self {
        self.terms.push(Checked(term.into(), reason));
        self
    }

    fn retyped<N>(self) -> Filter<N> {
        Filter { terms: self.terms, selects: PhantomData }
    }
}

fn refused_label(label: &str) -> Option<&'static str> {
    if label.is_empty() {
        Some("the name of a label of a time series is not empty")
    } else if label.contains('=') || label.ends_with('!') {
        Some("a label with an equals sign in its name, or an exclamation mark at its end, cannot be looked for")
    } else {
        None
    }
}

fn refused_values(values: &[&str]) -> Option<&'static str> {
    if values.is_empty() {
        Some("no value of a label, where the filter needs at least one")
    } else if values.contains(&"") {
        Some("no label has an empty value: `has` and `lacks` ask whether a series has a label")
    } else if values.iter().any(|value| value.contains(['(', ')', ',', '='])) {
        Some("a value with a comma, an equals sign or parentheses cannot be looked for")
    } else {
        None
    }
}

/// A filter that selects series: a [`Filter`] with at least one [`is`](Filter::is) or [`is_any_of`](Filter::is_any_of).
#[diagnostic::on_unimplemented(
    message = "`{Self}` selects no series",
    label = "expected a `Filter` with `is` or `is_any_of`",
    note = "the module needs a label and its value to begin with: `Filter::new().is(\"kind\", \"temperature\")`; `is_not`, `has` and `lacks` only leave series out"
)]
pub trait SelectsSeries {
    /// Returns the terms.
    #[doc(hidden)]
    fn terms(&self) -> Terms<'_>;
}

/// The terms of a filter on the wire.
#[doc(hidden)]
#[derive(Debug)]
pub struct Terms<'a>(&'a [Checked<Box<str>>]);

impl SelectsSeries for Filter<IsSet> {
    fn terms(&self) -> Terms<'_> {
        Terms(&self.terms)
    }
}

#[diagnostic::do_not_recommend]
impl<F: SelectsSeries + ?Sized> SelectsSeries for &F {
    fn terms(&self) -> Terms<'_> {
        (**self).terms()
    }
}

impl Arguments for Terms<'_> {
    type Item = str;
    fn count(&self) -> usize {
        self.0.len()
    }
    fn write_all(&self, out: &mut Writer) {
        self.0.iter().for_each(|Checked(term, reason)| {
            if let Some(reason) = reason {
                out.reject(reason);
            }
            out.bulk(term.as_bytes());
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::option::encoded;

    #[test]
    fn a_filter_is_its_terms() {
        let filter = Filter::new()
            .lacks("broken")
            .is("kind", "temp")
            .is_any_of("room", ["kitchen", "bath"])
            .is_not("floor", "2")
            .is_none_of("side", ["west", "north"])
            .has("owner");
        assert_eq!(
            encoded(&filter.terms()),
            "broken= kind=temp room=(kitchen,bath) floor!=2 side!=(west,north) owner!="
        );
    }

    #[test]
    fn a_label_that_cannot_be_looked_for_is_refused() {
        let refused = [
            Filter::new().is("", "x"),
            Filter::new().is("x", ""),
            Filter::new().is("a=b", "x"),
            Filter::new().is("a!", "x"),
            Filter::new().is("a", "x,y"),
            Filter::new().is_any_of("a", ["x", "(y)"]),
            Filter::new().is_any_of("a", [""; 0]),
        ];
        assert!(refused.iter().all(|filter| filter.terms[0].1.is_some()), "{refused:?}");
        assert!(refused_name("count").is_some() && refused_name("counts").is_none());
    }
}
