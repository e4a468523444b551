//! Abstract interpretation of the slot of a transaction's keys, over the keys that one [`pipeline!`](macro@crate::pipeline)
//! block names by literals and constants. Nothing here is for use by hand. The module is documented because compile errors
//! print these types.
//!
//! The macro knows no commands: it only says which literals and constants stand at which arguments, and the facts of the row
//! decide which of them are keys. Everything that is not known passes.

use super::dispatch::{Deferred, FromReplicas, OneNode};
use crate::{
    key::{InSlot, Key},
    row::{AnySlot, Slot},
    topology::Cluster,
};
use std::marker::PhantomData;

/// What is known of the slot of the keys before a command.
pub trait SlotState {
    /// The state after a key in the state `K`: the first key decides.
    type After<K: SlotState>: SlotState;
    /// The state as that of the key which the macro's messages name.
    type Named: SlotState;
    /// The slot of the first key, if the macro's messages name that key; else [`AnySlot`].
    type IfNamed: SlotState;
    /// The slot of the first key, if the macro's messages do not name it; else [`AnySlot`].
    type IfUnnamed: SlotState;
}

/// Keys of this slot, the first of which the macro's messages name.
#[derive(Debug)]
pub struct NamedSlot<const N: u16>;

/// Keys of any slots, because they are no transaction of a cluster. It never changes.
#[derive(Debug)]
pub struct Unchecked;

impl SlotState for AnySlot {
    type After<K: SlotState> = K;
    type Named = AnySlot;
    type IfNamed = AnySlot;
    type IfUnnamed = AnySlot;
}
impl<const N: u16> SlotState for Slot<N> {
    type After<K: SlotState> = Self;
    type Named = NamedSlot<N>;
    type IfNamed = AnySlot;
    type IfUnnamed = Self;
}
impl<const N: u16> SlotState for NamedSlot<N> {
    type After<K: SlotState> = Self;
    type Named = Self;
    type IfNamed = Slot<N>;
    type IfUnnamed = AnySlot;
}
impl SlotState for Unchecked {
    type After<K: SlotState> = Unchecked;
    type Named = Unchecked;
    type IfNamed = AnySlot;
    type IfUnnamed = AnySlot;
}

/// A slot in which a key of the slot `K` may be too.
#[diagnostic::on_unimplemented(
    message = "CROSSSLOT: this key is of `{K}` and an earlier key of `{Self}`, and a transaction of a cluster is of one slot",
    label = "of another slot than an earlier key",
    note = "a hash tag decides the slot alone: give the keys of one transaction the same one, such as `{{tag}}`"
)]
pub trait SameSlot<K> {}
#[diagnostic::do_not_recommend]
impl<K> SameSlot<K> for AnySlot {}
#[diagnostic::do_not_recommend]
impl<const N: u16> SameSlot<Slot<N>> for Slot<N> {}
#[diagnostic::do_not_recommend]
impl<const N: u16> SameSlot<AnySlot> for Slot<N> {}

/// The keys of a block in the state `S`, which `pipeline!` tracks.
#[derive(Debug)]
pub struct Slots<S>(PhantomData<fn() -> S>);

impl<S> Clone for Slots<S> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<S> Copy for Slots<S> {}

impl<S: SlotState> Slots<S> {
    pub(crate) fn new() -> Self {
        Slots(PhantomData)
    }
}

/// A constant of any type. A typed key that has its slot in its type tells it by an inherent method, all else by a trait's.
#[derive(Debug)]
pub struct Constant<T>(pub T);

impl<K, const N: u16> Constant<&Key<K, InSlot<N>>> {
    /// For `pipeline!`: the slot of the key.
    pub fn __typedis_slot(self) -> Slots<Slot<N>> {
        Slots::new()
    }
}

/// For `pipeline!`: the slot of every other constant.
pub trait AnyConstant: Sized {
    /// The slot, which is not known.
    fn __typedis_slot(self) -> Slots<AnySlot> {
        Slots::new()
    }
}
impl<T> AnyConstant for Constant<T> {}

/// A pipeline with the dispatch `D`. The slots of its keys are tracked by an inherent method where `D` is that of one node of a
/// cluster, else by a trait's: so code that is generic over the topology is not checked, because no bound is asked of it.
#[derive(Debug)]
pub struct Reaching<D>(PhantomData<fn() -> D>);

impl<D> Reaching<D> {
    pub(crate) fn new() -> Self {
        Reaching(PhantomData)
    }
}

impl Reaching<Deferred<OneNode<Cluster>>> {
    /// For `pipeline!`: the state before the first key.
    pub fn __typedis_slots(self) -> Slots<AnySlot> {
        Slots::new()
    }
}

impl Reaching<FromReplicas<Deferred<OneNode<Cluster>>>> {
    /// For `pipeline!`: the state before the first key.
    pub fn __typedis_slots(self) -> Slots<AnySlot> {
        Slots::new()
    }
}

/// For `pipeline!`: the state of every other pipeline.
pub trait ReachingAny: Sized {
    /// The state before the first key.
    fn __typedis_slots(self) -> Slots<Unchecked> {
        Slots::new()
    }
}
impl<D> ReachingAny for Reaching<D> {}
