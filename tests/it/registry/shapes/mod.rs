//! The kinds of the real replies to every row, in both protocols, with data and without, compared with those recorded in
//! `shapes.tsv` and with the shape and the type of the row.
//!
//! `TYPEDIS_WRITE_SHAPES=1 cargo test --all-features --test it shapes` records what the server at hand replies, and leaves what
//! is recorded of the others.

mod bench;
mod cover;
mod decoders;
mod examples;
mod kind;
mod table;
mod told;

use super::described::DESCRIBED;
use bench::{Bench, Reply};
use cover::{Protocol, cover};
use examples::Example;
use kind::Kinds;
use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::PathBuf,
};
use table::{Recorded, Table};
use typedis::{
    command::{CommandInfo, ConnectionPolicy},
    commands::registry,
};

/// The rows whose replies are not recorded, with the reason.
const NOT_RECORDED: &[(&str, &[&str])] = &[
    ("the server ends without a reply", &["shutdown", "shutdown_with"]),
    ("no server of the tests is about to end", &["shutdown_abort"]),
];

/// The rows that are only refused by the servers of the tests, with the reason.
const ONLY_REFUSED: &[(&str, &[&str])] = &[
    ("the server has no file of users", &["acl_load", "acl_save"]),
    (
        "it would take the primary away, or another node",
        &[
            "cluster_failover",
            "cluster_failover_with",
            "cluster_forget",
            "cluster_replicate",
            "failover",
            "failover_with",
        ],
    ),
    (
        "nothing runs that could be ended",
        &["bgsave_cancel", "cluster_cancelslotmigrations", "failover_abort", "function_kill", "script_kill"],
    ),
    ("the server does not allow it", &["module_load", "module_loadex", "module_unload"]),
    ("a page of a cursor has rows or none, as it happens on a busy machine", &["ft_cursor_read"]),
];

/// The rows with replies of kinds that their shapes do not name: the begin of the servers' names, the reason, and the rows.
const DEVIATIONS: &[(&str, &str, &[&str])] = &[
    (
        "",
        "the server has keys and values in turn in RESP3, too; a map is read from both",
        &[
            "hscan",
            "hscan_with",
            "pubsub_numsub",
            "pubsub_shardnumsub",
            "xautoclaim",
            "xautoclaim_count",
            "xclaim",
            "xclaim_with",
            "xrange",
            "xrange_count",
            "xread",
            "xread_block",
            "xread_block_with",
            "xread_streams",
            "xread_streams_block",
            "xread_with",
            "xreadgroup",
            "xreadgroup_block",
            "xreadgroup_block_with",
            "xreadgroup_history",
            "xreadgroup_streams",
            "xreadgroup_streams_block",
            "xreadgroup_with",
            "xrevrange",
            "xrevrange_count",
        ],
    ),
    (
        "",
        "the module sends names as simple strings",
        &["bf_info", "cf_info", "cms_info", "tdigest_info", "topk_info", "ts_info", "ts_info_debug"],
    ),
    (
        "R6.2",
        "the module answers in the forms of RESP2 there, in RESP3 too",
        &[
            "ts_get",
            "ts_get_latest",
            "ts_mget",
            "ts_mget_with",
            "ts_mrange",
            "ts_mrange_groupby",
            "ts_mrange_groupby_with",
            "ts_mrange_with",
            "ts_mrevrange",
            "ts_mrevrange_groupby",
            "ts_mrevrange_groupby_with",
            "ts_mrevrange_with",
            "ts_range",
            "ts_range_with",
            "ts_revrange",
            "ts_revrange_with",
        ],
    ),
];

#[tokio::test]
async fn every_reply_is_of_a_recorded_kind_and_of_the_rows_type() {
    let benches = Bench::all().await;
    let server = benches[0].name();
    let mut found = Found::default();
    for bench in &benches {
        for resp3 in [false, true] {
            let mut pass = bench.pass(resp3).await;
            for row in recordable().filter(|row| bench.runs(row)) {
                for (example, with_data) in bench.examples(row) {
                    found.add(row, example, resp3, with_data, pass.run(row, example, with_data).await);
                }
            }
        }
    }
    compare(&server, found.kinds);
    assert!(found.unread.is_empty(), "{server} has replies that are not of the rows' types: {:#?}", found.unread);
}

/// What a server replied.
#[derive(Default)]
struct Found {
    kinds: BTreeMap<String, Recorded>,
    /// The replies that their rows could not read.
    unread: Vec<String>,
}

impl Found {
    fn add(&mut self, row: &CommandInfo, example: Example, resp3: bool, with_data: bool, reply: Reply) {
        let Reply { words, bytes, kinds } = reply;
        let column = 2 * usize::from(with_data) + usize::from(resp3);
        self.kinds.entry(row.method.to_owned()).or_default()[column].merge(kinds);
        let decoder = decoders::decoder(row.method, example.arguments);
        let decoder = decoder.unwrap_or_else(|| panic!("`{}` has no decoder", row.method));
        if let Err(error) = decoder.read(&bytes) {
            let protocol = if resp3 { "RESP3" } else { "RESP2" };
            let bytes: String = bytes.escape_ascii().to_string().chars().take(300).collect();
            self.unread.push(format!("{protocol}, {}(): {words}: {bytes}: {error}", row.method));
        }
    }
}

/// Compares what a server replied with the table, or writes it into the table. Rows of modules that are not at hand are left as they
/// are.
fn compare(server: &str, found: BTreeMap<String, Recorded>) {
    let modules: BTreeSet<_> = registry().filter(|row| row.since.module.is_some()).map(|row| row.method).collect();
    let is_left = |method: &str| modules.contains(method) && !found.contains_key(method);
    let mut table = recorded();
    if env::var_os("TYPEDIS_WRITE_SHAPES").is_some() {
        table.forget(server, |method| !is_left(method));
        table.add(server, found);
        fs::write(path(), table.write()).expect("the table can be written");
        return;
    }
    // A server that the table does not know must answer like one that it knows.
    let known = table.0.values().any(|servers| servers.contains_key(server));
    let mut wrong = Vec::new();
    for (method, kinds) in &found {
        let recorded = table.0.get(method).into_iter().flatten();
        if !recorded.filter(|(name, _)| !known || *name == server).any(|(_, recorded)| recorded == kinds) {
            let recorded = table.0.get(method).and_then(|servers| servers.get(server));
            let [found, recorded] =
                [Some(kinds), recorded].map(|kinds| kinds.map(|kinds| kinds.each_ref().map(Kinds::to_string)));
            wrong.push(format!("{method}: {found:?} and not {recorded:?}"));
        }
    }
    for (method, servers) in &table.0 {
        if servers.contains_key(server) && !found.contains_key(method) && !is_left(method) {
            wrong.push(format!("{method}: recorded, and not run"));
        }
    }
    assert!(wrong.is_empty(), "{server} has replies of kinds that are not recorded: {wrong:#?}");
}

fn recordable() -> impl Iterator<Item = &'static CommandInfo> {
    let not: BTreeSet<_> = listed(NOT_RECORDED).into_iter().chain(DESCRIBED.iter().copied()).collect();
    registry().filter(move |row| row.connection != ConnectionPolicy::Forbidden && !not.contains(row.method))
}

fn listed(lists: &[(&str, &'static [&'static str])]) -> BTreeSet<&'static str> {
    lists.iter().flat_map(|(_, methods)| *methods).copied().collect()
}

/// The servers of the deviation of a row on a server.
fn deviation(method: &str, server: &str) -> Option<&'static str> {
    let mut deviations =
        DEVIATIONS.iter().filter(|(on, _, methods)| server.starts_with(on) && methods.contains(&method));
    deviations.next().map(|(on, ..)| *on)
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/registry/shapes/shapes.tsv")
}

fn recorded() -> Table {
    Table::parse(&fs::read_to_string(path()).expect("the table can be read"))
}

#[test]
fn every_row_is_recorded_or_listed() {
    let rows: BTreeSet<_> = recordable().map(|row| row.method).collect();
    let recorded = recorded();
    let recorded: BTreeSet<_> = recorded.0.keys().map(String::as_str).collect();
    let either: Vec<_> = rows.symmetric_difference(&recorded).collect();
    assert!(either.is_empty(), "a row that is not recorded, or what is recorded of no row: {either:?}");
}

#[test]
fn a_row_is_not_only_refused() {
    let recorded = recorded();
    let refused = recorded.0.iter().filter(|(_, servers)| {
        let mut kinds = servers.values().flatten().filter(|kinds| **kinds != Kinds::default());
        kinds.all(Kinds::is_error)
    });
    let refused: BTreeSet<_> = refused.map(|(method, _)| method.as_str()).collect();
    let either: Vec<_> = refused.symmetric_difference(&listed(ONLY_REFUSED)).copied().collect();
    assert!(either.is_empty(), "only refused and not listed, or listed and not only refused: {either:?}");
}

#[test]
fn the_shape_of_a_row_covers_what_is_recorded() {
    let recorded = recorded();
    let (mut uncovered, mut deviating) = (Vec::new(), BTreeSet::new());
    for (method, servers) in &recorded.0 {
        let shapes = decoders::shapes(method);
        for (server, kinds) in servers {
            for (at, kinds) in kinds.iter().enumerate() {
                let protocol = if at % 2 == 0 { Protocol::Resp2 } else { Protocol::Resp3 };
                let mut kinds = kinds.clone();
                kinds.plain.remove("error");
                if cover(shapes.iter().copied(), &kinds, protocol) {
                    continue;
                }
                match deviation(method, server) {
                    Some(on) => drop(deviating.insert((on, method.as_str()))),
                    None => uncovered.push(format!("{method}(), {server}, {protocol:?}: {kinds} of {shapes:?}")),
                }
            }
        }
    }
    let excused = DEVIATIONS.iter().flat_map(|(on, _, methods)| methods.iter().map(move |method| (*on, *method)));
    let idle: Vec<_> = excused.filter(|excuse| !deviating.contains(excuse)).collect();
    assert!(idle.is_empty(), "nothing deviates in {idle:?}");
    assert!(uncovered.is_empty(), "the shapes of these do not cover their replies: {uncovered:#?}");
}
