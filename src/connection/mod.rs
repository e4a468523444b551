//! Connections: how they are configured, greeted, shared and lent out. This room knows bytes and counts of replies, and
//! no commands but those of the greeting and UNWATCH.
//!
//! - `config`, `url`, `settings`: what a client is told before it connects
//! - `stream`, `handshake`, `session`: a socket, its greeting, what is known after it
//! - `shared`, `queue`, `driver`, `alarm`: one connection for all callers, and who reads and writes on it
//! - `pool`, `dedicated`: connections with one owner at a time
//! - `failure`: whether a request that failed may have run
//!
//! `Handle`, `Shared` and `Lease` stand in hidden methods of public traits. So they are `pub`, which nobody outside of the
//! crate can make use of.

mod alarm;
mod config;
mod dedicated;
mod driver;
mod failure;
mod handshake;
mod pool;
mod queue;
mod session;
mod settings;
mod shared;
mod stream;
#[cfg(test)]
mod tests;
mod url;

pub use config::{Config, Protocol};
pub(crate) use failure::Failure;
pub(crate) use pool::Lease;
pub(crate) use session::Session;
pub(crate) use shared::{Shared, Waiting};

use crate::{
    error::{Error, Result},
    trace,
};
use pool::Pool;
use settings::Settings;
use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The way to a server's connections: one that is shared, and a pool of those that have one owner. Clones are the same
/// handle; the connections are closed with the last of them.
#[derive(Clone)]
pub struct Handle(Arc<Inner>, trace::Parent);

struct Inner {
    settings: Settings,
    /// What spans say of the server.
    server: trace::Server,
    shared: Mutex<Slot>,
    /// Held by the one caller that connects.
    connecting: tokio::sync::Mutex<()>,
    pool: Arc<Pool>,
}

#[derive(Default)]
struct Slot {
    shared: Option<Arc<Shared>>,
    /// How many attempts to connect have ended, and how the last one failed.
    attempts: u64,
    failure: Option<Error>,
}

impl Handle {
    /// Connects, so that a wrong address or password shows at once.
    pub(crate) async fn open<V>(config: Config<V>) -> Result<Handle> {
        let Config { settings, .. } = config;
        settings.validate()?;
        let pool = Pool::new(settings.pool_size);
        let server = settings.server();
        let (shared, connecting) = Default::default();
        let handle = Handle(Arc::new(Inner { settings, server, shared, connecting, pool }), trace::Parent::default());
        handle.shared().await?;
        Ok(handle)
    }

    /// Returns a span for something that is to be sent on these connections.
    #[inline]
    pub(crate) fn span(&self) -> trace::Span {
        trace::Span::new(&self.0.server, &self.1)
    }

    /// Returns the same handle, whose spans stand under `parent`.
    pub(crate) fn under(&self, parent: trace::Parent) -> Handle {
        Handle(self.0.clone(), parent)
    }

    /// Returns the shared connection; where it has ended, a new one. Callers that wait for the same attempt to connect
    /// share its outcome.
    pub(crate) async fn shared(&self) -> Result<Arc<Shared>> {
        let seen = match self.live() {
            Ok(shared) => return Ok(shared),
            Err(attempts) => attempts,
        };
        let _connecting = self.0.connecting.lock().await;
        if let Ok(shared) = self.live() {
            return Ok(shared);
        }
        if let Some(failure) = self.failure_since(seen) {
            return Err(failure);
        }
        let attempt = Shared::open(&self.0.settings).await.map(Arc::new);
        let mut slot = lock(&self.0.shared);
        slot.attempts += 1;
        slot.failure = attempt.as_ref().err().cloned();
        slot.shared = attempt.as_ref().ok().cloned();
        attempt
    }

    /// Returns the shared connection if it is there.
    #[inline]
    pub(crate) fn shared_now(&self) -> Option<Arc<Shared>> {
        self.live().ok()
    }

    /// Returns a connection for the caller alone.
    pub(crate) async fn lease(&self) -> Result<Lease> {
        self.0.pool.lease(&self.0.settings).await
    }

    /// The shared connection, or how many attempts to connect have ended by now.
    fn live(&self) -> Result<Arc<Shared>, u64> {
        let slot = lock(&self.0.shared);
        match &slot.shared {
            Some(shared) if shared.alive() => Ok(shared.clone()),
            _ => Err(slot.attempts),
        }
    }

    fn failure_since(&self, seen: u64) -> Option<Error> {
        let slot = lock(&self.0.shared);
        if slot.attempts == seen { None } else { slot.failure.clone() }
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Handle").field(&self.0.settings).finish()
    }
}

/// Locks; a panic elsewhere, while the lock was held, is no reason for another one here.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
