//! Child processes, free ports and temporary directories.

use std::{
    collections::hash_map::RandomState,
    env, fs,
    hash::{BuildHasher, Hasher},
    io,
    net::TcpListener,
    ops::Range,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::Duration,
};

/// The highest port for a server: a cluster node also listens on the port 10,000 above.
const HIGHEST_PORT: u16 = 55_000;

/// Finds a loopback port that is free at this moment.
pub fn free_port() -> u16 {
    loop {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("the loopback has a free port");
        let port = listener.local_addr().expect("a bound socket has an address").port();
        if port < HIGHEST_PORT {
            return port;
        }
    }
}

/// The distance between the port of a cluster node and that of its cluster bus.
pub(crate) const BUS_PORT_OFFSET: u16 = 10_000;

/// The ports for cluster nodes. Neither they nor the ports of their buses are among those that systems give to outgoing
/// connections.
const CLUSTER_PORTS: Range<u16> = 10_000..22_700;

/// Finds a loopback port for a cluster node, which is free together with the port of its bus at this moment. The ports
/// of one process differ; a set of another process may take one first.
pub(crate) fn free_cluster_port() -> u16 {
    static NEXT: OnceLock<AtomicU32> = OnceLock::new();
    let next = NEXT.get_or_init(|| AtomicU32::new(random() as u32));
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed) % CLUSTER_PORTS.len() as u32;
        let port = CLUSTER_PORTS.start + number as u16;
        let is_free = |port| TcpListener::bind(("127.0.0.1", port)).is_ok();
        if is_free(port) && is_free(port + BUS_PORT_OFFSET) {
            return port;
        }
    }
}

/// A random number.
pub(crate) fn random() -> u64 {
    // Each state has keys of its own.
    RandomState::new().build_hasher().finish()
}

/// A child process that is killed when this value is dropped. Its output goes to a file.
#[derive(Debug)]
pub(crate) struct Process(Mutex<Child>);

impl Process {
    pub(crate) fn spawn(mut command: Command, log: &Path) -> io::Result<Self> {
        let output = fs::File::create(log)?;
        let errors = output.try_clone()?;
        let child = command.stdin(Stdio::null()).stdout(output).stderr(errors).spawn()?;
        Ok(Self(Mutex::new(child)))
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child().id()
    }

    pub(crate) fn has_ended(&self) -> bool {
        !matches!(self.child().try_wait(), Ok(None))
    }

    /// Returns whether the process is neither ended nor suspended.
    pub(crate) fn is_running(&self) -> bool {
        !self.has_ended() && self.state() != Some('T')
    }

    pub(crate) fn freeze(&self) {
        self.signal("STOP");
        while self.state().is_some_and(|state| !matches!(state, 'T' | 'Z')) {
            thread::sleep(Duration::from_millis(1));
        }
    }

    pub(crate) fn thaw(&self) {
        self.signal("CONT");
    }

    pub(crate) fn kill(&self) {
        let mut child = self.child();
        let _ = child.kill();
        let _ = child.wait();
    }

    /// Sends a signal by the `kill` of the shell, because not every system has the program of that name.
    fn signal(&self, name: &str) {
        let sent = Command::new("sh").arg("-c").arg(format!("kill -{name} {}", self.pid())).status();
        assert!(sent.is_ok_and(|status| status.success()), "SIG{name} could not be sent to the server");
    }

    /// The state letter of the process; `None` if the system has no `/proc`.
    fn state(&self) -> Option<char> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.pid())).ok()?;
        stat.rsplit_once(") ")?.1.chars().next()
    }

    fn child(&self) -> MutexGuard<'_, Child> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A temporary directory that is removed when this value is dropped.
#[derive(Debug)]
pub(crate) struct Directory(PathBuf);

impl Directory {
    pub(crate) fn new() -> io::Result<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let path = env::temp_dir().join(format!("typedis-{}-{number}", std::process::id()));
            match fs::create_dir(&path) {
                Ok(()) => return Ok(Self(path)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
