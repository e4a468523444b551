//! Rows that no server at hand has. Their replies are those that their vendor describes, told by a scripted peer.

use super::table::NEWEST;
use crate::support::rows::version;
use std::collections::BTreeSet;
use typedis::{commands::registry, version::Availability};

/// The methods of these rows, which `docs/commands.md` marks.
pub(crate) const DESCRIBED: &[&str] = &[
    // strings
    "delex",
    "delex_with",
    "digest",
    "increx",
    "increx_with",
    // hashes
    "himport_discard",
    "himport_discardall",
    "himport_prepare",
    "himport_set",
    // vector sets
    "vrange",
    "vrange_count",
    // arrays
    "arcount",
    "ardel",
    "ardelrange",
    "arget",
    "argetrange",
    "argrep",
    "argrep_with",
    "arinfo",
    "arinfo_full",
    "arinsert",
    "arlastitems",
    "arlastitems_rev",
    "arlen",
    "armget",
    "armset",
    "arnext",
    "arop_and",
    "arop_match",
    "arop_max",
    "arop_min",
    "arop_or",
    "arop_sum",
    "arop_used",
    "arop_xor",
    "arring",
    "arscan",
    "arscan_limit",
    "arseek",
    "arset",
    // lists
    "lmovem",
    "lmovem_with",
    "blmovem",
    "blmovem_with",
    // sets
    "sdiffcard",
    "sdiffcard_limit",
    "sunioncard",
    "sunioncard_with",
    "sexpire",
    "sexpire_with",
    "spexpire",
    "spexpire_with",
    "sexpireat",
    "sexpireat_with",
    "spexpireat",
    "spexpireat_with",
    "sttl",
    "spttl",
    "sexpiretime",
    "spexpiretime",
    "spersist",
    // the server and its cluster
    "backup_abort",
    "backup_cleanup",
    "backup_list",
    "backup_seal",
    "backup_start",
    "backup_status",
    "hotkeys_get",
    "hotkeys_get_qps",
    "hotkeys_reset",
    "hotkeys_start",
    "hotkeys_start_slots",
    "hotkeys_stop",
    "cluster_migration_cancel",
    "cluster_migration_cancel_all",
    "cluster_migration_import",
    "cluster_migration_status",
    "cluster_migration_status_all",
    // streams
    "xcfgset",
    "xnack",
    "xnack_with",
];

#[test]
fn what_no_server_at_hand_has_is_marked() {
    let rows = registry().filter(|row| row.since.module.is_none() && !is_at_hand(row.since));
    let rows: BTreeSet<_> = rows.map(|row| row.method).collect();
    let marked: BTreeSet<_> = DESCRIBED.iter().copied().collect();
    let either: Vec<_> = rows.symmetric_difference(&marked).collect();
    assert!(either.is_empty(), "not marked, or marked although a server has it: {either:?}");
}

/// Returns whether a newest server that the tests run on has what is available since then.
pub(crate) fn is_at_hand(since: Availability) -> bool {
    let first = [since.redis, since.valkey];
    first.into_iter().zip(NEWEST).any(|(first, newest)| first.is_some_and(|first| version(first) <= newest))
}
