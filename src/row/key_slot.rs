//! Commands in the list of a queue that know the slot of their key, so that keys of two slots in one transaction of a cluster do
//! not compile where it is executed.
//!
//! A method cannot name the type of an argument in `impl KeyFor`, so the trait of the methods has a parameter for the slot that
//! the key says. Sinks choose what they keep of it: only the queue of a transaction on a cluster does, because elsewhere keys of
//! any slots may meet.

use super::{Command, CommandInfo, CommandSink};
use crate::resp::{DecodeError, Reader};
use std::marker::PhantomData;

/// The slot of keys whose type does not say it.
#[derive(Debug)]
pub struct AnySlot;

/// The slot of keys, as their type says it.
#[derive(Debug)]
pub struct Slot<const N: u16>;

/// The slot of a command's first key, as far as the key's type says it: [`Slot`] or [`AnySlot`].
pub trait KeySlot {
    /// The entry of the command `C` in the list of the sink `K`.
    type Entry<K: CommandSink, C: Command>: Command<Reply = C::Reply, Access = C::Access>;
}

impl KeySlot for AnySlot {
    type Entry<K: CommandSink, C: Command> = C;
}

impl<const N: u16> KeySlot for Slot<N> {
    type Entry<K: CommandSink, C: Command> = K::Entry<C, Slot<N>>;
}

/// The entry of the command `C` in the list of the sink `K`: `C`, or [`Keyed<C, S>`](Keyed) where its key is of the slot `S` and
/// the commands of `K` must be of one slot.
pub type EntryOf<K, C, S> = <S as KeySlot>::Entry<K, C>;

/// The command `C` with a key of the slot `S`, in a transaction on a cluster.
#[derive(Debug)]
pub struct Keyed<C, S>(PhantomData<fn() -> (C, S)>);

impl<C: Command, S> Command for Keyed<C, S> {
    type Reply = C::Reply;
    type Access = C::Access;
    type Since = C::Since;
    type SlotInList = Self;
    const INFO: CommandInfo = C::INFO;
    #[inline]
    fn read(reader: &mut Reader<'_>) -> Result<Self::Reply, DecodeError> {
        C::read(reader)
    }
}

/// What an entry of a list says of the slot of its key: [`Keyed`], or nothing by [`AnySlot`]. An entry of a generic type says
/// neither.
pub trait KnownSlot {}

impl KnownSlot for AnySlot {}
impl<C, S> KnownSlot for Keyed<C, S> {}

/// What an entry says of the slot of its key, where it may be in one transaction with the entry `Before`.
pub trait Joins<Before> {
    /// The last entry that says its slot: this one, or else `Before`.
    type Last;
}

#[diagnostic::do_not_recommend]
impl<Before> Joins<Before> for AnySlot {
    type Last = Before;
}

#[diagnostic::do_not_recommend]
impl<C, S> Joins<AnySlot> for Keyed<C, S> {
    type Last = Self;
}

// Recommended, so that the error is that of the bound.
impl<C, S: SameSlotAs<B, C, D>, D, B> Joins<Keyed<D, B>> for Keyed<C, S> {
    type Last = Self;
}

/// The slot of the command `Own`, which must be the slot `S` of the command `Before`.
#[diagnostic::on_unimplemented(
    message = "CROSSSLOT: the key of `{Own}` is of `{Self}` and that of `{Before}` of `{S}`, and a transaction of a cluster is of one slot",
    label = "these commands have keys with two hash tags",
    note = "give the keys of one transaction one hash tag, such as by `tag` in their `keyspace!`, or queue the commands `without_transaction()`; a key that is `untagged()` is checked before it is sent"
)]
pub trait SameSlotAs<S, Own, Before> {}

#[diagnostic::do_not_recommend]
impl<const N: u16, Own, Before> SameSlotAs<Slot<N>, Own, Before> for Slot<N> {}
