//! Nodes of a cluster that answer canned bytes, so that a client is never waited for them: `scripted-nodes COUNT`.
//!
//! Prints the port of the first node and that of a server by itself, and serves until its standard input ends. Every reply is made of the command's name and its
//! number of arguments alone.

use std::{
    env,
    io::{self, Read, Write},
    net::{TcpListener, TcpStream},
    sync::Arc,
    thread,
};

fn main() -> io::Result<()> {
    let count = env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(3);
    let nodes = (0..count).map(|_| TcpListener::bind("127.0.0.1:0")).collect::<io::Result<Vec<_>>>()?;
    let ports = nodes.iter().map(|node| Ok(node.local_addr()?.port())).collect::<io::Result<Vec<_>>>()?;
    let alone = TcpListener::bind("127.0.0.1:0")?;
    println!("{} {}", ports.first().copied().unwrap_or_default(), alone.local_addr()?.port());
    let ports: Arc<[u16]> = ports.into();
    let servers = nodes.into_iter().map(|node| (node, Some(ports.clone()))).chain([(alone, None)]);
    for (server, ports) in servers {
        thread::spawn(move || {
            for stream in server.incoming().flatten() {
                let ports = ports.clone();
                thread::spawn(move || Connection { stream, ports, resp3: false, queued: None }.serve());
            }
        });
    }
    io::stdin().read_to_end(&mut Vec::new()).map(drop)
}

struct Connection {
    stream: TcpStream,
    /// The ports of the nodes; `None` of a server that is in no cluster.
    ports: Option<Arc<[u16]>>,
    resp3: bool,
    /// The replies to the commands of an open transaction.
    queued: Option<(usize, Vec<u8>)>,
}

impl Connection {
    fn serve(mut self) -> io::Result<()> {
        self.stream.set_nodelay(true)?;
        let (mut input, mut filled, mut output) = (vec![0; 1 << 16], 0, Vec::new());
        loop {
            let read = self.stream.read(&mut input[filled..])?;
            if read == 0 {
                return Ok(());
            }
            filled += read;
            let mut at = 0;
            while let Some((words, end)) = command(&input[at..filled]) {
                self.answer(&words, &mut output);
                at += end;
            }
            input.copy_within(at..filled, 0);
            filled -= at;
            if filled == input.len() {
                input.resize(2 * filled, 0);
            }
            self.stream.write_all(&output)?;
            output.clear();
        }
    }

    fn answer(&mut self, words: &[&[u8]], output: &mut Vec<u8>) {
        match (words[0], &mut self.queued) {
            (b"MULTI", queued) => {
                *queued = Some((0, Vec::new()));
                output.extend_from_slice(b"+OK\r\n");
            }
            (b"EXEC", Some(_)) => {
                let (count, replies) = self.queued.take().unwrap_or_default();
                output.extend_from_slice(format!("*{count}\r\n").as_bytes());
                output.extend_from_slice(&replies);
            }
            (_, Some((count, replies))) => {
                *count += 1;
                output.extend_from_slice(b"+QUEUED\r\n");
                data(words, replies);
            }
            (b"HELLO", None) => {
                let mode = if self.ports.is_some() { "$7\r\ncluster" } else { "$10\r\nstandalone" };
                self.resp3 = words.get(1) == Some(&&b"3"[..]);
                self.map(
                    &[("server", "$5\r\nredis"), ("version", "$5\r\n7.0.0"), ("proto", ":3"), ("mode", mode)],
                    output,
                );
            }
            (b"CLUSTER", None) if self.ports.is_some() => {
                self.cluster(words.get(1).copied().unwrap_or_default(), output)
            }
            (b"INFO", None) => bulk("redis_version:7.0.0\r\nredis_mode:cluster\r\nrole:master\r\n", output),
            _ => data(words, output),
        }
    }

    fn cluster(&self, subcommand: &[u8], output: &mut Vec<u8>) {
        let ports = self.ports.as_deref().unwrap_or_default();
        let count = ports.len();
        let range = |index: usize| (16384 * index / count, 16384 * (index + 1) / count - 1);
        if subcommand.eq_ignore_ascii_case(b"INFO") {
            return bulk("cluster_state:ok\r\ncluster_slots_assigned:16384\r\n", output);
        }
        let shards = subcommand.eq_ignore_ascii_case(b"SHARDS");
        output.extend_from_slice(format!("*{count}\r\n").as_bytes());
        for (index, port) in ports.iter().enumerate() {
            let ((first, last), id) = (range(index), format!("{index:040}"));
            if shards {
                let mut node = Vec::new();
                self.map(
                    &[
                        ("id", &format!("$40\r\n{id}")),
                        ("port", &format!(":{port}")),
                        ("ip", "$9\r\n127.0.0.1"),
                        ("endpoint", "$9\r\n127.0.0.1"),
                        ("role", "$6\r\nmaster"),
                        ("replication-offset", ":1"),
                        ("health", "$6\r\nonline"),
                    ],
                    &mut node,
                );
                let node = String::from_utf8_lossy(&node);
                let nodes = format!("*1\r\n{}", node.trim_end());
                self.map(&[("slots", &format!("*2\r\n:{first}\r\n:{last}")), ("nodes", &nodes)], output);
            } else {
                let node = format!("*3\r\n$9\r\n127.0.0.1\r\n:{port}\r\n$40\r\n{id}\r\n");
                output.extend_from_slice(format!("*3\r\n:{first}\r\n:{last}\r\n{node}").as_bytes());
            }
        }
    }

    /// Writes a map of values that are encoded, but for their last line end.
    fn map(&self, entries: &[(&str, &str)], output: &mut Vec<u8>) {
        let header = if self.resp3 { format!("%{}\r\n", entries.len()) } else { format!("*{}\r\n", 2 * entries.len()) };
        output.extend_from_slice(header.as_bytes());
        for (name, value) in entries {
            bulk(name, output);
            output.extend_from_slice(value.as_bytes());
            output.extend_from_slice(b"\r\n");
        }
    }
}

fn data(words: &[&[u8]], output: &mut Vec<u8>) {
    const VALUE: &[u8] = b"$12\r\nvalue:000000\r\n";
    match words[0] {
        b"GET" => output.extend_from_slice(VALUE),
        b"INCR" | b"INCRBY" => output.extend_from_slice(b":1\r\n"),
        b"PING" => output.extend_from_slice(b"+PONG\r\n"),
        b"MGET" => {
            output.extend_from_slice(format!("*{}\r\n", words.len() - 1).as_bytes());
            words[1..].iter().for_each(|_| output.extend_from_slice(VALUE));
        }
        _ => output.extend_from_slice(b"+OK\r\n"),
    }
}

fn bulk(text: &str, output: &mut Vec<u8>) {
    output.extend_from_slice(format!("${}\r\n{text}\r\n", text.len()).as_bytes());
}

/// The words of the first command, if it is whole, and its length.
fn command(bytes: &[u8]) -> Option<(Vec<&[u8]>, usize)> {
    let (count, mut at) = number(bytes, 0)?;
    let mut words = Vec::with_capacity(count.min(4));
    for _ in 0..count {
        let (length, start) = number(bytes, at)?;
        words.push(bytes.get(start..start + length)?);
        at = start + length + 2;
    }
    (at <= bytes.len() && count > 0).then_some((words, at))
}

/// The number behind the kind at `at`, and where its line ends.
fn number(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let line = bytes.get(at + 1..)?;
    let end = line.iter().position(|byte| *byte == b'\r').filter(|end| end + 1 < line.len())?;
    let digits = std::str::from_utf8(&line[..end]).ok()?;
    Some((digits.parse().ok()?, at + 1 + end + 2))
}
