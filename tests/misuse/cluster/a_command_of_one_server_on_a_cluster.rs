use typedis::{ClientOn, ClusterClient, pipeline, prelude::*, topology::Topology};

pub async fn example(client: &ClusterClient, id: u64) -> typedis::Result<()> {
    client.client_kill(id).await?; //~ ERROR `ClientKill` is about one server, and a client of a cluster has many
    //~^ HELP run it on a `Client` of the node that is meant
    //~| AT client_kill
    client.shutdown().await?; //~ ERROR `typedis::commands::types::Shutdown` is about one server, and a client of a cluster has many
    pipeline! { client => set("a", 1); client_unblock(id) }?; //~ ERROR `ClientUnblock` is about one server, and a client of a cluster has many
    client.pipeline().without_transaction().cluster_countkeysinslot(0).execute().await?; //~ ERROR `ClusterCountkeysinslot` is about one server
    Ok(())
}

pub async fn anywhere<T: Topology>(client: &ClientOn<T>) -> typedis::Result<String> {
    client.cluster_myid().await //~ ERROR `ClusterMyid` is about one server, and a client of a cluster has many
}

fn main() {}
