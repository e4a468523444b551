//! Expansion of `pipeline!`: the plan to method calls.

use super::{
    ast::{Client, Form, Plan, Queued, Step},
    command::Command,
    hygiene::{awaited_method_call, entry_tokens, hygienic, method_call, receiver},
    immediate, literal_keys, literal_slots, named_replies, recover,
};
use crate::{crate_path::CratePath, errors::Errors};
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::Stmt;

pub(super) fn expand(crate_path: &CratePath, plan: &Plan, errors: &Errors) -> TokenStream {
    let into_tuple = into_tuple(plan, errors);
    let body = match &plan.form {
        Form::Prepared => prepared(plan, into_tuple, errors),
        Form::InPlace(client) => in_place(client, plan, into_tuple),
        Form::Watched(client) => watched(client, plan, into_tuple),
    };
    let import = crate_path.import();
    hygienic! {{
        #import
        #[allow(unused_imports)]
        use __typedis::surface::*;
        #body
    }}
}

/// A batch for any version of the server that its caller infers. Beside an error it may never be run, and infer nothing.
fn prepared(plan: &Plan, into_tuple: TokenStream, errors: &Errors) -> TokenStream {
    let (steps, commands) = (steps(&plan.steps), commands(plan));
    let version = if errors.is_empty() { hygienic!(_) } else { hygienic!(__typedis::AnyVersion) };
    hygienic! {
        #steps
        let queue = __typedis::preparing::<#version>();
        #commands
        __typedis::prepare(pipeline, #into_tuple)
    }
}

fn in_place(client: &Client, plan: &Plan, into_tuple: TokenStream) -> TokenStream {
    let (steps, commands) = (steps(&plan.steps), commands(plan));
    let begin = on_client(client, "__typedis_into_queue");
    let sendable = sendable(client);
    hygienic! {
        #steps
        let queue = #begin;
        #commands
        let pipeline = #sendable;
        __typedis::execute(pipeline, #into_tuple).await
    }
}

/// Checks that the commands may be sent in this mode. The error is at the arrow, because it is about no single command.
fn sendable(Client { arrow, .. }: &Client) -> TokenStream {
    let pipeline = receiver(*arrow);
    let checked = quote_spanned!(*arrow => __typedis::sendable(#pipeline));
    hygienic!(match pipeline { #pipeline => #checked })
}

/// A retry loop. The user's statements stand in a labelled block, so that no `break` of theirs can end the loop.
fn watched(client: &Client, plan: &Plan, into_tuple: TokenStream) -> TokenStream {
    let (watch, rest) = first_watch(&plan.steps);
    let (steps, commands) = (steps(rest), commands(plan));
    let multi = plan.multi.clone().unwrap_or_else(recover::missing_multi);
    let multi = method_call(&multi, hygienic!(tx));
    let begin = on_client(client, "__typedis_attempts");
    let outcome = outcome(into_tuple);
    hygienic! {
        let mut attempts = #begin;
        let result = 'retry: loop {
            let tx = match attempts.begin_attempt().await {
                ::core::result::Result::Ok(idle) => idle,
                ::core::result::Result::Err(error) => break 'retry ::core::result::Result::Err(error),
            };
            let pipeline = 'attempt: {
                #watch
                #steps
                let queue = #multi;
                #commands
                break 'attempt pipeline
            };
            #outcome
        };
        attempts.ended(result)
    }
}

fn outcome(into_tuple: TokenStream) -> TokenStream {
    hygienic! {
        match __typedis::execute(pipeline, #into_tuple).await {
            ::core::result::Result::Ok(__typedis::Outcome::Committed(replies)) => {
                break 'retry ::core::result::Result::Ok(replies)
            }
            ::core::result::Result::Ok(__typedis::Outcome::Conflict) => continue 'retry,
            ::core::result::Result::Err(error) if __typedis::Error::is_watch_lost(&error) => continue 'retry,
            ::core::result::Result::Err(error) => break 'retry ::core::result::Result::Err(error),
        }
    }
}

/// The first `watch`, which turns an idle pipeline into a watching one. Beside an error it may be missing.
fn first_watch(steps: &[Step]) -> (TokenStream, &[Step]) {
    match steps {
        [Step::Watch(first), rest @ ..] => (watch(first), rest),
        _ => (watch(&recover::missing_watch()), steps),
    }
}

fn steps(steps: &[Step]) -> TokenStream {
    steps.iter().map(step).collect()
}

fn step(step: &Step) -> TokenStream {
    match step {
        Step::Watch(command) => watch(command),
        Step::Read(command) => read(command),
        Step::Rust(statement) => immediate::rewrite(Stmt::clone(statement)),
        Step::HalfTyped(name) => hygienic!(tx.#name;),
    }
}

fn watch(command: &Command) -> TokenStream {
    let watch = awaited_method_call(command, hygienic!(tx));
    hygienic! {
        let mut tx = match #watch {
            ::core::result::Result::Ok(tx) => tx,
            ::core::result::Result::Err(error) if __typedis::Error::is_watch_lost(&error) => continue 'retry,
            ::core::result::Result::Err(error) => break 'retry ::core::result::Result::Err(error),
        };
    }
}

/// A read as a statement. It is a call with the user's spans, so that rustc reports there that a result is unused.
fn read(command: &Command) -> TokenStream {
    let mut read = Group::new(Delimiter::Parenthesis, immediate::read(command.clone()));
    read.set_span(command.parentheses());
    let start = quote_spanned!(command.name.span() => ::);
    quote_spanned!(command.open_parenthesis() => #start core::convert::identity #read;)
}

/// Queues every command at an entry of its own, so that an error in one leaves the others their types.
///
/// An editor finds the type behind a half-typed name by its offset in the expansion with that name left out. So all that can
/// follow a command begins with the same tokens, which make an entry, and the errors stand last.
fn commands(Plan { steps, queue, .. }: &Plan) -> TokenStream {
    let tokens = entry_tokens(queue.len());
    let commands = queue.iter().zip(&tokens).map(|(queued, token)| queue_command(queued, token));
    let key_checks = literal_keys::checks(queue);
    let slot_checks = literal_slots::checks(steps.iter().filter_map(Step::watch), queue);
    hygienic! {
        let mut queue = queue;
        #(#commands)*
        let entry = __typedis::entry(&mut queue);
        __typedis::finish(entry);
        let pipeline = queue;
        #key_checks
        #slot_checks
    }
}

fn queue_command(queued: &Queued, token: &Ident) -> TokenStream {
    match queued {
        Queued::Command(command) => {
            let call = method_call(command, hygienic!(entry));
            hygienic! {
                let entry = __typedis::entry(&mut queue);
                let #token = #call;
                let mut queue = __typedis::push(queue, #token);
            }
        }
        Queued::HalfTyped(name) => {
            // Located at the name, where rustc suggests the missing parentheses.
            let span = Span::mixed_site().located_at(name.span());
            quote_spanned!(span => let entry = __typedis::entry(&mut queue).#name;)
        }
    }
}

/// A closure from the list of replies to the tuple of them, or to the user's struct.
fn into_tuple(Plan { queue, reply_struct, .. }: &Plan, errors: &Errors) -> TokenStream {
    let replies = replies(queue);
    let list = replies
        .iter()
        .rev()
        .fold(hygienic!(__typedis::HNil), |tail, head| hygienic!(__typedis::HCons { head: #head, tail: #tail }));
    let value = match reply_struct {
        Some(reply_struct) => named_replies::fill(reply_struct, queue, &replies, errors),
        None => hygienic!((#(#replies,)*)),
    };
    let into_tuple = hygienic!(|#list| #value);
    if errors.is_empty() { into_tuple } else { hygienic!({ #errors #into_tuple }) }
}

/// A local for each reply, located at its command.
fn replies(queue: &[Queued]) -> Vec<Ident> {
    let commands = queue.iter().filter_map(Queued::command);
    let span = |command: &Command| Span::mixed_site().located_at(command.name.span());
    commands.enumerate().map(|(n, command)| format_ident!("reply{}", n + 1, span = span(command))).collect()
}

/// A call of a trait method on what stands before the arrow, so that `client`, `&client`, an `Arc` of one and a pipeline
/// all do.
fn on_client(Client { expr, arrow }: &Client, method: &str) -> TokenStream {
    let method = Ident::new(method, *arrow);
    quote_spanned!(*arrow => (#expr).#method())
}
