//! The handshake: from a socket to a session with protocol, login, name, database, and whether the user may use MULTI.

#[cfg(feature = "tls")]
use super::tls_stream::TlsStream;
use super::{
    errors::{closed_at_multi, no_version, protocol_error},
    framed::{FramedStream, Unwritten},
    replies::{self, Hello, Role, refusal},
    session::{MultiAnswer, Session},
    stream::Stream,
};
use crate::{
    connection::{
        config::{Protocol, ReplicaOf, Settings},
        failure::Disconnect,
        push::PushSink,
    },
    error::{Error, ErrorKind, Result, ServerError, TimeoutKind},
    resp::{CommandBuffer, FirstArgument, Found, Limits, Name, control, encoded_len},
    version,
};
use bytes::Bytes;
use std::{future::poll_fn, sync::Arc, task::Poll};
use tokio::time::timeout;

/// The limits of replies during the handshake, far above any real one.
const HANDSHAKE_LIMITS: Limits = Limits { bytes: 64 * 1024, elements: 1024, depth: 8 };

const HELLO: Name<{ encoded_len("HELLO") }> = Name::new("HELLO");
const AUTH: Name<{ encoded_len("AUTH") }> = Name::new("AUTH");
const CLIENT_SETNAME: Name<{ encoded_len("CLIENT SETNAME") }> = Name::new("CLIENT SETNAME");
const SELECT: Name<{ encoded_len("SELECT") }> = Name::new("SELECT");
const INFO: Name<{ encoded_len("INFO") }> = Name::new("INFO");
const ROLE: Name<{ encoded_len("ROLE") }> = Name::new("ROLE");

/// A connection behind its handshake.
pub(crate) struct Connected {
    pub(crate) stream: FramedStream,
    pub(crate) session: Session,
    pub(crate) multi: MultiAnswer,
}

/// The question in a handshake whether MULTI is allowed, at which some peers close the connection.
#[derive(Clone, Debug)]
pub(crate) enum MultiProbe {
    /// Asks. A connection that ends before the answer is made again without the question, if an earlier command was answered
    /// or the replies to the earlier ones `may_be_lost` with the connection.
    Ask { may_be_lost: bool },
    /// Does not ask, since the answer is this refusal.
    Skip(ServerError),
    /// Does not ask, since no transaction is to be sent, as to a Sentinel, which does not know MULTI.
    Unneeded,
}

/// Connects and performs the handshake, all within `connect_timeout`. Push messages go to `pushes`, then and later. Where HELLO
/// does not tell the server's mode and the zone of a replica, since RESP2 is asked for, INFO does: if `needs_mode`, and of a replica.
pub(crate) async fn connect(
    settings: &Settings,
    pushes: PushSink,
    probe: MultiProbe,
    needs_mode: bool,
) -> Result<Connected> {
    let after = settings.connect_timeout;
    let mut phase = TimeoutKind::Connect;
    let hello = settings.protocol == Protocol::Resp3;
    let needs_info = needs_mode || settings.replica_of.is_some();
    let plan = Plan { hello, info: needs_info && !hello && !settings.judges_version(), probe };
    let opened = timeout(after, open(settings, pushes, plan, &mut phase)).await;
    opened.unwrap_or(Err(Error::Timeout { kind: phase, after, at: None }))
}

/// The commands that a handshake tries.
struct Plan {
    hello: bool,
    /// INFO, for the server's mode or zone alone.
    info: bool,
    probe: MultiProbe,
}

/// Connects as often as there is a plan: a peer may close the connection at a command that it does not know. Keeps its
/// `phase`, for the error of a timeout.
async fn open(settings: &Settings, pushes: PushSink, mut plan: Plan, phase: &mut TimeoutKind) -> Result<Connected> {
    loop {
        let stream = Stream::connect(&settings.address, settings.tcp_keepalive)
            .await
            .map_err(|error| settings.connect_error(Arc::new(error)))?;
        #[cfg(feature = "tls")]
        let stream = secure(stream, settings, phase).await?;
        *phase = TimeoutKind::Connect;
        let mut handshake = Handshake::new(settings, plan, FramedStream::new(stream, HANDSHAKE_LIMITS, pushes.clone()));
        match handshake.run().await {
            Ok((session, multi)) => {
                let mut stream = handshake.stream;
                stream.set_limits(settings.limits);
                return Ok(Connected { stream, session, multi });
            }
            Err(error) => plan = handshake.next_plan().ok_or(error)?,
        }
    }
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
    info: Option<Bytes>,
    readonly: Option<ServerError>,
    role: Option<Role>,
    ping: Option<ServerError>,
    multi: MultiAnswer,
}

struct Handshake<'a> {
    settings: &'a Settings,
    plan: Plan,
    stream: FramedStream,
    /// The refusal of HELLO, after which the login goes on without it.
    hello_refusal: Option<ServerError>,
    /// The refusal of the connection's first command, until there is another reply.
    first_refusal: Option<(&'static str, ServerError)>,
    replies: usize,
    /// The connection has ended.
    lost: bool,
    /// The refusal of EXEC, where DISCARD was refused too: the connection stays inside the empty transaction.
    undiscarded: Option<ServerError>,
}

impl<'a> Handshake<'a> {
    fn new(settings: &'a Settings, plan: Plan, stream: FramedStream) -> Self {
        Handshake {
            settings,
            plan,
            stream,
            hello_refusal: None,
            first_refusal: None,
            replies: 0,
            lost: false,
            undiscarded: None,
        }
    }

    async fn run(&mut self) -> Result<(Session, MultiAnswer)> {
        let logged_in = self.log_in().await;
        match (logged_in, self.first_refusal.take()) {
            // A server that has no place for another client, or wants none from there, answers the first command with an
            // error, whatever it is, and closes the connection.
            (Err(_), Some((command, error))) if self.lost && !error.is_of_command() => {
                self.lost = false;
                Err(self.settings.refused(command, &error))
            }
            (logged_in, _) => logged_in,
        }
    }

    /// Returns how to try again after a failure, with fewer commands than before.
    fn next_plan(self) -> Option<Plan> {
        let Plan { hello, info, probe } = self.plan;
        match (self.undiscarded, probe) {
            (Some(error), _) => Some(Plan { hello, info, probe: MultiProbe::Skip(error) }),
            (None, probe) if self.lost && hello && self.hello_refusal.is_some() => {
                Some(Plan { hello: false, info, probe })
            }
            // A proxy may close the connection at INFO, and then mode and zone stay unknown.
            (None, probe) if self.lost && info => Some(Plan { hello, info: false, probe }),
            (None, MultiProbe::Ask { may_be_lost }) if self.lost && (may_be_lost || self.replies > 0) => {
                Some(Plan { hello, info, probe: MultiProbe::Skip(closed_at_multi()) })
            }
            _ => None,
        }
    }

    async fn log_in(&mut self) -> Result<(Session, MultiAnswer)> {
        if self.plan.hello {
            if let Some(session) = self.hello().await? {
                return Ok(session);
            }
        }
        let classic = self.classic().await;
        match (classic, &self.hello_refusal) {
            // Where the password is missing, HELLO says so in more words.
            (Err(Error::Handshake { error, .. }), Some(hello))
                if error.kind() == ErrorKind::NoAuth && hello.kind() == ErrorKind::NoAuth =>
            {
                Err(self.settings.refused("HELLO", hello))
            }
            (classic, _) => classic,
        }
    }

    /// Logs in by HELLO 3. `None` when the server refuses HELLO, which proxies and old servers do in any words.
    async fn hello(&mut self) -> Result<Option<(Session, MultiAnswer)>> {
        let mut request = CommandBuffer::default();
        encode(&mut request, &HELLO, &self.hello_arguments());
        self.encode_post_login(&mut request);
        self.write("HELLO", request.bytes()).await?;

        let reply = self.reply("HELLO").await?;
        if let Some(error) = refusal(&reply) {
            if is_final(&error) {
                return Err(self.settings.refused("HELLO", &error));
            }
            self.hello_refusal = Some(error);
            self.first_refusal = None;
            // The replies to the other commands say nothing, since there was no login before them.
            self.post_login().await?;
            return Ok(None);
        }
        let (hello, protocol) = read_hello(&reply)?;
        let post_login = self.post_login().await?;
        self.session(protocol, post_login, Some(hello)).map(Some)
    }

    /// Logs in without HELLO, as servers before Redis 6 require.
    async fn classic(&mut self) -> Result<(Session, MultiAnswer)> {
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
                return Err(self.settings.refused(command, &error));
            }
        }
        let post_login = self.post_login().await?;
        self.session(Protocol::Resp2, post_login, None)
    }

    /// Makes a session of the replies, that to HELLO included.
    fn session(
        &self,
        protocol: Protocol,
        post_login: PostLogin,
        hello: Option<Hello>,
    ) -> Result<(Session, MultiAnswer)> {
        let PostLogin { select, info, role, readonly, ping, multi } = post_login;
        // For a user who may not use ROLE, HELLO tells it too.
        if let (true, Some(Role::Other(role))) =
            (self.wants_primary(), role.or(hello.as_ref().and_then(|hello| hello.role)))
        {
            return Err(self.settings.not_primary(role));
        }
        if let Some(error) = &select {
            return Err(self.settings.refused("SELECT", error));
        }
        if let Some(error) = &readonly {
            return Err(self.settings.refused(control::READONLY.name, error));
        }
        // A server that is loading, or busy with a script, refuses nearly every command, but neither HELLO nor MULTI.
        if let Some(error) = ping.as_ref().filter(|error| error.kind().is_unavailable()) {
            return Err(self.settings.refused(control::PING.name, error));
        }
        let refusals = [(control::MULTI.name, multi.refusal()), (control::PING.name, ping.as_ref())];
        for (command, refusal) in refusals {
            if let Some(error) = refusal.filter(|error| error.kind() == ErrorKind::NoAuth) {
                return Err(self.settings.refused(command, error));
            }
        }
        if let Some(info) = info.as_ref().filter(|_| self.settings.judges_version()) {
            self.check_version(info, hello.as_ref())?;
        }
        let info = info.filter(|info| refusal(info).is_none()).map(|info| replies::text(&info));
        let mode = replies::server_mode(hello.as_ref(), info.as_deref());
        let zone = replies::zone(hello.as_ref(), info.as_deref());
        Ok((Session::new(protocol, hello.map(|hello| hello.version), mode).in_zone(zone), multi))
    }

    /// Compares the server's vendor and version with those declared.
    fn check_version(&self, info: &Bytes, hello: Option<&Hello>) -> Result<()> {
        let (info_refusal, info) = (refusal(info), replies::text(info));
        if let Some(error) = info_refusal.as_ref().filter(|error| error.kind().is_unavailable()) {
            return Err(self.settings.refused("INFO", error));
        }
        let told = replies::server_version(hello, info_refusal.is_none().then_some(&*info));
        let Some((vendor, found)) = told else {
            return Err(info_refusal.map_or_else(no_version, |error| self.settings.refused("INFO", &error)));
        };
        match version::parse(found.as_bytes()) {
            Some(own) if self.settings.declared.includes(vendor, own) => Ok(()),
            Some(_) => Err(Error::UnsupportedServer {
                address: self.settings.address.to_string().into(),
                vendor,
                found: found.into(),
                declared: self.settings.declared,
            }),
            None => Err(no_version()),
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

    /// Encodes the commands after the login: SELECT, INFO if a version is declared, or the mode or the zone is needed, ROLE if Sentinels have
    /// named the server, READONLY for reads from a replica of a cluster, PING, which fails while the server cannot serve, and an
    /// empty transaction, which fails if this user may not use MULTI.
    fn encode_post_login(&self, request: &mut CommandBuffer) {
        if self.settings.database != 0 {
            encode(request, &SELECT, &[&self.settings.database.to_string()]);
        }
        if self.needs_info() {
            encode(request, &INFO, &["server"]);
        }
        if self.wants_primary() {
            encode(request, &ROLE, &[]);
        }
        if self.reads_cluster_replica() {
            request.control(control::READONLY);
        }
        request.control(control::PING);
        if let MultiProbe::Ask { .. } = self.plan.probe {
            request.control(control::MULTI);
            request.control(control::EXEC);
        }
    }

    async fn post_login(&mut self) -> Result<PostLogin> {
        let select = match self.settings.database {
            0 => None,
            _ => refusal(&self.reply("SELECT").await?),
        };
        let info = if self.needs_info() { Some(self.reply("INFO").await?) } else { None };
        let role = if self.wants_primary() { Role::read(&self.reply("ROLE").await?) } else { None };
        let readonly =
            if self.reads_cluster_replica() { refusal(&self.reply(control::READONLY.name).await?) } else { None };
        let ping = refusal(&self.reply(control::PING.name).await?);
        let multi = match &self.plan.probe {
            MultiProbe::Unneeded => MultiAnswer::Allowed,
            MultiProbe::Ask { .. } => self.probe().await?,
            MultiProbe::Skip(error) => MultiAnswer::Refused { error: error.clone(), closes: true },
        };
        Ok(PostLogin { select, info, role, readonly, ping, multi })
    }

    /// Reads the replies to the empty transaction, and leaves the connection without one.
    async fn probe(&mut self) -> Result<MultiAnswer> {
        let multi = refusal(&self.reply(control::MULTI.name).await?);
        let exec = refusal(&self.reply(control::EXEC.name).await?);
        let refused = |error| Ok(MultiAnswer::Refused { error, closes: false });
        match (multi, exec) {
            (None, None) => Ok(MultiAnswer::Allowed),
            (Some(error), _) => refused(error),
            (None, Some(error)) => {
                if error.kind() != ErrorKind::ExecAbort {
                    self.discard(&error).await?;
                }
                // A script that began behind PING refuses EXEC only for now.
                if error.is_script_busy() { Ok(MultiAnswer::Allowed) } else { refused(error) }
            }
        }
    }

    /// Discards the transaction, which EXEC's refusal `exec` did not end.
    async fn discard(&mut self, exec: &ServerError) -> Result<()> {
        self.write(control::DISCARD.name, control::DISCARD.bytes).await?;
        match refusal(&self.reply(control::DISCARD.name).await?) {
            Some(error) if !error.is_outside_transaction() => {
                self.undiscarded = Some(exec.clone());
                Err(self.settings.refused(control::DISCARD.name, &error))
            }
            _ => Ok(()),
        }
    }

    async fn write(&mut self, command: &'static str, request: &[u8]) -> Result<()> {
        let written = self.stream.write_all(request, |_, _, _| Poll::Pending).await;
        written.map_err(|Unwritten { error, .. }| self.connection_error(command, error.into()))
    }

    async fn reply(&mut self, command: &'static str) -> Result<Bytes> {
        loop {
            match self.stream.scan() {
                Ok(Some(Found::Push(end))) => {
                    self.stream.on_push(end, 0).map_err(|error| self.connection_error(command, error.into()))?
                }
                Ok(Some(Found::Reply(end))) => {
                    let reply = self.stream.take(end).bytes;
                    self.replies += 1;
                    self.first_refusal = refusal(&reply).filter(|_| self.replies == 1).map(|error| (command, error));
                    return Ok(reply);
                }
                Ok(None) => {
                    let filled = poll_fn(|cx| self.stream.poll_fill(cx)).await;
                    filled.map_err(|error| self.connection_error(command, error.into()))?;
                }
                Err(_) if self.stream.holds_alert() => return Err(self.settings.speaks_tls()),
                Err(malformed) => return Err(self.connection_error(command, malformed.into())),
            }
        }
    }

    fn connection_error(&mut self, command: &'static str, disconnect: Disconnect) -> Error {
        match disconnect {
            Disconnect::Io(source) => {
                self.lost = true;
                self.settings.connect_error(source)
            }
            Disconnect::Protocol(reason) => protocol_error(command, reason),
        }
    }

    /// Returns whether INFO is asked for: for the version, or for what else it tells of the server.
    fn needs_info(&self) -> bool {
        self.settings.judges_version() || self.plan.info
    }

    fn reads_cluster_replica(&self) -> bool {
        self.settings.replica_of == Some(ReplicaOf::Cluster)
    }

    /// Returns whether the server must be a primary: Sentinels have named it as that.
    fn wants_primary(&self) -> bool {
        self.settings.sentinels().is_some()
    }
}

/// Returns whether a refusal of HELLO is not one of HELLO alone, so that a login without it would be refused too.
fn is_final(error: &ServerError) -> bool {
    error.kind() == ErrorKind::WrongPass || error.kind().is_unavailable() || error.is_too_many_clients()
}

/// Reads the reply to HELLO 3, and the protocol that the server speaks from now on. Some proxies answer with the one that they
/// have.
fn read_hello(reply: &Bytes) -> Result<(Hello, Protocol)> {
    let hello = Hello::read(reply).unwrap_or_default();
    match hello.protocol {
        Some(3) if hello.is_map => Ok((hello, Protocol::Resp3)),
        Some(2) => Ok((hello, Protocol::Resp2)),
        _ => Err(protocol_error("HELLO", "the server's reply to HELLO 3 does not say that it speaks RESP3")),
    }
}

pub(crate) fn encode<const N: usize>(request: &mut CommandBuffer, name: &Name<N>, arguments: &[&str]) {
    request.command(FirstArgument::Other, |out| {
        out.command(name, arguments.len());
        arguments.iter().for_each(|argument| out.bulk(argument.as_bytes()));
    });
}
