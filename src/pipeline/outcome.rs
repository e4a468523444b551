//! The outcome of a transaction that watched keys.

use crate::error::{Error, Result};

/// The outcome of a transaction that watched keys: it was committed, or another client wrote one of the keys first.
///
/// A conflict is nothing out of the ordinary, so it is a value and no error, and one that cannot be mistaken for success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a conflict means that nothing was executed"]
pub enum Outcome<R> {
    /// The commands ran, and these are their replies.
    Committed(R),
    /// A watched key was written by another client, or the watched connection was lost before anything was sent. Nothing
    /// was executed.
    Conflict,
}

impl<R> Outcome<R> {
    /// Returns the replies, for callers to whom a conflict is an error.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] on a conflict.
    pub fn committed(self) -> Result<R> {
        match self {
            Outcome::Committed(replies) => Ok(replies),
            Outcome::Conflict => Err(Error::Conflict { attempts: 1 }),
        }
    }

    /// Returns whether the transaction was not executed.
    pub fn is_conflict(&self) -> bool {
        matches!(self, Outcome::Conflict)
    }

    /// Maps the replies by `change`.
    pub fn map<T>(self, change: impl FnOnce(R) -> T) -> Outcome<T> {
        match self {
            Outcome::Committed(replies) => Outcome::Committed(change(replies)),
            Outcome::Conflict => Outcome::Conflict,
        }
    }
}
