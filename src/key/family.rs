//! Names of keys that are put together at run time, for the families of [`keyspace!`](crate::keyspace).

use super::{Key, Kind};
use std::fmt::{Display, Write};

/// For `keyspace!`: a key of a constant name.
pub const fn constant<K: Kind>(name: &'static str) -> Key<K> {
    Key::new(name)
}

/// For `keyspace!`: the name of one key of a family, part by part.
///
/// What would put the key on another slot than the declaration says is remembered, and refused by the command that is
/// given the key.
#[derive(Debug, Default)]
pub struct Family {
    name: String,
    fault: Option<&'static str>,
    has_tag: bool,
}

const NOT_DISPLAYED: &str = "a parameter of the key cannot be displayed: its `Display` failed";
const OPENS_A_TAG: &str =
    "a parameter of the key has a `{` in it, which would begin a hash tag before the declared one";
const CLOSES_THE_TAG: &str = "a parameter of the key has a `}` in it, which would end the hash tag early";
const EMPTY_TAG: &str = "the hash tag of the key is empty, so that it would keep no keys together";
const EMPTY: &str = "the name of the key is empty";

impl Family {
    /// Adds what stands in the declaration.
    pub fn text(mut self, text: &str) -> Self {
        self.name.push_str(text);
        self
    }

    /// Adds a parameter that may be any text.
    pub fn parameter(mut self, value: impl Display) -> Self {
        if write!(self.name, "{value}").is_err() {
            self.refuse(NOT_DISPLAYED);
        }
        self
    }

    /// Adds a parameter that stands before the hash tag.
    pub fn before_tag(self, value: impl Display) -> Self {
        self.without('{', OPENS_A_TAG, value)
    }

    /// Adds a parameter that stands in the hash tag.
    pub fn in_tag(mut self, value: impl Display) -> Self {
        self.has_tag = true;
        self.without('}', CLOSES_THE_TAG, value)
    }

    /// Makes the key.
    pub fn key<K: Kind>(mut self) -> Key<K, String> {
        if self.has_tag && self.name.split_once('{').is_some_and(|(_, tag)| tag.starts_with('}')) {
            self.refuse(EMPTY_TAG);
        }
        if self.name.is_empty() {
            self.refuse(EMPTY);
        }
        Key { fault: self.fault, ..Key::named(self.name) }
    }

    fn without(self, brace: char, fault: &'static str, value: impl Display) -> Self {
        let start = self.name.len();
        let mut family = self.parameter(value);
        if family.name[start..].contains(brace) {
            family.refuse(fault);
        }
        family
    }

    /// The first fault is the one to tell.
    fn refuse(&mut self, fault: &'static str) {
        self.fault.get_or_insert(fault);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::Str;
    use std::fmt;

    fn fault(family: Family) -> Option<&'static str> {
        family.key::<Str<i64>>().fault
    }

    #[test]
    fn a_brace_is_refused_only_where_it_would_move_the_tag() {
        assert_eq!(fault(Family::default().text("{").in_tag("a{b").text("}:").parameter("{}")), None);
        assert_eq!(fault(Family::default().text("{").in_tag("a}b").text("}")), Some(CLOSES_THE_TAG));
        assert_eq!(fault(Family::default().before_tag("a}").text("{tag}")), None);
        assert_eq!(fault(Family::default().before_tag("a{").text("{tag}")), Some(OPENS_A_TAG));
        assert_eq!(fault(Family::default().parameter("{a}b")), None);
    }

    #[test]
    fn nothing_between_the_braces_is_refused() {
        assert_eq!(fault(Family::default().text("{").in_tag("").text("}:cart")), Some(EMPTY_TAG));
        assert_eq!(fault(Family::default().text("{").in_tag("").in_tag(1).text("}:cart")), None);
        assert_eq!(fault(Family::default().parameter("")), Some(EMPTY));
    }

    struct Broken;

    impl Display for Broken {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            Err(fmt::Error)
        }
    }

    #[test]
    fn a_parameter_that_cannot_be_displayed_is_refused_and_does_not_panic() {
        assert_eq!(fault(Family::default().text("a:").parameter(Broken)), Some(NOT_DISPLAYED));
    }
}
