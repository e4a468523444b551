//! The progress of the first pending request, by which a large transfer that moves is told from a server that is silent.

use crate::connection::transport::MOVING;
use tokio::time::Instant;

/// The progress that was seen when the driver's timer fired, so that reads and writes pay nothing for it.
pub(super) struct Progress {
    /// The start of the request that was the first pending one, and how many bytes of it had moved.
    front: Option<u64>,
    bytes: u64,
    /// The time at which a response, or enough bytes of the first pending request, were last seen to have come.
    at: Instant,
}

impl Progress {
    pub(super) fn new() -> Self {
        Progress { front: None, bytes: 0, at: Instant::now() }
    }

    /// Notes that `bytes` of the first pending request, which starts at `front`, have moved by now. Returns whether it moves
    /// fast enough.
    pub(super) fn note(&mut self, front: u64, bytes: u64, now: Instant) -> bool {
        if self.front != Some(front) {
            *self = Progress { front: Some(front), bytes: 0, at: now };
        }
        // A push message that was taken out of the read buffer makes it shorter.
        self.bytes = self.bytes.min(bytes);
        let moves = bytes - self.bytes >= MOVING as u64;
        if moves {
            self.bytes = bytes;
            self.at = now;
        }
        moves
    }

    /// The time at which progress was last seen.
    pub(super) fn at(&self) -> Instant {
        self.at
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn what_moves_is_told_from_what_drips() {
        let began = Instant::now();
        let second = |n: u64| began + Duration::from_secs(n);
        let mut progress = Progress::new();
        assert!(!progress.note(0, MOVING as u64 - 1, second(1)));
        assert!(progress.note(0, MOVING as u64, second(2)));
        assert!(!progress.note(0, 2 * MOVING as u64 - 1, second(3)));
        assert_eq!(progress.at(), second(2));
        // Another request is at the front, so a response has come, but too little of its own one.
        assert!(!progress.note(7, 10, second(4)));
        assert_eq!(progress.at(), second(4));
        assert!(!progress.note(7, 0, second(5)), "a push message was taken out");
        assert!(progress.note(7, MOVING as u64, second(6)));
    }
}
