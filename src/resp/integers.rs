//! Parsing of decimal integers.

/// Parses an integer as the server writes them.
#[inline]
pub(super) fn integer(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] | digits => (false, digits),
    };
    if digits.is_empty() || digits.len() > 19 {
        return None;
    }
    let mut value = 0i64;
    if digits.len() < 19 {
        for digit in digits {
            value = value * 10 + i64::from(digit.is_ascii_digit().then(|| digit - b'0')?);
        }
        return Some(if negative { -value } else { value });
    }
    for digit in digits {
        let digit = i64::from(digit.is_ascii_digit().then(|| digit - b'0')?);
        value = value.checked_mul(10)?;
        value = if negative { value.checked_sub(digit)? } else { value.checked_add(digit)? };
    }
    Some(value)
}

/// Parses decimal digits alone: no sign, and at least one digit.
#[inline]
pub(crate) fn unsigned(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    let mut value = 0u64;
    if digits.len() < 20 {
        for digit in digits {
            value = value * 10 + u64::from(digit.is_ascii_digit().then(|| digit - b'0')?);
        }
        return Some(value);
    }
    for digit in digits {
        let digit = u64::from(digit.is_ascii_digit().then(|| digit - b'0')?);
        value = value.checked_mul(10)?.checked_add(digit)?;
    }
    Some(value)
}

/// Parses a number with a point, or without, and up to 15 digits, such as a distance or a score: `-93.1043`. It is exact: the
/// digits are an integer that an `f64` holds, and so is the power of ten that divides it, so that only the division rounds.
/// `None` means that the standard library has to look.
#[inline]
pub(super) fn short_decimal(text: &[u8]) -> Option<f64> {
    const POWERS: [f64; 16] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    // Fifteen digits and the point.
    if digits.len() > 16 {
        return None;
    }
    let (mut value, mut count, mut point) = (0u64, 0, None);
    for byte in digits {
        match byte.wrapping_sub(b'0') {
            digit @ 0..=9 => {
                value = value * 10 + u64::from(digit);
                count += 1;
            }
            _ if *byte == b'.' && point.is_none() => point = Some(count),
            _ => return None,
        }
    }
    if count == 0 || count > 15 {
        return None;
    }
    let number = value as f64 / POWERS[count - point.unwrap_or(count)];
    Some(if negative { -number } else { number })
}

/// Parses the integer reply at `at`, if it has few digits, and returns where it ends.
#[inline]
pub(super) fn whole_integer(bytes: &[u8], at: usize) -> Option<(i64, usize)> {
    let Some((b':', line)) = bytes.get(at..)?.split_first() else { return None };
    let negative = line.first() == Some(&b'-');
    let digits = usize::from(negative);
    // Most integers have at most seven digits, which are parsed at once.
    if let Some((word, _)) = line.get(digits..)?.split_first_chunk() {
        let (value, count) = leading_digits(u64::from_le_bytes(*word));
        let end = digits + count;
        if count > 0 && line.get(end..end + 2) == Some(b"\r\n") {
            return Some((if negative { -value } else { value }, at + 1 + end + 2));
        }
    }
    longer_integer(line, negative).map(|(value, end)| (value, at + 1 + end))
}

/// Returns where the integer reply at `at` ends, if it has few digits. The scanner does not need its value, which costs as much again.
#[inline]
pub(super) fn integer_end(bytes: &[u8], at: usize) -> Option<usize> {
    let Some((b':', line)) = bytes.get(at..)?.split_first() else { return None };
    let digits = usize::from(line.first() == Some(&b'-'));
    if let Some((word, _)) = line.get(digits..)?.split_first_chunk() {
        let count = count_digits(u64::from_le_bytes(*word));
        let end = digits + count;
        if count > 0 && line.get(end..end + 2) == Some(b"\r\n") {
            return Some(at + 1 + end + 2);
        }
    }
    longer_integer(line, digits > 0).map(|(_, end)| at + 1 + end)
}

const EACH: u64 = 0x0101_0101_0101_0101;

/// Counts the leading digits of eight bytes, the first byte being the lowest.
#[inline]
fn count_digits(word: u64) -> usize {
    let digits = word ^ (EACH * b'0' as u64);
    // The highest bit of every byte that is no digit. Behind the first such byte it may be wrong.
    let others = (digits.wrapping_add(EACH * 0x76) | digits) & (EACH * 0x80);
    others.trailing_zeros() as usize / 8
}

/// Parses the leading digits of eight bytes, the first byte being the lowest. Returns the number and how many digits it has.
#[inline]
fn leading_digits(word: u64) -> (i64, usize) {
    let count = count_digits(word);
    if count == 0 {
        return (0, 0);
    }
    // Shifts in leading zeros, and then combines pairs, fours and all eight digits.
    let value = (word ^ (EACH * b'0' as u64)) << (64 - 8 * count);
    let value = value.wrapping_mul(10).wrapping_add(value >> 8) & 0x00FF_00FF_00FF_00FF;
    let value = value.wrapping_mul(100).wrapping_add(value >> 16) & 0x0000_FFFF_0000_FFFF;
    let value = value.wrapping_mul(10_000).wrapping_add(value >> 32) & 0xFFFF_FFFF;
    (value as i64, count)
}

/// Parses a line of any length, which starts behind the colon. Returns the integer and where the line ends.
fn longer_integer(line: &[u8], negative: bool) -> Option<(i64, usize)> {
    let (digits, mut value) = (usize::from(negative), 0);
    for (index, byte) in line.iter().enumerate().take(18).skip(digits) {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            let whole = index > digits && line.get(index..index + 2) == Some(b"\r\n");
            return whole.then_some((if negative { -value } else { value }, index + 2));
        }
        value = value * 10 + i64::from(digit);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_of_every_size_are_read_or_refused() {
        for text in [&b"0"[..], b"-1", b"+7", b"9223372036854775807", b"-9223372036854775808"] {
            assert_eq!(integer(text), std::str::from_utf8(text).unwrap().parse().ok());
        }
        for text in [&b""[..], b"-", b"1x", b"9223372036854775808", b"-9223372036854775809", b"00000000000000000000"] {
            assert_eq!(integer(text), None);
        }
    }

    #[test]
    fn digits_of_every_number_are_read_or_refused() {
        for text in ["0", "7", "0042", "9999999999999999999", "18446744073709551615", "00000000000000000000001"] {
            assert_eq!(unsigned(text.as_bytes()), text.parse().ok(), "{text}");
        }
        for text in ["", "-1", "+1", "1 ", "1x", "18446744073709551616", "99999999999999999999", "1000000000000000000x"]
        {
            assert_eq!(unsigned(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn decimals_are_what_the_standard_library_reads() {
        let mut random = fastrand::Rng::with_seed(11);
        for _ in 0..20_000 {
            let mut text: String = (0..random.usize(0..=18)).map(|_| random.digit(10)).collect();
            if random.u8(..4) > 0 {
                text.insert(random.usize(..=text.len()), '.');
            }
            if random.bool() {
                text.insert(0, '-');
            }
            let digits = text.bytes().filter(u8::is_ascii_digit).count();
            let expected = text.parse::<f64>().ok().filter(|_| digits <= 15);
            assert_eq!(short_decimal(text.as_bytes()).map(f64::to_bits), expected.map(f64::to_bits), "{text}");
        }
        for text in ["", "-", ".", "-.", "1.2.3", "--1", "1e5", "inf", "nan", " 1", "+1", "0x1"] {
            assert_eq!(short_decimal(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_line_is_read_as_its_text_is_whatever_follows() {
        let mut random = fastrand::Rng::with_seed(7);
        for length in 0..=20 {
            for _ in 0..200 {
                let mut text: String = (0..length).map(|_| random.digit(10)).collect();
                if random.bool() {
                    text.insert(0, '-');
                }
                let follows = ["", "\r", "+OK\r\n", ":12345678\r\n"][random.usize(..4)];
                let line = format!("x:{text}\r\n{follows}");
                let read = whole_integer(line.as_bytes(), 1);
                assert_eq!(integer_end(line.as_bytes(), 1), read.map(|(_, end)| end), "{line:?}");
                match text.parse::<i64>() {
                    // Longer integers take the slow path.
                    Ok(value) if length > 16 => assert!(read.is_none_or(|read| read == (value, text.len() + 4))),
                    expected => assert_eq!(read, expected.ok().map(|value| (value, text.len() + 4)), "{line:?}"),
                }
                // With a byte that is no digit at any position.
                let mut broken = line.clone().into_bytes();
                broken[2 + random.usize(..text.len() + 2)] = [0, b'/', b'g', b'z', 0x80, 0xFF][random.usize(..6)];
                assert_eq!((whole_integer(&broken, 1), integer_end(&broken, 1)), (None, None), "{broken:?}");
            }
        }
    }
}
