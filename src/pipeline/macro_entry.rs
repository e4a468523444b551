//! Entries that `pipeline!` fills, and what it asks the compiler about literal keys.
//!
//! The macro queues each command at an entry borrowed from the queue, whose type is always the same. A command on the queue
//! itself would return the next queue, and an error in one command would leave no type to look up the others on. The token
//! that a filled entry returns makes the queue's type grow, by a call that cannot fail.

use super::{
    batch::Batch,
    decode::{Each, When},
    entry::{OccupiedEntry, VacantEntry},
    machine::Pipeline,
    mode::Mode,
    state::Queued,
};
use crate::{
    command::{Command, CommandSink, Deferred, sealed::Sealed},
    literal_keys::{Anywhere, At, Effect, Followed, Holds, KeyEffects, Left, Mask, Passage, Passed, State, Wants},
    resp::Writer,
    version::AnyVersion,
};
use frunk_core::hlist::HCons;
use std::marker::PhantomData;

/// The entry for the next command of a [`pipeline!`](crate::pipeline).
#[derive(Debug)]
pub struct MacroEntry<'a, V = AnyVersion> {
    batch: &'a mut Batch,
    server: PhantomData<fn() -> V>,
}

/// Returned by a [`MacroEntry`] that was filled by a command, an [`Each`] or a [`When`].
#[derive(Debug)]
pub struct EntryToken<S>(PhantomData<fn() -> S>);

impl<S> Clone for EntryToken<S> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<S> Copy for EntryToken<S> {}

/// For `pipeline!`: the entry behind the queued commands.
#[inline]
pub fn entry<L, M, V>(pipeline: &mut Pipeline<Queued<L, M>, V>) -> MacroEntry<'_, V> {
    MacroEntry { batch: &mut pipeline.state.batch, server: PhantomData }
}

/// For `pipeline!`: leaves the entry behind the last command vacant.
#[inline]
pub fn finish<V>(_: MacroEntry<'_, V>) {}

/// For `pipeline!`: adds the entry that was just filled to the queue's type.
#[inline]
pub fn push<S, L, M, V>(pipeline: Pipeline<Queued<L, M>, V>, _: EntryToken<S>) -> Pipeline<Queued<HCons<S, L>, M>, V> {
    Pipeline::of(pipeline.state.grown())
}

impl<V> Sealed for MacroEntry<'_, V> {}

impl<V> CommandSink for MacroEntry<'_, V> {
    type Mode = Deferred;
    type Server = V;
    type Output<C: Command> = EntryToken<C>;

    #[inline]
    fn submit<C: Command>(self, encode: impl FnOnce(&mut Writer<'_>)) -> EntryToken<C> {
        self.batch.push::<C>(encode);
        EntryToken(PhantomData)
    }
}

impl<V> MacroEntry<'_, V> {
    /// Queues one command for each of `items`, as [`Pipeline::each`] does.
    pub fn each<I, C, F>(self, items: I, command: F) -> EntryToken<Each<C>>
    where
        I: IntoIterator,
        C: Command,
        F: for<'a> FnMut(VacantEntry<'a, V>, I::Item) -> OccupiedEntry<'a, C>,
    {
        self.batch.each(items, command);
        EntryToken(PhantomData)
    }

    /// Queues a command if `condition` holds, as [`Pipeline::when`] does.
    pub fn when<C, F>(self, condition: bool, command: F) -> EntryToken<When<C>>
    where
        C: Command,
        F: for<'a> FnOnce(VacantEntry<'a, V>) -> OccupiedEntry<'a, C>,
    {
        self.batch.when(condition, command);
        EntryToken(PhantomData)
    }
}

impl<C: KeyEffects> KeyEffects for Each<C> {
    type Arguments = ();
    type Elsewhere = Anywhere<C>;
}

impl<C: KeyEffects> KeyEffects for When<C> {
    type Arguments = ();
    type Elsewhere = Anywhere<C>;
}

/// For `pipeline!`: the state of any key before the first command.
#[inline]
pub fn track<L, M: Mode, V>(_: &Pipeline<Queued<L, M>, V>) -> Followed<M::Key> {
    Followed::new()
}

/// For `pipeline!`: the state of a key behind a command that names it by a literal, at the argument `A`. Does not compile
/// where the command is certain to fail on the state before.
#[inline]
pub fn check<A: At, C: KeyEffects, S: State>(_: Followed<S>, _: EntryToken<C>) -> Followed<Left<C, A, S>>
where
    Wants<C, A>: Holds<S, C>,
{
    Followed::new()
}

/// For `pipeline!`: the effect of a command, whose literal arguments are those of `M`, on keys that it does not name.
#[inline]
pub fn effect<M: Mask, C: KeyEffects>(_: EntryToken<C>) -> Passage<Passed<C, M>> {
    Passage::new()
}

/// For `pipeline!`: the effect of one command, or run of commands, and then of the next.
#[inline]
pub fn join<A: Effect, B: Effect>(_: Passage<A>, _: Passage<B>) -> Passage<A::And<B>> {
    Passage::new()
}

/// For `pipeline!`: the state of a key behind commands that do not name it by a literal.
#[inline]
pub fn apply<E: Effect, S: State>(_: Followed<S>, _: Passage<E>) -> Followed<E::Past<S>> {
    Followed::new()
}
