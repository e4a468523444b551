//! Commands that wait, encoded; and the places in the list that hold more or fewer than one.

use super::mode::Mode;
use crate::{
    command::{Command, CommandAccess, CommandSink, Deferred},
    error::{CommandPosition, Error, Result},
    resp::{DecodeError, Reader, Writer},
    trace,
    version::AnyVersion,
};
use std::{marker::PhantomData, slice};

/// The encoded commands, behind MULTI where they are a transaction.
#[derive(Debug)]
pub(super) struct Queue {
    pub(super) writer: Writer,
    /// How many commands each [`Each`] and [`When`] holds, in their order.
    pub(super) repeats: Vec<usize>,
}

pub(super) const MULTI: &[u8] = b"*1\r\n$5\r\nMULTI\r\n";
pub(super) const EXEC: &[u8] = b"*1\r\n$4\r\nEXEC\r\n";
pub(super) const MULTI_AT: CommandPosition = CommandPosition { number: 0, name: "MULTI" };

impl Queue {
    pub(super) fn new<M: Mode>() -> Self {
        let mut writer = Writer::default();
        if M::ATOMIC {
            writer.raw(MULTI);
        }
        Queue { writer, repeats: Vec::new() }
    }

    /// Puts the commands of a prepared batch into this empty queue.
    pub(super) fn fill(&mut self, batch: &Queue) {
        self.writer.append(&batch.writer);
        self.repeats.clone_from(&batch.repeats);
    }

    pub(super) fn each<I, C, F, V>(&mut self, items: I, mut command: F)
    where
        I: IntoIterator,
        F: for<'a> FnMut(VacantEntry<'a, V>, I::Item) -> OccupiedEntry<'a, C>,
    {
        let before = self.writer.commands();
        for item in items {
            let _filled = command(VacantEntry { queue: self, server: PhantomData }, item);
        }
        self.repeats.push(self.writer.commands() - before);
    }

    pub(super) fn when<C, F, V>(&mut self, condition: bool, command: F)
    where
        F: for<'a> FnOnce(VacantEntry<'a, V>) -> OccupiedEntry<'a, C>,
    {
        if condition {
            let _filled = command(VacantEntry { queue: self, server: PhantomData });
        }
        self.repeats.push(usize::from(condition));
    }
}

/// One entry of the list: a command, or the commands of [`each`](super::Pipeline::each) or
/// [`when`](super::Pipeline::when).
pub trait ListEntry {
    /// What `execute` gives for it.
    type Reply;
    /// What `execute_each` gives for it.
    type Result;
    /// The first of its command and those behind it, of which `Behind` is the first, that may write.
    type FirstWrite<Behind>;
    #[doc(hidden)]
    const NAME: &'static str;
    #[doc(hidden)]
    fn count(repeats: &mut slice::Iter<'_, usize>) -> usize;
    #[doc(hidden)]
    fn reply(decoder: &mut Decoder<'_>) -> Result<Self::Reply>;
    #[doc(hidden)]
    fn result(decoder: &mut Decoder<'_>) -> Self::Result;
}

/// Reads the replies of a list, one slot after the other.
#[doc(hidden)]
#[derive(Debug)]
pub struct Decoder<'a> {
    reader: Reader<'a>,
    number: usize,
    repeats: slice::Iter<'a, usize>,
    pub(super) span: trace::Span,
}

impl<'a> Decoder<'a> {
    pub(super) fn new(reader: Reader<'a>, repeats: &'a [usize], span: trace::Span) -> Self {
        Decoder { reader, number: 0, repeats: repeats.iter(), span }
    }

    #[inline]
    fn command<C: Command>(&mut self) -> Result<C::Reply> {
        self.number += 1;
        self.reader.one(C::read).map_err(|fault| self.fault::<C>(fault))
    }

    #[cold]
    fn fault<C: Command>(&mut self, fault: DecodeError) -> Error {
        let error = super::wire::fault_at(fault, CommandPosition { number: self.number, name: C::INFO.name });
        self.span.error(&error);
        error
    }

    fn repeats(&mut self) -> usize {
        self.repeats.next().copied().unwrap_or_default()
    }
}

impl<C: Command> ListEntry for C {
    type Reply = C::Reply;
    type Result = Result<C::Reply>;
    type FirstWrite<Behind> = <C::Access as CommandAccess>::FirstWrite<C, Behind>;
    const NAME: &'static str = C::INFO.name;

    fn count(_: &mut slice::Iter<'_, usize>) -> usize {
        1
    }
    #[inline]
    fn reply(decoder: &mut Decoder<'_>) -> Result<C::Reply> {
        decoder.command::<C>()
    }
    fn result(decoder: &mut Decoder<'_>) -> Result<C::Reply> {
        decoder.command::<C>()
    }
}

/// The commands of one [`each`](super::Pipeline::each): any number of `C`.
#[derive(Debug)]
pub struct Each<C>(PhantomData<fn() -> C>);

impl<C: Command> ListEntry for Each<C> {
    type Reply = Vec<C::Reply>;
    type Result = Vec<Result<C::Reply>>;
    type FirstWrite<Behind> = <C::Access as CommandAccess>::FirstWrite<C, Behind>;
    const NAME: &'static str = C::INFO.name;

    fn count(repeats: &mut slice::Iter<'_, usize>) -> usize {
        repeats.next().copied().unwrap_or_default()
    }
    fn reply(decoder: &mut Decoder<'_>) -> Result<Vec<C::Reply>> {
        let count = decoder.repeats();
        let mut replies = Vec::with_capacity(count);
        for _ in 0..count {
            replies.push(decoder.command::<C>()?);
        }
        Ok(replies)
    }
    fn result(decoder: &mut Decoder<'_>) -> Vec<Result<C::Reply>> {
        (0..decoder.repeats()).map(|_| decoder.command::<C>()).collect()
    }
}

/// The command of one [`when`](super::Pipeline::when): a `C`, or none.
#[derive(Debug)]
pub struct When<C>(PhantomData<fn() -> C>);

impl<C: Command> ListEntry for When<C> {
    type Reply = Option<C::Reply>;
    type Result = Option<Result<C::Reply>>;
    type FirstWrite<Behind> = <C::Access as CommandAccess>::FirstWrite<C, Behind>;
    const NAME: &'static str = C::INFO.name;

    fn count(repeats: &mut slice::Iter<'_, usize>) -> usize {
        repeats.next().copied().unwrap_or_default()
    }
    fn reply(decoder: &mut Decoder<'_>) -> Result<Option<C::Reply>> {
        (decoder.repeats() == 1).then(|| decoder.command::<C>()).transpose()
    }
    fn result(decoder: &mut Decoder<'_>) -> Option<Result<C::Reply>> {
        (decoder.repeats() == 1).then(|| decoder.command::<C>())
    }
}

/// One place in a queue, to be filled with exactly one command.
#[derive(Debug)]
pub struct VacantEntry<'a, V = AnyVersion> {
    queue: &'a mut Queue,
    server: PhantomData<fn() -> V>,
}

/// A [`VacantEntry`] that holds the command `C`.
#[must_use = "return it from the closure"]
#[derive(Debug)]
pub struct OccupiedEntry<'a, C>(PhantomData<(Invariant<'a>, fn() -> C)>);

/// So that the closure must return what it made of its own place.
type Invariant<'a> = fn(&'a ()) -> &'a ();

impl<'a, V> CommandSink for VacantEntry<'a, V> {
    type Mode = Deferred;
    type Server = V;
    type Output<C: Command> = OccupiedEntry<'a, C>;

    fn submit<C: Command>(self, write: impl FnOnce(&mut Writer)) -> Self::Output<C> {
        write(&mut self.queue.writer);
        OccupiedEntry(PhantomData)
    }
}
