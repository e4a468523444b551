//! Pipelines without a transaction of which a part goes to a node that fails: each command has a result of its own.

use std::time::Duration;
use typedis::{ClusterClient, Config, Error, Result, Retry, hlist_pat, prelude::*};
use typedis_testing::{Call, FakeCluster, HANG_UP, reply};

/// Three nodes, of which the second closes the connection at each command that `is_at` tells; a client of them, and a key of each.
async fn losing(is_at: impl Fn(&mut Call<'_>) -> bool + Send + 'static) -> (FakeCluster, ClusterClient, [String; 3]) {
    let cluster = FakeCluster::start(3, move |call| match call.node() {
        1 if is_at(call) => Some(HANG_UP.to_vec()),
        _ if call.name() == "LPUSH" => Some(reply::error("WRONGTYPE Operation against a key of another kind")),
        _ => None,
    })
    .await;
    let client = open(&cluster).await;
    let keys = [0, 1, 2].map(|node| cluster.key_on(node, "k"));
    (cluster, client, keys)
}

async fn open(cluster: &FakeCluster) -> ClusterClient {
    let config = Config::from_url(&cluster.url()).unwrap().response_timeout(Duration::from_millis(500));
    ClusterClient::open(config).await.unwrap()
}

#[track_caller]
fn is_unknown<T: std::fmt::Debug>(result: Result<T>, number: usize, name: &str) {
    let error = result.unwrap_err();
    let Error::OutcomeUnknown { at, .. } = &error else { panic!("another error: {error:?}") };
    assert_eq!((at.number, at.name), (number, name), "{error}");
    assert!(error.may_have_run());
}

#[tokio::test]
async fn each_command_of_another_node_than_the_lost_one_has_its_reply() {
    let (cluster, client, [a, b, c]) = losing(|call| call.name() == "INCR").await;
    let queue = client.pipeline().without_transaction().incr(&a).incr(&b).get::<String>(&c);
    let queue = queue.each([&a, &b, &c], |p, key| p.get::<String>(key)).when(true, |p| p.get::<String>(&b)).incr(&c);
    let hlist_pat![first, second, third, each, when, last] = queue.execute_each().await.unwrap();
    assert_eq!((first.unwrap(), third.unwrap().as_deref(), last.unwrap()), (1, Some("v"), 1));
    is_unknown(second, 2, "INCR");
    let [of_a, of_b, of_c] = <[_; 3]>::try_from(each).unwrap();
    assert_eq!((of_a.unwrap().as_deref(), of_c.unwrap().as_deref()), (Some("v"), Some("v")));
    is_unknown(of_b, 5, "GET");
    is_unknown(when.unwrap(), 7, "GET");
    assert_eq!([0, 1, 2].map(|node| cluster.count(node, "INCR")), [1, 1, 1], "nothing is sent twice");
}

#[tokio::test]
async fn the_first_command_without_a_reply_is_that_of_the_whole() {
    let (_cluster, client, [a, b, c]) = losing(|call| call.name() == "INCR").await;
    let queue = || client.pipeline().without_transaction().incr(&a).get::<String>(&b).get::<String>(&b);
    // The replies to both GETs had come.
    is_unknown(queue().incr(&c).incr(&b).get::<String>(&b).execute().await, 5, "INCR");
    // An error before it is told first.
    let error = queue().lpush(&c, 1).incr(&b).execute().await.unwrap_err();
    is_unknown::<()>(Err(error), 5, "INCR");
    let queue = client.pipeline().without_transaction().lpush(&a, 1).incr(&b);
    let error = queue.execute().await.unwrap_err();
    assert!(matches!(&error, Error::Server { at, .. } if at.number == 1) && error.may_have_run(), "{error:?}");
    // Where no command has a reply, the pipeline has none.
    is_unknown(client.pipeline().without_transaction().get::<String>(&b).incr(&b).execute_each().await, 2, "INCR");
}

#[tokio::test]
async fn commands_for_a_node_that_is_gone_did_not_run_and_the_others_did() {
    let (mut cluster, client, [a, b, c]) = losing(|_| false).await;
    cluster.stop(1).await;
    let queue = client.pipeline().without_transaction().incr(&a).incr(&b).get::<String>(&c).mget::<String>([&a, &b]);
    let hlist_pat![first, second, third, both] = queue.execute_each().await.unwrap();
    assert_eq!((first.unwrap(), third.unwrap().as_deref()), (1, Some("v")));
    let (gone, both) = (second.unwrap_err(), both.unwrap_err());
    assert!(matches!(gone, Error::Cluster { .. }) && !gone.may_have_run(), "{gone:?}");
    assert!(gone.to_string().contains(&cluster.addr(1).to_string()), "{gone}");
    assert!(both.may_have_run(), "one half of it ran: {both:?}");
    is_unknown(client.pipeline().without_transaction().incr(&a).incr(&b).execute().await, 2, "INCR");
    let error = client.pipeline().without_transaction().incr(&b).get::<String>(&b).execute_each().await.unwrap_err();
    assert!(!error.may_have_run(), "{error:?}");
}

#[tokio::test]
async fn reads_that_may_be_sent_again_are_sent_again_as_a_whole() {
    let (cluster, client, [a, b, c]) = losing(|call| call.name() == "GET" && call.once("lost")).await;
    let queue = client.pipeline().without_transaction().retry_reads(Retry::default());
    let hlist_pat![one, two, three] =
        queue.get::<String>(&a).get::<String>(&b).get::<String>(&c).execute().await.unwrap();
    assert_eq!([one, two, three].map(|value| value.is_some()), [true; 3]);
    assert_eq!([0, 1, 2].map(|node| cluster.count(node, "GET")), [2, 2, 2]);
}

#[tokio::test]
async fn behind_asking_replies_that_had_come_are_counted_by_command() {
    let cluster = FakeCluster::start(2, |call| match call.node() {
        0 if call.name() == "GET" || call.name() == "INCR" => Some(call.ask(1)),
        1 if call.name() == "INCR" => Some(HANG_UP.to_vec()),
        _ => None,
    })
    .await;
    let client = open(&cluster).await;
    let (a, b) = (cluster.key_on(0, "k"), cluster.key_on(1, "k"));
    let queue = client.pipeline().without_transaction().set(&b, 1).get::<String>(&a).get::<String>(&a).incr(&a);
    is_unknown(queue.get::<String>(&a).execute().await, 4, "INCR");
}
