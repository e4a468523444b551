//! Options whose types say which of them were given: what changes the reply, and what excludes another option.

use super::flag::Introduced;
use crate::version::{Since, version_index};

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
