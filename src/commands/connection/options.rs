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

    /// The type of a connection, for the filters of CLIENT LIST and CLIENT KILL.
    pub enum ClientType {
        /// An ordinary client (NORMAL).
        Normal = "NORMAL",
        /// The link of this server to its primary (MASTER).
        Primary = "MASTER",
        /// A replica of this server (REPLICA, since 5.0).
        Replica = "REPLICA",
        /// A client with a subscription (PUBSUB).
        Pubsub = "PUBSUB",
    }

    /// The commands that a pause stops, for [`client_pause_with`](crate::commands::ConnectionCommands::client_pause_with).
    pub enum PauseMode {
        /// All commands (ALL).
        All = "ALL",
        /// Commands that may write, PUBLISH, PFCOUNT and scripts included (WRITE).
        Write = "WRITE",
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
        assert_eq!(encoded(&ClientType::Normal), "NORMAL");
        assert_eq!(encoded(&ClientType::Primary), "MASTER");
        assert_eq!(encoded(&ClientType::Replica), "REPLICA");
        assert_eq!(encoded(&ClientType::Pubsub), "PUBSUB");
        assert_eq!(encoded(&PauseMode::All), "ALL");
        assert_eq!(encoded(&PauseMode::Write), "WRITE");
    }
}
