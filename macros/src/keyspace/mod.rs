//! `keyspace!`: a schema of keys to constants and functions.

mod expand;
mod parse;
mod template;
mod validate;

use crate::{CratePath, Mistakes};
use proc_macro2::TokenStream;

pub(crate) fn keyspace(input: TokenStream) -> TokenStream {
    let mut mistakes = Mistakes::default();
    let (crate_path, entries) = CratePath::split_off(input);
    let entries = parse::parse(entries, &mut mistakes);
    let keys = validate::validate(entries, &mut mistakes);
    expand::expand(&crate_path, &keys, &mistakes)
}

#[cfg(test)]
mod tests;
