//! The shards of the cluster, and failovers of one of them.
//!
//! A slot that moves while its source or its destination fails over is lost by the servers in part: a replica that takes
//! over knows nothing of a legacy migration, and the keys that its primary got last may not be replicated. So a shard is
//! locked by those who move slots and by those who let it fail over.

use super::data;
use crate::{
    replication::{Sync, wait_for_disk, wait_for_sync},
    settings::REPLY_TIME,
    state::SharedState,
};
use std::time::{Duration, Instant};
use tokio::{
    sync::{Mutex, MutexGuard},
    time::sleep,
};
use typedis_testing::{ClusterNode, ClusterSet, hash_slot};

/// The number of shards at the start.
pub const SHARDS: usize = 3;
/// The place of the node that joins and leaves, which has no replica.
pub const FOURTH_NODE: usize = 2 * SHARDS;
/// Replicas take over only when they are told to, so that a busy machine cannot lose what the audit knows nothing of.
pub const NO_FAILOVER: &str = "cluster-replica-no-failover";

/// The most that a replica may take to be elected. A replica that was a primary not long ago may be refused (seen on
/// Redis 7.0), so it is told to take over without an election then.
const ELECTION_TIMEOUT: Duration = Duration::from_secs(12);
/// The most that a change of roles may take in all.
const ROLE_TIMEOUT: Duration = Duration::from_secs(40);

/// The time for which the votes of an election are kept, and more. A shard that changes roles again within it may be left with
/// two claims of its slots (seen on Redis 7.0).
const VOTES_KEPT: Duration = Duration::from_secs(6);

/// The locks of the shards: those of the start, and the node that joins and leaves. Each has the time of its last election.
#[derive(Debug, Default)]
pub struct Shards {
    locks: [Mutex<Option<Instant>>; SHARDS + 1],
}

/// The lock of a shard.
pub type ShardLock<'a> = MutexGuard<'a, Option<Instant>>;

/// The end of a primary before its replica takes over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// SIGKILL.
    Kill,
    /// SIGSTOP.
    Freeze,
}

/// A shard whose old primary is down, and which no slot may leave or enter.
#[derive(Debug)]
pub struct Failed<'a> {
    _lock: ShardLock<'a>,
    failure: Failure,
    old: &'a ClusterNode,
    new: &'a ClusterNode,
    keys: Vec<String>,
}

/// The shard of a node.
pub fn shard_of(set: &ClusterSet, node: &ClusterNode) -> usize {
    let place = set.nodes().iter().position(|other| other.id() == node.id()).unwrap_or_default();
    if place == FOURTH_NODE { SHARDS } else { place % SHARDS }
}

/// The number of shards now.
pub fn count(set: &ClusterSet) -> usize {
    if set.nodes().len() > FOURTH_NODE { SHARDS + 1 } else { SHARDS }
}

/// The primary of a shard now, unless it is down.
pub async fn primary_of(set: &ClusterSet, shard: usize) -> Option<&ClusterNode> {
    let places = if shard == SHARDS { vec![FOURTH_NODE] } else { vec![shard, shard + SHARDS] };
    for node in places.into_iter().map(|place| set.node(place)) {
        if node.is_running() && node.is_primary().await {
            return Some(node);
        }
    }
    None
}

impl Shards {
    /// Waits until no slot leaves or enters a shard, and none will until the guard is dropped.
    pub async fn lock(&self, shard: usize) -> ShardLock<'_> {
        self.locks[shard].lock().await
    }

    /// The same, for another election in the shard.
    async fn lock_for_election(&self, shard: usize) -> ShardLock<'_> {
        let lock = self.lock(shard).await;
        if let Some(last) = *lock {
            sleep(VOTES_KEPT.saturating_sub(last.elapsed())).await;
        }
        lock
    }

    /// Kills or freezes the primary of a shard of the start, and waits until its replica has taken over. What is acknowledged
    /// meanwhile may be lost, and what was acknowledged before may not, because the replica has it.
    pub async fn fail<'a>(
        &'a self,
        set: &'a ClusterSet,
        state: &SharedState,
        shard: usize,
        failure: Failure,
    ) -> Result<Failed<'a>, String> {
        let mut lock = self.lock_for_election(shard).await;
        let (old, new) = roles(set, shard).await?;
        wait_for_sync(old, new, Sync::Connected).await?;
        let mut keys = Vec::new();
        for key in data::keys() {
            if set.owner(hash_slot(&key)).await.id() == old.id() {
                keys.push(key);
            }
        }
        state.begin_failover(keys.iter().cloned());
        wait_for_sync(old, new, Sync::Complete).await?;
        configure(new, "no").await;
        match failure {
            Failure::Kill => old.kill9(),
            Failure::Freeze => old.freeze(),
        }
        wait_for_takeover(new).await?;
        *lock = Some(Instant::now());
        // The old primary acknowledges nothing before it is back.
        state.end_failover();
        configure(new, "yes").await;
        Ok(Failed { _lock: lock, failure, old, new, keys })
    }

    /// Lets the replica of a shard of the start take over by CLUSTER FAILOVER, which loses nothing.
    pub async fn switch(&self, set: &ClusterSet, shard: usize) -> Result<(), String> {
        let mut lock = self.lock_for_election(shard).await;
        let (old, new) = roles(set, shard).await?;
        wait_for_sync(old, new, Sync::Connected).await?;
        let started = Instant::now();
        while !new.is_primary().await {
            if started.elapsed() > ROLE_TIMEOUT {
                return Err(format!("CLUSTER FAILOVER did not make {} a primary", new.addr()));
            }
            // A failover that the primary did not answer in time is given up; a second one beside it is refused.
            new.raw().await.command(["CLUSTER", "FAILOVER"]).await;
            sleep(Duration::from_millis(5)).await;
        }
        *lock = Some(Instant::now());
        wait_for_replica(old, new).await
    }

    /// Kills the primary of a shard and starts it again before any other node misses it.
    pub async fn restart(&self, set: &ClusterSet, shard: usize, down: Duration) -> Result<(), String> {
        let _lock = self.lock(shard).await;
        let Some(primary) = primary_of(set, shard).await else { return Err(format!("shard {shard} has no primary")) };
        wait_for_disk(primary).await?;
        primary.kill9();
        sleep(down).await;
        primary.restart().await;
        if shard < SHARDS {
            let (primary, replica) = roles(set, shard).await?;
            wait_for_replica(replica, primary).await?;
        }
        Ok(())
    }
}

impl Failed<'_> {
    /// Brings the old primary back, as the replica that it has to become.
    pub async fn repair(self, state: &SharedState) -> Result<(), String> {
        match self.failure {
            Failure::Kill => self.old.restart().await,
            Failure::Freeze => {
                // Until it learns that it is a replica, it answers what has come meanwhile.
                state.begin_failover(self.keys);
                self.old.thaw();
            }
        }
        wait_for_replica(self.old, self.new).await?;
        sleep(REPLY_TIME).await;
        state.end_failover();
        Ok(())
    }
}

/// The primary and the replica of a shard of the start.
async fn roles(set: &ClusterSet, shard: usize) -> Result<(&ClusterNode, &ClusterNode), String> {
    let (one, other) = (set.node(shard), set.node(shard + SHARDS));
    match (one.is_primary().await, other.is_primary().await) {
        (true, false) => Ok((one, other)),
        (false, true) => Ok((other, one)),
        (true, true) => Err(format!("shard {shard} has two primaries")),
        (false, false) => Err(format!("shard {shard} has no primary")),
    }
}

async fn configure(replica: &ClusterNode, value: &str) {
    let reply = replica.raw().await.command(["CONFIG", "SET", NO_FAILOVER, value]).await;
    assert!(!reply.is_error(), "{reply:?}");
}

async fn wait_for_takeover(replica: &ClusterNode) -> Result<(), String> {
    let started = Instant::now();
    while !replica.is_primary().await {
        if started.elapsed() > ROLE_TIMEOUT {
            return Err(format!("{} did not take over", replica.addr()));
        }
        if started.elapsed() > ELECTION_TIMEOUT {
            replica.raw().await.command(["CLUSTER", "FAILOVER", "TAKEOVER"]).await;
        }
        sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}

/// Waits until a node is the replica of another one, in sync.
async fn wait_for_replica(replica: &ClusterNode, primary: &ClusterNode) -> Result<(), String> {
    let started = Instant::now();
    while replica.is_primary().await {
        if started.elapsed() > ROLE_TIMEOUT {
            return Err(format!("{} did not become a replica", replica.addr()));
        }
        sleep(Duration::from_millis(5)).await;
    }
    wait_for_sync(primary, replica, Sync::Connected).await
}
