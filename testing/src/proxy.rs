use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    io::{self, AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    select,
    task::{JoinHandle, JoinSet, yield_now},
    time::timeout,
};

/// More than a test writes at once, so that one write of the client is one chunk of the record.
const CHUNK: usize = 256 * 1024;

/// A TCP proxy that records what clients write and breaks connections where it is told to.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// use typedis_testing::{Proxy, Raw, Server};
///
/// let server = Server::start().await;
/// let proxy = Proxy::start(server.addr()).await;
/// Raw::connect(proxy.addr()).await.command(["PING"]).await;
/// assert_eq!(proxy.writes(), [b"*1\r\n$4\r\nPING\r\n"]);
/// # }
/// ```
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    server: SocketAddr,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    writes: Vec<Vec<u8>>,
    request: Flow,
    reply: Flow,
    accepted: usize,
    links: JoinSet<()>,
}

/// One direction, all connections together.
#[derive(Debug, Default)]
struct Flow {
    bytes: usize,
    cut_after: Option<usize>,
    trickles: bool,
}

impl Proxy {
    /// Listens on a free loopback port and passes everything on to the server at `server`.
    pub async fn start(server: SocketAddr) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("the loopback has a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let shared = Arc::new(Shared { server, state: Mutex::default() });
        let accepting = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Self { address, shared, accepting }
    }

    /// The address to connect to instead of the server's.
    pub fn addr(&self) -> SocketAddr {
        self.address
    }

    /// The URL to connect to instead of the server's.
    pub fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    /// Every chunk that was read from a client, in the order of reading. A chunk is what one read gave: one write of
    /// the client, if it waits for the reply before it writes again.
    pub fn writes(&self) -> Vec<Vec<u8>> {
        self.shared.state().writes.clone()
    }

    /// Forgets the chunks recorded so far, a handshake for example.
    pub fn clear_writes(&self) {
        self.shared.state().writes.clear();
    }

    /// The number of bytes read from clients so far.
    pub fn request_bytes(&self) -> usize {
        self.shared.state().request.bytes
    }

    /// The number of bytes read from the server so far.
    pub fn reply_bytes(&self) -> usize {
        self.shared.state().reply.bytes
    }

    /// The number of connections accepted so far.
    pub fn connections(&self) -> usize {
        self.shared.state().accepted
    }

    /// The number of connections that are open now.
    pub fn open_connections(&self) -> usize {
        let links = &mut self.shared.state().links;
        while links.try_join_next().is_some() {}
        links.len()
    }

    /// Lets `bytes` more bytes of the server's replies through, then closes that connection. Happens once.
    pub fn cut_reply_after(&self, bytes: usize) {
        self.shared.state().reply.cut_after = Some(bytes);
    }

    /// Lets `bytes` more bytes of the clients' requests through, then closes that connection. Happens once.
    ///
    /// The server has run what came through whole when the client sees the end, and the client sees no reply to it.
    pub fn cut_request_after(&self, bytes: usize) {
        self.shared.state().request.cut_after = Some(bytes);
    }

    /// Hands on the server's replies one byte at a time from now on, so that a client is woken at each.
    pub fn trickle_replies(&self) {
        self.shared.state().reply.trickles = true;
    }

    /// Closes every connection that is open now; new ones are welcome.
    pub async fn disconnect_all(&self) {
        let mut links = std::mem::take(&mut self.shared.state().links);
        links.shutdown().await;
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
        self.shared.state().links.abort_all();
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((client, _)) = listener.accept().await {
        let mut state = shared.state();
        state.accepted += 1;
        state.links.spawn(link(client, Arc::clone(&shared)));
    }
}

async fn link(client: TcpStream, shared: Arc<Shared>) {
    let Ok(server) = TcpStream::connect(shared.server).await else {
        return;
    };
    let _ = client.set_nodelay(true);
    let _ = server.set_nodelay(true);
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let end = select! {
        end = forward(&mut from_client, &mut to_server, |chunk| shared.state().admit_request(chunk)) => end,
        end = forward(&mut from_server, &mut to_client, |chunk| shared.state().admit_reply(chunk)) => end,
    };
    // A socket that is dropped with bytes unread resets the connection, and a reset may overtake bytes on their way.
    if let End::RequestCut = end {
        let _ = to_server.shutdown().await;
        let _ = timeout(Duration::from_secs(5), drain(&mut from_server)).await;
    }
    drop((from_server, to_server));
    let _ = to_client.shutdown().await;
    drain(&mut from_client).await;
}

enum End {
    Closed,
    RequestCut,
    ReplyCut,
}

/// How much of a chunk passes, and what ends the connection after it.
struct Admission {
    bytes: usize,
    trickles: bool,
    end: Option<End>,
}

impl State {
    fn admit_request(&mut self, chunk: &[u8]) -> Admission {
        self.writes.push(chunk.to_vec());
        self.request.admit(chunk.len(), End::RequestCut)
    }

    fn admit_reply(&mut self, chunk: &[u8]) -> Admission {
        self.reply.admit(chunk.len(), End::ReplyCut)
    }
}

impl Flow {
    fn admit(&mut self, length: usize, cut: End) -> Admission {
        self.bytes += length;
        let trickles = self.trickles;
        match self.cut_after.take() {
            Some(rest) if length >= rest => Admission { bytes: rest, trickles, end: Some(cut) },
            rest => {
                self.cut_after = rest.map(|rest| rest - length);
                Admission { bytes: length, trickles, end: None }
            }
        }
    }
}

async fn forward(from: &mut OwnedReadHalf, to: &mut OwnedWriteHalf, mut admit: impl FnMut(&[u8]) -> Admission) -> End {
    let mut buffer = vec![0; CHUNK];
    loop {
        let chunk = match from.read(&mut buffer).await {
            Ok(length) if length > 0 => &buffer[..length],
            _ => return End::Closed,
        };
        let admission = admit(chunk);
        if hand_on(&chunk[..admission.bytes], admission.trickles, to).await.is_err() {
            return End::Closed;
        }
        if let Some(end) = admission.end {
            return end;
        }
    }
}

async fn hand_on(chunk: &[u8], trickles: bool, to: &mut OwnedWriteHalf) -> io::Result<()> {
    if !trickles {
        return to.write_all(chunk).await;
    }
    for byte in chunk {
        to.write_all(&[*byte]).await?;
        // The runtime looks at its sockets, and then whoever waits for the byte has its turn.
        yield_now().await;
        yield_now().await;
    }
    Ok(())
}

async fn drain(from: &mut OwnedReadHalf) {
    let mut buffer = [0; 1024];
    while matches!(from.read(&mut buffer).await, Ok(length) if length > 0) {}
}
