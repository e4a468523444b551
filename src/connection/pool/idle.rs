//! The connections of the pool that nobody owns now.

use super::dedicated::Dedicated;
use crate::connection::sync::lock;
use std::{sync::Mutex, time::Duration};
use tokio::time::Instant;

/// Connections that wait for their next owner, the last used on top.
#[derive(Default)]
pub(crate) struct Idle(Mutex<Stack>);

#[derive(Default)]
struct Stack {
    /// Each since when it has been idle; the oldest comes first.
    connections: Vec<(Instant, Dedicated)>,
    /// A connection was lost then, so those that were idle before may be lost too.
    doubted: Option<Instant>,
    closed: bool,
}

impl Idle {
    /// Takes back a connection from its owner.
    pub(super) fn put(&self, connection: Dedicated) {
        let mut stack = lock(&self.0);
        if !stack.closed {
            stack.connections.push((Instant::now(), connection));
        }
    }

    /// Returns the connection that was used last, and whether it must be asked before it is used: it has been idle for
    /// longer than `trusted`, or another one was lost since.
    pub(super) fn take(&self, trusted: Option<Duration>) -> Option<(Dedicated, bool)> {
        let mut stack = lock(&self.0);
        let (since, connection) = stack.connections.pop()?;
        let doubted = stack.doubted.is_some_and(|doubted| since <= doubted);
        Some((connection, doubted || trusted.is_some_and(|trusted| since.elapsed() >= trusted)))
    }

    /// Makes every connection that is idle now be asked before it is used.
    pub(crate) fn doubt(&self) {
        lock(&self.0).doubted = Some(Instant::now());
    }

    /// Closes what has been idle for longer than `timeout`.
    pub(crate) fn sweep(&self, now: Instant, timeout: Option<Duration>) {
        let Some(oldest) = timeout.and_then(|timeout| now.checked_sub(timeout)) else { return };
        let swept: Vec<_> = {
            let mut stack = lock(&self.0);
            let old = stack.connections.partition_point(|(since, _)| *since <= oldest);
            stack.connections.drain(..old).collect()
        };
        // Closed without the lock.
        drop(swept);
    }

    /// Closes all of them, and whatever is given back from now on.
    pub(crate) fn close(&self) {
        let closed = {
            let mut stack = lock(&self.0);
            stack.closed = true;
            std::mem::take(&mut stack.connections)
        };
        drop(closed);
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        lock(&self.0).connections.len()
    }
}
