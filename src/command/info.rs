//! The facts of a command as data.

use super::route::Route;
use crate::{key::KeyType, version::Availability};

/// The facts of one form of a command, as its row in the table states them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CommandInfo {
    /// The command's name on the wire, such as `OBJECT ENCODING`.
    pub name: &'static str,
    /// The trait that has the method, such as `StringCommands`.
    pub group: &'static str,
    /// The method that sends it.
    pub method: &'static str,
    /// The Rust type of the reply, as the row writes it.
    pub reply: &'static str,
    /// The first version of each vendor that has the command, or the options that this form always sends.
    pub since: Availability,
    /// The number of its words and arguments as the server counts them; negative where that is the least.
    pub arity: i8,
    /// Whether the command may write.
    pub access: Access,
    /// What the command leaves at its keys, where a key argument does not say otherwise.
    pub effect: KeyEffect,
    /// Which keys the command touches.
    pub touches: Touches,
    /// The arguments that are keys, in their order.
    pub keys: &'static [KeySpec],
    /// Where a cluster sends the command.
    pub route: Route,
    /// How the command behaves inside MULTI.
    pub multi: MultiPolicy,
    /// Which connection the command is sent on.
    pub connection: ConnectionPolicy,
    /// Since when the command is deprecated, if it is.
    pub deprecated: Option<Deprecation>,
}

impl CommandInfo {
    /// For the rows of [`commands!`](macro@crate::commands).
    #[doc(hidden)]
    #[allow(clippy::too_many_arguments)]
    pub const fn new(
        name: &'static str,
        group: &'static str,
        method: &'static str,
        reply: &'static str,
        since: Availability,
        arity: i8,
        access: Access,
        effect: KeyEffect,
        touches: Touches,
        keys: &'static [KeySpec],
        route: Route,
        multi: MultiPolicy,
        connection: ConnectionPolicy,
        deprecated: Option<Deprecation>,
    ) -> Self {
        CommandInfo {
            name,
            group,
            method,
            reply,
            since,
            arity,
            access,
            effect,
            touches,
            keys,
            route,
            multi,
            connection,
            deprecated,
        }
    }
}

/// Whether a command may write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// It only reads.
    ReadOnly,
    /// It may write.
    ReadWrite,
}

/// What a command that succeeds leaves at a key.
///
/// [`pipeline!`](macro@crate::pipeline) judges literal keys by it, so the weaker word is the right one wherever a command has
/// exceptions: a wrong word refuses a program that works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyEffect {
    /// The value that was there, if any: the command removes and overwrites nothing.
    Preserves,
    /// A value of the kind that the row names: the key surely exists afterwards.
    Creates,
    /// A value of the kind that the row names, or no key: the command may remove it.
    MayRemove,
    /// A value of the kind that the row names, whatever the key held before.
    Replaces,
    /// Any value, or no key.
    Unknown,
}

/// What a command does at a key that holds another kind than the row names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnWrongType {
    /// It fails with WRONGTYPE.
    Fails,
    /// It need not fail.
    Ignores,
}

/// Which keys a command touches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touches {
    /// The keys that its arguments name.
    NamedKeys,
    /// Any key, as FLUSHALL and scripts do.
    AllKeys,
}

/// An argument of a row that is a key, or several keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeySpec {
    /// The name of the argument.
    pub name: &'static str,
    /// The types of value that the key may hold; empty where the type does not matter.
    pub kinds: &'static [KeyType],
    /// What the command leaves there.
    pub effect: KeyEffect,
    /// What the command does if the key holds another type.
    pub on_wrong_type: OnWrongType,
    /// The distance from one key to the next on the wire: 2 where a value stands behind each key.
    pub stride: usize,
}

impl KeySpec {
    /// For the rows of [`commands!`](macro@crate::commands).
    #[doc(hidden)]
    pub const fn new(
        name: &'static str,
        kinds: &'static [KeyType],
        effect: KeyEffect,
        on_wrong_type: OnWrongType,
        stride: usize,
    ) -> Self {
        KeySpec { name, kinds, effect, on_wrong_type, stride }
    }

    /// Returns whether the command is certain to fail when the key holds a `kind`.
    pub fn refuses(&self, kind: &KeyType) -> bool {
        self.on_wrong_type == OnWrongType::Fails && !self.kinds.is_empty() && !self.kinds.contains(kind)
    }

    /// Returns whether the command removes and overwrites nothing at the key.
    pub fn keeps(&self) -> bool {
        matches!(self.effect, KeyEffect::Preserves | KeyEffect::Creates)
    }

    /// Returns the type that the key is certain to hold once the command has succeeded, whatever it held before.
    pub fn surely_leaves(&self) -> Option<&'static KeyType> {
        match (self.effect, self.kinds) {
            (KeyEffect::Creates | KeyEffect::Replaces, [kind]) => Some(kind),
            _ => None,
        }
    }
}

/// How a command behaves inside MULTI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MultiPolicy {
    /// It runs as it does outside.
    Allowed,
    /// It runs without its purpose, such as blocking.
    Degraded,
    /// It is refused, or ends the transaction.
    Refused,
}

/// Which connection a command is sent on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionPolicy {
    /// The connection that all callers share.
    Shared,
    /// A connection of its own, because the command blocks it.
    Dedicated,
    /// None: the command changes the connection itself, so it does not compile.
    Forbidden,
}

/// Since when a command is deprecated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Deprecation {
    /// The first version of Redis that says so.
    pub redis: &'static str,
    /// The first version of Valkey that says so; `None` where Valkey does not.
    pub valkey: Option<&'static str>,
    /// What to use in its place.
    pub instead: &'static str,
}

impl Deprecation {
    /// For the rows of [`commands!`](macro@crate::commands).
    #[doc(hidden)]
    pub const fn new(redis: &'static str, valkey: Option<&'static str>, instead: &'static str) -> Self {
        Deprecation { redis, valkey, instead }
    }
}
