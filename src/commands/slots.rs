//! Slots of a cluster as arguments of several groups.

use crate::{
    argument::{Argument, Arguments},
    command::option::{Checked, OptionField, WordSink},
    resp::Writer,
    slot::SLOTS,
};

const NO_SLOT: &str = "a slot is a number from 0 to 16383";
const NO_RANGE: &str = "a range of slots begins at its lower end";
const EMPTY: &str = "a list of slots must not be empty";

/// One slot.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OneSlot(pub(crate) u16);

impl Argument for OneSlot {
    fn write(&self, out: &mut Writer) {
        if self.0 >= SLOTS {
            out.reject(NO_SLOT);
        }
        out.integer(self.0);
    }
}

crate::command::option::values! { OneSlot }

impl Arguments for OneSlot {
    type Item = Self;
    fn count(&self) -> usize {
        1
    }
    fn write_all(&self, out: &mut Writer) {
        self.write(out);
    }
}

/// Slots, at least one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SlotList<'a>(pub(crate) &'a [u16]);

impl Arguments for SlotList<'_> {
    type Item = OneSlot;
    fn count(&self) -> usize {
        self.0.len()
    }
    fn write_all(&self, out: &mut Writer) {
        if self.0.is_empty() {
            out.reject(EMPTY);
        }
        self.0.iter().for_each(|slot| OneSlot(*slot).write(out));
    }
}

/// Ranges of slots, both ends included, at least one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SlotRanges<'a>(pub(crate) &'a [(u16, u16)]);

impl Arguments for SlotRanges<'_> {
    type Item = OneSlot;
    fn count(&self) -> usize {
        self.0.len().wrapping_mul(2)
    }
    fn write_all(&self, out: &mut Writer) {
        if self.0.is_empty() {
            out.reject(EMPTY);
        }
        for (first, last) in self.0 {
            if first > last {
                out.reject(NO_RANGE);
            }
            OneSlot(*first).write(out);
            OneSlot(*last).write(out);
        }
    }
}

/// Slots behind their number, at least one.
#[derive(Clone, Debug)]
pub(crate) struct NumberedSlots(pub(crate) Vec<u16>);

impl OptionField for NumberedSlots {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        out.word(word);
        out.argument(&Checked(self.0.len() as u64, self.0.is_empty().then_some(EMPTY)));
        self.0.iter().for_each(|slot| out.argument(&OneSlot(*slot)));
    }
}

/// The reason why arguments are rejected, if they are.
#[cfg(test)]
pub(crate) fn rejection(arguments: &impl Arguments) -> Option<&'static str> {
    use crate::resp::{CommandBuffer, FirstArgument, Name, encoded_len};

    const NAME: Name<{ encoded_len("NAME") }> = Name::new("NAME");
    let mut buffer = CommandBuffer::default();
    buffer.command(FirstArgument::Other, |out| {
        out.command(&NAME, arguments.count());
        arguments.write_all(out);
    });
    buffer.rejected().map(|rejected| rejected.reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_slot_is_rejected() {
        assert_eq!((rejection(&OneSlot(16383)), rejection(&OneSlot(16384))), (None, Some(NO_SLOT)));
        assert_eq!(
            (rejection(&SlotList(&[0, 1])), rejection(&SlotList(&[1, 20000])), rejection(&SlotList(&[]))),
            (None, Some(NO_SLOT), Some(EMPTY))
        );
        assert_eq!((rejection(&SlotRanges(&[(3, 3)])), rejection(&SlotRanges(&[(4, 3)]))), (None, Some(NO_RANGE)));
        assert_eq!(rejection(&SlotRanges(&[])), Some(EMPTY));
    }
}
