//! The error type of the crate: the cause, the position of the command, and the remedy.

mod bounded;
mod redirect;
mod refusal;
mod sentinel;
mod server;

pub(crate) use redirect::Redirect;
pub use sentinel::SentinelErrorKind;
pub use server::{ErrorKind, ServerError};

use crate::version::{self, Declared, Vendor};
use bounded::Bounded;
use std::{fmt, io, sync::Arc, time::Duration};

/// The result of fallible functions of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The error of a fallible function: the cause, the position of the command, and the remedy.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The URL or a setting cannot be used. Nothing was sent.
    #[error("configuration: {}", Bounded(.0))]
    Config(Box<str>),

    /// No connection could be made. Nothing was sent.
    #[error("cannot connect to {}: {source}{}", Bounded(address), connect_hint(source))]
    Connect {
        /// The address that was connected to.
        address: Box<str>,
        /// The error of the operating system.
        source: Arc<io::Error>,
    },

    /// The TLS handshake failed: a certificate is not trusted, has expired or is for another name, a client certificate is
    /// missing, or one side does not speak TLS. Nothing was sent.
    #[error("no TLS connection to {}: {}", Bounded(address), Bounded(reason))]
    Tls {
        /// The server's address.
        address: Box<str>,
        /// The cause and the remedy.
        reason: Box<str>,
        /// The error of rustls, or of the operating system.
        source: Arc<io::Error>,
    },

    /// The server refused a command of a new connection's handshake: a wrong password, a database that does not exist.
    #[error("the server at {} refused {command} while connecting: {error}{}", Bounded(address), handshake_hint(error))]
    Handshake {
        /// The server's address.
        address: Box<str>,
        /// The command that was refused.
        command: &'static str,
        /// The server's own words.
        error: ServerError,
    },

    /// The Sentinels name no primary that can be used, or no replica for a read from one. Nothing was sent.
    #[error("Sentinel, {}: {}", Bounded(address), Bounded(reason))]
    Sentinel {
        /// The cause, by its kind.
        kind: SentinelErrorKind,
        /// The address of the Sentinel, or of the server that is not the primary.
        address: Box<str>,
        /// The cause and the remedy, and what the other Sentinels say.
        reason: Box<str>,
    },

    /// The server is none of those that the client declares by [`Config::at_least`](crate::Config::at_least): it is of the other
    /// vendor, or older. Nothing was sent.
    #[error(
        "the server at {} is {vendor} {}, and this client declares {declared}: {}",
        Bounded(address),
        Bounded(found),
        undeclared_hint(*vendor, found, *declared)
    )]
    UnsupportedServer {
        /// The server's address.
        address: Box<str>,
        /// The maker of the server, as HELLO or INFO tells it.
        vendor: Vendor,
        /// The server's own version, among those of its vendor.
        found: Box<str>,
        /// The servers that were declared.
        declared: Declared,
    },

    /// An operation took longer than its timeout.
    #[error("{kind} took longer than {after:?}{}{}", position(at), kind.hint())]
    Timeout {
        /// The operation.
        kind: TimeoutKind,
        /// The timeout that ran out.
        after: Duration,
        /// The first command without a whole reply, if the operation was waiting for replies.
        at: Option<CommandPosition>,
    },

    /// The server answered a command with an error. [`may_have_run`](Error::may_have_run) tells a refusal from a failure.
    #[error("{at}: {error}")]
    Server {
        /// The command that failed.
        at: CommandPosition,
        /// The server's own words.
        error: ServerError,
    },

    /// MULTI was refused though it was allowed when the server was last asked, so the commands behind it ran one by one. The
    /// next transaction is refused before it is sent, until the server allows MULTI again.
    #[error("MULTI was refused: {error}; the commands behind it may have run, and not as one transaction")]
    NotAtomic {
        /// The server's own words.
        error: ServerError,
    },

    /// A reply cannot be decoded as the type asked for. The command did run.
    #[error("{at}: {}", Bounded(reason))]
    Reply {
        /// The command whose reply it is.
        at: CommandPosition,
        /// The reply, and the requirement of the type.
        reason: Box<str>,
    },

    /// The server refused a command while it was being queued, so the transaction did not run at all (EXECABORT).
    #[error("the transaction did not run, because {at} was refused: {error}{}", also(rest))]
    Aborted {
        /// The first command that was refused.
        at: CommandPosition,
        /// The server's own words on it.
        error: ServerError,
        /// The other commands that were refused, all of them: 48 bytes each, since equal words of the server are shared. The
        /// error displays the first two.
        rest: Arc<[RefusedCommand]>,
    },

    /// The server's bytes are not RESP, or break a limit. The connection was closed.
    #[error("{}, at {at}; is this a Redis or Valkey server? the connection was closed", Bounded(reason))]
    Protocol {
        /// The first command without a whole reply.
        at: CommandPosition,
        /// The bytes or the limit that the connection was closed for.
        reason: Box<str>,
    },

    /// The connection was lost, and the client could not reconnect within the caller's timeout. Nothing was sent.
    #[error("there was no connection for {after:?}, so nothing was sent: {source}")]
    Unavailable {
        /// The timeout of the caller: `response_timeout`, or `pool_timeout` if it waited for a dedicated connection.
        after: Duration,
        /// The error of the last attempt to connect, or of the lost connection.
        source: Arc<Error>,
    },

    /// The queue of requests that wait to be written is full, because the server does not read or cannot be reached, and the
    /// caller has waited for room until its timeout, or too many wait already. Nothing was sent.
    #[error(
        "{waiting} bytes wait to be written, and with this request it would be more than the {limit} that may: nothing was sent; send less at a time, or raise `max_queued_bytes`"
    )]
    QueueFull {
        /// The number of waiting bytes, in the queue and before it.
        waiting: usize,
        /// The limit of `max_queued_bytes`.
        limit: usize,
    },

    /// The client was closed by [`Client::close`](crate::Client::close). Nothing was sent.
    #[error("the client was closed; nothing was sent")]
    Closed,

    /// The connection was lost before the first byte was written: nothing ran, and it is safe to try again.
    #[error("the connection was lost before anything was sent: {source}; nothing ran, so it is safe to try again")]
    NotSent {
        /// The error that ended the connection.
        source: Arc<io::Error>,
    },

    /// The connection was lost after the first byte was written: the commands may or may not have run.
    #[error("the connection was lost at {at}: {source}; what was sent may or may not have run")]
    OutcomeUnknown {
        /// The first command without a whole reply. By `execute_each` it may be a command whose reply had come, and was lost with
        /// another one of its node.
        at: CommandPosition,
        /// The error that ended the connection.
        source: Arc<io::Error>,
    },

    /// The connection was lost while keys were watched, at a command that only reads. The watch is gone and nothing was
    /// written; the retry helpers take this as the next attempt.
    #[error("the watched connection was lost at {at}: {source}; nothing was written, so it is safe to watch again")]
    WatchLost {
        /// The command without a whole reply.
        at: CommandPosition,
        /// The error that ended the connection.
        source: Arc<io::Error>,
    },

    /// Every attempt met a conflict: another client wrote a watched key before EXEC, or the watched connection was lost.
    /// Nothing of the transaction was written.
    #[error(
        "each of {attempts} attempts met a conflict: another client changed a watched key, or the watched connection was lost; nothing was written"
    )]
    Conflict {
        /// The number of attempts.
        attempts: u32,
    },

    /// Keys that must be in one slot of the cluster are in several: those of a transaction, of a watch and all behind it, or of
    /// a command that cannot be split. Nothing was sent.
    #[error(
        "{at}: the keys `{}` (slot {first_slot}) and `{}` (slot {second_slot}) are in different slots of the cluster, and must be in one; nothing was sent: give them one hash tag, as in `{{tag}}{}` and `{{tag}}{}`",
        Bounded(first),
        Bounded(second),
        Bounded(first),
        Bounded(second)
    )]
    CrossSlot {
        /// The command of the second key.
        at: CommandPosition,
        /// The first key.
        first: Box<str>,
        /// The slot of the first key.
        first_slot: u16,
        /// The first key that is of another slot.
        second: Box<str>,
        /// The slot of the second key.
        second_slot: u16,
    },

    /// The cluster, or a node of it, cannot be used. Nothing was sent.
    #[error("the cluster at {}: {}; nothing was sent", Bounded(address), Bounded(reason))]
    Cluster {
        /// The address of the node that the client has this from, or of a seed.
        address: Box<str>,
        /// The cause and the remedy.
        reason: Box<str>,
    },

    /// The results of a search or an aggregation are not all: the server ran out of time. By
    /// [`SearchReply::complete`](crate::commands::search::SearchReply::complete).
    #[cfg(feature = "search")]
    #[error("the results are partial: {}", Bounded(warning))]
    PartialResults {
        /// The server's warning.
        warning: Box<str>,
    },

    /// An argument cannot be sent. Nothing was sent.
    #[error("{at}: {reason}; nothing was sent")]
    Argument {
        /// The command that it was for.
        at: CommandPosition,
        /// The defect of the argument.
        reason: &'static str,
    },
}

impl Error {
    /// Makes the error of a URL or a setting that cannot be used.
    pub(crate) fn config(reason: impl Into<Box<str>>) -> Error {
        Error::Config(reason.into())
    }

    /// Makes the error of a cluster, or of a node of it, that cannot be used.
    pub(crate) fn cluster(address: impl fmt::Display, reason: impl Into<Box<str>>) -> Error {
        Error::Cluster { address: address.to_string().into(), reason: reason.into() }
    }

    /// For `pipeline!`: returns whether the watch was lost with its connection before anything was written.
    #[doc(hidden)]
    pub fn is_watch_lost(&self) -> bool {
        matches!(self, Error::WatchLost { .. })
    }

    /// Returns whether any of the commands may have run.
    ///
    /// `false` means that nothing ran and it is safe to try again; the guide says for each error whether a retry can help.
    /// `true` means that some or all of the commands did run, or may have.
    ///
    /// For an error of the server, `false` is a proof. The server refuses a command before it runs with `READONLY`, `OOM`,
    /// `NOPERM`, `MOVED`, `ASK`, `TRYAGAIN`, `CLUSTERDOWN`, `CROSSSLOT`, `REDIRECT`, `NOREPLICAS`, `MISCONF`, `NOAUTH`,
    /// `LOADING`, `MASTERDOWN` and `BUSY`, and where it does not know the command or the number of its arguments. A script or
    /// a function may word any error itself, after it has written: of commands that [run
    /// one](crate::command::CommandInfo::runs), only the server's whole texts of `BUSY`, `LOADING` and `CLUSTERDOWN` are a
    /// proof, and a `MOVED` or `ASK` of the slot of its own keys.
    ///
    /// A proxy that splits a command on several keys among servers may pass on the refusal of one of them. Then `false` is a
    /// proof for the keys of that server alone.
    ///
    /// The error of a pipeline speaks of all of its commands: beside one that was refused others may have run, unless all were
    /// refused. By `execute_each` each error speaks of its own command. That of a transaction, such as
    /// [`Conflict`](Error::Conflict), does not speak of what its pipeline ran at once, between `watch` and `multi`: those
    /// commands had results of their own, and one that writes runs in every attempt.
    ///
    /// ```
    /// use typedis::{Error, Client, prelude::*};
    /// # async fn example(client: &Client) -> typedis::Result<()> {
    /// let error = client.pipeline().set("a", "text").incr("a").execute().await.unwrap_err();
    /// assert!(error.may_have_run(), "the first command did");
    /// # Ok(()) }
    /// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
    /// ```
    pub fn may_have_run(&self) -> bool {
        match self {
            Error::Config(_)
            | Error::Connect { .. }
            | Error::Tls { .. }
            | Error::Handshake { .. }
            | Error::Sentinel { .. }
            | Error::UnsupportedServer { .. }
            | Error::Aborted { .. }
            | Error::Unavailable { .. }
            | Error::QueueFull { .. }
            | Error::Closed
            | Error::NotSent { .. }
            | Error::WatchLost { .. }
            | Error::Conflict { .. }
            | Error::CrossSlot { .. }
            | Error::Cluster { .. }
            | Error::Argument { .. } => false,
            #[cfg(feature = "search")]
            Error::PartialResults { .. } => true,
            Error::Timeout { kind, .. } => *kind == TimeoutKind::Response,
            Error::Server { error, .. } => !error.proves_not_run(),
            Error::Protocol { at, .. } => !at.is_of_handshake(),
            Error::NotAtomic { .. } | Error::Reply { .. } | Error::OutcomeUnknown { .. } => true,
        }
    }

    /// Returns whether a failed attempt to connect may succeed later without any change here: nothing listens yet, the server
    /// serves nothing for now, or has too many clients; or a connection was just lost. Other errors are reported to waiting callers at once.
    pub(crate) fn is_transient(&self) -> bool {
        match self {
            Error::Connect { .. } | Error::Timeout { .. } | Error::NotSent { .. } => true,
            Error::Handshake { error, .. } => error.kind().is_unavailable() || error.is_too_many_clients(),
            Error::Sentinel { kind, .. } => kind.is_transient(),
            _ => false,
        }
    }

    /// Returns whether the server is there and serves nothing for now: it is loading its data, a script keeps it busy, or it
    /// is a replica without its primary.
    pub(crate) fn is_unavailable(&self) -> bool {
        matches!(self, Error::Handshake { error, .. } if error.kind().is_unavailable())
    }
}

/// The position of a command in its pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommandPosition {
    /// The command's number, counted from 1 in the order of queueing; 0 for a command that is not in a pipeline, and for one
    /// that typedis sends of its own, such as MULTI.
    pub number: usize,
    /// The command's name, such as `INCR`.
    pub name: &'static str,
}

impl CommandPosition {
    /// The position of a command that is not in a pipeline, or that the client itself sends.
    pub(crate) const fn unnumbered(name: &'static str) -> Self {
        CommandPosition { number: 0, name }
    }

    /// Returns whether the command is one that only the handshake of a new connection sends, before any request.
    fn is_of_handshake(&self) -> bool {
        self.number == 0 && matches!(self.name, "HELLO" | "AUTH" | "SELECT" | "CLIENT SETNAME" | "CLIENT SETINFO")
    }
}

impl fmt::Display for CommandPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            0 => f.write_str(self.name),
            number => write!(f, "command {number} ({})", self.name),
        }
    }
}

/// A command that the server refused while it was being queued; see [`Error::Aborted`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedCommand {
    /// The position of the command.
    pub at: CommandPosition,
    /// The server's own words on it.
    pub error: ServerError,
}

/// The operation that a timeout ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimeoutKind {
    /// A new connection, with its handshake.
    Connect,
    /// The TLS handshake of a new connection.
    Tls,
    /// A free connection of the pool.
    Pool,
    /// The replies to what was sent, which may or may not have run.
    Response,
    /// The reply to SCRIPT LOAD, which precedes a request with scripts; nothing of the request itself was sent.
    ScriptLoad,
    /// The reply to a command that only reads, or to WATCH, while keys are watched; nothing was written, and the watch is
    /// gone.
    WatchedRead,
}

impl TimeoutKind {
    fn hint(self) -> &'static str {
        match self {
            TimeoutKind::Connect => "; nothing was sent",
            TimeoutKind::Tls => {
                "; nothing was sent. A server without TLS is silent: is this the TLS port? Without TLS the URL is `redis://`"
            }
            TimeoutKind::Pool => {
                "; nothing was sent. All connections of the pool are in use: raise `pool_size`, or hold pipelines shorter"
            }
            TimeoutKind::Response => "; what was sent may or may not have run",
            TimeoutKind::ScriptLoad => "; nothing but the scripts was sent, so it is safe to try again",
            TimeoutKind::WatchedRead => "; nothing was written, so it is safe to watch again",
        }
    }
}

impl fmt::Display for TimeoutKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TimeoutKind::Connect => "connecting",
            TimeoutKind::Tls => "the TLS handshake",
            TimeoutKind::Pool => "waiting for a connection of the pool",
            TimeoutKind::Response => "waiting for the server's replies",
            TimeoutKind::ScriptLoad => "waiting for the server to load the scripts",
            TimeoutKind::WatchedRead => "waiting for the server's reply while keys are watched",
        })
    }
}

fn position(at: &Option<CommandPosition>) -> String {
    at.map(|at| format!(", at {at}")).unwrap_or_default()
}

fn connect_hint(source: &io::Error) -> &'static str {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    match source.kind() {
        BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof => {
            "; is the URL `redis://` and the port one for TLS, or `rediss://` and the port one without?"
        }
        _ => "; is a server listening there?",
    }
}

/// The way out where the server is none of those declared: of the same vendor a newer one, or else a declaration of both.
fn undeclared_hint(vendor: Vendor, found: &str, declared: Declared) -> String {
    if declared.lowest(vendor).is_some() {
        return "use a newer server, or declare an older one by `Config::at_least`".to_owned();
    }
    let found = version::parse(found.as_bytes()).and_then(|found| version::type_name(vendor, found));
    let declare = match (declared.redis, declared.valkey) {
        (Some(redis), None) => version::type_name(Vendor::Redis, redis).zip(found),
        (None, Some(valkey)) => found.zip(version::type_name(Vendor::Valkey, valkey)),
        _ => None,
    };
    match declare {
        Some((redis, valkey)) => format!("declare both vendors by `Config::at_least(({redis}, {valkey}))`"),
        None => format!("declare {vendor} too by `Config::at_least`, with a newer server"),
    }
}

fn handshake_hint(error: &ServerError) -> &'static str {
    match error.kind() {
        ErrorKind::WrongPass | ErrorKind::NoAuth => "; check the user and the password of the URL",
        ErrorKind::NoPerm => "; the user lacks this permission",
        _ if error.message().contains("SELECT is not allowed in cluster mode") => {
            "; of the servers in a cluster only Valkey has databases, from 9.0 on: leave the database out"
        }
        _ if error.message().contains("DB index is out of range") => {
            "; the server has fewer databases (`databases`; in a cluster `cluster-databases`, which Valkey has from 9.0 on)"
        }
        _ => "",
    }
}

/// The number of refused commands that are displayed besides the first.
const DISPLAYED: usize = 2;

fn also(rest: &[RefusedCommand]) -> String {
    let displayed = rest.iter().take(DISPLAYED);
    let mut text: String = displayed.map(|RefusedCommand { at, error }| format!("; so was {at}: {error}")).collect();
    if rest.len() > DISPLAYED {
        text += &format!("; so were {} more", rest.len() - DISPLAYED);
    }
    text
}
