//! The replicas of the primary, as a Sentinel tells them.

use super::{
    Sentinels,
    ask::{Question, endpoint, read_instances},
};
use crate::{
    connection::config::Address,
    error::Result,
    resp::{DecodeError, Name, encoded_len},
};
use bytes::Bytes;

pub(super) const GET_REPLICAS: Name<{ encoded_len("SENTINEL REPLICAS") }> = Name::new("SENTINEL REPLICAS");

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

impl Sentinels {
    /// Asks the Sentinels for the primary and its replicas.
    pub(crate) async fn replicas(&self) -> Result<NamedServers> {
        let answer = self.ask_for(Question::Replicas).await?;
        let primary = self.believed(&answer);
        // A Sentinel that has not heard of a switch yet names the present primary as a replica.
        let replicas = answer.replicas.into_iter().filter(|replica| replica.address != primary).collect();
        Ok(NamedServers { primary, replicas })
    }
}

/// Reads the replicas. Those that the Sentinel calls down, or has no connection to, are left out.
pub(super) fn read_replicas(reply: &Bytes) -> Result<Vec<NamedReplica>, DecodeError> {
    read_instances(reply, |field| {
        let flags = field("flags");
        let is_down = |flag: &str| matches!(flag, "s_down" | "o_down" | "disconnected");
        let address = endpoint(&field("ip"), &field("port")).filter(|_| !flags.split(',').any(is_down))?;
        // A server that has come back is a primary by its own account until the Sentinels have made it a replica.
        let is_linked =
            field("master-link-status") == "ok" && !matches!(&*field("role-reported"), "master" | "primary");
        Some(NamedReplica { address, is_linked })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn what_names_no_replica_is_left_out_or_an_error() {
        let read = |reply: &str| read_replicas(&Bytes::copy_from_slice(reply.as_bytes()));
        assert_eq!(read("*0\r\n").unwrap(), []);
        assert_eq!(read("*2\r\n%0\r\n%2\r\n+ip\r\n+a\r\n+port\r\n+x\r\n").unwrap(), []);
        for reply in ["-ERR No such master with that name\r\n", "*1\r\n:1\r\n", "_\r\n", "+OK\r\n"] {
            assert!(read(reply).is_err(), "{reply:?}");
        }
    }
}
