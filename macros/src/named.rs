//! Named replies: a body that ends in `Stats { hits: incr("hits"); name: get("name") }` fills that struct.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::quote_spanned;
use syn::{
    Path, Token,
    ext::IdentExt,
    parse::{ParseStream, Parser},
};

use crate::{
    Mistakes,
    parse::{self, Statement},
    validate::Queued,
};

/// The caller's struct, which the replies go into.
pub(crate) struct Struct {
    path: Path,
    braces: Span,
}

/// Takes `Stats { .. }` off the end of a body, if that is what it ends in.
pub(crate) fn split(body: &mut Vec<TokenTree>) -> Option<(Struct, TokenStream)> {
    let is_end = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';');
    let end = body.iter().rposition(|token| !is_end(token))?;
    let TokenTree::Group(group) = &body[end] else { return None };
    if group.delimiter() != Delimiter::Brace {
        return None;
    }
    let start = body[..end].iter().rposition(is_end).map_or(0, |before| before + 1);
    let path: Path = syn::parse2(body[start..end].iter().cloned().collect()).ok()?;
    let named = path.segments.last()?.ident.to_string().starts_with(char::is_uppercase);
    let found = named.then(|| (Struct { path, braces: group.span() }, group.stream()))?;
    body.truncate(start);
    Some(found)
}

/// The commands of `hits: incr("hits"); name: get("name")`, each with its field.
pub(crate) fn statements(body: TokenStream, mistakes: &mut Mistakes) -> Vec<Statement> {
    let mut statements = Vec::new();
    let read = |input: ParseStream<'_>| {
        while !input.is_empty() {
            statements.extend(statement(input, mistakes));
        }
        Ok(())
    };
    // `read` takes every token and reports by itself, so nothing is left to fail here.
    let _ = read.parse2(body);
    statements
}

fn statement(input: ParseStream<'_>, mistakes: &mut Mistakes) -> Option<Statement> {
    let field = field(input);
    if field.is_none() && !input.peek(Token![;]) {
        mistakes.add(input.span(), NO_FIELD);
    }
    if let (Some(field), true) = (&field, input.is_empty() || input.peek(Token![;])) {
        mistakes.add(field.span(), NO_COMMAND);
    }
    if input.is_empty() {
        return None;
    }
    let mut statement = parse::statement(input, mistakes)?;
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

impl Struct {
    /// The literal that is filled from `replies`, one for each command of `queue`. Its words are the user's, so that rustc
    /// finds a field that is missing, doubled or unknown there.
    pub(crate) fn fill(&self, queue: &[Queued], replies: &[Ident], mistakes: &Mistakes) -> TokenStream {
        let commands = queue.iter().filter_map(|queued| match queued {
            Queued::Command(command) => Some(command),
            Queued::Name(_) => None,
        });
        let fields = commands.zip(replies).filter_map(|(command, reply)| {
            let field = command.field.as_ref()?;
            Some(quote_spanned!(field.span() => #field: #reply,))
        });
        // Beside a mistake a field may lack its command, and that is no second mistake.
        let rest = if mistakes.is_empty() {
            None
        } else {
            Some(quote_spanned!(Span::mixed_site() => ..(|| ::core::unreachable!())()))
        };
        let mut literal = Group::new(Delimiter::Brace, quote_spanned!(Span::mixed_site() => #(#fields)* #rest));
        literal.set_span(self.braces);
        let path = &self.path;
        quote_spanned!(self.braces => #path #literal)
    }

    /// Every command of the pipeline must fill a field.
    pub(crate) fn check(&self, queue: &[Queued], mistakes: &mut Mistakes) {
        for queued in queue {
            match queued {
                Queued::Command(command) if command.field.is_none() && mistakes.is_empty() => {
                    mistakes.add(command.name.span(), OUTSIDE);
                }
                _ => {}
            }
        }
    }
}

const NO_FIELD: &str = "expected a field with its command, such as `hits: incr(\"hits\");`";

const NO_COMMAND: &str = "this field has no command: write `hits: incr(\"hits\");`";

const OUTSIDE: &str = "the reply of this command has no field: give it one in the braces, `hits: incr(\"hits\");`";
