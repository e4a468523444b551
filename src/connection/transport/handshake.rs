//! A new connection, from the socket to a session: protocol, login, name, database, and whether it may use MULTI.

#[cfg(feature = "tls")]
use super::tls_stream::{self, TlsStream};
use super::{framed::FramedStream, session::Session, stream::Stream};
#[cfg(feature = "tls")]
use crate::connection::config::invalid;
use crate::{
    connection::{
        config::{Protocol, Settings},
        failure::Disconnect,
        push::PushSink,
    },
    error::{CommandPosition, Error, ErrorKind, Result, ServerError, TimeoutKind},
    resp::{Found, Limits, control},
    version::{self, Version},
};
use redis_protocol::resp3::{
    decode::complete::decode,
    types::{OwnedFrame, Resp3Frame},
};
use std::{future::poll_fn, io, sync::Arc};
use tokio::time::timeout;

/// No reply to the greeting comes near this.
const GREETING: Limits = Limits { bytes: 64 * 1024, elements: 1024, depth: 8 };

/// Connects and greets the server, both within the configured time.
pub(crate) async fn connect(settings: &Settings, pushes: PushSink) -> Result<(FramedStream, Session)> {
    let after = settings.connect_timeout;
    let mut waiting = TimeoutKind::Connect;
    let opened = timeout(after, open(settings, pushes, &mut waiting)).await;
    opened.unwrap_or(Err(Error::Timeout { kind: waiting, after, at: None }))
}

/// Notes in `waiting` what it waits for.
async fn open(settings: &Settings, pushes: PushSink, waiting: &mut TimeoutKind) -> Result<(FramedStream, Session)> {
    let stream = Stream::connect(&settings.address, settings.tcp_keepalive)
        .await
        .map_err(|error| unreachable(settings, Arc::new(error)))?;
    #[cfg(feature = "tls")]
    let stream = secure(stream, settings, waiting).await?;
    *waiting = TimeoutKind::Connect;
    let mut greeting = Greeting { settings, stream: FramedStream::new(stream, GREETING, pushes) };
    let session = greeting.greet().await?;
    let mut stream = greeting.stream;
    stream.set_limits(settings.limits);
    Ok((stream, session))
}

/// Puts TLS on the socket, where the settings say so. `waiting` tells meanwhile that it is this that takes its time.
#[cfg(feature = "tls")]
pub(crate) async fn secure(stream: Stream, settings: &Settings, waiting: &mut TimeoutKind) -> Result<Stream> {
    let Some(target) = settings.tls.connector_for(&settings.address)? else { return Ok(stream) };
    let Stream::Tcp(stream) = stream else { return invalid("TLS is spoken over TCP alone") };
    *waiting = TimeoutKind::Tls;
    match target.connector.connect(target.name, stream).await {
        Ok(stream) => Ok(Stream::Tls(Box::new(TlsStream::new(stream)))),
        Err(error) => {
            let source = Arc::new(error);
            let ended = || Error::Connect { address: settings.address.to_string().into(), source: source.clone() };
            Err(tls_stream::failed(settings, &source).unwrap_or_else(ended))
        }
    }
}

/// The answers to what follows the login.
struct PostLogin {
    select: Option<ServerError>,
    info: Option<OwnedFrame>,
    /// Why transactions are refused, if they are.
    multi: Option<ServerError>,
}

struct Greeting<'a> {
    settings: &'a Settings,
    stream: FramedStream,
}

impl<'a> Greeting<'a> {
    async fn greet(&mut self) -> Result<Session> {
        if self.settings.protocol == Protocol::Resp3
            && let Some(session) = self.hello().await?
        {
            return Ok(session);
        }
        self.classic().await
    }

    /// Greets with HELLO. `None`: the server does not know it, or not RESP3.
    async fn hello(&mut self) -> Result<Option<Session>> {
        let mut request = Vec::new();
        encode(&mut request, &self.hello_arguments());
        self.encode_post_login(&mut request);
        self.write("HELLO", &request).await?;

        let hello = self.reply("HELLO").await?;
        let refused = refusal(&hello);
        if let Some(error) = refused.as_ref().filter(|error| !lacks_resp3(error)) {
            return Err(self.refused("HELLO", error));
        }
        let rest = self.post_login().await?;
        if refused.is_some() {
            // The other commands were answered too, perhaps with an error, for there was no login before them.
            return Ok(None);
        }
        let version = self.version(&hello)?;
        let of_redis = field(&hello, "server").and_then(OwnedFrame::as_str) == Some("redis");
        self.session(Protocol::Resp3, rest, Some((version, of_redis))).map(Some)
    }

    /// Greets as servers before Redis 6 are greeted.
    async fn classic(&mut self) -> Result<Session> {
        let (login, name) = (self.login(), self.settings.client_name.as_deref());
        let mut request = Vec::new();
        if let Some(login) = &login {
            encode(&mut request, login);
        }
        if let Some(name) = name {
            encode(&mut request, &["CLIENT", "SETNAME", name]);
        }
        self.encode_post_login(&mut request);
        self.write("AUTH", &request).await?;

        for (command, sent) in [("AUTH", login.is_some()), ("CLIENT SETNAME", name.is_some())] {
            if !sent {
                continue;
            }
            if let Some(error) = refusal(&self.reply(command).await?) {
                return Err(self.refused(command, &error));
            }
        }
        let rest = self.post_login().await?;
        self.session(Protocol::Resp2, rest, None)
    }

    /// Makes a session of the answers. `hello` is the version that HELLO told, and whether it is one of Redis itself.
    fn session(&self, protocol: Protocol, rest: PostLogin, hello: Option<(Box<str>, bool)>) -> Result<Session> {
        if let Some(error) = rest.select {
            return Err(self.refused("SELECT", &error));
        }
        if let Some(error) = rest.multi.as_ref().filter(|error| error.kind() == ErrorKind::NoAuth) {
            return Err(self.refused("MULTI", error));
        }
        if let (Some(min_version), Some(info)) = (self.settings.min_version, &rest.info) {
            let told = hello.as_ref().filter(|(_, of_redis)| *of_redis).map(|(version, _)| &**version);
            self.check_version(min_version, info, told)?;
        }
        Ok(Session::new(protocol, hello.map(|(version, _)| version), rest.multi))
    }

    /// Compares the server's version with the declared one. HELLO's word for it counts where the user may not ask INFO:
    /// other servers than Redis tell there which version they are, and not which version of Redis they are like.
    fn check_version(&self, min_version: Version, info: &OwnedFrame, hello: Option<&str>) -> Result<()> {
        let info_text = info.as_str().unwrap_or_default();
        let reported = info_text.lines().find_map(|line| line.strip_prefix("redis_version:"));
        let found = match (reported, refusal(info)) {
            (Some(version), None) => version,
            (_, Some(error)) => hello.ok_or_else(|| self.refused("INFO", &error))?,
            (None, None) => "",
        };
        match version::parse(found.as_bytes()) {
            Some(version) if !version::older(version, min_version) => Ok(()),
            Some(_) => Err(Error::ServerTooOld {
                address: self.settings.address.to_string().into(),
                found: found.into(),
                declared: min_version,
            }),
            None => Err(protocol_error("INFO", "the server does not tell its version")),
        }
    }

    fn hello_arguments(&self) -> Vec<&'a str> {
        let mut arguments = vec!["HELLO", "3"];
        if let Some(password) = &self.settings.password {
            arguments.extend(["AUTH", self.settings.username.as_deref().unwrap_or("default"), password]);
        }
        if let Some(name) = &self.settings.client_name {
            arguments.extend(["SETNAME", name]);
        }
        arguments
    }

    fn login(&self) -> Option<Vec<&'a str>> {
        let password = self.settings.password.as_deref()?;
        // Before Redis 6 there are no users, and AUTH has one argument.
        Some(["AUTH"].into_iter().chain(self.settings.username.as_deref()).chain([password]).collect())
    }

    /// What follows the login: the database, the version where one is declared, whether the server can serve now, which is
    /// what PING tells, and an empty transaction, to see whether this user may use them.
    fn encode_post_login(&self, request: &mut Vec<u8>) {
        if self.settings.database != 0 {
            encode(request, &["SELECT", &self.settings.database.to_string()]);
        }
        if self.settings.min_version.is_some() {
            encode(request, &["INFO", "server"]);
        }
        for command in [control::PING, control::MULTI, control::EXEC] {
            request.extend_from_slice(command);
        }
    }

    async fn post_login(&mut self) -> Result<PostLogin> {
        let (select, info) = (self.select().await?, self.info().await?);
        let ping = refusal(&self.reply("PING").await?);
        match (self.probe().await, ping) {
            // HELLO is answered also by a server that can serve nearly no other command yet.
            (_, Some(error)) if matches!(error.kind(), ErrorKind::Loading | ErrorKind::MasterDown) => {
                Err(self.refused("PING", &error))
            }
            // A server with too many clients says so to the first command and closes the connection.
            (Err(_), Some(error)) => Err(self.refused("PING", &error)),
            (multi, _) => Ok(PostLogin { select, info, multi: multi? }),
        }
    }

    /// Returns what the server says of itself, where it was asked.
    async fn info(&mut self) -> Result<Option<OwnedFrame>> {
        if self.settings.min_version.is_none() {
            return Ok(None);
        }
        let info = self.reply("INFO").await?;
        match refusal(&info) {
            // To a user without a login or without the right there is more to be said later.
            Some(error) if !matches!(error.kind(), ErrorKind::NoPerm | ErrorKind::NoAuth) => {
                Err(self.refused("INFO", &error))
            }
            _ => Ok(Some(info)),
        }
    }

    async fn select(&mut self) -> Result<Option<ServerError>> {
        match self.settings.database {
            0 => Ok(None),
            _ => self.reply("SELECT").await.map(|reply| refusal(&reply)),
        }
    }

    /// Returns why transactions are refused, if they are, and leaves the connection without one.
    async fn probe(&mut self) -> Result<Option<ServerError>> {
        let multi = refusal(&self.reply("MULTI").await?);
        let exec = refusal(&self.reply("EXEC").await?);
        match (multi, exec) {
            (None, Some(error)) => {
                if error.kind() != ErrorKind::ExecAbort {
                    self.discard().await?;
                }
                // A server busy with a script refuses EXEC for now, not for good.
                Ok(Some(error).filter(|error| !error.message().contains("BUSY ")))
            }
            (multi, _) => Ok(multi),
        }
    }

    /// Leaves a transaction that its refused EXEC did not end.
    async fn discard(&mut self) -> Result<()> {
        self.write("DISCARD", control::DISCARD).await?;
        match refusal(&self.reply("DISCARD").await?) {
            Some(error) if !error.message().contains("without MULTI") => Err(self.refused("DISCARD", &error)),
            _ => Ok(()),
        }
    }

    async fn write(&mut self, command: &'static str, request: &[u8]) -> Result<()> {
        let mut rest = request;
        while !rest.is_empty() {
            let written = poll_fn(|cx| self.stream.poll_write_reading(cx, rest)).await;
            rest = &rest[written.map_err(|error| self.broken(command, error.into()))?..];
        }
        let flushed = poll_fn(|cx| self.stream.poll_flush_reading(cx)).await;
        flushed.map_err(|error| self.broken(command, error.into()))
    }

    async fn reply(&mut self, command: &'static str) -> Result<OwnedFrame> {
        loop {
            match self.stream.scan() {
                Ok(Some(Found::Push(end))) => {
                    self.stream.on_push(end, 0).map_err(|error| self.broken(command, error.into()))?
                }
                Ok(Some(Found::Reply(end))) => {
                    let reply = self.stream.take(end);
                    let Ok(Some((frame, _))) = decode(&reply) else {
                        return Err(protocol_error(command, "the server's reply to the greeting cannot be decoded"));
                    };
                    return Ok(frame);
                }
                Ok(None) => {
                    poll_fn(|cx| self.stream.poll_fill(cx)).await.map_err(|error| self.broken(command, error.into()))?
                }
                Err(_) if self.stream.holds_alert() => return Err(self.speaks_tls()),
                Err(malformed) => return Err(self.broken(command, malformed.into())),
            }
        }
    }

    /// The server's version from its reply to HELLO, which must be the map of a server that now speaks RESP3.
    fn version(&self, hello: &OwnedFrame) -> Result<Box<str>> {
        match (field(hello, "proto"), field(hello, "version")) {
            (Some(OwnedFrame::Number { data: 3, .. }), version) => {
                Ok(version.and_then(OwnedFrame::as_str).unwrap_or_default().into())
            }
            _ => Err(protocol_error("HELLO", "the server's reply to HELLO 3 does not say that it speaks RESP3")),
        }
    }

    fn broken(&self, command: &'static str, broken: Disconnect) -> Error {
        match broken {
            Disconnect::Io(source) => unreachable(self.settings, source),
            Disconnect::Protocol(reason) => protocol_error(command, reason),
        }
    }

    fn speaks_tls(&self) -> Error {
        Error::Tls {
            address: self.settings.address.to_string().into(),
            reason: "the server speaks TLS on this port: write `rediss://` in the URL".into(),
            source: Arc::new(io::Error::new(io::ErrorKind::InvalidData, "the server answered with an alert of TLS")),
        }
    }

    fn refused(&self, command: &'static str, error: &ServerError) -> Error {
        Error::Handshake {
            address: self.settings.address.to_string().into(),
            command,
            error: without_password(self.settings.password.as_deref(), error),
        }
    }
}

fn field<'a>(hello: &'a OwnedFrame, name: &str) -> Option<&'a OwnedFrame> {
    match hello {
        OwnedFrame::Map { data, .. } => data.iter().find(|(key, _)| key.as_str() == Some(name)).map(|(_, value)| value),
        _ => None,
    }
}

fn unreachable(settings: &Settings, source: Arc<io::Error>) -> Error {
    #[cfg(feature = "tls")]
    if let Some(error) = tls_stream::failed(settings, &source) {
        return error;
    }
    Error::Connect { address: settings.address.to_string().into(), source }
}

fn protocol_error(name: &'static str, reason: impl Into<Box<str>>) -> Error {
    Error::Protocol { at: CommandPosition { number: 0, name }, reason: reason.into() }
}

fn refusal(reply: &OwnedFrame) -> Option<ServerError> {
    match reply {
        OwnedFrame::SimpleError { data, .. } => Some(ServerError::new(data.as_bytes())),
        OwnedFrame::BlobError { data, .. } => Some(ServerError::new(data)),
        _ => None,
    }
}

/// True for what a server says to HELLO that has no RESP3, or had HELLO renamed away.
fn lacks_resp3(error: &ServerError) -> bool {
    error.kind() == ErrorKind::NoProto || error.message().to_ascii_lowercase().starts_with("err unknown command")
}

/// Servers quote the arguments of a command that they do not know, and AUTH may have been renamed.
fn without_password(password: Option<&str>, error: &ServerError) -> ServerError {
    let message = error.message().split(", with args beginning with").next().unwrap_or_default();
    match password {
        Some(password) if !password.is_empty() && message.contains(password) => ServerError::new(
            format!("{} (the server's words are left out, for they hold the password)", error.code()).as_bytes(),
        ),
        _ => ServerError::new(message.as_bytes()),
    }
}

fn encode(out: &mut Vec<u8>, words: &[&str]) {
    out.extend_from_slice(format!("*{}\r\n", words.len()).as_bytes());
    for word in words {
        out.extend_from_slice(format!("${}\r\n{word}\r\n", word.len()).as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_that_the_server_quotes_is_left_out() {
        let said = |message: &str| without_password(Some("hunter2"), &ServerError::new(message.as_bytes())).to_string();
        assert_eq!(said("ERR unknown command `AUTH`, with args beginning with: `hunt"), "ERR unknown command `AUTH`");
        assert!(!said("ERR what is hunter2?").contains("hunter2"));
        assert_eq!(said("WRONGPASS invalid"), "WRONGPASS invalid");
    }
}
