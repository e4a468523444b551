//! Parser of `pipeline!`. Every statement is read by itself, so that a half-typed one costs one error and leaves the others
//! whole.

use super::{
    ast::{Body, Client, ReplyStruct, Statement},
    command::{Command, is_command},
    recover,
};
use crate::errors::Errors;
use proc_macro2::{Delimiter, Group, Ident, Spacing, Span, TokenStream, TokenTree};
use syn::{
    Expr, ExprCall, ExprLet, Local, LocalInit, LocalModifiers, Path, Stmt, Token,
    ext::IdentExt,
    parse::{ParseStream, Parser, discouraged::Speculative},
    spanned::Spanned,
};

pub(super) fn parse(input: TokenStream, errors: &mut Errors) -> Body {
    let (client, body) = split_at_arrow(input.into_iter().collect(), errors);
    let mut body = without_angle_brackets(body, errors);
    let reply_struct = split_reply_struct(&mut body);
    let mut statements = read_statements(body.into_iter().collect(), |input| statement(input, errors));
    let reply_struct = reply_struct.map(|(reply_struct, fields)| {
        statements.extend(read_statements(fields, |input| field_statement(input, errors)));
        reply_struct
    });
    Body { client, statements, reply_struct }
}

/// Splits `client =>` off. No statement has a `=>` outside of braces, so the first one ends the client.
fn split_at_arrow(mut tokens: Vec<TokenTree>, errors: &mut Errors) -> (Option<Client>, Vec<TokenTree>) {
    let arrow = tokens.windows(2).position(|pair| is_joint(&pair[0], '=') && is_punct(&pair[1], '>'));
    let Some(at) = arrow else { return (None, tokens) };
    let arrow = tokens[at].span();
    let body = tokens.split_off(at + 2);
    let expr = tokens.into_iter().take(at).collect();
    (Some(client(expr, arrow, errors)), body)
}

fn client(expr: TokenStream, arrow: Span, errors: &mut Errors) -> Client {
    if expr.is_empty() {
        errors.add(arrow, "expected a client before `=>`, such as `client => get(\"key\")`");
        return recover::missing_client();
    }
    if let Err(error) = syn::parse2::<Expr>(expr.clone()) {
        errors.push(error);
        return recover::missing_client();
    }
    Client { expr, arrow }
}

/// Strips the angle brackets of `< set("key", 1); get("key") >`, which mean nothing.
fn without_angle_brackets(mut body: Vec<TokenTree>, errors: &mut Errors) -> Vec<TokenTree> {
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
        (Some(open), None) => errors.add(open.span(), "this `<` has no closing `>` at the end of the body"),
        (None, Some(close)) => errors.add(close.span(), "this `>` has no opening `<` at the start of the body"),
        _ => {}
    }
    body
}

/// Splits named replies off, `Stats { hits: incr("hits"); name: get("name") }`, if the body ends in them.
fn split_reply_struct(body: &mut Vec<TokenTree>) -> Option<(ReplyStruct, TokenStream)> {
    let is_end = |token: &TokenTree| is_punct(token, ';');
    let end = body.iter().rposition(|token| !is_end(token))?;
    let TokenTree::Group(group) = &body[end] else { return None };
    if group.delimiter() != Delimiter::Brace {
        return None;
    }
    let start = body[..end].iter().rposition(is_end).map_or(0, |before| before + 1);
    let path: Path = syn::parse2(body[start..end].iter().cloned().collect()).ok()?;
    if !path.segments.last()?.ident.to_string().starts_with(char::is_uppercase) {
        return None;
    }
    let split = (ReplyStruct { path, braces: group.span() }, group.stream());
    body.truncate(start);
    Some(split)
}

/// Reads all of `tokens` by `read`, which takes at least one token and reports errors by itself.
fn read_statements(tokens: TokenStream, mut read: impl FnMut(ParseStream<'_>) -> Option<Statement>) -> Vec<Statement> {
    let mut statements = Vec::new();
    let parser = |input: ParseStream<'_>| {
        while !input.is_empty() {
            statements.extend(read(input));
        }
        Ok(())
    };
    // Every token is taken, so the parser has nothing to fail on.
    let _ = parser.parse2(tokens);
    statements
}

fn statement(input: ParseStream<'_>, errors: &mut Errors) -> Option<Statement> {
    if input.peek(Token![;]) {
        skip(input);
        return None;
    }
    if let Some(command) = command(input) {
        end_of_statement(input, errors);
        return Some(Statement::Command(command));
    }
    let ahead = input.fork();
    let error = match ahead.parse::<Stmt>() {
        Ok(statement) => {
            input.advance_to(&ahead);
            return Some(classify(statement, errors));
        }
        Err(error) => error,
    };
    if let Some(statement) = unended(input, errors) {
        return Some(classify(statement, errors));
    }
    half_typed(input, error, errors)
}

/// A statement of named replies: `hits: incr("hits");`.
fn field_statement(input: ParseStream<'_>, errors: &mut Errors) -> Option<Statement> {
    let field = field(input);
    let is_end = input.is_empty() || input.peek(Token![;]);
    match &field {
        None if !is_end => errors.add(input.span(), NO_FIELD),
        Some(field) if is_end => errors.add(field.span(), NO_COMMAND),
        _ => {}
    }
    if input.is_empty() {
        return None;
    }
    let mut statement = statement(input, errors)?;
    if let Statement::Command(command) = &mut statement {
        command.field = field;
    }
    Some(statement)
}

/// `hits:`, and not the start of `hits::get`.
fn field(input: ParseStream<'_>) -> Option<Ident> {
    if !input.peek(Ident::peek_any) || !input.peek2(Token![:]) || input.peek2(Token![::]) {
        return None;
    }
    let field = input.parse().ok()?;
    input.parse::<Token![:]>().ok()?;
    Some(field)
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

/// Returns whether an expression cannot go on here: the statement ends, or another one begins.
fn ends(input: ParseStream<'_>) -> bool {
    let another = input.peek(Ident::peek_any) && !input.peek(Token![as]);
    input.is_empty() || input.peek(Token![;]) || input.peek(Token![,]) || another
}

/// An expression or `let` without its `;`: the last of the body, or one whose `;` was forgotten.
fn unended(input: ParseStream<'_>, errors: &mut Errors) -> Option<Stmt> {
    let ahead = input.fork();
    let expr = ahead.parse::<Expr>().ok().filter(|_| ends(&ahead))?;
    input.advance_to(&ahead);
    if matches!(expr, Expr::Let(_)) && input.is_empty() {
        errors.add_spanned(&expr, "expected `;` after this `let`");
    }
    end_of_statement(input, errors);
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

fn end_of_statement(input: ParseStream<'_>, errors: &mut Errors) {
    if input.peek(Token![;]) {
        return skip(input);
    }
    if input.peek(Token![,]) {
        errors.add(input.span(), "commands are separated by `;`");
        return skip(input);
    }
    if !input.is_empty() {
        errors.add(input.span(), "expected `;` before this");
    }
}

fn classify(statement: Stmt, errors: &mut Errors) -> Statement {
    let expr = match &statement {
        Stmt::Expr(expr, _) => expr,
        _ => return Statement::Rust(Box::new(statement)),
    };
    if let Some(command) = Command::from_expr(expr) {
        reject_attributes(expr, errors);
        return Statement::Command(command);
    }
    lone_name(expr).map_or_else(|| Statement::Rust(Box::new(statement)), Statement::HalfTyped)
}

fn reject_attributes(expr: &Expr, errors: &mut Errors) {
    if let Expr::Call(ExprCall { attrs, .. }) = expr {
        for attribute in attrs {
            errors.add_spanned(attribute, "a command takes no attributes: its place in the tuple of replies is fixed");
        }
    }
}

fn lone_name(expr: &Expr) -> Option<Ident> {
    let Expr::Path(path) = expr else { return None };
    path.path.get_ident().filter(|name| is_command(name)).cloned()
}

/// Gives up the tokens to the next `;`, except for a name that can still be completed.
fn half_typed(input: ParseStream<'_>, error: syn::Error, errors: &mut Errors) -> Option<Statement> {
    let name = input.fork().parse::<Ident>().ok().filter(|name| is_command(name) && input.peek2(Token![::]));
    if name.is_none() {
        errors.push(reserved(input).unwrap_or(error));
    }
    while !input.is_empty() && !input.peek(Token![;]) {
        skip(input);
    }
    name.map(Statement::HalfTyped)
}

/// The error of `type("key");`: a keyword of Rust where a command was meant.
fn reserved(input: ParseStream<'_>) -> Option<syn::Error> {
    let ahead = input.fork();
    let name = ahead.call(Ident::parse_any).ok()?;
    let is_call = ahead.parse::<Group>().is_ok_and(|group| group.delimiter() == Delimiter::Parenthesis);
    let ends = ahead.is_empty() || ahead.peek(Token![;]);
    (is_call && ends && !input.peek(syn::Ident)).then(|| {
        let command = name.to_string().to_uppercase();
        let message =
            format!("`{name}` is a keyword of Rust: search the documentation for `{command}` to find its name");
        syn::Error::new(name.span(), message)
    })
}

/// Takes a token. Every caller has seen that there is one.
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

const NO_FIELD: &str = "expected a field with its command, such as `hits: incr(\"hits\");`";

const NO_COMMAND: &str = "this field has no command: write `hits: incr(\"hits\");`";
