//! The recording proxy, which delays, drops and cuts connections.

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
    time::{sleep, timeout},
};

/// The size of the read buffer: more than a test writes at once, so that one write is recorded as one chunk.
const CHUNK: usize = 256 * 1024;

/// A TCP proxy that records the clients' requests, and delays, drops and cuts connections on demand.
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
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// The target of new connections.
    server: SocketAddr,
    /// `None` if requests are not recorded.
    writes: Option<Vec<Vec<u8>>>,
    request: Flow,
    reply: Flow,
    accepted: usize,
    /// Connections up to this number forward nothing any more.
    dropped: usize,
    connections: JoinSet<()>,
}

/// The traffic in one direction, of all connections together.
#[derive(Debug, Default)]
struct Flow {
    bytes: usize,
    cut_after: Option<usize>,
    throttle: Throttle,
}

/// The delay with which a chunk is forwarded.
#[derive(Clone, Copy, Debug, Default)]
struct Throttle {
    delay: Duration,
    trickles: bool,
}

impl Proxy {
    /// Listens on a free loopback port and passes everything on to the server at `server`.
    pub async fn start(server: SocketAddr) -> Self {
        Self::listen((Ipv4Addr::LOCALHOST, 0).into(), server, Some(Vec::new())).await
    }

    /// The same without recording requests, for long runs.
    pub async fn without_record(server: SocketAddr) -> Self {
        Self::listen((Ipv4Addr::LOCALHOST, 0).into(), server, None).await
    }

    /// The same, where a server's own port is needed: it listens on another loopback address with the port of the server. A
    /// node of a cluster that tells this address by `cluster-announce-hostname` is reached through the proxy by clients, and
    /// not by the other nodes.
    pub async fn beside(server: SocketAddr, address: Ipv4Addr) -> Self {
        Self::listen((address, server.port()).into(), server, None).await
    }

    async fn listen(address: SocketAddr, server: SocketAddr, writes: Option<Vec<Vec<u8>>>) -> Self {
        let listener =
            TcpListener::bind(address).await.unwrap_or_else(|error| panic!("no proxy on {address}: {error}"));
        let address = listener.local_addr().expect("a bound socket has an address");
        let shared = Arc::new(Shared { state: Mutex::new(State::new(server, writes)) });
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

    /// The chunks read from clients, in order. A chunk is the result of one read, so it is one write of a client that
    /// waits for the reply before it writes again.
    pub fn writes(&self) -> Vec<Vec<u8>> {
        self.shared.state().writes.clone().unwrap_or_default()
    }

    /// Forgets the chunks recorded so far, a handshake for example.
    pub fn clear_writes(&self) {
        self.shared.state().writes.iter_mut().for_each(Vec::clear);
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
        let mut state = self.shared.state();
        state.reap();
        state.connections.len()
    }

    /// Lets `bytes` more bytes of the server's replies through, then closes that connection. Happens once.
    pub fn cut_reply_after(&self, bytes: usize) {
        self.shared.state().reply.cut_after = Some(bytes);
    }

    /// Lets `bytes` more bytes of the clients' requests through, then closes that connection. Happens once.
    ///
    /// When the client sees the end, the server has run the commands that arrived whole, and the client gets no reply
    /// to them.
    pub fn cut_request_after(&self, bytes: usize) {
        self.shared.state().request.cut_after = Some(bytes);
    }

    /// Forwards the server's replies byte by byte from now on, so that the client is woken at each byte.
    pub fn trickle_replies(&self) {
        self.shared.state().reply.throttle.trickles = true;
    }

    /// Cancels a cut that has not happened yet, and returns whether there was one.
    pub fn cancel_cut(&self) -> bool {
        let mut state = self.shared.state();
        let (request, reply) = (state.request.cut_after.take(), state.reply.cut_after.take());
        request.is_some() || reply.is_some()
    }

    /// Delays all chunks from now on, in both directions.
    pub fn delay(&self, delay: Duration) {
        let mut state = self.shared.state();
        state.request.throttle.delay = delay;
        state.reply.throttle.delay = delay;
    }

    /// Makes the open connections half-open, as a pulled cable does: they forward nothing any more, and neither side is
    /// told. New connections work.
    pub fn drop_open(&self) {
        let mut state = self.shared.state();
        state.dropped = state.accepted;
    }

    /// Forwards new connections to another server.
    pub fn forward_to(&self, server: SocketAddr) {
        self.shared.state().server = server;
    }

    /// Closes all open connections; new ones work.
    pub async fn disconnect_all(&self) {
        let mut connections = std::mem::take(&mut self.shared.state().connections);
        connections.shutdown().await;
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
        self.shared.state().connections.abort_all();
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
        state.reap();
        state.accepted += 1;
        let (number, server) = (state.accepted, state.server);
        state.connections.spawn(serve_connection(client, server, number, Arc::clone(&shared)));
    }
}

async fn serve_connection(client: TcpStream, server: SocketAddr, number: usize, shared: Arc<Shared>) {
    let Ok(server) = TcpStream::connect(server).await else {
        return;
    };
    let _ = client.set_nodelay(true);
    let _ = server.set_nodelay(true);
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let end = select! {
        end = forward(&mut from_client, &mut to_server, |chunk| shared.state().admit_request(number, chunk)) => end,
        end = forward(&mut from_server, &mut to_client, |chunk| shared.state().admit_reply(number, chunk)) => end,
    };
    if shared.state().is_dropped(number) {
        drain(&mut from_client).await;
        return;
    }
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

/// The part of a chunk that is forwarded, and the reason to close the connection after it.
struct Admission {
    bytes: usize,
    throttle: Throttle,
    end: Option<End>,
}

impl State {
    fn new(server: SocketAddr, writes: Option<Vec<Vec<u8>>>) -> Self {
        Self {
            server,
            writes,
            request: Flow::default(),
            reply: Flow::default(),
            accepted: 0,
            dropped: 0,
            connections: JoinSet::new(),
        }
    }

    fn admit_request(&mut self, connection: usize, chunk: &[u8]) -> Admission {
        self.writes.iter_mut().for_each(|writes| writes.push(chunk.to_vec()));
        if self.is_dropped(connection) {
            return Admission::NOTHING;
        }
        self.request.admit(chunk.len(), End::RequestCut)
    }

    fn admit_reply(&mut self, connection: usize, chunk: &[u8]) -> Admission {
        if self.is_dropped(connection) {
            return Admission::NOTHING;
        }
        self.reply.admit(chunk.len(), End::ReplyCut)
    }

    fn is_dropped(&self, connection: usize) -> bool {
        connection <= self.dropped
    }

    fn reap(&mut self) {
        while self.connections.try_join_next().is_some() {}
    }
}

impl Admission {
    const NOTHING: Self = Self { bytes: 0, throttle: Throttle { delay: Duration::ZERO, trickles: false }, end: None };
}

impl Flow {
    fn admit(&mut self, length: usize, cut: End) -> Admission {
        self.bytes += length;
        let throttle = self.throttle;
        match self.cut_after.take() {
            Some(rest) if length >= rest => Admission { bytes: rest, throttle, end: Some(cut) },
            rest => {
                self.cut_after = rest.map(|rest| rest - length);
                Admission { bytes: length, throttle, end: None }
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
        if write_throttled(&chunk[..admission.bytes], admission.throttle, to).await.is_err() {
            return End::Closed;
        }
        if let Some(end) = admission.end {
            return end;
        }
    }
}

async fn write_throttled(chunk: &[u8], throttle: Throttle, to: &mut OwnedWriteHalf) -> io::Result<()> {
    if !throttle.delay.is_zero() {
        sleep(throttle.delay).await;
    }
    if !throttle.trickles {
        return to.write_all(chunk).await;
    }
    for byte in chunk {
        to.write_all(&[*byte]).await?;
        // The first yield lets the runtime poll its sockets, and the second lets the reader of the byte run.
        yield_now().await;
        yield_now().await;
    }
    Ok(())
}

async fn drain(from: &mut OwnedReadHalf) {
    let mut buffer = [0; 1024];
    while matches!(from.read(&mut buffer).await, Ok(length) if length > 0) {}
}
