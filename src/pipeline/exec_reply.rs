//! The replies from MULTI to EXEC: those of the commands, a conflict, or the error of a transaction that did not run.

use super::batch::BatchInfo;
use crate::{
    connection::EXEC,
    error::{Error, ErrorKind, RefusedCommand, Result, ServerError},
    resp::{DecodeError, Reader},
};
use bytes::{Buf, Bytes};

/// The error of a transaction that has no replies of its commands.
pub(super) struct ExecError {
    pub(super) error: Error,
    /// The connection may still be inside the transaction, or its replies do not match the request, so it is to be closed.
    pub(super) abandon: bool,
}

/// Reads the replies from MULTI to EXEC. Returns those of the commands, or `None` on a conflict.
#[inline]
pub(super) fn read(batch: &BatchInfo, mut replies: Bytes) -> Result<Option<Bytes>, ExecError> {
    let mut reader = Reader::new(&replies);
    if reader.skip_queued(batch.commands as usize) {
        let read = reader.position();
        replies.advance(read);
        return Ok(Some(replies));
    }
    read_refused(batch, &replies)
}

/// Reads the replies of a transaction that did not simply run.
#[cold]
fn read_refused(batch: &BatchInfo, replies: &Bytes) -> Result<Option<Bytes>, ExecError> {
    let commands = batch.commands as usize;
    let mut reader = Reader::new(replies);
    let multi = reader.read_reply(Reader::read_ok);
    let refused = read_queued(batch, &mut reader);
    let fail = |error, abandon| Err(ExecError { error, abandon });
    let exec = match reader.read_within_reply(read_exec) {
        Ok(None) => return Ok(None),
        Ok(Some(count)) if count == commands => return Ok(Some(reader.rest())),
        Ok(Some(count)) => {
            let reason = format!("EXEC answered {count} commands, where {commands} were sent");
            return fail(Error::Protocol { at: EXEC, reason: reason.into() }, true);
        }
        Err(exec) => exec,
    };
    match (multi, exec) {
        (Err(DecodeError::Server(error)), _) => fail(Error::NotAtomic { error }, false),
        // Only EXECABORT says that the transaction is over; after another refusal the server may be inside it.
        (_, DecodeError::Server(error)) => {
            let abandon = error.kind() != ErrorKind::ExecAbort;
            fail(aborted(refused, error), abandon)
        }
        (_, DecodeError::Mismatch(reason)) => fail(Error::Protocol { at: EXEC, reason }, true),
    }
}

/// Reads the reply that each command got when it was queued, and returns the errors among them.
fn read_queued(batch: &BatchInfo, reader: &mut Reader<'_>) -> Vec<RefusedCommand> {
    let mut refused = Vec::new();
    for index in 0..batch.commands as usize {
        if reader.skip_one_queued() {
            continue;
        }
        if let Err(DecodeError::Server(error)) = reader.read_reply(|reader| reader.bytes().map(drop)) {
            refused.push(RefusedCommand { at: batch.position(index), error });
        }
    }
    refused
}

/// Reads the start of EXEC's reply: how many replies follow, or `None` for null.
fn read_exec(reader: &mut Reader<'_>) -> Result<Option<usize>, DecodeError> {
    if reader.null()? {
        return Ok(None);
    }
    reader.array().map(Some)
}

/// The error of EXEC: that a command was refused, or one of its own.
fn aborted(mut refused: Vec<RefusedCommand>, error: ServerError) -> Error {
    if refused.is_empty() {
        return Error::Server { at: EXEC, error };
    }
    let RefusedCommand { at, error } = refused.remove(0);
    Error::Aborted { at, error, rest: refused.into() }
}
