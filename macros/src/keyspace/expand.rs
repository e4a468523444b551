//! Expansion of `keyspace!`: keys to items. Every name keeps the user's span, so that an editor finds the declaration and its
//! docs.

use super::{
    ast::{Argument, DeclaredKey, KeyName, Parameter},
    template::{Part, TagPosition, Template},
};
use crate::{crate_path::CratePath, errors::Errors};
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

pub(super) fn expand(crate_path: &CratePath, keys: &[DeclaredKey], errors: &Errors) -> TokenStream {
    let items = keys.iter().map(|key| item(key, crate_path));
    quote! { #errors #(#items)* }
}

fn item(key: &DeclaredKey, crate_path: &CratePath) -> TokenStream {
    match &key.name {
        KeyName::Constant(name) => constant(key, name, crate_path),
        KeyName::Family(parameters, template) => family(key, parameters, template, crate_path),
        KeyName::Member { family, arguments, text } => member(key, family, arguments, text, crate_path),
    }
}

fn constant(key: &DeclaredKey, name: &str, crate_path: &CratePath) -> TokenStream {
    let DeclaredKey { attributes, visibility, ident, kind, slot, .. } = key;
    let (docs, import) = (docs("The key", name), crate_path.import());
    // The bound on the kind is met, or not, where the kind stands.
    let value = match slot {
        Some(slot) => quote_spanned!(kind.span() => __typedis::constant_in_slot::<#kind, #slot>(#name)),
        None => quote_spanned!(kind.span() => __typedis::constant::<#kind>(#name)),
    };
    let of = key_type(key, crate_path);
    quote! {
        #(#attributes)*
        #docs
        #visibility const #ident: #of = { #import #value };
    }
}

fn family(key: &DeclaredKey, parameters: &[Parameter], template: &Template, crate_path: &CratePath) -> TokenStream {
    let DeclaredKey { attributes, visibility, ident, kind, .. } = key;
    let docs = docs("The keys", &template.with(|name| format!("<{name}>")));
    let (names, types): (Vec<_>, Vec<_>) = parameters.iter().map(|Parameter { ident, ty }| (ident, ty)).unzip();
    let parts = template.0.iter().map(|part| self::part(part, parameters));
    let make = quote_spanned!(kind.span() => key::<#kind>());
    let key = crate_path.item("Key");
    let key_template = crate_path.item("KeyTemplate");
    // Beside an error in the name a parameter may be unused, and that is no second error.
    let used = template.parameters();
    let is_unused = |parameter: &Parameter| !used.contains(&*parameter.ident.to_string());
    let allow = parameters.iter().any(is_unused).then(|| quote!(#[allow(unused_variables)]));
    quote! {
        #(#attributes)*
        #docs
        #allow
        #visibility fn #ident(#(#names: #types),*) -> #key<#kind, ::std::string::String> {
            <#key_template as ::core::default::Default>::default() #(#parts)* .#make
        }
    }
}

/// The type of a constant key, with its slot where that is known by a tag in the declaration.
fn key_type(DeclaredKey { kind, slot, .. }: &DeclaredKey, crate_path: &CratePath) -> TokenStream {
    let (key, in_slot) = (crate_path.item("Key"), crate_path.item("InSlot"));
    match slot {
        Some(slot) => quote!(#key<#kind, #in_slot<#slot>>),
        None => quote!(#key<#kind>),
    }
}

/// The key, and a call that lets rustc compare the literals with the parameters.
fn member(
    key: &DeclaredKey,
    family: &Ident,
    arguments: &[Argument],
    text: &str,
    crate_path: &CratePath,
) -> TokenStream {
    let constant = constant(key, text, crate_path);
    let arguments = arguments.iter().map(|Argument { tokens, .. }| tokens);
    let conditions = key.attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    quote! {
        #constant
        #(#conditions)*
        const _: fn() = || { let _ = #family(#(#arguments),*); };
    }
}

fn part(part: &Part, parameters: &[Parameter]) -> TokenStream {
    let (name, position) = match part {
        Part::Text(text) => return quote!(.text(#text)),
        Part::Parameter(name, position) => (name, position),
    };
    let Some(Parameter { ident, .. }) = parameters.iter().find(|parameter| parameter.ident == name) else {
        return quote!(.text(#name));
    };
    match position {
        TagPosition::Free => quote_spanned!(ident.span() => .parameter(&#ident)),
        TagPosition::BeforeTag => quote_spanned!(ident.span() => .before_tag(&#ident)),
        TagPosition::InTag => quote_spanned!(ident.span() => .in_tag(&#ident)),
    }
}

/// A last line on what the server will see.
fn docs(what: &str, name: &str) -> TokenStream {
    let line = format!(" {what} `{name}`.");
    quote!(#[doc = ""] #[doc = #line])
}
