/// One message that the compiler must emit, read from the annotations of a program.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Expected {
    pub(crate) level: Level,
    /// Counted from 1.
    pub(crate) line: usize,
    pub(crate) words: String,
    pub(crate) help: Vec<String>,
    /// The texts that may be underlined; any where there is none.
    pub(crate) at: Vec<String>,
    /// Newer compilers may repeat the message on the same line.
    pub(crate) repeats: bool,
    /// The message may show the type of a list, because the misuse is about the list.
    pub(crate) shows_lists: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Error,
    Warn,
}

/// Parses the annotations of a program; the error names the line of an invalid one.
pub(crate) fn parse(source: &str) -> Result<Vec<Expected>, String> {
    let mut expected: Vec<Expected> = Vec::new();
    let mut above = None;
    for (index, text) in source.lines().enumerate() {
        let Some((_, annotation)) = text.split_once("//~") else {
            continue;
        };
        let number = index + 1;
        let wrong = |why: &str| format!("line {number}: {why} in `//~{annotation}`");
        let (line, rest) = place(annotation, number, above).map_err(wrong)?;
        let (kind, words) = rest.trim().split_once(' ').ok_or_else(|| wrong("no words"))?;
        let words = words.trim().to_owned();
        match kind {
            "ERROR" => expected.push(Expected::new(Level::Error, line, words)),
            "WARN" => expected.push(Expected::new(Level::Warn, line, words)),
            "HELP" => last_of(&mut expected, line).map_err(wrong)?.help.push(words),
            "AT" => last_of(&mut expected, line).map_err(wrong)?.at.push(words),
            "REPEATS" => last_of(&mut expected, line).map_err(wrong)?.repeats = true,
            "LIST" => last_of(&mut expected, line).map_err(wrong)?.shows_lists = true,
            _ => return Err(wrong("no ERROR, WARN, HELP, AT, REPEATS or LIST")),
        }
        above = Some(line);
    }
    if expected.is_empty() {
        return Err("no `//~ ERROR` says what the compiler must say".to_owned());
    }
    Ok(expected)
}

impl Expected {
    fn new(level: Level, line: usize, words: String) -> Self {
        Self { level, line, words, help: Vec::new(), at: Vec::new(), repeats: false, shows_lists: false }
    }
}

/// The line that an annotation refers to, and the text behind its carets or bar.
fn place(annotation: &str, number: usize, above: Option<usize>) -> Result<(usize, &str), &'static str> {
    if let Some(rest) = annotation.strip_prefix('|') {
        return Ok((above.ok_or("no annotation above")?, rest));
    }
    let rest = annotation.trim_start_matches('^');
    let line = number.checked_sub(annotation.len() - rest.len()).filter(|line| *line > 0);
    Ok((line.ok_or("more carets than lines")?, rest))
}

fn last_of(expected: &mut [Expected], line: usize) -> Result<&mut Expected, &'static str> {
    expected.iter_mut().rev().find(|expected| expected.line == line).ok_or("no ERROR or WARN before it on that line")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_annotation_is_about_its_own_line_or_one_above() {
        let source = "bad(); //~ ERROR cannot do this\n//~^ HELP do that\n\n//~^^^ AT bad\nfine();\n";
        assert_eq!(
            parse(source).unwrap(),
            [Expected {
                level: Level::Error,
                line: 1,
                words: "cannot do this".into(),
                help: vec!["do that".into()],
                at: vec!["bad".into()],
                repeats: false,
                shows_lists: false,
            }]
        );
    }

    #[test]
    fn a_bar_repeats_the_line_of_the_annotation_above() {
        let expected = parse("x\nbad();\n//~^ WARN one\n//~| HELP two\n//~| ERROR three\n//~| HELP four").unwrap();
        assert_eq!(expected.iter().map(|expected| expected.line).collect::<Vec<_>>(), [2, 2]);
        assert_eq!((expected[0].level, expected[1].level), (Level::Warn, Level::Error));
        assert_eq!((&expected[0].help[..], &expected[1].help[..]), (&["two".into()][..], &["four".into()][..]));
    }

    #[test]
    fn what_makes_no_sense_is_told_with_its_line() {
        for (source, why) in [
            ("fine();", "no `//~ ERROR`"),
            ("\n//~ ERROR", "line 2: no words"),
            ("//~ ERRORS x y", "line 1: no ERROR"),
            ("//~^ ERROR x", "line 1: more carets"),
            ("//~| ERROR x", "line 1: no annotation above"),
            ("a(); //~ ERROR x\n//~ HELP y", "line 2: no ERROR or WARN before"),
        ] {
            let error = parse(source).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
    }
}
