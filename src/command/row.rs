//! What the table says of a command, as data.

use crate::key::KeyType;

/// The facts of one form of a command, as the table states them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CommandInfo {
    /// The command's name on the wire, such as `OBJECT ENCODING`.
    pub name: &'static str,
    /// The method that sends it.
    pub method: &'static str,
    /// The first version of Redis that has the command, or the options that this form always sends.
    pub since: &'static str,
    /// The number of its words and arguments as the server counts them; below zero where that is the least.
    pub arity: i8,
    /// Whether the command may write.
    pub access: Access,
    /// What the command leaves at its keys, where an argument does not say otherwise.
    pub leaves: Leaves,
    /// The arguments that are keys, in their order.
    pub keys: &'static [KeySpec],
    /// What becomes of the command inside MULTI.
    pub multi: Multi,
    /// Which connections the command may be sent on.
    pub connection: Connection,
}

impl CommandInfo {
    /// For the rows of [`commands!`](crate::commands).
    #[doc(hidden)]
    #[allow(clippy::too_many_arguments)]
    pub const fn new(
        name: &'static str,
        method: &'static str,
        since: &'static str,
        arity: i8,
        access: Access,
        leaves: Leaves,
        keys: &'static [KeySpec],
        multi: Multi,
        connection: Connection,
    ) -> Self {
        CommandInfo { name, method, since, arity, access, leaves, keys, multi, connection }
    }
}

/// Whether a command may write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(non_camel_case_types)]
pub enum Access {
    /// It only reads.
    reads,
    /// It may write.
    writes,
}

/// What a command that succeeds leaves at a key, and whether it fails on a key of another kind than the row names.
///
/// [`pipeline!`](crate::pipeline) judges literal keys by it, so the weaker word is the right one wherever a command has
/// exceptions: a wrong word refuses a program that works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(non_camel_case_types)]
pub enum Leaves {
    /// What was there, if anything was: the command removes and overwrites nothing. It fails on a key of another kind.
    same,
    /// A value of the kind that the row names: the key surely exists. The command fails on a key of another kind.
    exists,
    /// What the row names, or nothing: the command may remove the key. It fails on a key of another kind.
    maybe,
    /// A value of the kind that the row names, whatever the key held before.
    replaced,
    /// What was there, if anything was. The command need not fail on a key of another kind.
    kept,
    /// Anything, or nothing. The command need not fail on a key of another kind.
    uncertain,
    /// Anything, at any key: at those too that the command does not name.
    anything,
}

/// An argument of a row that is a key, or several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeySpec {
    /// The name of the argument.
    pub name: &'static str,
    /// What the key may hold; empty where it does not matter.
    pub kinds: &'static [KeyType],
    /// What the command leaves there.
    pub leaves: Leaves,
}

impl KeySpec {
    /// For the rows of [`commands!`](crate::commands).
    #[doc(hidden)]
    pub const fn new(name: &'static str, kinds: &'static [KeyType], leaves: Leaves) -> Self {
        KeySpec { name, kinds, leaves }
    }

    /// Tells whether the command is certain to fail when the key holds a `kind`.
    pub fn refuses(&self, kind: &KeyType) -> bool {
        let judged = matches!(self.leaves, Leaves::same | Leaves::exists | Leaves::maybe);
        judged && !self.kinds.is_empty() && !self.kinds.contains(kind)
    }

    /// Tells whether the command removes and overwrites nothing at the key.
    pub fn keeps(&self) -> bool {
        matches!(self.leaves, Leaves::same | Leaves::exists | Leaves::kept)
    }

    /// Returns what the key is certain to hold once the command has succeeded, whatever it held before.
    pub fn surely_leaves(&self) -> Option<&'static KeyType> {
        match (self.leaves, self.kinds) {
            (Leaves::exists | Leaves::replaced, [kind]) => Some(kind),
            _ => None,
        }
    }
}

/// What becomes of a command inside MULTI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(non_camel_case_types)]
pub enum Multi {
    /// It runs as it does outside.
    yes,
    /// It runs without what it is for, such as blocking.
    degrades,
    /// It must not be there.
    refused,
}

/// Which connections a command may be sent on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(non_camel_case_types)]
pub enum Connection {
    /// Any.
    any,
    /// One that nobody else uses meanwhile, because the command blocks it.
    own,
    /// None: the command changes the connection itself.
    never,
}
