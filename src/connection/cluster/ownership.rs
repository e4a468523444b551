//! The slots of a node as it tells them itself: the lines of CLUSTER NODES, which also say what is being migrated.

use crate::{connection::config::Address, key::SLOTS};
use std::collections::HashMap;

/// The slots of one node.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Ownership {
    /// The node's identifier.
    pub(super) id: Box<str>,
    /// Ranges of slots, the last slot of each included.
    owned: Vec<(u16, u16)>,
    /// The slots that are being migrated key by key, with the nodes that import them.
    migrating: HashMap<u16, Target>,
    importing: Vec<u16>,
}

/// The node that imports a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) id: Box<str>,
    pub(super) address: Option<Address>,
}

impl Ownership {
    /// Reads the reply to CLUSTER NODES of the node at the address `from`.
    pub(super) fn read(nodes: &str, from: &Address) -> Ownership {
        let lines: Vec<Vec<&str>> = nodes.lines().map(|line| line.split(' ').collect()).collect();
        let is_myself = |line: &&Vec<&str>| line.get(2).is_some_and(|flags| flags.split(',').any(|f| f == "myself"));
        let mut ownership = Ownership::default();
        let Some(myself) = lines.iter().find(is_myself) else { return ownership };
        ownership.id = myself.first().copied().unwrap_or_default().into();
        for slots in myself.iter().skip(8) {
            match slots.strip_prefix('[') {
                Some(moving) => ownership.add_moving(moving.trim_end_matches(']'), &lines, from),
                None => ownership.owned.extend(range(slots)),
            }
        }
        ownership
    }

    /// Adds a slot that moves: `slot->-id` or `slot-<-id`.
    fn add_moving(&mut self, moving: &str, lines: &[Vec<&str>], from: &Address) {
        if let Some((slot, id)) = moving.split_once("->-") {
            let line = lines.iter().find(|line| line.first() == Some(&id));
            let target = Target { id: id.into(), address: line.and_then(|line| address(line, from)) };
            self.migrating.extend(slot.parse().ok().map(|slot| (slot, target)));
        } else if let Some((slot, _)) = moving.split_once("-<-") {
            self.importing.extend(slot.parse::<u16>().ok());
        }
    }

    /// Returns whether the node serves a slot.
    pub(super) fn owns(&self, slot: u16) -> bool {
        self.owned.iter().any(|(first, last)| (*first..=*last).contains(&slot))
    }

    /// Returns whether the node takes in the keys of a slot that another node serves.
    pub(super) fn imports(&self, slot: u16) -> bool {
        self.importing.contains(&slot)
    }

    /// Returns the node that the keys of a slot go to.
    pub(super) fn target(&self, slot: u16) -> Option<&Target> {
        self.migrating.get(&slot)
    }
}

fn range(slots: &str) -> Option<(u16, u16)> {
    let (first, last) = slots.split_once('-').unwrap_or((slots, slots));
    let (first, last) = (first.parse().ok()?, last.parse().ok()?);
    (first <= last && last < SLOTS).then_some((first, last))
}

/// Returns the address in a line: `host:port@bus-port` and more behind it.
fn address(line: &[&str], from: &Address) -> Option<Address> {
    let (host, port) = line.get(1)?.split(['@', ',']).next()?.rsplit_once(':')?;
    Some(from.at(host, port.parse().ok().filter(|port| *port != 0)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slots_of_the_node_itself_are_read() {
        let from = Address::Tcp { host: "h".into(), port: 1 };
        let nodes = "aa 127.0.0.1:7001@17001,host master - 0 1 3 connected 5461-10922\n\
                     bb 127.0.0.1:7000@17000 myself,master - 0 0 1 connected 0-5 7 20-10 x [7->-aa] [100-<-aa]\n";
        let ownership = Ownership::read(nodes, &from);
        assert_eq!(&*ownership.id, "bb");
        let owned: Vec<_> = (0..SLOTS).filter(|slot| ownership.owns(*slot)).collect();
        assert_eq!(owned, [0, 1, 2, 3, 4, 5, 7]);
        let address = Some(Address::Tcp { host: "127.0.0.1".into(), port: 7001 });
        assert_eq!(ownership.target(7), Some(&Target { id: "aa".into(), address }));
        assert!(ownership.imports(100) && !ownership.imports(7) && ownership.target(5).is_none());
        assert_eq!(Ownership::read("", &from), Ownership::default());
        assert_eq!(Ownership::read("x myself", &from), Ownership::default());
    }
}
