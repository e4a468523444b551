use std::{
    env, fs,
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use crate::servers::Server;

/// A server that runs as long as this lives.
pub(crate) struct Running {
    child: Child,
    place: PathBuf,
    tcp: String,
    unix: String,
}

impl Running {
    /// Starts it on a free port and on a Unix socket, without any file of its own.
    pub(crate) fn start(server: &Server) -> Result<Self, String> {
        let place = env::temp_dir().join(format!("typedis-bench-{}", std::process::id()));
        fs::create_dir_all(&place).map_err(|error| format!("{}: {error}", place.display()))?;
        let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        drop(listener);
        let socket = place.join("socket");
        let mut command = Command::new(&server.program);
        command.args(["--save", "", "--appendonly", "no", "--port", &address.port().to_string()]);
        command.arg("--unixsocket").arg(&socket).current_dir(&place).stdout(Stdio::null());
        if !server.libraries.is_empty() {
            command.env("LD_LIBRARY_PATH", &server.libraries);
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
