//! The session: the facts negotiated by the handshake.

use crate::{
    connection::{config::Protocol, sync::lock},
    error::ServerError,
    version::{self, Version},
};
use std::{collections::HashSet, sync::Mutex};

/// The number of script digests that a session remembers.
const MAX_SCRIPTS: usize = 4096;

/// The session of one connection.
#[derive(Debug)]
pub(crate) struct Session {
    /// The protocol that both sides speak on this connection.
    pub(crate) protocol: Protocol,
    /// The server's version, if HELLO returned it.
    pub(crate) server_version: Option<Box<str>>,
    /// The server's refusal of MULTI to this user, if it refuses it. A transaction must not be sent then: its commands would
    /// run one by one.
    pub(crate) multi_refused: Option<ServerError>,
    scripts: Mutex<HashSet<Box<str>>>,
}

impl Session {
    pub(crate) fn new(
        protocol: Protocol,
        server_version: Option<Box<str>>,
        multi_refused: Option<ServerError>,
    ) -> Session {
        Session { protocol, server_version, multi_refused, scripts: Mutex::default() }
    }

    /// Returns whether a watched key that had expired before WATCH makes EXEC conflict, until the server removes the key. Redis
    /// does so before 7.0; a server that does not tell its version may do so too.
    pub(crate) fn conflicts_on_expired_keys(&self) -> bool {
        let version = self.server_version.as_deref().and_then(|text| version::parse(text.as_bytes()));
        version.is_none_or(|version| version < Version::new(7, 0, 0))
    }

    /// Returns whether the script with this digest was loaded on this connection.
    pub(crate) fn knows(&self, sha: &str) -> bool {
        lock(&self.scripts).contains(sha)
    }

    /// Remembers that the script with this digest is loaded. When there are too many, as with generated ones, all are
    /// forgotten; a forgotten script is loaded once more.
    pub(crate) fn learned(&self, sha: &str) {
        let mut scripts = lock(&self.scripts);
        if scripts.len() >= MAX_SCRIPTS {
            scripts.clear();
        }
        scripts.insert(sha.into());
    }
}
