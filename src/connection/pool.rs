//! The connections that have one owner at a time: how many there may be, and what becomes of one that is given back.

use super::{
    dedicated::{Dedicated, UNWATCH, unwatched},
    failure::Failure,
    lock,
    session::Session,
    settings::Settings,
    stream::closed,
};
use crate::error::{Error, Result, Waiting};
use bytes::Bytes;
use std::{
    fmt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::yield_now,
    time::{Instant, timeout, timeout_at},
};

/// At most so many connections of their own as the permits allow; those that nobody owns now wait for the next owner.
pub(super) struct Pool {
    permits: Arc<Semaphore>,
    idle: Mutex<Vec<Dedicated>>,
}

impl Pool {
    pub(super) fn new(size: usize) -> Arc<Pool> {
        Arc::new(Pool { permits: Arc::new(Semaphore::new(size)), idle: Mutex::default() })
    }

    /// Returns a connection that is open and owes nothing: one given back, or else a new one.
    pub(super) async fn lease(self: &Arc<Self>, settings: &Settings) -> Result<Lease> {
        let mut permit = Some(self.permit(settings.pool_timeout).await?);
        // One wait for all of them: a server that is gone answers on none, and the caller must not pay for each.
        let patience = settings.response_timeout.unwrap_or(settings.connect_timeout);
        let deadline = Instant::now().checked_add(patience);
        while let Some(connection) = self.take_idle() {
            let mut lease = Lease::new(self, permit, connection, settings);
            if lease.freshen(deadline).await {
                return Ok(lease);
            }
            lease.connection = None;
            permit = lease.permit.take();
        }
        Ok(Lease::new(self, permit, Dedicated::open(settings).await?, settings))
    }

    async fn permit(&self, after: Duration) -> Result<OwnedSemaphorePermit> {
        match timeout(after, self.permits.clone().acquire_owned()).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) => Err(Error::NotSent { source: Arc::new(closed("the pool was closed")) }),
            Err(_) => Err(Error::Timeout { waiting: Waiting::Pool, after, at: None }),
        }
    }

    fn take_idle(&self) -> Option<Dedicated> {
        lock(&self.idle).pop()
    }
}

/// One connection of the pool, to be used by its owner alone. Dropped at any moment, it goes back to the pool without a
/// watch and without a foreign reply, or it is closed.
pub struct Lease {
    /// `None` after a failure that closed it.
    connection: Option<Dedicated>,
    session: Arc<Session>,
    response_timeout: Option<Duration>,
    watched: bool,
    lost: Arc<AtomicBool>,
    pool: Arc<Pool>,
    // Declared last: released when the connection is back.
    permit: Option<OwnedSemaphorePermit>,
}

impl Lease {
    fn new(
        pool: &Arc<Pool>,
        permit: Option<OwnedSemaphorePermit>,
        connection: Dedicated,
        settings: &Settings,
    ) -> Lease {
        Lease {
            session: connection.session().clone(),
            connection: Some(connection),
            response_timeout: settings.response_timeout,
            watched: false,
            lost: Arc::default(),
            pool: pool.clone(),
            permit,
        }
    }

    /// Sends a request as one contiguous piece and returns its replies, in order, as one piece that may hold push
    /// messages between them. The connection is closed when that fails.
    pub(crate) async fn call(&mut self, request: &[u8], replies: usize) -> Result<Bytes, Failure> {
        let called = match &mut self.connection {
            Some(connection) => connection.call(request, replies, self.response_timeout).await,
            None => Err(gone()),
        };
        self.note(called)
    }

    /// Does the same for commands that block on the server, for `most` at the longest, or for ever. Dropping it closes the
    /// connection.
    pub(crate) async fn call_blocking(
        &mut self,
        request: &[u8],
        replies: usize,
        most: Option<Duration>,
    ) -> Result<Bytes, Failure> {
        let called = match &mut self.connection {
            Some(connection) => connection.call_blocking(request, replies, self.response_timeout, most).await,
            None => Err(gone()),
        };
        self.note(called)
    }

    fn note(&mut self, called: Result<Bytes, Failure>) -> Result<Bytes, Failure> {
        if called.is_err() {
            self.connection = None;
        }
        called
    }

    /// Tells whether keys are watched: true before WATCH is sent, false after EXEC, UNWATCH or DISCARD was answered.
    pub(crate) fn set_watched(&mut self, watched: bool) {
        self.watched = watched;
    }

    /// True while the server has not closed the connection, as far as that is known without asking it.
    pub(crate) fn alive(&mut self) -> bool {
        self.connection.as_mut().is_some_and(|connection| connection.quiet().is_ok())
    }

    /// What is known of this connection.
    pub(crate) fn session(&self) -> &Session {
        &self.session
    }

    /// Notes that the watch is gone with the connection, and that nothing can have been written by what found it so.
    pub(crate) fn lose_watch(&self) {
        self.lost.store(true, Ordering::Release);
    }

    /// A flag that is set when the watch is lost with the connection.
    pub(crate) fn lost_flag(&self) -> Arc<AtomicBool> {
        self.lost.clone()
    }

    /// Gives the connection back clean, waiting for the server's word on it where keys are watched.
    pub(crate) async fn reset(mut self) {
        if !self.watched {
            return;
        }
        match self.call(UNWATCH, 1).await {
            Ok(reply) if unwatched(&reply) => self.watched = false,
            _ => self.connection = None,
        }
    }

    /// Closes the connection, whose replies do not match what was asked.
    pub(crate) fn close(&mut self) {
        self.connection = None;
    }

    /// Reads off what the last owner left behind; false when the connection cannot be used. Past the deadline only what
    /// has come by then counts.
    async fn freshen(&mut self, deadline: Option<Instant>) -> bool {
        let Some(connection) = &mut self.connection else { return false };
        let settled = match deadline {
            Some(deadline) => timeout_at(deadline, connection.settle()).await.is_ok_and(|settled| settled.is_ok()),
            None => connection.settle().await.is_ok(),
        };
        if !settled {
            return false;
        }
        // Lets the runtime look at its sockets, so that a connection closed in the meantime shows.
        yield_now().await;
        self.alive()
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let retired = self.connection.take().and_then(|connection| connection.retire(self.watched));
        lock(&self.pool.idle).extend(retired);
    }
}

impl fmt::Debug for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let open = self.connection.is_some();
        f.debug_struct("Lease").field("open", &open).field("watched", &self.watched).finish_non_exhaustive()
    }
}

fn gone() -> Failure {
    Failure::not_sent(closed("the connection was closed after an earlier failure"))
}
