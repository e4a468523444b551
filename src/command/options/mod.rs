//! Options whose types say which of them were given: what changes the reply, and what excludes another option.

mod hashes;
mod keys;
mod lists;
mod server;
mod sets;
mod sorted_sets;
mod strings;

#[allow(unused_imports)]
pub use {hashes::*, keys::*, lists::*, server::*, sets::*, sorted_sets::*, strings::*};

/// An option that was not given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unset;

/// An option that was given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Given;

/// An option that may still be given: neither it nor one that excludes it was.
#[diagnostic::on_unimplemented(
    message = "this option was given already, or contradicts one that was",
    label = "excluded by an earlier option",
    note = "of options that exclude each other, such as NX and XX, give one"
)]
pub trait Free {}
impl Free for Unset {}
