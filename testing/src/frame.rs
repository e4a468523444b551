//! RESP2 frames, decoded and encoded without typedis.

use std::{fmt, future::Future, io, pin::Pin};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt};

/// One RESP2 reply, decoded without typedis, so that a bug of its decoder cannot hide.
#[derive(Clone, PartialEq, Eq)]
pub enum Frame {
    /// `+OK`
    Simple(String),
    /// `-ERR ..`, without the leading minus
    Error(String),
    /// `:1`
    Integer(i64),
    /// `$3`
    Bulk(Vec<u8>),
    /// `$-1` and `*-1`
    Null,
    /// `*2`
    Array(Vec<Frame>),
}

impl Frame {
    /// Makes a bulk string, to compare with a reply.
    pub fn bulk(content: impl AsRef<[u8]>) -> Self {
        Self::Bulk(content.as_ref().to_vec())
    }

    /// Reads a string, status or number as text; panics on anything else, an error reply included.
    pub fn text(&self) -> String {
        match self {
            Self::Simple(text) => text.clone(),
            Self::Bulk(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            Self::Integer(number) => number.to_string(),
            other => panic!("expected text, the server said {other:?}"),
        }
    }

    /// Reads an integer; panics on anything else.
    pub fn integer(&self) -> i64 {
        match self {
            Self::Integer(number) => *number,
            other => panic!("expected an integer, the server said {other:?}"),
        }
    }

    /// Reads an array; panics on anything else.
    pub fn items(&self) -> &[Frame] {
        match self {
            Self::Array(items) => items,
            other => panic!("expected an array, the server said {other:?}"),
        }
    }

    /// Reads an array of texts; panics on anything else.
    pub fn texts(&self) -> Vec<String> {
        self.items().iter().map(Frame::text).collect()
    }

    /// Returns whether this is an error reply.
    pub fn is_error(&self) -> bool {
        matches!(self, Self::Error(_))
    }

    pub(crate) fn read<'a, R>(reader: &'a mut R) -> Pin<Box<dyn Future<Output = io::Result<Self>> + Send + 'a>>
    where
        R: AsyncBufRead + Unpin + Send,
    {
        Box::pin(async move {
            let line = read_line(reader).await?;
            let (kind, rest) = line.split_at_checked(1).ok_or_else(|| invalid_frame(&line))?;
            Ok(match kind {
                "+" => Self::Simple(rest.to_owned()),
                "-" => Self::Error(rest.to_owned()),
                ":" => Self::Integer(rest.parse().map_err(|_| invalid_frame(&line))?),
                "$" => match length(&line)? {
                    Some(length) => Self::Bulk(read_bulk(reader, length).await?),
                    None => Self::Null,
                },
                "*" => match length(&line)? {
                    Some(length) => Self::Array(read_items(reader, length).await?),
                    None => Self::Null,
                },
                _ => return Err(invalid_frame(&line)),
            })
        })
    }
}

impl fmt::Debug for Frame {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Simple(text) => write!(formatter, "+{text}"),
            Self::Error(text) => write!(formatter, "-{text}"),
            Self::Integer(number) => write!(formatter, ":{number}"),
            Self::Bulk(bytes) => write!(formatter, "\"{}\"", bytes.escape_ascii()),
            Self::Null => formatter.write_str("null"),
            Self::Array(items) => formatter.debug_list().entries(items).finish(),
        }
    }
}

/// Encodes a command as an array of bulk strings.
pub(crate) fn encode(arguments: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Vec<u8> {
    let mut count = 0;
    let mut body = Vec::new();
    for argument in arguments {
        let argument = argument.as_ref();
        body.extend_from_slice(format!("${}\r\n", argument.len()).as_bytes());
        body.extend_from_slice(argument);
        body.extend_from_slice(b"\r\n");
        count += 1;
    }
    [format!("*{count}\r\n").into_bytes(), body].concat()
}

async fn read_line<R: AsyncBufRead + Unpin>(reader: &mut R) -> io::Result<String> {
    let mut line = Vec::new();
    // An error of a script may hold a line feed of its own.
    while reader.read_until(b'\n', &mut line).await? > 0 {
        if let Some(line) = line.strip_suffix(b"\r\n") {
            return Ok(String::from_utf8_lossy(line).into_owned());
        }
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}

async fn read_bulk<R: AsyncBufRead + Unpin>(reader: &mut R, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length + 2];
    reader.read_exact(&mut bytes).await?;
    bytes.truncate(length);
    Ok(bytes)
}

async fn read_items<R: AsyncBufRead + Unpin + Send>(reader: &mut R, length: usize) -> io::Result<Vec<Frame>> {
    let mut items = Vec::new();
    for _ in 0..length {
        items.push(Frame::read(reader).await?);
    }
    Ok(items)
}

/// Returns `None` for the length -1, which stands for null.
fn length(line: &str) -> io::Result<Option<usize>> {
    match &line[1..] {
        "-1" => Ok(None),
        digits => digits.parse().map(Some).map_err(|_| invalid_frame(line)),
    }
}

fn invalid_frame(line: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("not RESP2: {line:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_kind_of_reply_is_read() {
        let mut bytes: &[u8] = b"*6\r\n+OK\r\n-ERR no\nno\r\n:-7\r\n$4\r\na\r\nb\r\n$-1\r\n*1\r\n*-1\r\n";
        let frame = Frame::read(&mut bytes).await.unwrap();
        assert_eq!(
            frame.items(),
            [
                Frame::Simple("OK".into()),
                Frame::Error("ERR no\nno".into()),
                Frame::Integer(-7),
                Frame::bulk("a\r\nb"),
                Frame::Null,
                Frame::Array(vec![Frame::Null]),
            ]
        );
        assert!(bytes.is_empty());
    }

    #[tokio::test]
    async fn half_a_reply_and_no_reply_are_errors() {
        for mut bytes in [&b"$5\r\nab"[..], b"", b"+OK", b"%1\r\n", b":x\r\n", b"\r\n"] {
            assert!(Frame::read(&mut bytes).await.is_err());
        }
    }

    #[tokio::test]
    async fn a_command_is_read_back_as_it_was_written() {
        let bytes = encode(["SET", "k", ""]);
        assert_eq!(Frame::read(&mut &bytes[..]).await.unwrap().texts(), ["SET", "k", ""]);
    }
}
