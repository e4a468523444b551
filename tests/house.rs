//! A file imports only from its own row of the house or from rows above it, and no two rooms import each other.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// The rooms, row by row; `docs/guide.md` is for users, this is for those who build.
const ROWS: &[&[&str]] = &[
    &["error", "retry", "version"],
    &["trace"],
    &["resp"],
    &["reply", "argument", "key"],
    &["command"],
    &["connection"],
    &["pipeline"],
    &["transaction"],
    &["client", "bench_support"],
];

#[test]
fn a_file_imports_only_from_its_own_row_or_rows_above() {
    let mut wrong = Vec::new();
    for (room, imports) in imports() {
        let own = row(&room);
        wrong
            .extend(imports.iter().filter(|import| row(import) > own).map(|import| format!("{room} imports {import}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_two_rooms_import_each_other() {
    let imports = imports();
    for (room, from) in &imports {
        for other in from {
            assert!(!reaches(&imports, other, room), "{room} imports {other}, which leads back to {room}");
        }
    }
}

fn reaches(imports: &BTreeMap<String, BTreeSet<String>>, from: &str, to: &str) -> bool {
    from == to || imports[from].iter().any(|next| next != from && reaches(imports, next, to))
}

fn row(room: &str) -> usize {
    ROWS.iter().position(|rooms| rooms.contains(&room)).unwrap_or_else(|| panic!("`{room}` stands in no row"))
}

/// What each room imports from others.
fn imports() -> BTreeMap<String, BTreeSet<String>> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut imports: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files(&src) {
        let room = room(file.strip_prefix(&src).expect("a file of src"));
        if room == "lib" {
            continue;
        }
        let text = fs::read_to_string(&file).expect("a source file");
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        let from = imported(&code).into_iter().filter(|other| *other != room);
        imports.entry(room.clone()).or_default().extend(from);
    }
    imports
}

fn room(path: &Path) -> String {
    let first = path.components().next().expect("a path").as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// The rooms behind every `crate::`, also within braces; `$crate` in a macro is the user's view and not an import.
fn imported(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::").filter(|(at, _)| !code[..*at].ends_with('$')) {
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(group) => found.extend(top_level(group)),
            None => found.push(word(rest)),
        }
    }
    found.retain(|name| name.chars().next().is_some_and(|first| first.is_lowercase()));
    found
}

/// The first word of each item of a group, which ends at its closing brace.
fn top_level(group: &str) -> Vec<String> {
    let (mut depth, mut start, mut items) = (0, 0, Vec::new());
    for (at, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => {
                items.push(word(&group[start..at]));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                items.push(word(&group[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    items.retain(|item| !item.is_empty());
    items
}

fn word(text: &str) -> String {
    text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}
