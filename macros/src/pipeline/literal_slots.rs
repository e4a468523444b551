//! Abstract interpretation of the slot of a transaction's keys, as calls that only their types give a meaning to.
//!
//! The macro knows no command, so it passes on every literal and every constant, with its place; the commands' own facts say
//! which of them are keys, and the pipeline's type whether they must be of one slot. Words that name two keys must be
//! written here, so one word of the block is chosen to be named as the first key; where another one turns out to be it, the
//! message names no key.

use super::{ast::Queued, command::Command, hygiene::entry_tokens, literal_keys::argument};
use crate::slot::hash_slot;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use std::collections::{BTreeSet, HashSet};
use syn::{Expr, ExprLit, Lit, Path, spanned::Spanned};

/// The checks of all literals and constants in `watched`, whose arguments are keys, and in `queue`.
pub(super) fn checks<'a>(watched: impl IntoIterator<Item = &'a Command>, queue: &[Queued]) -> TokenStream {
    let watched = watched.into_iter().flat_map(|command| mentions(command, None));
    let tokens = entry_tokens(queue.len());
    let queued = queue.iter().zip(&tokens).filter_map(|(queued, token)| Some(mentions(queued.command()?, Some(token))));
    let mut seen = HashSet::new();
    let is_new = |mention: &Mention| seen.insert((mention.word.name(), mention.token.is_some(), mention.argument));
    let mentions: Vec<Mention> = watched.chain(queued.flatten()).filter(is_new).collect();
    if !may_cross(&mentions) {
        return TokenStream::new();
    }
    let first = mentions.iter().position(|mention| mention.argument == 0).unwrap_or_default();
    let checks = mentions
        .iter()
        .enumerate()
        .map(|(at, mention)| if at == first { mention.begin() } else { mention.check(&mentions[first].word) });
    let (pipeline, slots) = (Ident::new("pipeline", Span::mixed_site()), slots(Span::mixed_site()));
    quote! {
        let #slots = __typedis::reaching(&#pipeline).__typedis_slots();
        #(#checks)*
    }
}

/// Returns whether the keys may be of several slots, by all that can be told here.
fn may_cross(mentions: &[Mention]) -> bool {
    let slots: BTreeSet<Option<u16>> = mentions.iter().map(|mention| mention.word.slot()).collect();
    let words: BTreeSet<String> = mentions.iter().map(|mention| mention.word.name()).collect();
    words.len() > 1 && (slots.len() > 1 || slots.contains(&None))
}

/// A literal or a constant at an argument of a command.
struct Mention<'a> {
    word: Word,
    /// The token of the queued command, or `None` for a WATCH.
    token: Option<&'a Ident>,
    argument: usize,
    span: Span,
}

enum Word {
    Literal(String),
    Constant(Path),
}

/// The literals and constants among the arguments of a command, and among the elements of arrays there.
fn mentions<'a>(command: &Command, token: Option<&'a Ident>) -> Vec<Mention<'a>> {
    let mut mentions = Vec::new();
    for (argument, expr) in command.arguments().iter().flatten().enumerate() {
        let words = words(expr, token.is_none());
        mentions.extend(words.into_iter().map(|(word, span)| Mention { word, token, argument, span }));
    }
    mentions
}

/// The words of an argument that are keys if the argument is. Of a tuple the first element is: it may be a key with its value,
/// unless it is `watched`.
fn words(argument: &Expr, watched: bool) -> Vec<(Word, Span)> {
    match argument {
        Expr::Reference(reference) => words(&reference.expr, watched),
        Expr::Group(group) => words(&group.expr, watched),
        Expr::Array(array) => array.elems.iter().flat_map(|element| words(element, watched)).collect(),
        Expr::Tuple(tuple) => {
            let count = if watched { tuple.elems.len() } else { 1 };
            tuple.elems.iter().take(count).flat_map(|element| words(element, watched)).collect()
        }
        Expr::Lit(ExprLit { lit: Lit::Str(literal), .. }) => vec![(Word::Literal(literal.value()), literal.span())],
        Expr::Path(path) if path.qself.is_none() && is_constant(&path.path) => {
            vec![(Word::Constant(path.path.clone()), path.span())]
        }
        _ => Vec::new(),
    }
}

/// Returns whether the path is named as constants are. So it can be evaluated again.
fn is_constant(path: &Path) -> bool {
    path.segments.last().is_some_and(|last| {
        let name = last.ident.to_string();
        last.arguments.is_none() && name.starts_with(char::is_uppercase) && !name.contains(char::is_lowercase)
    })
}

impl Word {
    /// The word as it stands in the program, shortened.
    fn name(&self) -> String {
        match self {
            Word::Literal(text) => format!("{text:?}"),
            Word::Constant(path) => path.to_token_stream().to_string().replace(' ', ""),
        }
    }

    fn slot(&self) -> Option<u16> {
        match self {
            Word::Literal(text) => Some(hash_slot(text)),
            Word::Constant(_) => None,
        }
    }

    /// The slot as a value whose type says it.
    fn slot_value(&self, span: Span) -> TokenStream {
        match self {
            Word::Literal(text) => {
                let slot = hash_slot(text);
                quote_spanned!(span => __typedis::literal::<#slot>())
            }
            Word::Constant(path) => quote_spanned!(span => __typedis::Constant(&#path).__typedis_slot()),
        }
    }
}

impl Mention<'_> {
    fn token(&self) -> TokenStream {
        match self.token {
            Some(token) => Ident::new(&token.to_string(), self.locals()).to_token_stream(),
            None => quote_spanned!(self.locals() => __typedis::watched()),
        }
    }

    /// Only the locals are the macro's own, so that rustc underlines nothing but the word.
    fn locals(&self) -> Span {
        Span::mixed_site().located_at(self.span)
    }

    /// The state behind the word that the messages name.
    fn begin(&self) -> TokenStream {
        let (slots, token, argument) = (slots(self.locals()), self.token(), argument(self.argument, self.span));
        let slot = self.word.slot_value(self.span);
        quote_spanned!(self.span => let #slots = __typedis::first_key::<#argument, _, _, _>(#slots, #token, #slot);)
    }

    /// The state behind any other word, and the error where it is a key of another slot than `first`.
    fn check(&self, first: &Word) -> TokenStream {
        let (slots, token, argument) = (slots(self.locals()), self.token(), argument(self.argument, self.span));
        let (slot, words) = (self.word.slot_value(self.span), self.word.crosses(first));
        // Behind the first argument stand values mostly, so they are not worth the time of the compiler.
        let next = (self.argument == 0).then(|| {
            quote_spanned!(self.span => let #slots = __typedis::next_key::<#argument, _, _, _>(#slots, #token, #slot);)
        });
        quote_spanned! { self.span =>
            {
                #words
                trait OneSlot<First> {}
                #[diagnostic::do_not_recommend]
                impl<First: __typedis::literal_slots::SameSlot<Own>, Own> OneSlot<First> for Own {}
                fn check<Own: OneSlot<First>, First>(
                    _: __typedis::literal_slots::Slots<First>,
                    _: __typedis::literal_slots::Slots<Own>,
                ) {}
                check(__typedis::key_slot::<#argument, _, _>(#slots, #token), #slot);
            }
            #next
        }
    }
}

impl Word {
    /// The words of the error, where this is a key of another slot than `first`. rustc fills in the slots of constants.
    fn crosses(&self, first: &Word) -> TokenStream {
        let (own_name, first_name) = (in_format(&self.name()), in_format(&first.name()));
        let slot = |word: &Word, parameter: &str| {
            word.slot().map_or(format!("`{{{parameter}}}`"), |slot| format!("slot {slot}"))
        };
        let (own_slot, first_slot) = (slot(self, "Self"), slot(first, "First"));
        let message = format!(
            "CROSSSLOT: `{own_name}` is of {own_slot} and `{first_name}` of {first_slot}, and a transaction of a cluster is of one slot"
        );
        let label = format!("of another slot than `{first_name}`");
        quote! {
            #[diagnostic::on_unimplemented(message = #message, label = #label, note = #REMEDY)]
        }
    }
}

const REMEDY: &str = "give the keys of one transaction one hash tag, which alone decides their slot, such as `{{user:7}}:cart` and `{{user:7}}:orders`";

/// The longest name that a message has in full.
const LONGEST_NAME: usize = 60;

/// A name in a message of rustc's, which has its parameters in braces.
fn in_format(name: &str) -> String {
    let mut short: String = name.chars().take(LONGEST_NAME).collect();
    if short.len() < name.len() {
        short.push_str("..");
    }
    short.replace('{', "{{").replace('}', "}}")
}

fn slots(span: Span) -> Ident {
    Ident::new("slots", span)
}
