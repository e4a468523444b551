//! Replies of the commands on replication.

use crate::{
    reply::{Any, FromReply, Value},
    resp::{DecodeError, Reader},
};

/// The role of a server, of ROLE.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Role {
    /// A primary.
    Primary {
        /// The position in the stream of changes that it has sent.
        offset: i64,
        /// The replicas that are connected.
        replicas: Vec<ReplicaLink>,
    },
    /// A replica.
    Replica {
        /// The host of its primary.
        primary_host: String,
        /// The port of its primary.
        primary_port: u16,
        /// The state of the link to it, such as `connected` or `sync`.
        state: String,
        /// The position in the stream of changes that it has received; -1 if it has received none.
        offset: i64,
    },
    /// A Sentinel.
    Sentinel {
        /// The names of the primaries that it watches.
        primaries: Vec<String>,
    },
    /// A role that typedis does not know, with what the server tells of it.
    Other(String, Vec<Value>),
}

/// A replica of a primary, of ROLE.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReplicaLink {
    /// The replica's host.
    pub host: String,
    /// The replica's port.
    pub port: u16,
    /// The position in the stream of changes that it has acknowledged.
    pub offset: i64,
}

#[diagnostic::do_not_recommend]
impl FromReply<Any> for Role {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let count = reader.array()?;
        let (role, known) = match (reader.text()?, count) {
            ("master", 3..) => {
                let (offset, replicas) = (reader.integer()?, FromReply::<Any>::read(reader)?);
                (Role::Primary { offset, replicas }, 3)
            }
            ("slave", 5..) => {
                let role = Role::Replica {
                    primary_host: reader.text()?.to_owned(),
                    primary_port: FromReply::<Any>::read(reader)?,
                    state: reader.text()?.to_owned(),
                    offset: reader.integer()?,
                };
                (role, 5)
            }
            ("sentinel", 2..) => (Role::Sentinel { primaries: FromReply::<Any>::read(reader)? }, 2),
            (other, _) => {
                let name = other.to_owned();
                let rest = (1..count).map(|_| FromReply::<Any>::read(reader)).collect::<Result<_, _>>()?;
                (Role::Other(name, rest), count)
            }
        };
        (known..count).try_for_each(|_| reader.ignore())?;
        Ok(role)
    }
}

#[diagnostic::do_not_recommend]
impl FromReply<Any> for ReplicaLink {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (host, port, offset) = FromReply::<Any>::read(reader)?;
        Ok(ReplicaLink { host, port, offset })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn read(reply: &'static [u8]) -> Result<Role, DecodeError> {
        Reader::new(&Bytes::from_static(reply)).read_reply(Role::read)
    }

    #[test]
    fn every_role_is_read() {
        let primary = read(b"*3\r\n$6\r\nmaster\r\n:7\r\n*1\r\n*3\r\n$1\r\nh\r\n$4\r\n6380\r\n$1\r\n5\r\n").unwrap();
        let replica = ReplicaLink { host: "h".into(), port: 6380, offset: 5 };
        assert_eq!(primary, Role::Primary { offset: 7, replicas: vec![replica] });
        let replica = read(b"*5\r\n$5\r\nslave\r\n$1\r\nh\r\n:6379\r\n$9\r\nconnected\r\n:3\r\n").unwrap();
        let state = "connected".to_owned();
        assert_eq!(replica, Role::Replica { primary_host: "h".into(), primary_port: 6379, state, offset: 3 });
        let sentinel = read(b"*2\r\n$8\r\nsentinel\r\n*1\r\n$1\r\nm\r\n").unwrap();
        assert_eq!(sentinel, Role::Sentinel { primaries: vec!["m".into()] });
        let other = read(b"*2\r\n$6\r\nmaster\r\n:3\r\n").unwrap();
        assert_eq!(other, Role::Other("master".into(), vec![Value::Integer(3)]));
        assert!(read(b"*0\r\n").is_err());
    }
}
