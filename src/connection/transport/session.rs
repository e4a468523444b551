//! The session: the facts negotiated by the handshake.

use crate::{
    connection::{
        config::{Address, Protocol},
        sync::lock,
    },
    error::ServerError,
    version::{self, Version},
};
use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
};

/// The number of script digests that a session remembers.
const MAX_SCRIPTS: usize = 4096;

/// The session of one connection.
#[derive(Debug)]
pub(crate) struct Session {
    /// The protocol that both sides speak on this connection.
    pub(crate) protocol: Protocol,
    /// The server's version, if HELLO returned it.
    pub(crate) server_version: Option<Box<str>>,
    /// The server's mode, if HELLO or INFO returned it.
    pub(crate) mode: Option<ServerMode>,
    /// The server's availability zone, if HELLO or INFO returned it: where Valkey has one set.
    pub(crate) zone: Option<Box<str>>,
    /// The server, if Sentinels have named it.
    pub(crate) primary: Option<Primary>,
    scripts: Mutex<HashSet<Box<str>>>,
}

/// The mode in which a server runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ServerMode {
    Standalone,
    /// A node of a cluster.
    Cluster,
    Sentinel,
}

impl ServerMode {
    /// Returns the mode of this name, as HELLO and INFO tell it.
    pub(super) fn named(name: &str) -> Option<ServerMode> {
        match name {
            "standalone" => Some(ServerMode::Standalone),
            "cluster" => Some(ServerMode::Cluster),
            "sentinel" => Some(ServerMode::Sentinel),
            _ => None,
        }
    }
}

/// A primary that Sentinels have named.
#[derive(Clone, Debug)]
pub(crate) struct Primary {
    /// The number of the primary among those of a client, counted from 1; later ones are higher.
    pub(crate) number: u64,
    pub(crate) address: Arc<Address>,
}

/// The server's answer to a MULTI of this user. A transaction must not be sent where it is refused: its commands would run
/// one by one.
#[derive(Clone, Debug)]
pub(crate) enum MultiAnswer {
    Allowed,
    Refused {
        error: ServerError,
        /// Asking costs the connection: the peer closes it at MULTI, or keeps it in the transaction.
        closes: bool,
    },
}

impl MultiAnswer {
    /// The server's refusal, if it is one.
    pub(crate) fn refusal(&self) -> Option<&ServerError> {
        match self {
            MultiAnswer::Allowed => None,
            MultiAnswer::Refused { error, .. } => Some(error),
        }
    }
}

impl Session {
    pub(crate) fn new(protocol: Protocol, server_version: Option<Box<str>>, mode: Option<ServerMode>) -> Session {
        Session { protocol, server_version, mode, zone: None, primary: None, scripts: Mutex::default() }
    }

    /// Returns the same session, of a server in an availability zone.
    pub(crate) fn in_zone(self, zone: Option<Box<str>>) -> Session {
        Session { zone, ..self }
    }

    /// The session before the first connection: nothing is known of the server.
    pub(crate) fn unknown(protocol: Protocol) -> Session {
        Session::new(protocol, None, None)
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

    /// Forgets a script, which another client has removed, so that it is loaded again.
    pub(crate) fn forget(&self, sha: &str) {
        lock(&self.scripts).remove(sha);
    }
}
