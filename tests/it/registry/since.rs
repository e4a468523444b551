//! The versions of rows and options, compared with what the vendors state of their commands, also of servers that no test
//! can run.

use std::collections::BTreeMap;
use typedis::{
    commands::registry,
    options::flag::FLAGS,
    version::{Availability, Vendor},
};

/// The commands that the vendors describe, and the versions that they state.
pub(super) const STATED: &str = include_str!("vendors.tsv");

/// The newest version of each vendor among those of [`STATED`].
const NEWEST: [(Vendor, &str); 2] = [(Vendor::Redis, "8.10.0"), (Vendor::Valkey, "9.1.0")];

/// Commands of which a row always sends something whose version no vendor states: DIFF, several names, NOVALUES, ENTRIESREAD, FULL,
/// WITHSCORE and NOSCORES.
const UNSTATED: [&str; 10] = [
    "BITOP",
    "CONFIG GET",
    "CONFIG SET",
    "HSCAN",
    "INFO",
    "XGROUP SETID",
    "XINFO STREAM",
    "ZRANK",
    "ZREVRANK",
    "ZSCAN",
];

/// Forms that one vendor alone has, of commands that both have: an option, or a reply of another type.
const OF_ONE_VENDOR: [&str; 4] =
    ["bgsave_cancel", "cluster_replicate_no_one", "cluster_setslot_timeout", "hotkeys_get_qps"];

/// The versions of one vendor, by the command, and by the command and its option.
struct Stated {
    vendor: Vendor,
    newest: &'static str,
    commands: BTreeMap<&'static str, &'static str>,
    options: BTreeMap<(&'static str, &'static str), &'static str>,
}

impl Stated {
    fn of_each_vendor() -> [Stated; 2] {
        NEWEST.map(|(vendor, newest)| {
            let mut stated = Stated { vendor, newest, commands: BTreeMap::new(), options: BTreeMap::new() };
            for line in STATED.lines().filter(|line| !line.starts_with('#')) {
                let columns: Vec<_> = line.split('\t').collect();
                let (about, versions) = columns.split_at(columns.len() - 2);
                match (versions[usize::from(vendor == Vendor::Valkey)], about) {
                    ("-", _) => {}
                    (version, [command]) => drop(stated.commands.insert(*command, version)),
                    (version, [command, token]) => drop(stated.options.insert((*command, *token), version)),
                    _ => panic!("{line:?} is neither of a command nor of an option"),
                }
            }
            stated
        })
    }

    /// The version that the tables say, as this vendor states it: what Valkey inherited has the version of Redis.
    fn said(&self, since: Availability) -> Option<&'static str> {
        match self.vendor {
            Vendor::Valkey if since.is_in_every_valkey() => since.redis,
            vendor => since.of(vendor),
        }
    }

    /// Returns whether a version is newer than those that are known here.
    fn is_unknown(&self, version: Option<&str>) -> bool {
        version.is_none_or(|version| parse(version) > parse(self.newest))
    }
}

#[test]
fn every_row_is_as_old_as_each_vendor_states() {
    let mut wrong = Vec::new();
    for stated in Stated::of_each_vendor() {
        for row in registry().filter(|row| row.since.module.is_none()) {
            let said = stated.said(row.since);
            // A form that always sends an option has the version of the option.
            let options = stated.options.iter().filter(|((command, _), _)| *command == row.name);
            let mut versions = stated.commands.get(row.name).into_iter().chain(options.map(|(_, version)| version));
            let agrees = match said {
                Some(said) => versions.any(|version| *version == said) || stated.is_unknown(Some(said)),
                None => !stated.commands.contains_key(row.name) || OF_ONE_VENDOR.contains(&row.method),
            };
            if !agrees && !UNSTATED.contains(&row.name) {
                wrong.push((stated.vendor, row.name, row.method, said, stated.commands.get(row.name).copied()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_option_is_as_old_as_each_vendor_states() {
    let mut wrong = Vec::new();
    let mut compared = 0;
    for stated in Stated::of_each_vendor() {
        for flag in FLAGS {
            let said = stated.said(flag.since);
            match stated.options.get(&(flag.command, flag.word)).copied() {
                Some(version) if said != Some(version) => wrong.push((stated.vendor, flag, Some(version))),
                Some(_) => compared += 1,
                None => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(compared > 25, "only {compared} versions were compared");
}

fn parse(text: &str) -> [u32; 3] {
    let numbers: Vec<_> = text.split('.').map(|number| number.parse().unwrap()).collect();
    numbers.try_into().unwrap()
}
