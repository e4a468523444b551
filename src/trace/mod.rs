//! Tracing: a span for each command and each pipeline that is sent, and one around the attempts of a transaction, by the
//! `tracing` crate and the names of OpenTelemetry's conventions for databases.
//!
//! - `on`: with the feature `tracing`
//! - `off`: without it: the same types without content, so that callers need no `cfg`
//!
//! No key, argument, script, reply or server's text gets into a span: commands are shown by name, and errors by kind.

#[cfg(not(feature = "tracing"))]
mod off;
#[cfg(feature = "tracing")]
mod on;

#[cfg(not(feature = "tracing"))]
pub(crate) use off::{Parent, Server, Span, attempts, connected, lost, on_node};
#[cfg(feature = "tracing")]
pub(crate) use on::{Parent, Server, Span, attempts, connected, lost, on_node};

use crate::resp::Framing;

/// The commands of one span.
#[cfg_attr(not(feature = "tracing"), allow(dead_code, reason = "only spans read it"))]
pub(crate) enum Operation<'a> {
    /// A command by itself.
    Command(&'static str),
    /// The commands of a queue.
    Batch { framing: Framing, commands: usize, names: &'a dyn CommandNames },
}

/// The names of the commands of a batch.
pub(crate) trait CommandNames {
    /// Returns the name of the command at `index`.
    #[cfg_attr(not(feature = "tracing"), allow(dead_code, reason = "only spans read it"))]
    fn name(&self, index: usize) -> &'static str;
}
