//! The connections that have one owner at a time: how many there may be, and what becomes of one that is given back.

mod dedicated;
mod idle;

pub(crate) use idle::Idle;

use crate::{
    connection::{
        config::Settings,
        failure::Failure,
        metrics::{Link, Monitor},
        transport::{Session, closed},
    },
    error::{Error, Result, TimeoutKind},
    resp::control::UNWATCH,
};
use bytes::Bytes;
use dedicated::{Dedicated, unwatched};
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::yield_now,
    time::{Instant, sleep, timeout, timeout_at},
};

/// At most so many connections of their own as the permits allow; those that nobody owns now wait for the next owner.
pub(super) struct Pool {
    permits: Arc<Semaphore>,
    idle: Arc<Idle>,
    monitor: Arc<Monitor>,
    settings: Arc<Settings>,
    closing: AtomicBool,
    /// How many leases there are.
    lent: AtomicUsize,
}

impl Pool {
    pub(super) fn new(settings: Arc<Settings>, idle: Arc<Idle>, monitor: Arc<Monitor>) -> Arc<Pool> {
        let permits = Arc::new(Semaphore::new(settings.pool_size));
        Arc::new(Pool { permits, idle, monitor, settings, closing: AtomicBool::new(false), lent: AtomicUsize::new(0) })
    }

    /// Returns a connection that is open and owes nothing: one given back, or else a new one.
    pub(super) async fn lease(self: &Arc<Self>) -> Result<Lease> {
        if self.closing.load(Ordering::Acquire) {
            return Err(Error::Closed);
        }
        let until = Instant::now().checked_add(self.settings.pool_timeout);
        let mut permit = Some(self.permit().await?);
        // One wait for all of them: a server that is gone answers on none, and the caller must not pay for each.
        let deadline = Instant::now().checked_add(self.settings.patience());
        while let Some((connection, doubted)) = self.idle.take(self.settings.health_check_interval) {
            let mut lease = Lease::new(self, permit, connection);
            if lease.freshen(deadline, doubted).await {
                return Ok(lease);
            }
            lease.connection = None;
            permit = lease.permit.take();
        }
        Ok(Lease::new(self, permit, self.open(until).await?))
    }

    async fn permit(&self) -> Result<OwnedSemaphorePermit> {
        let after = self.settings.pool_timeout;
        match timeout(after, self.permits.clone().acquire_owned()).await {
            Ok(permit) => permit.map_err(|_| Error::Closed),
            Err(_) => Err(Error::Timeout { kind: TimeoutKind::Pool, after, at: None }),
        }
    }

    /// Makes a new connection. While the server is away, waits for the shared connection to be there again, so that not
    /// everybody knocks.
    async fn open(&self, until: Option<Instant>) -> Result<Dedicated> {
        let mut attempts = 0;
        loop {
            self.linked(until).await?;
            let error = match Dedicated::open(&self.settings).await {
                Ok(connection) => {
                    self.monitor.connected("own");
                    return Ok(connection);
                }
                Err(error) => error,
            };
            self.monitor.failed();
            attempts += 1;
            let pause = self.settings.reconnect_backoff.pause(attempts);
            // A server that accepts and says nothing has had its time.
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

    /// Waits until there is a shared connection.
    async fn linked(&self, until: Option<Instant>) -> Result<()> {
        let mut link = self.monitor.link();
        let up = link.wait_for(|link| !matches!(link, Link::Down(_)));
        let late = match until {
            Some(until) => timeout_at(until, up).await.is_err(),
            None => up.await.is_err(),
        };
        match &*link.borrow() {
            Link::Down(why) if late => Err(self.unavailable(why.clone())),
            _ => Ok(()),
        }
    }

    fn unavailable(&self, source: Error) -> Error {
        Error::Unavailable { after: self.settings.pool_timeout, source: source.into() }
    }

    /// Lends no more connections, waits until all are given back, and closes them.
    pub(super) async fn close(&self) {
        self.closing.store(true, Ordering::Release);
        let all = u32::try_from(self.settings.pool_size).unwrap_or(u32::MAX);
        // An error says that another caller has done the same.
        let _permits = self.permits.acquire_many(all).await;
        self.permits.close();
        self.idle.close();
    }

    /// How many connections have an owner, and how many have none.
    pub(super) fn count(&self) -> (usize, usize) {
        (self.lent.load(Ordering::Relaxed), self.idle.count())
    }
}

/// One connection of the pool, to be used by its owner alone. Dropped at any moment, it goes back to the pool without a
/// watch and without a foreign reply, or it is closed.
pub struct Lease {
    /// `None` after a failure that closed it.
    connection: Option<Dedicated>,
    session: Arc<Session>,
    watched: bool,
    lost: Arc<AtomicBool>,
    pool: Arc<Pool>,
    // Declared last: released when the connection is back.
    permit: Option<OwnedSemaphorePermit>,
}

impl Lease {
    fn new(pool: &Arc<Pool>, permit: Option<OwnedSemaphorePermit>, connection: Dedicated) -> Lease {
        pool.lent.fetch_add(1, Ordering::Relaxed);
        Lease {
            session: connection.session().clone(),
            connection: Some(connection),
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
            Some(connection) => connection.call(request, replies, self.pool.settings.response_timeout).await,
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
            Some(connection) => {
                connection.call_blocking(request, replies, self.pool.settings.response_timeout, most).await
            }
            None => Err(gone()),
        };
        self.note(called)
    }

    fn note(&mut self, called: Result<Bytes, Failure>) -> Result<Bytes, Failure> {
        if called.is_err() {
            self.connection = None;
            self.pool.idle.doubt();
        }
        called
    }

    /// Counts the failure of what may have run, which the caller alone knows.
    pub(crate) fn counted(&self, failure: Failure) -> Failure {
        self.pool.monitor.counted(failure)
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
    pub(crate) fn session(&self) -> &Arc<Session> {
        &self.session
    }

    /// Where conflicts are counted.
    pub(crate) fn monitor(&self) -> &Monitor {
        &self.pool.monitor
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

    /// Reads off what the last owner left behind, and asks a connection that is `doubted` whether it is still there; false
    /// when it cannot be used. Past the deadline only what has come by then counts.
    async fn freshen(&mut self, deadline: Option<Instant>, doubted: bool) -> bool {
        let Some(connection) = &mut self.connection else { return false };
        let settled = async { connection.settle().await.is_ok() && (!doubted || connection.answers().await) };
        let settled = match deadline {
            Some(deadline) => timeout_at(deadline, settled).await.is_ok_and(|settled| settled),
            None => settled.await,
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
        self.pool.lent.fetch_sub(1, Ordering::Relaxed);
        if let Some(retired) = self.connection.take().and_then(|connection| connection.retire(self.watched)) {
            self.pool.idle.put(retired);
        }
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
