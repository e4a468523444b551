//! Entries: exclusive borrows of a batch, each for exactly one command or one group of them.

use super::{
    batch::Batch,
    decode::{Each, When},
    mode::Mode,
    pipeline::Pipeline,
    state::Queued,
};
use crate::{
    command::{Command, CommandSink, Deferred, OneNode, sealed::Sealed},
    resp::Writer,
    topology::SingleServer,
    version::AnyVersion,
};
use frunk_core::hlist::HCons;
use std::marker::PhantomData;

/// The entry for one command of [`each`](Pipeline::each) or [`when`](Pipeline::when). `D` is the dispatch of the pipeline's commands.
#[derive(Debug)]
pub struct VacantEntry<'a, V = AnyVersion, D = Deferred<OneNode<SingleServer>>> {
    batch: &'a mut Batch,
    server: PhantomData<fn() -> (V, D)>,
}

/// A [`VacantEntry`] that the command `C` was put into.
#[must_use = "return it from the closure"]
#[derive(Debug)]
pub struct OccupiedEntry<'a, C>(PhantomData<(Invariant<'a>, fn() -> C)>);

/// Makes each entry's lifetime its own, so that the closure can only return the entry that it was given.
type Invariant<'a> = fn(&'a ()) -> &'a ();

impl<V, D> Sealed for VacantEntry<'_, V, D> {}

impl<'a, V, D> CommandSink for VacantEntry<'a, V, D> {
    type Dispatch = D;
    type Server = V;
    type Entry<C: Command, S> = C;
    type Output<C: Command> = OccupiedEntry<'a, C>;

    fn submit<C: Command>(self, encode: impl FnOnce(&mut Writer<'_>)) -> Self::Output<C> {
        self.batch.push::<C>(encode);
        OccupiedEntry(PhantomData)
    }
}

impl Batch {
    pub(super) fn each<I, C, F, V, D>(&mut self, items: I, mut command: F)
    where
        I: IntoIterator,
        F: for<'a> FnMut(VacantEntry<'a, V, D>, I::Item) -> OccupiedEntry<'a, C>,
    {
        let mut count = 0;
        for item in items {
            let _occupied = command(VacantEntry { batch: self, server: PhantomData }, item);
            count += 1;
        }
        self.repeats.push(count);
    }

    pub(super) fn when<C, F, V, D>(&mut self, condition: bool, command: F)
    where
        F: for<'a> FnOnce(VacantEntry<'a, V, D>) -> OccupiedEntry<'a, C>,
    {
        if condition {
            let _occupied = command(VacantEntry { batch: self, server: PhantomData });
        }
        self.repeats.push(usize::from(condition));
    }
}

/// The entry for the next command of a [`pipeline!`](macro@crate::pipeline).
///
/// The macro calls no command on the pipeline, because that returns the next pipeline: a mistake in one command would leave
/// no type to look up the others on. So every command is called on an entry, whose type is the same each time, and the
/// [`EntryToken`] that it returns makes the pipeline's type grow by a call that cannot fail.
#[derive(Debug)]
pub struct MacroEntry<'a, V = AnyVersion, D = Deferred<OneNode<SingleServer>>> {
    batch: &'a mut Batch,
    server: PhantomData<fn() -> (V, D)>,
}

/// Proof of what a [`MacroEntry`] holds: a command, an [`Each`] or a [`When`].
#[derive(Debug)]
pub struct EntryToken<S>(PhantomData<fn() -> S>);

impl<S> EntryToken<S> {
    pub(super) fn new() -> Self {
        EntryToken(PhantomData)
    }
}

impl<S> Clone for EntryToken<S> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<S> Copy for EntryToken<S> {}

impl<V, D> Sealed for MacroEntry<'_, V, D> {}

impl<V, D> CommandSink for MacroEntry<'_, V, D> {
    type Dispatch = D;
    type Server = V;
    type Entry<C: Command, S> = C;
    type Output<C: Command> = EntryToken<C>;

    #[inline]
    fn submit<C: Command>(self, encode: impl FnOnce(&mut Writer<'_>)) -> EntryToken<C> {
        self.batch.push::<C>(encode);
        EntryToken(PhantomData)
    }
}

impl<V, D> MacroEntry<'_, V, D> {
    /// Queues one command for each of `items`, as [`Pipeline::each`] does.
    pub fn each<I, C, F>(self, items: I, command: F) -> EntryToken<Each<C>>
    where
        I: IntoIterator,
        C: Command,
        F: for<'a> FnMut(VacantEntry<'a, V, D>, I::Item) -> OccupiedEntry<'a, C>,
    {
        self.batch.each(items, command);
        EntryToken(PhantomData)
    }

    /// Queues a command if `condition` holds, as [`Pipeline::when`] does.
    pub fn when<C, F>(self, condition: bool, command: F) -> EntryToken<When<C>>
    where
        C: Command,
        F: for<'a> FnOnce(VacantEntry<'a, V, D>) -> OccupiedEntry<'a, C>,
    {
        self.batch.when(condition, command);
        EntryToken(PhantomData)
    }
}

/// For `pipeline!`: the entry behind the commands that are queued.
#[inline]
pub fn entry<L, M: Mode, V, T>(pipeline: &mut Pipeline<Queued<L, M>, V, T>) -> MacroEntry<'_, V, M::Dispatch<T>> {
    MacroEntry { batch: &mut pipeline.state.batch, server: PhantomData }
}

/// For `pipeline!`: leaves the entry behind the last command vacant.
#[inline]
pub fn finish<V, D>(_: MacroEntry<'_, V, D>) {}

/// For `pipeline!`: the pipeline with the occupied entry in its type.
#[inline]
pub fn push<S, L, M, V, T>(
    pipeline: Pipeline<Queued<L, M>, V, T>,
    _: EntryToken<S>,
) -> Pipeline<Queued<HCons<S, L>, M>, V, T> {
    Pipeline::of(pipeline.state.with_entry())
}
