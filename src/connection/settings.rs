//! The settings of a client as its connections use them, and whether they can work.

use super::config::Protocol;
#[cfg(feature = "tls")]
use super::tls::Security;
use crate::{
    error::{Error, Result},
    resp::Limits,
    retry::Backoff,
    trace,
    version::Version,
};
use std::{fmt, time::Duration};
use tokio::sync::Semaphore;

/// Replies are read by functions that call themselves, on the stack of whoever reads.
const MOST_DEPTH: usize = 128;
/// A semaphore counts them, and takes them all at once when the client is closed.
const MOST_CONNECTIONS: usize =
    if Semaphore::MAX_PERMITS < u32::MAX as usize { Semaphore::MAX_PERMITS } else { u32::MAX as usize };

/// What a [`Config`](super::Config) was told.
#[derive(Clone)]
pub(super) struct Settings {
    pub(super) address: Address,
    pub(super) username: Option<String>,
    pub(super) password: Option<String>,
    pub(super) database: u32,
    pub(super) protocol: Protocol,
    pub(super) client_name: Option<String>,
    pub(super) connect_timeout: Duration,
    pub(super) response_timeout: Option<Duration>,
    pub(super) pool_timeout: Duration,
    pub(super) pool_size: usize,
    pub(super) pool_idle_timeout: Option<Duration>,
    pub(super) health_check_interval: Option<Duration>,
    pub(super) tcp_keepalive: Option<Duration>,
    pub(super) reconnect_backoff: Backoff,
    pub(super) max_queued_bytes: usize,
    pub(super) limits: Limits,
    #[cfg(feature = "tls")]
    pub(super) security: Security,
    /// The lowest version of the server, as it was declared.
    pub(super) lowest: Option<Version>,
}

/// Where a server listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Address {
    Tcp {
        host: String,
        port: u16,
    },
    #[cfg(unix)]
    Unix(std::path::PathBuf),
}

impl Settings {
    pub(super) fn new(address: Address) -> Self {
        Settings {
            address,
            username: None,
            password: None,
            database: 0,
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
            limits: Limits::default(),
            #[cfg(feature = "tls")]
            security: Security::default(),
            lowest: None,
        }
    }

    /// Checks that the settings can work.
    pub(super) fn validate(&self) -> Result<()> {
        self.validate_values()?;
        #[cfg(feature = "tls")]
        self.security.wanted(&self.address)?;
        Ok(())
    }

    /// Does the same without a look at TLS: of a URL alone it is not known yet whether the system's roots are wanted.
    pub(super) fn validate_values(&self) -> Result<()> {
        if self.username.is_some() && self.password.is_none() {
            return refuse("a user without a password: set both, or a password alone (`redis://:password@host`)");
        }
        for (name, timeout) in [("connect_timeout", self.connect_timeout), ("pool_timeout", self.pool_timeout)] {
            if timeout.is_zero() {
                return refuse(format!("{name} is zero, so nothing could ever be in time"));
            }
        }
        for (name, time) in [
            ("response_timeout", self.response_timeout),
            ("pool_idle_timeout", self.pool_idle_timeout),
            ("idle_check", self.health_check_interval),
            ("tcp_keepalive", self.tcp_keepalive),
        ] {
            if time.is_some_and(|time| time.is_zero()) {
                return refuse(format!("{name} is zero: give a time, or `None` to have none"));
            }
        }
        if self.max_queued_bytes == 0 {
            return refuse("queue_bytes is zero, so nothing could ever wait to be written");
        }
        self.validate_limits()?;
        self.validate_pool_size()?;
        self.validate_client_name()
    }

    fn validate_limits(&self) -> Result<()> {
        let Limits { bytes, elements, depth } = self.limits;
        for (name, limit) in [("max_reply_bytes", bytes), ("max_reply_elements", elements), ("max_reply_depth", depth)]
        {
            if limit == 0 {
                return refuse(format!("{name} is zero, so no reply could ever be read"));
            }
        }
        match depth {
            0..=MOST_DEPTH => Ok(()),
            _ => refuse(format!("max_reply_depth is {depth}; what is nested deeper than {MOST_DEPTH} cannot be read")),
        }
    }

    fn validate_pool_size(&self) -> Result<()> {
        match self.pool_size {
            0 => refuse("pool_size is zero, so no pipeline could ever watch: use at least 1"),
            1..=MOST_CONNECTIONS => Ok(()),
            size => refuse(format!("pool_size is {size}, and at most {MOST_CONNECTIONS} can be counted")),
        }
    }

    fn validate_client_name(&self) -> Result<()> {
        match self.client_name.as_deref() {
            Some("") => refuse("client_name is empty: leave it out"),
            Some(name) if !name.bytes().all(|byte| byte.is_ascii_graphic()) => refuse(format!(
                "client_name {name:?} holds what the server allows in no name: use ASCII without spaces"
            )),
            _ => Ok(()),
        }
    }

    /// How long a reply may be missing before the server is thought to be gone.
    pub(super) fn patience(&self) -> Duration {
        self.response_timeout.unwrap_or(self.connect_timeout)
    }

    /// What spans say of the server.
    pub(super) fn server(&self) -> trace::Server {
        match &self.address {
            Address::Tcp { host, port } => trace::Server::new(host, Some(*port), self.database),
            #[cfg(unix)]
            Address::Unix(path) => trace::Server::new(path.display(), None, self.database),
        }
    }
}

/// The error of a setting that cannot be used.
pub(super) fn refuse<T>(reason: impl Into<Box<str>>) -> Result<T> {
    Err(Error::Config(reason.into()))
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Config");
        shown
            .field("address", &self.address)
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
            .field("idle_check", &self.health_check_interval)
            .field("tcp_keepalive", &self.tcp_keepalive)
            .field("reconnect_backoff", &self.reconnect_backoff)
            .field("queue_bytes", &self.max_queued_bytes)
            .field("max_reply", &self.limits)
            .field("at_least", &self.lowest);
        #[cfg(feature = "tls")]
        shown.field("security", &self.security);
        shown.finish()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::Tcp { host, port } if host.contains(':') => write!(f, "[{host}]:{port}"),
            Address::Tcp { host, port } => write!(f, "{host}:{port}"),
            #[cfg(unix)]
            Address::Unix(path) => write!(f, "{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Config, *};

    fn config() -> Config {
        Config::new(Address::Tcp { host: "localhost".into(), port: 6379 })
    }

    fn refused(config: Config) -> String {
        config.validate().unwrap_err().to_string()
    }

    #[test]
    fn debug_shows_no_password() {
        let shown = format!("{:?}", config().username("me").password("s3cret"));
        assert!(shown.contains("password: Some(***)") && !shown.contains("s3cret"), "{shown}");
        assert!(format!("{:?}", config()).contains("password: None"));
    }

    #[test]
    fn what_cannot_work_is_refused_by_name() {
        config().validate().unwrap();
        config().response_timeout(None).pool_timeout(Duration::MAX).validate().unwrap();
        assert!(refused(config().pool_size(0)).contains("pool_size is zero"));
        assert!(refused(config().pool_size(usize::MAX)).contains("pool_size is 1844"));
        assert!(refused(config().connect_timeout(Duration::ZERO)).contains("connect_timeout"));
        assert!(refused(config().response_timeout(Duration::ZERO)).contains("response_timeout"));
        assert!(refused(config().pool_timeout(Duration::ZERO)).contains("pool_timeout"));
        assert!(refused(config().max_reply_bytes(0)).contains("max_reply_bytes"));
        assert!(refused(config().max_reply_elements(0)).contains("max_reply_elements"));
        assert!(refused(config().max_reply_depth(0)).contains("max_reply_depth is zero"));
        assert!(refused(config().max_reply_depth(1000)).contains("max_reply_depth is 1000"));
        assert!(refused(config().max_queued_bytes(0)).contains("queue_bytes"));
        assert!(refused(config().pool_idle_timeout(Duration::ZERO)).contains("pool_idle_timeout"));
        assert!(refused(config().health_check_interval(Duration::ZERO)).contains("idle_check"));
        assert!(refused(config().tcp_keepalive(Duration::ZERO)).contains("tcp_keepalive"));
        assert!(refused(config().client_name("two words")).contains("client_name \"two words\""));
        assert!(refused(config().client_name("")).contains("client_name"));
        assert!(refused(config().username("me")).contains("a user without a password"));
    }
}
