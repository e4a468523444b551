//! `commands!`: a table of commands, one row each, to marker types, facts and methods.
//!
//! - `kinds`: the kinds of key that a row can need.
//! - `ast`: the table as types.
//! - `facts`: the facts in braces at the end of a row.
//! - `parse`: tokens to a table; a broken row leaves the others whole.
//! - `validate`: statements that a row must not make, such as a wire name that would change the connection.
//! - `docs`: the line that rustdoc shows under each method.
//! - `servers`: the bound of a method on the servers that the client declares.
//! - `info`: the facts of a row as data.
//! - `expand`: the table to items.

mod ast;
mod docs;
mod expand;
mod facts;
mod info;
mod kinds;
mod parse;
mod servers;
#[cfg(test)]
mod tests;
mod validate;

use crate::{crate_path::CratePath, errors::Errors};
use proc_macro2::TokenStream;
use quote::ToTokens;

/// Expands a table, with an error beside the best expansion for each mistake in it.
pub(crate) fn commands(input: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let (crate_path, input) = CratePath::split_off(input);
    let Some(mut table) = parse::table(input, &mut errors) else { return errors.into_token_stream() };
    validate::validate(&mut table, &mut errors);
    expand::expand(&crate_path, &table, &errors)
}
