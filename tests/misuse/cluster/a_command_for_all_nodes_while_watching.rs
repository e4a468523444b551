use typedis::{ClusterClient, pipeline, prelude::*};

pub async fn example(client: &ClusterClient) -> typedis::Result<()> {
    let mut tx = client.pipeline().watch("a").await?;
    let keys = tx.dbsize().await?; //~ ERROR `Dbsize` is for all nodes of a cluster, and a transaction runs on one of them
    //~^ HELP run it on the client itself
    //~| AT dbsize
    tx.ping().await?; //~ ERROR `Ping` is for all nodes of a cluster, and a transaction runs on one of them
    tx.multi().set("a", keys).execute().await?.committed()?;
    pipeline! { client =>
        watch("a");
        let names = keys::<Vec<String>>("*")?; //~ ERROR is for all nodes of a cluster, and a transaction runs on one of them
        multi();
        set("a", names.len());
    }?;
    Ok(())
}

fn main() {}
