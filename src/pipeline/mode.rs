//! How a queue is sent: plainly, as a transaction, or as one that watches keys.

use super::{outcome::Outcome, wire::Wire};
use crate::{
    command::literal::{State, unjudged, unknown},
    connection::{Handle, Lease},
    error::Result,
};
use std::future::Future;

/// How a queue is sent, and so what its execution answers.
pub trait Mode: Sized + Send {
    /// `R`, or an [`Outcome<R>`] where there may be a conflict.
    type Answer<R>;
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

/// A mode that has a connection to send on. [`Detached`] has none.
pub trait Sending: Mode + 'static {
    #[doc(hidden)]
    fn wire(&mut self) -> impl Future<Output = Result<Wire<'_>>> + Send;
    /// EXEC was answered, which ended the watch.
    #[doc(hidden)]
    fn answered(&mut self) {}
    #[doc(hidden)]
    fn reset(self) -> impl Future<Output = Handle> + Send + 'static;
}

/// Sent in one write, without MULTI: commands of others may come between.
#[derive(Debug)]
pub struct Plain {
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

/// Not sent: the commands of a [`Prepared`](super::Prepared) batch while it is made.
#[derive(Debug)]
pub struct Detached;

impl Mode for Detached {
    type Answer<R> = R;
    const ATOMIC: bool = false;
    /// Mostly it becomes a transaction.
    type Key = unknown;
    fn answer<R>(outcome: Outcome<R>) -> Result<R> {
        outcome.committed()
    }
}

impl Mode for Plain {
    type Answer<R> = R;
    const ATOMIC: bool = false;
    type Key = unjudged;
    fn answer<R>(outcome: Outcome<R>) -> Result<R> {
        outcome.committed()
    }
}

impl Sending for Plain {
    async fn wire(&mut self) -> Result<Wire<'_>> {
        self.handle.shared().await.map(Wire::Shared)
    }
    async fn reset(self) -> Handle {
        self.handle
    }
}

impl Mode for Transaction {
    type Answer<R> = R;
    const ATOMIC: bool = true;
    type Key = unknown;
    fn answer<R>(outcome: Outcome<R>) -> Result<R> {
        outcome.committed()
    }
}

impl Sending for Transaction {
    async fn wire(&mut self) -> Result<Wire<'_>> {
        self.handle.shared().await.map(Wire::Shared)
    }
    async fn reset(self) -> Handle {
        self.handle
    }
}

impl Mode for Watched {
    type Answer<R> = Outcome<R>;
    const ATOMIC: bool = true;
    type Key = unknown;
    const WATCHED: bool = true;
    fn answer<R>(outcome: Outcome<R>) -> Result<Outcome<R>> {
        Ok(outcome)
    }
}

impl Sending for Watched {
    async fn wire(&mut self) -> Result<Wire<'_>> {
        Ok(Wire::Own(&mut self.lease))
    }
    fn answered(&mut self) {
        self.lease.set_watched(false);
    }
    async fn reset(self) -> Handle {
        self.lease.reset().await;
        self.handle
    }
}
