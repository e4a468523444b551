//! Finders of commands in the user's statements: the command that a statement, or the initializer of its `let`, starts
//! with, and deeper ones, which a following `.await` marks.

use super::{
    ast::Statement,
    command::{Command, Keyword},
};
use syn::{
    Expr, Item, Stmt,
    visit_mut::{self, VisitMut},
};

impl Statement {
    /// The command, if the statement is this word of the grammar.
    pub(super) fn keyword(&self, keyword: Keyword) -> Option<&Command> {
        match self {
            Statement::Command(command) if command.is(keyword) => Some(command),
            _ => None,
        }
    }
}

/// The first command in `statement` that would run at once.
pub(super) fn first(statement: &mut Stmt) -> Option<Command> {
    if let Some((command, _)) = head(statement) {
        return Some(command);
    }
    let mut search = FirstAwaited::default();
    search.visit_stmt_mut(statement);
    search.0
}

/// The command that `statement`, or the initializer of its `let`, starts with, and its expression.
pub(super) fn head(statement: &mut Stmt) -> Option<(Command, &mut Expr)> {
    match statement {
        Stmt::Local(local) => head_of(&mut local.init.as_mut()?.expr),
        Stmt::Expr(expr, _) => head_of(expr),
        Stmt::Item(_) | Stmt::Macro(_) => None,
    }
}

/// The command of `get("key").await`, and not of `get("key")?.await`.
pub(super) fn awaited(expr: &Expr) -> Option<Command> {
    match expr {
        Expr::Await(expr) => Command::from_expr(&expr.base),
        _ => None,
    }
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
struct FirstAwaited(Option<Command>);

impl VisitMut for FirstAwaited {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if self.0.is_none() {
            self.0 = awaited(expr);
            visit_mut::visit_expr_mut(self, expr);
        }
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}
