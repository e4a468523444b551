//! Hash slots of a cluster, for the words of messages and for what need not be checked.

/// Returns the hash slot of `key`: that of its hash tag, where it has one.
pub(crate) fn hash_slot(key: &str) -> u16 {
    crc16(hash_tag(key).unwrap_or(key).as_bytes()) % 16384
}

/// Returns the text between the first `{` and the next `}`, unless it is empty.
pub(crate) fn hash_tag(key: &str) -> Option<&str> {
    let (_, behind) = key.split_once('{')?;
    let (tag, _) = behind.split_once('}')?;
    (!tag.is_empty()).then_some(tag)
}

/// CRC-16/XMODEM.
fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte) << 8, |crc, _| if crc & 0x8000 == 0 { crc << 1 } else { crc << 1 ^ 0x1021 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_those_of_the_servers() {
        assert_eq!((hash_slot("123456789"), hash_slot("a"), hash_slot("b")), (0x31C3, 15495, 3300));
        assert_eq!(hash_slot("user:{a}:cart"), 15495);
        assert_eq!((hash_tag("{}{a}"), hash_tag("{a"), hash_tag("a}{b}c}")), (None, None, Some("b")));
    }
}
