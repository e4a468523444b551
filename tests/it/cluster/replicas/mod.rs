//! Reads from replicas.

mod choice;
mod live;
mod refusals;

use crate::support::eventually;
use typedis::{ClusterClient, ReplicaClient, prelude::*};
use typedis_testing::{Call, FakeCluster};

/// Returns scripted nodes, so many primaries and so many replicas of each behind them, and a client of them. Keys are asked of the
/// first primary, so that replicas are used by their readers alone.
async fn scripted(
    primaries: usize,
    replicas: usize,
    script: impl FnMut(&mut Call<'_>) -> Option<Vec<u8>> + Send + 'static,
) -> (FakeCluster, ClusterClient) {
    let set = FakeCluster::with_replicas(primaries, replicas, script).await;
    let client = ClusterClient::connect(&set.url_of(0)).await.unwrap();
    (set, client)
}

/// Reads a key so many times.
async fn read(replicas: &ReplicaClient, key: &str, times: usize) {
    for _ in 0..times {
        assert_eq!(replicas.get::<String>(key).await.unwrap().as_deref(), Some("v"));
    }
}

/// Returns how often each node received GET.
fn gets(set: &FakeCluster, nodes: usize) -> Vec<usize> {
    (0..nodes).map(|node| set.count(node, "GET")).collect()
}
