//! Unit tests of `commands!`.

use super::{
    ast::{FactValue, Table},
    expand, kinds, parse, validate,
};
use crate::{crate_path::CratePath, errors::Errors};
use proc_macro2::TokenStream;
use std::{path::Path, str::FromStr};

const GOOD: &str = r#"fn strlen(key @ Str<Anything>) -> Integer as u64
    = "STRLEN" as Strlen { since: redis "2.2.0", arity: 2, access: ReadOnly, effect: Preserves };"#;

fn read(rows: &str) -> (Table, Vec<String>) {
    let tokens = TokenStream::from_str(&format!("pub trait Own in own; {rows}")).expect("tokens of Rust");
    let mut errors = Errors::default();
    let mut table = parse::table(tokens, &mut errors).expect("a head");
    validate::validate(&mut table, &mut errors);
    (table, errors.messages())
}

/// The one error of a row like `GOOD`, in which `from` is replaced by `to`.
fn error(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from:?} is not in the row");
    let (table, errors) = read(&GOOD.replace(from, to));
    assert_eq!(errors.len(), 1, "{errors:?}");
    // The best expansion stands beside the error.
    expand(&table);
    errors.into_iter().next().unwrap_or_default()
}

fn expand(table: &Table) -> TokenStream {
    expand::expand(&CratePath::default(), table, &Errors::default())
}

#[test]
fn a_row_becomes_a_marker_an_impl_and_a_method() {
    let (table, errors) = read(GOOD);
    assert_eq!(errors, [""; 0]);
    let items: syn::File = syn::parse2(expand(&table)).expect("items");
    assert!(items.items.len() > 3);
}

#[test]
fn the_line_of_facts_stands_before_the_sections_of_the_docs() {
    let docs = "/// Returns the length.\n/// ```\n/// # use x;\n/// ```\n///\n/// # Errors\n///\n/// Never.\n";
    let (table, errors) = read(&format!("{docs}{GOOD}"));
    assert_eq!(errors, [""; 0]);
    let items = expand(&table).to_string();
    let at = |words: &str| items.find(words).expect(words);
    assert!(at("# use x") < at("/strlen/) returns") && at("/strlen/) returns") < at("# Errors"));
}

#[test]
fn a_broken_row_leaves_the_others_whole() {
    let (table, errors) =
        read(&format!("fn broken(key Str); {GOOD} fn broken2() = ; {}", GOOD.replace("strlen", "strlen2")));
    assert_eq!(table.rows.len(), 2);
    assert_eq!(errors.len(), 2, "{errors:?}");
}

#[test]
fn a_fact_that_is_unknown_doubled_or_missing_is_told() {
    assert!(
        error("effect:", "efect: Preserves, effect:")
            .contains("`efect` is no fact of a command; the facts are since, arity")
    );
    assert!(error("arity: 2", "arity: 2, arity: 3").contains("the fact `arity` is said twice"));
    assert!(error(", effect: Preserves", "").contains("the fact `effect` is missing"));
    assert!(
        error("ReadOnly", "Readonly")
            .contains("`Readonly` is no value of the fact `access`; expected ReadOnly, ReadWrite")
    );
}

#[test]
fn rows_of_a_key_and_more_words_have_a_kind_and_a_stride() {
    let row = GOOD.replace("key @ Str<Anything>", "rows @: impl Rows of Hash<Anything> by 3");
    let (table, errors) = read(&row);
    assert_eq!(errors, [""; 0]);
    let items = expand(&table).to_string();
    assert!(
        items.contains("AsKeyRows :: < _ , Hash < Anything > , 3 >") && items.contains("KeyType :: Hash"),
        "{items}"
    );
    for (of, words) in [
        ("of Hash by 1", "at least one word behind it"),
        ("of Hash", "expected identifier"),
        ("by 3", "expected `of KIND by WORDS`"),
        ("of Heap by 3", "no kind of key"),
    ] {
        let errors = read(&row.replace("of Hash<Anything> by 3", of)).1;
        assert!(errors.len() == 1 && errors[0].contains(words), "{of}: {errors:?}");
    }
}

#[test]
fn an_unknown_kind_of_key_is_told() {
    let told = error("Str<Anything>", "Graph<Anything>");
    assert!(told.contains("`Graph` is no kind of key that a row can need; the kinds are Str, List, Set"), "{told}");
    // The kind is known by its spelling, so another name of it is refused, too, and not left untracked.
    assert!(error("Str<Anything>", "S<Anything>").contains("`S` is no kind of key"));
    assert!(error("<Anything>", "<Anything> => Removes").contains("`Removes` is no value of the fact `effect`"));
    let ignores = GOOD.replace("<Anything>", "<Anything> => Creates Ignores").replace("ReadOnly", "ReadWrite");
    assert!(matches!(&read(&ignores).1[..], [told] if told.contains("say `Unknown`")));
}

#[test]
fn a_wire_name_is_words_with_one_space_between_them() {
    for name in ["", " STRLEN", "STRLEN ", "STR  LEN", "STR\\nLEN", "STR\\tLEN", "STRLÄN"] {
        let told = error("\"STRLEN\"", &format!("\"{name}\""));
        assert!(told.contains("is no name of a command"), "{name:?}: {told}");
    }
}

#[test]
fn a_command_that_changes_the_connection_is_forbidden_under_any_spelling() {
    for wire in [
        "\"SUBSCRIBE\"",
        "\"subscribe\"",
        "\"CLIENT REPLY\"",
        "\"CLIENT\" (\"REPLY\", &key)",
        "\"CLIENT\" (&(\"no-touch\"), &key)",
        "\"CLIENT\" (b\"SETNAME\", &key)",
        "\"SCRIPT\" (\"DEBUG\", &key)",
        "\"REPLCONF\" (\"ACK\", &key)",
        "\"MULTI\"",
        "\"WATCH\"",
    ] {
        let told = error("\"STRLEN\"", wire);
        assert!(told.contains("say `connection: Forbidden`"), "{wire}: {told}");
        let forbidden = GOOD.replace("\"STRLEN\"", wire).replace("arity", "connection: Forbidden, arity");
        assert_eq!(read(&forbidden).1, [""; 0], "{wire}");
    }
    assert_eq!(read(&GOOD.replace("\"STRLEN\"", "\"CLIENT\" (\"ID\", &key)")).1, [""; 0]);
}

#[test]
fn a_subcommand_of_a_container_that_changes_the_connection_is_a_literal() {
    for wire in ["\"CLIENT\"", "\"client\" (&key, \"OFF\")", "\"SCRIPT\" (&[\"DEBUG\"], &key)"] {
        let told = error("\"STRLEN\"", wire);
        assert!(told.contains("the subcommand of") && told.contains("is no literal"), "{wire}: {told}");
    }
    for wire in ["\"CLIENT\" (\"ID\")", "\"SCRIPT LOAD\"", "\"OBJECT\" (&key)", "\"CLIENT\" ()"] {
        assert_eq!(read(&GOOD.replace("\"STRLEN\"", wire)).1, [""; 0], "{wire}");
    }
}

/// The source of a module of typedis; `None` in the published package, which is this crate alone.
fn source_of_typedis(path: &str) -> Option<String> {
    let typedis = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?.join("src");
    typedis.is_dir().then(|| std::fs::read_to_string(typedis.join(path)).expect("a module of typedis"))
}

/// Every command that the crate reserves is one that no other table may send as an ordinary command.
#[test]
fn the_reserved_commands_change_the_connection() {
    let Some(source) = source_of_typedis("commands/reserved.rs") else { return };
    let file = syn::parse_file(&source).expect("a file of Rust");
    let tables = file.items.into_iter().filter_map(|item| match item {
        syn::Item::Macro(table) => Some(table.mac.tokens),
        _ => None,
    });
    let mut errors = Errors::default();
    let rows: Vec<_> = tables.flat_map(|tokens| parse::table(tokens, &mut errors).expect("a head").rows).collect();
    assert!(errors.is_empty() && rows.len() > 15, "{} rows, {:?}", rows.len(), errors.messages());
    for row in rows {
        assert!(row.is_forbidden(), "{}", row.wire.value());
        assert!(validate::changes_connection(&row).is_some(), "{} is not in the list", row.wire.value());
    }
}

/// Every kind of key that the crate declares is one that a row can need.
#[test]
fn the_kinds_are_those_of_the_crate() {
    let Some(source) = source_of_typedis("key/kind.rs") else { return };
    let (_, list) = source.split_once("$callback! { $($arguments)*").expect("the list of kinds");
    let (list, _) = list.split_once('}').expect("the end of the list");
    let Some(states) = source_of_typedis("command/literal_keys.rs") else { return };
    let of_modules = states.split("\nstates! {\n").skip(1).filter_map(|list| list.split_once('}'));
    let lists = std::iter::once(list).chain(of_modules.map(|(list, _)| list));
    let entries: Vec<Vec<_>> =
        lists.flat_map(|list| list.split(',')).map(|entry| entry.split_whitespace().collect()).collect();
    let single = kinds::KINDS.iter().filter(|kind| kind.types.len() == 1);
    let known: Vec<_> = single.map(|kind| vec![kind.word, kind.types[0], kind.literal]).collect();
    assert_eq!(entries, known);
    for view in &kinds::VIEWS {
        let same = |kind: &&kinds::Kind| (kind.types, kind.literal) == (view.types, view.literal);
        assert!(kinds::KINDS.iter().any(|kind| same(&kind)), "{} is judged as no kind of the server", view.word);
    }
}

#[test]
fn since_says_whose_version_it_is() {
    assert!(error("redis \"2.2.0\"", "\"2.2.0\"").contains("say whose version it is"));
    assert!(error("2.2.0", "8.0.0").contains("say since when Valkey has it"));
    assert!(error("\"2.2.0\"", "never, valkey never").contains("neither vendor has"));
    assert!(error("2.2.0", "2.2").contains("a version has three numbers"));
    for since in ["redis \"8.0.0\", valkey \"9.0.0\"", "redis \"8.0.0\", valkey never", "module \"ReJSON\" \"1.0.0\""] {
        assert_eq!(read(&GOOD.replace("redis \"2.2.0\"", since)).1, [""; 0], "{since}");
    }
}

#[test]
fn a_route_is_said_where_no_key_tells_it() {
    assert!(error("key @ Str<Anything>", "").contains("says where a cluster sends it"));
    assert!(error("arity", "route: AllShards, arity").contains("say how the replies become one: `AllShards(Sum)`"));
    assert!(error("arity", "route: Somewhere, arity").contains("`Somewhere` is no value of the fact `route`"));
    assert!(error("key @ Str<Anything>", "key: u64").contains("says where a cluster sends it"));
    for route in ["AllShards(Sum)", "SingleServer"] {
        let keyless = GOOD.replace("key @ Str<Anything>", "").replace("arity", &format!("route: {route}, arity"));
        assert_eq!(read(&keyless).1, [""; 0], "{route}");
    }
}

#[test]
fn facts_that_contradict_each_other_are_told() {
    assert!(error("effect: Preserves", "effect: MayRemove").contains("a command that only reads leaves its keys"));
    assert!(error("Str<Anything>", "Str<Anything> => MayRemove").contains("a command that only reads leaves its keys"));
    assert!(error("<Anything>", "<Anything>, value: u8 => Preserves").contains("only a key has an effect"));
    assert!(
        read(&GOOD.replace("STRLEN", "EVAL").replace("arity", "runs: Command, arity")).1[0].contains("runs a script")
    );
    for (name, runs) in [
        ("STRLEN", "Command"),
        ("EVAL", "Script"),
        ("fcall_ro", "Script"),
        ("FCALL f", "Script"),
        ("EVALUATE", "Command"),
    ] {
        assert_eq!(read(GOOD).0.rows[0].facts.runs(name).word(), runs, "{name}");
    }
    let deprecated = "effect: Preserves, deprecated: { redis: \"6.2.0\", redis: \"7.0.0\", instead: \"GET\" }";
    assert!(error("effect: Preserves", deprecated).contains("`redis` is stated twice"));
    let blocking = "effect: Preserves, connection: Dedicated, multi: Allowed";
    assert!(error("effect: Preserves", blocking).contains("cannot be queued: say `Degraded` or `Refused`"));
    let (table, errors) = read(&GOOD.replace("effect: Preserves", "effect: Preserves, connection: Dedicated"));
    assert_eq!((table.rows[0].facts.multi.word(), errors), ("Degraded", vec![]));
}

#[test]
fn an_arity_a_version_and_a_word_are_in_their_ranges() {
    for arity in ["0", "-0", "128", "300"] {
        assert!(error("arity: 2", &format!("arity: {arity}")).contains("an arity counts the words"), "{arity}");
    }
    for version in ["+2.2.0", "2.2", "2.2.x", "2..0", ""] {
        assert!(error("2.2.0", version).contains("a version has three numbers"), "{version}");
    }
    assert!(error("redis \"2.2.0\"", "redis \"9.0.0\", valkey \"1.0.0\"").contains("Valkey begins with 7.2.4"));
    assert!(error("\"STRLEN\"", &format!("\"{}\"", "X".repeat(100))).contains("of less than 100 bytes"));
}
