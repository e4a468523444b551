//! The pool of dedicated connections: how many there may be, and which of them can be used again.
//!
//! - `dedicated`, `time_limit`: a connection with one owner, and the time limit of its calls
//! - `idle`, `reaper`: those without an owner, and the task that closes them

mod dedicated;
mod idle;
mod reaper;
mod time_limit;

use crate::{
    connection::{
        config::Settings,
        failure::RequestError,
        metrics::{Monitor, Status},
        multi_access::MultiAccess,
        multiplexed::{Failover, not_sent},
        request::{RawReplies, Request},
        state::ConnectionState,
        transport::{Session, closed},
    },
    error::{Error, Result, TimeoutKind},
    resp::{control::UNWATCH, ends_with_ok},
};
use dedicated::Dedicated;
use idle::{IdleStack, Taken};
use reaper::Reaper;
use std::{
    fmt,
    future::{Future, poll_fn},
    pin::pin,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::Poll,
};
use tokio::{
    sync::{Notify, OwnedSemaphorePermit, Semaphore},
    task::yield_now,
    time::{Instant, sleep, timeout, timeout_at},
};

/// A pool of dedicated connections, as many at a time as there are permits.
pub(super) struct Pool {
    permits: Arc<Semaphore>,
    idle: Arc<IdleStack>,
    reaper: Reaper,
    monitor: Arc<Monitor>,
    multi: Arc<MultiAccess>,
    settings: Arc<Settings>,
    failover: Arc<Failover>,
    closing: AtomicBool,
    /// The departure of a node of a cluster, or of its slots; a single server has none.
    departure: Option<Departure>,
    /// The number of connections with an owner.
    in_use: AtomicUsize,
}

/// The departure of a node, or of its slots, at which those who wait for a connection are to look for another node.
#[derive(Default)]
struct Departure {
    /// The reason why the node leaves.
    leaving: OnceLock<&'static str>,
    /// Notifies those who wait.
    notify: Notify,
}

/// The number of connections of a pool.
pub(super) struct PoolCount {
    pub(super) in_use: usize,
    pub(super) idle: usize,
}

impl Pool {
    pub(super) fn new(
        settings: Arc<Settings>,
        monitor: Arc<Monitor>,
        multi: Arc<MultiAccess>,
        failover: Arc<Failover>,
    ) -> Arc<Pool> {
        Arc::new(Pool {
            permits: Arc::new(Semaphore::new(settings.pool_size)),
            idle: Arc::default(),
            reaper: Reaper::default(),
            multi,
            settings,
            failover,
            closing: AtomicBool::new(false),
            departure: monitor.observer().map(|_| Departure::default()),
            monitor,
            in_use: AtomicUsize::new(0),
        })
    }

    /// Returns an open connection without pending replies: an idle one that can still be used, or else a new one.
    pub(super) async fn acquire(self: &Arc<Self>) -> Result<PooledConnection> {
        let Some(Departure { leaving, notify }) = &self.departure else { return self.acquire_here().await };
        // Made before the look at `leaving`, so that it misses no later notification.
        let (mut departed, mut acquired) = (pin!(notify.notified()), pin!(self.acquire_here()));
        if let Some(reason) = leaving.get() {
            return Err(not_sent(reason));
        }
        poll_fn(|cx| match acquired.as_mut().poll(cx) {
            Poll::Pending => departed.as_mut().poll(cx).map(|()| Err(not_sent(leaving.get().unwrap_or(&SLOTS_MOVED)))),
            acquired => acquired,
        })
        .await
    }

    async fn acquire_here(self: &Arc<Self>) -> Result<PooledConnection> {
        if self.closing.load(Ordering::Acquire) {
            return Err(Error::Closed);
        }
        let until = Instant::now().checked_add(self.settings.pool_timeout);
        let mut permit = Some(self.permit().await?);
        if let Some(timeout) = self.settings.pool_idle_timeout {
            self.reaper.ensure_running(&self.idle, timeout);
        }
        // One deadline for all idle connections: a dead server answers on none of them, and the caller must not wait for
        // each.
        let deadline = Instant::now().checked_add(self.settings.effective_response_timeout());
        let check_after = self.settings.health_check_interval;
        // What ended another connection, the shared one or one of the pool, may have ended an idle one too.
        while let Some(Taken { connection, suspect }) = self.idle.take(self.monitor.last_loss(), check_after) {
            if self.is_stale(&connection) {
                drop(connection);
                self.idle.discard(|idle| self.is_stale(idle));
                continue;
            }
            let mut pooled = PooledConnection::new(self, permit, connection);
            if pooled.make_ready(deadline, suspect).await {
                return Ok(pooled);
            }
            pooled.connection = None;
            permit = pooled.permit.take();
        }
        Ok(PooledConnection::new(self, permit, self.open(until).await?))
    }

    /// Returns whether a connection leads to a server that is no longer the primary.
    fn is_stale(&self, connection: &Dedicated) -> bool {
        self.failover.is_stale(connection.generation())
    }

    async fn permit(&self) -> Result<OwnedSemaphorePermit> {
        let after = self.settings.pool_timeout;
        match timeout(after, self.permits.clone().acquire_owned()).await {
            Ok(permit) => permit.map_err(|_| Error::Closed),
            Err(_) => Err(Error::Timeout { kind: TimeoutKind::Pool, after, at: None }),
        }
    }

    /// Makes a new connection. While the server is unreachable, waits for the shared connection to reconnect instead of
    /// connecting itself (no thundering herd).
    async fn open(&self, until: Option<Instant>) -> Result<Dedicated> {
        let mut attempts = 0;
        loop {
            self.wait_connected(until).await?;
            let error = match Dedicated::open(&self.multi, &self.failover).await {
                Ok(connection) => {
                    self.monitor.connected("dedicated");
                    return Ok(connection);
                }
                Err(error) => error,
            };
            self.monitor.connect_failed();
            attempts += 1;
            let pause = self.settings.reconnect_backoff.pause(attempts);
            // A server that accepts the connection and is silent has taken the connect timeout already.
            if !error.is_transient() || matches!(error, Error::Timeout { .. }) {
                return Err(error);
            }
            let again = Instant::now().checked_add(pause);
            if until.is_some_and(|until| again.is_none_or(|again| again >= until)) {
                return Err(self.unavailable(error));
            }
            sleep(pause).await;
        }
    }

    /// Waits while the shared connection is being reconnected. Fails as its requests do when an attempt does for good, as by a
    /// wrong password.
    async fn wait_connected(&self, until: Option<Instant>) -> Result<()> {
        let mut status = self.monitor.status();
        // The error of an attempt before this call may be over by the next one.
        let mut attempted = false;
        let is_over = |Status { state, error }: &Status| {
            let failed = attempted && error.as_ref().is_some_and(|error| !error.is_transient());
            attempted = true;
            failed || *state != ConnectionState::Reconnecting
        };
        let waited = async {
            let over = status.wait_for(is_over).await.ok()?;
            over.error.clone()
        };
        let failed = match until {
            Some(until) => timeout_at(until, waited).await,
            None => Ok(waited.await),
        };
        let error = match failed {
            Ok(failed) => failed,
            Err(_) => status.borrow().error.clone().map(|why| self.unavailable(why)),
        };
        error.map_or(Ok(()), Err)
    }

    fn unavailable(&self, source: Error) -> Error {
        Error::Unavailable { after: self.settings.pool_timeout, source: source.into() }
    }

    /// Refuses new owners, for `reason`, and closes the connections as they are given back.
    pub(super) fn leave(&self, reason: &'static str) {
        if let Some(Departure { leaving, notify }) = &self.departure {
            leaving.get_or_init(|| reason);
            notify.notify_waiters();
        }
        self.idle.close();
    }

    /// Fails those who wait for a connection, since the slots of the node are served by another one.
    pub(super) fn fail_waiting(&self) {
        if let Some(Departure { notify, .. }) = &self.departure {
            notify.notify_waiters();
        }
    }

    /// Refuses new owners, waits until all connections are given back, and closes them.
    pub(super) async fn close(&self) {
        self.closing.store(true, Ordering::Release);
        let all = u32::try_from(self.settings.pool_size).unwrap_or(u32::MAX);
        // An error means that another caller of `close` has closed the semaphore.
        let _permits = self.permits.acquire_many(all).await;
        self.permits.close();
        self.idle.close();
        self.reaper.stop().await;
    }

    pub(super) fn count(&self) -> PoolCount {
        PoolCount { in_use: self.in_use.load(Ordering::Relaxed), idle: self.idle.count() }
    }
}

/// A dedicated connection of the pool with its owner. Dropped at any moment, it goes back to the pool without a watch and
/// without a reply that belongs to this owner, or it is closed.
pub struct PooledConnection {
    /// `None` once an error has closed it.
    connection: Option<Dedicated>,
    session: Arc<Session>,
    watched: bool,
    watch_lost: Arc<AtomicBool>,
    pool: Arc<Pool>,
    // Declared last, so that it is released when the connection is back.
    permit: Option<OwnedSemaphorePermit>,
}

impl PooledConnection {
    fn new(pool: &Arc<Pool>, permit: Option<OwnedSemaphorePermit>, connection: Dedicated) -> PooledConnection {
        pool.in_use.fetch_add(1, Ordering::Relaxed);
        PooledConnection {
            session: connection.session().clone(),
            connection: Some(connection),
            watched: false,
            watch_lost: Arc::default(),
            pool: pool.clone(),
            permit,
        }
    }

    /// Sends a request as one contiguous piece and returns its replies, in order, as one piece that may hold push
    /// messages between them. An error closes the connection.
    pub(crate) async fn call(&mut self, request: &Request) -> Result<RawReplies, RequestError> {
        self.exchange(request, false).await
    }

    /// Sends commands that block on the server, for the request's block time. Dropping the future closes the connection.
    pub(crate) async fn call_blocking(&mut self, request: &Request) -> Result<RawReplies, RequestError> {
        self.exchange(request, true).await
    }

    async fn exchange(&mut self, request: &Request, blocks: bool) -> Result<RawReplies, RequestError> {
        let called = match &mut self.connection {
            Some(connection) => connection.call(request, self.pool.settings.response_timeout, blocks).await,
            None => Err(already_closed()),
        };
        if called.is_err() && self.connection.take().is_some() {
            self.pool.monitor.note_loss();
        }
        called
    }

    /// Counts a request that may have run, which only its caller can tell.
    pub(crate) fn count_unknown_outcome(&self, error: RequestError) -> RequestError {
        self.pool.monitor.count_unknown_outcome(error)
    }

    /// Sets whether keys are watched: from before WATCH is sent until EXEC, UNWATCH or DISCARD was answered.
    pub(crate) fn set_watched(&mut self, watched: bool) {
        self.watched = watched;
    }

    /// Returns whether the server is not known to have closed the connection. Asks nothing of the server.
    pub(crate) fn alive(&mut self) -> bool {
        self.connection.as_mut().is_some_and(|connection| connection.check_no_stray_data().is_ok())
    }

    /// The session of this connection.
    pub(crate) fn session(&self) -> &Arc<Session> {
        &self.session
    }

    /// The monitor that counts conflicts.
    pub(crate) fn monitor(&self) -> &Arc<Monitor> {
        &self.pool.monitor
    }

    /// Whether the server allows MULTI.
    pub(crate) fn multi(&self) -> &Arc<MultiAccess> {
        &self.pool.multi
    }

    /// Sets the flag that the watch was lost with the connection, at a command that cannot have written anything.
    pub(crate) fn lose_watch(&self) {
        self.watch_lost.store(true, Ordering::Release);
    }

    /// The flag that is set when the watch is lost with the connection.
    pub(crate) fn watch_lost_flag(&self) -> Arc<AtomicBool> {
        self.watch_lost.clone()
    }

    /// Gives the connection back clean, after the server has confirmed UNWATCH if keys are watched.
    pub(crate) async fn reset(mut self) {
        if !self.watched {
            return;
        }
        match self.call(&Request::control(UNWATCH)).await {
            Ok(reply) if ends_with_ok(&reply.bytes) => self.watched = false,
            _ => self.connection = None,
        }
    }

    /// Closes the connection, whose replies do not match its requests.
    pub(crate) fn close(&mut self) {
        self.connection = None;
    }

    /// Reads the replies that the last owner did not wait for, and pings the server if the connection is `suspect`. False
    /// when the connection cannot be used. Past the deadline only what has been received by then counts.
    async fn make_ready(&mut self, deadline: Option<Instant>, suspect: bool) -> bool {
        let Some(connection) = &mut self.connection else { return false };
        let check = async { connection.drain().await.is_ok() && (!suspect || connection.ping().await) };
        let ready = match deadline {
            Some(deadline) => timeout_at(deadline, check).await.is_ok_and(|ready| ready),
            None => check.await,
        };
        if !ready {
            return false;
        }
        // Lets the runtime poll its sockets, so that a connection that was closed in the meantime is known to be.
        yield_now().await;
        self.alive()
    }
}

impl Drop for PooledConnection {
    fn drop(&mut self) {
        self.pool.in_use.fetch_sub(1, Ordering::Relaxed);
        let connection = self.connection.take().filter(|connection| !self.pool.is_stale(connection));
        if let Some(recycled) = connection.and_then(|connection| connection.recycle(self.watched)) {
            self.pool.idle.put(recycled);
        }
    }
}

impl fmt::Debug for PooledConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let open = self.connection.is_some();
        f.debug_struct("PooledConnection").field("open", &open).field("watched", &self.watched).finish_non_exhaustive()
    }
}

/// The reason why a request is not sent to a node that stays.
pub(super) const SLOTS_MOVED: &str = "the slots of this node are served by another one now";

fn already_closed() -> RequestError {
    RequestError::not_sent(closed("the connection was closed after an earlier failure"))
}
