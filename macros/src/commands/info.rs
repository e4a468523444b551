//! The facts of a row as data, one `CommandInfo` each.

use super::{
    ast::{Argument, Deprecated, Facts, KeyFact, Role, Row, Since, Table},
    docs,
};
use crate::crate_path::CratePath;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::LitStr;

/// The facts of a table as a constant, which stands outside of the module of the markers, so that glob imports of several
/// such modules do not collide.
pub(super) fn constant(crate_path: &CratePath, table: &Table) -> TokenStream {
    let Table { visibility, group, rows, .. } = table;
    let typedis = crate_path.private();
    let name = constant_name(group);
    let infos = rows.iter().map(|row| info(&typedis, group, row));
    let doc = format!("The facts of the commands of [`{group}`], in their order.");
    quote! {
        #[doc = #doc]
        #visibility const #name: &[#typedis::CommandInfo] = &[#(#infos),*];
    }
}

/// `STRING_COMMANDS` for the group `StringCommands`.
pub(super) fn constant_name(group: &Ident) -> Ident {
    let mut name = String::new();
    for letter in group.to_string().chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.extend(letter.to_uppercase());
    }
    format_ident!("{name}", span = group.span())
}

fn info(typedis: &TokenStream, group: &Ident, row: &Row) -> TokenStream {
    let Row { method, wire, facts, .. } = row;
    let Facts { arity, access, touches, multi, connection, .. } = facts;
    let effect = facts.key_fact.effect;
    let group = group.to_string();
    let name = method.to_string();
    let reply = docs::rust(&row.reply);
    let since = availability(typedis, &facts.since);
    let keys = row.arguments.iter().filter_map(|argument| key_spec(typedis, argument, facts));
    let runs = facts.runs(&wire.value());
    let route = route(typedis, row);
    let deprecation = deprecation(typedis, facts.deprecated.as_ref());
    quote! {
        #typedis::CommandInfo::new(
            #wire,
            #group,
            #name,
            #reply,
            #since,
            #arity,
            #typedis::Access::#access,
            #typedis::KeyEffect::#effect,
            #typedis::Touches::#touches,
            #typedis::Runs::#runs,
            &[#(#keys),*],
            #route,
            #typedis::MultiPolicy::#multi,
            #typedis::ConnectionPolicy::#connection,
            #deprecation,
        )
    }
}

fn availability(typedis: &TokenStream, since: &Since) -> TokenStream {
    match since {
        Since::Vendors { redis: Some(redis), valkey: None } => quote!(#typedis::Availability::inherited(#redis)),
        Since::Vendors { redis, valkey } => {
            let redis = option(redis.as_ref());
            let valkey = option(valkey.as_ref().and_then(Option::as_ref));
            quote!(#typedis::Availability::by_vendor(#redis, #valkey))
        }
        Since::Module { name, since } => quote!(#typedis::Availability::by_module(#name, #since)),
    }
}

fn key_spec(typedis: &TokenStream, argument: &Argument, facts: &Facts) -> Option<TokenStream> {
    let types = argument.kind()?.types.iter().map(|name| Ident::new(name, Span::call_site()));
    let KeyFact { effect, on_wrong_type } = argument.key_fact(facts);
    let name = argument.name.to_string();
    let stride = match &argument.role {
        Role::Rows { keys: Some(keys), .. } => keys.words.to_token_stream(),
        Role::Rows { keys: None, .. } => quote!(2),
        _ => quote!(1),
    };
    Some(quote! {
        #typedis::KeySpec::new(
            #name,
            &[#(#typedis::KeyType::#types),*],
            #typedis::KeyEffect::#effect,
            #typedis::OnWrongType::#on_wrong_type,
            #stride,
        )
    })
}

fn route(typedis: &TokenStream, row: &Row) -> TokenStream {
    match &row.facts.route {
        Some(route) => {
            let target = route.target;
            let merge = route.merge.map(|merge| quote!((#typedis::Merge::#merge)));
            quote!(#typedis::Route::#target #merge)
        }
        None if row.has_keys() => quote!(#typedis::Route::Keys),
        None => quote!(#typedis::Route::AnyNode),
    }
}

fn deprecation(typedis: &TokenStream, deprecated: Option<&Deprecated>) -> TokenStream {
    let Some(Deprecated { redis, valkey, instead }) = deprecated else { return quote!(::core::option::Option::None) };
    let valkey = option(valkey.as_ref());
    quote!(::core::option::Option::Some(#typedis::Deprecation::new(#redis, #valkey, #instead)))
}

fn option(text: Option<&LitStr>) -> TokenStream {
    match text {
        Some(text) => quote!(::core::option::Option::Some(#text)),
        None => quote!(::core::option::Option::None),
    }
}
