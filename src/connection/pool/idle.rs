//! The idle connections of the pool.

use super::dedicated::Dedicated;
use crate::connection::sync::lock;
use std::{mem, sync::Mutex, time::Duration};
use tokio::time::Instant;

/// The connections without an owner. The one used last is taken first, so that the others can expire.
#[derive(Default)]
pub(super) struct IdleStack(Mutex<Stack>);

#[derive(Default)]
struct Stack {
    /// Sorted by `since`, the oldest first.
    connections: Vec<IdleConnection>,
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

    /// Returns the connection used last. It is suspect when it has been idle for `check_after`, or was idle at
    /// `suspect_at`.
    pub(super) fn take(&self, suspect_at: Option<Instant>, check_after: Option<Duration>) -> Option<Taken> {
        let IdleConnection { since, connection } = lock(&self.0).connections.pop()?;
        let suspect = suspect_at.is_some_and(|at| since <= at) || check_after.is_some_and(|t| since.elapsed() >= t);
        Some(Taken { connection, suspect })
    }

    /// Closes the connections that have been idle for `timeout`. Returns when the next one may have been; `None` if that is
    /// never, as in a closed stack.
    pub(super) fn reap(&self, now: Instant, timeout: Duration) -> Option<Instant> {
        let is_expired = |idle: &IdleConnection| now.duration_since(idle.since) >= timeout;
        let (expired, oldest): (Vec<_>, _) = {
            let mut stack = lock(&self.0);
            if stack.closed {
                return None;
            }
            let count = stack.connections.partition_point(is_expired);
            let expired = stack.connections.drain(..count).collect();
            (expired, stack.connections.first().map(|idle| idle.since))
        };
        // Sockets are closed without the lock.
        drop(expired);
        oldest.unwrap_or(now).checked_add(timeout)
    }

    /// Closes the connections that are not to be used any more.
    pub(super) fn discard(&self, is_stale: impl Fn(&Dedicated) -> bool) {
        let stale: Vec<_> = {
            let connections = &mut lock(&self.0).connections;
            let (stale, rest) = mem::take(connections).into_iter().partition(|idle| is_stale(&idle.connection));
            *connections = rest;
            stale
        };
        // Sockets are closed without the lock.
        drop(stale);
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
