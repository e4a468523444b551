//! The facts of a command as data: one [`CommandInfo`] for each row.

use super::{key_type::KeyType, route::Route};
use crate::version::Availability;

/// The facts of one form of a command, as its row states them. The server's own are those of COMMAND INFO.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CommandInfo {
    /// The command's name on the wire, such as `OBJECT ENCODING`.
    pub name: &'static str,
    /// The trait that has the method, such as `StringCommands`.
    pub group: &'static str,
    /// The method that submits the command.
    pub method: &'static str,
    /// The Rust type of the reply, as the row writes it.
    pub reply: &'static str,
    /// The [shape](crate::reply) of the reply on the wire, as the row writes it.
    pub shape: &'static str,
    /// The first version of each vendor that has the command, or an option that this form always sends.
    pub since: Availability,
    /// The number of words on the wire, the name included, as COMMAND INFO counts them; negative if it is a minimum.
    pub arity: i8,
    /// The access of the command: whether it may write.
    pub access: Access,
    /// The effect on the keys whose [`KeySpec`] does not state another one.
    pub effect: KeyEffect,
    /// The keys that the command touches.
    pub touches: Touches,
    /// The key arguments, in their order.
    pub keys: &'static [KeySpec],
    /// What the command runs, and so who words its errors.
    pub runs: Runs,
    /// The nodes of a cluster that the command is sent to.
    pub route: Route,
    /// The command's behaviour inside MULTI.
    pub multi: MultiPolicy,
    /// The connection that the command is sent on.
    pub connection: ConnectionPolicy,
    /// The deprecation of the command, if it is deprecated.
    pub deprecated: Option<Deprecation>,
    /// The number of words of the name.
    pub(crate) name_words: usize,
}

impl CommandInfo {
    /// For the rows of [`commands!`](macro@crate::commands).
    #[doc(hidden)]
    #[allow(clippy::too_many_arguments, reason = "only expansions call it: one argument for each fact")]
    pub const fn new(
        name: &'static str,
        group: &'static str,
        method: &'static str,
        reply: &'static str,
        shape: &'static str,
        since: Availability,
        arity: i8,
        access: Access,
        effect: KeyEffect,
        touches: Touches,
        runs: Runs,
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
            shape,
            since,
            arity,
            access,
            effect,
            touches,
            runs,
            keys,
            route,
            multi,
            connection,
            deprecated,
            name_words: count_words(name),
        }
    }
}

/// Counts words that single spaces stand between.
const fn count_words(name: &str) -> usize {
    let name = name.as_bytes();
    let (mut words, mut at) = (1, 0);
    while at < name.len() {
        words += (name[at] == b' ') as usize;
        at += 1;
    }
    words
}

/// The access of a command to the server's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// The command only reads.
    ReadOnly,
    /// The command may write.
    ReadWrite,
}

/// The effect of a successful command on a key.
///
/// The analysis of literal keys in [`pipeline!`](macro@crate::pipeline) relies on it, so a command with exceptions
/// takes the weaker effect: a wrong one would refuse programs that work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyEffect {
    /// The command removes and overwrites nothing: an existing value stays.
    Preserves,
    /// The key certainly holds a value of the row's kind afterwards; nothing is removed or overwritten.
    Creates,
    /// The key holds a value of the row's kind or does not exist afterwards: the command may remove it.
    MayRemove,
    /// The key holds a value of the row's kind afterwards, whatever it held before.
    Replaces,
    /// The key may hold any value or not exist afterwards.
    Unknown,
}

/// The behaviour of a command on a key of another kind than the row's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnWrongType {
    /// The command fails with WRONGTYPE.
    Fails,
    /// The command may succeed.
    Ignores,
}

/// The keys that a command touches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touches {
    /// The keys among its arguments.
    NamedKeys,
    /// Any key of the database, as FLUSHALL and scripts do.
    AllKeys,
}

/// What a command runs, and so who words its errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runs {
    /// The command itself, whose errors the server words.
    Command,
    /// A script or a function, as EVAL and FCALL do, or commands of its own, as a module's may. It may word any error itself,
    /// after it has written, so the error's code is no proof that nothing ran.
    Script,
}

/// A key argument of a row: one key or several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeySpec {
    /// The name of the argument.
    pub name: &'static str,
    /// The types that the key may hold; empty if the type does not matter.
    pub types: &'static [KeyType],
    /// The effect of the command on the key.
    pub effect: KeyEffect,
    /// The behaviour of the command if the key holds another type.
    pub on_wrong_type: OnWrongType,
    /// The distance from one key to the next on the wire: 2 if a value follows each key.
    pub stride: usize,
}

impl KeySpec {
    /// For the rows of [`commands!`](macro@crate::commands).
    #[doc(hidden)]
    pub const fn new(
        name: &'static str,
        types: &'static [KeyType],
        effect: KeyEffect,
        on_wrong_type: OnWrongType,
        stride: usize,
    ) -> Self {
        KeySpec { name, types, effect, on_wrong_type, stride }
    }

    /// Returns whether the command is certain to fail if the key holds the type `held`.
    pub fn fails_on(&self, held: &KeyType) -> bool {
        self.on_wrong_type == OnWrongType::Fails && !self.types.is_empty() && !self.types.contains(held)
    }

    /// Returns whether the command removes and overwrites nothing at the key.
    pub fn preserves(&self) -> bool {
        matches!(self.effect, KeyEffect::Preserves | KeyEffect::Creates)
    }

    /// Returns the type that the key is certain to hold once the command has succeeded, whatever it held before.
    pub fn leaves_type(&self) -> Option<&'static KeyType> {
        match (self.effect, self.types) {
            (KeyEffect::Creates | KeyEffect::Replaces, [only]) => Some(only),
            _ => None,
        }
    }
}

/// The behaviour of a command inside MULTI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MultiPolicy {
    /// The command behaves as outside of MULTI.
    Allowed,
    /// The command runs without its purpose, such as blocking.
    Degraded,
    /// The server refuses the command, or it ends the transaction.
    Refused,
}

/// The connection that a command is sent on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionPolicy {
    /// The multiplexed connection that all callers share.
    Shared,
    /// A dedicated connection of the pool, because the command blocks it.
    Dedicated,
    /// None: the command changes the state of its connection, so it does not compile.
    Forbidden,
}

/// The deprecation of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Deprecation {
    /// The first version of Redis that deprecates the command.
    pub redis: &'static str,
    /// The first version of Valkey that deprecates the command; `None` if Valkey does not.
    pub valkey: Option<&'static str>,
    /// The replacement.
    pub instead: &'static str,
}

impl Deprecation {
    /// For the rows of [`commands!`](macro@crate::commands).
    #[doc(hidden)]
    pub const fn new(redis: &'static str, valkey: Option<&'static str>, instead: &'static str) -> Self {
        Deprecation { redis, valkey, instead }
    }
}
