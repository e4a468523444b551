//! Health checks: a silent connection is asked by PING, and an idle or half-open one is closed.

use crate::support::connections;
use crate::support::proxied::{ProxiedClient, TIMEOUT};
use std::time::Duration;
use tokio::task::{JoinSet, yield_now};
use typedis::{Client, Config, Error, Event, Outcome, hlist, hlist_pat, prelude::*};
use typedis_testing::Server;

#[tokio::test]
async fn a_half_open_connection_is_found_before_a_caller_meets_it() {
    let quick = Duration::from_millis(50);
    let mut proxied = ProxiedClient::new(|config| config.response_timeout(quick).health_check_interval(quick)).await;
    proxied.client.set("a", 1).await.unwrap();
    proxied.proxy.drop_open();
    assert!(matches!(proxied.events.next().await, Some(Event::Lost { .. })));
    assert_eq!(proxied.client.get::<i64>("a").await.unwrap(), Some(1));
    assert_eq!(proxied.client.metrics().unknown_outcomes, 0);
}

#[tokio::test]
async fn a_quiet_connection_to_a_server_that_is_there_is_kept() {
    let quick = Duration::from_millis(5);
    let proxied = ProxiedClient::new(|config| config.health_check_interval(quick)).await;
    let id = proxied.client.client_id().await.unwrap();
    let pings = || proxied.proxy.writes().iter().filter(|write| write.ends_with(b"PING\r\n")).count();
    while pings() < 5 {
        tokio::time::sleep(quick).await;
    }
    assert_eq!(proxied.client.client_id().await.unwrap(), id);
    assert_eq!(proxied.client.metrics().in_flight, 0);
}

#[tokio::test]
async fn a_connection_is_asked_no_more_often_than_was_said() {
    let proxied = ProxiedClient::new(|config| config.pool_idle_timeout(Duration::from_millis(5))).await;
    proxied.proxy.clear_writes();
    // Each time that an idle connection is closed, the reaper has run.
    for _ in 0..10 {
        proxied.client.pipeline().watch("a").await.unwrap().reset().await;
        while proxied.client.metrics().pool_idle > 0 {
            yield_now().await;
        }
    }
    let writes = proxied.proxy.writes();
    assert!(!writes.iter().any(|write| write == b"*1\r\n$4\r\nPING\r\n"), "{writes:?}");
}

#[tokio::test]
async fn half_open_connections_of_the_pool_are_asked_before_they_are_used() {
    let proxied =
        ProxiedClient::new(|config| config.response_timeout(TIMEOUT).health_check_interval(Duration::from_nanos(1)))
            .await;
    let mut held = Vec::new();
    for _ in 0..4 {
        held.push(proxied.client.pipeline().watch("a").await.unwrap());
    }
    drop(held);
    proxied.proxy.drop_open();
    let mut tasks = JoinSet::new();
    for _ in 0..4 {
        let client = proxied.client.clone();
        tasks.spawn(async move {
            let tx = client.pipeline().watch("a").await?;
            tx.multi().echo::<String>("fresh").execute().await
        });
    }
    for outcome in tasks.join_all().await {
        assert_eq!(outcome.unwrap(), Outcome::Committed(hlist!["fresh".to_owned()]));
    }
}

#[tokio::test]
async fn one_lost_connection_makes_the_others_be_asked() {
    let proxied = ProxiedClient::new(|config| config.response_timeout(TIMEOUT).health_check_interval(None)).await;
    let (first, second) =
        (proxied.client.pipeline().watch("a").await.unwrap(), proxied.client.pipeline().watch("a").await);
    drop((first, second));
    assert_eq!(proxied.client.metrics().pool_idle, 2);
    proxied.proxy.drop_open();
    // Both are half-open. The loss of the first makes the second suspect, so that no second caller has to wait.
    let error = proxied.client.pipeline().watch("a").await.err();
    assert!(error.is_none_or(|error| matches!(error, Error::Timeout { .. })));
    proxied.client.pipeline().watch("a").await.unwrap().reset().await;
    assert_eq!(proxied.client.metrics().pool_idle, 1);
}

#[tokio::test]
async fn connections_of_the_pool_that_nobody_uses_are_closed_after_a_while() {
    let server = Server::start().await;
    let config = Config::from_url(&server.url()).unwrap().pool_idle_timeout(Duration::from_millis(50));
    let client = Client::open(config).await.unwrap();
    let (first, second) = (client.pipeline().watch("a").await.unwrap(), client.pipeline().watch("a").await.unwrap());
    let mut raw = server.raw().await;
    assert_eq!(connections(&mut raw).await.len(), 3);
    drop((first, second));
    while connections(&mut raw).await.len() > 1 {
        yield_now().await;
    }
    let hlist_pat![one] = client.pipeline().incr("n").execute().await.unwrap();
    assert_eq!((one, client.metrics().pool_idle), (1, 0));
}
