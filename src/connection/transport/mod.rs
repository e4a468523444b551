//! From a socket to a session.
//!
//! - `stream`, `tls_stream`: a socket of any kind, with TLS or without
//! - `framed`: a stream with its read buffer, in which the ends of replies are found
//! - `session`, `handshake`: what is known of a connection, and how it is made

mod framed;
mod handshake;
mod session;
mod stream;
#[cfg(feature = "tls")]
mod tls_stream;

pub(crate) use framed::{FramedStream, SMALL, closed, unsolicited_reply};
pub(crate) use handshake::connect;
#[cfg(all(test, feature = "tls"))]
pub(crate) use handshake::secure;
pub(crate) use session::Session;
#[cfg(test)]
pub(crate) use stream::Stream;
