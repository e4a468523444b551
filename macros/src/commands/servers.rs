//! The servers that have a command: the bound of its method, and the message of its own where the row names a fallback.

use super::{
    ast::{Row, Since, Table},
    docs,
};
use crate::respan::respan;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::LitStr;

/// The bound of a row's method on the servers that the client declares. It names the version by way of `Command`, so that a
/// reply of the wrong type is one error, not two.
pub(super) fn bound(typedis: &TokenStream, table: &Table, row: &Row, this: &TokenStream) -> TokenStream {
    let support = match &row.facts.fallback {
        Some(_) => {
            let (module, name) = (&table.module, trait_name(&row.marker));
            quote!(#module::#name)
        }
        None => support(typedis, row, &quote!(<#this as #typedis::Command>::Since), this),
    };
    quote!(Self::Server: #support,)
}

/// The trait of a row that names a fallback: servers that have the command. It exists for its message.
pub(super) fn with_fallback(typedis: &TokenStream, row: &Row) -> Option<TokenStream> {
    // The compiler takes braces for the name of a parameter.
    let fallback = row.facts.fallback.as_ref()?.value().replace('{', "{{").replace('}', "}}");
    let support = support(typedis, row, &since(typedis, &row.facts.since), &quote!(()));
    let name = trait_name(&row.marker);
    let wire = row.wire.value();
    let message = format!("{wire} {}, and this client declares `{{Self}}`", docs::came(&row.facts.since));
    let expansion = quote! {
        #[doc(hidden)]
        #[diagnostic::on_unimplemented(
            message = #message,
            label = "not on every server of this client",
            note = #fallback,
            note = "or declare other servers where the client is made: `Config::from_url(url)?.at_least(..)`; generic code by its bound: `impl Commands<Server = ..>`"
        )]
        pub trait #name {}
        impl<Declared: #support> #name for Declared {}
    };
    // With its span in this macro, the compiler would show the whole table.
    Some(respan(expansion, row.marker.span()))
}

fn trait_name(marker: &Ident) -> Ident {
    format_ident!("{marker}OnServer", span = marker.span())
}

/// The first release of a vendor that has the command, as a type: of Redis, or else of Valkey.
pub(super) fn since(typedis: &TokenStream, since: &Since) -> TokenStream {
    match since {
        Since::Vendors { redis: Some(version), .. } => redis(typedis, version),
        Since::Vendors { valkey: Some(Some(version)), .. } => valkey(typedis, version),
        // A module can be loaded into every server; `validate` has rejected a command that neither vendor has.
        Since::Vendors { .. } | Since::Module { .. } => quote!(#typedis::AnyVersion),
    }
}

/// What the declared servers must be for the command `what` that came with `since`.
fn support(typedis: &TokenStream, row: &Row, since: &TokenStream, what: &TokenStream) -> TokenStream {
    match &row.facts.since {
        // Every Valkey has what it inherited, and every server may have a module.
        Since::Vendors { redis: Some(_), valkey: None } | Since::Module { .. } => {
            quote!(#typedis::OnRedis<#since, #what>)
        }
        Since::Vendors { redis: Some(_), valkey: Some(Some(version)) } => {
            let valkey = valkey(typedis, version);
            quote!(#typedis::OnRedis<#since, #what> + #typedis::OnValkey<#valkey, #what>)
        }
        Since::Vendors { redis: Some(_), valkey: Some(None) } => quote!(#typedis::OnRedisAlone<#since, #what>),
        Since::Vendors { redis: None, .. } => quote!(#typedis::OnValkeyAlone<#since, #what>),
    }
}

fn redis(typedis: &TokenStream, version: &LitStr) -> TokenStream {
    quote!(#typedis::RedisSince<{ #typedis::redis_index(#version) }>)
}

fn valkey(typedis: &TokenStream, version: &LitStr) -> TokenStream {
    quote!(#typedis::ValkeySince<{ #typedis::valkey_index(#version) }>)
}
