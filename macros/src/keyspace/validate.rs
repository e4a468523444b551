//! Validator of `keyspace!`: entries to keys whose names are known.

use super::{
    ast::{Argument, DeclaredKey, Entry, Form, KeyName, Parameter},
    template::{Part, TagPosition, Template},
};
use crate::{
    errors::Errors,
    slot::{hash_slot, hash_tag},
};
use proc_macro2::{Ident, Span};
use std::collections::{HashMap, HashSet};
use syn::{LitStr, spanned::Spanned};

pub(super) fn validate(entries: Vec<Entry>, errors: &mut Errors) -> Vec<DeclaredKey> {
    let mut validator = Validator { errors, idents: HashSet::new(), names: HashMap::new() };
    let entries: Vec<_> = entries.into_iter().filter(|entry| validator.is_new(entry)).collect();
    let (members, others): (Vec<_>, Vec<_>) =
        entries.into_iter().partition(|entry| matches!(entry.form, Form::Member { .. }));
    let mut keys: Vec<_> = others.into_iter().filter_map(|entry| validator.declare(entry)).collect();
    let members: Vec<_> = members.into_iter().filter_map(|entry| validator.member(entry, &keys)).collect();
    keys.extend(members);
    keys
}

struct Validator<'a> {
    errors: &'a mut Errors,
    idents: HashSet<String>,
    /// The item that has each name.
    names: HashMap<String, String>,
}

impl Validator<'_> {
    fn is_new(&mut self, Entry { ident, .. }: &Entry) -> bool {
        let is_new = self.idents.insert(ident.to_string());
        if !is_new {
            self.errors.add(ident.span(), format!("`{ident}` is declared twice"));
        }
        is_new
    }

    fn declare(&mut self, Entry { attributes, visibility, ident, form }: Entry) -> Option<DeclaredKey> {
        let (kind, name) = match form {
            Form::Constant { kind, name } => (kind, self.constant(&ident, &name)),
            Form::Family { parameters, kind, name } => (kind, self.family(&ident, parameters, &name)),
            Form::Member { .. } => return None,
        };
        let slot = match &name {
            KeyName::Constant(text) => hash_tag(text).map(hash_slot),
            KeyName::Family(..) | KeyName::Member { .. } => None,
        };
        Some(DeclaredKey { attributes, visibility, ident, kind, name, slot })
    }

    fn constant(&mut self, ident: &Ident, literal: &LitStr) -> KeyName {
        let Some(template) = self.template(ident, literal) else { return KeyName::Constant(literal.value()) };
        let text = template.with(|name| format!("{{{name}}}"));
        if let Some(name) = template.parameters().iter().min() {
            let message = format!(
                "there is no parameter `{name}`: a family declares it, `user({name}: u64): ..`; \
                 a hash tag has doubled braces, `{{{{{name}}}}}`"
            );
            self.errors.add(literal.span(), message);
        }
        KeyName::Constant(text)
    }

    fn family(&mut self, ident: &Ident, parameters: Vec<Parameter>, literal: &LitStr) -> KeyName {
        if parameters.is_empty() {
            let message = format!("a family has parameters: write `{ident}: ..` for a single key");
            self.errors.add(ident.span(), message);
        }
        let Some(template) = self.template(ident, literal) else {
            return KeyName::Family(parameters, Template(vec![Part::Text(literal.value())]));
        };
        let used = template.parameters();
        for Parameter { ident, .. } in &parameters {
            if !used.contains(&*ident.to_string()) {
                let message =
                    format!("`{ident}` is not in the key's name, so all of them would be one key: write `{{{ident}}}`");
                self.errors.add(ident.span(), message);
            }
        }
        let declared: HashSet<_> = parameters.iter().map(|parameter| parameter.ident.to_string()).collect();
        if let Some(name) = used.iter().filter(|name| !declared.contains(**name)).min() {
            let message = format!("there is no parameter `{name}`; a hash tag has doubled braces: `{{{{{name}}}}}`");
            self.errors.add(literal.span(), message);
        }
        KeyName::Family(parameters, template)
    }

    /// The template in `literal`, unless it is an error.
    fn template(&mut self, ident: &Ident, literal: &LitStr) -> Option<Template> {
        let text = literal.value();
        match if text.is_empty() { Err(NO_NAME) } else { Template::parse(&text) } {
            Ok(template) => {
                // The names of parameters do not tell two templates apart.
                self.claim_name(ident, template.with(|_| "\0".to_owned()), literal.span());
                Some(template)
            }
            Err(message) => {
                self.errors.add(literal.span(), message);
                None
            }
        }
    }

    fn claim_name(&mut self, ident: &Ident, name: String, span: Span) {
        if let Some(other) = self.names.insert(name, ident.to_string()) {
            let message = format!("`{other}` has this name already: two keys of one name would overwrite each other");
            self.errors.add(span, message);
        }
    }

    fn member(&mut self, entry: Entry, keys: &[DeclaredKey]) -> Option<DeclaredKey> {
        let Entry { attributes, visibility, ident, form: Form::Member { family, arguments } } = entry else {
            return None;
        };
        let declared = keys.iter().find_map(|key| match &key.name {
            KeyName::Family(parameters, template) if key.ident == family => Some((parameters, template, &key.kind)),
            _ => None,
        });
        let Some((parameters, template, kind)) = declared else {
            self.errors.add(family.span(), format!("there is no family `{family}` in this keyspace"));
            return None;
        };
        if parameters.len() != arguments.len() {
            let message = format!("`{family}` has {} parameters, and {} are given", parameters.len(), arguments.len());
            self.errors.add(family.span(), message);
            return None;
        }
        let given: HashMap<_, _> =
            parameters.iter().map(|parameter| parameter.ident.to_string()).zip(&arguments).collect();
        let text = template.with(|name| given.get(name).map(|argument| argument.text.clone()).unwrap_or_default());
        self.check_tag(template, &given, &text, &family);
        self.claim_name(&ident, text.clone(), ident.span());
        let (kind, slot) = (kind.clone(), template.slot());
        let name = KeyName::Member { family, arguments, text };
        Some(DeclaredKey { attributes, visibility, ident, kind, name, slot })
    }

    /// Refuses what the family refuses at run time, because the text is known here.
    fn check_tag(&mut self, template: &Template, given: &HashMap<String, &Argument>, text: &str, family: &Ident) {
        let mut refused = false;
        for part in &template.0 {
            let Part::Parameter(name, position) = part else { continue };
            let Some(argument) = given.get(name) else { continue };
            let message = match position {
                TagPosition::BeforeTag if argument.text.contains('{') => OPENS_A_TAG,
                TagPosition::InTag if argument.text.contains('}') => CLOSES_THE_TAG,
                _ => continue,
            };
            self.errors.add(argument.tokens.span(), message);
            refused = true;
        }
        let in_tag = |part: &Part| matches!(part, Part::Parameter(_, TagPosition::InTag));
        let is_empty = || text.split_once('{').is_some_and(|(_, rest)| rest.starts_with('}'));
        if !refused && template.0.iter().any(in_tag) && is_empty() {
            self.errors.add(family.span(), EMPTY_TAG);
        }
        if text.is_empty() {
            self.errors.add(family.span(), "the name of this key is empty");
        }
    }
}

const NO_NAME: &str = "a key needs a name, and this one is empty";

const OPENS_A_TAG: &str = "this text has a `{` in it, which would begin a hash tag before the declared one";

const EMPTY_TAG: &str = "the hash tag of this key is empty, so that it would keep no keys together";

const CLOSES_THE_TAG: &str = "this text has a `}` in it, which would end the hash tag early";
