//! The deployment of the servers behind a client, and the login to Sentinels.

use super::address::Address;
#[cfg(feature = "tls")]
use super::tls::TlsSettings;
use std::fmt;

/// The deployment of the servers behind a client, by which the client finds the server of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Deployment {
    /// One server, at the address of the settings.
    #[default]
    SingleServer,
    /// A cluster, whose nodes are found by asking one of the seeds.
    Cluster { seeds: Vec<Address> },
    /// One server, the primary of this name, which is found by asking one of the Sentinels.
    Sentinel { sentinels: Vec<Address>, primary: String },
}

/// The login and the TLS of Sentinels, which have users of their own.
#[derive(Clone, Default)]
pub(crate) struct SentinelSettings {
    pub(crate) username: Option<String>,
    pub(crate) password: Option<String>,
    /// `None` means that of the servers.
    #[cfg(feature = "tls")]
    pub(super) tls: Option<TlsSettings>,
}

impl SentinelSettings {
    /// Returns whether any of them was given.
    pub(super) fn is_given(&self) -> bool {
        #[cfg(feature = "tls")]
        if self.tls.is_some() {
            return true;
        }
        self.username.is_some() || self.password.is_some()
    }
}

impl fmt::Debug for SentinelSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("SentinelSettings");
        shown.field("username", &self.username).field("password", &self.password.as_ref().map(|_| format_args!("***")));
        #[cfg(feature = "tls")]
        shown.field("tls", &self.tls);
        shown.finish()
    }
}
