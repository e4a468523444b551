//! Hash slots, computed without typedis.

use std::{collections::HashMap, sync::OnceLock};

/// The number of hash slots of a cluster.
pub const SLOTS: u16 = 16384;

/// Computes the hash slot of a key: the CRC-16 of its hash tag, or of the whole key if it has none, modulo 16384.
pub fn hash_slot(key: impl AsRef<[u8]>) -> u16 {
    let key = key.as_ref();
    crc16(hash_tag(key).unwrap_or(key)) % SLOTS
}

/// Finds a text whose hash slot is `slot`, to be used as a key or as a hash tag.
pub fn tag_of_slot(slot: u16) -> String {
    static TAGS: OnceLock<HashMap<u16, String>> = OnceLock::new();
    let tags = TAGS.get_or_init(|| {
        let mut tags = HashMap::new();
        for number in 0_u32.. {
            let tag = format!("t{number}");
            tags.entry(hash_slot(&tag)).or_insert(tag);
            if tags.len() == usize::from(SLOTS) {
                break;
            }
        }
        tags
    });
    tags.get(&slot).unwrap_or_else(|| panic!("{slot} is no hash slot")).clone()
}

/// The bytes between the first `{` and the next `}`, unless there are none.
fn hash_tag(key: &[u8]) -> Option<&[u8]> {
    let rest = &key[key.iter().position(|byte| *byte == b'{')? + 1..];
    let tag = &rest[..rest.iter().position(|byte| *byte == b'}')?];
    (!tag.is_empty()).then_some(tag)
}

/// CRC-16/XMODEM.
fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(
            crc ^ (u16::from(*byte) << 8),
            |crc, _| if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 },
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_those_of_the_specification() {
        assert_eq!(crc16(b"123456789"), 0x31C3);
        for (key, slot) in [("{}a", 10875), ("{a}{b}", 15495), ("a", 15495), ("a{", 14311), ("{{a}}", 10276)] {
            assert_eq!(hash_slot(key), slot, "{key}");
        }
    }

    #[test]
    fn every_slot_has_a_tag() {
        for slot in [0, 1, 8191, 16383] {
            assert_eq!(hash_slot(format!("{{{}}}:x", tag_of_slot(slot))), slot);
        }
    }
}
