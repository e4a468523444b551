//! What an aggregation groups, sorts and reduces by: fields of documents and columns of rows, with the type of their values.

use super::{
    row::Column,
    schema::{Geo, IndexedField, Numeric, NumericValue, Tag, Text},
    value::{GeoPoint, TagValue},
};
use crate::{
    command::option::{Checked, OptionField, WordSink},
    key::Field,
};
use std::marker::PhantomData;

/// A value of each row of an aggregation over documents `D` into rows `R`: an indexed field, a column, or a constant of
/// [`HashFields`](derive@crate::HashFields) for a field that is not indexed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no field of `{D}` and no column of `{R}`",
    label = "expected a field or a column of this aggregation",
    note = "take a field of the document, as in `Product::FIELDS.price`, or a column of the row, as in `Facet::COLUMNS.count`"
)]
pub trait Property<D, R> {
    /// Returns the name, as expressions have it.
    fn property(&self) -> String;
}

impl<D, R, K, S> Property<D, R> for IndexedField<D, K, S> {
    fn property(&self) -> String {
        format!("@{}", self.name())
    }
}
impl<D, R, V> Property<D, R> for Field<D, V> {
    fn property(&self) -> String {
        format!("@{}", self.name())
    }
}
impl<D, R, T> Property<D, R> for Column<R, T> {
    fn property(&self) -> String {
        format!("@{}", self.name())
    }
}

/// No property, for a reducer that takes none.
#[derive(Clone, Copy, Debug)]
pub struct NoProperty;

impl<D, R> Property<D, R> for NoProperty {
    fn property(&self) -> String {
        String::new()
    }
}

/// The type of a property's values.
pub trait PropertyValue {
    /// The type.
    type Value;
}

impl<D, S> PropertyValue for IndexedField<D, Text, S> {
    type Value = String;
}
impl<D, V: TagValue, S> PropertyValue for IndexedField<D, Tag<V>, S> {
    type Value = V;
}
impl<D, V, S> PropertyValue for IndexedField<D, Numeric<V>, S> {
    type Value = V;
}
impl<D, S> PropertyValue for IndexedField<D, Geo, S> {
    type Value = GeoPoint;
}
impl<D, V> PropertyValue for Field<D, V> {
    type Value = V;
}
impl<R, T> PropertyValue for Column<R, T> {
    type Value = T;
}

/// The value of a reducer that counts.
#[derive(Debug)]
pub struct Count;

/// The value of a reducer that computes a number, which is not a number where there is nothing to compute it from.
#[derive(Debug)]
pub struct Real;

/// The value of a reducer that takes one of the values `V`, if there is one.
#[derive(Debug)]
pub struct One<V>(PhantomData<fn() -> V>);

/// The value of a reducer that lists values `V`.
#[derive(Debug)]
pub struct Several<V>(PhantomData<fn() -> V>);

/// A type of column that holds what a reducer computes.
#[diagnostic::on_unimplemented(
    message = "a column of the type `{Self}` does not hold a `{T}`, which the reducer computes",
    label = "the column is of another type",
    note = "a `Count` is held by an integer, a `Real` by `f64` or `Option<f64>`, a `One<V>` by `V` or `Option<V>`, a `Several<V>` by `Vec<V>`"
)]
pub trait Holds<T> {}

macro_rules! holds {
    ($($column:ty: $value:ty;)*) => { $(impl Holds<$value> for $column {})* };
}
holds! {
    u64: Count;
    usize: Count;
    u32: Count;
    i64: Count;
    f64: Count;
    f64: Real;
    f32: Real;
    Option<f64>: Real;
}
impl<V> Holds<One<V>> for V {}
impl<V> Holds<One<V>> for Option<V> {}
impl<V> Holds<Several<V>> for Vec<V> {}

/// A function over the rows of a group (REDUCE), which computes a `T` from the property `P`.
#[derive(Clone, Copy, Debug)]
pub struct Reducer<T, P = NoProperty> {
    function: &'static str,
    property: P,
    argument: ReducerArgument,
    of: PhantomData<fn() -> T>,
}

#[derive(Clone, Copy, Debug)]
enum ReducerArgument {
    None,
    Quantile(f64),
    Sample(u32),
    By(&'static str, &'static str),
}

impl Reducer<Count> {
    /// Counts the rows.
    pub fn count() -> Self {
        Reducer { function: "COUNT", property: NoProperty, argument: ReducerArgument::None, of: PhantomData }
    }
}

macro_rules! reducers {
    ($($(#[$doc:meta])* $method:ident = $function:literal of $value:ty $(where $bound:ident)?;)*) => {$(
        $(#[$doc])*
        pub fn $method(property: P) -> Reducer<$value, P>
        $(where P::Value: $bound)?
        {
            Reducer { function: $function, property, argument: ReducerArgument::None, of: PhantomData }
        }
    )*};
}

impl<P: PropertyValue> Reducer<(), P> {
    reducers! {
        /// Counts the distinct values.
        count_distinct = "COUNT_DISTINCT" of Count;
        /// Estimates the number of distinct values, with less memory.
        count_distinctish = "COUNT_DISTINCTISH" of Count;
        /// Adds up the numbers.
        sum = "SUM" of Real where NumericValue;
        /// Takes the smallest number.
        min = "MIN" of Real where NumericValue;
        /// Takes the greatest number.
        max = "MAX" of Real where NumericValue;
        /// Computes the mean of the numbers.
        avg = "AVG" of Real where NumericValue;
        /// Computes the standard deviation of the numbers.
        stddev = "STDDEV" of Real where NumericValue;
        /// Lists the distinct values.
        tolist = "TOLIST" of Several<P::Value>;
        /// Takes the value of the first row.
        first_value = "FIRST_VALUE" of One<P::Value>;
    }

    /// Estimates the number below which a part of the numbers are: `quantile(p.price, 0.5)` is the median.
    pub fn quantile(property: P, part: f64) -> Reducer<Real, P>
    where
        P::Value: NumericValue,
    {
        Reducer { function: "QUANTILE", property, argument: ReducerArgument::Quantile(part), of: PhantomData }
    }

    /// Takes the value of the row with the smallest value of another field (FIRST_VALUE BY ASC).
    pub fn first_value_asc<D, K, S>(property: P, by: IndexedField<D, K, S>) -> Reducer<One<P::Value>, P> {
        let argument = ReducerArgument::By(by.schema().name(), "ASC");
        Reducer { function: "FIRST_VALUE", property, argument, of: PhantomData }
    }

    /// Takes the value of the row with the greatest value of another field (FIRST_VALUE BY DESC).
    pub fn first_value_desc<D, K, S>(property: P, by: IndexedField<D, K, S>) -> Reducer<One<P::Value>, P> {
        let argument = ReducerArgument::By(by.schema().name(), "DESC");
        Reducer { function: "FIRST_VALUE", property, argument, of: PhantomData }
    }

    /// Lists the values of so many rows by chance.
    pub fn random_sample(property: P, size: u32) -> Reducer<Several<P::Value>, P> {
        Reducer { function: "RANDOM_SAMPLE", property, argument: ReducerArgument::Sample(size), of: PhantomData }
    }
}

impl<T, P> Reducer<T, P> {
    pub(super) fn reduced<D, R>(&self) -> Reduced
    where
        P: Property<D, R>,
    {
        Reduced { function: self.function, property: self.property.property(), argument: self.argument }
    }
}

/// A reducer on the wire.
#[derive(Clone, Debug)]
pub(super) struct Reduced {
    function: &'static str,
    property: String,
    argument: ReducerArgument,
}

impl OptionField for Reduced {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        out.word(word);
        out.argument(self.function);
        let property = usize::from(!self.property.is_empty());
        out.argument(&match self.argument {
            ReducerArgument::None => property,
            ReducerArgument::Quantile(_) | ReducerArgument::Sample(_) => 2,
            ReducerArgument::By(..) => 4,
        });
        if property > 0 {
            out.argument(&*self.property);
        }
        match self.argument {
            ReducerArgument::None => {}
            ReducerArgument::Quantile(part) => {
                let outside = Some("a quantile is from 0 to 1").filter(|_| !(0.0..=1.0).contains(&part));
                out.argument(&Checked(part, outside));
            }
            ReducerArgument::Sample(size) => {
                let none = Some("a sample has at least one value").filter(|_| size == 0);
                out.argument(&Checked(size, none));
            }
            ReducerArgument::By(field, direction) => {
                out.argument("BY");
                out.argument(&*format!("@{field}"));
                out.argument(direction);
            }
        }
    }
}
