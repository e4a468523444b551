//! A primary, its replicas and the Sentinels that watch them.

use crate::{
    Error, Frame, Raw, Server,
    binary::Binary,
    process::{free_cluster_port, random},
    server::{Builder, MAX_ATTEMPTS, Ports, START_TIMEOUT, StartError},
    wait::Wait,
};
use std::time::Duration;
use tokio::task::JoinSet;

/// The number of Sentinels; two of them decide.
const SENTINELS: usize = 3;

/// A primary, its replicas and three Sentinels that watch them: real processes on free loopback ports, which are killed
/// when this value is dropped.
///
/// [`Server::kill9`], [`freeze`](Server::freeze), [`thaw`](Server::thaw) and [`restart`](Server::restart) work on each of
/// them. A restarted process has the configuration that it had, with the changes that the Sentinels made to it.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// use typedis_testing::SentinelSet;
///
/// let set = SentinelSet::start().await;
/// let mut raw = set.primary().await.raw().await;
/// assert_eq!(raw.command(["SET", "k", "v"]).await.text(), "OK");
/// # }
/// ```
#[derive(Debug)]
pub struct SentinelSet {
    name: String,
    servers: Vec<Server>,
    sentinels: Vec<Server>,
}

/// The settings of a [`SentinelSet`].
#[derive(Clone, Debug)]
pub struct SentinelBuilder {
    name: String,
    replicas: usize,
    down_after: Duration,
    server: Builder,
    sentinel: Builder,
}

impl SentinelBuilder {
    /// Sets the name of the primary, which is `mymaster` by default.
    #[must_use]
    pub fn name(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// Sets the number of replicas, which is one by default.
    #[must_use]
    pub fn replicas(mut self, replicas: usize) -> Self {
        self.replicas = replicas;
        self
    }

    /// Sets the time after which a silent server counts as down, which is one and a half seconds by default. It must be
    /// more than a second, because a Sentinel sends no PING in the first second after a failover.
    #[must_use]
    pub fn down_after(mut self, time: Duration) -> Self {
        self.down_after = time;
        self
    }

    /// Adds a setting of every server, see [`Builder::arg`](crate::Builder::arg).
    #[must_use]
    pub fn arg(mut self, name: &str, value: &str) -> Self {
        self.server = self.server.arg(name, value);
        self
    }

    /// Adds a setting of every Sentinel.
    #[must_use]
    pub fn sentinel_arg(mut self, name: &str, value: &str) -> Self {
        self.sentinel = self.sentinel.arg(name, value);
        self
    }

    /// Sets the password of the default user of the servers.
    #[must_use]
    pub fn password(self, password: &str) -> Self {
        let auth = format!("auth-pass {} {password}", self.name);
        self.arg("requirepass", password).arg("masterauth", password).sentinel_arg("sentinel", &auth)
    }

    /// Sets the password of the default user of the Sentinels.
    #[must_use]
    pub fn sentinel_password(self, password: &str) -> Self {
        let auth = format!("sentinel-pass {password}");
        self.sentinel_arg("requirepass", password).sentinel_arg("sentinel", &auth)
    }

    /// Lets servers and Sentinels listen for TLS too, see [`Builder::tls`](crate::Builder::tls), and use it among
    /// themselves: the Sentinels tell the TLS port of the primary.
    #[must_use]
    pub fn tls(mut self, certificate: &str, key: &str, authorities: &str) -> Self {
        let with_tls = |builder: Builder| builder.tls(certificate, key, authorities).arg("tls-replication", "yes");
        (self.server, self.sentinel) = (with_tls(self.server), with_tls(self.sentinel));
        self
    }

    /// Starts the processes and waits until the Sentinels know each other and the replicas, or panics with the reason why
    /// it cannot.
    pub async fn start(self) -> SentinelSet {
        self.try_start().await.unwrap_or_else(|error| panic!("{error}"))
    }

    /// The same as [`start`](Self::start), with an error in place of the panic.
    pub async fn try_start(self) -> Result<SentinelSet, Error> {
        let binary = Binary::required()?;
        let servers = self.start_servers(&binary).await?;
        let sentinels = self.start_sentinels(&binary, &servers).await?;
        let set = SentinelSet { name: self.name, servers, sentinels };
        let wait = Wait::until("the Sentinels are ready");
        while !set.is_ready().await {
            wait.pause().await;
        }
        Ok(set)
    }

    async fn start_servers(&self, binary: &Binary) -> Result<Vec<Server>, Error> {
        let server = || {
            let quick = Builder::default().arg("repl-diskless-sync", "no").arg("repl-diskless-sync-delay", "0");
            quick.and(&self.server).keeping_configuration()
        };
        let mut servers = vec![server().start_with(binary.clone()).await?];
        for _ in 0..self.replicas {
            let primary = format!("127.0.0.1 {}", told_port(&servers[0]));
            servers.push(server().arg("replicaof", &primary).start_with(binary.clone()).await?);
        }
        let wait = Wait::until("the replicas are in sync");
        let mut raw = servers[0].raw().await;
        while raw.command(["INFO", "replication"]).await.text().matches("state=online").count() < self.replicas {
            wait.pause().await;
        }
        Ok(servers)
    }

    /// Starts the Sentinels; again on other ports if another process took one of theirs.
    async fn start_sentinels(&self, binary: &Binary, servers: &[Server]) -> Result<Vec<Server>, Error> {
        let mut attempts = 1;
        loop {
            match self.start_sentinels_once(binary, servers).await {
                Ok(sentinels) => return Ok(sentinels),
                Err(StartError::PortTaken) if attempts < MAX_ATTEMPTS => attempts += 1,
                Err(error) => return Err(Error(error.into_message())),
            }
        }
    }

    async fn start_sentinels_once(&self, binary: &Binary, servers: &[Server]) -> Result<Vec<Server>, StartError> {
        let identities: Vec<(String, Ports)> = (0..SENTINELS).map(|_| self.identity()).collect();
        let mut starting = JoinSet::new();
        for (number, (_, ports)) in identities.iter().enumerate() {
            let (sentinel, ports, binary) = (self.sentinel(number, &identities, servers), *ports, binary.clone());
            starting.spawn(async move { sentinel.start_at(binary, ports).await });
        }
        starting.join_all().await.into_iter().collect()
    }

    /// An identifier of 40 hexadecimal digits, and the ports of a Sentinel.
    fn identity(&self) -> (String, Ports) {
        let id = format!("{:016x}{:016x}{:08x}", random(), random(), random() as u32);
        (id, Ports { plain: free_cluster_port(), tls: self.sentinel.has_tls().then(free_cluster_port) })
    }

    /// A Sentinel that knows the others and the replicas from its start, because it would learn of the others within
    /// seconds only.
    fn sentinel(&self, number: usize, identities: &[(String, Ports)], servers: &[Server]) -> Builder {
        let (name, down_after) = (&self.name, self.down_after.as_millis());
        let line = |builder: Builder, line: String| builder.arg("sentinel", &line);
        let mut sentinel = Builder::default().sentinel().keeping_configuration();
        sentinel = line(sentinel, format!("myid {}", identities[number].0));
        sentinel = line(sentinel, format!("monitor {name} 127.0.0.1 {} 2", told_port(&servers[0])));
        sentinel = line(sentinel, format!("down-after-milliseconds {name} {down_after}"));
        sentinel = line(sentinel, format!("failover-timeout {name} {}", 3 * down_after));
        for replica in &servers[1..] {
            sentinel = line(sentinel, format!("known-replica {name} 127.0.0.1 {}", told_port(replica)));
        }
        for (id, ports) in identities.iter().enumerate().filter(|(other, _)| *other != number).map(|(_, it)| it) {
            let port = ports.tls.unwrap_or(ports.plain);
            sentinel = line(sentinel, format!("known-sentinel {name} 127.0.0.1 {port} {id}"));
        }
        sentinel.and(&self.sentinel)
    }
}

impl SentinelSet {
    /// Starts a primary, a replica and three Sentinels.
    pub async fn start() -> Self {
        Self::builder().start().await
    }

    /// Starts a set with settings of the test's own.
    pub fn builder() -> SentinelBuilder {
        SentinelBuilder {
            name: "mymaster".to_owned(),
            replicas: 1,
            down_after: Duration::from_millis(1500),
            server: Builder::default(),
            sentinel: Builder::default(),
        }
    }

    /// The URL of the primary by its Sentinels, `redis+sentinel://127.0.0.1:PORT,../mymaster`, without a password.
    pub fn url(&self) -> String {
        let addresses: Vec<String> = self.sentinels.iter().map(|sentinel| sentinel.addr().to_string()).collect();
        format!("redis+sentinel://{}/{}", addresses.join(","), self.name)
    }

    /// The same as [`url`](Self::url) for a set with TLS, `rediss+sentinel://..`.
    pub fn tls_url(&self) -> String {
        let addresses: Vec<String> = self.sentinels.iter().map(|sentinel| sentinel.tls_addr().to_string()).collect();
        format!("rediss+sentinel://{}/{}", addresses.join(","), self.name)
    }

    /// The name of the primary.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// All servers: the primary of the start, then the replicas.
    pub fn servers(&self) -> &[Server] {
        &self.servers
    }

    /// The Sentinels.
    pub fn sentinels(&self) -> &[Server] {
        &self.sentinels
    }

    /// The server that the first running Sentinel calls the primary, which may be down.
    pub async fn primary(&self) -> &Server {
        let wait = Wait::until("a Sentinel names the primary");
        loop {
            for sentinel in self.running_sentinels() {
                if let Some(primary) = self.primary_by(sentinel).await {
                    return primary;
                }
            }
            wait.pause().await;
        }
    }

    /// Waits until all running Sentinels call another server than `old` the primary and this server is one.
    pub async fn primary_after(&self, old: &Server) -> &Server {
        let wait = Wait::until("all Sentinels name a new primary");
        while !self.has_primary_after(old).await {
            wait.pause().await;
        }
        self.primary().await
    }

    async fn has_primary_after(&self, old: &Server) -> bool {
        for sentinel in self.running_sentinels() {
            match self.primary_by(sentinel).await {
                Some(primary) if primary.port() != old.port() && role(primary).await == "master" => {}
                _ => return false,
            }
        }
        true
    }

    /// Makes a replica the primary by SENTINEL FAILOVER, and returns it once all Sentinels name it. For some ten seconds
    /// more the old primary takes writes, which are lost when it becomes a replica.
    pub async fn failover(&self) -> &Server {
        let old = self.primary().await;
        let mut sentinel = self.running_sentinels().first().expect("a Sentinel runs").raw().await;
        let wait = Wait::until("the failover begins");
        while sentinel.command(["SENTINEL", "FAILOVER", &self.name]).await.is_error() {
            wait.pause().await;
        }
        self.primary_after(old).await
    }

    /// Waits until a server is a replica that is in sync with its primary.
    pub async fn wait_for_replica(&self, server: &Server) {
        let wait = Wait::until("the server is a replica in sync");
        while !is_replica_in_sync(server).await {
            wait.pause().await;
        }
    }

    fn running_sentinels(&self) -> Vec<&Server> {
        self.sentinels.iter().filter(|sentinel| sentinel.is_running()).collect()
    }

    async fn primary_by(&self, sentinel: &Server) -> Option<&Server> {
        let mut raw = sentinel.try_raw().await.ok()?;
        let command = ["SENTINEL", "GET-MASTER-ADDR-BY-NAME", &self.name];
        let Ok(Frame::Array(address)) = raw.try_command(&command, START_TIMEOUT).await else {
            return None;
        };
        let port = address.get(1)?.text();
        self.servers.iter().find(|server| told_port(server).to_string() == port)
    }

    async fn is_ready(&self) -> bool {
        for sentinel in &self.sentinels {
            let mut raw = sentinel.raw().await;
            if !usable(&mut raw, &self.name).await || !self.knows_replicas(&mut raw).await {
                return false;
            }
        }
        true
    }

    async fn knows_replicas(&self, sentinel: &mut Raw) -> bool {
        let replicas = sentinel.command(["SENTINEL", "REPLICAS", &self.name]).await;
        let is_linked = |replica: &&Frame| {
            let fields = replica.texts();
            let is = |name: &str, value: &str| fields.chunks_exact(2).any(|pair| pair[0] == name && pair[1] == value);
            is("flags", "slave") && is("master-link-status", "ok")
        };
        replicas.items().iter().filter(is_linked).count() == self.servers.len() - 1
    }
}

/// Returns whether a Sentinel reaches all others and the primary.
async fn usable(sentinel: &mut Raw, name: &str) -> bool {
    let told = sentinel.command(["SENTINEL", "CKQUORUM", name]).await;
    matches!(told, Frame::Simple(words) if words.contains(&format!("{SENTINELS} usable")))
}

/// The port that Sentinels tell of a server.
fn told_port(server: &Server) -> u16 {
    server.tls_port().unwrap_or(server.port())
}

async fn is_replica_in_sync(server: &Server) -> bool {
    let Ok(mut raw) = server.try_raw().await else {
        return false;
    };
    match raw.try_command(&["INFO", "replication"], START_TIMEOUT).await {
        Ok(Frame::Bulk(replication)) => String::from_utf8_lossy(&replication).contains("master_link_status:up"),
        _ => false,
    }
}

/// The role that a server has by itself; empty if it does not answer.
async fn role(server: &Server) -> String {
    let Ok(mut raw) = server.try_raw().await else {
        return String::new();
    };
    match raw.try_command(&["ROLE"], START_TIMEOUT).await {
        Ok(Frame::Array(role)) => role.first().map(Frame::text).unwrap_or_default(),
        _ => String::new(),
    }
}
