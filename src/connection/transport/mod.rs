//! The transport: from a socket to a session.
//!
//! - `dial`: the race between the addresses of a host
//! - `stream`, `tls_stream`: a socket of any kind, with TLS or without
//! - `framed`: a stream with its read buffer, in which the ends of replies are found
//! - `session`, `replies`, `errors`, `handshake`: the facts negotiated for a connection, and their negotiation

mod dial;
mod errors;
mod framed;
mod handshake;
mod replies;
mod session;
mod stream;
#[cfg(feature = "tls")]
mod tls_stream;

pub(crate) use dial::race;
pub(crate) use framed::{FramedStream, MOVING, SMALL, Unwritten, closed, unsolicited_reply};
#[cfg(all(test, feature = "tls"))]
pub(crate) use handshake::secure;
pub(crate) use handshake::{Connected, MultiProbe, connect, encode};
pub(crate) use session::{MultiAnswer, Primary, ServerMode, Session};
#[cfg(test)]
pub(crate) use stream::Stream;
