//! All tests, examples and bounds, against each server.

use crate::{
    counts,
    server::Server,
    servers,
    shell::{log, run_with},
    summary::{Check, Row, Summary, Tally},
    toolchains,
    workspace::{cargo_program, root, target_directory},
};
use std::{fs, path::Path, process::Command};

/// Integration tests without a server, which run once.
const SERVERLESS: [&str; 3] = ["house", "misuse", "replies"];

/// The folders of integration tests, from the root of the workspace.
const TESTS: [&str; 3] = ["tests", "testing/tests", "soak/tests"];

/// Runs all tests against the first server, those that depend on the server against the others, and the examples against
/// the first server of each vendor.
pub(crate) fn run(only: Option<&str>) -> Result<Summary, String> {
    let root = root();
    let target = target_directory(&root)?;
    let mut summary = Summary::default();
    let servers = summary.time("getting servers", || servers::get(only, &target.join("servers")))?;
    let main = servers.main();
    let dependent = dependent_tests(&root);
    for (number, server) in servers.found.iter().enumerate() {
        let stage = format!("tests on {}", server.name());
        log(&format!("{stage} ({})", server.source));
        let tally = summary.time(&stage, || match number {
            0 => test_all(&root, server),
            _ if main.iter().any(|main| std::ptr::eq(*main, server)) => test_server(&root, server, &dependent),
            _ => test(&root, server, &dependent),
        })?;
        let tls = server.supports_tls();
        summary.rows.push(Row { server: server.name(), source: server.source.clone(), tally, tls });
    }
    summary.exceeded = summary.time("counting instructions and crates", || counts::check(&root, false))?;
    for server in main {
        let examples = summary.time(&format!("examples on {}", server.name()), || run_examples(&root, server))?;
        summary.checks.extend(examples);
    }
    summary.missing = servers.missing;
    let toolchains = summary.time("the oldest and the newest Rust", || toolchains::check(&root, &target))?;
    summary.checks.extend(toolchains);
    Ok(summary)
}

/// Every test, and the documentation's examples, which `cargo test` leaves out for the sake of the published package.
fn test_all(root: &Path, server: &Server) -> Result<Tally, String> {
    let all = test_server(root, server, &[])?;
    let without_features = ["--package", "typedis", "--no-default-features", "--lib", "url"];
    Ok(all.plus(cargo_test(root, server, &without_features)?))
}

/// The tests named by `only`, or all, and the documentation's examples, which start a server each.
fn test_server(root: &Path, server: &Server, only: &[String]) -> Result<Tally, String> {
    let tests = test(root, server, only)?;
    Ok(tests.plus(cargo_test(root, server, &["--package", "typedis", "--all-features", "--doc"])?))
}

/// The tests named by `only`, or all; always with the same features and packages, so that everything is compiled once.
fn test(root: &Path, server: &Server, only: &[String]) -> Result<Tally, String> {
    let mut arguments = vec!["--workspace", "--all-features", "--no-fail-fast"];
    for test in only {
        arguments.extend(["--test", test]);
    }
    cargo_test(root, server, &arguments)
}

fn cargo_test(root: &Path, server: &Server, arguments: &[&str]) -> Result<Tally, String> {
    let mut tally = Tally::default();
    let mut cargo = cargo(root, server, "test");
    tally.succeeded = run_with(cargo.args(arguments), |line| tally.read(line))?;
    Ok(tally)
}

fn run_examples(root: &Path, server: &Server) -> Result<Vec<Check>, String> {
    let examples = programs(&root.join("examples")).into_iter();
    examples
        .map(|example| {
            let mut cargo = cargo(root, server, "run");
            let passed = run_with(cargo.args(["--all-features", "--example", &example]), |_| ())?;
            Ok(Check { name: format!("example {example} on {}", server.name()), passed, note: String::new() })
        })
        .collect()
}

fn cargo(root: &Path, server: &Server, subcommand: &str) -> Command {
    let mut command = Command::new(cargo_program());
    command.arg(subcommand).current_dir(root).env_remove("REDIS_URL").env("TYPEDIS_SERVER", &server.program);
    command.env("TYPEDIS_SERVER_LIBS", &server.libraries);
    command.env("TYPEDIS_MODULES", server.modules.as_deref().unwrap_or(Path::new("")));
    command
}

fn dependent_tests(root: &Path) -> Vec<String> {
    let tests = TESTS.iter().flat_map(|folder| programs(&root.join(folder)));
    tests.filter(|name| !SERVERLESS.contains(&name.as_str())).collect()
}

/// The programs that cargo discovers in a folder: `NAME.rs` and `NAME/main.rs`.
fn programs(folder: &Path) -> Vec<String> {
    let paths = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut names: Vec<String> = paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs") || path.join("main.rs").is_file())
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .collect();
    names.sort();
    names
}
