//! SCRIPT LOAD on one connection, before the requests that run the scripts: a script that does not compile must stop what it is
//! queued with.

use crate::{
    connection::{
        failure::RequestError,
        request::{RawReplies, Request},
        transport::Session,
    },
    error::{CommandPosition, Error, ServerError, TimeoutKind},
    resp::{DecodeError, Reader, ScriptSource},
};
use std::{io, sync::Arc};

const SCRIPT_LOAD: CommandPosition = CommandPosition::unnumbered("SCRIPT LOAD");

/// The scripts that a connection has not seen. Those that were accepted once are sent again with the requests that need them, so
/// that SCRIPT FLUSH by another client does no harm.
pub(crate) struct ScriptLoad {
    scripts: Vec<Arc<ScriptSource>>,
    session: Arc<Session>,
}

impl ScriptLoad {
    /// Returns the load that a request with these scripts must wait for; `None` if the connection has seen them all.
    pub(crate) fn of_unknown(scripts: &[Arc<ScriptSource>], session: Arc<Session>) -> Option<ScriptLoad> {
        let scripts: Vec<_> = scripts.iter().filter(|script| !session.knows(&script.sha1)).cloned().collect();
        (!scripts.is_empty()).then_some(ScriptLoad { scripts, session })
    }

    /// Returns the request that loads the scripts.
    pub(crate) fn request(&self) -> Request {
        Request::plain(Request::load(&self.scripts))
    }

    /// Takes the answer to the [request](Self::request). After an error nothing of what the scripts are for was sent.
    pub(crate) fn finish(&self, answer: Result<RawReplies, RequestError>) -> Result<(), RequestError> {
        let replies = answer.map_err(not_loaded)?;
        let mut reader = Reader::new(&replies.bytes);
        for script in &self.scripts {
            let loaded = reader.read_reply(|reader| reader.bytes().map(drop));
            loaded.map_err(|error| RequestError::NotSent(refused(error)))?;
            self.session.learned(&script.sha1);
        }
        Ok(())
    }
}

fn refused(error: DecodeError) -> Error {
    match error {
        DecodeError::Server(error) => Error::Server { at: SCRIPT_LOAD, error: ServerError::proving_not_run(error) },
        DecodeError::Mismatch(reason) => Error::Reply { at: SCRIPT_LOAD, reason },
    }
}

/// A failure while scripts were loaded, when nothing of the request itself was sent.
fn not_loaded(failure: RequestError) -> RequestError {
    match failure {
        RequestError::NotSent(error) => RequestError::NotSent(error),
        RequestError::Lost { source, .. } => RequestError::not_sent(source),
        RequestError::TimedOut { after, .. } => {
            let (kind, at) = (TimeoutKind::ScriptLoad, Some(SCRIPT_LOAD));
            RequestError::NotSent(Error::Timeout { kind, after, at })
        }
        RequestError::Protocol { reason, .. } => {
            RequestError::not_sent(io::Error::new(io::ErrorKind::InvalidData, String::from(reason)))
        }
        failure @ RequestError::Partial(_) => failure,
    }
}
