//! The analysis of literal keys on the tokens of the queued commands, called by `pipeline!`.

use super::{
    decode::{Each, When},
    entry::EntryToken,
    mode::Mode,
    pipeline::Pipeline,
    state::Queued,
};
use crate::command::literal_keys::{
    ArgumentForms, ArgumentIndex, CombinedEffect, CompatibleWith, Effect, EffectOf, EffectOnAnyKey, KeyEffects,
    RequiredBy, State, StateAfter, Tracked,
};

impl<C: KeyEffects> KeyEffects for Each<C> {
    type Arguments = ();
    type OnOtherKeys = EffectOnAnyKey<C>;
}

impl<C: KeyEffects> KeyEffects for When<C> {
    type Arguments = ();
    type OnOtherKeys = EffectOnAnyKey<C>;
}

/// For `pipeline!`: the state of any key before the first command.
#[inline]
pub fn track<L, M: Mode, V, T>(_: &Pipeline<Queued<L, M>, V, T>) -> Tracked<M::InitialState> {
    Tracked::new()
}

/// For `pipeline!`: the state of a key behind a command that names it by a literal, at the argument `A`. Does not compile
/// where the command is certain to fail on the state before.
#[inline]
pub fn check<A: ArgumentIndex, C: KeyEffects, S: State>(_: Tracked<S>, _: EntryToken<C>) -> Tracked<StateAfter<C, A, S>>
where
    RequiredBy<C, A>: CompatibleWith<S, C>,
{
    Tracked::new()
}

/// For `pipeline!`: the effect of a command, whose literal arguments are those of `M`, on keys that it does not name.
#[inline]
pub fn effect<M: ArgumentForms, C: KeyEffects>(_: EntryToken<C>) -> CombinedEffect<EffectOf<C, M>> {
    CombinedEffect::new()
}

/// For `pipeline!`: the effect of one command, or run of commands, and then of the next.
#[inline]
pub fn join<A: Effect, B: Effect>(_: CombinedEffect<A>, _: CombinedEffect<B>) -> CombinedEffect<A::And<B>> {
    CombinedEffect::new()
}

/// For `pipeline!`: the state of a key behind commands that do not name it by a literal.
#[inline]
pub fn apply<E: Effect, S: State>(_: Tracked<S>, _: CombinedEffect<E>) -> Tracked<E::After<S>> {
    Tracked::new()
}
