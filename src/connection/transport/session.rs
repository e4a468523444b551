//! What is known of one connection after its greeting.

use crate::{
    connection::{config::Protocol, sync::lock},
    error::ServerError,
};
use std::{collections::HashSet, sync::Mutex};

/// How many digests of scripts a connection remembers.
const MAX_SCRIPTS: usize = 4096;

/// What is known of one connection.
#[derive(Debug)]
pub(crate) struct Session {
    /// The protocol that the server speaks on it.
    pub(crate) protocol: Protocol,
    /// The server's version, where its greeting told it.
    pub(crate) server_version: Option<Box<str>>,
    /// Why transactions are refused to this user, if they are. A transaction must not be sent then: its commands would
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

    /// True when the script of this digest was loaded on this connection.
    pub(crate) fn knows(&self, sha: &str) -> bool {
        lock(&self.scripts).contains(sha)
    }

    /// Remembers that the script of this digest is loaded. Where there are very many, as with generated ones, it begins
    /// anew; a script that was forgotten is loaded once more.
    pub(crate) fn learned(&self, sha: &str) {
        let mut scripts = lock(&self.scripts);
        if scripts.len() >= MAX_SCRIPTS {
            scripts.clear();
        }
        scripts.insert(sha.into());
    }
}
