#!/usr/bin/env bash
# fred turns the null of a transaction whose WATCH met a conflict into an empty success of `()` and `Vec`.
#
# One would guess: a transaction that was not committed is an error, at least for a type that has no place for "not
#   committed".
# What happens: exec::<()> is Ok(()) and exec::<Vec<_>> is Ok([]), as if all commands had run. An Option shows
#   it, an i64 is a NotFound error, a bool and a HashMap are errors about types.
# Seen on: fred 10.1.0, against Redis 8.2.3.
. "$(dirname "$0")/lib.sh"

cargo_program fred-client 'fred = { version = "=10.1.0", default-features = false, features = ["transactions", "i-keys", "i-std"] }' \
    'tokio = { version = "1", features = ["macros", "rt"] }' <<'EOF'
use fred::{prelude::*, types::FromValue};
use std::{collections::HashMap, fmt::Debug};

/// What a transaction returns as a type, when another client has written the watched key.
async fn conflict<T: FromValue + Debug>(url: &str) -> String {
    let client = || Builder::from_config(Config::from_url(url).unwrap()).build().unwrap();
    let (watcher, other) = (client(), client());
    watcher.init().await.unwrap();
    other.init().await.unwrap();
    let transaction = watcher.multi();
    let _: () = watcher.custom(fred::cmd!("WATCH"), vec!["k"]).await.unwrap();
    let _: i64 = other.incr("k").await.unwrap();
    let _: () = transaction.set("lost", 1, None, None, false).await.unwrap();
    let result = transaction.exec::<T>(true).await;
    format!("{:?}", result.map_err(|error| error.kind().clone()))
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let url = format!("redis://127.0.0.1:{}", std::env::args().nth(1).unwrap());
    for (name, seen) in [
        ("()", conflict::<()>(&url).await),
        ("bool", conflict::<bool>(&url).await),
        ("Vec<String>", conflict::<Vec<String>>(&url).await),
        ("HashMap<String, String>", conflict::<HashMap<String, String>>(&url).await),
        ("Option<String>", conflict::<Option<String>>(&url).await),
        ("i64", conflict::<i64>(&url).await),
    ] {
        println!("{name} {seen}");
    }
}
EOF
start redis-8.2.3
expect_output "$program" "$port" <<'EOF'
() Ok(())
bool Err(Parse)
Vec<String> Ok([])
HashMap<String, String> Err(Parse)
Option<String> Ok(None)
i64 Err(NotFound)
EOF
