use std::process::Command;

use crate::{
    servers,
    shell::{run, say},
    workspace::{cargo_program, root, target_directory},
};

/// What most servers out there resemble.
const USUAL: &str = "7.0";

/// Runs the program `typedis-soak`, as fast as it can be compiled, against the usual server or the one named.
pub(crate) fn run_against(only: Option<&str>, what: &str, options: &[&str]) -> Result<(), String> {
    let root = root();
    let (servers, _) = servers::get(Some(only.unwrap_or(USUAL)), &target_directory(&root)?.join("servers"))?;
    let server = &servers[0];
    say(&format!("{what} against Redis {} ({})", server.version, server.source));
    let mut command = Command::new(cargo_program());
    command.args(["run", "--quiet", "--release", "--package", "typedis-soak", "--", what]).args(options);
    command.current_dir(root).env("TYPEDIS_SERVER", &server.program).env("TYPEDIS_SERVER_LIBS", &server.libraries);
    run(&mut command)
}
