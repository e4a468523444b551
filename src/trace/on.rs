//! Spans of the `tracing` crate.
//!
//! A span begins when its future is first polled, is entered only while that is polled, and ends with it. Nothing is
//! cloned, formatted or allocated where nobody listens.

use super::Operation;
use crate::error::{Error, Result, ServerError};
use std::{
    borrow::Cow,
    cell::LazyCell,
    fmt,
    future::{Future, poll_fn},
    io, mem,
    pin::pin,
    sync::Arc,
};
use tracing::{Level, Span as Traced, field::Empty, level_filters::LevelFilter};

const LEVEL: Level = Level::INFO;
/// What a summary may take, by OpenTelemetry's recommendation; behind it stands that there were more.
const LONGEST_SUMMARY: usize = 255 - MORE.len();
const MORE: &str = " ..";
/// A server's code is one word in capitals. Whatever else a script may have put in its place stays out of a span.
const LONGEST_CODE: usize = 32;

/// The server that spans name.
#[derive(Clone, Debug)]
pub(crate) struct Server(Arc<Named>);

#[derive(Debug)]
struct Named {
    address: Box<str>,
    /// `None` for the path of a Unix socket.
    port: Option<u16>,
    database: Box<str>,
}

impl Server {
    pub(crate) fn new(address: impl fmt::Display, port: Option<u16>, database: u32) -> Self {
        let (address, database) = (address.to_string().into(), database.to_string().into());
        Server(Arc::new(Named { address, port, database }))
    }

    fn transport(&self) -> &'static str {
        if self.0.port.is_some() { "tcp" } else { "unix" }
    }
}

/// The span of the attempts that a pipeline belongs to, where nobody else enters it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parent(Option<Arc<Traced>>);

impl Parent {
    /// Has the span entered while `future` is polled.
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

/// One span, from before it begins until it has ended. `None` where nobody listens, and behind the end.
///
/// It is one pointer, because it lies in futures that are moved whether anybody listens or not.
#[derive(Debug, Default)]
pub(crate) struct Span(Option<Box<Live>>);

#[derive(Debug)]
struct Live {
    stage: Stage,
    attempts: u32,
    /// An error was noted.
    failed: bool,
    /// What came of it where nothing else is said.
    otherwise: &'static str,
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
        Span(Some(Box::new(Live { stage, attempts: 0, failed: false, otherwise: "dropped" })))
    }

    /// Polls within the span, which begins with the first time.
    #[inline]
    pub(crate) fn poll<'a, T>(&mut self, operation: impl FnOnce() -> Operation<'a>, poll: impl FnOnce() -> T) -> T {
        if self.0.is_none() {
            return poll();
        }
        self.begin(|server| sent(server, &operation()));
        match self.traced() {
            Some(span) => span.in_scope(poll),
            None => poll(),
        }
    }

    /// Has the span begin, entered and ended with the future of one command.
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
        self.begin(transaction);
        if let Some(live) = &mut self.0 {
            live.otherwise = "left";
        }
    }

    /// This span as the parent of those that are sent for it.
    pub(crate) fn parent(&self) -> Parent {
        Parent(self.traced().cloned())
    }

    fn begin(&mut self, span: impl FnOnce(&Server) -> Traced) {
        let Some(live) = &mut self.0 else { return };
        let Stage::New(server, parent) = &live.stage else { return };
        let span = parent.within(|| span(server));
        match span.is_disabled() {
            true => self.0 = None,
            false => live.stage = Stage::Begun(Arc::new(span)),
        }
    }

    fn traced(&self) -> Option<&Arc<Traced>> {
        match &self.0.as_deref()?.stage {
            Stage::Begun(span) => Some(span),
            Stage::New(..) => None,
        }
    }

    /// Counts one more attempt.
    pub(crate) fn attempt(&mut self) {
        if let Some(live) = &mut self.0 {
            live.attempts += 1;
        }
    }

    /// Notes an error beside what came of it, unless one was noted before.
    #[cold]
    pub(crate) fn error(&mut self, error: &Error) {
        let Some(live) = &mut self.0 else { return };
        let (Stage::Begun(span), false) = (&live.stage, mem::replace(&mut live.failed, true)) else { return };
        span.record("otel.status_code", "ERROR");
        let code = server_error(error).and_then(code);
        if let Some(code) = code {
            span.record("db.response.status_code", code);
        }
        span.record("error.type", code.unwrap_or(kind(error)));
    }

    /// Ends with a transaction that was executed, of whose commands some may have failed.
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

    /// Ends with an error in the place of replies.
    #[cold]
    pub(crate) fn failed(&mut self, error: &Error) {
        self.error(error);
        self.end(match error {
            Error::Conflict { .. } => "conflict",
            Error::Aborted { .. } => "aborted",
            // Without replies it is what typedis itself sent that was refused.
            Error::Server { .. } => "not_run",
            error if error.may_have_run() => "unknown",
            _ => "not_run",
        });
    }

    /// Ends the span of attempts with an error that is not the caller's own.
    pub(crate) fn attempts_failed(&mut self, error: &Error) {
        match error {
            // The commands ran, and this is the first that failed.
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
            live.end(live.otherwise);
        }
    }
}

/// Tells that a connection was opened: `which` is `shared` or `own`.
pub(crate) fn connected(server: &Server, which: &'static str) {
    tracing::event!(
        target: "typedis",
        Level::DEBUG,
        server.address = &*server.0.address,
        server.port = server.0.port,
        typedis.connection = which,
        "connected"
    );
}

/// Tells that the shared connection was lost. Of the reason only the kind is told, for its words may be the server's.
pub(crate) fn lost(server: &Server, reason: &io::Error) {
    tracing::event!(
        target: "typedis",
        Level::WARN,
        server.address = &*server.0.address,
        server.port = server.0.port,
        typedis.connection = "shared",
        error.type = ?reason.kind(),
        "connection lost"
    );
}

/// Tells the attempts of what may be sent again to the span that it is polled in.
pub(crate) fn attempts(attempts: u32) {
    if attempts > 1 {
        Traced::current().record("typedis.attempts", attempts);
    }
}

/// A span for what is sent at once.
fn sent(server: &Server, operation: &Operation<'_>) -> Traced {
    let name = LazyCell::new(|| operation.name());
    let summary = LazyCell::new(|| operation.summary());
    tracing::span!(
        target: "typedis",
        LEVEL,
        "redis",
        otel.name = name.as_ref(),
        otel.kind = "client",
        otel.status_code = Empty,
        db.system.name = "redis",
        db.operation.name = name.as_ref(),
        db.operation.batch.size = operation.size(),
        db.query.summary = summary.as_deref(),
        db.namespace = &*server.0.database,
        server.address = &*server.0.address,
        server.port = server.0.port,
        network.transport = server.transport(),
        db.response.status_code = Empty,
        error.type = Empty,
        typedis.attempts = Empty,
        typedis.outcome = Empty,
    )
}

/// A span for the attempts of one transaction, which are the caller's own work as well.
fn transaction(server: &Server) -> Traced {
    tracing::span!(
        target: "typedis",
        LEVEL,
        "transaction",
        otel.kind = "internal",
        otel.status_code = Empty,
        db.system.name = "redis",
        db.namespace = &*server.0.database,
        server.address = &*server.0.address,
        server.port = server.0.port,
        network.transport = server.transport(),
        db.response.status_code = Empty,
        error.type = Empty,
        typedis.attempts = Empty,
        typedis.outcome = Empty,
    )
}

impl Operation<'_> {
    /// `GET`; `MULTI` or `PIPELINE`, with the command's name where all of them are the same.
    fn name(&self) -> Cow<'static, str> {
        let Operation::Batch { atomic, commands, .. } = *self else { return self.command(0).into() };
        let (first, how) = (self.command(0), if atomic { "MULTI" } else { "PIPELINE" });
        match commands {
            0 => how.into(),
            1 if !atomic => first.into(),
            _ if (1..commands).all(|index| self.command(index) == first) => format!("{how} {first}").into(),
            _ => how.into(),
        }
    }

    /// How many commands there are, where they are a batch; of a single one the conventions do not want it said.
    fn size(&self) -> Option<u64> {
        match *self {
            Operation::Command(_) | Operation::Batch { commands: 1, .. } => None,
            Operation::Batch { commands, .. } => Some(commands as u64),
        }
    }

    /// The names of the commands of a batch, as many as there is room for.
    fn summary(&self) -> Option<String> {
        let size = self.size().filter(|&size| size > 1)?;
        let mut summary = self.command(0).to_owned();
        for index in 1..size as usize {
            let name = self.command(index);
            if summary.len() + 1 + name.len() > LONGEST_SUMMARY {
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

fn server_error(error: &Error) -> Option<&ServerError> {
    match error {
        Error::Server { error, .. }
        | Error::Aborted { error, .. }
        | Error::NotAtomic { error }
        | Error::Handshake { error, .. } => Some(error),
        _ => None,
    }
}

fn code(error: &ServerError) -> Option<&str> {
    let word = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    Some(error.code()).filter(|code| (1..=LONGEST_CODE).contains(&code.len()) && code.bytes().all(word))
}

/// The name of the error's variant.
fn kind(error: &Error) -> &'static str {
    match error {
        Error::Config(_) => "Config",
        Error::Connect { .. } => "Connect",
        Error::Tls { .. } => "Tls",
        Error::Handshake { .. } => "Handshake",
        Error::ServerTooOld { .. } => "ServerTooOld",
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
        Error::Argument { .. } => "Argument",
        Error::Unavailable { .. } => "Unavailable",
        Error::QueueFull { .. } => "QueueFull",
        Error::Closed => "Closed",
    }
}
