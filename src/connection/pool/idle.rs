//! The idle connections of the pool.

use super::dedicated::Dedicated;
use crate::connection::sync::lock;
use std::{mem, sync::Mutex, time::Duration};
use tokio::time::Instant;

/// The connections without an owner. The one used last is taken first, so that the others can expire.
#[derive(Default)]
pub(crate) struct IdleStack(Mutex<Stack>);

#[derive(Default)]
struct Stack {
    /// Sorted by `since`, the oldest first.
    connections: Vec<IdleConnection>,
    /// A connection was lost at this time, so those that were idle already may be lost too.
    suspect_before: Option<Instant>,
    closed: bool,
}

struct IdleConnection {
    since: Instant,
    connection: Dedicated,
}

/// A connection that was taken from the stack.
pub(super) struct Taken {
    pub(super) connection: Dedicated,
    /// The server has to be pinged before the connection is used.
    pub(super) suspect: bool,
}

impl IdleStack {
    /// Takes back a connection from its owner.
    pub(super) fn put(&self, connection: Dedicated) {
        let mut stack = lock(&self.0);
        if !stack.closed {
            stack.connections.push(IdleConnection { since: Instant::now(), connection });
        }
    }

    /// Returns the connection used last. It is suspect when it has been idle for `check_after`, or another connection was
    /// lost since.
    pub(super) fn take(&self, check_after: Option<Duration>) -> Option<Taken> {
        let mut stack = lock(&self.0);
        let IdleConnection { since, connection } = stack.connections.pop()?;
        let suspect = stack.suspect_before.is_some_and(|lost| since <= lost)
            || check_after.is_some_and(|after| since.elapsed() >= after);
        Some(Taken { connection, suspect })
    }

    /// Marks every connection that is idle now as suspect.
    pub(crate) fn mark_suspect(&self) {
        lock(&self.0).suspect_before = Some(Instant::now());
    }

    /// Closes the connections that have been idle for `timeout`.
    pub(crate) fn reap(&self, now: Instant, timeout: Option<Duration>) {
        let Some(oldest) = timeout.and_then(|timeout| now.checked_sub(timeout)) else { return };
        let expired: Vec<_> = {
            let mut stack = lock(&self.0);
            let count = stack.connections.partition_point(|idle| idle.since <= oldest);
            stack.connections.drain(..count).collect()
        };
        // Sockets are closed without the lock.
        drop(expired);
    }

    /// Closes all connections, and those that are given back later.
    pub(super) fn close(&self) {
        let connections = {
            let mut stack = lock(&self.0);
            stack.closed = true;
            mem::take(&mut stack.connections)
        };
        drop(connections);
    }

    pub(super) fn count(&self) -> usize {
        lock(&self.0).connections.len()
    }
}
