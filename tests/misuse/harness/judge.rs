use super::{
    Program,
    annotation::{self, Expected, Level},
    compile::Verdict,
    diagnostic::Diagnostic,
};

/// The most lines of a message, so that it fits on a screen beside the code.
const LONGEST: usize = 25;

/// Compares the compiler's messages to a program with its annotations, and returns the differences.
pub(crate) fn judge(program: &Program, verdict: &Verdict) -> Vec<String> {
    let complaints = if program.is_legal() { judge_legal(verdict) } else { judge_misuse(program, verdict) };
    complaints.into_iter().map(|complaint| format!("{}.rs: {complaint}", program.name)).collect()
}

fn judge_legal(verdict: &Verdict) -> Vec<String> {
    let mut complaints: Vec<String> =
        verdict.diagnostics.iter().map(|said| format!("is legal, but the compiler says\n{}", said.rendered)).collect();
    if complaints.is_empty() && !verdict.compiled {
        complaints.push("was not compiled".to_owned());
    }
    complaints
}

fn judge_misuse(program: &Program, verdict: &Verdict) -> Vec<String> {
    let expected = match annotation::parse(&program.source) {
        Ok(expected) => expected,
        Err(why) => return vec![why],
    };
    let mut said: Vec<&Diagnostic> = verdict.diagnostics.iter().filter(|said| !said.is_closing_line()).collect();
    let mut complaints = Vec::new();
    for expected in &expected {
        match said.iter().position(|said| expected.is_met_by(said)) {
            Some(found) => complaints.extend(said.remove(found).flaws(expected.shows_lists)),
            None => complaints.push(format!("{expected}; the compiler says\n{}", verdict.rendered())),
        }
    }
    // Only errors, because rustc may add warnings that follow from the misuse.
    let repeated =
        |said: &Diagnostic| expected.iter().any(|expected| expected.repeats && expected.is_repeated_by(said));
    let surplus = said.iter().filter(|said| said.level == "error" && !repeated(said));
    complaints.extend(surplus.map(|said| format!("has an error that no annotation expects\n{}", said.rendered)));
    complaints
}

impl Expected {
    fn is_met_by(&self, said: &Diagnostic) -> bool {
        let Some(place) = &said.place else {
            return false;
        };
        let level = match self.level {
            Level::Error => said.level == "error",
            Level::Warn => ["warning", "error"].contains(&said.level.as_str()),
        };
        level
            && place.line == self.line
            && (self.at.is_empty() || self.at.contains(&place.text))
            && said.says(&self.words)
            && self.help.iter().all(|help| said.adds(help))
    }
}

impl Expected {
    /// Returns whether the message has the same words on the same line, at whatever place.
    fn is_repeated_by(&self, said: &Diagnostic) -> bool {
        said.place.as_ref().is_some_and(|place| place.line == self.line) && said.says(&self.words)
    }
}

impl std::fmt::Display for Expected {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { level, line, words, help, at, .. } = self;
        write!(formatter, "expected {level:?} `{words}` on line {line}")?;
        if !at.is_empty() {
            write!(formatter, ", at `{}`", at.join("` or `"))?;
        }
        help.iter().try_for_each(|help| write!(formatter, ", with help `{help}`"))
    }
}

impl Diagnostic {
    /// The flaws of the message's form: too long, or a tower of lists.
    fn flaws(&self, shows_lists: bool) -> Vec<String> {
        let mut flaws = Vec::new();
        let lines = self.rendered.trim_end().lines().count();
        if lines > LONGEST {
            flaws.push(format!("the message has {lines} lines, {LONGEST} are allowed\n{}", self.rendered));
        }
        if !shows_lists && shows_tower(&self.rendered) {
            flaws.push(format!("the message shows a tower of HCons\n{}", self.rendered));
        }
        flaws
    }
}

/// Returns whether one `HCons<` stands inside the angle brackets of another.
fn shows_tower(rendered: &str) -> bool {
    rendered.match_indices("HCons<").any(|(start, cons)| inside(&rendered[start + cons.len()..]).contains("HCons<"))
}

/// The text up to the bracket that closes the one before it; the `>` of an arrow closes nothing.
fn inside(text: &str) -> &str {
    let mut depth = 1;
    let mut before = ' ';
    for (index, character) in text.char_indices() {
        match character {
            '<' => depth += 1,
            '>' if before != '-' && before != '=' => depth -= 1,
            '\n' => depth = 0,
            _ => {}
        }
        if depth == 0 {
            return &text[..index];
        }
        before = character;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use std::path::{Path, PathBuf};

    const SOURCE: &str = "bad(1); //~ ERROR one\n//~| AT bad\n//~| HELP two";

    fn message() -> Value {
        json!({
            "level": "error", "message": "number one", "rendered": "error: number one\n",
            "spans": [{
                "is_primary": true, "label": "two", "file_name": "x.rs", "line_start": 1, "byte_start": 0, "byte_end": 3,
            }],
        })
    }

    fn complaints(name: &str, messages: &[Value]) -> Vec<String> {
        complaints_of(name, SOURCE, messages)
    }

    fn complaints_of(name: &str, source: &str, messages: &[Value]) -> Vec<String> {
        let (path, folder) = (PathBuf::from("x.rs"), String::new());
        let program = Program { path, folder, name: name.to_owned(), source: source.to_owned() };
        let diagnostics =
            messages.iter().map(|message| Diagnostic::read(message, Path::new("/x.rs"), source)).collect();
        judge(&program, &Verdict { diagnostics, compiled: false })
    }

    /// The message with one of its fields changed.
    fn changed(pointer: &str, value: Value) -> Value {
        let mut message = message();
        *message.pointer_mut(pointer).expect("the message has the field") = value;
        message
    }

    #[test]
    fn the_expected_words_at_the_expected_place_are_well() {
        let closing = json!({ "level": "error", "message": "aborting due to 1 previous error", "spans": [] });
        let warning = json!({ "level": "warning", "message": "unused", "spans": [] });
        assert_eq!(complaints("x", &[message(), closing, warning]), [""; 0]);
    }

    #[test]
    fn another_line_place_word_help_or_level_is_not() {
        for (pointer, value) in [
            ("/spans/0/line_start", json!(2)),
            ("/spans/0/byte_end", json!(6)),
            ("/message", json!("number")),
            ("/spans/0/label", json!("")),
            ("/level", json!("warning")),
        ] {
            let complaints = complaints("x", &[changed(pointer, value)]);
            assert!(complaints[0].starts_with("x.rs: expected Error `one` on line 1, at `bad`"), "{complaints:?}");
        }
        assert!(complaints("x", &[])[0].ends_with("nothing"));
    }

    #[test]
    fn an_error_more_than_expected_is_not_well() {
        assert!(complaints("x", &[message(), message()])[0].contains("no annotation expects"));
    }

    #[test]
    fn a_repeated_message_is_well_where_the_program_allows_it() {
        let allowed = SOURCE.replace("AT bad", "REPEATS by newer compilers");
        let repeated = |messages: &[Value]| complaints_of("x", &allowed, messages);
        assert_eq!(repeated(&[message()]), [""; 0]);
        assert_eq!(repeated(&[message(), changed("/spans/0/byte_end", json!(6))]), [""; 0]);
        assert!(repeated(&[message(), changed("/message", json!("other"))])[0].contains("no annotation expects"));
        assert!(repeated(&[message(), changed("/spans/0/line_start", json!(2))])[0].contains("no annotation expects"));
        assert!(repeated(&[])[0].contains("expected Error"));
    }

    #[test]
    fn a_message_is_short_and_without_towers() {
        let long = changed("/rendered", json!("line\n".repeat(26)));
        assert!(complaints("x", &[long])[0].contains("26 lines"));
        for tower in ["HCons<HCons<A, B>, C>", "HCons<Cmd<X>, HCons<..>>", "HCons<fn() -> A, HCons<B, HNil>>"] {
            assert!(complaints("x", &[changed("/rendered", json!(tower))])[0].contains("tower"), "{tower}");
        }
        let level = changed("/rendered", json!("`HCons<A<B>, HNil>` and `HCons<C, ..>`\nHCons<A,\nHCons<B"));
        assert_eq!(complaints("x", &[level]), [""; 0]);
    }

    #[test]
    fn a_legal_twin_compiles_in_silence() {
        assert!(complaints("x.legal", &[])[0].contains("was not compiled"));
        assert!(complaints("x.legal", &[changed("/level", json!("warning"))])[0].contains("is legal"));
    }
}
