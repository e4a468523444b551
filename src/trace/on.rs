//! Spans of the `tracing` crate.
//!
//! A span begins when its future is first polled, is entered only while the future is polled, and ends with it. Without a
//! subscriber nothing is cloned, formatted or allocated.

use super::Operation;
use crate::{
    error::{Error, Result, ServerError},
    resp::Framing,
};
use std::{
    borrow::Cow,
    cell::LazyCell,
    fmt,
    future::{Future, poll_fn},
    io, mem,
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
};
use tracing::{Level, Span as Traced, field::Empty, level_filters::LevelFilter};

const LEVEL: Level = Level::INFO;
/// The longest summary that OpenTelemetry recommends, without the mark of a cut one.
const MAX_SUMMARY: usize = 255 - MORE.len();
const MORE: &str = " ..";
/// The longest code of a server's error, which is one word in capitals. Other text, which a script may have put in its place,
/// stays out of spans.
const MAX_CODE: usize = 32;

/// The server's attributes of a span. They change when Sentinels name another server; a span has those of its beginning. In a
/// cluster the node is recorded [when it is known](on_node).
#[derive(Clone, Debug)]
pub(crate) struct Server(Arc<Mutex<Arc<ServerAttributes>>>);

#[derive(Debug)]
struct ServerAttributes {
    /// `None` for a cluster as a whole.
    address: Option<Box<str>>,
    /// `None` for a Unix socket, whose path is the address.
    port: Option<u16>,
    database: Box<str>,
}

impl Server {
    pub(crate) fn new(address: impl fmt::Display, port: Option<u16>, database: u32) -> Self {
        Server::with(Some(address.to_string().into()), port, database)
    }

    /// Returns the attributes of a cluster as a whole.
    pub(crate) fn of_cluster(database: u32) -> Self {
        Server::with(None, None, database)
    }

    fn with(address: Option<Box<str>>, port: Option<u16>, database: u32) -> Self {
        let database = database.to_string().into();
        Server(Arc::new(Mutex::new(Arc::new(ServerAttributes { address, port, database }))))
    }

    /// Sets the address.
    pub(crate) fn leads_to(&self, address: impl fmt::Display, port: Option<u16>) {
        let address = Some(address.to_string().into());
        let mut attributes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *attributes = Arc::new(ServerAttributes { address, port, database: attributes.database.clone() });
    }

    fn attributes(&self) -> Arc<ServerAttributes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl ServerAttributes {
    fn transport(&self) -> &'static str {
        if self.port.is_some() || self.address.is_none() { "tcp" } else { "unix" }
    }
}

/// The span of the attempts that a pipeline belongs to, if no other code enters that span.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parent(Option<Arc<Traced>>);

impl Parent {
    /// Enters the span while `future` is polled.
    pub(crate) async fn around<F: Future>(self, future: F) -> F::Output {
        let mut future = pin!(future);
        poll_fn(|context| self.within(|| future.as_mut().poll(context))).await
    }

    fn within<T>(&self, work: impl FnOnce() -> T) -> T {
        match &self.0 {
            Some(span) => span.in_scope(work),
            None => work(),
        }
    }
}

/// One span, from before it begins until it has ended. `None` without a subscriber, and after the end.
///
/// It is one pointer, since it is part of futures that are moved with or without a subscriber.
#[derive(Debug, Default)]
pub(crate) struct Span(Option<Box<Live>>);

#[derive(Debug)]
struct Live {
    stage: Stage,
    attempts: u32,
    /// An error was recorded.
    failed: bool,
    /// The outcome if no other is recorded.
    default_outcome: &'static str,
}

#[derive(Debug)]
enum Stage {
    New(Server, Parent),
    Begun(Arc<Traced>),
}

impl Span {
    #[inline]
    pub(crate) fn new(server: &Server, parent: &Parent) -> Self {
        if LevelFilter::current() < LEVEL {
            return Span(None);
        }
        let stage = Stage::New(server.clone(), parent.clone());
        Span(Some(Box::new(Live { stage, attempts: 0, failed: false, default_outcome: "dropped" })))
    }

    /// Polls within the span, which begins with the first poll.
    #[inline]
    pub(crate) fn poll<'a, T>(&mut self, operation: impl FnOnce() -> Operation<'a>, poll: impl FnOnce() -> T) -> T {
        if self.0.is_none() {
            return poll();
        }
        self.begin(|server| request_span(server, &operation()));
        match self.traced() {
            Some(span) => span.in_scope(poll),
            None => poll(),
        }
    }

    /// Runs the future of one command within the span, which begins and ends with it.
    pub(crate) async fn around<T>(mut self, name: &'static str, future: impl Future<Output = Result<T>>) -> Result<T> {
        let mut future = pin!(future);
        let result = poll_fn(|context| self.poll(|| Operation::Command(name), || future.as_mut().poll(context))).await;
        match &result {
            Ok(_) => self.answered(),
            Err(error) => self.failed(error),
        }
        result
    }

    /// Begins a span for the attempts of one transaction.
    pub(crate) fn begin_attempts(&mut self) {
        self.begin(attempts_span);
        if let Some(live) = &mut self.0 {
            live.default_outcome = "left";
        }
    }

    /// Returns this span as the parent of others.
    pub(crate) fn parent(&self) -> Parent {
        Parent(self.traced().cloned())
    }

    fn begin(&mut self, span: impl FnOnce(&Server) -> Traced) {
        let Some(live) = &mut self.0 else { return };
        let Stage::New(server, parent) = &live.stage else { return };
        let span = parent.within(|| span(server));
        if span.is_disabled() {
            self.0 = None;
        } else {
            live.stage = Stage::Begun(Arc::new(span));
        }
    }

    fn traced(&self) -> Option<&Arc<Traced>> {
        match &self.0.as_deref()?.stage {
            Stage::Begun(span) => Some(span),
            Stage::New(..) => None,
        }
    }

    /// Counts an attempt.
    pub(crate) fn attempt(&mut self) {
        if let Some(live) = &mut self.0 {
            live.attempts += 1;
        }
    }

    /// Records an error beside the outcome, unless one was recorded before.
    #[cold]
    pub(crate) fn error(&mut self, error: &Error) {
        let Some(live) = &mut self.0 else { return };
        let (Stage::Begun(span), false) = (&live.stage, mem::replace(&mut live.failed, true)) else { return };
        span.record("otel.status_code", "ERROR");
        let code = error.server_error().and_then(ServerError::short_code);
        if let Some(code) = code {
            span.record("db.response.status_code", code);
        }
        span.record("error.type", code.unwrap_or(error.variant_name()));
    }

    /// Ends with a transaction that was executed. Some of its commands may have failed.
    #[inline]
    pub(crate) fn committed(&mut self) {
        self.end("committed");
    }

    /// Ends with the server's replies, which may be errors.
    #[inline]
    pub(crate) fn answered(&mut self) {
        self.end("answered");
    }

    /// Ends with a watched transaction that was not executed.
    pub(crate) fn conflict(&mut self) {
        self.end("conflict");
    }

    /// Ends with an error instead of replies.
    #[cold]
    pub(crate) fn failed(&mut self, error: &Error) {
        self.error(error);
        self.end(match error {
            Error::Conflict { .. } => "conflict",
            Error::Aborted { .. } => "aborted",
            error if error.may_have_run() => "unknown",
            _ => "not_run",
        });
    }

    /// Ends the span of attempts with an error that is not the caller's own.
    pub(crate) fn attempts_failed(&mut self, error: &Error) {
        match error {
            // The transaction ran, and `at` is its first command that failed.
            Error::Server { at, .. } | Error::Reply { at, .. } if at.number > 0 => {
                self.error(error);
                self.committed();
            }
            error => self.failed(error),
        }
    }

    #[inline]
    fn end(&mut self, outcome: &'static str) {
        if let Some(live) = self.0.take() {
            live.end(outcome);
        }
    }
}

impl Live {
    fn end(&self, outcome: &'static str) {
        let Stage::Begun(span) = &self.stage else { return };
        if self.attempts > 0 {
            span.record("typedis.attempts", self.attempts);
        }
        span.record("typedis.outcome", outcome);
    }
}

impl Drop for Span {
    #[inline]
    fn drop(&mut self) {
        if let Some(live) = self.0.take() {
            live.end(live.default_outcome);
        }
    }
}

/// Emits the event that a connection was opened; `which` is `shared` or `dedicated`.
pub(crate) fn connected(server: &Server, which: &'static str) {
    let server = LazyCell::new(|| server.attributes());
    tracing::event!(
        target: "typedis",
        Level::DEBUG,
        server.address = server.address.as_deref(),
        server.port = server.port,
        typedis.connection = which,
        "connected"
    );
}

/// Emits the event that the shared connection was lost, with the kind of the reason only: its text may be the server's.
pub(crate) fn lost(server: &Server, reason: &io::Error) {
    let server = LazyCell::new(|| server.attributes());
    tracing::event!(
        target: "typedis",
        Level::WARN,
        server.address = server.address.as_deref(),
        server.port = server.port,
        typedis.connection = "shared",
        error.type = ?reason.kind(),
        "connection lost"
    );
}

/// Records the number of attempts of a retried pipeline in the current span.
pub(crate) fn attempts(attempts: u32) {
    if attempts > 1 {
        Traced::current().record("typedis.attempts", attempts);
    }
}

/// Records in the span of a request, which is the current one, the node of a cluster that it is sent to. It is called once for each
/// span, since some subscribers show a field as often as it is recorded, so a redirect is not told.
#[inline]
pub(crate) fn on_node(server: &Server) {
    if LevelFilter::current() >= LEVEL {
        record_node(server);
    }
}

#[cold]
fn record_node(server: &Server) {
    let span = Traced::current();
    if span.metadata().is_some_and(|metadata| metadata.target() == "typedis") {
        let server = server.attributes();
        span.record("server.address", server.address.as_deref());
        span.record("server.port", server.port);
    }
}

/// Makes a span with the fields that all spans have, and some of its own before them.
macro_rules! span {
    ($server:ident, $name:literal, $($own:tt)*) => {
        tracing::span!(
            target: "typedis",
            LEVEL,
            $name,
            $($own)*
            otel.status_code = Empty,
            db.system.name = "redis",
            db.namespace = &*$server.database,
            server.address = $server.address.as_deref(),
            server.port = $server.port,
            network.transport = $server.transport(),
            db.response.status_code = Empty,
            error.type = Empty,
            typedis.attempts = Empty,
            typedis.outcome = Empty,
        )
    };
}

/// Makes the span of a command or a batch.
fn request_span(server: &Server, operation: &Operation<'_>) -> Traced {
    let name = LazyCell::new(|| operation.name());
    let summary = LazyCell::new(|| operation.summary());
    let server = LazyCell::new(|| server.attributes());
    span!(
        server,
        "redis",
        otel.name = name.as_ref(),
        otel.kind = "client",
        db.operation.name = name.as_ref(),
        db.operation.batch.size = operation.size(),
        db.query.summary = summary.as_deref(),
    )
}

/// Makes the span of a transaction's attempts, during which the caller's own code runs too.
fn attempts_span(server: &Server) -> Traced {
    let server = LazyCell::new(|| server.attributes());
    span!(server, "transaction", otel.kind = "internal",)
}

impl Operation<'_> {
    /// `GET`; `MULTI` or `PIPELINE`, with the name of the command if all are the same.
    fn name(&self) -> Cow<'static, str> {
        let Operation::Batch { framing, commands, .. } = *self else { return self.command(0).into() };
        let atomic = framing == Framing::Transaction;
        let (first, how) = (self.command(0), if atomic { "MULTI" } else { "PIPELINE" });
        match commands {
            0 => how.into(),
            1 if !atomic => first.into(),
            _ if (1..commands).all(|index| self.command(index) == first) => format!("{how} {first}").into(),
            _ => how.into(),
        }
    }

    /// The number of commands of a batch; `None` for a single one, as the conventions ask.
    fn size(&self) -> Option<u64> {
        match *self {
            Operation::Command(_) | Operation::Batch { commands: 1, .. } => None,
            Operation::Batch { commands, .. } => Some(commands as u64),
        }
    }

    /// The names of a batch's commands, as many as fit.
    fn summary(&self) -> Option<String> {
        let size = self.size().filter(|&size| size > 1)?;
        let mut summary = self.command(0).to_owned();
        for index in 1..size as usize {
            let name = self.command(index);
            if summary.len() + 1 + name.len() > MAX_SUMMARY {
                summary += MORE;
                break;
            }
            summary.push(' ');
            summary += name;
        }
        Some(summary)
    }

    fn command(&self, index: usize) -> &'static str {
        match *self {
            Operation::Command(name) => name,
            Operation::Batch { names, .. } => names.name(index),
        }
    }
}

impl Error {
    fn server_error(&self) -> Option<&ServerError> {
        match self {
            Error::Server { error, .. }
            | Error::Aborted { error, .. }
            | Error::NotAtomic { error }
            | Error::Handshake { error, .. } => Some(error),
            _ => None,
        }
    }

    fn variant_name(&self) -> &'static str {
        match self {
            Error::Config(_) => "Config",
            Error::Connect { .. } => "Connect",
            Error::Tls { .. } => "Tls",
            Error::Handshake { .. } => "Handshake",
            Error::Sentinel { .. } => "Sentinel",
            Error::UnsupportedServer { .. } => "UnsupportedServer",
            Error::Timeout { .. } => "Timeout",
            Error::Server { .. } => "Server",
            Error::NotAtomic { .. } => "NotAtomic",
            Error::Reply { .. } => "Reply",
            Error::Aborted { .. } => "Aborted",
            Error::Protocol { .. } => "Protocol",
            Error::NotSent { .. } => "NotSent",
            Error::OutcomeUnknown { .. } => "OutcomeUnknown",
            Error::WatchLost { .. } => "WatchLost",
            Error::Conflict { .. } => "Conflict",
            Error::CrossSlot { .. } => "CrossSlot",
            Error::Cluster { .. } => "Cluster",
            Error::Argument { .. } => "Argument",
            Error::Unavailable { .. } => "Unavailable",
            Error::QueueFull { .. } => "QueueFull",
            Error::Closed => "Closed",
            #[cfg(feature = "search")]
            Error::PartialResults { .. } => "PartialResults",
        }
    }
}

impl ServerError {
    /// Returns the code, unless it is text of another kind.
    fn short_code(&self) -> Option<&str> {
        let word = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
        Some(self.code()).filter(|code| (1..=MAX_CODE).contains(&code.len()) && code.bytes().all(word))
    }
}
