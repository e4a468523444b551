/// A way to write pipelines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Methods(Keys),
    Macro(Keys),
    /// The same commands with redis-rs, whose replies have no types.
    RedisRs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keys {
    /// Literals, of which the macro follows each.
    Plain,
    Typed,
}

impl Style {
    pub(crate) const ALL: [Style; 5] = [
        Style::Methods(Keys::Plain),
        Style::Methods(Keys::Typed),
        Style::Macro(Keys::Plain),
        Style::Macro(Keys::Typed),
        Style::RedisRs,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Style::Methods(Keys::Plain) => "methods, plain keys",
            Style::Methods(Keys::Typed) => "methods, typed keys",
            Style::Macro(Keys::Plain) => "`pipeline!`, plain keys",
            Style::Macro(Keys::Typed) => "`pipeline!`, typed keys",
            Style::RedisRs => "redis-rs, replies as `Value`",
        }
    }

    /// The name of the program with a pipeline of `commands` commands.
    pub(crate) fn program(self, commands: usize) -> String {
        let name = match self {
            Style::Methods(Keys::Plain) => "methods_plain",
            Style::Methods(Keys::Typed) => "methods_typed",
            Style::Macro(Keys::Plain) => "macro_plain",
            Style::Macro(Keys::Typed) => "macro_typed",
            Style::RedisRs => "redis_rs",
        };
        format!("{name}_{commands}")
    }

    pub(crate) fn source(self, commands: usize) -> String {
        match self {
            Style::Methods(keys) => methods(keys, commands),
            Style::Macro(keys) => pipeline(keys, commands),
            Style::RedisRs => redis_rs(commands),
        }
    }
}

/// What the pipelines hold, over and over: the method with its turbofish for plain keys, the key, and the other arguments.
const COMMANDS: [(&str, &str, &str, &str); 10] = [
    ("set", "", "NAME", "\"Ada\""),
    ("get", "::<String>", "NAME", ""),
    ("incr", "", "HITS", ""),
    ("expire", "", "HITS", "60"),
    ("rpush", "", "JOBS", "[\"a\", \"b\"]"),
    ("lrange", "::<String>", "JOBS", "0, -1"),
    ("sadd", "", "TAGS", "\"red\""),
    ("hset", "", "STOCK", "(\"apple\", 3)"),
    ("hget", "::<i64>", "STOCK", "\"apple\""),
    ("zadd", "", "BEST", "(1.5, \"Ada\")"),
];

const TYPED: &str = "\
use std::collections::HashMap;
use typedis::{Hash, Key, List, Set, SortedSet, Str};
const NAME: Key<Str<String>> = Key::new(\"NAME\");
const HITS: Key<Str<i64>> = Key::new(\"HITS\");
const JOBS: Key<List<String>> = Key::new(\"JOBS\");
const TAGS: Key<Set<String>> = Key::new(\"TAGS\");
const STOCK: Key<Hash<HashMap<String, i64>>> = Key::new(\"STOCK\");
const BEST: Key<SortedSet<String>> = Key::new(\"BEST\");
";

fn methods(keys: Keys, commands: usize) -> String {
    let calls: String = calls(keys, commands).iter().map(|call| format!("\n        .{call}")).collect();
    let body = format!("let hlist_pat![{}] = client.pipeline(){calls}\n        .execute().await?;", replies(commands));
    typedis(keys, &body)
}

fn pipeline(keys: Keys, commands: usize) -> String {
    let calls: String = calls(keys, commands).iter().map(|call| format!("\n        {call};")).collect();
    typedis(keys, &format!("let ({},) = typedis::pipeline! {{ client => {calls}\n    }}?;", replies(commands)))
}

fn typedis(keys: Keys, body: &str) -> String {
    let declarations = if keys == Keys::Typed { TYPED } else { "" };
    format!(
        "#![allow(unused)]\nuse typedis::{{Client, prelude::*}};\n{declarations}
pub async fn run(client: &Client) -> typedis::Result<()> {{\n    {body}\n    Ok(())\n}}\nfn main() {{}}\n"
    )
}

fn redis_rs(commands: usize) -> String {
    let calls = (0..commands).map(|number| redis_rs_call(COMMANDS[number % COMMANDS.len()]));
    let calls: String = calls.map(|call| format!("\n        .{call}")).collect();
    format!(
        "pub async fn run(connection: &mut redis::aio::MultiplexedConnection) -> redis::RedisResult<Vec<redis::Value>> {{
    redis::pipe().atomic(){calls}\n        .query_async(connection).await\n}}\nfn main() {{}}\n"
    )
}

/// Its methods want other arguments: a number to add, slices, pairs one by one, and the score behind the member.
fn redis_rs_call((method, _, key, arguments): (&str, &str, &str, &str)) -> String {
    let arguments = match method {
        "incr" => "1",
        "rpush" => "&[\"a\", \"b\"]",
        "hset" => "\"apple\", 3",
        "zadd" => "\"Ada\", 1.5",
        _ => arguments,
    };
    call(method, &format!("{key:?}"), arguments)
}

fn calls(keys: Keys, commands: usize) -> Vec<String> {
    let command = |number: usize| {
        let (method, turbofish, key, arguments) = COMMANDS[number % COMMANDS.len()];
        match keys {
            Keys::Typed => call(method, key, arguments),
            Keys::Plain => call(&format!("{method}{turbofish}"), &format!("{key:?}"), arguments),
        }
    };
    (0..commands).map(command).collect()
}

fn call(method: &str, key: &str, arguments: &str) -> String {
    match arguments {
        "" => format!("{method}({key})"),
        _ => format!("{method}({key}, {arguments})"),
    }
}

fn replies(commands: usize) -> String {
    (0..commands).map(|number| format!("r{number}")).collect::<Vec<_>>().join(", ")
}
