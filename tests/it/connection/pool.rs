//! Dedicated connections: which return to the pool, which are closed, and the state in which the next owner gets them.

use crate::support::{connections, kill, pool_of_one};
use std::time::Duration;
use typedis::{Client, Config, Error, Outcome, error::TimeoutKind, prelude::*};
use typedis_testing::{Frame, Proxy, Server, drop_after};

/// The id of the connection that the next owner gets.
async fn next_id(client: &Client) -> u64 {
    let mut tx = client.pipeline().watch("next").await.unwrap();
    let id = tx.client_id().await.unwrap();
    tx.reset().await;
    id
}

#[tokio::test]
async fn the_same_connection_serves_one_owner_after_the_other() {
    let (_server, client) = pool_of_one().await;
    let id = next_id(&client).await;
    drop(client.pipeline().watch("dropped").await.unwrap());
    assert_eq!(next_id(&client).await, id, "after a drop");
    let tx = client.pipeline().watch("conflict").await.unwrap();
    client.set("conflict", 1).await.unwrap();
    assert!(tx.multi().incr("conflict").execute().await.unwrap().is_conflict());
    assert_eq!(next_id(&client).await, id, "after a conflict");
    client.blpop::<String>("nothing", 0.01).await.unwrap();
    assert_eq!(next_id(&client).await, id, "after a command that blocked to its end");
}

#[tokio::test]
async fn replies_that_are_owed_do_not_cost_the_connection() {
    let (_server, client) = pool_of_one().await;
    let id = next_id(&client).await;
    let mut tx = client.pipeline().watch("a").await.unwrap();
    assert!(drop_after(tx.echo::<String>("owed"), 1).await.is_none());
    drop(tx);
    assert_eq!(next_id(&client).await, id);
}

#[tokio::test]
async fn a_blocking_command_that_is_dropped_costs_its_connection_and_not_the_pool() {
    let (server, client) = pool_of_one().await;
    let id = next_id(&client).await;
    let mut raw = server.raw().await;
    let waiting = tokio::spawn({
        let client = client.clone();
        async move { client.blpop::<String>("jobs", 0.0).await }
    });
    while blocked(&mut raw).await == 0 {
        tokio::task::yield_now().await;
    }
    waiting.abort();
    assert!(waiting.await.unwrap_err().is_cancelled());
    assert_ne!(next_id(&client).await, id);
    while blocked(&mut raw).await > 0 {
        tokio::task::yield_now().await;
    }
    client.rpush("jobs", "one").await.unwrap();
    assert_eq!(client.lpop::<String>("jobs").await.unwrap().as_deref(), Some("one"), "nobody took it who has gone");
}

/// The number of connections that wait in a blocking command.
async fn blocked(raw: &mut typedis_testing::Raw) -> usize {
    connections(raw).await.iter().filter(|connection| connection.get("flags").contains('b')).count()
}

#[tokio::test]
async fn a_blocking_command_dropped_under_a_watch_costs_the_connection() {
    let (_server, client) = pool_of_one().await;
    let id = next_id(&client).await;
    let mut tx = client.pipeline().watch("a").await.unwrap();
    assert!(drop_after(tx.blpop::<String>("jobs", 0.0), 1).await.is_none());
    drop(tx);
    assert_ne!(next_id(&client).await, id);
}

#[tokio::test]
async fn a_request_written_in_part_costs_the_connection() {
    let (_server, client) = pool_of_one().await;
    let id = next_id(&client).await;
    let mut tx = client.pipeline().watch("a").await.unwrap();
    let large = "x".repeat(50_000_000);
    assert!(drop_after(tx.echo::<Vec<u8>>(&large), 1).await.is_none());
    drop(tx);
    assert_ne!(next_id(&client).await, id);
    let mut tx = client.pipeline().watch("a").await.unwrap();
    assert_eq!(tx.echo::<Vec<u8>>(&large).await.unwrap().len(), large.len());
}

#[tokio::test]
async fn a_connection_closed_while_nobody_used_it_is_not_handed_out() {
    let (server, client) = pool_of_one().await;
    let id = next_id(&client).await;
    kill(&server, id).await;
    assert_ne!(next_id(&client).await, id);
}

#[tokio::test]
async fn a_user_who_may_not_unwatch_gets_another_connection() {
    let server = Server::start().await;
    let acl = ["ACL", "SETUSER", "guest", "on", ">secret", "~*", "+@all", "-unwatch"];
    assert_eq!(server.raw().await.command(acl).await, Frame::Simple("OK".into()));
    let config = Config::from_url(&server.url()).unwrap().username("guest").password("secret").pool_size(1);
    let client = Client::open(config).await.unwrap();
    let mut seen = vec![];
    for way_out in ["reset", "unwatch", "drop"] {
        let mut tx = client.pipeline().watch("a").await.unwrap();
        let id = tx.client_id().await.unwrap();
        assert!(!seen.contains(&id), "the connection still watches before {way_out}");
        seen.push(id);
        match way_out {
            "reset" => drop(tx.reset().await),
            "unwatch" => drop(tx.unwatch().await),
            _ => drop(tx),
        }
    }
    // EXEC ends the watch, so the connection stays in use.
    let mut tx = client.pipeline().watch("a").await.unwrap();
    let id = tx.client_id().await.unwrap();
    assert!(!seen.contains(&id));
    assert_eq!(tx.multi().incr("a").execute().await.unwrap(), Outcome::Committed(typedis::hlist![1]));
    assert_eq!(client.pipeline().watch("a").await.unwrap().client_id().await.unwrap(), id);
}

/// A server, and a client with a pool of one and short timeouts.
async fn impatient() -> (Server, Client) {
    let server = Server::start().await;
    let patience = Duration::from_millis(250);
    let config =
        Config::from_url(&server.url()).unwrap().pool_size(1).response_timeout(patience).connect_timeout(patience);
    let client = Client::open(config).await.unwrap();
    (server, client)
}

#[tokio::test]
async fn a_frozen_server_that_owes_replies_costs_timeouts_and_then_nothing() {
    let (server, client) = impatient().await;
    let id = next_id(&client).await;
    owe_a_reply(&server, &client).await;
    let error = client.pipeline().watch("a").await.unwrap_err();
    assert!(matches!(error, Error::Timeout { kind: TimeoutKind::Connect, .. }), "{error:?}");
    server.thaw();
    assert_ne!(next_id(&client).await, id, "what owed replies for too long is closed");
}

#[tokio::test]
async fn owed_replies_that_come_after_all_are_read_off() {
    let (server, client) = impatient().await;
    let id = next_id(&client).await;
    owe_a_reply(&server, &client).await;
    server.thaw();
    assert_eq!(next_id(&client).await, id);
}

#[tokio::test]
async fn a_read_that_times_out_ends_its_watch() {
    let (server, client) = impatient().await;
    let mut tx = client.pipeline().watch("a").await.unwrap();
    server.freeze();
    let error = tx.get::<i64>("a").await.unwrap_err();
    assert!(matches!(error, Error::Timeout { kind: TimeoutKind::WatchedRead, .. }), "{error:?}");
    server.thaw();
    assert!(matches!(tx.get::<i64>("a").await, Err(Error::WatchLost { .. })));
    assert_eq!(tx.multi().incr("a").execute().await.unwrap(), Outcome::Conflict);
    assert_eq!(client.get::<i64>("a").await.unwrap(), None);
}

#[tokio::test]
async fn a_pool_opens_no_more_than_it_may_and_only_when_needed() {
    let server = Server::start().await;
    let proxy = Proxy::start(server.addr()).await;
    let client = Client::open(Config::from_url(&proxy.url()).unwrap().pool_size(2)).await.unwrap();
    assert_eq!(proxy.connections(), 1, "the shared one");
    for _ in 0..3 {
        next_id(&client).await;
    }
    assert_eq!(proxy.connections(), 2);
    let tasks = [(); 10].map(|()| {
        let client = client.clone();
        tokio::spawn(async move { next_id(&client).await })
    });
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(proxy.connections(), 3);
}

/// Returns to the pool a connection on which a frozen server owes a reply.
async fn owe_a_reply(server: &Server, client: &Client) {
    let mut tx = client.pipeline().watch("a").await.unwrap();
    server.freeze();
    assert!(drop_after(tx.echo::<String>("owed"), 1).await.is_none());
}
