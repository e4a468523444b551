//! Code that is generic over the topology, and the servers that a client declares, on a cluster.

use super::three_primaries;
use crate::support::client;
use typedis::{
    ClientOn, ClusterClient, Config, Error, Outcome, Result,
    commands::types,
    hlist_pat,
    key::Str,
    keyspace, pipeline,
    prelude::*,
    topology::Topology,
    version::{OnRedis, Redis6_2, ServerVersion, Valkey7_2},
};
use typedis_testing::{ClusterSet, Vendor};

keyspace! {
    tag "apple";
    STOCK: Str<i64> = "stock";
    SOLD: Str<i64> = "sold";
}

async fn sell<T: Topology>(client: &ClientOn<T>) -> Result<(i64, i64)> {
    client.set(STOCK, 10).await?;
    let hlist_pat![_, _] = client.pipeline().decr(STOCK).incr(SOLD).execute().await?;
    let hlist_pat![_, _] = client
        .transaction(STOCK, async |mut tx| {
            let stock = tx.get(STOCK).await?.unwrap_or(0);
            Ok(tx.multi().set(STOCK, stock - 1).incr(SOLD))
        })
        .await?;
    let (left, sold) = pipeline! { client =>
        watch(STOCK);
        let stock = get(STOCK)?.unwrap_or(0);
        multi();
        incrby(STOCK, -stock / 2);
        incrby(SOLD, stock / 2);
    }?;
    // Of another slot, which only a transaction of a cluster refuses.
    pipeline! { client.pipeline().without_transaction() => set("other", 1); incr(SOLD) }?;
    Ok((left, sold))
}

#[tokio::test]
async fn the_same_code_runs_on_one_server_and_on_a_cluster() {
    let (_server, client) = client().await;
    assert_eq!(sell(&client).await.unwrap(), (4, 6));
    let (_set, client) = three_primaries().await;
    assert_eq!(sell(&client).await.unwrap(), (4, 6));
}

type Servers = (Redis6_2, Valkey7_2);

/// Code for every client whose servers have GETDEL.
async fn take<T: Topology, V: OnRedis<Redis6_2, types::Getdel<String>>>(client: &ClientOn<T, V>) -> Option<String> {
    client.getdel("{apple}name").await.unwrap()
}

#[tokio::test]
async fn a_cluster_is_of_the_declared_servers_node_by_node() {
    async fn open<V: ServerVersion>(set: &ClusterSet, version: V) -> Result<ClusterClient<V>> {
        ClusterClient::open(Config::from_url(&set.url()).unwrap().at_least(version)).await
    }
    let set = ClusterSet::builder().replicas(1).start().await;
    let client: ClusterClient<Servers> = open(&set, (Redis6_2, Valkey7_2)).await.unwrap();
    client.set("{apple}name", "reinette").await.unwrap();
    assert_eq!(take(&client).await.as_deref(), Some("reinette"));
    let tx = client.pipeline().watch(STOCK).await.unwrap().multi().incr(STOCK).getex(STOCK);
    assert!(matches!(tx.execute().await.unwrap(), Outcome::Committed(hlist_pat![1, Some(1)])));
    assert!(client.replicas().exists(STOCK).await.is_ok());

    let redis_alone = open(&set, Redis6_2).await.map(drop);
    match set.node(0).vendor() {
        Vendor::Redis => redis_alone.unwrap(),
        Vendor::Valkey => assert!(matches!(redis_alone, Err(Error::UnsupportedServer { .. })), "{redis_alone:?}"),
    }
}
