//! The proc macros of typedis. Use them through that crate, which documents them.
//!
//! `pipeline!` is a syntax for the methods and no more: it knows no command, and every name in it becomes a method call with
//! the user's own span, so that the compiler and the editor are about the real method.
//!
//! # Layout
//!
//! A module uses only modules above it, inside of `pipeline/`, `keyspace/` and `commands/` too.
//!
//! - `errors`: compile errors, reported all at once beside the best expansion.
//! - `crate_path`: the path to the main crate, which users may rename or re-export.
//! - `hash_fields`: the derive of `HashFields`.
//! - `pipeline/`: the `pipeline!` macro.
//!   - `command`, `ast`: the syntax tree: one call such as `set("key", 1)`, and the statements that consist of calls.
//!   - `hygiene`: locals and receivers of the expansion.
//!   - `find`, `recover`: finders of commands in the user's expressions; placeholders for broken input.
//!   - `parse`: tokens to statements, one by one, so that a half-typed one leaves the others whole.
//!   - `lint`: errors in the user's own expressions, such as a misplaced command.
//!   - `validate`: statements to a plan of the steps that run at once and the commands that are queued.
//!   - `literal_slots`: abstract interpretation of the slot of keys that are named by a literal or a constant.
//!   - `segments`, `literal_keys`: abstract interpretation of keys that are named by a literal; a segment tree over
//!     the effects of commands on other keys.
//!   - `immediate`: commands that run inside of the user's own statements.
//!   - `named_replies`: a struct of the user's that the replies fill.
//!   - `expand`: the plan to method calls.
//! - `keyspace/`: the `keyspace!` macro; `template`, `ast`, `parse`, `validate`, `expand`.
//! - `respan`: tokens with another span, for better errors.
//! - `slot`: hash slots of a cluster.
//! - `semicolons`: the semicolons that end the rows of a table.
//! - `commands/`: the `commands!` macro, which reads a table of commands.
//! - `search/`: the derives of `SearchDocument`, `DocumentPart` and `SearchRow`, on top of `hash_fields`; `setting`, `document`, `part`,
//!   `row`.

mod commands;
mod crate_path;
mod errors;
mod hash_fields;
mod keyspace;
mod pipeline;
mod respan;
#[cfg(feature = "search")]
mod search;
mod semicolons;
mod slot;

/// Behind the facade `typedis::pipeline!`, which documents it.
#[proc_macro]
pub fn pipeline(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    pipeline::pipeline(input.into()).into()
}

/// Behind the facade `typedis::keyspace!`, which documents it.
#[proc_macro]
pub fn keyspace(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    keyspace::keyspace(input.into()).into()
}

/// Documented where `typedis` re-exports it.
#[proc_macro_derive(HashFields, attributes(typedis))]
pub fn hash_fields(item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    hash_fields::hash_fields(item.into()).into()
}

/// Behind the facade `typedis::commands!`, which documents it.
#[proc_macro]
pub fn commands(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    commands::commands(input.into()).into()
}

/// Documented where `typedis` re-exports it.
#[cfg(feature = "search")]
#[proc_macro_derive(SearchDocument, attributes(search, typedis))]
pub fn search_document(item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    search::search_document(item.into()).into()
}

/// Documented where `typedis` re-exports it.
#[cfg(feature = "search")]
#[proc_macro_derive(DocumentPart, attributes(search, typedis))]
pub fn document_part(item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    search::document_part(item.into()).into()
}

/// Documented where `typedis` re-exports it.
#[cfg(feature = "search")]
#[proc_macro_derive(SearchRow, attributes(search, typedis))]
pub fn search_row(item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    search::search_row(item.into()).into()
}
