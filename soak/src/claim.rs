//! What a result says of the server's data; the books are held to it at the end.

use typedis::Error;

/// What typedis said of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// It ran, once.
    Ran,
    /// It did not run, and never will.
    DidNot,
    /// It may have run, at most once.
    Unknown,
}

/// What an error says of the data, where the operation is a transaction or one command. The server's own error means that
/// it did nothing: no operation here can fail in part.
pub fn claim(error: &Error) -> Claim {
    match error {
        Error::Server { .. } => Claim::DidNot,
        error if error.may_have_run() => Claim::Unknown,
        _ => Claim::DidNot,
    }
}

/// The error in a few words, for the tally.
pub fn name(error: &Error) -> String {
    match error {
        Error::Config(_) => "Config".into(),
        Error::Connect { .. } => "Connect".into(),
        Error::Handshake { error, .. } => format!("Handshake {}", error.code()),
        Error::Timeout { kind, .. } => format!("Timeout {kind:?}"),
        Error::Server { error, .. } => format!("Server {}", error.code()),
        Error::NotAtomic { .. } => "NotAtomic".into(),
        Error::Reply { .. } => "Reply".into(),
        Error::Aborted { error, .. } => format!("Aborted {}", error.code()),
        Error::Protocol { .. } => "Protocol".into(),
        Error::NotSent { .. } => "NotSent".into(),
        Error::OutcomeUnknown { .. } => "OutcomeUnknown".into(),
        Error::WatchLost { .. } => "WatchLost".into(),
        Error::Conflict { .. } => "Conflict".into(),
        Error::Unavailable { .. } => "Unavailable".into(),
        Error::QueueFull { .. } => "QueueFull".into(),
        Error::Closed => "Closed".into(),
        _ => "another".into(),
    }
}

/// True for what an honest server cannot cause, however it fails.
pub fn is_a_finding(error: &Error) -> bool {
    matches!(
        error,
        Error::Config(_)
            | Error::Reply { .. }
            | Error::Protocol { .. }
            | Error::NotAtomic { .. }
            | Error::Closed
            | Error::Argument { .. }
    )
}
