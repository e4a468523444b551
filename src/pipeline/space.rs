//! The places that `pipeline!` fills, each by itself.
//!
//! The macro does not call a command on the queue, because what comes of that is the next queue: a mistake in one command
//! would leave no type to look up the others on. So every command goes to a space borrowed from the queue, whose type is
//! the same each time, and what took the space makes the queue grow by a call that cannot fail.

use super::{
    Pipeline,
    mode::Mode,
    queue::{Each, OccupiedEntry, Queue, VacantEntry, When},
    state::Queued,
};
use crate::{
    command::{Command, CommandSink, Deferred},
    literal_keys::{Anywhere, At, Effect, Followed, Holds, KeyEffects, Left, Mask, Passage, Passed, State, Wants},
    resp::Writer,
    version::AnyVersion,
};
use frunk_core::hlist::HCons;
use std::marker::PhantomData;

/// Where the next command of a [`pipeline!`](crate::pipeline) goes.
#[derive(Debug)]
pub struct MacroEntry<'a, V = AnyVersion> {
    queue: &'a mut Queue,
    server: PhantomData<fn() -> V>,
}

/// What a [`MacroEntry`] was taken by: a command, an [`Each`] or a [`When`].
#[derive(Debug)]
pub struct EntryToken<S>(PhantomData<fn() -> S>);

impl<S> Clone for EntryToken<S> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<S> Copy for EntryToken<S> {}

/// For `pipeline!`: the space behind the commands that are queued.
#[inline]
pub fn space<L, M, V>(pipeline: &mut Pipeline<Queued<L, M>, V>) -> MacroEntry<'_, V> {
    MacroEntry { queue: &mut pipeline.state.queue, server: PhantomData }
}

/// For `pipeline!`: nothing goes to the space behind the last command.
#[inline]
pub fn leave<V>(_: MacroEntry<'_, V>) {}

/// For `pipeline!`: the queue with what was just written to it in its type.
#[inline]
pub fn grown<S, L, M, V>(pipeline: Pipeline<Queued<L, M>, V>, _: EntryToken<S>) -> Pipeline<Queued<HCons<S, L>, M>, V> {
    Pipeline::of(pipeline.state.grown())
}

impl<V> CommandSink for MacroEntry<'_, V> {
    type Mode = Deferred;
    type Server = V;
    type Output<C: Command> = EntryToken<C>;

    #[inline]
    fn submit<C: Command>(self, write: impl FnOnce(&mut Writer)) -> EntryToken<C> {
        write(&mut self.queue.writer);
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
        self.queue.each(items, command);
        EntryToken(PhantomData)
    }

    /// Queues a command if `condition` holds, as [`Pipeline::when`] does.
    pub fn when<C, F>(self, condition: bool, command: F) -> EntryToken<When<C>>
    where
        C: Command,
        F: for<'a> FnOnce(VacantEntry<'a, V>) -> OccupiedEntry<'a, C>,
    {
        self.queue.when(condition, command);
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

/// For `pipeline!`: what is known of any key before the first command.
#[inline]
pub fn follow<L, M: Mode, V>(_: &Pipeline<Queued<L, M>, V>) -> Followed<M::Key> {
    Followed::new()
}

/// For `pipeline!`: what is known of a key behind a command that names it by a literal, at the argument `A`. Fails to
/// compile where the command is certain to fail on what the key holds before.
#[inline]
pub fn holds<A: At, C: KeyEffects, S: State>(_: Followed<S>, _: EntryToken<C>) -> Followed<Left<C, A, S>>
where
    Wants<C, A>: Holds<S, C>,
{
    Followed::new()
}

/// For `pipeline!`: what a command, of which `M` says how it is written, does to keys that it does not name.
#[inline]
pub fn passage<M: Mask, C: KeyEffects>(_: EntryToken<C>) -> Passage<Passed<C, M>> {
    Passage::new()
}

/// For `pipeline!`: what two neighbours do.
#[inline]
pub fn both<A: Effect, B: Effect>(_: Passage<A>, _: Passage<B>) -> Passage<A::And<B>> {
    Passage::new()
}

/// For `pipeline!`: what is known of a key behind commands that do not name it by a literal.
#[inline]
pub fn past<E: Effect, S: State>(_: Followed<S>, _: Passage<E>) -> Followed<E::Past<S>> {
    Followed::new()
}
