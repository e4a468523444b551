//! Commands of the module `search` on dictionaries of suggestions, for a text that is being typed.

use super::replies::{FoundPart, Payload};
use crate::{
    argument::Argument,
    command::option::{Checked, Word, options},
    key::Suggestions,
    reply::FromReply,
    resp::{DecodeError, Reader},
};

options! {
    /// Options of FT.SUGADD, for [`ft_sugadd_with`](SuggestionCommands::ft_sugadd_with).
    #[derive(Clone, Debug)]
    pub struct SugaddOptions with new {
        incr: bool = "INCR",
        payload: Option<Word> = "PAYLOAD",
    }

    /// Options of FT.SUGGET, for [`ft_sugget_with`](SuggestionCommands::ft_sugget_with): how many suggestions, and what comes with
    /// each.
    #[derive(Clone, Copy, Debug)]
    pub struct SuggetOptions<S = (), P = ()> with new {
        fuzzy: bool = "FUZZY",
        withscores: bool = "WITHSCORES",
        withpayloads: bool = "WITHPAYLOADS",
        max: Option<Checked<u64>> = "MAX",
    }
}

impl SugaddOptions {
    /// Adds the score to that of the suggestion, if it exists (INCR).
    pub fn incr(self) -> Self {
        SugaddOptions { incr: true, ..self }
    }

    /// Keeps a payload with the suggestion (PAYLOAD).
    pub fn payload(self, payload: impl Argument) -> Self {
        SugaddOptions { payload: Some(Word::of(&payload)), ..self }
    }
}

impl<S, P> SuggetOptions<S, P> {
    /// Takes suggestions too that begin with a text that differs by one letter (FUZZY).
    pub fn fuzzy(self) -> Self {
        SuggetOptions { fuzzy: true, ..self }
    }

    /// Returns at most so many suggestions (MAX). The default is 5.
    pub fn max(self, suggestions: u64) -> Self {
        let none = Some("at least one suggestion must be asked for").filter(|_| suggestions == 0);
        SuggetOptions { max: Some(Checked(suggestions, none)), ..self }
    }

    /// Returns the score of each suggestion (WITHSCORES).
    pub fn withscores(self) -> SuggetOptions<f64, P> {
        SuggetOptions { withscores: true, ..SuggetOptions::retyped(self) }
    }

    /// Returns the payload of each suggestion (WITHPAYLOADS).
    pub fn withpayloads(self) -> SuggetOptions<S, Payload> {
        SuggetOptions { withpayloads: true, ..SuggetOptions::retyped(self) }
    }
}

/// A suggestion, with what the options ask for beside its text.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Suggestion<S = (), P = ()> {
    /// The text.
    pub text: String,
    /// The score: an `f64` for [`withscores`](SuggetOptions::withscores).
    pub score: S,
    /// The payload, for [`withpayloads`](SuggetOptions::withpayloads).
    pub payload: P,
}

/// The shape of the reply of FT.SUGGET: the parts of each suggestion in one array; null for a missing key.
#[derive(Debug)]
pub struct FlatSuggestions;

impl<S: FoundPart, P: FoundPart> FromReply<FlatSuggestions> for Vec<Suggestion<S, P>> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        if reader.null()? {
            return Ok(Vec::new());
        }
        let elements = reader.array()?;
        let each = 1 + usize::from(S::ASKED) + usize::from(P::ASKED);
        if elements % each != 0 {
            return Err(DecodeError::mismatch(&format!("suggestions of {each} parts"), format!("{elements} elements")));
        }
        let one = |_| {
            Ok(Suggestion {
                text: reader.text()?.to_owned(),
                score: S::read_flat(reader)?,
                payload: P::read_flat(reader)?,
            })
        };
        (0..elements / each).map(one).collect()
    }
}

commands! {
    /// Commands on dictionaries of suggestions, of the module `search`.
    ///
    /// They fail if a key holds another type.
    pub trait SuggestionCommands in cmd;

    /// Adds a suggestion with its score, or sets the score of one that exists, and returns how many there are.
    fn ft_sugadd(key @ Suggestions, text: impl Argument, score: f64) -> Integer as u64
        = "FT.SUGADD" as FtSugadd {
            since: module "search" "1.0.0", arity: -4, access: ReadWrite, effect: Creates
        };

    /// Adds a suggestion in the way of [`ft_sugadd`](Self::ft_sugadd), with options.
    fn ft_sugadd_with(key @ Suggestions, text: impl Argument, score: f64, options: SugaddOptions) -> Integer as u64
        = "FT.SUGADD" as FtSugaddWith {
            since: module "search" "1.0.0", arity: -4, access: ReadWrite, effect: Creates
        };

    /// Removes a suggestion and returns whether it existed.
    fn ft_sugdel(key @ Suggestions, text: impl Argument) -> Flag as bool
        = "FT.SUGDEL" as FtSugdel {
            since: module "search" "1.0.0", arity: 3, access: ReadWrite, effect: Preserves
        };

    /// Returns up to 5 suggestions that begin with `prefix`, those of the highest scores; none if the key does not exist.
    fn ft_sugget(key @ Suggestions, prefix: impl Argument) -> FlatSuggestions as Vec<Suggestion>
        = "FT.SUGGET" as FtSugget {
            since: module "search" "1.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns suggestions in the way of [`ft_sugget`](Self::ft_sugget), with options.
    fn ft_sugget_with<S: FoundPart, P: FoundPart>(key @ Suggestions, prefix: impl Argument, options: SuggetOptions<S, P>)
        -> FlatSuggestions as Vec<Suggestion<S, P>>
        = "FT.SUGGET" as FtSuggetWith {
            since: module "search" "1.0.0", arity: -3, access: ReadOnly, effect: Preserves
        };

    /// Returns the number of suggestions.
    fn ft_suglen(key @ Suggestions) -> Integer as u64
        = "FT.SUGLEN" as FtSuglen {
            since: module "search" "1.0.0", arity: 2, access: ReadOnly, effect: Preserves
        };
}
