//! A server's address.

use std::fmt;

/// The address of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Address {
    Tcp {
        host: String,
        port: u16,
    },
    #[cfg(unix)]
    Unix(std::path::PathBuf),
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
