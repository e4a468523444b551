//! Scripted nodes act as nodes of a cluster do, except where the script says otherwise.

use std::time::Duration;
use tokio::time::timeout;
use typedis_testing::{Endpoint, FakeCluster, Frame, Raw, hash_slot, reply};

#[tokio::test]
async fn a_node_tells_the_map_and_redirects_by_it() {
    let cluster = FakeCluster::start(3, |_| None).await;
    let key = cluster.key_on(1, "k");
    let (mut first, mut second) = (Raw::connect(cluster.addr(0)).await, Raw::connect(cluster.addr(1)).await);
    let moved = Frame::Error(format!("MOVED {} {}", hash_slot(&key), cluster.addr(1)));
    assert_eq!(first.command(["GET", &key]).await, moved);
    assert_eq!(second.command(["GET", &key]).await.text(), "v");
    cluster.assign(0..=16383, 0);
    assert_eq!(first.command(["GET", &key]).await.text(), "v");
    let slots = first.command(["CLUSTER", "SLOTS"]).await;
    let [range] = slots.items() else { panic!("{slots:?}") };
    assert_eq!(range.items()[1].integer(), 16383);
    assert_eq!(range.items()[2].items()[1].integer(), i64::from(cluster.addr(0).port()));
    assert_eq!(first.command(["CLUSTER", "SHARDS"]).await.items().len(), 3);
    cluster.set_endpoint(0, Endpoint::Null);
    assert_eq!(
        second.command(["GET", &key]).await,
        Frame::Error(format!("MOVED {} :{}", hash_slot(&key), cluster.addr(0).port()))
    );
    cluster.assign(0..=16383, None);
    assert_eq!(second.command(["GET", &key]).await, Frame::Error("CLUSTERDOWN Hash slot not served".into()));
}

#[tokio::test]
async fn a_transaction_is_queued_refused_and_redirected() {
    let cluster =
        FakeCluster::start(2, |call| (call.name() == "EXEC" && call.once("asked at EXEC")).then(|| call.ask(1))).await;
    let key = cluster.key_on(0, "k");
    let mut raw = Raw::connect(cluster.addr(0)).await;
    for expected in [
        Frame::Error(format!("ASK {} {}", hash_slot(&key), cluster.addr(1))),
        Frame::Array(vec![Frame::Integer(1), Frame::bulk("v")]),
    ] {
        assert_eq!(raw.command(["MULTI"]).await.text(), "OK");
        assert_eq!(raw.command(["INCR", &key]).await.text(), "QUEUED");
        assert_eq!(raw.command(["GET", &key]).await.text(), "QUEUED");
        assert_eq!(raw.command(["EXEC"]).await, expected);
    }
    let mut asked = Raw::connect(cluster.addr(1)).await;
    assert!(asked.command(["GET", &key]).await.is_error());
    for (command, expected) in [("ASKING", "OK"), ("MULTI", "OK")] {
        assert_eq!(asked.command([command]).await.text(), expected);
    }
    assert_eq!(asked.command(["GET", &key]).await.text(), "QUEUED");
    assert_eq!(asked.command(["EXEC"]).await.items().len(), 1);
    assert!(asked.command(["GET", &key]).await.is_error());
}

#[tokio::test]
async fn a_replica_reads_once_it_is_told() {
    let cluster = FakeCluster::with_replicas(2, 1, |_| None).await;
    let key = cluster.key_on(1, "k");
    let mut replica = Raw::connect(cluster.addr(3)).await;
    assert!(replica.command(["GET", &key]).await.is_error());
    replica.command(["READONLY"]).await;
    assert_eq!(replica.command(["GET", &key]).await.text(), "v");
    assert!(replica.command(["GET", &cluster.key_on(0, "k")]).await.is_error());
    let slots = replica.command(["CLUSTER", "SLOTS"]).await;
    assert!(slots.items().iter().all(|range| range.items().len() == 4), "{slots:?}");
}

#[tokio::test]
async fn what_a_node_received_is_recorded_by_connection() {
    let mut cluster = FakeCluster::start(1, |call| (call.name() == "HELLO").then(|| reply::error("ERR no"))).await;
    let mut first = Raw::connect(cluster.addr(0)).await;
    assert!(first.command(["HELLO", "3"]).await.is_error());
    first.command(["PING"]).await;
    Raw::connect(cluster.addr(0)).await.command(["cluster", "slots"]).await;
    assert_eq!(cluster.received(0), [["PING"]]);
    assert_eq!(
        cluster.received_by_connection(0),
        [vec![vec!["HELLO", "3"], vec!["PING"]], vec![vec!["cluster", "slots"]]]
    );
    assert_eq!((cluster.connections(0), cluster.count(0, "CLUSTER SLOTS")), (2, 1));
    cluster.delay(0, Duration::from_millis(200));
    first.send(["PING"]).await;
    assert!(timeout(Duration::from_millis(100), first.try_receive()).await.is_err());
    assert_eq!(first.receive().await.text(), "PONG");
    cluster.disconnect(0);
    assert!(first.try_receive().await.is_err());
    cluster.stop(0).await;
    assert!(tokio::net::TcpStream::connect(cluster.addr(0)).await.is_err());
}
