mod annotation;
mod compile;
mod diagnostic;
mod judge;
pub(crate) mod page;

use std::{
    collections::BTreeSet,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

pub(crate) use compile::compile;
pub(crate) use judge::judge;

const LEGAL: &str = ".legal";

/// One program: a file in a folder of `tests/misuse`.
pub(crate) struct Program {
    pub(crate) path: PathBuf,
    /// The chapter of the page on compile errors.
    pub(crate) folder: String,
    /// The file's name without `.rs`, unique among all folders, because it becomes the name of a binary.
    pub(crate) name: String,
    pub(crate) source: String,
}

impl Program {
    fn is_legal(&self) -> bool {
        self.name.ends_with(LEGAL)
    }
}

/// Reads every program, and complains of those without a twin, without a folder or with the name of another.
pub(crate) fn programs() -> (Vec<Program>, Vec<String>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/misuse");
    let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) = entries(&root).into_iter().partition(|path| path.is_dir());
    let mut complaints = without_folder(&files);
    let folders = folders.iter().filter(|folder| !folder.ends_with("harness"));
    let programs: Vec<Program> = folders.flat_map(|folder| entries(folder)).map(read).collect();
    let mut names = BTreeSet::new();
    for program in &programs {
        if !names.insert(program.name.as_str()) {
            complaints.push(format!("{}.rs: another folder has a program of this name", program.name));
        }
    }
    let places: Vec<String> = programs.iter().map(|program| format!("{}/{}", program.folder, program.name)).collect();
    complaints.extend(without_twin(&places.iter().map(String::as_str).collect()));
    (programs, complaints)
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a directory can be read").path()).collect();
    paths.sort();
    paths
}

fn read(path: PathBuf) -> Program {
    let source = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let text = |part: Option<&OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let (folder, name) = (text(path.parent().and_then(Path::file_name)), text(path.file_stem()));
    Program { path, folder, name, source }
}

fn without_folder(files: &[PathBuf]) -> Vec<String> {
    let programs = files.iter().filter(|file| !file.ends_with("main.rs"));
    programs.map(|file| format!("{}: a program lies in the folder of its chapter", file.display())).collect()
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
