//! Statements to a plan: what runs at once, what is queued. What is out of place is said, and then put where it most
//! likely belongs, so that the types of everything are still checked.

use proc_macro2::{Ident, TokenStream};
use syn::{Stmt, visit_mut::VisitMut};

use crate::{
    Mistakes,
    command::{Command, Word},
    expand, inspect,
    named::Struct,
    parse::{Body, Client, Statement},
    reads,
};

pub(crate) struct Plan {
    pub(crate) form: Form,
    /// What runs at once, before `multi()`.
    pub(crate) steps: Vec<Step>,
    pub(crate) multi: Option<Command>,
    pub(crate) queue: Vec<Queued>,
    pub(crate) named: Option<Struct>,
}

pub(crate) enum Form {
    /// `pipeline! { get("key") }`
    Prepared,
    /// `pipeline! { client => get("key") }`
    InPlace(Client),
    /// `pipeline! { client => watch("key"); .. multi(); .. }`
    Watched(Client),
}

pub(crate) enum Step {
    Watch(Command),
    Read(Command),
    Rust(Box<Stmt>),
    Name(Ident),
}

pub(crate) enum Queued {
    Command(Command),
    Name(Ident),
}

pub(crate) fn validate(Body { client, statements, named }: Body, mistakes: &mut Mistakes) -> Plan {
    let mut validation = Validation { mistakes, named, watched: false, steps: vec![], multi: None, queue: vec![] };
    let mut statements: Vec<_> = statements.into_iter().map(|statement| validation.alone(statement)).collect();
    let watch = statements.iter().find_map(|statement| statement.word(Word::Watch).cloned());
    let Some(runs) = watch.clone().or_else(|| statements.iter_mut().find_map(runs_at_once)) else {
        validation.unwatched(statements);
        return validation.plan(client.map_or(Form::Prepared, Form::InPlace));
    };
    let Some(client) = client else {
        validation.mistakes.add(runs.name.span(), no_client(&runs));
        return validation.without_client(statements);
    };
    match watch {
        Some(_) => validation.check_order(&statements),
        None => validation.mistakes.add(runs.name.span(), unguarded(&runs)),
    }
    validation.watched(statements);
    validation.plan(Form::Watched(client))
}

struct Validation<'a> {
    mistakes: &'a mut Mistakes,
    named: Option<Struct>,
    watched: bool,
    steps: Vec<Step>,
    multi: Option<Command>,
    queue: Vec<Queued>,
}

impl Validation<'_> {
    fn plan(self, form: Form) -> Plan {
        if let Some(named) = &self.named {
            named.check(&self.queue, self.mistakes);
        }
        Plan { form, steps: self.steps, multi: self.multi, queue: self.queue, named: self.named }
    }

    /// `watch("key")?;` is taken for the `watch("key");` that it should be.
    fn alone(&mut self, statement: Statement) -> Statement {
        let Statement::Rust(mut rust) = statement else { return statement };
        let Some((command, _)) = reads::head(&mut rust) else { return Statement::Rust(rust) };
        match command.word() {
            Some(Word::Watch) => self.mistakes.add_spanned(rust, WATCH_ALONE),
            Some(Word::Multi) => self.mistakes.add_spanned(rust, MULTI_ALONE),
            Some(Word::Machine) => {}
            None => return Statement::Rust(rust),
        }
        Statement::Command(command)
    }

    fn unwatched(&mut self, statements: Vec<Statement>) {
        let mut statements = statements.into_iter().peekable();
        let multi = statements.next_if(|first| first.word(Word::Multi).is_some());
        self.multi(multi);
        statements.for_each(|statement| self.queue(statement));
    }

    /// Beside the mistake: nothing but commands is taken for a batch, anything else for what reads on a client.
    fn without_client(mut self, mut statements: Vec<Statement>) -> Plan {
        if trailing_commands(&statements) == 0 {
            let is_word = |statement: &Statement, word| statement.word(word).is_some();
            statements.retain(|statement| !is_word(statement, Word::Watch) && !is_word(statement, Word::Multi));
            self.unwatched(statements);
            return self.plan(Form::Prepared);
        }
        self.watched(statements);
        self.plan(Form::Watched(expand::missing_client()))
    }

    fn watched(&mut self, mut statements: Vec<Statement>) {
        self.watched = true;
        let multi = position(&statements, Word::Multi);
        let mut queued = statements.split_off(multi.unwrap_or_else(|| trailing_commands(&statements)));
        if multi.is_some() {
            self.multi(Some(queued.remove(0)));
        } else {
            let watches;
            (watches, queued) = queued.into_iter().partition(|statement| statement.word(Word::Watch).is_some());
            statements.extend::<Vec<_>>(watches);
        }
        statements.into_iter().for_each(|statement| self.step(statement));
        queued.into_iter().for_each(|statement| self.queue(statement));
    }

    fn check_order(&mut self, statements: &[Statement]) {
        let Some(watch) = position(statements, Word::Watch) else { return };
        let words = match position(statements, Word::Multi) {
            // It is met again among the commands, and said there.
            Some(multi) if watch > multi => return,
            _ if watch > 0 => WATCH_NOT_FIRST,
            None => NO_MULTI,
            Some(_) => return,
        };
        let watch = statements[watch].word(Word::Watch);
        self.mistakes.add_spanned(watch.map(|watch| &watch.name), words);
    }

    fn multi(&mut self, multi: Option<Statement>) {
        self.multi = multi.and_then(Statement::into_command);
        let with_arguments = self.multi.as_mut().filter(|multi| multi.arguments().is_none_or(|list| !list.is_empty()));
        if let Some(multi) = with_arguments {
            self.mistakes.add_spanned(&multi, MULTI_ARGUMENTS);
            multi.set_arguments(TokenStream::new());
        }
    }

    /// A statement before `multi()`.
    fn step(&mut self, statement: Statement) {
        let step = match statement {
            Statement::Command(mut command) if command.is(Word::Watch) => {
                command.visit_arguments(&mut inspect::arguments(self.mistakes));
                Step::Watch(command)
            }
            Statement::Command(command) if command.is(Word::Machine) => return self.out_of_place(&command),
            Statement::Command(mut command) => {
                command.visit_arguments(&mut inspect::statements(self.mistakes));
                Step::Read(command)
            }
            Statement::Rust(mut statement) => {
                inspect::statements(self.mistakes).visit_stmt_mut(&mut statement);
                Step::Rust(statement)
            }
            Statement::Name(name) => {
                self.mistakes.add(name.span(), NOT_CALLED);
                Step::Name(name)
            }
        };
        self.steps.push(step);
    }

    /// A statement after `multi()`, or any where nothing is watched.
    fn queue(&mut self, statement: Statement) {
        match statement {
            Statement::Command(command) => self.queue_command(command),
            Statement::Rust(statement) => self.queue_rust(*statement),
            Statement::Name(name) => {
                self.mistakes.add(name.span(), NOT_CALLED);
                self.queue.push(Queued::Name(name));
            }
        }
    }

    fn queue_command(&mut self, mut command: Command) {
        let span = command.name.span();
        match command.word() {
            Some(Word::Watch) => {
                self.mistakes.add(span, WATCH_AFTER_MULTI);
                self.step(Statement::Command(command));
            }
            Some(Word::Multi) if self.multi.is_some() => self.mistakes.add(span, MULTI_TWICE),
            Some(Word::Multi) => self.mistakes.add(span, MULTI_NOT_FIRST),
            Some(Word::Machine) => self.out_of_place(&command),
            None => {
                if self.watched {
                    command.visit_arguments(&mut inspect::arguments(self.mistakes));
                }
                self.queue.push(Queued::Command(command));
            }
        }
    }

    fn queue_rust(&mut self, mut statement: Stmt) {
        if let Some(command) = queued_with_more(&mut statement) {
            self.mistakes.add_spanned(&statement, NOTHING_FOLLOWS);
            return self.queue_command(command);
        }
        self.mistakes.add_spanned(&statement, if self.watched { AFTER_MULTI } else { NOT_A_COMMAND });
        match self.watched {
            true => self.step(Statement::Rust(Box::new(statement))),
            false => self.steps.push(Step::Rust(Box::new(statement))),
        }
    }

    fn out_of_place(&mut self, command: &Command) {
        self.mistakes.add(command.name.span(), inspect::machine(command));
    }
}

fn position(statements: &[Statement], word: Word) -> Option<usize> {
    statements.iter().position(|statement| statement.word(word).is_some())
}

/// Where the commands begin if `multi()` is missing: behind the last statement of the user's own.
fn trailing_commands(statements: &[Statement]) -> usize {
    let own = |statement: &Statement| !matches!(statement, Statement::Command(_));
    statements.iter().rposition(own).map_or(0, |last| last + 1)
}

/// The command that makes `statement` one for a watching pipeline, if there is one.
fn runs_at_once(statement: &mut Statement) -> Option<Command> {
    let Statement::Rust(statement) = statement else { return None };
    match queued_with_more(statement) {
        Some(_) => None,
        None => reads::first(statement),
    }
}

/// The command of `get("key")?;`, where `get("key");` was meant.
fn queued_with_more(statement: &mut Stmt) -> Option<Command> {
    match statement {
        Stmt::Expr(..) => reads::head(statement).map(|(command, _)| command),
        _ => None,
    }
}

fn no_client(command: &Command) -> String {
    let use_of_it = if command.is(Word::Watch) { "watch" } else { "read" };
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

/// Without the name, so that an editor that tries one meets an expansion of the same length.
const NOT_CALLED: &str = "a command is called with its arguments, such as `get(\"key\")`";

const NOTHING_FOLLOWS: &str = "the reply of a queued command comes with all the others: write `get(\"key\");` and take it \
    from the tuple that the macro returns";
