//! Tokens at another place: a bound of a method has its place in the macro that writes it, so that the compiler would
//! show the macro around each error, unless the bound is moved to the words of the user's that it belongs to.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::ToTokens;

/// Returns the same tokens at `place`; what their names resolve to stays as it was.
pub(crate) fn respan(tokens: impl ToTokens, place: Span) -> TokenStream {
    tokens.into_token_stream().into_iter().map(|token| respan_token(token, place)).collect()
}

fn respan_token(mut token: TokenTree, place: Span) -> TokenTree {
    if let TokenTree::Group(group) = &token {
        let mut inner = Group::new(group.delimiter(), respan(group.stream(), place));
        inner.set_span(group.span().located_at(place));
        return TokenTree::Group(inner);
    }
    token.set_span(token.span().located_at(place));
    token
}
