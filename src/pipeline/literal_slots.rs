//! The analysis of literal and constant keys on the tokens of the queued commands, called by `pipeline!`.

use super::{entry::EntryToken, mode::Mode, pipeline::Pipeline, state::Queued};
use crate::command::{
    AnySlot, Slot,
    literal_keys::{ArgumentIndex, IfKey, KeyEffects, WatchedKeys},
    literal_slots::{Reaching, SameSlot, SlotState, Slots},
};

/// For `pipeline!`: the dispatch of a pipeline, which decides whether the slots of its keys are tracked.
#[inline]
pub fn reaching<L, M: Mode, V, T>(_: &Pipeline<Queued<L, M>, V, T>) -> Reaching<M::Dispatch<T>> {
    Reaching::new()
}

/// For `pipeline!`: the keys of a WATCH, as the token of a command.
#[inline]
pub fn watched() -> EntryToken<WatchedKeys> {
    EntryToken::new()
}

/// For `pipeline!`: the slot of a literal.
#[inline]
pub fn literal<const N: u16>() -> Slots<Slot<N>> {
    Slots::new()
}

/// For `pipeline!`: the state behind the key that the messages name, if the argument `A` is a key.
#[inline]
pub fn first_key<A: ArgumentIndex, C: KeyEffects, S: SlotState, K: SlotState>(
    _: Slots<S>,
    _: EntryToken<C>,
    _: Slots<K>,
) -> Slots<IfKey<C, A, S::After<K::Named>, S>> {
    Slots::new()
}

/// For `pipeline!`: the slot that the argument `A` must be in, if it is a key and the messages name the first key.
#[inline]
pub fn key_slot<A: ArgumentIndex, C: KeyEffects, S: SlotState>(
    _: Slots<S>,
    _: EntryToken<C>,
) -> Slots<IfKey<C, A, S::IfNamed, AnySlot>> {
    Slots::new()
}

/// For `pipeline!`: the state behind an argument `A` of the slot `K`. Does not compile where an earlier key, which the messages
/// do not name, is of another slot.
#[inline]
pub fn next_key<A: ArgumentIndex, C: KeyEffects, S: SlotState, K: SlotState>(
    _: Slots<S>,
    _: EntryToken<C>,
    _: Slots<K>,
) -> Slots<IfKey<C, A, S::After<K>, S>>
where
    IfKey<C, A, S::IfUnnamed, AnySlot>: SameSlot<K>,
{
    Slots::new()
}
