//! The servers' side of the clients' connections: no WATCH and no MULTI may be left on them.

use crate::settings::{RECOVERY_TIMEOUT, USER};
use std::time::{Duration, Instant};
use tokio::time::sleep;
use typedis_testing::Server;

/// Waits until every connection of the clients to these servers is clean, because watches of dropped futures are ended in
/// the background. Returns the number of connections; the error is an unclean one after the timeout.
pub async fn wait_until_clean(servers: &[&Server]) -> Result<usize, String> {
    let started = Instant::now();
    loop {
        let mut connections = Vec::new();
        for server in servers {
            connections.extend(of_clients(server).await);
        }
        match connections.iter().find(|line| is_unclean(line)) {
            None => return Ok(connections.len()),
            Some(line) if started.elapsed() > RECOVERY_TIMEOUT => return Err(line.clone()),
            Some(_) => sleep(Duration::from_millis(5)).await,
        }
    }
}

/// The lines of CLIENT LIST about the clients' connections.
async fn of_clients(server: &Server) -> Vec<String> {
    let list = server.raw().await.command(["CLIENT", "LIST"]).await.text();
    list.lines().filter(|line| field(line, "user") == USER).map(str::to_owned).collect()
}

/// True for a line of CLIENT LIST with MULTI or WATCH. Older servers have no field `watch`, and behind a transaction
/// the field `multi` is -1 on Redis and 0 on Valkey.
fn is_unclean(line: &str) -> bool {
    field(line, "flags").contains('x')
        || !matches!(field(line, "multi"), "-1" | "0")
        || !matches!(field(line, "watch"), "" | "0")
}

fn field<'a>(line: &'a str, name: &str) -> &'a str {
    line.split(' ').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).unwrap_or_default()
}
