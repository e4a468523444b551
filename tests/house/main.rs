//! The rules of the house: what may import what, and how large things may be.
//!
//! What breaks a rule today stands in an allow-list beside the rule. The lists only shrink: an entry that is not needed
//! any more fails the test too.

mod comments;
mod imports;
mod sizes;
mod source;
mod syntax;

use imports::{Imports, circles, imports, within};
use sizes::{Root, functions};
use source::{Crate, File, rust_files};
use std::collections::{BTreeMap, BTreeSet};

/// The files and folders of `src`, floor by floor. A file imports only from its own floor and from floors above.
const FLOORS: &[&[&str]] = &[
    &["error", "literal_keys", "macros", "retry", "version"],
    &["trace"],
    &["resp"],
    &["reply", "argument", "key"],
    &["command"],
    &["commands"],
    &["connection"],
    &["pipeline"],
    &["transaction"],
    &["client", "measured"],
];

/// The circles that are not opened yet, each with its members in alphabetic order.
const CIRCLES: &[&[&str]] = &[
    &[
        "macros/src/expand.rs",
        "macros/src/inspect.rs",
        "macros/src/literals.rs",
        "macros/src/named.rs",
        "macros/src/parse.rs",
        "macros/src/reads.rs",
        "macros/src/validate.rs",
    ],
    &[
        "src/connection/alarm.rs",
        "src/connection/answer.rs",
        "src/connection/dedicated.rs",
        "src/connection/driver.rs",
        "src/connection/handshake.rs",
        "src/connection/idle.rs",
        "src/connection/keeper.rs",
        "src/connection/mod.rs",
        "src/connection/pool.rs",
        "src/connection/queue.rs",
        "src/connection/seat.rs",
        "src/connection/session.rs",
        "src/connection/shared.rs",
    ],
    &["src/connection/config.rs", "src/connection/settings.rs", "src/connection/tls.rs"],
    &["src/connection/encrypted.rs", "src/connection/stream.rs"],
    &["src/key/fields.rs", "src/key/mod.rs", "src/key/same.rs"],
    &["src/pipeline/execute.rs", "src/pipeline/mod.rs", "src/pipeline/moves.rs"],
    &["src/pipeline/list.rs", "src/pipeline/mode.rs", "src/pipeline/queue.rs"],
];

const FILE_LINES: usize = 500;
const LONG_FILES: &[&str] = &["src/commands/sorted_set/mod.rs"];

const FUNCTION_LINES: usize = 60;
const LONG_FUNCTIONS: &[&str] = &[];

/// The most names at the root of the crate, as its documentation shows them.
const ROOT_NAMES: usize = 45;
/// The number that there is today, while it is larger.
const ROOT_NAMES_TODAY: Option<usize> = Some(159);
const ROOT_GLOBS: &[&str] = &[
    "commands::generic::options",
    "commands::generic::sort",
    "commands::hash::options",
    "commands::list::options",
    "commands::server::options",
    "commands::sorted_set::options",
    "commands::sorted_set::range",
    "commands::string::options",
    "reply",
];

/// How often the comments below a folder have vague words.
const VAGUE_WORDS: &[(&str, usize)] = &[("src", 67), ("examples", 1)];

#[test]
fn a_file_imports_only_from_its_own_floor_or_floors_above() {
    let mut complaints = Vec::new();
    for (file, from) in imports(&main_crate()).iter().filter(|(file, _)| *file != "src/lib.rs") {
        for (other, path) in from.iter().filter(|(other, _)| *other != "src/lib.rs") {
            if floor(other) > floor(file) {
                complaints.push(format!("{file} imports `{path}` from a floor below, {other}"));
            }
        }
    }
    assert!(complaints.is_empty(), "FLOORS in tests/house:\n{}\n", complaints.join("\n"));
}

fn floor(file: &str) -> usize {
    let room = file.trim_start_matches("src/").split('/').next().unwrap_or_default().trim_end_matches(".rs");
    let floor = FLOORS.iter().position(|rooms| rooms.contains(&room));
    floor.unwrap_or_else(|| panic!("{file}: `{room}` has no place in FLOORS of tests/house"))
}

#[test]
fn imports_run_in_no_circle() {
    let mut found = BTreeMap::new();
    for each in Crate::members() {
        let imports = imports(&each);
        found.extend(circles(&imports).into_iter().map(|circle| explained(&circle, &imports)));
        for folder in folders(&imports, &each.folder) {
            let inside = within(&imports, &folder);
            // Circles of files alone are found above.
            let circles =
                circles(&inside).into_iter().filter(|circle| circle.iter().any(|room| !room.ends_with(".rs")));
            found.extend(circles.map(|circle| explained(&circle, &inside)));
        }
    }
    let allowed: Vec<String> = CIRCLES.iter().map(|circle| circle.join(" ")).collect();
    compare("CIRCLES", &allowed.iter().map(String::as_str).collect::<Vec<_>>(), found);
}

/// A circle by its members, with the imports that close it.
fn explained(circle: &[String], imports: &Imports) -> (String, String) {
    let mut lines = vec![format!("a circle of {}", circle.join(" "))];
    for file in circle {
        let inside = imports[file].iter().filter(|(other, _)| circle.contains(other));
        lines.extend(inside.map(|(other, path)| format!("    {file} imports `{path}` of {other}")));
    }
    (circle.join(" "), lines.join("\n"))
}

/// Every folder that has a file of the crate, from the crate's own on.
fn folders(imports: &Imports, own: &str) -> BTreeSet<String> {
    let mut folders = BTreeSet::new();
    for file in imports.keys() {
        let ends = file.match_indices('/').map(|(at, _)| &file[..at]);
        folders.extend(ends.filter(|folder| folder.len() >= own.len()).map(str::to_owned));
    }
    folders
}

#[test]
fn files_are_short() {
    let tests = rust_files("tests").into_iter().map(|path| (source::read(&path), path));
    let files = everything().into_iter().map(|file| (file.text, file.path)).chain(tests);
    let long = files.map(|(text, path)| (path, text.lines().count())).filter(|(_, lines)| *lines >= FILE_LINES);
    let found = long.map(|(path, lines)| {
        let words = format!("{path} has {lines} lines, less than {FILE_LINES} are allowed");
        (path, words)
    });
    compare("LONG_FILES", LONG_FILES, found.collect());
}

#[test]
fn functions_are_short() {
    let mut found = BTreeMap::new();
    for file in everything() {
        for function in functions(&file).into_iter().filter(|function| function.lines >= FUNCTION_LINES) {
            let sizes::Function { name, line, lines } = function;
            let words =
                format!("{}:{line}: `{name}` has {lines} lines, less than {FUNCTION_LINES} are allowed", file.path);
            found.insert(format!("{} {name}", file.path), words);
        }
    }
    compare("LONG_FUNCTIONS", LONG_FUNCTIONS, found);
}

#[test]
fn the_root_re_exports_no_module_whole() {
    let root = Root::of(&main_crate());
    let globs = root.globs.iter().map(|glob| (glob.clone(), format!("src/lib.rs re-exports all of `{glob}`")));
    compare("ROOT_GLOBS", ROOT_GLOBS, globs.collect());
}

#[test]
fn the_root_has_few_names() {
    let root = Root::of(&main_crate());
    let count = root.names.len();
    match ROOT_NAMES_TODAY {
        Some(today) if count > ROOT_NAMES => {
            assert_eq!(count, today, "ROOT_NAMES_TODAY of tests/house only shrinks; the names are {:?}", root.names);
        }
        Some(_) => panic!("{count} names at the root are few enough: make ROOT_NAMES_TODAY of tests/house `None`"),
        None => assert!(count <= ROOT_NAMES, "{count} names at the root, {ROOT_NAMES} are allowed: {:?}", root.names),
    }
}

#[test]
fn comments_name_who_and_what_is_meant() {
    let mut complaints = Vec::new();
    let folders = ["src", "macros", "xtask", "soak", "testing", "benches", "counts", "tests", "examples"];
    for folder in folders {
        let allowed = VAGUE_WORDS.iter().find(|(name, _)| *name == folder).map_or(0, |(_, count)| *count);
        let mut words = Vec::new();
        for path in rust_files(folder) {
            let found = comments::vague_words(&source::read(&path));
            words.extend(found.into_iter().map(|word| format!("    `{word}` in {path}")));
        }
        if words.len() != allowed {
            let count = words.len();
            complaints.push(format!("{folder}: {count} vague words, VAGUE_WORDS says {allowed}\n{}", words.join("\n")));
        }
    }
    assert!(complaints.is_empty(), "VAGUE_WORDS in tests/house only shrinks:\n{}\n", complaints.join("\n"));
}

fn main_crate() -> Crate {
    Crate::read(".")
}

/// The sources of all crates, that of the benchmarks included, which is no member of the workspace.
fn everything() -> Vec<File> {
    let crates = Crate::members().into_iter().chain([Crate::read("benches")]);
    crates.flat_map(|each| each.files).collect()
}

/// Compares what breaks a rule, each with words about it, with what is allowed to.
fn compare(list: &str, allowed: &[&str], found: BTreeMap<String, String>) {
    let fresh = found.iter().filter(|(name, _)| !allowed.contains(&name.as_str()));
    let mut complaints: Vec<String> = fresh.map(|(_, words)| words.clone()).collect();
    let done = allowed.iter().filter(|name| !found.contains_key(**name));
    complaints.extend(done.map(|name| format!("not needed any more, so delete it from {list}: {name:?}")));
    assert!(complaints.is_empty(), "{list} in tests/house only shrinks:\n{}\n", complaints.join("\n"));
}
