//! The path to the main crate in an expansion. Users rename and re-export dependencies, so no expansion writes the path out.

use crate::semicolons::is_semicolon;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Path, parse::ParseStream};

/// The path that a facade macro or an attribute names.
pub(crate) struct CratePath(TokenStream);

impl CratePath {
    /// Splits `$crate; BODY`, which a facade macro passes, at its first `;`.
    pub(crate) fn split_off(input: TokenStream) -> (CratePath, TokenStream) {
        let mut tokens = input.into_iter();
        let path = tokens.by_ref().take_while(|token| !is_semicolon(token)).collect();
        (CratePath(path), tokens.collect())
    }

    /// Reads the path of `crate = company::typedis`.
    pub(crate) fn parse(input: ParseStream<'_>) -> syn::Result<CratePath> {
        let path = input.call(Path::parse_mod_style).map_err(|error| syn::Error::new(error.span(), NO_PATH))?;
        Ok(CratePath(path.into_token_stream()))
    }

    /// Declares `__typedis`, through which an expansion names everything. An identifier can take the span of the user's
    /// words that an error should underline; `$crate` cannot, because its span is what resolves it.
    pub(crate) fn import(&self) -> TokenStream {
        let private = self.private();
        let alias = alias();
        quote_spanned!(Span::mixed_site() => use #private as #alias;)
    }

    /// The path of the items that expansions use, where no `use` can stand.
    pub(crate) fn private(&self) -> TokenStream {
        let path = &self.0;
        quote!(#path::__private)
    }

    /// The path of one such item.
    pub(crate) fn item(&self, name: &str) -> TokenStream {
        let private = self.private();
        let name = format_ident!("{name}");
        quote!(#private::#name)
    }
}

/// The name that the crate has without a facade macro or an attribute.
impl Default for CratePath {
    fn default() -> Self {
        CratePath(quote!(::typedis))
    }
}

fn alias() -> Ident {
    Ident::new("__typedis", Span::mixed_site())
}

const NO_PATH: &str = "expected the path of typedis, such as `company::typedis`";
