//! Errors of requests and connections: whether a failed request may have run, and how many of its replies had come.

use crate::{
    error::{CommandPosition, Error, TimeoutKind},
    resp::ProtocolError,
};
use bytes::Bytes;
use std::{fmt, io, sync::Arc, time::Duration};

/// The error of a request that lacks replies.
#[derive(Clone, Debug)]
pub(crate) enum RequestError {
    /// Nothing of the request was written, so nothing ran.
    NotSent(Error),
    /// The connection was lost after the request's first byte was, or may have been, written.
    Lost {
        /// The number of whole replies that had come.
        answered: usize,
        /// The error that ended the connection.
        source: Arc<io::Error>,
    },
    /// The replies took too long.
    TimedOut {
        /// The number of whole replies that had come.
        answered: usize,
        /// The timeout that ran out.
        after: Duration,
    },
    /// The server's bytes are not RESP, or break a limit; the connection was closed.
    Protocol {
        /// The number of whole replies that had come.
        answered: usize,
        /// The violation of the protocol.
        reason: Box<str>,
    },
    /// Some commands have a reply, and those that went to nodes that failed have none.
    Partial(Box<PartialReplies>),
}

/// The replies to some commands of a request.
#[derive(Clone, Debug)]
pub(crate) struct PartialReplies {
    /// The replies in the order of the commands. In the place of each that is missing there is an error.
    pub(crate) bytes: Bytes,
    /// The missing replies, in the order of the commands.
    pub(crate) missing: Box<[MissingReply]>,
}

/// A command that has no reply, because its node failed.
#[derive(Clone, Debug)]
pub(crate) struct MissingReply {
    /// The index of the command.
    pub(crate) command: usize,
    /// The reply had come, and was lost with others of its node.
    pub(crate) had_come: bool,
    /// The failure of the command by itself.
    pub(crate) error: RequestError,
}

impl RequestError {
    /// The error of a request of which nothing was written.
    pub(crate) fn not_sent(source: impl Into<Arc<io::Error>>) -> Self {
        RequestError::NotSent(Error::NotSent { source: source.into() })
    }

    /// The error of replies of which one is missing, though the connection has read as many as it expects.
    pub(crate) fn missing_reply() -> Self {
        RequestError::Protocol { answered: 0, reason: "a reply is missing".into() }
    }

    /// The error of several commands, of which the one with this index could not be sent and others may have run.
    pub(crate) fn lost_at(answered: usize, error: &Error) -> Self {
        RequestError::Lost { answered, source: Arc::new(io::Error::other(error.to_string())) }
    }

    /// Returns the error of a request alone, before which so many commands were sent.
    pub(crate) fn without_first(mut self, commands: usize) -> Self {
        match &mut self {
            RequestError::NotSent(_) | RequestError::Partial(_) => {}
            RequestError::Lost { answered, .. }
            | RequestError::TimedOut { answered, .. }
            | RequestError::Protocol { answered, .. } => *answered = answered.saturating_sub(commands),
        }
        self
    }

    /// Returns the number of whole replies that had come.
    pub(crate) fn answered(&self) -> usize {
        match self {
            RequestError::NotSent(_) | RequestError::Partial(_) => 0,
            RequestError::Lost { answered, .. }
            | RequestError::TimedOut { answered, .. }
            | RequestError::Protocol { answered, .. } => *answered,
        }
    }

    /// Returns the same failure as that of the command with this index.
    pub(crate) fn at_command(mut self, command: usize) -> Self {
        match &mut self {
            RequestError::NotSent(_) | RequestError::Partial(_) => {}
            RequestError::Lost { answered, .. }
            | RequestError::TimedOut { answered, .. }
            | RequestError::Protocol { answered, .. } => *answered = command,
        }
        self
    }

    /// Returns the failure of a request as a whole: that of the first command without a reply, which says that commands may have
    /// run if any may. `others_ran` says so of the commands that have a reply.
    pub(crate) fn of_missing(missing: &[MissingReply], others_ran: bool) -> Option<RequestError> {
        let first = missing.iter().find(|missing| !missing.had_come).or(missing.first())?;
        let may_have_run = || missing.iter().any(|missing| !matches!(missing.error, RequestError::NotSent(_)));
        Some(match &first.error {
            RequestError::NotSent(error) if others_ran || may_have_run() => RequestError::lost_at(first.command, error),
            error => error.clone(),
        })
    }

    /// Returns whether the connection was lost. Where no new one could be opened, the request has waited for it already.
    pub(crate) fn is_connection_lost(&self) -> bool {
        match self {
            RequestError::Partial(partial) => partial.missing.iter().any(|missing| missing.error.is_connection_lost()),
            _ => matches!(self, RequestError::Lost { .. } | RequestError::NotSent(Error::NotSent { .. })),
        }
    }

    /// Turns it into the caller's error. `at` returns the first command without a reply, given how many have one.
    pub(crate) fn into_error(self, at: impl FnOnce(usize) -> CommandPosition) -> Error {
        match self {
            // A handshake that failed may look like a request that did.
            RequestError::NotSent(error) if error.may_have_run() => {
                Error::NotSent { source: Arc::new(io::Error::new(io::ErrorKind::InvalidData, error.to_string())) }
            }
            RequestError::NotSent(error) => error,
            RequestError::Lost { answered, source } => Error::OutcomeUnknown { at: at(answered), source },
            RequestError::TimedOut { answered, after } => {
                Error::Timeout { kind: TimeoutKind::Response, after, at: Some(at(answered)) }
            }
            RequestError::Protocol { answered, reason } => Error::Protocol { at: at(answered), reason },
            RequestError::Partial(partial) => match RequestError::of_missing(&partial.missing, true) {
                Some(failure) => failure.into_error(at),
                None => RequestError::missing_reply().into_error(at),
            },
        }
    }
}

/// The end of a connection.
#[derive(Clone, Debug)]
pub(crate) enum Disconnect {
    Io(Arc<io::Error>),
    Protocol(Box<str>),
}

impl Disconnect {
    /// The error of the request whose replies were being read.
    pub(crate) fn request_error(&self, answered: usize) -> RequestError {
        match self {
            Disconnect::Io(source) => RequestError::Lost { answered, source: source.clone() },
            Disconnect::Protocol(reason) => RequestError::Protocol { answered, reason: reason.clone() },
        }
    }

    /// The error of all other requests, as the source of theirs.
    pub(crate) fn source(&self) -> Arc<io::Error> {
        match self {
            Disconnect::Io(source) => source.clone(),
            Disconnect::Protocol(reason) => Arc::new(io::Error::new(io::ErrorKind::InvalidData, &**reason)),
        }
    }
}

impl fmt::Display for Disconnect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Disconnect::Io(source) => source.fmt(f),
            Disconnect::Protocol(reason) => reason.fmt(f),
        }
    }
}

impl From<io::Error> for Disconnect {
    fn from(error: io::Error) -> Self {
        Disconnect::Io(Arc::new(error))
    }
}

impl From<ProtocolError> for Disconnect {
    fn from(ProtocolError(reason): ProtocolError) -> Self {
        Disconnect::Protocol(reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_the_first_command_without_a_reply() {
        let at = |answered| CommandPosition { number: answered + 1, name: "INCR" };
        let source = || Arc::new(io::Error::from(io::ErrorKind::ConnectionReset));
        assert!(matches!(RequestError::not_sent(source()).into_error(at), Error::NotSent { .. }));
        let lost = RequestError::Lost { answered: 2, source: source() }.into_error(at);
        assert!(matches!(lost, Error::OutcomeUnknown { at: CommandPosition { number: 3, .. }, .. }));
        let malformed = Disconnect::Protocol("x".into()).request_error(4).into_error(at);
        assert!(matches!(malformed, Error::Protocol { at: CommandPosition { number: 5, .. }, .. }));
    }
}
