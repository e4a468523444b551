//! Parsing a URL into a [`Config`]. Text behind a colon may be a password, so errors name the part that is wrong and never
//! quote it.

#[cfg(feature = "tls")]
use super::tls::TlsSettings;
use super::{
    address::Address,
    builder::Config,
    hosts::{address, addresses, decode, number},
    protocol::Protocol,
};
use crate::error::{Error, Result};

#[cfg(test)]
mod tests;

impl Config {
    /// Parses a URL: `redis://[[user]:password@]host[:port][/database]`, the same with `rediss://` for TLS, or
    /// `unix:///path`, with `?protocol=2`, `client_name`, `db`, `user` and `password` as parameters.
    ///
    /// TLS requires the feature `tls`, and has the default port 6379 too. `valkey://`, `valkeys://`, `redis+unix://` and
    /// `valkey+unix://` mean the same as those of Redis. User name, password, path and parameters are percent-decoded: `%40`
    /// stands for `@`, `%2F` for `/`. An IPv6 address stands in brackets, and its zone behind `%25`. Nothing may be given
    /// twice, as the database in the path and as `db`; user and password may be given in different places.
    ///
    /// `redis+cluster://[[user]:password@]host[:port],host[:port]..[/database]` names some nodes of a cluster, from which the
    /// others are found; `rediss+cluster://` is by TLS, and `valkey+cluster://`, `valkeys+cluster://`, `redis-cluster://` and
    /// `rediss-cluster://` mean the same. Only Valkey 9 and newer have databases in a cluster.
    ///
    /// `redis+sentinel://[[user]:password@]host[:port],host[:port],../name[/database]` is the primary that Sentinels know by
    /// this name. The hosts are those of Sentinels, with the default port 26379; one that is reachable is enough. User and
    /// password are those of the servers, and those of the Sentinels, if they ask for any, are the parameters
    /// `sentinel_user` and `sentinel_password`. With `rediss+sentinel://` both are by TLS;
    /// [`sentinel_tls`](Config::sentinel_tls) sets that of the Sentinels apart. `valkey+sentinel://`, `valkeys+sentinel://`
    /// and `redis-sentinel://` mean the same.
    ///
    /// ```
    /// use typedis::Config;
    ///
    /// Config::from_url("redis+cluster://:secret@node1:7000,node2:7000")?;
    /// Config::from_url("redis://:secret@localhost:6380/2?protocol=2")?;
    /// Config::from_url("redis://[fe80::1%25eth0]")?;
    /// Config::from_url("redis://user@localhost/?db=2&password=secret")?;
    /// Config::from_url("redis+sentinel://:secret@s1,s2:26380,s3/mymaster/2?sentinel_password=other")?;
    ///
    /// let error = Config::from_url("http://localhost").unwrap_err();
    /// assert!(error.to_string().contains("unknown scheme `http://`"));
    /// # Ok::<(), typedis::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Config`](crate::Error::Config) names the part that cannot be used, and what to do.
    pub fn from_url(url: &str) -> Result<Config> {
        let Some((scheme, rest)) = url.split_once("://") else {
            return Err(Error::config("the URL has no `://`: write `redis://host:port` or `unix:///path`"));
        };
        if url.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(Error::config(
                "the URL holds white space, perhaps a line break at its end, or a control character; in a password a space is \
                 `%20`",
            ));
        }
        if rest.contains('#') {
            return Err(Error::config(
                "the URL has a fragment, which begins with `#` and has no meaning here: leave it out; in a password and \
                 elsewhere a `#` is `%23`",
            ));
        }
        let (target, parameters) = rest.split_once('?').unwrap_or((rest, ""));
        let (mut config, mut given) = match scheme.to_ascii_lowercase().as_str() {
            "redis" | "valkey" => tcp(target, parameters, one_server)?,
            "redis+cluster" | "valkey+cluster" | "redis-cluster" => tcp(target, parameters, cluster)?,
            "rediss" | "valkeys" => {
                let (config, given) = tcp(target, parameters, one_server)?;
                (secured(config)?, given)
            }
            "rediss+cluster" | "valkeys+cluster" | "rediss-cluster" => {
                let (config, given) = tcp(target, parameters, cluster)?;
                (secured(config)?, given)
            }
            "redis+sentinel" | "valkey+sentinel" | "redis-sentinel" => sentinel(target, parameters)?,
            "rediss+sentinel" | "valkeys+sentinel" | "rediss-sentinel" => {
                let (config, given) = sentinel(target, parameters)?;
                (secured(config)?, given)
            }
            "unix" | "redis+unix" | "valkey+unix" => (unix(target)?, Given::default()),
            other => return Err(unknown_scheme(other)),
        };
        apply_parameters(&mut config, &mut given, parameters)?;
        given.log_in(&mut config)?;
        config.settings.validate_values()?;
        Ok(config)
    }
}

/// The parts of a URL that may be given in one of two places.
#[derive(Default)]
struct Given<'a> {
    user: Option<&'a str>,
    password: Option<&'a str>,
    /// The path is a database, which must not be given once more.
    database: bool,
}

impl<'a> Given<'a> {
    /// Takes the user and the password before the host. An empty user is that of `:password@`, which is none.
    fn user_info(&mut self, user_info: &'a str) -> Result<()> {
        let (user, password) = match user_info.split_once(':') {
            Some((user, password)) => (user, Some(password)),
            None if user_info.is_empty() => return Err(lacks_password()),
            None => (user_info, None),
        };
        self.user = Some(user).filter(|user| !user.is_empty());
        self.password = password.filter(|password| self.user.is_some() || !password.is_empty());
        Ok(())
    }

    fn log_in(self, config: &mut Config) -> Result<()> {
        let user = self.user.filter(|user| !user.is_empty());
        if user.is_some() && self.password.is_none() {
            return Err(lacks_password());
        }
        let password = self.password.filter(|password| user.is_some() || !password.is_empty());
        config.settings.username = user.map(|user| decode("user", user)).transpose()?;
        config.settings.password = password.map(|password| decode("password", password)).transpose()?;
        Ok(())
    }
}

fn lacks_password() -> Error {
    Error::config("the URL has a user without a password; a password alone is written `redis://:password@host`")
}

/// The error of a scheme, which is quoted unless it may be more than a scheme.
fn unknown_scheme(scheme: &str) -> Error {
    let is_scheme = scheme.len() <= LONGEST_NAME
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b'_'));
    let scheme = if is_scheme { format!(" `{scheme}://`") } else { String::new() };
    Error::config(format!(
        "unknown scheme{scheme}: use `redis://`, `rediss://`, `unix://`, `redis+cluster://` or `redis+sentinel://`"
    ))
}

/// The port of a server where the URL names none.
const DEFAULT_PORT: u16 = 6379;
/// The port of a Sentinel where none is named.
pub(super) const SENTINEL_PORT: u16 = 26379;

/// The most bytes of a name that an error quotes.
const LONGEST_NAME: usize = 40;

/// Reads the one host of a URL.
fn one_server(_: &str, host: &str) -> Result<Config> {
    if host.contains(',') {
        return Err(Error::config(
            "the URL names several hosts: those of a cluster are `redis+cluster://host:port,host:port`, those of Sentinels \
             `redis+sentinel://host:port,host:port/mymaster`",
        ));
    }
    Ok(Config::new(address(host, DEFAULT_PORT)?))
}

/// Reads the seeds of a cluster. A comma behind which a user is given would make the hosts before it a part of the password.
fn cluster(user_info: &str, hosts: &str) -> Result<Config> {
    if user_info.contains(',') {
        return Err(comma_in_user_info());
    }
    Ok(Config::of_cluster(addresses(hosts, DEFAULT_PORT)?))
}

fn comma_in_user_info() -> Error {
    Error::config(
        "the URL has a `,` before its `@`: user and password stand once, before the first host, and a comma in them is `%2C`",
    )
}

fn tcp<'a>(
    target: &'a str,
    parameters: &str,
    read_hosts: fn(&str, &str) -> Result<Config>,
) -> Result<(Config, Given<'a>)> {
    let Target { user_info, hosts, path } = Target::parse(target, parameters)?;
    logged_in(read_hosts(user_info.unwrap_or_default(), hosts)?, user_info, path)
}

fn sentinel<'a>(target: &'a str, parameters: &str) -> Result<(Config, Given<'a>)> {
    let Target { user_info, hosts, path } = Target::parse(target, parameters)?;
    if user_info.is_some_and(|user_info| user_info.contains(',')) {
        return Err(comma_in_user_info());
    }
    let (name, database) = path.split_once('/').unwrap_or((path, ""));
    if name.is_empty() {
        return Err(Error::config(
            "the URL lacks the name by which the Sentinels know the primary: write `redis+sentinel://host:26379/mymaster`",
        ));
    }
    let config = Config::of_sentinels(addresses(hosts, SENTINEL_PORT)?, decode("name of the primary", name)?);
    logged_in(config, user_info, database)
}

/// The parts of a URL between its scheme and its parameters.
struct Target<'a> {
    user_info: Option<&'a str>,
    hosts: &'a str,
    path: &'a str,
}

impl<'a> Target<'a> {
    fn parse(target: &'a str, parameters: &str) -> Result<Target<'a>> {
        let (authority, path) = target.split_once('/').unwrap_or((target, ""));
        if path.contains('@') || parameters.contains('@') {
            return Err(Error::config(
                "the URL has a `@` behind its host: in a user name or password, `/` is `%2F`, `?` is `%3F`",
            ));
        }
        let (user_info, hosts) = match authority.rsplit_once('@') {
            Some((user_info, hosts)) => (Some(user_info), hosts),
            None => (None, authority),
        };
        Ok(Target { user_info, hosts, path })
    }
}

/// Takes the user information and the database, if they are given.
fn logged_in<'a>(mut config: Config, user_info: Option<&'a str>, database: &str) -> Result<(Config, Given<'a>)> {
    let mut given = Given { database: !database.is_empty(), ..Given::default() };
    if let Some(user_info) = user_info {
        given.user_info(user_info)?;
    }
    if given.database {
        config.settings.database = number("database", database)?;
    }
    Ok((config, given))
}

/// Enables TLS.
#[cfg(feature = "tls")]
fn secured(mut config: Config) -> Result<Config> {
    config.settings.tls = TlsSettings::of_secure_url();
    Ok(config)
}

#[cfg(not(feature = "tls"))]
fn secured(_: Config) -> Result<Config> {
    Err(Error::config("`rediss://` and `valkeys://` are by TLS: turn on the feature `tls` of typedis"))
}

#[cfg(unix)]
fn unix(path: &str) -> Result<Config> {
    if !path.starts_with('/') {
        return Err(Error::config("the path of a Unix socket must be absolute, with three slashes: `unix:///path`"));
    }
    Ok(Config::new(Address::Unix(decode("path", path)?.into())))
}

#[cfg(not(unix))]
fn unix(_: &str) -> Result<Config> {
    Err(Error::config("Unix sockets are not there on this platform: use `redis://host:port`"))
}

fn apply_parameters<'a>(config: &mut Config, given: &mut Given<'a>, parameters: &'a str) -> Result<()> {
    let mut seen = Vec::new();
    for parameter in parameters.split('&').filter(|parameter| !parameter.is_empty()) {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        if seen.contains(&name) {
            return Err(Error::config(format!("the URL's parameter `{name}` is given twice")));
        }
        apply(config, given, name, value, seen.iter().any(|name| name.ends_with("password")))?;
        seen.push(name);
    }
    Ok(())
}

fn apply<'a>(
    config: &mut Config,
    given: &mut Given<'a>,
    name: &str,
    value: &'a str,
    behind_password: bool,
) -> Result<()> {
    match name {
        "protocol" => config.settings.protocol = protocol(value)?,
        "client_name" => config.settings.client_name = Some(decode(name, value)?),
        "db" if given.database => {
            return Err(Error::config("the URL gives the database twice, in its path and as `db`"));
        }
        "db" => config.settings.database = number(name, value)?,
        "user" if given.user.is_some() => return Err(Error::config("the URL gives the user twice")),
        "user" => given.user = Some(value),
        "password" if given.password.is_some() => return Err(Error::config("the URL gives the password twice")),
        "password" => given.password = Some(value),
        "sentinel_user" => config.settings.sentinel.username = given_text(name, value)?,
        "sentinel_password" => config.settings.sentinel.password = given_text(name, value)?,
        // The name may be the second half of a password with an ampersand, so it is not quoted.
        _ if behind_password => {
            return Err(Error::config("unknown parameter behind `password`: in a password, `&` is `%26`"));
        }
        _ => {
            let name = if name.len() <= LONGEST_NAME { format!(" `{name}`") } else { String::new() };
            return Err(Error::config(format!(
                "unknown parameter{name}: the URL knows `protocol`, `client_name`, `db`, `user` and `password`, and \
                 that of Sentinels `sentinel_user` and `sentinel_password`"
            )));
        }
    }
    Ok(())
}

/// Percent-decodes a parameter; an empty one counts as not given.
fn given_text(name: &str, value: &str) -> Result<Option<String>> {
    if value.is_empty() { Ok(None) } else { decode(name, value).map(Some) }
}

fn protocol(value: &str) -> Result<Protocol> {
    match value {
        "2" => Ok(Protocol::Resp2),
        "3" => Ok(Protocol::Resp3),
        _ => Err(Error::config("the URL's parameter `protocol` must be 2 or 3")),
    }
}
