//! The rows of modules against a live server with the module, where it is at hand.

use super::{
    arguments::arguments,
    server_facts::{FactKind, ServerFacts},
};
use std::collections::BTreeSet;
use typedis::commands::registry;
use typedis_testing::{Frame, Module, Server};

/// A module whose rows are compared: its name, the names with which its commands begin, and the commands without a row.
struct Compared {
    module: Module,
    name: &'static str,
    prefixes: &'static [&'static str],
    left_out: &'static [(&'static str, &'static str)],
}

const MODULES: &[Compared] = &[
    Compared {
        module: Module::Bloom,
        name: "bf",
        prefixes: &["BF.", "CF.", "CMS.", "TOPK.", "TDIGEST."],
        left_out: &[
            ("BF.DEBUG", "it is for the module's makers"),
            ("CF.COMPACT", "the module documents it nowhere"),
            ("CF.DEBUG", "it is for the module's makers"),
        ],
    },
    Compared {
        module: Module::Json,
        name: "ReJSON",
        prefixes: &["JSON."],
        left_out: &[
            ("JSON.DEBUG", "its subcommand MEMORY has a row"),
            ("JSON.FORGET", "it is another name of JSON.DEL"),
            ("JSON.NUMPOWBY", "the module documents it nowhere"),
        ],
    },
    Compared { module: Module::TimeSeries, name: "timeseries", prefixes: &["TS."], left_out: &[] },
];

/// Every command of a module is a row that says what the server says, apart from the arity, which modules report as -1.
#[tokio::test]
async fn every_row_of_a_module_says_what_the_server_says() {
    for compared in MODULES {
        let Some(server) = compared.module.server().await else {
            println!("skipped: no module {}", compared.name);
            continue;
        };
        let facts = ServerFacts::of(server).await;
        let rows: Vec<_> =
            registry().filter(|row| row.since.module.is_some_and(|of| of.name == compared.name)).collect();
        for row in &rows {
            let mut objections = facts.objections(row);
            // Modules do not report subcommands.
            let container = row.name.split(' ').next().unwrap_or_default();
            let known = facts.commands.get(row.name).or_else(|| facts.commands.get(container));
            let arity = known.map(|command| command.arity);
            objections.retain(|(kind, _)| match kind {
                FactKind::Arity => arity != Some(-1),
                // A module documents no versions.
                FactKind::Since => false,
                // Nor does it give tips, so a command without a key says nothing of its route.
                FactKind::Route => !row.keys.is_empty(),
                FactKind::Name => known.is_none(),
                _ => true,
            });
            assert!(objections.is_empty(), "{}: {objections:?}", row.name);
        }
        let names: BTreeSet<_> = rows.iter().map(|row| row.name).collect();
        let here = facts.commands.keys().map(String::as_str);
        let here = here.filter(|name| compared.prefixes.iter().any(|prefix| name.starts_with(prefix)));
        let without: BTreeSet<_> = here.filter(|name| !names.contains(name)).collect();
        assert_eq!(without, compared.left_out.iter().map(|(name, _)| *name).collect());
    }
}

/// The first key of a command is where the server finds it. Of several keys a module may report the first one only.
#[tokio::test]
async fn the_first_key_of_a_modules_row_is_the_one_the_server_finds() {
    for compared in MODULES {
        let Some(server) = compared.module.server().await else { continue };
        for row in
            registry().filter(|row| !row.keys.is_empty() && row.since.module.is_some_and(|of| of.name == compared.name))
        {
            for (_, arguments) in arguments().filter(|(method, _)| *method == row.method) {
                assert_first_key(&server, row.name, arguments).await;
            }
        }
    }
}

async fn assert_first_key(server: &Server, name: &str, arguments: &str) {
    let key = arguments.split_whitespace().find_map(|word| word.strip_prefix('{')).map(|word| word.replace('}', ""));
    let command = format!("{name} {arguments}").replace(['{', '}'], "");
    let words = ["COMMAND", "GETKEYS"].into_iter().chain(command.split_whitespace());
    let Frame::Array(found) = server.raw().await.command(words).await else { panic!("`{command}` has no key") };
    let found = found.iter().map(Frame::text).find(|key| key != "other");
    assert_eq!(found, key, "{command}");
}
