//! The lower bound for any client: a raw socket, reused buffers, and a decoder for the expected replies alone. Concurrent
//! tasks share the connection of `shared`.

mod shared;
mod socket;
mod typed;

use super::Client;
use crate::data::Order;
use shared::Shared;
use socket::{Socket, bulk, header, number, text};
use std::{collections::HashMap, hint::black_box, sync::Arc};

pub use typed::send;

pub struct Floor {
    url: String,
    /// Opened on first use, because a clone has a socket of its own.
    socket: Option<Socket>,
    shared: Option<Arc<Shared>>,
}

impl Clone for Floor {
    fn clone(&self) -> Self {
        Floor { url: self.url.clone(), socket: None, shared: self.shared.clone() }
    }
}

impl Floor {
    async fn socket(&mut self) -> &mut Socket {
        if self.socket.is_none() {
            self.socket = Some(Socket::connect(&self.url).await);
        }
        self.socket.as_mut().expect("a socket")
    }
}

const MULTI: &[u8] = b"*1\r\n$5\r\nMULTI\r\n";
const EXEC: &[u8] = b"*1\r\n$4\r\nEXEC\r\n";
const OK: &[u8] = b"+OK\r\n";
const QUEUED: &[u8] = b"+QUEUED\r\n";

fn write_small(out: &mut Vec<u8>, key: &str, counter: &str) {
    out.extend_from_slice(b"*1\r\n$5\r\nMULTI\r\n*3\r\n$3\r\nSET\r\n");
    bulk(out, key.as_bytes());
    out.extend_from_slice(b"$5\r\nhello\r\n*2\r\n$4\r\nINCR\r\n");
    bulk(out, counter.as_bytes());
    out.extend_from_slice(b"*2\r\n$3\r\nGET\r\n");
    bulk(out, key.as_bytes());
    out.extend_from_slice(EXEC);
}

fn read_small(replies: &[u8]) -> (i64, String) {
    let mut at = OK.len() + 3 * QUEUED.len();
    assert!(replies[at..].starts_with(b"*3\r\n+OK\r\n:"));
    at += b"*3\r\n+OK\r\n".len();
    (number(replies, &mut at) as i64, text(replies, &mut at))
}

/// The end of the replies to a small transaction, which occurs nowhere else in them.
const SMALL_END: &[u8] = b"\r\nhello\r\n";

impl Client for Floor {
    type Own = Floor;

    async fn connect(url: &str) -> Self {
        Floor { url: url.to_owned(), socket: None, shared: None }
    }

    async fn crowd(&self) -> Self {
        Floor { shared: Some(Shared::connect(&self.url).await), ..self.clone() }
    }

    async fn pairs(&mut self, keys: &[String], values: &[String], atomic: bool) -> Vec<String> {
        let socket = self.socket().await;
        socket.out.clear();
        if atomic {
            socket.out.extend_from_slice(MULTI);
        }
        for (key, value) in keys.iter().zip(values) {
            socket.out.extend_from_slice(b"*3\r\n$3\r\nSET\r\n");
            bulk(&mut socket.out, key.as_bytes());
            bulk(&mut socket.out, value.as_bytes());
        }
        for key in keys {
            socket.out.extend_from_slice(b"*2\r\n$3\r\nGET\r\n");
            bulk(&mut socket.out, key.as_bytes());
        }
        let mut before = 0;
        if atomic {
            socket.out.extend_from_slice(EXEC);
            before = OK.len() + 2 * keys.len() * QUEUED.len() + header(2 * keys.len());
        }
        // All values have the same length.
        let length = before + keys.len() * (OK.len() + header(values[0].len()) + values[0].len() + 2);
        socket.exchange(|replies| replies.len() >= length).await;
        let mut at = before;
        for _ in keys {
            assert_eq!(&socket.replies[at..at + OK.len()], OK);
            at += OK.len();
        }
        keys.iter().map(|_| text(&socket.replies, &mut at)).collect()
    }

    async fn small(&mut self, key: &str, counter: &str) -> (i64, String) {
        if let Some(shared) = &self.shared {
            let replies = shared.send(5, |out| write_small(out, key, counter)).await.expect("replies");
            return read_small(&replies);
        }
        let socket = self.socket().await;
        socket.out.clear();
        write_small(&mut socket.out, key, counter);
        socket.exchange(|replies| replies.ends_with(SMALL_END)).await;
        read_small(&socket.replies)
    }

    async fn own(&self) -> Floor {
        self.clone()
    }

    async fn increment(own: &mut Floor, key: &str) {
        let socket = own.socket().await;
        loop {
            // Each command is sent after the previous reply, as every client has to, because the next command depends on it.
            socket.command(&[b"WATCH", key.as_bytes()]);
            socket.exchange(|replies| replies == OK).await;
            socket.command(&[b"GET", key.as_bytes()]);
            socket
                .exchange(|replies| replies == b"$-1\r\n" || replies.iter().filter(|byte| **byte == b'\n').count() == 2)
                .await;
            let current: i64 = match &socket.replies[..] {
                b"$-1\r\n" => 0,
                replies => text(replies, &mut 0).parse().expect("a number"),
            };
            socket.out.clear();
            socket.out.extend_from_slice(b"*1\r\n$5\r\nMULTI\r\n*3\r\n$3\r\nSET\r\n");
            bulk(&mut socket.out, key.as_bytes());
            bulk(&mut socket.out, itoa::Buffer::new().format(current + 1).as_bytes());
            socket.out.extend_from_slice(EXEC);
            let committed = b"+OK\r\n+QUEUED\r\n*1\r\n+OK\r\n";
            socket.exchange(|replies| replies.ends_with(b"*-1\r\n") || replies == committed).await;
            if &socket.replies[..] == committed {
                return;
            }
        }
    }

    async fn fill_list(&mut self, key: &str, elements: &[String]) {
        let mut command = vec![&b"RPUSH"[..], key.as_bytes()];
        command.extend(elements.iter().map(|element| element.as_bytes()));
        self.fill(key, &command).await;
    }

    async fn fill_hash(&mut self, key: &str, fields: &[String]) {
        let mut command = vec![&b"HSET"[..], key.as_bytes()];
        command.extend(fields.iter().flat_map(|field| [field.as_bytes(), field.as_bytes()]));
        self.fill(key, &command).await;
    }

    async fn lrange(&mut self, key: &str) -> Vec<String> {
        let socket = self.socket().await;
        socket.command(&[b"LRANGE", key.as_bytes(), b"0", b"-1"]);
        let count = socket.read_elements().await;
        let mut at = header(count);
        (0..count).map(|_| text(&socket.replies, &mut at)).collect()
    }

    async fn hgetall(&mut self, key: &str) -> HashMap<String, String> {
        let socket = self.socket().await;
        socket.command(&[b"HGETALL", key.as_bytes()]);
        let count = socket.read_elements().await;
        let mut at = header(count);
        (0..count / 2).map(|_| (text(&socket.replies, &mut at), text(&socket.replies, &mut at))).collect()
    }

    async fn set(&mut self, key: &str, value: &[u8]) {
        let socket = self.socket().await;
        socket.command(&[b"SET", key.as_bytes(), value]);
        socket.exchange(|replies| replies == OK).await;
    }

    async fn xadd(&mut self, orders: &[Order]) -> usize {
        let socket = self.socket().await;
        let ids = typed::xadd(socket, orders).await;
        black_box(ids).len()
    }

    async fn xreadgroup(&mut self, count: usize) -> usize {
        let socket = self.socket().await;
        let entries = typed::xreadgroup(socket, count).await;
        black_box(entries).len()
    }

    async fn geosearch(&mut self, count: usize) -> usize {
        let socket = self.socket().await;
        let places = typed::geosearch(socket, count).await;
        black_box(places).len()
    }

    async fn structs(&mut self, keys: &[String]) -> usize {
        let socket = self.socket().await;
        let orders = typed::structs(socket, keys).await;
        black_box(orders).len()
    }

    async fn json(&mut self) -> usize {
        let socket = self.socket().await;
        let catalog = typed::json(socket).await;
        black_box(catalog).articles.len()
    }

    async fn get(&mut self, key: &str) -> usize {
        let socket = self.socket().await;
        socket.command(&[b"GET", key.as_bytes()]);
        socket.read_bulk().await.len()
    }
}

impl Floor {
    async fn fill(&mut self, key: &str, command: &[&[u8]]) {
        let socket = self.socket().await;
        socket.command(&[b"DEL", key.as_bytes()]);
        socket.exchange(|replies| replies.ends_with(b"\r\n")).await;
        socket.command(command);
        socket.exchange(|replies| replies.ends_with(b"\r\n")).await;
    }
}
