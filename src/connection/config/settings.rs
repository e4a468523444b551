//! The settings of a client as its connections read them, and their validation.

#[cfg(feature = "tls")]
use super::tls::TlsSettings;
use super::{
    address::Address,
    deployment::{Deployment, SentinelSettings},
    protocol::Protocol,
};
use crate::{
    error::{Error, Result},
    resp::Limits,
    retry::Backoff,
    trace,
    version::{AnyVersion, Declared, ServerVersion, Vendor, Version},
};
use std::{fmt, time::Duration};
use tokio::sync::Semaphore;

/// Decoding is recursive; this bounds its stack use on the caller's thread.
const MAX_DEPTH: usize = 128;
/// The pool's semaphore counts connections, and its permits are acquired all at once when the client is closed.
const MAX_CONNECTIONS: usize =
    if Semaphore::MAX_PERMITS < u32::MAX as usize { Semaphore::MAX_PERMITS } else { u32::MAX as usize };

/// The values of a [`Config`](super::Config).
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) address: Address,
    pub(crate) deployment: Deployment,
    /// The server may be a node of a cluster, and that node alone is meant.
    pub(crate) single_node: bool,
    pub(crate) username: Option<String>,
    pub(crate) password: Option<String>,
    pub(crate) database: u32,
    /// The connections are for reads from a replica.
    pub(crate) replica_of: Option<ReplicaOf>,
    pub(crate) protocol: Protocol,
    pub(crate) client_name: Option<String>,
    pub(crate) connect_timeout: Duration,
    pub(crate) response_timeout: Option<Duration>,
    pub(crate) pool_timeout: Duration,
    pub(crate) pool_size: usize,
    pub(crate) pool_idle_timeout: Option<Duration>,
    pub(crate) health_check_interval: Option<Duration>,
    pub(crate) tcp_keepalive: Option<Duration>,
    pub(crate) reconnect_backoff: Backoff,
    pub(crate) max_queued_bytes: usize,
    pub(crate) max_waiting_bytes: usize,
    pub(crate) limits: Limits,
    #[cfg(feature = "tls")]
    pub(crate) tls: TlsSettings,
    pub(crate) sentinel: SentinelSettings,
    /// The servers that the application declares.
    pub(crate) declared: Declared,
    /// The vendor and version that count instead of what the server says.
    pub(crate) assumed: Option<(Vendor, Version)>,
}

/// The servers that a replica is one of, by which it serves reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReplicaOf {
    /// A cluster, whose replicas serve them only behind READONLY.
    Cluster,
    /// A primary that Sentinels name.
    SentinelSet,
}

impl Settings {
    pub(crate) fn new(address: Address) -> Self {
        Settings {
            address,
            deployment: Deployment::default(),
            single_node: false,
            username: None,
            password: None,
            database: 0,
            replica_of: None,
            protocol: Protocol::default(),
            client_name: None,
            connect_timeout: Duration::from_secs(5),
            response_timeout: Some(Duration::from_secs(10)),
            pool_timeout: Duration::from_secs(5),
            pool_size: 16,
            pool_idle_timeout: Some(Duration::from_secs(300)),
            health_check_interval: Some(Duration::from_secs(30)),
            tcp_keepalive: Some(Duration::from_secs(60)),
            reconnect_backoff: Backoff::new(Duration::from_millis(20), Duration::from_secs(1)),
            max_queued_bytes: 64 * 1024 * 1024,
            max_waiting_bytes: 512 * 1024 * 1024,
            limits: Limits::default(),
            #[cfg(feature = "tls")]
            tls: TlsSettings::default(),
            sentinel: SentinelSettings::default(),
            declared: AnyVersion::DECLARED,
            assumed: None,
        }
    }

    /// Fails if the settings are those of a cluster, for a client of one server.
    pub(crate) fn expect_single_server(&self) -> Result<()> {
        match &self.deployment {
            Deployment::SingleServer | Deployment::Sentinel { .. } => Ok(()),
            Deployment::Cluster { .. } => Err(Error::config(
                "these are the nodes of a cluster, which `Client` does not follow: use `ClusterClient`, or `redis://` for one server",
            )),
        }
    }

    /// Fails if the settings are those of one server alone, for a client of a cluster.
    pub(crate) fn expect_cluster(&self) -> Result<()> {
        if self.single_node {
            return Err(Error::config(
                "`single_node` means one node of a cluster, and `ClusterClient` is one of all nodes: use `Client`, or leave the setting out",
            ));
        }
        self.expect_no_sentinels()
    }

    /// Returns whether the server must not be a node of a cluster.
    pub(crate) fn refuses_cluster(&self) -> bool {
        self.deployment == Deployment::SingleServer && !self.single_node
    }

    /// The nodes that a client of a cluster asks first. One server is taken as the only seed.
    pub(crate) fn seeds(&self) -> Vec<Address> {
        match &self.deployment {
            Deployment::Cluster { seeds } => seeds.clone(),
            Deployment::SingleServer | Deployment::Sentinel { .. } => vec![self.address.clone()],
        }
    }

    /// The settings of one node of the cluster.
    pub(crate) fn for_node(&self, address: Address) -> Settings {
        Settings { address, deployment: Deployment::Cluster { seeds: Vec::new() }, ..self.clone() }
    }

    /// Checks that the settings can work.
    pub(crate) fn validate(&self) -> Result<()> {
        self.validate_values()?;
        #[cfg(feature = "tls")]
        self.validate_tls()?;
        Ok(())
    }

    /// Checks everything but TLS: after a URL alone it is not known yet whether the system's roots are needed.
    pub(crate) fn validate_values(&self) -> Result<()> {
        if self.username.is_some() && self.password.is_none() {
            return Err(Error::config(
                "a user without a password: set both, or a password alone (`redis://:password@host`)",
            ));
        }
        for (name, timeout) in [("connect_timeout", self.connect_timeout), ("pool_timeout", self.pool_timeout)] {
            if timeout.is_zero() {
                return Err(Error::config(format!("{name} is zero, so nothing could ever be in time")));
            }
        }
        for (name, time) in [
            ("response_timeout", self.response_timeout),
            ("pool_idle_timeout", self.pool_idle_timeout),
            ("health_check_interval", self.health_check_interval),
            ("tcp_keepalive", self.tcp_keepalive),
        ] {
            if time.is_some_and(|time| time.is_zero()) {
                return Err(Error::config(format!("{name} is zero: give a time, or `None` to have none")));
            }
        }
        if self.max_queued_bytes == 0 {
            return Err(Error::config("max_queued_bytes is zero, so nothing could ever wait to be written"));
        }
        self.validate_sentinel()?;
        self.validate_limits()?;
        self.validate_pool_size()?;
        self.validate_assumed()?;
        self.validate_client_name()
    }

    /// Returns whether the server's own word for its version is compared with what is declared.
    pub(crate) fn judges_version(&self) -> bool {
        !self.declared.is_any() && self.assumed.is_none()
    }

    fn validate_assumed(&self) -> Result<()> {
        match self.assumed {
            Some((vendor, version)) if !self.declared.includes(vendor, version) => Err(Error::config(format!(
                "assume_version says {vendor} {version}, and at_least {}: assume one that is declared",
                self.declared
            ))),
            _ => Ok(()),
        }
    }

    fn validate_limits(&self) -> Result<()> {
        let Limits { bytes, elements, depth } = self.limits;
        for (name, limit) in [("max_reply_bytes", bytes), ("max_reply_elements", elements), ("max_reply_depth", depth)]
        {
            if limit == 0 {
                return Err(Error::config(format!("{name} is zero, so no reply could ever be read")));
            }
        }
        match depth {
            0..=MAX_DEPTH => Ok(()),
            _ => Err(Error::config(format!(
                "max_reply_depth is {depth}; what is nested deeper than {MAX_DEPTH} cannot be read"
            ))),
        }
    }

    fn validate_pool_size(&self) -> Result<()> {
        match self.pool_size {
            0 => Err(Error::config("pool_size is zero, so no pipeline could ever watch: use at least 1")),
            1..=MAX_CONNECTIONS => Ok(()),
            size => Err(Error::config(format!("pool_size is {size}, and at most {MAX_CONNECTIONS} can be counted"))),
        }
    }

    fn validate_client_name(&self) -> Result<()> {
        match self.client_name.as_deref() {
            Some("") => Err(Error::config("client_name is empty: leave it out")),
            Some(name) if !name.bytes().all(|byte| byte.is_ascii_graphic()) => Err(Error::config(format!(
                "client_name {name:?} holds what the server allows in no name: use ASCII without spaces"
            ))),
            _ => Ok(()),
        }
    }

    /// The response timeout, or the default one where callers have none, for decisions of the connection itself.
    pub(crate) fn effective_response_timeout(&self) -> Duration {
        self.response_timeout.unwrap_or(self.connect_timeout)
    }

    /// The server as spans name it.
    pub(crate) fn server(&self) -> trace::Server {
        match &self.address {
            Address::Tcp { host, port } => trace::Server::new(host, Some(*port), self.database),
            #[cfg(unix)]
            Address::Unix(path) => trace::Server::new(path.display(), None, self.database),
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Config");
        shown
            .field("address", &self.address)
            .field("deployment", &self.deployment)
            .field("single_node", &self.single_node)
            .field("username", &self.username)
            .field("password", &self.password.as_ref().map(|_| format_args!("***")))
            .field("database", &self.database)
            .field("protocol", &self.protocol)
            .field("client_name", &self.client_name)
            .field("connect_timeout", &self.connect_timeout)
            .field("response_timeout", &self.response_timeout)
            .field("pool_timeout", &self.pool_timeout)
            .field("pool_size", &self.pool_size)
            .field("pool_idle_timeout", &self.pool_idle_timeout)
            .field("health_check_interval", &self.health_check_interval)
            .field("tcp_keepalive", &self.tcp_keepalive)
            .field("reconnect_backoff", &self.reconnect_backoff)
            .field("max_queued_bytes", &self.max_queued_bytes)
            .field("max_waiting_bytes", &self.max_waiting_bytes)
            .field("max_reply", &self.limits)
            .field("at_least", &self.declared)
            .field("assume_version", &self.assumed);
        #[cfg(feature = "tls")]
        shown.field("tls", &self.tls);
        if let Deployment::Sentinel { .. } = self.deployment {
            shown.field("sentinel", &self.sentinel);
        }
        shown.finish()
    }
}
