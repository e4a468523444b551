//! Code that is generic over what runs its commands: clients of every topology, and watching pipelines.

use crate::support::client;
use typedis::{
    Client, ClientOn, Commands, Config, Outcome, ReadCommands, ReplicaClient, Result, hlist_pat,
    options::SetOptions,
    prelude::*,
    topology::Topology,
    version::{Redis5_0, Redis6_2, Redis7_0, Valkey7_2, Valkey9_0},
};

/// Several commands, options, and a call of another such function.
async fn visit(c: &mut impl Commands, user: u64) -> Result<(i64, Option<String>)> {
    let visits = c.incr(format!("visits:{user}")).await?;
    c.set_with(format!("name:{user}"), "Ada", SetOptions::new().nx()).await?;
    Ok((visits, name(c, user).await?))
}

async fn name(c: &mut impl ReadCommands, user: u64) -> Result<Option<String>> {
    c.get(format!("name:{user}")).await
}

async fn take(c: &mut impl Commands<Server = Redis6_2>, key: &str) -> Result<Option<String>> {
    c.getdel(key).await
}

async fn take_anywhere(c: &mut impl Commands<Server = (Redis6_2, Valkey7_2)>, key: &str) -> Result<Option<String>> {
    c.getdel(key).await
}

#[tokio::test]
async fn one_function_runs_on_a_client_and_on_a_watching_pipeline() {
    let (_server, client) = client().await;
    assert_eq!(visit(&mut &client, 7).await.unwrap(), (1, Some("Ada".to_owned())));
    assert_eq!(visit(&mut &client, 7).await.unwrap().0, 2);

    let mut tx = client.pipeline().watch("visits:7").await.unwrap();
    assert_eq!(visit(&mut tx, 8).await.unwrap().0, 1);
    let Outcome::Committed(hlist_pat![visits]) = tx.multi().incr("visits:8").execute().await.unwrap() else {
        panic!("what the watching connection wrote was another key")
    };
    assert_eq!(visits, 2);

    let tx = client.pipeline().watch("visits:7").await.unwrap();
    visit(&mut &client, 7).await.unwrap();
    assert_eq!(tx.multi().incr("visits:7").execute().await.unwrap(), Outcome::Conflict);
}

#[tokio::test]
async fn a_generic_function_can_be_spawned() {
    let (_server, client) = client().await;
    let spawned = tokio::spawn(async move { visit(&mut &client, 7).await });
    assert_eq!(spawned.await.unwrap().unwrap().0, 1);
}

#[tokio::test]
async fn a_client_is_lent_as_one_of_older_servers() {
    let (server, client) = client().await;
    client.set("coupon", "SPRING").await.unwrap();
    let client = Client::open(Config::from_url(&server.url()).unwrap().at_least((Redis6_2, Valkey7_2))).await.unwrap();
    assert_eq!(take_anywhere(&mut &client, "coupon").await.unwrap().as_deref(), Some("SPRING"));
    let older = client.at_least((Redis5_0, Valkey7_2));
    assert_eq!(visit(&mut &older, 7).await.unwrap().0, 1);
}

/// Code that is to compile: servers that are lent, and what a client of replicas is.
#[allow(dead_code)]
async fn every_lender<T: Topology, V>(
    any: &ClientOn<T, V>,
    replicas: &ReplicaClient<T>,
    newer: &Client<Redis7_0>,
    both: &Client<(Redis7_0, Valkey9_0)>,
) -> Result<()> {
    visit(&mut &any, 7).await?;
    visit(&mut &*any, 7).await?;
    name(&mut &replicas, 7).await?;
    take(&mut &newer.at_least(Redis6_2), "coupon").await?;
    take_anywhere(&mut &newer.at_least((Redis6_2, Valkey7_2)), "coupon").await?;
    take_anywhere(&mut &both.at_least((Redis6_2, Valkey7_2)), "coupon").await?;
    Ok(())
}

/// A mutable reference to a client is the client: it has the commands for all nodes, and runs several at once.
#[tokio::test]
async fn a_mutable_reference_to_a_client_runs_several_commands_at_once() {
    let (_server, mut client) = client().await;
    let client = &mut client;
    client.set("a", 1).await.unwrap();
    let (a, keys) = tokio::join!(client.get::<i64>("a"), client.keys::<Vec<String>>("*"));
    assert_eq!((a.unwrap(), keys.unwrap()), (Some(1), vec!["a".to_owned()]));
}
