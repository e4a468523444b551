//! The places that `pipeline!` fills, each by itself.
//!
//! The macro does not call a command on the queue, because what comes of that is the next queue: a mistake in one command
//! would leave no type to look up the others on. So every command goes to a space borrowed from the queue, whose type is
//! the same each time, and what took the space makes the queue grow by a call that cannot fail.

use super::{
    Pipeline,
    mode::Mode,
    queue::{Each, Filled, Place, Queue, When},
    state::Queued,
};
use crate::{
    command::{
        Accept, Command, Queue as QueueMode,
        literal::{Anywhere, At, Effect, Followed, Holds, Left, Mask, Passage, Passed, State, Touches, Wants},
    },
    resp::Writer,
    version::AnyVersion,
};
use frunk_core::hlist::HCons;
use std::marker::PhantomData;

/// Where the next command of a [`pipeline!`](crate::pipeline) goes.
#[derive(Debug)]
pub struct Space<'a, V = AnyVersion> {
    queue: &'a mut Queue,
    server: PhantomData<fn() -> V>,
}

/// What a [`Space`] was taken by: a command, an [`Each`] or a [`When`].
#[derive(Debug)]
pub struct Taken<S>(PhantomData<fn() -> S>);

impl<S> Clone for Taken<S> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<S> Copy for Taken<S> {}

/// For `pipeline!`: the space behind the commands that are queued.
#[inline]
pub fn space<L, M, V>(pipeline: &mut Pipeline<Queued<L, M>, V>) -> Space<'_, V> {
    Space { queue: &mut pipeline.state.queue, server: PhantomData }
}

/// For `pipeline!`: nothing goes to the space behind the last command.
#[inline]
pub fn leave<V>(_: Space<'_, V>) {}

/// For `pipeline!`: the queue with what was just written to it in its type.
#[inline]
pub fn grown<S, L, M, V>(pipeline: Pipeline<Queued<L, M>, V>, _: Taken<S>) -> Pipeline<Queued<HCons<S, L>, M>, V> {
    Pipeline::of(pipeline.state.grown())
}

impl<V> Accept for Space<'_, V> {
    type Mode = QueueMode;
    type Server = V;
    type Next<C: Command> = Taken<C>;

    #[inline]
    fn accept<C: Command>(self, write: impl FnOnce(&mut Writer)) -> Taken<C> {
        write(&mut self.queue.writer);
        Taken(PhantomData)
    }
}

impl<V> Space<'_, V> {
    /// Queues one command for each of `items`, as [`Pipeline::each`] does.
    pub fn each<I, C, F>(self, items: I, command: F) -> Taken<Each<C>>
    where
        I: IntoIterator,
        C: Command,
        F: for<'a> FnMut(Place<'a, V>, I::Item) -> Filled<'a, C>,
    {
        self.queue.each(items, command);
        Taken(PhantomData)
    }

    /// Queues a command if `condition` holds, as [`Pipeline::when`] does.
    pub fn when<C, F>(self, condition: bool, command: F) -> Taken<When<C>>
    where
        C: Command,
        F: for<'a> FnOnce(Place<'a, V>) -> Filled<'a, C>,
    {
        self.queue.when(condition, command);
        Taken(PhantomData)
    }
}

impl<C: Touches> Touches for Each<C> {
    type Arguments = ();
    type Elsewhere = Anywhere<C>;
}

impl<C: Touches> Touches for When<C> {
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
pub fn holds<A: At, C: Touches, S: State>(_: Followed<S>, _: Taken<C>) -> Followed<Left<C, A, S>>
where
    Wants<C, A>: Holds<S, C>,
{
    Followed::new()
}

/// For `pipeline!`: what a command, of which `M` says how it is written, does to keys that it does not name.
#[inline]
pub fn passage<M: Mask, C: Touches>(_: Taken<C>) -> Passage<Passed<C, M>> {
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
