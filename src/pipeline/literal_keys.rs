//! What `pipeline!` asks of literal keys, on the tokens of the commands that it queued.

use super::{
    Pipeline,
    decode::{Each, When},
    entry::EntryToken,
    mode::Mode,
    state::Queued,
};
use crate::command::literal::{
    Anywhere, At, Effect, Followed, Holds, Left, Mask, Passage, Passed, State, Touches, Wants,
};

impl<C: Touches> Touches for Each<C> {
    type Arguments = ();
    type Elsewhere = Anywhere<C>;
}

impl<C: Touches> Touches for When<C> {
    type Arguments = ();
    type Elsewhere = Anywhere<C>;
}

/// For `pipeline!`: what is known of any key before the first command.
#[inline]
pub fn follow<L, M: Mode, V>(_: &Pipeline<Queued<L, M>, V>) -> Followed<M::Key> {
    Followed::new()
}

/// For `pipeline!`: what is known of a key behind a command that names it by a literal, at the argument `A`. Fails to
/// compile where the command is certain to fail on what the key holds before.
#[inline]
pub fn holds<A: At, C: Touches, S: State>(_: Followed<S>, _: EntryToken<C>) -> Followed<Left<C, A, S>>
where
    Wants<C, A>: Holds<S, C>,
{
    Followed::new()
}

/// For `pipeline!`: what a command, of which `M` says how it is written, does to keys that it does not name.
#[inline]
pub fn passage<M: Mask, C: Touches>(_: EntryToken<C>) -> Passage<Passed<C, M>> {
    Passage::new()
}

/// For `pipeline!`: what two neighbours do.
#[inline]
pub fn both<A: Effect, B: Effect>(_: Passage<A>, _: Passage<B>) -> Passage<A::And<B>> {
    Passage::new()
}

/// For `pipeline!`: what is known of a key behind commands that do not name it by a literal.
#[inline]
pub fn past<E: Effect, S: State>(_: Followed<S>, _: Passage<E>) -> Followed<E::Past<S>> {
    Followed::new()
}
