//! `keyspace!`: a schema of keys to constants and functions.

mod expand;
mod parse;
mod template;
mod validate;

use crate::Mistakes;
use proc_macro2::TokenStream;

pub(crate) fn keyspace(input: TokenStream) -> TokenStream {
    let mut mistakes = Mistakes::default();
    let entries = parse::parse(input, &mut mistakes);
    let keys = validate::validate(entries, &mut mistakes);
    expand::expand(&keys, &mistakes)
}

#[cfg(test)]
mod tests;
