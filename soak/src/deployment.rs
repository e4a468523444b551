//! The target of the faults: a primary, its replica, and a proxy in front of the primary.

use crate::{
    replication::{Sync, wait_for_sync},
    settings::{ACL_RULES, USER, user_setting},
};
use std::mem;
use typedis_testing::{Proxy, Raw, Server};

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

    /// A connection to the primary itself.
    pub async fn raw(&self) -> Raw {
        self.primary.raw().await
    }

    /// Makes the replica the primary. Writes pause until the replica has them all, because an unplanned failover may
    /// lose some.
    pub async fn fail_over(&mut self) -> Result<(), String> {
        wait_for_sync(&self.primary, &self.replica, Sync::Connected).await?;
        let mut primary = self.primary.raw().await;
        primary.command(["CLIENT", "PAUSE", "30000", "WRITE"]).await;
        wait_for_sync(&self.primary, &self.replica, Sync::Complete).await?;
        self.replica.raw().await.command(["REPLICAOF", "NO", "ONE"]).await;
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
        .arg("user", &user_setting())
        .start()
        .await
}

async fn replicate(replica: &Server, primary: &Server) {
    let port = primary.port().to_string();
    let reply = replica.raw().await.command(["REPLICAOF", "127.0.0.1", &port]).await;
    assert!(!reply.is_error(), "{reply:?}");
}
