//! Text within queries: words, and values that are escaped.

/// Returns the words of a text in their form, with spaces between them; `None` for a text without a word.
pub(super) fn words_as(words: &str, open: &str, close: &str, form: impl Fn(&str) -> String) -> Option<String> {
    let words = words.split(|letter: char| letter.is_ascii() && !letter.is_ascii_alphanumeric() && letter != '_');
    // An underscore is a part of words, but one that stands alone is no word of a query without a backslash.
    let words = words.filter(|word| !word.is_empty()).map(|word| match word.parse::<f64>() {
        // The server looks up a word that reads as a number, such as `1E5`, as it is; documents have it in lower case.
        Ok(_) => form(&word.to_ascii_lowercase()),
        Err(_) => form(&word.replace('_', "\\_")),
    });
    let words: Vec<_> = words.collect();
    if words.is_empty() { None } else { Some(format!("{open}{}{close}", words.join(" "))) }
}

/// Returns whether a value has a control character, which is no part of a query, also behind a backslash. White space is.
pub(super) fn has_control(value: &str) -> bool {
    value.contains(|letter: char| letter.is_ascii_control() && !letter.is_ascii_whitespace())
}

/// The name of a field with a backslash before each character that may mean something in a query.
pub(super) fn escaped(name: &str) -> String {
    escaped_where(name, |letter| letter != '_')
}

/// A value with a backslash before each character that may mean something in a query.
pub(super) fn escaped_value(value: &str) -> String {
    escaped_where(value, |_| true)
}

fn escaped_where(text: &str, is_special: impl Fn(char) -> bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii() && !letter.is_ascii_alphanumeric() && is_special(letter) {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}
