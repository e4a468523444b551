//! Paths into JSON documents.

use crate::{
    argument::{Argument, Arguments},
    command::option::{OptionField, WordSink, arguments},
    resp::Writer,
};
use std::{borrow::Cow, fmt};

/// A path into a JSON document, which begins with `$`, the document itself.
///
/// Steps that are names are quoted, so that any text is a name. Of a path as text the beginning is checked before it is sent; the
/// module reads the rest.
///
/// ```
/// use typedis::commands::json::Path;
///
/// assert_eq!(Path::ROOT.field("items").each().field("price \"net\"").to_string(), r#"$["items"][*]['price "net"']"#);
/// assert_eq!(Path::ROOT.field("items").index(-1), Path::new(r#"$["items"][-1]"#));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path(Cow<'static, str>);

impl Path {
    /// The document itself.
    pub const ROOT: Path = Path(Cow::Borrowed("$"));

    /// Makes a path of its text, such as `$.items[0].price`. A command with a path that does not begin with `$` is an
    /// [`Error::Argument`](crate::Error::Argument) before anything is sent.
    pub fn new(text: impl Into<Cow<'static, str>>) -> Self {
        Path(text.into())
    }

    /// Goes on to the member `name` of an object.
    ///
    /// Any name is found that way. A member that JSON.SET *adds* gets a backslash too many in the module where its name has a
    /// backslash, or both kinds of quotes; set the whole object, or merge one, for such a name.
    pub fn field(self, name: &str) -> Self {
        // Each quote in quotes of the other kind, which need no backslash.
        let quote = if name.contains('"') && !name.contains('\'') { '\'' } else { '"' };
        let mut quoted = String::with_capacity(name.len());
        for letter in name.chars() {
            if letter == quote || letter == '\\' {
                quoted.push('\\');
            }
            quoted.push(letter);
        }
        self.then(format_args!("[{quote}{quoted}{quote}]"))
    }

    /// Goes on to the element at `index` of an array; negative indexes count from the end.
    pub fn index(self, index: i64) -> Self {
        self.then(format_args!("[{index}]"))
    }

    /// Goes on to every element of an array, or every member of an object.
    pub fn each(self) -> Self {
        self.then(format_args!("[*]"))
    }

    fn then(self, step: fmt::Arguments<'_>) -> Self {
        Path(format!("{}{step}", self.0).into())
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A path for the commands on JSON: a [`Path`], or text that begins with `$`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a JSON path",
    label = "expected text such as \"$.name\", or a `Path`"
)]
pub trait JsonPath {
    /// Returns the path as text.
    fn text(&self) -> &str;
}

impl JsonPath for Path {
    fn text(&self) -> &str {
        &self.0
    }
}
impl JsonPath for str {
    fn text(&self) -> &str {
        self
    }
}
impl JsonPath for String {
    fn text(&self) -> &str {
        self
    }
}
#[diagnostic::do_not_recommend]
impl<P: JsonPath + ?Sized> JsonPath for &P {
    fn text(&self) -> &str {
        (**self).text()
    }
}

/// Several paths for one command: an array, a slice or a `Vec` of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not made of JSON paths",
    label = "expected an array, slice or `Vec` of paths, such as `[\"$.name\", \"$.price\"]`"
)]
pub trait JsonPaths {
    /// Returns the paths as text.
    fn texts(&self) -> impl ExactSizeIterator<Item = &str>;
}

macro_rules! several_paths {
    ($([$($generics:tt)*] $type:ty),*) => {$(
        impl<P: JsonPath, $($generics)*> JsonPaths for $type {
            fn texts(&self) -> impl ExactSizeIterator<Item = &str> {
                self.iter().map(JsonPath::text)
            }
        }
    )*};
}
several_paths!([] [P], [const N: usize] [P; N], [] Vec<P>);

#[diagnostic::do_not_recommend]
impl<P: JsonPaths + ?Sized> JsonPaths for &P {
    fn texts(&self) -> impl ExactSizeIterator<Item = &str> {
        (**self).texts()
    }
}

/// Several paths on the wire. One alone is sent twice, because the module answers one path in another shape.
pub(crate) struct Paths<'a, P>(pub(crate) &'a P);

impl<P: JsonPaths> Arguments for Paths<'_, P> {
    type Item = Self;
    fn count(&self) -> usize {
        self.0.texts().len().max(2)
    }
    fn write_all(&self, out: &mut Writer) {
        let texts = || self.0.texts().map(Checked);
        match texts().len() {
            0 => out.reject("no path where the command needs at least one; leave the command out"),
            1 => texts().chain(texts()).for_each(|path| path.write(out)),
            _ => texts().for_each(|path| path.write(out)),
        }
    }
}

/// A path on the wire, with the check that it is not one of the module's old syntax, whose replies have other shapes.
pub(crate) struct Checked<'a>(pub(crate) &'a str);

impl Argument for Checked<'_> {
    fn write(&self, out: &mut Writer) {
        let is_path =
            self.0.strip_prefix('$').is_some_and(|steps| matches!(steps.bytes().next(), None | Some(b'.' | b'[')));
        if !is_path {
            out.reject("a JSON path begins with `$`, such as `$`, `$.name` or `$[0]`");
        }
        out.bulk(self.0.as_bytes());
    }
}
impl OptionField for Checked<'_> {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        out.word(word);
        out.argument(self);
    }
}
arguments!(['a] Checked<'a>);

/// Makes the checked form of a path.
pub(crate) fn at<P: JsonPath + ?Sized>(path: &P) -> Checked<'_> {
    Checked(path.text())
}
