//! Parsing of the hosts in a URL, one or several, and of its numbers and percent-encoded text. Errors name the part that is
//! wrong and never quote it, since it may be a part of a password.

use super::address::Address;
use crate::error::{Error, Result};
use std::net::Ipv6Addr;

/// Reads hosts that are separated by commas, each with its port or without. A comma within a host name is `%2C`.
pub(crate) fn addresses(hosts: &str, default_port: u16) -> Result<Vec<Address>> {
    hosts.split(',').map(|host| address(host, default_port)).collect()
}

/// Reads `host` or `host:port`.
pub(super) fn address(host_and_port: &str, default_port: u16) -> Result<Address> {
    let (host, port) = match host_and_port.strip_prefix('[') {
        Some(bracketed) => match bracketed.split_once(']') {
            Some((host, "")) => (ipv6(host)?, None),
            Some((host, port)) if port.starts_with(':') => (ipv6(host)?, Some(&port[1..])),
            _ => return Err(Error::config("the URL's IPv6 address does not end with `]` or `]:port`")),
        },
        None => match host_and_port.split_once(':') {
            Some((host, port)) => (decode("host", host)?, Some(port)),
            None => (decode("host", host_and_port)?, None),
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
    let port = port.map_or(Ok(default_port), |port| number("port", port))?;
    if port == 0 {
        return Err(Error::config("the URL's port is 0, where no server can listen"));
    }
    Ok(Address::Tcp { host, port })
}

/// Reads what stands in brackets: an IPv6 address, perhaps with its zone (RFC 6874).
fn ipv6(bracketed: &str) -> Result<String> {
    let host = decode("IPv6 address", bracketed)?;
    let (address, zone) = host.split_once('%').map_or((host.as_str(), None), |(address, zone)| (address, Some(zone)));
    if address.parse::<Ipv6Addr>().is_err() || zone.is_some_and(str::is_empty) {
        return Err(Error::config(
            "the URL's brackets hold no IPv6 address, as in `[::1]`, or one with its zone, as in `[fe80::1%25eth0]`",
        ));
    }
    Ok(host)
}

/// Parses a number in decimal digits; `part` names it in the error.
pub(super) fn number<T: std::str::FromStr>(part: &str, text: &str) -> Result<T> {
    // `from_str` alone would accept a leading plus.
    match text.parse() {
        Ok(number) if text.bytes().all(|byte| byte.is_ascii_digit()) => Ok(number),
        _ => Err(Error::config(format!(
            "the URL's {part} is not a number that can be used; in a user name or password, `/` is `%2F` and `:` is `%3A`"
        ))),
    }
}

/// Percent-decodes; `part` names the text in an error.
pub(super) fn decode(part: &str, text: &str) -> Result<String> {
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

    fn read(hosts: &str) -> Vec<String> {
        addresses(hosts, 26379).unwrap().iter().map(Address::to_string).collect()
    }

    #[test]
    fn hosts_are_separated_by_commas() {
        assert_eq!(read("a"), ["a:26379"]);
        assert_eq!(read("a:7000,b,10.0.0.1:1"), ["a:7000", "b:26379", "10.0.0.1:1"]);
        assert_eq!(read("[::1]:7000,[fe80::1%25eth0],c"), ["[::1]:7000", "[fe80::1%25eth0]:26379", "c:26379"]);
    }

    #[test]
    fn a_host_that_is_wrong_is_refused_wherever_it_stands() {
        for (hosts, words) in [
            ("", "host is empty"),
            (",", "host is empty"),
            ("a,", "host is empty"),
            ("a,,b", "host is empty"),
            ("a,:7000", "host is empty"),
            ("a,b:0", "port is 0"),
            ("a,b:s3cret", "port is not a number"),
            ("a,::1:7000", "host is empty"),
            ("a,fe80::1:7000", "brackets"),
            ("a,[s3cret]", "no IPv6 address"),
        ] {
            let said = addresses(hosts, 6379).unwrap_err().to_string();
            assert!(said.contains(words) && !said.contains("s3cret"), "{hosts}: {said}");
        }
    }
}
