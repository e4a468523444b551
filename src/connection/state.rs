//! The state of the shared connection.

/// Whether there is a shared connection, and whether a task makes the next one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ConnectionState {
    Connected,
    /// The connection was lost, and the supervisor reconnects.
    Reconnecting,
    /// No supervisor runs: its runtime was shut down, or it was never spawned. The next request spawns one.
    #[default]
    Unsupervised,
    /// The client was closed.
    Closed,
}
