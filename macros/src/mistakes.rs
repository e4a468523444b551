use std::fmt::Display;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// What was found wrong, each on its own word. As tokens: one `compile_error!` each.
#[derive(Default)]
pub(crate) struct Mistakes(Vec<syn::Error>);

impl Mistakes {
    pub(crate) fn add(&mut self, span: Span, words: impl Display) {
        self.0.push(syn::Error::new(span, words));
    }

    /// Underlines everything from the first to the last of `tokens`.
    pub(crate) fn add_spanned(&mut self, tokens: impl ToTokens, words: impl Display) {
        self.0.push(syn::Error::new_spanned(tokens, words));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn push(&mut self, error: syn::Error) {
        self.0.push(error);
    }
}

impl ToTokens for Mistakes {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(self.0.iter().map(syn::Error::to_compile_error));
    }
}

#[cfg(test)]
impl Mistakes {
    /// The words of each mistake, in the order in which they were found.
    pub(crate) fn words(&self) -> Vec<String> {
        self.0.iter().map(syn::Error::to_string).collect()
    }
}
