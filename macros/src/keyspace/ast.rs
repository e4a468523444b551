//! Syntax tree of `keyspace!`: the entries that the parser reads, and the keys that the validator makes of them.

use super::template::Template;
use proc_macro2::{Ident, TokenStream};
use syn::{Attribute, LitStr, Type, Visibility};

/// `/// docs` `pub NAME: Kind = "name"`, or one of its other forms.
pub(super) struct Entry {
    pub(super) attributes: Vec<Attribute>,
    pub(super) visibility: Visibility,
    pub(super) ident: Ident,
    pub(super) form: Form,
}

pub(super) enum Form {
    /// `SEQUENCE: Str<i64> = "sequence"`
    Constant { kind: Type, name: LitStr },
    /// `account(id: u64): Str<i64> = "account:{id}"`
    Family { parameters: Vec<Parameter>, kind: Type, name: LitStr },
    /// `BANK = account(0)`
    Member { family: Ident, arguments: Vec<Argument> },
}

pub(super) struct Parameter {
    pub(super) ident: Ident,
    pub(super) ty: Type,
}

/// A literal, and its text in the name of a key.
pub(super) struct Argument {
    pub(super) tokens: TokenStream,
    pub(super) text: String,
}

/// A valid entry, whose kind and name are known.
pub(super) struct DeclaredKey {
    pub(super) attributes: Vec<Attribute>,
    pub(super) visibility: Visibility,
    pub(super) ident: Ident,
    pub(super) kind: Type,
    pub(super) name: KeyName,
    /// The cluster slot of a constant, if the declaration has a hash tag without a parameter.
    pub(super) slot: Option<u16>,
}

pub(super) enum KeyName {
    Constant(String),
    Family(Vec<Parameter>, Template),
    Member { family: Ident, arguments: Vec<Argument>, text: String },
}
