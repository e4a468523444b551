//! Abstract interpretation of literal keys, as calls that only their types give a meaning to.
//!
//! The macro knows no command, so it cannot tell a key from a value. It tracks every string literal that several commands
//! name, passes on where and in which order, and leaves it to the commands' own facts whether that means anything.

use super::{ast::Queued, hygiene::entry_tokens, segments::SegmentTree};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use std::collections::BTreeMap;
use syn::{Expr, ExprLit, Lit, LitStr};

/// The checks of all literals of `queue`, to stand behind the commands themselves.
pub(super) fn checks(queue: &[Queued]) -> TokenStream {
    let calls: Vec<_> = queue.iter().zip(entry_tokens(queue.len())).filter_map(Call::new).collect();
    let mut uses_of: BTreeMap<String, Vec<Use>> = BTreeMap::new();
    for (call, literals) in calls.iter().map(Call::literals).enumerate() {
        for (literal, arguments) in literals {
            uses_of.entry(literal).or_default().push(Use { call, arguments });
        }
    }
    let mut segments = SegmentTree::default();
    let shared = uses_of.values().filter(|uses| uses.len() > 1);
    let tracks: TokenStream = shared.map(|uses| track(uses, &calls, &mut segments)).collect();
    let effects = segments.definitions(|call| calls[call].effect());
    quote!(#effects #tracks)
}

/// A queued command.
struct Call {
    token: Ident,
    /// The arguments, with the value of each that is a string literal. `None` if they do not parse.
    arguments: Option<Vec<Option<LitStr>>>,
}

/// The arguments of one command that are the same literal; mostly there is one.
struct Use {
    call: usize,
    arguments: Vec<Position>,
}

struct Position {
    index: usize,
    span: Span,
}

impl Call {
    fn new((queued, token): (&Queued, Ident)) -> Option<Call> {
        let arguments = queued.command()?.arguments().map(|arguments| arguments.iter().map(literal).collect());
        Some(Call { token, arguments })
    }

    fn literals(&self) -> BTreeMap<String, Vec<Position>> {
        let mut literals: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (index, argument) in self.arguments.iter().flatten().enumerate() {
            if let Some(literal) = argument {
                literals.entry(literal.value()).or_default().push(Position { index, span: literal.span() });
            }
        }
        literals
    }

    /// The effect of the command on keys that it does not name as literals.
    fn effect(&self) -> TokenStream {
        let token = &self.token;
        let forms = self.forms();
        quote!(__typedis::effect::<#forms, _>(#token))
    }

    /// The forms of the arguments, as a type.
    fn forms(&self) -> TokenStream {
        let Some(arguments) = &self.arguments else { return quote!(__typedis::literal_keys::Expressions) };
        arguments.iter().rev().fold(quote!(()), |rest, argument| {
            let form = Ident::new(if argument.is_some() { "Literal" } else { "Expression" }, Span::mixed_site());
            quote!((__typedis::literal_keys::#form, #rest))
        })
    }
}

fn literal(argument: &Expr) -> Option<LitStr> {
    match argument {
        Expr::Lit(ExprLit { lit: Lit::Str(literal), .. }) => Some(literal.clone()),
        _ => None,
    }
}

/// Tracks one key from the first command that names it to the last, each step from the state that the step before left.
fn track(uses: &[Use], calls: &[Call], segments: &mut SegmentTree) -> TokenStream {
    let (pipeline, key) = (Ident::new("pipeline", Span::mixed_site()), key(Span::mixed_site()));
    let mut steps = quote!(let #key = __typedis::track(&#pipeline););
    for (at, Use { call, arguments }) in uses.iter().enumerate() {
        steps.extend(arguments.iter().map(|argument| check(&calls[*call], argument)));
        let next = uses.get(at + 1).map_or(*call, |next| next.call);
        // The command itself is covered too: what it does to keys that are expressions may be done to this one.
        steps.extend(segments.cover(*call, next).iter().map(apply));
    }
    steps
}

/// The check at one literal: only the locals are the macro's own, so that rustc underlines nothing else.
fn check(Call { token, .. }: &Call, Position { index, span }: &Position) -> TokenStream {
    let locals = Span::mixed_site().located_at(*span);
    let (argument, key) = (argument(*index, *span), key(locals));
    let token = Ident::new(&token.to_string(), locals);
    quote_spanned!(*span => let #key = __typedis::check::<#argument, _, _>(#key, #token);)
}

fn apply(effect: &Ident) -> TokenStream {
    let key = key(Span::mixed_site());
    quote!(let #key = __typedis::apply(#key, #effect);)
}

fn key(span: Span) -> Ident {
    Ident::new("key", span)
}

/// The index of an argument, as a type.
pub(super) fn argument(index: usize, span: Span) -> TokenStream {
    let first = quote_spanned!(span => __typedis::literal_keys::First);
    (0..index).fold(first, |before, _| quote_spanned!(span => __typedis::literal_keys::Next<#before>))
}
