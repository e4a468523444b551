//! The effect on the server's data that a result implies; the audit compares the effects with the data.

use typedis::Error;

/// The effect of an operation as typedis reported it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It ran, once.
    Applied,
    /// It ran, once, on a primary that fails over and may not have replicated it: the servers may lose it.
    Unreplicated,
    /// It did not run and never will.
    NotApplied,
    /// It may have run, at most once.
    Unknown,
}

impl Effect {
    /// The effect that an error implies for a transaction or a single command. An error of the server means that
    /// nothing ran, because no operation of the soak can fail in part.
    pub fn of_error(error: &Error) -> Self {
        match error {
            Error::Server { .. } => Effect::NotApplied,
            error if error.may_have_run() => Effect::Unknown,
            _ => Effect::NotApplied,
        }
    }
}

/// A short name of the error for the tally.
pub fn error_name(error: &Error) -> String {
    match error {
        Error::Config(_) => "Config".into(),
        Error::Connect { .. } => "Connect".into(),
        Error::Cluster { .. } => "Cluster".into(),
        Error::Sentinel { .. } => "Sentinel".into(),
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

/// True for an error that an honest server cannot cause, however it fails, so that the client is at fault.
pub fn is_violation(error: &Error) -> bool {
    matches!(
        error,
        Error::Config(_)
            | Error::Reply { .. }
            | Error::Protocol { .. }
            | Error::NotAtomic { .. }
            | Error::Closed
            | Error::CrossSlot { .. }
            | Error::Argument { .. }
    )
}
