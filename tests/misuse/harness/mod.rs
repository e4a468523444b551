mod annotation;
mod compile;
mod diagnostic;
mod judge;
pub(crate) mod page;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

pub(crate) use compile::compile;
pub(crate) use judge::judge;

const LEGAL: &str = ".legal";

/// One file of `tests/misuse`.
pub(crate) struct Program {
    pub(crate) path: PathBuf,
    /// The file's name without `.rs`.
    pub(crate) name: String,
    pub(crate) source: String,
}

impl Program {
    fn is_legal(&self) -> bool {
        self.name.ends_with(LEGAL)
    }
}

/// Reads every program, and complains of those without a twin.
pub(crate) fn programs() -> (Vec<Program>, Vec<String>) {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/misuse");
    let entries = fs::read_dir(&place).expect("tests/misuse is a directory");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a directory can be read").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
    paths.sort();
    let programs: Vec<Program> = paths.into_iter().map(read).collect();
    let complaints = without_twin(&programs.iter().map(|program| program.name.as_str()).collect());
    (programs, complaints)
}

fn read(path: PathBuf) -> Program {
    let source = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Program { path, name, source }
}

fn without_twin(names: &BTreeSet<&str>) -> Vec<String> {
    let mut complaints = Vec::new();
    for name in names {
        let (twin, what) = match name.strip_suffix(LEGAL) {
            Some(misuse) => (misuse.to_owned(), "legal twin without its misuse"),
            None => (format!("{name}{LEGAL}"), "misuse without its legal twin"),
        };
        if !names.contains(twin.as_str()) {
            complaints.push(format!("{name}.rs: a {what}, {twin}.rs"));
        }
    }
    complaints
}

#[test]
fn a_misuse_and_its_twin_need_each_other() {
    let names = BTreeSet::from(["a", "a.legal", "b", "c.legal"]);
    let complaints = without_twin(&names);
    assert_eq!(complaints.len(), 2);
    assert!(complaints[0].contains("b.legal.rs") && complaints[1].contains("c.rs"), "{complaints:?}");
}
