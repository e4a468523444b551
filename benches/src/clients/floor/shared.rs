//! One connection for many tasks: one writes what all have left, one finds where each caller's replies end and hands
//! over the bytes. Replies here are lines, strings and arrays of them; nothing fails, nothing is timed.

use super::socket::Stream;
use bytes::{Bytes, BytesMut};
use std::{
    collections::VecDeque,
    mem,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    sync::{Notify, oneshot},
};

#[derive(Default)]
pub struct Shared {
    queue: Mutex<Queue>,
    filled: Notify,
}

#[derive(Default)]
struct Queue {
    out: Vec<u8>,
    callers: VecDeque<Caller>,
}

/// How many replies a caller waits for, and where they go.
type Caller = (usize, oneshot::Sender<Bytes>);

impl Shared {
    pub async fn connect(url: &str) -> Arc<Self> {
        let shared = Arc::new(Shared::default());
        match Stream::connect(url).await {
            Stream::Tcp(stream) => shared.start(stream.into_split()),
            Stream::Unix(stream) => shared.start(stream.into_split()),
        }
        shared
    }

    fn start<R, W>(self: &Arc<Self>, (read, write): (R, W))
    where
        R: AsyncRead + Unpin + Send + 'static,
        W: AsyncWrite + Unpin + Send + 'static,
    {
        tokio::spawn(self.clone().write(write));
        tokio::spawn(self.clone().read(read));
    }

    pub fn send(&self, replies: usize, write: impl FnOnce(&mut Vec<u8>)) -> oneshot::Receiver<Bytes> {
        let (caller, answer) = oneshot::channel();
        let wake = {
            let mut queue = self.queue.lock().expect("no panic");
            let wake = queue.out.is_empty();
            write(&mut queue.out);
            queue.callers.push_back((replies, caller));
            wake
        };
        if wake {
            self.filled.notify_one();
        }
        answer
    }

    async fn write(self: Arc<Self>, mut socket: impl AsyncWrite + Unpin) {
        let mut out = Vec::new();
        loop {
            mem::swap(&mut self.queue.lock().expect("no panic").out, &mut out);
            if out.is_empty() {
                self.filled.notified().await;
                continue;
            }
            socket.write_all(&out).await.expect("written");
            out.clear();
        }
    }

    async fn read(self: Arc<Self>, mut socket: impl AsyncRead + Unpin) {
        let (mut buffer, mut at) = (BytesMut::new(), 0);
        let (mut current, mut callers): (Option<Caller>, _) = (None, VecDeque::new());
        loop {
            buffer.reserve(1 << 14);
            if socket.read_buf(&mut buffer).await.expect("read") == 0 {
                return;
            }
            loop {
                if current.is_none() {
                    if callers.is_empty() {
                        mem::swap(&mut self.queue.lock().expect("no panic").callers, &mut callers);
                    }
                    current = callers.pop_front();
                }
                let Some((missing, _)) = &mut current else { break };
                if !scan(&buffer, &mut at, missing) {
                    break;
                }
                let replies = buffer.split_to(mem::take(&mut at)).freeze();
                let (_, caller) = current.take().expect("a caller");
                let _ = caller.send(replies);
            }
        }
    }
}

/// Goes on where the last scan ended; true when no reply is missing any more.
fn scan(bytes: &[u8], at: &mut usize, missing: &mut usize) -> bool {
    while *missing > 0 {
        let Some(rest) = bytes.get(*at..) else { return false };
        let Some(line) = memchr::memchr(b'\n', rest) else { return false };
        let mut end = *at + line + 1;
        let length = || rest[1..line - 1].iter().fold(0, |value, digit| value * 10 + usize::from(digit - b'0'));
        match rest[0] {
            b'$' if rest[1] != b'-' => end += length() + 2,
            b'*' if rest[1] != b'-' => *missing += length(),
            _ => {}
        }
        if end > bytes.len() {
            return false;
        }
        *missing -= 1;
        *at = end;
    }
    true
}
