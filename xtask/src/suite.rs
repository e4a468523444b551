use std::{fs, path::Path, process::Command, time::Instant};

use crate::{
    counts,
    servers::{self, Server},
    shell::{say, watch},
    summary::{Row, Summary, Tally},
    workspace::{cargo_program, root, target_directory},
};

/// Integration tests that talk to no server, so that one run of them is enough.
const SERVERLESS: [&str; 3] = ["house", "misuse", "replies"];

/// Where integration tests lie, from the workspace's root.
const TESTS: [&str; 3] = ["tests", "testing/tests", "soak/tests"];

/// Runs everything against the first server, and what depends on the server against the others.
pub(crate) fn run(only: Option<&str>) -> Result<Summary, String> {
    let root = root();
    let (servers, missing) = servers::get(only, &target_directory(&root)?.join("servers"))?;
    let dependent = dependent_tests(&root);
    let mut summary = Summary { missing, ..Summary::default() };
    for (number, server) in servers.iter().enumerate() {
        let started = Instant::now();
        say(&format!("testing against Redis {} ({})", server.version, server.source));
        let tally = match number {
            0 => test(&root, server, &[])?.and(without_features(&root, server)?),
            _ => test(&root, server, &dependent)?,
        };
        summary.rows.push(Row {
            version: server.version.clone(),
            source: server.source.clone(),
            tally,
            tls: server.speaks_tls(),
            seconds: started.elapsed().as_secs_f64(),
        });
    }
    summary.wrong = counts::check(&root, false)?;
    for example in examples(&root) {
        let ended_well = cargo(&root, &servers[0], &["run", "--all-features", "--example", &example], |_| ())?;
        summary.examples.push((example, ended_well));
    }
    Ok(summary)
}

/// The same features and packages each time, so that everything is compiled once.
fn test(root: &Path, server: &Server, only: &[String]) -> Result<Tally, String> {
    let mut arguments = vec!["test", "--workspace", "--all-features", "--no-fail-fast"];
    for test in only {
        arguments.extend(["--test", test]);
    }
    let mut tally = Tally::default();
    tally.ended_well = cargo(root, server, &arguments, |line| tally.read(line))?;
    Ok(tally)
}

/// What is different without the features, which are few lines.
fn without_features(root: &Path, server: &Server) -> Result<Tally, String> {
    let mut tally = Tally::default();
    let arguments = ["test", "--package", "typedis", "--no-default-features", "--lib", "connection::url"];
    tally.ended_well = cargo(root, server, &arguments, |line| tally.read(line))?;
    Ok(tally)
}

fn cargo(root: &Path, server: &Server, arguments: &[&str], see: impl FnMut(&str)) -> Result<bool, String> {
    let mut command = Command::new(cargo_program());
    command.args(arguments).current_dir(root).env_remove("REDIS_URL").env("TYPEDIS_SERVER", &server.program);
    command.env("TYPEDIS_SERVER_LIBS", &server.libraries);
    watch(&mut command, see)
}

fn dependent_tests(root: &Path) -> Vec<String> {
    let tests = TESTS.iter().flat_map(|place| programs(&root.join(place)));
    tests.filter(|name| !SERVERLESS.contains(&name.as_str())).collect()
}

fn examples(root: &Path) -> Vec<String> {
    programs(&root.join("examples"))
}

/// What cargo finds by itself: `NAME.rs`, and `NAME/main.rs`.
fn programs(place: &Path) -> Vec<String> {
    let paths = fs::read_dir(place).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut names: Vec<String> = paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs") || path.join("main.rs").is_file())
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .collect();
    names.sort();
    names
}
