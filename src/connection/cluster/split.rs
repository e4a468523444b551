//! The split of a command of many keys by slot, since a server refuses keys of several slots in one command even where both
//! slots are its own.

use super::merge::{MergeError, merge, merge_key_order};
use crate::{
    command::Merge,
    key::hash_slot,
    resp::{EncodedCommand, FirstArgument, write_bulk, write_line},
};
use bytes::Bytes;
use std::ops::Range;

/// The reason why a command cannot be split by its keys, in words.
pub(super) type SplitError = &'static str;

const FEW_KEYS: SplitError = "it has fewer than two keys";
const UNEVEN_KEYS: SplitError = "its keys do not stand one behind the other";
const COUNTED_KEYS: SplitError = "the number of its keys stands before them";

/// A command split by slot: one encoded command for each slot, with the keys of that slot alone, in one buffer.
#[derive(Debug)]
pub(super) struct SplitCommand {
    /// The encoded commands, one behind the other: those of a group together, in each group ordered by slot.
    bytes: Vec<u8>,
    /// The positions of keys among the keys of the whole command, in the order in which the parts have them.
    positions: Vec<u32>,
    parts: Vec<Part>,
}

/// The part of a split command that has the keys of one slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) slot: u16,
    /// The group of the slot, such as the index of its node.
    pub(super) group: u16,
    /// The encoded command within [`SplitCommand::bytes`].
    pub(super) bytes: Range<usize>,
    /// Its keys within [`SplitCommand::positions`].
    keys: Range<usize>,
}

/// Where the keys stand among the arguments: every `stride`th from `first` on, `count` of them, each with what stands
/// between it and the next one.
#[derive(Clone, Copy, Debug)]
struct KeyLayout {
    first: usize,
    stride: usize,
    count: usize,
}

impl SplitCommand {
    /// Splits a command, whose name has `name_words` words. Arguments before its first key and behind its last one are in each
    /// part. `group_of` returns the group of a slot; the parts of a group are neighbours.
    ///
    /// # Errors
    ///
    /// If the command's form does not show which arguments belong to which key.
    pub(super) fn new(
        command: &EncodedCommand<'_>,
        name_words: usize,
        first: FirstArgument,
        group_of: impl Fn(u16) -> u16,
    ) -> Result<Self, SplitError> {
        let arguments = command.arguments(name_words);
        let layout = KeyLayout::of(command.key_positions(name_words, first), arguments)?;
        let (before, rest) = arguments.split_at_checked(layout.first).ok_or(UNEVEN_KEYS)?;
        let (keyed, behind) = rest.split_at_checked(layout.count * layout.stride).ok_or(UNEVEN_KEYS)?;
        let order = order(keyed.iter().step_by(layout.stride), group_of);

        let head = encode(command.name(name_words).iter().chain(before));
        let tail = encode(behind.iter());
        let parts = order.chunk_by(|a, b| is_of_one_part(*a, *b)).count();
        let mut split = SplitCommand {
            bytes: Vec::with_capacity(command.range.len() + parts * (head.len() + tail.len() + 8)),
            positions: order.iter().map(|entry| *entry as u32).collect(),
            parts: Vec::with_capacity(parts),
        };
        let others = name_words + before.len() + behind.len();
        let mut at = 0;
        for same in order.chunk_by(|a, b| is_of_one_part(*a, *b)) {
            let start = split.bytes.len();
            write_line(&mut split.bytes, b'*', others + same.len() * layout.stride);
            split.bytes.extend_from_slice(&head);
            for entry in same {
                let from = *entry as u32 as usize * layout.stride;
                let own = keyed.get(from..from + layout.stride).unwrap_or_default();
                own.iter().for_each(|word| write_bulk(&mut split.bytes, word));
            }
            split.bytes.extend_from_slice(&tail);
            let (group, slot) = same.first().map_or((0, 0), |entry| ((entry >> 48) as u16, (entry >> 32) as u16));
            split.parts.push(Part { slot, group, bytes: start..split.bytes.len(), keys: at..at + same.len() });
            at += same.len();
        }
        Ok(split)
    }

    /// The encoded commands of all parts, one behind the other.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The parts in the order of their commands: those of a group are neighbours.
    pub(super) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Merges the whole replies to the parts, in the order of the parts, into the reply to the command.
    pub(super) fn merge(&self, by: Merge, replies: &[impl AsRef<[u8]>]) -> Result<Bytes, MergeError> {
        if replies.len() != self.parts.len() {
            return Err("a part of the command has no reply");
        }
        if by != Merge::KeyOrder {
            return merge(by, replies);
        }
        let positions = self.parts.iter().map(|part| self.positions.get(part.keys.clone()).unwrap_or_default());
        merge_key_order(self.positions.len(), positions.zip(replies.iter().map(AsRef::as_ref)))
    }
}

impl KeyLayout {
    fn of(positions: impl Iterator<Item = usize>, arguments: &[&[u8]]) -> Result<Self, SplitError> {
        let mut positions = positions;
        let (first, second) = positions.next().zip(positions.next()).ok_or(FEW_KEYS)?;
        let stride = second.checked_sub(first).filter(|stride| *stride > 0).ok_or(UNEVEN_KEYS)?;
        let (mut last, mut count) = (second, 2);
        for position in positions {
            if position.checked_sub(last) != Some(stride) {
                return Err(UNEVEN_KEYS);
            }
            last = position;
            count += 1;
        }
        let counts = |argument: &&[u8]| *argument == itoa::Buffer::new().format(count).as_bytes();
        if arguments.iter().take(first).any(counts) {
            return Err(COUNTED_KEYS);
        }
        Ok(KeyLayout { first, stride, count })
    }
}

/// Returns whether two numbers of [`order`] have the same group and slot.
fn is_of_one_part(entry: u64, other: u64) -> bool {
    entry >> 32 == other >> 32
}

/// Encodes words without the line with their number.
fn encode<'a>(words: impl Iterator<Item = &'a &'a [u8]>) -> Vec<u8> {
    let mut encoded = Vec::new();
    words.for_each(|word| write_bulk(&mut encoded, word));
    encoded
}

/// The keys ordered by group, slot and position: one number for each, whose highest 16 bits are the group, the next 16 the
/// slot, and the rest the position.
fn order<'a>(keys: impl Iterator<Item = &'a &'a [u8]>, group_of: impl Fn(u16) -> u16) -> Vec<u64> {
    let entry = |(position, key): (usize, &&[u8])| {
        let slot = hash_slot(key);
        u64::from(group_of(slot)) << 48 | u64::from(slot) << 32 | position as u64 & u64::from(u32::MAX)
    };
    let mut order: Vec<u64> = keys.enumerate().map(entry).collect();
    order.sort_unstable();
    order
}

#[cfg(test)]
mod tests;
