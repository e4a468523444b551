//! The byte stream of a connection: TCP, a Unix socket, or TLS over TCP.

use super::dial::dial;
#[cfg(feature = "tls")]
use super::tls_stream::TlsStream;
use crate::connection::config::Address;
use socket2::{SockRef, TcpKeepalive};
use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
#[cfg(unix)]
use tokio::net::UnixStream;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

/// A byte stream of any kind.
#[derive(Debug)]
pub(crate) enum Stream {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
    #[cfg(feature = "tls")]
    Tls(Box<TlsStream>),
}

impl Stream {
    /// Connects. A host name is looked up at each call, since it may lead to another server than before.
    pub(crate) async fn connect(address: &Address, keepalive: Option<Duration>) -> io::Result<Stream> {
        match address {
            Address::Tcp { host, port } => {
                let stream = dial(host, *port).await?;
                stream.set_nodelay(true)?;
                if let Some(after) = keepalive {
                    // The option has whole seconds, and Linux takes no more of them.
                    let seconds = |time: Duration| time.clamp(Duration::from_secs(1), Duration::from_secs(32_767));
                    let probes = TcpKeepalive::new().with_time(seconds(after)).with_interval(seconds(after / 3));
                    SockRef::from(&stream).set_tcp_keepalive(&probes)?;
                }
                Ok(Stream::Tcp(stream))
            }
            #[cfg(unix)]
            Address::Unix(path) => UnixStream::connect(path).await.map(Stream::Unix),
        }
    }
}

impl Stream {
    /// The address of the other end, over TCP.
    pub(super) fn peer(&self) -> Option<SocketAddr> {
        match self {
            Stream::Tcp(stream) => stream.peer_addr().ok(),
            #[cfg(unix)]
            Stream::Unix(_) => None,
            #[cfg(feature = "tls")]
            Stream::Tls(stream) => stream.socket().peer_addr().ok(),
        }
    }

    /// Ready when there may be something to read.
    pub(super) fn poll_read_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Stream::Tcp(stream) => stream.poll_read_ready(cx),
            #[cfg(unix)]
            Stream::Unix(stream) => stream.poll_read_ready(cx),
            // Bytes that were read from the socket may not be decrypted yet.
            #[cfg(feature = "tls")]
            Stream::Tls(_) => Poll::Ready(Ok(())),
        }
    }
}

/// Calls a method of the variant's stream.
macro_rules! any {
    ($stream:expr, $inner:ident => $call:expr) => {
        match $stream.get_mut() {
            Stream::Tcp($inner) => $call,
            #[cfg(unix)]
            Stream::Unix($inner) => $call,
            #[cfg(feature = "tls")]
            Stream::Tls($inner) => $call,
        }
    };
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        any!(self, stream => Pin::new(stream).poll_read(cx, buffer))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        any!(self, stream => Pin::new(stream).poll_write(cx, bytes))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        any!(self, stream => Pin::new(stream).poll_flush(cx))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        any!(self, stream => Pin::new(stream).poll_shutdown(cx))
    }
}
