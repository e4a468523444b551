//! The shared connection: any number of callers at a time send their requests over it, many in one write, and each
//! receives the bytes of its own replies.
//!
//! - `oneshot`, `parked`, `send_queue`: the channel of a response, and the queue of requests before the driver
//! - `timer`, `progress`, `driver`, `leader`: reading and writing, and the choice of the task that does it
//! - `supervisor`: the task that reconnects
//! - `failover`, `departure`: noticing that the server is no longer the primary, and leaving it

mod departure;
mod driver;
mod failover;
mod leader;
mod oneshot;
mod parked;
mod progress;
mod send_queue;
mod supervisor;
mod timer;

use crate::{
    connection::{
        alarm::Alarm,
        config::{Address, Settings},
        failure::RequestError,
        metrics::{Metrics, Monitor},
        multi_access::MultiAccess,
        request::{RawReplies, Request},
        state::Epoch,
        sync::lock,
        transport::{Session, closed},
    },
    error::Result,
    resp::{Framing, control::PING},
};
pub(super) use departure::{Departure, SWITCHED};
pub(super) use failover::{Failover, Generation, Origin};
use oneshot::Receiver;
pub(super) use send_queue::not_sent;
use send_queue::{Drain, Submitted};
use std::{
    borrow::Cow,
    fmt,
    future::{Future, poll_fn},
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker, ready},
};
use supervisor::{SharedState, supervise};
use tokio::{runtime, task::JoinHandle, time::Instant};

/// A connection for any number of callers at a time, which is made again when it was lost. Its socket is closed when the
/// last owner drops it.
pub struct SharedConnection {
    state: Arc<SharedState>,
    supervision: Mutex<Supervision>,
}

/// The supervisor's runtime and its task.
struct Supervision {
    /// The runtime of the first supervisor, until it is spawned. A later one, after that runtime was shut down, is spawned on the
    /// caller's.
    runtime: Option<runtime::Handle>,
    /// The last supervisor's task, until `close` waits for its end.
    task: Option<JoinHandle<()>>,
}

impl SharedConnection {
    /// Connects, and spawns the supervisor on the current runtime.
    pub(super) async fn open(
        settings: Arc<Settings>,
        monitor: Arc<Monitor>,
        multi: Arc<MultiAccess>,
    ) -> Result<SharedConnection> {
        let shared = SharedConnection::lazy(settings, monitor, multi, runtime::Handle::current());
        shared.connect().await?;
        Ok(shared)
    }

    /// Opens the connection before its first request, and fails where that does.
    pub(super) async fn connect(&self) -> Result<()> {
        self.state.open().await?;
        self.spawn_supervisor();
        Ok(())
    }

    /// Returns whether there is a connection.
    pub(super) fn is_open(&self) -> bool {
        self.state.queue.is_open()
    }

    /// Returns a connection that the first request opens, by spawning the supervisor on `runtime`. If that fails for good, as by a
    /// wrong password, the requests that wait for it fail.
    pub(super) fn lazy(
        settings: Arc<Settings>,
        monitor: Arc<Monitor>,
        multi: Arc<MultiAccess>,
        runtime: runtime::Handle,
    ) -> SharedConnection {
        let state = Arc::new(SharedState::new(settings, monitor, multi));
        state.queue.set_supervisor_runtime(runtime.id());
        SharedConnection { state, supervision: Mutex::new(Supervision { runtime: Some(runtime), task: None }) }
    }

    #[cold]
    fn spawn_supervisor(&self) {
        // Made first: outside of any runtime a panic drops it, which fails the parked requests.
        let supervisor = supervise(self.state.clone());
        let first = lock(&self.supervision).runtime.take();
        let runtime = first.unwrap_or_else(runtime::Handle::current);
        self.state.multi.set_supervisor_runtime(Some(runtime.clone()));
        // Without the lock: a runtime that was shut down drops the task at once, which fails the parked requests.
        let task = runtime.spawn(supervisor);
        lock(&self.supervision).task = Some(task);
    }

    /// Sends a request as one contiguous piece and returns its replies, at least one, in order, as one piece that may
    /// hold push messages between them. A transaction fails where MULTI is refused.
    ///
    /// Dropped before its first poll it sends nothing; later, the request runs and its replies are discarded.
    pub(crate) async fn call(self: &Arc<Self>, request: Request) -> Result<RawReplies, RequestError> {
        let mut request = Some(request);
        let submitted =
            poll_fn(|cx| Poll::Ready(request.take().map(|mut request| self.clone().start(&mut request, cx)))).await;
        match submitted {
            Some(response) => response?.await,
            None => std::future::pending().await,
        }
    }

    /// Submits a request, which runs from here on, and returns the future of its replies. That counts as polled once with
    /// `cx`.
    pub(crate) fn start(
        self: Arc<Self>,
        request: &mut Request,
        cx: &mut Context<'_>,
    ) -> Result<ResponseFuture, RequestError> {
        self.start_bytes((request.replies(), request.framing()), request.take_bytes().into(), cx)
    }

    /// Submits a request as [`start`](SharedConnection::start) does; the caller keeps it, to send it again where its replies say so.
    pub(crate) fn start_kept(
        self: Arc<Self>,
        request: &Request,
        cx: &mut Context<'_>,
    ) -> Result<ResponseFuture, RequestError> {
        self.start_bytes((request.replies(), request.framing()), request.bytes().into(), cx)
    }

    #[inline(always)]
    fn start_bytes(
        self: Arc<Self>,
        facts: (usize, Framing),
        bytes: Cow<'_, [u8]>,
        cx: &mut Context<'_>,
    ) -> Result<ResponseFuture, RequestError> {
        let submitted = self.state.queue.submit(facts, bytes, cx.waker(), current_runtime());
        let Submitted { receiver, driver_waker, unsupervised, foreign, waits } =
            submitted.map_err(RequestError::NotSent)?;
        if unsupervised {
            self.spawn_supervisor();
        }
        let leads = match driver_waker {
            Some(task) if waits => {
                task.wake();
                None
            }
            task => task.and_then(|task| self.state.leader.try_lead(cx, &task)),
        };
        let mut response = ResponseFuture { receiver, leads, timer: None, waits, shared: self };
        if foreign || waits {
            response.set_timer(cx);
        }
        Ok(response)
    }

    /// The address of the server, or that by which it is found.
    pub(crate) fn address(&self) -> &Address {
        &self.state.settings.address
    }

    /// The counters and events of the server.
    pub(crate) fn monitor(&self) -> &Arc<Monitor> {
        &self.state.monitor
    }

    /// Whether the server allows MULTI.
    pub(crate) fn multi(&self) -> &Arc<MultiAccess> {
        &self.state.multi
    }

    /// Fails while the server refuses MULTI, which it is asked again. Without a connection a transaction waits for the next one,
    /// which asks by itself.
    pub(crate) async fn allow_transaction(&self) -> Result<()> {
        if self.state.queue.is_open() { self.state.multi.check_again().await } else { Ok(()) }
    }

    /// The session of the present connection, or of the last one.
    pub(crate) fn session(&self) -> Arc<Session> {
        self.state.session()
    }

    /// The detection of a failover, for the pool of the same address.
    pub(super) fn failover(&self) -> &Arc<Failover> {
        &self.state.failover
    }

    /// Gives up the connection with this number, whose replies do not match its requests; later requests go to another one.
    pub(crate) fn give_up(&self, epoch: Option<Epoch>) {
        self.state.queue.give_up(epoch, "the client gave up the connection");
    }

    /// Takes no more requests, waits for the responses to those that were taken, and closes the connection.
    pub(super) async fn close(&self) {
        let SharedState { queue, monitor, .. } = &*self.state;
        let unsupervised = queue.close(Drain::Draining);
        let supervisor = lock(&self.supervision).task.take();
        if let Some(supervisor) = supervisor {
            // An error means that the task's runtime was shut down, so the task has ended too.
            let _ = supervisor.await;
        }
        if unsupervised {
            monitor.closed();
        }
        // The supervisor says so at its end, for which another caller of `close` may wait too.
        monitor.wait_closed().await;
    }

    /// Takes no more requests, for `reason`, which is their error and that of those that are not written. The connection is closed,
    /// and the supervisor ends, when the others have their responses.
    pub(super) fn leave(&self, reason: &'static str) {
        self.state.queue.depart(reason);
        self.state.multi.stop();
    }

    /// Fails the requests that wait for a connection, for `reason`.
    pub(super) fn fail_parked(&self, reason: &'static str) {
        self.state.queue.fail_unwritten(&not_sent(reason));
    }

    /// Ends the connection at once, for `reason`, and fails the requests that wait for the next one.
    pub(super) fn abandon(&self, reason: &'static str) {
        self.state.leader.disconnect(closed(reason).into());
        self.fail_parked(reason);
    }

    /// Pings the server, and waits for no answer.
    pub(super) fn ping(self: &Arc<Self>) {
        drop(self.clone().start(&mut Request::control(PING), &mut Context::from_waker(Waker::noop())));
    }

    /// Returns a mark that changes when a request is answered; `None` while no request waits for its replies.
    pub(super) fn progress(&self) -> Option<u64> {
        let pending = self.state.leader.pending();
        let waits = pending.in_flight > 0 || self.state.queue.count().requests > 0;
        waits.then_some(pending.front)
    }

    /// The metrics, without those of the pool.
    pub(super) fn metrics(&self) -> Metrics {
        let queued = self.state.queue.count();
        let pending = self.state.leader.pending();
        Metrics {
            in_flight: pending.in_flight + queued.requests,
            queued: pending.unwritten + queued.requests,
            queued_bytes: queued.unwritten_bytes,
            waiting_bytes: queued.waiting_bytes,
            ..self.state.monitor.metrics()
        }
    }
}

impl Drop for SharedConnection {
    fn drop(&mut self) {
        self.state.queue.close(Drain::Immediate);
        self.state.multi.stop();
    }
}

impl fmt::Debug for SharedConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let session = self.session();
        f.debug_struct("SharedConnection")
            .field("protocol", &session.protocol)
            .field("server_version", &session.server_version)
            .finish_non_exhaustive()
    }
}

/// The future of the replies to a request that was submitted.
pub(crate) struct ResponseFuture {
    receiver: Receiver,
    /// The number of the connection that this caller leads, if it does.
    leads: Option<Epoch>,
    /// A timer of the caller's own, where that of the driver may not fire or does not know the request.
    timer: Option<Box<Alarm>>,
    /// The request was in line for room when it was submitted.
    waits: bool,
    shared: Arc<SharedConnection>,
}

/// The runtime that polls the caller, if it is one of tokio.
#[inline]
fn current_runtime() -> Option<runtime::Id> {
    runtime::Handle::try_current().ok().map(|runtime| runtime.id())
}

fn alarm_at(at: Option<Instant>) -> Option<Box<Alarm>> {
    at.map(|at| Box::new(Alarm::new(at.into_std())))
}

impl ResponseFuture {
    #[cold]
    fn set_timer(&mut self, cx: &mut Context<'_>) {
        let timeout = self.shared.state.settings.response_timeout;
        self.timer = alarm_at(timeout.and_then(|timeout| Instant::now().checked_add(timeout)));
        self.poll_timer(cx);
    }

    /// Fails the request when the timer says that it is late.
    #[cold]
    fn poll_timer(&mut self, cx: &mut Context<'_>) {
        while let Some(timer) = &mut self.timer {
            if Pin::new(&mut **timer).poll(cx).is_pending() {
                return;
            }
            // It either has a response now, or is to be waited for.
            self.timer = alarm_at(self.shared.state.expire_for(&self.receiver));
        }
    }

    /// The connection that the request was submitted to.
    pub(crate) fn shared(&self) -> &Arc<SharedConnection> {
        &self.shared
    }

    #[inline]
    fn step_down(&mut self) {
        if let Some(epoch) = self.leads.take() {
            self.shared.state.leader.step_down(epoch);
        }
    }
}

impl Future for ResponseFuture {
    type Output = Result<RawReplies, RequestError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if self.timer.is_some() {
            self.poll_timer(cx);
        }
        let leads = self.leads.filter(|epoch| self.shared.state.leader.poll_led(cx, *epoch, &self.receiver));
        self.leads = leads;
        let response = ready!(self.receiver.poll(cx));
        (self.timer, self.waits) = (None, false);
        self.step_down();
        Poll::Ready(response.map_err(|error| self.shared.state.monitor.count_unknown_outcome(error)))
    }
}

impl Drop for ResponseFuture {
    #[inline]
    fn drop(&mut self) {
        if self.waits {
            self.shared.state.queue.leave(&self.receiver);
        }
        self.step_down();
    }
}
