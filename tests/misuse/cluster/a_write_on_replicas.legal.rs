use typedis::{ClusterClient, ReadScript, ReplicaClient, Retry, pipeline, prelude::*};

pub async fn example(client: &ClusterClient, script: &ReadScript<i64>) -> typedis::Result<()> {
    let replicas: ReplicaClient = client.replicas().prefer_nearest().prefer_zone("a").without_primary();
    client.incr("a").await?;
    client.replicas().get::<i64>("a").await?;
    replicas.pipeline().get::<i64>("a").strlen("a").execute().await?;
    pipeline! { replicas => get::<i64>("a"); strlen("a") }?;
    pipeline! { replicas.pipeline().without_transaction() => get::<i64>("a"); dbsize() }?;
    replicas.pipeline().without_transaction().each(["a", "b"], |p, key| p.strlen(key)).execute().await?;
    replicas.pipeline().retry_reads(Retry::new()).get::<i64>("a").execute().await?;
    replicas.script_ro(script, "a", ()).await?;
    pipeline! { replicas => get::<i64>("{a}:1"); get::<i64>("{a}:2") }?;
    replicas.keys::<Vec<String>>("*").await?;
    Ok(())
}

fn main() {}
