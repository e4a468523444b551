//! Compile-fail tests: the compiler rejects every misuse of typedis at its place and with the right message.
//!
//! Each file `misuse/CHAPTER/NAME.rs` is a program with one misuse in it, named by a noun phrase, and `NAME.legal.rs`
//! beside it is the legal way to say the same. The folders are the chapters of `docs/compile-errors.md`. The messages
//! that the compiler must emit stand in comments, a line each:
//!
//! ```text
//! tx.watch("key");      //~ ERROR words    an error starts on this line and has these words in it
//! //~^ HELP words                          one line up per caret: a note, help or label of that error has them
//! //~| AT watch                            on the line of the annotation above: that error underlines just this, or
//!                                          what another AT has
//! //~| REPEATS reason                      newer compilers may repeat that error on the same line
//! ```
//!
//! `WARN` instead of `ERROR` stands for a lint, whether it warns or is denied. There is one `ERROR` for each error;
//! case and layout are not compared. A message is at most 25 lines long and shows no tower of `HCons<.., HCons<..>>`.
//! The `LIST reason` allows for the latter. The legal twin compiles without a message. No program is run.
//!
//! `cargo test --test misuse -- --nocapture` shows the compiler's messages to each.

mod harness;

#[test]
fn every_misuse_is_refused_in_words_and_its_legal_twin_is_not() {
    let (programs, mut complaints) = harness::programs();
    assert!(!programs.is_empty(), "tests/misuse holds no program");
    let verdicts = harness::compile(&programs);
    for program in &programs {
        complaints.extend(harness::judge(program, &verdicts[&program.path]));
    }
    assert!(complaints.is_empty(), "\n\n{}\n", complaints.join("\n\n"));
    for program in &programs {
        println!("{}.rs\n{}", program.name, verdicts[&program.path].rendered());
    }
}

#[test]
fn the_page_on_compile_errors_says_what_the_compiler_says() {
    let (programs, _) = harness::programs();
    let complaints = harness::page::compare(include_str!("../../docs/compile-errors.md"), &programs);
    assert!(complaints.is_empty(), "docs/compile-errors.md:\n{}\n", complaints.join("\n"));
}
