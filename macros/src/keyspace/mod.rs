//! `keyspace!`: a schema of keys to constants and functions.

mod ast;
mod expand;
mod parse;
mod template;
mod validate;

use crate::{crate_path::CratePath, errors::Errors};
use proc_macro2::TokenStream;

pub(crate) fn keyspace(input: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let (crate_path, entries) = CratePath::split_off(input);
    let entries = parse::parse(entries, &mut errors);
    let keys = validate::validate(entries, &mut errors);
    expand::expand(&crate_path, &keys, &errors)
}

#[cfg(test)]
mod tests;
