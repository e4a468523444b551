//! A server's address.

use std::fmt;

/// The address of a server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Address {
    Tcp {
        host: String,
        port: u16,
    },
    #[cfg(unix)]
    Unix(std::path::PathBuf),
}

impl Address {
    /// Returns the address that a node names in a redirect or in the map of its cluster. A host that it does not know, empty or
    /// `?`, stands for the node's own, which is this address.
    pub(crate) fn at(&self, host: &str, port: u16) -> Address {
        match self {
            Address::Tcp { host: own, .. } if matches!(host, "" | "?") => Address::Tcp { host: own.clone(), port },
            _ => Address::Tcp { host: host.to_owned(), port },
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // The zone of an IPv6 address stands behind `%25` in a URL.
            Address::Tcp { host, port } if host.contains(':') => write!(f, "[{}]:{port}", host.replace('%', "%25")),
            Address::Tcp { host, port } => write!(f, "{host}:{port}"),
            #[cfg(unix)]
            Address::Unix(path) => write!(f, "{}", path.display()),
        }
    }
}
