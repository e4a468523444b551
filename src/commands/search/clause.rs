//! The conditions that indexed fields make: words, tags, ranges of numbers, distances.

use super::{
    query::{Draft, Query},
    schema::{Geo, IndexedField, Numeric, NumericValue, Tag, Text, Vectors},
    text::{escaped, escaped_value, has_control, words_as},
    value::{TagValue, VectorValue},
};
use crate::{
    argument::ValueFor,
    command::option::Word,
    commands::geo::{Distance, Position},
};

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
        Query::of(Draft::words(words_as(words, &format!("@{}:{open}", escaped(self.name())), close, form)))
    }
}

const SEPARATED: &str = "no document has a tag with the separator of its field in it, where the server splits it";

impl<D, V: TagValue, S> IndexedField<D, Tag<V>, S> {
    /// Finds documents with this tag. A tag with the separator of the field in it, by default a comma, is an
    /// [`Error::Argument`](crate::Error::Argument): no document has it, since the server splits it where it is stored.
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
                Ok(Ok(tag)) if tag.trim_ascii().contains(self.separator()) => {
                    return Query::of(Draft::rejected(SEPARATED));
                }
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
        if beginning.contains(self.separator()) {
            return Query::of(Draft::rejected(SEPARATED));
        }
        if beginning.is_empty() || has_control(beginning) {
            return Query::of(Draft::rejected(
                "the beginning of a tag is text that is not empty and has no control characters but white space",
            ));
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
        let mut draft = Draft::one(format!("@{}:[VECTOR_RANGE {radius} ", escaped(self.name())));
        draft.push_value(vector.to_bytes());
        draft.text.push(']');
        Query::of(draft)
    }
}
