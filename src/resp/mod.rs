//! Bytes: encoding commands, finding the ends of replies, decoding replies. No I/O, and no commands but those of `control`.

mod block_time;
pub(crate) mod buffer_cache;
mod command_buffer;
pub(crate) mod control;
mod framing;
#[doc(hidden)]
pub mod fuzz_api;
mod header;
mod integers;
mod key_slots;
mod observer;
mod raw;
mod read;
#[cfg(test)]
pub(crate) mod sample;
mod scan;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use block_time::BlockUnit;
pub use command_buffer::KeyTracking;
pub(crate) use command_buffer::{
    CommandBuffer, CommandSlot, EncodedCommand, FirstArgument, RejectedArgument, ScriptSlot, ScriptSource, SourceKind,
};
pub use framing::Framing;
pub(crate) use header::{PUSH, ProtocolError};
pub(crate) use observer::ErrorObserver;
pub(crate) use raw::{RawElements, RawReply, reply_end, write_line};
pub(crate) use read::quoted;
pub use read::{DecodeError, Reader};
pub(crate) use scan::{Found, Limits, Scanner, Skipped, ends_with_ok};
pub(crate) use write::write_bulk;
pub use write::{Name, Writer, encoded_len};
