//! A command: one method call without its receiver, wherever it stands.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::ToTokens;
use syn::{
    AngleBracketedGenericArguments, Expr, ExprCall, Path, PathArguments, Token, parenthesized,
    parse::{Parse, ParseStream, Parser},
    punctuated::Punctuated,
    visit_mut::VisitMut,
};

/// A call such as `keys::<Vec<String>>("*")`: one lower-case name, no path before it.
#[derive(Clone)]
pub(super) struct Command {
    pub(super) name: Ident,
    /// The field that the reply fills, where replies are named.
    pub(super) field: Option<Ident>,
    turbofish: Option<AngleBracketedGenericArguments>,
    arguments: Group,
}

/// Names that have a meaning in the macro's own grammar.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Keyword {
    Watch,
    Multi,
    /// A method that the macro calls by itself, or that stands before `=>`.
    Reserved,
}

impl Command {
    pub(super) fn new(name: Ident, arguments: TokenStream) -> Command {
        let arguments = parenthesize(arguments, name.span());
        Command { name, field: None, turbofish: None, arguments }
    }

    /// The command, if the expression is nothing but one.
    pub(super) fn from_expr(expr: &Expr) -> Option<Command> {
        match expr {
            Expr::Call(call) => Command::from_call(call),
            // An `$command:expr` of the user's own `macro_rules!`.
            Expr::Group(group) => Command::from_expr(&group.expr),
            _ => None,
        }
    }

    fn from_call(call: &ExprCall) -> Option<Command> {
        let path = match &*call.func {
            Expr::Path(function) if function.qself.is_none() => &function.path,
            _ => return None,
        };
        let (name, turbofish) = single_segment(path)?;
        let arguments = parenthesize(call.args.to_token_stream(), call.paren_token.span.join());
        Some(Command { name, field: None, turbofish, arguments })
    }

    pub(super) fn keyword(&self) -> Option<Keyword> {
        match self.name.to_string().as_str() {
            "watch" => Some(Keyword::Watch),
            "multi" => Some(Keyword::Multi),
            "exec" | "execute" | "execute_each" | "discard" | "unwatch" | "reset" | "without_transaction" => {
                Some(Keyword::Reserved)
            }
            _ => None,
        }
    }

    pub(super) fn is(&self, keyword: Keyword) -> bool {
        self.keyword() == Some(keyword)
    }

    pub(super) fn open_parenthesis(&self) -> Span {
        self.arguments.span_open()
    }

    pub(super) fn parentheses(&self) -> Span {
        self.arguments.span()
    }

    /// The arguments one by one; `None` if they do not parse, which rustc reports better.
    pub(super) fn arguments(&self) -> Option<Punctuated<Expr, Token![,]>> {
        Punctuated::parse_terminated.parse2(self.arguments.stream()).ok()
    }

    pub(super) fn set_arguments(&mut self, arguments: impl ToTokens) {
        self.arguments = parenthesize(arguments.to_token_stream(), self.arguments.span());
    }

    pub(super) fn visit_arguments(&mut self, visitor: &mut impl VisitMut) {
        if let Some(mut arguments) = self.arguments() {
            arguments.iter_mut().for_each(|argument| visitor.visit_expr_mut(argument));
            self.set_arguments(arguments);
        }
    }
}

impl Parse for Command {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name: Ident = input.parse()?;
        if !is_command(&name) {
            return Err(syn::Error::new(name.span(), "expected a command"));
        }
        let turbofish = if input.peek(Token![::]) {
            Some(input.call(AngleBracketedGenericArguments::parse_turbofish)?)
        } else {
            None
        };
        let content;
        let paren = parenthesized!(content in input);
        let arguments = parenthesize(content.parse()?, paren.span.join());
        Ok(Command { name, field: None, turbofish, arguments })
    }
}

impl ToTokens for Command {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.name.to_tokens(tokens);
        self.turbofish.to_tokens(tokens);
        self.arguments.to_tokens(tokens);
    }
}

/// Returns whether a call of this name is a command. Upper-case calls are Rust's constructors, such as `Some(..)`.
pub(super) fn is_command(name: &Ident) -> bool {
    let name = name.to_string();
    !name.starts_with(char::is_uppercase) && !["crate", "self", "super"].contains(&&*name)
}

fn single_segment(path: &Path) -> Option<(Ident, Option<AngleBracketedGenericArguments>)> {
    if path.leading_colon.is_some() || path.segments.len() != 1 {
        return None;
    }
    let segment = path.segments.first().filter(|segment| is_command(&segment.ident))?;
    let turbofish = match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => Some(arguments.clone()),
        _ => None,
    };
    Some((segment.ident.clone(), turbofish))
}

fn parenthesize(tokens: TokenStream, span: Span) -> Group {
    let mut group = Group::new(Delimiter::Parenthesis, tokens);
    group.set_span(span);
    group
}
