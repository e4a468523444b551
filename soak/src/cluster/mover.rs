//! Slots that move to and fro all the time, also during other faults, and the resharding to a fourth node and back.

use super::{
    data::slots,
    shards::{FOURTH_NODE, Shards, count, primary_of, shard_of},
};
use crate::state::SharedState;
use fastrand::Rng;
use std::{
    ops::RangeInclusive,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::{Duration, Instant},
};
use tokio::time::sleep;
use typedis_testing::{ClusterNode, ClusterSet};

/// The most that one move may take, with all attempts.
const MOVE_TIMEOUT: Duration = Duration::from_secs(60);
/// Slots without keys that are moved to the fourth node and back: one by one, or at once by MIGRATESLOTS.
const ONE_BY_ONE: RangeInclusive<u16> = 0..=31;
const AT_ONCE: RangeInclusive<u16> = 0..=511;

/// A way of migration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// SETSLOT and MIGRATE, key by key.
    Legacy,
    /// CLUSTER MIGRATESLOTS.
    Atomic,
}

/// Moves slots, and counts them.
#[derive(Debug, Default)]
pub struct Mover {
    is_stopped: AtomicBool,
    legacy: AtomicU64,
    atomic: AtomicU64,
    repeated: AtomicU64,
}

impl Way {
    fn choose(set: &ClusterSet, random: &mut Rng) -> Way {
        if set.supports_atomic_migration() && random.bool() { Way::Atomic } else { Way::Legacy }
    }

    async fn migrate(self, set: &ClusterSet, slots: RangeInclusive<u16>, target: &ClusterNode) -> Result<(), String> {
        let moved = match self {
            Way::Legacy => set.try_migrate_slot(*slots.start(), target).await,
            Way::Atomic => set.try_migrate_slots_atomically(slots, target).await,
        };
        moved.map_err(|error| error.to_string())
    }
}

impl Mover {
    /// Moves slots with data from primary to primary until it is stopped.
    pub async fn run(&self, set: &ClusterSet, shards: &Shards, state: &SharedState, mut random: Rng) {
        self.is_stopped.store(false, Ordering::Relaxed);
        let slots = slots();
        while !self.is_stopped.load(Ordering::Relaxed) {
            let slot = *random.choice(&slots).expect("some slots");
            self.move_to_another(set, shards, state, slot, &mut random).await;
            sleep(Duration::from_millis(random.u64(0..40))).await;
        }
    }

    /// Lets [`run`](Self::run) return at the end of the present move.
    pub fn stop(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
    }

    /// The number of moves so far.
    pub fn moves(&self) -> u64 {
        self.legacy.load(Ordering::Relaxed) + self.atomic.load(Ordering::Relaxed)
    }

    /// The figures of all moves, as one line.
    pub fn figures(&self) -> String {
        let [legacy, atomic, repeated] =
            [&self.legacy, &self.atomic, &self.repeated].map(|number| number.load(Ordering::Relaxed));
        format!(
            "{legacy} slots with data moved key by key and {atomic} by MIGRATESLOTS, {repeated} attempts more for moves \
             that the cluster refused at first"
        )
    }

    async fn move_to_another(
        &self,
        set: &ClusterSet,
        shards: &Shards,
        state: &SharedState,
        slot: u16,
        random: &mut Rng,
    ) {
        let source = shard_of(set, set.owner(slot).await);
        let target = (source + random.usize(1..count(set))) % count(set);
        // In one order, so that no two wait for each other.
        let _locks = (shards.lock(source.min(target)).await, shards.lock(source.max(target)).await);
        let Some(target) = primary_of(set, target).await else { return };
        if shard_of(set, set.owner(slot).await) == source {
            self.migrate(set, state, Way::choose(set, random), slot..=slot, target).await;
        }
    }

    /// Moves slots, in as many attempts as it takes: a cluster that is down refuses to. Those that hold the locks keep them
    /// meanwhile, since a slot that has moved in part needs both of its nodes.
    async fn migrate(
        &self,
        set: &ClusterSet,
        state: &SharedState,
        way: Way,
        slots: RangeInclusive<u16>,
        target: &ClusterNode,
    ) {
        let started = Instant::now();
        while let Err(error) = way.migrate(set, slots.clone(), target).await {
            if started.elapsed() > MOVE_TIMEOUT {
                return state.report(format!("the slots {slots:?} did not move to {}: {error}", target.addr()));
            }
            self.repeated.fetch_add(1, Ordering::Relaxed);
            sleep(Duration::from_millis(20)).await;
        }
        let moved = if way == Way::Legacy { &self.legacy } else { &self.atomic };
        moved.fetch_add(1, Ordering::Relaxed);
    }

    /// Moves half of the slots with data, and some without, to the fourth node.
    pub async fn fill_fourth(&self, set: &ClusterSet, state: &SharedState, random: &mut Rng) {
        let mut slots = slots();
        random.shuffle(&mut slots);
        let target = set.node(FOURTH_NODE);
        for slot in &slots[..slots.len() / 2] {
            self.migrate(set, state, Way::choose(set, random), *slot..=*slot, target).await;
        }
        self.move_range(set, state, target).await;
    }

    /// Moves all slots of the fourth node to others.
    pub async fn empty_fourth(&self, set: &ClusterSet, state: &SharedState, random: &mut Rng) {
        for slot in slots() {
            if set.owner(slot).await.id() == set.node(FOURTH_NODE).id() {
                let Some(target) = primary_of(set, random.usize(..FOURTH_NODE / 2)).await else { continue };
                self.migrate(set, state, Way::choose(set, random), slot..=slot, target).await;
            }
        }
        if let Some(target) = primary_of(set, 0).await {
            self.move_range(set, state, target).await;
        }
    }

    async fn move_range(&self, set: &ClusterSet, state: &SharedState, target: &ClusterNode) {
        if set.supports_atomic_migration() {
            return self.migrate(set, state, Way::Atomic, AT_ONCE, target).await;
        }
        for slot in ONE_BY_ONE {
            self.migrate(set, state, Way::Legacy, slot..=slot, target).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slots_without_data_have_none_and_the_data_are_of_all_primaries() {
        let slots = slots();
        assert!(slots.iter().all(|slot| !AT_ONCE.contains(slot)), "{slots:?}");
        for shard in 0..3 {
            assert!(slots.iter().any(|slot| slot / 5462 == shard), "{slots:?}");
        }
    }
}
