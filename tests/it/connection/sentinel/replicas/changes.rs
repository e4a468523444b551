//! Changes of a set: replicas that come and go, and switches to another primary.

use super::{super::config, NAME, Set, read};
use crate::support::eventually;
use std::time::{Duration, Instant};
use tokio::time::{sleep, timeout};
use typedis::{Client, Error, error::SentinelErrorKind, prelude::*};
use typedis_testing::{ClosedPort, FakeSentinel};

#[tokio::test]
async fn replicas_that_the_sentinel_calls_down_are_left_out() {
    let set = Set::new(3).await;
    set.lists(&[(1, "s_down,slave,disconnected", "err"), (2, "slave", "ok"), (3, "o_down,slave", "ok")]);
    let client = set.client().await;
    read(&client.replicas(), 4).await;
    assert_eq!(set.gets(), [0, 0, 4, 0]);
    assert_eq!((set.servers.connections(1), set.servers.connections(3)), (0, 0));
}

#[tokio::test]
async fn a_replica_behind_its_primary_is_asked_at_last() {
    let mut set = Set::new(2).await;
    set.lists(&[(1, "slave", "err"), (2, "slave", "ok")]);
    let client = set.client().await;
    read(&client.replicas(), 4).await;
    assert_eq!(set.gets(), [0, 0, 4]);
    client.close().await;

    set.lists(&[(1, "slave", "err")]);
    let client = set.client().await;
    let replicas = client.replicas();
    read(&replicas, 2).await;
    assert_eq!(set.gets(), [2, 0, 4]);
    // While the primary is down, what it has is all that there is.
    set.servers.stop(0).await;
    set.servers.disconnect(0);
    read(&replicas, 5).await;
    assert_eq!(set.gets(), [2, 5, 4]);
}

#[tokio::test]
async fn a_lost_replica_is_left_and_the_sentinels_are_asked_anew() {
    let mut set = Set::new(3).await;
    set.lists(&[(1, "slave", "ok"), (2, "slave", "ok")]);
    let client = set.client().await;
    let replicas = client.replicas();
    read(&replicas, 4).await;
    assert_eq!(set.gets(), [0, 2, 2, 0]);
    set.lists(&[(2, "slave", "ok"), (3, "slave", "ok")]);
    set.servers.stop(1).await;
    set.servers.disconnect(1);
    eventually("the new replica is asked", async || {
        read(&replicas, 2).await;
        set.gets()[3] > 0
    })
    .await;
    assert_eq!((set.gets()[0], set.gets()[1]), (0, 2));
}

/// As one whose address leads nowhere from here.
#[tokio::test]
async fn a_replica_that_cannot_be_reached_costs_reads_and_sentinels_little() {
    let set = Set::new(1).await;
    let closed = ClosedPort::new();
    set.sentinel.lists(&[(closed.addr(), "slave", "ok"), (set.servers.addr(1), "slave", "ok")]);
    let client = set.client().await;
    let replicas = client.replicas();
    let (begin, mut slowest) = (Instant::now(), Duration::ZERO);
    while begin.elapsed() < Duration::from_secs(3) {
        let read_at = Instant::now();
        read(&replicas, 1).await;
        slowest = slowest.max(read_at.elapsed());
        sleep(Duration::from_millis(1)).await;
    }
    assert!(slowest < Duration::from_millis(450), "{slowest:?}");
    let asked = set.sentinel.questions_for_replicas();
    assert!((2..=9).contains(&asked), "{asked} questions");
    assert_eq!(set.gets()[0], 0);
    // Without another one, the error says why.
    set.sentinel.lists(&[(closed.addr(), "slave", "ok")]);
    set.servers.disconnect(1);
    let config = set.config().response_timeout(Duration::from_millis(300));
    let strict = Client::open(config).await.unwrap().replicas().without_primary();
    let error = strict.get::<String>("k").await.unwrap_err();
    let words = error.to_string();
    assert!(matches!(error, Error::Sentinel { kind: SentinelErrorKind::NoReplica, .. }), "{error:?}");
    assert!(words.contains(&closed.addr().to_string()) && words.contains("refused"), "{words}");
}

#[tokio::test]
async fn a_replica_that_has_become_the_primary_is_left() {
    let set = Set::new(2).await;
    let client = set.client().await;
    let replicas = client.replicas();
    set.sentinel.has_subscriber().await;
    read(&replicas, 4).await;
    set.servers.replicate(1, None);
    set.servers.replicate(0, 1);
    set.servers.replicate(2, 1);
    set.lists(&[(0, "slave", "ok"), (2, "slave", "ok")]);
    set.sentinel.switches_to(set.servers.addr(1));
    eventually("the old primary is asked as a replica", async || {
        read(&replicas, 1).await;
        set.gets()[0] > 0
    })
    .await;
    set.servers.clear();
    read(&replicas, 10).await;
    assert_eq!(set.gets(), [5, 0, 5]);
    client.set("k", 1).await.unwrap();
    assert_eq!([0, 1, 2].map(|server| set.servers.count(server, "SET")), [0, 1, 0]);
    // Where no other replica is, the primary is asked, on the connection of the client.
    let connections = set.servers.connections(1);
    set.lists(&[]);
    set.servers.disconnect(0);
    set.servers.disconnect(2);
    eventually("the primary is asked", async || {
        set.servers.clear();
        read(&replicas, 2).await;
        set.gets() == [0, 2, 0]
    })
    .await;
    assert_eq!(set.servers.connections(1), connections);
}

/// As a Sentinel does that has not heard of a switch yet.
#[tokio::test]
async fn the_present_primary_is_not_a_replica_by_an_old_answer() {
    let set = Set::new(2).await;
    let client = set.client().await;
    let replicas = client.replicas();
    set.sentinel.has_subscriber().await;
    read(&replicas, 2).await;
    set.servers.replicate(1, None);
    set.servers.replicate(0, 1);
    set.sentinel.switches_to(set.servers.addr(1));
    set.sentinel.names(set.servers.addr(0));
    let asked = set.sentinel.questions_for_replicas();
    eventually("the Sentinel is asked", async || set.sentinel.questions_for_replicas() > asked).await;
    eventually("the primary is left", async || {
        set.servers.clear();
        read(&replicas, 4).await;
        set.gets()[1..] == [0, 4]
    })
    .await;
}

#[tokio::test]
async fn any_sentinel_that_answers_tells_the_replicas() {
    let set = Set::new(1).await;
    let frozen = FakeSentinel::start(NAME, set.servers.addr(0)).await;
    let closed = ClosedPort::new();
    frozen.freeze();
    let client = Client::open(config(&[closed.addr(), frozen.addr(), set.sentinel.addr()])).await.unwrap();
    read(&client.replicas(), 2).await;
    assert_eq!(set.gets(), [0, 2]);
}

#[tokio::test]
async fn while_no_sentinel_answers_the_servers_stay_as_they_are() {
    let set = Set::new(1).await;
    let config = set.config().connect_timeout(Duration::from_millis(200)).response_timeout(Duration::from_secs(2));
    let (known, unknown) = (Client::open(config.clone()).await.unwrap(), Client::open(config).await.unwrap());
    let replicas = known.replicas();
    read(&replicas, 1).await;
    set.sentinel.freeze();
    set.servers.disconnect(1);
    eventually("the replica is asked again", async || {
        read(&replicas, 1).await;
        set.gets()[1] > 1
    })
    .await;
    // The primary is known without them.
    set.servers.clear();
    read(&unknown.replicas(), 1).await;
    assert_eq!(set.gets(), [1, 0]);
    let error = unknown.replicas().without_primary().get::<String>("k").await.unwrap_err();
    let is_of_sentinel = matches!(error, Error::Sentinel { kind: SentinelErrorKind::Unreachable, .. });
    assert!(is_of_sentinel, "{error:?}");
    set.sentinel.thaw();
    let strict = unknown.replicas().without_primary();
    let answers = async || strict.get::<String>("k").await.is_ok();
    timeout(Duration::from_secs(10), eventually("the replica is known", answers)).await.unwrap();
}
