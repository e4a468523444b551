//! Vague words, which comments do without because they hide the thing that is meant.

/// The vague words as they stand in a comment, in lower case.
const VAGUE: [&str; 9] =
    ["whoever", "someone", "somebody", "anyone", "anybody", "everyone", "everybody", "nobody", "what comes of"];

/// The vague words in the comments of a file, as often as they stand there.
pub(crate) fn vague_words(text: &str) -> Vec<&'static str> {
    let comments = comments(text).to_lowercase();
    let words: Vec<&str> = comments.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let found = VAGUE.iter().flat_map(|vague| {
        let wanted: Vec<&str> = vague.split(' ').collect();
        let count = words.windows(wanted.len()).filter(|window| *window == wanted).count();
        std::iter::repeat_n(*vague, count)
    });
    found.collect()
}

/// The text of all comments; a sentence that is broken over lines is whole.
fn comments(text: &str) -> String {
    let lines = text.lines().filter_map(|line| line.split_once("//"));
    lines.map(|(_, comment)| comment.trim_start_matches(['/', '!'])).collect::<Vec<_>>().join(" ")
}

#[test]
fn vague_words_are_found_in_comments_alone() {
    // The `*` keeps this file free of the words.
    let text =
        "//! Tells No*body, what\n//! comes* of it.\nfn no*body() {} // for some*body's\nfn x() { y(\"nobodys\") }";
    assert_eq!(vague_words(&text.replace('*', "")), ["somebody", "nobody", "what comes of"]);
}
