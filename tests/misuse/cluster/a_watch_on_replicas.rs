use typedis::{ClusterClient, pipeline};

pub async fn example(client: &ClusterClient) -> typedis::Result<()> {
    let replicas = client.replicas();
    client.replicas().pipeline().watch("a").await?; //~ ERROR replicas serve only reads, and a watch guards writes
    //~^ HELP watch by the client itself
    pipeline! { replicas => //~ ERROR replicas serve only reads, and a watch guards writes
        watch("a");
        multi();
        get::<i64>("a");
    }?;
    let batch = pipeline! { get::<i64>("a") };
    batch.execute(&client.replicas()).await?; //~ ERROR a prepared batch cannot be sent as `OnReplicas<Transaction>`
    //~^ HELP for replicas write `pipeline! { replicas => .. }`
    Ok(())
}

fn main() {}
