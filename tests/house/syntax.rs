//! The imports, definitions and mentions of a module, read from its tokens.
//!
//! Tokens and not a syntax tree, because most of the crate's rows and many of its paths stand in the input of macros.

use crate::source::{File, group, ident, is_punct};
use proc_macro2::{Delimiter, TokenTree};
use std::collections::{BTreeMap, BTreeSet};

/// A path as it is written, from its first segment.
pub(crate) type Path = Vec<String>;

/// A module of a file: the file's own, or one that is written out within it.
#[derive(Default)]
pub(crate) struct Module {
    pub(crate) file: usize,
    /// The names of the items that are defined here; those of macros end with `!`.
    pub(crate) items: BTreeSet<String>,
    /// The names that `use` binds, and the paths that they stand for.
    pub(crate) uses: BTreeMap<String, Path>,
    pub(crate) globs: Vec<Path>,
}

/// The position of a path, or of a name that a glob may have brought.
pub(crate) struct Mention {
    pub(crate) file: usize,
    pub(crate) module: Path,
    /// The last segment ends with `!` where a macro is invoked.
    pub(crate) path: Path,
}

#[derive(Default)]
pub(crate) struct Syntax {
    pub(crate) modules: BTreeMap<Path, Module>,
    pub(crate) mentions: Vec<Mention>,
    /// Macros with `#[macro_export]`, and the files that define them.
    pub(crate) exported_macros: BTreeMap<String, usize>,
}

/// One leaf of a `use`.
pub(crate) struct Leaf {
    pub(crate) path: Path,
    /// The name that it binds; `*` for a glob.
    pub(crate) name: String,
}

impl Syntax {
    pub(crate) fn read(files: &[File]) -> Syntax {
        let mut syntax = Syntax::default();
        for (file, source) in files.iter().enumerate() {
            syntax.modules.insert(source.module.clone(), Module { file, ..Module::default() });
            Walk { syntax: &mut syntax, file, module: source.module.clone() }.items(&source.tokens());
        }
        syntax
    }
}

struct Walk<'a> {
    syntax: &'a mut Syntax,
    file: usize,
    module: Path,
}

impl Walk<'_> {
    /// Reads the tokens of a module, or of a macro's input in it.
    fn items(&mut self, tokens: &[TokenTree]) {
        let mut at = 0;
        while at < tokens.len() {
            at = match ident(tokens.get(at)).as_deref() {
                Some("use") => self.import(tokens, at),
                Some("mod") if group(tokens.get(at + 2), Some(Delimiter::Brace)).is_some() => self.inline(tokens, at),
                Some("macro_rules") => self.macro_rules(tokens, at),
                Some("struct" | "enum" | "union" | "trait" | "type" | "const" | "static" | "fn") => {
                    self.own().items.extend(ident(tokens.get(at + 1)));
                    at + 1
                }
                _ => self.expression(tokens, at, Walk::input),
            };
        }
    }

    /// The input of a macro may define items; the body of anything else defines none that others see.
    fn input(&mut self, tokens: &[TokenTree], at: usize) {
        let Some(inner) = group(tokens.get(at), None) else { return };
        let after_bang = at > 0 && is_punct(tokens.get(at - 1), '!');
        if after_bang { self.items(&inner) } else { self.body(&inner) }
    }

    fn body(&mut self, tokens: &[TokenTree]) {
        let mut at = 0;
        while at < tokens.len() {
            at = match ident(tokens.get(at)).as_deref() {
                Some("use") => self.mention_leaves(tokens, at + 1),
                _ => self.expression(tokens, at, |walk, tokens, at| {
                    walk.body(&group(tokens.get(at), None).unwrap_or_default());
                }),
            };
        }
    }

    /// Reads one token, or the path that begins there, and returns the position behind it.
    fn expression(&mut self, tokens: &[TokenTree], at: usize, nested: fn(&mut Self, &[TokenTree], usize)) -> usize {
        if !matches!(tokens[at], TokenTree::Ident(_)) {
            nested(self, tokens, at);
            return at + 1;
        }
        let (mut path, end) = path(tokens, at);
        if is_punct(tokens.get(end), '!') && !is_punct(tokens.get(end + 1), '=') {
            path.last_mut().into_iter().for_each(|last| last.push('!'));
        }
        let before = at.checked_sub(1).and_then(|before| tokens.get(before));
        // `$crate::..` in a macro is the user's view, `::name` another crate, `.name` a field or method.
        let is_other = ['$', ':', '.'].iter().any(|mark| is_punct(before, *mark)) && !is_type_annotation(tokens, at);
        if !is_other && ident(before).is_none_or(|word| word != "fn") {
            self.mention(path);
        }
        end
    }

    fn import(&mut self, tokens: &[TokenTree], at: usize) -> usize {
        let is_public = is_public(tokens, at);
        let (leaves, end) = leaves_of_use(tokens, at + 1);
        for Leaf { path, name } in leaves {
            if name == "*" {
                self.own().globs.push(path);
                continue;
            }
            self.own().uses.insert(name, path.clone());
            // A re-export is a door: it imports only where its name is mentioned too.
            if !is_public {
                self.mention(path);
            }
        }
        end
    }

    fn mention_leaves(&mut self, tokens: &[TokenTree], at: usize) -> usize {
        let (leaves, end) = leaves_of_use(tokens, at);
        leaves.into_iter().for_each(|leaf| self.mention(leaf.path));
        end
    }

    fn inline(&mut self, tokens: &[TokenTree], at: usize) -> usize {
        // Tests may look at everything.
        if attributes(tokens, at).iter().any(|attribute| attribute.replace(' ', "") == "[cfg(test)]") {
            return at + 3;
        }
        self.module.extend(ident(tokens.get(at + 1)));
        let file = self.file;
        self.syntax.modules.entry(self.module.clone()).or_insert(Module { file, ..Module::default() });
        self.items(&group(tokens.get(at + 2), None).unwrap_or_default());
        self.module.pop();
        at + 3
    }

    fn macro_rules(&mut self, tokens: &[TokenTree], at: usize) -> usize {
        let name = format!("{}!", ident(tokens.get(at + 2)).expect("the name of a macro"));
        if attributes(tokens, at).iter().any(|attribute| attribute.contains("macro_export")) {
            self.syntax.exported_macros.insert(name.clone(), self.file);
        }
        self.own().items.insert(name);
        self.body(&group(tokens.get(at + 3), None).unwrap_or_default());
        at + 4
    }

    fn mention(&mut self, path: Path) {
        self.syntax.mentions.push(Mention { file: self.file, module: self.module.clone(), path });
    }

    fn own(&mut self) -> &mut Module {
        self.syntax.modules.get_mut(&self.module).expect("the module was entered")
    }
}

/// The attributes before the item whose keyword or visibility stands at `at`, as text.
pub(crate) fn attributes(tokens: &[TokenTree], mut at: usize) -> Vec<String> {
    let mut attributes = Vec::new();
    while at >= 2 && is_punct(tokens.get(at - 2), '#') {
        attributes.push(tokens[at - 1].to_string());
        at -= 2;
    }
    attributes
}

/// Reads the leaves of the `use` whose path begins at `at`, and returns the position behind its `;`.
pub(crate) fn leaves_of_use(tokens: &[TokenTree], at: usize) -> (Vec<Leaf>, usize) {
    let length = tokens[at..].iter().position(|token| is_punct(Some(token), ';')).unwrap_or(tokens.len() - at);
    let mut leaves = Vec::new();
    tree(&tokens[at..at + length], &[], &mut leaves);
    (leaves, at + length + 1)
}

/// One tree of a `use`, with the segments before it.
fn tree(tokens: &[TokenTree], before: &[String], leaves: &mut Vec<Leaf>) {
    let mut path = before.to_vec();
    let mut alias = None;
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at] {
            TokenTree::Ident(word) if *word == "as" => {
                alias = ident(tokens.get(at + 1));
                at += 1;
            }
            TokenTree::Ident(word) => path.push(word.to_string()),
            TokenTree::Punct(punct) if punct.as_char() == '*' => {
                return leaves.push(Leaf { path, name: "*".to_owned() });
            }
            TokenTree::Group(group) => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                return inner.split(|token| is_punct(Some(token), ',')).for_each(|tokens| tree(tokens, &path, leaves));
            }
            _ => {}
        }
        at += 1;
    }
    if path.len() > before.len() {
        if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
            path.pop();
        }
        let name = alias.or_else(|| path.last().cloned()).unwrap_or_default();
        leaves.push(Leaf { path, name });
    }
}

/// The path that begins with the identifier at `at`, and the position behind it.
fn path(tokens: &[TokenTree], mut at: usize) -> (Path, usize) {
    let mut path = Vec::from_iter(ident(tokens.get(at)));
    at += 1;
    while is_punct(tokens.get(at), ':') && is_punct(tokens.get(at + 1), ':') {
        let Some(segment) = ident(tokens.get(at + 2)) else { break };
        path.push(segment);
        at += 3;
    }
    (path, at)
}

/// Tells `name: Type` from `::name`: the colon before the identifier is a single one.
fn is_type_annotation(tokens: &[TokenTree], at: usize) -> bool {
    at >= 1 && is_punct(tokens.get(at - 1), ':') && !(at >= 2 && is_punct(tokens.get(at - 2), ':'))
}

/// Returns whether the item whose keyword stands at `at` has a visibility.
fn is_public(tokens: &[TokenTree], at: usize) -> bool {
    let is_pub = |at: Option<usize>| at.and_then(|at| ident(tokens.get(at))).is_some_and(|word| word == "pub");
    let restricted = at >= 1 && group(tokens.get(at - 1), Some(Delimiter::Parenthesis)).is_some();
    is_pub(at.checked_sub(1)) || (restricted && is_pub(at.checked_sub(2)))
}
