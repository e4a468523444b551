use typedis::{ClusterClient, pipeline};

pub async fn example(client: &ClusterClient) -> typedis::Result<()> {
    client.pipeline().watch("a").await?;
    pipeline! { client =>
        watch("a");
        multi();
        get::<i64>("a");
    }?;
    let batch = pipeline! { get::<i64>("a") };
    batch.execute(client).await?;
    pipeline! { client.replicas() => get::<i64>("a") }?;
    Ok(())
}

fn main() {}
