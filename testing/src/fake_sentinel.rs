//! The scripted Sentinel, which names whatever primary a test wants.

use crate::{Frame, reply};
use std::{
    collections::VecDeque,
    future::pending,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::{
    io::{AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::{mpsc, watch},
    task::{JoinHandle, JoinSet},
};

/// A scripted Sentinel. It knows the commands of a real one and no others.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// use typedis_testing::{FakeSentinel, Frame, Raw};
///
/// let sentinel = FakeSentinel::start("mymaster", "10.0.0.1:6379".parse().unwrap()).await;
/// let mut raw = Raw::connect(sentinel.addr()).await;
/// let named = raw.command(["SENTINEL", "GET-MASTER-ADDR-BY-NAME", "mymaster"]).await;
/// assert_eq!(named.texts(), ["10.0.0.1", "6379"]);
/// assert!(raw.command(["MULTI"]).await.is_error());
/// # }
/// ```
#[derive(Debug)]
pub struct FakeSentinel {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    script: Mutex<Script>,
    /// While it is set nothing is answered.
    frozen: watch::Sender<bool>,
    subscribers: watch::Sender<usize>,
    connections: watch::Sender<usize>,
}

#[derive(Debug)]
struct Script {
    name: String,
    primary: Vec<u8>,
    /// Answers that come before that of `primary`.
    lies: VecDeque<Vec<u8>>,
    others: Vec<SocketAddr>,
    replicas: Vec<(SocketAddr, String, String)>,
    login: Option<(String, String)>,
    knows_hello: bool,
    /// The channels to the writers of the connections that have subscribed.
    subscribed: Vec<mpsc::UnboundedSender<Vec<u8>>>,
    commands: Vec<Vec<String>>,
}

impl FakeSentinel {
    /// Starts a Sentinel that knows one primary.
    pub async fn start(name: &str, primary: SocketAddr) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("the loopback has a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let script = Script {
            name: name.to_owned(),
            primary: named(primary),
            lies: VecDeque::new(),
            others: Vec::new(),
            replicas: Vec::new(),
            login: None,
            knows_hello: true,
            subscribed: Vec::new(),
            commands: Vec::new(),
        };
        let shared = Arc::new(Shared {
            script: Mutex::new(script),
            frozen: watch::Sender::new(false),
            subscribers: watch::Sender::new(0),
            connections: watch::Sender::new(0),
        });
        let accepting = tokio::spawn({
            let shared = shared.clone();
            async move {
                // Owned by the task, so that the connections end with it.
                let mut connections = JoinSet::new();
                while let Ok((stream, _)) = listener.accept().await {
                    connections.spawn(serve(stream, shared.clone()));
                }
            }
        });
        Self { address, shared, accepting }
    }

    /// The address to connect to.
    pub fn addr(&self) -> SocketAddr {
        self.address
    }

    /// Names another primary from now on, without announcing it.
    pub fn names(&self, primary: SocketAddr) {
        self.script().primary = named(primary);
    }

    /// Answers the question for the primary with these bytes from now on.
    pub fn answers(&self, reply: impl Into<Vec<u8>>) {
        self.script().primary = reply.into();
    }

    /// Names this server as the primary once more, before what it names else.
    pub fn names_once(&self, primary: SocketAddr) {
        self.script().lies.push_back(named(primary));
    }

    /// Names these as the other Sentinels.
    pub fn knows(&self, others: &[SocketAddr]) {
        self.script().others = others.to_vec();
    }

    /// Names these replicas, each with its flags and the state of the link to its primary: `"slave"` and `"ok"`.
    pub fn lists(&self, replicas: &[(SocketAddr, &str, &str)]) {
        let replicas = replicas.iter().map(|(address, flags, link)| (*address, (*flags).into(), (*link).into()));
        self.script().replicas = replicas.collect();
    }

    /// How often the replicas were asked for.
    pub fn questions_for_replicas(&self) -> usize {
        let is_question = |command: &&Vec<String>| command.get(1).is_some_and(|word| word == "REPLICAS");
        self.script().commands.iter().filter(is_question).count()
    }

    /// Requires a login.
    pub fn requires(&self, user: &str, password: &str) {
        self.script().login = Some((user.to_owned(), password.to_owned()));
    }

    /// Does not know HELLO, as before Redis 6.
    pub fn forgets_hello(&self) {
        self.script().knows_hello = false;
    }

    /// Names another primary, and announces the switch to those that have subscribed.
    pub fn switches_to(&self, primary: SocketAddr) {
        self.names(primary);
        self.publishes(&format!("{} 10.0.0.1 1 {} {}", self.script().name.clone(), primary.ip(), primary.port()));
    }

    /// Publishes a message on `+switch-master`.
    pub fn publishes(&self, text: &str) {
        let message = array(&["message", "+switch-master", text]);
        self.script().subscribed.retain(|connection| connection.send(message.clone()).is_ok());
    }

    /// Answers nothing until it thaws. Connections are accepted.
    pub fn freeze(&self) {
        self.shared.frozen.send_replace(true);
    }

    /// Answers again, also what was asked before.
    pub fn thaw(&self) {
        self.shared.frozen.send_replace(false);
    }

    /// All commands that were received, in order.
    pub fn commands(&self) -> Vec<Vec<String>> {
        self.script().commands.clone()
    }

    /// How often the primary was asked for.
    pub fn questions(&self) -> usize {
        let is_question = |command: &&Vec<String>| command.get(1).is_some_and(|word| word.starts_with("GET-MASTER"));
        self.script().commands.iter().filter(is_question).count()
    }

    /// Waits until a connection has subscribed.
    pub async fn has_subscriber(&self) {
        let _ = self.shared.subscribers.subscribe().wait_for(|subscribers| *subscribers > 0).await;
    }

    /// Waits until no connection is open.
    pub async fn has_no_connection(&self) {
        let _ = self.shared.connections.subscribe().wait_for(|connections| *connections == 0).await;
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.shared.script()
    }
}

impl Drop for FakeSentinel {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Shared {
    fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts a connection, or a subscriber, for as long as it lives.
struct Counted<'a>(&'a watch::Sender<usize>);

impl<'a> Counted<'a> {
    fn new(count: &'a watch::Sender<usize>) -> Self {
        count.send_modify(|count| *count += 1);
        Counted(count)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    let _connection = Counted::new(&shared.connections);
    let (reader, mut writer) = stream.into_split();
    let (replies, mut to_write) = mpsc::unbounded_channel::<Vec<u8>>();
    let mut subscriber = None;
    let mut session = Session { resp3: false, logged_in: false };
    let answering = async {
        let mut reader = BufReader::new(reader);
        while let Ok(command) = Frame::read(&mut reader).await {
            thawed(&shared).await;
            let command = command.texts();
            if command[0] == "SUBSCRIBE" {
                shared.script().subscribed.push(replies.clone());
            }
            let reply = session.answer(&command, &mut shared.script());
            if replies.send(reply).is_err() {
                return;
            }
            if command[0] == "SUBSCRIBE" {
                subscriber.get_or_insert_with(|| Counted::new(&shared.subscribers));
            }
        }
    };
    let writing = async {
        while let Some(reply) = to_write.recv().await {
            thawed(&shared).await;
            if writer.write_all(&reply).await.is_err() {
                return;
            }
        }
        pending().await
    };
    tokio::select! {
        () = answering => {}
        () = writing => {}
    }
}

async fn thawed(shared: &Shared) {
    let _ = shared.frozen.subscribe().wait_for(|frozen| !frozen).await;
}

/// What was negotiated on a connection.
struct Session {
    resp3: bool,
    logged_in: bool,
}

impl Session {
    fn answer(&mut self, command: &[String], script: &mut Script) -> Vec<u8> {
        script.commands.push(command.to_vec());
        let words: Vec<&str> = command.iter().map(String::as_str).collect();
        match &words[..] {
            ["HELLO", ..] if !script.knows_hello => b"-ERR unknown command 'HELLO'\r\n".to_vec(),
            ["HELLO", "3", login @ ..] => {
                if let ["AUTH", user, password, ..] = login {
                    if !self.log_in(user, password, script) {
                        return WRONG_PASSWORD.to_vec();
                    }
                }
                if self.is_stranger(script) {
                    return b"-NOAUTH HELLO must be called with the client already authenticated\r\n".to_vec();
                }
                self.resp3 = true;
                b"%3\r\n$6\r\nserver\r\n$5\r\nredis\r\n$5\r\nproto\r\n:3\r\n$4\r\nmode\r\n$8\r\nsentinel\r\n".to_vec()
            }
            ["AUTH", user, password] if self.log_in(user, password, script) => b"+OK\r\n".to_vec(),
            ["AUTH", password] if self.log_in("default", password, script) => b"+OK\r\n".to_vec(),
            ["AUTH", ..] => WRONG_PASSWORD.to_vec(),
            _ if self.is_stranger(script) => b"-NOAUTH Authentication required.\r\n".to_vec(),
            ["ROLE"] => b"*2\r\n$8\r\nsentinel\r\n*0\r\n".to_vec(),
            ["PING"] => b"+PONG\r\n".to_vec(),
            ["CLIENT", "SETNAME", _] => b"+OK\r\n".to_vec(),
            ["SUBSCRIBE", channels @ ..] => channels.iter().enumerate().map(subscribed).collect::<String>().into(),
            ["SENTINEL", "GET-MASTER-ADDR-BY-NAME", name] if *name == script.name => {
                script.lies.pop_front().unwrap_or_else(|| script.primary.clone())
            }
            ["SENTINEL", "GET-MASTER-ADDR-BY-NAME", _] => if self.resp3 { "_\r\n" } else { "*-1\r\n" }.into(),
            ["SENTINEL", "SENTINELS", name] if *name == script.name => self.sentinels(&script.others),
            ["SENTINEL", "REPLICAS", name] if *name == script.name => self.replicas(&script.replicas),
            ["SENTINEL", "SENTINELS" | "REPLICAS", _] => b"-ERR No such master with that name\r\n".to_vec(),
            [name, ..] => format!("-ERR unknown command '{name}', with args beginning with: \r\n").into(),
            [] => b"-ERR empty command\r\n".to_vec(),
        }
    }

    fn is_stranger(&self, script: &Script) -> bool {
        script.login.is_some() && !self.logged_in
    }

    fn log_in(&mut self, user: &str, password: &str, script: &Script) -> bool {
        self.logged_in = script.login.as_ref().is_some_and(|(name, secret)| name == user && secret == password);
        self.logged_in
    }

    fn sentinels(&self, others: &[SocketAddr]) -> Vec<u8> {
        self.instances(others.iter().map(|other| instance(*other, &[])))
    }

    fn replicas(&self, replicas: &[(SocketAddr, String, String)]) -> Vec<u8> {
        self.instances(replicas.iter().map(|(address, flags, link)| {
            instance(*address, &[("flags", flags), ("role-reported", "slave"), ("master-link-status", link)])
        }))
    }

    /// An array of maps, or in RESP2 of the same as arrays.
    fn instances(&self, instances: impl ExactSizeIterator<Item = Vec<(String, String)>>) -> Vec<u8> {
        let mut reply = format!("*{}\r\n", instances.len()).into_bytes();
        for fields in instances {
            let count = fields.len();
            let head = if self.resp3 { format!("%{count}\r\n") } else { format!("*{}\r\n", 2 * count) };
            reply.extend(head.into_bytes());
            reply.extend(fields.iter().flat_map(|(name, value)| [reply::bulk(name), reply::bulk(value)].concat()));
        }
        reply
    }
}

fn instance(address: SocketAddr, more: &[(&str, &str)]) -> Vec<(String, String)> {
    let (ip, port) = (address.ip().to_string(), address.port().to_string());
    let fields = [("name", "x"), ("ip", &*ip), ("port", &*port)];
    fields.iter().chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

const WRONG_PASSWORD: &[u8] = b"-WRONGPASS invalid username-password pair or user is disabled.\r\n";

fn subscribed((index, channel): (usize, &&str)) -> String {
    format!("*3\r\n$9\r\nsubscribe\r\n${}\r\n{channel}\r\n:{}\r\n", channel.len(), index + 1)
}

fn named(primary: SocketAddr) -> Vec<u8> {
    array(&[&primary.ip().to_string(), &primary.port().to_string()])
}

fn array(texts: &[&str]) -> Vec<u8> {
    crate::frame::encode(texts)
}
