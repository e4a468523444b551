//! The imports between files: paths are resolved through re-exports to the file that defines the item.

use crate::{
    source::Crate,
    syntax::{Mention, Path, Syntax},
};
use std::collections::{BTreeMap, BTreeSet};

/// The imports of one crate, file by file, each with the path by which it is written.
pub(crate) type Imports = BTreeMap<String, BTreeMap<String, String>>;

/// More steps than any chain of re-exports has; globs may lead in a ring.
const DEEPEST: usize = 16;

pub(crate) fn imports(of: &Crate) -> Imports {
    let syntax = Syntax::read(&of.files);
    let mut imports: Imports = of.files.iter().map(|file| (file.path.clone(), BTreeMap::new())).collect();
    for mention in &syntax.mentions {
        let Some(file) = syntax.file_of(mention).filter(|file| *file != mention.file) else { continue };
        let from = imports.get_mut(&of.files[mention.file].path).expect("a file of the crate");
        from.entry(of.files[file].path.clone()).or_insert_with(|| mention.path.join("::"));
    }
    imports
}

/// The meaning of a path.
#[derive(Clone)]
enum Target {
    Module(Path),
    /// An item, by the file that defines it.
    Item(usize),
}

impl Syntax {
    /// The file that a path imports from, which may be its own. A path to a module alone imports nothing: what is taken
    /// from the module is named behind it.
    fn file_of(&self, Mention { module, path, .. }: &Mention) -> Option<usize> {
        match self.resolve(module, path, DEEPEST)? {
            Target::Module(_) => None,
            Target::Item(file) => Some(file),
        }
    }

    /// Resolves a path that is written in `module`; `None` where it leads out of the crate.
    fn resolve(&self, module: &[String], path: &[String], depth: usize) -> Option<Target> {
        let mut here = module.to_vec();
        for (index, segment) in path.iter().enumerate() {
            match segment.as_str() {
                "crate" => here.clear(),
                "self" => {}
                "super" => drop(here.pop()),
                name => match self.find(&here, name, depth) {
                    Some(Target::Module(found)) => here = found,
                    Some(item) => return Some(item),
                    // An item that a macro defines is not found by its name, so it counts as one of the module.
                    None if index > 0 && !name.ends_with('!') => {
                        return self.modules.get(&here).map(|found| Target::Item(found.file));
                    }
                    None => return None,
                },
            }
        }
        Some(Target::Module(here))
    }

    fn find(&self, module: &[String], name: &str, depth: usize) -> Option<Target> {
        let depth = depth.checked_sub(1)?;
        let own = self.modules.get(module)?;
        let child: Path = module.iter().cloned().chain([name.to_owned()]).collect();
        if self.modules.contains_key(&child) {
            return Some(Target::Module(child));
        }
        if own.items.contains(name) || own.items.contains(&format!("{name}!")) {
            return Some(Target::Item(own.file));
        }
        if let Some(file) = self.exported_macros.get(name).filter(|_| module.is_empty()) {
            return Some(Target::Item(*file));
        }
        let plain = name.trim_end_matches('!');
        if let Some(path) = own.uses.get(plain) {
            let mut path = path.clone();
            path.last_mut().into_iter().for_each(|last| last.push_str(&name[plain.len()..]));
            return self.resolve(module, &path, depth);
        }
        own.globs.iter().find_map(|path| match self.resolve(module, path, depth)? {
            Target::Module(brought) if brought != module => self.find(&brought, name, depth),
            _ => None,
        })
    }
}

/// Collapses the files to the children of `folder`, without its own `mod.rs`, `lib.rs` or `main.rs`.
pub(crate) fn within(imports: &Imports, folder: &str) -> Imports {
    let child = |path: &str| {
        let inside = path.strip_prefix(folder)?.strip_prefix('/')?;
        let first = inside.split('/').next()?;
        let is_door = ["mod.rs", "lib.rs", "main.rs"].contains(&first);
        (!is_door).then(|| format!("{folder}/{first}"))
    };
    let mut collapsed = Imports::new();
    for (file, from) in imports {
        let Some(room) = child(file) else { continue };
        let others = collapsed.entry(room.clone()).or_default();
        for (other, path) in from {
            if let Some(other) = child(other).filter(|other| *other != room) {
                others.entry(other).or_insert_with(|| format!("{path} in {file}"));
            }
        }
    }
    collapsed
}

/// The circles: groups of nodes of which each leads to each other one.
pub(crate) fn circles(imports: &Imports) -> Vec<Vec<String>> {
    let reach: BTreeMap<&str, BTreeSet<&str>> =
        imports.keys().map(|node| (node.as_str(), reached(imports, node))).collect();
    let mut circles = BTreeSet::new();
    for (node, others) in &reach {
        let circle = others.iter().filter(|other| reach.get(*other).is_some_and(|back| back.contains(node)));
        let circle: Vec<String> = circle.map(|other| (*other).to_owned()).collect();
        if !circle.is_empty() {
            circles.insert(circle);
        }
    }
    circles.into_iter().collect()
}

fn reached<'a>(imports: &'a Imports, from: &str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&str> = imports[from].keys().map(String::as_str).collect();
    while let Some(node) = open.pop() {
        if reached.insert(node) {
            open.extend(imports.get(node).into_iter().flat_map(|next| next.keys().map(String::as_str)));
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::File;

    fn crate_of(files: &[(&str, &str)]) -> Crate {
        let files = files.iter().map(|(path, text)| File::new("src", format!("src/{path}"), (*text).to_owned()));
        Crate { folder: "src".to_owned(), files: files.collect() }
    }

    /// The files that `user.rs` imports from, in a crate with items behind re-exports, globs and macros.
    fn imported(user: &str) -> Vec<String> {
        let imports = imports(&crate_of(&[
            ("lib.rs", "mod room; mod user; pub use room::Item; pub use room::*;"),
            (
                "room/mod.rs",
                "mod inner; mod other; pub use inner::{Item, Other as Renamed}; pub use other::*; struct Own;",
            ),
            ("room/inner.rs", "pub struct Item; pub struct Other; rows! { pub trait Row {} }"),
            ("room/other.rs", "pub fn free() {} #[macro_export] macro_rules! exported { () => { $crate::room::Own } }"),
            ("user.rs", user),
        ]));
        imports["src/user.rs"].keys().cloned().collect()
    }

    #[test]
    fn a_path_leads_to_the_file_that_defines_the_item() {
        for (user, file) in [
            ("use crate::Item;", "inner"),
            ("use crate::room::{self, Renamed};", "inner"),
            ("use crate::room; fn f() { g(room::Item) }", "inner"),
            ("use crate::*; fn f() -> Item {}", "inner"),
            ("fn f() { super::room::free::<u8>() }", "other"),
            ("mod inline { use super::super::room::free; }", "other"),
            ("fn f() { assert!(crate::room::inner::Row::ok(crate::room::inner::unknown)) }", "inner"),
            ("struct S { field: crate::room::Own }", "mod"),
            ("crate::exported! {}", "other"),
        ] {
            assert_eq!(imported(user), [format!("src/room/{file}.rs")], "{user}");
        }
    }

    #[test]
    fn other_things_are_no_imports() {
        for user in [
            "use crate::room;",
            "pub use crate::room::Item;",
            "use std::Item; fn f() { x.free(); ::other::free(); free!() }",
            "#[cfg(test)] mod tests { use crate::room::Item; }",
            "macro_rules! m { () => { $crate::room::Own } } fn free() {}",
            "// use crate::room::Item;",
        ] {
            assert_eq!(imported(user), [""; 0], "{user}");
        }
    }

    #[test]
    fn a_circle_is_found_among_files_and_among_folders() {
        let imports = imports(&crate_of(&[
            ("lib.rs", "mod a; mod b;"),
            ("a/mod.rs", "mod one; mod two;"),
            ("a/one.rs", "struct One(crate::b::B);"),
            ("a/two.rs", "struct Two;"),
            ("b.rs", "use crate::a::two::Two; struct B;"),
        ]));
        assert!(circles(&imports).is_empty());
        assert_eq!(circles(&within(&imports, "src")), [["src/a", "src/b.rs"]]);
    }
}
