//! The slots of keys, noted with each command that is appended, for a router that sends by slot.

use super::command_buffer::{CommandBuffer, CommandSlot, KeyTracking, argument, is_key};
use crate::slot::{SlotState, first, slot_of_hashed, tag_of};

/// The length of the CR LF behind an argument.
const LINE_END: usize = 2;

impl CommandBuffer {
    /// Notes that the command that was just appended has no keys.
    #[inline(never)]
    pub(super) fn note_no_key(&mut self) {
        self.note_slot(SlotState::None);
    }

    /// Notes the slot of the only key of that command, which is the argument at the byte `at`.
    #[inline]
    pub(super) fn note_first_key(&mut self, at: usize) {
        // Keys of one tag are of one slot, which most transactions on a cluster are about.
        let is_known = self.tracking == KeyTracking::Together
            && repeats_tag(&self.bytes, at, self.last_tag as usize) == Some(true);
        if !is_known {
            self.note_another_key(at);
        }
    }

    #[inline(never)]
    fn note_another_key(&mut self, at: usize) {
        let Some(place) = argument(&self.bytes, at) else { return self.note_slot(SlotState::None) };
        let key = self.bytes.get(place.clone()).unwrap_or_default();
        let (slot, last_tag) = match tag_of(key) {
            Some((start, length)) => {
                let tag = key.get(start..start + length).unwrap_or_default();
                (slot_of_hashed(tag), u32::try_from(place.start + start).unwrap_or(0))
            }
            None => (slot_of_hashed(key), self.last_tag),
        };
        self.last_tag = last_tag;
        self.note_slot(SlotState::One(slot));
    }

    /// Notes the slot of the keys of that command, which are recorded. Its arguments begin at the byte `at`.
    #[inline(never)]
    pub(super) fn note_recorded_keys(&mut self, mut at: usize) {
        let (mut slot, mut position) = (SlotState::None, 0);
        while let Some(argument) = argument(&self.bytes, at) {
            at = argument.end + LINE_END;
            if is_key(self.key_ranges(self.commands()), position) {
                slot = slot.with(self.bytes.get(argument).map_or(SlotState::None, SlotState::of_key));
            }
            position += 1;
        }
        self.note_slot(slot);
    }

    #[inline(always)]
    fn note_slot(&mut self, slot: SlotState) {
        self.slot = self.slot.with(slot);
        if self.tracking == KeyTracking::Each {
            let slot = CommandSlot { end: self.bytes.len() as u32, slot };
            match &mut *self.extras {
                Some(extras) => extras.slots.push(slot),
                None => self.extras_mut().slots.push(slot),
            }
        }
    }
}

/// Returns whether the argument at the byte `at` has the same hash tag as an earlier key, where its tag begins at `last`; zero is none.
/// `None` where that is not seen at once: of a key of a hundred bytes or more, or with a tag of more than seven bytes or behind more
/// than seven.
#[inline(always)]
fn repeats_tag(bytes: &[u8], at: usize, last: usize) -> Option<bool> {
    if last == 0 {
        return None;
    }
    let last = u64::from_le_bytes(*bytes.get(last..)?.first_chunk()?);
    let digit = |byte: u8| usize::from(byte.wrapping_sub(b'0'));
    let (start, length) = match *bytes.get(at..)?.first_chunk()? {
        [_, length, b'\r', _] => (at + 4, digit(length)),
        [_, tens, ones, b'\r'] => (at + 5, 10 * digit(tens) + digit(ones)),
        _ => return None,
    };
    let (open, behind) = match length {
        0 => return None,
        1..=8 => {
            // One load of what is before the key too, which always is something: the name of a command.
            let word = u64::from_le_bytes(*bytes.get(..start + length)?.last_chunk()?) >> (64 - 8 * length);
            let open = first(word, b'{')?;
            (open, word >> (8 * open) >> 8)
        }
        _ => {
            let open = first(u64::from_le_bytes(*bytes.get(start..)?.first_chunk()?), b'{')?;
            (open, u64::from_le_bytes(*bytes.get(start + open + 1..)?.first_chunk()?))
        }
    };
    let tag = first(behind, b'}').filter(|tag| *tag > 0 && open + 1 + tag < length)?;
    // With the brace behind it, which ends a tag and is in none.
    Some((behind ^ last) << (56 - 8 * tag) == 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        resp::{FirstArgument, Name, encoded_len},
        slot::hash_slot,
    };

    const GET: Name<{ encoded_len("GET") }> = Name::new("GET");

    fn append(buffer: &mut CommandBuffer, key: &[u8]) {
        buffer.command(FirstArgument::Key, |out| {
            out.command(&GET, 1);
            out.bulk(key);
            out.mark_keys(0, 1);
        });
    }

    #[test]
    fn the_slot_of_keys_is_theirs_whatever_tags_they_have() {
        let mut random = fastrand::Rng::with_seed(7);
        let text = |random: &mut fastrand::Rng, most: usize| -> Vec<u8> {
            // Few letters, so that texts are often the beginning of others.
            (0..random.usize(..=most)).map(|_| b"ab{}\r\n\0"[random.usize(..7)]).collect()
        };
        for _ in 0..20_000 {
            let tags = [text(&mut random, 12), text(&mut random, 3), text(&mut random, 8)];
            let keys: Vec<Vec<u8>> = (0..random.usize(1..5))
                .map(|_| {
                    let tag = &tags[random.usize(..tags.len())];
                    let (before, behind) = (text(&mut random, 20), text(&mut random, 20));
                    [&before[..], b"{", tag, b"}", &behind].concat()
                })
                .collect();
            let meant = keys.iter().fold(SlotState::None, |slot, key| slot.with(SlotState::One(hash_slot(key))));
            for tracking in [KeyTracking::Together, KeyTracking::Each] {
                let mut buffer = CommandBuffer::new(tracking);
                keys.iter().for_each(|key| append(&mut buffer, key));
                assert_eq!(buffer.slot(), meant, "{keys:?}");
                let each = buffer.slots().map(|slots| slots.iter().map(|command| command.slot).collect::<Vec<_>>());
                let own: Vec<_> = keys.iter().map(|key| SlotState::One(hash_slot(key))).collect();
                assert!(each.is_none_or(|each| each == own), "{keys:?}");
            }
        }
    }
}
