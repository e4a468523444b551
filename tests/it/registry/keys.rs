//! The keys of a row are those that the server finds in its command: a client of a cluster sends it where they are.

use super::arguments::arguments;
use crate::support::rows::supports;
use typedis::{command::Route, commands::registry};
use typedis_testing::{Frame, Server};

/// A word of the example arguments that is a key besides those in braces.
const OTHER: &str = "other";

#[tokio::test]
async fn every_rows_keys_are_those_the_server_finds() {
    let server = Server::start().await;
    let mut raw = server.raw().await;
    let mut compared = 0;
    for row in registry().filter(|row| supports(&server, row.since)) {
        for (_, arguments) in arguments().filter(|(method, _)| *method == row.method) {
            let command = format!("{} {arguments}", row.name).replace("''", "x").replace(['{', '}'], "");
            let words = ["COMMAND", "GETKEYS"].into_iter().chain(command.split_whitespace());
            let mut found = match raw.command(words).await {
                Frame::Error(error) if error.contains("no key arguments") => Vec::new(),
                // Redis 7.0 is not asked about a command of one word, which has no room for a key.
                Frame::Error(_) if command.trim() == row.name && !row.name.contains(' ') => Vec::new(),
                // Redis 6.2 looks in all subcommands of MEMORY where MEMORY USAGE has its key.
                Frame::Error(error) if row.name.starts_with("MEMORY ") && error.contains("Invalid arguments") => {
                    Vec::new()
                }
                keys @ Frame::Array(_) => keys.texts(),
                other => panic!("`{command}`: {other:?}"),
            };
            // Redis 7.0 finds a channel too, which is no key.
            found.retain(|key| key != OTHER && row.route != Route::NotKey);
            found.sort_unstable();
            let mut keys: Vec<_> = row.keys.iter().map(|key| key.name).collect();
            keys.sort_unstable();
            assert_eq!(found, keys, "`{}`: {command}", row.method);
            compared += 1;
        }
    }
    assert!(compared > 200, "only {compared} commands were compared");
}
