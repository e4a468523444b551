//! Whether commands may write, as types: from them follows the access of a pipeline.

/// Whether a command may write, as a type: [`OnlyReads`] or [`MayWrite`].
pub trait CommandAccess {
    /// Of the command `C` and the first of those behind it that may write: the first of both that may.
    type FirstWrite<C, Behind>;
}

/// The access of commands that change nothing: rows with `access: reads`.
#[derive(Clone, Copy, Debug)]
pub struct OnlyReads;

/// The access of commands that may write: rows with `access: writes`.
#[derive(Clone, Copy, Debug)]
pub struct MayWrite;

impl CommandAccess for OnlyReads {
    type FirstWrite<C, Behind> = Behind;
}

impl CommandAccess for MayWrite {
    type FirstWrite<C, Behind> = C;
}

/// The first writer of commands of which none may write.
#[derive(Clone, Copy, Debug)]
pub struct AllReadOnly;

/// Implemented for [`AllReadOnly`] alone, so that the message names the command that stands in the way.
#[diagnostic::on_unimplemented(
    message = "`{Self}` may write, so this pipeline cannot be sent again",
    label = "sends again, after a lost connection, what may have run already",
    note = "leave out `retry_reads(..)`, or queue only commands that read; scripts read by `script_ro`, a command of your own says `access: reads`"
)]
pub trait Retryable {}
impl Retryable for AllReadOnly {}
