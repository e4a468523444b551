//! Replies of the commands on the server.

use crate::{
    reply::{Bulk, FromReply, Value, record::records},
    resp::{DecodeError, Reader},
};
use bytes::Bytes;
use std::{fmt, ops::Deref};

/// The server's statistics, of INFO: lines of `name:value` under headings that begin with `#`. It is a `str` with a search for values.
///
/// ```
/// # use typedis::{Client, prelude::*};
/// # async fn example(client: &Client) -> typedis::Result<()> {
/// let info = client.info_section("server").await?;
/// assert_eq!(info.parse("arch_bits"), Some(64));
/// println!("{} on {:?}", info.get("redis_version").unwrap_or("?"), info.get("os"));
/// # Ok(()) }
/// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ServerInfo {
    text: Box<str>,
}

impl ServerInfo {
    /// Returns the value of this name; `None` if the server does not tell it.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values().find(|(found, _)| *found == name).map(|(_, value)| value)
    }

    /// Returns the value of this name as a number; `None` if the server does not tell it, or if it is none.
    pub fn parse(&self, name: &str) -> Option<u64> {
        self.get(name)?.parse().ok()
    }

    /// Returns all names and values, in the server's order.
    pub fn values(&self) -> impl Iterator<Item = (&str, &str)> {
        self.text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(':'))
    }
}

impl Deref for ServerInfo {
    type Target = str;
    fn deref(&self) -> &str {
        &self.text
    }
}

impl PartialEq<str> for ServerInfo {
    fn eq(&self, other: &str) -> bool {
        &*self.text == other
    }
}

impl fmt::Debug for ServerInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

impl fmt::Display for ServerInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromReply<Bulk> for ServerInfo {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(ServerInfo { text: String::from_utf8_lossy(reader.bytes()?).into() })
    }
}

records! {
    /// A module that is loaded, of MODULE LIST.
    pub struct ModuleInfo {
        /// The name, such as `ReJSON`.
        name: String = "name",
        /// The version, as one number.
        version: i64 = "ver",
        /// The file, on newer servers; empty for a module that is a part of the server.
        path: Option<String> = "path" or default,
        /// The arguments that it was loaded with, on newer servers.
        arguments: Vec<Bytes> = "args" or default,
    } and others
}

/// The state of a backup, of BACKUP STATUS, as the server tells it: its fields have no fixed list.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct BackupStatus {
    /// The fields by name.
    pub fields: std::collections::BTreeMap<String, Value>,
}

impl FromReply<crate::reply::Map<Bulk, crate::reply::Any>> for BackupStatus {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(BackupStatus { fields: FromReply::<crate::reply::Map<Bulk, crate::reply::Any>>::read(reader)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_are_read_by_name() {
        let text = Bytes::from_static(b"$36\r\n# Server\r\nos:Linux\r\na:b:c\r\n\r\nhz:10\r\n\r\n");
        let info: ServerInfo = Reader::new(&text).read_reply(FromReply::<Bulk>::read).unwrap();
        assert_eq!((info.get("os"), info.get("a"), info.parse("hz")), (Some("Linux"), Some("b:c"), Some(10)));
        assert_eq!((info.get("# Server"), info.parse("os")), (None, None));
        assert!(info.contains("Server") && info.values().count() == 3);
    }
}
