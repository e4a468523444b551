//! Questions to the compiler about keys that are named by a literal more than once.
//!
//! The macro knows no command, so it cannot tell a key from a value. It follows every string literal that several commands
//! name, says where and in which order, and leaves it to the commands' own facts whether that means anything.

use std::collections::BTreeMap;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Expr, ExprLit, Lit, LitStr};

use crate::{expand, passages::Passages, validate::Queued};

/// What follows the literals of `queue`, behind the commands themselves.
pub(crate) fn followed(queue: &[Queued]) -> TokenStream {
    let calls: Vec<_> = queue.iter().zip(expand::taken(queue.len())).filter_map(Call::new).collect();
    let mut names: BTreeMap<String, Vec<Use>> = BTreeMap::new();
    for (number, call) in calls.iter().enumerate() {
        for (name, places) in call.literals() {
            names.entry(name).or_default().push(Use { number, places });
        }
    }
    let mut passages = Passages::default();
    let shared = names.values().filter(|uses| uses.len() > 1);
    let followed: TokenStream = shared.map(|uses| follow(uses, &calls, &mut passages)).collect();
    let passages = passages.definitions(|number| calls[number].passage());
    quote!(#passages #followed)
}

/// A queued command.
struct Call {
    taken: Ident,
    /// `None` where Rust cannot read them.
    arguments: Option<Vec<Option<LitStr>>>,
}

/// Where one command names a literal: mostly one argument of it.
struct Use {
    number: usize,
    places: Vec<(usize, Span)>,
}

impl Call {
    fn new((queued, taken): (&Queued, Ident)) -> Option<Call> {
        let Queued::Command(command) = queued else { return None };
        let arguments = command.arguments().map(|arguments| arguments.iter().map(literal).collect());
        Some(Call { taken, arguments })
    }

    fn literals(&self) -> BTreeMap<String, Vec<(usize, Span)>> {
        let mut literals: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (place, argument) in self.arguments.iter().flatten().enumerate() {
            if let Some(literal) = argument {
                literals.entry(literal.value()).or_default().push((place, literal.span()));
            }
        }
        literals
    }

    fn passage(&self) -> TokenStream {
        let (taken, mask) = (&self.taken, self.mask());
        quote!(__typedis::passage::<#mask, _>(#taken))
    }

    /// Which arguments are literals, as a type.
    fn mask(&self) -> TokenStream {
        let Some(arguments) = &self.arguments else { return quote!(__typedis::literal::Expressions) };
        arguments.iter().rev().fold(quote!(()), |rest, argument| {
            let role = Ident::new(if argument.is_some() { "Literal" } else { "Expression" }, Span::mixed_site());
            quote!((__typedis::literal::#role, #rest))
        })
    }
}

fn literal(argument: &Expr) -> Option<LitStr> {
    match argument {
        Expr::Lit(ExprLit { lit: Lit::Str(literal), .. }) => Some(literal.clone()),
        _ => None,
    }
}

/// One key, from the first command that names it to the last. What is known of it follows from that step by step.
fn follow(uses: &[Use], calls: &[Call], passages: &mut Passages) -> TokenStream {
    let pipeline = Ident::new("pipeline", Span::mixed_site());
    let key = key(Span::mixed_site());
    let mut steps = quote!(let #key = __typedis::follow(&#pipeline););
    for (at, named) in uses.iter().enumerate() {
        let call = &calls[named.number];
        steps.extend(named.places.iter().map(|(place, span)| holds(call, *place, *span)));
        let next = uses.get(at + 1).map_or(named.number, |next| next.number);
        // The command itself is passed too: what it does to keys that are expressions may be done to this one.
        steps.extend(passages.lead(named.number, next).iter().map(passes));
    }
    steps
}

/// The question, asked at the literal: only the locals are the macro's own, so that rustc underlines nothing else.
fn holds(Call { taken, .. }: &Call, place: usize, literal: Span) -> TokenStream {
    let locals = Span::mixed_site().located_at(literal);
    let (argument, key) = (argument(place, literal), key(locals));
    let taken = Ident::new(&taken.to_string(), locals);
    quote_spanned!(literal => let #key = __typedis::holds::<#argument, _, _>(#key, #taken);)
}

fn passes(passage: &Ident) -> TokenStream {
    let key = key(Span::mixed_site());
    quote!(let #key = __typedis::past(#key, #passage);)
}

fn key(span: Span) -> Ident {
    Ident::new("key", span)
}

fn argument(place: usize, span: Span) -> TokenStream {
    let first = quote_spanned!(span => __typedis::literal::Here);
    (0..place).fold(first, |before, _| quote_spanned!(span => __typedis::literal::Next<#before>))
}
