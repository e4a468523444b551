//! Decoding of points in time.

use super::{Bulk, FromReply, Integer, Tuple};
use crate::resp::{DecodeError, Reader};
use std::time::{Duration, SystemTime};

/// A Unix time in seconds.
#[diagnostic::do_not_recommend]
impl FromReply<Integer> for SystemTime {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let seconds: u64 = FromReply::<Integer>::read(reader)?;
        since_epoch(seconds, 0)
    }
}

/// A Unix time in seconds, and the microseconds of that second.
#[diagnostic::do_not_recommend]
impl FromReply<Tuple<(Bulk, Bulk)>> for SystemTime {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (seconds, micros): (u64, u64) = FromReply::<Tuple<(Bulk, Bulk)>>::read(reader)?;
        since_epoch(seconds, micros)
    }
}

fn since_epoch(seconds: u64, micros: u64) -> Result<SystemTime, DecodeError> {
    Duration::from_secs(seconds)
        .checked_add(Duration::from_micros(micros))
        .and_then(|since| SystemTime::UNIX_EPOCH.checked_add(since))
        .ok_or_else(|| DecodeError::mismatch("a time", format!("{seconds} seconds after 1970")))
}
