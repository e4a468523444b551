//! Every future of a set may be spawned, so that faults happen beside what is tested.

use typedis_testing::{ClusterSet, Error, FakeCluster, SentinelSet};

fn spawnable<F: Future + Send>(_: impl Fn() -> F) {}

#[test]
fn the_futures_of_sets_can_be_spawned() {
    spawnable(|| async { ClusterSet::start().await });
    spawnable(|| async { SentinelSet::start().await });
    spawnable(|| async { FakeCluster::start(1, |_| None).await });
    spawnable(|| async { change(ClusterSet::start().await).await });
    spawnable(|| async {
        let set = SentinelSet::start().await;
        set.primary_after(set.failover().await).await;
        set.wait_for_replica(set.primary().await).await;
    });
}

async fn change(mut cluster: ClusterSet) -> Result<(), Error> {
    cluster.migrate_slot(0, cluster.node(1)).await;
    cluster.try_migrate_slot(0, cluster.node(1)).await?;
    cluster.try_migrate_slots_atomically(0..=1, cluster.node(1)).await?;
    cluster.begin_migration(0, cluster.node(1)).await.move_half().await;
    cluster.failover(cluster.replicas_of(cluster.owner_of("k").await).await[0]).await;
    cluster.take_over(cluster.node(3)).await;
    cluster.key_on(0, "k").await;
    cluster.add_node().await;
    cluster.remove_last_node().await;
    cluster.settle().await;
    Ok(())
}
