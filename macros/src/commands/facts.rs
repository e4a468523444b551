//! The facts in braces at the end of a row. Each is stated once; an unknown, doubled or missing one is an error.

use super::ast::{
    Access, Arity, ConnectionPolicy, Deprecated, FactValue, Facts, KeyEffect, KeyFact, MultiPolicy, OnWrongType, Route,
    Runs, Since, Target, Touches,
};
use crate::errors::Errors;
use proc_macro2::{Ident, Span, TokenTree};
use std::{collections::HashMap, fmt::Display};
use syn::{LitInt, LitStr, Token, braced, parenthesized, parse::ParseStream};

const KNOWN: &str =
    "since, arity, access, effect, on_wrong_type, touches, runs, route, multi, connection, deprecated and fallback";

/// For an effect of a command with `access: ReadOnly`.
pub(super) const READS_ONLY: &str = "a command that only reads leaves its keys as they were: say `Preserves`";

/// The facts that a row states.
#[derive(Default)]
struct Stated {
    since: Option<Since>,
    arity: Option<Arity>,
    access: Option<Access>,
    effect: Option<Word<KeyEffect>>,
    on_wrong_type: Option<Word<OnWrongType>>,
    touches: Option<Touches>,
    runs: Option<Runs>,
    route: Option<Route>,
    multi: Option<Word<MultiPolicy>>,
    connection: Option<Word<ConnectionPolicy>>,
    deprecated: Option<Deprecated>,
    fallback: Option<LitStr>,
}

/// A word of a row, with its span.
struct Word<T> {
    value: T,
    span: Span,
}

/// Reads the facts; an error in one of them goes to `errors`, and the others are read all the same.
pub(super) fn parse(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Facts> {
    let mut stated = Stated::default();
    let mut seen = HashMap::new();
    let end = input.span();
    while !input.is_empty() {
        let name: Ident = input.parse()?;
        input.parse::<Token![:]>()?;
        let read = match seen.insert(name.to_string(), name.span()) {
            Some(_) => Err(syn::Error::new(name.span(), format!("the fact `{name}` is said twice"))),
            None => stated.read(&name, input),
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
        errors.add(end, format!("the fact `{missing}` is missing: every row says it"));
    }
    Ok(stated.with_defaults(errors))
}

impl Stated {
    fn read(&mut self, name: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
        match name.to_string().as_str() {
            "since" => self.since = Some(since(input)?),
            "arity" => self.arity = Some(arity(input)?),
            "access" => self.access = Some(word(name, input)?.value),
            "effect" => self.effect = Some(word(name, input)?),
            "on_wrong_type" => self.on_wrong_type = Some(word(name, input)?),
            "touches" => self.touches = Some(word(name, input)?.value),
            "runs" => self.runs = Some(word(name, input)?.value),
            "route" => self.route = Some(route(name, input)?),
            "multi" => self.multi = Some(word(name, input)?),
            "connection" => self.connection = Some(word(name, input)?),
            "deprecated" => self.deprecated = Some(deprecated(input)?),
            "fallback" => self.fallback = Some(input.parse()?),
            _ => {
                return Err(syn::Error::new(
                    name.span(),
                    format!("`{name}` is no fact of a command; the facts are {KNOWN}"),
                ));
            }
        }
        Ok(())
    }

    /// The facts with every default. Where a required fact is missing, which is an error already, the value stands that
    /// causes no other one.
    fn with_defaults(self, errors: &mut Errors) -> Facts {
        let (access, connection) = (self.access.unwrap_or(Access::ReadWrite), self.connection.map(|word| word.value));
        if let (Access::ReadOnly, Some(effect)) = (access, &self.effect) {
            if effect.value != KeyEffect::Preserves {
                errors.add(effect.span, READS_ONLY);
            }
        }
        // On the shared connection of a queue, a blocking command would block all callers.
        let multi = match (&self.multi, connection) {
            (Some(Word { value: MultiPolicy::Allowed, span }), Some(ConnectionPolicy::Dedicated)) => {
                errors.add(
                    *span,
                    "a command that blocks a connection of its own cannot be queued: say `Degraded` or `Refused`",
                );
                MultiPolicy::Degraded
            }
            (Some(multi), _) => multi.value,
            (None, Some(ConnectionPolicy::Dedicated)) => MultiPolicy::Degraded,
            (None, _) => MultiPolicy::Allowed,
        };
        let no_arity = || Arity { negative: false, words: LitInt::new("0", Span::call_site()) };
        Facts {
            since: self.since.unwrap_or_else(Since::always),
            arity: self.arity.unwrap_or_else(no_arity),
            access,
            key_fact: key_fact(self.effect.map_or(KeyEffect::Unknown, |word| word.value), self.on_wrong_type, errors),
            touches: self.touches.unwrap_or(Touches::NamedKeys),
            runs: self.runs,
            route: self.route,
            multi,
            connection: connection.unwrap_or(ConnectionPolicy::Shared),
            deprecated: self.deprecated,
            fallback: self.fallback,
        }
    }
}

/// Reads the fact of one argument: `EFFECT`, or `EFFECT Ignores`. Beside an error there is none.
pub(super) fn of_argument(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Option<KeyFact>> {
    let effect: Ident = input.parse()?;
    let policy: Option<Ident> = if input.peek(syn::Ident) { Some(input.parse()?) } else { None };
    let effect = errors.ok(value::<KeyEffect>(&"effect", &effect));
    let policy = policy.and_then(|policy| errors.ok(value::<OnWrongType>(&"on_wrong_type", &policy)));
    Ok(effect.map(|effect| key_fact(effect.value, policy, errors)))
}

/// A command that works on any type does not tell which type it leaves, unless it replaces the value.
fn key_fact(effect: KeyEffect, policy: Option<Word<OnWrongType>>, errors: &mut Errors) -> KeyFact {
    if let Some(Word { value: OnWrongType::Ignores, span }) = policy {
        if effect == KeyEffect::Creates {
            errors.add(
                span,
                "`Creates` means that the key holds the named kind afterwards, so the command fails on another kind; say `Unknown`",
            );
        }
    }
    KeyFact::new(effect, policy.map(|policy| policy.value))
}

/// Reads one of the words that a fact may have.
fn word<T: FactValue>(fact: &Ident, input: ParseStream<'_>) -> syn::Result<Word<T>> {
    value(fact, &input.parse()?)
}

fn value<T: FactValue>(fact: &dyn Display, word: &Ident) -> syn::Result<Word<T>> {
    match T::ALL.iter().find(|known| word == known.word()) {
        Some(known) => Ok(Word { value: *known, span: word.span() }),
        None => {
            let words: Vec<_> = T::ALL.iter().map(|known| known.word()).collect();
            Err(syn::Error::new(
                word.span(),
                format!("`{word}` is no value of the fact `{fact}`; expected {}", words.join(", ")),
            ))
        }
    }
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
    let words: LitInt = input.parse()?;
    match words.base10_parse::<i8>() {
        Ok(1..) => Ok(Arity { negative, words }),
        _ => {
            Err(syn::Error::new(words.span(), "an arity counts the words of the command, its name included: 1 to 127"))
        }
    }
}

fn route(fact: &Ident, input: ParseStream<'_>) -> syn::Result<Route> {
    let Word { value: target, span } = word::<Target>(fact, input)?;
    if !target.merges() {
        return Ok(Route { target, merge: None, span });
    }
    if !input.peek(syn::token::Paren) {
        let target = target.word();
        return Err(syn::Error::new(span, format!("say how the replies become one: `{target}(Sum)`")));
    }
    let content;
    parenthesized!(content in input);
    Ok(Route { target, merge: Some(word(fact, &content)?.value), span })
}

/// `{ redis: "6.2.0", instead: "ZRANGE" }`, with `valkey: ".."` where that vendor says so too.
fn deprecated(input: ParseStream<'_>) -> syn::Result<Deprecated> {
    let content;
    braced!(content in input);
    let (mut redis, mut valkey, mut instead, mut doubled) = (None, None, None, None);
    while !content.is_empty() {
        let name: Ident = content.parse()?;
        let part = match name.to_string().as_str() {
            "redis" => &mut redis,
            "valkey" => &mut valkey,
            "instead" => &mut instead,
            _ => return Err(syn::Error::new(name.span(), "a deprecation says `redis`, `valkey` and `instead`")),
        };
        content.parse::<Token![:]>()?;
        if part.replace(content.parse::<LitStr>()?).is_some() {
            doubled = Some(name);
        }
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    if let Some(name) = doubled {
        return Err(syn::Error::new(name.span(), format!("`{name}` is stated twice")));
    }
    match (redis, instead) {
        (Some(redis), Some(instead)) => Ok(Deprecated { redis, valkey, instead }),
        _ => Err(content.error("a deprecation says since which Redis, and what to use instead")),
    }
}

/// Skips a value that cannot be read.
fn skip(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() && (!input.peek(Token![,]) || followed_by_valkey(input)) {
        input.parse::<TokenTree>()?;
    }
    Ok(())
}
