//! Syntax tree of `pipeline!`: what the parser reads, and the plan that the validator makes of it.

use super::command::Command;
use proc_macro2::{Ident, Span, TokenStream};
use syn::{Path, Stmt};

/// The input of `pipeline! { client => set("key", 1); get("key") }`.
pub(super) struct Body {
    pub(super) client: Option<Client>,
    pub(super) statements: Vec<Statement>,
    pub(super) reply_struct: Option<ReplyStruct>,
}

/// `client =>`, where the client may also be a pipeline made from one.
pub(super) struct Client {
    pub(super) expr: TokenStream,
    pub(super) arrow: Span,
}

pub(super) enum Statement {
    /// `set("key", 1);` and nothing around it.
    Command(Command),
    /// Any other statement of Rust.
    Rust(Box<Stmt>),
    /// `ge`: the name of a command that is still being typed.
    HalfTyped(Ident),
}

/// The user's struct that the replies fill instead of a tuple.
pub(super) struct ReplyStruct {
    pub(super) path: Path,
    pub(super) braces: Span,
}

/// A valid block: what runs at once, and what is queued.
pub(super) struct Plan {
    pub(super) form: Form,
    /// The statements before `multi()`, which run at once.
    pub(super) steps: Vec<Step>,
    pub(super) multi: Option<Command>,
    pub(super) queue: Vec<Queued>,
    pub(super) reply_struct: Option<ReplyStruct>,
}

pub(super) enum Form {
    /// `pipeline! { get("key") }`
    Prepared,
    /// `pipeline! { client => get("key") }`
    InPlace(Client),
    /// `pipeline! { client => watch("key"); .. multi(); .. }`
    Watched(Client),
}

pub(super) enum Step {
    Watch(Command),
    Read(Command),
    Rust(Box<Stmt>),
    HalfTyped(Ident),
}

pub(super) enum Queued {
    Command(Command),
    HalfTyped(Ident),
}

impl Step {
    /// The command, if it watches keys.
    pub(super) fn watch(&self) -> Option<&Command> {
        match self {
            Step::Watch(command) => Some(command),
            Step::Read(_) | Step::Rust(_) | Step::HalfTyped(_) => None,
        }
    }
}

impl Queued {
    pub(super) fn command(&self) -> Option<&Command> {
        match self {
            Queued::Command(command) => Some(command),
            Queued::HalfTyped(_) => None,
        }
    }
}
