//! A real server process on a free port.

use crate::{
    Error, Frame, Monitor, Raw, Vendor,
    binary::Binary,
    free_port,
    identity::Identity,
    process::{Directory, Process},
};
use std::{
    fs, io,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::time::sleep;

/// The timeout of the first PING to a server, on a busy machine.
pub(crate) const START_TIMEOUT: Duration = Duration::from_secs(30);

/// The most attempts to start, because another process may take the free port first.
pub(crate) const MAX_ATTEMPTS: usize = 10;

/// A real server process on a free loopback port, without persistence, which is killed when this value is dropped.
#[derive(Debug)]
pub struct Server {
    // Dropped before `launch`, so that the process has ended when its directory is removed.
    process: Mutex<Arc<Process>>,
    launch: Launch,
    ports: Ports,
    identity: Identity,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Ports {
    pub(crate) plain: u16,
    /// Present if the server was started with [`Builder::tls`].
    pub(crate) tls: Option<u16>,
}

/// The settings of a server.
#[derive(Clone, Debug, Default)]
pub struct Builder {
    settings: Vec<(String, String)>,
    /// Files of the server's directory, by name and content, that are there before it starts.
    files: Vec<(&'static str, String)>,
    unix_socket: bool,
    tls: Option<Tls>,
    /// Whether the process is a Sentinel.
    sentinel: bool,
    /// Whether a restart finds the configuration as the process left it.
    keeps_configuration: bool,
}

/// A server's certificate, its private key, and who may issue those of its clients, as PEM text.
#[derive(Clone, Debug)]
struct Tls {
    certificate: String,
    key: String,
    authorities: String,
}

impl Server {
    /// Starts the server that `TYPEDIS_SERVER` names, else `redis-server` or `valkey-server` of the `PATH`.
    pub async fn start() -> Self {
        Self::builder().start().await
    }

    /// Starts a server with settings of the test's own.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Returns whether the server was built with TLS.
    pub fn speaks_tls() -> bool {
        Binary::find().ok().flatten().is_some_and(|binary| binary.speaks_tls())
    }

    /// The server's URL, `redis://127.0.0.1:PORT`, without a password.
    pub fn url(&self) -> String {
        format!("redis://{}", self.addr())
    }

    /// The port the server listens on.
    pub fn port(&self) -> u16 {
        self.ports.plain
    }

    pub(crate) fn tls_port(&self) -> Option<u16> {
        self.ports.tls
    }

    /// The address the server listens on.
    pub fn addr(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.ports.plain).into()
    }

    /// The address that a server started with [`Builder::tls`] listens on for TLS.
    pub fn tls_addr(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.ports.tls.expect("the server was started with `.tls(..)`")).into()
    }

    /// The Unix socket of a server that was started with [`Builder::unix_socket`].
    pub fn socket_path(&self) -> &Path {
        self.launch.socket.as_deref().expect("the server was started with `.unix_socket()`")
    }

    /// The server's process id; another one after [`restart`](Self::restart).
    pub fn pid(&self) -> u32 {
        self.process().pid()
    }

    /// Who made the server.
    pub fn vendor(&self) -> Vendor {
        self.identity.vendor
    }

    /// The version that the server reports in INFO; Valkey's own if it is Valkey.
    pub fn version(&self) -> (u64, u64, u64) {
        self.identity.version.expect("the server answers INFO")
    }

    /// The version of Redis that the server reports in INFO; Valkey reports 7.2.4, the Redis that it descends from.
    pub fn redis_version(&self) -> (u64, u64, u64) {
        self.identity.redis_version.expect("the server answers INFO")
    }

    /// The program and its version in a few words, such as `redis-server 7.0.15`.
    pub fn description(&self) -> String {
        let name = self.launch.binary.name();
        match self.identity.version {
            Some((major, minor, patch)) => format!("{name} {major}.{minor}.{patch}"),
            None => name,
        }
    }

    /// Opens a plain connection to check results with; authenticates if the server has a password.
    pub async fn raw(&self) -> Raw {
        self.try_raw().await.unwrap_or_else(|error| panic!("no connection to the server: {error}"))
    }

    /// Opens the same connection to a server that may be down.
    pub async fn try_raw(&self) -> io::Result<Raw> {
        connect(self.addr(), &self.launch).await
    }

    /// The value of a setting that the server was started with.
    pub(crate) fn setting(&self, name: &str) -> Option<&str> {
        let setting = self.launch.settings.iter().rev().find(|(other, _)| other == name)?;
        Some(setting.1.trim_matches('"'))
    }

    /// Watches every command that the server runs from now on.
    pub async fn monitor(&self) -> Monitor {
        self.raw().await.monitor().await
    }

    /// Suspends the process (SIGSTOP): connections stay open and get no replies.
    pub fn freeze(&self) {
        self.process().freeze();
    }

    /// Resumes a suspended process (SIGCONT).
    pub fn thaw(&self) {
        self.process().thaw();
    }

    /// Kills the process (SIGKILL), as a power cut would. Its connections are closed when this returns.
    pub fn kill9(&self) {
        self.process().kill();
    }

    /// Starts the server anew on the same port with the same settings, killing it first if it still runs.
    pub async fn restart(&self) {
        self.kill9();
        let (process, _) = self.launch.run(self.ports).await.unwrap_or_else(|error| panic!("{}", error.into_message()));
        *self.process.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(process);
    }

    /// The output of the server since it started.
    pub fn log(&self) -> String {
        self.launch.log()
    }

    /// Returns whether the process runs: it was neither killed nor suspended.
    pub fn is_running(&self) -> bool {
        self.process().is_running()
    }

    /// Changes a setting now and for later restarts.
    pub(crate) async fn set(&mut self, name: &str, value: &str) {
        let reply = self.raw().await.command(["CONFIG", "SET", name, value]).await;
        assert!(!reply.is_error(), "{name} {value}: {reply:?}");
        self.launch.settings.retain(|(other, _)| other != name);
        self.launch.settings.push((name.to_owned(), value.to_owned()));
    }

    fn process(&self) -> Arc<Process> {
        Arc::clone(&self.process.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Builder {
    /// Adds a setting, such as `("--requirepass", "x")` or `("--rename-command", "HELLO \"\"")`.
    ///
    /// It becomes a line of the configuration file, so the value is quoted as it would be there. The dashes may be
    /// left out.
    #[must_use]
    pub fn arg(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.trim_start_matches('-').to_owned(), value.to_owned()));
        self
    }

    /// Listens on a Unix socket too, see [`Server::socket_path`].
    #[must_use]
    pub fn unix_socket(mut self) -> Self {
        self.unix_socket = true;
        self
    }

    /// Listens for TLS too, on a port of its own, see [`Server::tls_addr`]; with a certificate, its private key and the
    /// authorities that may issue those of clients, all as PEM text. Clients need none, unless `tls-auth-clients` is
    /// set.
    #[must_use]
    pub fn tls(mut self, certificate: &str, key: &str, authorities: &str) -> Self {
        self.tls = Some(Tls { certificate: certificate.into(), key: key.into(), authorities: authorities.into() });
        self
    }

    /// Puts a file into the server's directory before it starts.
    pub(crate) fn file(mut self, name: &'static str, content: String) -> Self {
        self.files.push((name, content));
        self
    }

    /// Starts a Sentinel in place of a server.
    pub(crate) fn sentinel(mut self) -> Self {
        self.sentinel = true;
        self
    }

    /// Lets a restart find the configuration as the process, or a Sentinel that had it written, left it.
    pub(crate) fn keeping_configuration(mut self) -> Self {
        self.keeps_configuration = true;
        self
    }

    /// Adds the settings of another one behind these, and its TLS.
    pub(crate) fn and(mut self, other: &Self) -> Self {
        self.settings.extend_from_slice(&other.settings);
        Self { tls: self.tls.or_else(|| other.tls.clone()), ..self }
    }

    /// The value of a setting.
    pub(crate) fn setting(&self, name: &str) -> Option<&str> {
        self.settings.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn has_tls(&self) -> bool {
        self.tls.is_some()
    }

    /// Starts the server, or panics with the reason why it cannot.
    pub async fn start(self) -> Server {
        self.try_start().await.unwrap_or_else(|error| panic!("{error}"))
    }

    /// Starts the server, or returns the reason why it cannot.
    pub async fn try_start(self) -> Result<Server, Error> {
        self.start_with(Binary::required()?).await
    }

    pub(crate) async fn start_with(self, binary: Binary) -> Result<Server, Error> {
        let mut attempts = 1;
        loop {
            let ports = Ports { plain: free_port(), tls: self.tls.as_ref().map(|_| free_port()) };
            match self.clone().start_at(binary.clone(), ports).await {
                Ok(server) => return Ok(server),
                Err(StartError::PortTaken) if attempts < MAX_ATTEMPTS => attempts += 1,
                Err(error) => return Err(Error(error.into_message())),
            }
        }
    }

    /// Starts the server on these ports, once.
    pub(crate) async fn start_at(self, binary: Binary, ports: Ports) -> Result<Server, StartError> {
        let launch = Launch::prepare(self, binary)
            .map_err(|error| StartError::Other(format!("no temporary directory: {error}")))?;
        let (process, identity) = launch.run(ports).await?;
        Ok(Server { process: Mutex::new(Arc::new(process)), launch, ports, identity })
    }
}

/// The program, settings and directory of a server, kept for restarts.
#[derive(Debug)]
struct Launch {
    binary: Binary,
    settings: Vec<(String, String)>,
    socket: Option<PathBuf>,
    sentinel: bool,
    keeps_configuration: bool,
    directory: Directory,
}

/// What a server logs once it has its port.
const READY: &str = "Ready to accept connections";

#[derive(Debug)]
pub(crate) enum StartError {
    PortTaken,
    Other(String),
}

impl Launch {
    fn prepare(builder: Builder, binary: Binary) -> io::Result<Self> {
        let directory = Directory::new()?;
        let socket = builder.unix_socket.then(|| directory.path().join("redis.sock"));
        if let Some(tls) = &builder.tls {
            tls.write(directory.path())?;
        }
        for (name, content) in &builder.files {
            fs::write(directory.path().join(name), content)?;
        }
        let Builder { settings, sentinel, keeps_configuration, .. } = builder;
        Ok(Self { binary, settings, socket, sentinel, keeps_configuration, directory })
    }

    async fn run(&self, ports: Ports) -> Result<(Process, Identity), StartError> {
        let process = self.spawn(ports).map_err(|error| {
            StartError::Other(format!("{} could not be started: {error}", self.binary.path().display()))
        })?;
        let started = Instant::now();
        while started.elapsed() < START_TIMEOUT {
            if process.has_ended() {
                return Err(self.exit_reason());
            }
            if let Ok(Some(identity)) = self.identify(ports.plain).await {
                match identity.is_of(process.pid()) {
                    Some(false) => return Err(StartError::PortTaken),
                    // Not yet, if it is another server that refuses INFO.
                    None if !self.log().contains(READY) => {}
                    Some(true) | None => return Ok((process, identity)),
                }
            }
            sleep(Duration::from_millis(2)).await;
        }
        Err(StartError::Other(format!("the server did not answer in {START_TIMEOUT:?}:\n{}", self.log())))
    }

    fn spawn(&self, ports: Ports) -> io::Result<Process> {
        let config = self.directory.path().join("server.conf");
        if !(self.keeps_configuration && config.exists()) {
            fs::write(&config, self.config(ports))?;
        }
        let mut command = self.binary.command(ports.plain, &config);
        if self.sentinel {
            command.arg("--sentinel");
        }
        Process::spawn(command, &self.log_path())
    }

    fn config(&self, ports: Ports) -> String {
        let mut config =
            format!("bind 127.0.0.1\nport {}\ndir {:?}\nloglevel notice\n", ports.plain, self.directory.path());
        if !self.sentinel {
            config += "save \"\"\nappendonly no\n";
        }
        if let Some(port) = ports.tls {
            config += &Tls::config(port, self.directory.path());
        }
        if let Some(socket) = &self.socket {
            config += &format!("unixsocket {socket:?}\n");
        }
        for (name, value) in &self.settings {
            config += &format!("{name} {value}\n");
        }
        config
    }

    /// Returns `None` while the server is loading.
    async fn identify(&self, port: u16) -> io::Result<Option<Identity>> {
        let mut raw = connect((Ipv4Addr::LOCALHOST, port).into(), self).await?;
        let limit = Duration::from_secs(2);
        match raw.try_command(&["PING"], limit).await? {
            Frame::Error(words) if words.starts_with("LOADING") => return Ok(None),
            _ => {}
        }
        let identity = match raw.try_command(&["INFO", "server"], limit).await? {
            Frame::Bulk(info) => Identity::read(&String::from_utf8_lossy(&info)),
            _ => Identity::read(""),
        };
        // The server has forgotten this connection before a test can list its connections.
        raw.quit(limit).await;
        Ok(Some(identity))
    }

    fn exit_reason(&self) -> StartError {
        let log = self.log();
        if log.contains("Address already in use") {
            return StartError::PortTaken;
        }
        StartError::Other(format!("{} ended at once:\n{log}", self.binary.path().display()))
    }

    fn password(&self) -> Option<&str> {
        let setting = self.settings.iter().rev().find(|(name, _)| name == "requirepass")?;
        Some(setting.1.trim_matches('"'))
    }

    fn log(&self) -> String {
        fs::read(self.log_path()).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    fn log_path(&self) -> PathBuf {
        self.directory.path().join("log")
    }
}

impl Tls {
    const FILES: [(&str, &str); 3] =
        [("tls-cert-file", "tls.crt"), ("tls-key-file", "tls.key"), ("tls-ca-cert-file", "tls-ca.crt")];

    fn write(&self, directory: &Path) -> io::Result<()> {
        let texts = [&self.certificate, &self.key, &self.authorities];
        Self::FILES.iter().zip(texts).try_for_each(|((_, file), text)| fs::write(directory.join(file), text))
    }

    fn config(port: u16, directory: &Path) -> String {
        let files = Self::FILES.map(|(setting, file)| format!("{setting} {:?}\n", directory.join(file)));
        format!("tls-port {port}\ntls-auth-clients no\n{}", files.concat())
    }
}

impl StartError {
    pub(crate) fn into_message(self) -> String {
        match self {
            Self::PortTaken => "another process took the server's port first".to_owned(),
            Self::Other(words) => words,
        }
    }
}

async fn connect(address: SocketAddr, launch: &Launch) -> io::Result<Raw> {
    let mut raw = Raw::open(address).await?;
    if let Some(password) = launch.password() {
        raw.try_command(&["AUTH", password], Duration::from_secs(2)).await?;
    }
    Ok(raw)
}
