//! Compares every row of the registry with COMMAND and COMMAND DOCS of a live server.
//!
//! A row is judged by the version of the server's vendor. Rows newer than the server are skipped, and so are the facts that
//! it does not report: before 7.0 these are subcommands, `blocking`, `no_multi` and `since`. On the newest server nothing is
//! skipped.

use super::server_facts::{Command, FactKind, ServerFacts};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use typedis::{
    command::{Access, ConnectionPolicy, Route},
    commands::registry,
    options::flag,
};
use typedis_testing::Vendor;

/// Facts in which rows differ from the server on purpose.
const ON_PURPOSE: &[Excuse] = &[
    Excuse {
        kind: FactKind::Access,
        of: &[
            "ACL CAT",
            "ACL DRYRUN",
            "ACL GENPASS",
            "ACL GETUSER",
            "ACL LIST",
            "ACL LOG",
            "ACL USERS",
            "ACL WHOAMI",
            "CLIENT GETNAME",
            "CLIENT GETREDIR",
            "CLIENT ID",
            "CLIENT INFO",
            "CLIENT LIST",
            "CLIENT TRACKINGINFO",
            "CLUSTER COUNT-FAILURE-REPORTS",
            "CLUSTER COUNTKEYSINSLOT",
            "CLUSTER GETKEYSINSLOT",
            "CLUSTER INFO",
            "CLUSTER KEYSLOT",
            "CLUSTER LINKS",
            "CLUSTER MYID",
            "CLUSTER MYSHARDID",
            "CLUSTER NODES",
            "CLUSTER REPLICAS",
            "CLUSTER SHARDS",
            "CLUSTER SLOT-STATS",
            "CLUSTER SLOTS",
            "COMMAND",
            "COMMAND COUNT",
            "COMMAND DOCS",
            "COMMAND GETKEYS",
            "COMMAND GETKEYSANDFLAGS",
            "COMMAND INFO",
            "COMMAND LIST",
            "CONFIG GET",
            "ECHO",
            "FUNCTION DUMP",
            "FUNCTION LIST",
            "FUNCTION STATS",
            "INFO",
            "LASTSAVE",
            "LATENCY DOCTOR",
            "LATENCY GRAPH",
            "LATENCY HISTOGRAM",
            "LATENCY HISTORY",
            "LATENCY LATEST",
            "MEMORY DOCTOR",
            "MEMORY MALLOC-STATS",
            "MEMORY STATS",
            "MODULE LIST",
            "PING",
            "PUBSUB CHANNELS",
            "PUBSUB NUMPAT",
            "PUBSUB NUMSUB",
            "PUBSUB SHARDCHANNELS",
            "PUBSUB SHARDNUMSUB",
            "ROLE",
            "SCRIPT EXISTS",
            "SLOWLOG GET",
            "SLOWLOG LEN",
            "TIME",
        ],
        on: Where::Everywhere,
        why: "the server says neither `readonly` nor `write`; they change nothing, so they may be sent again",
    },
    Excuse {
        kind: FactKind::Since,
        of: &["HSCAN", "ZRANK", "ZREVRANK"],
        on: Where::Everywhere,
        why: "the server does not document since when it has the option that a row always sends: NOVALUES, WITHSCORE",
    },
    Excuse {
        kind: FactKind::Since,
        of: &["CONFIG GET", "CONFIG SET", "INFO"],
        on: Where::Everywhere,
        why: "the server does not document since when it takes several names, which is 7.0",
    },
    Excuse {
        kind: FactKind::Since,
        of: &["ZSCAN"],
        on: Where::Saying(|command| command.is_some_and(|command| command.options.contains_key("NOSCORES"))),
        why: "Valkey does not document since when it has NOSCORES, which a row always sends",
    },
    Excuse {
        kind: FactKind::Refused,
        of: &["MONITOR", "QUIT", "RESET", "SSUBSCRIBE"],
        on: Where::Everywhere,
        why: "the server does not refuse them, but they end the transaction or what the connection is for",
    },
    Excuse {
        kind: FactKind::Blocks,
        of: &["WAIT"],
        on: Where::Saying(|command| command.is_some_and(|command| !command.says("blocking"))),
        why: "it always blocked, which not every server says",
    },
    Excuse {
        kind: FactKind::Arity,
        of: &["EXPIRE", "EXPIREAT", "PEXPIRE", "PEXPIREAT"],
        on: Where::Saying(|command| command.is_some_and(|command| command.arity == 3)),
        why: "NX, XX, GT and LT, which make it a lower bound, came with 7.0",
    },
    Excuse {
        kind: FactKind::Arity,
        of: &["ZRANK", "ZREVRANK"],
        on: Where::Saying(|command| command.is_some_and(|command| command.arity == 3)),
        why: "WITHSCORE, which makes it a lower bound, came with 7.2",
    },
    Excuse {
        kind: FactKind::Access,
        of: &[
            "BACKUP LIST",
            "BACKUP STATUS",
            "CLUSTER GETSLOTMIGRATIONS",
            "CLUSTER MIGRATION",
            "COMMANDLOG GET",
            "COMMANDLOG LEN",
            "HOTKEYS GET",
            "SCRIPT SHOW",
        ],
        on: Where::Saying(|command| command.is_some()),
        why: "its server says neither `readonly` nor `write`, and other servers do not have it",
    },
    Excuse {
        kind: FactKind::Route,
        of: &["BGREWRITEAOF", "BGSAVE", "LASTSAVE", "SAVE"],
        on: Where::Everywhere,
        why: "the server leaves it to the client; success is to mean that all data is saved, not that of one node",
    },
    Excuse {
        kind: FactKind::Route,
        of: &["PUBSUB SHARDCHANNELS", "PUBSUB SHARDNUMSUB"],
        on: Where::Everywhere,
        why: "the server leaves it to the client; a node knows the channels of its own shard alone",
    },
    Excuse {
        kind: FactKind::Route,
        of: &["CLUSTERSCAN", "SPUBLISH"],
        on: Where::Saying(|command| command.is_some_and(|command| !command.not_key)),
        why: "that a channel and a cursor have a slot is said by servers alone, not by their vendors' descriptions",
    },
    Excuse {
        kind: FactKind::Route,
        of: &["ACL LOAD", "CLIENT PAUSE", "CLIENT UNPAUSE", "MODULE LOAD", "MODULE LOADEX", "MODULE UNLOAD", "SWAPDB"],
        on: Where::Everywhere,
        why: "the server leaves it to the client; they are to change the cluster, not one of its nodes",
    },
    Excuse {
        kind: FactKind::Route,
        of: &["ACL LOG"],
        on: Where::Everywhere,
        why: "the server leaves it to the client; each node has a log of its own",
    },
    Excuse {
        kind: FactKind::Route,
        of: BY_NODE,
        on: Where::Saying(|command| command.is_some_and(|command| command.tip("request_policy").is_none())),
        why: "the server leaves it to the client; they are to change the cluster, not one of its nodes",
    },
    Excuse {
        kind: FactKind::Route,
        of: &["ACL DELUSER", "ACL SAVE", "ACL SETUSER", "CONFIG RESETSTAT", "CONFIG REWRITE"],
        on: Where::Saying(|command| command.is_some_and(|command| command.tip("request_policy").is_none())),
        why: "newer servers say that they are for all nodes",
    },
    Excuse {
        kind: FactKind::Route,
        of: &["LATENCY RESET"],
        on: Where::Saying(|command| {
            command.is_some_and(|command| command.tip("response_policy") == Some("all_succeeded"))
        }),
        why: "newer servers say that the numbers of events are added up",
    },
    Excuse {
        kind: FactKind::Arity,
        of: &["CLUSTER REPLICATE"],
        on: Where::Saying(|command| command.is_some_and(|command| command.arity == -3)),
        why: "NO ONE, which makes it a lower bound, came with Valkey 9.0",
    },
    Excuse {
        kind: FactKind::Arity,
        of: &["COMMAND GETKEYS", "COMMAND GETKEYSANDFLAGS"],
        on: Where::Saying(|command| command.is_some_and(|command| command.arity == -4)),
        why: "Redis 7.0 takes no command of one word",
    },
    Excuse {
        kind: FactKind::Since,
        of: &["CLIENT PAUSE"],
        on: Where::Saying(|command| command.is_some_and(|command| command.since.iter().any(|since| since == "2.9.50"))),
        why: "newer servers count what came before 3.0 to 3.0",
    },
    Excuse {
        kind: FactKind::Arity,
        of: &["SCRIPT DEBUG"],
        on: Where::Saying(|command| command.is_some_and(|command| command.arity == -3)),
        why: "Valkey 9.1 takes the name of an engine behind the mode",
    },
    Excuse {
        kind: FactKind::Since,
        of: &["BITOP"],
        on: Where::Saying(|command| command.is_some_and(|command| command.options.contains_key("DIFF"))),
        why: "DIFF, DIFF1, ANDOR and ONE came with Redis 8.2, which does not say so",
    },
    Excuse {
        kind: FactKind::Arity,
        of: VECTOR_SETS,
        on: Where::Saying(|command| command.is_some_and(|command| command.arity == -1)),
        why: "before Redis 8.4 it says -1 for all of them",
    },
    Excuse {
        kind: FactKind::Since,
        of: VECTOR_SETS,
        on: Where::Saying(|command| command.is_some_and(|command| command.since.is_empty())),
        why: "the server documents no commands of modules, as which they are built in",
    },
    Excuse {
        kind: FactKind::Arity,
        of: &["DELEX"],
        on: Where::Saying(|command| command.is_some_and(|command| command.arity == 4)),
        why: "Valkey's always has a condition; without one it is of Redis alone",
    },
    Excuse {
        kind: FactKind::Arity,
        of: &["XSETID"],
        on: Where::Saying(|command| command.is_some_and(|command| command.arity == 3)),
        why: "ENTRIESADDED and MAXDELETEDID, which make it a lower bound, came with 7.0",
    },
    Excuse {
        kind: FactKind::Blocks,
        of: &["XREAD", "XREADGROUP"],
        on: Where::Everywhere,
        why: "only the forms with BLOCK block, which are rows of their own",
    },
    Excuse {
        kind: FactKind::Since,
        of: &["XGROUP SETID", "XINFO STREAM"],
        on: Where::Saying(|command| command.is_some()),
        why: "ENTRIESREAD came with 7.0 and FULL with 6.0, which only the history of the command says",
    },
    Excuse {
        kind: FactKind::Name,
        of: &["QUIT"],
        on: Where::Saying(|command| command.is_none()),
        why: "before 7.0 it was no entry of the server's table of commands",
    },
    Excuse {
        kind: FactKind::Route,
        of: &["MSETEX", "MSETNX"],
        on: Where::Saying(|command| {
            command.is_some_and(|command| command.tip("request_policy") == Some("multi_shard"))
        }),
        why: "it stores all or nothing, which no split over shards can do; newer servers do not say multi_shard of MSETNX",
    },
    Excuse {
        kind: FactKind::Route,
        of: &["RANDOMKEY"],
        on: Where::Saying(|command| command.is_some_and(|command| command.tip("response_policy").is_none())),
        why: "newer servers say that no rule makes one reply of several",
    },
    Excuse {
        kind: FactKind::Refused,
        of: &["CLIENT REPLY"],
        on: Where::Saying(|command| command.is_some_and(|command| !command.says("no_multi"))),
        why: "Valkey refuses it; on Redis the replies that it leaves out would be missing in EXEC's",
    },
    Excuse {
        kind: FactKind::Deprecated,
        of: &["SLOWLOG GET", "SLOWLOG LEN", "SLOWLOG RESET"],
        on: Where::Saying(|command| command.is_some_and(|command| command.deprecated.as_deref() == Some("8.1.0"))),
        why: "Valkey deprecated it in 8.1 and took that back in 9.0",
    },
];

/// The commands on vector sets.
const VECTOR_SETS: &[&str] = &[
    "VADD",
    "VCARD",
    "VDIM",
    "VEMB",
    "VGETATTR",
    "VINFO",
    "VISMEMBER",
    "VLINKS",
    "VRANDMEMBER",
    "VRANGE",
    "VREM",
    "VSETATTR",
    "VSIM",
];

/// The commands on backups and on sessions that track keys, which no server at hand has.
const BY_NODE: &[&str] = &[
    "BACKUP ABORT",
    "BACKUP CLEANUP",
    "BACKUP SEAL",
    "BACKUP START",
    "HOTKEYS GET",
    "HOTKEYS RESET",
    "HOTKEYS START",
    "HOTKEYS STOP",
];

/// Commands that any node does for the whole cluster.
const BY_CHANCE: [&str; 2] = ["CLUSTER MEET", "PUBLISH"];

/// Options that a server documents by the version of their command, although they are newer.
const UNDATED: [(&str, &str); 4] = [("HSETEX", "NX"), ("HSETEX", "XX"), ("VSIM", "WITHATTRIBS"), ("ZUNION", "COUNT")];

/// The newest server of each vendor that the tests are run against: Redis, and Valkey.
pub(crate) const NEWEST: [(u64, u64, u64); 2] = [(8, 2, 0), (9, 1, 0)];

/// An accepted difference: the commands, the fact, the servers and the reason.
struct Excuse {
    kind: FactKind,
    of: &'static [&'static str],
    on: Where,
    why: &'static str,
}

/// The servers with an accepted difference.
enum Where {
    /// All, so that the excuse is needed on the newest.
    Everywhere,
    /// Those that say so of the command, which is `None` where the server does not know it.
    Saying(fn(Option<&Command>) -> bool),
}

#[tokio::test]
async fn every_row_says_what_the_server_says() {
    let server = ServerFacts::by_a_server().await;
    let (here, newer): (Vec<_>, Vec<_>) = registry().partition(|row| server.supports(row.since));
    let objections: Vec<(About, String)> = here
        .iter()
        .flat_map(|row| server.objections(row).into_iter().map(|(kind, words)| ((kind, row.name), words)))
        .collect();
    let excuses = excuses(&server.commands);

    let complaints: Vec<_> = objections.iter().filter(|(about, _)| !excuses.contains_key(about)).collect();
    assert!(complaints.is_empty(), "the table says otherwise than the server: {complaints:#?}");
    if is_newest(&server) {
        let idle: Vec<_> = excuses
            .iter()
            .filter(|(about, (needed, _))| *needed && !objections.iter().any(|(found, _)| found == *about))
            .collect();
        assert!(idle.is_empty(), "nothing needs these excuses: {idle:#?}");
    }
    let compared = here.iter().filter(|row| server.commands.contains_key(row.name)).count();
    let of = server.server.description();
    println!("{of}: of {} rows, {compared} agree and {} are not there", registry().count(), newer.len());
}

#[tokio::test]
async fn what_is_newer_than_the_server_is_not_there() {
    let server = ServerFacts::by_a_server().await;
    let here: BTreeSet<_> = registry().filter(|row| server.supports(row.since)).map(|row| row.name).collect();
    let wrong = registry().filter(|row| !here.contains(row.name) && server.commands.contains_key(row.name));
    let wrong: Vec<_> = wrong.map(|row| (row.name, row.since)).collect();
    assert!(wrong.is_empty(), "{} has these: {wrong:#?}", server.server.description());
}

#[tokio::test]
async fn every_option_says_what_the_server_says() {
    let server = ServerFacts::by_a_server().await;
    let options = flag::FLAGS.iter().filter(|row| server.tells_all() && !UNDATED.contains(&(row.command, row.word)));
    let wrong: Vec<_> = options
        .filter_map(|row| {
            let told = server.commands.get(row.command).and_then(|command| command.options.get(row.word));
            let expected = server.documented(row.since).filter(|_| server.supports(row.since));
            (told.map(String::as_str) != expected).then(|| format!("{row:?}: the server says {told:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A command without keys that changes something changes every node, or the one server that its client is of: a cluster would send
/// it to a node that no caller has chosen.
#[test]
fn no_row_changes_a_node_by_chance() {
    let by_chance = registry().filter(|row| row.route == Route::AnyNode && row.access == Access::ReadWrite);
    let unforeseen: Vec<_> = by_chance
        .filter(|row| row.connection != ConnectionPolicy::Forbidden && !BY_CHANCE.contains(&row.name))
        .map(|row| row.name)
        .collect();
    assert!(unforeseen.is_empty(), "say `AllShards`, `AllNodes` or `SingleServer`: {unforeseen:?}");
}

#[test]
fn no_two_rows_share_a_method() {
    let mut methods = HashMap::new();
    for row in registry() {
        let other = methods.insert(row.method, row.name);
        assert_eq!(other, None, "`{}` sends {} too", row.method, row.name);
    }
}

/// A fact and the name of its command.
pub(super) type About = (FactKind, &'static str);

/// The accepted differences from these commands of a server: whether they must be needed, and their reasons.
pub(super) fn excuses(commands: &BTreeMap<String, Command>) -> BTreeMap<About, (bool, &'static str)> {
    let mut found = BTreeMap::new();
    for Excuse { kind, of, on, why } in ON_PURPOSE {
        for name in *of {
            match on {
                Where::Everywhere => found.insert((*kind, *name), (true, *why)),
                Where::Saying(says) if says(commands.get(*name)) => found.insert((*kind, *name), (false, *why)),
                Where::Saying(_) => None,
            };
        }
    }
    found
}

/// Returns whether the server is at least the newest of its vendor that the tests are run against.
fn is_newest(server: &ServerFacts) -> bool {
    server.server.version() >= NEWEST[usize::from(server.server.vendor() == Vendor::Valkey)]
}
