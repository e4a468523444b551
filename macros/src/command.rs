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
pub(crate) struct Command {
    pub(crate) name: Ident,
    /// The field that the reply goes into, where replies are named.
    pub(crate) field: Option<Ident>,
    turbofish: Option<AngleBracketedGenericArguments>,
    arguments: Group,
}

/// The names that mean something to the macro itself.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    Watch,
    Multi,
    /// What the macro does by itself, or its caller before `=>`.
    Machine,
}

impl Command {
    /// Reads a command out of an expression that is nothing but one.
    pub(crate) fn from_expr(expr: &Expr) -> Option<Command> {
        match expr {
            Expr::Call(call) => Command::from_call(call),
            // What a `macro_rules!` macro of the user's was given as `$command:expr`.
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

    /// A call that the user forgot, to go on with beside the mistake that says so.
    pub(crate) fn implied(name: &str, arguments: TokenStream) -> Command {
        let arguments = parenthesize(arguments, Span::mixed_site());
        Command { name: Ident::new(name, Span::mixed_site()), field: None, turbofish: None, arguments }
    }

    pub(crate) fn word(&self) -> Option<Word> {
        match self.name.to_string().as_str() {
            "watch" => Some(Word::Watch),
            "multi" => Some(Word::Multi),
            "exec" | "execute" | "execute_each" | "discard" | "unwatch" | "reset" | "without_transaction" => {
                Some(Word::Machine)
            }
            _ => None,
        }
    }

    pub(crate) fn is(&self, word: Word) -> bool {
        self.word() == Some(word)
    }

    pub(crate) fn open_parenthesis(&self) -> Span {
        self.arguments.span_open()
    }

    pub(crate) fn parentheses(&self) -> Span {
        self.arguments.span()
    }

    /// The arguments one by one; `None` where Rust cannot read them, which rustc says better.
    pub(crate) fn arguments(&self) -> Option<Punctuated<Expr, Token![,]>> {
        Punctuated::parse_terminated.parse2(self.arguments.stream()).ok()
    }

    pub(crate) fn set_arguments(&mut self, arguments: impl ToTokens) {
        self.arguments = parenthesize(arguments.to_token_stream(), self.arguments.span());
    }

    pub(crate) fn visit_arguments(&mut self, visitor: &mut impl VisitMut) {
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
        let turbofish = match input.peek(Token![::]) {
            true => Some(input.call(AngleBracketedGenericArguments::parse_turbofish)?),
            false => None,
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

/// Upper-case calls are Rust's constructors, such as `Some(..)`.
pub(crate) fn is_command(name: &Ident) -> bool {
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
