//! SCRIPT LOAD and FUNCTION LOAD on one connection, before the requests that run the scripts and functions: a text that does not
//! compile must stop what it is queued with.

use crate::{
    connection::{
        failure::RequestError,
        request::{RawReplies, Request},
        transport::Session,
    },
    error::{CommandPosition, Error, ServerError, TimeoutKind},
    resp::{CommandBuffer, DecodeError, Reader, ScriptSource, SourceKind},
};
use std::{io, sync::Arc};

const SCRIPT_LOAD: CommandPosition = CommandPosition::unnumbered("SCRIPT LOAD");
const FUNCTION_LOAD: CommandPosition = CommandPosition::unnumbered("FUNCTION LOAD");

/// The error of a function whose library was removed after it was loaded.
const NO_FUNCTION: &[u8] = b"-ERR Function not found";

/// The scripts and libraries that a connection has not seen.
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
        let replies = answer.map_err(|failure| not_loaded(failure, &self.scripts))?;
        let mut reader = Reader::new(&replies.bytes);
        for script in &self.scripts {
            match reader.read_reply(|reader| reader.bytes().map(drop)) {
                Err(DecodeError::Server(error)) if is_there(script, &error) => {}
                loaded => loaded.map_err(|error| RequestError::NotSent(refused(error, position(script))))?,
            }
            self.session.learned(&script.sha1);
        }
        Ok(())
    }
}

/// The scripts that are loaded again with each request that runs them, so that SCRIPT FLUSH by another client does no harm.
pub(crate) struct ScriptReload;

impl ScriptReload {
    /// Returns the commands that load them again.
    pub(crate) fn commands(scripts: &[Arc<ScriptSource>]) -> CommandBuffer {
        Request::load(reloaded(scripts))
    }

    /// Returns the number of their replies.
    pub(crate) fn replies(scripts: &[Arc<ScriptSource>]) -> usize {
        reloaded(scripts).count()
    }
}

fn reloaded(scripts: &[Arc<ScriptSource>]) -> impl Iterator<Item = &Arc<ScriptSource>> {
    scripts.iter().filter(|script| script.kind == SourceKind::Script)
}

/// Looks at the replies to a request with these scripts: where a library is there no more, it is loaded before the next request.
pub(crate) fn note_missing(scripts: &[Arc<ScriptSource>], replies: &[u8], session: &Session) {
    let mut libraries = scripts.iter().filter(|script| script.kind == SourceKind::Library).peekable();
    if libraries.peek().is_some() && replies.windows(NO_FUNCTION.len()).any(|found| found == NO_FUNCTION) {
        libraries.for_each(|library| session.forget(&library.sha1));
    }
}

/// Returns whether the server refuses a library because it has one of that name, or because it is a replica, whose primary
/// loads it. A function's name that another library has is neither: the functions would be those of the other one.
fn is_there(script: &ScriptSource, error: &ServerError) -> bool {
    let message = error.message().trim_end();
    let has_library = message.starts_with("ERR Library '") && message.ends_with("' already exists");
    script.kind == SourceKind::Library && (error.code() == "READONLY" || has_library)
}

fn position(script: &ScriptSource) -> CommandPosition {
    match script.kind {
        SourceKind::Script => SCRIPT_LOAD,
        SourceKind::Library => FUNCTION_LOAD,
    }
}

fn refused(error: DecodeError, at: CommandPosition) -> Error {
    match error {
        DecodeError::Server(error) => Error::Server { at, error: ServerError::proving_not_run(error) },
        DecodeError::Mismatch(reason) => Error::Reply { at, reason },
    }
}

/// A failure while scripts were loaded, when nothing of the request itself was sent.
fn not_loaded(failure: RequestError, scripts: &[Arc<ScriptSource>]) -> RequestError {
    match failure {
        RequestError::NotSent(error) => RequestError::NotSent(error),
        RequestError::Lost { source, .. } => RequestError::not_sent(source),
        RequestError::TimedOut { after, .. } => {
            let at = scripts.first().map_or(SCRIPT_LOAD, |script| position(script));
            RequestError::NotSent(Error::Timeout { kind: TimeoutKind::ScriptLoad, after, at: Some(at) })
        }
        RequestError::Protocol { reason, .. } => {
            RequestError::not_sent(io::Error::new(io::ErrorKind::InvalidData, String::from(reason)))
        }
        failure @ RequestError::Partial(_) => failure,
    }
}
