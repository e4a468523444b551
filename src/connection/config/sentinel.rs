//! The settings of a primary that Sentinels name: who they are, and how a client logs in to them.

#[cfg(feature = "tls")]
use super::tls::{Tls, TlsSettings};
use super::{
    address::Address,
    builder::Config,
    deployment::{Deployment, SentinelSettings},
    hosts::address,
    settings::Settings,
    url,
};
use crate::{
    error::{Error, Result},
    resp::Limits,
};

/// The limits of a Sentinel's replies, far above any real one.
const SENTINEL_LIMITS: Limits = Limits { bytes: 1024 * 1024, elements: 16 * 1024, depth: 8 };

impl Config {
    /// Configures a client of the primary that Sentinels know by the name `primary`, as a URL `redis+sentinel://` does.
    ///
    /// `sentinels` are the hosts of Sentinels, each as `host` or `host:port`, where 26379 is the default port. One that is
    /// reachable is enough; the client learns of the others. User, password, database and TLS of the servers are set by the
    /// same methods as for one server, and TLS is off unless [`tls`](Config::tls) is called.
    ///
    /// ```
    /// use typedis::Config;
    ///
    /// let config = Config::sentinel(["s1.internal", "s2.internal:26380"], "mymaster")?
    ///     .password("secret")
    ///     .sentinel_password("other");
    /// # Ok::<(), typedis::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Config`](crate::Error::Config) if there is no host, or one cannot be read, and for an empty name.
    pub fn sentinel<H: AsRef<str>>(
        sentinels: impl IntoIterator<Item = H>,
        primary: impl Into<String>,
    ) -> Result<Config> {
        let sentinels = sentinels.into_iter().map(|host| address(host.as_ref(), url::SENTINEL_PORT));
        let config = Config::of_sentinels(sentinels.collect::<Result<_>>()?, primary.into());
        #[cfg(feature = "tls")]
        let config = {
            let mut config = config;
            config.settings.tls = TlsSettings::without_url();
            config
        };
        config.settings.validate_sentinel()?;
        Ok(config)
    }

    pub(super) fn of_sentinels(sentinels: Vec<Address>, primary: String) -> Config {
        // Stands for the primary until that is found.
        let first = sentinels.first().cloned();
        let mut config = Config::new(first.unwrap_or(Address::Tcp { host: String::new(), port: url::SENTINEL_PORT }));
        config.settings.deployment = Deployment::Sentinel { sentinels, primary };
        config
    }
}

impl<V> Config<V> {
    /// Sets the user to log in as at the Sentinels, which requires
    /// [`sentinel_password`](Config::sentinel_password). The servers have [`username`](Config::username).
    #[must_use]
    pub fn sentinel_username(mut self, name: impl Into<String>) -> Self {
        self.settings.sentinel.username = Some(name.into());
        self
    }

    /// Sets the password of the Sentinels; without it the client does not log in to them. The servers have
    /// [`password`](Config::password). It occurs in no error and in no `Debug`.
    #[must_use]
    pub fn sentinel_password(mut self, password: impl Into<String>) -> Self {
        self.settings.sentinel.password = Some(password.into());
        self
    }

    /// Sets whether the Sentinels are reached by TLS, apart from the servers: `Tls` for TLS with these roots and
    /// certificates, `None` for no TLS. Unless set they are reached as the servers are. Requires the feature `tls`.
    ///
    /// ```
    /// use typedis::Config;
    ///
    /// // Servers by TLS, Sentinels without it.
    /// let config = Config::from_url("rediss+sentinel://s1,s2/mymaster")?.sentinel_tls(None);
    /// # Ok::<(), typedis::Error>(())
    /// ```
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn sentinel_tls(mut self, tls: impl Into<Option<Tls>>) -> Self {
        self.settings.sentinel.tls = Some(TlsSettings::only(tls.into()));
        self
    }
}

impl Settings {
    /// The Sentinels and the name of their primary, if the server is found by Sentinels.
    pub(crate) fn sentinels(&self) -> Option<(&[Address], &str)> {
        match &self.deployment {
            Deployment::Sentinel { sentinels, primary } => Some((sentinels, primary)),
            _ => None,
        }
    }

    /// Fails if the settings are those of Sentinels, for a client of a cluster.
    pub(crate) fn expect_no_sentinels(&self) -> Result<()> {
        match self.sentinels() {
            None => Ok(()),
            Some(_) => Err(Error::config(
                "these are Sentinels, which name one primary and no nodes of a cluster: use `Client`, or `redis+cluster://`",
            )),
        }
    }

    /// The settings of a connection to a Sentinel.
    pub(crate) fn of_sentinel(&self, sentinel: &Address) -> Settings {
        let SentinelSettings { username, password, .. } = self.sentinel.clone();
        Settings {
            client_name: self.client_name.clone(),
            protocol: self.protocol,
            connect_timeout: self.connect_timeout,
            tcp_keepalive: self.tcp_keepalive,
            username,
            password,
            #[cfg(feature = "tls")]
            tls: self.sentinel.tls.clone().unwrap_or_else(|| self.tls.clone()),
            limits: SENTINEL_LIMITS,
            ..Settings::new(sentinel.clone())
        }
    }

    /// The settings of a connection to the primary, which Sentinels have named.
    pub(crate) fn of_primary(&self, primary: &Address) -> Settings {
        Settings { address: primary.clone(), ..self.clone() }
    }

    pub(super) fn validate_sentinel(&self) -> Result<()> {
        let SentinelSettings { username, password, .. } = &self.sentinel;
        if username.is_some() && password.is_none() {
            return Err(Error::config(
                "sentinel_username is given without sentinel_password: set both, or the password",
            ));
        }
        match &self.deployment {
            Deployment::Sentinel { sentinels, .. } if sentinels.is_empty() => {
                Err(Error::config("no Sentinel is given: name the host of at least one"))
            }
            Deployment::Sentinel { primary, .. } if primary.is_empty() => Err(Error::config(
                "the name by which the Sentinels know the primary is empty: it is that of `sentinel monitor`, such as `mymaster`",
            )),
            Deployment::Sentinel { .. } => Ok(()),
            _ if self.sentinel.is_given() => Err(Error::config(
                "a user, a password or TLS of Sentinels is given, and no Sentinels: write `redis+sentinel://host:26379/mymaster`",
            )),
            _ => Ok(()),
        }
    }

    /// Checks TLS, for which all PEM that was given is read.
    #[cfg(feature = "tls")]
    pub(super) fn validate_tls(&self) -> Result<()> {
        let Deployment::Sentinel { sentinels, .. } = &self.deployment else {
            return self.tls.connector_for(&self.address).map(drop);
        };
        if self.tls.contradicts_url() {
            return Err(Error::config(
                "the URL says `redis+sentinel://`, which is without TLS, and `Config::tls` is given: write \
                 `rediss+sentinel://`, or leave it out",
            ));
        }
        // Any host, since that of the primary is not known yet.
        self.tls.connector_for(&Address::Tcp { host: "localhost".into(), port: 6379 })?;
        for sentinel in sentinels {
            self.sentinel.tls.as_ref().unwrap_or(&self.tls).connector_for(sentinel)?;
        }
        Ok(())
    }
}
