//! Split commands on real servers: a cluster of two nodes answers in sum what one server does. Its nodes do not know each
//! other, so that each has half of the slots and needs no more than itself.

use super::*;
use crate::{
    commands::registry,
    resp::{Found, Limits, Scanner},
};
use std::collections::BTreeSet;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::yield_now,
};
use typedis_testing::Server;

/// Writes a command of these words.
fn write_command<'a>(out: &mut Vec<u8>, words: impl Iterator<Item = &'a str> + Clone) {
    write_line(out, b'*', words.clone().count());
    words.for_each(|word| write_bulk(out, word.as_bytes()));
}

/// A connection that returns replies as they came.
struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

impl Connection {
    async fn open(server: &Server, protocol: &str) -> Self {
        let stream = TcpStream::connect(server.addr()).await.unwrap();
        let mut connection = Connection { stream, received: Vec::new() };
        let hello = connection.command(&["HELLO", protocol]).await;
        assert!(hello.starts_with(b"*") || hello.starts_with(b"%"), "{hello:?}");
        connection
    }

    /// Sends encoded commands in one pipeline.
    async fn send(&mut self, commands: &[u8], replies: usize) -> Vec<Bytes> {
        self.stream.write_all(commands).await.unwrap();
        let mut found = Vec::new();
        while found.len() < replies {
            match Scanner::new(Limits::default()).next(&self.received).unwrap() {
                Some(Found::Reply(end)) => found.push(self.received.drain(..end).collect::<Vec<_>>().into()),
                Some(Found::Push(_)) => panic!("nothing was subscribed to"),
                None => assert_ne!(self.stream.read_buf(&mut self.received).await.unwrap(), 0),
            }
        }
        found
    }

    async fn command(&mut self, words: &[&str]) -> Bytes {
        let mut encoded = Vec::new();
        write_command(&mut encoded, words.iter().copied());
        self.send(&encoded, 1).await.remove(0)
    }
}

/// Starts a node that has these slots.
async fn node(slots: Range<u16>) -> Server {
    let node = Server::builder().arg("cluster-enabled", "yes").arg("cluster-require-full-coverage", "no").start().await;
    let mut raw = node.raw().await;
    let slots: Vec<String> = slots.map(|slot| slot.to_string()).collect();
    let words = ["CLUSTER", "ADDSLOTS"].into_iter().chain(slots.iter().map(String::as_str));
    assert_eq!(raw.command(words).await.text(), "OK");
    while !raw.command(["CLUSTER", "INFO"]).await.text().contains("cluster_state:ok") {
        yield_now().await;
    }
    node
}

/// Two nodes of a cluster, and the one server that they are compared with.
struct Setting {
    nodes: [Connection; 2],
    single: Connection,
}

impl Setting {
    /// Sends a command to all, split in the cluster, and returns the reply of each.
    async fn both<A: Arguments>(&mut self, name: &'static str, arguments: &A) -> (Bytes, Bytes) {
        let mut buffer = CommandBuffer::new(true);
        buffer.command(FirstArgument::Other, |out| {
            out.command(&NAME, arguments.count());
            arguments.write_all(out);
        });
        let command = buffer.walk(0).next().unwrap();
        let split = SplitCommand::new(&command, 2, FirstArgument::Key, |slot| u16::from(slot >= 8192)).unwrap();
        // The words of another name, since a name is known at compile time alone.
        let rename = |bytes: &[u8]| {
            let mut renamed = Vec::new();
            let words = words_of(bytes);
            let words = [name].into_iter().chain(words[2..].iter().map(String::as_str));
            write_command(&mut renamed, words);
            renamed
        };
        let mut replies = Vec::new();
        for (group, node) in self.nodes.iter_mut().enumerate() {
            let parts = split.parts().iter().filter(|part| usize::from(part.group) == group);
            let commands: Vec<u8> = parts.clone().flat_map(|part| rename(&split.bytes()[part.bytes.clone()])).collect();
            replies.extend(node.send(&commands, parts.count()).await);
        }
        let row = registry().find(|row| row.name == name).unwrap();
        let crate::command::Route::EachKey(by) = row.route else { panic!("{name} is split by {:?}", row.route) };
        let merged = split.merge(by, &replies).unwrap();
        (merged, self.single.send(&rename(buffer.bytes()), 1).await.remove(0))
    }

    /// Sends a command without keys to all, and returns the merged reply and that of the single server.
    async fn everywhere(&mut self, by: Merge, words: &[&str]) -> (Bytes, Bytes) {
        let mut replies = Vec::new();
        for node in &mut self.nodes {
            replies.push(node.command(words).await);
        }
        (merge(by, &replies).unwrap(), self.single.command(words).await)
    }
}

fn set_of(reply: &Bytes) -> BTreeSet<String> {
    words_of(reply).into_iter().collect()
}

#[tokio::test]
async fn two_nodes_reply_as_one_server() {
    let (first, second, single) = tokio::join!(node(0..8192), node(8192..16384), Server::start());
    for protocol in ["2", "3"] {
        let nodes = [Connection::open(&first, protocol).await, Connection::open(&second, protocol).await];
        let mut all = Setting { nodes, single: Connection::open(&single, protocol).await };
        let keys: Vec<String> = (0..200).map(|n| format!("key:{}", n % 170)).collect();
        let pairs: Vec<(&str, &str)> = keys.iter().step_by(2).map(|key| (key.as_str(), &key[4..])).collect();

        let set = all.both("MSET", &FlatPairs(&AsKeyPairs(&pairs))).await;
        assert_eq!((&set.0, &set.1), (&Bytes::from("+OK\r\n"), &set.0));
        for name in ["MGET", "EXISTS", "TOUCH"] {
            let (merged, expected) = all.both(name, &AsKey(&keys)).await;
            assert_eq!(merged, expected, "{name}");
        }
        let (merged, expected) = all.everywhere(Merge::Sum, &["DBSIZE"]).await;
        assert_eq!((&merged, &expected), (&Bytes::from(":85\r\n"), &merged));
        let (merged, expected) = all.everywhere(Merge::Concatenate, &["KEYS", "key:1*"]).await;
        assert_eq!((set_of(&merged), set_of(&merged).len()), (set_of(&expected), words_of(&merged).len()));
        let found = all.both("DEL", &AsKey(&keys[..50])).await;
        assert_eq!((&found.0, &found.1), (&Bytes::from(":25\r\n"), &found.0));
        let (merged, expected) = all.both("UNLINK", &AsKey(&keys)).await;
        assert_eq!(merged, expected);
        let (merged, expected) = all.everywhere(Merge::Special, &["RANDOMKEY"]).await;
        assert_eq!(merged, expected);
        all.nodes[1].command(&["SET", "a", "1"]).await;
        assert_eq!(all.everywhere(Merge::Special, &["RANDOMKEY"]).await.0, "$1\r\na\r\n");
        assert_eq!(all.everywhere(Merge::AllSucceeded, &["FLUSHALL"]).await.0, "+OK\r\n");

        let (digest, other) = ("e0e1f9fabfc9d4800c877a703b823ac0578ff8db", "0000000000000000000000000000000000000000");
        let exists = ["SCRIPT", "EXISTS", digest, other];
        all.nodes[0].command(&["SCRIPT", "LOAD", "return 1"]).await;
        assert_eq!(all.everywhere(Merge::LogicalOr, &exists).await.0, "*2\r\n:1\r\n:0\r\n");
        assert_eq!(all.everywhere(Merge::LogicalAnd, &exists).await.0, "*2\r\n:0\r\n:0\r\n");
        all.nodes[1].command(&["SCRIPT", "LOAD", "return 1"]).await;
        assert_eq!(all.everywhere(Merge::LogicalAnd, &exists).await.0, "*2\r\n:1\r\n:0\r\n");
        assert_eq!(all.everywhere(Merge::AllSucceeded, &["SCRIPT", "FLUSH"]).await.0, "+OK\r\n");
    }
}

#[tokio::test]
async fn a_node_refuses_keys_of_two_slots_that_it_has() {
    let node = node(0..16384).await;
    let mut connection = Connection::open(&node, "2").await;
    for words in [&["MGET", "a", "b"][..], &["EXISTS", "a", "b"], &["MSET", "a", "1", "b", "2"], &["DEL", "a", "b"]] {
        let reply = connection.command(words).await;
        assert!(reply.starts_with(b"-CROSSSLOT "), "{words:?}: {reply:?}");
    }
    assert_eq!(connection.command(&["MGET", "{a}1", "{a}2"]).await, "*2\r\n$-1\r\n$-1\r\n");
}
