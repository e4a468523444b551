//! The `pipeline!` macro of typedis. Use it through that crate, which documents it.
//!
//! It is a syntax for the methods, no more: it knows no command, and every name it is given becomes a method call under
//! the user's own span, so that the compiler and the editor speak about the real method.
//!
//! # Layout
//!
//! - `parse`: tokens to statements, one by one, so that a half-typed one leaves the others whole.
//! - `named`: a struct of the caller's at the end of a body, which the replies fill.
//! - `command`: one call such as `set("key", 1)`, wherever it stands.
//! - `validate`: statements to a plan of what runs now and what is queued; says what is out of place.
//! - `inspect`: looks for what is out of place inside of the user's own expressions.
//! - `expand`: the plan to method calls; `reads`: the commands that run inside of the user's own statements.
//! - `keyspace/`: the `keyspace!` macro, in the same steps.
//! - `fields`: the derive of `HashFields`.
//! - `literals`: follows the keys that are named by a literal, and asks whether they hold what the commands want.
//!   `passages`: what stands between two commands that name one.
//! - `located`: nothing of `pipeline!`; it places the bounds of the table of commands, for better errors.
//! - `mistakes`: what was found wrong, reported all at once beside the best expansion.

mod command;
mod expand;
mod fields;
mod inspect;
mod keyspace;
mod literals;
mod located;
mod mistakes;
mod named;
mod parse;
mod passages;
mod reads;
mod validate;

use mistakes::Mistakes;

/// Documented where `typedis` re-exports it.
#[proc_macro]
pub fn pipeline(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let mut mistakes = Mistakes::default();
    let body = parse::parse(input.into(), &mut mistakes);
    let plan = validate::validate(body, &mut mistakes);
    expand::expand(plan, &mistakes).into()
}

/// Documented where `typedis` re-exports it.
#[proc_macro]
pub fn keyspace(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    keyspace::keyspace(input.into()).into()
}

/// Documented where `typedis` re-exports it.
#[proc_macro_derive(HashFields, attributes(typedis))]
pub fn hash_fields(item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    fields::fields(item.into()).into()
}

#[cfg(test)]
mod tests;

/// For the table of commands: moves the bounds of its methods to the words of the row that they belong to.
#[proc_macro_attribute]
pub fn located(_: proc_macro::TokenStream, item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    located::located(item.into()).into()
}
