//! Commands as bytes: an array of bulk strings, every argument with its length before it.

use super::buffer_cache;
use std::{sync::Arc, time::Duration};

/// The buffer that commands are encoded into, and the door for arguments of your own.
///
/// An [`Argument`](crate::Argument) writes itself with exactly one call of [`bulk`](Writer::bulk),
/// [`integer`](Writer::integer) or [`double`](Writer::double). What it writes is prefixed with its length, so no value
/// ever becomes protocol.
#[derive(Clone, Debug, Default)]
pub struct Writer {
    bytes: Vec<u8>,
    /// How many arguments the current command has announced and not yet written.
    owed: usize,
    commands: usize,
    /// What few commands have: a writer is moved from state to state of a pipeline, so it is small.
    rare: Option<Box<Rare>>,
}

#[derive(Clone, Debug, Default)]
struct Rare {
    fault: Option<(usize, &'static str, &'static str)>,
    /// The scripts that must be loaded before these commands are sent.
    scripts: Vec<Source>,
    /// How long the command may block on the server; zero is for ever.
    blocks: Duration,
}

/// The length of `*3\r\n`, which a name begins with.
const COUNT: usize = 4;

/// A script's text and the SHA1 that the server knows it by.
pub(crate) type Source = Arc<(Box<str>, Box<str>)>;

impl Writer {
    /// Begins a command of `arguments` arguments. `name` is its encoded name, of `words` words.
    #[doc(hidden)]
    #[inline]
    pub fn command<const N: usize>(&mut self, name: &Name<N>, arguments: usize) {
        self.commands += 1;
        self.owed = arguments;
        if self.bytes.capacity() == 0 {
            self.bytes = buffer_cache::take();
        }
        let words = arguments + name.words;
        if words < 10 {
            // Where the number of arguments is known to the compiler, all of this is one constant.
            let mut header = name.bytes;
            header[1] = b'0' + words as u8;
            self.bytes.extend_from_slice(&header);
        } else {
            self.bytes.push(b'*');
            self.number(words);
            self.bytes.extend_from_slice(&name.bytes[COUNT..]);
        }
    }

    /// Ends a command: what was announced must have been written.
    #[doc(hidden)]
    #[inline]
    pub fn end(&mut self, name: &'static str) {
        if self.owed != 0 || self.rare.is_some() {
            self.place_fault(name);
        }
    }

    #[cold]
    fn place_fault(&mut self, name: &'static str) {
        if self.owed != 0 {
            self.refuse("an argument wrote more or fewer parts than it announced");
        }
        if let Some((number @ 0, at, _)) = self.rare.as_mut().and_then(|rare| rare.fault.as_mut()) {
            (*number, *at) = (self.commands, name);
        }
    }

    /// Writes one argument.
    #[inline]
    pub fn bulk(&mut self, value: &[u8]) {
        self.owed = self.owed.wrapping_sub(1);
        match value.len() {
            length @ 0..10 => self.bytes.extend_from_slice(&[b'$', digit(length), b'\r', b'\n']),
            length @ 10..100 => {
                self.bytes.extend_from_slice(&[b'$', digit(length / 10), digit(length % 10), b'\r', b'\n']);
            }
            length => self.long(length),
        }
        self.bytes.extend_from_slice(value);
        self.bytes.extend_from_slice(b"\r\n");
    }

    /// Writes one argument, an integer in decimal.
    #[inline]
    pub fn integer(&mut self, value: impl itoa::Integer) {
        self.bulk(itoa::Buffer::new().format(value).as_bytes());
    }

    /// Writes one argument, a floating-point number as Redis reads it.
    pub fn double(&mut self, value: f64) {
        self.bulk(value.to_string().as_bytes());
    }

    /// Refuses the command being written: executing the pipeline fails with `reason` before anything is sent.
    pub fn refuse(&mut self, reason: &'static str) {
        self.rare().fault.get_or_insert((0, "", reason));
    }

    /// Appends the commands of another writer.
    pub(crate) fn append(&mut self, other: &Writer) {
        self.bytes.extend_from_slice(&other.bytes);
        if let (None, Some((number, name, reason))) = (self.fault(), other.fault()) {
            self.rare().fault = Some((self.commands + number, name, reason));
        }
        self.commands += other.commands;
        other.scripts().iter().for_each(|script| self.requires(script));
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Says how long the command may block on the server; zero is for ever.
    pub(crate) fn block(&mut self, most: Duration) {
        self.rare().blocks = most;
    }

    /// How long the command may block on the server, or `None` for ever.
    pub(crate) fn blocks(&self) -> Option<Duration> {
        self.rare.as_ref().map(|rare| rare.blocks).filter(|most| !most.is_zero())
    }

    /// Asks for a script to be loaded before the commands are sent.
    pub(crate) fn requires(&mut self, script: &Source) {
        if !self.scripts().iter().any(|known| Arc::ptr_eq(known, script)) {
            self.rare().scripts.push(script.clone());
        }
    }

    pub(crate) fn scripts(&self) -> &[Source] {
        self.rare.as_ref().map_or(&[], |rare| &rare.scripts)
    }

    /// Writes the header of a long value and makes room for the value, and for an EXEC, at once.
    #[cold]
    fn long(&mut self, length: usize) {
        self.bytes.reserve(length + 64);
        self.bytes.push(b'$');
        self.number(length);
    }

    fn number(&mut self, value: usize) {
        self.bytes.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
        self.bytes.extend_from_slice(b"\r\n");
    }

    /// The number of commands written so far.
    pub(crate) fn commands(&self) -> usize {
        self.commands
    }

    /// The first command that was refused: its number, its name and why.
    pub(crate) fn fault(&self) -> Option<(usize, &'static str, &'static str)> {
        self.rare.as_ref().and_then(|rare| rare.fault)
    }

    #[cold]
    fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Puts bytes that are already encoded behind what is there; they count as no command.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        if self.bytes.capacity() == 0 {
            self.bytes = buffer_cache::take();
        }
        self.bytes.extend_from_slice(bytes);
    }
}

#[inline]
fn digit(value: usize) -> u8 {
    b'0' + value as u8
}

/// A command's name, encoded at compile time: `GET` is `*0\r\n$3\r\nGET\r\n`, in which the 0 is the place for the number
/// of words.
#[doc(hidden)]
#[derive(Debug)]
pub struct Name<const N: usize> {
    bytes: [u8; N],
    words: usize,
}

impl<const N: usize> Name<N> {
    /// Encodes `name`; `N` is [`encoded_len`] of it.
    pub const fn new(name: &str) -> Self {
        let (mut bytes, mut at, mut words) = ([0; N], COUNT, 0);
        (bytes[0], bytes[1], bytes[2], bytes[3]) = (b'*', b'0', b'\r', b'\n');
        let name = name.as_bytes();
        let mut start = 0;
        while start < name.len() {
            let end = word_end(name, start);
            bytes[at] = b'$';
            at += 1;
            let len = end - start;
            if len >= 10 {
                bytes[at] = b'0' + (len / 10) as u8;
                at += 1;
            }
            bytes[at] = b'0' + (len % 10) as u8;
            bytes[at + 1] = b'\r';
            bytes[at + 2] = b'\n';
            at += 3;
            while start < end {
                bytes[at] = name[start];
                at += 1;
                start += 1;
            }
            bytes[at] = b'\r';
            bytes[at + 1] = b'\n';
            at += 2;
            words += 1;
            start = end + 1;
        }
        Name { bytes, words }
    }
}

/// The length of an encoded name; a name of several words, such as `OBJECT ENCODING`, is several arguments.
#[doc(hidden)]
pub const fn encoded_len(name: &str) -> usize {
    let name = name.as_bytes();
    let (mut start, mut len) = (0, COUNT);
    while start < name.len() {
        let end = word_end(name, start);
        len += end - start + if end - start >= 10 { 7 } else { 6 };
        start = end + 1;
    }
    len
}

const fn word_end(name: &[u8], mut at: usize) -> usize {
    while at < name.len() && name[at] != b' ' {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_an_array_of_bulk_strings() {
        const NAME: Name<{ encoded_len("OBJECT ENCODING") }> = Name::new("OBJECT ENCODING");
        let mut out = Writer::default();
        out.command(&NAME, 2);
        out.bulk(b"a\r\nb");
        out.integer(-12);
        out.end("OBJECT ENCODING");
        assert_eq!(out.bytes(), b"*4\r\n$6\r\nOBJECT\r\n$8\r\nENCODING\r\n$4\r\na\r\nb\r\n$3\r\n-12\r\n");
        assert_eq!((out.commands(), out.fault()), (1, None));
    }

    #[test]
    fn lengths_of_any_number_of_digits_are_written() {
        const NAME: Name<{ encoded_len("DEL") }> = Name::new("DEL");
        for count in [1, 8, 9, 10, 123] {
            for length in [0, 9, 10, 99, 100, 12345] {
                let value = "x".repeat(length);
                let mut out = Writer::default();
                out.command(&NAME, count);
                (0..count).for_each(|_| out.bulk(value.as_bytes()));
                out.end("DEL");
                let arguments = format!("${length}\r\n{value}\r\n").repeat(count);
                assert_eq!(out.bytes(), format!("*{}\r\n$3\r\nDEL\r\n{arguments}", count + 1).as_bytes());
                assert_eq!(out.fault(), None);
            }
        }
    }

    #[test]
    fn an_argument_that_writes_twice_is_refused() {
        const NAME: Name<{ encoded_len("GET") }> = Name::new("GET");
        let mut out = Writer::default();
        out.command(&NAME, 1);
        out.bulk(b"a");
        out.bulk(b"b");
        out.end("GET");
        assert!(matches!(out.fault(), Some((1, "GET", _))));
    }
}
