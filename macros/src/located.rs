//! Where the bounds of a table's methods are.
//!
//! A bound that `commands!` writes has its place in that macro, so that the compiler would show the macro and the whole
//! table around each error. Here every bound is moved to the word of the row that it belongs to.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{FnArg, GenericParam, ItemTrait, Pat, Signature, TraitItem};

/// Moves the bounds of every method of a trait to the words of the row that they belong to.
pub(crate) fn located(item: TokenStream) -> TokenStream {
    let Ok(mut group) = syn::parse2::<ItemTrait>(item.clone()) else { return item };
    for item in &mut group.items {
        if let TraitItem::Fn(method) = item {
            locate(&mut method.sig);
        }
    }
    group.into_token_stream()
}

fn locate(signature: &mut Signature) {
    let name = signature.ident.span();
    for param in &mut signature.generics.params {
        if let GenericParam::Type(param) = param {
            let span = param.ident.span();
            param.bounds = param.bounds.iter().map(|bound| moved(bound, span)).collect();
        }
    }
    for input in &mut signature.inputs {
        let FnArg::Typed(argument) = input else { continue };
        if let Pat::Ident(pattern) = &*argument.pat {
            *argument.ty = moved(&*argument.ty, pattern.ident.span());
        }
    }
    if let Some(clause) = &mut signature.generics.where_clause {
        *clause = moved(&*clause, name);
    }
}

/// The same tokens at another place; what their names mean stays as it was.
fn moved<T: ToTokens + Clone + syn::parse::Parse>(item: &T, place: Span) -> T {
    let tokens = moved_tokens(item.to_token_stream(), place);
    syn::parse2(tokens).unwrap_or_else(|_| item.clone())
}

fn moved_tokens(tokens: TokenStream, place: Span) -> TokenStream {
    tokens.into_iter().map(|token| moved_token(token, place)).collect()
}

fn moved_token(mut token: TokenTree, place: Span) -> TokenTree {
    if let TokenTree::Group(group) = &token {
        let mut inner = Group::new(group.delimiter(), moved_tokens(group.stream(), place));
        inner.set_span(group.span().located_at(place));
        return TokenTree::Group(inner);
    }
    token.set_span(token.span().located_at(place));
    token
}
