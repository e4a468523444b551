//! Keeps a client connected: drives the shared connection, and makes another one when it has ended, for as long as the
//! client lives.

use super::{
    driver::Driver,
    leader::Seat,
    send_queue::{Queue, Wait},
};
use crate::{
    connection::{
        config::Settings,
        failure::Broken,
        metrics::{Event, Monitor},
        pool::Idle,
        sync::lock,
        transport::{self, Session, Wire, closed},
    },
    error::{Error, Result},
};
use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::{Arc, Mutex},
    task::{Poll, ready},
};
use tokio::time::{Instant, sleep, sleep_until};

/// What callers and the keeper of a shared connection have in common.
pub(super) struct Line {
    pub(super) queue: Arc<Queue>,
    pub(super) seat: Seat,
    pub(super) idle: Arc<Idle>,
    pub(super) monitor: Arc<Monitor>,
    pub(super) settings: Arc<Settings>,
    /// What is known of the connection that is there, or was there last.
    session: Mutex<Arc<Session>>,
}

impl Line {
    /// Connects for the first time.
    pub(super) async fn open(settings: Arc<Settings>, idle: Arc<Idle>, monitor: Arc<Monitor>) -> Result<Line> {
        let (wire, session) = transport::connect(&settings).await?;
        let session = Arc::new(session);
        let queue = Arc::new(Queue::new(settings.max_queued_bytes));
        let session_slot = Mutex::new(session.clone());
        let line = Line { queue, seat: Seat::default(), idle, monitor, settings, session: session_slot };
        line.connected(wire, session);
        Ok(line)
    }

    /// What is known of the connection.
    pub(super) fn session(&self) -> Arc<Session> {
        lock(&self.session).clone()
    }

    fn connected(&self, wire: Wire, session: Arc<Session>) {
        let epoch = self.queue.open(session.multi_refused.clone());
        *lock(&self.session) = session;
        self.monitor.connected("shared");
        self.seat.take(Driver::new(wire, self.queue.clone(), self.idle.clone(), self.settings.clone(), epoch));
    }

    /// Connects again, however often that fails. So many connections one after the other were `brief`. `None` when no
    /// connection is needed any more.
    async fn reconnect(&self, lost: Error, brief: u32) -> Option<()> {
        let mut why = lost;
        let mut attempts = 0;
        if brief > 0 {
            self.meanwhile(&why, sleep(self.settings.reconnect_backoff.pause(brief))).await?;
        }
        loop {
            match self.meanwhile(&why, transport::connect(&self.settings)).await? {
                Ok((wire, session)) => {
                    self.connected(wire, Arc::new(session));
                    return Some(());
                }
                Err(error) => why = error,
            }
            attempts += 1;
            self.monitor.failed();
            if !why.is_transient() {
                self.queue.refuse(&why);
            }
            let pause = self.settings.reconnect_backoff.pause(attempts);
            self.monitor.away(&why, Event::ConnectFailed { error: why.clone(), attempts, pause });
            self.meanwhile(&why, sleep(pause)).await?;
        }
    }

    /// Does `work` while there is no connection, and tells callers whose time is up. `None` when no connection is needed
    /// any more.
    async fn meanwhile<T>(&self, why: &Error, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        let mut next_late = pin!(sleep_until(Instant::now()));
        poll_fn(|cx| {
            loop {
                let next = match self.queue.wait(self.settings.response_timeout, why, cx.waker()) {
                    Wait::Over => return Poll::Ready(None),
                    Wait::Until(next) => next,
                };
                if let Poll::Ready(done) = work.as_mut().poll(cx) {
                    return Poll::Ready(Some(done));
                }
                let Some(next) = next else { return Poll::Pending };
                next_late.as_mut().reset(next);
                ready!(next_late.as_mut().poll(cx));
            }
        })
        .await
    }
}

/// The task that keeps the line connected.
pub(super) fn keep(line: Arc<Line>) -> impl Future<Output = ()> + Send {
    // Made at once: a runtime that is shut down drops tasks that it has never run.
    Keeper { line }.run()
}

struct Keeper {
    line: Arc<Line>,
}

impl Keeper {
    async fn run(self) {
        let line = &*self.line;
        let mut brief = 0;
        loop {
            let began = Instant::now();
            let (broken, served) = line.seat.drive().await;
            if line.queue.over() {
                return;
            }
            // A connection lost is a reason to look at the others before they are used.
            line.idle.doubt();
            let lost = line.monitor.lost(&broken);
            // Where connections do not last, the first attempt too is made after a pause, longer each time.
            let lasted = served || began.elapsed() > line.settings.reconnect_backoff.longest();
            brief = if lasted { 0 } else { brief + 1 };
            if line.reconnect(lost, brief).await.is_none() {
                return;
            }
            line.monitor.back();
        }
    }
}

impl Drop for Keeper {
    /// The client was closed; or the runtime was shut down, and a caller on another one has the line kept there.
    fn drop(&mut self) {
        let Line { queue, seat, monitor, .. } = &*self.line;
        if queue.draining() {
            seat.end(closed("the client was closed").into());
            queue.orphan(&Error::Closed);
            monitor.closed();
        } else {
            let how: Broken = closed("the runtime that drove the connection was shut down").into();
            let lost = Error::NotSent { source: how.source() };
            seat.end(how);
            queue.orphan(&lost);
            monitor.unkept();
        }
    }
}
