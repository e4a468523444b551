//! The question for the primary. All Sentinels are asked, a little apart, and the first that knows the primary is believed; the
//! server's own ROLE, which the handshake asks for, shows whether it was right.

use super::{
    conversation::Conversation,
    instances::{NamedReplica, endpoint, read_replicas, read_sentinels},
};
use crate::{
    connection::{
        config::{Address, Settings},
        failure::Disconnect,
        transport::{encode, race},
    },
    error::{Error, Result, SentinelErrorKind, ServerError},
    resp::{CommandBuffer, DecodeError, Name, Reader, encoded_len},
};
use bytes::Bytes;
use std::{fmt::Write, time::Duration};
use tokio::time::timeout;

const GET_PRIMARY: Name<{ encoded_len("SENTINEL GET-MASTER-ADDR-BY-NAME") }> =
    Name::new("SENTINEL GET-MASTER-ADDR-BY-NAME");
const GET_SENTINELS: Name<{ encoded_len("SENTINEL SENTINELS") }> = Name::new("SENTINEL SENTINELS");
const GET_REPLICAS: Name<{ encoded_len("SENTINEL REPLICAS") }> = Name::new("SENTINEL REPLICAS");

/// The time that a Sentinel has before the next one is asked too.
const ASK_DELAY: Duration = Duration::from_millis(250);
/// The most Sentinels that an error names besides the first.
const NAMED: usize = 4;

/// The answer of a Sentinel.
pub(super) struct Answer {
    pub(super) sentinel: Address,
    pub(super) primary: Address,
    /// The other Sentinels of the same primary.
    pub(super) others: Vec<Address>,
    /// Its replicas, where they were asked for.
    pub(super) replicas: Vec<NamedReplica>,
}

/// What the Sentinels are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    Primary,
    /// The primary and its replicas.
    Replicas,
}

/// The reason why a Sentinel names no primary.
struct NoAnswer {
    kind: SentinelErrorKind,
    reason: String,
}

impl NoAnswer {
    fn new(kind: SentinelErrorKind, reason: impl Into<String>) -> Self {
        NoAnswer { kind, reason: reason.into() }
    }
}

/// Returns the time that one of so many Sentinels may take, and the delay after which the next one is asked too: all have
/// answered, or are late, within the connect timeout.
fn pace(connect_timeout: Duration, sentinels: usize) -> (Duration, Duration) {
    let half = connect_timeout / 2;
    let count = u32::try_from(sentinels).unwrap_or(u32::MAX).max(1);
    (half, ASK_DELAY.min(half / count))
}

/// Asks the Sentinels for the primary of this name, and what else the question is for.
pub(super) async fn ask(
    settings: &Settings,
    sentinels: Vec<Address>,
    name: &str,
    question: Question,
) -> Result<Answer> {
    let (limit, delay) = pace(settings.connect_timeout, sentinels.len());
    let asked = race(sentinels.into(), delay, |sentinel| async move {
        let late = || NoAnswer::new(SentinelErrorKind::Unreachable, format!("no answer within {limit:?}"));
        timeout(limit, ask_one(settings, sentinel, name, question)).await.unwrap_or_else(|_| Err(late()))
    });
    asked.await.map_err(no_primary)
}

async fn ask_one(settings: &Settings, sentinel: Address, name: &str, question: Question) -> Result<Answer, NoAnswer> {
    let mut conversation =
        Conversation::open(&settings.of_sentinel(&sentinel)).await.map_err(|error| failed(&error))?;
    let mut request = CommandBuffer::default();
    encode(&mut request, &GET_PRIMARY, &[name]);
    encode(&mut request, &GET_SENTINELS, &[name]);
    if question == Question::Replicas {
        encode(&mut request, &GET_REPLICAS, &[name]);
    }
    conversation.send(&request).await.map_err(lost)?;
    let primary = read_primary(&conversation.reply().await.map_err(lost)?, name)?;
    // A refusal costs no more than the names of the others.
    let others = read_sentinels(&conversation.reply().await.map_err(lost)?).unwrap_or_default();
    let replicas = match question {
        Question::Primary => Vec::new(),
        Question::Replicas => {
            let told = read_replicas(&conversation.reply().await.map_err(lost)?);
            told.map_err(|error| match error {
                DecodeError::Server(error) => refused(&error),
                _ => not_sentinel("answers with something else than replicas"),
            })?
        }
    };
    Ok(Answer { sentinel, primary, others, replicas })
}

fn read_primary(reply: &Bytes, name: &str) -> Result<Address, NoAnswer> {
    use SentinelErrorKind as Kind;
    let address = Reader::new(reply).read_reply(|reader| {
        if reader.null()? {
            return Ok(None);
        }
        match reader.array()? {
            2 => Ok(Some(endpoint(reader.text()?, reader.text()?))),
            elements => Err(DecodeError::mismatch("a host and a port", elements)),
        }
    });
    match address {
        Ok(Some(Some(address))) => Ok(address),
        Ok(Some(None)) => Err(NoAnswer::new(Kind::Undecided, "this Sentinel knows no address of the primary yet")),
        Ok(None) => Err(NoAnswer::new(
            Kind::UnknownName,
            format!("this Sentinel knows no primary of the name `{name}`: use that of its `sentinel monitor`"),
        )),
        Err(DecodeError::Server(error)) => Err(refused(&error)),
        Err(_) => Err(not_sentinel("answers with something else than an address")),
    }
}

/// The refusal of the question.
fn refused(error: &ServerError) -> NoAnswer {
    use SentinelErrorKind as Kind;
    let said = error.without_arguments();
    match error.code() {
        "IDONTKNOW" => NoAnswer::new(Kind::Undecided, format!("this Sentinel does not know the primary yet: {said}")),
        "ERR" if error.is_of_command() => not_sentinel(&format!("says: {said}")),
        _ => NoAnswer::new(Kind::Refused, format!("this Sentinel refused to answer: {said}{LOGIN}")),
    }
}

const LOGIN: &str = "; check `sentinel_user` and `sentinel_password`, which are not those of the servers";

fn not_sentinel(what: &str) -> NoAnswer {
    let reason = format!("this is no Sentinel, since it {what}; Sentinels have ports of their own, 26379 by default");
    NoAnswer::new(SentinelErrorKind::NotSentinel, reason)
}

/// The failure of a connection that was made.
fn lost(disconnect: Disconnect) -> NoAnswer {
    match disconnect {
        Disconnect::Io(error) => NoAnswer::new(SentinelErrorKind::Unreachable, error.to_string()),
        Disconnect::Protocol(reason) => not_sentinel(&format!("does not speak RESP ({reason})")),
    }
}

/// The failure to connect.
fn failed(error: &Error) -> NoAnswer {
    use SentinelErrorKind as Kind;
    match error {
        Error::Connect { source, .. } => NoAnswer::new(Kind::Unreachable, format!("cannot connect: {source}")),
        Error::Timeout { after, .. } => NoAnswer::new(Kind::Unreachable, format!("no answer within {after:?}")),
        Error::Handshake { command, error: said, .. } if !error.is_transient() => {
            NoAnswer::new(Kind::Refused, format!("this Sentinel refused {command}: {said}{LOGIN}"))
        }
        Error::Handshake { error, .. } => NoAnswer::new(Kind::Unreachable, error.to_string()),
        Error::Protocol { reason, .. } => not_sentinel(&format!("does not speak RESP ({reason})")),
        other => NoAnswer::new(Kind::Refused, other.to_string()),
    }
}

/// The error of Sentinels none of which names a primary. One that may still do so counts most: while it is unknown what all of
/// them say, a later attempt may succeed.
fn no_primary(failures: Vec<(Address, NoAnswer)>) -> Error {
    let transient = failures.iter().position(|(_, failure)| failure.kind.is_transient());
    let mut failures = failures;
    failures.swap(0, transient.unwrap_or_default());
    let mut failures = failures.into_iter();
    let Some((address, NoAnswer { kind, mut reason })) = failures.next() else {
        return Error::config("no Sentinel is given: name the host of at least one");
    };
    let others = failures.len();
    for (other, NoAnswer { reason: said, .. }) in failures.take(NAMED) {
        // Writing to a string does not fail.
        let _ = write!(reason, "; {other}: {said}");
    }
    if others > NAMED {
        let _ = write!(reason, "; and {} more Sentinels name none", others - NAMED);
    }
    Error::Sentinel { kind, address: address.to_string().into(), reason: reason.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tcp(host: &str, port: u16) -> Address {
        Address::Tcp { host: host.into(), port }
    }

    #[test]
    fn the_primary_is_read_from_any_answer() {
        let read = |reply: &str| read_primary(&Bytes::copy_from_slice(reply.as_bytes()), "m");
        let kind = |reply: &str| read(reply).err().map(|no_answer| no_answer.kind);
        assert!(
            matches!(read("*2\r\n$9\r\n127.0.0.1\r\n$4\r\n6379\r\n"), Ok(address) if address == tcp("127.0.0.1", 6379))
        );
        for (reply, expected) in [
            ("_\r\n", SentinelErrorKind::UnknownName),
            ("*-1\r\n", SentinelErrorKind::UnknownName),
            ("$-1\r\n", SentinelErrorKind::UnknownName),
            ("-IDONTKNOW I have not enough information to reply.\r\n", SentinelErrorKind::Undecided),
            ("*2\r\n$0\r\n\r\n$4\r\n6379\r\n", SentinelErrorKind::Undecided),
            ("*2\r\n$1\r\nh\r\n$1\r\n0\r\n", SentinelErrorKind::Undecided),
            ("-ERR unknown command 'SENTINEL', with args beginning with: 'm' \r\n", SentinelErrorKind::NotSentinel),
            ("+OK\r\n", SentinelErrorKind::NotSentinel),
            ("*1\r\n$1\r\nh\r\n", SentinelErrorKind::NotSentinel),
            ("*2\r\n$1\r\nh\r\n*0\r\n", SentinelErrorKind::NotSentinel),
            ("-NOPERM this user has no permissions\r\n", SentinelErrorKind::Refused),
        ] {
            assert_eq!(kind(reply), Some(expected), "{reply:?}");
        }
    }

    #[test]
    fn what_may_still_be_answered_counts_most_in_the_error() {
        let failure = |host: &str, kind| (tcp(host, 1), NoAnswer::new(kind, format!("{kind:?}")));
        let refused = || failure("a", SentinelErrorKind::Refused);
        let error = no_primary(vec![refused(), failure("b", SentinelErrorKind::Unreachable)]);
        assert!(error.is_transient());
        assert_eq!(error.to_string(), "Sentinel, b:1: Unreachable; a:1: Refused");
        assert!(!no_primary(vec![refused(), failure("b", SentinelErrorKind::UnknownName)]).is_transient());
        let many = no_primary((0..100).map(|_| refused()).collect()).to_string();
        assert!(many.ends_with("; and 95 more Sentinels name none"), "{many}");
    }

    #[test]
    fn all_sentinels_are_asked_within_the_connect_timeout() {
        for (timeout, sentinels) in [(5000, 1), (5000, 3), (5000, 32), (10, 3), (0, 0)] {
            let timeout = Duration::from_millis(timeout);
            let (limit, delay) = pace(timeout, sentinels);
            assert!(limit + delay * sentinels as u32 <= timeout, "{timeout:?}, {sentinels}");
        }
        assert_eq!(pace(Duration::from_secs(5), 3).1, ASK_DELAY);
    }
}
