//! Callers wait for room in a full queue, in order, and for large replies that are still coming.

use crate::support::proxied::{ProxiedClient, TIMEOUT};
use std::{
    ops::RangeBounds,
    time::{Duration, Instant},
};
use tokio::task::{JoinHandle, JoinSet, yield_now};
use typedis::{Client, Error, error::TimeoutKind, prelude::*};
use typedis_testing::{Server, drop_after};

/// The client's queue takes this many bytes.
const LIMIT: usize = 100_000;

/// A client before a frozen server, whose queue is full: `filling` is more than the buffers of the sockets ever take.
struct FullQueue {
    proxied: ProxiedClient,
    filling: JoinHandle<typedis::Result<()>>,
}

impl FullQueue {
    async fn new(timeout: Duration) -> FullQueue {
        let proxied = ProxiedClient::new(|config| config.max_queued_bytes(LIMIT).response_timeout(timeout)).await;
        proxied.server.freeze();
        let client = proxied.client.clone();
        let filling = tokio::spawn(async move { client.set("filling", "x".repeat(50_000_000)).await });
        while proxied.client.metrics().queued_bytes == 0 {
            yield_now().await;
        }
        FullQueue { proxied, filling }
    }

    /// Waits until the requests that wait for room have so many bytes.
    async fn waiting(&self, bytes: impl RangeBounds<usize>) {
        while !bytes.contains(&self.proxied.client.metrics().waiting_bytes) {
            yield_now().await;
        }
    }

    async fn taken(self) -> ProxiedClient {
        self.filling.await.unwrap().unwrap();
        self.proxied
    }
}

// A full queue.

#[tokio::test]
async fn a_hundred_callers_with_a_megabyte_each_are_all_served() {
    let server = Server::start().await;
    let client = Client::connect(&server.url()).await.unwrap();
    let value = "x".repeat(1_000_000);
    let mut callers = JoinSet::new();
    for _ in 0..100 {
        let (client, value) = (client.clone(), value.clone());
        callers.spawn(async move { client.append("a", value).await.map(drop) });
    }
    assert!(callers.join_all().await.into_iter().all(|appended| appended.is_ok()));
    assert_eq!(client.strlen("a").await.unwrap(), 100_000_000);
    let metrics = client.metrics();
    assert_eq!((metrics.in_flight, metrics.queued_bytes, metrics.waiting_bytes), (0, 0, 0));
}

#[tokio::test]
async fn callers_that_wait_for_room_are_served_in_order_the_large_ones_too() {
    const CALLERS: usize = 200;
    let full = FullQueue::new(Duration::from_secs(60)).await;
    let mut callers = JoinSet::new();
    let mut bytes = 0;
    for caller in 0..CALLERS {
        let client = full.proxied.client.clone();
        // Some fit only when next to nothing else is in the queue, others would always fit.
        let padding = match caller % 20 {
            7 => LIMIT - 1000,
            9 => 10,
            _ => 10_000,
        };
        bytes += padding;
        callers.spawn(async move {
            let value = format!("{caller}:{}", "x".repeat(padding));
            client.rpush("order", [value]).await.map(drop)
        });
    }
    full.waiting(bytes..).await;
    full.proxied.server.thaw();
    assert!(callers.join_all().await.into_iter().all(|pushed| pushed.is_ok()));
    let proxied = full.taken().await;
    let order = proxied.client.lrange::<String>("order", 0, -1).await.unwrap();
    let order: Vec<_> = order.iter().map(|value| value.split_once(':').unwrap().0.parse::<usize>().unwrap()).collect();
    assert_eq!(order, (0..CALLERS).collect::<Vec<_>>());
    assert_eq!(proxied.client.metrics().waiting_bytes, 0);
}

#[tokio::test]
async fn a_caller_waits_for_room_no_longer_than_its_timeout_and_sends_nothing_then() {
    let timeout = Duration::from_secs(1);
    let full = FullQueue::new(timeout).await;
    let began = Instant::now();
    let client = full.proxied.client.clone();
    let large = "x".repeat(20_000);
    let (first, behind) = tokio::join!(client.set("first", &large), client.set("behind", "small"));
    for error in [first.unwrap_err(), behind.unwrap_err()] {
        assert!(matches!(error, Error::QueueFull { limit: LIMIT, waiting: 1.. }), "{error:?}");
        assert!(!error.may_have_run(), "{error}");
    }
    assert!(began.elapsed() >= timeout, "{:?}", began.elapsed());
    assert_eq!(client.metrics().waiting_bytes, 0);
    full.proxied.server.thaw();
    while client.incr("thawed").await.is_err() {}
    assert_eq!(client.exists(["first", "behind"]).await.unwrap(), 0);
}

#[tokio::test]
async fn what_callers_hold_that_wait_for_room_has_a_bound() {
    let proxied = ProxiedClient::new(|config| config.max_queued_bytes(1000).max_waiting_bytes(5000)).await;
    proxied.server.freeze();
    let mut callers = JoinSet::new();
    let refused = loop {
        let client = proxied.client.clone();
        callers.spawn(async move { client.append("a", "x".repeat(900)).await });
        yield_now().await;
        if let Some(refused) = callers.try_join_next() {
            break refused.unwrap().unwrap_err();
        }
        assert!(proxied.client.metrics().waiting_bytes <= 5000);
    };
    assert!(matches!(refused, Error::QueueFull { limit: 1000, waiting: 4000..=6000 }), "{refused:?}");
    proxied.server.thaw();
    let accepted = callers.len() as u64;
    assert!(callers.join_all().await.into_iter().all(|appended| appended.is_ok()));
    assert_eq!(proxied.client.strlen("a").await.unwrap(), 900 * accepted);
}

#[tokio::test]
async fn a_caller_that_leaves_the_line_makes_way_for_those_behind_it() {
    let full = FullQueue::new(Duration::from_secs(60)).await;
    let client = full.proxied.client.clone();
    let gone = "x".repeat(LIMIT);
    // One is the first in line when it is dropped, the other one is not.
    let mut first = Box::pin(client.set("gone", &gone));
    let mut second = Box::pin(client.set("gone", &gone));
    assert!(drop_after(&mut first, 1).await.is_none());
    assert!(drop_after(&mut second, 1).await.is_none());
    let behind = tokio::spawn({
        let client = client.clone();
        async move { client.set("behind", "x".repeat(20_000)).await }
    });
    full.waiting(2 * LIMIT + 20_000..).await;
    drop(second);
    assert!((LIMIT..2 * LIMIT).contains(&client.metrics().waiting_bytes));
    drop(first);
    assert!((20_000..LIMIT).contains(&client.metrics().waiting_bytes));
    full.proxied.server.thaw();
    behind.await.unwrap().unwrap();
    assert_eq!(client.exists("gone").await.unwrap(), 0);
    full.taken().await;
}

#[tokio::test]
async fn a_caller_that_waits_for_room_and_is_not_polled_any_more_holds_up_no_other_one() {
    let full = FullQueue::new(Duration::from_secs(60)).await;
    let client = full.proxied.client.clone();
    let mut held = Box::pin(client.set("held", "x".repeat(LIMIT)));
    assert!(drop_after(&mut held, 1).await.is_none());
    let behind = tokio::spawn({
        let client = client.clone();
        async move { client.incr("behind").await }
    });
    full.waiting(LIMIT + 50..).await;
    full.proxied.server.thaw();
    assert_eq!(behind.await.unwrap().unwrap(), 1);
    held.await.unwrap();
    full.taken().await;
}

#[tokio::test]
async fn callers_that_wait_for_room_go_to_the_next_connection() {
    let mut proxied = ProxiedClient::new(|config| config.max_queued_bytes(1000)).await;
    proxied.cut_off().await;
    let mut callers = JoinSet::new();
    for _ in 0..100 {
        let client = proxied.client.clone();
        callers.spawn(async move { client.append("a", "x".repeat(300)).await });
    }
    proxied.in_flight(100).await;
    assert!(proxied.client.metrics().waiting_bytes > 25_000);
    assert!(proxied.client.metrics().queued_bytes <= 1000);
    proxied.restore();
    assert!(callers.join_all().await.into_iter().all(|appended| appended.is_ok()));
    assert_eq!(proxied.client.strlen("a").await.unwrap(), 30_000);
}

#[tokio::test]
async fn room_of_parked_requests_whose_callers_left_is_given_to_those_that_wait() {
    let mut proxied = ProxiedClient::new(|config| config.max_queued_bytes(1000).response_timeout(TIMEOUT)).await;
    proxied.cut_off().await;
    let client = proxied.client.clone();
    let value = "x".repeat(900);
    let mut parked = Box::pin(client.set("a", &value));
    assert!(drop_after(&mut parked, 1).await.is_none());
    let waiting = tokio::spawn({
        let client = client.clone();
        async move { client.set("b", "x".repeat(901)).await }
    });
    while client.metrics().waiting_bytes == 0 {
        yield_now().await;
    }
    drop(parked);
    while client.metrics().waiting_bytes > 0 {
        yield_now().await;
    }
    let error = waiting.await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Unavailable { .. }), "it had left the line: {error:?}");
}

#[tokio::test]
async fn closing_serves_callers_that_waited_for_room_before() {
    let full = FullQueue::new(Duration::from_secs(60)).await;
    let client = full.proxied.client.clone();
    let mut leaving = Box::pin(client.set("leaving", "x".repeat(LIMIT)));
    assert!(drop_after(&mut leaving, 1).await.is_none());
    let waiting = tokio::spawn({
        let client = client.clone();
        async move { client.incr("waiting").await }
    });
    full.waiting(LIMIT + 50..).await;
    let mut closing = Box::pin(client.close());
    assert!(drop_after(&mut closing, 1).await.is_none());
    assert!(matches!(client.incr("late").await, Err(Error::Closed)));
    full.proxied.server.thaw();
    drop(leaving);
    assert_eq!(waiting.await.unwrap().unwrap(), 1);
    closing.await;
    full.taken().await;
}

// Large replies.

/// A client with a short timeout behind a proxy that takes much longer for the string `large`, which has this size.
const LARGE: usize = 6_000_000;

async fn behind_a_slow_line() -> ProxiedClient {
    let proxied = ProxiedClient::new(|config| config.response_timeout(TIMEOUT)).await;
    let reply = proxied.server.raw().await.command(["SETRANGE", "large", &(LARGE - 1).to_string(), "x"]).await;
    assert_eq!(reply.integer(), LARGE as i64);
    proxied.proxy.delay(Duration::from_millis(50));
    proxied
}

#[tokio::test]
async fn a_large_reply_that_is_still_coming_is_not_late() {
    let proxied = behind_a_slow_line().await;
    let mut tx = proxied.client.pipeline().watch("a").await.unwrap();
    let began = Instant::now();
    let shared = proxied.client.get::<Vec<u8>>("large").await.unwrap();
    assert_eq!(shared.map(|large| large.len()), Some(LARGE));
    assert!(began.elapsed() > 2 * TIMEOUT, "the line is slow: {:?}", began.elapsed());
    let began = Instant::now();
    let watching = tx.get::<Vec<u8>>("large").await.unwrap();
    assert_eq!(watching.map(|large| large.len()), Some(LARGE));
    assert!(began.elapsed() > 2 * TIMEOUT, "the line is slow: {:?}", began.elapsed());
}

#[tokio::test]
async fn a_request_behind_a_large_reply_keeps_its_own_timeout_and_the_connection_stays() {
    let proxied = behind_a_slow_line().await;
    let client = &proxied.client;
    let (large, behind) = tokio::join!(client.get::<Vec<u8>>("large"), client.incr("n"));
    assert_eq!(large.unwrap().map(|large| large.len()), Some(LARGE));
    let error = behind.unwrap_err();
    assert!(matches!(error, Error::Timeout { kind: TimeoutKind::Response, after: TIMEOUT, .. }), "{error:?}");
    assert!(error.may_have_run());
    assert_eq!(client.incr("n").await.unwrap(), 2);
    assert_eq!(client.metrics().reconnects, 0);
}
