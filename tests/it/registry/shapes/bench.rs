//! Servers on which every row runs with its examples, and the replies as their bytes.

use super::{
    examples::{self, Example},
    kind::Kinds,
};
use crate::support::rows::supports;
use bytes::Bytes;
use std::time::{Duration, Instant};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use typedis::{command::CommandInfo, key::KeyType};
use typedis_testing::{ClusterSet, Module, Raw, Server, Vendor};

/// The longest time that a reply may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A connection that keeps replies as they come.
struct Wire {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Wire {
    async fn connect(server: &Server, resp3: bool) -> Wire {
        let stream = TcpStream::connect(server.addr()).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let mut wire = Wire { stream, buffer: Vec::new() };
        if resp3 {
            wire.command(&[b"HELLO".to_vec(), b"3".to_vec()]).await;
        }
        wire
    }

    async fn command(&mut self, words: &[Vec<u8>]) -> (Bytes, Kinds) {
        let mut command = format!("*{}\r\n", words.len()).into_bytes();
        for word in words {
            command.extend(format!("${}\r\n", word.len()).bytes());
            command.extend(word);
            command.extend(b"\r\n");
        }
        self.stream.write_all(&command).await.unwrap();
        loop {
            if let Some((kinds, length)) = Kinds::read(&self.buffer) {
                return (self.buffer.drain(..length).collect::<Vec<_>>().into(), kinds);
            }
            let read = timeout(PATIENCE, self.stream.read_buf(&mut self.buffer)).await;
            let read = read.unwrap_or_else(|_| panic!("no reply to {}", show(words))).unwrap();
            assert!(read > 0, "the server closed the connection at {}", show(words));
        }
    }
}

/// The words of a command, as text.
pub(super) fn show(words: &[Vec<u8>]) -> String {
    let words = words.iter().map(|word| word.escape_ascii().to_string().chars().take(40).collect());
    words.collect::<Vec<String>>().join(" ")
}

/// A server with what some rows need.
pub(super) struct Bench {
    host: Host,
    of: Rows,
    /// A subscriber of a channel and of a pattern, for what tells of them.
    _subscriber: Raw,
}

enum Host {
    Server(Server),
    Set(ClusterSet),
}

/// The rows that run on a bench.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rows {
    Set,
    Server,
    Cluster,
    Module(&'static str),
}

impl Host {
    fn server(&self) -> &Server {
        match self {
            Host::Server(server) => server,
            Host::Set(set) => set.node(0),
        }
    }
}

/// One reply to an example of a row.
pub(super) struct Reply {
    pub(super) words: String,
    pub(super) bytes: Bytes,
    pub(super) kinds: Kinds,
}

impl Bench {
    /// The benches of the server under test: itself, as the only node of a cluster, as one of several, and with each module that is
    /// at hand.
    pub(super) async fn all() -> Vec<Bench> {
        // Without commands that happen to be slow, and with a short time until a node serves the slots that it gets.
        let alone = Server::builder().arg("slowlog-log-slower-than", "-1").start().await;
        let cluster = Server::builder().arg("cluster-enabled", "yes").arg("cluster-node-timeout", "100").start().await;
        let mut benches = vec![
            Bench::on(Host::Server(alone), Rows::Server).await,
            Bench::on(Host::Server(cluster), Rows::Cluster).await,
            Bench::on(Host::Set(ClusterSet::builder().primaries(2).replicas(1).start().await), Rows::Set).await,
        ];
        let modules = [
            (Module::Bloom, "bf"),
            (Module::Json, "ReJSON"),
            (Module::Search, "search"),
            (Module::TimeSeries, "timeseries"),
        ];
        for (module, name) in modules {
            if let Some(server) = module.server().await {
                benches.push(Bench::on(Host::Server(server), Rows::Module(name)).await);
            }
        }
        benches
    }

    async fn on(host: Host, of: Rows) -> Bench {
        let mut subscriber = host.server().raw().await;
        subscriber.command(["SUBSCRIBE", "k"]).await;
        subscriber.command(["PSUBSCRIBE", "p*"]).await;
        // Redis 6.2 does not have it, nor a row for it.
        subscriber.command(["SSUBSCRIBE", "k"]).await;
        Bench { host, of, _subscriber: subscriber }
    }

    /// The examples of a row, and whether each is run with data at its keys.
    pub(super) fn examples(&self, row: &CommandInfo) -> Vec<(Example, bool)> {
        let (without, with) = match self.of {
            Rows::Set => (Vec::new(), examples::in_a_set(row)),
            _ => (examples::of(row), examples::with_data(row)),
        };
        let without = without.into_iter().map(|example| (example, false));
        without.chain(with.into_iter().map(|example| (example, true))).collect()
    }

    /// The server's name in the table, such as `R7.0` for Redis 7.0 and `V9.1` for Valkey 9.1.
    pub(super) fn name(&self) -> String {
        let vendor = if self.host.server().vendor() == Vendor::Redis { 'R' } else { 'V' };
        let (major, minor, _) = self.host.server().version();
        format!("{vendor}{major}.{minor}")
    }

    pub(super) fn runs(&self, row: &CommandInfo) -> bool {
        match (row.since.module, self.of) {
            (Some(module), of) => of == Rows::Module(module.name),
            (None, Rows::Module(_)) => false,
            (None, Rows::Set) => supports(self.host.server(), row.since),
            (None, of) => {
                let of_clusters = row.name.starts_with("CLUSTER");
                of_clusters == (of == Rows::Cluster) && supports(self.host.server(), row.since)
            }
        }
    }

    /// Begins a pass in one protocol.
    pub(super) async fn pass(&self, resp3: bool) -> Pass<'_> {
        let wire = Wire::connect(self.host.server(), resp3).await;
        let mut pass = Pass { bench: self, wire, resp3 };
        // Blocked clients are looked at that often.
        pass.line("CONFIG SET hz 500").await;
        pass.clean().await;
        pass
    }
}

/// A pass over all rows in one protocol.
pub(super) struct Pass<'a> {
    bench: &'a Bench,
    wire: Wire,
    resp3: bool,
}

impl Pass<'_> {
    /// Runs an example, with data at its keys or without.
    pub(super) async fn run(&mut self, row: &CommandInfo, example: Example, with_data: bool) -> Reply {
        self.line("FLUSHALL").await;
        let line = self.filled(example.arguments, row);
        if with_data {
            for (at, key) in row.keys.iter().enumerate() {
                for command in examples::data(row.name, key.types.first().unwrap_or(&KeyType::String)) {
                    self.prepare(&command.replace('%', &key_at(at)), row).await;
                }
            }
        }
        for command in example.before.split(" ; ").filter(|command| !command.is_empty()) {
            self.prepare(&self.filled(command, row), row).await;
        }
        self.wait_until_saved(row).await;
        let mut words: Vec<_> = row.name.split(' ').map(|word| word.as_bytes().to_vec()).collect();
        words.extend(self.words(&line).await);
        let (bytes, kinds) = self.wire.command(&words).await;
        for command in example.behind.split(" ; ").filter(|command| !command.is_empty()) {
            self.prepare(&self.filled(command, row), row).await;
        }
        if self.bench.of == Rows::Cluster && row.access == typedis::command::Access::ReadWrite {
            self.clean().await;
        }
        Reply { words: show(&words), bytes, kinds }
    }

    /// A line with keys in place of the names of the row's keys, and the ID of another node in place of `{other}`.
    fn filled(&self, line: &str, row: &CommandInfo) -> String {
        let keys = row.keys.iter().enumerate();
        let line =
            keys.fold(line.to_owned(), |line, (at, key)| line.replace(&format!("{{{}}}", key.name), &key_at(at)));
        match &self.bench.host {
            Host::Set(set) if row.keys.is_empty() => {
                line.replace("{other}", set.node(1).id()).replace("{pass}", if self.resp3 { "3" } else { "2" })
            }
            _ => line,
        }
    }

    /// Runs a command that must succeed, unless it begins with `?`.
    async fn prepare(&mut self, line: &str, row: &CommandInfo) {
        let (line, may_fail) = line.strip_prefix('?').map_or((line, false), |line| (line, true));
        let (mut bytes, mut kinds) = self.line(line).await;
        let begin = Instant::now();
        // A node serves some time after it has its slots.
        while bytes.starts_with(b"-CLUSTERDOWN") && begin.elapsed() < PATIENCE {
            tokio::time::sleep(Duration::from_millis(10)).await;
            (bytes, kinds) = self.line(line).await;
        }
        assert!(may_fail || !kinds.is_error(), "before {}: {line}: {}", row.method, bytes.escape_ascii());
    }

    async fn line(&mut self, line: &str) -> (Bytes, Kinds) {
        let words = Box::pin(self.words(line)).await;
        self.wire.command(&words).await
    }

    /// The words of a line. Quotes keep spaces within a word, and a command within backticks stands for the string or number that
    /// it returns, the last one of an array.
    async fn words(&mut self, line: &str) -> Vec<Vec<u8>> {
        let mut words = Vec::new();
        let mut rest = line.trim_start();
        while let Some(first) = rest.chars().next() {
            let quote = [' ', '\'', '`'].into_iter().find(|quote| *quote == first).unwrap_or(' ');
            let from = if quote == ' ' { rest } else { &rest[1..] };
            let (word, behind) = from.split_once(quote).unwrap_or((from, ""));
            words.push(if quote == '`' { self.payload(word).await } else { word.as_bytes().to_vec() });
            rest = behind.trim_start();
        }
        words
    }

    async fn payload(&mut self, line: &str) -> Vec<u8> {
        let (bytes, kinds) = self.line(line).await;
        assert!(!kinds.is_error(), "{line}: {}", bytes.escape_ascii());
        let last = bytes[..bytes.len() - 2].rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
        if let Some(number) = last.strip_prefix(b":").filter(|number| number.iter().all(u8::is_ascii_digit)) {
            return number.to_vec();
        }
        let bytes = &bytes[bytes.windows(3).position(|three| three == b"\r\n$").map_or(0, |at| at + 2)..];
        let begin = bytes.iter().position(|byte| *byte == b'\n').expect("a line") + 1;
        if bytes[0] == b'$' { bytes[begin..bytes.len() - 2].to_vec() } else { bytes[1..begin - 2].to_vec() }
    }

    /// Waits for a save in the background, with which another one would be refused.
    async fn wait_until_saved(&mut self, row: &CommandInfo) {
        while row.name.contains("SAVE") || row.name == "BGREWRITEAOF" {
            let (info, _) = self.line("INFO persistence").await;
            let info = String::from_utf8_lossy(&info).into_owned();
            if !["bgsave_in_progress:1", "rewrite_in_progress:1", "rewrite_scheduled:1"]
                .iter()
                .any(|busy| info.contains(busy))
            {
                break;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Makes the node of a cluster whole again: without data, and with all slots.
    async fn clean(&mut self) {
        if self.bench.of == Rows::Cluster {
            self.line("FLUSHALL").await;
            self.line("CLUSTER RESET HARD").await;
            let slots: Vec<_> = (0..16384).map(|slot: u16| slot.to_string()).collect();
            self.line(&format!("CLUSTER ADDSLOTS {}", slots.join(" "))).await;
        }
    }
}

fn key_at(place: usize) -> String {
    format!("{{k}}{place}")
}
