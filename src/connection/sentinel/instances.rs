//! What a Sentinel tells of servers and of other Sentinels: their addresses, and the state of replicas.

use crate::{
    connection::config::Address,
    resp::{DecodeError, Reader},
};
use bytes::Bytes;
use std::collections::HashMap;

/// The replicas of a primary.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NamedServers {
    pub(crate) primary: Address,
    /// Those that the Sentinel reaches.
    pub(crate) replicas: Vec<NamedReplica>,
}

/// A replica that a Sentinel has named, and reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NamedReplica {
    pub(crate) address: Address,
    /// It follows its primary: their link is up.
    pub(crate) is_linked: bool,
}

/// Reads an address as a Sentinel tells it.
pub(super) fn endpoint(host: &str, port: &str) -> Option<Address> {
    let port = port.parse().ok().filter(|port| *port != 0)?;
    (!host.is_empty()).then(|| Address::Tcp { host: host.to_owned(), port })
}

/// Reads the addresses of the other Sentinels. What cannot be read is left out.
pub(super) fn read_sentinels(reply: &Bytes) -> Option<Vec<Address>> {
    read_instances(reply, |field| endpoint(&field("ip"), &field("port"))).ok()
}

/// Reads what Sentinels tell of servers or of each other: an array of maps, or of the same as arrays. `read` returns what is to be
/// known of one of them by its fields, which are empty where they are missing.
fn read_instances<T>(
    reply: &Bytes,
    read: impl Fn(&dyn Fn(&str) -> String) -> Option<T>,
) -> Result<Vec<T>, DecodeError> {
    Reader::new(reply).read_reply(|reader| {
        let mut instances = Vec::new();
        for _ in 0..reader.array()? {
            let mut fields = HashMap::new();
            for _ in 0..reader.map()? {
                fields.insert(reader.text()?, reader.text()?);
            }
            instances.extend(read(&|name| fields.get(name).copied().unwrap_or_default().to_owned()));
        }
        Ok(instances)
    })
}

/// Reads the replicas, in the order of their addresses, since each Sentinel tells them in an order of its own. Those that the
/// Sentinel calls down, or has no connection to, are left out.
pub(super) fn read_replicas(reply: &Bytes) -> Result<Vec<NamedReplica>, DecodeError> {
    let mut replicas = read_instances(reply, |field| {
        let flags = field("flags");
        let is_down = |flag: &str| matches!(flag, "s_down" | "o_down" | "disconnected");
        let address = endpoint(&field("ip"), &field("port")).filter(|_| !flags.split(',').any(is_down))?;
        // A server that has come back is a primary by its own account until the Sentinels have made it a replica.
        let is_linked =
            field("master-link-status") == "ok" && !matches!(&*field("role-reported"), "master" | "primary");
        Some(NamedReplica { address, is_linked })
    })?;
    replicas.sort_by_cached_key(|replica| replica.address.to_string());
    Ok(replicas)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tcp(host: &str, port: u16) -> Address {
        Address::Tcp { host: host.into(), port }
    }

    #[test]
    fn other_sentinels_are_read_from_maps_and_arrays() {
        let read = |reply: &str| read_sentinels(&Bytes::copy_from_slice(reply.as_bytes()));
        let fields = "$4\r\nname\r\n$1\r\nx\r\n$2\r\nip\r\n$1\r\na\r\n$4\r\nport\r\n$5\r\n26379\r\n";
        assert_eq!(read(&format!("*2\r\n%3\r\n{fields}%1\r\n+ip\r\n+b\r\n")), Some(vec![tcp("a", 26379)]));
        assert_eq!(read(&format!("*1\r\n*6\r\n{fields}")), Some(vec![tcp("a", 26379)]));
        assert_eq!(read("*0\r\n"), Some(vec![]));
        for reply in ["-ERR x\r\n", "*1\r\n:1\r\n", "_\r\n"] {
            assert_eq!(read(reply), None, "{reply:?}");
        }
    }

    #[test]
    fn replicas_that_are_down_are_left_out_and_broken_links_are_told() {
        let replica = |flags: &str, link: &str, role: &str| {
            let fields = [
                ("name", "10.0.0.1:6380"),
                ("ip", "10.0.0.1"),
                ("port", "6380"),
                ("flags", flags),
                ("role-reported", role),
                ("master-link-status", link),
            ];
            let fields: String = fields.map(|(name, value)| format!("+{name}\r\n+{value}\r\n")).concat();
            [format!("*1\r\n%6\r\n{fields}"), format!("*1\r\n*12\r\n{fields}")].map(|reply| {
                let read = read_replicas(&Bytes::from(reply)).unwrap();
                read.first().map(|replica| (replica.address.to_string(), replica.is_linked))
            })
        };
        let is = |linked| [Some(("10.0.0.1:6380".to_owned(), linked)), Some(("10.0.0.1:6380".to_owned(), linked))];
        assert_eq!(replica("slave", "ok", "slave"), is(true));
        assert_eq!(replica("slave,reconf_done", "ok", "slave"), is(true));
        assert_eq!(replica("slave", "err", "slave"), is(false));
        assert_eq!(replica("slave", "ok", "master"), is(false));
        for flags in ["s_down,slave", "s_down,slave,disconnected", "o_down,slave", "slave,disconnected"] {
            assert_eq!(replica(flags, "ok", "slave"), [None, None], "{flags}");
        }
    }

    #[test]
    fn replicas_are_the_same_in_whatever_order_a_sentinel_tells_them() {
        let replica = |port| format!("*4\r\n+ip\r\n+10.0.0.1\r\n+port\r\n+{port}\r\n");
        let read = |ports: [u16; 2]| {
            read_replicas(&Bytes::from(["*2\r\n".to_owned(), replica(ports[0]), replica(ports[1])].concat())).unwrap()
        };
        assert_eq!(read([6381, 6380]), read([6380, 6381]));
        assert_eq!(read([6381, 6380]).len(), 2);
    }

    #[test]
    fn what_names_no_replica_is_left_out_or_an_error() {
        let read = |reply: &str| read_replicas(&Bytes::copy_from_slice(reply.as_bytes()));
        assert_eq!(read("*0\r\n").unwrap(), []);
        assert_eq!(read("*2\r\n%0\r\n%2\r\n+ip\r\n+a\r\n+port\r\n+x\r\n").unwrap(), []);
        for reply in ["-ERR No such master with that name\r\n", "*1\r\n:1\r\n", "_\r\n", "+OK\r\n"] {
            assert!(read(reply).is_err(), "{reply:?}");
        }
    }
}
