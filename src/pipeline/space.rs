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
        literal::{Anywhere, At, Followed, Holds, Left, Mask, Past, State, Touches, Wants},
    },
    resp::Writer,
};
use frunk_core::hlist::HCons;
use std::marker::PhantomData;

/// Where the next command of a [`pipeline!`](crate::pipeline) goes.
#[derive(Debug)]
pub struct Space<'a> {
    queue: &'a mut Queue,
}

/// What a [`Space`] was taken by: a command, an [`Each`] or a [`When`].
#[derive(Debug)]
pub struct Taken<S>(PhantomData<fn() -> S>);

/// For `pipeline!`: the space behind the commands that are queued.
#[inline]
pub fn space<L, M>(pipeline: &mut Pipeline<Queued<L, M>>) -> Space<'_> {
    Space { queue: &mut pipeline.state.queue }
}

/// For `pipeline!`: nothing goes to the space behind the last command.
#[inline]
pub fn leave(_: Space<'_>) {}

/// For `pipeline!`: the queue with what was just written to it in its type.
#[inline]
pub fn grown<S, L, M>(pipeline: Pipeline<Queued<L, M>>, _: &Taken<S>) -> Pipeline<Queued<HCons<S, L>, M>> {
    Pipeline { state: pipeline.state.grown() }
}

impl Accept for Space<'_> {
    type Mode = QueueMode;
    type Next<C: Command> = Taken<C>;

    #[inline]
    fn accept<C: Command>(self, write: impl FnOnce(&mut Writer)) -> Taken<C> {
        write(&mut self.queue.writer);
        Taken(PhantomData)
    }
}

impl Space<'_> {
    /// Queues one command for each of `items`, as [`Pipeline::each`] does.
    pub fn each<I, C, F>(self, items: I, command: F) -> Taken<Each<C>>
    where
        I: IntoIterator,
        C: Command,
        F: for<'a> FnMut(Place<'a>, I::Item) -> Filled<'a, C>,
    {
        self.queue.each(items, command);
        Taken(PhantomData)
    }

    /// Queues a command if `condition` holds, as [`Pipeline::when`] does.
    pub fn when<C, F>(self, condition: bool, command: F) -> Taken<When<C>>
    where
        C: Command,
        F: for<'a> FnOnce(Place<'a>) -> Filled<'a, C>,
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
pub fn follow<L, M: Mode>(_: &Pipeline<Queued<L, M>>) -> Followed<M::Key> {
    Followed::new()
}

/// For `pipeline!`: what is known of a key behind a command that names it by a literal, at the argument `A`.
#[inline]
pub fn named<A: At, C: Touches, S: State>(_: Followed<S>, _: &Taken<C>) -> Followed<Left<C, A, S>> {
    Followed::new()
}

/// For `pipeline!`: what is known of a key behind what else a command does, of which `M` says how it is written.
#[inline]
pub fn past<M: Mask, C: Touches, S: State>(_: Followed<S>, _: &Taken<C>) -> Followed<Past<C, M, S>> {
    Followed::new()
}

/// For `pipeline!`: fails to compile where a command is certain to fail on the key that it names at the argument `A`.
#[inline]
pub fn holds<A: At, C: Touches, S: State>(_: &Followed<S>, _: &Taken<C>)
where
    Wants<C, A>: Holds<S, C>,
{
}
