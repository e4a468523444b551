//! Entries of `each` and `when`: borrowed places in a batch, each for exactly one command.

use super::batch::Batch;
use crate::{
    command::{Command, CommandSink, Deferred, sealed::Sealed},
    resp::Writer,
    version::AnyVersion,
};
use std::marker::PhantomData;

/// The place for one command of [`each`](super::Pipeline::each) or [`when`](super::Pipeline::when).
#[derive(Debug)]
pub struct VacantEntry<'a, V = AnyVersion> {
    batch: &'a mut Batch,
    server: PhantomData<fn() -> V>,
}

/// A [`VacantEntry`] that the command `C` was put into.
#[must_use = "return it from the closure"]
#[derive(Debug)]
pub struct OccupiedEntry<'a, C>(PhantomData<(Invariant<'a>, fn() -> C)>);

/// Makes each entry's lifetime its own, so that the closure can only return the entry that it was given.
type Invariant<'a> = fn(&'a ()) -> &'a ();

impl<V> Sealed for VacantEntry<'_, V> {}

impl<'a, V> CommandSink for VacantEntry<'a, V> {
    type Mode = Deferred;
    type Server = V;
    type Output<C: Command> = OccupiedEntry<'a, C>;

    fn submit<C: Command>(self, encode: impl FnOnce(&mut Writer<'_>)) -> Self::Output<C> {
        self.batch.push::<C>(encode);
        OccupiedEntry(PhantomData)
    }
}

impl Batch {
    pub(super) fn each<I, C, F, V>(&mut self, items: I, mut command: F)
    where
        I: IntoIterator,
        F: for<'a> FnMut(VacantEntry<'a, V>, I::Item) -> OccupiedEntry<'a, C>,
    {
        let mut count = 0;
        for item in items {
            let _occupied = command(VacantEntry { batch: self, server: PhantomData }, item);
            count += 1;
        }
        self.repeats.push(count);
    }

    pub(super) fn when<C, F, V>(&mut self, condition: bool, command: F)
    where
        F: for<'a> FnOnce(VacantEntry<'a, V>) -> OccupiedEntry<'a, C>,
    {
        if condition {
            let _occupied = command(VacantEntry { batch: self, server: PhantomData });
        }
        self.repeats.push(usize::from(condition));
    }
}
