//! The replies from MULTI to EXEC: those of the commands, a conflict, or the error of a transaction that did not run.

use super::batch::BatchInfo;
use crate::{
    connection::{EXEC, MULTI, RawReplies},
    error::{Error, RefusedCommand, Result, ServerError},
    resp::{DecodeError, Reader},
};
use bytes::{Buf, Bytes};

/// The error of a transaction that has no replies of its commands.
pub(super) struct ExecError {
    pub(super) error: Error,
    pub(super) transaction: TransactionState,
}

impl ExecError {
    /// Returns the refusal of MULTI, which the next transaction would meet too. A server that serves nothing for now refuses
    /// every command, so a transaction can do no harm there.
    pub(super) fn multi_refusal(&self) -> Option<&ServerError> {
        match (&self.error, self.transaction) {
            (Error::NotAtomic { error }, _) => Some(error),
            (Error::Server { error, .. }, TransactionState::NotBegun) if !error.kind().is_unavailable() => Some(error),
            _ => None,
        }
    }
}

/// The state of the transaction on its connection, behind EXEC's reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TransactionState {
    /// MULTI was refused, so EXEC was no more than a refused command; a watch is still in force.
    NotBegun,
    /// The transaction is over, and a watch with it. The connection is in order, and other callers have their replies.
    Over,
    /// The server may still be inside the transaction, or its replies do not match the request: the connection is to be
    /// closed.
    Open,
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

/// Returns the replies without those to the first command, which was added to the caller's.
#[cold]
pub(super) fn without_first(replies: RawReplies) -> RawReplies {
    let RawReplies { bytes, .. } = &replies;
    let ends = |reader: &mut Reader<'_>| reader.skip().map(|()| reader.position());
    let mut reader = Reader::new(bytes);
    let (Ok(multi), Ok(queued)) = (ends(&mut reader), ends(&mut reader)) else { return replies };
    let mut rest = Reader::new(bytes);
    let last = std::iter::from_fn(|| {
        let start = rest.position();
        rest.skip().ok().map(|()| start)
    });
    // EXEC's reply is the last one.
    let Some(exec) = last.last().filter(|exec| *exec >= queued) else { return replies };
    let mut without = [bytes.get(..multi), bytes.get(queued..exec)].map(Option::unwrap_or_default).concat();
    let reply = bytes.slice(exec..);
    let mut reader = Reader::new(&reply);
    match reader.read_within_reply(read_exec) {
        Ok(Some(count)) if count > 0 && reader.skip().is_ok() => {
            without.extend_from_slice(format!("*{}\r\n", count - 1).as_bytes());
            without.extend_from_slice(&reader.rest());
        }
        _ => without.extend_from_slice(&reply),
    }
    RawReplies { bytes: without.into(), ..replies }
}

/// Reads the replies of a transaction that did not simply run.
#[cold]
fn read_refused(batch: &BatchInfo, replies: &Bytes) -> Result<Option<Bytes>, ExecError> {
    let commands = batch.commands as usize;
    let mut reader = Reader::new(replies);
    let multi = reader.read_reply(Reader::read_ok);
    let Queueing { refused, ran } = read_queued(batch, &mut reader);
    let fail = |error, transaction| Err(ExecError { error, transaction });
    let exec = match reader.read_within_reply(read_exec) {
        Ok(None) if !ran => return Ok(None),
        Ok(None) => {
            let reason = "EXEC answered null, behind replies that are not QUEUED".into();
            return fail(Error::Protocol { at: EXEC, reason }, TransactionState::Open);
        }
        Ok(Some(count)) if count == commands => return Ok(Some(reader.rest())),
        Ok(Some(count)) => {
            let reason = format!("EXEC answered {count} commands, where {commands} were sent");
            return fail(Error::Protocol { at: EXEC, reason: reason.into() }, TransactionState::Open);
        }
        Err(exec) => exec,
    };
    match (multi, exec) {
        (Err(DecodeError::Server(error)), _) => fail(not_begun(batch, refused, error), TransactionState::NotBegun),
        (_, DecodeError::Server(error)) if ran => fail(Error::Server { at: EXEC, error }, TransactionState::Open),
        (_, DecodeError::Server(error)) => {
            let over = error.ends_transaction();
            fail(aborted(refused, error), if over { TransactionState::Over } else { TransactionState::Open })
        }
        (_, DecodeError::Mismatch(reason)) => fail(Error::Protocol { at: EXEC, reason }, TransactionState::Open),
    }
}

/// The replies that the commands got when they were queued.
struct Queueing {
    refused: Vec<RefusedCommand>,
    /// A command was neither queued nor refused, so it may have run at once: the peer knows no transactions.
    ran: bool,
}

/// The number of errors, counted from the last one, of which one may have the same text. A transaction that is refused has
/// few texts, which may take turns.
const ALIKE: usize = 16;

/// Reads the reply that each command got when it was queued. Equal errors share their text, since a replica refuses all of a
/// long transaction in the same words.
fn read_queued(batch: &BatchInfo, reader: &mut Reader<'_>) -> Queueing {
    let mut refused: Vec<RefusedCommand> = Vec::new();
    let mut ran = false;
    for index in 0..batch.commands as usize {
        if reader.skip_one_queued() {
            continue;
        }
        match reader.read_reply(Reader::bytes) {
            Ok(reply) => ran |= reply != b"QUEUED",
            Err(DecodeError::Server(error)) if !error.is_element() => {
                let known = refused.iter().rev().take(ALIKE).find(|known| known.error == error);
                let error = known.map_or(error, |known| known.error.clone());
                refused.push(RefusedCommand { at: batch.position(index), error });
            }
            Err(_) => ran = true,
        }
    }
    Queueing { refused, ran }
}

/// Reads the start of EXEC's reply: how many replies follow, or `None` for null.
fn read_exec(reader: &mut Reader<'_>) -> Result<Option<usize>, DecodeError> {
    if reader.null()? {
        return Ok(None);
    }
    reader.array().map(Some)
}

/// The error of a refused MULTI: the commands behind it ran one by one, unless each was refused too.
fn not_begun(batch: &BatchInfo, refused: Vec<RefusedCommand>, error: ServerError) -> Error {
    let each_refused = refused.len() == batch.commands as usize
        && refused.into_iter().enumerate().all(|(index, each)| batch.judge(each.error, index).proves_not_run());
    if each_refused { Error::Server { at: MULTI, error: error.proving_not_run() } } else { Error::NotAtomic { error } }
}

/// The error of a refused EXEC: that a command was refused before, or one of its own.
fn aborted(mut refused: Vec<RefusedCommand>, exec: ServerError) -> Error {
    if !exec.refuses_exec() {
        return Error::Server { at: EXEC, error: exec };
    }
    if refused.is_empty() {
        return Error::Server { at: EXEC, error: exec.proving_not_run() };
    }
    let RefusedCommand { at, error } = refused.remove(0);
    Error::Aborted { at, error, rest: refused.into() }
}
