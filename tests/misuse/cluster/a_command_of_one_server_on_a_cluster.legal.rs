use typedis::{Client, ClientOn, ClusterClient, Config, pipeline, prelude::*, topology::SingleServer};

pub async fn example(client: &ClusterClient, url: &str, id: u64) -> typedis::Result<()> {
    client.client_pause(100).await?;
    client.cluster_nodes().await?;
    let node = Client::open(Config::from_url(url)?.single_node()).await?;
    node.client_kill(id).await?;
    pipeline! { &node => set("a", 1); client_unblock(id) }?;
    node.pipeline().without_transaction().cluster_countkeysinslot(0).execute().await?;
    node.shutdown().await
}

pub async fn on_one_server(client: &ClientOn<SingleServer>) -> typedis::Result<String> {
    client.cluster_myid().await
}

fn main() {}
