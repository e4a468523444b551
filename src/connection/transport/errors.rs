//! The errors of the handshake, which name the server and what to do.

use super::replies::without_password;
use crate::{
    connection::config::Settings,
    error::{CommandPosition, Error, SentinelErrorKind, ServerError},
};
use std::{io, sync::Arc};

impl Settings {
    pub(super) fn not_primary(&self, role: &str) -> Error {
        Error::Sentinel {
            kind: SentinelErrorKind::NotPrimary,
            address: self.address.to_string().into(),
            reason: format!(
                "the Sentinels name this server as the primary, and it says that it is {role}; a failover may be under way, \
                 or the Sentinels have lost sight of it"
            )
            .into(),
        }
    }

    pub(super) fn speaks_tls(&self) -> Error {
        Error::Tls {
            address: self.address.to_string().into(),
            reason: "the server speaks TLS on this port: write `rediss://` in the URL".into(),
            source: Arc::new(io::Error::new(io::ErrorKind::InvalidData, "the server answered with an alert of TLS")),
        }
    }

    pub(super) fn refused(&self, command: &'static str, error: &ServerError) -> Error {
        Error::Handshake {
            address: self.address.to_string().into(),
            command,
            error: without_password(self.password.as_deref(), error),
        }
    }

    /// The error of a connection that could not be made, or was lost during the handshake.
    pub(super) fn connect_error(&self, source: Arc<io::Error>) -> Error {
        #[cfg(feature = "tls")]
        if let Some(error) = self.tls_error(&source) {
            return error;
        }
        Error::Connect { address: self.address.to_string().into(), source }
    }
}

pub(super) fn no_version() -> Error {
    protocol_error("INFO", "the server does not tell its version: if you know it, say it by `Config::assume_version`")
}

/// The refusal of MULTI by a peer without words for it.
pub(super) fn closed_at_multi() -> ServerError {
    ServerError::new(b"ERR the connection was closed at MULTI, so transactions are taken to be refused")
}

pub(super) fn protocol_error(name: &'static str, reason: impl Into<Box<str>>) -> Error {
    Error::Protocol { at: CommandPosition::unnumbered(name), reason: reason.into() }
}
