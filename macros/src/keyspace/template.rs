//! Templates of key names such as `"{{{user}}}:cart"`, written as for `format!`: parameters in braces, braces doubled.

use crate::slot::{hash_slot, hash_tag};
use std::collections::HashSet;

/// A name, parsed.
#[derive(Debug, PartialEq)]
pub(super) struct Template(pub(super) Vec<Part>);

#[derive(Debug, PartialEq)]
pub(super) enum Part {
    Text(String),
    Parameter(String, TagPosition),
}

/// The position of a parameter relative to the hash tag. It decides which brace the parameter's text must not have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum TagPosition {
    /// A position at which no text can change the hash tag.
    Free,
    BeforeTag,
    InTag,
}

impl Template {
    pub(super) fn parse(name: &str) -> Result<Template, &'static str> {
        let mut template = Template(parts(name)?);
        template.locate_parameters()?;
        Ok(template)
    }

    /// The slot of all keys of the template, if its hash tag has no parameter.
    pub(super) fn slot(&self) -> Option<u16> {
        if self.0.iter().any(|part| matches!(part, Part::Parameter(_, TagPosition::InTag))) {
            return None;
        }
        let text = self.with(|_| String::new());
        hash_tag(&text).map(hash_slot)
    }

    pub(super) fn parameters(&self) -> HashSet<&str> {
        let names = self.0.iter().filter_map(|part| match part {
            Part::Parameter(name, _) => Some(&**name),
            Part::Text(_) => None,
        });
        names.collect()
    }

    /// The name with `show` of each parameter.
    pub(super) fn with(&self, show: impl Fn(&str) -> String) -> String {
        let text = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Parameter(name, _) => show(name),
        };
        self.0.iter().map(text).collect()
    }

    /// Finds the hash tag, and the position of each parameter relative to it.
    fn locate_parameters(&mut self) -> Result<(), &'static str> {
        let opens = |part: &Part| matches!(part, Part::Text(text) if text.contains('{'));
        let mut position = if self.0.iter().any(opens) { TagPosition::BeforeTag } else { TagPosition::Free };
        let mut filled = false;
        for part in &mut self.0 {
            match part {
                Part::Parameter(_, own) => {
                    *own = position;
                    filled |= position == TagPosition::InTag;
                }
                Part::Text(text) => advance(text, &mut position, &mut filled)?,
            }
        }
        if position == TagPosition::InTag { Err(UNCLOSED_TAG) } else { Ok(()) }
    }
}

/// Moves on to the next position at each brace of the tag.
fn advance(mut text: &str, position: &mut TagPosition, filled: &mut bool) -> Result<(), &'static str> {
    if *position == TagPosition::BeforeTag {
        let Some((_, rest)) = text.split_once('{') else { return Ok(()) };
        text = rest;
        *position = TagPosition::InTag;
    }
    if *position == TagPosition::InTag {
        let tag = text.split_once('}').map_or(text, |(tag, _)| tag);
        *filled |= !tag.is_empty();
        if tag.len() < text.len() {
            *position = TagPosition::Free;
            return if *filled { Ok(()) } else { Err(EMPTY_TAG) };
        }
    }
    Ok(())
}

fn parts(name: &str) -> Result<Vec<Part>, &'static str> {
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut rest = name;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, braces) = rest.split_at(at);
        text.push_str(before);
        let (brace, behind) = braces.split_at(1);
        if let Some(behind) = behind.strip_prefix(brace) {
            text.push_str(brace);
            rest = behind;
            continue;
        }
        if brace == "}" {
            return Err(LONE_BRACE);
        }
        let (parameter, behind) = behind.split_once('}').ok_or(UNCLOSED)?;
        if syn::parse_str::<syn::Ident>(parameter).is_err() {
            return Err(NOT_A_PARAMETER);
        }
        parts.extend((!text.is_empty()).then(|| Part::Text(std::mem::take(&mut text))));
        parts.push(Part::Parameter(parameter.to_owned(), TagPosition::Free));
        rest = behind;
    }
    text.push_str(rest);
    parts.extend((!text.is_empty()).then_some(Part::Text(text)));
    Ok(parts)
}

const UNCLOSED: &str = "a `{` opens a parameter and has no `}`; a brace of the name itself is doubled: `{{`";

const LONE_BRACE: &str = "a `}` closes nothing; a brace of the name itself is doubled: `}}`";

const NOT_A_PARAMETER: &str = "between braces stands the name of a parameter and nothing else, such as `{id}`; \
    a brace of the name itself is doubled: `{{`";

const UNCLOSED_TAG: &str = "the hash tag that `{{` begins is never ended by `}}`";

const EMPTY_TAG: &str = "the hash tag is empty, so that it would keep no keys together: write `{{tag}}`, or `{{{id}}}` \
    for a parameter";

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(name: &str) -> Result<String, &'static str> {
        Template::parse(name).map(|template| template.with(|name| format!("<{name}>")))
    }

    fn positions(name: &str) -> Vec<TagPosition> {
        let position = |part| if let Part::Parameter(_, position) = part { Some(position) } else { None };
        Template::parse(name).unwrap().0.into_iter().filter_map(position).collect()
    }

    #[test]
    fn names_are_written_as_for_format() {
        assert_eq!(shown("a:{id}:b{other}"), Ok("a:<id>:b<other>".to_owned()));
        assert_eq!(shown("{{{user}}}:cart"), Ok("{<user>}:cart".to_owned()));
        assert_eq!(shown("}}{id}"), Ok("}<id>".to_owned()));
        assert_eq!(shown(""), Ok(String::new()));
        for (name, message) in [
            ("a{", UNCLOSED),
            ("a{id", UNCLOSED),
            ("a}b", LONE_BRACE),
            ("{}", NOT_A_PARAMETER),
            ("{id:05}", NOT_A_PARAMETER),
            ("{0}", NOT_A_PARAMETER),
            ("{{a", UNCLOSED_TAG),
            ("{{{id}", UNCLOSED_TAG),
            ("{{}}", EMPTY_TAG),
            ("{id}{{}}", EMPTY_TAG),
        ] {
            assert_eq!(shown(name), Err(message), "{name}");
        }
    }

    #[test]
    fn each_parameter_knows_its_position_relative_to_the_tag() {
        use TagPosition::*;
        assert_eq!(positions("{a}:{b}"), [Free, Free]);
        assert_eq!(positions("{a}{{{b}:{c}}}{d}"), [BeforeTag, InTag, InTag, Free]);
        assert_eq!(positions("{{x}}{a}"), [Free]);
        assert_eq!(positions("}}{a}{{x}}"), [BeforeTag]);
    }
}
