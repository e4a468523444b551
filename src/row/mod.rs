//! A row of the table of commands as a type: the command with its facts, and the sinks that it is submitted to.
//!
//! [`command`](crate::command) re-exports all of it. It is a room of its own because keys know what becomes of their slot in the
//! list of a queue, and the rest of `command` knows keys.

mod access;
mod info;
mod key_slot;
mod key_type;
mod route;

pub use access::{AllReadOnly, CommandAccess, Guardable, MayWrite, OnlyReads, Retryable};
pub use info::{
    Access, CommandInfo, ConnectionPolicy, Deprecation, KeyEffect, KeySpec, MultiPolicy, OnWrongType, Runs, Touches,
};
pub use key_slot::{AnySlot, EntryOf, Joins, KeySlot, Keyed, KnownSlot, SameSlotAs, Slot};
pub use key_type::KeyType;
pub use route::{Merge, Route};

use crate::resp::{DecodeError, Reader, Writer};

/// A command as a type: its name, its reply and its facts. Each row of [`commands!`](macro@crate::commands) declares
/// one.
pub trait Command {
    /// The Rust type of the reply.
    type Reply;

    /// The access of the command: [`OnlyReads`] or [`MayWrite`].
    type Access: CommandAccess;

    /// The first release of the server that has the command, such as [`Redis7_0`](crate::version::Redis7_0): of Redis, or else
    /// of Valkey; [`AnyVersion`](crate::version::AnyVersion) where a module has it.
    type Since;

    /// The slot of the key, as the command's entry in a list says it: [`AnySlot`] in every row.
    type SlotInList;

    /// The facts of the command as data.
    const INFO: CommandInfo;

    /// Decodes the reply.
    ///
    /// # Errors
    ///
    /// A [`DecodeError`] if the reply is an error of the server, or is not a [`Reply`](Command::Reply).
    fn read(reader: &mut Reader<'_>) -> Result<Self::Reply, DecodeError>;
}

/// A sink of commands: a client, a watching pipeline, or the queue of a pipeline.
///
/// Every command is one method, generic over its sink. A client sends the command and returns a future of the reply; a
/// queue returns a pipeline whose type has one more command. The trait is sealed: a sink of another crate could submit
/// bytes that are not exactly one command, and so shift the replies of all callers.
#[diagnostic::on_unimplemented(
    message = "commands cannot be called on `{Self}`",
    label = "not a client, nor a pipeline that takes commands",
    note = "a watching pipeline must be mutable to run a command: `let mut tx = client.pipeline().watch(key).await?;`",
    note = "inside `each` and `when` stands exactly one command",
    note = "code that is generic over the topology needs its bound, `T: typedis::topology::Topology`"
)]
pub trait CommandSink: sealed::Sealed + Sized {
    /// The time at which the sink runs commands, [`Immediate`](crate::command::Immediate) or
    /// [`Deferred`](crate::command::Deferred), and the nodes that it reaches.
    type Dispatch;

    /// The servers that the client declares.
    type Server;

    /// The entry of the command `C` with a key of the slot `S`, as the queue of a transaction on a cluster keeps it. All other
    /// sinks forget the slot.
    type Entry<C: Command, S>: Command<Reply = C::Reply, Access = C::Access>;

    /// The return type of the command's method.
    type Output<C: Command>;

    /// Submits the command that `encode` writes. Anything but exactly one whole command is an
    /// [`Error::Argument`](crate::Error::Argument) before the first byte is sent.
    #[doc(hidden)]
    fn submit<C: Command>(self, encode: impl FnOnce(&mut Writer<'_>)) -> Self::Output<C>;
}

pub(crate) mod sealed {
    /// A supertrait that only this crate can implement.
    pub trait Sealed {}
}
