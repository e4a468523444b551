//! The shared connection: any number of callers at a time send their requests over it, many in one write, and each
//! receives the bytes of its own replies.
//!
//! - `oneshot`, `send_queue`: the channel of a response, and the queue of requests before the driver
//! - `timer`, `driver`, `leader`: reading and writing, and the choice of the task that does it
//! - `supervisor`: the task that reconnects
//! - `failover`: noticing that the server is no longer the primary

mod driver;
mod failover;
mod leader;
mod oneshot;
mod send_queue;
mod supervisor;
mod timer;

use crate::{
    connection::{
        config::Settings,
        failure::RequestError,
        metrics::{Metrics, Monitor},
        request::{RawReplies, Request},
        state::Epoch,
        sync::lock,
        transport::Session,
    },
    error::Result,
};
pub(super) use failover::{Failover, Generation, Origin};
use oneshot::Receiver;
use send_queue::{Drain, Submitted};
use std::{
    fmt,
    future::{Future, poll_fn},
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, ready},
};
use supervisor::{SharedState, supervise};
use tokio::task::JoinHandle;

/// A connection for any number of callers at a time, which is made again when it was lost. Its socket is closed when the
/// last owner drops it.
pub struct SharedConnection {
    state: Arc<SharedState>,
    /// The supervisor's task, until `close` waits for its end.
    supervisor: Mutex<Option<JoinHandle<()>>>,
}

impl SharedConnection {
    /// Connects, and spawns the supervisor on the current runtime.
    pub(super) async fn open(settings: Arc<Settings>, monitor: Arc<Monitor>) -> Result<SharedConnection> {
        let state = Arc::new(SharedState::open(settings, monitor).await?);
        let supervisor = Mutex::new(Some(tokio::spawn(supervise(state.clone()))));
        Ok(SharedConnection { state, supervisor })
    }

    /// Sends a request as one contiguous piece and returns its replies, at least one, in order, as one piece that may
    /// hold push messages between them. A transaction fails where MULTI is refused.
    ///
    /// Dropped before its first poll it sends nothing; later, the request runs and its replies are discarded.
    pub(crate) async fn call(self: &Arc<Self>, request: Request) -> Result<RawReplies, RequestError> {
        let mut request = Some(request);
        let submitted = poll_fn(|cx| Poll::Ready(request.take().map(|request| self.clone().start(request, cx)))).await;
        match submitted {
            Some(response) => response?.await,
            None => std::future::pending().await,
        }
    }

    /// Submits a request, which runs from here on, and returns the future of its replies. That counts as polled once with
    /// `cx`.
    pub(crate) fn start(
        self: Arc<Self>,
        request: Request,
        cx: &mut Context<'_>,
    ) -> Result<ResponseFuture, RequestError> {
        let SharedState { queue, leader, .. } = &*self.state;
        let submitted = queue.submit(request, cx.waker()).map_err(RequestError::NotSent)?;
        let Submitted { receiver, driver_waker, unsupervised } = submitted;
        if unsupervised {
            // The runtime of the last supervisor was shut down.
            *lock(&self.supervisor) = Some(tokio::spawn(supervise(self.state.clone())));
        }
        let leads = driver_waker.and_then(|task| leader.try_lead(cx, &task));
        Ok(ResponseFuture { receiver, leads, shared: self })
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
        self.state.queue.give_up(epoch);
    }

    /// Takes no more requests, waits for the responses to those that were taken, and closes the connection.
    pub(super) async fn close(&self) {
        let SharedState { queue, monitor, .. } = &*self.state;
        queue.close(Drain::Draining);
        let supervisor = lock(&self.supervisor).take();
        if let Some(supervisor) = supervisor {
            // An error means that the task's runtime was shut down, so the task has ended too.
            let _ = supervisor.await;
            monitor.closed();
        }
        // If another caller of `close` took the task, this one waits for the same end.
        monitor.wait_closed().await;
    }

    /// The metrics, without those of the pool.
    pub(super) fn metrics(&self) -> Metrics {
        let queued = self.state.queue.count();
        let pending = self.state.leader.pending();
        Metrics {
            in_flight: pending.in_flight + queued.requests,
            queued: pending.unwritten + queued.requests,
            queued_bytes: queued.unwritten_bytes,
            ..self.state.monitor.metrics()
        }
    }
}

impl Drop for SharedConnection {
    fn drop(&mut self) {
        self.state.queue.close(Drain::Immediate);
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
    shared: Arc<SharedConnection>,
}

impl ResponseFuture {
    /// The connection that the request was submitted to.
    pub(crate) fn shared(&self) -> &Arc<SharedConnection> {
        &self.shared
    }

    fn step_down(&mut self) {
        if let Some(epoch) = self.leads.take() {
            self.shared.state.leader.step_down(epoch);
        }
    }
}

impl Future for ResponseFuture {
    type Output = Result<RawReplies, RequestError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let leads = self.leads.filter(|epoch| self.shared.state.leader.poll_led(cx, *epoch, &self.receiver));
        self.leads = leads;
        let response = ready!(self.receiver.poll(cx));
        self.step_down();
        Poll::Ready(response.map_err(|error| self.shared.state.monitor.count_unknown_outcome(error)))
    }
}

impl Drop for ResponseFuture {
    fn drop(&mut self) {
        self.step_down();
    }
}
