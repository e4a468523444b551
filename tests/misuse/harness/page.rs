use super::{Program, annotation};
use std::collections::BTreeMap;

/// Compares the page on compile errors with the programs, and returns what is wrong.
///
/// Each section, which begins with `### `, names its programs in a comment, quotes what the compiler says to them, and
/// shows code that is theirs.
pub(crate) fn compare(page: &str, programs: &[Program]) -> Vec<String> {
    let sections: Vec<Section<'_>> = page.split("\n### ").skip(1).map(Section::read).collect();
    let sources: BTreeMap<&str, &str> =
        programs.iter().map(|program| (program.name.as_str(), program.source.as_str())).collect();
    let mut complaints = Vec::new();
    for program in programs.iter().filter(|program| !program.is_legal()) {
        let mut sections = sections.iter().filter(|section| section.programs.contains(&program.name.as_str()));
        match sections.next() {
            Some(section) => complaints.extend(section.without_words_of(program)),
            None => complaints.push(format!("no section has `{}` in its comment", program.name)),
        }
    }
    complaints.extend(sections.iter().flat_map(|section| section.strangers(&sources)));
    complaints
}

struct Section<'a> {
    title: &'a str,
    text: &'a str,
    programs: Vec<&'a str>,
}

impl<'a> Section<'a> {
    fn read(text: &'a str) -> Self {
        let comment = text.split_once("<!--").and_then(|(_, rest)| rest.split_once("-->"));
        let programs = comment.map_or("", |(names, _)| names).split_whitespace().collect();
        Section { title: text.lines().next().unwrap_or_default(), text, programs }
    }

    fn without_words_of(&self, program: &Program) -> Vec<String> {
        let expected = annotation::parse(&program.source).unwrap_or_default();
        let missing = expected.iter().filter(|expected| !self.text.contains(&expected.words));
        missing
            .map(|expected| format!("`{}` ({}) does not quote `{}`", self.title, program.name, expected.words))
            .collect()
    }

    /// Programs that there are not, and lines of code that are no program's.
    fn strangers(&self, sources: &BTreeMap<&str, &str>) -> Vec<String> {
        let unknown = self.programs.iter().filter(|name| !sources.contains_key(*name));
        let mut complaints: Vec<_> = unknown.map(|name| format!("`{}`: there is no {name}.rs", self.title)).collect();
        let own: Vec<String> =
            self.programs.iter().flat_map(|name| [name.to_string(), format!("{name}.legal")]).collect();
        for line in self.code() {
            let known = own.iter().filter_map(|name| sources.get(name.as_str())).any(|source| has_line(source, line));
            if !known {
                complaints.push(format!("`{}`: no program of the section has the line `{line}`", self.title));
            }
        }
        complaints
    }

    fn code(&self) -> impl Iterator<Item = &'a str> {
        let blocks = self.text.split("```rust\n").skip(1).filter_map(|block| block.split_once("```"));
        blocks.flat_map(|(code, _)| code.lines()).map(str::trim).filter(|line| !line.is_empty())
    }
}

fn has_line(source: &str, line: &str) -> bool {
    source.lines().any(|found| found.split("//~").next().unwrap_or_default().trim() == line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    const PAGE: &str =
        "# Page\n\n### One\n\n```text\nerror: no\n```\n\n```rust\nbad();\n```\n\n```rust\ngood();\n```\n\n<!-- a -->\n";

    fn program(name: &str, source: &str) -> Program {
        Program { path: PathBuf::new(), name: name.to_owned(), source: source.to_owned() }
    }

    fn programs() -> Vec<Program> {
        vec![program("a", "    bad(); //~ ERROR no"), program("a.legal", "    good();")]
    }

    #[test]
    fn a_page_that_says_what_the_programs_say_is_well() {
        assert_eq!(compare(PAGE, &programs()), [""; 0]);
    }

    #[test]
    fn what_is_on_one_side_only_is_not() {
        let mut more = programs();
        more.push(program("b", "bad(); //~ ERROR no"));
        assert!(compare(PAGE, &more)[0].contains("no section has `b`"));
        for (from, to, complaint) in [
            ("error: no", "error: yes", "does not quote `no`"),
            ("good();", "better();", "has the line `better();`"),
            ("<!-- a -->", "<!-- a c -->", "there is no c.rs"),
        ] {
            let complaints = compare(&PAGE.replace(from, to), &programs());
            assert!(complaints.len() == 1 && complaints[0].contains(complaint), "{complaints:?}");
        }
    }
}
