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
    pub(crate) fn outgoing(&self, request: Request) -> Request {
        match &self.guard {
            Some(guard) => guard.outgoing(request),
            None => request,
        }
    }

    /// Returns the replies to the request alone.
    pub(crate) fn incoming(&self, replies: RawReplies) -> RawReplies {
        match &self.guard {
            Some(guard) => guard.incoming(replies),
            None => replies,
        }
    }

    /// Returns a transaction that has a key of the watched slot, and whether a lookup was added for that.
    pub(crate) fn guarded(&self, request: Request) -> (Request, bool) {
        match &self.guard {
            Some(guard) => guard.guarded(request),
            None => (request, false),
        }
    }

    /// Returns the refusal that the answer to a request is, if the slot is not served here any more, or nothing is for now. The
    /// watch is void then.
    pub(crate) fn refusal(&self, request: &Request, replies: &RawReplies) -> Option<io::Error> {
        self.guard.as_ref().filter(|_| replies.errors).and_then(|guard| guard.refusal(request, replies))
    }

    /// Sends a request that may block on the server.
    pub(crate) async fn call_blocking(&mut self, request: Request) -> Result<RawReplies, RequestError> {
        let request = self.outgoing(request);
        let replies = self.connection.call_blocking(&request).await?;
        Ok(self.incoming(replies))
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
