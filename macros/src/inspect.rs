//! Looks for what is out of place inside of the user's own expressions, and puts something in its place that has the
//! same type, so that the rest is still checked.

use proc_macro2::Span;
use syn::{
    Expr, Item,
    visit_mut::{self, VisitMut},
};

use crate::{
    Mistakes,
    command::{Command, Word},
    expand, reads,
};

/// Looks through statements that stand before `multi()`.
pub(crate) fn statements(mistakes: &mut Mistakes) -> Inspection<'_> {
    Inspection { mistakes, place: Place::Statement, loops: false }
}

/// Looks through the arguments of `watch(..)` and of what is queued: nothing can be read in there.
pub(crate) fn arguments(mistakes: &mut Mistakes) -> Inspection<'_> {
    Inspection { mistakes, place: Place::Argument, loops: false }
}

pub(crate) struct Inspection<'a> {
    mistakes: &'a mut Mistakes,
    place: Place,
    /// Whether a bare `break` ends something of the user's own.
    loops: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Statement,
    Argument,
}

impl VisitMut for Inspection<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Break(jump) if jump.label.is_none() && !self.loops => {
                self.bare("break", jump.break_token.span);
                *expr = expand::never();
            }
            Expr::Continue(jump) if jump.label.is_none() && !self.loops => {
                self.bare("continue", jump.continue_token.span);
                *expr = expand::never();
            }
            // In a closure or an `async` block rustc says itself that there is nothing to break out of.
            Expr::Loop(_) | Expr::While(_) | Expr::ForLoop(_) | Expr::Closure(_) | Expr::Async(_) => {
                let outside = std::mem::replace(&mut self.loops, true);
                visit_mut::visit_expr_mut(self, expr);
                self.loops = outside;
            }
            _ => {
                visit_mut::visit_expr_mut(self, expr);
                self.check_awaited(expr);
            }
        }
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}

impl Inspection<'_> {
    fn bare(&mut self, word: &str, span: Span) {
        let words = format!(
            "a bare `{word}` here would meet the macro's own retry loop: \
             give your loop a label, as in `{word} 'outer`, or leave with `return`"
        );
        self.mistakes.add(span, words);
    }

    fn check_awaited(&mut self, expr: &mut Expr) {
        let Some(command) = reads::awaited(expr) else { return };
        let name = &command.name;
        let words = match (command.word(), self.place) {
            (Some(Word::Machine), _) => machine(&command),
            (Some(_), _) => format!("`{name}(..);` stands at the top level of the body, as a statement of its own"),
            (None, Place::Argument) => format!(
                "`{name}` cannot run in here: read first, as in `let value = {name}(..)?;`\n\
                 (a function of your own is written `self::{name}(..)`)"
            ),
            (None, Place::Statement) => return,
        };
        self.mistakes.add(name.span(), words);
        *expr = expand::unwatched_read(&command);
    }
}

/// What to say about a name that belongs to the methods and not to the macro.
pub(crate) fn machine(command: &Command) -> String {
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
