//! Text in one line of a bounded length, for errors whose words a server, a script or a caller chose.

use std::fmt::{self, Write};

/// The longest text that is displayed whole, in bytes.
const MOST_BYTES: usize = 500;

/// A text that is displayed up to a bounded length, with the number of bytes that were left out, and in one line: a character
/// that ends a line, moves the cursor or turns the direction of writing is escaped, because it could forge a line of a log.
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
        if forges(character) { write!(f, "{}", character.escape_default()) } else { f.write_char(character) }
    })
}

/// Returns whether a character changes how those beside it are shown: a control character, a separator of lines or
/// paragraphs, or a mark of the direction of writing.
fn forges(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        error::{CommandPosition, Error, RefusedCommand, ServerError},
        version::{Redis7_0, ServerVersion, Vendor},
    };
    use std::{io, sync::Arc};

    #[test]
    fn whatever_words_an_error_holds_it_is_displayed_in_one_line_of_a_bounded_length() {
        let words = || Box::from("\u{2028}a\r\n\u{1b}".repeat(100_000));
        let error = || ServerError::new("\nERR \u{202e}".repeat(100_000).as_bytes());
        let at = CommandPosition::unnumbered("GET");
        let lost = || Arc::new(io::Error::from(io::ErrorKind::ConnectionReset));
        let refused = || RefusedCommand { at, error: error() };
        let connect = || Error::Connect { address: words(), source: lost() };
        let (found, declared) = (words(), Redis7_0::DECLARED);
        for error in [
            Error::Config(words()),
            connect(),
            Error::Tls { address: words(), reason: words(), source: lost() },
            Error::Handshake { address: words(), command: "HELLO", error: error() },
            Error::UnsupportedServer { address: words(), vendor: Vendor::Valkey, found, declared },
            Error::Server { at, error: error() },
            Error::NotAtomic { error: error() },
            Error::Reply { at, reason: words() },
            Error::Aborted { at, error: error(), rest: (0..10).map(|_| refused()).collect() },
            Error::Protocol { at, reason: words() },
            Error::Unavailable { after: std::time::Duration::MAX, source: Arc::new(connect()) },
        ] {
            let text = error.to_string();
            assert!(text.len() < 10_000, "{} bytes: {text:.200}", text.len());
            assert!(!text.chars().any(forges), "{text:.200}");
        }
    }

    #[test]
    fn a_text_stays_in_one_line() {
        assert_eq!(Bounded("a\nb\r\n\u{1b}[2J ü\t").to_string(), "a\\nb\\r\\n\\u{1b}[2J ü\\t");
    }

    #[test]
    fn no_character_turns_the_line_around_or_ends_it() {
        let text = "a\u{2028}b\u{202e}c\u{2066}d\u{85}e\u{200f}f";
        assert_eq!(Bounded(text).to_string(), "a\\u{2028}b\\u{202e}c\\u{2066}d\\u{85}e\\u{200f}f");
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
