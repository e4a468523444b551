//! The table of commands as types.

use proc_macro2::{Ident, TokenStream};
use syn::{
    Attribute, Expr, LitInt, LitStr, Path, Type, TypeParamBound, Visibility, punctuated::Punctuated, token::Plus,
};

/// One group of commands.
pub(crate) struct Table {
    /// The path to the crate typedis, whatever its user calls it.
    pub(crate) krate: TokenStream,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    /// The trait whose methods are the commands.
    pub(crate) group: Ident,
    /// The module of the marker types.
    pub(crate) module: Ident,
    pub(crate) rows: Vec<Row>,
}

/// One form of one command.
pub(crate) struct Row {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) method: Ident,
    /// The generics of the arguments, which no turbofish names.
    pub(crate) argument_generics: Vec<Generic>,
    /// The generics that shape the reply.
    pub(crate) reply_generics: Vec<Generic>,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) shape: Type,
    pub(crate) reply: Type,
    pub(crate) bounds: Vec<(Type, Path)>,
    pub(crate) wire: LitStr,
    /// The arguments on the wire, where they are not simply those of the method.
    pub(crate) sent: Option<Vec<Expr>>,
    pub(crate) marker: Ident,
    pub(crate) facts: Facts,
}

pub(crate) struct Generic {
    pub(crate) name: Ident,
    pub(crate) bounds: Punctuated<TypeParamBound, Plus>,
}

pub(crate) struct Argument {
    pub(crate) name: Ident,
    pub(crate) role: Role,
    /// What the command leaves at this key, where that is not what the row says.
    pub(crate) effect: Option<KeyFact>,
}

pub(crate) enum Role {
    /// `key @ Str<Reads<T>>`
    Key(Need),
    /// `keys @@ Str<Reads<T>>`
    Keys(Need),
    /// `key @= K of Str`: a key whose type is the generic `K`.
    Named { generic: Ident, kind: Need },
    /// `pairs @: impl KeyValues`: keys, each with its value behind it.
    Pairs(Type),
    /// `value: impl Argument`
    Value(Type),
}

/// What a command needs its key to hold.
pub(crate) struct Need {
    pub(crate) kind: Ident,
    /// The whole type, such as `Str<Reads<T>>`.
    pub(crate) need: TokenStream,
}

/// What a command leaves at a key, and what it does on a key of another kind.
#[derive(Clone)]
pub(crate) struct KeyFact {
    pub(crate) effect: Ident,
    /// `Fails` or `Ignores`, where the row says it.
    pub(crate) on_wrong_type: Option<Ident>,
}

/// The facts of a row; `None` where a fact is missing, which is an error then, or has a default.
#[derive(Default)]
pub(crate) struct Facts {
    pub(crate) since: Option<Since>,
    pub(crate) arity: Option<Arity>,
    pub(crate) access: Option<Ident>,
    pub(crate) effect: Option<Ident>,
    pub(crate) on_wrong_type: Option<Ident>,
    /// `AllKeys` where keys are touched that no argument names.
    pub(crate) touches: Option<Ident>,
    pub(crate) route: Option<Route>,
    pub(crate) multi: Option<Ident>,
    pub(crate) connection: Option<Ident>,
    pub(crate) deprecated: Option<Deprecated>,
}

pub(crate) enum Since {
    /// `None` stands for `never`. Without a word for Valkey, Valkey inherited the command.
    Vendors {
        redis: Option<LitStr>,
        valkey: Option<Option<LitStr>>,
    },
    Module {
        name: LitStr,
        since: LitStr,
    },
}

pub(crate) struct Arity {
    pub(crate) negative: bool,
    pub(crate) words: LitInt,
}

pub(crate) struct Route {
    pub(crate) name: Ident,
    /// How the replies of several nodes become one.
    pub(crate) merge: Option<Ident>,
}

/// Deprecation by Redis or by both vendors.
pub(crate) struct Deprecated {
    pub(crate) redis: LitStr,
    pub(crate) valkey: Option<LitStr>,
    pub(crate) instead: LitStr,
}

impl Argument {
    /// The need of an argument that is a key or several.
    pub(crate) fn need(&self) -> Option<&Need> {
        match &self.role {
            Role::Key(need) | Role::Keys(need) | Role::Named { kind: need, .. } => Some(need),
            Role::Pairs(_) | Role::Value(_) => None,
        }
    }

    /// Returns whether the argument holds keys.
    pub(crate) fn is_key(&self) -> bool {
        !matches!(self.role, Role::Value(_))
    }
}

impl Row {
    pub(crate) fn has_keys(&self) -> bool {
        self.arguments.iter().any(Argument::is_key)
    }

    /// Returns whether no place takes the command, because it would change the connection.
    pub(crate) fn is_forbidden(&self) -> bool {
        self.facts.connection.as_ref().is_some_and(|connection| connection == "Forbidden")
    }
}
