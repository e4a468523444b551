//! The peer with scripted replies.

use crate::Frame;
use std::{
    future::pending,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
};

/// A peer with scripted replies, the same for every connection.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// use typedis_testing::{Fake, Raw};
///
/// let fake = Fake::commands(|command| match command[0].as_str() {
///     "PING" => b"+PONG\r\n".to_vec(),
///     _ => b"$5\r\nhalf".to_vec(),
/// })
/// .await;
/// let mut raw = Raw::connect(fake.addr()).await;
/// assert_eq!(raw.command(["PING"]).await.text(), "PONG");
/// # }
/// ```
#[derive(Debug)]
pub struct Fake {
    address: SocketAddr,
    accepting: JoinHandle<()>,
}

type Answer<T> = Arc<Mutex<dyn FnMut(&T) -> Vec<u8> + Send>>;

/// A reply of [`Fake::commands`] that closes the connection.
pub const HANG_UP: &[u8] = b"hang up";

impl Fake {
    /// Answers every received chunk with the bytes that `answer` returns for it; no bytes are no reply.
    pub async fn start(answer: impl FnMut(&[u8]) -> Vec<u8> + Send + 'static) -> Self {
        let answer: Answer<[u8]> = Arc::new(Mutex::new(answer));
        Self::listen(move |stream| answer_chunks(stream, Arc::clone(&answer))).await
    }

    /// Answers every received command with the bytes that `answer` returns for it; no bytes are no reply.
    pub async fn commands(answer: impl FnMut(&[String]) -> Vec<u8> + Send + 'static) -> Self {
        let answer: Answer<[String]> = Arc::new(Mutex::new(answer));
        Self::listen(move |stream| answer_commands(stream, Arc::clone(&answer))).await
    }

    /// Writes `bytes` at once and holds the connection open, reading nothing.
    pub async fn holding(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes: Arc<[u8]> = bytes.into().into();
        Self::listen(move |stream| write_and_hold(stream, Arc::clone(&bytes))).await
    }

    /// Writes `bytes` at once, and closes the connection after the client did.
    pub async fn closing(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes: Arc<[u8]> = bytes.into().into();
        Self::listen(move |stream| write_and_close(stream, Arc::clone(&bytes))).await
    }

    /// The address to connect to.
    pub fn addr(&self) -> SocketAddr {
        self.address
    }

    /// The URL to connect to.
    pub fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    async fn listen<F>(serve: impl Fn(TcpStream) -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("the loopback has a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let accepting = tokio::spawn(async move {
            // Owned by the task, so that the connections end with it.
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(serve(stream));
            }
        });
        Self { address, accepting }
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn answer_chunks(mut stream: TcpStream, answer: Answer<[u8]>) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(length) = stream.read(&mut buffer).await {
        if length == 0 {
            return;
        }
        let reply = reply_to(&answer, &buffer[..length]);
        if stream.write_all(&reply).await.is_err() {
            return;
        }
    }
}

async fn answer_commands(stream: TcpStream, answer: Answer<[String]>) {
    let mut stream = BufReader::new(stream);
    while let Ok(command) = Frame::read(&mut stream).await {
        let reply = reply_to(&answer, &command.texts());
        if reply == HANG_UP {
            return;
        }
        if stream.write_all(&reply).await.is_err() {
            return;
        }
    }
}

fn reply_to<T: ?Sized>(answer: &Answer<T>, received: &T) -> Vec<u8> {
    let mut answer = answer.lock().unwrap_or_else(PoisonError::into_inner);
    (*answer)(received)
}

async fn write_and_hold(mut stream: TcpStream, bytes: Arc<[u8]>) {
    let _ = stream.write_all(&bytes).await;
    pending::<()>().await;
}

async fn write_and_close(mut stream: TcpStream, bytes: Arc<[u8]>) {
    let _ = stream.write_all(&bytes).await;
    let _ = stream.shutdown().await;
    // A socket that is dropped with bytes unread resets the connection, and a reset may overtake bytes on their way.
    let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
}
