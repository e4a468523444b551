//! The line that rustdoc shows under each method: the reply's type, the versions, the access, and the command's page.

use super::ast::{Access, ConnectionPolicy, Row, Since};
use quote::ToTokens;
use syn::{Attribute, Expr, ExprLit, Lit, LitStr, Meta, MetaNameValue};

/// The line, in Markdown.
pub(super) fn line(row: &Row) -> String {
    let name = row.wire.value();
    let mut line = format!("[{name}]({}) returns {}. ", page(row), returns(row));
    line += &since(row);
    line += match row.facts.access {
        Access::ReadOnly => "; read-only",
        Access::ReadWrite => "; may write",
    };
    if row.facts.connection == ConnectionPolicy::Dedicated {
        line += "; blocks a connection of its own";
    }
    if row.is_for_one_server() {
        line += "; of one server, so not on a client of a cluster";
    }
    line += ".";
    if let Some(fallback) = &row.facts.fallback {
        line += &format!(" Where a server lacks it, {}.", fallback.value());
    }
    if let Some(deprecated) = &row.facts.deprecated {
        let redis = deprecated.redis.value();
        let instead = deprecated.instead.value();
        let by = match &deprecated.valkey {
            Some(valkey) => format!("Redis {redis} and Valkey {}", valkey.value()),
            None => format!("Redis {redis}, not by Valkey"),
        };
        line += &format!(" Deprecated by {by}, in favour of {instead}.");
    }
    line
}

/// The number of attributes before the first section of the docs, such as `# Errors`. The line stands there, so that it is
/// no part of a section.
pub(super) fn first_section(attributes: &[Attribute]) -> usize {
    let mut in_code = false;
    let section = attributes.iter().position(|attribute| {
        let text = doc(attribute).unwrap_or_default();
        in_code ^= text.trim_start().starts_with("```");
        !in_code && text.starts_with(" # ")
    });
    section.unwrap_or(attributes.len())
}

/// The text of a doc comment's line, with the space before it.
fn doc(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(MetaNameValue { path, value: Expr::Lit(ExprLit { lit: Lit::Str(text), .. }), .. })
            if path.is_ident("doc") =>
        {
            Some(text.value())
        }
        _ => None,
    }
}

/// The reply's type. A projection is not known before the options are.
fn returns(row: &Row) -> String {
    let reply = rust(&row.reply);
    if reply.ends_with("::Reply") { "what its options ask for".to_owned() } else { format!("`{reply}`") }
}

/// The command's page: that of Valkey for commands that only Valkey has, else that of Redis.
fn page(row: &Row) -> String {
    let name = row.wire.value().to_lowercase().replace(' ', "-");
    match &row.facts.since {
        Since::Vendors { redis: None, .. } => format!("https://valkey.io/commands/{name}/"),
        _ => format!("https://redis.io/docs/latest/commands/{name}/"),
    }
}

/// Which servers have the command, as the end of a message: `came with Redis 8.4 and Valkey 9.2`.
pub(super) fn came(since: &Since) -> String {
    let version = |text: &LitStr| {
        let text = text.value();
        text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
    };
    match since {
        Since::Vendors { redis: Some(redis), valkey } => match valkey {
            None => format!("came with Redis {}", version(redis)),
            Some(Some(valkey)) => format!("came with Redis {} and Valkey {}", version(redis), version(valkey)),
            Some(None) => format!("came with Redis {} and is in no Valkey", version(redis)),
        },
        Since::Vendors { redis: None, valkey: Some(Some(valkey)) } => {
            format!("came with Valkey {} and is in no Redis", version(valkey))
        }
        Since::Vendors { redis: None, .. } => "is in no release".to_owned(),
        Since::Module { name, since } => format!("came with the module {} {}", name.value(), version(since)),
    }
}

fn since(row: &Row) -> String {
    match &row.facts.since {
        Since::Vendors { redis, valkey } => match (redis, valkey) {
            (Some(redis), None) => format!("Since Redis {}, and in every Valkey", redis.value()),
            (Some(redis), Some(Some(valkey))) => format!("Since Redis {} and Valkey {}", redis.value(), valkey.value()),
            (Some(redis), Some(None)) => format!("Since Redis {}, not in Valkey", redis.value()),
            (None, Some(Some(valkey))) => format!("Since Valkey {}, not in Redis", valkey.value()),
            (None, _) => "In no release".to_owned(),
        },
        Since::Module { name, since } => {
            format!("Since version {} of the module {}", since.value(), name.value())
        }
    }
}

/// A type as rustfmt would write it.
pub(super) fn rust(tokens: &impl ToTokens) -> String {
    let spaced = tokens.to_token_stream().to_string();
    let mut text = String::new();
    // Long types come in several lines.
    for word in spaced.split_whitespace() {
        let glued = text.is_empty()
            || [",", ">", ")", "]", "::", "<", ";"].iter().any(|mark| word.starts_with(mark))
            || ["<", "(", "[", "::", "&"].iter().any(|mark| text.ends_with(mark));
        if !glued {
            text.push(' ');
        }
        text.push_str(word);
    }
    text.replace(", )", ",)")
}
