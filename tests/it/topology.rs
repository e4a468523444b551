//! Code that is generic over the topology of the servers.

use crate::support::client;
use typedis::{
    Client, ClientOn, ClusterClient, Config, Outcome, Pipeline, Prepared, hlist_pat, pipeline,
    pipeline::{Idle, Watching},
    prelude::*,
    topology::{Cluster, SingleServer, Topology},
    version::Redis6_2,
};

/// All that runs on one server and on a cluster alike. Its literal keys are of several slots, which only a cluster refuses, when it
/// runs.
async fn every_form<T: Topology>(client: &ClientOn<T>, prepared: &Prepared<(i64, i64)>) -> typedis::Result<i64> {
    client.set("a", 1).await?;
    client.clone().flushall().await?;
    let hlist_pat![(), a] = client.pipeline().set("a", 2).incr("a").execute().await?;
    let (b, found) = pipeline! { client => incr("b"); get::<i64>("a") }?;
    let (c, keys) = pipeline! { client.pipeline().without_transaction() => incr("c"); dbsize() }?;
    let (a2, b2) = prepared.execute(client).await?;
    let hlist_pat![a3] = client
        .transaction("a", async |mut tx| {
            let now = tx.get::<i64>("a").await?.unwrap_or(0);
            Ok(tx.multi().incrby("a", now))
        })
        .await?;
    let (d,) = pipeline! { client =>
        watch(("a", "b"));
        let a = get::<i64>("a")?.unwrap_or(0);
        multi();
        incrby("b", a);
    }?;
    let watching: Pipeline<Watching, _, T> = client.pipeline().watch("a").await?;
    let idle: Pipeline<Idle, _, T> = watching.unwatch().await;
    let tx = idle.watch("a").await?.multi().each(["a", "b"], |p, key| p.incr(key)).when(true, |p| p.incr("c"));
    let Outcome::Committed(hlist_pat![each, when]) = tx.execute().await? else { return Ok(0) };
    assert_eq!((a, b, found, c, keys, a2, b2), (3, 1, Some(3), 1, 3, 4, 2));
    assert_eq!((a3, d, each, when), (8, 10, vec![9, 11], Some(2)));
    Ok(a3)
}

#[tokio::test]
async fn code_that_is_generic_over_the_topology_runs_on_one_server() {
    let (_server, client) = client().await;
    let prepared = pipeline! { incr("a"); incr("b") };
    assert_eq!(every_form(&client, &prepared).await.unwrap(), 8);
}

#[test]
fn every_constructor_resolves_without_annotations() {
    let _ = (|url| Client::connect(url), |url| ClusterClient::connect(url));
    let _ = async |config: Config, newer: Config<Redis6_2>| -> typedis::Result<()> {
        let client = Client::open(config.clone()).await?;
        let cluster = ClusterClient::open(config).await?;
        let (one, other): (&ClientOn<SingleServer>, &ClientOn<Cluster>) = (&client, &cluster);
        let declared: ClusterClient<Redis6_2> = ClusterClient::open(newer).await?;
        let prepared = pipeline! { incr("a"); incr("b") };
        every_form(one, &prepared).await?;
        every_form(other, &prepared).await?;
        declared.getex::<String>("a").await.map(drop)
    };
}
