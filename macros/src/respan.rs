//! Tokens with another span: a bound of a method has its span in the macro that writes it, so that the compiler would
//! show the macro around each error, unless the bound gets the span of the user's words that it belongs to.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::ToTokens;

/// The same tokens, located at `span`. Their names resolve as before.
pub(crate) fn respan(tokens: impl ToTokens, span: Span) -> TokenStream {
    tokens.into_token_stream().into_iter().map(|token| respan_token(token, span)).collect()
}

fn respan_token(mut token: TokenTree, span: Span) -> TokenTree {
    if let TokenTree::Group(group) = &token {
        let mut inner = Group::new(group.delimiter(), respan(group.stream(), span));
        inner.set_span(group.span().located_at(span));
        return TokenTree::Group(inner);
    }
    token.set_span(token.span().located_at(span));
    token
}
