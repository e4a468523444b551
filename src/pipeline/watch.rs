//! Watching keys: the request of a WATCH, and the lookup that it needs on servers before Redis 7.0.

use super::{command_future::failed_while_watching, state::Watching};
use crate::{
    argument::Arguments,
    command::{Access, encode::AsKey},
    connection::Request,
    error::{CommandPosition, Error, Result, ServerError},
    resp::{CommandBuffer, DecodeError, FirstArgument, Name, Reader, encoded_len},
};
use std::future::Future;

pub(super) const WATCH: CommandPosition = CommandPosition::unnumbered("WATCH");

/// Encodes a WATCH of `keys`.
pub(crate) fn watch_request(keys: &impl Arguments, tracks_keys: bool) -> Result<Request> {
    const NAME: Name<{ encoded_len("WATCH") }> = Name::new("WATCH");
    let mut buffer = CommandBuffer::new(tracks_keys);
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

/// Watches the keys of `request` on the connection that is acquired.
pub(super) async fn watch(
    acquired: impl Future<Output = Result<Watching>>,
    request: Result<Request>,
) -> Result<Watching> {
    let mut request = request?;
    let mut watching = acquired.await?;
    let looks_up = watching.connection.session().conflicts_on_expired_keys();
    if looks_up {
        let lookup = exists_request(&request);
        request = request.behind(lookup);
    }
    watching.connection.set_watched(true);
    let replies = match watching.connection.call(&request).await {
        Ok(replies) => replies,
        Err(failure) => {
            let failure = failed_while_watching(&watching.connection, failure, WATCH, Access::ReadOnly);
            return Err(failure.into_error(|_| WATCH));
        }
    };
    match read_watch(Reader::new(&replies.bytes), looks_up) {
        Ok(()) => Ok(watching),
        // Whatever the reason, a WATCH runs nothing.
        Err(error) => Err(error.into_error(WATCH, ServerError::proving_not_run)),
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

/// Reads the reply to WATCH, behind that to EXISTS where there was a lookup. A refused lookup is no error, because a user
/// may be allowed WATCH alone: an expired key is a conflict then.
fn read_watch(mut reader: Reader<'_>, looked_up: bool) -> Result<(), DecodeError> {
    if looked_up {
        reader.skip()?;
    }
    reader.read_reply(|reader| reader.bytes().map(drop))
}
