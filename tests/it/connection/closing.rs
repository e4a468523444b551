//! `close` refuses new requests, waits for those in flight, and leaves no connection behind.

use crate::support::{client, connections};
use std::time::Duration;
use tokio::task::{JoinSet, yield_now};
use typedis::{Client, Config, Error, Event, Outcome, hlist, prelude::*};
use typedis_testing::{Server, drop_after};

fn tasks() -> usize {
    tokio::runtime::Handle::current().metrics().num_alive_tasks()
}

#[tokio::test]
async fn what_is_in_flight_ends_and_new_work_is_refused() {
    let before = tasks();
    let (server, client) = client().await;
    client.pipeline().watch("a").await.unwrap().reset().await;
    server.freeze();
    let mut calls = JoinSet::new();
    for _ in 0..10 {
        let client = client.clone();
        calls.spawn(async move { client.incr("n").await });
    }
    while client.metrics().in_flight < 10 {
        yield_now().await;
    }
    assert_eq!(client.metrics().queued, 0, "the socket took them");
    let mut closing = Box::pin(client.close());
    assert!(drop_after(&mut closing, 1).await.is_none(), "it waits");
    let clone = client.clone();
    for refused in [
        clone.incr("n").await.err(),
        clone.pipeline().incr("n").execute().await.err(),
        clone.pipeline().watch("a").await.err(),
        clone.blpop::<String>("a", 0.0).await.err(),
    ] {
        assert!(matches!(refused, Some(Error::Closed)), "{refused:?}");
    }
    server.thaw();
    closing.await;
    let mut replies: Vec<i64> = calls.join_all().await.into_iter().map(Result::unwrap).collect();
    replies.sort();
    assert_eq!(replies, (1..=10).collect::<Vec<_>>());
    assert_eq!(tasks(), before, "no task is left");
    let mut raw = server.raw().await;
    while !connections(&mut raw).await.is_empty() {
        yield_now().await;
    }
    assert!(!Error::Closed.may_have_run());
}

#[tokio::test]
async fn a_watching_pipeline_may_end_its_transaction() {
    let (_server, client) = client().await;
    let mut tx = client.pipeline().watch("a").await.unwrap();
    let closing = tokio::spawn({
        let client = client.clone();
        async move { client.close().await }
    });
    while !matches!(client.incr("n").await, Err(Error::Closed)) {
        yield_now().await;
    }
    assert_eq!(tx.get::<i64>("a").await.unwrap(), None);
    assert!(!closing.is_finished());
    assert_eq!(tx.multi().incr("a").execute().await.unwrap(), Outcome::Committed(hlist![1]));
    closing.await.unwrap();
}

#[tokio::test]
async fn closing_twice_at_once_waits_twice_for_the_same_end() {
    let before = tasks();
    let (_server, client) = client().await;
    tokio::join!(client.close(), client.close());
    assert_eq!(tasks(), before);
    client.close().await;
}

#[tokio::test]
async fn closing_that_is_dropped_leaves_the_client_closed() {
    let (server, client) = client().await;
    server.freeze();
    assert!(drop_after(client.incr("n"), 1).await.is_none());
    assert!(drop_after(client.close(), 1).await.is_none());
    assert!(matches!(client.incr("n").await, Err(Error::Closed)));
    server.thaw();
    client.close().await;
    let mut raw = server.raw().await;
    while !connections(&mut raw).await.is_empty() {
        yield_now().await;
    }
}

#[tokio::test]
async fn without_a_server_it_waits_until_those_in_line_have_given_up() {
    let before = tasks();
    let server = Server::start().await;
    let config = Config::from_url(&server.url()).unwrap().response_timeout(Duration::from_millis(200));
    let client = Client::open(config).await.unwrap();
    let mut events = client.events();
    server.kill9();
    assert!(matches!(events.next().await, Some(Event::Lost { .. })));
    let waiting = tokio::spawn({
        let client = client.clone();
        async move { client.incr("n").await.unwrap_err() }
    });
    while client.metrics().in_flight == 0 {
        yield_now().await;
    }
    client.close().await;
    let error = waiting.await.unwrap();
    assert!(matches!(error, Error::Unavailable { .. }), "{error:?}");
    assert_eq!(tasks(), before);
    while !matches!(events.next().await, Some(Event::Closed)) {}
}

#[tokio::test]
async fn the_last_clone_leaves_no_task_behind_either() {
    let before = tasks();
    let (server, client) = client().await;
    drop(client);
    while tasks() > before {
        yield_now().await;
    }
    drop(server);
}
