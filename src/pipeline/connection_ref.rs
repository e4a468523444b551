//! One connection, shared or dedicated, as a request and the scripts that it needs are sent on it.

use crate::{
    connection::{
        Epoch, MultiAccess, RawReplies, Request, RequestError, ScriptLoad, Session, SharedConnection, WatchedConnection,
    },
    resp::{Reader, ScriptSource},
};
use std::{borrow::Cow, sync::Arc};

/// The connection that a request is sent on.
pub(super) enum ConnectionRef<'a> {
    Shared(Arc<SharedConnection>),
    /// A dedicated connection that the request owns.
    Dedicated(Box<WatchedConnection>),
    /// The dedicated connection of a watching pipeline.
    Watching(&'a mut WatchedConnection),
}

impl ConnectionRef<'_> {
    /// Sends `request` in one write, and the scripts that it needs before it, and returns the replies to the request.
    pub(super) async fn call(&mut self, request: Request) -> Result<RawReplies, RequestError> {
        if request.scripts().is_empty() {
            return self.exchange(request).await;
        }
        let scripts = request.scripts().to_vec();
        self.load(&scripts).await?;
        let behind = self.outgoing(request).behind(Request::load(&scripts));
        let replies = self.send(behind).await.map_err(|failure| without_scripts(failure, scripts.len()))?;
        let mut reader = Reader::new(&replies.bytes);
        for _ in &scripts {
            reader.skip().map_err(|_| RequestError::Protocol { answered: 0, reason: "a reply is missing".into() })?;
        }
        Ok(self.incoming(RawReplies { bytes: reader.rest(), ..replies }))
    }

    async fn exchange(&mut self, request: Request) -> Result<RawReplies, RequestError> {
        let replies = self.send(self.outgoing(request)).await?;
        Ok(self.incoming(replies))
    }

    fn outgoing(&self, request: Request) -> Request {
        match self {
            ConnectionRef::Shared(_) => request,
            ConnectionRef::Dedicated(connection) => connection.outgoing(Cow::Owned(request)).into_owned(),
            ConnectionRef::Watching(connection) => connection.outgoing(Cow::Owned(request)).into_owned(),
        }
    }

    fn incoming(&self, replies: RawReplies) -> RawReplies {
        match self {
            ConnectionRef::Shared(_) => replies,
            ConnectionRef::Dedicated(connection) => connection.incoming(replies),
            ConnectionRef::Watching(connection) => connection.incoming(replies),
        }
    }

    async fn send(&mut self, request: Request) -> Result<RawReplies, RequestError> {
        match self {
            ConnectionRef::Shared(shared) => shared.call(request).await,
            ConnectionRef::Dedicated(connection) => connection.call(&request).await,
            ConnectionRef::Watching(connection) => connection.call(&request).await,
        }
    }

    /// Loads the scripts that this connection has not seen, and waits until they are accepted.
    async fn load(&mut self, scripts: &[Arc<ScriptSource>]) -> Result<(), RequestError> {
        match ScriptLoad::of_unknown(scripts, self.session()) {
            Some(load) => load.finish(self.send(load.request()).await),
            None => Ok(()),
        }
    }

    fn session(&self) -> Arc<Session> {
        match self {
            ConnectionRef::Shared(shared) => shared.session(),
            ConnectionRef::Dedicated(connection) => connection.session().clone(),
            ConnectionRef::Watching(connection) => connection.session().clone(),
        }
    }

    /// Closes the connection, whose replies do not match what was asked; the shared one if it is still that of this number.
    pub(super) fn abandon(&mut self, epoch: Option<Epoch>) {
        match self {
            ConnectionRef::Shared(shared) => shared.give_up(epoch),
            ConnectionRef::Dedicated(connection) => connection.close(),
            ConnectionRef::Watching(connection) => connection.close(),
        }
    }

    /// Whether the server allows MULTI.
    pub(super) fn multi(&self) -> &MultiAccess {
        match self {
            ConnectionRef::Shared(shared) => shared.multi(),
            ConnectionRef::Dedicated(connection) => connection.multi(),
            ConnectionRef::Watching(connection) => connection.multi(),
        }
    }

    pub(super) fn dedicated(&mut self) -> Option<&mut WatchedConnection> {
        match self {
            ConnectionRef::Shared(_) => None,
            ConnectionRef::Dedicated(connection) => Some(connection),
            ConnectionRef::Watching(connection) => Some(connection),
        }
    }
}

/// Counts only the replies behind those to `scripts` scripts.
fn without_scripts(failure: RequestError, scripts: usize) -> RequestError {
    let behind = |answered: usize| answered.saturating_sub(scripts);
    match failure {
        RequestError::Lost { answered, source } => RequestError::Lost { answered: behind(answered), source },
        RequestError::TimedOut { answered, after } => RequestError::TimedOut { answered: behind(answered), after },
        RequestError::Protocol { answered, reason } => RequestError::Protocol { answered: behind(answered), reason },
        failure => failure,
    }
}
