//! How a request fails: whether it may have run, and how many of its replies had come.

use crate::{
    error::{CommandPosition, Error, TimeoutKind},
    resp::Malformed,
};
use std::{fmt, io, sync::Arc, time::Duration};

/// Why a request has not all its replies.
#[derive(Clone, Debug)]
pub(crate) enum Failure {
    /// Nothing of the request was written, so nothing ran.
    NotSent(Error),
    /// The connection was lost after the request's first byte was, or may have been, written.
    Lost {
        /// How many whole replies had come.
        answered: usize,
        /// How the connection ended.
        source: Arc<io::Error>,
    },
    /// The replies took too long.
    TimedOut {
        /// How many whole replies had come.
        answered: usize,
        /// The timeout that ran out.
        after: Duration,
    },
    /// The server's bytes are no replies, or break a limit; the connection was closed.
    Protocol {
        /// How many whole replies had come.
        answered: usize,
        /// What was found.
        reason: Box<str>,
    },
}

impl Failure {
    /// The failure of a request of which nothing was written.
    pub(crate) fn not_sent(source: impl Into<Arc<io::Error>>) -> Self {
        Failure::NotSent(Error::NotSent { source: source.into() })
    }

    /// Returns the error; `at` tells which command it is that lacks its reply, after so many that have one.
    pub(crate) fn into_error(self, at: impl FnOnce(usize) -> CommandPosition) -> Error {
        match self {
            Failure::NotSent(error) => error,
            Failure::Lost { answered, source } => Error::OutcomeUnknown { at: at(answered), source },
            Failure::TimedOut { answered, after } => {
                Error::Timeout { kind: TimeoutKind::Response, after, at: Some(at(answered)) }
            }
            Failure::Protocol { answered, reason } => Error::Protocol { at: at(answered), reason },
        }
    }
}

/// How a connection ended.
#[derive(Clone, Debug)]
pub(crate) enum Broken {
    Io(Arc<io::Error>),
    Malformed(Box<str>),
}

impl Broken {
    /// What this is for the request whose replies were being read.
    pub(crate) fn failure(&self, answered: usize) -> Failure {
        match self {
            Broken::Io(source) => Failure::Lost { answered, source: source.clone() },
            Broken::Malformed(reason) => Failure::Protocol { answered, reason: reason.clone() },
        }
    }

    /// What this is for everybody else.
    pub(crate) fn source(&self) -> Arc<io::Error> {
        match self {
            Broken::Io(source) => source.clone(),
            Broken::Malformed(reason) => Arc::new(io::Error::new(io::ErrorKind::InvalidData, &**reason)),
        }
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Broken::Io(source) => source.fmt(f),
            Broken::Malformed(reason) => reason.fmt(f),
        }
    }
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        Broken::Io(Arc::new(error))
    }
}

impl From<Malformed> for Broken {
    fn from(Malformed(reason): Malformed) -> Self {
        Broken::Malformed(reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_first_command_without_a_reply() {
        let at = |answered| CommandPosition { number: answered + 1, name: "INCR" };
        let source = || Arc::new(io::Error::from(io::ErrorKind::ConnectionReset));
        assert!(matches!(Failure::not_sent(source()).into_error(at), Error::NotSent { .. }));
        let lost = Failure::Lost { answered: 2, source: source() }.into_error(at);
        assert!(matches!(lost, Error::OutcomeUnknown { at: CommandPosition { number: 3, .. }, .. }));
        let malformed = Broken::Malformed("x".into()).failure(4).into_error(at);
        assert!(matches!(malformed, Error::Protocol { at: CommandPosition { number: 5, .. }, .. }));
    }
}
