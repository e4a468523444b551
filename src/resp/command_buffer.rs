//! A growing sequence of encoded commands, and the properties of them that a connection needs besides their bytes.

use super::{block_time::BlockTime, buffer_cache, control::ControlCommand, framing::Framing};
use crate::{rare::Rare, slot::SlotState};
use std::{mem, ops::Range, sync::Arc, time::Duration};

/// Encoded commands, one behind the other in the order in which they are sent.
///
/// The buffer moves from state to state of a pipeline, so it is small: rare properties are in `extras`.
#[derive(Clone, Debug, Default)]
pub(crate) struct CommandBuffer {
    pub(super) bytes: Vec<u8>,
    /// At most one for each byte, so it can only wrap in a buffer that is too large to be sent.
    commands: u32,
    pub(super) tracking: KeyTracking,
    /// The slot of all keys, as far as they are tracked.
    pub(super) slot: SlotState,
    /// The start of the hash tag of the last key that had one and whose slot was computed; zero if there is none.
    pub(super) last_tag: u32,
    pub(super) extras: Rare<Extras>,
}

/// The keys that a buffer keeps account of, for a router that sends by slot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyTracking {
    #[default]
    Off,
    /// Which arguments are keys, and no slots: whether there is a router by slot is not known yet.
    Marks,
    /// The slot of all commands together, which go to one node.
    Together,
    /// The slot of each command as well, since each goes to a node of its own.
    Each,
}

impl KeyTracking {
    /// Returns the tracking of commands that go to one node, for a router that tracks keys or does not.
    #[inline]
    pub(crate) fn together(tracks_keys: bool) -> KeyTracking {
        if tracks_keys { KeyTracking::Together } else { KeyTracking::Off }
    }

    /// Returns the tracking of queued commands, which go to a node each unless they are a transaction.
    #[inline]
    pub(crate) fn of_queue(framing: Framing, tracks_keys: bool) -> KeyTracking {
        match framing {
            Framing::Plain if tracks_keys => KeyTracking::Each,
            Framing::Plain => KeyTracking::Off,
            Framing::Transaction => KeyTracking::together(tracks_keys),
        }
    }
}

/// The slot of a command's keys, and where the command ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CommandSlot {
    pub(crate) end: u32,
    pub(crate) slot: SlotState,
}

/// The rare properties of commands.
#[derive(Clone, Debug, Default)]
pub(super) struct Extras {
    rejected: Option<RejectedArgument>,
    /// The scripts that must be loaded before the commands are sent.
    scripts: Vec<Arc<ScriptSource>>,
    /// The time that the command may block on the server.
    block_time: Option<BlockTime>,
    /// The positions of keys in the commands whose only key is not their first argument, in the order of the commands.
    key_ranges: Vec<KeyRange>,
    /// The slots of the commands, where each goes to a node of its own.
    pub(super) slots: Vec<CommandSlot>,
    /// The slots of the commands that run a script, in the order of the commands.
    script_slots: Vec<ScriptSlot>,
}

/// The slot of the keys of a command that runs a script, by which a redirect of that command is recognized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ScriptSlot {
    /// The index of the command.
    command: u32,
    slot: u16,
}

/// A command that must not be sent, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RejectedArgument {
    /// The index of the command.
    pub(crate) command: u32,
    pub(crate) reason: &'static str,
}

/// A text that the server must have before it runs a command: a script, or a library of functions.
#[derive(Debug)]
pub(crate) struct ScriptSource {
    pub(crate) kind: SourceKind,
    /// The SHA1 of the text, in hexadecimal, by which the server knows a script.
    pub(crate) sha1: Box<str>,
    pub(crate) text: Box<str>,
}

/// The kind of a text that is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SourceKind {
    /// A script, which any client may flush from the cache, so it is loaded again with each request that runs it.
    Script,
    /// A library of functions, which is a part of the data, so it is loaded once.
    Library,
}

/// Arguments of one command that are keys: every `stride`th from `from` to before `to`. The words of the command's name
/// are not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct KeyRange {
    pub(super) command: u32,
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) stride: u32,
}

/// The first argument of a command as its facts describe it: usually the only key, or any other argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FirstArgument {
    Key,
    Other,
}

impl CommandBuffer {
    /// Makes an empty buffer.
    #[inline]
    pub(crate) fn new(tracking: KeyTracking) -> Self {
        CommandBuffer { tracking, ..CommandBuffer::default() }
    }

    /// Appends the commands of another buffer. If their slots are not known, those of none are then.
    pub(crate) fn append(&mut self, other: &CommandBuffer) {
        let start = self.bytes.len() as u32;
        self.bytes.extend_from_slice(&other.bytes);
        if let Some(extras) = &*other.extras {
            self.append_extras(extras, start);
        }
        self.slot = self.slot.with(other.slot);
        if self.tracks_keys() && other.tracking == KeyTracking::Marks {
            self.tracking = KeyTracking::Marks;
        }
        self.commands = self.commands.wrapping_add(other.commands);
    }

    #[cold]
    fn append_extras(&mut self, other: &Extras, start: u32) {
        let before = self.commands;
        if let Some(RejectedArgument { command, reason }) = other.rejected {
            self.reject(RejectedArgument { command: before.wrapping_add(command), reason });
        }
        other.scripts.iter().for_each(|script| self.add_script(script));
        if let Some(block_time) = other.block_time {
            self.set_block_time(block_time);
        }
        if !other.script_slots.is_empty() {
            let moved = |slot: &ScriptSlot| ScriptSlot { command: before.wrapping_add(slot.command), ..*slot };
            self.extras_mut().script_slots.extend(other.script_slots.iter().map(moved));
        }
        if self.tracks_keys() && !other.key_ranges.is_empty() {
            let moved = |range: &KeyRange| KeyRange { command: before.wrapping_add(range.command), ..*range };
            self.extras_mut().key_ranges.extend(other.key_ranges.iter().map(moved));
        }
        if self.tracking == KeyTracking::Each {
            let moved = |slot: &CommandSlot| CommandSlot { end: start.wrapping_add(slot.end), ..*slot };
            self.extras_mut().slots.extend(other.slots.iter().map(moved));
        }
    }

    /// Inserts the commands of another buffer at the byte `at`, where a command begins.
    pub(crate) fn insert(&mut self, at: usize, other: &CommandBuffer) {
        let behind = self.bytes.split_off(at.min(self.bytes.len()));
        self.bytes.extend_from_slice(&other.bytes);
        self.bytes.extend_from_slice(&behind);
        self.last_tag = 0;
        self.commands = self.commands.wrapping_add(other.commands);
    }

    /// Appends a control command, which is not counted.
    #[inline(always)]
    pub(crate) fn control(&mut self, command: ControlCommand) {
        if self.bytes.capacity() == 0 {
            self.bytes = buffer_cache::take();
        }
        self.bytes.extend_from_slice(command.bytes);
    }

    /// Appends a control command that is counted, because it is sent by itself.
    pub(crate) fn control_command(&mut self, command: ControlCommand) {
        self.control(command);
        self.count_command();
    }

    /// Makes a buffer of whole commands that are encoded already.
    pub(crate) fn of_commands(bytes: Vec<u8>, commands: u32) -> Self {
        CommandBuffer { bytes, commands, ..CommandBuffer::default() }
    }

    /// Makes a buffer of any bytes, which count as so many commands.
    #[cfg(test)]
    pub(crate) fn raw(bytes: &[u8], commands: u32) -> Self {
        CommandBuffer { bytes: bytes.to_vec(), commands, ..CommandBuffer::default() }
    }

    /// Counts the command that was appended.
    #[inline]
    pub(super) fn count_command(&mut self) {
        self.commands = self.commands.wrapping_add(1);
    }

    /// Notes why the commands must not be sent, unless an earlier command was rejected already.
    #[cold]
    pub(super) fn reject(&mut self, rejected: RejectedArgument) {
        self.extras_mut().rejected.get_or_insert(rejected);
    }

    /// Sets how long the command may block on the server.
    pub(super) fn set_block_time(&mut self, block_time: BlockTime) {
        self.extras_mut().block_time = Some(block_time);
    }

    /// Adds a script to those that must be loaded first.
    pub(super) fn add_script(&mut self, script: &Arc<ScriptSource>) {
        if !self.scripts().iter().any(|known| Arc::ptr_eq(known, script)) {
            self.extras_mut().scripts.push(script.clone());
        }
    }

    /// Appends by `append` a command that runs a script, and records the slot of its keys, also where the router does not ask
    /// for it. `name_words` is the number of words before its arguments; `slot_of` returns the slot that all keys have.
    pub(crate) fn script_command(
        &mut self,
        name_words: usize,
        first: FirstArgument,
        append: impl FnOnce(&mut Self),
        slot_of: impl FnOnce(Vec<&[u8]>) -> Option<u16>,
    ) {
        let (start, command) = (self.bytes.len(), self.commands);
        let tracking = self.tracking;
        if tracking == KeyTracking::Off {
            self.tracking = KeyTracking::Marks;
        }
        append(self);
        self.tracking = tracking;
        let slot = EncodedCommand::at(self, command, start).and_then(|it| slot_of(it.keys(name_words, first)));
        if let Some(slot) = slot {
            self.extras_mut().script_slots.push(ScriptSlot { command, slot });
        }
    }

    /// Takes back the command that begins at the byte `start` and is not counted yet.
    #[cold]
    #[inline(never)]
    pub(super) fn roll_back(&mut self, start: usize) {
        self.bytes.truncate(start);
        if let Some(extras) = &mut *self.extras {
            extras.key_ranges.retain(|range| range.command < self.commands);
        }
    }

    #[cold]
    pub(super) fn record_keys(&mut self, range: KeyRange) {
        self.extras_mut().key_ranges.push(range);
    }

    #[cold]
    pub(super) fn extras_mut(&mut self) -> &mut Extras {
        self.extras.get_or_insert_default()
    }

    #[inline]
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Gives the memory of the bytes, which are not needed any more, to the next commands.
    #[inline]
    pub(crate) fn recycle(&mut self) {
        buffer_cache::put(mem::take(&mut self.bytes));
    }

    #[inline]
    pub(crate) fn take_bytes(&mut self) -> Vec<u8> {
        mem::take(&mut self.bytes)
    }

    #[inline]
    pub(crate) fn tracks_keys(&self) -> bool {
        self.tracking != KeyTracking::Off
    }

    /// Returns whether only the keys are known, and not their slots.
    #[inline]
    pub(crate) fn has_marks_alone(&self) -> bool {
        self.tracking == KeyTracking::Marks
    }

    /// Returns the slot of all keys, as far as slots are tracked.
    #[inline]
    pub(crate) fn slot(&self) -> SlotState {
        self.slot
    }

    /// Returns the slots of the commands, if those of each are tracked.
    pub(crate) fn slots(&self) -> Option<&[CommandSlot]> {
        let slots = &self.extras.as_ref()?.slots;
        (slots.len() == self.commands as usize).then_some(slots)
    }

    /// Returns the number of commands, without control commands.
    #[inline]
    pub(crate) fn commands(&self) -> u32 {
        self.commands
    }

    /// Returns the first command that must not be sent.
    #[inline]
    pub(crate) fn rejected(&self) -> Option<RejectedArgument> {
        self.extras.as_ref().and_then(|extras| extras.rejected)
    }

    /// Returns the scripts that must be loaded before the commands are sent.
    #[inline]
    pub(crate) fn scripts(&self) -> &[Arc<ScriptSource>] {
        self.extras.as_ref().map_or(&[], |extras| &extras.scripts)
    }

    /// Returns the slots of the commands that run a script and have keys of one slot.
    #[inline]
    pub(crate) fn script_slots(&self) -> &[ScriptSlot] {
        self.extras.as_ref().map_or(&[], |extras| &extras.script_slots)
    }

    /// Returns how long the command may block on the server, or `None` for ever.
    pub(crate) fn block_time(&self) -> Option<Duration> {
        self.limited_block_time().map(|block_time| block_time.longest)
    }

    /// Returns the time that the command may block on the server, unless that is for ever.
    pub(super) fn limited_block_time(&self) -> Option<BlockTime> {
        self.extras.as_ref().and_then(|extras| extras.block_time).filter(|block_time| !block_time.longest.is_zero())
    }

    /// Walks the commands, of which the first begins at the byte `start`.
    pub(crate) fn walk(&self, start: usize) -> impl Iterator<Item = EncodedCommand<'_>> {
        let mut at = start;
        (0..self.commands).map_while(move |index| {
            let command = EncodedCommand::at(self, index, at)?;
            at = command.range.end;
            Some(command)
        })
    }

    pub(super) fn key_ranges(&self, command: u32) -> &[KeyRange] {
        let ranges = self.extras.as_ref().map_or(&[][..], |extras| &extras.key_ranges);
        let from = ranges.partition_point(|range| range.command < command);
        let to = ranges.partition_point(|range| range.command <= command);
        &ranges[from..to]
    }
}

impl ScriptSlot {
    /// Returns the slot of the command at `index`, if it has one.
    pub(crate) fn find(slots: &[ScriptSlot], index: usize) -> Option<u16> {
        let found = slots.binary_search_by_key(&index, |slot| slot.command as usize).ok();
        found.map(|found| slots[found].slot)
    }
}

/// One command of a [`CommandBuffer`].
#[derive(Debug)]
pub(crate) struct EncodedCommand<'a> {
    /// Its index among the commands of the buffer.
    pub(crate) index: u32,
    /// Its bytes.
    pub(crate) range: Range<usize>,
    words: Vec<&'a [u8]>,
    key_ranges: &'a [KeyRange],
}

impl<'a> EncodedCommand<'a> {
    fn at(buffer: &'a CommandBuffer, index: u32, start: usize) -> Option<Self> {
        let (count, mut end) = number(&buffer.bytes, start, b'*')?;
        // A word has at least six bytes, such as `$0`, its line end, and that of its text.
        let mut words = Vec::with_capacity(count.min((buffer.bytes.len() - start) / 6));
        for _ in 0..count {
            let (length, from) = number(&buffer.bytes, end, b'$')?;
            words.push(buffer.bytes.get(from..from.checked_add(length)?)?);
            end = from + length + 2;
        }
        Some(EncodedCommand { index, range: start..end, words, key_ranges: buffer.key_ranges(index) })
    }

    /// Returns the arguments, which stand behind `name_words` words.
    pub(crate) fn arguments(&self, name_words: usize) -> &[&'a [u8]] {
        self.words.get(name_words..).unwrap_or_default()
    }

    /// Returns the words of the name, of which there are `name_words`.
    pub(crate) fn name(&self, name_words: usize) -> &[&'a [u8]] {
        self.words.get(..name_words).unwrap_or_default()
    }

    /// Returns the keys among the arguments, which stand behind `name_words` words. `first` is the one that the
    /// command was appended with.
    pub(crate) fn keys(&self, name_words: usize, first: FirstArgument) -> Vec<&'a [u8]> {
        let arguments = self.arguments(name_words);
        self.key_positions(name_words, first).filter_map(|position| arguments.get(position).copied()).collect()
    }

    /// Returns the positions of the keys among the arguments.
    pub(crate) fn key_positions(&self, name_words: usize, first: FirstArgument) -> impl Iterator<Item = usize> {
        let arguments = self.arguments(name_words).len();
        let is_first = first == FirstArgument::Key && self.key_ranges.is_empty() && arguments > 0;
        let recorded = (0..arguments).filter(|position| is_key(self.key_ranges, *position));
        is_first.then_some(0).into_iter().chain(recorded)
    }
}

/// Returns whether the argument at a position is a key by what was recorded.
pub(super) fn is_key(ranges: &[KeyRange], position: usize) -> bool {
    ranges.iter().any(|range| {
        let (from, to, stride) = (range.from as usize, range.to as usize, range.stride.max(1) as usize);
        (from..to).contains(&position) && (position - from) % stride == 0
    })
}

/// The place of the argument whose header is at the byte `start` of encoded commands.
#[inline(always)]
pub(super) fn argument(bytes: &[u8], start: usize) -> Option<Range<usize>> {
    let (length, from) = number(bytes, start, b'$')?;
    let to = from.checked_add(length)?;
    (to <= bytes.len()).then_some(from..to)
}

/// The number behind `kind` at the byte `start` of encoded commands, and where its line ends. Most lines have one digit or two.
#[inline(always)]
pub(super) fn number(bytes: &[u8], start: usize, kind: u8) -> Option<(usize, usize)> {
    let digit = |byte: u8| usize::from(byte.wrapping_sub(b'0'));
    match bytes.get(start..)?.first_chunk() {
        Some([found, a, b'\r', _]) if *found == kind => Some((digit(*a), start + 4)),
        Some([found, a, b, b'\r']) if *found == kind => Some((10 * digit(*a) + digit(*b), start + 5)),
        _ => long_number(bytes, start, kind),
    }
}

#[inline(never)]
fn long_number(bytes: &[u8], start: usize, kind: u8) -> Option<(usize, usize)> {
    let (found, line) = bytes.get(start..)?.split_first()?;
    let digits = line.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let number = std::str::from_utf8(line.get(..digits)?).ok()?.parse().ok()?;
    (*found == kind).then_some((number, start + 1 + digits + 2))
}
