//! The scripted nodes: what they listen on, and what they received.

use super::{
    call::{Call, Session},
    map::{Endpoint, Map, Peer},
};
use crate::{Frame, HANG_UP};
use std::{
    collections::HashSet,
    fmt,
    net::{Ipv4Addr, SocketAddr},
    ops::RangeInclusive,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    io::{AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::{JoinHandle, JoinSet},
    time::sleep,
};

/// Scripted nodes of a cluster, which share a script and a map of slots.
///
/// The script sees every command of every connection. Where it returns `None` the node replies by itself: it tells the map
/// in CLUSTER SLOTS and CLUSTER SHARDS, redirects by it, queues between MULTI and EXEC, and has canned values. Where it
/// returns bytes, they are the reply, or [`HANG_UP`]. So "MOVED to node 2 at the second queued command, once" is:
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// use typedis_testing::{FakeCluster, Raw};
///
/// let cluster = FakeCluster::start(3, |call| (call.queued() == Some(2) && call.once("moved")).then(|| call.moved(2))).await;
/// let mut raw = Raw::connect(cluster.addr(1)).await;
/// let key = cluster.key_on(1, "k");
/// raw.command(["MULTI"]).await;
/// assert_eq!(raw.command(["GET", &key]).await.text(), "QUEUED");
/// assert!(raw.command(["GET", &key]).await.is_error());
/// assert!(raw.command(["EXEC"]).await.is_error());
/// assert_eq!(cluster.received(1), [["MULTI"].as_slice(), &["GET", &key], &["GET", &key], &["EXEC"]]);
/// # }
/// ```
#[derive(Debug)]
pub struct FakeCluster {
    nodes: Vec<Node>,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Node {
    address: SocketAddr,
    accepting: JoinHandle<()>,
    /// Raised to close all connections.
    closed: watch::Sender<usize>,
}

struct Shared {
    state: Mutex<State>,
}

type Script = Box<dyn FnMut(&mut Call<'_>) -> Option<Vec<u8>> + Send>;

struct State {
    script: Script,
    map: Map,
    labels: HashSet<String>,
    /// By node.
    records: Vec<Record>,
}

/// What a node received.
#[derive(Clone, Debug, Default)]
struct Record {
    /// By connection.
    commands: Vec<Vec<Vec<String>>>,
    /// All of them in their order.
    all: Vec<Vec<String>>,
    delay: Duration,
}

impl FakeCluster {
    /// Starts so many primaries, which share the slots in equal ranges.
    pub async fn start(
        primaries: usize,
        script: impl FnMut(&mut Call<'_>) -> Option<Vec<u8>> + Send + 'static,
    ) -> Self {
        Self::with_replicas(primaries, 0, script).await
    }

    /// Starts so many primaries with so many replicas each. Replicas stand behind all primaries: those of the first one,
    /// those of the second one, and so on. They answer reads after READONLY, and redirect before it.
    pub async fn with_replicas(
        primaries: usize,
        replicas: usize,
        script: impl FnMut(&mut Call<'_>) -> Option<Vec<u8>> + Send + 'static,
    ) -> Self {
        let mut listeners = Vec::new();
        let mut peers = Vec::new();
        for place in 0..primaries * (1 + replicas) {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("the loopback has a free port");
            let address = listener.local_addr().expect("a bound socket has an address");
            let replicates = place.checked_sub(primaries).map(|number| number / replicas);
            peers.push(Peer { address, endpoint: Endpoint::Address, replicates, zone: None, own_zone: None });
            listeners.push(listener);
        }
        let records = vec![Record::default(); peers.len()];
        let state = State { script: Box::new(script), map: Map::new(peers), labels: HashSet::new(), records };
        let shared = Arc::new(Shared { state: Mutex::new(state) });
        let nodes = listeners.into_iter().enumerate().map(|(place, listener)| Node::start(place, listener, &shared));
        Self { nodes: nodes.collect(), shared }
    }

    /// The address of a node.
    pub fn addr(&self, node: usize) -> SocketAddr {
        self.nodes[node].address
    }

    /// The cluster's URL with all nodes as seeds.
    pub fn url(&self) -> String {
        let addresses: Vec<String> = self.nodes.iter().map(|node| node.address.to_string()).collect();
        format!("redis+cluster://{}", addresses.join(","))
    }

    /// The cluster's URL with one node as its seed.
    pub fn url_of(&self, node: usize) -> String {
        format!("redis+cluster://{}", self.addr(node))
    }

    /// Makes a key with `name` in it whose slot is the first one of a primary.
    pub fn key_on(&self, node: usize, name: &str) -> String {
        let state = self.shared.state();
        let mut slots = 0..crate::SLOTS;
        let slot = slots.find(|slot| state.map.owner(*slot) == Some(node)).expect("the node has slots");
        format!("{{{}}}:{name}", crate::tag_of_slot(slot))
    }

    /// Gives slots to a node in the map that all nodes tell and follow; to none with `None`.
    pub fn assign(&self, slots: RangeInclusive<u16>, owner: impl Into<Option<usize>>) {
        self.shared.state().map.assign(slots, owner.into());
    }

    /// Makes a replica of a node, which keeps its slots, or a primary with `None`.
    pub fn replicate(&self, node: usize, primary: impl Into<Option<usize>>) {
        self.shared.state().map.nodes[node].replicates = primary.into();
    }

    /// Sets the host by which the map and redirects name a node.
    pub fn set_endpoint(&self, node: usize, endpoint: Endpoint) {
        self.shared.state().map.nodes[node].endpoint = endpoint;
    }

    /// Sets the availability zone that the map tells of a node.
    pub fn set_zone(&self, node: usize, zone: &str) {
        self.shared.state().map.nodes[node].zone = Some(zone.to_owned());
    }

    /// Sets the availability zone that a node tells of itself, in HELLO and INFO.
    pub fn set_own_zone(&self, node: usize, zone: &str) {
        self.shared.state().map.nodes[node].own_zone = Some(zone.to_owned());
    }

    /// Delays all replies of a node from now on.
    pub fn delay(&self, node: usize, delay: Duration) {
        self.shared.state().records[node].delay = delay;
    }

    /// Closes all connections of a node; new ones work.
    pub fn disconnect(&self, node: usize) {
        self.nodes[node].closed.send_modify(|closed| *closed += 1);
    }

    /// Closes all connections of a node and refuses new ones, as if its process had ended.
    pub async fn stop(&mut self, node: usize) {
        let node = &mut self.nodes[node];
        node.accepting.abort();
        let _ = (&mut node.accepting).await;
    }

    /// The commands that a node received, without those of opening a connection and of asking for the map: HELLO, CLIENT,
    /// INFO and CLUSTER.
    pub fn received(&self, node: usize) -> Vec<Vec<String>> {
        self.shared.state().records[node].all.iter().filter(|words| !is_greeting(words)).cloned().collect()
    }

    /// All commands that a node received, by its connections in the order in which they were accepted.
    pub fn received_by_connection(&self, node: usize) -> Vec<Vec<Vec<String>>> {
        self.shared.state().records[node].commands.clone()
    }

    /// How often a node received a command, by the beginning of its words, such as `"CLUSTER SLOTS"`.
    pub fn count(&self, node: usize, command: &str) -> usize {
        let wanted: Vec<&str> = command.split(' ').collect();
        let is_wanted = |words: &&Vec<String>| {
            words.len() >= wanted.len()
                && words.iter().zip(&wanted).all(|(word, wanted)| word.eq_ignore_ascii_case(wanted))
        };
        self.shared.state().records[node].all.iter().filter(is_wanted).count()
    }

    /// Forgets what all nodes received so far, and not how many connections they accepted.
    pub fn clear(&self) {
        for record in &mut self.shared.state().records {
            record.all.clear();
            record.commands.iter_mut().for_each(Vec::clear);
        }
    }

    /// The number of connections that a node accepted so far.
    pub fn connections(&self, node: usize) -> usize {
        self.shared.state().records[node].commands.len()
    }
}

impl Node {
    fn start(place: usize, listener: TcpListener, shared: &Arc<Shared>) -> Self {
        let address = listener.local_addr().expect("a bound socket has an address");
        let (closed, closing) = watch::channel(0);
        let shared = Arc::clone(shared);
        let accepting = tokio::spawn(async move {
            // Owned by the task, so that the connections end with it.
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let session = shared.state().accept(place);
                let (shared, mut closing) = (Arc::clone(&shared), closing.clone());
                closing.mark_unchanged();
                connections.spawn(async move {
                    tokio::select! {
                        () = serve(stream, place, session, &shared) => {}
                        _ = closing.changed() => {}
                    }
                });
                while connections.try_join_next().is_some() {}
            }
        });
        Self { address, accepting, closed }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Shared")
    }
}

impl State {
    fn accept(&mut self, node: usize) -> Session {
        let commands = &mut self.records[node].commands;
        commands.push(Vec::new());
        Session::new(commands.len() - 1)
    }

    fn reply(&mut self, node: usize, session: &mut Session, words: &[String]) -> Vec<u8> {
        let record = &mut self.records[node];
        record.commands[session.connection].push(words.to_vec());
        record.all.push(words.to_vec());
        let mut call = Call { node, words, session, map: &mut self.map, labels: &mut self.labels };
        let reply = (self.script)(&mut call).unwrap_or_else(|| call.default_reply());
        call.apply(&reply);
        reply
    }
}

/// Answers all commands of a connection. Replies to commands that arrived together leave together.
async fn serve(stream: TcpStream, node: usize, mut session: Session, shared: &Shared) {
    let _ = stream.set_nodelay(true);
    let mut stream = BufReader::new(stream);
    let mut replies = Vec::new();
    while let Ok(command) = Frame::read(&mut stream).await {
        let (reply, delay) = {
            let mut state = shared.state();
            (state.reply(node, &mut session, &command.texts()), state.records[node].delay)
        };
        let hangs_up = reply == HANG_UP;
        if !hangs_up {
            replies.extend_from_slice(&reply);
        }
        if hangs_up || stream.buffer().is_empty() {
            if !delay.is_zero() {
                sleep(delay).await;
            }
            if stream.write_all(&replies).await.is_err() || hangs_up {
                return;
            }
            replies.clear();
        }
    }
}

fn is_greeting(words: &[String]) -> bool {
    ["HELLO", "CLIENT", "INFO", "CLUSTER"].iter().any(|name| words[0].eq_ignore_ascii_case(name))
}
