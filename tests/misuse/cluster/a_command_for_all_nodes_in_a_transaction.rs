use typedis::{ClusterClient, pipeline, prelude::*};

pub async fn example(client: &ClusterClient) -> typedis::Result<()> {
    client.pipeline().incr("a").flushall().execute().await?; //~ ERROR `Flushall` is for all nodes of a cluster, and a transaction runs on one of them
    //~^ HELP in a pipeline `without_transaction()`
    //~| AT flushall
    pipeline! { client =>
        incr("a");
        dbsize(); //~ ERROR `Dbsize` is for all nodes of a cluster, and a transaction runs on one of them
        //~^ AT dbsize
    }?;
    client
        .pipeline()
        .each(["a*", "b*"], |p, pattern| p.keys::<Vec<String>>(pattern)) //~ ERROR is for all nodes of a cluster, and a transaction runs on one of them
        //~^ AT keys
        .execute()
        .await?;
    Ok(())
}

fn main() {}
