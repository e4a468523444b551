//! Text of a bounded length, for errors whose words a server, a script or a caller chose.

use std::fmt;

/// The longest text that is displayed whole, in bytes.
const MOST_BYTES: usize = 500;

/// A text that is displayed up to a bounded length, with the number of bytes that were left out.
pub(super) struct Bounded<'a>(pub(super) &'a str);

impl fmt::Display for Bounded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Bounded(text) = *self;
        if text.len() <= MOST_BYTES {
            return f.write_str(text);
        }
        let shown = (0..=MOST_BYTES).rev().find_map(|end| text.get(..end)).unwrap_or_default();
        write!(f, "{shown}.. and {} more bytes", text.len() - shown.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
