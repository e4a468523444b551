//! The facts by which a router sends: of the commands of a request one by one, and of all of them together.

use crate::{
    command::{CommandInfo, Route, Runs},
    error::{CommandPosition, Error},
    key::{SlotState, hash_slot},
    resp::{CommandBuffer, CommandSlot, EncodedCommand, FirstArgument},
};
use std::ops::Deref;

/// The facts by which a router sends a command, or all commands of a request together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RoutingInfo {
    pub(crate) slot: SlotState,
    pub(crate) route: Route,
}

/// The facts of commands together by which they are sent, which their rows tell.
#[derive(Clone, Copy, Debug)]
pub struct RoutingFacts {
    route: Route,
    pub(crate) runs_script: bool,
}

/// The commands of a request, in their order.
#[derive(Clone, Debug)]
pub(crate) struct CommandParts(Vec<CommandPart>);

/// One command of a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CommandPart {
    /// The end of the command in the request's bytes. It begins where the one before it ends, the first behind MULTI.
    pub(crate) end: u32,
    /// The slot of its keys.
    pub(crate) slot: SlotState,
    /// The facts of its row.
    pub(crate) info: &'static CommandInfo,
}

impl RoutingInfo {
    /// The routing that is safe for any commands, where nothing routes by them.
    pub(crate) const UNKNOWN: RoutingInfo = RoutingInfo { slot: SlotState::None, route: Route::Keys };

    /// Returns the routing of commands with these facts, whose keys together are of `slot`.
    #[inline]
    pub(crate) fn new(slot: SlotState, facts: RoutingFacts) -> RoutingInfo {
        RoutingInfo { slot, route: facts.route }
    }
}

impl RoutingFacts {
    /// The facts of no commands.
    pub(crate) const NONE: RoutingFacts = RoutingFacts { route: Route::AnyNode, runs_script: false };

    /// Returns the facts of one command.
    #[inline]
    pub(crate) const fn of(info: &CommandInfo) -> RoutingFacts {
        RoutingFacts { route: info.route, runs_script: matches!(info.runs, Runs::Script) }
    }

    /// Returns the facts of these commands and of those behind them.
    #[inline]
    pub(crate) fn with(self, behind: RoutingFacts) -> RoutingFacts {
        RoutingFacts { route: self.route.with(behind.route), runs_script: self.runs_script || behind.runs_script }
    }
}

impl FirstArgument {
    /// Returns the usual first argument of a command with these facts.
    #[inline]
    pub(crate) const fn of(info: &CommandInfo) -> Self {
        if info.keys.is_empty() { FirstArgument::Other } else { FirstArgument::Key }
    }
}

impl CommandParts {
    /// Derives the parts of the commands that begin at the byte `start`. `info` returns the facts of a command by its index.
    pub(crate) fn new(
        encoded: &CommandBuffer,
        start: usize,
        info: impl Fn(usize) -> Option<&'static CommandInfo>,
    ) -> CommandParts {
        let mut parts = Vec::with_capacity(encoded.commands() as usize);
        match encoded.slots() {
            Some(slots) => {
                parts.extend(slots.iter().enumerate().map_while(|(index, &CommandSlot { end, slot })| {
                    Some(CommandPart { end, slot, info: info(index)? })
                }))
            }
            None => parts.extend(encoded.walk(start).map_while(|command| {
                let info = info(command.index as usize)?;
                let slot = keys(&command, info).into_iter().collect();
                Some(CommandPart { end: command.range.end as u32, slot, info })
            })),
        }
        CommandParts(parts)
    }
}

impl Deref for CommandParts {
    type Target = [CommandPart];
    fn deref(&self) -> &[CommandPart] {
        &self.0
    }
}

impl CommandPart {
    /// Returns whether the command runs a script, which may word any error itself.
    pub(crate) fn runs_script(&self) -> bool {
        self.info.runs == Runs::Script
    }

    /// Returns the position of the command in an error, by its index among the commands of a batch of `commands`.
    pub(crate) fn position(&self, index: usize, commands: usize) -> CommandPosition {
        let number = if commands > 1 { index + 1 } else { 0 };
        CommandPosition { number, name: self.info.name }
    }
}

fn keys<'a>(command: &EncodedCommand<'a>, info: &CommandInfo) -> Vec<&'a [u8]> {
    command.keys(info.name_words, FirstArgument::of(info))
}

/// Returns the error that names the first key and the first one of another slot: of the command at `index`, or of all commands. `first` is
/// a key that comes before all of them.
pub(crate) fn cross_slot(
    encoded: &CommandBuffer,
    start: usize,
    parts: &[CommandPart],
    index: Option<usize>,
    mut first: Option<Vec<u8>>,
) -> Error {
    for (command, part) in encoded.walk(start).zip(parts) {
        let at = command.index as usize;
        if index.is_some_and(|index| index != at) {
            continue;
        }
        for key in keys(&command, part.info) {
            match &first {
                None => first = Some(key.to_vec()),
                Some(first) if hash_slot(first) != hash_slot(key) => {
                    return error(part.position(at, parts.len()), first, key);
                }
                Some(_) => {}
            }
        }
    }
    let at = CommandPosition::unnumbered(parts.first().map_or("", |part| part.info.name));
    error(at, &[], &[])
}

/// Returns the error of a WATCH whose keys are not of one slot, or not of that of the key `first`, which is watched already.
pub(crate) fn cross_slot_of_watch(keys: &[&[u8]], first: Option<&[u8]>) -> Error {
    let at = CommandPosition::unnumbered("WATCH");
    let first = first.or(keys.first().copied()).unwrap_or_default();
    let second = keys.iter().find(|key| hash_slot(key) != hash_slot(first));
    error(at, first, second.copied().unwrap_or_default())
}

fn error(at: CommandPosition, first: &[u8], second: &[u8]) -> Error {
    let text = |key: &[u8]| String::from_utf8_lossy(key).into();
    let (first_slot, second_slot) = (hash_slot(first), hash_slot(second));
    Error::CrossSlot { at, first: text(first), first_slot, second: text(second), second_slot }
}
