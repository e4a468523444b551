//! The replies of a handshake: the fields of HELLO, refusals, and the server's vendor, version and mode, which HELLO and
//! INFO tell.

use super::session::ServerMode;
use crate::{
    error::ServerError,
    resp::{DecodeError, Reader},
    version::Vendor,
};
use bytes::Bytes;

/// The fields of HELLO's reply that are used, each as far as it was there.
#[derive(Debug, Default)]
pub(super) struct Hello {
    /// The protocol that the server speaks from here on, by its number.
    pub(super) protocol: Option<i64>,
    /// The reply is a map, which only RESP3 has.
    pub(super) is_map: bool,
    /// The server's name, such as `redis` or `valkey`.
    pub(super) server: Box<str>,
    /// The server's own version.
    pub(super) version: Box<str>,
    /// The server's role; a Sentinel does not tell it.
    pub(super) role: Option<Role>,
    /// The server's mode.
    pub(super) mode: Option<ServerMode>,
    /// The server's availability zone; empty where there is none.
    pub(super) zone: Box<str>,
}

/// The role of a server in replication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Primary,
    /// Another one, in words.
    Other(&'static str),
}

impl Role {
    /// Reads a reply to ROLE, whose first element is the role. `None` if it has none.
    pub(super) fn read(reply: &Bytes) -> Option<Role> {
        let first = Reader::new(reply).read_within_reply(|reader| match reader.array()? {
            0 => Ok(None),
            _ => reader.text().map(Role::named),
        });
        first.unwrap_or_default()
    }

    fn named(name: &str) -> Option<Role> {
        match name {
            "master" | "primary" => Some(Role::Primary),
            "slave" | "replica" => Some(Role::Other("a replica")),
            "sentinel" => Some(Role::Other("a Sentinel")),
            _ => None,
        }
    }
}

impl Hello {
    /// Reads a reply to HELLO: a map, or the same as an array, with any further fields.
    pub(super) fn read(reply: &Bytes) -> Result<Hello, DecodeError> {
        Reader::new(reply).read_reply(|reader| {
            let mut hello = Hello { is_map: reader.kind()? == b'%', ..Hello::default() };
            for _ in 0..reader.map()? {
                let (name, value) = (element(reply, reader)?, element(reply, reader)?);
                match &*text(&name) {
                    "proto" => hello.protocol = Reader::new(&value).read_reply(Reader::integer).ok(),
                    "server" => hello.server = text(&value),
                    "version" => hello.version = text(&value),
                    "mode" => hello.mode = ServerMode::named(&text(&value)),
                    "availability_zone" => hello.zone = text(&value),
                    "role" => hello.role = Role::named(&text(&value)),
                    _ => {}
                }
            }
            Ok(hello)
        })
    }

    fn is_of(&self, vendor: Vendor) -> bool {
        self.server.eq_ignore_ascii_case(&vendor.to_string()) && !self.version.is_empty()
    }
}

/// Returns the error that a reply is, if it is one.
pub(super) fn refusal(reply: &Bytes) -> Option<ServerError> {
    match Reader::new(reply).read_reply(Reader::ignore) {
        Err(DecodeError::Server(error)) => Some(error),
        _ => None,
    }
}

/// Takes the bytes of one whole element, of any kind.
fn element(reply: &Bytes, reader: &mut Reader<'_>) -> Result<Bytes, DecodeError> {
    let start = reader.position();
    reader.skip()?;
    Ok(reply.slice(start..reader.position()))
}

/// Returns the text of a reply, empty if that is none.
pub(super) fn text(reply: &Bytes) -> Box<str> {
    let bytes = Reader::new(reply).read_reply(Reader::bytes);
    bytes.map(String::from_utf8_lossy).unwrap_or_default().into()
}

/// Returns the server's vendor and its own version. INFO, if the user may run it, comes first: a Valkey may call itself Redis
/// 7.2.4 in HELLO, for clients that know no other name, but INFO has the version of Valkey in any case.
pub(super) fn server_version<'a>(hello: Option<&'a Hello>, info: Option<&'a str>) -> Option<(Vendor, &'a str)> {
    let in_info = |name: &str| info?.lines().find_map(|line| line.trim_end().strip_prefix(name));
    let in_hello = |vendor| hello.filter(|hello| hello.is_of(vendor)).map(|hello| (vendor, &*hello.version));
    let valkey = in_info("valkey_version:").map(|version| (Vendor::Valkey, version));
    valkey.or_else(|| in_hello(Vendor::Valkey)).or_else(|| match info {
        Some(_) => in_info("redis_version:").map(|version| (Vendor::Redis, version)),
        None => in_hello(Vendor::Redis),
    })
}

/// Returns the server's mode as HELLO tells it, or else INFO, in which Valkey has another name for the field.
pub(super) fn server_mode(hello: Option<&Hello>, info: Option<&str>) -> Option<ServerMode> {
    let mode = |line: &str| {
        let name = line.strip_prefix("redis_mode:").or_else(|| line.strip_prefix("server_mode:"))?;
        ServerMode::named(name.trim_end())
    };
    hello.and_then(|hello| hello.mode).or_else(|| info?.lines().find_map(mode))
}

/// Returns the server's availability zone as HELLO tells it, or else INFO.
pub(super) fn zone(hello: Option<&Hello>, info: Option<&str>) -> Option<Box<str>> {
    let in_info = || info?.lines().find_map(|line| line.trim_end().strip_prefix("availability_zone:"));
    let zone = hello.map(|hello| &*hello.zone).filter(|zone| !zone.is_empty()).or_else(in_info)?;
    (!zone.is_empty()).then(|| zone.into())
}

/// Removes the password from an error: servers quote the arguments of unknown commands, and AUTH may have been renamed.
pub(super) fn without_password(password: Option<&str>, error: &ServerError) -> ServerError {
    let message = error.without_arguments();
    match password {
        Some(password) if !password.is_empty() && message.contains(password) => ServerError::new(
            format!("{} (the server's words are left out, for they hold the password)", error.code()).as_bytes(),
        ),
        _ => ServerError::new(message.as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(reply: &str) -> Hello {
        Hello::read(&Bytes::copy_from_slice(reply.as_bytes())).unwrap()
    }

    #[test]
    fn fields_are_found_among_others_of_any_kind() {
        let fields = "$6\r\nserver\r\n+valkey\r\n+modules\r\n*1\r\n%1\r\n+name\r\n-ERR none\r\n:1\r\n~0\r\n$7\r\nversion\r\n$5\r\n9.1.2\r\n+proto\r\n";
        for (reply, is_map) in [
            (format!("|1\r\n+ttl\r\n:1\r\n%5\r\n{fields}:3\r\n_\r\n$-1\r\n"), true),
            (format!("*10\r\n{fields}$1\r\n3\r\n*-1\r\n_\r\n"), false),
        ] {
            let hello = read(&reply);
            assert_eq!((hello.protocol, hello.is_map), (Some(3), is_map), "{reply}");
            assert_eq!(server_version(Some(&hello), None), Some((Vendor::Valkey, "9.1.2")), "{reply}");
        }
        let bare = read("%2\r\n+proto\r\n+x\r\n+version\r\n_\r\n");
        assert_eq!((bare.protocol, &*bare.server, &*bare.version), (None, "", ""));
        for reply in ["+OK\r\n", "*3\r\n+a\r\n+b\r\n+c\r\n", "_\r\n", "$-1\r\n"] {
            assert!(Hello::read(&Bytes::copy_from_slice(reply.as_bytes())).is_err(), "{reply:?}");
        }
    }

    #[test]
    fn the_name_that_a_server_cannot_hide_comes_first() {
        let hello = |server: &str| Hello { server: server.into(), version: "7.2.4".into(), ..Hello::default() };
        let (redis, valkey, other) = (hello("redis"), hello("Valkey"), hello("other"));
        let info = "redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:9.1.2\r\n";
        assert_eq!(server_version(Some(&redis), Some(info)), Some((Vendor::Valkey, "9.1.2")));
        assert_eq!(server_version(None, Some(info)), Some((Vendor::Valkey, "9.1.2")));
        assert_eq!(server_version(Some(&valkey), Some("redis_version:7.2.4")), Some((Vendor::Valkey, "7.2.4")));
        assert_eq!(server_version(Some(&other), Some("redis_version:7.4.0")), Some((Vendor::Redis, "7.4.0")));
        assert_eq!(server_version(Some(&redis), None), Some((Vendor::Redis, "7.2.4")));
        assert_eq!(server_version(Some(&redis), Some("")), None);
        assert_eq!(server_version(Some(&other), None), None);
    }

    #[test]
    fn the_mode_is_that_of_hello_or_else_of_info() {
        let hello = |mode| Hello { mode, ..Hello::default() };
        let (cluster, standalone) = (Some(ServerMode::Cluster), Some(ServerMode::Standalone));
        let info = "# Server\r\nredis_version:7.2.4\r\nserver_mode:cluster\r\nos:Linux\r\n";
        assert_eq!(server_mode(Some(&hello(standalone)), Some(info)), standalone);
        assert_eq!(server_mode(Some(&hello(None)), Some(info)), cluster);
        assert_eq!(server_mode(None, Some("redis_mode:cluster")), cluster);
        assert_eq!(server_mode(None, Some("redis_mode:sentinel\r\n")), Some(ServerMode::Sentinel));
        for unknown in ["", "redis_mode:\r\n", "redis_mode:other\r\n", "redis_mode", "xredis_mode:cluster"] {
            assert_eq!(server_mode(None, Some(unknown)), None, "{unknown:?}");
        }
        assert_eq!(server_mode(Some(&hello(None)), None), None);
    }

    #[test]
    fn the_zone_is_that_of_hello_or_else_of_info() {
        let hello = read("%2\r\n+proto\r\n:3\r\n$17\r\navailability_zone\r\n$4\r\naz-1\r\n");
        let info = "# Server\r\navailability_zone:az-2\r\nos:Linux\r\n";
        assert_eq!(zone(Some(&hello), Some(info)).as_deref(), Some("az-1"));
        assert_eq!(zone(Some(&Hello::default()), Some(info)).as_deref(), Some("az-2"));
        assert_eq!(zone(None, Some("availability_zone:az 3")).as_deref(), Some("az 3"));
        for unknown in [None, Some(""), Some("availability_zone:\r\n"), Some("xavailability_zone:az\r\n")] {
            assert_eq!(zone(Some(&Hello::default()), unknown), None, "{unknown:?}");
        }
    }

    #[test]
    fn a_password_that_the_server_quotes_is_left_out() {
        let said = |message: &str| without_password(Some("hunter2"), &ServerError::new(message.as_bytes())).to_string();
        assert_eq!(said("ERR unknown command `AUTH`, with args beginning with: `hunt"), "ERR unknown command `AUTH`");
        assert!(!said("ERR what is hunter2?").contains("hunter2"));
        assert_eq!(said("WRONGPASS invalid"), "WRONGPASS invalid");
    }

    #[test]
    fn the_role_is_the_first_word_of_its_reply() {
        let role = |reply: &str| Role::read(&Bytes::copy_from_slice(reply.as_bytes()));
        assert_eq!(role("*3\r\n$6\r\nmaster\r\n:0\r\n*0\r\n"), Some(Role::Primary));
        assert_eq!(role("*5\r\n$5\r\nslave\r\n$1\r\nh\r\n:1\r\n$4\r\nsync\r\n:-1\r\n"), Some(Role::Other("a replica")));
        assert_eq!(role("*2\r\n$8\r\nsentinel\r\n*1\r\n$1\r\nm\r\n"), Some(Role::Other("a Sentinel")));
        for reply in ["-NOPERM x\r\n", "+OK\r\n", "*0\r\n", "*-1\r\n", "*1\r\n:1\r\n", "*1\r\n+x\r\n", "_\r\n"] {
            assert_eq!(role(reply), None, "{reply:?}");
        }
    }
}
