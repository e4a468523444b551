//! The time for which a command may block on the server, and the argument that says so.

use std::time::Duration;

/// The time for which a command may block.
#[derive(Clone, Copy, Debug)]
pub(super) struct BlockTime {
    /// Zero is for ever.
    pub(super) longest: Duration,
    /// The position of the argument, counted from the last one, which has the number 1.
    pub(super) from_end: usize,
    pub(super) unit: BlockUnit,
}

/// The unit of the argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BlockUnit {
    Seconds,
    Milliseconds,
}

impl BlockTime {
    /// Returns the same with another time, and the text of the argument. It is at least a millisecond, because zero is for ever.
    pub(super) fn with(self, longest: Duration) -> (BlockTime, String) {
        let milliseconds = u64::try_from(longest.as_millis()).unwrap_or(u64::MAX).max(1);
        let text = match self.unit {
            BlockUnit::Seconds => (milliseconds as f64 / 1000.0).to_string(),
            BlockUnit::Milliseconds => milliseconds.to_string(),
        };
        (BlockTime { longest: Duration::from_millis(milliseconds), ..self }, text)
    }
}
