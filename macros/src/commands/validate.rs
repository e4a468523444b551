//! Validator of `commands!`: statements that a row must not make, though its grammar is right.

use super::{
    ast::{Access, Argument, Facts, KeyEffect, Row, Runs, Since, Table, runs_script},
    facts::READS_ONLY,
    kinds::{self, kind},
};
use crate::errors::Errors;
use proc_macro2::Span;
use std::fmt::Display;
use syn::{Expr, ExprLit, Lit, LitStr};

/// Commands that change the state of the connection, or have not exactly one reply. On a shared connection each would
/// affect the commands of other callers, or shift their replies.
const CHANGES_CONNECTION: [&str; 39] = [
    "ASKING",
    "AUTH",
    "CLIENT CACHING",
    "CLIENT CAPA",
    "CLIENT IMPORT-SOURCE",
    "CLIENT MAINT_NOTIFICATIONS",
    "CLIENT NO-EVICT",
    "CLIENT NO-TOUCH",
    "CLIENT REPLY",
    "CLIENT SETINFO",
    "CLIENT SETNAME",
    "CLIENT TRACKING",
    "CLUSTER SYNCSLOTS",
    "DISCARD",
    "EXEC",
    "HELLO",
    "HIMPORT DISCARD",
    "HIMPORT DISCARDALL",
    "HIMPORT PREPARE",
    "HIMPORT SET",
    "MONITOR",
    "MULTI",
    "PSUBSCRIBE",
    "PSYNC",
    "PUNSUBSCRIBE",
    "QUIT",
    "READONLY",
    "READWRITE",
    "REPLCONF",
    "RESET",
    "SCRIPT DEBUG",
    "SELECT",
    "SSUBSCRIBE",
    "SUBSCRIBE",
    "SUNSUBSCRIBE",
    "SYNC",
    "UNSUBSCRIBE",
    "UNWATCH",
    "WATCH",
];

/// The first version of Valkey, which has every command that Redis had by then. `typedis::version` has the same one.
const FIRST_VALKEY: [u32; 3] = [7, 2, 4];

/// Checks every row. An invalid version is replaced by [`Since::always`], so that the constant of the facts is no second
/// error.
pub(super) fn validate(table: &mut Table, errors: &mut Errors) {
    for row in &mut table.rows {
        errors.ok(wire(row));
        errors.ok(connection(row));
        errors.ok(route(row));
        errors.ok(runs(row));
        errors.ok(fallback(row));
        if errors.ok(since(row)).is_none() {
            row.facts.since = Since::always();
        }
        for argument in &row.arguments {
            errors.ok(key(argument));
            errors.ok(effect(argument, &row.facts));
        }
    }
}

fn reject<T>(span: Span, message: impl Display) -> syn::Result<T> {
    Err(syn::Error::new(span, message))
}

/// A script may word any error, so a row that hides it would let errors prove what they do not.
fn runs(row: &Row) -> syn::Result<()> {
    if row.facts.runs == Some(Runs::Command) && runs_script(&row.wire.value()) {
        return reject(
            row.wire.span(),
            "this command runs a script, whose errors are its own: say `runs: Script`, or nothing",
        );
    }
    Ok(())
}

fn wire(row: &Row) -> syn::Result<()> {
    let name = row.wire.value();
    let is_word = |word: &str| (1..100).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_graphic());
    if !name.split(' ').all(is_word) {
        return reject(
            row.wire.span(),
            format!(
                "{name:?} is no name of a command: expected words of printable ASCII, of less than 100 bytes, with one space between them, such as \"OBJECT ENCODING\""
            ),
        );
    }
    Ok(())
}

/// Rejects a command that changes the connection, however a row sends it.
fn connection(row: &Row) -> syn::Result<()> {
    if row.is_forbidden() {
        return Ok(());
    }
    if let Some(name) = changes_connection(row) {
        return reject(
            row.wire.span(),
            format!(
                "{name} changes the connection that all callers share, or has not exactly one reply: say `connection: Forbidden`"
            ),
        );
    }
    subcommand(row)
}

/// The command of the list that a row sends, by its name and a literal as the first argument.
pub(super) fn changes_connection(row: &Row) -> Option<&'static str> {
    let mut words = row.wire.value().to_ascii_uppercase();
    if let Some(first) = first_sent(row).and_then(text) {
        words = format!("{words} {}", first.to_ascii_uppercase());
    }
    CHANGES_CONNECTION.into_iter().find(|name| is_prefix(name, &words))
}

/// Rejects a container command, such as CLIENT, whose subcommand is known at run time only: it may be one that changes the
/// connection.
fn subcommand(row: &Row) -> syn::Result<()> {
    let container = row.wire.value().to_ascii_uppercase();
    let Some(example) =
        CHANGES_CONNECTION.iter().find(|name| name.split_once(' ').is_some_and(|(first, _)| first == container))
    else {
        return Ok(());
    };
    let message = format!(
        "the subcommand of {container} is no literal, and may be one that changes the connection that all callers share, such as {example}: write it into the name, as in \"OBJECT ENCODING\""
    );
    match first_sent(row) {
        Some(first) if text(first).is_some() => Ok(()),
        Some(first) => Err(syn::Error::new_spanned(first, message)),
        None if row.sent.is_none() && !row.arguments.is_empty() => reject(row.wire.span(), message),
        None => Ok(()),
    }
}

/// Returns whether `words` are those of `name`, and maybe more.
fn is_prefix(name: &str, words: &str) -> bool {
    words.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

fn first_sent(row: &Row) -> Option<&Expr> {
    row.sent.iter().flatten().next()
}

/// The text of a literal, which may stand behind `&` or in parentheses.
fn text(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
        Expr::Lit(ExprLit { lit: Lit::ByteStr(bytes), .. }) => {
            Some(String::from_utf8_lossy(&bytes.value()).into_owned())
        }
        Expr::Reference(reference) => text(&reference.expr),
        Expr::Paren(inner) => text(&inner.expr),
        Expr::Group(inner) => text(&inner.expr),
        _ => None,
    }
}

fn since(row: &Row) -> syn::Result<()> {
    match &row.facts.since {
        Since::Vendors { redis, valkey } => {
            let mut versions = redis.iter().chain(valkey.iter().flatten());
            versions.try_for_each(|version| numbers(version).map(drop))?;
            match (redis, valkey) {
                (None, None | Some(None)) => {
                    reject(row.method.span(), "a command that neither vendor has: say since when one of them has it")
                }
                (Some(redis), None) if numbers(redis)? > FIRST_VALKEY => reject(
                    redis.span(),
                    "newer than Redis 7.2.4, where Valkey begins: say since when Valkey has it, `valkey \"9.0.0\"`, or `valkey never`",
                ),
                (_, Some(Some(valkey))) if numbers(valkey)? < FIRST_VALKEY => {
                    reject(valkey.span(), "Valkey begins with 7.2.4: say only since when Redis has it")
                }
                _ => Ok(()),
            }
        }
        Since::Module { since, .. } => numbers(since).map(drop),
    }
}

fn fallback(row: &Row) -> syn::Result<()> {
    match (&row.facts.fallback, &row.facts.since) {
        (Some(fallback), Since::Module { .. }) => {
            reject(fallback.span(), "a module can be loaded into every server, so no server is declared that lacks it")
        }
        (Some(fallback), _) if fallback.value().is_empty() => reject(fallback.span(), "an empty fallback"),
        _ => Ok(()),
    }
}

fn numbers(version: &LitStr) -> syn::Result<[u32; 3]> {
    let text = version.value();
    let number = |digits: &str| digits.parse().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let numbers: Option<Vec<u32>> = text.split('.').map(number).collect();
    match numbers.as_deref() {
        Some([major, minor, patch]) => Ok([*major, *minor, *patch]),
        _ => reject(version.span(), "a version has three numbers, such as \"7.0.0\""),
    }
}

fn route(row: &Row) -> syn::Result<()> {
    match &row.facts.route {
        Some(route) if !row.has_keys() && route.target.follows_keys() => {
            reject(route.span, "no argument of this row is a key (`key @ KIND`), so it cannot be routed by keys")
        }
        None if !row.has_keys() && !row.is_forbidden() => reject(
            row.method.span(),
            "a command without keys says where a cluster sends it: `route: AnyNode`, `AllShards(Sum)` or `AllNodes(AllSucceeded)`",
        ),
        _ => Ok(()),
    }
}

/// Rejects an effect of an argument's own that contradicts the row: on what is no key, or of a command that only reads.
fn effect(argument: &Argument, facts: &Facts) -> syn::Result<()> {
    match argument.key_fact {
        Some(_) if !argument.is_key() => reject(argument.name.span(), "only a key has an effect, behind `=>`"),
        Some(fact) if facts.access == Access::ReadOnly && fact.effect != KeyEffect::Preserves => {
            reject(argument.name.span(), READS_ONLY)
        }
        _ => Ok(()),
    }
}

fn key(argument: &Argument) -> syn::Result<()> {
    match argument.written_need() {
        Some(need) if kind(&need.kind).is_none() => {
            let words: Vec<_> = kinds::all().map(|kind| kind.word).collect();
            reject(
                need.kind.span(),
                format!("`{}` is no kind of key that a row can need; the kinds are {}", need.kind, words.join(", ")),
            )
        }
        _ => Ok(()),
    }
}
