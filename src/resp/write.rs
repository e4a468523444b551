//! The encoder of one command: an array of bulk strings, each with its length before it.

use super::{
    block_time::{BlockTime, BlockUnit},
    buffer_cache,
    command_buffer::{CommandBuffer, FirstArgument, KeyRange, RejectedArgument, ScriptSource, number},
};
use std::{mem, sync::Arc, time::Duration};

/// The encoder that arguments are written to.
///
/// An [`Argument`](crate::argument::Argument) writes itself with exactly one call of [`bulk`](Writer::bulk),
/// [`integer`](Writer::integer) or [`double`](Writer::double). Each value is prefixed with its length, so no value ever
/// becomes protocol.
///
/// Anything but exactly one whole command is rejected before anything is sent. Each writer has a lifetime of its own, so
/// that it cannot be exchanged for the writer of another command.
#[derive(Debug)]
pub struct Writer<'a> {
    buffer: &'a mut CommandBuffer,
    /// The offset of the command in the buffer.
    start: usize,
    /// The offset of its first argument.
    arguments: usize,
    started: bool,
    /// The number of arguments that the command announced.
    announced: usize,
    /// The number of announced arguments that are not yet written.
    remaining: usize,
    keys: MarkedKeys,
    rejected: Option<&'static str>,
}

/// The arguments that were marked as keys so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum MarkedKeys {
    None,
    /// The first argument alone. Most commands have one key there, so this is known from the command and not recorded.
    First,
    /// Those that the buffer has recorded.
    Recorded,
}

/// Writers of one lifetime could be exchanged:
///
/// ```
/// fn exchange<'a>(one: &mut typedis::argument::Writer<'a>, other: &mut typedis::argument::Writer<'a>) {
///     std::mem::swap(one, other);
/// }
/// ```
///
/// Those of two commands have two:
///
/// ```compile_fail
/// fn exchange(one: &mut typedis::argument::Writer<'_>, other: &mut typedis::argument::Writer<'_>) {
///     std::mem::swap(one, other);
/// }
/// ```
#[cfg(doctest)]
struct WriterLifetimes;

impl CommandBuffer {
    /// Appends the one command that `encode` writes. `first` is the usual first argument: the only key, or another.
    ///
    /// Anything but exactly one whole command is [rejected](CommandBuffer::rejected). A panic of `encode` leaves the buffer
    /// as it was.
    #[inline]
    pub(crate) fn command(&mut self, first: FirstArgument, encode: impl FnOnce(&mut Writer<'_>)) {
        let mut writer = Writer::new(self);
        encode(&mut writer);
        writer.finish(first);
    }

    /// Returns the only command with another block time; `None` if it blocks for ever, or not at all.
    pub(crate) fn blocking_for(&self, longest: Duration) -> Option<CommandBuffer> {
        let command = self.walk(0).next()?;
        let words = command.arguments(0);
        let (block_time, text) = self.limited_block_time()?.with(longest);
        let argument = words.len().checked_sub(block_time.from_end)?;
        let mut bytes = Vec::with_capacity(self.bytes.len() + text.len());
        bytes.push(b'*');
        write_number(&mut bytes, words.len());
        for (position, word) in words.iter().enumerate() {
            write_bulk(&mut bytes, if position == argument { text.as_bytes() } else { word });
        }
        let mut buffer = CommandBuffer::of_commands(bytes, 1);
        buffer.set_block_time(block_time);
        Some(buffer)
    }
}

/// The length of `*3\r\n`, which a name begins with.
const COUNT: usize = 4;

impl<'a> Writer<'a> {
    #[inline]
    fn new(buffer: &'a mut CommandBuffer) -> Self {
        let start = buffer.bytes.len();
        Writer {
            buffer,
            start,
            arguments: start,
            started: false,
            announced: 0,
            remaining: 0,
            keys: MarkedKeys::None,
            rejected: None,
        }
    }

    /// Begins the command, which has so many arguments. `name` is its encoded name.
    #[doc(hidden)]
    #[inline(always)]
    pub fn command<const N: usize>(&mut self, name: &Name<N>, arguments: usize) {
        if self.started || self.remaining != 0 {
            self.reject("it is more than one command, or has an argument before its name");
            return;
        }
        self.started = true;
        self.announced = arguments;
        self.remaining = arguments;
        let words = arguments.wrapping_add(name.words);
        write_name(&mut self.buffer.bytes, name, words);
        // Not the length of the bytes, which would be loaded for every command, and is needed only where keys are tracked.
        self.arguments = if words < 10 { self.start + N } else { self.buffer.bytes.len() };
    }

    /// Ends the command: counts it, and rejects it unless it is whole and alone.
    #[inline]
    fn finish(self, first: FirstArgument) {
        if !self.started || self.remaining != 0 || self.rejected.is_some() {
            reject_command(self.buffer, self.rejected, self.started);
        }
        if self.buffer.tracks_keys() {
            let first_is_key = self.keys == MarkedKeys::First;
            if self.keys != MarkedKeys::Recorded && first_is_key != (first == FirstArgument::Key) {
                record(self.buffer, 0, usize::from(first_is_key), 1);
            }
            if !self.buffer.has_marks_alone() {
                note_keys(self.buffer, self.keys, self.arguments);
            }
        }
        self.buffer.count_command();
        mem::forget(self);
    }

    /// Writes one argument.
    #[inline(always)]
    pub fn bulk(&mut self, value: &[u8]) {
        self.remaining = self.remaining.wrapping_sub(1);
        write_bulk(&mut self.buffer.bytes, value);
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

    /// Rejects the command being written: executing the pipeline fails with `reason` before anything is sent.
    #[inline]
    pub fn reject(&mut self, reason: &'static str) {
        self.rejected.get_or_insert(reason);
    }

    /// Returns how many arguments were written so far.
    #[inline]
    pub(crate) fn position(&self) -> usize {
        self.announced.wrapping_sub(self.remaining)
    }

    /// Marks the arguments from the position `from` on as keys, or every `stride`th of them.
    #[inline]
    pub(crate) fn mark_keys(&mut self, from: usize, stride: usize) {
        let to = self.position();
        if self.keys == MarkedKeys::None && from == 0 && to != 0 && to <= stride {
            self.keys = MarkedKeys::First;
        } else if self.buffer.tracks_keys() {
            if self.keys == MarkedKeys::First {
                record(self.buffer, 0, 1, 1);
            }
            record(self.buffer, from, to, stride);
            self.keys = MarkedKeys::Recorded;
        }
    }

    /// Returns the arguments that were written from the position `from` on.
    pub(crate) fn written(&self, from: usize) -> impl Iterator<Item = &[u8]> {
        let (bytes, mut at) = (&self.buffer.bytes, self.arguments);
        let arguments = std::iter::from_fn(move || {
            let (length, begin) = number(bytes, at, b'$')?;
            let end = begin.checked_add(length)?;
            at = end.checked_add(2)?;
            bytes.get(begin..end)
        });
        arguments.skip(from)
    }

    /// Sets how long the command may block on the server, which the next argument says; zero is for ever.
    pub(crate) fn set_block_time(&mut self, longest: Duration, unit: BlockUnit) {
        self.buffer.set_block_time(BlockTime { longest, from_end: self.remaining, unit });
    }

    /// Asks for a script to be loaded before the command is sent.
    pub(crate) fn add_script(&mut self, script: &Arc<ScriptSource>) {
        self.buffer.add_script(script);
    }
}

impl Drop for Writer<'_> {
    /// Takes back a command whose encoder panicked, so that the commands before it can still be sent. Inlined, because a call that
    /// takes the writer itself would keep all of it in memory.
    #[inline(always)]
    fn drop(&mut self) {
        self.buffer.roll_back(self.start);
    }
}

#[cold]
fn reject_command(buffer: &mut CommandBuffer, rejected: Option<&'static str>, started: bool) {
    let reason = match rejected {
        Some(reason) => reason,
        None if started => "an argument wrote more or fewer parts than it announced",
        None => "what was written is no command",
    };
    let command = buffer.commands();
    buffer.reject(RejectedArgument { command, reason });
}

/// Notes the slot of the keys of the command that was written, whose first argument begins at the byte `arguments`.
#[inline(never)]
fn note_keys(buffer: &mut CommandBuffer, keys: MarkedKeys, arguments: usize) {
    match keys {
        MarkedKeys::First => buffer.note_first_key(arguments),
        MarkedKeys::None => buffer.note_no_key(),
        MarkedKeys::Recorded => buffer.note_recorded_keys(arguments),
    }
}

fn record(buffer: &mut CommandBuffer, from: usize, to: usize, stride: usize) {
    let command = buffer.commands();
    let (from, to, stride) = (from as u32, to as u32, stride as u32);
    buffer.record_keys(KeyRange { command, from, to, stride });
}

// The functions below take the bytes alone. So a writer, whose methods are inlined, is never in memory where the
// compiler knows the arguments, and nothing is left of its counters and of the check at the end.

#[inline]
fn write_name<const N: usize>(bytes: &mut Vec<u8>, name: &Name<N>, words: usize) {
    if bytes.capacity() == 0 {
        *bytes = buffer_cache::take();
    }
    if words < 10 {
        // Where the number of arguments is known to the compiler, all of this is one constant.
        let mut header = name.bytes;
        header[1] = b'0' + words as u8;
        bytes.extend_from_slice(&header);
    } else if words < 100 {
        bytes.extend_from_slice(&[b'*', digit(words / 10), digit(words % 10)]);
        bytes.extend_from_slice(&name.bytes[COUNT - 2..]);
    } else {
        bytes.push(b'*');
        write_number(bytes, words);
        bytes.extend_from_slice(&name.bytes[COUNT..]);
    }
}

/// Writes a word of a command, behind the line with the number of its words.
#[inline]
pub(crate) fn write_bulk(bytes: &mut Vec<u8>, value: &[u8]) {
    match value.len() {
        length @ 0..10 => bytes.extend_from_slice(&[b'$', digit(length), b'\r', b'\n']),
        length @ 10..100 => {
            bytes.extend_from_slice(&[b'$', digit(length / 10), digit(length % 10), b'\r', b'\n']);
        }
        length => write_long_header(bytes, length),
    }
    bytes.extend_from_slice(value);
    bytes.extend_from_slice(b"\r\n");
}

/// Writes the header of a long value and makes room for the value, and for an EXEC, at once.
#[cold]
fn write_long_header(bytes: &mut Vec<u8>, length: usize) {
    bytes.reserve(length + 64);
    bytes.push(b'$');
    write_number(bytes, length);
}

fn write_number(bytes: &mut Vec<u8>, value: usize) {
    bytes.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
    bytes.extend_from_slice(b"\r\n");
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
    ///
    /// # Panics
    ///
    /// When `N` is another length, when there is no word, or when a word has 100 bytes or more. In a constant this is a
    /// compile error.
    pub const fn new(name: &str) -> Self {
        let mut bytes = [0; N];
        let mut at = COUNT;
        let mut words = 0;
        bytes[0] = b'*';
        bytes[1] = b'0';
        bytes[2] = b'\r';
        bytes[3] = b'\n';
        let name = name.as_bytes();
        let mut start = 0;
        while start < name.len() {
            let end = word_end(name, start);
            bytes[at] = b'$';
            at += 1;
            let len = end - start;
            assert!(len < 100, "a word of a command's name is too long");
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
        assert!(at == N && words > 0, "a command's name has at least one word");
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

    const GET: Name<{ encoded_len("GET") }> = Name::new("GET");
    const DEL: Name<{ encoded_len("DEL") }> = Name::new("DEL");
    const OBJECT_ENCODING: Name<{ encoded_len("OBJECT ENCODING") }> = Name::new("OBJECT ENCODING");

    fn encoded(encode: impl FnOnce(&mut Writer<'_>)) -> CommandBuffer {
        let mut buffer = CommandBuffer::default();
        buffer.command(FirstArgument::Other, encode);
        buffer
    }

    fn reason(encode: impl FnOnce(&mut Writer<'_>)) -> &'static str {
        let buffer = encoded(encode);
        buffer.rejected().map_or("", |rejected| rejected.reason)
    }

    #[test]
    fn a_command_is_an_array_of_bulk_strings() {
        let buffer = encoded(|out| {
            out.command(&OBJECT_ENCODING, 2);
            out.bulk(b"a\r\nb");
            out.integer(-12);
        });
        assert_eq!(buffer.bytes(), b"*4\r\n$6\r\nOBJECT\r\n$8\r\nENCODING\r\n$4\r\na\r\nb\r\n$3\r\n-12\r\n");
        assert_eq!((buffer.commands(), buffer.rejected()), (1, None));
    }

    #[test]
    fn lengths_of_any_number_of_digits_are_written() {
        for count in [1, 8, 9, 10, 123] {
            for length in [0, 9, 10, 99, 100, 12345] {
                let value = "x".repeat(length);
                let buffer = encoded(|out| {
                    out.command(&DEL, count);
                    (0..count).for_each(|_| out.bulk(value.as_bytes()));
                });
                let arguments = format!("${length}\r\n{value}\r\n").repeat(count);
                assert_eq!(buffer.bytes(), format!("*{}\r\n$3\r\nDEL\r\n{arguments}", count + 1).as_bytes());
                assert_eq!(buffer.rejected(), None);
            }
        }
    }

    #[test]
    fn only_one_whole_command_is_accepted() {
        let whole = |out: &mut Writer<'_>| {
            out.command(&GET, 1);
            out.bulk(b"a");
        };
        assert_eq!(reason(whole), "");
        assert!(reason(|_| {}).contains("no command"));
        assert!(reason(|out| out.bulk(b"FLUSHALL")).contains("no command"));
        assert!(reason(|out| out.command(&GET, 1)).contains("announced"));
        let second = |out: &mut Writer<'_>| {
            whole(out);
            whole(out);
        };
        assert!(reason(second).contains("more than one command"));
        let twice = |out: &mut Writer<'_>| {
            whole(out);
            out.bulk(b"b");
        };
        assert!(reason(twice).contains("announced"));
        let before = |out: &mut Writer<'_>| {
            out.bulk(b"b");
            whole(out);
        };
        assert!(reason(before).contains("before its name"));
        let lies = |out: &mut Writer<'_>| {
            out.command(&GET, usize::MAX);
            out.bulk(b"a");
        };
        assert!(reason(lies).contains("announced"));
    }

    #[test]
    fn the_first_rejected_command_is_told() {
        let mut buffer = encoded(|out| out.command(&GET, 0));
        for reason in ["first", "second"] {
            buffer.command(FirstArgument::Other, |out| {
                out.command(&GET, 0);
                out.reject(reason);
                out.reject("a later reason of the same command");
            });
        }
        assert_eq!(buffer.rejected(), Some(RejectedArgument { command: 1, reason: "first" }));
    }

    #[test]
    fn a_panic_while_encoding_leaves_the_buffer_as_it_was() {
        let mut buffer = encoded(|out| out.command(&GET, 0));
        let before = buffer.bytes().to_vec();
        let panics = std::panic::AssertUnwindSafe(|| {
            buffer.command(FirstArgument::Other, |out| {
                out.command(&GET, 2);
                out.bulk(b"a");
                std::panic::resume_unwind(Box::new(()));
            });
        });
        assert!(std::panic::catch_unwind(panics).is_err());
        assert_eq!((buffer.bytes(), buffer.commands(), buffer.rejected()), (&before[..], 1, None));
    }
}
