//! Lint of the user's own expressions: jumps that would meet the macro's retry loop, and commands that cannot run there.
//! Each is replaced by a placeholder of the same type, so that the rest is still checked.

use super::{
    command::{Command, Keyword},
    find, recover,
};
use crate::errors::Errors;
use proc_macro2::Span;
use syn::{
    Expr, Item,
    visit_mut::{self, VisitMut},
};

pub(super) struct Lint<'a> {
    errors: &'a mut Errors,
    context: Context,
    /// A bare `break` would end a loop of the user's own.
    in_loop: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    /// A statement before `multi()`.
    Statement,
    /// The arguments of `watch(..)` and of queued commands, in which nothing can be read.
    Argument,
}

impl Lint<'_> {
    pub(super) fn statement(errors: &mut Errors) -> Lint<'_> {
        Lint { errors, context: Context::Statement, in_loop: false }
    }

    pub(super) fn arguments(errors: &mut Errors) -> Lint<'_> {
        Lint { errors, context: Context::Argument, in_loop: false }
    }

    fn bare_jump(&mut self, word: &str, span: Span) -> Expr {
        let message = format!(
            "a bare `{word}` here would meet the macro's own retry loop: \
             give your loop a label, as in `{word} 'outer`, or leave with `return`"
        );
        self.errors.add(span, message);
        recover::jump()
    }

    fn check_awaited(&mut self, expr: &mut Expr) {
        let Some(command) = find::awaited(expr) else { return };
        let name = &command.name;
        let message = match (command.keyword(), self.context) {
            (Some(Keyword::Reserved), _) => reserved(&command),
            (Some(_), _) => format!("`{name}(..);` stands at the top level of the body, as a statement of its own"),
            (None, Context::Argument) => format!(
                "`{name}` cannot run in here: read first, as in `let value = {name}(..)?;`\n\
                 (a function of your own is written `self::{name}(..)`)"
            ),
            (None, Context::Statement) => return,
        };
        self.errors.add(name.span(), message);
        *expr = recover::read(&command);
    }
}

impl VisitMut for Lint<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Break(jump) if jump.label.is_none() && !self.in_loop => {
                *expr = self.bare_jump("break", jump.break_token.span);
            }
            Expr::Continue(jump) if jump.label.is_none() && !self.in_loop => {
                *expr = self.bare_jump("continue", jump.continue_token.span);
            }
            // In a closure or an `async` block rustc reports by itself that there is nothing to break out of.
            Expr::Loop(_) | Expr::While(_) | Expr::ForLoop(_) | Expr::Closure(_) | Expr::Async(_) => {
                let outside = std::mem::replace(&mut self.in_loop, true);
                visit_mut::visit_expr_mut(self, expr);
                self.in_loop = outside;
            }
            _ => {
                visit_mut::visit_expr_mut(self, expr);
                self.check_awaited(expr);
            }
        }
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}

/// The message about a name that belongs to the methods and not to the macro.
pub(super) fn reserved(command: &Command) -> String {
    let name = &command.name;
    match name.to_string().as_str() {
        "without_transaction" => {
            "`without_transaction` stands before the arrow: `client.pipeline().without_transaction() => ..`".to_owned()
        }
        "discard" | "unwatch" | "reset" => format!(
            "`{name}` has no place here, the macro gives the connection back by itself: to stop, leave with `return`"
        ),
        _ => format!("`{name}` has no place here, the macro executes by itself: its value is the tuple of all replies"),
    }
}
