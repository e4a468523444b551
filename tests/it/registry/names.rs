//! Every name of a command, of both vendors and of the live server, is that of a row, or stands here with a reason.

use super::{described::is_at_hand, server_facts::ServerFacts, since::STATED};
use std::collections::{BTreeMap, BTreeSet};
use typedis::commands::registry;
use typedis_testing::Frame;

/// The commands that get no row, with the reason.
const WITHOUT_ROW: &[(&str, &[&str])] = &[
    (
        "a pipeline sends it by its states: `watch`, `unwatch`, `multi`, `execute` and `discard`",
        &["DISCARD", "EXEC", "MULTI", "UNWATCH", "WATCH"],
    ),
    ("it moves keys to another server, which a client of this one cannot look after", &["MIGRATE"]),
    (
        "servers and their tools send it to each other",
        &["CLUSTER SYNCSLOTS", "REPLCONF", "RESTORE-ASKING", "TRIMSLOTS", "XIDMPRECORD"],
    ),
    ("it is for the developers of the server", &["DEBUG", "PFDEBUG", "PFSELFTEST"]),
    ("it is an older name of REPLICAOF and CLUSTER REPLICAS", &["SLAVEOF", "CLUSTER SLAVES"]),
    ("it shows a picture, whose form no client relies on", &["LOLWUT"]),
    ("an answer to HTTP, by which a server notices a browser", &["HOST:", "POST"]),
    (
        "of Redis 8.12: its syntax or the form of its reply is not known for certain",
        &[
            "BITRANGEINTARRAY",
            "BLESS CLEAR",
            "BLESS GET",
            "BLESS SCAN",
            "BLESS SET",
            "BZMOVE",
            "SADDEX",
            "ZMOVE",
            "ZMOVEMEMBER",
        ],
    ),
    (
        "of Valkey 9.2: its syntax or the form of its reply is not known for certain",
        &[
            "ACL DELROLE",
            "ACL GETROLE",
            "ACL ROLES",
            "ACL SETROLE",
            "PHCARD",
            "PHDEL",
            "PHGET",
            "PHLONGEST",
            "PHPREFIXES",
            "PHSET",
        ],
    ),
    ("Redis 6.0 and 6.2 alone have it; LCS is its other name since 7.0", &["STRALGO"]),
];

/// The reason why a name has no row, by its form.
fn by_form(name: &str, all: &BTreeSet<String>) -> Option<&'static str> {
    let container = format!("{name} ");
    if name.contains('.') {
        // Valkey's own module of Bloom filters restores by BF.LOAD, where that of Redis has BF.LOADCHUNK; no server at hand has it.
        Some("it is a command of a module, which the table of the core does not have")
    } else if name.ends_with(" HELP") {
        Some("it is for people at a prompt")
    } else if all.iter().any(|other| other.starts_with(&container)) {
        Some("it is a container: its subcommands have rows")
    } else {
        None
    }
}

#[test]
fn every_name_of_both_vendors_has_a_row_or_a_reason() {
    judge(&vendors());
}

#[tokio::test]
async fn every_name_of_the_server_has_a_row_or_a_reason() {
    let server = ServerFacts::by_a_server().await;
    let names = match server.server.raw().await.command(["COMMAND", "LIST"]).await {
        Frame::Error(_) => server.commands.keys().cloned().collect(),
        list => list.texts().iter().map(|name| name.to_uppercase().replace('|', " ")).collect(),
    };
    judge(&names);
}

#[test]
fn every_row_that_a_server_has_has_a_name_of_a_vendor() {
    let names = vendors();
    let rows = registry().filter(|row| is_at_hand(row.since)).map(|row| row.name);
    let unknown: BTreeSet<_> = rows.filter(|name| !names.contains(*name)).collect();
    assert!(unknown.is_empty(), "no vendor describes these: {unknown:#?}");
}

#[test]
fn a_name_without_a_row_is_listed_once_and_has_none() {
    let rows = rows();
    let (mut listed, mut wrong) = (BTreeSet::new(), Vec::new());
    for name in WITHOUT_ROW.iter().flat_map(|(_, names)| *names) {
        if rows.contains(name) || !listed.insert(*name) || by_form(name, &vendors()).is_some() {
            wrong.push(*name);
        }
    }
    assert!(wrong.is_empty(), "these have rows, or another reason: {wrong:#?}");
}

fn vendors() -> BTreeSet<String> {
    let lines = STATED.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split('\t').next()).map(str::to_owned).collect()
}

fn rows() -> BTreeSet<&'static str> {
    registry().map(|row| row.name).collect()
}

#[track_caller]
fn judge(names: &BTreeSet<String>) {
    let (rows, all) = (rows(), vendors());
    let reasons: BTreeMap<_, _> =
        WITHOUT_ROW.iter().flat_map(|(reason, names)| names.iter().map(move |name| (*name, reason))).collect();
    let missing: Vec<_> = names
        .iter()
        .filter(|name| !rows.contains(name.as_str()) && !reasons.contains_key(name.as_str()))
        .filter(|name| by_form(name, &all).is_none())
        .collect();
    assert!(missing.is_empty(), "neither a row nor a reason: {missing:#?}");
}
