//! The connection of a watching pipeline: a dedicated one, which in a cluster stays with the node and the slot of its watch.

use crate::{
    connection::{
        cluster::WatchGuard,
        failure::RequestError,
        pool::PooledConnection,
        request::{RawReplies, Request},
        router::RequestRoute,
    },
    error::Result,
    trace,
};
use std::{
    borrow::Cow,
    io,
    ops::{Deref, DerefMut},
};

/// A dedicated connection on which keys are watched.
#[derive(Debug)]
pub struct WatchedConnection {
    connection: PooledConnection,
    /// The slot of the watched keys; `None` where one server has them all.
    guard: Option<Box<WatchGuard>>,
}

impl WatchedConnection {
    /// Takes a dedicated connection to the server that the route of a WATCH leads to.
    pub(crate) async fn acquire(route: &RequestRoute<'_>, watch: &Request) -> Result<WatchedConnection> {
        let connection = route.acquire().await?;
        Ok(WatchedConnection { connection, guard: route.guard(watch) })
    }

    /// Fails for keys that are in another slot than the watched ones.
    pub(crate) fn check(&self, request: &Request) -> Result<()> {
        let Some(guard) = &self.guard else { return Ok(()) };
        trace::on_node(self.connection.monitor().server());
        guard.check(request)
    }

    /// Returns the request as it is to be sent on this connection: behind ASKING, if the node imports the slot.
    pub(crate) fn outgoing<'r>(&self, request: Cow<'r, Request>) -> Cow<'r, Request> {
        match &self.guard {
            Some(guard) => guard.outgoing(request),
            None => request,
        }
    }

    /// Returns the answer to the request alone.
    pub(crate) fn incoming(&self, answer: Result<RawReplies, RequestError>) -> Result<RawReplies, RequestError> {
        match &self.guard {
            Some(guard) => guard.incoming(answer),
            None => answer,
        }
    }

    /// Returns a transaction that has a key of the watched slot, and whether a lookup was added for that.
    pub(crate) fn guarded(&self, request: Request) -> (Request, bool) {
        match &self.guard {
            Some(guard) => guard.guarded(request),
            None => (request, false),
        }
    }

    /// Returns a copy of the request that is about to be sent, by which a [refusal](Self::refusal) of it is recognized; `None`
    /// where no node can refuse it so.
    pub(crate) fn kept(&self, request: &Request) -> Option<Request> {
        self.guard.as_ref().map(|_| request.clone())
    }

    /// Returns the refusal that the answer to a kept request is, if the slot is not served here any more, or nothing is for now.
    /// The watch is void then.
    pub(crate) fn refusal(
        &self,
        kept: Option<&Request>,
        answer: &Result<RawReplies, RequestError>,
    ) -> Option<io::Error> {
        let has_errors = answer.as_ref().map_or(true, |replies| replies.errors);
        let guard = self.guard.as_ref().filter(|_| has_errors)?;
        guard.refusal(kept?, answer)
    }

    /// Sends a request that may block on the server.
    pub(crate) async fn call_blocking(&mut self, request: Request) -> Result<RawReplies, RequestError> {
        let request = self.outgoing(Cow::Owned(request));
        let answer = self.connection.call_blocking(&request).await;
        self.incoming(answer)
    }

    /// Gives the connection back clean.
    pub(crate) async fn reset(self) {
        self.connection.reset().await;
    }
}

impl Deref for WatchedConnection {
    type Target = PooledConnection;
    fn deref(&self) -> &PooledConnection {
        &self.connection
    }
}

impl DerefMut for WatchedConnection {
    fn deref_mut(&mut self) -> &mut PooledConnection {
        &mut self.connection
    }
}
