//! The states: what each of them owns, and which transitions each of them allows.

use super::{
    batch::Batch,
    mode::{Mode, Sending, Transaction, Watched},
    watch,
};
use crate::{
    command::MayWrite,
    connection::{Handle, Request, WatchedConnection},
    error::Result,
};
use frunk_core::hlist::{HCons, HNil};
use std::{fmt, future::Future, marker::PhantomData};

/// The state of a pipeline that has nothing to do yet. It holds no connection.
#[derive(Debug)]
pub struct Idle {
    pub(crate) handle: Handle,
}

/// The state of a pipeline that watches keys, on a connection of its own.
#[derive(Debug)]
pub struct Watching {
    pub(super) connection: WatchedConnection,
    pub(super) handle: Handle,
}

/// The state of a pipeline that holds commands: those of the list `L`, newest first, to be sent as the mode `M` says.
pub struct Queued<L = HNil, M = Transaction> {
    pub(super) batch: Batch,
    pub(super) mode: M,
    list: PhantomData<fn() -> L>,
}

impl<M: Mode> Queued<HNil, M> {
    #[inline]
    pub(super) fn new(mode: M) -> Self {
        Queued { batch: Batch::new(M::FRAMING, mode.key_tracking()), mode, list: PhantomData }
    }
}

impl<L, M> Queued<L, M> {
    /// The same queue in another mode.
    pub(super) fn with_mode<M2>(self, mode: impl FnOnce(M) -> M2) -> Queued<L, M2> {
        Queued { batch: self.batch, mode: mode(self.mode), list: PhantomData }
    }

    /// The same queue, with the entry that was just encoded in its type.
    #[inline]
    pub(super) fn with_entry<S>(self) -> Queued<HCons<S, L>, M> {
        Queued { batch: self.batch, mode: self.mode, list: PhantomData }
    }
}

impl<L, M> fmt::Debug for Queued<L, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queued").field("commands", &self.batch.buffer.commands()).finish_non_exhaustive()
    }
}

/// A state in which keys can be watched.
#[diagnostic::on_unimplemented(
    message = "`watch` must come before `multi` and before the first queued command",
    label = "this pipeline is already queueing commands",
    note = "Redis refuses WATCH inside MULTI and then commits unguarded: call `watch(keys)` first, read, then `multi()`"
)]
pub trait CanWatch: Sized + Send {
    /// The access of the pipeline's commands: a watch guards writes.
    type Access;
    #[doc(hidden)]
    fn handle(&self) -> &Handle;
    #[doc(hidden)]
    fn watch(self, request: Result<Request>) -> impl Future<Output = Result<Watching>> + Send + 'static;
}

#[diagnostic::do_not_recommend]
impl CanWatch for Idle {
    type Access = MayWrite;
    fn handle(&self) -> &Handle {
        &self.handle
    }
    async fn watch(self, request: Result<Request>) -> Result<Watching> {
        let connection = watch::first(&self.handle, &request?).await?;
        Ok(Watching { connection, handle: self.handle })
    }
}

#[diagnostic::do_not_recommend]
impl CanWatch for Watching {
    type Access = MayWrite;
    fn handle(&self) -> &Handle {
        &self.handle
    }
    async fn watch(mut self, request: Result<Request>) -> Result<Watching> {
        watch::more(&mut self.connection, &request?).await?;
        Ok(self)
    }
}

/// A state from which a transaction can begin, to be sent as the mode `M` says.
#[diagnostic::on_unimplemented(
    message = "`multi` was called already",
    label = "this pipeline is already queueing commands",
    note = "one transaction holds one `multi()`: take the second one out"
)]
pub trait CanMulti<M> {
    #[doc(hidden)]
    fn multi(self) -> M;
}

#[diagnostic::do_not_recommend]
impl CanMulti<Transaction> for Idle {
    fn multi(self) -> Transaction {
        Transaction { handle: self.handle }
    }
}

#[diagnostic::do_not_recommend]
impl CanMulti<Watched> for Watching {
    fn multi(self) -> Watched {
        Watched { connection: self.connection, handle: self.handle }
    }
}

/// A state that takes commands to send them later: behind those of the list `L`, as the mode `M` says.
#[diagnostic::on_unimplemented(
    message = "nothing can be queued on a pipeline that is `{Self}`",
    label = "commands run at once here",
    note = "call `multi()` first"
)]
pub trait CanQueue<L, M> {
    #[doc(hidden)]
    fn queued(self) -> Queued<L, M>;
}

#[diagnostic::do_not_recommend]
impl CanQueue<HNil, Transaction> for Idle {
    fn queued(self) -> Queued<HNil, Transaction> {
        Queued::new(self.multi())
    }
}

#[diagnostic::do_not_recommend]
impl<L, M> CanQueue<L, M> for Queued<L, M> {
    fn queued(self) -> Self {
        self
    }
}

/// A state in which keys are watched.
#[diagnostic::on_unimplemented(
    message = "`unwatch` is for a pipeline that watches keys, and this one is `{Self}`",
    label = "nothing to unwatch, or commands are queued already",
    note = "a queue is given up by `discard()`, which ends its watch too"
)]
pub trait CanUnwatch: CanReset {}
#[diagnostic::do_not_recommend]
impl CanUnwatch for Watching {}

/// A state that can be given up.
pub trait CanReset: Sized + Send {
    #[doc(hidden)]
    fn reset(self) -> impl Future<Output = Handle> + Send + 'static;
}

impl CanReset for Idle {
    async fn reset(self) -> Handle {
        self.handle
    }
}

impl CanReset for Watching {
    async fn reset(self) -> Handle {
        self.connection.reset().await;
        self.handle
    }
}

impl<L, M: Sending> CanReset for Queued<L, M> {
    fn reset(self) -> impl Future<Output = Handle> + Send + 'static {
        self.mode.reset()
    }
}
