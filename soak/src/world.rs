//! What the faults happen to: a server, a replica of it, and a proxy before them.

use std::{
    mem,
    time::{Duration, Instant},
};

use tokio::time::sleep;
use typedis::{Config, Protocol};
use typedis_testing::{Frame, Proxy, Raw, Server};

/// The user whom the clients log in as; the tools are the default user.
pub const USER: &str = "app";
const RIGHTS: [&str; 5] = ["on", ">secret", "~*", "&*", "+@all"];

/// How long anything here may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server, a replica of it, and a proxy that leads to the server.
#[derive(Debug)]
pub struct World {
    /// The one that is written.
    pub primary: Server,
    replica: Server,
    /// What clients connect to.
    pub proxy: Proxy,
}

impl World {
    /// Starts both servers. Nothing that one has acknowledged can be lost: each write is on disk before its reply.
    pub async fn start() -> Self {
        let primary = start().await;
        let replica = start().await;
        let proxy = Proxy::forgetful(primary.addr()).await;
        let world = World { primary, replica, proxy };
        replicate(&world.replica, &world.primary).await;
        world
    }

    /// How clients connect; the timeouts are such as to be met.
    pub fn config(&self, proxy: &Proxy, protocol: Protocol, pool_size: usize) -> Config {
        let patience = Duration::from_millis(500);
        Config::from_url(&proxy.url())
            .expect("the proxy's URL")
            .username(USER)
            .password("secret")
            .protocol(protocol)
            .connect_timeout(patience)
            .response_timeout(patience)
            .pool_timeout(4 * patience)
            .pool_size(pool_size)
    }

    /// A connection to the server itself.
    pub async fn raw(&self) -> Raw {
        self.primary.raw().await
    }

    /// Lets the replica take over, without the loss that an unplanned failover may have: writes pause until the replica
    /// has them all.
    pub async fn fail_over(&mut self) -> Result<(), String> {
        let (mut primary, mut replica) = (self.primary.raw().await, self.replica.raw().await);
        caught_up(&mut primary, &mut replica, false).await?;
        primary.command(["CLIENT", "PAUSE", "30000", "WRITE"]).await;
        caught_up(&mut primary, &mut replica, true).await?;
        replica.command(["REPLICAOF", "NO", "ONE"]).await;
        replicate(&self.primary, &self.replica).await;
        self.proxy.lead_to(self.replica.addr());
        primary.command(["CLIENT", "UNPAUSE"]).await;
        mem::swap(&mut self.primary, &mut self.replica);
        Ok(())
    }

    /// Gives the user all rights and the password back, at once.
    pub async fn restore_rights(&self) {
        let mut command = vec!["ACL", "SETUSER", USER, "reset"];
        command.extend(RIGHTS);
        assert!(!self.raw().await.command(command).await.is_error(), "the rights could not be given back");
    }
}

async fn start() -> Server {
    Server::builder()
        .arg("appendonly", "yes")
        .arg("appendfsync", "always")
        .arg("lua-time-limit", "50")
        .arg("repl-diskless-sync-delay", "0")
        .arg("user", &format!("{USER} {}", RIGHTS.join(" ")))
        .start()
        .await
}

async fn replicate(replica: &Server, primary: &Server) {
    let port = primary.port().to_string();
    let reply = replica.raw().await.command(["REPLICAOF", "127.0.0.1", &port]).await;
    assert!(!reply.is_error(), "{reply:?}");
}

/// Waits until the replica is connected, or has all that was written too.
async fn caught_up(primary: &mut Raw, replica: &mut Raw, wholly: bool) -> Result<(), String> {
    let started = Instant::now();
    while started.elapsed() < PATIENCE {
        let (from, to) = (replication(primary).await, replication(replica).await);
        let linked = field(&to, "master_link_status") == Some("up");
        if linked && (!wholly || field(&from, "master_repl_offset") == field(&to, "slave_repl_offset")) {
            return Ok(());
        }
        sleep(Duration::from_millis(5)).await;
    }
    Err(format!("the replica did not catch up in {PATIENCE:?}"))
}

async fn replication(raw: &mut Raw) -> String {
    match raw.command(["INFO", "replication"]).await {
        Frame::Bulk(info) => String::from_utf8_lossy(&info).into_owned(),
        // While it loads what it was sent.
        _ => String::new(),
    }
}

fn field<'a>(info: &'a str, name: &str) -> Option<&'a str> {
    info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
}
