//! Wrong addresses, clients, databases and passwords: each error names the node and what to do.

use super::three_primaries;
use std::time::Duration;
use tokio::time::timeout;
use typedis::{Client, ClusterClient, Config, Error, error::ErrorKind, pipeline, prelude::*};
use typedis_testing::{ClusterSet, Fake, HANG_UP, SentinelSet, Server};

/// The error of a client that is not opened, which comes without a wait for any timeout.
async fn refused<T: std::fmt::Debug>(opening: impl Future<Output = typedis::Result<T>>) -> Error {
    soon(opening).await.unwrap_err()
}

/// Fails what waits for its timeout, which is longer.
async fn soon<T>(future: impl Future<Output = T>) -> T {
    timeout(Duration::from_secs(20), future).await.expect("it waits for no timeout")
}

#[tokio::test]
async fn a_client_of_one_server_says_so_on_a_node_of_a_cluster() {
    let set = ClusterSet::builder().primaries(1).start().await;
    let node = set.node(0);
    for protocol in ["?protocol=3", "?protocol=2"] {
        let url = format!("{}{protocol}", node.url());
        let error = refused(Client::connect(&url)).await;
        assert!(matches!(&error, Error::Cluster { address, .. } if **address == *node.addr().to_string()), "{error:?}");
        let words = error.to_string();
        assert!(words.contains("`ClusterClient`") && words.contains("`Config::single_node`"), "{words}");

        let client = Client::open(Config::from_url(&url).unwrap().single_node()).await.unwrap();
        assert_eq!(client.incr(format!("hits{protocol}")).await.unwrap(), 1);
        let client = ClusterClient::connect(&url).await.unwrap();
        assert_eq!(client.incr(format!("hits{protocol}")).await.unwrap(), 2, "a URL of one server is that of a seed");
    }
}

#[tokio::test]
async fn a_user_without_the_right_to_info_opens_a_node_by_resp2() {
    let set = ClusterSet::builder().primaries(1).start().await;
    let node = set.node(0);
    let user = ["ACL", "SETUSER", "guest", "on", ">guest", "~*", "+@all", "-info"];
    assert!(!node.raw().await.command(user).await.is_error());
    let url = format!("redis://guest:guest@{}", node.addr());
    assert!(matches!(refused(Client::connect(&url)).await, Error::Cluster { .. }), "HELLO tells it");
    let client = Client::connect(&format!("{url}?protocol=2")).await.unwrap();
    assert_eq!(client.incr("hits").await.unwrap(), 1);
}

#[tokio::test]
async fn a_proxy_that_closes_the_connection_at_info_is_connected_to_without_it() {
    let fake = Fake::commands(|command| match &*command[0] {
        "INFO" => HANG_UP.to_vec(),
        "EXEC" => b"*0\r\n".to_vec(),
        "GET" => b"$1\r\n1\r\n".to_vec(),
        _ => b"+OK\r\n".to_vec(),
    })
    .await;
    let url = format!("{}?protocol=2", fake.url());
    assert_eq!(soon(Client::connect(&url)).await.unwrap().get::<i64>("key").await.unwrap(), Some(1));
}

#[tokio::test]
async fn a_seed_that_is_no_node_of_a_cluster_is_named() {
    let server = Server::start().await;
    let error = refused(ClusterClient::connect(&server.url())).await;
    assert!(matches!(&error, Error::Cluster { address, .. } if **address == *server.addr().to_string()), "{error:?}");
    assert!(error.to_string().contains("no node of a cluster: connect to it by `Client`"), "{error}");

    let set = SentinelSet::start().await;
    let sentinel = set.sentinels()[0].addr();
    let error = refused(ClusterClient::connect(&format!("redis+cluster://{sentinel}"))).await;
    assert!(matches!(&error, Error::Cluster { address, .. } if **address == *sentinel.to_string()), "{error:?}");
    assert!(error.to_string().contains("it is a Sentinel"), "{error}");
}

#[tokio::test]
async fn one_node_is_not_meant_by_a_client_of_a_cluster() {
    let config = Config::cluster(["localhost"]).unwrap().single_node();
    let error = refused(ClusterClient::open(config)).await;
    assert!(matches!(&error, Error::Config(reason) if reason.contains("`single_node`")), "{error}");
}

#[tokio::test]
async fn a_database_is_selected_where_clusters_have_them() {
    let set = ClusterSet::start().await;
    let url = format!("{}/5", set.url());
    if !set.has_databases() {
        let error = refused(ClusterClient::connect(&url)).await;
        assert!(matches!(error, Error::Handshake { command: "SELECT", .. }), "{error:?}");
        assert!(error.to_string().contains("only Valkey has databases"), "{error}");
        return;
    }
    let (fifth, first) =
        (ClusterClient::connect(&url).await.unwrap(), ClusterClient::connect(&set.url()).await.unwrap());
    for place in 0..3 {
        let key = set.key_on(place, "key").await;
        fifth.set(&key, place).await.unwrap();
        assert_eq!(first.get::<usize>(&key).await.unwrap(), None);
        let read = fifth.transaction(&key, async |mut tx| {
            let present = tx.get::<usize>(&key).await?.unwrap();
            Ok(tx.multi().set(&key, present + 1).get::<usize>(&key))
        });
        let typedis::hlist_pat![(), read] = read.await.unwrap();
        assert_eq!(read, Some(place + 1));
    }
    let error = refused(ClusterClient::connect(&format!("{}/16", set.url()))).await;
    assert!(error.to_string().contains("`cluster-databases`"), "{error}");
}

#[tokio::test]
async fn a_password_that_is_wrong_at_one_node_is_told_at_once_by_name() {
    let (set, _) = three_primaries().await;
    let odd = set.node(2);
    let (good, bad) = (set.key_on(0, "good").await, set.key_on(2, "bad").await);
    assert!(!odd.raw().await.command(["CONFIG", "SET", "requirepass", "other"]).await.is_error());
    let long = Duration::from_secs(120);
    let config = Config::from_url(&set.node(0).url()).unwrap().pool_timeout(long).response_timeout(long);
    let client = soon(ClusterClient::open(config)).await.unwrap();
    client.set(&good, 1).await.unwrap();

    let is_named = |error: &Error| match error {
        Error::Handshake { address, error, .. } => {
            **address == *odd.addr().to_string() && error.kind() == ErrorKind::NoAuth
        }
        _ => false,
    };
    for _ in 0..2 {
        let error = soon(async { client.get::<i64>(&bad).await }).await.unwrap_err();
        assert!(is_named(&error), "{error:?}");
        let error = soon(client.pipeline().watch(&bad)).await.unwrap_err();
        assert!(is_named(&error), "{error:?}");
        let error = soon(async { client.blpop::<String>(&bad, 100.0).await }).await.unwrap_err();
        assert!(is_named(&error), "{error:?}");
        let error = soon(async {
            pipeline! { client => incr(&bad); incr(&bad) }
        })
        .await
        .unwrap_err();
        assert!(is_named(&error), "{error:?}");
    }
    assert_eq!(client.get::<i64>(&good).await.unwrap(), Some(1), "the other nodes serve");
}

#[cfg(all(feature = "json", feature = "time_series"))]
#[tokio::test]
async fn rows_of_keys_of_several_slots_are_refused_before_they_are_sent() {
    let set = ClusterSet::builder().primaries(1).start().await;
    let client = ClusterClient::connect(&set.url()).await.unwrap();
    let samples = client.ts_madd([("{a}1", 1, 1.0), ("b", 1, 1.0)]).await;
    assert!(matches!(samples, Err(Error::CrossSlot { .. })), "{samples:?}");
    let json = typedis::commands::json::RawJson::new("1");
    let documents = client.json_mset([("{a}1", "$", &json), ("{a}2", "$", &json), ("b", "$", &json)]).await;
    assert!(matches!(documents, Err(Error::CrossSlot { .. })), "{documents:?}");
    // A time or a path is no key: a server without the module gets commands of one slot.
    let samples = client.ts_madd([("{a}1", 1, 1.0), ("{a}2", 1, 1.0)]).await;
    assert!(matches!(samples, Err(Error::Server { .. })), "{samples:?}");
}
