//! The rules of the house: what may import what, and how large things may be.
//!
//! A present violation of a rule stands in an allow-list beside the rule. The lists only shrink: an entry that is not needed
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

/// The rooms of a folder, which are its files and folders, floor by floor from the top. A room imports only from rooms of
/// its own floor and of floors above.
const FLOORS: &[(&str, &[&[&str]])] = &[
    (
        "src",
        &[
            &["error", "macros", "rare", "retry", "slot", "version"],
            &["resp"],
            &["trace"],
            &["reply", "argument"],
            &["row"],
            &["key", "topology"],
            &["command"],
            &["commands"],
            &["options"],
            &["connection"],
            &["pipeline"],
            &["transaction", "key_scan"],
            &["replicas"],
            &["client", "bench_support"],
        ],
    ),
    (
        "src/connection",
        &[
            &["alarm", "failure", "push", "request", "routing", "state", "sync"],
            &["config"],
            &["metrics"],
            &["transport"],
            &["sentinel"],
            &["multi_access", "script_load"],
            &["multiplexed", "pool"],
            &["node"],
            &["cluster"],
            &["single_server"],
            &["router"],
            &["watched"],
            &["handle"],
            &["scan"],
            &["tests"],
        ],
    ),
    ("src/version", &[&["number"], &["declared", "availability"], &["supports"], &["release"]]),
    (
        "macros/src",
        &[
            &["errors", "crate_path", "respan", "semicolons", "slot"],
            &["hash_fields", "pipeline", "keyspace", "commands"],
            &["search"],
        ],
    ),
    (
        "macros/src/pipeline",
        &[
            &["command"],
            &["ast"],
            &["hygiene", "find", "recover"],
            &["parse"],
            &["lint"],
            &["validate"],
            &["segments"],
            &["literal_keys"],
            &["literal_slots"],
            &["immediate"],
            &["named_replies"],
            &["expand"],
            &["tests"],
        ],
    ),
    ("macros/src/search", &[&["setting"], &["document", "part", "row"]]),
    ("macros/src/keyspace", &[&["template"], &["ast"], &["parse"], &["validate"], &["expand"], &["tests"]]),
    (
        "macros/src/commands",
        &[
            &["kinds"],
            &["ast"],
            &["facts"],
            &["docs"],
            &["parse", "validate"],
            &["info", "servers"],
            &["expand"],
            &["tests"],
        ],
    ),
];

/// The circles that are not opened yet, each with its members in alphabetic order.
const CIRCLES: &[&[&str]] = &[];

const FILE_LINES: usize = 500;
const LONG_FILES: &[&str] = &[];

const FUNCTION_LINES: usize = 60;
const LONG_FUNCTIONS: &[&str] = &[];

/// The most names at the root of the crate, as its documentation shows them.
const ROOT_NAMES: usize = 45;

/// The number of vague words in the comments below a folder.
const VAGUE_WORDS: &[(&str, usize)] = &[];

#[test]
fn a_room_imports_only_from_its_own_floor_or_floors_above() {
    let crates: Vec<Imports> = Crate::members().iter().map(imports).collect();
    let mut complaints = Vec::new();
    for (folder, floors) in FLOORS {
        let rooms: Imports = crates.iter().flat_map(|imports| within(imports, folder)).collect();
        complaints.extend(without_floor(folder, floors, &rooms));
        for (room, from) in rooms.iter().filter(|(room, _)| floor(room, floors).is_some()) {
            let below = from.iter().filter(|(other, _)| floor(other, floors) > floor(room, floors));
            complaints
                .extend(below.map(|(other, path)| format!("{room} imports from a floor below, {other}: `{path}`")));
        }
    }
    assert!(complaints.is_empty(), "FLOORS in tests/house:\n{}\n", complaints.join("\n"));
}

/// Rooms that stand on no floor, and those that stand there and do not exist.
fn without_floor(folder: &str, floors: &[&[&str]], rooms: &Imports) -> Vec<String> {
    let missing = rooms.keys().filter(|room| floor(room, floors).is_none());
    let mut complaints: Vec<String> = missing.map(|room| format!("{room} stands on no floor")).collect();
    let listed = floors.iter().flat_map(|floor| floor.iter());
    let gone = listed.filter(|listed| !rooms.keys().any(|room| name(room) == **listed));
    complaints.extend(gone.map(|room| format!("{folder}/{room} stands on a floor and does not exist")));
    complaints
}

fn floor(room: &str, floors: &[&[&str]]) -> Option<usize> {
    floors.iter().position(|floor| floor.contains(&name(room)))
}

fn name(room: &str) -> &str {
    room.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs")
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
    assert!(root.globs.is_empty(), "src/lib.rs re-exports all of these modules: {:?}", root.globs);
}

#[test]
fn the_root_has_few_names() {
    let root = Root::of(&main_crate());
    let count = root.names.len();
    assert!(count <= ROOT_NAMES, "{count} names at the root, {ROOT_NAMES} are allowed: {:?}", root.names);
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

/// No compiler reads the pages, so nothing else would see what a merge left in them.
#[test]
fn no_page_holds_the_marks_of_a_merge() {
    for path in source::files(["", "docs", "findings"], "md") {
        let text = source::read(&path);
        let mark = text.lines().find(|line| ["<<<<<<< ", ">>>>>>> "].iter().any(|mark| line.starts_with(mark)));
        assert_eq!(mark, None, "{path}");
    }
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
