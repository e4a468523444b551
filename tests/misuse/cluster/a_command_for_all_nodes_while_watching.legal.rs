use typedis::{Client, ClusterClient, pipeline, prelude::*};

pub async fn example(client: &ClusterClient) -> typedis::Result<()> {
    let keys = client.dbsize().await?;
    client.ping().await?;
    let mut tx = client.pipeline().watch("a").await?;
    tx.get::<i64>("a").await?;
    tx.multi().set("a", keys).execute().await?.committed()?;
    pipeline! { client =>
        watch("a");
        let names = client.keys::<Vec<String>>("*").await?;
        multi();
        set("a", names.len());
    }?;
    Ok(())
}

pub async fn on_one_server(client: &Client) -> typedis::Result<()> {
    let mut tx = client.pipeline().watch("a").await?;
    let keys = tx.dbsize().await?;
    tx.ping().await?;
    tx.multi().set("a", keys).execute().await?.committed()?;
    pipeline! { client =>
        watch("a");
        let names = keys::<Vec<String>>("*")?;
        multi();
        set("a", names.len());
    }?;
    Ok(())
}

fn main() {}
