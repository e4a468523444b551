//! A socket with reused buffers.

use bytes::BytesMut;
use std::io;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpStream, UnixStream},
};

pub struct Socket {
    stream: Stream,
    pub out: Vec<u8>,
    pub replies: BytesMut,
}

pub enum Stream {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl Stream {
    pub async fn connect(url: &str) -> Self {
        if let Some(path) = url.strip_prefix("unix://") {
            return Stream::Unix(UnixStream::connect(path).await.expect("a connection"));
        }
        let stream = TcpStream::connect(url.trim_start_matches("redis://")).await.expect("a connection");
        stream.set_nodelay(true).expect("no delay");
        Stream::Tcp(stream)
    }

    async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Stream::Tcp(stream) => stream.write_all(bytes).await,
            Stream::Unix(stream) => stream.write_all(bytes).await,
        }
    }

    async fn read(&mut self, buffer: &mut BytesMut) -> io::Result<usize> {
        match self {
            Stream::Tcp(stream) => stream.read_buf(buffer).await,
            Stream::Unix(stream) => stream.read_buf(buffer).await,
        }
    }

    async fn read_exact(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Stream::Tcp(stream) => stream.read_exact(buffer).await,
            Stream::Unix(stream) => stream.read_exact(buffer).await,
        }
    }
}

impl Socket {
    pub async fn connect(url: &str) -> Self {
        let stream = Stream::connect(url).await;
        Socket { stream, out: Vec::with_capacity(1 << 21), replies: BytesMut::with_capacity(1 << 20) }
    }

    pub fn command(&mut self, words: &[&[u8]]) {
        self.out.clear();
        self.queue(words);
    }

    /// Adds a command to `out`.
    pub fn queue(&mut self, words: &[&[u8]]) {
        self.out.push(b'*');
        self.out.extend_from_slice(itoa::Buffer::new().format(words.len()).as_bytes());
        self.out.extend_from_slice(b"\r\n");
        words.iter().for_each(|word| bulk(&mut self.out, word));
    }

    /// Sends `out` and reads until `done`.
    pub async fn exchange(&mut self, done: impl Fn(&[u8]) -> bool) {
        self.stream.write(&self.out).await.expect("written");
        self.replies.clear();
        while !done(&self.replies) {
            assert!(self.stream.read(&mut self.replies).await.expect("a reply") > 0);
        }
    }

    /// Sends `out` and reads replies of so many lines in all, which have no line breaks in strings.
    pub async fn read_lines(&mut self, mut lines: usize) {
        self.stream.write(&self.out).await.expect("written");
        self.replies.clear();
        let mut at = 0;
        while lines > 0 {
            assert!(self.stream.read(&mut self.replies).await.expect("a reply") > 0);
            lines -= memchr::memchr_iter(b'\n', &self.replies[at..]).count();
            at = self.replies.len();
        }
    }

    /// Sends `out` and reads an array of strings of one length. Returns the number of strings.
    pub async fn read_elements(&mut self) -> usize {
        self.exchange(|replies| whole_array(replies).is_some()).await;
        whole_array(&self.replies).expect("an array")
    }

    /// Sends `out` and reads one string, mostly straight into the returned buffer.
    pub async fn read_bulk(&mut self) -> Vec<u8> {
        self.exchange(|replies| replies.contains(&b'\n')).await;
        let mut at = 0;
        let length = number(&self.replies, &mut at);
        let mut value = vec![0; length + 2];
        let received = &self.replies[at..];
        value[..received.len()].copy_from_slice(received);
        self.stream.read_exact(&mut value[received.len()..]).await.expect("a value");
        value.truncate(length);
        value
    }
}

fn whole_array(replies: &[u8]) -> Option<usize> {
    let mut at = 0;
    let first = replies.iter().position(|byte| *byte == b'\n')? + 1;
    replies[first..].iter().position(|byte| *byte == b'\n')?;
    let count = number(replies, &mut at);
    let start = at;
    let length = number(replies, &mut at);
    let element = at - start + length + 2;
    (replies.len() == start + count * element).then_some(count)
}

pub fn bulk(out: &mut Vec<u8>, value: &[u8]) {
    out.push(b'$');
    out.extend_from_slice(itoa::Buffer::new().format(value.len()).as_bytes());
    out.extend_from_slice(b"\r\n");
    out.extend_from_slice(value);
    out.extend_from_slice(b"\r\n");
}

/// The length of the header line of a bulk string or an array of this length.
pub fn header(length: usize) -> usize {
    3 + itoa::Buffer::new().format(length).len()
}

/// Reads the number of a line, after the line's type byte.
pub fn number(bytes: &[u8], at: &mut usize) -> usize {
    *at += 1;
    let mut value = 0;
    while bytes[*at] != b'\r' {
        value = value * 10 + usize::from(bytes[*at] - b'0');
        *at += 1;
    }
    *at += 2;
    value
}

/// Reads a bulk string.
pub fn string<'a>(bytes: &'a [u8], at: &mut usize) -> &'a [u8] {
    let length = number(bytes, at);
    let string = &bytes[*at..*at + length];
    *at += length + 2;
    string
}

/// Reads a bulk string as text.
pub fn text(bytes: &[u8], at: &mut usize) -> String {
    std::str::from_utf8(string(bytes, at)).expect("text").to_owned()
}
