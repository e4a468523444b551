//! Generated programs with one pipeline each, whose compile time is measured.

/// A program with one pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Program {
    pub(crate) style: Style,
    pub(crate) commands: usize,
}

/// A way to write pipelines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Methods(Keys),
    /// By methods with plain keys, whose list of replies is not destructured.
    WholeList,
    Macro(Keys),
    /// The same commands with redis-rs, whose replies have no types.
    RedisRs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keys {
    /// Literals, whose types the macro tracks from command to command.
    Plain,
    Typed,
}

impl Program {
    pub(crate) fn name(self) -> String {
        let style = match self.style {
            Style::Methods(Keys::Plain) => "methods_plain",
            Style::Methods(Keys::Typed) => "methods_typed",
            Style::WholeList => "whole_list",
            Style::Macro(Keys::Plain) => "macro_plain",
            Style::Macro(Keys::Typed) => "macro_typed",
            Style::RedisRs => "redis_rs",
        };
        format!("{style}_{}", self.commands)
    }

    /// The program's text; `kinds` is the path of typedis that has the kinds of typed keys.
    pub(crate) fn source(self, kinds: &str) -> String {
        match self.style {
            Style::Methods(keys) => methods(keys, self.commands, kinds),
            Style::WholeList => whole_list(self.commands, kinds),
            Style::Macro(keys) => pipeline(keys, self.commands, kinds),
            Style::RedisRs => redis_rs(self.commands),
        }
    }
}

impl Style {
    pub(crate) const ALL: [Style; 6] = [
        Style::Methods(Keys::Plain),
        Style::Methods(Keys::Typed),
        Style::WholeList,
        Style::Macro(Keys::Plain),
        Style::Macro(Keys::Typed),
        Style::RedisRs,
    ];

    pub(crate) fn title(self) -> &'static str {
        match self {
            Style::Methods(Keys::Plain) => "methods, plain keys",
            Style::Methods(Keys::Typed) => "methods, typed keys",
            Style::WholeList => "methods, plain keys, no pattern",
            Style::Macro(Keys::Plain) => "`pipeline!`, plain keys",
            Style::Macro(Keys::Typed) => "`pipeline!`, typed keys",
            Style::RedisRs => "redis-rs, replies as `Value`",
        }
    }
}

/// One command of the pipelines, which repeat [`COMMANDS`].
struct Call {
    method: &'static str,
    /// The reply type that plain keys need.
    turbofish: &'static str,
    key: &'static str,
    arguments: &'static str,
}

const COMMANDS: [Call; 10] = [
    call("set", "", "NAME", "\"Ada\""),
    call("get", "::<String>", "NAME", ""),
    call("incr", "", "HITS", ""),
    call("expire", "", "HITS", "60"),
    call("rpush", "", "JOBS", "[\"a\", \"b\"]"),
    call("lrange", "::<String>", "JOBS", "0, -1"),
    call("sadd", "", "TAGS", "\"red\""),
    call("hset", "", "STOCK", "(\"apple\", 3)"),
    call("hget", "::<i64>", "STOCK", "\"apple\""),
    call("zadd", "", "BEST", "(1.5, \"Ada\")"),
];

const fn call(method: &'static str, turbofish: &'static str, key: &'static str, arguments: &'static str) -> Call {
    Call { method, turbofish, key, arguments }
}

impl Call {
    fn written(&self, keys: Keys) -> String {
        match keys {
            Keys::Typed => expression(self.method, self.key, self.arguments),
            Keys::Plain => {
                let method = format!("{}{}", self.method, self.turbofish);
                expression(&method, &format!("{:?}", self.key), self.arguments)
            }
        }
    }

    /// The method of redis-rs, some of which take other arguments: an increment, slices, pairs one by one, and the score
    /// after the member.
    fn written_for_redis_rs(&self) -> String {
        let arguments = match self.method {
            "incr" => "1",
            "rpush" => "&[\"a\", \"b\"]",
            "hset" => "\"apple\", 3",
            "zadd" => "\"Ada\", 1.5",
            _ => self.arguments,
        };
        expression(self.method, &format!("{:?}", self.key), arguments)
    }
}

const TYPED: &str = "\
const NAME: Key<Str<String>> = Key::new(\"NAME\");
const HITS: Key<Str<i64>> = Key::new(\"HITS\");
const JOBS: Key<List<String>> = Key::new(\"JOBS\");
const TAGS: Key<Set<String>> = Key::new(\"TAGS\");
const STOCK: Key<Hash<HashMap<String, i64>>> = Key::new(\"STOCK\");
const BEST: Key<SortedSet<String>> = Key::new(\"BEST\");
";

fn methods(keys: Keys, commands: usize, kinds: &str) -> String {
    let body = format!("let frunk_core::hlist_pat![{}] = {};", replies(commands), execution(keys, commands));
    typedis(keys, kinds, &body)
}

fn whole_list(commands: usize, kinds: &str) -> String {
    typedis(Keys::Plain, kinds, &format!("let replies = {};", execution(Keys::Plain, commands)))
}

fn execution(keys: Keys, commands: usize) -> String {
    let calls: String = calls(keys, commands).map(|call| format!("\n        .{call}")).collect();
    format!("client.pipeline(){calls}\n        .execute().await?")
}

fn pipeline(keys: Keys, commands: usize, kinds: &str) -> String {
    let calls: String = calls(keys, commands).map(|call| format!("\n        {call};")).collect();
    let body = format!("let ({},) = typedis::pipeline! {{ client => {calls}\n    }}?;", replies(commands));
    typedis(keys, kinds, &body)
}

fn typedis(keys: Keys, kinds: &str, body: &str) -> String {
    let declarations = match keys {
        Keys::Plain => String::new(),
        Keys::Typed => format!(
            "use std::collections::HashMap;\nuse typedis::Key;\nuse {kinds}::{{Hash, List, Set, SortedSet, Str}};\n{TYPED}"
        ),
    };
    format!(
        "#![allow(unused)]\nuse typedis::{{Client, prelude::*}};\n{declarations}
pub async fn run(client: &Client) -> typedis::Result<()> {{\n    {body}\n    Ok(())\n}}\nfn main() {{}}\n"
    )
}

fn redis_rs(commands: usize) -> String {
    let calls = COMMANDS.iter().cycle().take(commands);
    let calls: String = calls.map(|call| format!("\n        .{}", call.written_for_redis_rs())).collect();
    format!(
        "pub async fn run(connection: &mut redis::aio::MultiplexedConnection) -> redis::RedisResult<Vec<redis::Value>> {{
    redis::pipe().atomic(){calls}\n        .query_async(connection).await\n}}\nfn main() {{}}\n"
    )
}

fn calls(keys: Keys, commands: usize) -> impl Iterator<Item = String> {
    COMMANDS.iter().cycle().take(commands).map(move |call| call.written(keys))
}

fn expression(method: &str, key: &str, arguments: &str) -> String {
    match arguments {
        "" => format!("{method}({key})"),
        _ => format!("{method}({key}, {arguments})"),
    }
}

fn replies(commands: usize) -> String {
    (0..commands).map(|number| format!("r{number}")).collect::<Vec<_>>().join(", ")
}
