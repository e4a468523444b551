use std::path::Path;

use serde_json::Value;

/// One message of the compiler about one program.
#[derive(Debug)]
pub(crate) struct Diagnostic {
    pub(crate) level: String,
    /// As a terminal would show it.
    pub(crate) rendered: String,
    /// The part of the program's own text that is underlined, if any.
    pub(crate) place: Option<SourceSpan>,
    message: String,
    /// Labels, notes and help.
    asides: Vec<String>,
}

/// A part of the program's own text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SourceSpan {
    /// Counted from 1.
    pub(crate) line: usize,
    pub(crate) text: String,
}

impl Diagnostic {
    /// Reads the compiler's JSON; `path` and `source` are the program's.
    pub(crate) fn read(message: &Value, path: &Path, source: &str) -> Self {
        let mut asides = labels(message);
        for child in items(message, "children") {
            asides.push(text(child, "message"));
            asides.extend(labels(child));
        }
        Self {
            level: text(message, "level"),
            rendered: text(message, "rendered"),
            place: primary_place(message, path, source),
            message: text(message, "message"),
            asides,
        }
    }

    /// Returns whether anything in the message has these words, its labels, notes and help included.
    pub(crate) fn says(&self, words: &str) -> bool {
        contains(&self.message, words) || self.adds(words)
    }

    /// Returns whether a label, note or help has these words.
    pub(crate) fn adds(&self, words: &str) -> bool {
        self.asides.iter().any(|aside| contains(aside, words))
    }

    /// Returns whether this is rustc's summary, such as `aborting due to 2 previous errors`.
    pub(crate) fn is_closing_line(&self) -> bool {
        self.place.is_none() && self.message.starts_with("aborting due to")
    }
}

/// The first primary span, traced out of macros to the program's own text.
fn primary_place(message: &Value, path: &Path, source: &str) -> Option<SourceSpan> {
    let span = items(message, "spans").iter().find(|span| span["is_primary"] == true)?;
    let own = std::iter::successors(Some(span), |span| span["expansion"].get("span"))
        .find(|span| span["file_name"].as_str().is_some_and(|file| path.ends_with(file)))?;
    let byte = |name: &str| usize::try_from(own[name].as_u64()?).ok();
    Some(SourceSpan {
        line: usize::try_from(own["line_start"].as_u64()?).ok()?,
        text: source.get(byte("byte_start")?..byte("byte_end")?)?.to_owned(),
    })
}

fn labels(message: &Value) -> Vec<String> {
    items(message, "spans").iter().map(|span| text(span, "label")).collect()
}

fn items<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

/// Ignores layout and case.
fn contains(text: &str, words: &str) -> bool {
    plain(text).contains(&plain(words))
}

fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(message: Value) -> Diagnostic {
        Diagnostic::read(&message, Path::new("/tests/misuse/x.rs"), "one\ntwo three\n")
    }

    #[test]
    fn words_are_found_in_every_part_of_a_message() {
        let diagnostic = read(json!({
            "level": "error", "message": "cannot\n  Watch", "rendered": "",
            "spans": [{ "is_primary": false, "label": "here" }],
            "children": [{ "message": "send `execute` first", "spans": [{ "label": "a child's label" }] }],
        }));
        assert!(diagnostic.says("cannot watch") && !diagnostic.adds("cannot watch"));
        for aside in ["here", "`execute` first", "a child's label"] {
            assert!(diagnostic.says(aside) && diagnostic.adds(aside));
        }
        assert!(!diagnostic.says("elsewhere"));
    }

    #[test]
    fn a_span_inside_a_macro_leads_to_the_text_that_called_it() {
        let own = json!({
            "file_name": "/tests/misuse/x.rs", "line_start": 2, "byte_start": 4, "byte_end": 7, "expansion": null,
        });
        let inside = json!({
            "is_primary": true, "file_name": "/src/lib.rs", "line_start": 90, "byte_start": 0, "byte_end": 0,
            "expansion": { "span": own },
        });
        let diagnostic = read(json!({ "spans": [inside] }));
        assert_eq!(diagnostic.place, Some(SourceSpan { line: 2, text: "two".into() }));
    }

    #[test]
    fn a_closing_line_is_told_apart() {
        assert!(read(json!({ "message": "aborting due to 1 previous error", "spans": [] })).is_closing_line());
        assert!(!read(json!({ "message": "cannot find macro", "spans": [] })).is_closing_line());
    }
}
