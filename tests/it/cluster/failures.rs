//! Nodes that are killed, frozen and started anew under load.

use super::load::{Books, Load};
use std::time::{Duration, Instant};
use typedis::{ClusterClient, Error};
use typedis_testing::{ClusterSet, tag_of_slot};

fn tags() -> Vec<String> {
    (100..116).map(tag_of_slot).collect()
}

/// The time in which the client serves again once a replica has taken over; far less than a response timeout.
const SOON: Duration = Duration::from_millis(1500);

async fn with_replicas() -> (ClusterSet, ClusterClient) {
    let set = ClusterSet::builder().replicas(1).node_timeout(Duration::from_millis(700)).start().await;
    let client = ClusterClient::connect(&set.url()).await.unwrap();
    (set, client)
}

/// Fails for errors other than those of requests that were in flight.
fn check(all: &[Books]) {
    for books in all {
        let unknown = |error: &Error| matches!(error, Error::OutcomeUnknown { .. });
        assert!(books.errors.iter().all(unknown) && books.errors.len() <= 2, "{books:?}");
    }
}

#[tokio::test]
async fn a_replica_takes_over_from_a_killed_primary() {
    let (set, client) = with_replicas().await;
    let load = Load::start(&client, &tags());
    load.goes_on(20).await;
    let killed = Instant::now();
    set.node(0).kill9();
    set.owner(100).await;
    let taken_over = killed.elapsed();
    load.goes_on(1).await;
    assert!(killed.elapsed() < taken_over + SOON, "{taken_over:?}, {:?}", killed.elapsed());
    load.goes_on(20).await;
    set.node(0).restart().await;
    set.settle().await;
    load.goes_on(20).await;
    check(&load.stop(16).await);
}

#[tokio::test]
async fn a_replica_takes_over_from_a_frozen_primary() {
    let (set, client) = with_replicas().await;
    let load = Load::start(&client, &tags());
    load.goes_on(20).await;
    let frozen = Instant::now();
    set.node(0).freeze();
    set.owner(100).await;
    let taken_over = frozen.elapsed();
    load.goes_on(1).await;
    assert!(frozen.elapsed() < taken_over + SOON, "{taken_over:?}, {:?}", frozen.elapsed());
    load.goes_on(20).await;
    set.node(0).thaw();
    set.settle().await;
    load.goes_on(20).await;
    check(&load.stop(16).await);
}
