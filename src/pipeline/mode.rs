//! The mode of a queue: whether its commands are a transaction, whether keys are watched, and on which connection it is
//! sent.

use super::{list::CommandList, outcome::Outcome};
use crate::{
    command::{
        AllReadOnly, Command, Deferred, EveryNode, OneNode,
        literal_keys::{State, Untracked, unknown},
    },
    connection::{Handle, WatchedConnection},
    error::Result,
    resp::{Framing, KeyTracking},
    retry::Retry,
    topology::{SingleServer, Topology},
};
use std::future::Future;

/// The mode in which a queue is sent, which decides the type of its answer.
pub trait Mode: Sized + Send {
    /// `R`, or an [`Outcome<R>`] where there may be a conflict.
    type Answer<R>;
    /// The first command of `L` that may write, where the mode [retries](Retrying); [`AllReadOnly`] in every other mode, as
    /// in one that meets only commands which read.
    type FirstWrite<L: CommandList>;
    /// The dispatch of the commands on the topology `T`, which decides what may be queued: that of [`OneNode`] in a transaction,
    /// else of [`EveryNode`].
    type Dispatch<T>;
    /// The entry of the command `C` with a key of the slot `S`: it keeps the slot where the commands are a transaction on a
    /// [cluster](crate::topology::Cluster).
    type Entry<T: Topology, C: Command, S>: Command<Reply = C::Reply, Access = C::Access>;
    /// The framing of the commands: MULTI and EXEC, or none.
    #[doc(hidden)]
    const FRAMING: Framing;
    /// The state of any literal key before the first command.
    #[doc(hidden)]
    type InitialState: State;
    /// Returns what is to be known of the keys of the commands.
    #[doc(hidden)]
    fn key_tracking(&self) -> KeyTracking;
    /// Makes the answer of the outcome. Only a watched mode meets a conflict.
    #[doc(hidden)]
    fn answer<R>(outcome: Outcome<R>) -> Result<Self::Answer<R>>;
}

/// A mode that has a connection to send on. [`PreparedMode`] has none.
pub trait Sending: Mode + 'static {
    #[doc(hidden)]
    fn handle(&self) -> &Handle;
    #[doc(hidden)]
    fn target(self) -> Target;
    /// The policy of retrying after a lost connection, in a mode that does.
    #[doc(hidden)]
    fn retry(&self) -> Option<Retry> {
        None
    }
    #[doc(hidden)]
    fn reset(self) -> impl Future<Output = Handle> + Send + 'static;
}

/// The connection that a batch is sent on.
#[allow(
    clippy::large_enum_variant,
    reason = "taken apart where it is made, so a box would cost more than the size does"
)]
#[doc(hidden)]
#[derive(Debug)]
pub enum Target {
    /// The shared connection of a handle.
    Shared(Handle),
    /// A connection of the pipeline's own, on which keys are watched.
    Watched(WatchedConnection),
}

/// Declares the modes that send on the shared connection. They differ by two constants and their dispatch.
macro_rules! shared_modes {
    ($($(#[$doc:meta])* $name:ident: FRAMING = $framing:ident, Dispatch<$t:ident> = $dispatch:ty, Entry<$c:ident, $s:ident> = $entry:ty, InitialState = $state:ty;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name {
            pub(super) handle: Handle,
        }

        impl Mode for $name {
            type Answer<R> = R;
            type FirstWrite<L: CommandList> = AllReadOnly;
            type Dispatch<$t> = $dispatch;
            type Entry<$t: Topology, $c: Command, $s> = $entry;
            const FRAMING: Framing = Framing::$framing;
            type InitialState = $state;
            #[inline]
            fn key_tracking(&self) -> KeyTracking {
                KeyTracking::of_queue(Self::FRAMING, self.handle.tracks_keys())
            }
            fn answer<R>(outcome: Outcome<R>) -> Result<R> {
                outcome.committed()
            }
        }

        impl Sending for $name {
            #[inline]
            fn handle(&self) -> &Handle {
                &self.handle
            }
            #[inline]
            fn target(self) -> Target {
                Target::Shared(self.handle)
            }
            async fn reset(self) -> Handle {
                self.handle
            }
        }

        #[diagnostic::do_not_recommend]
        impl CanRetry for $name {}
        #[diagnostic::do_not_recommend]
        impl CanRunPrepared for $name {}
    )*};
}

shared_modes! {
    /// Sent in one write, without MULTI: commands of others may come between.
    NonAtomic: FRAMING = Plain, Dispatch<T> = Deferred<EveryNode<T>>, Entry<C, S> = C, InitialState = Untracked;
    /// Sent in one write, as one transaction.
    Transaction: FRAMING = Transaction, Dispatch<T> = Deferred<OneNode<T>>, Entry<C, S> = T::Entry<C, S>, InitialState = unknown;
}

/// Sent as one transaction that commits only if no watched key was written.
#[derive(Debug)]
pub struct Watched {
    pub(super) connection: WatchedConnection,
    pub(super) handle: Handle,
}

impl Mode for Watched {
    type Answer<R> = Outcome<R>;
    type FirstWrite<L: CommandList> = AllReadOnly;
    type Dispatch<T> = Deferred<OneNode<T>>;
    type Entry<T: Topology, C: Command, S> = T::Entry<C, S>;
    const FRAMING: Framing = Framing::Transaction;
    type InitialState = unknown;
    fn key_tracking(&self) -> KeyTracking {
        KeyTracking::of_queue(Self::FRAMING, self.handle.tracks_keys())
    }
    fn answer<R>(outcome: Outcome<R>) -> Result<Outcome<R>> {
        Ok(outcome)
    }
}

impl Sending for Watched {
    fn handle(&self) -> &Handle {
        &self.handle
    }
    fn target(self) -> Target {
        Target::Watched(self.connection)
    }
    async fn reset(self) -> Handle {
        self.connection.reset().await;
        self.handle
    }
}

/// Sent as the mode `M` says, and again after a lost connection: for commands that only read. See
/// [`Pipeline::retry_reads`](super::Pipeline::retry_reads).
#[derive(Debug)]
pub struct Retrying<M> {
    pub(super) mode: M,
    pub(super) retry: Retry,
}

impl<M: Sending> Mode for Retrying<M> {
    type Answer<R> = M::Answer<R>;
    type FirstWrite<L: CommandList> = L::FirstWrite;
    type Dispatch<T> = M::Dispatch<T>;
    type Entry<T: Topology, C: Command, S> = M::Entry<T, C, S>;
    type InitialState = M::InitialState;
    const FRAMING: Framing = M::FRAMING;
    fn key_tracking(&self) -> KeyTracking {
        self.mode.key_tracking()
    }
    fn answer<R>(outcome: Outcome<R>) -> Result<M::Answer<R>> {
        M::answer(outcome)
    }
}

impl<M: Sending> Sending for Retrying<M> {
    fn handle(&self) -> &Handle {
        self.mode.handle()
    }
    fn target(self) -> Target {
        self.mode.target()
    }
    fn retry(&self) -> Option<Retry> {
        Some(self.retry)
    }
    fn reset(self) -> impl Future<Output = Handle> + Send + 'static {
        self.mode.reset()
    }
}

/// Not sent: the commands of a [`Prepared`](super::Prepared) batch while it is encoded.
#[derive(Debug)]
pub struct PreparedMode;

impl Mode for PreparedMode {
    type Answer<R> = R;
    type FirstWrite<L: CommandList> = AllReadOnly;
    /// As without a transaction: the batch may be executed so, and on one server.
    type Dispatch<T> = Deferred<EveryNode<SingleServer>>;
    type Entry<T: Topology, C: Command, S> = C;
    const FRAMING: Framing = Framing::Plain;
    /// As in a transaction, which is what most batches become.
    type InitialState = unknown;
    /// The router is not known before the batch is executed.
    fn key_tracking(&self) -> KeyTracking {
        KeyTracking::Marks
    }
    fn answer<R>(outcome: Outcome<R>) -> Result<R> {
        outcome.committed()
    }
}

/// A mode whose commands can be sent again.
#[diagnostic::on_unimplemented(
    message = "commands that are sent as `{Self}` cannot be sent again",
    label = "cannot retry",
    note = "with the connection its watch is gone, and `retry_reads` is said once: begin with `client.pipeline().retry_reads(retry)`"
)]
pub trait CanRetry: Sending {}

/// A mode that does not ask which commands it sends, as a [`Prepared`](super::Prepared) batch needs it.
#[diagnostic::on_unimplemented(
    message = "a prepared batch cannot be sent as `{Self}`",
    label = "not for a prepared batch",
    note = "its type does not say whether all of its commands only read; it is kept, so execute it again yourself, or write `pipeline! {{ client.pipeline().retry_reads(retry) => .. }}`; for replicas write `pipeline! {{ replicas => .. }}`"
)]
pub trait CanRunPrepared {}
#[diagnostic::do_not_recommend]
impl CanRunPrepared for Watched {}
