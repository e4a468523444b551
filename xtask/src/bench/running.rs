//! The server process that the clients connect to.

use crate::server::Server;
use std::{
    env, fs,
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Stdio},
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
    /// Starts the server on a free port and on a Unix socket, without persistence.
    pub(crate) fn start(server: &Server) -> Result<Self, String> {
        let place = env::temp_dir().join(format!("typedis-bench-{}", std::process::id()));
        fs::create_dir_all(&place).map_err(|error| format!("{}: {error}", place.display()))?;
        let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        drop(listener);
        let socket = place.join("socket");
        let mut command = server.command();
        command.args(["--save", "", "--appendonly", "no", "--port", &address.port().to_string()]);
        command.arg("--unixsocket").arg(&socket).current_dir(&place).stdout(Stdio::null());
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
