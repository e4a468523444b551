//! The settings of every run: the clients' user, configuration and limits, and the lengths of faults.

use fastrand::Rng;
use std::{ops::Range, time::Duration};
use typedis::{Config, Protocol};

/// The user of the clients; the tools log in as the default user.
pub const USER: &str = "app";
/// The rules of [`USER`].
pub const ACL_RULES: [&str; 5] = ["on", ">secret", "~*", "&*", "+@all"];
/// The protocol and the pool size of each client.
pub const CLIENTS: [(Protocol, usize); 2] = [(Protocol::Resp3, 8), (Protocol::Resp2, 1)];
/// The most that a client may take to serve again after a fault.
pub const RECOVERY_TIMEOUT: Duration = Duration::from_secs(30);
/// The most that a reply of a server may be on its way to a task.
pub const REPLY_TIME: Duration = Duration::from_secs(1);

/// The setting `user` of a server that knows [`USER`].
pub fn user_setting() -> String {
    format!("{USER} {}", ACL_RULES.join(" "))
}

/// The configuration of a client of [`USER`], with timeouts so short that faults exceed them.
pub fn config(url: &str, protocol: Protocol, pool_size: usize) -> Config {
    let timeout = Duration::from_millis(500);
    Config::from_url(url)
        .expect("the URL of the servers")
        .username(USER)
        .password("secret")
        .protocol(protocol)
        .connect_timeout(timeout)
        .response_timeout(timeout)
        .pool_timeout(4 * timeout)
        .pool_size(pool_size)
}

/// The random length of a fault, in milliseconds.
pub fn millis(random: &mut Rng, range: Range<u64>) -> Duration {
    Duration::from_millis(random.u64(range))
}
