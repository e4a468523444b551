//! Options whose types say which of them were given: what changes the reply, and what excludes another option.

use super::flag::Introduced;
use crate::version::{Since, version_index};
#[cfg(test)]
use crate::{
    argument::Arguments,
    resp::{Name, Writer, encoded_len},
};

/// An option that was not given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unset;

/// An option that was given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IsSet;

/// An option that may still be given: neither it nor one that excludes it was.
#[diagnostic::on_unimplemented(
    message = "this option contradicts `{Self}`, which was given before it",
    label = "excluded by an earlier option",
    note = "of options that exclude each other, give one: NX or XX, GT or LT, one expiry, one order"
)]
pub trait IsUnset {}
#[diagnostic::do_not_recommend]
impl IsUnset for Unset {}

impl Introduced for Unset {
    type Since = Since<{ version_index("1.0.0") }>;
}

/// Encodes options as a command of their own and returns the words; the number of words must be the one announced.
#[cfg(test)]
pub(crate) fn words(options: &(impl Arguments + ?Sized)) -> String {
    const NAME: Name<{ encoded_len("NAME") }> = Name::new("NAME");
    let mut out = Writer::default();
    out.command(&NAME, options.count());
    options.write_all(&mut out);
    out.end("NAME");
    assert_eq!(out.fault(), None);
    let encoded = String::from_utf8(out.into_bytes()).expect("the words are text");
    let words: Vec<_> = encoded.split("\r\n").skip(2).step_by(2).skip(1).collect();
    words.join(" ")
}
