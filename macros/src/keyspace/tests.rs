//! Unit tests of `keyspace!`.

use super::*;
use proc_macro2::TokenTree;
use quote::quote;

const KEYS: &str = r#"
    /// Docs.
    pub SEQUENCE: Str<i64> = "sequence";
    pub(crate) account(id: u64, user: &str): Str<i64> = "{{{user}}}:account:{id}";
    BANK = account(0, "bank");
"#;

fn messages(input: &str) -> Vec<String> {
    let mut errors = Errors::default();
    let entries = parse::parse(input.parse().unwrap(), &mut errors);
    validate::validate(entries, &mut errors);
    errors.messages()
}

#[track_caller]
fn says(input: &str, expected: &[&str]) {
    let said = messages(input);
    assert_eq!(said.len(), expected.len(), "{input}: {said:#?}");
    for (said, expected) in said.iter().zip(expected) {
        assert!(said.contains(expected), "{input}: {said}");
    }
}

#[test]
fn every_form_is_understood() {
    says(KEYS, &[]);
    says("", &[]);
    says("A: Str<i64> = \"a\"", &[]);
}

#[test]
fn a_keyspace_has_one_tag_at_most() {
    let names = |input: &str| {
        let mut errors = Errors::default();
        let keys = validate::validate(parse::parse(input.parse().unwrap(), &mut errors), &mut errors);
        assert_eq!(errors.messages(), Vec::<String>::new(), "{input}");
        keys.into_iter().map(|key| key.slot).collect::<Vec<_>>()
    };
    let in_a = Some(15495);
    assert_eq!(names(r#"tag "a"; A: Str<u8> = "a"; b(x: u8): Str<u8> = "b:{x}"; C = b(1);"#), [in_a, None, in_a]);
    assert_eq!(names(r#"A: Str<u8> = "{{a}}b"; b(x: u8): Str<u8> = "{x}{{a}}"; C = b(1);"#), [in_a, None, in_a]);
    assert_eq!(names(r#"A: Str<u8> = "a"; b(x: u8): Str<u8> = "{{{x}}}{{a}}"; C = b(1);"#), [None; 3]);
    says(r#"tag "a"; A: Str<u8> = "{{b}}c";"#, &["a second one would have no effect"]);
    says(r#"tag ""; A: Str<u8> = "c";"#, &["not empty, and without braces"]);
    says(r#"tag "{a}"; A: Str<u8> = "c";"#, &["not empty, and without braces"]);
    says(r#"A: Str<u8> = "c"; tag "a";"#, &["expected a key"]);
    says(r#"tag: Str<u8> = "c";"#, &[]);
}

#[test]
fn two_keys_of_one_name_are_refused() {
    says(r#"A: Str<i64> = "a"; B: Str<i64> = "a";"#, &["`A` has this name already"]);
    says(r#"A: Str<i64> = "a"; A: Str<i64> = "b";"#, &["`A` is declared twice"]);
    says(r#"a(x: u8): Str<i64> = "a:{x}"; b(y: u8): List<i64> = "a:{y}";"#, &["`a` has this name already"]);
    says(r#"a(x: u8): Str<i64> = "a:{x}"; B: Str<i64> = "a:1"; C = a(1);"#, &["`B` has this name already"]);
}

#[test]
fn a_name_is_not_empty_and_has_its_parameters() {
    says(r#"A: Str<i64> = "";"#, &["empty"]);
    says(r#"a(x: u8): Str<i64> = "";"#, &["empty"]);
    says(r#"a(x: u8): Str<i64> = "a";"#, &["`x` is not in the key's name"]);
    says(r#"a(x: u8): Str<i64> = "a:{y}";"#, &["`x` is not in", "no parameter `y`"]);
    says(r#"A: Str<i64> = "a:{y}";"#, &["no parameter `y`"]);
    says(r#"a(): Str<i64> = "a";"#, &["a family has parameters"]);
    says(r#"a(x: u8): Str<i64> = "a:{x";"#, &["has no `}`"]);
}

#[test]
fn what_would_move_the_tag_is_refused_where_its_text_is_known() {
    let family = r#"a(x: &str): Str<i64> = "{{{x}}}:a"; "#;
    says(&format!("{family} B = a(\"b\");"), &[]);
    says(&format!("{family} B = a(\"b}}\");"), &["would end the hash tag early"]);
    says(&format!("{family} B = a(\"\");"), &["the hash tag of this key is empty"]);
    says(r#"a(x: char): Str<i64> = "{x}{{t}}"; B = a('{');"#, &["would begin a hash tag"]);
    says(r#"a(x: &str): Str<i64> = "{x}"; B = a("");"#, &["is empty"]);
    says(
        &format!("{family} B = a(1, 2); C = b(1); D = a(x);"),
        &["expected text", "has 1 parameters", "no family `b`"],
    );
}

#[test]
fn a_half_typed_key_leaves_the_others_whole() {
    says(
        r#"A; B: Str<i64> = "b"; C: = "c"; D = "d"; E: Str<i64> = 5"#,
        &["expected a key", "", "what the key holds", "string literal"],
    );
}

/// The expansion is a list of items for rustc and editors, however much of the input is missing.
#[test]
fn the_expansion_is_items_wherever_the_input_is_cut() {
    let tokens: Vec<TokenTree> = KEYS.parse::<TokenStream>().unwrap().into_iter().collect();
    for at in 0..tokens.len() {
        let without = tokens[..at].iter().chain(&tokens[at + 1..]);
        for input in [tokens[..at].iter().cloned().collect(), without.cloned().collect::<TokenStream>()] {
            let text = input.to_string();
            assert!(syn::parse2::<syn::File>(keyspace(quote!(::typedis; #input))).is_ok(), "{text}");
        }
    }
}
