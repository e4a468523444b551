//! Names such as `"{{{user}}}:cart"`, written as for `format!`: parameters in braces, braces doubled.

use std::collections::HashSet;

/// A name, part by part.
#[derive(Debug, PartialEq)]
pub(crate) struct Template(pub(crate) Vec<Part>);

#[derive(Debug, PartialEq)]
pub(crate) enum Part {
    Text(String),
    Parameter(String, Place),
}

/// Where a parameter stands, which says what its text must not have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Place {
    /// Where it cannot do anything to a hash tag.
    Free,
    BeforeTag,
    InTag,
}

impl Template {
    pub(crate) fn parse(name: &str) -> Result<Template, &'static str> {
        let mut template = Template(parts(name)?);
        template.place()?;
        Ok(template)
    }

    pub(crate) fn parameters(&self) -> HashSet<&str> {
        let names = self.0.iter().filter_map(|part| match part {
            Part::Parameter(name, _) => Some(&**name),
            Part::Text(_) => None,
        });
        names.collect()
    }

    /// The name with `show` of each parameter.
    pub(crate) fn with(&self, show: impl Fn(&str) -> String) -> String {
        let text = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Parameter(name, _) => show(name),
        };
        self.0.iter().map(text).collect()
    }

    /// Finds the hash tag, and where the parameters stand to it.
    fn place(&mut self) -> Result<(), &'static str> {
        let opens = |part: &Part| matches!(part, Part::Text(text) if text.contains('{'));
        let mut place = if self.0.iter().any(opens) { Place::BeforeTag } else { Place::Free };
        let mut filled = false;
        for part in &mut self.0 {
            match part {
                Part::Parameter(_, own) => {
                    *own = place;
                    filled |= place == Place::InTag;
                }
                Part::Text(text) => pass(text, &mut place, &mut filled)?,
            }
        }
        if place == Place::InTag { Err(UNCLOSED_TAG) } else { Ok(()) }
    }
}

/// Goes on to the next place at each brace of the tag.
fn pass(mut text: &str, place: &mut Place, filled: &mut bool) -> Result<(), &'static str> {
    if *place == Place::BeforeTag {
        let Some((_, rest)) = text.split_once('{') else { return Ok(()) };
        (text, *place) = (rest, Place::InTag);
    }
    if *place == Place::InTag {
        let tag = text.split_once('}').map_or(text, |(tag, _)| tag);
        *filled |= !tag.is_empty();
        if tag.len() < text.len() {
            *place = Place::Free;
            return if *filled { Ok(()) } else { Err(EMPTY_TAG) };
        }
    }
    Ok(())
}

fn parts(name: &str) -> Result<Vec<Part>, &'static str> {
    let (mut parts, mut text, mut rest) = (Vec::new(), String::new(), name);
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
        parts.push(Part::Parameter(parameter.to_owned(), Place::Free));
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

    fn places(name: &str) -> Vec<Place> {
        let place = |part| if let Part::Parameter(_, place) = part { Some(place) } else { None };
        Template::parse(name).unwrap().0.into_iter().filter_map(place).collect()
    }

    #[test]
    fn names_are_written_as_for_format() {
        assert_eq!(shown("a:{id}:b{other}"), Ok("a:<id>:b<other>".to_owned()));
        assert_eq!(shown("{{{user}}}:cart"), Ok("{<user>}:cart".to_owned()));
        assert_eq!(shown("}}{id}"), Ok("}<id>".to_owned()));
        assert_eq!(shown(""), Ok(String::new()));
        for (name, words) in [
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
            assert_eq!(shown(name), Err(words), "{name}");
        }
    }

    #[test]
    fn each_parameter_knows_where_it_stands_to_the_tag() {
        use Place::*;
        assert_eq!(places("{a}:{b}"), [Free, Free]);
        assert_eq!(places("{a}{{{b}:{c}}}{d}"), [BeforeTag, InTag, InTag, Free]);
        assert_eq!(places("{{x}}{a}"), [Free]);
        assert_eq!(places("}}{a}{{x}}"), [BeforeTag]);
    }
}
