//! Tokens to statements. Every statement is read by itself, so that a half-typed one costs one mistake and nothing else.

use proc_macro2::{Delimiter, Group, Ident, Spacing, Span, TokenStream, TokenTree};
use syn::{
    Expr, ExprCall, ExprLet, Local, LocalInit, LocalModifiers, Stmt, Token,
    ext::IdentExt,
    parse::{ParseStream, Parser, discouraged::Speculative},
    spanned::Spanned,
};

use crate::{
    Mistakes,
    command::{Command, Word, is_command},
    expand,
    named::{self, Struct},
};

/// What stands in the braces of `pipeline! { client => set("key", 1); get("key") }`.
pub(crate) struct Body {
    pub(crate) client: Option<Client>,
    pub(crate) statements: Vec<Statement>,
    /// What the replies fill, in place of a tuple.
    pub(crate) named: Option<Struct>,
}

/// `client =>`, or a pipeline made from one.
pub(crate) struct Client {
    pub(crate) expr: TokenStream,
    pub(crate) arrow: Span,
}

pub(crate) enum Statement {
    /// `set("key", 1);` and nothing around it.
    Command(Command),
    /// Whatever else Rust takes for a statement.
    Rust(Box<Stmt>),
    /// `ge`: a command that is still being typed.
    Name(Ident),
}

pub(crate) fn parse(input: TokenStream, mistakes: &mut Mistakes) -> Body {
    let (client, body) = split_at_arrow(input.into_iter().collect(), mistakes);
    let mut body = without_angle_brackets(body, mistakes);
    let named = named::split(&mut body);
    let mut statements = Vec::new();
    let read = |input: ParseStream<'_>| {
        while !input.is_empty() {
            statements.extend(statement(input, mistakes));
        }
        Ok(())
    };
    // `read` takes every token and reports by itself, so nothing is left to fail here.
    let _ = read.parse2(body.into_iter().collect());
    let named = named.map(|(fills, body)| {
        statements.extend(named::statements(body, mistakes));
        fills
    });
    Body { client, statements, named }
}

impl Statement {
    /// The command, if the statement is this word of the grammar.
    pub(crate) fn word(&self, word: Word) -> Option<&Command> {
        match self {
            Statement::Command(command) if command.is(word) => Some(command),
            _ => None,
        }
    }

    pub(crate) fn into_command(self) -> Option<Command> {
        match self {
            Statement::Command(command) => Some(command),
            Statement::Rust(_) | Statement::Name(_) => None,
        }
    }
}

/// No statement has a `=>` outside of braces, so the first one ends the client.
fn split_at_arrow(mut tokens: Vec<TokenTree>, mistakes: &mut Mistakes) -> (Option<Client>, Vec<TokenTree>) {
    let arrow = tokens.windows(2).position(|pair| is_joint(&pair[0], '=') && is_punct(&pair[1], '>'));
    let Some(at) = arrow else { return (None, tokens) };
    let arrow = tokens[at].span();
    let body = tokens.split_off(at + 2);
    let expr = tokens.into_iter().take(at).collect();
    (Some(client(expr, arrow, mistakes)), body)
}

fn client(expr: TokenStream, arrow: Span, mistakes: &mut Mistakes) -> Client {
    if expr.is_empty() {
        mistakes.add(arrow, "expected a client before `=>`, such as `client => get(\"key\")`");
        return expand::missing_client();
    }
    if let Err(error) = syn::parse2::<Expr>(expr.clone()) {
        mistakes.push(error);
        return expand::missing_client();
    }
    Client { expr, arrow }
}

/// `< set("key", 1); get("key") >` is the same body as without the brackets.
fn without_angle_brackets(mut body: Vec<TokenTree>, mistakes: &mut Mistakes) -> Vec<TokenTree> {
    let open = match body.first() {
        Some(first) if is_punct(first, '<') => Some(body.remove(0)),
        _ => None,
    };
    let closes = match body.as_slice() {
        [.., before, last] if open.is_none() => is_punct(last, '>') && (is_punct(before, ';') || is_group(before)),
        [.., last] => is_punct(last, '>'),
        [] => false,
    };
    let close = if closes { body.pop() } else { None };
    match (open, close) {
        (Some(open), None) => mistakes.add(open.span(), "this `<` has no closing `>` at the end of the body"),
        (None, Some(close)) => mistakes.add(close.span(), "this `>` has no opening `<` at the start of the body"),
        _ => {}
    }
    body
}

pub(crate) fn statement(input: ParseStream<'_>, mistakes: &mut Mistakes) -> Option<Statement> {
    if input.peek(Token![;]) {
        skip(input);
        return None;
    }
    if let Some(command) = command(input) {
        end_of_statement(input, mistakes);
        return Some(Statement::Command(command));
    }
    let ahead = input.fork();
    let error = match ahead.parse::<Stmt>() {
        Ok(statement) => {
            input.advance_to(&ahead);
            return Some(classify(statement, mistakes));
        }
        Err(error) => error,
    };
    if let Some(statement) = unended(input, mistakes) {
        return Some(classify(statement, mistakes));
    }
    half_typed(input, error, mistakes)
}

/// A command, unless the expression goes on behind its call.
fn command(input: ParseStream<'_>) -> Option<Command> {
    let ahead = input.fork();
    let command = ahead.parse().ok()?;
    ends(&ahead).then(|| {
        input.advance_to(&ahead);
        command
    })
}

/// Whether what was read cannot go on here: it ends, or another statement begins.
fn ends(input: ParseStream<'_>) -> bool {
    let another = input.peek(Ident::peek_any) && !input.peek(Token![as]);
    input.is_empty() || input.peek(Token![;]) || input.peek(Token![,]) || another
}

/// An expression or `let` without its `;`: the last of the body, or one whose `;` was forgotten.
fn unended(input: ParseStream<'_>, mistakes: &mut Mistakes) -> Option<Stmt> {
    let ahead = input.fork();
    let expr = ahead.parse::<Expr>().ok().filter(|_| ends(&ahead))?;
    input.advance_to(&ahead);
    if matches!(expr, Expr::Let(_)) && input.is_empty() {
        mistakes.add_spanned(&expr, "expected `;` after this `let`");
    }
    end_of_statement(input, mistakes);
    let semi = Token![;](expr.span());
    Some(match expr {
        Expr::Let(expr) => Stmt::Local(local(expr, semi)),
        expr => Stmt::Expr(expr, Some(semi)),
    })
}

fn local(ExprLet { attrs, let_token, pat, eq_token, expr }: ExprLet, semi_token: Token![;]) -> Local {
    let init = Some(LocalInit { eq_token, expr, diverge: None });
    Local { attrs, let_token, modifiers: LocalModifiers::default(), pat: *pat, init, semi_token }
}

fn end_of_statement(input: ParseStream<'_>, mistakes: &mut Mistakes) {
    if input.peek(Token![;]) {
        return skip(input);
    }
    if input.peek(Token![,]) {
        mistakes.add(input.span(), "commands are separated by `;`");
        return skip(input);
    }
    if !input.is_empty() {
        mistakes.add(input.span(), "expected `;` before this");
    }
}

fn classify(statement: Stmt, mistakes: &mut Mistakes) -> Statement {
    let expr = match &statement {
        Stmt::Expr(expr, _) => expr,
        _ => return Statement::Rust(Box::new(statement)),
    };
    match (Command::from_expr(expr), lone_name(expr)) {
        (Some(command), _) => {
            reject_attributes(expr, mistakes);
            Statement::Command(command)
        }
        (None, Some(name)) => Statement::Name(name),
        (None, None) => Statement::Rust(Box::new(statement)),
    }
}

fn reject_attributes(expr: &Expr, mistakes: &mut Mistakes) {
    if let Expr::Call(ExprCall { attrs, .. }) = expr {
        for attribute in attrs {
            mistakes
                .add_spanned(attribute, "a command takes no attributes: its place in the tuple of replies is fixed");
        }
    }
}

fn lone_name(expr: &Expr) -> Option<Ident> {
    let Expr::Path(path) = expr else { return None };
    path.path.get_ident().filter(|name| is_command(name)).cloned()
}

/// `type("key");`: Rust's own keyword in the place of a command.
fn reserved(input: ParseStream<'_>) -> Option<syn::Error> {
    let ahead = input.fork();
    let name = ahead.call(Ident::parse_any).ok()?;
    let is_call = ahead.parse::<Group>().is_ok_and(|group| group.delimiter() == Delimiter::Parenthesis);
    let ends = ahead.is_empty() || ahead.peek(Token![;]);
    (is_call && ends && !input.peek(syn::Ident)).then(|| {
        let command = name.to_string().to_uppercase();
        let words = format!("`{name}` is a keyword of Rust: search the documentation for `{command}` to find its name");
        syn::Error::new(name.span(), words)
    })
}

/// Gives up the tokens to the next `;`, except for a name that can still be completed.
fn half_typed(input: ParseStream<'_>, error: syn::Error, mistakes: &mut Mistakes) -> Option<Statement> {
    let name = input.fork().parse::<Ident>().ok().filter(|name| is_command(name) && input.peek2(Token![::]));
    if name.is_none() {
        mistakes.push(reserved(input).unwrap_or(error));
    }
    while !input.is_empty() && !input.peek(Token![;]) {
        skip(input);
    }
    name.map(Statement::Name)
}

/// Only called before a token, so there is one to take.
fn skip(input: ParseStream<'_>) {
    let _ = input.parse::<TokenTree>();
}

fn is_joint(token: &TokenTree, wanted: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == wanted && punct.spacing() == Spacing::Joint)
}

fn is_punct(token: &TokenTree, wanted: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == wanted)
}

fn is_group(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(_))
}
