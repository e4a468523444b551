use super::{Program, annotation};
use std::collections::{BTreeMap, BTreeSet};

/// Compares the page on compile errors with the programs, and returns the differences.
///
/// Each chapter, which begins with `## `, has a folder of programs. Each of its sections, which begin with `### `,
/// names its programs in a comment, quotes the messages of the compiler to them, and shows lines of their code.
pub(crate) fn compare(page: &str, programs: &[Program]) -> Vec<String> {
    let chapters = page.split("\n## ").skip(1);
    let sections: Vec<Section<'_>> =
        chapters.flat_map(|chapter| chapter.split("\n### ").skip(1).map(|text| Section::read(chapter, text))).collect();
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
    complaints.extend(misplaced(&sections, programs));
    complaints
}

/// The programs of a chapter lie in one folder, and those of another chapter in another one.
fn misplaced(sections: &[Section<'_>], programs: &[Program]) -> Vec<String> {
    let mut chapters: BTreeMap<&str, &str> = BTreeMap::new();
    let mut complaints = Vec::new();
    for section in sections {
        for program in programs.iter().filter(|program| section.programs.contains(&program.name.as_str())) {
            let chapter = *chapters.entry(&program.folder).or_insert(section.chapter);
            if chapter != section.chapter {
                let Program { folder, name, .. } = program;
                complaints.push(format!("{name}.rs lies in `{folder}`, the folder of the chapter `{chapter}`"));
            }
        }
    }
    let folders: BTreeSet<&str> = chapters.values().copied().collect();
    if folders.len() < chapters.len() {
        complaints.push(format!("the programs of one chapter lie in several folders: {chapters:?}"));
    }
    complaints
}

struct Section<'a> {
    chapter: &'a str,
    title: &'a str,
    text: &'a str,
    programs: Vec<&'a str>,
}

impl<'a> Section<'a> {
    fn read(chapter: &'a str, text: &'a str) -> Self {
        let comment = text.split_once("<!--").and_then(|(_, rest)| rest.split_once("-->"));
        let programs = comment.map_or("", |(names, _)| names).split_whitespace().collect();
        let title = |text: &'a str| text.lines().next().unwrap_or_default();
        Section { chapter: title(chapter), title: title(text), text, programs }
    }

    fn without_words_of(&self, program: &Program) -> Vec<String> {
        let expected = annotation::parse(&program.source).unwrap_or_default();
        let missing = expected.iter().filter(|expected| !self.text.contains(&expected.words));
        missing
            .map(|expected| format!("`{}` ({}) does not quote `{}`", self.title, program.name, expected.words))
            .collect()
    }

    /// Names of programs that do not exist, and lines of code that no program of the section has.
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

    const PAGE: &str = "# Page\n\n## Chapter\n\n### One\n\n```text\nerror: no\n```\n\n```rust\nbad();\n```\n\n```rust\ngood();\n```\n\n<!-- a -->\n";

    fn program(name: &str, source: &str) -> Program {
        let folder = "chapter".to_owned();
        Program { path: PathBuf::new(), folder, name: name.to_owned(), source: source.to_owned() }
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
    #[test]
    fn a_chapter_and_a_folder_belong_together() {
        let page = format!("{PAGE}\n## Other\n\n### Two\n\n```text\nerror: no\n```\n\n<!-- b -->\n");
        let mut more = programs();
        more.push(program("b", "bad(); //~ ERROR no"));
        assert!(compare(&page, &more)[0].contains("b.rs lies in `chapter`, the folder of the chapter `Chapter`"));
        more[2].folder = "other".to_owned();
        assert_eq!(compare(&page, &more), [""; 0]);
        more[0].folder = "third".to_owned();
        let split = format!("{page}\n## Third\n\n### Three\n\n```text\nerror: no\n```\n\n<!-- a -->\n");
        assert!(compare(&split, &more).len() == 1, "{:?}", compare(&split, &more));
    }
}
