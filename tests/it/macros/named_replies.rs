//! Named replies of `pipeline!`: a struct of the caller gets one reply for each field.

use crate::support::client;
use typedis::{Client, Key, Outcome, Prepared, key::Str, pipeline, prelude::*};

mod app {
    #[derive(Debug, Default, PartialEq)]
    pub struct Stats {
        pub hits: i64,
        pub name: Option<String>,
        pub tags: Vec<String>,
        pub stored: (),
    }

    #[derive(Debug, PartialEq)]
    pub struct Pair<A, B> {
        pub first: A,
        pub second: B,
    }
}
use app::{Pair, Stats};

const SEQUENCE: Key<Str<i64>> = Key::new("sequence");

fn expected(hits: i64) -> Stats {
    Stats { hits, name: Some("Ada".into()), tags: vec!["a".into()], stored: () }
}

#[tokio::test]
async fn the_types_of_the_fields_are_those_of_the_replies() {
    let (_server, client) = client().await;
    client.sadd("tags", "a").await.unwrap();
    // The order of the commands differs from that of the fields, and the server sees the former.
    let stats = pipeline! { client =>
        Stats { stored: set("name", "Ada"); name: get("name"); tags: smembers("tags"); hits: incr("hits") }
    };
    assert_eq!(stats.unwrap(), expected(1));
    let stats = pipeline! { client => app::Stats { stored: set("name", "Ada"); name: get("name"); tags: smembers("tags"); hits: incr("hits"); }; };
    assert_eq!(stats.unwrap(), expected(2));
    let stats = pipeline! { client.pipeline().without_transaction() => <
        Stats { stored: set("name", "Ada"); name: get("name"); tags: smembers("tags"); hits: incr("hits") }
    > };
    assert_eq!(stats.unwrap(), expected(3));
    let pair = pipeline! { client => multi(); Pair::<u64, Option<i64>> { first: scard("tags"); second: get("hits") } };
    assert_eq!(pair.unwrap(), Pair { first: 1, second: Some(3) });
}

struct Page {
    visit: Prepared<Stats>,
}

#[tokio::test]
async fn a_prepared_batch_fills_a_struct() {
    let (_server, client) = client().await;
    client.sadd("tags", "a").await.unwrap();
    let page = Page {
        visit: pipeline! { Stats { stored: set("name", "Ada"); hits: incr("hits"); name: get("name"); tags: smembers("tags") } },
    };
    assert_eq!(page.visit.execute(&client).await.unwrap(), expected(1));
    let watching = client.pipeline().watch("hits").await.unwrap();
    assert_eq!(page.visit.execute(watching).await.unwrap(), Outcome::Committed(expected(2)));
}

async fn next(client: &Client) -> typedis::Result<Pair<(), Option<i64>>> {
    pipeline! { client =>
        watch(SEQUENCE);
        let current = get(SEQUENCE)?.unwrap_or(0);
        if current > 9 {
            return Ok(Pair { first: (), second: None });
        }
        multi();
        Pair { first: set(SEQUENCE, current + 1); second: get(SEQUENCE) }
    }
}

#[tokio::test]
async fn what_is_committed_after_a_watch_fills_a_struct() {
    let (_server, client) = client().await;
    assert_eq!(next(&client).await.unwrap().second, Some(1));
    assert_eq!(next(&client).await.unwrap().second, Some(2));
    client.set(SEQUENCE, 10).await.unwrap();
    assert_eq!(next(&client).await.unwrap().second, None);
}

#[tokio::test]
async fn a_failure_names_its_command() {
    let (_server, client) = client().await;
    client.set("name", "Ada").await.unwrap();
    let error = pipeline! { client => Pair::<i64, i64> { first: incr("hits"); second: incr("name") } }.unwrap_err();
    assert!(error.to_string().starts_with("command 2 (INCR)"), "{error}");
}
