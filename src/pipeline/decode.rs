//! The reply side of a batch: how the entries of its list read their replies.

use super::{batch::BatchInfo, refusal::judge};
use crate::{
    command::{AnySlot, Command, CommandAccess, CommandInfo},
    error::{CommandPosition, Error, Result},
    resp::{DecodeError, Reader, ScriptSlot},
    trace,
};
use bytes::Bytes;
use std::{marker::PhantomData, slice};

/// One entry of the list: a command, or the commands of [`each`](super::Pipeline::each) or
/// [`when`](super::Pipeline::when).
pub trait ListEntry {
    /// The entry's part of the replies of `execute`.
    type Reply;
    /// The entry's part of the replies of `execute_each`.
    type Result;
    /// The first command that may write: the entry's own, or else `Behind`, the first of those behind the entry.
    type FirstWrite<Behind>;
    /// The slot of the key, as the entry says it.
    #[doc(hidden)]
    type SlotInList;
    /// The facts of the entry's command.
    #[doc(hidden)]
    const INFO: &'static CommandInfo;
    /// Returns how many commands the entry holds.
    #[doc(hidden)]
    fn count(repeats: &mut slice::Iter<'_, usize>) -> usize;
    #[doc(hidden)]
    fn reply(decoder: &mut Decoder<'_>) -> Result<Self::Reply>;
    #[doc(hidden)]
    fn result(decoder: &mut Decoder<'_>) -> Self::Result;
}

/// Reads the replies of a list, one entry after the other.
#[doc(hidden)]
#[derive(Debug)]
pub struct Decoder<'a> {
    reader: Reader<'a>,
    number: usize,
    repeats: slice::Iter<'a, usize>,
    batch: &'a BatchInfo,
    pub(super) span: trace::Span,
}

impl<'a> Decoder<'a> {
    pub(super) fn new(replies: &'a Bytes, batch: &'a BatchInfo, span: trace::Span) -> Self {
        Decoder { reader: Reader::new(replies), number: 0, repeats: batch.repeats().iter(), batch, span }
    }

    /// The index of the command whose reply was read last.
    pub(super) fn last_index(&self) -> usize {
        self.number.saturating_sub(1)
    }

    #[inline(always)]
    fn command<C: Command>(&mut self) -> Result<C::Reply> {
        self.number += 1;
        self.reader.read_reply(C::read).map_err(|error| self.failed::<C>(error))
    }

    #[cold]
    fn failed<C: Command>(&mut self, error: DecodeError) -> Error {
        let error = self.batch.missing_reply(self.last_index()).unwrap_or_else(|| {
            let slot = ScriptSlot::find(self.batch.script_slots(), self.last_index());
            let at = CommandPosition { number: self.number, name: C::INFO.name };
            error.into_error(at, |error| judge(error, &C::INFO, slot))
        });
        self.span.error(&error);
        error
    }

    fn repeats(&mut self) -> usize {
        next_count(&mut self.repeats)
    }
}

/// Takes the number of commands of the next `each` or `when`.
fn next_count(repeats: &mut slice::Iter<'_, usize>) -> usize {
    repeats.next().copied().unwrap_or_default()
}

impl<C: Command> ListEntry for C {
    type Reply = C::Reply;
    type Result = Result<C::Reply>;
    type FirstWrite<Behind> = <C::Access as CommandAccess>::FirstWrite<C, Behind>;
    type SlotInList = C::SlotInList;
    const INFO: &'static CommandInfo = &C::INFO;

    #[inline]
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
    type SlotInList = AnySlot;
    const INFO: &'static CommandInfo = &C::INFO;

    fn count(repeats: &mut slice::Iter<'_, usize>) -> usize {
        next_count(repeats)
    }
    #[inline(never)]
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
    type SlotInList = AnySlot;
    const INFO: &'static CommandInfo = &C::INFO;

    fn count(repeats: &mut slice::Iter<'_, usize>) -> usize {
        next_count(repeats)
    }
    fn reply(decoder: &mut Decoder<'_>) -> Result<Option<C::Reply>> {
        (decoder.repeats() == 1).then(|| decoder.command::<C>()).transpose()
    }
    fn result(decoder: &mut Decoder<'_>) -> Option<Result<C::Reply>> {
        (decoder.repeats() == 1).then(|| decoder.command::<C>())
    }
}
