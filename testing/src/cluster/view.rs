//! What one node says of the cluster in CLUSTER NODES.

use std::ops::RangeInclusive;

/// A line of CLUSTER NODES.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) id: String,
    flags: Vec<String>,
    /// The node that this one replicates.
    pub(super) primary: Option<String>,
    /// The configuration epoch of the node, as the node that answers knows it.
    pub(super) epoch: String,
    pub(super) is_linked: bool,
    pub(super) slots: Vec<RangeInclusive<u16>>,
}

/// The role of a node, in which all nodes must agree: its ID, its primary, the epoch of its claim if it is a primary itself, and
/// its slots.
pub(super) type Role = (String, Option<String>, String, Vec<(u16, u16)>);

impl Line {
    pub(super) fn parse_all(nodes: &str) -> Vec<Self> {
        nodes.lines().filter_map(Self::parse).collect()
    }

    /// `ID ADDRESS FLAGS PRIMARY PING PONG EPOCH LINK SLOTS..`, where a slot in migration is `[1->-ID]` or `[1-<-ID]`.
    fn parse(line: &str) -> Option<Self> {
        let words: Vec<&str> = line.split(' ').collect();
        let [id, _, flags, primary, _, _, epoch, link, slots @ ..] = words.as_slice() else {
            return None;
        };
        Some(Self {
            id: (*id).to_owned(),
            flags: flags.split(',').map(str::to_owned).collect(),
            primary: (*primary != "-").then(|| (*primary).to_owned()),
            epoch: (*epoch).to_owned(),
            is_linked: *link == "connected",
            slots: slots.iter().filter_map(|range| parse_range(range)).collect(),
        })
    }

    pub(super) fn is(&self, flag: &str) -> bool {
        self.flags.iter().any(|other| other == flag)
    }

    pub(super) fn has(&self, slot: u16) -> bool {
        self.slots.iter().any(|range| range.contains(&slot))
    }

    pub(super) fn role(&self) -> Role {
        let epoch = if self.primary.is_some() { String::new() } else { self.epoch.clone() };
        let slots = self.slots.iter().map(|range| (*range.start(), *range.end()));
        (self.id.clone(), self.primary.clone(), epoch, slots.collect())
    }
}

fn parse_range(range: &str) -> Option<RangeInclusive<u16>> {
    let (first, last) = range.split_once('-').unwrap_or((range, range));
    Some(first.parse().ok()?..=last.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_with_its_slots() {
        let lines = Line::parse_all(
            "07c3 127.0.0.1:1@2 myself,master - 0 17 1 connected 0-100 200 [300->-e7d1]\n\
             e7d1 127.0.0.1:3@4,host slave 07c3 0 17 1 disconnected\n",
        );
        assert!(lines[0].is("myself") && lines[0].is_linked && lines[0].primary.is_none());
        assert!(lines[0].has(100) && lines[0].has(200) && !lines[0].has(101) && !lines[0].has(300));
        assert_eq!(lines[1].role(), ("e7d1".to_owned(), Some("07c3".to_owned()), String::new(), vec![]));
        assert!(!lines[1].is_linked);
    }
}
