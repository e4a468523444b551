//! Compares every row of the registry with COMMAND and COMMAND DOCS of a live server.
//!
//! Rows newer than the server are skipped, and so are the facts that it does not report: before 7.0 these are
//! subcommands, `blocking`, `no_multi` and `since`. On the newest server nothing is skipped.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use typedis::{
    command::{Access, CommandInfo, ConnectionPolicy, Merge, MultiPolicy, Route},
    commands::registry,
    options::flag,
};
use typedis_testing::{Frame, Server};

/// Facts in which rows differ from the server on purpose.
const ON_PURPOSE: &[Excuse] = &[
    Excuse {
        kind: FactKind::Access,
        of: &[
            "CLIENT GETNAME",
            "CLIENT ID",
            "CLIENT INFO",
            "CLIENT LIST",
            "COMMAND COUNT",
            "CONFIG GET",
            "ECHO",
            "INFO",
            "LASTSAVE",
            "PING",
            "PUBSUB CHANNELS",
            "PUBSUB NUMPAT",
            "PUBSUB NUMSUB",
            "SCRIPT EXISTS",
            "SLOWLOG LEN",
            "TIME",
        ],
        on: always,
        why: "the server says neither `readonly` nor `write`; they change nothing, so they may be sent again",
    },
    Excuse {
        kind: FactKind::Refused,
        of: &["MONITOR", "QUIT", "RESET", "SSUBSCRIBE"],
        on: always,
        why: "the server does not refuse them, but they end the transaction or what the connection is for",
    },
    Excuse {
        kind: FactKind::Blocks,
        of: &["WAIT"],
        on: |server| server < (7, 2, 0),
        why: "it always blocked, and is said to since 7.2",
    },
    Excuse {
        kind: FactKind::Arity,
        of: &["EXPIRE", "EXPIREAT", "PEXPIRE", "PEXPIREAT"],
        on: |server| server < (7, 0, 0),
        why: "NX, XX, GT and LT, which make it a lower bound, came with 7.0",
    },
    Excuse {
        kind: FactKind::Arity,
        of: &["ZRANK", "ZREVRANK"],
        on: |server| server < (7, 2, 0),
        why: "WITHSCORE, which makes it a lower bound, came with 7.2",
    },
    Excuse {
        kind: FactKind::Name,
        of: &["QUIT"],
        on: |server| server < (7, 0, 0),
        why: "it was no entry of the server's table of commands",
    },
    Excuse {
        kind: FactKind::Route,
        of: &["MSETNX"],
        on: |server| server < (8, 0, 0),
        why: "it stores all or nothing, which no split over shards can do; newer servers do not say multi_shard",
    },
    Excuse {
        kind: FactKind::Route,
        of: &["RANDOMKEY"],
        on: |server| server < (8, 0, 0),
        why: "newer servers say that no rule makes one reply of several",
    },
];

/// The groups in which every command of Redis 7.0 or older has a row.
const WHOLE: [&str; 6] = ["string", "generic", "hash", "list", "set", "sorted-set"];

/// The commands of these groups without a row.
const LEFT_OUT: [(&str, &str); 2] = [
    ("MIGRATE", "it moves keys to another server, which a client of this one cannot look after"),
    ("OBJECT HELP", "it is for people at a prompt"),
];

/// The newest server that the tests are run against.
const NEWEST: Version = (8, 2, 0);

/// An accepted difference: the commands, the fact, the servers and the reason.
struct Excuse {
    kind: FactKind,
    of: &'static [&'static str],
    on: fn(Version) -> bool,
    why: &'static str,
}

/// A fact that both a row and the server state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum FactKind {
    Name,
    Arity,
    /// The version that introduced the command, or one of its arguments.
    Since,
    /// `ReadOnly` where the server says `readonly`.
    Access,
    /// `Degraded` and `Dedicated` where the server says `blocking`.
    Blocks,
    /// `Refused` where the server says `no_multi`.
    Refused,
    /// The route that the server's tips say, since 7.0.
    Route,
}

fn always(_: Version) -> bool {
    true
}

#[tokio::test]
async fn every_row_says_what_the_server_says() {
    let server = ServerFacts::by_a_server().await;
    let (old, newer): (Vec<_>, Vec<_>) = registry().partition(|row| version(redis(row)) <= server.version);
    let objections: Vec<_> = old.iter().copied().flat_map(|row| server.objections(row)).collect();
    let excuses = server.excuses();

    let complaints: Vec<_> = objections.iter().filter(|(about, _)| !excuses.contains_key(about)).collect();
    assert!(complaints.is_empty(), "the table says otherwise than the server: {complaints:#?}");
    let idle: Vec<_> =
        excuses.iter().filter(|(about, _)| !objections.iter().any(|(found, _)| found == *about)).collect();
    assert!(idle.is_empty() || server.version < NEWEST, "nothing needs these excuses: {idle:#?}");
    assert!(newer.is_empty() || server.version < NEWEST, "no server has these: {newer:#?}");
    let compared = old.iter().filter(|row| server.commands.contains_key(row.name)).count();
    println!("{:?}: of {} rows, {compared} agree and {} are newer", server.version, registry().count(), newer.len());
}

#[tokio::test]
async fn every_option_says_what_the_server_says() {
    let server = ServerFacts::by_a_server().await;
    let options = flag::FLAGS
        .iter()
        .filter(|row| server.tells_all() && row.since.redis.is_some_and(|since| version(since) <= server.version));
    let wrong: Vec<_> = options
        .filter_map(|row| {
            let told = server.commands[row.command].options.get(row.word);
            (told.map(String::as_str) != row.since.redis).then(|| format!("{row:?}: the server says {told:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn every_command_of_the_whole_groups_has_a_row() {
    let server = ServerFacts::by_a_server().await;
    if !server.tells_all() {
        return println!("skipped: this server does not tell the groups of its commands");
    }
    let rows: BTreeSet<_> = registry().map(|row| row.name).collect();
    let without = server.commands.iter().filter(|(name, command)| command.belongs() && !rows.contains(name.as_str()));
    let without: BTreeSet<_> = without.map(|(name, _)| name.as_str()).collect();
    assert_eq!(without, LEFT_OUT.map(|(name, _)| name).into());
}

#[test]
fn no_two_rows_share_a_method() {
    let mut methods = HashMap::new();
    for row in registry() {
        let other = methods.insert(row.method, row.name);
        assert_eq!(other, None, "`{}` sends {} too", row.method, row.name);
    }
}

type Version = (u32, u32, u32);

/// A fact and the name of its command.
type About = (FactKind, &'static str);

fn version(text: &str) -> Version {
    let mut parts = text.trim().split('.').map(|part| part.parse().expect("a version is made of numbers"));
    let mut next = || parts.next().unwrap_or(0);
    (next(), next(), next())
}

/// The replies of a server to COMMAND and COMMAND DOCS.
struct ServerFacts {
    version: Version,
    commands: BTreeMap<String, Command>,
}

#[derive(Debug)]
struct Command {
    arity: i64,
    flags: Vec<String>,
    has_subcommands: bool,
    /// The tips, of which some say how a cluster routes the command.
    tips: Vec<String>,
    group: String,
    /// The version that introduced the command, and then those of its arguments.
    since: Vec<String>,
    /// The version that introduced each option, by the option's token.
    options: BTreeMap<String, String>,
}

impl ServerFacts {
    async fn by_a_server() -> Self {
        let server = Server::start().await;
        let mut raw = server.raw().await;
        let info = raw.command(["INFO", "server"]).await.text();
        // Not `server.version()`: rows have versions of Redis, and Valkey reports the one that it is compatible with
        // here.
        let told = info.lines().find_map(|line| line.strip_prefix("redis_version:")).expect("INFO tells a version");
        let mut told = ServerFacts { version: version(told), commands: BTreeMap::new() };
        raw.command(["COMMAND"]).await.items().iter().for_each(|entry| told.add(entry.items()));
        if told.tells_all() {
            told.document(&raw.command(["COMMAND", "DOCS"]).await);
        }
        told
    }

    fn tells_all(&self) -> bool {
        self.version >= (7, 0, 0)
    }

    fn add(&mut self, entry: &[Frame]) {
        let subcommands = entry.get(9).map(Frame::items).unwrap_or_default();
        let command = Command {
            arity: entry[1].integer(),
            flags: entry[2].texts(),
            has_subcommands: !subcommands.is_empty(),
            tips: entry.get(7).map(Frame::texts).unwrap_or_default(),
            group: String::new(),
            since: Vec::new(),
            options: BTreeMap::new(),
        };
        self.commands.insert(name(&entry[0]), command);
        subcommands.iter().for_each(|entry| self.add(entry.items()));
    }

    fn document(&mut self, docs: &Frame) {
        for (command, docs) in pairs(docs) {
            let known = self.commands.get_mut(&name(command)).expect("COMMAND names what COMMAND DOCS does");
            known.since = since(docs);
            options(docs, known.since.first().cloned().unwrap_or_default(), &mut known.options);
            known.group = field(docs, "group").map(Frame::text).unwrap_or_default();
            if let Some(subcommands) = field(docs, "subcommands") {
                self.document(subcommands);
            }
        }
    }

    /// The accepted differences on this server, with their reasons.
    fn excuses(&self) -> BTreeMap<About, &'static str> {
        let excuses = ON_PURPOSE.iter().filter(|excuse| (excuse.on)(self.version));
        excuses.flat_map(|excuse| excuse.of.iter().map(|name| ((excuse.kind, *name), excuse.why))).collect()
    }

    /// The facts in which the row differs from this server, each with a message.
    fn objections(&self, row: &'static CommandInfo) -> Vec<(About, String)> {
        let container = row.name.split(' ').next().unwrap_or_default();
        let found = match self.commands.get(row.name) {
            Some(command) if self.tells_all() => [command.objections(row), command.later_objections(row)].concat(),
            Some(command) => command.objections(row),
            None if !self.tells_all() && self.commands.contains_key(container) => Vec::new(),
            None => vec![(FactKind::Name, "the server does not know it".to_owned())],
        };
        found.into_iter().map(|(kind, words)| ((kind, row.name), format!("`{}`: {words}", row.method))).collect()
    }
}

impl Command {
    /// Differences in facts that every server reports.
    fn objections(&self, row: &CommandInfo) -> Vec<(FactKind, String)> {
        let reads = row.access == Access::ReadOnly;
        otherwise([
            (FactKind::Arity, i64::from(row.arity) == self.arity, format!("{} is {}", row.arity, self.arity)),
            (FactKind::Access, reads == self.says("readonly"), format!("{:?} is {:?}", row.access, self.flags)),
        ])
    }

    /// Differences in facts that servers report since 7.0.
    fn later_objections(&self, row: &CommandInfo) -> Vec<(FactKind, String)> {
        let policies = (row.multi, row.connection);
        let blocks = match policies {
            (MultiPolicy::Degraded, ConnectionPolicy::Dedicated) => Some(true),
            (MultiPolicy::Degraded, _) | (_, ConnectionPolicy::Dedicated) => None,
            _ => Some(false),
        };
        let refused = row.multi == MultiPolicy::Refused;
        otherwise([
            (FactKind::Blocks, blocks == Some(self.says("blocking")), format!("{policies:?} is {:?}", self.flags)),
            (
                FactKind::Route,
                row.connection == ConnectionPolicy::Forbidden || row.route == self.route(row),
                format!("{:?} is {:?}", row.route, self.tips),
            ),
            (FactKind::Refused, refused == self.says("no_multi"), format!("{policies:?} is {:?}", self.flags)),
            (
                FactKind::Since,
                self.since.iter().any(|since| since == redis(row)),
                format!("{} is {:?}", redis(row), self.since),
            ),
        ])
    }

    /// The route that the tips say, or what Redis prescribes where they say nothing.
    fn route(&self, row: &CommandInfo) -> Route {
        let keyless = row.keys.is_empty();
        let silent = if keyless { Merge::Concatenate } else { Merge::KeyOrder };
        let merge = match self.tip("response_policy") {
            Some("all_succeeded") => Merge::AllSucceeded,
            Some("one_succeeded") => Merge::OneSucceeded,
            Some("agg_sum") => Merge::Sum,
            Some("agg_min") => Merge::Min,
            Some("agg_max") => Merge::Max,
            Some("agg_logical_and") => Merge::LogicalAnd,
            Some("agg_logical_or") => Merge::LogicalOr,
            Some("special") => Merge::Special,
            Some(other) => panic!("{} has the response policy {other}", row.name),
            None => silent,
        };
        match self.tip("request_policy") {
            Some("all_shards") => Route::AllShards(merge),
            Some("all_nodes") => Route::AllNodes(merge),
            Some("multi_shard") => Route::EachKey(merge),
            // SCAN's cursor belongs to one node, so a client has to go over all shards one by one.
            Some("special") => Route::AllShards(Merge::Special),
            Some(other) => panic!("{} has the request policy {other}", row.name),
            None if keyless => Route::AnyNode,
            None => Route::Keys,
        }
    }

    fn tip(&self, name: &str) -> Option<&str> {
        self.tips.iter().find_map(|tip| tip.strip_prefix(name)?.strip_prefix(':'))
    }

    fn says(&self, flag: &str) -> bool {
        self.flags.iter().any(|found| found == flag)
    }

    /// Returns whether the command must have a row.
    fn belongs(&self) -> bool {
        WHOLE.contains(&self.group.as_str()) && !self.has_subcommands && version(&self.since[0]) < (7, 1, 0)
    }
}

/// The first version of Redis with the command of a row; no row is of Valkey alone yet.
fn redis(row: &CommandInfo) -> &'static str {
    row.since.redis.unwrap_or("99.0.0")
}

fn otherwise<const N: usize>(facts: [(FactKind, bool, String); N]) -> Vec<(FactKind, String)> {
    facts.into_iter().filter(|(_, agrees, _)| !agrees).map(|(kind, _, words)| (kind, words)).collect()
}

/// The name as in rows: `CONFIG GET` for the server's `config|get`.
fn name(frame: &Frame) -> String {
    frame.text().to_uppercase().replace('|', " ")
}

fn pairs(map: &Frame) -> impl Iterator<Item = (&Frame, &Frame)> {
    map.items().chunks(2).map(|pair| (&pair[0], &pair[1]))
}

fn field<'a>(map: &'a Frame, name: &str) -> Option<&'a Frame> {
    pairs(map).find(|(found, _)| found.text() == name).map(|(_, value)| value)
}

/// The versions that introduced a command or an argument, and each of the arguments below it.
fn since(docs: &Frame) -> Vec<String> {
    let own = field(docs, "since").map(Frame::text);
    let arguments = field(docs, "arguments").map(Frame::items).unwrap_or_default();
    own.into_iter().chain(arguments.iter().flat_map(since)).collect()
}

/// The versions that introduced the options below `docs`; an option without a version has that of its parent.
fn options(docs: &Frame, above: String, found: &mut BTreeMap<String, String>) {
    for argument in field(docs, "arguments").map(Frame::items).unwrap_or_default() {
        let since = field(argument, "since").map_or_else(|| above.clone(), Frame::text);
        if let Some(token) = field(argument, "token") {
            found.insert(token.text(), since.clone());
        }
        options(argument, since, found);
    }
}
