//! Replies of the commands on connections.

use crate::{
    reply::{Bulk, FromReply, Integer, record::records},
    resp::{DecodeError, Reader},
};
use bytes::Bytes;
use std::fmt;

/// The server's facts about one connection, as CLIENT LIST and CLIENT INFO tell them: fields of `name=value`, which differ by
/// server and version.
#[derive(Clone, PartialEq, Eq)]
pub struct ConnectedClient {
    line: Box<str>,
}

impl ConnectedClient {
    /// Returns the value of a field, such as `db` or `lib-name`, which is empty where nothing is set; `None` if the server does not
    /// tell it.
    pub fn get(&self, field: &str) -> Option<&str> {
        self.fields().find(|(name, _)| *name == field).map(|(_, value)| value)
    }

    /// Returns all fields, in the server's order.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.line.split(' ').filter_map(|field| field.split_once('='))
    }

    /// Returns the [ID](crate::commands::ConnectionCommands::client_id) of the connection.
    pub fn id(&self) -> Option<u64> {
        self.get("id")?.parse().ok()
    }

    /// Returns the address of the client, with the port.
    pub fn addr(&self) -> Option<&str> {
        self.get("addr")
    }

    /// Returns the name of the connection; `None` if it has none.
    pub fn name(&self) -> Option<&str> {
        self.get("name").filter(|name| !name.is_empty())
    }

    /// Returns the user of the connection, since 6.0.
    pub fn user(&self) -> Option<&str> {
        self.get("user")
    }

    /// Returns the whole line.
    pub fn as_str(&self) -> &str {
        &self.line
    }
}

impl fmt::Debug for ConnectedClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ConnectedClient").field(&self.line).finish()
    }
}

impl fmt::Display for ConnectedClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line)
    }
}

impl FromReply<Bulk> for ConnectedClient {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        // The name of a user need not be text.
        Ok(ConnectedClient { line: String::from_utf8_lossy(reader.bytes()?).trim_end().into() })
    }
}

#[diagnostic::do_not_recommend]
impl FromReply<Bulk> for Vec<ConnectedClient> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let clients = String::from_utf8_lossy(reader.bytes()?);
        let lines = clients.lines().filter(|line| !line.is_empty());
        Ok(lines.map(|line| ConnectedClient { line: line.into() }).collect())
    }
}

/// Where the server sends the invalidations of the keys that a connection has read, of CLIENT GETREDIR.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrackingRedirect {
    /// The connection does not track keys.
    NotTracking,
    /// To the connection itself.
    NotRedirected,
    /// To the connection with this [ID](crate::commands::ConnectionCommands::client_id).
    To(u64),
}

impl FromReply<Integer> for TrackingRedirect {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match reader.integer()? {
            -1 => Ok(TrackingRedirect::NotTracking),
            0 => Ok(TrackingRedirect::NotRedirected),
            id => u64::try_from(id)
                .map(TrackingRedirect::To)
                .map_err(|_| DecodeError::mismatch("the ID of a connection, 0 or -1", id)),
        }
    }
}

records! {
    /// What a connection tracks for client-side caching, of CLIENT TRACKINGINFO.
    pub struct TrackingInfo {
        /// The modes, such as `off`, or `on` and `bcast`.
        flags: Vec<String> = "flags",
        /// The connection that the invalidations are sent to; 0 if it is the connection itself, -1 if it does not track keys.
        redirect: i64 = "redirect",
        /// The prefixes of the keys, if it tracks by prefix.
        prefixes: Vec<Bytes> = "prefixes" or default,
    } and others
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: FromReply<Bulk>>(text: &str) -> Result<T, DecodeError> {
        let bytes = Bytes::from(format!("${}\r\n{text}\r\n", text.len()));
        Reader::new(&bytes).read_reply(T::read)
    }

    #[test]
    fn a_line_is_read_by_its_fields() {
        let info: ConnectedClient = read("id=3 addr=127.0.0.1:4 name= db=0 user=default new-field=a=b\n").unwrap();
        assert_eq!((info.id(), info.addr(), info.name()), (Some(3), Some("127.0.0.1:4"), None));
        assert_eq!((info.get("new-field"), info.get("lib-name"), info.user()), (Some("a=b"), None, Some("default")));
        let list: Vec<ConnectedClient> = read("id=3 name=a\nid=x name=b\n").unwrap();
        assert_eq!(
            list.iter().map(|info| (info.id(), info.name())).collect::<Vec<_>>(),
            [(Some(3), Some("a")), (None, Some("b"))]
        );
        assert_eq!(read::<Vec<ConnectedClient>>("").unwrap(), []);
    }
}
