#!/usr/bin/env bash
# redis-rs and fred turn the null of a transaction whose WATCH met a conflict into a success of many types.
#
# One would guess: a transaction that was not committed is an error, at least for a type that has no place for "not
#   committed", such as `()` or `bool`.
# What happens: in both, `()` is Ok(()) and `Vec` is Ok([]), as if the commands had run; in redis-rs `bool` is
#   Ok(false) and `HashMap` is Ok({}) too. Only `Option` shows it; a number, or a tuple, is an error about types.
# Seen on: redis 1.2.2 and fred 10.1.0 (crates), against Redis 8.2.3.
. "$(dirname "$0")/lib.sh"

cargo_program clients 'redis = { version = "=1.2.2", default-features = false }' \
    'fred = { version = "=10.1.0", default-features = false, features = ["transactions", "i-keys", "i-std"] }' \
    'tokio = { version = "=1.54.1", features = ["macros", "rt"] }' <<'EOF'
use std::{collections::HashMap, fmt::Debug};

mod redis_rs {
    use super::Debug;
    use redis::{Connection, FromRedisValue, RedisResult};

    /// What a pipeline returns as a type, when another client has written the watched key.
    pub fn conflict<T: FromRedisValue + Debug>(url: &str) -> String {
        let client = redis::Client::open(url).unwrap();
        let (mut watcher, mut other): (Connection, Connection) = (client.get_connection().unwrap(), client.get_connection().unwrap());
        redis::cmd("WATCH").arg("k").exec(&mut watcher).unwrap();
        redis::cmd("INCR").arg("k").exec(&mut other).unwrap();
        let result: RedisResult<T> = redis::pipe().atomic().cmd("SET").arg("lost").arg("1").query(&mut watcher);
        format!("{:?}", result.map_err(|error| error.kind()))
    }
}

mod fred_client {
    use super::Debug;
    use fred::{prelude::*, types::FromValue};

    /// What a transaction returns as a type, when another client has written the watched key.
    pub async fn conflict<T: FromValue + Debug>(url: &str) -> String {
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
}

macro_rules! show {
    ($url:ident: $($reply:ty),*) => {
        $(println!("{}: redis-rs {}, fred {}", stringify!($reply), redis_rs::conflict::<$reply>(&$url), fred_client::conflict::<$reply>(&$url).await);)*
    };
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let url = format!("redis://127.0.0.1:{}", std::env::args().nth(1).unwrap());
    show!(url: (), bool, Vec<String>, HashMap<String, String>, Option<String>, i64, (String,));
}
EOF
start redis-8.2.3
expect_output "$program" "$port" <<'EOF'
(): redis-rs Ok(()), fred Ok(())
bool: redis-rs Ok(false), fred Err(Parse)
Vec<String>: redis-rs Ok([]), fred Ok([])
HashMap<String, String>: redis-rs Ok({}), fred Err(Parse)
Option<String>: redis-rs Ok(None), fred Ok(None)
i64: redis-rs Err(Parse), fred Err(NotFound)
(String,): redis-rs Err(Parse), fred Err(Parse)
EOF
