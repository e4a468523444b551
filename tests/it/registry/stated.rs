//! The facts of rows, compared with what the vendors state of their commands, also of servers that no test can run.

use super::{
    server_facts::{Command, Objection},
    table::{About, excuses},
};
use std::collections::BTreeMap;
use typedis::{commands::registry, version::Vendor};

const STATED: &str = include_str!("facts.tsv");

/// The commands that a vendor describes, as its newest server would say them.
fn commands(vendor: Vendor) -> BTreeMap<String, Command> {
    let name = if vendor == Vendor::Redis { "redis" } else { "valkey" };
    let lines = STATED.lines().filter(|line| !line.starts_with('#'));
    let stated = lines.filter_map(|line| {
        let columns: Vec<_> = line.split('\t').collect();
        let [command, of, arity, flags, tips] = columns[..] else { panic!("{line:?} has not five columns") };
        (of == name || of == "both").then(|| (command.to_owned(), Command::stated(arity, flags, tips)))
    });
    stated.collect()
}

#[test]
fn every_row_says_what_each_vendor_states() {
    for (vendor, least) in [(Vendor::Redis, 500), (Vendor::Valkey, 400)] {
        let commands = commands(vendor);
        let excused = excuses(&commands);
        let rows: Vec<_> =
            registry().filter(|row| row.since.module.is_none() && row.since.of(vendor).is_some()).collect();
        let stated: Vec<_> = rows.iter().filter_map(|row| Some((row, commands.get(row.name)?))).collect();
        let objections: Vec<(About, Objection)> = stated
            .iter()
            .flat_map(|(row, command)| {
                command.all_objections(row).into_iter().map(|found| ((found.0, row.name), found))
            })
            .collect();
        let wrong: Vec<_> = objections.iter().filter(|(about, _)| !excused.contains_key(about)).collect();
        assert!(wrong.is_empty(), "{vendor:?} states otherwise: {wrong:#?}");
        assert!(stated.len() > least, "only {} rows of {vendor:?} were compared", stated.len());
    }
}
