//! The source files of the workspace, as text and as tokens.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The folder of one crate's sources.
pub(crate) struct Crate {
    /// From the workspace's root, such as `macros/src`.
    pub(crate) folder: String,
    pub(crate) files: Vec<File>,
}

pub(crate) struct File {
    /// From the workspace's root, such as `src/key/mod.rs`.
    pub(crate) path: String,
    /// The path of the file's module, without `crate`; empty for `lib.rs` and `main.rs`.
    pub(crate) module: Vec<String>,
    pub(crate) text: String,
}

impl Crate {
    /// Reads the crates that are members of the workspace.
    pub(crate) fn members() -> Vec<Crate> {
        let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("the workspace's manifest");
        let (_, rest) = manifest.split_once("members = [").expect("`members` of the workspace");
        let (members, _) = rest.split_once(']').expect("the end of `members`");
        members.split('"').skip(1).step_by(2).map(Crate::read).collect()
    }

    pub(crate) fn read(member: &str) -> Crate {
        let folder = if member == "." { "src".to_owned() } else { format!("{member}/src") };
        let files = rust_files(&folder).into_iter().map(|path| {
            let text = read(&path);
            File::new(&folder, path, text)
        });
        let files = files.collect();
        Crate { folder, files }
    }
}

impl File {
    /// A file below the folder of its crate.
    pub(crate) fn new(folder: &str, path: String, text: String) -> File {
        let inside = path.strip_prefix(folder).expect("a file of the crate").trim_start_matches('/');
        let mut module: Vec<String> = inside.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
        if module.last().is_some_and(|last| last == "mod") || ["lib.rs", "main.rs"].contains(&inside) {
            module.pop();
        }
        File { path, module, text }
    }

    pub(crate) fn tokens(&self) -> Vec<TokenTree> {
        let tokens: TokenStream = self.text.parse().unwrap_or_else(|error| panic!("{}: {error}", self.path));
        tokens.into_iter().collect()
    }
}

/// The Rust files below a folder, sorted; paths are from the workspace's root.
pub(crate) fn rust_files(folder: &str) -> Vec<String> {
    let mut files = Vec::new();
    collect(&root().join(folder), &mut files);
    let paths = files.iter().map(|path| path.strip_prefix(root()).expect("a path below the root"));
    let mut paths: Vec<String> = paths.map(|path| path.display().to_string().replace('\\', "/")).collect();
    paths.sort();
    paths
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for path in entries.map(|entry| entry.expect("a folder can be read").path()) {
        if path.is_dir() {
            if !path.ends_with("target") {
                collect(&path, files);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The files of these folders themselves that have an extension; paths are from the workspace's root.
pub(crate) fn files<const N: usize>(folders: [&str; N], extension: &str) -> Vec<String> {
    let names = |folder: &str| {
        let entries = fs::read_dir(root().join(folder)).unwrap_or_else(|error| panic!("{folder}: {error}"));
        let names = entries.map(|entry| entry.expect("a folder can be read").file_name());
        let paths = names.map(|name| Path::new(folder).join(name).display().to_string());
        paths.collect::<Vec<_>>()
    };
    let all = folders.into_iter().flat_map(names);
    all.filter(|path| Path::new(path).extension().is_some_and(|found| found == extension)).collect()
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn ident(token: Option<&TokenTree>) -> Option<String> {
    match token {
        Some(TokenTree::Ident(ident)) => Some(ident.to_string()),
        _ => None,
    }
}

pub(crate) fn is_punct(token: Option<&TokenTree>, character: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == character)
}

/// The tokens within a group, of any delimiter or of the one that is named.
pub(crate) fn group(token: Option<&TokenTree>, delimiter: Option<Delimiter>) -> Option<Vec<TokenTree>> {
    match token {
        Some(TokenTree::Group(group)) if delimiter.is_none_or(|wanted| group.delimiter() == wanted) => {
            Some(group.stream().into_iter().collect())
        }
        _ => None,
    }
}

/// The text of a file, by its path from the workspace's root.
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}
