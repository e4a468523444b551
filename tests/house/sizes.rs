//! The lengths of files and functions, and the names in the root of the crate.

use crate::{
    source::{Crate, File, group, ident, is_punct},
    syntax::{attributes, leaves_of_use},
};
use proc_macro2::{Delimiter, TokenTree};

pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) line: usize,
    /// From the line of its `fn` to that of its last brace.
    pub(crate) lines: usize,
}

/// The functions of a file, those in macros and in other functions included.
pub(crate) fn functions(file: &File) -> Vec<Function> {
    let mut functions = Vec::new();
    collect(&file.tokens(), &mut functions);
    functions
}

fn collect(tokens: &[TokenTree], functions: &mut Vec<Function>) {
    for (at, token) in tokens.iter().enumerate() {
        if ident(Some(token)).is_some_and(|word| word == "fn") {
            functions.extend(function(&tokens[at..]));
        }
        collect(&group(Some(token), None).unwrap_or_default(), functions);
    }
}

/// The function whose `fn` comes first, if it has a name and a body.
fn function(tokens: &[TokenTree]) -> Option<Function> {
    let name = ident(tokens.get(1))?;
    let line = tokens[0].span().start().line;
    let signature = tokens.iter().take_while(|token| !is_punct(Some(token), ';'));
    let end = signature.into_iter().find_map(|token| match token {
        TokenTree::Group(body) if body.delimiter() == Delimiter::Brace => Some(body.span_close().end().line),
        _ => None,
    })?;
    Some(Function { name, line, lines: end + 1 - line })
}

/// The public names that the root of a crate shows in its documentation, and the modules of its glob re-exports.
pub(crate) struct Root {
    pub(crate) names: Vec<String>,
    pub(crate) globs: Vec<String>,
}

impl Root {
    pub(crate) fn of(each: &Crate) -> Root {
        let lib = each.files.iter().find(|file| file.path.ends_with("/lib.rs")).expect("the crate's lib.rs");
        let mut root = Root { names: Vec::new(), globs: Vec::new() };
        root.read(&lib.tokens());
        each.files.iter().for_each(|file| exported_macros(&file.tokens(), &mut root.names));
        // A trait and its derive have one name.
        root.names.sort();
        root.names.dedup();
        root
    }

    fn read(&mut self, tokens: &[TokenTree]) {
        for at in 0..tokens.len() {
            let is_pub = ident(tokens.get(at)).is_some_and(|word| word == "pub");
            if !is_pub || matches!(tokens.get(at + 1), Some(TokenTree::Group(_))) || is_hidden(tokens, at) {
                continue;
            }
            if ident(tokens.get(at + 1)).is_some_and(|word| word != "use") {
                self.names.extend(ident(tokens.get(at + 2)));
                continue;
            }
            for leaf in leaves_of_use(tokens, at + 2).0 {
                match leaf.name.as_str() {
                    "*" => self.globs.push(leaf.path.join("::")),
                    "_" => {}
                    _ => self.names.push(leaf.name),
                }
            }
        }
    }
}

fn exported_macros(tokens: &[TokenTree], names: &mut Vec<String>) {
    for at in 0..tokens.len() {
        let is_macro = ident(tokens.get(at)).is_some_and(|word| word == "macro_rules");
        let is_exported = || attributes(tokens, at).iter().any(|attribute| attribute.contains("macro_export"));
        if is_macro && is_exported() && !is_hidden(tokens, at) {
            names.extend(ident(tokens.get(at + 2)).map(|name| format!("{name}!")));
        }
    }
}

fn is_hidden(tokens: &[TokenTree], at: usize) -> bool {
    attributes(tokens, at).iter().any(|attribute| attribute.replace(' ', "").contains("doc(hidden)"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, text: &str) -> File {
        File::new("src", format!("src/{name}"), text.to_owned())
    }

    #[test]
    fn a_function_is_as_long_as_from_its_name_to_its_last_brace() {
        let text = "impl X {\n    fn long<T>(\n        x: T,\n    ) -> fn(T) {\n        \"}\" // }\n    }\n}\ntrait Y { fn y(); }";
        let found: Vec<_> = functions(&file("x.rs", text)).into_iter().map(|f| (f.name, f.line, f.lines)).collect();
        assert_eq!(found, [("long".to_owned(), 2, 5)]);
    }

    #[test]
    fn the_root_has_the_names_that_are_shown() {
        let lib = "pub mod m { pub struct Inner; } pub use m::{A, b::{self, C as D}, T as _}; pub use n::*; \
                   pub(crate) use o::E; use p::F; #[doc(hidden)] pub mod __private {} pub const G: u8 = 0; \
                   #[doc(hidden)] #[macro_export] macro_rules! hidden { () => {} }";
        let other = file("x.rs", "#[macro_export] macro_rules! shown { () => {} }");
        let root = Root::of(&Crate { folder: "src".to_owned(), files: vec![file("lib.rs", lib), other] });
        assert_eq!(root.names, ["A", "D", "G", "b", "m", "shown!"]);
        assert_eq!(root.globs, ["n"]);
    }
}
