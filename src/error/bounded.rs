//! Text in one line of a bounded length, for errors whose words a server, a script or a caller chose.

use std::fmt::{self, Write};

/// The longest text that is displayed whole, in bytes.
const MOST_BYTES: usize = 500;

/// A text that is displayed up to a bounded length, with the number of bytes that were left out, and in one line: a control
/// character is escaped, because it could break or forge a line of a log.
pub(super) struct Bounded<'a>(pub(super) &'a str);

impl fmt::Display for Bounded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Bounded(text) = *self;
        if text.len() <= MOST_BYTES {
            return write_line(f, text);
        }
        let shown = (0..=MOST_BYTES).rev().find_map(|end| text.get(..end)).unwrap_or_default();
        write_line(f, shown)?;
        write!(f, ".. and {} more bytes", text.len() - shown.len())
    }
}

fn write_line(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    text.chars().try_for_each(|character| {
        if character.is_control() { write!(f, "{}", character.escape_default()) } else { f.write_char(character) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stays_in_one_line() {
        assert_eq!(Bounded("a\nb\r\n\u{1b}[2J ü\t").to_string(), "a\\nb\\r\\n\\u{1b}[2J ü\\t");
    }

    #[test]
    fn a_long_text_ends_between_two_letters() {
        assert_eq!(Bounded("abc").to_string(), "abc");
        let exact = "a".repeat(MOST_BYTES);
        assert_eq!(Bounded(&exact).to_string(), exact);
        assert_eq!(Bounded(&(exact.clone() + "bc")).to_string(), exact + ".. and 2 more bytes");
        let wide = "a".to_owned() + &"é".repeat(MOST_BYTES);
        assert!(Bounded(&wide).to_string().ends_with("é.. and 502 more bytes"), "{}", Bounded(&wide));
    }
}
