//! The state and the number of the shared connection.

use std::num::NonZeroU32;

/// The lifecycle state of the shared connection, its supervisor included.
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

/// The number of a shared connection among those of a client, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Epoch(NonZeroU32);

impl Epoch {
    /// Returns the number that follows `last`.
    pub(crate) fn after(last: Option<Epoch>) -> Epoch {
        Epoch(last.map_or(NonZeroU32::MIN, |Epoch(last)| last.saturating_add(1)))
    }
}
