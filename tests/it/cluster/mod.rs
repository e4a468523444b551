//! Clusters of real servers.

mod admin;
mod bad_clusters;
mod bad_input;
mod blocking;
mod commands;
mod failures;
mod forms;
mod load;
mod moves;
mod observed;
mod partial;
mod redirects;
mod replicas;
mod scan;
mod scripts;
mod shard_channels;
mod streams;
mod topology;
mod watches;

use typedis::ClusterClient;
use typedis_testing::ClusterSet;

/// Returns a cluster of three primaries, and a client of it.
async fn three_primaries() -> (ClusterSet, ClusterClient) {
    let set = ClusterSet::start().await;
    let client = ClusterClient::connect(&set.node(0).url()).await.unwrap();
    (set, client)
}
