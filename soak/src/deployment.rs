//! The target of the faults: a primary, its replica, and a proxy in front of the primary.

use std::{
    mem,
    time::{Duration, Instant},
};
use tokio::time::sleep;
use typedis::{Config, Protocol};
use typedis_testing::{Frame, Proxy, Raw, Server};

/// The user of the clients; the tools log in as the default user.
pub const USER: &str = "app";
const ACL_RULES: [&str; 5] = ["on", ">secret", "~*", "&*", "+@all"];

/// The most that a resynchronization of the replica may take.
const SYNC_TIMEOUT: Duration = Duration::from_secs(60);

/// A primary, its replica, and a proxy in front of the primary.
#[derive(Debug)]
pub struct Deployment {
    /// The server that is written.
    pub primary: Server,
    replica: Server,
    /// The proxy that clients connect to.
    pub proxy: Proxy,
}

impl Deployment {
    /// Starts both servers with `appendfsync always`, so that no acknowledged write can be lost.
    pub async fn start() -> Self {
        let primary = start().await;
        let replica = start().await;
        let proxy = Proxy::without_record(primary.addr()).await;
        let deployment = Deployment { primary, replica, proxy };
        replicate(&deployment.replica, &deployment.primary).await;
        deployment
    }

    /// The configuration of a client through `proxy`, with timeouts so short that faults exceed them.
    pub fn config(&self, proxy: &Proxy, protocol: Protocol, pool_size: usize) -> Config {
        let timeout = Duration::from_millis(500);
        Config::from_url(&proxy.url())
            .expect("the proxy's URL")
            .username(USER)
            .password("secret")
            .protocol(protocol)
            .connect_timeout(timeout)
            .response_timeout(timeout)
            .pool_timeout(4 * timeout)
            .pool_size(pool_size)
    }

    /// A connection to the primary itself.
    pub async fn raw(&self) -> Raw {
        self.primary.raw().await
    }

    /// Makes the replica the primary. Writes pause until the replica has them all, because an unplanned failover may
    /// lose some.
    pub async fn fail_over(&mut self) -> Result<(), String> {
        let mut primary = self.primary.raw().await;
        let mut replica = self.replica.raw().await;
        wait_for_sync(&mut primary, &mut replica, Sync::Connected).await?;
        primary.command(["CLIENT", "PAUSE", "30000", "WRITE"]).await;
        wait_for_sync(&mut primary, &mut replica, Sync::Complete).await?;
        replica.command(["REPLICAOF", "NO", "ONE"]).await;
        replicate(&self.primary, &self.replica).await;
        self.proxy.forward_to(self.replica.addr());
        primary.command(["CLIENT", "UNPAUSE"]).await;
        mem::swap(&mut self.primary, &mut self.replica);
        Ok(())
    }

    /// Restores the user's permissions and password in one command.
    pub async fn restore_acl(&self) {
        let mut command = vec!["ACL", "SETUSER", USER, "reset"];
        command.extend(ACL_RULES);
        assert!(!self.raw().await.command(command).await.is_error(), "the ACL could not be restored");
    }
}

async fn start() -> Server {
    Server::builder()
        .arg("appendonly", "yes")
        .arg("appendfsync", "always")
        .arg("lua-time-limit", "50")
        .arg("repl-diskless-sync-delay", "0")
        .arg("user", &format!("{USER} {}", ACL_RULES.join(" ")))
        .start()
        .await
}

async fn replicate(replica: &Server, primary: &Server) {
    let port = primary.port().to_string();
    let reply = replica.raw().await.command(["REPLICAOF", "127.0.0.1", &port]).await;
    assert!(!reply.is_error(), "{reply:?}");
}

/// A state of the replication.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sync {
    /// The replica is connected to the primary, and has the snapshot that it began with on its disk.
    Connected,
    /// The replica also has every write.
    Complete,
}

async fn wait_for_sync(primary: &mut Raw, replica: &mut Raw, wanted: Sync) -> Result<(), String> {
    let started = Instant::now();
    while started.elapsed() < SYNC_TIMEOUT {
        let (source, copy) = (replication(primary).await, replication(replica).await);
        let connected = field(&copy, "master_link_status") == Some("up") && is_on_disk(&copy);
        let complete = field(&source, "master_repl_offset") == field(&copy, "slave_repl_offset");
        if connected && (complete || wanted == Sync::Connected) {
            return Ok(());
        }
        sleep(Duration::from_millis(5)).await;
    }
    Err(format!("the replica was not in sync after {SYNC_TIMEOUT:?}"))
}

/// Returns whether the append-only file of a replica holds all its data. Behind a full synchronization the file is rewritten in
/// the background, and a replica that is promoted and killed meanwhile starts with the data of the time before.
fn is_on_disk(info: &str) -> bool {
    ["aof_rewrite_in_progress", "aof_rewrite_scheduled"].iter().all(|name| field(info, name) == Some("0"))
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
