//! The interface of the instruction counts and benchmarks outside of the crate.

pub use crate::connection::NodeLookup;
use crate::{
    reply::FromReply,
    resp::{DecodeError, Limits, Reader, Scanner},
};
use bytes::Bytes;

/// Reads one reply of the shape `S` from bytes that hold all of it.
pub fn read<S, T: FromReply<S>>(bytes: &Bytes) -> Result<T, DecodeError> {
    T::read(&mut Reader::new(bytes))
}

/// Counts the replies in `bytes`, which arrive in pieces of at most `piece` bytes. `None` if they are not RESP. Not inlined,
/// so that what is counted is the crate's own code.
#[inline(never)]
pub fn count(bytes: &[u8], piece: usize) -> Option<usize> {
    let (mut scanner, mut replies, mut arrived) = (Scanner::new(Limits::default()), 0, 0);
    while arrived < bytes.len() {
        arrived = bytes.len().min(arrived.saturating_add(piece));
        loop {
            replies += scanner.skip_simple(&bytes[..arrived], usize::MAX).count;
            match scanner.next(&bytes[..arrived]) {
                Ok(Some(_)) => replies += 1,
                Ok(None) => break,
                Err(_) => return None,
            }
        }
    }
    Some(replies)
}
