//! JSON documents as Rust values: their text, and every type of serde with the feature `serde`.

use super::text::{Elements, Members, is_one_value};
use crate::{
    argument::{Argument, Arguments},
    command::option::{OptionField, WordSink},
    reply::FromReply,
    resp::{DecodeError, Reader, Writer},
};
use std::{collections::BTreeMap, fmt};

/// JSON as text, which is neither read nor made by typedis.
///
/// ```
/// use typedis::commands::json::RawJson;
///
/// let json = RawJson::new(r#"{"name": "Ada"}"#);
/// assert_eq!(json.as_str(), r#"{"name": "Ada"}"#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RawJson(Box<str>);

impl RawJson {
    /// Makes JSON of its text. The server refuses what is no JSON.
    pub fn new(text: impl Into<Box<str>>) -> Self {
        RawJson(text.into())
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A value that is written as JSON: [`RawJson`], and with the feature `serde` every type that is `serde::Serialize`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be written as JSON",
    label = "neither `RawJson` nor, with the feature `serde`, a type with `Serialize`",
    note = "turn on the feature `serde` and write `#[derive(serde::Serialize)]` on the type, or pass `RawJson::new(text)`"
)]
pub trait ToJson {
    /// Writes the value as one argument.
    #[doc(hidden)]
    fn write_json(&self, out: &mut Writer);
}

/// A value that is read from JSON: [`RawJson`], and with the feature `serde` every type that is `serde::Deserialize` and borrows
/// nothing.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from JSON",
    label = "neither `RawJson` nor, with the feature `serde`, a type with `Deserialize`",
    note = "turn on the feature `serde` and write `#[derive(serde::Deserialize)]` on the type, or read a `RawJson`"
)]
pub trait FromJson: Sized {
    /// Reads the value from the text of one JSON value.
    #[doc(hidden)]
    fn from_json(text: &str) -> Result<Self, DecodeError>;
}

impl ToJson for RawJson {
    fn write_json(&self, out: &mut Writer) {
        if !is_one_value(&self.0) {
            out.reject(
                "the text is not one JSON value: a string, a bracket or a brace is not closed, or nothing is there",
            );
        }
        out.bulk(self.0.as_bytes());
    }
}

impl ToJson for &RawJson {
    fn write_json(&self, out: &mut Writer) {
        (**self).write_json(out);
    }
}

impl FromJson for RawJson {
    fn from_json(text: &str) -> Result<Self, DecodeError> {
        Ok(RawJson(text.into()))
    }
}

#[cfg(feature = "serde")]
#[diagnostic::do_not_recommend]
impl<T: serde::Serialize> ToJson for T {
    fn write_json(&self, out: &mut Writer) {
        match serde_json::to_vec(self) {
            Ok(json) => out.bulk(&json),
            Err(_) => {
                out.reject("the value has no JSON form: its `Serialize` failed, or a key of a map is no text");
                out.bulk(b"");
            }
        }
    }
}

#[cfg(feature = "serde")]
#[diagnostic::do_not_recommend]
impl<T: serde::de::DeserializeOwned> FromJson for T {
    fn from_json(text: &str) -> Result<Self, DecodeError> {
        serde_json::from_str(text)
            .map_err(|error| DecodeError::mismatch("JSON of this type", format!("no such JSON ({error})")))
    }
}

/// A value on the wire, as JSON.
pub(crate) struct AsJson<'a, V: ?Sized>(pub(crate) &'a V);

impl<V: ToJson + ?Sized> Argument for AsJson<'_, V> {
    fn write(&self, out: &mut Writer) {
        self.0.write_json(out);
    }
}
impl<V: ToJson + ?Sized> Arguments for AsJson<'_, V> {
    type Item = Self;
    fn count(&self) -> usize {
        1
    }
    fn write_all(&self, out: &mut Writer) {
        self.write(out);
    }
}
impl<V: ToJson + ?Sized> OptionField for AsJson<'_, V> {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        out.word(word);
        out.argument(self);
    }
}

/// Several values on the wire, each as JSON; there must be one.
pub(crate) struct EachAsJson<'a, V>(pub(crate) &'a [V]);

impl<V: ToJson> Arguments for EachAsJson<'_, V> {
    type Item = Self;
    fn count(&self) -> usize {
        self.0.len()
    }
    fn write_all(&self, out: &mut Writer) {
        if self.0.is_empty() {
            out.reject("no value where the command needs at least one; leave the command out");
        }
        self.0.iter().for_each(|value| value.write_json(out));
    }
}

/// Text on the wire, as a JSON string.
pub(crate) struct Quoted<'a>(pub(crate) &'a str);

impl Arguments for Quoted<'_> {
    type Item = Self;
    fn count(&self) -> usize {
        1
    }
    fn write_all(&self, out: &mut Writer) {
        let mut json = String::with_capacity(self.0.len() + 2);
        json.push('"');
        for letter in self.0.chars() {
            match letter {
                '"' | '\\' => json.extend(['\\', letter]),
                '\0'..='\x1f' => json.push_str(&format!("\\u{:04x}", u32::from(letter))),
                _ => json.push(letter),
            }
        }
        json.push('"');
        out.bulk(json.as_bytes());
    }
}

/// The shape of one JSON value as text.
#[derive(Debug)]
pub struct JsonText;

impl<T: FromJson> FromReply<JsonText> for T {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        T::from_json(reader.text()?)
    }
}

/// The shape of a JSON object as text, with an array of matches for each of several paths.
#[derive(Debug)]
pub struct JsonByPath;

impl<T: FromJson> FromReply<JsonByPath> for BTreeMap<String, Vec<T>> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let matches =
            |text| -> Result<_, DecodeError> { Elements::of(text)?.map(|element| T::from_json(element?)).collect() };
        Members::of(reader.text()?)?.map(|member| member.and_then(|(path, text)| Ok((path, matches(text)?)))).collect()
    }
}

/// The shape of a JSON array as text, with one element for each match of a path.
#[derive(Debug)]
pub struct JsonMatches;

impl<T: FromJson> FromReply<JsonMatches> for Vec<T> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Elements::of(reader.text()?)?.map(|element| T::from_json(element?)).collect()
    }
}
