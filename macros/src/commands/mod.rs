//! The `commands!` macro: a table of commands, one row each, to marker types, facts and methods.
//!
//! - `ast`: the table as types.
//! - `parse`: tokens to a table; a broken row leaves the others whole.
//! - `facts`: the facts in braces at the end of a row.
//! - `validate`: what a row must not say, such as a wire name that would change the connection.
//! - `docs`: the line that rustdoc shows under each method.
//! - `expand`: the table to items.

mod ast;
mod docs;
mod expand;
mod facts;
mod parse;
#[cfg(test)]
mod tests;
mod validate;

use proc_macro2::TokenStream;

/// Expands a table, with an error beside the best expansion for each mistake in it.
pub(crate) fn commands(input: TokenStream) -> TokenStream {
    let mut errors = Vec::new();
    let Some(table) = parse::table(input, &mut errors) else {
        return errors.iter().map(syn::Error::to_compile_error).collect();
    };
    validate::validate(&table, &mut errors);
    let mut items = expand::expand(&table);
    items.extend(errors.iter().map(syn::Error::to_compile_error));
    items
}
