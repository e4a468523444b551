//! The access of commands as types, from which the access of a pipeline follows.

/// The access of a command, as a type: [`OnlyReads`] or [`MayWrite`].
pub trait CommandAccess {
    /// The first command that may write among the command `C` and `Behind`, which is the first such command after it.
    type FirstWrite<C, Behind>;
}

/// The access of commands that only read: rows with `access: ReadOnly`.
#[derive(Clone, Copy, Debug)]
pub struct OnlyReads;

/// The access of commands that may write: rows with `access: ReadWrite`.
#[derive(Clone, Copy, Debug)]
pub struct MayWrite;

impl CommandAccess for OnlyReads {
    type FirstWrite<C, Behind> = Behind;
}

impl CommandAccess for MayWrite {
    type FirstWrite<C, Behind> = C;
}

/// The first write of a pipeline without any.
#[derive(Clone, Copy, Debug)]
pub struct AllReadOnly;

/// A pipeline that may be retried. Only [`AllReadOnly`] implements it, so that the error names the first command that
/// may write.
#[diagnostic::on_unimplemented(
    message = "`{Self}` may write, so this pipeline cannot be sent again",
    label = "sends again, after a lost connection, what may have run already",
    note = "leave out `retry_reads(..)`, or queue only commands that read; scripts read by `script_ro`, a command of your own says `access: ReadOnly`"
)]
pub trait Retryable {}
impl Retryable for AllReadOnly {}

/// The access of commands that a watch can guard: [`MayWrite`], since what only reads has nothing to guard.
#[diagnostic::on_unimplemented(
    message = "replicas serve only reads, and a watch guards writes",
    label = "not on a client of replicas",
    note = "watch by the client itself: `client.pipeline().watch(..)`"
)]
pub trait Guardable {}
impl Guardable for MayWrite {}
