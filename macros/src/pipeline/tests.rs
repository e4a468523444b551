//! Unit tests of `pipeline!`.

use super::{
    ast::{Form, Plan, Queued, Step},
    expand, parse, validate,
};
use crate::{crate_path::CratePath, errors::Errors};
use proc_macro2::{TokenStream, TokenTree};
use syn::Expr;

const PREPARED: &str = r#"set("a", 1); keys::<Vec<String>>("*")"#;
const IN_PLACE: &str = r#"self.client => < multi(); set("a", [1; 2].len()); keys::<Vec<String>>("*"); >"#;
const WATCHED: &str = r#"
    client.pipeline() =>
    watch(&key);
    let balance = get::<i64>(&key)?.unwrap_or(0) + 1;
    if balance < amount { return Err(Poor(balance)) }
    let Some(other) = get::<String>(&key)? else { continue 'outer };
    watch(&other);
    for n in 0..3 { if exists(&other).await? { break } }
    println!("{:?}", get::<i64>(get::<String>("pointer").await?).await?);
    touch("a");
    multi();
    set(&key, balance);
    get::<i64>("b")
"#;

const NAMED: &str =
    r#"client => watch("a"); let n = get("a")?; multi(); app::Stats { hits: set("a", n); name: get("b"); };"#;

fn plan(body: TokenStream) -> (Plan, Errors) {
    let mut errors = Errors::default();
    let body = parse::parse(body, &mut errors);
    (validate::validate(body, &mut errors), errors)
}

fn plan_of(body: &str) -> (Plan, Vec<String>) {
    let (plan, errors) = plan(body.parse().unwrap());
    (plan, errors.messages())
}

#[track_caller]
fn says(body: &str, messages: &[&str]) -> Plan {
    let (plan, said) = plan_of(body);
    assert_eq!(said.len(), messages.len(), "{body}: {said:#?}");
    for (said, message) in said.iter().zip(messages) {
        assert!(said.contains(message), "{body}: {said}");
    }
    plan
}

fn queued(plan: &Plan) -> Vec<String> {
    let name = |queued: &Queued| match queued {
        Queued::Command(command) => command.name.to_string(),
        Queued::HalfTyped(name) => format!("{name}?"),
    };
    plan.queue.iter().map(name).collect()
}

fn steps(plan: &Plan) -> Vec<String> {
    let name = |step: &Step| match step {
        Step::Watch(_) => "watch".to_owned(),
        Step::Read(command) => command.name.to_string(),
        Step::Rust(_) => "rust".to_owned(),
        Step::HalfTyped(name) => format!("{name}?"),
    };
    plan.steps.iter().map(name).collect()
}

#[test]
fn every_form_is_understood() {
    let plan = says(PREPARED, &[]);
    assert!(matches!(plan.form, Form::Prepared));
    assert_eq!(queued(&plan), ["set", "keys"]);

    let plan = says(IN_PLACE, &[]);
    assert!(matches!(plan.form, Form::InPlace(_)));
    assert_eq!(queued(&plan), ["set", "keys"]);

    let plan = says(WATCHED, &[]);
    assert!(matches!(plan.form, Form::Watched(_)));
    assert_eq!(steps(&plan), ["watch", "rust", "rust", "rust", "watch", "rust", "rust", "touch"]);
    assert_eq!(queued(&plan), ["set", "get"]);
}

#[test]
fn named_replies_are_understood_in_every_form() {
    assert_eq!(queued(&says(NAMED, &[])), ["set", "get"]);
    assert_eq!(queued(&says("Stats { hits: incr(1); name: get::<String>(2) }", &[])), ["incr", "get"]);
    assert_eq!(queued(&says("c => < multi(); Stats { hits: incr(1) } >", &[])), ["incr"]);
    assert_eq!(queued(&says("c => < Stats::<u8> { } >", &[])), [""; 0]);
}

#[test]
fn every_command_fills_a_field() {
    says("c => set(1); Stats { hits: incr(1) }", &["the reply of this command has no field"]);
    says("c => Stats { incr(1) }", &["expected a field"]);
    says("c => Stats { hits: incr(1), name: get(2) }", &["separated by `;`"]);
    says("c => Stats { hits: ; name: }", &["no command"; 2]);
    says("c => Stats { hits: incr(1)?; name: 5; }", &["comes with all the others", "expected a command"]);
    says("c => Stats { hits: watch(1); }", &["after the reads"]);
}

#[test]
fn nothing_at_all_is_an_empty_pipeline() {
    assert!(matches!(says("", &[]).form, Form::Prepared));
    assert!(matches!(says("client =>", &[]).form, Form::InPlace(_)));
    assert!(matches!(says("client => < >", &[]).form, Form::InPlace(_)));
}

#[test]
fn watch_stands_first_and_before_multi() {
    let plan = says("c => multi(); set(1); watch(2);", &["`watch` must come before `multi`"]);
    assert_eq!((steps(&plan), queued(&plan)), (vec!["watch".to_owned()], vec!["set".to_owned()]));
    says("c => watch(1); multi(); set(1); watch(2);", &["`watch` must come before `multi`"]);
    says("c => set(1); watch(2);", &["`watch` must come first"]);
    says("c => let k = 5; watch(k); multi(); set(1)", &["`watch` must come first"]);
    says("c => watch(1)?; multi(); set(1)", &["`watch(..);` stands alone"]);
    says("c => watch(1); if a { watch(2).await?; } multi(); set(1)", &["at the top level"]);
}

#[test]
fn multi_stands_between_reads_and_commands() {
    says("c => watch(1); let n = get(1)?; set(n)", &["after the reads call `multi();`"]);
    says("c => watch(1); multi(); set(1); multi(); set(2)", &["`multi` is called twice"]);
    says("c => multi(); set(1); multi(); set(2)", &["`multi` is called twice"]);
    says("c => set(1); multi(); set(2)", &["`multi` must come before the commands"]);
    says("c => multi(1); set(2)", &["`multi()` takes no arguments"]);
    says("c => watch(1); let q = multi(); set(2)", &["`multi();` stands alone"]);
}

#[test]
fn only_commands_are_queued() {
    let plan = says("c => watch(1); multi(); let n = get(1)?; set(n); self::fee(n);", &["only commands"; 2]);
    assert_eq!(
        (steps(&plan), queued(&plan)),
        (["watch", "rust", "rust"].map(String::from).to_vec(), vec!["set".into()])
    );
    says("c => let n = 5; set(n); a::b(n)", &["expected a command"; 2]);
    says("c => get(1)?; get(2).await?", &["comes with all the others"; 2]);
    says("c => #[cfg(unix)] set(1)", &["no attributes"]);
    says("c => watch(1); multi(); set(get(1).await?)", &["`get` cannot run in here"]);
}

#[test]
fn reads_need_a_watch_and_a_watch_needs_a_client() {
    assert!(matches!(says("c => let n = get(1)?; multi(); set(n)", &["needs `watch` first"]).form, Form::Watched(_)));
    assert!(matches!(says("watch(1); multi(); set(1)", &["no connection to watch on"]).form, Form::Prepared));
    assert!(matches!(says("watch(1); let n = get(1)?; set(1)", &["no connection to watch on"]).form, Form::Watched(_)));
    assert!(matches!(says("let n = get(1)?; set(n)", &["no connection to read on"]).form, Form::Watched(_)));
    says("=> set(1)", &["expected a client before `=>`"]);
}

#[test]
fn the_macro_moves_the_machine_by_itself() {
    for name in ["exec", "execute", "execute_each", "discard", "unwatch", "reset"] {
        says(&format!("c => set(1); {name}()"), &["has no place here"]);
        says(&format!("c => watch(1); {name}().await?; multi(); set(1)"), &["has no place here"]);
    }
    says("c => without_transaction(); set(1)", &["stands before the arrow"]);
}

#[test]
fn a_bare_jump_is_refused_where_it_would_meet_our_loop() {
    let loops = "c => watch(1); LOOP multi(); set(1)";
    let with = |statement| loops.replace("LOOP", statement);
    says(&with("if a { break }"), &["a bare `break`"]);
    says(&with("let Some(a) = get(1)? else { continue };"), &["a bare `continue`"]);
    says(&with("loop { break } while a { continue } for a in b { break } || { break };"), &[]);
    says(&with("if a { break 'b } if a { continue 'b }"), &[]);
    says("c => watch(1); multi(); set(if a { break } else { 1 })", &["a bare `break`"]);
    says("c => set(if a { break } else { 1 })", &[]);
}

#[test]
fn a_half_typed_statement_leaves_the_others_whole() {
    let cases = [
        ("c => set(1); ge", "set ge?"),
        ("c => set(1); ge; incr(1)", "set ge? incr"),
        ("c => set(1); keys::<Vec<; incr(1)", "set keys? incr"),
        ("c => set(1); type(1); incr(1)", "set incr"),
        ("c => set(1); let = ; incr(1)", "set incr"),
        ("c => watch(1); let n = ; multi(); incr(1)", "incr"),
    ];
    for (body, expected) in cases {
        assert_eq!(queued(&says(body, &[""])).join(" "), expected, "{body}");
    }
    let plan = says("c => ge set(1) get(2), incr(3)", &["expected `;`", "expected `;`", "separated by `;`", "called"]);
    assert_eq!(queued(&plan), ["ge?", "set", "get", "incr"]);
}

#[test]
fn angle_brackets_come_in_pairs() {
    says("c => < set(1); keys::<Vec<String>>(2)", &["no closing `>`"]);
    says("c => set(1); keys::<Vec<String>>(2) >", &["no opening `<`"]);
    says("< set(1); >", &[]);
}

/// The expansion is one expression for rustc and editors, however much of the body is missing.
#[test]
fn the_expansion_is_an_expression_wherever_the_body_is_cut() {
    for body in [PREPARED, IN_PLACE, WATCHED, NAMED] {
        let tokens: Vec<TokenTree> = body.parse::<TokenStream>().unwrap().into_iter().collect();
        for at in 0..tokens.len() {
            let without = tokens[..at].iter().chain(&tokens[at + 1..]);
            expands_to_an_expression(tokens[..at].iter().cloned().collect());
            expands_to_an_expression(tokens[at..].iter().cloned().collect());
            expands_to_an_expression(without.cloned().collect());
        }
    }
}

fn expands_to_an_expression(body: TokenStream) {
    let text = body.to_string();
    let (plan, errors) = plan(body);
    let expansion = expand::expand(&CratePath::default(), &plan, &errors);
    if let Err(error) = syn::parse2::<Expr>(expansion) {
        panic!("{error}: {text}");
    }
}
