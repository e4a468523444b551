//! The version of RESP.

/// A version of the protocol between client and server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Protocol {
    /// The protocol of every server, without maps, sets, doubles and pushes.
    Resp2,
    /// The protocol since Redis 6, asked for by default. Where the server does not have it, RESP2 is spoken.
    #[default]
    Resp3,
}
