//! Options of the commands on connections.

use crate::command::option::words;

words! {
    /// The reply that unblocks a connection, for
    /// [`client_unblock_with`](crate::commands::ConnectionCommands::client_unblock_with).
    pub enum UnblockAs {
        /// The reply of a command after its timeout (TIMEOUT).
        Timeout = "TIMEOUT",
        /// The error `UNBLOCKED` (ERROR).
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
