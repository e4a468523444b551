#!/usr/bin/env bash
# redis-rs turns the null of a transaction whose WATCH met a conflict into an empty success of most types.
#
# One would guess: an atomic pipeline that was not committed is an error, at least for a type that has no place for "not
#   committed", such as `()` or `bool`.
# What happens: `()` is Ok(()), `bool` is Ok(false), `Vec` is Ok([]), `HashMap` is Ok({}), exactly as if the commands had replied
#   so. Only `Option` shows it, and a number or a tuple is an error about types. `redis::transaction` sees it, because
#   its closure returns an Option.
# Seen on: redis 1.2.2 (the crate), against Redis 8.2.3.
. "$(dirname "$0")/lib.sh"

cargo_program redis-rs 'redis = { version = "=1.2.2", default-features = false }' <<'EOF'
use redis::{Connection, FromRedisValue, RedisResult};
use std::{collections::HashMap, fmt::Debug};

/// What a pipeline returns as a type, when another client has written the watched key.
fn conflict<T: FromRedisValue + Debug>(client: &redis::Client) -> String {
    let (mut watcher, mut other): (Connection, Connection) = (client.get_connection().unwrap(), client.get_connection().unwrap());
    redis::cmd("WATCH").arg("k").exec(&mut watcher).unwrap();
    redis::cmd("INCR").arg("k").exec(&mut other).unwrap();
    let result: RedisResult<T> = redis::pipe().atomic().cmd("SET").arg("lost").arg("1").query(&mut watcher);
    format!("{:?}", result.map_err(|error| error.kind()))
}

fn main() {
    let client = redis::Client::open(format!("redis://127.0.0.1:{}", std::env::args().nth(1).unwrap())).unwrap();
    for (name, seen) in [
        ("()", conflict::<()>(&client)),
        ("bool", conflict::<bool>(&client)),
        ("Vec<String>", conflict::<Vec<String>>(&client)),
        ("HashMap<String, String>", conflict::<HashMap<String, String>>(&client)),
        ("Option<Vec<String>>", conflict::<Option<Vec<String>>>(&client)),
        ("i64", conflict::<i64>(&client)),
        ("(String,)", conflict::<(String,)>(&client)),
    ] {
        println!("{name} {seen}");
    }
}
EOF
start redis-8.2.3
expect_output "$program" "$port" <<'EOF'
() Ok(())
bool Ok(false)
Vec<String> Ok([])
HashMap<String, String> Ok({})
Option<Vec<String>> Ok(None)
i64 Err(Parse)
(String,) Err(Parse)
EOF
