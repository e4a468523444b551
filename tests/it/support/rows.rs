//! Fixtures of the tests of commands.

use typedis::{
    Client, Result,
    command::{CommandInfo, ConnectionPolicy},
    version::Availability,
};
#[cfg(any(feature = "bloom", feature = "json", feature = "time_series"))]
use typedis_testing::Module;
use typedis_testing::{Frame, Raw, Server, Vendor};

/// Runs `work` in RESP3 and in RESP2, each on a server of its own.
pub(crate) async fn in_both_protocols(work: impl AsyncFn(&Server, &Client) -> Result<()>) {
    for protocol in ["?protocol=3", "?protocol=2"] {
        let server = Server::start().await;
        let client = Client::connect(&format!("{}{protocol}", server.url())).await.unwrap();
        work(&server, &client).await.unwrap_or_else(|error| panic!("{protocol}: {error}"));
    }
}

/// Runs `work` in RESP3 and in RESP2, each on a server of its own with the module; not where the module is not at hand.
#[cfg(any(feature = "bloom", feature = "json", feature = "time_series"))]
pub(crate) async fn with_module(module: Module, work: impl AsyncFn(&Server, &Client) -> Result<()>) {
    for protocol in ["?protocol=3", "?protocol=2"] {
        let Some(server) = module.server().await else {
            return println!("skipped: no {module:?} at hand");
        };
        let client = Client::connect(&format!("{}{protocol}", server.url())).await.unwrap();
        work(&server, &client).await.unwrap_or_else(|error| panic!("{protocol}: {error}"));
    }
}

/// Asserts that the server ran every command of the module that has a row.
#[cfg(any(feature = "bloom", feature = "json", feature = "time_series"))]
pub(crate) async fn assert_all_of_module_ran(server: &Server, module: &str) {
    let stats = server.raw().await.command(["INFO", "commandstats"]).await.text();
    for row in typedis::commands::registry().filter(|row| row.since.module.is_some_and(|of| of.name == module)) {
        // A module's subcommands are not counted apart.
        let counted = format!("cmdstat_{}:calls=", name(row).split('|').next().unwrap_or_default());
        assert!(stats.to_lowercase().contains(&counted), "{} did not run, at least not by {}()", row.name, row.method);
    }
}

/// Returns whether the server has a command or an option that is available since then.
pub(crate) fn supports(server: &Server, since: Availability) -> bool {
    let first = match server.vendor() {
        Vendor::Redis => since.redis,
        Vendor::Valkey => since.valkey,
    };
    first.is_some_and(|first| version(first) <= server.version())
}

/// The numbers of a version such as `7.0.15`.
pub(crate) fn version(text: &str) -> (u64, u64, u64) {
    let mut parts = text.trim().split('.').map(|part| part.parse().expect("a version is made of numbers"));
    let mut next = || parts.next().unwrap_or(0);
    (next(), next(), next())
}

/// Returns whether the server has what came with a version of Redis before Valkey began; if not, prints that `what` is
/// skipped.
pub(crate) fn has(server: &Server, version: (u64, u64, u64), what: &str) -> bool {
    let old = server.redis_version() < version;
    if old {
        eprintln!("{what} is left out: {} does not have it", server.description());
    }
    !old
}

/// Asserts that the server ran every command of its command group `group` that has a row.
///
/// Servers before 7.0 do not report groups, so nothing is asserted there.
pub(crate) async fn assert_all_ran(server: &Server, group: &str) {
    if !has(server, (7, 0, 0), "the check that all rows ran") {
        return;
    }
    let mut raw = server.raw().await;
    let mut checked = 0;
    for row in typedis::commands::registry().filter(|row| can_run(row)) {
        if group_of(row, &mut raw).await == group {
            let stats = raw.command(["INFO", "commandstats"]).await.text();
            let counted = format!("cmdstat_{}:calls=", name(row));
            assert!(stats.contains(&counted), "{} did not run, at least not by {}()", row.name, row.method);
            checked += 1;
        }
    }
    assert!(checked > 0, "the server knows no group {group:?}");
}

/// Returns whether a test can run the command: not for rows that do not compile, nor for SHUTDOWN, after which INFO has
/// no reply.
fn can_run(row: &CommandInfo) -> bool {
    row.connection != ConnectionPolicy::Forbidden && row.name != "SHUTDOWN"
}

/// The server's name of a row's command, such as `object|encoding`.
fn name(row: &CommandInfo) -> String {
    row.name.to_lowercase().replace(' ', "|")
}

async fn group_of(row: &CommandInfo, raw: &mut Raw) -> String {
    let docs = raw.command(["COMMAND", "DOCS", &name(row)]).await;
    let [_, facts] = docs.items() else { return String::new() };
    let group = facts.items().chunks(2).find(|fact| fact[0] == Frame::bulk("group"));
    group.map(|fact| fact[1].text()).unwrap_or_default()
}
