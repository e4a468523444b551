//! The error of a server that could not be started.

use std::fmt::{Debug, Display, Formatter, Result};

/// The reason why a server could not be started.
pub struct Error(pub(crate) String);

impl Display for Error {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        formatter.write_str(&self.0)
    }
}

/// Shows the message itself, because `fn main() -> Result<..>` prints an error by `Debug`.
impl Debug for Error {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Error {}
