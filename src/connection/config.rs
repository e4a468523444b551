//! What a client is told before it connects.

use crate::{
    error::{Error, Result},
    resp::Limits,
    version::{AnyVersion, ServerVersion, Version},
};
use std::{fmt, marker::PhantomData, time::Duration};
use tokio::sync::Semaphore;

/// How to reach a server, and how its connections behave.
///
/// It starts from a URL, [`Config::from_url`], and the rest is set by methods.
///
/// ```
/// use std::time::Duration;
/// use typedis::Config;
///
/// let config = Config::from_url("redis://localhost/2")?
///     .client_name("worker")
///     .response_timeout(Duration::from_secs(2))
///     .pool_size(4);
/// # Ok::<(), typedis::Error>(())
/// ```
#[derive(Clone)]
pub struct Config<V = AnyVersion> {
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
    pub(super) declared: PhantomData<fn() -> V>,
}

/// A version of the protocol between client and server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Protocol {
    /// The protocol of every server, without maps, sets, doubles and pushes.
    Resp2,
    /// The protocol since Redis 6, asked for by default. Where the server does not have it, RESP2 is spoken.
    #[default]
    Resp3,
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

impl Config {
    pub(super) fn new(address: Address) -> Self {
        Config {
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
            declared: PhantomData,
        }
    }
}

impl<V> Config<V> {
    /// Sets the user to log in as; a password belongs to it. Without a user, the password is the default user's.
    #[must_use]
    pub fn username(mut self, name: impl Into<String>) -> Self {
        self.username = Some(name.into());
        self
    }

    /// Sets the password. It shows in no error and in no `Debug`.
    #[must_use]
    pub fn password(mut self, password: impl Into<String>) -> Self {
        self.password = Some(password.into());
        self
    }

    /// Sets the number of the database; it is 0 unless set.
    #[must_use]
    pub fn database(mut self, number: u32) -> Self {
        self.database = number;
        self
    }

    /// Sets the protocol to ask for; it is RESP3 unless set.
    #[must_use]
    pub fn protocol(mut self, protocol: Protocol) -> Self {
        self.protocol = protocol;
        self
    }

    /// Sets the name that the server's `CLIENT LIST` shows for every connection.
    #[must_use]
    pub fn client_name(mut self, name: impl Into<String>) -> Self {
        self.client_name = Some(name.into());
        self
    }

    /// Sets how long a new connection may take, its greeting included; 5 seconds unless set.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets how long replies may take, 10 seconds unless set; `None` waits forever. Blocking commands are not bound by
    /// it.
    #[must_use]
    pub fn response_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.response_timeout = timeout.into();
        self
    }

    /// Sets how long to wait for a connection of the pool; 5 seconds unless set.
    #[must_use]
    pub fn pool_timeout(mut self, timeout: Duration) -> Self {
        self.pool_timeout = timeout;
        self
    }

    /// Sets how many connections of their own watching pipelines and blocking commands may have at a time, beside the
    /// one that all others share; 16 unless set. They are opened as they are needed.
    #[must_use]
    pub fn pool_size(mut self, connections: usize) -> Self {
        self.pool_size = connections;
        self
    }

    /// Sets how large one reply may be, all that it holds included; 512 MiB, which is as large as one of the server's
    /// strings, unless set. A larger one is an error and closes the connection.
    #[must_use]
    pub fn max_reply_bytes(mut self, bytes: usize) -> Self {
        self.max_reply_bytes = bytes;
        self
    }

    /// Declares the lowest version of the server that the application runs on. A command, or an option of one, that is
    /// newer does not compile then, and connecting to an older server fails.
    ///
    /// The types of the client and its pipelines name the version, so an application writes
    /// `type Client = typedis::Client<Redis6_2>;` once and says `Client` everywhere else. The versions are those of Redis;
    /// Valkey has the commands of Redis 7.2.
    ///
    /// ```
    /// use typedis::{Config, Redis6_2, prelude::*};
    ///
    /// type Client = typedis::Client<Redis6_2>;
    ///
    /// # async fn example(url: &str) -> typedis::Result<()> {
    /// let client: Client = Client::open(Config::from_url(url)?.at_least(Redis6_2)).await?;
    /// assert_eq!(client.getdel::<String>("key").await?, None); // since 6.2
    /// # Ok(()) }
    /// # typedis_testing::doctest(async |url| example(&url).await);
    /// ```
    ///
    /// LCS came with Redis 7.0:
    ///
    /// ```compile_fail
    /// # use typedis::{Client, Redis6_2, prelude::*};
    /// async fn common(client: &Client<Redis6_2>) -> typedis::Result<String> {
    ///     client.lcs("a", "b").await
    /// }
    /// ```
    #[must_use]
    pub fn at_least<W: ServerVersion>(self, version: W) -> Config<W> {
        let _ = version;
        Config { lowest: W::LOWEST, ..self.retyped() }
    }

    pub(crate) fn forget_version(self) -> Config {
        self.retyped()
    }

    fn retyped<W>(self) -> Config<W> {
        Config {
            address: self.address,
            username: self.username,
            password: self.password,
            database: self.database,
            protocol: self.protocol,
            client_name: self.client_name,
            connect_timeout: self.connect_timeout,
            response_timeout: self.response_timeout,
            pool_timeout: self.pool_timeout,
            pool_size: self.pool_size,
            max_reply_bytes: self.max_reply_bytes,
            lowest: self.lowest,
            declared: PhantomData,
        }
    }

    /// Checks that the settings can work, which connecting does first.
    ///
    /// # Errors
    ///
    /// [`Config`](Error::Config) names the setting that cannot be used, and what to do.
    pub fn validate(&self) -> Result<()> {
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

    pub(super) fn limits(&self) -> Limits {
        Limits { bytes: self.max_reply_bytes, ..Limits::default() }
    }
}

/// The error of a setting that cannot be used.
pub(super) fn refuse<T>(reason: impl Into<Box<str>>) -> Result<T> {
    Err(Error::Config(reason.into()))
}

impl<V> fmt::Debug for Config<V> {
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
    use super::*;

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
