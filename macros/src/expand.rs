//! The plan to method calls. Every local and label is hygienic, except for the receiver of a command: it comes from the
//! user's own context, so that what rustc says about the call is said about these words.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Expr, Stmt};

use crate::{
    Mistakes,
    command::Command,
    crate_path::CratePath,
    literals,
    parse::Client,
    reads,
    validate::{Form, Plan, Queued, Step},
};

macro_rules! hygienic {
    ($($tokens:tt)*) => { quote_spanned!(Span::mixed_site() => $($tokens)*) };
}

pub(crate) fn expand(crate_path: &CratePath, plan: Plan, mistakes: &Mistakes) -> TokenStream {
    let place = place(&plan, mistakes);
    let body = match &plan.form {
        Form::Prepared => prepared(&plan, place, mistakes),
        Form::InPlace(client) => in_place(client, &plan, place),
        Form::Watched(client) => watched(client, &plan, place),
    };
    let import = crate_path.import();
    hygienic! {{
        #import
        #[allow(unused_imports)]
        use __typedis::surface::*;
        #body
    }}
}

/// Which version of the server a batch is for says the client that runs it; beside a mistake it may never run.
fn prepared(plan: &Plan, place: TokenStream, mistakes: &Mistakes) -> TokenStream {
    let (steps, commands) = (steps(&plan.steps), commands(&plan.queue));
    let version = match mistakes.is_empty() {
        true => hygienic!(_),
        false => hygienic!(__typedis::AnyVersion),
    };
    hygienic! {
        #steps
        let queue = __typedis::detached::<#version>();
        #commands
        __typedis::prepare(pipeline, #place)
    }
}

fn in_place(client: &Client, plan: &Plan, place: TokenStream) -> TokenStream {
    let (steps, commands) = (steps(&plan.steps), commands(&plan.queue));
    let begin = before_arrow(client, "__typedis_into_queue");
    let sendable = sendable(client);
    hygienic! {
        #steps
        let queue = #begin;
        #commands
        let pipeline = #sendable;
        __typedis::execute(pipeline, #place).await
    }
}

/// Asks whether the commands may be sent so. What is wrong with that is said about the arrow: about no single command,
/// and not about the whole macro.
fn sendable(Client { arrow, .. }: &Client) -> TokenStream {
    let pipeline = Ident::new(RECEIVER, *arrow);
    let asked = quote_spanned!(*arrow => __typedis::sendable(#pipeline));
    hygienic!(match pipeline { #pipeline => #asked })
}

/// The user's statements stand in a labelled block, so that no `break` of theirs can end the loop by accident.
fn watched(client: &Client, plan: &Plan, place: TokenStream) -> TokenStream {
    let (watch, rest) = first_watch(&plan.steps);
    let (steps, commands) = (steps(rest), commands(&plan.queue));
    let multi = plan.multi.clone().unwrap_or_else(|| Command::implied("multi", quote!()));
    let multi = call(&multi, hygienic!(tx), None);
    let begin = before_arrow(client, "__typedis_attempts");
    let outcome = outcome(place);
    hygienic! {
        let mut attempts = #begin;
        let result = 'retry: loop {
            let tx = match attempts.next().await {
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

fn outcome(place: TokenStream) -> TokenStream {
    hygienic! {
        match __typedis::execute(pipeline, #place).await {
            ::core::result::Result::Ok(__typedis::Outcome::Committed(replies)) => {
                break 'retry ::core::result::Result::Ok(replies)
            }
            ::core::result::Result::Ok(__typedis::Outcome::Conflict) => continue 'retry,
            ::core::result::Result::Err(error) if __typedis::watch_lost(&error) => continue 'retry,
            ::core::result::Result::Err(error) => break 'retry ::core::result::Result::Err(error),
        }
    }
}

/// The first `watch`, which turns an idle pipeline into a watching one. Beside a mistake it may be missing.
fn first_watch(steps: &[Step]) -> (TokenStream, &[Step]) {
    match steps {
        [Step::Watch(first), rest @ ..] => (watch(first), rest),
        _ => (watch(&Command::implied("watch", quote!(""))), steps),
    }
}

fn steps(steps: &[Step]) -> TokenStream {
    steps.iter().map(step).collect()
}

fn step(step: &Step) -> TokenStream {
    match step {
        Step::Watch(command) => watch(command),
        Step::Read(command) => statement(command),
        Step::Rust(statement) => reads::run(Stmt::clone(statement)),
        Step::Name(name) => hygienic!(tx.#name;),
    }
}

/// A call whose span is the user's, so that rustc says there that a result is unused.
fn statement(command: &Command) -> TokenStream {
    let mut read = Group::new(Delimiter::Parenthesis, reads::run_command(command.clone()));
    read.set_span(command.parentheses());
    let start = quote_spanned!(command.name.span() => ::);
    quote_spanned!(command.open_parenthesis() => #start core::convert::identity #read;)
}

fn watch(command: &Command) -> TokenStream {
    let watch = call(command, hygienic!(tx), Some(Await));
    hygienic! {
        let mut tx = match #watch {
            ::core::result::Result::Ok(tx) => tx,
            ::core::result::Result::Err(error) if __typedis::watch_lost(&error) => continue 'retry,
            ::core::result::Result::Err(error) => break 'retry ::core::result::Result::Err(error),
        };
    }
}

/// What a read can do about a lost connection.
#[derive(Clone, Copy, Default)]
pub(crate) enum Reach {
    /// Begin the next attempt.
    #[default]
    Retry,
    /// Hand on the error: a closure or an `async` block cannot continue a loop around it.
    Error,
}

/// `command` run on the watching pipeline.
pub(crate) fn read(command: &Command, reach: Reach) -> TokenStream {
    let read = call(command, hygienic!(&mut tx), Some(Await));
    match reach {
        Reach::Error => read,
        Reach::Retry => hygienic! {
            match #read {
                ::core::result::Result::Err(error) if __typedis::watch_lost(&error) => continue 'retry,
                reply => reply,
            }
        },
    }
}

/// The same, with the arguments first: they read on the same pipeline, which can only be borrowed once at a time.
pub(crate) fn read_after_arguments(mut command: Command, reach: Reach) -> TokenStream {
    let arguments: Vec<_> = command.arguments().into_iter().flatten().collect();
    let names = numbered("argument", arguments.len());
    command.set_arguments(quote!(#(#names),*));
    let read = read(&command, reach);
    hygienic!(match (#(#arguments,)*) { (#(#names,)*) => #read })
}

/// An expression that can stand wherever a call stood.
pub(crate) fn in_parentheses(tokens: TokenStream) -> Expr {
    Expr::Verbatim(hygienic!((#tokens)))
}

/// Every command goes to a space of its own, so that a mistake in one leaves the others their types.
///
/// An editor finds the type behind a half-typed name by its place in the expansion with that name left out. So all that
/// can follow a command begins with the same tokens, which make a space, and the mistakes stand last.
fn commands(queue: &[Queued]) -> TokenStream {
    let commands = queue.iter().zip(taken(queue.len())).map(|(queued, taken)| put(queued, &taken));
    let followed = literals::followed(queue);
    hygienic! {
        let mut queue = queue;
        #(#commands)*
        let space = __typedis::space(&mut queue);
        __typedis::leave(space);
        let pipeline = queue;
        #followed
    }
}

fn put(queued: &Queued, taken: &Ident) -> TokenStream {
    match queued {
        Queued::Command(command) => {
            let call = call(command, hygienic!(space), None);
            hygienic! {
                let space = __typedis::space(&mut queue);
                let #taken = #call;
                let mut queue = __typedis::grown(queue, #taken);
            }
        }
        Queued::Name(name) => {
            let span = Span::mixed_site().located_at(name.span());
            quote_spanned!(span => let space = __typedis::space(&mut queue).#name;)
        }
    }
}

/// What each place in the queue was taken by, a half-typed name's included.
pub(crate) fn taken(count: usize) -> Vec<Ident> {
    numbered("taken", count)
}

/// A closure from the list of replies to the tuple of them, or to the caller's struct.
fn place(Plan { queue, named, .. }: &Plan, mistakes: &Mistakes) -> TokenStream {
    let replies = replies(queue);
    let list = replies
        .iter()
        .rev()
        .fold(hygienic!(__typedis::HNil), |tail, head| hygienic!(__typedis::HCons { head: #head, tail: #tail }));
    let filled = match named {
        Some(named) => named.fill(queue, &replies, mistakes),
        None => hygienic!((#(#replies,)*)),
    };
    let place = hygienic!(|#list| #filled);
    match mistakes.is_empty() {
        true => place,
        false => hygienic!({ #mistakes #place }),
    }
}

/// A name for each reply, at the place of its command.
fn replies(queue: &[Queued]) -> Vec<Ident> {
    let commands = queue.iter().filter_map(|queued| match queued {
        Queued::Command(command) => Some(command),
        Queued::Name(_) => None,
    });
    let place = |command: &Command| Span::mixed_site().located_at(command.name.span());
    commands.enumerate().map(|(n, command)| format_ident!("reply{}", n + 1, span = place(command))).collect()
}

fn numbered(name: &str, count: usize) -> Vec<Ident> {
    (1..=count).map(|n| format_ident!("{name}{n}", span = Span::mixed_site())).collect()
}

/// The method call on `pipeline`. The await stands inside, so that what the arguments borrow lives as long as it takes.
fn call(command: &Command, pipeline: TokenStream, awaits: Option<Await>) -> TokenStream {
    let receiver = receiver(command);
    let awaits = awaits.map(|Await| hygienic!(.await));
    hygienic!(match #pipeline { #receiver => #receiver.#command #awaits })
}

struct Await;

/// The one name that is not hygienic: rustc underlines a call from its receiver on, and would underline the whole macro
/// if the receiver came from the macro's own context. It is located at the parenthesis, so that editors find nothing but
/// the method at the command's name.
fn receiver(command: &Command) -> Ident {
    Ident::new(RECEIVER, command.open_parenthesis())
}

const RECEIVER: &str = "__typedis_pipeline";

/// The client through a trait method, so that `client`, `&client`, an `Arc` of one and a pipeline all do.
fn before_arrow(Client { expr, arrow }: &Client, method: &str) -> TokenStream {
    let method = Ident::new(method, *arrow);
    quote_spanned!(*arrow => (#expr).#method())
}

/// In place of a jump, beside the mistake that says what is wrong with it.
pub(crate) fn never() -> Expr {
    Expr::Verbatim(hygienic!((::core::unreachable!())))
}

/// In place of a read that has no pipeline to run on, beside the mistake that says so.
pub(crate) fn unwatched_read(command: &Command) -> Expr {
    let pipeline = hygienic!(__typedis::Pipeline<__typedis::Watching>);
    Expr::Verbatim(hygienic!(((|| -> #pipeline { ::core::unreachable!() })().#command.await)))
}

/// In place of a client, beside the mistake that says that there is none.
pub(crate) fn missing_client() -> Client {
    let expr = hygienic!((|| -> &'static __typedis::Client { ::core::unreachable!() })());
    Client { expr, arrow: Span::mixed_site() }
}
