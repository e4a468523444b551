//! One connection for concurrent tasks: a writer task sends the queued requests of all callers, a reader task splits the
//! replies and sends each caller its bytes. There are no errors and no timeouts.

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

/// A request in flight.
struct Caller {
    missing_replies: usize,
    sender: oneshot::Sender<Bytes>,
}

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
        let (sender, receiver) = oneshot::channel();
        let wake = {
            let mut queue = self.queue.lock().expect("no panic");
            let wake = queue.out.is_empty();
            write(&mut queue.out);
            queue.callers.push_back(Caller { missing_replies: replies, sender });
            wake
        };
        if wake {
            self.filled.notify_one();
        }
        receiver
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
        let mut buffer = BytesMut::new();
        let mut at = 0;
        let mut current: Option<Caller> = None;
        let mut callers = VecDeque::new();
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
                let Some(caller) = &mut current else { break };
                if !scan(&buffer, &mut at, &mut caller.missing_replies) {
                    break;
                }
                let replies = buffer.split_to(mem::take(&mut at)).freeze();
                let caller = current.take().expect("a caller");
                let _ = caller.sender.send(replies);
            }
        }
    }
}

/// Resumes the scan at `at`; true once all replies are complete.
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
