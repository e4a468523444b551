//! Pipelines that read from replicas: their idle state, the mode of their queues, and the commands that both take.

use super::{
    list::CommandList,
    mode::{CanRetry, Mode, NonAtomic, Sending, Target, Transaction},
    outcome::Outcome,
    pipeline::Pipeline,
    prepared::IntoQueue,
    state::{CanMulti, CanQueue, CanReset, CanWatch, Idle, Queued, Watching},
};
use crate::{
    command::{Command, CommandSink, Deferred, FromReplicas, OneNode, OnlyReads, sealed::Sealed},
    connection::{Handle, Request},
    error::Result,
    resp::{Framing, KeyTracking, Writer},
    retry::Retry,
    topology::Topology,
};
use frunk_core::hlist::{HCons, HNil};
use std::future::Future;

/// The state of a pipeline of a [`ReplicaClient`](crate::ReplicaClient) that has nothing to do yet. It holds no connection, and
/// cannot watch keys: a watch guards writes, which are the primary's.
#[derive(Debug)]
pub struct IdleOnReplicas {
    handle: Handle,
}

/// Sent to a replica as the mode `M` says. Only commands that read can be queued.
#[derive(Debug)]
pub struct OnReplicas<M> {
    mode: M,
}

impl<M: Sending> Mode for OnReplicas<M> {
    type Answer<R> = M::Answer<R>;
    type FirstWrite<L: CommandList> = M::FirstWrite<L>;
    type Dispatch<T> = FromReplicas<M::Dispatch<T>>;
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

impl<M: Sending> Sending for OnReplicas<M> {
    fn handle(&self) -> &Handle {
        self.mode.handle()
    }
    fn target(self) -> Target {
        self.mode.target()
    }
    fn retry(&self) -> Option<Retry> {
        self.mode.retry()
    }
    async fn reset(self) -> Handle {
        self.mode.reset().await.of_primaries()
    }
}

#[diagnostic::do_not_recommend]
impl<M: CanRetry> CanRetry for OnReplicas<M> {}

#[diagnostic::do_not_recommend]
impl CanMulti<OnReplicas<Transaction>> for IdleOnReplicas {
    fn multi(self) -> OnReplicas<Transaction> {
        OnReplicas { mode: Transaction { handle: self.handle } }
    }
}

#[diagnostic::do_not_recommend]
impl CanQueue<HNil, OnReplicas<Transaction>> for IdleOnReplicas {
    fn queued(self) -> Queued<HNil, OnReplicas<Transaction>> {
        Queued::new(self.multi())
    }
}

impl CanReset for IdleOnReplicas {
    fn reset(self) -> impl Future<Output = Handle> + Send + 'static {
        std::future::ready(self.handle.of_primaries())
    }
}

// `watch` and `pipeline!` refuse it by the access, in words that say more than that there is no impl.
#[diagnostic::do_not_recommend]
impl CanWatch for IdleOnReplicas {
    type Access = OnlyReads;
    fn handle(&self) -> &Handle {
        &self.handle
    }
    async fn watch(self, request: Result<Request>) -> Result<Watching> {
        Idle { handle: self.handle.of_primaries() }.watch(request).await
    }
}

impl<V, T> Pipeline<IdleOnReplicas, V, T> {
    pub(crate) fn on_replicas(handle: Handle) -> Self {
        Pipeline::of(IdleOnReplicas { handle })
    }

    /// Queues commands to be sent in one write to each node without MULTI: faster, and not one view of the data.
    #[must_use = "a pipeline sends nothing until it is executed"]
    pub fn without_transaction(self) -> Pipeline<Queued<HNil, OnReplicas<NonAtomic>>, V, T> {
        Pipeline::of(Queued::new(OnReplicas { mode: NonAtomic { handle: self.state.handle } }))
    }
}

impl<V, T> Sealed for Pipeline<IdleOnReplicas, V, T> {}

impl<V, T: Topology> CommandSink for Pipeline<IdleOnReplicas, V, T> {
    type Dispatch = FromReplicas<Deferred<OneNode<T>>>;
    type Server = V;
    type Entry<C: Command, S> = T::Entry<C, S>;
    type Output<C: Command> = Pipeline<Queued<HCons<C, HNil>, OnReplicas<Transaction>>, V, T>;

    fn submit<C: Command>(self, encode: impl FnOnce(&mut Writer<'_>)) -> Self::Output<C> {
        self.multi().submit::<C>(encode)
    }
}

#[diagnostic::do_not_recommend]
impl<V, T> IntoQueue for Pipeline<IdleOnReplicas, V, T> {
    type Queue = Pipeline<Queued<HNil, OnReplicas<Transaction>>, V, T>;
    #[inline]
    fn __typedis_into_queue(self) -> Self::Queue {
        self.multi()
    }
}
