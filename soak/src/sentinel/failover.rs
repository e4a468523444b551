//! Failovers by the Sentinels, and what a failover may lose.
//!
//! The Sentinels let the replica become a primary without a word to the old one, which takes writes for some ten seconds
//! more if it runs, and loses them when it becomes a replica. So the primary is guarded, as the documentation of the servers
//! advises: it refuses writes once it has no replica. What is acknowledged between the command and that moment may be lost,
//! and nothing else. When all Sentinels name the new primary, the old one is unguarded: a client that still used it would
//! lose what the audit looks for.

use crate::{
    bank::BANK,
    counter::Counters,
    replication::{Sync, has_no_replica, wait_for_sync},
    settings::REPLY_TIME,
    state::SharedState,
};
use std::time::{Duration, Instant};
use tokio::time::sleep;
use typedis_testing::{SentinelSet, Server};

/// The time after which a silent primary counts as down, while it is to fail over.
const DOWN_AFTER: &str = "1500";
/// The same at all other times: longer than a busy machine may take a server's time.
const NEVER_DOWN_AFTER: &str = "60000";
/// The most that the old primary may take to notice that it has no replica.
const NOTICE_TIMEOUT: Duration = Duration::from_secs(20);
/// The time for which an old primary that is demoted by hand takes writes.
const STALE_TIME: Duration = Duration::from_secs(2);

/// The cause of a failover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failover {
    /// SENTINEL FAILOVER; the old primary runs on.
    Command,
    /// SIGKILL of the primary.
    Kill,
    /// SIGSTOP of the primary.
    Freeze,
}

/// The way in which the old primary becomes a replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demotion {
    /// The Sentinels have it replicate the new one, which takes them ten seconds or more.
    BySentinels,
    /// An operator does so, sooner.
    ByHand,
}

/// A set whose old primary is no replica yet.
#[derive(Debug)]
pub struct FailedOver<'a> {
    failover: Failover,
    demotion: Demotion,
    old: &'a Server,
    new: &'a Server,
}

/// Lets the Sentinels make the replica the primary, and waits until all of them name it.
pub async fn fail_over<'a>(
    set: &'a SentinelSet,
    state: &SharedState,
    failover: Failover,
    demotion: Demotion,
) -> Result<FailedOver<'a>, String> {
    let old = set.primary().await;
    let new = replica_of(set, old);
    wait_for_sync(old, new, Sync::Connected).await?;
    state.begin_failover(all_keys());
    wait_for_sync(old, new, Sync::Complete).await?;
    match failover {
        Failover::Command => {
            set.failover().await;
            wait_until_refused(old).await?;
            state.end_failover();
            guard(old, false).await;
        }
        Failover::Kill | Failover::Freeze => {
            set_down_after(set, DOWN_AFTER).await;
            if failover == Failover::Kill {
                old.kill9()
            } else {
                old.freeze()
            }
            set.primary_after(old).await;
            set_down_after(set, NEVER_DOWN_AFTER).await;
        }
    }
    state.end_failover();
    Ok(FailedOver { failover, demotion, old, new })
}

impl FailedOver<'_> {
    /// Brings the old primary back. It takes writes until it replicates the new one.
    pub async fn repair(self, set: &SentinelSet, state: &SharedState) -> Result<(), String> {
        match self.failover {
            Failover::Command => {}
            Failover::Kill => self.old.restart().await,
            Failover::Freeze => {
                // Until it notices that it has no replica, it answers what has come meanwhile.
                state.begin_failover(all_keys());
                self.old.thaw();
                wait_until_refused(self.old).await?;
                state.end_failover();
            }
        }
        guard(self.old, false).await;
        if self.demotion == Demotion::ByHand {
            sleep(STALE_TIME).await;
            let port = self.new.port().to_string();
            self.old.raw().await.command(["REPLICAOF", "127.0.0.1", &port]).await;
        }
        set.wait_for_replica(self.old).await;
        wait_for_sync(self.new, self.old, Sync::Connected).await?;
        guard(self.new, true).await;
        Ok(())
    }
}

/// Lets the Sentinels take a silent primary for a failed one only when it is to fail over.
pub async fn prevent_failovers(set: &SentinelSet) {
    set_down_after(set, NEVER_DOWN_AFTER).await;
}

async fn set_down_after(set: &SentinelSet, milliseconds: &str) {
    for sentinel in set.sentinels() {
        let command = ["SENTINEL", "SET", set.name(), "down-after-milliseconds", milliseconds];
        let reply = sentinel.raw().await.command(command).await;
        assert!(!reply.is_error(), "{reply:?}");
    }
}

/// Waits until a guarded primary refuses writes because it has no replica, and what it acknowledged before has arrived.
async fn wait_until_refused(old: &Server) -> Result<(), String> {
    let started = Instant::now();
    while !has_no_replica(old).await {
        if started.elapsed() > NOTICE_TIMEOUT {
            return Err(format!("{} has a replica after {NOTICE_TIMEOUT:?}", old.addr()));
        }
        sleep(Duration::from_millis(5)).await;
    }
    sleep(REPLY_TIME).await;
    Ok(())
}

fn all_keys() -> impl Iterator<Item = String> {
    Counters::keys().chain([BANK.ledger()])
}

/// The other one of the two servers.
pub fn replica_of<'a>(set: &'a SentinelSet, primary: &Server) -> &'a Server {
    let mut servers = set.servers().iter();
    servers.find(|server| server.port() != primary.port()).expect("the set has two servers")
}

/// Lets a server refuse writes while it has no replica, or not.
pub async fn guard(server: &Server, is_guarded: bool) {
    let replicas = if is_guarded { "1" } else { "0" };
    let reply = server.raw().await.command(["CONFIG", "SET", "min-replicas-to-write", replicas]).await;
    assert!(!reply.is_error(), "{reply:?}");
}
