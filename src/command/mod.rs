//! Commands: one row of a table each, one surface of methods for all the places that a command can go to.

#[macro_use]
mod table;
mod access;
pub mod encode;
pub mod flag;
mod info;
pub mod literal_keys;
pub(crate) mod option;
mod route;

pub use access::{AllReadOnly, CommandAccess, MayWrite, OnlyReads, Retryable};
pub use info::{
    Access, CommandInfo, ConnectionPolicy, Deprecation, KeyEffect, KeySpec, MultiPolicy, OnWrongType, Touches,
};
pub use route::{Merge, Route};

use crate::resp::{DecodeError, Reader, Writer};

/// A command, as a type: its name, its reply and its facts. The rows of [`commands!`](macro@crate::commands) make one each.
pub trait Command {
    /// What the command answers.
    type Reply;

    /// Whether it may write: [`OnlyReads`] or [`MayWrite`].
    type Access: CommandAccess;

    /// The version of Redis that it came with, such as [`Redis7_0`](crate::version::Redis7_0).
    type Since;

    /// What the table says of the command.
    const INFO: CommandInfo;

    /// Reads the reply.
    ///
    /// # Errors
    ///
    /// A [`DecodeError`] when the reply is an error of the server, or is not a [`Reply`](Command::Reply).
    fn read(reader: &mut Reader<'_>) -> Result<Self::Reply, DecodeError>;
}

/// A place that a command can go to: a queue, a watching pipeline or the client.
///
/// Every command is one method, and the place decides what that method returns: a queue grows by the command, a client
/// sends it and returns a future of its reply. The trait is sealed, so that every place checks what it is given.
#[diagnostic::on_unimplemented(
    message = "commands cannot be called on `{Self}`",
    label = "not a client, nor a pipeline that takes commands",
    note = "a watching pipeline must be mutable to run a command: `let mut tx = client.pipeline().watch(key).await?;`",
    note = "inside `each` and `when` stands exactly one command"
)]
pub trait CommandSink: sealed::Sealed + Sized {
    /// How this place treats commands: [`Immediate`] or [`Deferred`].
    type Mode;

    /// The lowest version that the server may have, as the client declared it.
    type Server;

    /// What the method of a command returns.
    type Output<C: Command>;

    /// Takes the command that `encode` writes. Anything but one whole command is an
    /// [`Error::Argument`](crate::Error::Argument) before the first byte is sent.
    #[doc(hidden)]
    fn submit<C: Command>(self, encode: impl FnOnce(&mut Writer<'_>)) -> Self::Output<C>;
}

pub(crate) mod sealed {
    /// A supertrait that only this crate can implement.
    pub trait Sealed {}
}

/// The mode of places that run a command at once.
#[derive(Debug)]
pub struct Immediate;

/// The mode of places that keep commands to send them later.
#[derive(Debug)]
pub struct Deferred;

/// A command that makes sense in places of the mode `Mode`. Rows with `multi: Allowed` do everywhere, others only
/// where commands run at once.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be queued",
    label = "blocks, or is refused, inside MULTI",
    note = "inside a transaction a blocking command does not block, and others are refused: run it on the client, or on a watching pipeline before `multi()`"
)]
pub trait AllowedIn<Mode> {}

#[diagnostic::do_not_recommend]
impl<C> AllowedIn<Immediate> for C {}

/// A command that leaves a connection as others expect it. Rows with `connection: Forbidden` do not.
#[diagnostic::on_unimplemented(
    message = "`{Self}` would change a connection that others share",
    label = "not sent as a command",
    note = "user, password, database, name and protocol are set once, in the URL or by `typedis::Config`; for watching there is `client.pipeline().watch(..)`"
)]
pub trait AllowedOnShared<Mode> {}
