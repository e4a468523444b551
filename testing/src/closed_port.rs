//! A port that refuses connections.

use std::net::{Ipv4Addr, SocketAddr};
use tokio::net::TcpSocket;

/// A loopback port that refuses connections, as that of a server that has stopped.
///
/// It is bound without listening, so that no other server can take the port before this value is dropped.
#[derive(Debug)]
pub struct ClosedPort(TcpSocket);

impl ClosedPort {
    /// Binds a free port.
    pub fn new() -> Self {
        let socket = TcpSocket::new_v4().expect("the system has sockets");
        socket.bind((Ipv4Addr::LOCALHOST, 0).into()).expect("the loopback has a free port");
        Self(socket)
    }

    /// The address that refuses connections.
    pub fn addr(&self) -> SocketAddr {
        self.0.local_addr().expect("a bound socket has an address")
    }
}

impl Default for ClosedPort {
    fn default() -> Self {
        Self::new()
    }
}
