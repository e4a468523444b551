//! Expansion of `commands!`: the table to items. These are a module of marker types, an impl of `Command` for each, and the
//! trait whose methods are the commands.

use super::{
    ast::{Access, Argument, Bound, Facts, Generic, KeyFact, MultiPolicy, Role, Row, Table, Touches},
    docs, info, servers,
};
use crate::{crate_path::CratePath, errors::Errors, respan::respan};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};

pub(super) fn expand(crate_path: &CratePath, table: &Table, errors: &Errors) -> TokenStream {
    let Table { attributes, visibility, group, .. } = table;
    let typedis = crate_path.private();
    let markers = markers(&typedis, table);
    let infos = info::constant(crate_path, table);
    let impls = table.rows.iter().enumerate().map(|(index, row)| impls(&typedis, table, row, index));
    let methods = table.rows.iter().map(|row| method(&typedis, table, row));
    quote! {
        #markers
        #infos
        #(#impls)*

        #(#attributes)*
        #visibility trait #group<SlotOfKey: #typedis::KeySlot = #typedis::AnySlot>: #typedis::CommandSink {
            #(#methods)*
        }

        impl<S: #typedis::CommandSink, SlotOfKey: #typedis::KeySlot> #group<SlotOfKey> for S {}

        #errors
    }
}

/// The module of the marker types. Their impls stand outside of it, where the names in the rows mean what they mean in the
/// rest of the file; so a marker and a reply may share a name.
fn markers(typedis: &TokenStream, table: &Table) -> TokenStream {
    let Table { visibility, group, module, rows, .. } = table;
    let structs = rows.iter().map(|Row { marker, wire, method, reply_generics, .. }| {
        let names: Vec<_> = reply_generics.iter().map(|generic| &generic.name).collect();
        let generics = angled(&names);
        let doc = format!("`{}`, sent by [`{method}`](super::{group}::{method}).", wire.value());
        quote! {
            #[doc = #doc]
            #[derive(Debug)]
            pub struct #marker #generics (::core::marker::PhantomData<fn() -> (#(#names,)*)>);
        }
    });
    let fallbacks = rows.iter().filter_map(|row| servers::with_fallback(typedis, row));
    let doc = format!("The commands of [`{group}`], as types.");
    quote! {
        #[doc = #doc]
        #visibility mod #module {
            #(#structs)*
            #(#fallbacks)*
        }
    }
}

/// The impls of one marker. `index` is the row's position in the constant of the facts.
fn impls(typedis: &TokenStream, table: &Table, row: &Row, index: usize) -> TokenStream {
    let Table { group, module, .. } = table;
    let Row { marker, reply, shape, reply_generics, facts, .. } = row;
    let names: Vec<_> = reply_generics.iter().map(|generic| &generic.name).collect();
    let generics = angled(&names);
    let bounded = bounded(reply_generics);
    let this = quote!(#module::#marker #generics);
    let access = match facts.access {
        Access::ReadOnly => quote!(OnlyReads),
        Access::ReadWrite => quote!(MayWrite),
    };
    let since = servers::since(typedis, &facts.since);
    let infos = info::constant_name(group);
    let effects = key_effects(typedis, row);
    let policies = policies(typedis, row, &names, &this);
    quote! {
        impl #bounded #typedis::Command for #this {
            type Reply = #reply;
            type Access = #typedis::#access;
            type Since = #since;
            type SlotInList = #typedis::AnySlot;
            const INFO: #typedis::CommandInfo = #infos[#index];
            #[inline]
            fn read(
                reader: &mut #typedis::Reader<'_>,
            ) -> ::core::result::Result<Self::Reply, #typedis::DecodeError> {
                #[allow(unused_imports)]
                use #typedis::shapes::*;
                <Self::Reply as #typedis::FromReply<#shape>>::read(reader)
            }
        }

        impl #generics #typedis::KeyEffects for #this {
            #effects
        }

        #policies
    }
}

/// The effects of a command on keys as types, for the analysis of literal keys.
fn key_effects(typedis: &TokenStream, row: &Row) -> TokenStream {
    let arguments = row.arguments.iter().rev().fold(quote!(()), |rest, argument| {
        let transfer = key_argument(typedis, argument, &row.facts).unwrap_or_else(|| quote!(ValueArgument));
        quote!((#typedis::literal_keys::#transfer, #rest))
    });
    let on_other_keys = match row.facts.touches {
        Touches::AllKeys => quote!(Clears),
        Touches::NamedKeys => quote!(Keeps),
    };
    quote! {
        type Arguments = #arguments;
        type OnOtherKeys = #typedis::literal_keys::#on_other_keys;
    }
}

fn key_argument(typedis: &TokenStream, argument: &Argument, facts: &Facts) -> Option<TokenStream> {
    let need = Ident::new(argument.kind()?.literal, Span::call_site());
    let KeyFact { effect, on_wrong_type } = argument.key_fact(facts);
    Some(quote! {
        KeyArgument<
            #typedis::literal_keys::#need,
            #typedis::literal_keys::effect::#effect,
            #typedis::literal_keys::on_wrong_type::#on_wrong_type,
        >
    })
}

/// The impls of the policies. Their own generics have names that no row uses. They have no bound on the reply's type, so that a wrong type is one error alone. A forbidden
/// command counts as allowed in MULTI, so that the error is that of `AllowedOnShared` alone.
fn policies(typedis: &TokenStream, row: &Row, names: &[&Ident], this: &TokenStream) -> TokenStream {
    let forbidden = row.is_forbidden();
    let queueable = (forbidden || row.facts.multi == MultiPolicy::Allowed).then(|| {
        quote! {
            #[diagnostic::do_not_recommend]
            impl<__Reach, #(#names),*> #typedis::AllowedIn<#typedis::Deferred<__Reach>> for #this {}
        }
    });
    let allowed = (!forbidden).then(|| {
        quote! {
            #[diagnostic::do_not_recommend]
            impl<__Dispatch, #(#names),*> #typedis::AllowedOnShared<__Dispatch> for #this {}
        }
    });
    quote!(#queueable #allowed)
}

/// The method of a row. Every bound has the span of the word that it belongs to: with its span in this macro, the compiler
/// would show the macro and the whole table around each error.
fn method(typedis: &TokenStream, table: &Table, row: &Row) -> TokenStream {
    let Table { module, .. } = table;
    let Row { attributes, method, marker, argument_generics, reply_generics, bounds, .. } = row;
    let span = method.span();
    let names: Vec<_> = reply_generics.iter().map(|generic| &generic.name).collect();
    let reply_arguments = angled(&names);
    let this = quote!(#module::#marker #reply_arguments);
    let generics = argument_generics.iter().chain(reply_generics).map(|Generic { name, bounds }| {
        let bounds = respan(bounds.to_token_stream(), name.span());
        quote!(#name: #bounds)
    });
    let first_key = row.arguments.iter().position(|argument| argument.need().is_some());
    let arguments = row.arguments.iter().enumerate().map(|(at, argument)| {
        let slot = (Some(at) == first_key).then(|| quote!(, Slot = SlotOfKey));
        parameter(typedis, argument, slot)
    });
    let slot = slot_bound(typedis, first_key.map(|at| &row.arguments[at].role));
    let entry = quote!(#typedis::EntryOf<Self, #this, SlotOfKey>);
    let bounds = bounds.iter().map(|Bound { bounded, bound }| quote!(#bounded: #bound,));
    let server = servers::bound(typedis, table, row, &this);
    let reach = row.is_for_every_node().then(|| quote!(Self::Dispatch: #typedis::ReachesEveryNode<#this>,));
    let one_server = row.is_for_one_server().then(|| quote!(Self::Dispatch: #typedis::ReachesOneServer<#this>,));
    let clause = respan(
        quote! {
            where
                #this: #typedis::AllowedIn<Self::Dispatch> + #typedis::AllowedOnShared<Self::Dispatch>,
                #server
                #reach
                #one_server
                #slot
                #(#bounds)*
        },
        span,
    );
    let body = body(typedis, row, &entry);
    let (head, sections) = attributes.split_at(docs::first_section(attributes));
    let line = docs::line(row);
    quote! {
        #(#head)*
        #[doc = ""]
        #[doc = #line]
        #[doc = ""]
        #(#sections)*
        #[inline]
        #[must_use = "a queue sends nothing until it is executed, a command nothing until it is awaited"]
        fn #method <#(#generics),*> (self, #(#arguments),*) -> Self::Output<#entry>
        #clause
        {
            #body
        }
    }
}

/// The bound that binds the parameter of the trait to the slot of the row's first key, where the type of the argument does not.
/// No keys say no slot.
fn slot_bound(typedis: &TokenStream, first_key: Option<&Role>) -> TokenStream {
    match first_key {
        None => quote!((): #typedis::KeysFor<#typedis::AnyKind, Slot = SlotOfKey>,),
        Some(Role::Named { generic, .. }) => quote!(#generic: #typedis::SingleKey<Slot = SlotOfKey>,),
        Some(_) => TokenStream::new(),
    }
}

/// `slot` is the equation of the slot that the first key says.
fn parameter(typedis: &TokenStream, Argument { name, role, .. }: &Argument, slot: Option<TokenStream>) -> TokenStream {
    let of = match role {
        Role::Key(need) => {
            let need = &need.need;
            quote!(impl #typedis::KeyFor<#need #slot>)
        }
        Role::Keys(need) => {
            let need = &need.need;
            quote!(impl #typedis::KeysFor<#need #slot>)
        }
        Role::Named { generic, .. } => quote!(#generic),
        Role::Rows { of, .. } | Role::Value(of) => quote!(#of),
    };
    let of = respan(of, name.span());
    quote!(#name: #of)
}

/// Encodes the command as `entry`. Keys are marked as they are encoded, under their own names; an expression is evaluated once, in the
/// scrutinee of a `match`, which keeps its temporaries alive.
fn body(typedis: &TokenStream, row: &Row, entry: &TokenStream) -> TokenStream {
    let Row { wire, arguments, sent, .. } = row;
    let keys = arguments.iter().filter_map(|Argument { name, role, .. }| match role {
        Role::Key(_) | Role::Keys(_) | Role::Named { .. } => Some(quote!(let #name = #typedis::AsKey(&#name);)),
        Role::Rows { keys: None, .. } => Some(quote!(let #name = #typedis::AsKeyPairs(&#name);)),
        Role::Rows { keys: Some(keys), .. } => {
            let (need, words) = (&keys.need.need, &keys.words);
            Some(quote!(let #name = #typedis::AsKeyRows::<_, #need, #words>::new(&#name);))
        }
        Role::Value(_) => None,
    });
    let encode = match sent {
        None => {
            let names: Vec<_> = arguments.iter().map(|Argument { name, .. }| name).collect();
            append(typedis, &names)
        }
        Some(sent) => {
            let parts: Vec<_> = (1..=sent.len()).map(|number| format_ident!("part{number}")).collect();
            let append = append(typedis, &parts);
            quote!(match (#(#sent,)*) { (#(#parts,)*) => { #append } })
        }
    };
    quote_spanned! { Span::call_site() =>
        const __TYPEDIS_NAME: #typedis::Name<{ #typedis::encoded_len(#wire) }> = #typedis::Name::new(#wire);
        self.submit::<#entry>(|out| {
            #(#keys)*
            #encode
        })
    }
}

/// Appends the command with the arguments that have these names.
fn append(typedis: &TokenStream, names: &[impl ToTokens]) -> TokenStream {
    quote! {
        out.command(&__TYPEDIS_NAME, 0usize #(.wrapping_add(#typedis::Arguments::count(&#names)))*);
        #(#typedis::Arguments::write_all(&#names, out);)*
    }
}

fn angled(names: &[&Ident]) -> TokenStream {
    if names.is_empty() { TokenStream::new() } else { quote!(<#(#names),*>) }
}

fn bounded(generics: &[Generic]) -> TokenStream {
    if generics.is_empty() {
        return TokenStream::new();
    }
    let generics = generics.iter().map(|Generic { name, bounds }| quote!(#name: #bounds));
    quote!(<#(#generics),*>)
}
