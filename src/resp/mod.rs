//! Bytes: writing commands, finding where replies end, reading a reply. No I/O and no command.

mod command_buffer;
pub(crate) mod control;
#[doc(hidden)]
pub mod door;
mod integers;
mod read;
#[cfg(test)]
pub(crate) mod sample;
mod scan;
pub(crate) mod spare;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use command_buffer::{CommandBuffer, RejectedArgument, ScriptSource};
pub use read::{DecodeError, Reader};
pub(crate) use scan::{Found, Limits, ProtocolError, Scanner};
pub use write::{Name, Writer, encoded_len};
