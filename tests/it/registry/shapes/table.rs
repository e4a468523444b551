//! The table of recorded kinds, as text and as data.
//!
//! A line is a row on the servers that answer alike: its method, the servers, and the kinds of its replies without data in
//! RESP2 and RESP3, and with data. `=` stands for the kinds of RESP2, and `-` for no example.

use super::kind::Kinds;
use std::{collections::BTreeMap, fmt::Write as _};

pub(super) const HEAD: &str = "\
# The kinds of the real replies to each row on Redis (R) and Valkey (V). Written by the test in mod.rs, which says how.
# method\tservers\twithout data: RESP2\tRESP3\twith data: RESP2\tRESP3
";

/// The kinds of the replies to a row, in the order of the columns. Those that no example had are empty.
pub(super) type Recorded = [Kinds; 4];

/// The kinds by row, and by the server's name.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Table(pub(super) BTreeMap<String, BTreeMap<String, Recorded>>);

impl Table {
    pub(super) fn parse(text: &str) -> Table {
        let mut table = Table::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let columns: Vec<_> = line.split('\t').collect();
            let [method, servers, empty2, empty3, data2, data3] = columns[..] else {
                panic!("{line:?} has no six columns")
            };
            let kinds = |column: &str, same: &str| match column {
                "=" => Kinds::parse(same.trim_start_matches('-')),
                "-" => Kinds::default(),
                text => Kinds::parse(text),
            };
            let recorded = [kinds(empty2, ""), kinds(empty3, empty2), kinds(data2, ""), kinds(data3, data2)];
            let row = table.0.entry(method.to_owned()).or_default();
            for server in servers.split(' ') {
                let other = row.insert(server.to_owned(), recorded.clone());
                assert!(other.is_none(), "two lines of {method} on {server}");
            }
        }
        table
    }

    /// Removes what is recorded of a server, of the rows that `of` names.
    pub(super) fn forget(&mut self, server: &str, of: impl Fn(&str) -> bool) {
        for (_, servers) in self.0.iter_mut().filter(|(method, _)| of(method)) {
            servers.remove(server);
        }
        self.0.retain(|_, servers| !servers.is_empty());
    }

    /// Adds what a server replied.
    pub(super) fn add(&mut self, server: &str, rows: BTreeMap<String, Recorded>) {
        for (method, recorded) in rows {
            self.0.entry(method).or_default().insert(server.to_owned(), recorded);
        }
    }

    /// The text of the table.
    pub(super) fn write(&self) -> String {
        let mut text = HEAD.to_owned();
        for (method, servers) in &self.0 {
            let mut alike: Vec<(&Recorded, Vec<&str>)> = Vec::new();
            for (server, recorded) in servers {
                match alike.iter_mut().find(|(other, _)| *other == recorded) {
                    Some((_, servers)) => servers.push(server),
                    None => alike.push((recorded, vec![server])),
                }
            }
            for (recorded, servers) in alike {
                write!(text, "{method}\t{}", servers.join(" ")).expect("a string grows");
                for two in recorded.chunks(2) {
                    let [resp2, resp3] = [&two[0], &two[1]].map(|kinds| match kinds.to_string() {
                        none if none.is_empty() => "-".to_owned(),
                        kinds => kinds,
                    });
                    let same = if resp2 == resp3 { "=" } else { &resp3 };
                    write!(text, "\t{resp2}\t{same}").expect("a string grows");
                }
                text.push('\n');
            }
        }
        text
    }
}
