//! Commands that run at once, before `multi()`: in the user's own statements they become awaited calls on the watching
//! pipeline.

use super::{
    command::Command,
    find,
    hygiene::{awaited_method_call, hygienic, numbered},
};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{
    Expr, Item, Macro, Stmt, Token,
    parse::Parser,
    punctuated::Punctuated,
    visit_mut::{self, VisitMut},
};

/// Makes every command in `statement` run.
pub(super) fn rewrite(mut statement: Stmt) -> TokenStream {
    let mut reads = RewriteReads::default();
    if let Some((command, expr)) = find::head(&mut statement) {
        reads.replace(expr, command);
    }
    reads.visit_stmt_mut(&mut statement);
    statement.into_token_stream()
}

/// Makes `command` run, and before it the commands in its arguments.
pub(super) fn read(command: Command) -> TokenStream {
    RewriteReads::default().read(command)
}

/// Replaces commands by reads. A replaced command is no call any more, so no command is read twice.
#[derive(Default)]
struct RewriteReads {
    on_watch_lost: OnWatchLost,
    /// How many commands were replaced.
    found: usize,
}

/// What a read does when the connection is lost, and the watch with it.
#[derive(Clone, Copy, Default)]
enum OnWatchLost {
    /// Begins the next attempt.
    #[default]
    Retry,
    /// Returns the error: a closure or an `async` block cannot continue a loop around it.
    Return,
}

impl RewriteReads {
    fn replace(&mut self, expr: &mut Expr, command: Command) {
        let read = self.read(command);
        // In parentheses, so that the read can stand wherever the call stood.
        *expr = Expr::Verbatim(hygienic!((#read)));
    }

    fn read(&mut self, mut command: Command) -> TokenStream {
        let before = self.found;
        command.visit_arguments(self);
        let nested = self.found > before;
        self.found += 1;
        if nested { self.on_watch_lost.read_after_arguments(command) } else { self.on_watch_lost.read(&command) }
    }
}

impl OnWatchLost {
    fn read(self, command: &Command) -> TokenStream {
        let read = awaited_method_call(command, hygienic!(&mut tx));
        match self {
            OnWatchLost::Return => read,
            OnWatchLost::Retry => hygienic! {
                match #read {
                    ::core::result::Result::Err(error) if __typedis::Error::is_watch_lost(&error) => continue 'retry,
                    reply => reply,
                }
            },
        }
    }

    /// The same, with the arguments first: these read on the same pipeline, which can be borrowed only once at a time.
    fn read_after_arguments(self, mut command: Command) -> TokenStream {
        let arguments: Vec<_> = command.arguments().into_iter().flatten().collect();
        let names = numbered("argument", arguments.len());
        command.set_arguments(quote!(#(#names),*));
        let read = self.read(&command);
        hygienic!(match (#(#arguments,)*) { (#(#names,)*) => #read })
    }
}

impl VisitMut for RewriteReads {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Some(command) = find::awaited(expr) {
            return self.replace(expr, command);
        }
        let inside = match expr {
            Expr::Closure(_) | Expr::Async(_) => OnWatchLost::Return,
            _ => self.on_watch_lost,
        };
        let outside = std::mem::replace(&mut self.on_watch_lost, inside);
        visit_mut::visit_expr_mut(self, expr);
        self.on_watch_lost = outside;
    }

    /// `println!("{:?}", get::<i64>("key").await?)`: input that parses as a list of expressions is taken for one.
    fn visit_macro_mut(&mut self, call: &mut Macro) {
        let list = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(call.tokens.clone());
        let Ok(mut list) = list else { return };
        let before = self.found;
        list.iter_mut().for_each(|expr| self.visit_expr_mut(expr));
        if self.found > before {
            call.tokens = list.into_token_stream();
        }
    }

    /// A nested function cannot reach the pipeline.
    fn visit_item_mut(&mut self, _: &mut Item) {}
}
