//! The layout of a document's text.

use crate::command::option::options;

options! {
    /// The layout of a document as text, for [`json_get_with`](super::JsonCommands::json_get_with) and
    /// [`json_get_path_with`](super::JsonCommands::json_get_path_with). Without any given it is one line without spaces.
    #[derive(Clone, Copy, Debug)]
    pub struct JsonFormat<'a> with new {
        indent: Option<&'a str> = "INDENT",
        newline: Option<&'a str> = "NEWLINE",
        space: Option<&'a str> = "SPACE",
    }
}

impl<'a> JsonFormat<'a> {
    /// The layout of most tools: lines with two spaces for each level.
    pub const fn pretty() -> Self {
        let mut format = JsonFormat::new();
        (format.indent, format.newline, format.space) = (Some("  "), Some("\n"), Some(" "));
        format
    }

    /// Sets what stands before each value, once for each level (INDENT).
    pub fn indent(self, text: &'a str) -> Self {
        JsonFormat { indent: Some(text), ..self }
    }

    /// Sets what stands behind each value (NEWLINE).
    pub fn newline(self, text: &'a str) -> Self {
        JsonFormat { newline: Some(text), ..self }
    }

    /// Sets what stands between a name and its value (SPACE).
    pub fn space(self, text: &'a str) -> Self {
        JsonFormat { space: Some(text), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::option::encoded;

    #[test]
    fn a_layout_is_its_words() {
        assert_eq!(encoded(&JsonFormat::new()), "");
        assert_eq!(encoded(&JsonFormat::new().space("_").newline("NL").indent("--")), "INDENT -- NEWLINE NL SPACE _");
    }
}
