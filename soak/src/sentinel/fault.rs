//! The faults of a Sentinel set: their schedule and their injection.

use super::failover::{Demotion, FailedOver, Failover, fail_over, guard, replica_of};
use crate::{
    replication::{Sync, wait_for_disk, wait_for_sync},
    settings::{USER, millis},
    state::SharedState,
};
use fastrand::Rng;
use std::{fmt, time::Duration};
use tokio::time::sleep;
use typedis_testing::SentinelSet;

/// A fault of a Sentinel set.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// The replica becomes the primary, and the old primary its replica some time after.
    Failover(Failover, Demotion),
    /// SIGKILL of the primary, and a restart before the Sentinels miss it.
    Restart(Duration),
    /// SIGSTOP of the primary, for less time than the Sentinels wait.
    Freeze(Duration),
    /// CLIENT KILL of all connections to the primary.
    KillConnections,
    /// SIGKILL of a Sentinel, and a restart.
    RestartSentinel(usize),
    /// SIGSTOP of a Sentinel for a while.
    FreezeSentinel(usize, Duration),
}

impl Fault {
    /// Every fault once, in random order and with random parameters.
    pub fn schedule(random: &mut Rng) -> Vec<Fault> {
        let mut demotions = [Demotion::BySentinels, Demotion::ByHand, Demotion::ByHand];
        random.shuffle(&mut demotions);
        let mut schedule = vec![
            Fault::Failover(Failover::Command, demotions[0]),
            Fault::Failover(Failover::Kill, demotions[1]),
            Fault::Failover(Failover::Freeze, demotions[2]),
            Fault::Restart(millis(random, 0..300)),
            Fault::Freeze(millis(random, 50..500)),
            // Longer than the timeouts of the clients.
            Fault::Freeze(millis(random, 1600..2000)),
            Fault::KillConnections,
            Fault::RestartSentinel(random.usize(..3)),
            Fault::FreezeSentinel(random.usize(..3), millis(random, 300..900)),
        ];
        random.shuffle(&mut schedule);
        schedule
    }

    /// The kind of fault, without parameters.
    pub fn kind(self) -> &'static str {
        match self {
            Fault::Failover(Failover::Command, _) => "SENTINEL FAILOVER",
            Fault::Failover(Failover::Kill, _) => "kill -9, the replica takes over",
            Fault::Failover(Failover::Freeze, _) => "freeze, the replica takes over",
            Fault::Restart(_) => "kill -9 and restart",
            Fault::Freeze(_) => "freeze (SIGSTOP)",
            Fault::KillConnections => "CLIENT KILL of all",
            Fault::RestartSentinel(_) => "kill -9 of a Sentinel and restart",
            Fault::FreezeSentinel(..) => "freeze of a Sentinel",
        }
    }

    /// Injects the fault and ends it, except for a failover, after which the old primary is not back yet.
    pub async fn inject<'a>(self, set: &'a SentinelSet, state: &SharedState) -> Result<Option<FailedOver<'a>>, String> {
        let primary = set.primary().await;
        match self {
            Fault::Failover(failover, demotion) => {
                return fail_over(set, state, failover, demotion).await.map(Some);
            }
            Fault::Restart(down) => {
                wait_for_disk(primary).await?;
                primary.kill9();
                sleep(down).await;
                primary.restart().await;
                guard(primary, true).await;
                wait_for_sync(primary, replica_of(set, primary), Sync::Connected).await?;
            }
            Fault::Freeze(time) => {
                primary.freeze();
                sleep(time).await;
                primary.thaw();
            }
            Fault::KillConnections => {
                primary.raw().await.command(["CLIENT", "KILL", "USER", USER]).await;
            }
            Fault::RestartSentinel(number) => set.sentinels()[number].restart().await,
            Fault::FreezeSentinel(number, time) => {
                set.sentinels()[number].freeze();
                sleep(time).await;
                set.sentinels()[number].thaw();
            }
        }
        Ok(None)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())?;
        match self {
            Fault::Restart(time) | Fault::Freeze(time) => write!(f, ", {time:?}"),
            Fault::RestartSentinel(number) => write!(f, ", number {number}"),
            Fault::FreezeSentinel(number, time) => write!(f, ", number {number}, {time:?}"),
            Fault::Failover(_, Demotion::BySentinels) => f.write_str(", the Sentinels demote the old primary"),
            Fault::Failover(_, Demotion::ByHand) => f.write_str(", the old primary is demoted by hand"),
            Fault::KillConnections => Ok(()),
        }
    }
}
