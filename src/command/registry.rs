//! All rows in one list.

use super::{CommandInfo, hashes, keys, lists, script, server, sets, sorted_sets, strings};

/// Returns what the table says of every command, group by group.
///
/// ```
/// let incr = typedis::registry().find(|row| row.name == "INCR").unwrap();
/// assert_eq!((incr.method, incr.since), ("incr", "1.0.0"));
/// ```
pub fn registry() -> impl Iterator<Item = &'static CommandInfo> {
    let groups: [&[CommandInfo]; 8] = [
        strings::cmd::ROWS,
        keys::cmd::ROWS,
        hashes::cmd::ROWS,
        lists::cmd::ROWS,
        sets::cmd::ROWS,
        sorted_sets::cmd::ROWS,
        script::cmd::ROWS,
        server::cmd::ROWS,
    ];
    groups.into_iter().flatten()
}
