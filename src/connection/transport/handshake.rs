//! The handshake: from a socket to a session with protocol, login, name, database, and whether the user may use MULTI.

#[cfg(feature = "tls")]
use super::tls_stream::TlsStream;
use super::{framed::FramedStream, session::Session, stream::Stream};
use crate::{
    connection::{
        config::{Protocol, Settings},
        failure::Disconnect,
        push::PushSink,
    },
    error::{CommandPosition, Error, ErrorKind, Result, ServerError, TimeoutKind},
    resp::{CommandBuffer, FirstArgument, Found, Limits, Name, control, encoded_len},
    version::{self, Version},
};
use redis_protocol::resp3::{
    decode::complete::decode,
    types::{OwnedFrame, Resp3Frame},
};
use std::{future::poll_fn, io, sync::Arc};
use tokio::time::timeout;

/// The limits of replies during the handshake, far above any real one.
const HANDSHAKE_LIMITS: Limits = Limits { bytes: 64 * 1024, elements: 1024, depth: 8 };

const HELLO: Name<{ encoded_len("HELLO") }> = Name::new("HELLO");
const AUTH: Name<{ encoded_len("AUTH") }> = Name::new("AUTH");
const CLIENT_SETNAME: Name<{ encoded_len("CLIENT SETNAME") }> = Name::new("CLIENT SETNAME");
const SELECT: Name<{ encoded_len("SELECT") }> = Name::new("SELECT");
const INFO: Name<{ encoded_len("INFO") }> = Name::new("INFO");

/// Connects and performs the handshake, both within `connect_timeout`. Push messages go to `pushes`, then and later.
pub(crate) async fn connect(settings: &Settings, pushes: PushSink) -> Result<(FramedStream, Session)> {
    let after = settings.connect_timeout;
    let mut phase = TimeoutKind::Connect;
    let opened = timeout(after, open(settings, pushes, &mut phase)).await;
    opened.unwrap_or(Err(Error::Timeout { kind: phase, after, at: None }))
}

/// Connects and performs the handshake. Keeps its `phase`, for the error of a timeout.
async fn open(settings: &Settings, pushes: PushSink, phase: &mut TimeoutKind) -> Result<(FramedStream, Session)> {
    let stream = Stream::connect(&settings.address, settings.tcp_keepalive)
        .await
        .map_err(|error| settings.connect_error(Arc::new(error)))?;
    #[cfg(feature = "tls")]
    let stream = secure(stream, settings, phase).await?;
    *phase = TimeoutKind::Connect;
    let mut handshake = Handshake { settings, stream: FramedStream::new(stream, HANDSHAKE_LIMITS, pushes) };
    let session = handshake.run().await?;
    let mut stream = handshake.stream;
    stream.set_limits(settings.limits);
    Ok((stream, session))
}

/// Performs the TLS handshake, if the settings enable TLS. Sets `phase` to it meanwhile.
#[cfg(feature = "tls")]
pub(crate) async fn secure(stream: Stream, settings: &Settings, phase: &mut TimeoutKind) -> Result<Stream> {
    let Some(target) = settings.tls.connector_for(&settings.address)? else { return Ok(stream) };
    let Stream::Tcp(stream) = stream else { return Err(Error::config("TLS is spoken over TCP alone")) };
    *phase = TimeoutKind::Tls;
    match target.connector.connect(target.name, stream).await {
        Ok(stream) => Ok(Stream::Tls(Box::new(TlsStream::new(stream)))),
        Err(error) => Err(settings.connect_error(Arc::new(error))),
    }
}

/// The replies to the commands after the login.
struct PostLogin {
    select: Option<ServerError>,
    info: Option<OwnedFrame>,
    /// The server's refusal of MULTI, if it refuses it.
    multi: Option<ServerError>,
}

/// The server's version in the reply to HELLO.
struct HelloVersion {
    version: Box<str>,
    /// The server is Redis, whose version is that which a declared one is compared with.
    is_redis: bool,
}

struct Handshake<'a> {
    settings: &'a Settings,
    stream: FramedStream,
}

impl<'a> Handshake<'a> {
    async fn run(&mut self) -> Result<Session> {
        let session = match self.settings.protocol {
            Protocol::Resp3 => self.hello().await?,
            Protocol::Resp2 => None,
        };
        match session {
            Some(session) => Ok(session),
            None => self.classic().await,
        }
    }

    /// Logs in by HELLO 3. `None` when the server does not know HELLO or RESP3.
    async fn hello(&mut self) -> Result<Option<Session>> {
        let mut request = CommandBuffer::default();
        encode(&mut request, &HELLO, &self.hello_arguments());
        self.encode_post_login(&mut request);
        self.write("HELLO", request.bytes()).await?;

        let hello = self.reply("HELLO").await?;
        let refused = refusal(&hello);
        if let Some(error) = refused.as_ref().filter(|error| !error.lacks_resp3()) {
            return Err(self.refused("HELLO", error));
        }
        let post_login = self.post_login().await?;
        if refused.is_some() {
            // The replies to the other commands were read, and say nothing: there was no login before them.
            return Ok(None);
        }
        let version = self.version(&hello)?;
        let is_redis = field(&hello, "server").and_then(OwnedFrame::as_str) == Some("redis");
        self.session(Protocol::Resp3, post_login, Some(HelloVersion { version, is_redis })).map(Some)
    }

    /// Logs in without HELLO, as servers before Redis 6 require.
    async fn classic(&mut self) -> Result<Session> {
        let (login, name) = (self.login(), self.settings.client_name.as_deref());
        let mut request = CommandBuffer::default();
        if let Some(login) = &login {
            encode(&mut request, &AUTH, login);
        }
        if let Some(name) = name {
            encode(&mut request, &CLIENT_SETNAME, &[name]);
        }
        self.encode_post_login(&mut request);
        self.write("AUTH", request.bytes()).await?;

        for (command, sent) in [("AUTH", login.is_some()), ("CLIENT SETNAME", name.is_some())] {
            if !sent {
                continue;
            }
            if let Some(error) = refusal(&self.reply(command).await?) {
                return Err(self.refused(command, &error));
            }
        }
        let post_login = self.post_login().await?;
        self.session(Protocol::Resp2, post_login, None)
    }

    /// Makes a session of the replies, that to HELLO included.
    fn session(&self, protocol: Protocol, post_login: PostLogin, hello: Option<HelloVersion>) -> Result<Session> {
        if let Some(error) = post_login.select {
            return Err(self.refused("SELECT", &error));
        }
        if let Some(error) = post_login.multi.as_ref().filter(|error| error.kind() == ErrorKind::NoAuth) {
            return Err(self.refused(control::MULTI.name, error));
        }
        if let (Some(min_version), Some(info)) = (self.settings.min_version, &post_login.info) {
            let of_redis = hello.as_ref().filter(|hello| hello.is_redis).map(|hello| &*hello.version);
            self.check_version(min_version, info, of_redis)?;
        }
        Ok(Session::new(protocol, hello.map(|hello| hello.version), post_login.multi))
    }

    /// Compares the server's version with the declared one. INFO has the version of Redis that a server is compatible with;
    /// HELLO has its own version, which is used if the user may not run INFO and the server is Redis.
    fn check_version(&self, min_version: Version, info: &OwnedFrame, hello: Option<&str>) -> Result<()> {
        let info_text = info.as_str().unwrap_or_default();
        let reported = info_text.lines().find_map(|line| line.strip_prefix("redis_version:"));
        let found = match (reported, refusal(info)) {
            (Some(version), None) => version,
            (_, Some(error)) => hello.ok_or_else(|| self.refused("INFO", &error))?,
            (None, None) => "",
        };
        match version::parse(found.as_bytes()) {
            Some(version) if version >= min_version => Ok(()),
            Some(_) => Err(Error::ServerTooOld {
                address: self.settings.address.to_string().into(),
                found: found.into(),
                declared: min_version,
            }),
            None => Err(protocol_error("INFO", "the server does not tell its version")),
        }
    }

    fn hello_arguments(&self) -> Vec<&'a str> {
        let mut arguments = vec!["3"];
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
        // Before Redis 6 there are no users, and AUTH takes one argument.
        Some(self.settings.username.as_deref().into_iter().chain([password]).collect())
    }

    /// Encodes the commands after the login: SELECT, INFO if a version is declared, PING, which fails while the server cannot
    /// serve, and an empty transaction, which fails if this user may not use MULTI.
    fn encode_post_login(&self, request: &mut CommandBuffer) {
        if self.settings.database != 0 {
            encode(request, &SELECT, &[&self.settings.database.to_string()]);
        }
        if self.settings.min_version.is_some() {
            encode(request, &INFO, &["server"]);
        }
        for command in [control::PING, control::MULTI, control::EXEC] {
            request.control(command);
        }
    }

    async fn post_login(&mut self) -> Result<PostLogin> {
        let select = self.select().await?;
        let info = self.info().await?;
        let ping = refusal(&self.reply(control::PING.name).await?);
        match (self.probe().await, ping) {
            // While a server is loading it refuses nearly every command, but not HELLO.
            (_, Some(error)) if matches!(error.kind(), ErrorKind::Loading | ErrorKind::MasterDown) => {
                Err(self.refused(control::PING.name, &error))
            }
            // A server with too many clients answers the first command with that error, and closes the connection.
            (Err(_), Some(error)) => Err(self.refused(control::PING.name, &error)),
            (multi, _) => Ok(PostLogin { select, info, multi: multi? }),
        }
    }

    /// Reads the reply to INFO, if that was sent.
    async fn info(&mut self) -> Result<Option<OwnedFrame>> {
        if self.settings.min_version.is_none() {
            return Ok(None);
        }
        let info = self.reply("INFO").await?;
        match refusal(&info) {
            // A user without a login or the permission gets a better error later.
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

    /// Reads the replies to the empty transaction, and leaves the connection without one. Returns the refusal, if there is
    /// one.
    async fn probe(&mut self) -> Result<Option<ServerError>> {
        let multi = refusal(&self.reply(control::MULTI.name).await?);
        let exec = refusal(&self.reply(control::EXEC.name).await?);
        match (multi, exec) {
            (None, Some(error)) => {
                if error.kind() != ErrorKind::ExecAbort {
                    self.discard().await?;
                }
                // A server that is busy with a script refuses EXEC only for now.
                Ok(Some(error).filter(|error| !error.is_script_busy()))
            }
            (multi, _) => Ok(multi),
        }
    }

    /// Discards the transaction, which a refused EXEC did not end.
    async fn discard(&mut self) -> Result<()> {
        self.write(control::DISCARD.name, control::DISCARD.bytes).await?;
        match refusal(&self.reply(control::DISCARD.name).await?) {
            Some(error) if !error.is_outside_transaction() => Err(self.refused(control::DISCARD.name, &error)),
            _ => Ok(()),
        }
    }

    async fn write(&mut self, command: &'static str, request: &[u8]) -> Result<()> {
        let mut rest = request;
        while !rest.is_empty() {
            let written = poll_fn(|cx| self.stream.poll_write_reading(cx, rest)).await;
            rest = &rest[written.map_err(|error| self.connection_error(command, error.into()))?..];
        }
        let flushed = poll_fn(|cx| self.stream.poll_flush_reading(cx)).await;
        flushed.map_err(|error| self.connection_error(command, error.into()))
    }

    async fn reply(&mut self, command: &'static str) -> Result<OwnedFrame> {
        loop {
            match self.stream.scan() {
                Ok(Some(Found::Push(end))) => {
                    self.stream.on_push(end, 0).map_err(|error| self.connection_error(command, error.into()))?
                }
                Ok(Some(Found::Reply(end))) => {
                    let reply = self.stream.take(end);
                    let Ok(Some((frame, _))) = decode(&reply) else {
                        return Err(protocol_error(command, "the server's reply in the handshake cannot be decoded"));
                    };
                    return Ok(frame);
                }
                Ok(None) => poll_fn(|cx| self.stream.poll_fill(cx))
                    .await
                    .map_err(|error| self.connection_error(command, error.into()))?,
                Err(_) if self.stream.holds_alert() => return Err(self.speaks_tls()),
                Err(malformed) => return Err(self.connection_error(command, malformed.into())),
            }
        }
    }

    /// Returns the version in the reply to HELLO, which must be the map of a server that speaks RESP3 from now on.
    fn version(&self, hello: &OwnedFrame) -> Result<Box<str>> {
        match (field(hello, "proto"), field(hello, "version")) {
            (Some(OwnedFrame::Number { data: 3, .. }), version) => {
                Ok(version.and_then(OwnedFrame::as_str).unwrap_or_default().into())
            }
            _ => Err(protocol_error("HELLO", "the server's reply to HELLO 3 does not say that it speaks RESP3")),
        }
    }

    fn connection_error(&self, command: &'static str, disconnect: Disconnect) -> Error {
        match disconnect {
            Disconnect::Io(source) => self.settings.connect_error(source),
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

impl Settings {
    /// The error of a connection that could not be made, or was lost during the handshake.
    fn connect_error(&self, source: Arc<io::Error>) -> Error {
        #[cfg(feature = "tls")]
        if let Some(error) = self.tls_error(&source) {
            return error;
        }
        Error::Connect { address: self.address.to_string().into(), source }
    }
}

fn protocol_error(name: &'static str, reason: impl Into<Box<str>>) -> Error {
    Error::Protocol { at: CommandPosition::unnumbered(name), reason: reason.into() }
}

fn refusal(reply: &OwnedFrame) -> Option<ServerError> {
    match reply {
        OwnedFrame::SimpleError { data, .. } => Some(ServerError::new(data.as_bytes())),
        OwnedFrame::BlobError { data, .. } => Some(ServerError::new(data)),
        _ => None,
    }
}

/// Removes the password from an error: servers quote the arguments of unknown commands, and AUTH may have been renamed.
fn without_password(password: Option<&str>, error: &ServerError) -> ServerError {
    let message = error.without_arguments();
    match password {
        Some(password) if !password.is_empty() && message.contains(password) => ServerError::new(
            format!("{} (the server's words are left out, for they hold the password)", error.code()).as_bytes(),
        ),
        _ => ServerError::new(message.as_bytes()),
    }
}

fn encode<const N: usize>(request: &mut CommandBuffer, name: &Name<N>, arguments: &[&str]) {
    request.command(FirstArgument::Other, |out| {
        out.command(name, arguments.len());
        arguments.iter().for_each(|argument| out.bulk(argument.as_bytes()));
    });
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
