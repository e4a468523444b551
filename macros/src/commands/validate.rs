//! What a row must not say, though its grammar is right.

use super::{
    ast::{Argument, KeyFact, Row, Since, Table},
    facts::{EFFECT, ON_WRONG_TYPE, check},
};
use proc_macro2::Span;
use syn::{Expr, ExprLit, Lit, LitStr};

/// A kind of key: its word in a row, the types of values that fit it, and the literal-key analysis's word for the need.
pub(crate) struct Kind {
    pub(crate) word: &'static str,
    pub(crate) types: &'static [&'static str],
    pub(crate) literal: &'static str,
}

/// All kinds. A row with any other does not compile, since nothing would judge its keys.
pub(crate) const KINDS: [Kind; 9] = [
    Kind { word: "Str", types: &["String"], literal: "a_string" },
    Kind { word: "List", types: &["List"], literal: "a_list" },
    Kind { word: "Set", types: &["Set"], literal: "a_set" },
    Kind { word: "SortedSet", types: &["SortedSet"], literal: "a_sorted_set" },
    Kind { word: "Hash", types: &["Hash"], literal: "a_hash" },
    Kind { word: "Sortable", types: &["List", "Set", "SortedSet"], literal: "a_list_or_set_or_sorted_set" },
    Kind { word: "AnySet", types: &["Set", "SortedSet"], literal: "a_set_or_sorted_set" },
    Kind { word: "AnyKind", types: &[], literal: "nothing" },
    Kind { word: "SameAs", types: &[], literal: "nothing" },
];

/// Commands that change the connection for all callers, or have not exactly one reply: sent as an ordinary command, each
/// would shift the replies of other callers.
const CHANGES_CONNECTION: [&str; 25] = [
    "ASKING",
    "AUTH",
    "CLIENT CACHING",
    "CLIENT REPLY",
    "CLIENT TRACKING",
    "DISCARD",
    "EXEC",
    "HELLO",
    "MONITOR",
    "MULTI",
    "PSUBSCRIBE",
    "PSYNC",
    "PUNSUBSCRIBE",
    "QUIT",
    "READONLY",
    "READWRITE",
    "RESET",
    "SELECT",
    "SSUBSCRIBE",
    "SUBSCRIBE",
    "SUNSUBSCRIBE",
    "SYNC",
    "UNSUBSCRIBE",
    "UNWATCH",
    "WATCH",
];

pub(crate) fn kind(word: &impl PartialEq<str>) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| *word == *kind.word)
}

pub(crate) fn validate(table: &Table, errors: &mut Vec<syn::Error>) {
    for row in &table.rows {
        for result in [wire(row), connection(row), since(row), route(row), effect(row)] {
            errors.extend(result.err());
        }
        for argument in &row.arguments {
            errors.extend(key(argument).err());
        }
    }
}

fn refuse<T>(span: Span, message: impl std::fmt::Display) -> syn::Result<T> {
    Err(syn::Error::new(span, message))
}

fn wire(row: &Row) -> syn::Result<()> {
    let name = row.wire.value();
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_graphic());
    if !name.split(' ').all(is_word) {
        return refuse(
            row.wire.span(),
            format!(
                "{name:?} is no name of a command: expected words of printable ASCII with one space between them, such as \"OBJECT ENCODING\""
            ),
        );
    }
    Ok(())
}

/// A command that changes the connection compiles nowhere, under whatever name a row sends it.
fn connection(row: &Row) -> syn::Result<()> {
    let mut words = row.wire.value().to_ascii_uppercase();
    let first = row.sent.iter().flatten().next();
    if let Some(Expr::Lit(ExprLit { lit: Lit::Str(text), .. })) = first.map(unreferenced) {
        words = format!("{words} {}", text.value().to_ascii_uppercase());
    }
    let changes =
        |name: &&&str| words.strip_prefix(**name).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    match CHANGES_CONNECTION.iter().find(changes) {
        Some(name) if !row.is_forbidden() => refuse(
            row.wire.span(),
            format!(
                "{name} changes the connection that all callers share, or has not exactly one reply: say `connection: Forbidden`"
            ),
        ),
        _ => Ok(()),
    }
}

fn unreferenced(expression: &Expr) -> &Expr {
    match expression {
        Expr::Reference(reference) => &reference.expr,
        other => other,
    }
}

pub(crate) fn since(row: &Row) -> syn::Result<()> {
    match &row.facts.since {
        Some(Since::Vendors { redis, valkey }) => {
            let mut versions = redis.iter().chain(valkey.iter().flatten());
            versions.try_for_each(|version| numbers(version).map(drop))?;
            match (redis, valkey) {
                (None, None | Some(None)) => {
                    refuse(row.method.span(), "a command that neither vendor has: say since when one of them has it")
                }
                (Some(redis), None) if numbers(redis)? > [7, 2, 4] => refuse(
                    redis.span(),
                    "newer than Redis 7.2.4, where Valkey begins: say since when Valkey has it, `valkey \"9.0.0\"`, or `valkey never`",
                ),
                _ => Ok(()),
            }
        }
        Some(Since::Module { since, .. }) => numbers(since).map(drop),
        None => Ok(()),
    }
}

fn numbers(version: &LitStr) -> syn::Result<[u32; 3]> {
    let text = version.value();
    let numbers: Result<Vec<u32>, _> = text.split('.').map(str::parse).collect();
    match numbers.as_deref() {
        Ok([major, minor, patch]) => Ok([*major, *minor, *patch]),
        _ => refuse(version.span(), "a version has three numbers, such as \"7.0.0\""),
    }
}

fn route(row: &Row) -> syn::Result<()> {
    match &row.facts.route {
        Some(route) if !row.has_keys() && ["Keys", "EachKey"].iter().any(|name| route.name == name) => {
            refuse(route.name.span(), "no argument of this row is a key (`key @ KIND`), so it cannot be routed by keys")
        }
        None if !row.has_keys() && !row.is_forbidden() => refuse(
            row.method.span(),
            "a command without keys says where a cluster sends it: `route: AnyNode`, `AllShards(Sum)` or `AllNodes(AllSucceeded)`",
        ),
        _ => Ok(()),
    }
}

fn effect(row: &Row) -> syn::Result<()> {
    match (&row.facts.effect, &row.facts.on_wrong_type) {
        (Some(effect), Some(policy)) => consistent(effect, policy),
        _ => Ok(()),
    }
}

fn key(argument: &Argument) -> syn::Result<()> {
    if let Some(need) = argument.need().filter(|need| kind(&need.kind).is_none()) {
        let words: Vec<_> = KINDS.iter().map(|kind| kind.word).collect();
        return refuse(
            need.kind.span(),
            format!("`{}` is no kind of key that a row can need; the kinds are {}", need.kind, words.join(", ")),
        );
    }
    let Some(KeyFact { effect, on_wrong_type }) = &argument.effect else { return Ok(()) };
    check(&"effect", effect, &EFFECT)?;
    let Some(policy) = on_wrong_type else { return Ok(()) };
    check(&"on_wrong_type", policy, &ON_WRONG_TYPE)?;
    consistent(effect, policy)
}

/// A command that works on any type does not tell which type it leaves, unless it replaces what was there.
fn consistent(effect: &syn::Ident, policy: &syn::Ident) -> syn::Result<()> {
    if effect == "Creates" && policy == "Ignores" {
        return refuse(
            policy.span(),
            "`Creates` means that the key holds the named kind afterwards, so the command fails on another kind; say `Unknown`",
        );
    }
    Ok(())
}
