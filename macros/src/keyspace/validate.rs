//! Entries to keys: what their names are, and what is wrong with them.

use proc_macro2::{Ident, Span};
use std::collections::{HashMap, HashSet};
use syn::{Attribute, LitStr, Type, Visibility, spanned::Spanned};

use super::{
    parse::{Argument, Entry, Form, Parameter},
    template::{Part, Place, Template},
};
use crate::Mistakes;

pub(crate) struct Key {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) ident: Ident,
    pub(crate) kind: Type,
    pub(crate) name: Name,
}

pub(crate) enum Name {
    Constant(String),
    Family(Vec<Parameter>, Template),
    Member { family: Ident, arguments: Vec<Argument>, text: String },
}

pub(crate) fn validate(entries: Vec<Entry>, mistakes: &mut Mistakes) -> Vec<Key> {
    let mut validation = Validation { mistakes, idents: HashSet::new(), names: HashMap::new() };
    let entries: Vec<_> = entries.into_iter().filter(|entry| validation.once(entry)).collect();
    let (members, others): (Vec<_>, Vec<_>) =
        entries.into_iter().partition(|entry| matches!(entry.form, Form::Member { .. }));
    let mut keys: Vec<_> = others.into_iter().filter_map(|entry| validation.key(entry)).collect();
    let members: Vec<_> = members.into_iter().filter_map(|entry| validation.member(entry, &keys)).collect();
    keys.extend(members);
    keys
}

struct Validation<'a> {
    mistakes: &'a mut Mistakes,
    idents: HashSet<String>,
    /// The item that has a name already.
    names: HashMap<String, String>,
}

impl Validation<'_> {
    fn once(&mut self, Entry { ident, .. }: &Entry) -> bool {
        let is_new = self.idents.insert(ident.to_string());
        if !is_new {
            self.mistakes.add(ident.span(), format!("`{ident}` is declared twice"));
        }
        is_new
    }

    fn key(&mut self, Entry { attributes, visibility, ident, form }: Entry) -> Option<Key> {
        let (kind, name) = match form {
            Form::Constant { kind, name } => (kind, self.constant(&ident, &name)),
            Form::Family { parameters, kind, name } => (kind, self.family(&ident, parameters, &name)),
            Form::Member { .. } => return None,
        };
        Some(Key { attributes, visibility, ident, kind, name })
    }

    fn constant(&mut self, ident: &Ident, literal: &LitStr) -> Name {
        let Some(template) = self.template(ident, literal) else { return Name::Constant(literal.value()) };
        let text = template.with(|name| format!("{{{name}}}"));
        if let Some(name) = template.parameters().iter().min() {
            let words = format!(
                "there is no parameter `{name}`: a family declares it, `user({name}: u64): ..`; \
                 a hash tag has doubled braces, `{{{{{name}}}}}`"
            );
            self.mistakes.add(literal.span(), words);
        }
        Name::Constant(text)
    }

    fn family(&mut self, ident: &Ident, parameters: Vec<Parameter>, literal: &LitStr) -> Name {
        if parameters.is_empty() {
            let words = format!("a family has parameters: write `{ident}: ..` for a single key");
            self.mistakes.add(ident.span(), words);
        }
        let Some(template) = self.template(ident, literal) else {
            return Name::Family(parameters, Template(vec![Part::Text(literal.value())]));
        };
        let used = template.parameters();
        for Parameter { ident, .. } in &parameters {
            if !used.contains(&*ident.to_string()) {
                let words =
                    format!("`{ident}` is not in the key's name, so all of them would be one key: write `{{{ident}}}`");
                self.mistakes.add(ident.span(), words);
            }
        }
        let declared: HashSet<_> = parameters.iter().map(|parameter| parameter.ident.to_string()).collect();
        if let Some(name) = used.iter().filter(|name| !declared.contains(**name)).min() {
            let words = format!("there is no parameter `{name}`; a hash tag has doubled braces: `{{{{{name}}}}}`");
            self.mistakes.add(literal.span(), words);
        }
        Name::Family(parameters, template)
    }

    /// The name that `literal` is, unless that is a mistake.
    fn template(&mut self, ident: &Ident, literal: &LitStr) -> Option<Template> {
        let text = literal.value();
        let template = if text.is_empty() { Err(NO_NAME) } else { Template::parse(&text) };
        match template {
            Ok(template) => {
                // What a parameter is called does not tell two names apart.
                self.name(ident, template.with(|_| "\0".to_owned()), literal.span());
                Some(template)
            }
            Err(words) => {
                self.mistakes.add(literal.span(), words);
                None
            }
        }
    }

    fn name(&mut self, ident: &Ident, name: String, span: Span) {
        if let Some(other) = self.names.insert(name, ident.to_string()) {
            let words = format!("`{other}` has this name already: two keys of one name would overwrite each other");
            self.mistakes.add(span, words);
        }
    }

    fn member(&mut self, entry: Entry, keys: &[Key]) -> Option<Key> {
        let Entry { attributes, visibility, ident, form: Form::Member { family, arguments } } = entry else {
            return None;
        };
        let declared = keys.iter().find_map(|key| match &key.name {
            Name::Family(parameters, template) if key.ident == family => Some((parameters, template, &key.kind)),
            _ => None,
        });
        let Some((parameters, template, kind)) = declared else {
            self.mistakes.add(family.span(), format!("there is no family `{family}` in this keyspace"));
            return None;
        };
        if parameters.len() != arguments.len() {
            let words = format!("`{family}` has {} parameters, and {} are given", parameters.len(), arguments.len());
            self.mistakes.add(family.span(), words);
            return None;
        }
        let given: HashMap<_, _> =
            parameters.iter().map(|parameter| parameter.ident.to_string()).zip(&arguments).collect();
        let text = template.with(|name| given.get(name).map(|argument| argument.text.clone()).unwrap_or_default());
        self.check_tag(template, &given, &text, &family);
        self.name(&ident, text.clone(), ident.span());
        let kind = kind.clone();
        Some(Key { attributes, visibility, ident, kind, name: Name::Member { family, arguments, text } })
    }

    /// What a family refuses at run time is refused here, where the text is known.
    fn check_tag(&mut self, template: &Template, given: &HashMap<String, &Argument>, text: &str, family: &Ident) {
        let mut refused = false;
        for part in &template.0 {
            let Part::Parameter(name, place) = part else { continue };
            let Some(argument) = given.get(name) else { continue };
            let words = match place {
                Place::BeforeTag if argument.text.contains('{') => OPENS_A_TAG,
                Place::InTag if argument.text.contains('}') => CLOSES_THE_TAG,
                _ => continue,
            };
            self.mistakes.add(argument.tokens.span(), words);
            refused = true;
        }
        let in_tag = |part: &Part| matches!(part, Part::Parameter(_, Place::InTag));
        let is_empty = || text.split_once('{').is_some_and(|(_, rest)| rest.starts_with('}'));
        if !refused && template.0.iter().any(in_tag) && is_empty() {
            self.mistakes.add(family.span(), EMPTY_TAG);
        }
        if text.is_empty() {
            self.mistakes.add(family.span(), "the name of this key is empty");
        }
    }
}

const NO_NAME: &str = "a key needs a name, and this one is empty";

const OPENS_A_TAG: &str = "this text has a `{` in it, which would begin a hash tag before the declared one";

const EMPTY_TAG: &str = "the hash tag of this key is empty, so that it would keep no keys together";

const CLOSES_THE_TAG: &str = "this text has a `}` in it, which would end the hash tag early";
