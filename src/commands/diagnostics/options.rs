//! Options of the commands on the server's logs and on its memory.

use crate::{
    command::option::{IsSet, Unset, options, words},
    commands::slots::NumberedSlots,
};

words! {
    /// A log of commands, of COMMANDLOG.
    pub enum CommandlogKind {
        /// Commands that took long (SLOW).
        Slow = "SLOW",
        /// Commands whose requests were large (LARGE-REQUEST).
        LargeRequest = "LARGE-REQUEST",
        /// Commands whose replies were large (LARGE-REPLY).
        LargeReply = "LARGE-REPLY",
    }
}

options! {
    /// Options of HOTKEYS START, for [`hotkeys_start`](crate::commands::DiagnosticsCommands::hotkeys_start) and, with slots, for
    /// [`hotkeys_start_slots`](crate::commands::DiagnosticsCommands::hotkeys_start_slots): what the session measures, and of which
    /// requests.
    #[derive(Clone, Debug)]
    pub struct HotkeysOptions<M = Unset, S = Unset> {
        metrics: Vec<&'static str> = "METRICS",
        count: Option<u32> = "COUNT",
        duration: Option<u32> = "DURATION",
        sample: Option<u32> = "SAMPLE",
        slots: Option<NumberedSlots> = "SLOTS",
    }
}

impl HotkeysOptions {
    /// Measures the processor time by key (METRICS CPU).
    pub fn cpu() -> HotkeysOptions<IsSet> {
        HotkeysOptions::of(vec!["1", "CPU"])
    }

    /// Measures the bytes of requests and replies by key (METRICS NET).
    pub fn net() -> HotkeysOptions<IsSet> {
        HotkeysOptions::of(vec!["1", "NET"])
    }

    /// Measures both (METRICS CPU NET).
    pub fn cpu_and_net() -> HotkeysOptions<IsSet> {
        HotkeysOptions::of(vec!["2", "CPU", "NET"])
    }
}

impl HotkeysOptions<IsSet> {
    fn of(metrics: Vec<&'static str>) -> Self {
        HotkeysOptions {
            metrics,
            count: None,
            duration: None,
            sample: None,
            slots: None,
            given: std::marker::PhantomData,
        }
    }

    /// Measures the keys of these slots alone (SLOTS), which the server must own. It must be one or more, of 0 to 16383.
    pub fn slots(self, slots: &[u16]) -> HotkeysOptions<IsSet, IsSet> {
        HotkeysOptions { slots: Some(NumberedSlots(slots.to_vec())), ..HotkeysOptions::retyped(self) }
    }
}

impl<S> HotkeysOptions<IsSet, S> {
    /// Reports so many keys of each metric (COUNT).
    pub fn count(self, keys: u32) -> Self {
        HotkeysOptions { count: Some(keys), ..self }
    }

    /// Ends the session after so many seconds (DURATION).
    pub fn duration(self, seconds: u32) -> Self {
        HotkeysOptions { duration: Some(seconds), ..self }
    }

    /// Measures one of so many requests (SAMPLE).
    pub fn sample(self, ratio: u32) -> Self {
        HotkeysOptions { sample: Some(ratio), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::option::encoded;

    #[test]
    fn options_are_their_words() {
        assert_eq!(encoded(&CommandlogKind::Slow), "SLOW");
        assert_eq!(encoded(&CommandlogKind::LargeRequest), "LARGE-REQUEST");
        assert_eq!(encoded(&CommandlogKind::LargeReply), "LARGE-REPLY");
        assert_eq!(encoded(&HotkeysOptions::cpu()), "METRICS 1 CPU");
        let options = HotkeysOptions::cpu_and_net().slots(&[5, 7]).sample(10).duration(60).count(3);
        assert_eq!(encoded(&options), "METRICS 2 CPU NET COUNT 3 DURATION 60 SAMPLE 10 SLOTS 2 5 7");
        assert_eq!(encoded(&HotkeysOptions::net().count(1)), "METRICS 1 NET COUNT 1");
    }
}
