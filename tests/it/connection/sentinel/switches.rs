//! Switches to another primary: its announcement, or the first refusal, ends the connections to the old one.

use super::{NAME, config, make_replica, set, value};
use crate::support::connections;
use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};
use tokio::task::yield_now;
use typedis::{Client, Error, Event, Outcome, error::ErrorKind, prelude::*};
use typedis_testing::{FakeSentinel, Server};

/// Two primaries, a Sentinel that names the first of them, and a client that is subscribed to it.
struct Pair {
    first: Server,
    second: Server,
    sentinel: FakeSentinel,
    client: Client,
}

impl Pair {
    async fn new() -> Pair {
        let (first, sentinel) = set().await;
        let second = Server::start().await;
        let client = Client::open(config(&[sentinel.addr()])).await.unwrap();
        // Behind the question after the subscription a message is the only way to learn of a switch.
        let subscribed = async || {
            sentinel.has_subscriber().await;
            sentinel.questions() == 2
        };
        while !subscribed().await {
            yield_now().await;
        }
        Pair { first, second, sentinel, client }
    }

    fn switch(&self) {
        self.sentinel.switches_to(self.second.addr());
    }

    /// Waits until the client has left the first server.
    async fn left(&self) {
        let mut raw = self.first.raw().await;
        while !connections(&mut raw).await.is_empty() {
            yield_now().await;
        }
    }
}

async fn is_blocked(server: &Server, command: &str) {
    let mut raw = server.raw().await;
    while connections(&mut raw).await.iter().all(|fields| fields.get("cmd") != command) {
        yield_now().await;
    }
}

#[tokio::test]
async fn an_announced_switch_ends_the_connections_to_the_old_primary() {
    let pair = Pair::new().await;
    let mut events = pair.client.events();
    pair.client.set("k", "first").await.unwrap();
    let tx = pair.client.pipeline().watch("k").await.unwrap();
    tx.reset().await;
    assert_eq!(pair.client.metrics().pool_idle, 1);
    pair.switch();
    let Some(Event::Lost { reason, .. }) = events.next().await else { panic!("the connection was kept") };
    assert_eq!(&*reason, "the Sentinels have made another server the primary");
    pair.client.set("k", "second").await.unwrap();
    let tx = pair.client.pipeline().watch("k").await.unwrap();
    assert_eq!(tx.multi().append("k", "!").execute().await.unwrap(), Outcome::Committed(typedis::hlist![7]));
    assert_eq!((value(&pair.first, "k").await, value(&pair.second, "k").await), ("first".into(), "second!".into()));
    pair.left().await;
    assert_eq!(pair.client.metrics().unknown_outcomes, 0);
}

#[tokio::test]
async fn replies_on_their_way_are_read() {
    let pair = Pair::new().await;
    pair.client.set("k", 1).await.unwrap();
    pair.first.raw().await.command(["CLIENT", "PAUSE", "300", "WRITE"]).await;
    let paused = tokio::spawn({
        let client = pair.client.clone();
        async move { client.incr("k").await }
    });
    while pair.client.metrics().in_flight == 0 {
        yield_now().await;
    }
    pair.switch();
    // Submitted while the first connection still waits for its reply.
    while pair.client.metrics().reconnects == 0 {
        yield_now().await;
    }
    assert_eq!(paused.await.unwrap().unwrap(), 2);
    pair.client.set("k", "second").await.unwrap();
    assert_eq!((value(&pair.first, "k").await, value(&pair.second, "k").await), ("2".into(), "second".into()));
    assert_eq!(pair.client.metrics().unknown_outcomes, 0);
}

#[tokio::test]
async fn a_frozen_primary_holds_no_caller() {
    let pair = Pair::new().await;
    pair.client.set("k", "first").await.unwrap();
    let tx = pair.client.pipeline().watch("k").await.unwrap();
    let blocked = tokio::spawn({
        let client = pair.client.clone();
        async move { client.blpop::<String>("list", 0.0).await }
    });
    is_blocked(&pair.first, "blpop").await;
    pair.first.freeze();
    let lost = tokio::spawn({
        let client = pair.client.clone();
        async move { client.set("k", "lost").await }
    });
    while pair.client.metrics().in_flight == 0 {
        yield_now().await;
    }
    let began = Instant::now();
    pair.switch();
    let error = lost.await.unwrap().unwrap_err();
    assert!(matches!(error, Error::OutcomeUnknown { .. }), "{error:?}");
    let error = blocked.await.unwrap().unwrap_err();
    assert!(matches!(error, Error::OutcomeUnknown { .. }), "{error:?}");
    assert_eq!(tx.multi().set("k", "lost").execute().await.unwrap(), Outcome::Conflict);
    pair.client.set("k", "second").await.unwrap();
    let tx = pair.client.pipeline().watch("k").await.unwrap();
    tx.multi().set("n", 1).execute().await.unwrap().committed().unwrap();
    // What is on its way has a second; the response timeout is ten.
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    assert_eq!((value(&pair.second, "k").await, value(&pair.second, "n").await), ("second".into(), "1".into()));
    pair.first.thaw();
}

/// The old primary takes writes for seconds, which are lost, so nothing more is sent to it.
#[tokio::test]
async fn a_watching_pipeline_conflicts_after_a_switch() {
    let pair = Pair::new().await;
    let mut tx = pair.client.pipeline().watch("k").await.unwrap();
    assert_eq!(tx.get::<String>("k").await.unwrap(), None);
    pair.switch();
    while pair.client.metrics().reconnects == 0 {
        yield_now().await;
    }
    assert_eq!(tx.multi().set("k", "lost").execute().await.unwrap(), Outcome::Conflict);
    pair.client.transaction("k", async |tx| Ok(tx.multi().set("k", "second"))).await.unwrap();
    assert_eq!(pair.first.raw().await.command(["EXISTS", "k"]).await.integer(), 0);
    assert_eq!(value(&pair.second, "k").await, "second");
}

/// A client that is being opened is not subscribed yet, so it asks again while the server is silent.
#[tokio::test]
async fn a_first_connection_that_hangs_goes_to_the_new_primary() {
    let (first, sentinel) = set().await;
    let second = Server::start().await;
    first.freeze();
    let patient = config(&[sentinel.addr()]).connect_timeout(Duration::from_secs(60));
    let opening = tokio::spawn(Client::open(patient));
    while sentinel.questions() == 0 {
        yield_now().await;
    }
    sentinel.names(second.addr());
    opening.await.unwrap().unwrap().set("k", "second").await.unwrap();
    assert_eq!(value(&second, "k").await, "second");
    first.thaw();
}

#[tokio::test]
async fn a_reconnection_that_hangs_goes_to_the_new_primary() {
    let pair = Pair::new().await;
    let mut events = pair.client.events();
    let asked = pair.sentinel.questions();
    let mut raw = pair.first.raw().await;
    let id = connections(&mut raw).await[0].get("id").to_owned();
    // Frozen as soon as it has closed the connection.
    raw.send(["CLIENT", "KILL", "ID", &id]).await;
    assert_eq!(raw.receive().await.integer(), 1);
    pair.first.freeze();
    assert!(matches!(events.next().await, Some(Event::Lost { .. })));
    while pair.sentinel.questions() == asked {
        yield_now().await;
    }
    let began = Instant::now();
    let parked = tokio::spawn({
        let client = pair.client.clone();
        async move { client.set("k", "second").await }
    });
    pair.switch();
    parked.await.unwrap().unwrap();
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    pair.first.thaw();
}

#[tokio::test]
async fn a_refused_write_makes_the_sentinels_be_asked() {
    let pair = Pair::new().await;
    pair.client.set("k", "first").await.unwrap();
    make_replica(&pair.first, &pair.second).await;
    pair.sentinel.names(pair.second.addr());
    let refused = pair.client.set("k", "lost").await.unwrap_err();
    assert!(matches!(refused, Error::Server { error, .. } if error.kind() == ErrorKind::ReadOnly));
    pair.client.set("k", "second").await.unwrap();
    assert_eq!(value(&pair.second, "k").await, "second");
    assert_eq!(pair.client.metrics().reconnects, 1);
    // The announcement comes later, and costs nothing.
    pair.switch();
    pair.client.set("k", "third").await.unwrap();
    pair.sentinel.publishes("other 10.0.0.1 1 10.0.0.2 2");
    pair.client.set("k", "fourth").await.unwrap();
    assert_eq!(pair.client.metrics().reconnects, 1);
}

#[tokio::test]
async fn callers_wait_while_the_sentinels_still_name_the_demoted_server() {
    let pair = Pair::new().await;
    pair.client.set("k", "first").await.unwrap();
    make_replica(&pair.first, &pair.second).await;
    pair.client.set("k", "lost").await.unwrap_err();
    let asked = pair.sentinel.questions();
    let parked = tokio::spawn({
        let client = pair.client.clone();
        async move { client.set("k", "second").await }
    });
    while pair.sentinel.questions() < asked + 3 {
        yield_now().await;
    }
    assert!(!parked.is_finished());
    pair.sentinel.names(pair.second.addr());
    parked.await.unwrap().unwrap();
    assert_eq!(value(&pair.second, "k").await, "second");
}

#[tokio::test]
async fn a_lost_subscription_is_made_again_elsewhere() {
    let (first, second) = (Server::start().await, Server::start().await);
    let sentinels = [FakeSentinel::start(NAME, first.addr()).await, FakeSentinel::start(NAME, first.addr()).await];
    let [one, other] = &sentinels;
    let addresses: Vec<SocketAddr> = sentinels.iter().map(FakeSentinel::addr).collect();
    let client = Client::open(config(&addresses)).await.unwrap();
    one.has_subscriber().await;
    // The switch is announced while no Sentinel can be heard: a frozen one is given up after its silence.
    one.freeze();
    other.names(second.addr());
    other.has_subscriber().await;
    while client.metrics().reconnects == 0 {
        yield_now().await;
    }
    client.set("k", "second").await.unwrap();
    assert_eq!(value(&second, "k").await, "second");
}

#[tokio::test]
async fn an_old_answer_behind_a_subscription_changes_nothing() {
    let (first, second) = (Server::start().await, Server::start().await);
    make_replica(&first, &second).await;
    let sentinels = [FakeSentinel::start(NAME, second.addr()).await, FakeSentinel::start(NAME, first.addr()).await];
    let addresses: Vec<SocketAddr> = sentinels.iter().map(FakeSentinel::addr).collect();
    let client = Client::open(config(&addresses)).await.unwrap();
    let [right, stale] = sentinels;
    right.has_subscriber().await;
    drop(right);
    stale.has_subscriber().await;
    let asked = stale.questions();
    while stale.questions() == asked {
        client.set("k", "second").await.unwrap();
    }
    for n in 0..100 {
        client.set("n", n).await.unwrap();
    }
    assert_eq!(client.metrics().reconnects, 0);
}
