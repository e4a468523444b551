//! Fixtures that several modules share: servers with clients, and the server's CLIENT LIST.

pub mod described;
pub mod pool_of_one;
pub mod proxied;
pub mod rows;

use std::time::{Duration, Instant};
use typedis::{Client, Config};
use typedis_testing::{Monitor, Raw, Server};

/// A fresh server and a client connected to it.
pub async fn client() -> (Server, Client) {
    let server = Server::start().await;
    let client = Client::connect(&server.url()).await.unwrap();
    (server, client)
}

/// A fresh server and a client whose pool has one connection.
pub async fn pool_of_one() -> (Server, Client) {
    let server = Server::start().await;
    let client = Client::open(Config::from_url(&server.url()).unwrap().pool_size(1)).await.unwrap();
    (server, client)
}

/// The commands that the server ran since the monitor began, in order and in lower case. Before Redis 7.0 each WATCH has a
/// lookup before it, so EXISTS is left out.
pub async fn seen(mut monitor: Monitor, server: &Server) -> Vec<String> {
    server.raw().await.command(["ECHO", "the-end"]).await;
    let mut seen: Vec<_> = monitor.stop_at("the-end").await.iter().map(|line| command(line)).collect();
    if server.version() < (7, 0, 0) {
        seen.retain(|command| !command.starts_with("exists "));
    }
    seen
}

/// A monitor's line, such as `1.2 [0 127.0.0.1:1] "set" "a" "0"`, as `set a 0`.
fn command(line: &str) -> String {
    let (_, command) = line.split_once("] ").unwrap_or(("", line));
    command.replace('"', "").to_lowercase()
}

/// Returns how often a server was asked for a command.
pub async fn calls(server: &Server, command: &str) -> u64 {
    let stats = server.raw().await.command(["INFO", "commandstats"]).await.text();
    let line =
        stats.lines().find_map(|line| line.strip_prefix(&format!("cmdstat_{command}:calls="))?.split(',').next());
    line.map_or(0, |calls| calls.parse().unwrap())
}

/// Waits until a condition holds.
pub async fn eventually(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let begin = Instant::now();
    while !holds().await {
        assert!(begin.elapsed() < Duration::from_secs(20), "not in time: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// The lines of CLIENT LIST, without that of `raw` itself.
pub async fn connections(raw: &mut Raw) -> Vec<Fields> {
    let list = raw.command(["CLIENT", "LIST"]).await.text();
    list.lines().map(Fields::parse).filter(|fields| !fields.get("cmd").starts_with("client")).collect()
}

/// Closes the connection with this id, by CLIENT KILL.
pub async fn kill(server: &Server, id: u64) {
    let killed = server.raw().await.command(["CLIENT", "KILL", "ID", &id.to_string()]).await;
    assert_eq!(killed.integer(), 1, "{killed:?}");
}

/// One line of CLIENT LIST.
#[derive(Debug)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    fn parse(line: &str) -> Self {
        let pairs = line.split(' ').filter_map(|pair| pair.split_once('='));
        Fields(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    /// The value of a field, empty if the server does not report it.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value)
    }

    /// Returns whether the connection is within MULTI. The field `multi` does not say it: behind a transaction it is
    /// -1 on Redis and 0 on Valkey, and 0 is also a transaction without commands.
    pub fn is_in_transaction(&self) -> bool {
        self.get("flags").contains('x')
    }

    /// Returns whether the connection is in no state that outlasts a command: MULTI, a blocking command, a
    /// subscription. The field `flags` is `N` then.
    pub fn is_idle(&self) -> bool {
        self.get("flags") == "N"
    }
}
