//! Names of keys that are built at run time, for the families of [`keyspace!`](crate::keyspace).

use super::{in_slot::InSlot, key::Key, kind::Kind};
use std::fmt::{Display, Write};

/// For `keyspace!`: makes a key of a constant name.
pub const fn constant<K: Kind>(name: &'static str) -> Key<K> {
    Key::new(name)
}

/// For `keyspace!`: makes a key of a constant name with a hash tag of the slot `SLOT`.
pub const fn constant_in_slot<K: Kind, const SLOT: u16>(name: &'static str) -> Key<K, InSlot<SLOT>> {
    Key::in_slot(name)
}

/// For `keyspace!`: builds the name of one key of a family, part by part.
///
/// A parameter that would move the key to another slot than the declaration says is recorded as the reason for which the
/// command that takes the key is refused.
#[derive(Debug, Default)]
pub struct KeyTemplate {
    name: String,
    rejection: Option<&'static str>,
    has_tag: bool,
}

const NOT_DISPLAYED: &str = "a parameter of the key cannot be displayed: its `Display` failed";
const OPENS_A_TAG: &str =
    "a parameter of the key has a `{` in it, which would begin a hash tag before the declared one";
const CLOSES_THE_TAG: &str = "a parameter of the key has a `}` in it, which would end the hash tag early";
const EMPTY_TAG: &str = "the hash tag of the key is empty, so that it would keep no keys together";
const EMPTY: &str = "the name of the key is empty";

impl KeyTemplate {
    /// Adds text of the declaration.
    pub fn text(mut self, text: &str) -> Self {
        self.name.push_str(text);
        self
    }

    /// Adds a parameter that may be any text.
    pub fn parameter(mut self, value: impl Display) -> Self {
        if write!(self.name, "{value}").is_err() {
            self.reject(NOT_DISPLAYED);
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
            self.reject(EMPTY_TAG);
        }
        if self.name.is_empty() {
            self.reject(EMPTY);
        }
        Key::checked(self.name, self.rejection)
    }

    fn without(self, brace: char, rejection: &'static str, value: impl Display) -> Self {
        let start = self.name.len();
        let mut template = self.parameter(value);
        if template.name[start..].contains(brace) {
            template.reject(rejection);
        }
        template
    }

    /// Records why no command may take the key; the first reason stays.
    fn reject(&mut self, rejection: &'static str) {
        self.rejection.get_or_insert(rejection);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::Str;
    use std::fmt;

    fn rejection(template: KeyTemplate) -> Option<&'static str> {
        template.key::<Str<i64>>().rejection
    }

    #[test]
    fn a_brace_is_refused_only_where_it_would_move_the_tag() {
        assert_eq!(rejection(KeyTemplate::default().text("{").in_tag("a{b").text("}:").parameter("{}")), None);
        assert_eq!(rejection(KeyTemplate::default().text("{").in_tag("a}b").text("}")), Some(CLOSES_THE_TAG));
        assert_eq!(rejection(KeyTemplate::default().before_tag("a}").text("{tag}")), None);
        assert_eq!(rejection(KeyTemplate::default().before_tag("a{").text("{tag}")), Some(OPENS_A_TAG));
        assert_eq!(rejection(KeyTemplate::default().parameter("{a}b")), None);
    }

    #[test]
    fn nothing_between_the_braces_is_refused() {
        assert_eq!(rejection(KeyTemplate::default().text("{").in_tag("").text("}:cart")), Some(EMPTY_TAG));
        assert_eq!(rejection(KeyTemplate::default().text("{").in_tag("").in_tag(1).text("}:cart")), None);
        assert_eq!(rejection(KeyTemplate::default().parameter("")), Some(EMPTY));
    }

    struct Broken;

    impl Display for Broken {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            Err(fmt::Error)
        }
    }

    #[test]
    fn a_parameter_that_cannot_be_displayed_is_refused_and_does_not_panic() {
        assert_eq!(rejection(KeyTemplate::default().text("a:").parameter(Broken)), Some(NOT_DISPLAYED));
    }
}
