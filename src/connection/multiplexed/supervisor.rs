//! The supervisor of the shared connection: a task that drives it and reconnects when it was lost, until the client is
//! closed.

use super::{
    driver::Driver,
    failover::{Failover, Generation, Origin},
    leader::{Ended, LeaderLock},
    oneshot::Receiver,
    send_queue::{ReconnectStep, SendQueue},
};
use crate::{
    connection::{
        config::Settings,
        failure::Disconnect,
        metrics::{Event, Monitor},
        multi_access::{MultiAccess, Use},
        sentinel::Sentinels,
        sync::lock,
        transport::{FramedStream, Session, closed},
    },
    error::{Error, Result},
};
use std::{
    future::{Future, poll_fn},
    io,
    pin::pin,
    sync::{Arc, Mutex},
    task::{Poll, ready},
    time::Duration,
};
use tokio::{
    runtime,
    task::JoinHandle,
    time::{Instant, sleep, sleep_until, timeout_at},
};

/// The state shared by callers and the supervisor.
pub(super) struct SharedState {
    pub(super) queue: Arc<SendQueue>,
    pub(super) leader: LeaderLock,
    pub(super) monitor: Arc<Monitor>,
    pub(super) multi: Arc<MultiAccess>,
    pub(super) settings: Arc<Settings>,
    pub(super) failover: Arc<Failover>,
    /// The session of the present connection, or of the last one; before the first, one that knows nothing.
    session: Mutex<Arc<Session>>,
}

impl SharedState {
    /// Makes the state of a connection that is not opened yet.
    pub(super) fn new(settings: Arc<Settings>, monitor: Arc<Monitor>, multi: Arc<MultiAccess>) -> SharedState {
        let queue = Arc::new(SendQueue::new(&settings, multi.clone()));
        SharedState {
            failover: Failover::new(queue.clone(), settings.clone(), monitor.clone(), multi.sentinels().cloned()),
            queue,
            leader: LeaderLock::default(),
            monitor,
            multi,
            session: Mutex::new(Arc::new(Session::unknown(settings.protocol))),
            settings,
        }
    }

    /// Connects for the first time, and fails where that does.
    pub(super) async fn open(&self) -> Result<()> {
        let generation = self.failover.generation();
        let (stream, session) = connect_first(&self.settings, &self.monitor, &self.multi).await?;
        self.connected(stream, Arc::new(session), generation);
        self.monitor.opened();
        Ok(())
    }

    /// The session of the present connection, or of the last one.
    pub(super) fn session(&self) -> Arc<Session> {
        lock(&self.session).clone()
    }

    fn connected(&self, mut stream: FramedStream, session: Arc<Session>, generation: Generation) {
        let generation = generation.of(&session);
        self.failover.opening(generation);
        stream.observe_errors(self.failover.observer(generation, Origin::Shared, stream.peer()));
        if let Some(primary) = &session.primary {
            self.monitor.leads_to(&primary.address);
        }
        let epoch = self.queue.open();
        *lock(&self.session) = session;
        self.monitor.connected("shared");
        self.leader.install(Driver::new(stream, self.queue.clone(), self.settings.clone(), epoch));
        self.failover.opened(generation);
    }

    /// Fails the request that `receiver` waits for, if it is past its deadline; for a caller that waits for room, or is on another
    /// runtime than the supervisor's, which may stand still. Returns the deadline of a request that is still to be waited for.
    #[cold]
    pub(super) fn expire_for(&self, receiver: &Receiver) -> Option<Instant> {
        let after = self.settings.effective_response_timeout();
        if let Some(deadline) = self.leader.expire_for(receiver) {
            return Some(deadline);
        }
        if self.queue.expire_for(receiver, after, || self.monitor.why_disconnected()) {
            return None;
        }
        // It has a response, or the driver has just taken it.
        Some(Instant::now() + Duration::from_millis(1))
    }

    /// Connects for the first time, however often that fails, for the request that was submitted first. `None` when no connection is
    /// needed any more.
    async fn open_lazily(&self) -> Option<()> {
        let why = Error::NotSent { source: Arc::new(io::ErrorKind::NotConnected.into()) };
        self.reconnect(why, 0).await?;
        self.monitor.opened();
        Some(())
    }

    /// Connects again, however often that fails. `short_lived` is how many connections in a row have ended early. `None`
    /// when no connection is needed any more.
    async fn reconnect(&self, lost: Error, short_lived: u32) -> Option<()> {
        let mut why = lost;
        let mut attempts = 0;
        let to_be = if self.queue.was_open() { Use::Shared } else { Use::First };
        if short_lived > 0 {
            self.run_while_disconnected(&why, sleep(self.settings.reconnect_backoff.pause(short_lived))).await?;
        }
        loop {
            let generation = self.failover.generation();
            match self.run_while_disconnected(&why, self.multi.connect(to_be)).await? {
                Ok((stream, session)) => {
                    self.connected(stream, Arc::new(session), generation);
                    return Some(());
                }
                Err(error) => why = error,
            }
            attempts += 1;
            self.monitor.connect_failed();
            if !why.is_transient() {
                self.queue.fail_parked(&why);
            }
            let pause = self.settings.reconnect_backoff.pause(attempts);
            self.monitor.disconnected(
                &why,
                Event::ConnectFailed { server: self.monitor.address(), error: why.clone(), attempts, pause },
            );
            self.run_while_disconnected(&why, sleep(pause)).await?;
        }
    }

    /// Runs `work` while there is no connection, and fails parked requests as they expire. `None` when no connection is
    /// needed any more.
    async fn run_while_disconnected<T>(&self, why: &Error, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        let mut next_expiry = pin!(sleep_until(Instant::now()));
        poll_fn(|cx| {
            loop {
                let next = match self.queue.expire_parked(self.settings.response_timeout, why, cx.waker()) {
                    ReconnectStep::Stop => return Poll::Ready(None),
                    ReconnectStep::WaitUntil(next) => next,
                };
                if let Poll::Ready(done) = work.as_mut().poll(cx) {
                    return Poll::Ready(Some(done));
                }
                let Some(next) = next else { return Poll::Pending };
                next_expiry.as_mut().reset(next);
                ready!(next_expiry.as_mut().poll(cx));
            }
        })
        .await
    }
}

/// Connects, and again while a server that is there serves nothing for now, up to the connect timeout.
async fn connect_first(settings: &Settings, monitor: &Monitor, multi: &MultiAccess) -> Result<(FramedStream, Session)> {
    let until = Instant::now().checked_add(settings.connect_timeout);
    let mut attempts = 0;
    // The last error of a server that is there, which says more than that there was no time left.
    let mut unavailable = None;
    loop {
        let attempt = multi.connect(Use::First);
        let connected = match (until, unavailable.take()) {
            (Some(until), Some(error)) => timeout_at(until, attempt).await.unwrap_or(Err(error)),
            _ => attempt.await,
        };
        let error = match connected {
            Ok(connected) => return Ok(connected),
            Err(error) => error,
        };
        monitor.connect_failed();
        attempts += 1;
        let again = Instant::now().checked_add(settings.reconnect_backoff.pause(attempts));
        match again.filter(|again| until.is_none_or(|until| *again < until)) {
            Some(again) if error.is_unavailable() => {
                unavailable = Some(error);
                sleep_until(again).await;
            }
            _ => return Err(error),
        }
    }
}

/// The future of the supervisor's task.
pub(super) fn supervise(state: Arc<SharedState>) -> impl Future<Output = ()> + Send {
    // The guard is made here and not at the first poll: a runtime that is shut down drops tasks that it has never polled.
    let listener = state.multi.sentinels().zip(runtime::Handle::try_current().ok());
    let listener =
        listener.map(|(sentinels, runtime)| runtime.spawn(listen(sentinels.clone(), state.failover.clone())));
    Supervisor { state, listener }.run()
}

/// Listens for switches to another primary, and leaves the old one.
async fn listen(sentinels: Arc<Sentinels>, failover: Arc<Failover>) {
    let (mut listening, mut following) = (pin!(sentinels.listen()), pin!(failover.follow(&sentinels)));
    poll_fn(|cx| match listening.as_mut().poll(cx) {
        Poll::Ready(never) => match never {},
        Poll::Pending => following.as_mut().poll(cx),
    })
    .await
}

struct Supervisor {
    state: Arc<SharedState>,
    /// The task that listens to Sentinels, if the server is found by them.
    listener: Option<JoinHandle<()>>,
}

impl Supervisor {
    async fn run(mut self) {
        self.keep_connected().await;
        if let Some(listener) = self.listener.take() {
            listener.abort();
            // An error means that it was aborted.
            let _ = listener.await;
        }
    }

    /// Drives the connection, and reconnects, until no connection is needed any more.
    async fn keep_connected(&self) {
        let state = &*self.state;
        let backoff = state.settings.reconnect_backoff;
        let mut short_lived = 0;
        if !state.queue.was_open() && state.open_lazily().await.is_none() {
            return;
        }
        loop {
            let connected_at = Instant::now();
            let Ended { disconnect, had_response } = state.leader.drive().await;
            state.queue.fail_left_behind();
            if state.queue.is_finished() {
                return;
            }
            let lost = state.monitor.lost(&disconnect);
            // After a short-lived connection the first attempt too is made after a pause, which grows with their number.
            let lasted = had_response || connected_at.elapsed() > backoff.longest();
            short_lived = if lasted { 0 } else { short_lived + 1 };
            if state.reconnect(lost, short_lived).await.is_none() {
                return;
            }
            state.monitor.reconnected();
        }
    }
}

impl Drop for Supervisor {
    /// Leaves the connection closed if the client was, and else unsupervised: the runtime was shut down, and the next
    /// request, on another one, spawns a supervisor there.
    fn drop(&mut self) {
        self.listener.iter().for_each(JoinHandle::abort);
        let SharedState { queue, leader, monitor, multi, .. } = &*self.state;
        multi.set_supervisor_runtime(None);
        if queue.is_closed() {
            leader.disconnect(closed("the client was closed").into());
            queue.unsupervise(&Error::Closed);
            monitor.closed();
        } else {
            let disconnect: Disconnect = closed("the runtime that drove the connection was shut down").into();
            let lost = Error::NotSent { source: disconnect.source() };
            leader.disconnect(disconnect);
            queue.unsupervise(&lost);
            monitor.unsupervised();
        }
    }
}
