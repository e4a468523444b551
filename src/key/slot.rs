//! Hash slots of Redis Cluster, computed in a `const fn`, so that a constant key knows its slot at compile time.

/// The number of slots of a cluster.
pub(crate) const SLOTS: u16 = 16384;

/// The cluster slot of a request, as far as its keys have one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SlotState {
    /// There is no key.
    #[default]
    None,
    /// All keys are of this slot.
    One(u16),
    /// There are keys of several slots.
    Crossed,
}

impl SlotState {
    /// Returns the state of the keys of both states.
    #[must_use]
    pub(crate) fn with(self, other: SlotState) -> SlotState {
        match (self, other) {
            (SlotState::None, state) | (state, SlotState::None) => state,
            (SlotState::One(slot), SlotState::One(other)) if slot == other => self,
            _ => SlotState::Crossed,
        }
    }
}

impl<'a> FromIterator<&'a [u8]> for SlotState {
    /// Folds the slots of keys.
    fn from_iter<I: IntoIterator<Item = &'a [u8]>>(keys: I) -> SlotState {
        keys.into_iter().fold(SlotState::None, |state, key| state.with(SlotState::One(slot_of(key))))
    }
}

/// Returns the hash slot of a key in a cluster, from 0 to 16383.
///
/// The slot is that of the key's hash tag, the text between the first `{` and the next `}`, where the key has one, so that
/// keys of the same tag are on the same server.
pub fn hash_slot(key: impl AsRef<[u8]>) -> u16 {
    slot_of(key.as_ref())
}

/// Returns the hash slot of `key`, at compile time too.
pub(super) const fn slot_of(key: &[u8]) -> u16 {
    let open = find(key, b'{', 0);
    let close = find(key, b'}', open);
    // An empty or unfinished tag is no tag: the whole key is hashed.
    let crc =
        if close < key.len() && close > open + 1 { crc16(key, open + 1, close) } else { crc16(key, 0, key.len()) };
    crc % SLOTS
}

/// Returns the first index of `expected` from `at` on, or the key's length.
const fn find(key: &[u8], expected: u8, mut at: usize) -> usize {
    while at < key.len() && key[at] != expected {
        at += 1;
    }
    at
}

/// CRC-16/XMODEM of `bytes[start..end]`, bit by bit: keys are short, and a table would cost cache.
const fn crc16(bytes: &[u8], start: usize, end: usize) -> u16 {
    let mut crc = 0u16;
    let mut at = start;
    while at < end {
        crc ^= (bytes[at] as u16) << 8;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 };
            bit += 1;
        }
        at += 1;
    }
    crc
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: u16 = slot_of(b"123456789");

    #[test]
    fn a_slot_is_known_at_compile_time() {
        assert_eq!(KNOWN, 0x31C3);
    }

    #[test]
    fn slots_are_those_of_redis_protocol() {
        let pieces = ["", "{", "}", "a", "user:1", "{}", "é", "\0"];
        for first in pieces {
            for second in pieces {
                for third in pieces {
                    for fourth in pieces {
                        let key = [first, second, third, fourth].concat();
                        let known = redis_protocol::redis_keyslot(key.as_bytes());
                        assert_eq!(hash_slot(key.as_bytes()), known, "{key:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn every_byte_counts() {
        for byte in 0..=255u8 {
            assert_eq!(hash_slot([byte, byte]), redis_protocol::redis_keyslot(&[byte, byte]), "{byte}");
        }
    }
}
