//! The future of the raw replies to one request. Commands and batches stand on it, whichever connection they are sent on.

use super::connection_ref::ConnectionRef;
use crate::{
    connection::{Epoch, Handle, InFlight, RawReplies, Request, RequestError, WatchedConnection},
    error::{Error, ServerError},
    resp::Framing,
};
use std::{
    future::Future,
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

/// A request on its way.
///
/// Nothing is sent before the first poll. Nearly all requests need nothing but the shared connection, so their path has
/// no box.
pub(super) struct RequestFuture<'a> {
    state: State<'a>,
}

enum State<'a> {
    New(Handle, Request),
    /// On shared connections.
    Sent(InFlight),
    /// Scripts are to be loaded, a dedicated connection is needed, or the request may be sent again.
    Boxed(Pin<Box<dyn Future<Output = Result<Answered<'a>, RequestError>> + Send + 'a>>),
    /// The replies came on this connection.
    Answered(ConnectionRef<'a>),
    /// The request cannot be sent.
    Rejected(Option<Error>),
    Done,
}

/// The answer to a request.
pub(super) struct Answered<'a> {
    pub(super) replies: RawReplies,
    /// The connection that the replies came on, where they may decide whether it is closed.
    pub(super) connection: Option<ConnectionRef<'a>>,
}

impl<'a> RequestFuture<'a> {
    /// Sends on the shared connection.
    #[inline]
    pub(super) fn shared(handle: Handle, request: Request) -> Self {
        RequestFuture { state: State::New(handle, request) }
    }

    /// Sends by polling `answered`.
    pub(super) fn boxed(answered: impl Future<Output = Result<Answered<'a>, RequestError>> + Send + 'a) -> Self {
        RequestFuture { state: State::Boxed(Box::pin(answered)) }
    }

    /// Sends nothing.
    #[cold]
    pub(super) fn rejected(error: Error) -> Self {
        RequestFuture { state: State::Rejected(Some(error)) }
    }

    /// Closes the shared connection of that number, whose replies do not match what was asked.
    #[cold]
    pub(super) fn abandon(&mut self, epoch: Option<Epoch>) {
        match &mut self.state {
            State::Sent(in_flight) => in_flight.shared().into_iter().for_each(|shared| shared.give_up(epoch)),
            State::Answered(connection) => connection.abandon(epoch),
            State::New(..) | State::Boxed(_) | State::Rejected(_) | State::Done => {}
        }
    }

    /// Notes that the server refused MULTI, so that the next transaction is not sent.
    #[cold]
    pub(super) fn refuse_multi(&self, error: &ServerError) {
        match &self.state {
            State::Sent(in_flight) => in_flight.shared().into_iter().for_each(|shared| shared.multi().refuse(error)),
            State::Answered(connection) => connection.multi().refuse(error),
            State::New(..) | State::Boxed(_) | State::Rejected(_) | State::Done => {}
        }
    }

    /// Returns the watched connection that the replies came on, if they did.
    #[inline]
    pub(super) fn watched(&mut self) -> Option<&mut WatchedConnection> {
        match &mut self.state {
            State::Answered(connection) => connection.dedicated(),
            _ => None,
        }
    }

    /// Gives back a dedicated connection that the replies came on.
    #[inline]
    pub(super) fn release(&mut self) {
        if let State::Answered(_) = self.state {
            self.state = State::Done;
        }
    }

    /// Returns the connection that the replies came on.
    pub(super) fn into_connection(self) -> Option<ConnectionRef<'a>> {
        match self.state {
            State::Sent(in_flight) => in_flight.shared().cloned().map(ConnectionRef::Shared),
            State::Answered(connection) => Some(connection),
            State::New(..) | State::Boxed(_) | State::Rejected(_) | State::Done => None,
        }
    }

    /// Submits the request. `cx` is woken when the future is to be polled again.
    fn start(&mut self, cx: &mut Context<'_>) -> Result<(), RequestError> {
        let State::New(handle, request) = &mut self.state else { return Ok(()) };
        let is_gated = request.framing() == Framing::Transaction && handle.refuses_multi();
        if let (Some(shared), false, []) = (handle.only_shared(), is_gated, request.scripts()) {
            // On the way to one server nothing is moved but the bytes.
            match shared.clone().start(request, cx) {
                Ok(response) => self.state = State::Sent(InFlight::Single(response)),
                Err(error) => {
                    self.state = State::Done;
                    return Err(error);
                }
            }
            return Ok(());
        }
        self.start_elsewhere(is_gated, cx)
    }

    /// Submits the request where there are several servers, or something is needed before it.
    fn start_elsewhere(&mut self, is_gated: bool, cx: &mut Context<'_>) -> Result<(), RequestError> {
        let State::New(handle, request) = mem::replace(&mut self.state, State::Done) else { return Ok(()) };
        self.state = if is_gated || !request.scripts().is_empty() {
            State::Boxed(Box::pin(prepared(handle, request)))
        } else {
            State::Sent(handle.submit(request, cx)?)
        };
        Ok(())
    }
}

impl Future for RequestFuture<'_> {
    type Output = Result<RawReplies, RequestError>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let State::New(..) = self.state {
            self.start(cx)?;
            if let State::Sent(_) = self.state {
                return Poll::Pending;
            }
        }
        match &mut self.state {
            State::Sent(in_flight) => Pin::new(in_flight).poll(cx),
            State::Boxed(answered) => {
                let answered = ready!(answered.as_mut().poll(cx));
                self.state = State::Done;
                let Answered { replies, connection } = answered?;
                if let Some(connection) = connection {
                    self.state = State::Answered(connection);
                }
                Poll::Ready(Ok(replies))
            }
            State::Rejected(error) => match error.take() {
                Some(error) => Poll::Ready(Err(RequestError::NotSent(error))),
                None => Poll::Pending,
            },
            State::New(..) | State::Answered(_) | State::Done => Poll::Pending,
        }
    }
}

/// Sends a request that needs something before it: scripts, or the right to MULTI.
async fn prepared<'a>(handle: Handle, request: Request) -> Result<Answered<'a>, RequestError> {
    handle.check(&request).map_err(RequestError::NotSent)?;
    if handle.scatters(&request) {
        let (replies, shared) = handle.call(request).await?;
        return Ok(Answered { replies, connection: shared.map(ConnectionRef::Shared) });
    }
    let mut route = handle.route(&request).await.map_err(RequestError::NotSent)?;
    loop {
        route.reach().await.map_err(RequestError::NotSent)?;
        let shared = route.shared().clone();
        if request.framing() == Framing::Transaction {
            shared.allow_transaction().await.map_err(RequestError::NotSent)?;
        }
        let mut connection = ConnectionRef::Shared(shared);
        if !route.repeats() {
            let replies = connection.call(request).await?;
            return Ok(Answered { replies, connection: Some(connection) });
        }
        let answer = route.incoming(connection.call(route.outgoing(&request).into_owned()).await);
        if !route.again(&request, &answer).await {
            return answer.map(|replies| Answered { replies, connection: Some(connection) });
        }
    }
}
