//! The replication of a primary, as the servers report it.

use std::time::{Duration, Instant};
use tokio::time::sleep;
use typedis_testing::{Frame, Raw, Server};

/// The most that a resynchronization of a replica may take.
const SYNC_TIMEOUT: Duration = Duration::from_secs(60);

/// A state of the replication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sync {
    /// The replica is connected to the primary, and has the snapshot that it began with on its disk.
    Connected,
    /// The replica also has every write that the primary had acknowledged before the call.
    Complete,
}

/// Waits until the replication is in a state.
pub async fn wait_for_sync(primary: &Server, replica: &Server, wanted: Sync) -> Result<(), String> {
    let started = Instant::now();
    let (mut source, mut copy) = (primary.raw().await, replica.raw().await);
    // What has a reply is within the offset, because a write adds to it before its reply is sent.
    let acknowledged = offset(&replication(&mut source).await, "master_repl_offset");
    while started.elapsed() < SYNC_TIMEOUT {
        let copied = replication(&mut copy).await;
        let connected = field(&copied, "master_link_status") == Some("up") && is_on_disk(&copied);
        let complete = acknowledged.is_some() && offset(&copied, "slave_repl_offset") >= acknowledged;
        if connected && (complete || wanted == Sync::Connected) {
            return Ok(());
        }
        sleep(Duration::from_millis(2)).await;
    }
    Err(format!("the replica was not in sync after {SYNC_TIMEOUT:?}"))
}

/// Returns whether the server has no replica any more.
pub async fn has_no_replica(server: &Server) -> bool {
    field(&replication(&mut server.raw().await).await, "connected_slaves") == Some("0")
}

/// Waits until a primary that was started anew has all its data on the disk, so that a kill loses none.
pub async fn wait_for_disk(server: &Server) -> Result<(), String> {
    let started = Instant::now();
    let mut raw = server.raw().await;
    while !is_on_disk(&replication(&mut raw).await) {
        if started.elapsed() > SYNC_TIMEOUT {
            return Err(format!("the append-only file was not rewritten after {SYNC_TIMEOUT:?}"));
        }
        sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}

/// Returns whether the append-only file of a server holds all its data. Behind a full synchronization of a replica the file is
/// rewritten in the background, and a replica that is promoted and killed meanwhile starts with the data of the time before.
fn is_on_disk(info: &str) -> bool {
    ["aof_rewrite_in_progress", "aof_rewrite_scheduled"].iter().all(|name| field(info, name) == Some("0"))
}

fn offset(info: &str, name: &str) -> Option<u64> {
    field(info, name)?.parse().ok()
}

async fn replication(raw: &mut Raw) -> String {
    match raw.command(["INFO", "all"]).await {
        Frame::Bulk(info) => String::from_utf8_lossy(&info).into_owned(),
        // LOADING, while the replica loads the snapshot.
        _ => String::new(),
    }
}

fn field<'a>(info: &'a str, name: &str) -> Option<&'a str> {
    info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
}
