//! The refusals in the raw replies to a request: those after which it, or a command of it, is to be sent again to another node
//! or at another time. Whatever is refused so did not run.

use crate::{
    connection::{config::Address, request::Request, routing::CommandPart},
    error::{ErrorKind, Redirect, ServerError},
    key::SlotState,
    resp::{DecodeError, Framing, Reader, reply_end},
};
use bytes::Bytes;
use std::mem;

/// A refusal that another attempt may not meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The slot is served by the node at this address (MOVED).
    Moved { slot: u16, to: Address },
    /// The slot is being migrated, and the key is on the node at this address (ASK).
    Ask { to: Address },
    /// The slot is being migrated, and the keys are on two nodes (TRYAGAIN); or the node, or the cluster, serves nothing for now.
    Wait,
}

/// Returns the refusal of a request that was sent to one node as a whole, the first one of several commands. `from` is the node
/// that answered.
#[cold]
pub(super) fn of_request(request: &Request, replies: &Bytes, from: &Address) -> Option<Refusal> {
    match request.framing() {
        Framing::Plain => {
            let mut start = 0;
            (0..request.parts().len().max(1)).find_map(|index| {
                let end = reply_end(replies, start)?;
                let reply = replies.slice(mem::replace(&mut start, end)..end);
                of_reply(request.parts().get(index), &reply, from)
            })
        }
        Framing::Transaction => of_transaction(request, replies, from),
    }
}

/// Returns the refusal that the reply to one command is. `part` has the facts of the command, but for one of the client's own.
#[cold]
pub(super) fn of_reply(part: Option<&CommandPart>, reply: &Bytes, from: &Address) -> Option<Refusal> {
    let error = error(Reader::new(reply).read_reply(Reader::ignore))?;
    match part {
        Some(part) if part.runs_script() && !error.refuses_script(slot(part)) => None,
        _ => refusal(&error, from),
    }
}

fn slot(part: &CommandPart) -> Option<u16> {
    match part.slot {
        SlotState::One(slot) => Some(slot),
        SlotState::None | SlotState::Crossed => None,
    }
}

/// Returns the slot that has moved, and the node that it has moved to, if a reply from MULTI to EXEC says so; those are the
/// server's own words.
#[cold]
pub(super) fn move_in(request: &Request, replies: &Bytes, from: &Address) -> Option<(u16, Address)> {
    if request.framing() == Framing::Plain {
        return None;
    }
    let mut reader = Reader::new(replies);
    while reader.position() < replies.len() {
        let start = reader.position();
        if let Some(error) = error(reader.read_reply(Reader::ignore)) {
            if let Some(Refusal::Moved { slot, to }) = refusal(&error, from) {
                return Some((slot, to));
            }
        }
        if reader.position() == start {
            return None;
        }
    }
    None
}

/// Returns the refusal of a transaction of which nothing ran. A command that was refused for another reason would be refused
/// again, so its error is left to the caller.
fn of_transaction(request: &Request, replies: &Bytes, from: &Address) -> Option<Refusal> {
    let mut reader = Reader::new(replies);
    // A refused MULTI leaves the commands behind it to run one by one.
    reader.read_reply(Reader::read_ok).ok()?;
    let mut refused = None;
    for _ in 0..request.replies().saturating_sub(Framing::Transaction.replies()) {
        match reader.read_reply(Reader::bytes) {
            Ok(reply) if reply == b"QUEUED" => {}
            Ok(_) => return None,
            Err(error) => {
                let refusal = refusal(&self::error(Err::<(), _>(error))?, from)?;
                let first: Refusal = refused.take().unwrap_or_else(|| refusal.clone());
                // What has moved for good decides: the node that it has moved to knows the rest.
                refused = Some(if matches!(refusal, Refusal::Moved { .. }) { refusal } else { first });
            }
        }
    }
    let exec = error(reader.read_reply(Reader::ignore))?;
    if !exec.ends_transaction() {
        return None;
    }
    match exec.kind() {
        ErrorKind::ExecAbort => refused.or_else(|| because_of(&exec, from)),
        _ => refusal(&exec, from),
    }
}

/// Returns the refusal that EXECABORT names as its reason, which stands behind fixed words of the server.
fn because_of(exec: &ServerError, from: &Address) -> Option<Refusal> {
    let reason = exec.message().strip_prefix("EXECABORT Transaction discarded because of: ")?;
    refusal(&ServerError::new(reason.as_bytes()), from)
}

fn error<T>(read: Result<T, DecodeError>) -> Option<ServerError> {
    match read {
        Err(DecodeError::Server(error)) if !error.is_element() => Some(error),
        _ => None,
    }
}

/// Returns the refusal that an error of the server itself is.
fn refusal(error: &ServerError, from: &Address) -> Option<Refusal> {
    use ErrorKind as Kind;
    match error.kind() {
        Kind::Moved | Kind::Ask => {
            let Redirect { moved, slot, host, port } = Redirect::parse(error.message())?;
            let to = from.at(host, port);
            Some(if moved { Refusal::Moved { slot, to } } else { Refusal::Ask { to } })
        }
        kind => is_for_now(kind).then_some(Refusal::Wait),
    }
}

/// Returns whether an error of this kind says that a node, or the cluster, does not serve the command for now.
pub(super) fn is_for_now(kind: ErrorKind) -> bool {
    use ErrorKind as Kind;
    matches!(kind, Kind::TryAgain | Kind::ClusterDown | Kind::ReadOnly | Kind::Loading | Kind::MasterDown)
}
