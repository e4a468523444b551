use typedis::{
    Client, ClientOn, ClusterClient, Pipeline, Retry,
    command::Command,
    commands::types::Incr,
    key::{KeyFor, Str, need::Adds},
    keyspace,
    pipeline::{HCons, HNil, Queued},
    prelude::*,
    topology::{Cluster, Topology},
    version::AnyVersion,
};

keyspace! {
    pub STOCK: Str<i64> = "{{apple}}:stock";
    pub SOLD: Str<i64> = "{{apple}}:sold";
    pub PEARS: Str<i64> = "{{pear}}:stock";
    pub GRAPES: Str<i64> = "grapes";
    pub stock(article: u64): Str<i64> = "{{{article}}}:stock";
}

pub async fn example(client: &ClusterClient) -> typedis::Result<()> {
    let hlist_pat![_, sold, stock] = client.pipeline().decr(STOCK).incr(SOLD).get(&STOCK).execute().await?;
    let _: (i64, Option<i64>) = (sold, stock);
    client.pipeline().decr(STOCK).incr(SOLD).get(STOCK).execute().await?;
    let tx = client.pipeline().watch(STOCK).await?;
    tx.multi().decr(STOCK).del([STOCK, SOLD]).execute_each().await?.committed()?;
    client.pipeline().retry_reads(Retry::new()).get(STOCK).strlen(SOLD).execute().await?;
    client.replicas().pipeline().get(STOCK).get(SOLD).execute().await?;
    client.pipeline().without_transaction().decr(STOCK).incr(PEARS).execute().await?;
    client.pipeline().without_transaction().retry_reads(Retry::new()).get(STOCK).get(PEARS).execute().await?;
    client.replicas().pipeline().without_transaction().get(STOCK).get(PEARS).execute().await?;
    Ok(())
}

/// Keys whose types do not say their slot, and commands that may not be sent.
pub async fn unknown(client: &ClusterClient, name: String) -> typedis::Result<()> {
    client.pipeline().incr(GRAPES).incr("literal").get::<i64>(&name).incr(stock(7)).incr(STOCK).execute().await?;
    client.pipeline().decr(STOCK).incr(PEARS.untagged()).execute().await?;
    client.pipeline().decr(STOCK).when(false, |p| p.incr(PEARS)).each([STOCK; 0], |p, key| p.incr(key)).execute().await?;
    let queue = client.pipeline().multi();
    let queue = if name.is_empty() { queue.incr(STOCK) } else { queue.incr(SOLD) };
    queue.execute().await?;
    Ok(())
}

pub async fn on_one_server(client: &Client) -> typedis::Result<()> {
    client.pipeline().decr(STOCK).incr(PEARS).execute().await?;
    let queue: Pipeline<Queued<HCons<Incr, HNil>>> = client.pipeline().incr(STOCK);
    let queue = if true { queue.incr(PEARS) } else { queue.incr("pears") };
    queue.execute_each().await?;
    Ok(())
}

pub async fn on_any<T: Topology>(client: &ClientOn<T>) -> typedis::Result<()> {
    let hlist_pat![stock, pears] = client.pipeline().decr(STOCK).get(PEARS).execute().await?;
    let _: (i64, Option<i64>) = (stock, pears);
    client.pipeline().retry_reads(Retry::new()).get(STOCK).get(PEARS).execute().await?;
    let tx = client.pipeline().watch(STOCK).await?;
    tx.multi().decr(STOCK).del(PEARS).execute_each().await?.committed()?;
    Ok(())
}

/// The keys, and the commands, are of any type.
pub async fn with_any(client: &ClusterClient, key: impl KeyFor<Str<Adds<i64>>>) -> typedis::Result<()> {
    client.incr(&key).await?;
    client.pipeline().incr(STOCK).incr(key).incr(STOCK).execute().await?;
    Ok(())
}

pub async fn behind_any<C: Command>(
    queue: Pipeline<Queued<HCons<C, HNil>>, AnyVersion, Cluster>,
) -> typedis::Result<C::Reply> {
    let hlist_pat![reply, _] = queue.incr(STOCK).execute().await?;
    Ok(reply)
}

fn main() {}
