//! What a live server says of its commands, in COMMAND and COMMAND DOCS, and how a row differs from it.

use crate::support::rows::supports;
use std::collections::BTreeMap;
use typedis::{
    command::{Access, CommandInfo, ConnectionPolicy, Merge, MultiPolicy, Route},
    version::Availability,
};
use typedis_testing::{Frame, Server, Vendor};

/// A fact that both a row and the server state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FactKind {
    /// Whether the server has a command of that name.
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
    /// The version that deprecated the command.
    Deprecated,
}

/// A fact in which a row differs from the server, with a message.
pub(crate) type Objection = (FactKind, String);

/// The replies of a server to COMMAND and COMMAND DOCS.
pub(crate) struct ServerFacts {
    pub(crate) server: Server,
    pub(crate) commands: BTreeMap<String, Command>,
}

#[derive(Debug)]
pub(crate) struct Command {
    pub(crate) arity: i64,
    flags: Vec<String>,
    /// The tips, of which some say how a cluster routes the command.
    tips: Vec<String>,
    /// Whether the server routes by an argument that is no key.
    pub(crate) not_key: bool,
    /// The version that introduced the command, and then those of its arguments.
    pub(crate) since: Vec<String>,
    pub(crate) deprecated: Option<String>,
    /// The version that introduced each option, by the option's token.
    pub(crate) options: BTreeMap<String, String>,
}

impl ServerFacts {
    pub(crate) async fn by_a_server() -> Self {
        Self::of(Server::start().await).await
    }

    pub(crate) async fn of(server: Server) -> Self {
        let mut raw = server.raw().await;
        let mut told = ServerFacts { server, commands: BTreeMap::new() };
        raw.command(["COMMAND"]).await.items().iter().for_each(|entry| told.add(entry.items()));
        if told.tells_all() {
            told.document(&raw.command(["COMMAND", "DOCS"]).await);
        }
        told
    }

    /// Returns whether the server has COMMAND DOCS, subcommands in COMMAND, and the flags and tips that came with them.
    pub(crate) fn tells_all(&self) -> bool {
        self.commands.contains_key("COMMAND DOCS")
    }

    fn add(&mut self, entry: &[Frame]) {
        let subcommands = entry.get(9).map(Frame::items).unwrap_or_default();
        let command = Command {
            arity: entry[1].integer(),
            flags: entry[2].texts(),
            tips: entry.get(7).map(Frame::texts).unwrap_or_default(),
            not_key: entry.get(8).is_some_and(|specs| specs.items().iter().any(is_no_key)),
            since: Vec::new(),
            deprecated: None,
            options: BTreeMap::new(),
        };
        self.commands.insert(name(&entry[0]), command);
        subcommands.iter().for_each(|entry| self.add(entry.items()));
    }

    fn document(&mut self, docs: &Frame) {
        for (command, docs) in pairs(docs) {
            let known = self.commands.get_mut(&name(command)).expect("COMMAND names what COMMAND DOCS does");
            known.since = since(docs);
            known.deprecated = field(docs, "deprecated_since").map(Frame::text);
            options(docs, known.since.first().cloned().unwrap_or_default(), &mut known.options);
            if let Some(subcommands) = field(docs, "subcommands") {
                self.document(subcommands);
            }
        }
    }

    pub(crate) fn supports(&self, since: Availability) -> bool {
        supports(&self.server, since)
    }

    /// The version in this server's documentation of what is available since then. Valkey documents what it inherited by
    /// the version of Redis, and the rest by its own.
    pub(crate) fn documented(&self, since: Availability) -> Option<&'static str> {
        match self.server.vendor() {
            Vendor::Valkey if !since.is_in_every_valkey() => since.valkey,
            _ => since.redis,
        }
    }

    /// Differences in the versions of the server's documentation.
    fn dated(&self, command: &Command, row: &CommandInfo) -> Vec<Objection> {
        let since = self.documented(row.since);
        let deprecated = self.deprecations(row);
        otherwise([
            (
                FactKind::Since,
                command.since.iter().any(|told| Some(told.as_str()) == since),
                format!("{since:?} is {:?}", command.since),
            ),
            (
                FactKind::Deprecated,
                deprecated.contains(&command.deprecated.as_deref()),
                format!("{deprecated:?} is {:?}", command.deprecated),
            ),
        ])
    }

    /// The versions with which this server may document the deprecation of a row.
    fn deprecations(&self, row: &CommandInfo) -> Vec<Option<&'static str>> {
        let redis = row.deprecated.map(|deprecation| deprecation.redis);
        let valkey = row.deprecated.and_then(|deprecation| deprecation.valkey);
        match self.server.vendor() {
            // Some deprecations are in the documentation since 7.2, with older versions.
            Vendor::Redis if self.server.redis_version() < (7, 2, 0) => vec![redis, None],
            Vendor::Redis => vec![redis],
            // Valkey took back in 9.0 what it had inherited.
            Vendor::Valkey if self.server.version() < (9, 0, 0) => vec![redis, valkey],
            Vendor::Valkey => vec![valkey],
        }
    }

    /// The facts in which a row that this server supports differs from it.
    pub(crate) fn objections(&self, row: &CommandInfo) -> Vec<Objection> {
        let container = row.name.split(' ').next().unwrap_or_default();
        match self.commands.get(row.name) {
            Some(command) if self.tells_all() => [command.all_objections(row), self.dated(command, row)].concat(),
            Some(command) => command.objections(row),
            None if !self.tells_all() && self.commands.contains_key(container) => Vec::new(),
            None => vec![(FactKind::Name, "the server does not know it".to_owned())],
        }
    }
}

impl Command {
    /// A command as a vendor describes it: its arity, its flags and its tips, the latter with commas between, or `-` for none.
    pub(crate) fn stated(arity: &str, flags: &str, tips: &str) -> Self {
        let list = |text: &str| text.split(',').filter(|word| *word != "-").map(str::to_owned).collect();
        Command {
            arity: arity.parse().expect("an arity is a number"),
            flags: list(flags),
            tips: list(tips),
            since: Vec::new(),
            deprecated: None,
            options: BTreeMap::new(),
            // The vendors' descriptions do not say it; servers do, where there are some.
            not_key: false,
        }
    }

    /// Differences in facts that need no documentation.
    pub(crate) fn all_objections(&self, row: &CommandInfo) -> Vec<Objection> {
        [self.objections(row), self.later_objections(row)].concat()
    }

    /// Differences in facts that every server reports.
    fn objections(&self, row: &CommandInfo) -> Vec<Objection> {
        let reads = row.access == Access::ReadOnly;
        otherwise([
            (FactKind::Arity, i64::from(row.arity) == self.arity, format!("{} is {}", row.arity, self.arity)),
            (FactKind::Access, reads == self.says("readonly"), format!("{:?} is {:?}", row.access, self.flags)),
        ])
    }

    /// Differences in facts that servers report since 7.0.
    fn later_objections(&self, row: &CommandInfo) -> Vec<Objection> {
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
            Some("special") | None if self.not_key => Route::NotKey,
            // SCAN's cursor belongs to one node, so a client has to go over all shards one by one.
            Some("special") => Route::AllShards(Merge::Special),
            Some(other) => panic!("{} has the request policy {other}", row.name),
            // No tip says that a command is about the server that it is sent to.
            None if keyless && row.route == Route::SingleServer => Route::SingleServer,
            None if keyless => Route::AnyNode,
            None => Route::Keys,
        }
    }

    pub(crate) fn tip(&self, name: &str) -> Option<&str> {
        self.tips.iter().find_map(|tip| tip.strip_prefix(name)?.strip_prefix(':'))
    }

    pub(crate) fn says(&self, flag: &str) -> bool {
        self.flags.iter().any(|found| found == flag)
    }
}

fn otherwise<const N: usize>(facts: [(FactKind, bool, String); N]) -> Vec<Objection> {
    facts.into_iter().filter(|(_, agrees, _)| !agrees).map(|(kind, _, words)| (kind, words)).collect()
}

/// The name as in rows: `CONFIG GET` for the server's `config|get`.
fn name(frame: &Frame) -> String {
    frame.text().to_uppercase().replace('|', " ")
}

/// Returns whether a key specification is one of an argument that is no key.
fn is_no_key(specification: &Frame) -> bool {
    field(specification, "flags").is_some_and(|flags| flags.texts().iter().any(|flag| flag == "not_key"))
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
