//! The configuration of a client, set by methods.

#[cfg(feature = "tls")]
use super::tls::Tls;
use super::{address::Address, deployment::Deployment, hosts::addresses, protocol::Protocol, settings::Settings};
use crate::{
    error::Result,
    retry::Backoff,
    version::{AnyVersion, Release, ServerVersion},
};
use std::{fmt, marker::PhantomData, time::Duration};

/// Configures how to reach a server, and how its connections behave.
///
/// A configuration starts from a URL, [`Config::from_url`], and the rest is set by methods. [`Client`](crate::Client) takes that
/// of one server or of Sentinels, [`ClusterClient`](crate::ClusterClient) that of a cluster, or of one server, which is then the
/// one node that the others are found from.
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
    pub(crate) settings: Settings,
    declared: PhantomData<fn() -> V>,
}

impl Config {
    pub(crate) fn new(address: Address) -> Self {
        Config { settings: Settings::new(address), declared: PhantomData }
    }

    /// Configures a cluster by some of its nodes, each `host` or `host:port`, from which the others are found. It is what a
    /// `redis+cluster://` URL gives, for an application that has the nodes from elsewhere.
    ///
    /// ```
    /// use typedis::Config;
    ///
    /// let config = Config::cluster(["node1:7000", "node2:7000"])?.password("secret");
    /// # Ok::<(), typedis::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Config`](crate::Error::Config) if there is no node, or an address cannot be used.
    pub fn cluster<I>(seeds: I) -> Result<Config>
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        let seeds: Vec<String> = seeds.into_iter().map(|seed| seed.as_ref().to_owned()).collect();
        Ok(Config::of_cluster(addresses(&seeds.join(","), 6379)?))
    }

    /// The configuration of a cluster. Its address is that of the first seed, of which there is at least one.
    pub(super) fn of_cluster(seeds: Vec<Address>) -> Config {
        let first = seeds.first().cloned().unwrap_or(Address::Tcp { host: String::new(), port: 6379 });
        let mut config = Config::new(first);
        config.settings.deployment = Deployment::Cluster { seeds };
        config
    }
}

impl<V> Config<V> {
    /// Means one node of a cluster, by itself, as a tool for that node does. Without this setting a [`Client`](crate::Client)
    /// that finds itself on a node of a cluster fails when it is opened, since keys of other nodes are answered by a redirect,
    /// which it does not follow; [`ClusterClient`](crate::ClusterClient) does.
    ///
    /// With RESP2 the mode of the server is known to users who may run INFO; for others a client opens without this setting too.
    ///
    /// ```
    /// use typedis::Config;
    ///
    /// let config = Config::from_url("redis://node1:7000")?.single_node();
    /// # Ok::<(), typedis::Error>(())
    /// ```
    #[must_use]
    pub fn single_node(mut self) -> Self {
        self.settings.single_node = true;
        self
    }

    /// Sets the user to log in as, which requires a password. Without a user, the password is the default user's.
    #[must_use]
    pub fn username(mut self, name: impl Into<String>) -> Self {
        self.settings.username = Some(name.into());
        self
    }

    /// Sets the password. It occurs in no error and in no `Debug`.
    #[must_use]
    pub fn password(mut self, password: impl Into<String>) -> Self {
        self.settings.password = Some(password.into());
        self
    }

    /// Sets the number of the database; it is 0 unless set. In a cluster only Valkey has others, from 9.0 on
    /// (`cluster-databases`).
    #[must_use]
    pub fn database(mut self, number: u32) -> Self {
        self.settings.database = number;
        self
    }

    /// Sets the protocol to ask for; it is RESP3 unless set.
    #[must_use]
    pub fn protocol(mut self, protocol: Protocol) -> Self {
        self.settings.protocol = protocol;
        self
    }

    /// Sets the name of every connection in the server's `CLIENT LIST`.
    #[must_use]
    pub fn client_name(mut self, name: impl Into<String>) -> Self {
        self.settings.client_name = Some(name.into());
        self
    }

    /// Sets how long a new connection may take, its handshake included; 5 seconds unless set. The first one is made again
    /// within that time while the server is loading its data or busy with a script.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.settings.connect_timeout = timeout;
        self
    }

    /// Sets how long replies may take, the wait to send the request included; 10 seconds unless set; `None` waits forever. A
    /// blocking command may take its own timeout on top.
    ///
    /// A large request or reply is not late while it moves: while at least 64 KiB of it are written or read within the
    /// timeout. Requests behind it on the shared connection keep their own timeouts, so large values that take longer are
    /// better read by a client of their own.
    ///
    /// A call on another runtime than that on which the client was opened, of tokio or not, ends by its own timeout even
    /// while that one stands still.
    #[must_use]
    pub fn response_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.settings.response_timeout = timeout.into();
        self
    }

    /// Sets how long to wait for a connection of the pool, until one is free and the server can be reached; 5 seconds unless
    /// set. Checking an idle connection, or opening a new one, may take its own timeout on top
    /// ([`response_timeout`](Config::response_timeout), [`connect_timeout`](Config::connect_timeout)).
    #[must_use]
    pub fn pool_timeout(mut self, timeout: Duration) -> Self {
        self.settings.pool_timeout = timeout;
        self
    }

    /// Sets the size of the pool: how many dedicated connections watching pipelines and blocking commands may have at a time,
    /// beside the shared connection; 16 unless set. They are opened as they are needed.
    #[must_use]
    pub fn pool_size(mut self, connections: usize) -> Self {
        self.settings.pool_size = connections;
        self
    }

    /// Sets how long a connection of the pool may be idle before it is closed, 5 minutes unless set; `None` keeps it for
    /// ever.
    #[must_use]
    pub fn pool_idle_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.settings.pool_idle_timeout = timeout.into();
        self
    }

    /// Sets how long a connection may be idle before it is checked by a PING, 30 seconds unless set; `None` checks none. A
    /// connection without a reply to it is closed before a caller uses it.
    ///
    /// The shared connection is checked whenever it has been idle that long, one of the pool when it is used next.
    #[must_use]
    pub fn health_check_interval(mut self, after: impl Into<Option<Duration>>) -> Self {
        self.settings.health_check_interval = after.into();
        self
    }

    /// Sets the interval of TCP keepalive, by which the operating system finds dead peers, 60 seconds unless set; `None`
    /// turns it off.
    #[must_use]
    pub fn tcp_keepalive(mut self, after: impl Into<Option<Duration>>) -> Self {
        self.settings.tcp_keepalive = after.into();
        self
    }

    /// Sets the backoff between attempts to reconnect: a random time up to `shortest`, doubled at each further attempt up to
    /// `longest`; from 20 milliseconds to 1 second unless set. After the loss of a connection that had a reply, or lasted for
    /// longer than `longest`, the first attempt is made at once.
    ///
    /// Attempts are made for as long as the client lives. Meanwhile callers wait, each for its
    /// [`response_timeout`](Config::response_timeout), and fail with [`Unavailable`](crate::Error::Unavailable).
    #[must_use]
    pub fn reconnect_backoff(mut self, shortest: Duration, longest: Duration) -> Self {
        self.settings.reconnect_backoff = Backoff::new(shortest, longest);
        self
    }

    /// Sets how many bytes of requests may be in the queue to be written, because there are many, or the server does not read
    /// or cannot be reached; 64 MiB unless set. A single request that is larger is taken when no other is in the queue.
    ///
    /// While the queue is full, callers wait for room in the order in which they came, each with its own encoded request and
    /// for its [`response_timeout`](Config::response_timeout). Then it fails with [`QueueFull`](crate::Error::QueueFull), and
    /// nothing was sent. [`max_waiting_bytes`](Config::max_waiting_bytes) bounds what they hold.
    #[must_use]
    pub fn max_queued_bytes(mut self, bytes: usize) -> Self {
        self.settings.max_queued_bytes = bytes;
        self
    }

    /// Sets how many bytes of requests may wait for room in the queue, 512 MiB unless set. What a client holds of requests is
    /// thus bounded by this and [`max_queued_bytes`](Config::max_queued_bytes) together. Beyond it, requests are refused at
    /// once with [`QueueFull`](crate::Error::QueueFull); with 0 no caller waits for room.
    #[must_use]
    pub fn max_waiting_bytes(mut self, bytes: usize) -> Self {
        self.settings.max_waiting_bytes = bytes;
        self
    }

    /// Sets the most bytes of one reply, nested ones included; 512 MiB, the server's limit for a string, unless set. A larger
    /// reply is an error and closes the connection.
    #[must_use]
    pub fn max_reply_bytes(mut self, bytes: usize) -> Self {
        self.settings.limits.bytes = bytes;
        self
    }

    /// Sets the most elements of one array, set or map in a reply, 64 Mi unless set; the key and the value of a map count as
    /// two. More are an error and close the connection.
    #[must_use]
    pub fn max_reply_elements(mut self, elements: usize) -> Self {
        self.settings.limits.elements = elements;
        self
    }

    /// Sets how deep arrays, sets and maps may be nested in a reply, 64 unless set and 128 at most, which takes up to 1 MiB of
    /// the caller's stack. A deeper reply is an error and closes the connection.
    #[must_use]
    pub fn max_reply_depth(mut self, levels: usize) -> Self {
        self.settings.limits.depth = levels;
        self
    }

    /// Sets the trusted roots and the client's certificate for TLS; a `rediss://` URL alone means [`Tls::new`]. Requires the
    /// feature `tls`.
    ///
    /// The URL alone enables TLS. This setting with a `redis://` URL or a Unix socket is an error when the client is opened,
    /// and so is PEM that cannot be read.
    ///
    /// ```
    /// use typedis::{Config, Tls};
    ///
    /// # fn example(authority: Vec<u8>) -> typedis::Result<()> {
    /// let config = Config::from_url("rediss://redis.internal")?.tls(Tls::new().root_certificates_pem(authority));
    /// # Ok(()) }
    /// let error = Config::from_url("redis://redis.internal")?.tls(Tls::new()).validate().unwrap_err();
    /// assert!(error.to_string().contains("write `rediss://`"));
    /// # Ok::<(), typedis::Error>(())
    /// ```
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn tls(mut self, tls: Tls) -> Self {
        self.settings.tls.configure(tls);
        self
    }

    /// Declares the servers that the application runs on: a release of Redis or newer, of Valkey, or of both. A command, or an
    /// option of one, that one of them lacks does not compile then, and connecting to another server fails with
    /// [`UnsupportedServer`](crate::Error::UnsupportedServer): to an older one, or to one of the other vendor.
    ///
    /// The types of the client and its pipelines name the declaration, so an application writes
    /// `type Client = typedis::Client<(Redis7_0, Valkey8_0)>;` once and says `Client` everywhere else.
    ///
    /// ```
    /// use typedis::{Config, prelude::*, version::{Redis6_2, Valkey7_2}};
    ///
    /// type Servers = (Redis6_2, Valkey7_2);
    /// type Client = typedis::Client<Servers>;
    ///
    /// # async fn example(url: &str) -> typedis::Result<()> {
    /// let config = Config::from_url(url)?.at_least((Redis6_2, Valkey7_2));
    /// let client: Client = Client::open(config).await?;
    /// assert_eq!(client.getdel::<String>("key").await?, None); // since 6.2, and in every Valkey
    /// # Ok(()) }
    /// # typedis_testing::doctest(async |url| example(&url).await);
    /// ```
    ///
    /// LCS came with Redis 7.0:
    ///
    /// ```compile_fail
    /// # use typedis::{prelude::*, version::Redis6_2, Client};
    /// async fn common(client: &Client<Redis6_2>) -> typedis::Result<String> {
    ///     client.lcs("a", "b").await
    /// }
    /// ```
    ///
    /// # Compatible servers
    ///
    /// A server is judged by what it says in INFO, or in HELLO for a user who may not use INFO: a Valkey by its own version, any
    /// other by the version of Redis that it claims, be it Redis, Dragonfly, KeyDB or Kvrocks.
    /// [`assume_version`](Config::assume_version) overrides that.
    #[must_use]
    pub fn at_least<W: ServerVersion>(self, version: W) -> Config<W> {
        let _ = version;
        Config { settings: Settings { declared: W::DECLARED, ..self.settings }, declared: PhantomData }
    }

    /// Takes every server for this release, whatever it says of itself, where a client [declares](Config::at_least) its servers:
    /// for a compatible server that claims no version of Redis, or one whose commands it has not.
    ///
    /// ```
    /// use typedis::{Config, version::{Redis6_2, Redis7_0}};
    ///
    /// let config = Config::from_url("redis://dragonfly")?.at_least(Redis6_2).assume_version(Redis7_0);
    /// # config.validate()?;
    /// # Ok::<(), typedis::Error>(())
    /// ```
    #[must_use]
    pub fn assume_version<W: Release>(mut self, version: W) -> Self {
        let _ = version;
        self.settings.assumed = Some((W::VENDOR, W::VERSION));
        self
    }

    /// Checks the settings, as connecting does first.
    ///
    /// # Errors
    ///
    /// [`Config`](crate::Error::Config) names the setting that cannot be used, and what to do.
    pub fn validate(&self) -> Result<()> {
        self.settings.validate()
    }
}

impl<V> fmt::Debug for Config<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.settings.fmt(f)
    }
}
