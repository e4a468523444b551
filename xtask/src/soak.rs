//! The program `typedis-soak`: fault injection and load.

use crate::{
    servers,
    shell::{log, run},
    workspace::{cargo_program, root, target_directory},
};
use std::process::Command;

/// The server that most deployments resemble.
const DEFAULT_SERVER: &str = "redis-7.0";

/// Runs `typedis-soak` in a release build against the default server or the selected one.
pub(crate) fn run_against(only: Option<&str>, mode: &str, options: &[&str]) -> Result<(), String> {
    let root = root();
    let servers = target_directory(&root)?.join("servers");
    let server = servers::get_one(Some(only.unwrap_or(DEFAULT_SERVER)), &servers)?;
    log(&format!("{mode} against {} ({})", server.name(), server.source));
    let mut command = Command::new(cargo_program());
    command.args(["run", "--quiet", "--release", "--package", "typedis-soak", "--", mode]).args(options);
    command.current_dir(root).env("TYPEDIS_SERVER", &server.program).env("TYPEDIS_SERVER_LIBS", &server.libraries);
    run(&mut command)
}
