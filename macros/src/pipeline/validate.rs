//! Validator of `pipeline!`: statements to a plan of the steps that run at once and the commands that are queued. A misplaced statement is
//! reported and then put where it most likely belongs, so that the types of everything are still checked.

use super::{
    ast::{Body, Form, Plan, Queued, ReplyStruct, Statement, Step},
    command::{Command, Keyword},
    find,
    lint::{self, Lint},
    recover,
};
use crate::errors::Errors;
use proc_macro2::TokenStream;
use syn::{Stmt, visit_mut::VisitMut};

pub(super) fn validate(Body { client, statements, reply_struct }: Body, errors: &mut Errors) -> Plan {
    let mut planner = Planner { errors, reply_struct, watched: false, steps: vec![], multi: None, queue: vec![] };
    let mut statements: Vec<_> = statements.into_iter().map(|statement| planner.check_standalone(statement)).collect();
    let watch = statements.iter().find_map(|statement| statement.keyword(Keyword::Watch).cloned());
    let Some(runs) = watch.clone().or_else(|| statements.iter_mut().find_map(runs_at_once)) else {
        planner.plan_unwatched(statements);
        return planner.finish(client.map_or(Form::Prepared, Form::InPlace));
    };
    let Some(client) = client else {
        planner.errors.add(runs.name.span(), no_client(&runs));
        return planner.plan_without_client(statements);
    };
    if watch.is_some() {
        planner.check_order(&statements);
    } else {
        planner.errors.add(runs.name.span(), unguarded(&runs));
    }
    planner.plan_watched(statements);
    planner.finish(Form::Watched(client))
}

struct Planner<'a> {
    errors: &'a mut Errors,
    reply_struct: Option<ReplyStruct>,
    watched: bool,
    steps: Vec<Step>,
    multi: Option<Command>,
    queue: Vec<Queued>,
}

impl Planner<'_> {
    fn finish(self, form: Form) -> Plan {
        if self.reply_struct.is_some() {
            check_fields(&self.queue, self.errors);
        }
        Plan { form, steps: self.steps, multi: self.multi, queue: self.queue, reply_struct: self.reply_struct }
    }

    /// Takes `watch("key")?;` for the `watch("key");` that it should be.
    fn check_standalone(&mut self, statement: Statement) -> Statement {
        let Statement::Rust(mut rust) = statement else { return statement };
        let Some((command, _)) = find::head(&mut rust) else { return Statement::Rust(rust) };
        match command.keyword() {
            Some(Keyword::Watch) => self.errors.add_spanned(rust, WATCH_ALONE),
            Some(Keyword::Multi) => self.errors.add_spanned(rust, MULTI_ALONE),
            Some(Keyword::Reserved) => {}
            None => return Statement::Rust(rust),
        }
        Statement::Command(command)
    }

    fn plan_unwatched(&mut self, statements: Vec<Statement>) {
        let mut statements = statements.into_iter().peekable();
        let multi = statements.next_if(|first| first.keyword(Keyword::Multi).is_some());
        self.set_multi(multi);
        statements.for_each(|statement| self.queue(statement));
    }

    /// Beside the error: commands alone are taken for a batch, anything else for a watched block.
    fn plan_without_client(mut self, mut statements: Vec<Statement>) -> Plan {
        if trailing_commands(&statements) == 0 {
            let is = |statement: &Statement, keyword| statement.keyword(keyword).is_some();
            statements.retain(|statement| !is(statement, Keyword::Watch) && !is(statement, Keyword::Multi));
            self.plan_unwatched(statements);
            return self.finish(Form::Prepared);
        }
        self.plan_watched(statements);
        self.finish(Form::Watched(recover::missing_client()))
    }

    fn plan_watched(&mut self, mut statements: Vec<Statement>) {
        self.watched = true;
        let multi = position(&statements, Keyword::Multi);
        let mut queued = statements.split_off(multi.unwrap_or_else(|| trailing_commands(&statements)));
        if multi.is_some() {
            self.set_multi(Some(queued.remove(0)));
        } else {
            let watches;
            (watches, queued) = queued.into_iter().partition(|statement| statement.keyword(Keyword::Watch).is_some());
            statements.extend::<Vec<_>>(watches);
        }
        statements.into_iter().for_each(|statement| self.step(statement));
        queued.into_iter().for_each(|statement| self.queue(statement));
    }

    fn check_order(&mut self, statements: &[Statement]) {
        let Some(watch) = position(statements, Keyword::Watch) else { return };
        let message = match position(statements, Keyword::Multi) {
            // Reported where the queue meets it.
            Some(multi) if watch > multi => return,
            _ if watch > 0 => WATCH_NOT_FIRST,
            None => NO_MULTI,
            Some(_) => return,
        };
        let watch = statements[watch].keyword(Keyword::Watch);
        self.errors.add_spanned(watch.map(|watch| &watch.name), message);
    }

    fn set_multi(&mut self, multi: Option<Statement>) {
        self.multi = match multi {
            Some(Statement::Command(multi)) => Some(multi),
            _ => None,
        };
        let with_arguments = self.multi.as_mut().filter(|multi| multi.arguments().is_none_or(|list| !list.is_empty()));
        if let Some(multi) = with_arguments {
            self.errors.add_spanned(&multi, MULTI_ARGUMENTS);
            multi.set_arguments(TokenStream::new());
        }
    }

    /// Plans a statement before `multi()`.
    fn step(&mut self, statement: Statement) {
        let step = match statement {
            Statement::Command(mut command) if command.is(Keyword::Watch) => {
                command.visit_arguments(&mut Lint::arguments(self.errors));
                Step::Watch(command)
            }
            Statement::Command(command) if command.is(Keyword::Reserved) => return self.reject_reserved(&command),
            Statement::Command(mut command) => {
                command.visit_arguments(&mut Lint::statement(self.errors));
                Step::Read(command)
            }
            Statement::Rust(mut statement) => {
                Lint::statement(self.errors).visit_stmt_mut(&mut statement);
                Step::Rust(statement)
            }
            Statement::HalfTyped(name) => {
                self.errors.add(name.span(), NOT_CALLED);
                Step::HalfTyped(name)
            }
        };
        self.steps.push(step);
    }

    /// Plans a statement after `multi()`, or any statement of a block without `watch`.
    fn queue(&mut self, statement: Statement) {
        match statement {
            Statement::Command(command) => self.queue_command(command),
            Statement::Rust(statement) => self.queue_rust(*statement),
            Statement::HalfTyped(name) => {
                self.errors.add(name.span(), NOT_CALLED);
                self.queue.push(Queued::HalfTyped(name));
            }
        }
    }

    fn queue_command(&mut self, mut command: Command) {
        let span = command.name.span();
        match command.keyword() {
            Some(Keyword::Watch) => {
                self.errors.add(span, WATCH_AFTER_MULTI);
                self.step(Statement::Command(command));
            }
            Some(Keyword::Multi) if self.multi.is_some() => self.errors.add(span, MULTI_TWICE),
            Some(Keyword::Multi) => self.errors.add(span, MULTI_NOT_FIRST),
            Some(Keyword::Reserved) => self.reject_reserved(&command),
            None => {
                if self.watched {
                    command.visit_arguments(&mut Lint::arguments(self.errors));
                }
                self.queue.push(Queued::Command(command));
            }
        }
    }

    fn queue_rust(&mut self, mut statement: Stmt) {
        if let Some(command) = queued_with_more(&mut statement) {
            self.errors.add_spanned(&statement, NOTHING_FOLLOWS);
            return self.queue_command(command);
        }
        let statement = Box::new(statement);
        if self.watched {
            self.errors.add_spanned(&statement, AFTER_MULTI);
            self.step(Statement::Rust(statement));
        } else {
            self.errors.add_spanned(&statement, NOT_A_COMMAND);
            self.steps.push(Step::Rust(statement));
        }
    }

    fn reject_reserved(&mut self, command: &Command) {
        self.errors.add(command.name.span(), lint::reserved(command));
    }
}

fn position(statements: &[Statement], keyword: Keyword) -> Option<usize> {
    statements.iter().position(|statement| statement.keyword(keyword).is_some())
}

/// The index of the first command to queue if `multi()` is missing: behind the last statement of the user's own.
fn trailing_commands(statements: &[Statement]) -> usize {
    let is_own = |statement: &Statement| !matches!(statement, Statement::Command(_));
    statements.iter().rposition(is_own).map_or(0, |last| last + 1)
}

/// The command that makes `statement` one for a watching pipeline, if there is one.
fn runs_at_once(statement: &mut Statement) -> Option<Command> {
    let Statement::Rust(statement) = statement else { return None };
    if queued_with_more(statement).is_some() { None } else { find::first(statement) }
}

/// The command of `get("key")?;`, where `get("key");` was meant.
fn queued_with_more(statement: &mut Stmt) -> Option<Command> {
    match statement {
        Stmt::Expr(..) => find::head(statement).map(|(command, _)| command),
        _ => None,
    }
}

/// Every command of a pipeline with named replies fills a field. Beside another error the field may be missing because of it.
fn check_fields(queue: &[Queued], errors: &mut Errors) {
    for command in queue.iter().filter_map(Queued::command) {
        if command.field.is_none() && errors.is_empty() {
            errors.add(command.name.span(), NO_FIELD);
        }
    }
}

fn no_client(command: &Command) -> String {
    let use_of_it = if command.is(Keyword::Watch) { "watch" } else { "read" };
    format!(
        "a prepared pipeline has no connection to {use_of_it} on: \
         write `pipeline! {{ client => watch(..); .. multi(); .. }}`"
    )
}

fn unguarded(read: &Command) -> String {
    let name = &read.name;
    format!(
        "`{name}` would run at once, which needs `watch` first: {ORDER}\n\
         (a function of your own is written `self::{name}(..)` or `{{ {name}(..) }}`)",
    )
}

const ORDER: &str = "`watch(key); let value = get(key)?; multi(); set(key, ..)`";

const WATCH_ALONE: &str = "`watch(..);` stands alone: the macro awaits it and hands on its error";

const WATCH_NOT_FIRST: &str = "`watch` must come first in the body: what stands before it is not guarded by it";

const WATCH_AFTER_MULTI: &str = "`watch` must come before `multi`: \
    Redis answers a WATCH inside of MULTI with an error and then commits unguarded";

const NO_MULTI: &str = "after the reads call `multi();`, and then the commands to commit";

const MULTI_ALONE: &str = "`multi();` stands alone: the commands follow it, each as a statement";

const MULTI_ARGUMENTS: &str = "`multi()` takes no arguments: the commands follow it, each as a statement";

const MULTI_TWICE: &str = "`multi` is called twice: one `pipeline!` is one transaction";

const MULTI_NOT_FIRST: &str = "`multi` must come before the commands: \
    to read first and then commit, start the body with `watch(..);`";

const AFTER_MULTI: &str = "only commands may stand after `multi()`: read and compute before it";

const NOT_A_COMMAND: &str = "expected a command, such as `get(\"key\")`: statements of your own stand before the macro, \
    or between `watch(..);` and `multi();`";

/// Without the name, so that an editor that tries several names meets expansions of the same length.
const NOT_CALLED: &str = "a command is called with its arguments, such as `get(\"key\")`";

const NOTHING_FOLLOWS: &str = "the reply of a queued command comes with all the others: write `get(\"key\");` and take it \
    from the tuple that the macro returns";

const NO_FIELD: &str = "the reply of this command has no field: give it one in the braces, `hits: incr(\"hits\");`";
