//! Finds the commands in the user's own statements: the one that a statement or the initializer of its `let` starts
//! with, and deeper ones, which a following `.await` marks.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{
    Expr, Item, Macro, Stmt, Token,
    parse::Parser,
    punctuated::Punctuated,
    visit_mut::{self, VisitMut},
};

use crate::{
    command::Command,
    expand::{self, Reach},
};

/// The first command in `statement` that would run at once.
pub(crate) fn first(statement: &mut Stmt) -> Option<Command> {
    if let Some((command, _)) = head(statement) {
        return Some(command);
    }
    let mut search = First::default();
    search.visit_stmt_mut(statement);
    search.0
}

/// The command that `statement`, or the initializer of its `let`, starts with, and where it stands.
pub(crate) fn head(statement: &mut Stmt) -> Option<(Command, &mut Expr)> {
    match statement {
        Stmt::Local(local) => head_of(&mut local.init.as_mut()?.expr),
        Stmt::Expr(expr, _) => head_of(expr),
        Stmt::Item(_) | Stmt::Macro(_) => None,
    }
}

/// `get("key").await`, and not `get("key")?.await`.
pub(crate) fn awaited(expr: &Expr) -> Option<Command> {
    match expr {
        Expr::Await(expr) => Command::from_expr(&expr.base),
        _ => None,
    }
}

/// Makes every command in `statement` run.
pub(crate) fn run(mut statement: Stmt) -> TokenStream {
    let mut runs = Runs::default();
    if let Some((command, place)) = head(&mut statement) {
        runs.replace(place, command);
    }
    runs.visit_stmt_mut(&mut statement);
    statement.into_token_stream()
}

/// Makes `command` run, and before it those in its arguments.
pub(crate) fn run_command(command: Command) -> TokenStream {
    Runs::default().read(command)
}

fn head_of(expr: &mut Expr) -> Option<(Command, &mut Expr)> {
    if let Some(command) = awaited(expr).or_else(|| Command::from_expr(expr)) {
        return Some((command, expr));
    }
    match expr {
        Expr::Await(expr) => head_of(&mut expr.base),
        Expr::Binary(expr) => head_of(&mut expr.left),
        Expr::Cast(expr) => head_of(&mut expr.expr),
        Expr::Field(expr) => head_of(&mut expr.base),
        Expr::Index(expr) => head_of(&mut expr.expr),
        Expr::MethodCall(expr) => head_of(&mut expr.receiver),
        Expr::Try(expr) => head_of(&mut expr.expr),
        _ => None,
    }
}

#[derive(Default)]
struct First(Option<Command>);

impl VisitMut for First {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if self.0.is_none() {
            self.0 = awaited(expr);
            visit_mut::visit_expr_mut(self, expr);
        }
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}

/// Puts reads in the place of commands. What it has put is no call any more, so nothing is read twice.
#[derive(Default)]
struct Runs {
    reach: Reach,
    found: usize,
}

impl Runs {
    fn replace(&mut self, place: &mut Expr, command: Command) {
        *place = expand::in_parentheses(self.read(command));
    }

    fn read(&mut self, mut command: Command) -> TokenStream {
        let before = self.found;
        command.visit_arguments(self);
        let nested = self.found > before;
        self.found += 1;
        match nested {
            true => expand::read_after_arguments(command, self.reach),
            false => expand::read(&command, self.reach),
        }
    }
}

impl VisitMut for Runs {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Some(command) = awaited(expr) {
            return self.replace(expr, command);
        }
        let reach = match expr {
            Expr::Closure(_) | Expr::Async(_) => Reach::Error,
            _ => self.reach,
        };
        let outside = std::mem::replace(&mut self.reach, reach);
        visit_mut::visit_expr_mut(self, expr);
        self.reach = outside;
    }

    /// `println!("{:?}", get::<i64>("key").await?)`: what reads as a list of expressions is one.
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
