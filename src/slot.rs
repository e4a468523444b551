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
    #[inline]
    #[must_use]
    pub(crate) fn with(self, other: SlotState) -> SlotState {
        match (self, other) {
            (SlotState::None, state) | (state, SlotState::None) => state,
            (SlotState::One(slot), SlotState::One(other)) if slot == other => self,
            _ => SlotState::Crossed,
        }
    }
}

impl SlotState {
    /// Returns the state of one key.
    #[inline]
    pub(crate) fn of_key(key: &[u8]) -> SlotState {
        SlotState::One(slot_of(key))
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
pub(crate) const fn slot_of(key: &[u8]) -> u16 {
    match tag_of(key) {
        Some((start, length)) => slot_of_hashed(key.split_at(start).1.split_at(length).0),
        None => slot_of_hashed(key),
    }
}

/// Returns the hash slot of keys of which this part is hashed: the tag, or all of a key without one.
pub(crate) const fn slot_of_hashed(part: &[u8]) -> u16 {
    crc16(part) % SLOTS
}

/// Returns the start and the length of the hash tag of `key`, if it has one.
pub(crate) const fn tag_of(key: &[u8]) -> Option<(usize, usize)> {
    let start = find(key, b'{') + 1;
    if start > key.len() {
        return None;
    }
    let behind = key.split_at(start).1;
    let length = find(behind, b'}');
    // An empty or unfinished tag is no tag.
    if length == 0 || length == behind.len() { None } else { Some((start, length)) }
}

/// Returns the first index of `expected`, or the length of `bytes`. Eight bytes are compared at once.
const fn find(bytes: &[u8], expected: u8) -> usize {
    let mut rest = bytes;
    while let Some((word, behind)) = rest.split_first_chunk() {
        if let Some(index) = first(u64::from_le_bytes(*word), expected) {
            return bytes.len() - rest.len() + index;
        }
        rest = behind;
    }
    if let (false, Some(word)) = (rest.is_empty(), bytes.last_chunk()) {
        // Those before the rest are none, so that it does not matter that they are compared again.
        return match first(u64::from_le_bytes(*word), expected) {
            Some(index) => bytes.len() - word.len() + index,
            None => bytes.len(),
        };
    }
    while let [first, behind @ ..] = rest {
        if *first == expected {
            break;
        }
        rest = behind;
    }
    bytes.len() - rest.len()
}

/// Returns the first index of `expected` among eight bytes, of which the first is the lowest of `word`.
#[inline(always)]
pub(crate) const fn first(word: u64, expected: u8) -> Option<usize> {
    const EACH: u64 = 0x0101_0101_0101_0101;
    // A byte is zero where it is the expected one. The lowest bit that is set belongs to the first of them.
    let differing = word ^ (EACH * expected as u64);
    let found = differing.wrapping_sub(EACH) & !differing & (EACH << 7);
    if found == 0 { None } else { Some(found.trailing_zeros() as usize / 8) }
}

/// CRC-16/XMODEM, four bytes at a time, since each table look-up waits for the one before it.
const fn crc16(mut bytes: &[u8]) -> u16 {
    let mut crc = 0u16;
    while let [a, b, c, d, rest @ ..] = bytes {
        let [high, low] = crc.to_be_bytes();
        crc =
            CRCS[3][(high ^ *a) as usize] ^ CRCS[2][(low ^ *b) as usize] ^ CRCS[1][*c as usize] ^ CRCS[0][*d as usize];
        bytes = rest;
    }
    while let [byte, rest @ ..] = bytes {
        let [high, low] = crc.to_be_bytes();
        crc = CRCS[0][(high ^ *byte) as usize] ^ u16::from_be_bytes([low, 0]);
        bytes = rest;
    }
    crc
}

/// The checksum of each byte with no, one, two and three zeros behind it.
static CRCS: [[u16; 256]; 4] = {
    let mut tables = [[0; 256]; 4];
    let mut byte = 0;
    while byte < 256 {
        let (mut zeros, mut crc) = (0, (byte as u16) << 8);
        while zeros < tables.len() {
            let mut bit = 0;
            while bit < 8 {
                crc = if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 };
                bit += 1;
            }
            tables[zeros][byte] = crc;
            zeros += 1;
        }
        byte += 1;
    }
    tables
};

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
    fn every_byte_counts_at_every_place() {
        for byte in 0..=255u8 {
            for length in 1..=20 {
                let key = vec![byte; length];
                assert_eq!(hash_slot(&key), redis_protocol::redis_keyslot(&key), "{byte}, {length} times");
            }
        }
    }

    #[test]
    fn a_tag_is_found_wherever_it_stands() {
        let mut random = fastrand::Rng::with_seed(3);
        for _ in 0..20_000 {
            // Bytes that differ from a brace by one bit or by one, too.
            let pieces = b"{}{}az|~\x7F\xFB\xFD;=\x00\xFFyk";
            let key: Vec<u8> = (0..random.usize(..40)).map(|_| pieces[random.usize(..pieces.len())]).collect();
            assert_eq!(hash_slot(&key), redis_protocol::redis_keyslot(&key), "{key:?}");
        }
    }
}
