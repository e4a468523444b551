use typedis::{Client, ClusterClient, pipeline, prelude::*};

pub async fn example(client: &ClusterClient) -> typedis::Result<()> {
    client.flushall().await?;
    client.pipeline().without_transaction().incr("a").flushall().execute().await?;
    pipeline! { client.pipeline().without_transaction() => incr("a"); dbsize() }?;
    let batch = pipeline! { incr("a"); dbsize() };
    batch.execute(client.pipeline().without_transaction()).await?;
    let all = client.pipeline().without_transaction();
    all.each(["a*", "b*"], |p, pattern| p.keys::<Vec<String>>(pattern)).execute().await?;
    Ok(())
}

pub async fn on_one_server(client: &Client) -> typedis::Result<()> {
    client.pipeline().incr("a").flushall().execute().await?;
    pipeline! { client => incr("a"); dbsize() }?;
    client.pipeline().each(["a*", "b*"], |p, pattern| p.keys::<Vec<String>>(pattern)).execute().await?;
    Ok(())
}

fn main() {}
