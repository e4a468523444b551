//! Watching keys: the request of a WATCH, and the lookup that it needs on servers before Redis 7.0.

use super::command_future::{failed_while_watching, lost_watch};
use crate::{
    argument::Arguments,
    command::{Access, encode::AsKey},
    connection::{Handle, RawReplies, Request, RequestError, WatchedConnection},
    error::{CommandPosition, Error, Result, ServerError},
    resp::{CommandBuffer, FirstArgument, KeyTracking, Name, Reader, encoded_len},
};
use std::borrow::Cow;

pub(super) const WATCH: CommandPosition = CommandPosition::unnumbered("WATCH");

/// Encodes a WATCH of `keys`.
pub(crate) fn watch_request(keys: &impl Arguments, tracks_keys: bool) -> Result<Request> {
    const NAME: Name<{ encoded_len("WATCH") }> = Name::new("WATCH");
    let mut buffer = CommandBuffer::new(KeyTracking::together(tracks_keys));
    buffer.command(FirstArgument::Other, |out| {
        out.command(&NAME, keys.count());
        AsKey(keys).write_all(out);
    });
    let request = Request::watch(buffer);
    match request.check() {
        Ok(()) => Ok(request),
        Err(rejected) => Err(Error::Argument { at: WATCH, reason: rejected.reason }),
    }
}

/// Watches the keys of `request` on a dedicated connection: in a cluster on the node of their slot, as redirects lead there.
pub(super) async fn first(handle: &Handle, request: &Request) -> Result<WatchedConnection> {
    handle.check(request)?;
    let mut route = handle.route(request).await?;
    loop {
        let (answer, error) = match WatchedConnection::acquire(&route, request).await {
            Ok(mut connection) => {
                let answer = exchange(&mut connection, request).await;
                match finish(&connection, &answer) {
                    Ok(()) => return Ok(connection),
                    // The connection goes back before a pause, because others may wait for its place in the pool.
                    Err(error) => (answer, error),
                }
            }
            Err(error) => (Err(RequestError::NotSent(error.clone())), error),
        };
        if !route.again(request, &answer).await {
            return Err(error);
        }
    }
}

/// Watches further keys on a connection on which keys are watched already.
pub(super) async fn more(connection: &mut WatchedConnection, request: &Request) -> Result<()> {
    connection.check(request)?;
    let answer = exchange(connection, request).await;
    if let Some(refusal) = connection.refusal(Some(request), &answer) {
        return Err(lost_watch(connection, WATCH, refusal).into_error(|_| WATCH));
    }
    finish(connection, &answer)
}

/// Sends a WATCH, and returns the reply to it.
async fn exchange(connection: &mut WatchedConnection, request: &Request) -> Result<RawReplies, RequestError> {
    let looks_up = connection.session().conflicts_on_expired_keys();
    let mut outgoing = connection.outgoing(Cow::Borrowed(request));
    if looks_up {
        outgoing = Cow::Owned(outgoing.into_owned().behind(exists_request(request)));
    }
    connection.set_watched(true);
    let mut answer = connection.call(&outgoing).await;
    if let Some(replies) = answer.as_mut().ok().filter(|_| looks_up) {
        // A refused lookup is no error, because a user may be allowed WATCH alone: an expired key is a conflict then.
        let mut reader = Reader::new(&replies.bytes);
        if reader.skip().is_ok() {
            replies.bytes = reader.rest();
        }
    }
    connection.incoming(answer)
}

/// Reads the reply to WATCH.
fn finish(connection: &WatchedConnection, answer: &Result<RawReplies, RequestError>) -> Result<()> {
    match answer {
        Ok(replies) => {
            let read = Reader::new(&replies.bytes).read_reply(|reader| reader.bytes().map(drop));
            // Whatever the reason, a WATCH runs nothing.
            read.map_err(|error| error.into_error(WATCH, ServerError::proving_not_run))
        }
        Err(failure) => {
            let failure = failed_while_watching(connection, failure.clone(), WATCH, Access::ReadOnly);
            Err(failure.into_error(|_| WATCH))
        }
    }
}

/// Encodes an EXISTS of the keys that `watch` watches. A lookup removes an expired key, so that the WATCH behind it finds
/// none; behind WATCH the removal would itself be a conflict.
fn exists_request(watch: &Request) -> CommandBuffer {
    const NAME: Name<{ encoded_len("EXISTS") }> = Name::new("EXISTS");
    let keys = watch.arguments();
    let mut buffer = CommandBuffer::default();
    buffer.command(FirstArgument::Other, |out| {
        out.command(&NAME, keys.len());
        keys.iter().for_each(|key| out.bulk(key));
    });
    buffer
}
