//! Soundness of the analysis of literal keys: a block that `pipeline!` rejects would fail on every server.
//!
//! The analysis follows from three facts of each row: the kind of key that a command surely leaves, the keys that it
//! leaves alone, and the kinds of key that it fails on. These tests check the facts of every row on a real server and
//! in a transaction. The unit tests of `typedis::command::literal_keys` check that the types agree with the rows.

use super::arguments::arguments;
use crate::support::rows::supports;
use std::collections::BTreeSet;
use typedis::{
    command::{CommandInfo, ConnectionPolicy, KeySpec, MultiPolicy, Touches},
    commands::registry,
    key::KeyType,
};
#[cfg(all(feature = "bloom", feature = "json", feature = "time_series"))]
use typedis_testing::Module;
use typedis_testing::{Frame, Raw, Server};

/// The key under test, and the key for all other arguments.
const KEY: &str = "k";
const OTHER: &str = "other";

/// The errors of modules for a key of another kind, besides WRONGTYPE, or for the missing other key of a command.
const WRONG_KIND_IN_MODULES: &[&str] = &[
    "key already exists",
    "Not found",
    "item exists",
    "wrong Redis type",
    "key does not exist",
    "not a TSDB key",
    "compaction rule does not exist",
    "WRONGTYPE",
];

/// Commands that create a key of each kind, sent without typedis, on the servers that have the kind.
const KINDS: [(&KeyType, &str); 7] = [
    (&KeyType::String, "SET K 1"),
    (&KeyType::List, "RPUSH K 1"),
    (&KeyType::Set, "SADD K 1"),
    (&KeyType::SortedSet, "ZADD K 1 1"),
    (&KeyType::Hash, "HSET K 1 1"),
    (&KeyType::VectorSet, "VADD K VALUES 1 1 1"),
    (&KeyType::Stream, "XADD K * f v"),
];

/// Runs each pair of commands in one transaction on a missing key: wherever the compiler is certain that the second
/// fails, it does.
#[tokio::test]
async fn two_commands_that_exclude_each_other_fail() {
    let judged = Bench::start().await.all_exclusions().await;
    assert!(judged > 1000, "{judged} pairs are judged, where most of the table should be");
    println!("{judged} pairs that the compiler refuses: each fails");
}

/// The same for the rows of each module, with each other and with those that every server has.
#[cfg(all(feature = "bloom", feature = "json", feature = "time_series"))]
#[tokio::test]
async fn two_commands_of_which_one_is_a_modules_exclude_each_other() {
    for module in [Module::Bloom, Module::Json, Module::TimeSeries] {
        let Some(mut bench) = Bench::with(module).await else { continue };
        let judged = bench.all_exclusions().await;
        assert!(judged > 1000, "{judged} pairs are judged, where most of the table should be");
    }
}

impl Bench {
    /// Runs every pair of calls of which the compiler refuses the second behind the first, and returns how many there are.
    async fn all_exclusions(&mut self) -> usize {
        let bench = self;
        let calls = bench.calls();
        let mut judged = 0;
        for first in &calls {
            let Some(kind) = first.at.and_then(KeySpec::leaves_type) else { continue };
            for second in &calls {
                if bench.judges(first, second) && second.at.is_some_and(|key| key.fails_on(kind)) {
                    for other in second.others(&bench.kinds) {
                        bench.excludes(first, second, kind, other).await;
                    }
                    judged += 1;
                }
            }
        }
        judged
    }
}

/// A command that removes and overwrites nothing keeps a key and its kind.
#[tokio::test]
async fn a_command_that_keeps_a_key_does_so_whatever_it_holds() {
    let mut bench = Bench::start().await;
    let mut kept = 0;
    for call in &bench.calls() {
        if call.at.map_or(call.row.touches != Touches::AllKeys, KeySpec::preserves) {
            for (kind, make) in bench.kinds.clone() {
                for other in call.others(&bench.kinds) {
                    bench.keeps(call, kind, make, other).await;
                }
            }
            kept += 1;
        }
    }
    assert!(kept > 100, "only {kept} calls keep a key");
    println!("{kept} calls that keep a key: each does");
}

#[test]
fn every_row_that_can_be_queued_or_has_keys_has_arguments() {
    let rows = registry().filter(|row| can_be_queued(row) || !row.keys.is_empty());
    let rows: BTreeSet<_> = rows.map(|row| row.method).collect();
    let arguments: BTreeSet<_> = arguments().map(|(method, _)| *method).collect();
    let either: Vec<_> = rows.symmetric_difference(&arguments).collect();
    assert!(either.is_empty(), "a row without arguments, or arguments without a row: {either:?}");
}

/// The fact would be wrong for such a command with the same key twice.
#[test]
fn what_surely_leaves_a_kind_has_no_other_key() {
    for row in registry().filter(can_be_queued) {
        let leaves = row.keys.iter().any(|key| key.leaves_type().is_some());
        assert!(!leaves || row.keys.len() == 1, "{}", row.method);
    }
}

/// The commands that a server refuses when they are queued, unless its configuration allows them.
const NEED_PERMISSION: [&str; 3] = ["MODULE LOAD", "MODULE LOADEX", "MODULE UNLOAD"];

fn can_be_queued(row: &&CommandInfo) -> bool {
    row.multi == MultiPolicy::Allowed && row.connection != ConnectionPolicy::Forbidden
}

/// A row with arguments, one of which is [`KEY`].
struct Call {
    row: &'static CommandInfo,
    words: Vec<String>,
    at: Option<&'static KeySpec>,
}

/// Every row with each of its example arguments, and with each of its keys as the key under test.
fn calls() -> Vec<Call> {
    let mut calls = Vec::new();
    for row in registry().filter(can_be_queued).filter(|row| !NEED_PERMISSION.contains(&row.name)) {
        for (_, arguments) in arguments().filter(|(method, _)| *method == row.method) {
            match row.keys {
                [] => calls.push(Call::new(row, arguments, None)),
                keys => calls.extend(keys.iter().map(|key| Call::new(row, arguments, Some(key)))),
            }
        }
    }
    calls
}

impl Call {
    fn new(row: &'static CommandInfo, arguments: &str, at: Option<&'static KeySpec>) -> Self {
        let mut line = arguments.to_owned();
        for key in row.keys {
            let place = format!("{{{}}}", key.name);
            assert_eq!(line.matches(&place).count(), 1, "`{}` has no `{place}`, or several", row.method);
            line = line.replace(&place, if Some(key) == at { KEY } else { OTHER });
        }
        let words = row.name.split(' ').chain(line.split_whitespace());
        Call { row, words: words.map(|word| word.replace("''", "")).collect(), at }
    }

    /// The commands that create the other keys of the row; with `None` these are missing.
    fn others(&self, kinds: &[Kind]) -> Vec<Option<&'static str>> {
        let makes = kinds.iter().map(|(_, make)| Some(*make)).filter(|_| self.row.keys.len() > 1);
        std::iter::once(None).chain(makes).collect()
    }
}

/// A type of value, and the command that creates a key of it.
type Kind = (&'static KeyType, &'static str);

struct Bench {
    raw: Raw,
    server: Server,
    /// The module whose rows are judged, with those that every server has.
    module: Option<&'static str>,
    /// The kinds that the server has.
    kinds: Vec<Kind>,
}

impl Bench {
    async fn start() -> Self {
        Self::on(Server::start().await, None).await
    }

    async fn on(server: Server, module: Option<&'static str>) -> Self {
        let mut raw = server.raw().await;
        let mut kinds = Vec::new();
        for (kind, make) in KINDS {
            if !raw.command(words(make)).await.is_error() {
                kinds.push((kind, make));
            }
            raw.command(["FLUSHALL"]).await;
        }
        Bench { raw, server, module, kinds }
    }

    #[cfg(all(feature = "bloom", feature = "json", feature = "time_series"))]
    async fn with(module: Module) -> Option<Self> {
        let server = module.server().await?;
        let name = match module {
            Module::Bloom => "bf",
            Module::Json => "ReJSON",
            Module::Search => "search",
            Module::TimeSeries => "timeseries",
        };
        Some(Self::on(server, Some(name)).await)
    }

    fn judges(&self, first: &Call, second: &Call) -> bool {
        self.module.is_none() || first.row.since.module.is_some() || second.row.since.module.is_some()
    }

    /// The rows that this server supports. Those of a module are there with the module.
    fn calls(&self) -> Vec<Call> {
        let is_here = |call: &Call| match call.row.since.module {
            Some(module) => self.module == Some(module.name),
            None => supports(&self.server, call.row.since),
        };
        calls().into_iter().filter(is_here).collect()
    }

    async fn excludes(&mut self, first: &Call, second: &Call, kind: &KeyType, other: Option<&str>) {
        self.empty(other).await;
        let replies = self.transaction(&[&first.words, &second.words]).await;
        let what = format!("{:?} then {:?}, other: {other:?}: {replies:?}", first.words, second.words);
        // Not every example makes a key: some need one, or fail on this one.
        if self.module.is_some() && replies[0].is_error() {
            return;
        }
        assert!(!replies[0].is_error(), "{what}");
        let Frame::Error(error) = &replies[1] else { panic!("it does not fail on a {kind:?}: {what}") };
        // LCS reports a wrong kind without the code WRONGTYPE.
        let is_wrong_kind = error.starts_with("WRONGTYPE")
            || error.contains("must contain string values")
            || WRONG_KIND_IN_MODULES.iter().any(|words| error.contains(words));
        assert!(is_wrong_kind, "{what}");
    }

    async fn keeps(&mut self, call: &Call, kind: &KeyType, make: &str, other: Option<&str>) {
        self.empty(other).await;
        let (make, look) = (words(&make.replace('K', KEY)), words(&format!("TYPE {KEY}")));
        let replies = self.transaction(&[&make, &call.words, &look]).await;
        let what = format!("{make:?} then {:?}, other: {other:?}: {replies:?}", call.words);
        assert_eq!(replies[2], Frame::Simple(kind.name().to_owned()), "{what}");
    }

    async fn empty(&mut self, other: Option<&str>) {
        self.raw.command(["FLUSHALL"]).await;
        if let Some(make) = other {
            self.raw.command(words(&make.replace('K', OTHER))).await;
        }
    }

    async fn transaction(&mut self, commands: &[&[String]]) -> Vec<Frame> {
        self.raw.command(["MULTI"]).await;
        for command in commands {
            let queued = self.raw.command(*command).await;
            assert_eq!(queued, Frame::Simple("QUEUED".into()), "{command:?}");
        }
        self.raw.command(["EXEC"]).await.items().to_vec()
    }
}

fn words(line: &str) -> Vec<String> {
    line.split(' ').map(str::to_owned).collect()
}
