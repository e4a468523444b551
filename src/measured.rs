//! Doors for `cargo xtask counts` alone, which counts the instructions behind them.

pub use crate::resp::count;

use crate::{
    reply::FromReply,
    resp::{Fault, Reader},
};
use bytes::Bytes;

/// Reads one reply of the shape `S` from bytes that hold all of it.
pub fn read<S, T: FromReply<S>>(bytes: &Bytes) -> Result<T, Fault> {
    T::read(&mut Reader::new(bytes))
}
