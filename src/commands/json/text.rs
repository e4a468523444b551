//! The elements of a JSON array and the members of an object in their text, without a parser: a path's matches come as one array,
//! and those of several paths as one object of arrays, whose elements the user's type reads.

use crate::resp::DecodeError;
use std::str::Chars;

/// The elements of a JSON array, each as its text.
pub(crate) struct Elements<'a> {
    rest: &'a str,
}

impl<'a> Elements<'a> {
    pub(crate) fn of(text: &'a str) -> Result<Self, DecodeError> {
        let inner = text.trim().strip_prefix('[').and_then(|text| text.strip_suffix(']'));
        inner.map(|inner| Elements { rest: inner.trim() }).ok_or_else(not_an_array)
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = Result<&'a str, DecodeError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let Some(end) = end_of_value(self.rest) else {
            self.rest = "";
            return Some(Err(not_an_array()));
        };
        let (element, behind) = self.rest.split_at(end);
        self.rest = behind.strip_prefix(',').unwrap_or(behind).trim_start();
        Some(Ok(element.trim()))
    }
}

/// The members of a JSON object, each as its name and the text of its value.
pub(crate) struct Members<'a> {
    rest: &'a str,
}

impl<'a> Members<'a> {
    pub(crate) fn of(text: &'a str) -> Result<Self, DecodeError> {
        let inner = text.trim().strip_prefix('{').and_then(|text| text.strip_suffix('}'));
        inner.map(|inner| Members { rest: inner.trim() }).ok_or_else(not_an_object)
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = Result<(String, &'a str), DecodeError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let member = string(self.rest).and_then(|(name, behind)| {
            let value = behind.trim_start().strip_prefix(':')?;
            let (value, behind) = value.split_at(end_of_value(value)?);
            self.rest = behind.strip_prefix(',').unwrap_or(behind).trim_start();
            Some((name, value.trim()))
        });
        if member.is_none() {
            self.rest = "";
        }
        Some(member.ok_or_else(not_an_object))
    }
}

fn not_an_object() -> DecodeError {
    DecodeError::mismatch("the matches of several paths", "no JSON object")
}

/// Reads the JSON string at the start of `text`, and returns what follows it.
fn string(text: &str) -> Option<(String, &str)> {
    let mut string = String::new();
    let mut letters = text.strip_prefix('"')?.chars();
    loop {
        match letters.next()? {
            '"' => return Some((string, letters.as_str())),
            '\\' => string.push(match letters.next()? {
                'b' => '\u{8}',
                'f' => '\u{c}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => escaped_letter(&mut letters)?,
                letter @ ('"' | '\\' | '/') => letter,
                _ => return None,
            }),
            letter => string.push(letter),
        }
    }
}

/// Reads the digits behind `\u`, of both halves where there are two.
fn escaped_letter(letters: &mut Chars<'_>) -> Option<char> {
    let first = unit(letters)?;
    let units = if (0xd800..0xdc00).contains(&first) {
        letters.next().filter(|letter| *letter == '\\')?;
        letters.next().filter(|letter| *letter == 'u')?;
        [first, unit(letters)?]
    } else {
        [first, 0]
    };
    char::decode_utf16(units).next()?.ok()
}

fn unit(letters: &mut Chars<'_>) -> Option<u16> {
    let mut unit = 0;
    for _ in 0..4 {
        unit = unit * 16 + letters.next()?.to_digit(16)?;
    }
    u16::try_from(unit).ok()
}

fn not_an_array() -> DecodeError {
    DecodeError::mismatch("the matches of a path", "no JSON array")
}

/// Returns whether the text is not empty, and closes what it opens.
pub(crate) fn is_one_value(text: &str) -> bool {
    !text.trim().is_empty() && end_of_value(text) == Some(text.len())
}

/// Returns the index of the first comma that is in no string, array or object, or the end of the text. `None` if something is not
/// closed, or closed that was not opened.
fn end_of_value(text: &str) -> Option<usize> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.checked_sub(1)?,
            b',' if depth == 0 => return Some(at),
            _ => {}
        }
    }
    (depth == 0 && !in_string).then_some(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn elements(text: &str) -> Option<Vec<&str>> {
        Elements::of(text).ok()?.collect::<Result<_, _>>().ok()
    }

    #[test]
    fn elements_end_at_the_commas_of_their_array() {
        assert_eq!(elements("[]").unwrap(), [""; 0]);
        assert_eq!(elements("[1, null ,2.5]").unwrap(), ["1", "null", "2.5"]);
        assert_eq!(
            elements(r#"[[1,2],{"a":[3,"]"]},"x,\"]y"]"#).unwrap(),
            ["[1,2]", r#"{"a":[3,"]"]}"#, r#""x,\"]y""#]
        );
        assert_eq!(elements(r#"["ü,ß","\\"]"#).unwrap(), [r#""ü,ß""#, r#""\\""#]);
    }

    #[test]
    fn members_have_names_without_escapes() {
        let members = |text| Members::of(text).ok()?.collect::<Result<Vec<_>, _>>().ok();
        let member = |name: &str, value| (name.to_owned(), value);
        assert_eq!(members("{}"), Some(vec![]));
        assert_eq!(
            members(r#"{"$.a" : [1,{"b":"}"}], "$[\"x\\y\"]":[],"\u00e4\ud83d\ude00\/":[null]}"#),
            Some(vec![member("$.a", r#"[1,{"b":"}"}]"#), member("$[\"x\\y\"]", "[]"), member("ä\u{1f600}/", "[null]")])
        );
        for text in
            ["", "{", "[]", "{a:1}", r#"{"a"}"#, r#"{"a":[}"#, r#"{"\ud83d":1}"#, r#"{"\u12":1}"#, r#"{"\x":1}"#]
        {
            assert_eq!(members(text), None, "{text:?}");
        }
    }

    #[test]
    fn broken_text_is_an_error_and_no_panic() {
        for text in ["", "[", "]", "1", "[\"]", "[[]", "[]]", "[1]]", "[{]"] {
            assert_eq!(elements(text), None, "{text:?}");
        }
        assert!(is_one_value(r#"{"a": "}"}"#) && is_one_value("null"));
        assert!(!is_one_value("") && !is_one_value("{") && !is_one_value("1,2") && !is_one_value("]["));
    }
}
