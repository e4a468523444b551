//! The error of a setting that cannot be used.

use crate::error::{Error, Result};

/// Returns the configuration error with these words.
pub(crate) fn invalid<T>(reason: impl Into<Box<str>>) -> Result<T> {
    Err(Error::Config(reason.into()))
}
