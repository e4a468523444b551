//! The semicolons that end the rows of a table.

use proc_macro2::{TokenStream, TokenTree};

pub(crate) fn is_semicolon(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';')
}

/// The tokens between semicolons, so that each row is read by itself and a broken one leaves the others whole.
pub(crate) fn split_at_semicolons(tokens: TokenStream) -> Vec<TokenStream> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let rows = tokens.split(is_semicolon).filter(|tokens| !tokens.is_empty());
    rows.map(|tokens| tokens.iter().cloned().collect()).collect()
}
