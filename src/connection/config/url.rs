//! Parsing a URL into a [`Config`]. Text behind a colon may be a password, so errors name the part that is wrong and never
//! quote it.

#[cfg(feature = "tls")]
use super::tls::TlsSettings;
use super::{address::Address, builder::Config, protocol::Protocol};
use crate::error::{Error, Result};

impl Config {
    /// Parses a URL: `redis://[[user]:password@]host[:port][/database]`, the same with `rediss://` for TLS, or
    /// `unix:///path`, with `?protocol=2`, `client_name`, `db`, `user` and `password` as parameters.
    ///
    /// TLS requires the feature `tls`, and has the default port 6379 too. `valkey://`, `valkeys://`, `redis+unix://` and
    /// `valkey+unix://` mean the same as those of Redis. User name, password, path and parameters are percent-decoded: `%40`
    /// stands for `@`, `%2F` for `/`.
    ///
    /// ```
    /// use typedis::Config;
    ///
    /// Config::from_url("redis://:secret@localhost:6380/2?protocol=2")?;
    /// Config::from_url("redis://[::1]")?;
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
        if url.contains(char::is_whitespace) {
            return Err(Error::config(
                "the URL holds white space, perhaps a line break at its end; in a password a space is `%20`",
            ));
        }
        if rest.contains('#') {
            return Err(Error::config("the URL holds a `#`: in a password and elsewhere it is written `%23`"));
        }
        let (target, parameters) = rest.split_once('?').unwrap_or((rest, ""));
        let mut config = match scheme.to_ascii_lowercase().as_str() {
            "redis" | "valkey" => tcp(target, parameters)?,
            "rediss" | "valkeys" => secured(tcp(target, parameters)?)?,
            "unix" | "redis+unix" | "valkey+unix" => unix(target)?,
            other => {
                return Err(Error::config(format!(
                    "unknown scheme `{other}://`: use `redis://`, `rediss://` or `unix://`"
                )));
            }
        };
        // The path of a Unix socket is no database.
        let in_path = matches!(config.settings.address, Address::Tcp { .. }) && target.contains('/');
        apply_parameters(&mut config, parameters, in_path)?;
        config.settings.validate_values()?;
        Ok(config)
    }
}

fn tcp(target: &str, parameters: &str) -> Result<Config> {
    let (authority, database) = target.split_once('/').unwrap_or((target, ""));
    if database.contains('@') || parameters.contains('@') {
        return Err(Error::config(
            "the URL has a `@` behind its host: in a user name or password, `/` is `%2F`, `?` is `%3F`",
        ));
    }
    let (user_info, host_and_port) = match authority.rsplit_once('@') {
        Some((user_info, rest)) => (Some(user_info), rest),
        None => (None, authority),
    };
    let mut config = Config::new(address(host_and_port)?);
    if let Some(user_info) = user_info {
        login(&mut config, user_info)?;
    }
    if !database.is_empty() {
        config.settings.database = number("database", database)?;
    }
    Ok(config)
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

fn login(config: &mut Config, user_info: &str) -> Result<()> {
    let Some((user, password)) = user_info.split_once(':') else {
        return Err(Error::config(
            "the URL has a user without a password; a password alone is written `redis://:password@host`",
        ));
    };
    if !user.is_empty() {
        config.settings.username = Some(decode("user", user)?);
    }
    if !user.is_empty() || !password.is_empty() {
        config.settings.password = Some(decode("password", password)?);
    }
    Ok(())
}

fn address(host_and_port: &str) -> Result<Address> {
    let (host, port) = match host_and_port.strip_prefix('[') {
        Some(bracketed) => match bracketed.split_once(']') {
            Some((host, "")) => (host, None),
            Some((host, port)) if port.starts_with(':') => (host, Some(&port[1..])),
            _ => return Err(Error::config("the URL's IPv6 address does not end with `]` or `]:port`")),
        },
        None => match host_and_port.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (host_and_port, None),
        },
    };
    if host.is_empty() {
        return Err(Error::config("the URL's host is empty: write `redis://localhost`, for example"));
    }
    if port.is_some_and(|port| port.contains(':')) {
        return Err(Error::config(
            "the URL's host holds several `:`; an IPv6 address stands in brackets, as in `redis://[::1]:6379`",
        ));
    }
    let port = port.map_or(Ok(6379), |port| number("port", port))?;
    if port == 0 {
        return Err(Error::config("the URL's port is 0, where no server can listen"));
    }
    Ok(Address::Tcp { host: host.to_owned(), port })
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

fn apply_parameters(config: &mut Config, parameters: &str, in_path: bool) -> Result<()> {
    let mut seen = Vec::new();
    for parameter in parameters.split('&').filter(|parameter| !parameter.is_empty()) {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        if seen.contains(&name) {
            return Err(Error::config(format!("the URL's parameter `{name}` is given twice")));
        }
        apply(config, name, value, in_path, seen.contains(&"password"))?;
        seen.push(name);
    }
    Ok(())
}

fn apply(config: &mut Config, name: &str, value: &str, in_path: bool, behind_password: bool) -> Result<()> {
    match name {
        "protocol" => config.settings.protocol = protocol(value)?,
        "client_name" => config.settings.client_name = Some(decode(name, value)?),
        "db" if in_path => return Err(Error::config("the URL gives the database twice, in its path and as `db`")),
        "db" => config.settings.database = number(name, value)?,
        "user" if config.settings.username.is_some() => return Err(Error::config("the URL gives the user twice")),
        "user" => config.settings.username = Some(decode(name, value)?),
        "password" if config.settings.password.is_some() => {
            return Err(Error::config("the URL gives the password twice"));
        }
        "password" => config.settings.password = Some(decode(name, value)?),
        // The name may be the second half of a password with an ampersand, so it is not quoted.
        _ if behind_password => {
            return Err(Error::config("unknown parameter behind `password`: in a password, `&` is `%26`"));
        }
        _ => {
            return Err(Error::config(format!(
                "unknown parameter `{name}`: the URL knows `protocol`, `client_name`, `db`, `user` and `password`"
            )));
        }
    }
    Ok(())
}

fn protocol(value: &str) -> Result<Protocol> {
    match value {
        "2" => Ok(Protocol::Resp2),
        "3" => Ok(Protocol::Resp3),
        _ => Err(Error::config("the URL's parameter `protocol` must be 2 or 3")),
    }
}

fn number<T: std::str::FromStr>(part: &str, text: &str) -> Result<T> {
    // `from_str` alone would accept a leading plus.
    match text.parse() {
        Ok(number) if text.bytes().all(|byte| byte.is_ascii_digit()) => Ok(number),
        _ => Err(Error::config(format!(
            "the URL's {part} is not a number that can be used; in a user name or password, `/` is `%2F` and `:` is `%3A`"
        ))),
    }
}

/// Percent-decodes.
fn decode(part: &str, text: &str) -> Result<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let (byte, tail) = match (first, tail) {
            (b'%', [high, low, tail @ ..]) => (hex(*high).zip(hex(*low)).map(|(high, low)| high * 16 + low), tail),
            (b'%', _) => (None, tail),
            _ => (Some(*first), tail),
        };
        let Some(byte) = byte else {
            return Err(Error::config(format!(
                "the URL's {part} holds a `%` without two hexadecimal digits: `%` itself is `%25`"
            )));
        };
        bytes.push(byte);
        rest = tail;
    }
    String::from_utf8(bytes).map_err(|_| Error::config(format!("the URL's {part} is not UTF-8")))
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> Config {
        Config::from_url(url).unwrap_or_else(|error| panic!("{url}: {error}"))
    }

    fn refused(url: &str) -> String {
        Config::from_url(url).expect_err(url).to_string()
    }

    fn tcp(host: &str, port: u16) -> Address {
        Address::Tcp { host: host.into(), port }
    }

    #[test]
    fn every_part_of_a_url_is_read() {
        let config = read("redis://us%40er:p%3A%2F%25@db.example:6380/3?protocol=2&client_name=w-1");
        assert_eq!(config.settings.address, tcp("db.example", 6380));
        assert_eq!(
            (config.settings.username.as_deref(), config.settings.password.as_deref()),
            (Some("us@er"), Some("p:/%"))
        );
        assert_eq!((config.settings.database, config.settings.protocol), (3, Protocol::Resp2));
        assert_eq!(config.settings.client_name.as_deref(), Some("w-1"));
    }

    #[test]
    fn what_is_left_out_has_its_default() {
        for url in ["redis://host", "REDIS://host/", "valkey://host", "redis://host?", "redis://:@host"] {
            let config = read(url);
            assert_eq!(config.settings.address, tcp("host", 6379), "{url}");
            assert_eq!(
                (config.settings.username, config.settings.password, config.settings.database),
                (None, None, 0),
                "{url}"
            );
            assert_eq!(config.settings.protocol, Protocol::Resp3, "{url}");
        }
    }

    #[cfg(feature = "tls")]
    #[test]
    fn the_scheme_says_whether_there_is_tls() {
        for scheme in ["rediss", "valkeys", "REDISS"] {
            let config = read(&format!("{scheme}://me:pw@host/3?protocol=2"));
            assert_eq!((&config.settings.address, config.settings.database), (&tcp("host", 6379), 3), "{scheme}");
            assert!(config.settings.tls.enabled().is_some(), "{scheme}");
        }
        assert!(read("redis://host").settings.tls.enabled().is_none());
    }

    #[test]
    fn a_password_needs_no_user() {
        let config = read("redis://:p@ss:word@host");
        assert_eq!(
            (config.settings.username.as_deref(), config.settings.password.as_deref()),
            (None, Some("p@ss:word"))
        );
        let config = read("redis://user:@host");
        assert_eq!(
            (config.settings.username.as_deref(), config.settings.password.as_deref()),
            (Some("user"), Some(""))
        );
    }

    #[test]
    fn an_ipv6_address_stands_in_brackets() {
        assert_eq!(read("redis://[::1]").settings.address, tcp("::1", 6379));
        assert_eq!(read("redis://[::1]:7000/1").settings.address, tcp("::1", 7000));
        assert_eq!(read("redis://[::1]:7000").settings.address.to_string(), "[::1]:7000");
        assert!(refused("redis://::1:7000").contains("host is empty"));
        assert!(refused("redis://fe80::1:7000").contains("brackets"));
        assert!(refused("redis://[::1").contains("IPv6"));
        assert!(refused("redis://[::1]7000").contains("IPv6"));
    }

    #[cfg(unix)]
    #[test]
    fn a_unix_socket_has_its_settings_as_parameters() {
        for scheme in ["unix", "redis+unix"] {
            let config = read(&format!("{scheme}:///run/a%20b.sock?db=4&user=me&password=p%26q&protocol=3"));
            assert_eq!(config.settings.address, Address::Unix("/run/a b.sock".into()));
            assert_eq!(
                (config.settings.username.as_deref(), config.settings.password.as_deref()),
                (Some("me"), Some("p&q"))
            );
            assert_eq!((config.settings.database, config.settings.protocol), (4, Protocol::Resp3));
        }
        assert!(refused("unix://run/a.sock").contains("absolute"));
        assert!(refused("unix://").contains("absolute"));
    }

    #[test]
    fn what_is_wrong_is_refused_by_name() {
        for (url, words) in [
            ("localhost:6379", "no `://`"),
            #[cfg(not(feature = "tls"))]
            ("rediss://host", "turn on the feature `tls`"),
            #[cfg(not(feature = "tls"))]
            ("valkeys://host", "turn on the feature `tls`"),
            ("rediss://", "host is empty"),
            ("rediss+unix:///socket", "unknown scheme"),
            ("http://host", "unknown scheme `http://`"),
            ("redis://", "host is empty"),
            ("redis://:pw@", "host is empty"),
            ("redis://host:", "port"),
            ("redis://host:0", "port is 0"),
            ("redis://host:65536", "port"),
            ("redis://host:+1", "port"),
            ("redis://host/one", "database"),
            ("redis://host/0/", "database"),
            ("redis://host/4294967296", "database"),
            ("redis://host?protocol=4", "`protocol` must be 2 or 3"),
            ("redis://host?protocl=3", "unknown parameter `protocl`"),
            ("redis://host?protocol=2&protocol=3", "`protocol` is given twice"),
            ("redis://host/1?db=2", "database twice"),
            ("redis://host/0?db=2", "database twice"),
            ("redis://a:b@host?user=c", "user twice"),
            ("redis://:b@host?password=c", "password twice"),
            ("redis://host?client_name=a%20b", "client_name"),
            ("redis://host?client_name=%ff", "client_name is not UTF-8"),
            ("redis://host?user=me", "user without a password"),
            ("redis://me@host", "`redis://:password@host`"),
            ("redis://:a%2@host", "password holds a `%`"),
            ("redis://:a%zz@host", "password holds a `%`"),
        ] {
            let said = refused(url);
            assert!(said.contains(words), "{url}: {said}");
        }
    }

    #[test]
    fn a_password_with_a_forgotten_escape_is_not_shown() {
        for url in [
            "redis://:s3cret/x@host",
            "redis://me:s3cret?x@host",
            "redis://me:1/s3cret@host",
            "redis://me:1?s3cret=x@host",
            "redis://me:s3cret#x@host",
            "redis://:%s3cret@host",
            "redis://s3cret@host",
            "redis://me:s3cret",
            "unix:///socket?password=a&s3cret=b",
        ] {
            let said = refused(url);
            assert!(!said.contains("s3cret"), "{url}: {said}");
        }
    }
}
