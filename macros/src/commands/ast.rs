//! Syntax tree of `commands!`: the table of commands as types.

use super::kinds::{self, Kind};
use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use syn::{
    Attribute, Expr, LitInt, LitStr, Path, Type, TypeParamBound, Visibility, punctuated::Punctuated, token::Plus,
};

/// One group of commands.
pub(super) struct Table {
    pub(super) attributes: Vec<Attribute>,
    pub(super) visibility: Visibility,
    /// The trait whose methods are the commands.
    pub(super) group: Ident,
    /// The module of the marker types.
    pub(super) module: Ident,
    pub(super) rows: Vec<Row>,
}

/// One form of one command.
pub(super) struct Row {
    pub(super) attributes: Vec<Attribute>,
    pub(super) method: Ident,
    /// The generics of the arguments, which no turbofish names.
    pub(super) argument_generics: Vec<Generic>,
    /// The generics that shape the reply.
    pub(super) reply_generics: Vec<Generic>,
    pub(super) arguments: Vec<Argument>,
    pub(super) shape: Type,
    pub(super) reply: Type,
    pub(super) bounds: Vec<Bound>,
    pub(super) wire: LitStr,
    /// The arguments on the wire, if they are not those of the method in their order.
    pub(super) sent: Option<Vec<Expr>>,
    pub(super) marker: Ident,
    pub(super) facts: Facts,
}

pub(super) struct Generic {
    pub(super) name: Ident,
    pub(super) bounds: Punctuated<TypeParamBound, Plus>,
}

/// `TYPE: BOUND` of a method's `where` clause.
pub(super) struct Bound {
    pub(super) bounded: Type,
    pub(super) bound: Path,
}

pub(super) struct Argument {
    pub(super) name: Ident,
    pub(super) role: Role,
    /// The fact of this key, if it is not that of the row.
    pub(super) key_fact: Option<KeyFact>,
}

pub(super) enum Role {
    /// `key @ Str<Reads<T>>`
    Key(Need),
    /// `keys @@ Str<Reads<T>>`
    Keys(Need),
    /// `key @= K of Str`: a key whose type is the generic `K`.
    Named { generic: Ident, kind: Need },
    /// `pairs @: impl KeyValues`: keys of strings, each with its value behind it; or `rows @: impl KeySamples of TimeSeries by 3`:
    /// keys of another kind, in rows of more words.
    Rows { of: Type, keys: Option<RowKeys> },
    /// `value: impl Argument`
    Value(Type),
}

/// `of KIND by WORDS`: the keys that begin the rows of one argument.
pub(super) struct RowKeys {
    pub(super) need: Need,
    /// The number of words of each row, its key included.
    pub(super) words: LitInt,
}

/// The need of a command for the value of its key.
pub(super) struct Need {
    pub(super) kind: Ident,
    /// The whole type, such as `Str<Reads<T>>`.
    pub(super) need: TokenStream,
}

/// A fact whose value is one word of a row: a variant of an enum of typedis.
pub(super) trait FactValue: Copy + 'static {
    const ALL: &'static [Self];

    fn word(self) -> &'static str;
}

/// Enums whose variants are the words of a fact. As tokens: the variant's name.
macro_rules! fact_values {
    ($($(#[$doc:meta])* $name:ident: $($word:ident),+;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq)]
        pub(super) enum $name {
            $($word),+
        }

        impl FactValue for $name {
            const ALL: &'static [Self] = &[$($name::$word),+];

            fn word(self) -> &'static str {
                match self {
                    $($name::$word => stringify!($word)),+
                }
            }
        }

        impl ToTokens for $name {
            fn to_tokens(&self, tokens: &mut TokenStream) {
                Ident::new(self.word(), Span::call_site()).to_tokens(tokens);
            }
        }
    )*};
}

fact_values! {
    Access: ReadOnly, ReadWrite;
    KeyEffect: Preserves, Creates, MayRemove, Replaces, Unknown;
    OnWrongType: Fails, Ignores;
    Touches: NamedKeys, AllKeys;
    Runs: Command, Script;
    MultiPolicy: Allowed, Degraded, Refused;
    ConnectionPolicy: Shared, Dedicated, Forbidden;
    /// The nodes of a cluster that a command is sent to.
    Target: Keys, NotKey, AnyNode, EachKey, AllShards, AllNodes, SingleServer;
    /// The merge of the replies of several nodes.
    Merge: AllSucceeded, OneSucceeded, Sum, Min, Max, LogicalAnd, LogicalOr, Concatenate, KeyOrder, Special;
}

/// The effect of a command on a key, and its behaviour on a key of another kind.
#[derive(Clone, Copy)]
pub(super) struct KeyFact {
    pub(super) effect: KeyEffect,
    pub(super) on_wrong_type: OnWrongType,
}

/// The facts of a row, with the defaults of those that it does not state.
pub(super) struct Facts {
    pub(super) since: Since,
    pub(super) arity: Arity,
    pub(super) access: Access,
    /// The fact of the keys that have none of their own.
    pub(super) key_fact: KeyFact,
    pub(super) touches: Touches,
    /// `None` if the row does not state it: the default depends on the name.
    pub(super) runs: Option<Runs>,
    /// `None` if the row does not state it: the default depends on the arguments.
    pub(super) route: Option<Route>,
    pub(super) multi: MultiPolicy,
    pub(super) connection: ConnectionPolicy,
    pub(super) deprecated: Option<Deprecated>,
    /// What to use on a server without the command, as a sentence.
    pub(super) fallback: Option<LitStr>,
}

/// The commands that run a script or a function of the server, or of a module that is known to run some.
const RUN_SCRIPTS: [&str; 12] = [
    "EVAL",
    "EVALSHA",
    "EVALSHA_RO",
    "EVAL_RO",
    "FCALL",
    "FCALL_RO",
    "TFCALL",
    "TFCALLASYNC",
    "RG.PYEXECUTE",
    "RG.TRIGGER",
    "AI.SCRIPTEXECUTE",
    "AI.DAGEXECUTE",
];

impl Facts {
    /// Returns what a command of this name runs. Rows of the known commands need not state it.
    pub(super) fn runs(&self, wire: &str) -> Runs {
        let by_name = if runs_script(wire) { Runs::Script } else { Runs::Command };
        self.runs.unwrap_or(by_name)
    }
}

/// Returns whether the command is known to run a script or a function. What stands behind the first word of its name is an
/// argument, such as the name of the function.
pub(super) fn runs_script(wire: &str) -> bool {
    let command = wire.split(' ').next().unwrap_or_default();
    RUN_SCRIPTS.iter().any(|known| known.eq_ignore_ascii_case(command))
}

pub(super) enum Since {
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

/// The number of words as COMMAND INFO has it: a minimum if it is negative.
pub(super) struct Arity {
    pub(super) negative: bool,
    pub(super) words: LitInt,
}

pub(super) struct Route {
    pub(super) target: Target,
    pub(super) merge: Option<Merge>,
    pub(super) span: Span,
}

/// Deprecation by Redis or by both vendors.
pub(super) struct Deprecated {
    pub(super) redis: LitStr,
    pub(super) valkey: Option<LitStr>,
    pub(super) instead: LitStr,
}

impl Target {
    /// Returns whether the replies of several nodes are merged into one.
    pub(super) fn merges(self) -> bool {
        matches!(self, Target::EachKey | Target::AllShards | Target::AllNodes)
    }

    /// Returns whether the keys among the arguments determine the nodes.
    pub(super) fn follows_keys(self) -> bool {
        matches!(self, Target::Keys | Target::NotKey | Target::EachKey)
    }
}

impl KeyFact {
    /// The fact of `effect`; the default policy is `Ignores` for effects that replace or may do anything, since such
    /// commands seldom look at the old value.
    pub(super) fn new(effect: KeyEffect, on_wrong_type: Option<OnWrongType>) -> Self {
        let default = match effect {
            KeyEffect::Replaces | KeyEffect::Unknown => OnWrongType::Ignores,
            KeyEffect::Preserves | KeyEffect::Creates | KeyEffect::MayRemove => OnWrongType::Fails,
        };
        KeyFact { effect, on_wrong_type: on_wrong_type.unwrap_or(default) }
    }
}

impl Since {
    /// The version of a row whose own one is missing or invalid: every server has the command, so that no second error
    /// follows.
    pub(super) fn always() -> Self {
        Since::Vendors { redis: Some(LitStr::new("1.0.0", Span::call_site())), valkey: None }
    }
}

impl ToTokens for Arity {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        if self.negative {
            syn::Token![-](Span::call_site()).to_tokens(tokens);
        }
        self.words.to_tokens(tokens);
    }
}

impl Argument {
    /// The need of an argument that is a key or several.
    pub(super) fn need(&self) -> Option<&Need> {
        match &self.role {
            Role::Key(need) | Role::Keys(need) | Role::Named { kind: need, .. } => Some(need),
            Role::Rows { .. } | Role::Value(_) => None,
        }
    }

    /// The need that is written in the row, for the check of its kind.
    pub(super) fn written_need(&self) -> Option<&Need> {
        match &self.role {
            Role::Rows { keys: Some(keys), .. } => Some(&keys.need),
            _ => self.need(),
        }
    }

    /// The kind of an argument that holds keys.
    pub(super) fn kind(&self) -> Option<&'static Kind> {
        match &self.role {
            Role::Rows { keys: None, .. } => Some(kinds::STRING),
            _ => self.written_need().map(|need| kinds::kind(&need.kind).unwrap_or(kinds::ANY)),
        }
    }

    /// Returns whether the argument is no key, and has a slot as keys have.
    pub(super) fn is_not_key(&self) -> bool {
        self.kind().is_some_and(|kind| kind.word == kinds::NOT_KEY)
    }

    /// Returns whether the argument holds keys.
    pub(super) fn is_key(&self) -> bool {
        !matches!(self.role, Role::Value(_))
    }

    /// The fact of an argument that holds keys: its own one, or else that of the row.
    pub(super) fn key_fact(&self, facts: &Facts) -> KeyFact {
        self.key_fact.unwrap_or(facts.key_fact)
    }
}

impl Row {
    pub(super) fn has_keys(&self) -> bool {
        self.arguments.iter().any(Argument::is_key)
    }

    /// Returns whether no argument with a slot is a key.
    pub(super) fn has_slot_alone(&self) -> bool {
        self.arguments.iter().filter(|argument| argument.is_key()).all(Argument::is_not_key)
    }

    /// Returns whether no sink takes the command, because it would change the connection.
    pub(super) fn is_forbidden(&self) -> bool {
        self.facts.connection == ConnectionPolicy::Forbidden
    }

    /// Returns whether the command is for all nodes of a cluster, so that a transaction of one cannot run it.
    pub(super) fn is_for_every_node(&self) -> bool {
        let target = self.facts.route.as_ref().map(|route| route.target);
        !self.is_forbidden() && matches!(target, Some(Target::AllShards | Target::AllNodes))
    }

    /// Returns whether the command is about the one server of a client, so that a client of a cluster cannot run it.
    pub(super) fn is_for_one_server(&self) -> bool {
        let target = self.facts.route.as_ref().map(|route| route.target);
        !self.is_forbidden() && matches!(target, Some(Target::SingleServer))
    }
}
