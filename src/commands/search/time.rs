//! Times that the module takes as whole numbers, within bounds of its own.

use crate::command::option::Checked;
use std::time::Duration;

/// Milliseconds, of a timeout or of a cursor's idle time. The module takes 0 as no timeout at all, and wraps what is beyond an `i32`.
pub(super) fn milliseconds(time: Duration) -> Checked<u64> {
    let milliseconds = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let fits = (1..=0x7fff_ffff).contains(&milliseconds);
    Checked(milliseconds, Some("the time is from 1 to 2147483647 whole milliseconds").filter(|_| !fits))
}

/// Seconds, of an index that is dropped when it was not used for so long. At 0 the module would drop it at once.
pub(super) fn seconds(time: Duration) -> Checked<u64> {
    let fits = (1..=0xffff_ffff).contains(&time.as_secs());
    Checked(time.as_secs(), Some("the time is from 1 to 4294967295 whole seconds").filter(|_| !fits))
}
