//! The questions of `pipeline!` about literal keys, answered on the tokens of the queued commands.

use super::{
    decode::{Each, When},
    entry::EntryToken,
    mode::Mode,
    pipeline::Pipeline,
    state::Queued,
};
use crate::command::literal_keys::{
    Anywhere, At, Effect, Followed, Holds, KeyEffects, Left, Mask, Passage, Passed, State, Wants,
};

impl<C: KeyEffects> KeyEffects for Each<C> {
    type Arguments = ();
    type Elsewhere = Anywhere<C>;
}

impl<C: KeyEffects> KeyEffects for When<C> {
    type Arguments = ();
    type Elsewhere = Anywhere<C>;
}

/// For `pipeline!`: the state of any key before the first command.
#[inline]
pub fn track<L, M: Mode, V>(_: &Pipeline<Queued<L, M>, V>) -> Followed<M::Key> {
    Followed::new()
}

/// For `pipeline!`: the state of a key behind a command that names it by a literal, at the argument `A`. Does not compile
/// where the command is certain to fail on the state before.
#[inline]
pub fn check<A: At, C: KeyEffects, S: State>(_: Followed<S>, _: EntryToken<C>) -> Followed<Left<C, A, S>>
where
    Wants<C, A>: Holds<S, C>,
{
    Followed::new()
}

/// For `pipeline!`: the effect of a command, whose literal arguments are those of `M`, on keys that it does not name.
#[inline]
pub fn effect<M: Mask, C: KeyEffects>(_: EntryToken<C>) -> Passage<Passed<C, M>> {
    Passage::new()
}

/// For `pipeline!`: the effect of one command, or run of commands, and then of the next.
#[inline]
pub fn join<A: Effect, B: Effect>(_: Passage<A>, _: Passage<B>) -> Passage<A::And<B>> {
    Passage::new()
}

/// For `pipeline!`: the state of a key behind commands that do not name it by a literal.
#[inline]
pub fn apply<E: Effect, S: State>(_: Followed<S>, _: Passage<E>) -> Followed<E::Past<S>> {
    Followed::new()
}
