//! Options of the commands on connections.

use crate::command::option::words;

words! {
    /// The reply that a blocked connection gets by
    /// [`client_unblock_with`](crate::commands::ConnectionCommands::client_unblock_with).
    pub enum UnblockAs {
        /// The reply of a command whose time has run out (TIMEOUT).
        Timeout = "TIMEOUT",
        /// An error, `UNBLOCKED` (ERROR).
        Error = "ERROR",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::option::encoded;

    #[test]
    fn modes_are_words() {
        assert_eq!(encoded(&UnblockAs::Timeout), "TIMEOUT");
        assert_eq!(encoded(&UnblockAs::Error), "ERROR");
    }
}
