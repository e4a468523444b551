//! The server processes that the clients connect to.

use crate::server::Server;
use std::{
    env, fs,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

/// A server process, killed when this value is dropped.
pub(crate) struct Running {
    child: Child,
    place: PathBuf,
    tcp: String,
    unix: String,
}

impl Running {
    /// Starts the server on a free port and on a Unix socket, without persistence, in a folder whose name ends with `suffix`.
    pub(crate) fn start(server: &Server, suffix: &str, module: Option<&Path>) -> Result<Self, String> {
        let place = env::temp_dir().join(format!("typedis-bench-{}{suffix}", std::process::id()));
        fs::create_dir_all(&place).map_err(|error| format!("{}: {error}", place.display()))?;
        let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        drop(listener);
        let socket = place.join("socket");
        let mut command = server.command();
        command.args(["--save", "", "--appendonly", "no", "--port", &address.port().to_string()]);
        command.arg("--unixsocket").arg(&socket).current_dir(&place).stdout(Stdio::null());
        if let Some(module) = module {
            command.arg("--loadmodule").arg(module);
        }
        let child = command.spawn().map_err(|error| format!("{}: {error}", server.program.display()))?;
        let (tcp, unix) = (format!("redis://{address}"), format!("unix://{}", socket.display()));
        let running = Running { child, place, tcp, unix };
        for _ in 0..500 {
            if TcpStream::connect(address).is_ok() {
                return Ok(running);
            }
            thread::sleep(Duration::from_millis(10));
        }
        Err("the server does not listen".to_owned())
    }

    pub(crate) fn url(&self, unix: bool) -> &str {
        if unix { &self.unix } else { &self.tcp }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.place);
    }
}

/// A cluster of three primaries, killed when this value is dropped.
pub(crate) struct RunningCluster {
    nodes: Vec<Child>,
    place: PathBuf,
    url: String,
}

impl RunningCluster {
    /// Starts the servers on free ports, without replicas and persistence.
    pub(crate) fn start(server: &Server) -> Result<Self, String> {
        let place = env::temp_dir().join(format!("typedis-bench-cluster-{}", std::process::id()));
        let mut cluster = RunningCluster { nodes: Vec::new(), place, url: String::new() };
        let listeners = (0..PRIMARIES).map(|_| TcpListener::bind("127.0.0.1:0")).collect::<Result<Vec<_>, _>>();
        let addresses: Result<Vec<_>, _> = listeners.into_iter().flatten().map(|one| one.local_addr()).collect();
        let addresses = addresses.map_err(|error| error.to_string())?;
        for address in &addresses {
            let place = cluster.place.join(address.port().to_string());
            fs::create_dir_all(&place).map_err(|error| format!("{}: {error}", place.display()))?;
            cluster.nodes.push(start_node(server, *address, &place)?);
        }
        for (index, address) in addresses.iter().enumerate() {
            let slot = |index: usize| (16384 * index / PRIMARIES).to_string();
            let last = (16384 * (index + 1) / PRIMARIES - 1).to_string();
            eventually(|| {
                ask(*address, &["CLUSTER", "ADDSLOTSRANGE", &slot(index), &last]).is_ok_and(|it| it == "+OK")
            })?;
            ask(*address, &["CLUSTER", "MEET", "127.0.0.1", &addresses[0].port().to_string()])?;
        }
        for address in &addresses {
            eventually(|| ask(*address, &["CLUSTER", "INFO"]).is_ok_and(|info| info.contains("cluster_state:ok")))?;
            eventually(|| ask(*address, &["CLUSTER", "INFO"]).is_ok_and(|info| info.contains("cluster_size:3")))?;
        }
        cluster.url = format!("redis+cluster://{}", addresses[0]);
        Ok(cluster)
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for RunningCluster {
    fn drop(&mut self) {
        for node in &mut self.nodes {
            let _ = node.kill();
            let _ = node.wait();
        }
        let _ = fs::remove_dir_all(&self.place);
    }
}

/// Nodes that answer canned bytes, which end with this value.
pub(crate) struct ScriptedNodes {
    program: Child,
    cluster: String,
    single: String,
}

impl ScriptedNodes {
    pub(crate) fn start(program: &Path) -> Result<Self, String> {
        let mut command = Command::new(program);
        command.arg(PRIMARIES.to_string()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut program = command.spawn().map_err(|error| format!("{}: {error}", program.display()))?;
        let mut ports = String::new();
        if let Some(output) = program.stdout.take() {
            BufReader::new(output).read_line(&mut ports).map_err(|error| error.to_string())?;
        }
        let (node, alone) = ports.trim().split_once(' ').ok_or("the scripted nodes tell no ports")?;
        Ok(ScriptedNodes {
            program,
            cluster: format!("redis+cluster://127.0.0.1:{node}"),
            single: format!("redis://127.0.0.1:{alone}"),
        })
    }

    pub(crate) fn url(&self, of_cluster: bool) -> &str {
        if of_cluster { &self.cluster } else { &self.single }
    }
}

impl Drop for ScriptedNodes {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

const PRIMARIES: usize = 3;

fn start_node(server: &Server, address: SocketAddr, place: &Path) -> Result<Child, String> {
    let mut command = server.command();
    command.args(["--save", "", "--appendonly", "no", "--cluster-enabled", "yes", "--bind", "127.0.0.1"]);
    command.args(["--port", &address.port().to_string()]).current_dir(place).stdout(Stdio::null());
    command.spawn().map_err(|error| format!("{}: {error}", server.program.display()))
}

/// Sends a command whose reply is a line or fits into one read.
fn ask(address: SocketAddr, words: &[&str]) -> Result<String, String> {
    let mut stream = TcpStream::connect(address).map_err(|error| error.to_string())?;
    let mut request = format!("*{}\r\n", words.len());
    words.iter().for_each(|word| request.push_str(&format!("${}\r\n{word}\r\n", word.len())));
    stream.write_all(request.as_bytes()).map_err(|error| error.to_string())?;
    let mut reply = vec![0; 4096];
    let length = stream.read(&mut reply).map_err(|error| error.to_string())?;
    Ok(String::from_utf8_lossy(&reply[..length]).trim_end().to_owned())
}

fn eventually(mut holds: impl FnMut() -> bool) -> Result<(), String> {
    for _ in 0..1000 {
        if holds() {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(20));
    }
    Err("the cluster does not form".to_owned())
}
