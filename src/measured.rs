//! Doors for `cargo xtask counts` alone, which counts the instructions behind them.

use crate::{
    reply::FromReply,
    resp::{DecodeError, Limits, Reader, Scanner},
};
use bytes::Bytes;

/// Reads one reply of the shape `S` from bytes that hold all of it.
pub fn read<S, T: FromReply<S>>(bytes: &Bytes) -> Result<T, DecodeError> {
    T::read(&mut Reader::new(bytes))
}

/// Counts the replies of `bytes`, which come in pieces of at most so many. `None` where they are none. Counted by `cargo
/// xtask counts`; not inlined, so that the count is that of the crate itself.
#[inline(never)]
pub fn count(bytes: &[u8], piece: usize) -> Option<usize> {
    let (mut scanner, mut replies, mut come) = (Scanner::new(Limits::default()), 0, 0);
    while come < bytes.len() {
        come = bytes.len().min(come.saturating_add(piece));
        loop {
            replies += scanner.skip_simple(&bytes[..come], usize::MAX).0;
            match scanner.next(&bytes[..come]) {
                Ok(Some(_)) => replies += 1,
                Ok(None) => break,
                Err(_) => return None,
            }
        }
    }
    Some(replies)
}
