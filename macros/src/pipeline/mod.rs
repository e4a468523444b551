//! `pipeline!`: a block of commands to method calls.

mod ast;
mod command;
mod expand;
mod find;
mod hygiene;
mod immediate;
mod lint;
mod literal_keys;
mod literal_slots;
mod named_replies;
mod parse;
mod recover;
mod segments;
mod validate;

use crate::{crate_path::CratePath, errors::Errors};
use proc_macro2::TokenStream;

pub(crate) fn pipeline(input: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let (crate_path, body) = CratePath::split_off(input);
    let body = parse::parse(body, &mut errors);
    let plan = validate::validate(body, &mut errors);
    expand::expand(&crate_path, &plan, &errors)
}

#[cfg(test)]
mod tests;
