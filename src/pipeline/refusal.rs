//! Judging the error replies of a request: whether they prove that nothing ran.

use crate::{
    command::{CommandInfo, Runs},
    error::{CommandPosition, Error, ServerError},
    resp::DecodeError,
};

/// Judges the error that answers a command with the facts `info`, and marks it if it proves that the command did not run.
/// Every error reply to a command passes here. `script_slot` is the slot of the keys of a script.
#[cold]
pub(super) fn judge(error: ServerError, info: &CommandInfo, script_slot: Option<u16>) -> ServerError {
    let refused = match info.runs {
        Runs::Command => error.refuses_command(),
        Runs::Script => error.refuses_script(script_slot),
    };
    if refused && !error.is_element() { error.proving_not_run() } else { error }
}

impl DecodeError {
    /// Returns the error of the command `at`, whose reply could not be decoded. `judge` marks a server's error that proves that
    /// nothing ran.
    #[cold]
    pub(super) fn into_error(self, at: CommandPosition, judge: impl FnOnce(ServerError) -> ServerError) -> Error {
        match self {
            DecodeError::Server(error) => Error::Server { at, error: judge(error) },
            DecodeError::Mismatch(reason) => Error::Reply { at, reason },
        }
    }
}
