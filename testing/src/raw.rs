//! A plain RESP2 client, and its monitor of commands.

use crate::{Frame, frame::encode};
use std::{future::Future, io, net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncWriteExt, BufReader},
    net::TcpStream,
    time::timeout,
};

/// The timeout of a reply, longer than a server on the same machine needs.
const TIMEOUT: Duration = Duration::from_secs(20);

/// A plain RESP2 connection to check results with. It sends exactly the bytes of the test.
#[derive(Debug)]
pub struct Raw {
    stream: BufReader<TcpStream>,
}

impl Raw {
    /// Connects to a server, a [`Proxy`](crate::Proxy) or a [`Fake`](crate::Fake).
    pub async fn connect(address: SocketAddr) -> Self {
        Self::open(address).await.unwrap_or_else(|error| panic!("no connection to {address}: {error}"))
    }

    /// Sends one command and waits for its reply, which may be an error reply.
    pub async fn command(&mut self, arguments: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Frame {
        self.send(arguments).await;
        self.receive().await
    }

    /// Sends one command and does not wait.
    pub async fn send(&mut self, arguments: impl IntoIterator<Item = impl AsRef<[u8]>>) {
        self.send_bytes(&encode(arguments)).await;
    }

    /// Sends bytes as they are, valid protocol or not.
    pub async fn send_bytes(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.expect("the server takes what is sent");
    }

    /// Waits for the next reply.
    pub async fn receive(&mut self) -> Frame {
        self.try_receive().await.unwrap_or_else(|error| panic!("no reply: {error}"))
    }

    /// Waits for the next reply; the error of kind `UnexpectedEof` says that the other side closed the connection.
    pub async fn try_receive(&mut self) -> io::Result<Frame> {
        within(TIMEOUT, Frame::read(&mut self.stream)).await
    }

    /// Turns this connection into a monitor of every command that the server runs from now on.
    pub async fn monitor(mut self) -> Monitor {
        let reply = self.command(["MONITOR"]).await;
        assert_eq!(reply, Frame::Simple("OK".into()), "MONITOR was refused");
        Monitor { raw: self }
    }

    pub(crate) async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = within(TIMEOUT, TcpStream::connect(address)).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream) })
    }

    pub(crate) async fn try_command(&mut self, arguments: &[impl AsRef<[u8]>], limit: Duration) -> io::Result<Frame> {
        self.stream.write_all(&encode(arguments)).await?;
        within(limit, Frame::read(&mut self.stream)).await
    }
}

impl Raw {
    /// Asks the server to close the connection, and waits until it has.
    pub(crate) async fn quit(mut self, limit: Duration) {
        if self.try_command(&["QUIT"], limit).await.is_ok_and(|reply| !reply.is_error()) {
            let _ = within(limit, Frame::read(&mut self.stream)).await;
        }
    }
}

/// A connection in MONITOR mode, on which the server reports each command that it runs.
#[derive(Debug)]
pub struct Monitor {
    raw: Raw,
}

impl Monitor {
    /// Collects the lines that come before one with `marker` in it.
    ///
    /// Sends nothing: the test sends the marker by `raw.command(["ECHO", marker])`, after the commands under test.
    pub async fn stop_at(&mut self, marker: &str) -> Vec<String> {
        let mut lines = Vec::new();
        loop {
            match self.raw.try_receive().await {
                Ok(line) if line.text().contains(marker) => return lines,
                Ok(line) => lines.push(line.text()),
                Err(error) => panic!("{marker:?} did not come ({error}) after {lines:#?}"),
            }
        }
    }
}

async fn within<T>(limit: Duration, work: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    timeout(limit, work).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}
