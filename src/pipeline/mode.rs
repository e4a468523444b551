//! How a queue is sent: plainly, as a transaction, or as one that watches keys.

use super::{list::CommandList, outcome::Outcome};
use crate::{
    command::AllReadOnly,
    connection::{Handle, Lease},
    error::Result,
    literal_keys::{State, unjudged, unknown},
    retry::Retry,
};
use std::future::Future;

/// How a queue is sent, and so what its execution answers.
pub trait Mode: Sized + Send {
    /// `R`, or an [`Outcome<R>`] where there may be a conflict.
    type Answer<R>;
    /// The first command of `L` that stands in the way of being sent so. Only where commands are sent again may there be
    /// one: the first that may write.
    type FirstWrite<L: CommandList>;
    #[doc(hidden)]
    const ATOMIC: bool;
    /// What is known of any key before the first command.
    #[doc(hidden)]
    type Key: State;
    #[doc(hidden)]
    const WATCHED: bool = false;
    /// Turns what came of it into the answer. Only a watched mode meets a conflict.
    #[doc(hidden)]
    fn answer<R>(outcome: Outcome<R>) -> Result<Self::Answer<R>>;
}

/// A mode that has a connection to send on. [`PreparedMode`] has none.
pub trait Sending: Mode + 'static {
    #[doc(hidden)]
    fn handle(&self) -> &Handle;
    /// The connection to send on: the shared one of a handle, or one of the pipeline's own.
    #[doc(hidden)]
    fn way(self) -> Way;
    /// How often the commands may be sent again after a lost connection, if they may.
    #[doc(hidden)]
    fn resends(&self) -> Option<Retry> {
        None
    }
    #[doc(hidden)]
    fn reset(self) -> impl Future<Output = Handle> + Send + 'static;
}

/// The connection to send on.
// Taken apart where it is made, so a box would cost more than the size does.
#[allow(clippy::large_enum_variant)]
#[doc(hidden)]
#[derive(Debug)]
pub enum Way {
    /// The one that all share.
    Shared(Handle),
    /// The pipeline's own, on which keys are watched.
    Own(Lease),
}

/// Sent in one write, without MULTI: commands of others may come between.
#[derive(Debug)]
pub struct NonAtomic {
    pub(super) handle: Handle,
}

/// Sent in one write, as one transaction.
#[derive(Debug)]
pub struct Transaction {
    pub(super) handle: Handle,
}

/// Sent as one transaction that commits only if no watched key was written.
#[derive(Debug)]
pub struct Watched {
    pub(super) lease: Lease,
    pub(super) handle: Handle,
}

/// Sent as the mode `M` says, and sent again after a lost connection: for commands that only read. See
/// [`Pipeline::retry_reads`](super::Pipeline::retry_reads).
#[derive(Debug)]
pub struct Retrying<M> {
    pub(super) mode: M,
    pub(super) retry: Retry,
}

/// A way to send commands that can be sent again.
#[diagnostic::on_unimplemented(
    message = "commands that are sent as `{Self}` cannot be sent again",
    label = "cannot be made to resend",
    note = "with the connection its watch is gone, and `retry_reads` is said once: begin with `client.pipeline().retry_reads(retry)`"
)]
pub trait CanRetry: Sending {}
#[diagnostic::do_not_recommend]
impl CanRetry for NonAtomic {}
#[diagnostic::do_not_recommend]
impl CanRetry for Transaction {}

/// A way to send commands that does not ask which they are, as a [`Prepared`](super::Prepared) batch needs it.
#[diagnostic::on_unimplemented(
    message = "a prepared batch cannot be sent as `{Self}`",
    label = "not for a prepared batch",
    note = "its type does not say whether all of its commands only read; it is kept, so execute it again yourself, or write `pipeline! {{ client.pipeline().retry_reads(retry) => .. }}`"
)]
pub trait CanRunPrepared {}
#[diagnostic::do_not_recommend]
impl CanRunPrepared for NonAtomic {}
#[diagnostic::do_not_recommend]
impl CanRunPrepared for Transaction {}
#[diagnostic::do_not_recommend]
impl CanRunPrepared for Watched {}

/// Not sent: the commands of a [`Prepared`](super::Prepared) batch while it is made.
#[derive(Debug)]
pub struct PreparedMode;

impl Mode for PreparedMode {
    type Answer<R> = R;
    type FirstWrite<L: CommandList> = AllReadOnly;
    const ATOMIC: bool = false;
    /// Mostly it becomes a transaction.
    type Key = unknown;
    fn answer<R>(outcome: Outcome<R>) -> Result<R> {
        outcome.committed()
    }
}

impl Mode for NonAtomic {
    type Answer<R> = R;
    type FirstWrite<L: CommandList> = AllReadOnly;
    const ATOMIC: bool = false;
    type Key = unjudged;
    fn answer<R>(outcome: Outcome<R>) -> Result<R> {
        outcome.committed()
    }
}

impl Sending for NonAtomic {
    #[inline]
    fn handle(&self) -> &Handle {
        &self.handle
    }
    #[inline]
    fn way(self) -> Way {
        Way::Shared(self.handle)
    }
    async fn reset(self) -> Handle {
        self.handle
    }
}

impl Mode for Transaction {
    type Answer<R> = R;
    type FirstWrite<L: CommandList> = AllReadOnly;
    const ATOMIC: bool = true;
    type Key = unknown;
    fn answer<R>(outcome: Outcome<R>) -> Result<R> {
        outcome.committed()
    }
}

impl Sending for Transaction {
    #[inline]
    fn handle(&self) -> &Handle {
        &self.handle
    }
    #[inline]
    fn way(self) -> Way {
        Way::Shared(self.handle)
    }
    async fn reset(self) -> Handle {
        self.handle
    }
}

impl Mode for Watched {
    type Answer<R> = Outcome<R>;
    type FirstWrite<L: CommandList> = AllReadOnly;
    const ATOMIC: bool = true;
    type Key = unknown;
    const WATCHED: bool = true;
    fn answer<R>(outcome: Outcome<R>) -> Result<Outcome<R>> {
        Ok(outcome)
    }
}

impl Sending for Watched {
    fn handle(&self) -> &Handle {
        &self.handle
    }
    fn way(self) -> Way {
        Way::Own(self.lease)
    }
    async fn reset(self) -> Handle {
        self.lease.reset().await;
        self.handle
    }
}

impl<M: Sending> Mode for Retrying<M> {
    type Answer<R> = M::Answer<R>;
    type FirstWrite<L: CommandList> = L::FirstWrite;
    type Key = M::Key;
    const ATOMIC: bool = M::ATOMIC;
    fn answer<R>(outcome: Outcome<R>) -> Result<M::Answer<R>> {
        M::answer(outcome)
    }
}

impl<M: Sending> Sending for Retrying<M> {
    fn handle(&self) -> &Handle {
        self.mode.handle()
    }
    fn way(self) -> Way {
        self.mode.way()
    }
    fn resends(&self) -> Option<Retry> {
        Some(self.retry)
    }
    fn reset(self) -> impl Future<Output = Handle> + Send + 'static {
        self.mode.reset()
    }
}
