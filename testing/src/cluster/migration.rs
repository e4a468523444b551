//! Slots that move, key by key or atomically.

use super::{node::ClusterNode, set::ClusterSet, view::Line};
use crate::{Error, Frame, Vendor, server::START_TIMEOUT};
use std::{
    ops::RangeInclusive,
    time::{Duration, Instant},
};
use tokio::time::sleep;

/// The number of databases of a node that has several.
const DATABASES: usize = 16;

/// A legacy migration of one slot that has begun: the source redirects for keys that it has not by ASK.
///
/// Dropped without [`finish`](Self::finish), the slot stays as it is, some keys here and some there.
#[derive(Debug)]
pub struct SlotMigration<'a> {
    cluster: &'a ClusterSet,
    slot: u16,
    source: &'a ClusterNode,
    target: &'a ClusterNode,
}

/// The time after which nodes that do not agree on the owner of a slot are told once more.
const RETELL: Duration = Duration::from_secs(2);

impl ClusterSet {
    /// Begins to move a slot the legacy way, by CLUSTER SETSLOT IMPORTING and MIGRATING. No key has moved yet.
    pub async fn begin_migration<'a>(&'a self, slot: u16, target: &'a ClusterNode) -> SlotMigration<'a> {
        self.try_begin_migration(slot, target).await.unwrap_or_else(|error| panic!("{error}"))
    }

    /// Moves a slot with all of its keys the legacy way.
    pub async fn migrate_slot(&self, slot: u16, target: &ClusterNode) {
        self.begin_migration(slot, target).await.finish().await;
    }

    /// The same as [`migrate_slot`](Self::migrate_slot) among faults; calling it again goes on.
    pub async fn try_migrate_slot(&self, slot: u16, target: &ClusterNode) -> Result<(), Error> {
        let mut migration = self.try_begin_migration(slot, target).await?;
        migration.try_move_keys(usize::MAX).await?;
        migration.hand_over().await
    }

    /// Returns whether the servers move slots atomically by CLUSTER MIGRATESLOTS: those of Valkey do from 9.0 on.
    pub fn supports_atomic_migration(&self) -> bool {
        let node = self.node(0);
        node.vendor() == Vendor::Valkey && node.version() >= (9, 0, 0)
    }

    /// Moves slots of one primary with all of their keys by CLUSTER MIGRATESLOTS.
    pub async fn migrate_slots_atomically(&self, slots: RangeInclusive<u16>, target: &ClusterNode) {
        self.try_migrate_slots_atomically(slots, target).await.unwrap_or_else(|error| panic!("{error}"));
    }

    /// The same as [`migrate_slots_atomically`](Self::migrate_slots_atomically) among faults.
    pub async fn try_migrate_slots_atomically(
        &self,
        slots: RangeInclusive<u16>,
        target: &ClusterNode,
    ) -> Result<(), Error> {
        let source = self.owner(*slots.start()).await;
        if source.id() == target.id() {
            return Ok(());
        }
        let (first, last) = (slots.start().to_string(), slots.end().to_string());
        ask(source, &["CLUSTER", "MIGRATESLOTS", "SLOTSRANGE", &first, &last, "NODE", target.id()]).await?;
        let started = Instant::now();
        loop {
            // The newest migration is the first of the list.
            let migrations = ask(source, &["CLUSTER", "GETSLOTMIGRATIONS"]).await?;
            let newest = migrations.items().first().map(Frame::texts).unwrap_or_default();
            match field(&newest, "state") {
                Some("success") => break,
                Some("failed" | "cancelled" | "canceled") => return Err(Error(format!("{newest:?}"))),
                _ if started.elapsed() > START_TIMEOUT => return Err(Error(format!("it takes too long: {newest:?}"))),
                _ => sleep(Duration::from_millis(5)).await,
            }
        }
        self.wait_for_owner(*slots.end(), target).await
    }

    async fn try_begin_migration<'a>(&'a self, slot: u16, target: &'a ClusterNode) -> Result<SlotMigration<'a>, Error> {
        let source = self.owner(slot).await;
        if source.id() != target.id() {
            let slot = slot.to_string();
            ask(target, &["CLUSTER", "SETSLOT", &slot, "IMPORTING", source.id()]).await?;
            ask(source, &["CLUSTER", "SETSLOT", &slot, "MIGRATING", target.id()]).await?;
        }
        Ok(SlotMigration { cluster: self, slot, source, target })
    }

    /// Waits until all primaries that run say that `target` owns a slot. Replicas learn it within a second.
    async fn wait_for_owner(&self, slot: u16, target: &ClusterNode) -> Result<(), Error> {
        let (started, mut told) = (Instant::now(), Instant::now());
        while !self.is_owner(slot, target).await {
            if started.elapsed() > START_TIMEOUT {
                return Err(Error(format!("not all nodes say that {} owns slot {slot}", target.addr())));
            }
            if told.elapsed() > RETELL {
                told = Instant::now();
                self.tell_owner(slot, target).await;
            }
            sleep(Duration::from_millis(3)).await;
        }
        Ok(())
    }

    /// Tells all primaries once more who owns a slot, and has the owner claim it with a new epoch. Nodes that got two claims of
    /// one epoch may not agree by themselves, as Redis 7.0 does after a slot was moved back at once.
    async fn tell_owner(&self, slot: u16, target: &ClusterNode) {
        let slot = slot.to_string();
        for node in self.running() {
            // What a node refuses, such as a replica, it need not know.
            let _ = ask(node, &["CLUSTER", "SETSLOT", &slot, "NODE", target.id()]).await;
        }
        let _ = ask(target, &["CLUSTER", "BUMPEPOCH"]).await;
    }

    /// Returns whether all primaries say so, and know the epoch of the claim: one that does not would give its own claim, if the slot
    /// comes back at once, the same epoch, and the nodes would not agree.
    async fn is_owner(&self, slot: u16, target: &ClusterNode) -> bool {
        let Some(epoch) = target.myself().await.map(|line| line.epoch) else { return false };
        for node in self.running() {
            let lines = node.lines().await;
            let is_primary = lines.iter().any(|line| line.is("myself") && line.is("master"));
            let knows = |line: &Line| line.id == target.id() && line.has(slot) && line.epoch == epoch;
            if is_primary && !lines.iter().any(knows) {
                return false;
            }
        }
        true
    }
}

impl SlotMigration<'_> {
    /// The primary that owns the slot until the migration is finished.
    pub fn source(&self) -> &ClusterNode {
        self.source
    }

    /// The primary that the slot moves to.
    pub fn target(&self) -> &ClusterNode {
        self.target
    }

    /// Moves one key, of the first database.
    pub async fn move_key(&mut self, key: impl AsRef<[u8]>) {
        self.migrate(0, &[key.as_ref()]).await.unwrap_or_else(|error| panic!("{error}"));
    }

    /// Moves so many keys, of any database, or all if there are not so many. Returns their number.
    pub async fn move_keys(&mut self, count: usize) -> usize {
        self.try_move_keys(count).await.unwrap_or_else(|error| panic!("{error}"))
    }

    /// Moves the first half of the keys, rounded up.
    pub async fn move_half(&mut self) -> usize {
        let count = ask(self.source, &["CLUSTER", "COUNTKEYSINSLOT", &self.slot.to_string()]).await;
        let count = count.unwrap_or_else(|error| panic!("{error}")).integer();
        self.move_keys(usize::try_from(count).unwrap_or_default().div_ceil(2)).await
    }

    /// Moves the keys that are left, and gives the slot to the target. All primaries know it on return.
    pub async fn finish(mut self) {
        self.move_keys(usize::MAX).await;
        self.hand_over().await.unwrap_or_else(|error| panic!("{error}"));
    }

    async fn try_move_keys(&mut self, count: usize) -> Result<usize, Error> {
        let mut moved = 0;
        let databases = if self.cluster.has_databases() { DATABASES } else { 1 };
        for database in 0..databases {
            while moved < count {
                let keys = self.keys(database, (count - moved).min(100)).await?;
                if keys.is_empty() {
                    break;
                }
                self.migrate(database, &keys.iter().map(Vec::as_slice).collect::<Vec<_>>()).await?;
                moved += keys.len();
            }
        }
        Ok(moved)
    }

    async fn keys(&self, database: usize, count: usize) -> Result<Vec<Vec<u8>>, Error> {
        if self.source.id() == self.target.id() {
            return Ok(Vec::new());
        }
        let (slot, count) = (self.slot.to_string(), count.to_string());
        let keys = ask_in(self.source, database, &["CLUSTER", "GETKEYSINSLOT", &slot, &count]).await?;
        let bytes = |key: &Frame| match key {
            Frame::Bulk(bytes) => bytes.clone(),
            other => panic!("{other:?} is no key"),
        };
        Ok(keys.items().iter().map(bytes).collect())
    }

    async fn migrate(&self, database: usize, keys: &[&[u8]]) -> Result<(), Error> {
        let (port, database_number) = (self.target.cluster_port().to_string(), database.to_string());
        let mut command: Vec<&[u8]> =
            vec![b"MIGRATE", b"127.0.0.1", port.as_bytes(), b"", database_number.as_bytes(), b"5000"];
        if let Some(password) = self.target.setting("requirepass") {
            command.extend([b"AUTH", password.as_bytes()]);
        }
        // A MIGRATE that failed may have copied a key. The source has it still, so its copy was not written.
        command.extend([b"REPLACE".as_slice(), b"KEYS"]);
        command.extend(keys);
        ask_in(self.source, database, &command).await.map(drop)
    }

    async fn hand_over(self) -> Result<(), Error> {
        let slot = self.slot.to_string();
        let mut nodes = self.cluster.others(self.source);
        nodes.retain(|node| node.id() != self.target.id());
        nodes.splice(..0, [self.target, self.source]);
        for node in nodes {
            if node.is_primary().await {
                ask(node, &["CLUSTER", "SETSLOT", &slot, "NODE", self.target.id()]).await?;
            }
        }
        self.cluster.wait_for_owner(self.slot, self.target).await
    }
}

async fn ask(node: &ClusterNode, command: &[impl AsRef<[u8]>]) -> Result<Frame, Error> {
    ask_in(node, 0, command).await
}

/// Sends a command to a node that may be down, in one of its databases. An error reply is an error.
async fn ask_in(node: &ClusterNode, database: usize, command: &[impl AsRef<[u8]>]) -> Result<Frame, Error> {
    let failed = |reason: String| {
        let words: Vec<_> = command.iter().map(|word| String::from_utf8_lossy(word.as_ref())).collect();
        Error(format!("{} of {}: {reason}", words.join(" "), node.addr()))
    };
    let mut raw = node.try_raw().await.map_err(|error| failed(error.to_string()))?;
    if database != 0 {
        let _ = raw.try_command(&["SELECT", &database.to_string()], START_TIMEOUT).await;
    }
    match raw.try_command(command, START_TIMEOUT).await {
        Ok(Frame::Error(words)) => Err(failed(words)),
        Ok(reply) => Ok(reply),
        Err(error) => Err(failed(error.to_string())),
    }
}

/// The value of a field in a list of names and values.
fn field<'a>(list: &'a [String], name: &str) -> Option<&'a str> {
    list.chunks_exact(2).find(|pair| pair[0] == name).map(|pair| pair[1].as_str())
}
