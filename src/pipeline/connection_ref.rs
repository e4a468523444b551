//! One connection, shared or dedicated, as a request and the scripts that it needs are sent on it.

use crate::{
    connection::{
        Epoch, MultiAccess, RawReplies, Request, RequestError, ScriptLoad, ScriptReload, Session, SharedConnection,
        WatchedConnection, note_missing,
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
        let behind = self.outgoing(request).behind(ScriptReload::commands(&scripts));
        let answer = without_scripts(self.send(behind).await, ScriptReload::replies(&scripts));
        if let Ok(replies) = &answer {
            note_missing(&scripts, &replies.bytes, &self.session());
        }
        self.incoming(answer)
    }

    async fn exchange(&mut self, request: Request) -> Result<RawReplies, RequestError> {
        let answer = self.send(self.outgoing(request)).await;
        self.incoming(answer)
    }

    fn outgoing(&self, request: Request) -> Request {
        match self {
            ConnectionRef::Shared(_) => request,
            ConnectionRef::Dedicated(connection) => connection.outgoing(Cow::Owned(request)).into_owned(),
            ConnectionRef::Watching(connection) => connection.outgoing(Cow::Owned(request)).into_owned(),
        }
    }

    fn incoming(&self, answer: Result<RawReplies, RequestError>) -> Result<RawReplies, RequestError> {
        match self {
            ConnectionRef::Shared(_) => answer,
            ConnectionRef::Dedicated(connection) => connection.incoming(answer),
            ConnectionRef::Watching(connection) => connection.incoming(answer),
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

/// Returns the answer to a request alone, without the replies to SCRIPT LOAD of so many scripts, which come first.
fn without_scripts(answer: Result<RawReplies, RequestError>, scripts: usize) -> Result<RawReplies, RequestError> {
    let replies = answer.map_err(|failure| failure.without_first(scripts))?;
    let mut reader = Reader::new(&replies.bytes);
    for _ in 0..scripts {
        reader.skip().map_err(|_| RequestError::missing_reply())?;
    }
    Ok(RawReplies { bytes: reader.rest(), ..replies })
}
