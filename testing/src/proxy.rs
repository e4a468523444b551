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

/// The size of the read buffer, larger than any write of a test, so that one write of the client is one chunk of the record.
const CHUNK: usize = 256 * 1024;

/// A TCP proxy that records what clients write, and delays, drops and cuts connections on demand.
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
    /// The server of new connections.
    server: SocketAddr,
    /// The recorded chunks; `None` without a record.
    writes: Option<Vec<Vec<u8>>>,
    request: Flow,
    reply: Flow,
    accepted: usize,
    /// The connections up to this number forward nothing any more.
    dropped: usize,
    links: JoinSet<()>,
}

/// One direction of all connections together.
#[derive(Debug, Default)]
struct Flow {
    bytes: usize,
    cut_after: Option<usize>,
    pace: Pace,
}

/// The timing of forwarded chunks.
#[derive(Clone, Copy, Debug, Default)]
struct Pace {
    delay: Duration,
    trickles: bool,
}

impl Proxy {
    /// Listens on a free loopback port and forwards everything to the server at `server`.
    pub async fn start(server: SocketAddr) -> Self {
        Self::listen(server, Some(Vec::new())).await
    }

    /// Like [`start`](Self::start), without a record, whose memory a long run would exhaust.
    pub async fn without_record(server: SocketAddr) -> Self {
        Self::listen(server, None).await
    }

    async fn listen(server: SocketAddr, writes: Option<Vec<Vec<u8>>>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("the loopback has a free port");
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

    /// The chunks that were read from clients, in the order of reading. A chunk is the result of one read, which is one
    /// write of a client that waits for the reply before it writes again.
    pub fn writes(&self) -> Vec<Vec<u8>> {
        self.shared.state().writes.clone().unwrap_or_default()
    }

    /// Clears the record, of a handshake for example.
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
        state.links.len()
    }

    /// Forwards `bytes` more bytes of the server's replies, then closes that connection, once.
    pub fn cut_reply_after(&self, bytes: usize) {
        self.shared.state().reply.cut_after = Some(bytes);
    }

    /// Forwards `bytes` more bytes of the clients' requests, then closes that connection, once.
    ///
    /// When the client sees the end, the server has run every whole command, and the client gets no reply to them.
    pub fn cut_request_after(&self, bytes: usize) {
        self.shared.state().request.cut_after = Some(bytes);
    }

    /// Forwards the server's replies one byte at a time from now on, so that every byte wakes the client.
    pub fn trickle_replies(&self) {
        self.shared.state().reply.pace.trickles = true;
    }

    /// Cancels a cut that has not happened yet, and returns whether there was one.
    pub fn cancel_cut(&self) -> bool {
        let mut state = self.shared.state();
        let (request, reply) = (state.request.cut_after.take(), state.reply.cut_after.take());
        request.is_some() || reply.is_some()
    }

    /// Delays every chunk from now on, in both directions.
    pub fn delay(&self, delay: Duration) {
        let mut state = self.shared.state();
        state.request.pace.delay = delay;
        state.reply.pace.delay = delay;
    }

    /// Makes the open connections half-open: they stay open and forward nothing in either direction, as if a cable were
    /// pulled. New connections work.
    pub fn drop_open(&self) {
        let mut state = self.shared.state();
        state.dropped = state.accepted;
    }

    /// Connects new connections to another server.
    pub fn lead_to(&self, server: SocketAddr) {
        self.shared.state().server = server;
    }

    /// Closes the open connections; new connections work.
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
        state.reap();
        state.accepted += 1;
        let (number, server) = (state.accepted, state.server);
        state.links.spawn(link(client, server, number, Arc::clone(&shared)));
    }
}

async fn link(client: TcpStream, server: SocketAddr, number: usize, shared: Arc<Shared>) {
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
    // Dropping a socket with unread bytes resets the connection, and a reset may discard bytes that were sent.
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

/// The forwarded part of a chunk, and the end of the connection after it, if any.
struct Admission {
    bytes: usize,
    pace: Pace,
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
            links: JoinSet::new(),
        }
    }

    fn admit_request(&mut self, link: usize, chunk: &[u8]) -> Admission {
        self.writes.iter_mut().for_each(|writes| writes.push(chunk.to_vec()));
        if self.is_dropped(link) { Admission::NOTHING } else { self.request.admit(chunk.len(), End::RequestCut) }
    }

    fn admit_reply(&mut self, link: usize, chunk: &[u8]) -> Admission {
        if self.is_dropped(link) { Admission::NOTHING } else { self.reply.admit(chunk.len(), End::ReplyCut) }
    }

    fn is_dropped(&self, link: usize) -> bool {
        link <= self.dropped
    }

    fn reap(&mut self) {
        while self.links.try_join_next().is_some() {}
    }
}

impl Admission {
    const NOTHING: Self = Self { bytes: 0, pace: Pace { delay: Duration::ZERO, trickles: false }, end: None };
}

impl Flow {
    fn admit(&mut self, length: usize, cut: End) -> Admission {
        self.bytes += length;
        let pace = self.pace;
        match self.cut_after.take() {
            Some(rest) if length >= rest => Admission { bytes: rest, pace, end: Some(cut) },
            rest => {
                self.cut_after = rest.map(|rest| rest - length);
                Admission { bytes: length, pace, end: None }
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
        if hand_on(&chunk[..admission.bytes], admission.pace, to).await.is_err() {
            return End::Closed;
        }
        if let Some(end) = admission.end {
            return end;
        }
    }
}

async fn hand_on(chunk: &[u8], pace: Pace, to: &mut OwnedWriteHalf) -> io::Result<()> {
    if !pace.delay.is_zero() {
        sleep(pace.delay).await;
    }
    if !pace.trickles {
        return to.write_all(chunk).await;
    }
    for byte in chunk {
        to.write_all(&[*byte]).await?;
        // The first yield lets the runtime poll its sockets, the second lets the reader of the byte run.
        yield_now().await;
        yield_now().await;
    }
    Ok(())
}

async fn drain(from: &mut OwnedReadHalf) {
    let mut buffer = [0; 1024];
    while matches!(from.read(&mut buffer).await, Ok(length) if length > 0) {}
}
