//! The settings of a client as its connections use them, and whether they can work.

use super::config::Protocol;
use crate::{
    error::{Error, Result},
    resp::Limits,
    trace,
    version::Version,
};
use std::{fmt, time::Duration};
use tokio::sync::Semaphore;

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
    pub(super) max_reply_bytes: usize,
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
            max_reply_bytes: Limits::default().bytes,
            lowest: None,
        }
    }

    /// Checks that the settings can work.
    pub(super) fn validate(&self) -> Result<()> {
        if self.username.is_some() && self.password.is_none() {
            return refuse("a user without a password: set both, or a password alone (`redis://:password@host`)");
        }
        for (name, timeout) in [
            ("connect_timeout", Some(self.connect_timeout)),
            ("response_timeout", self.response_timeout),
            ("pool_timeout", Some(self.pool_timeout)),
        ] {
            if timeout.is_some_and(|timeout| timeout.is_zero()) {
                return refuse(format!("{name} is zero, so nothing could ever be in time"));
            }
        }
        if self.max_reply_bytes == 0 {
            return refuse("max_reply_bytes is zero, so no reply could ever be read");
        }
        self.validate_pool_size()?;
        self.validate_client_name()
    }

    fn validate_pool_size(&self) -> Result<()> {
        match self.pool_size {
            0 => refuse("pool_size is zero, so no pipeline could ever watch: use at least 1"),
            1..=Semaphore::MAX_PERMITS => Ok(()),
            size => refuse(format!("pool_size is {size}, and at most {} can be counted", Semaphore::MAX_PERMITS)),
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

    /// What spans say of the server.
    pub(super) fn server(&self) -> trace::Server {
        match &self.address {
            Address::Tcp { host, port } => trace::Server::new(host, Some(*port), self.database),
            #[cfg(unix)]
            Address::Unix(path) => trace::Server::new(path.display(), None, self.database),
        }
    }

    pub(super) fn limits(&self) -> Limits {
        Limits { bytes: self.max_reply_bytes, ..Limits::default() }
    }
}

/// The error of a setting that cannot be used.
pub(super) fn refuse<T>(reason: impl Into<Box<str>>) -> Result<T> {
    Err(Error::Config(reason.into()))
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
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
            .field("max_reply_bytes", &self.max_reply_bytes)
            .field("at_least", &self.lowest)
            .finish()
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
        assert!(refused(config().client_name("two words")).contains("client_name \"two words\""));
        assert!(refused(config().client_name("")).contains("client_name"));
        assert!(refused(config().username("me")).contains("a user without a password"));
    }
}
