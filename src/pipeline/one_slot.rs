//! The check that the commands of a transaction on a cluster have keys of one slot, as far as the types of the keys say it.
//!
//! A bound of a method that all pipelines have holds for a generic topology only if it holds for a cluster too. So the check is a
//! bound of inherent methods of the pipelines that it is for, which the compiler finds before those of the trait [`Execute`]. The
//! bounds of their impl choose these pipelines: where they are not known to hold, the methods of the trait are found.

use super::{
    decode::ListEntry,
    execute::{CanExecute, Execute, ExecuteFuture},
    mode::{Mode, Retrying, Transaction, Watched},
    pipeline::Pipeline,
    replicas::OnReplicas,
    state::Queued,
};
use crate::{
    command::{AnySlot, Joins, KnownSlot, Retryable},
    topology::Cluster,
};
use frunk_core::hlist::{HCons, HNil};

impl<L: KnownSlots, M: OneNodeMode, V> Pipeline<Queued<L, M>, V, Cluster> {
    /// As on one server. Does not compile where two keys of the transaction have their slots in their types, as constants of
    /// a [`keyspace!`](crate::keyspace) with a hash tag do, and these are of two slots.
    pub fn execute<A>(self) -> ExecuteFuture<A>
    where
        L: OneSlot,
        Queued<L, M>: CanExecute<ExecuteAnswer = A, FirstWrite: Retryable>,
    {
        Execute::execute(self)
    }

    /// As on one server. Does not compile where [`execute`](Pipeline::execute) does not.
    pub fn execute_each<A>(self) -> ExecuteFuture<A>
    where
        L: OneSlot,
        Queued<L, M>: CanExecute<ExecuteEachAnswer = A, FirstWrite: Retryable>,
    {
        Execute::execute_each(self)
    }
}

/// A list of which every entry says the slot of its key, or that its key says none. A list with an entry of a generic type is
/// not known to be one.
pub trait KnownSlots {}

impl KnownSlots for HNil {}
impl<E: ListEntry<SlotInList: KnownSlot>, L: KnownSlots> KnownSlots for HCons<E, L> {}

/// A list in which all keys that say a slot say the same.
pub trait OneSlot {
    /// The last entry with a slot, or [`AnySlot`].
    type Last;
}

#[diagnostic::do_not_recommend]
impl OneSlot for HNil {
    type Last = AnySlot;
}

// Recommended, so that the error is that of the bound.
impl<E: ListEntry<SlotInList: Joins<L::Last>>, L: OneSlot> OneSlot for HCons<E, L> {
    type Last = <E::SlotInList as Joins<L::Last>>::Last;
}

/// A mode whose commands run on one node, as one transaction.
pub trait OneNodeMode: Mode {}

impl OneNodeMode for Transaction {}
impl OneNodeMode for Watched {}
impl<M: OneNodeMode> OneNodeMode for Retrying<M> where Retrying<M>: Mode {}
impl<M: OneNodeMode> OneNodeMode for OnReplicas<M> where OnReplicas<M>: Mode {}
