//! The facts in braces at the end of a row. Each is said once; an unknown, doubled or missing one is an error in words.

use super::ast::{Arity, Deprecated, Facts, Route, Since};
use proc_macro2::{Ident, Span, TokenTree};
use std::collections::HashMap;
use syn::{LitStr, Token, braced, parenthesized, parse::ParseStream};

const KNOWN: &str = "since, arity, access, effect, on_wrong_type, touches, route, multi, connection and deprecated";

pub(crate) const ACCESS: [&str; 2] = ["ReadOnly", "ReadWrite"];
pub(crate) const EFFECT: [&str; 5] = ["Preserves", "Creates", "MayRemove", "Replaces", "Unknown"];
pub(crate) const ON_WRONG_TYPE: [&str; 2] = ["Fails", "Ignores"];
const TOUCHES: [&str; 2] = ["NamedKeys", "AllKeys"];
const MULTI: [&str; 3] = ["Allowed", "Degraded", "Refused"];
const CONNECTION: [&str; 3] = ["Shared", "Dedicated", "Forbidden"];
/// Routes that one node answers, and those whose replies are merged.
const ROUTES: [&str; 2] = ["Keys", "AnyNode"];
const MERGING_ROUTES: [&str; 3] = ["EachKey", "AllShards", "AllNodes"];
const MERGE: [&str; 10] = [
    "AllSucceeded",
    "OneSucceeded",
    "Sum",
    "Min",
    "Max",
    "LogicalAnd",
    "LogicalOr",
    "Concatenate",
    "KeyOrder",
    "Special",
];

/// Reads the facts; what is wrong with one of them goes to `errors`, and the others are read all the same.
pub(crate) fn parse(input: ParseStream<'_>, errors: &mut Vec<syn::Error>) -> syn::Result<Facts> {
    let (mut facts, mut seen) = (Facts::default(), HashMap::new());
    let end = input.span();
    while !input.is_empty() {
        let name: Ident = input.parse()?;
        input.parse::<Token![:]>()?;
        let read = match seen.insert(name.to_string(), name.span()) {
            Some(_) => Err(syn::Error::new(name.span(), format!("the fact `{name}` is said twice"))),
            None => fact(&name, input, &mut facts),
        };
        if let Err(error) = read {
            errors.push(error);
            skip(input)?;
        }
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    for missing in ["since", "arity", "access", "effect"].into_iter().filter(|name| !seen.contains_key(*name)) {
        errors.push(syn::Error::new(end, format!("the fact `{missing}` is missing: every row says it")));
    }
    Ok(facts)
}

fn fact(name: &Ident, input: ParseStream<'_>, facts: &mut Facts) -> syn::Result<()> {
    match name.to_string().as_str() {
        "since" => facts.since = Some(since(input)?),
        "arity" => facts.arity = Some(arity(input)?),
        "access" => facts.access = Some(word(name, input, &ACCESS)?),
        "effect" => facts.effect = Some(word(name, input, &EFFECT)?),
        "on_wrong_type" => facts.on_wrong_type = Some(word(name, input, &ON_WRONG_TYPE)?),
        "touches" => facts.touches = Some(word(name, input, &TOUCHES)?),
        "route" => facts.route = Some(route(name, input)?),
        "multi" => facts.multi = Some(word(name, input, &MULTI)?),
        "connection" => facts.connection = Some(word(name, input, &CONNECTION)?),
        "deprecated" => facts.deprecated = Some(deprecated(input)?),
        _ => {
            return Err(syn::Error::new(
                name.span(),
                format!("`{name}` is no fact of a command; the facts are {KNOWN}"),
            ));
        }
    }
    Ok(())
}

/// One of the words that a fact may have.
pub(crate) fn word(fact: &Ident, input: ParseStream<'_>, words: &[&str]) -> syn::Result<Ident> {
    let word: Ident = input.parse()?;
    check(fact, &word, words).map(|()| word)
}

pub(crate) fn check(fact: &dyn std::fmt::Display, word: &Ident, words: &[&str]) -> syn::Result<()> {
    if words.iter().any(|known| word == known) {
        return Ok(());
    }
    Err(syn::Error::new(
        word.span(),
        format!("`{word}` is no value of the fact `{fact}`; expected {}", words.join(", ")),
    ))
}

/// `redis "6.2.0"`, `redis "8.0.0", valkey "9.0.0"` with `never` for a version, or `module "ReJSON" "1.0.0"`.
fn since(input: ParseStream<'_>) -> syn::Result<Since> {
    if input.peek(LitStr) {
        let expected = "say whose version it is: `redis \"6.2.0\"`, `redis \"8.0.0\", valkey \"9.0.0\"` or `module \"ReJSON\" \"1.0.0\"`";
        return Err(input.error(expected));
    }
    let vendor: Ident = input.parse()?;
    if vendor == "module" {
        return Ok(Since::Module { name: input.parse()?, since: input.parse()? });
    }
    if vendor != "redis" {
        return Err(syn::Error::new(
            vendor.span(),
            "expected `redis` or `module`; Valkey's version stands behind that of Redis",
        ));
    }
    let redis = version(input)?;
    let valkey = if followed_by_valkey(input) {
        input.parse::<Token![,]>()?;
        input.parse::<Ident>()?;
        Some(version(input)?)
    } else {
        None
    };
    Ok(Since::Vendors { redis, valkey })
}

fn followed_by_valkey(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    ahead.parse::<Token![,]>().is_ok() && ahead.parse::<Ident>().is_ok_and(|vendor| vendor == "valkey")
}

/// A version, or `None` for `never`.
fn version(input: ParseStream<'_>) -> syn::Result<Option<LitStr>> {
    if input.peek(syn::Ident) {
        let never: Ident = input.parse()?;
        if never == "never" {
            return Ok(None);
        }
        return Err(syn::Error::new(never.span(), "expected a version such as \"6.2.0\", or `never`"));
    }
    input.parse().map(Some)
}

fn arity(input: ParseStream<'_>) -> syn::Result<Arity> {
    let negative = input.peek(Token![-]);
    if negative {
        input.parse::<Token![-]>()?;
    }
    Ok(Arity { negative, words: input.parse()? })
}

fn route(fact: &Ident, input: ParseStream<'_>) -> syn::Result<Route> {
    let name: Ident = input.parse()?;
    let merges = MERGING_ROUTES.iter().any(|known| name == known);
    if !merges {
        let all: Vec<_> = ROUTES.into_iter().chain(MERGING_ROUTES).collect();
        return check(fact, &name, &all).map(|()| Route { name, merge: None });
    }
    if !input.peek(syn::token::Paren) {
        return Err(syn::Error::new(name.span(), format!("say how the replies become one: `{name}(Sum)`")));
    }
    let content;
    parenthesized!(content in input);
    let merge = word(fact, &content, &MERGE)?;
    Ok(Route { name, merge: Some(merge) })
}

/// `{ redis: "6.2.0", instead: "ZRANGE" }`, with `valkey: ".."` where that vendor says so too.
fn deprecated(input: ParseStream<'_>) -> syn::Result<Deprecated> {
    let content;
    braced!(content in input);
    let (mut redis, mut valkey, mut instead) = (None, None, None);
    while !content.is_empty() {
        let name: Ident = content.parse()?;
        content.parse::<Token![:]>()?;
        let value = Some(content.parse::<LitStr>()?);
        match name.to_string().as_str() {
            "redis" => redis = value,
            "valkey" => valkey = value,
            "instead" => instead = value,
            _ => return Err(syn::Error::new(name.span(), "a deprecation says `redis`, `valkey` and `instead`")),
        }
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    match (redis, instead) {
        (Some(redis), Some(instead)) => Ok(Deprecated { redis, valkey, instead }),
        _ => Err(syn::Error::new(Span::call_site(), "a deprecation says since which Redis, and what to use instead")),
    }
}

/// Passes over a value that cannot be read.
fn skip(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() && (!input.peek(Token![,]) || followed_by_valkey(input)) {
        input.parse::<TokenTree>()?;
    }
    Ok(())
}
