//! The table to items: a module of marker types, an impl of `Command` each, and the trait whose methods are the commands.

use super::{
    ast::{Argument, Arity, Facts, Generic, KeyFact, Role, Row, Since, Table},
    docs,
    validate::{self, kind},
};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::LitStr;

use crate::respan::respan;

pub(crate) fn expand(table: &Table) -> TokenStream {
    let Table { krate, attributes, visibility, group, .. } = table;
    let markers = markers(table);
    let impls = table.rows.iter().map(|row| impls(table, row));
    let methods = table.rows.iter().map(|row| method(table, row));
    quote! {
        #markers
        #(#impls)*

        #(#attributes)*
        #visibility trait #group: #krate::__private::CommandSink {
            #(#methods)*
        }

        impl<S: #krate::__private::CommandSink> #group for S {}
    }
}

/// The module of the marker types. Their impls stand outside of it, where the names in the rows mean what they mean in the
/// rest of the file; so a marker and a reply may share a name.
fn markers(table: &Table) -> TokenStream {
    let Table { krate, visibility, group, module, rows, .. } = table;
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
    let methods = rows.iter().map(|row| &row.method);
    let infos = rows.iter().map(|row| info(table, row));
    let (doc, infos_doc) = (
        format!("The commands of [`{group}`], as types."),
        format!("The facts of the commands of [`{group}`](super::{group})."),
    );
    quote! {
        #[doc = #doc]
        #visibility mod #module {
            #(#structs)*

            #[doc = #infos_doc]
            pub const COMMANDS: &[#krate::__private::CommandInfo] = &[#(__facts::#methods),*];

            #[doc(hidden)]
            #[allow(non_upper_case_globals)]
            pub mod __facts {
                #(#infos)*
            }
        }
    }
}

/// The facts of a row as data.
fn info(Table { krate, group, .. }: &Table, row: &Row) -> TokenStream {
    let Row { method, wire, facts, .. } = row;
    let (group, name) = (group.to_string(), method.to_string());
    let since = availability(krate, row);
    let arity = facts.arity.as_ref().map_or_else(
        || quote!(0),
        |Arity { negative, words }| {
            if *negative { quote!(-#words) } else { quote!(#words) }
        },
    );
    let keys =
        row.arguments.iter().filter(|argument| argument.is_key()).map(|argument| key_spec(krate, argument, facts));
    let access = or(&facts.access, "ReadWrite");
    let (touches, multi, connection) =
        (or(&facts.touches, "NamedKeys"), or(&facts.multi, "Allowed"), or(&facts.connection, "Shared"));
    let (effect, route, deprecation) = (or(&facts.effect, "Unknown"), route(krate, row), deprecation(krate, facts));
    let (reply, keys_only) = (docs::rust(&row.reply), quote!(&[#(#keys),*]));
    quote! {
        pub const #method: #krate::__private::CommandInfo = #krate::__private::CommandInfo::new(
            #wire,
            #group,
            #name,
            #reply,
            #since,
            #arity,
            #krate::__private::Access::#access,
            #krate::__private::KeyEffect::#effect,
            #krate::__private::Touches::#touches,
            #keys_only,
            #route,
            #krate::__private::MultiPolicy::#multi,
            #krate::__private::ConnectionPolicy::#connection,
            #deprecation,
        );
    }
}

fn or(word: &Option<Ident>, default: &str) -> Ident {
    word.clone().unwrap_or_else(|| Ident::new(default, Span::call_site()))
}

fn availability(krate: &TokenStream, row: &Row) -> TokenStream {
    // Beside an error about the versions, they must not be a second error, of the constant.
    let facts = if validate::since(row).is_ok() { &row.facts } else { &Facts::default() };
    let version = |version: &Option<LitStr>| match version {
        Some(version) => quote!(::core::option::Option::Some(#version)),
        None => quote!(::core::option::Option::None),
    };
    match &facts.since {
        Some(Since::Vendors { redis: Some(redis), valkey: None }) => {
            quote!(#krate::__private::Availability::inherited(#redis))
        }
        Some(Since::Vendors { redis, valkey }) => {
            let (redis, valkey) = (version(redis), version(valkey.as_ref().unwrap_or(&None)));
            quote!(#krate::__private::Availability::by_vendor(#redis, #valkey))
        }
        Some(Since::Module { name, since }) => quote!(#krate::__private::Availability::by_module(#name, #since)),
        None => quote!(#krate::__private::Availability::inherited("1.0.0")),
    }
}

/// The version of Redis that the command came with, as a type.
fn since_type(krate: &TokenStream, facts: &Facts) -> TokenStream {
    match &facts.since {
        Some(Since::Vendors { redis: None, .. }) => quote!(#krate::__private::UnreleasedRedis),
        Some(Since::Vendors { redis: Some(redis), .. }) => {
            quote!(#krate::__private::Since<{ #krate::__private::version_index(#redis) }>)
        }
        // A module can be loaded into every version of the server.
        Some(Since::Module { .. }) | None => {
            quote!(#krate::__private::Since<{ #krate::__private::version_index("1.0.0") }>)
        }
    }
}

/// What the command leaves at one key, and what it does on a key of another kind: as the argument says, or the row.
fn key_fact(argument: &Argument, facts: &Facts) -> (Ident, Ident) {
    let (effect, on_wrong_type) = match &argument.effect {
        Some(KeyFact { effect, on_wrong_type }) => (effect.clone(), on_wrong_type.clone()),
        None => (or(&facts.effect, "Unknown"), facts.on_wrong_type.clone()),
    };
    // What overwrites or may do anything seldom asks what was there.
    let default = if effect == "Replaces" || effect == "Unknown" { "Ignores" } else { "Fails" };
    let on_wrong_type = or(&on_wrong_type, default);
    (effect, on_wrong_type)
}

fn key_spec(krate: &TokenStream, argument: &Argument, facts: &Facts) -> TokenStream {
    let (effect, on_wrong_type) = key_fact(argument, facts);
    let types = match argument.need() {
        Some(need) => kind(&need.kind).map_or(&[][..], |kind| kind.types),
        None => &["String"],
    };
    let types = types.iter().map(|name| Ident::new(name, Span::call_site()));
    let name = argument.name.to_string();
    let stride = if matches!(argument.role, Role::Pairs(_)) { quote!(2) } else { quote!(1) };
    quote! {
        #krate::__private::KeySpec::new(
            #name,
            &[#(#krate::__private::KeyType::#types),*],
            #krate::__private::KeyEffect::#effect,
            #krate::__private::OnWrongType::#on_wrong_type,
            #stride,
        )
    }
}

fn route(krate: &TokenStream, row: &Row) -> TokenStream {
    match &row.facts.route {
        Some(route) => {
            let name = &route.name;
            let merge = route.merge.as_ref().map(|merge| quote!((#krate::__private::Merge::#merge)));
            quote!(#krate::__private::Route::#name #merge)
        }
        None if row.has_keys() => quote!(#krate::__private::Route::Keys),
        None => quote!(#krate::__private::Route::AnyNode),
    }
}

fn deprecation(krate: &TokenStream, facts: &Facts) -> TokenStream {
    let Some(deprecated) = &facts.deprecated else { return quote!(::core::option::Option::None) };
    let (redis, instead) = (&deprecated.redis, &deprecated.instead);
    let valkey = match &deprecated.valkey {
        Some(valkey) => quote!(::core::option::Option::Some(#valkey)),
        None => quote!(::core::option::Option::None),
    };
    quote!(::core::option::Option::Some(#krate::__private::Deprecation::new(#redis, #valkey, #instead)))
}

fn impls(table: &Table, row: &Row) -> TokenStream {
    let Table { krate, module, .. } = table;
    let Row { marker, method, reply, shape, reply_generics, facts, .. } = row;
    let names: Vec<_> = reply_generics.iter().map(|generic| &generic.name).collect();
    let (generics, bounded) = (angled(&names), bounded(reply_generics));
    let this = quote!(#module::#marker #generics);
    let access = if or(&facts.access, "ReadWrite") == "ReadOnly" { quote!(OnlyReads) } else { quote!(MayWrite) };
    let since = since_type(krate, facts);
    let effects = key_effects(krate, row);
    let policies = policies(krate, row, &names, &this);
    quote! {
        impl #bounded #krate::__private::Command for #this {
            type Reply = #reply;
            type Access = #krate::__private::#access;
            type Since = #since;
            const INFO: #krate::__private::CommandInfo = #module::__facts::#method;
            #[inline]
            fn read(
                reader: &mut #krate::__private::Reader<'_>,
            ) -> ::core::result::Result<Self::Reply, #krate::__private::DecodeError> {
                #[allow(unused_imports)]
                use #krate::__private::shapes::*;
                <Self::Reply as #krate::__private::FromReply<#shape>>::read(reader)
            }
        }

        impl #generics #krate::__private::KeyEffects for #this {
            #effects
        }

        #policies
    }
}

/// The facts of the arguments as types, for the analysis of literal keys.
fn key_effects(krate: &TokenStream, row: &Row) -> TokenStream {
    let facts = row.arguments.iter().rev().fold(quote!(()), |rest, argument| {
        let fact = if argument.is_key() { key_effect(krate, argument, &row.facts) } else { quote!(NoKey) };
        quote!((#krate::__private::literal_keys::#fact, #rest))
    });
    let elsewhere = if or(&row.facts.touches, "NamedKeys") == "AllKeys" { quote!(Clears) } else { quote!(Keeps) };
    quote! {
        type Arguments = #facts;
        type Elsewhere = #krate::__private::literal_keys::#elsewhere;
    }
}

fn key_effect(krate: &TokenStream, argument: &Argument, facts: &Facts) -> TokenStream {
    let (effect, on_wrong_type) = key_fact(argument, facts);
    let literal = match argument.need() {
        Some(need) => kind(&need.kind).map_or("nothing", |kind| kind.literal),
        // Pairs of keys and values are strings.
        None => "a_string",
    };
    let need = Ident::new(literal, Span::call_site());
    quote! {
        Key<
            #krate::__private::literal_keys::#need,
            #krate::__private::literal_keys::effect::#effect,
            #krate::__private::literal_keys::on_wrong_type::#on_wrong_type,
        >
    }
}

/// The policies ask nothing of the reply's type, so that a wrong type is told in its own words alone. A forbidden command
/// counts as allowed in MULTI, so that it is refused in the words of `AllowedOnShared` alone.
fn policies(krate: &TokenStream, row: &Row, names: &[&Ident], this: &TokenStream) -> TokenStream {
    let generics = angled(names);
    let forbidden = row.is_forbidden();
    let queueable = (forbidden || or(&row.facts.multi, "Allowed") == "Allowed").then(|| {
        quote! {
            #[diagnostic::do_not_recommend]
            impl #generics #krate::__private::AllowedIn<#krate::__private::Deferred> for #this {}
        }
    });
    let allowed = (!forbidden).then(|| {
        quote! {
            #[diagnostic::do_not_recommend]
            impl<Mode, #(#names),*> #krate::__private::AllowedOnShared<Mode> for #this {}
        }
    });
    quote!(#queueable #allowed)
}

/// The method of a row. Every bound stands at the word of the row that it belongs to: at its place in this macro, the
/// compiler would show the macro and the whole table around each error.
fn method(table: &Table, row: &Row) -> TokenStream {
    let Table { krate, module, .. } = table;
    let Row { attributes, method, marker, argument_generics, reply_generics, bounds, .. } = row;
    let span = method.span();
    let names: Vec<_> = reply_generics.iter().map(|generic| &generic.name).collect();
    let this = angled(&names);
    let this = quote!(#module::#marker #this);
    let generics = argument_generics.iter().chain(reply_generics).map(|Generic { name, bounds }| {
        let bounds = respan(bounds.to_token_stream(), name.span());
        quote!(#name: #bounds)
    });
    let arguments = row.arguments.iter().map(|argument| parameter(krate, argument));
    let bounds = bounds.iter().map(|(bounded, bound)| quote!(#bounded: #bound,));
    let clause = respan(
        quote! {
            where
                #this: #krate::__private::AllowedIn<Self::Mode> + #krate::__private::AllowedOnShared<Self::Mode>,
                Self::Server: #krate::__private::Supports<<#this as #krate::__private::Command>::Since, #this>,
                #(#bounds)*
        },
        span,
    );
    let body = body(table, row, &this);
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
        fn #method <#(#generics),*> (self, #(#arguments),*) -> Self::Output<#this>
        #clause
        {
            #body
        }
    }
}

fn parameter(krate: &TokenStream, Argument { name, role, .. }: &Argument) -> TokenStream {
    let of = match role {
        Role::Key(need) => {
            let need = &need.need;
            quote!(impl #krate::__private::KeyFor<#need>)
        }
        Role::Keys(need) => {
            let need = &need.need;
            quote!(impl #krate::__private::KeysFor<#need>)
        }
        Role::Named { generic, .. } => quote!(#generic),
        Role::Pairs(of) | Role::Value(of) => quote!(#of),
    };
    let of = respan(of, name.span());
    quote!(#name: #of)
}

/// Encodes the command. Keys are marked as they are encoded, under their own names; every expression is evaluated once, in
/// the scrutinee of a `match`, which keeps its temporaries alive.
fn body(Table { krate, .. }: &Table, row: &Row, this: &TokenStream) -> TokenStream {
    let Row { wire, arguments, sent, .. } = row;
    let keys = arguments.iter().filter_map(|Argument { name, role, .. }| match role {
        Role::Key(_) | Role::Keys(_) | Role::Named { .. } => {
            Some(quote!(let #name = #krate::__private::AsKey(&#name);))
        }
        Role::Pairs(_) => Some(quote!(let #name = #krate::__private::AsKeyPairs(&#name);)),
        Role::Value(_) => None,
    });
    let expressions: Vec<_> = match sent {
        Some(sent) => sent.iter().map(ToTokens::to_token_stream).collect(),
        None => arguments.iter().map(|Argument { name, .. }| quote!(&#name)).collect(),
    };
    let parts: Vec<_> = (1..=expressions.len()).map(|number| format_ident!("part{number}")).collect();
    quote_spanned! { Span::call_site() =>
        const NAME: #krate::__private::Name<{ #krate::__private::encoded_len(#wire) }> = #krate::__private::Name::new(#wire);
        self.submit::<#this>(|out| {
            #(#keys)*
            match (#(#expressions,)*) {
                (#(#parts,)*) => {
                    out.command(&NAME, 0usize #(.wrapping_add(#krate::__private::Arguments::count(&#parts)))*);
                    #(#krate::__private::Arguments::write_all(&#parts, out);)*
                }
            }
        })
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
