//! Abstract interpretation of one key's type over the commands of a [`pipeline!`](macro@crate::pipeline) block that names the key
//! as a literal. Errors of the compiler name these types; nothing here is for use by hand.
//!
//! - A [`State`] is an element of the lattice: one type of value for certain, or [`unknown`] (top).
//! - A [`Fact`] is the transfer function of one argument of a command: what it requires of the state before, and the state
//!   behind it. It follows from the row's facts, [`KeyEffect`](crate::command::KeyEffect) and
//!   [`OnWrongType`](crate::command::OnWrongType).
//! - The macro, which knows no command, says only which arguments are the literal itself, which are other literals, and
//!   which are expressions, which may name any key.
//!
//! Every function from types to types is total: what is not known, or is a mistake of the user's, becomes [`unknown`]. Only
//! [`Holds`] can fail, and its failure is the error that the user reads.

use std::marker::PhantomData;

/// What a command does to keys, as types; [`commands!`](macro@crate::commands) says it of every row.
pub trait KeyEffects {
    /// The facts of its arguments, in their order.
    type Arguments: Facts;
    /// What it may do to keys that it does not name.
    type Elsewhere: Effect;
}

/// The state of a key between two commands: its kind if that is certain, or [`unknown`].
pub trait State {
    /// The state behind a command that left a `K` and fails on any other kind: what is known stays so.
    type Meets<K: State>: State;
    /// The state behind a command that left a `K` whatever was there.
    type Becomes<K: State>: State;
    /// The state once the key may have been removed or overwritten.
    type Forgotten: State;
}

/// What an argument wants of its key: one kind, one of several, or [`nothing`].
pub trait Need {
    /// The state of a key after a command that left it as what the argument wants.
    type After<S: State>: State;
    /// The same, where the command overwrites whatever was there.
    type Over<S: State>: State;
}

/// Of a need: a key in the state `Held` may satisfy it. If not, the command `C` is certain to fail.
#[diagnostic::on_unimplemented(
    message = "WRONGTYPE: this key is {Held} by now, and `{C}` wants {Self}",
    label = "certain to fail: nothing can come between the commands of one block",
    note = "use another key, or remove this one in between: `del(key)`"
)]
pub trait Holds<Held, C> {}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident;)*) => {$(
        $(#[$doc])*
        #[allow(non_camel_case_types)]
        #[derive(Debug)]
        pub struct $kind;

        impl State for $kind {
            type Meets<K: State> = $kind;
            type Becomes<K: State> = K;
            type Forgotten = unknown;
        }
        impl Need for $kind {
            type After<S: State> = S::Meets<$kind>;
            type Over<S: State> = S::Becomes<$kind>;
        }
        fits! { $kind: $kind unknown unjudged }
    )*};
}

/// Needs that several kinds satisfy, after which it is not known which of them it was.
macro_rules! several {
    ($($(#[$doc:meta])* $need:ident: $($kind:ident)*;)*) => {$(
        $(#[$doc])*
        #[allow(non_camel_case_types)]
        #[derive(Debug)]
        pub struct $need;

        impl Need for $need {
            type After<S: State> = S;
            type Over<S: State> = S::Forgotten;
        }
        fits! { $need: $($kind)* unknown unjudged }
    )*};
}

macro_rules! fits {
    ($need:ident: $($held:ident)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<C> Holds<$held, C> for $need {}
    )*};
}

kinds! {
    /// What `Str` needs and leaves.
    a_string;
    /// What `List` needs and leaves.
    a_list;
    /// What `Set` needs and leaves.
    a_set;
    /// What `SortedSet` needs and leaves.
    a_sorted_set;
    /// What `Hash` needs and leaves.
    a_hash;
}
several! {
    /// What `Sortable` needs.
    a_list_or_set_or_sorted_set: a_list a_set a_sorted_set;
    /// What `AnySet` needs.
    a_set_or_sorted_set: a_set a_sorted_set;
    /// What `AnyKind` needs.
    nothing: a_string a_list a_set a_sorted_set a_hash;
}

/// The key may hold anything, or not exist.
#[allow(non_camel_case_types)]
#[derive(Debug)]
pub struct unknown;

impl State for unknown {
    type Meets<K: State> = K;
    type Becomes<K: State> = K;
    type Forgotten = unknown;
}

/// Nothing will ever be known: without MULTI, commands of others may come between.
#[allow(non_camel_case_types)]
#[derive(Debug)]
pub struct unjudged;

impl State for unjudged {
    type Meets<K: State> = unjudged;
    type Becomes<K: State> = unjudged;
    type Forgotten = unjudged;
}

/// What a command does to a key that it may or may not name.
pub trait Effect {
    /// The state of the key behind the command.
    type Past<S: State>: State;
    /// The effect of this and then of another.
    type And<E: Effect>: Effect;
}

/// It removes and overwrites nothing.
#[derive(Debug)]
pub struct Keeps;

/// It may remove or overwrite the key.
#[derive(Debug)]
pub struct Clears;

impl Effect for Keeps {
    type Past<S: State> = S;
    type And<E: Effect> = E;
}
impl Effect for Clears {
    type Past<S: State> = S::Forgotten;
    type And<E: Effect> = Clears;
}

/// What one argument means for the key that it names.
pub trait Fact {
    /// What the command fails without.
    type Wants: Need;
    /// The state of the key behind the command.
    type Left<S: State>: State;
    /// What it means for another key that may be the same.
    type Effect: Effect;
}

/// An argument that is a key of the need `N`, with an effect `E` of [`effect`] and a policy `W` of [`on_wrong_type`].
#[derive(Debug)]
pub struct Key<N, E, W>(PhantomData<fn() -> (N, E, W)>);

impl<N: Need, E: effect::KeyEffect, W: on_wrong_type::OnWrongType> Fact for Key<N, E, W> {
    type Wants = W::Wants<N>;
    type Left<S: State> = E::Left<N, S>;
    type Effect = E::Effect;
}

/// An argument that is no key.
#[derive(Debug)]
pub struct NoKey;

impl Fact for NoKey {
    type Wants = nothing;
    type Left<S: State> = S;
    type Effect = Keeps;
}

/// The variants of [`KeyEffect`](crate::command::KeyEffect) as types.
pub mod effect {
    use super::{Clears, Effect, Keeps, Need, State};

    /// The transfer function of an effect.
    pub trait KeyEffect {
        /// The state of the key behind the command, which needed an `N` in the state `S`.
        type Left<N: Need, S: State>: State;
        /// The effect on another key that may be the same.
        type Effect: Effect;
    }

    macro_rules! effects {
        ($($name:ident: leaves |$need:ident, $state:ident| $left:ty, $effect:ident;)*) => {$(
            #[doc = concat!("[`", stringify!($name), "`](crate::command::KeyEffect::", stringify!($name), ").")]
            #[derive(Debug)]
            pub struct $name;

            impl KeyEffect for $name {
                type Left<$need: Need, $state: State> = $left;
                type Effect = $effect;
            }
        )*};
    }

    effects! {
        Preserves: leaves |N, S| S, Keeps;
        Creates: leaves |N, S| N::After<S>, Keeps;
        MayRemove: leaves |N, S| S::Forgotten, Clears;
        Replaces: leaves |N, S| N::Over<S>, Clears;
        Unknown: leaves |N, S| S::Forgotten, Clears;
    }
}

/// The variants of [`OnWrongType`](crate::command::OnWrongType) as types.
pub mod on_wrong_type {
    use super::{Need, nothing};

    /// Whether a command fails on a key of another kind.
    pub trait OnWrongType {
        /// The need without which the command is certain to fail.
        type Wants<N: Need>: Need;
    }

    /// [`Fails`](crate::command::OnWrongType::Fails).
    #[derive(Debug)]
    pub struct Fails;

    /// [`Ignores`](crate::command::OnWrongType::Ignores).
    #[derive(Debug)]
    pub struct Ignores;

    impl OnWrongType for Fails {
        type Wants<N: Need> = N;
    }
    impl OnWrongType for Ignores {
        type Wants<N: Need> = nothing;
    }
}

/// The facts of a command's arguments: a list of pairs, `(F, (G, ()))`.
pub trait Facts {
    /// That of the first argument.
    type First: Fact;
    /// Those of the others.
    type Rest: Facts;
    /// What the command does to a key that it does not name by a literal, where `M` says which arguments are literals.
    type Effect<M: Mask>: Effect;
}

impl Facts for () {
    type First = NoKey;
    type Rest = ();
    type Effect<M: Mask> = Keeps;
}
impl<F: Fact, R: Facts> Facts for (F, R) {
    type First = F;
    type Rest = R;
    type Effect<M: Mask> = <<M::First as Role>::Effect<F> as Effect>::And<R::Effect<M::Rest>>;
}

/// How the arguments of a call are written: a list of pairs again. What is not in it is a literal.
pub trait Mask {
    /// The first argument.
    type First: Role;
    /// The others.
    type Rest: Mask;
}

/// How an argument is written.
pub trait Role {
    /// What the argument means for a key that is not written there.
    type Effect<F: Fact>: Effect;
}

/// A literal: it names the key that is written there and no other.
#[derive(Debug)]
pub struct Literal;

/// Anything else, which may name any key.
#[derive(Debug)]
pub struct Expression;

/// Expressions alone, as many as there are.
#[derive(Debug)]
pub struct Expressions;

impl Role for Literal {
    type Effect<F: Fact> = Keeps;
}
impl Role for Expression {
    type Effect<F: Fact> = F::Effect;
}
impl Mask for () {
    type First = Literal;
    type Rest = ();
}
impl<R: Role, M: Mask> Mask for (R, M) {
    type First = R;
    type Rest = M;
}
impl Mask for Expressions {
    type First = Expression;
    type Rest = Expressions;
}

/// Which argument of a command: [`Here`] is the first, `Next<Here>` the second.
pub trait At {
    /// The fact of that argument.
    type Of<F: Facts>: Fact;
}

/// The first.
#[derive(Debug)]
pub struct Here;

/// The one behind `A`.
#[derive(Debug)]
pub struct Next<A>(PhantomData<fn() -> A>);

impl At for Here {
    type Of<F: Facts> = F::First;
}
impl<A: At> At for Next<A> {
    type Of<F: Facts> = A::Of<F::Rest>;
}

/// A key in the state `S`, for `pipeline!` to follow.
#[derive(Debug)]
pub struct Followed<S>(PhantomData<fn() -> S>);

impl<S: State> Followed<S> {
    pub(crate) fn new() -> Self {
        Followed(PhantomData)
    }
}

/// What one command or several do to a key that they do not name by a literal, for `pipeline!` to let a key pass.
#[derive(Debug)]
pub struct Passage<E>(PhantomData<fn() -> E>);

impl<E> Clone for Passage<E> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<E> Copy for Passage<E> {}

impl<E: Effect> Passage<E> {
    pub(crate) fn new() -> Self {
        Passage(PhantomData)
    }
}

/// What the command `C` wants of the key that it names at the argument `A`.
pub type Wants<C, A> = <<A as At>::Of<<C as KeyEffects>::Arguments> as Fact>::Wants;

/// The state of a key in the state `S` behind the command `C`, which names it at the argument `A`.
pub type Left<C, A, S> = <<A as At>::Of<<C as KeyEffects>::Arguments> as Fact>::Left<S>;

/// What the command `C`, written as `M` says, may do to a key that it does not name by a literal.
pub type Passed<C, M> =
    <<C as KeyEffects>::Elsewhere as Effect>::And<<<C as KeyEffects>::Arguments as Facts>::Effect<M>>;

/// What a command does to all the keys that it may touch, however they are written.
pub type Anywhere<C> = Passed<C, Expressions>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        command::{self, KeySpec},
        key::KeyType,
    };
    use std::any::TypeId;

    /// Whether it fails on other kinds, surely leaves a list, and keeps what may be the same key.
    fn judgements<F: Fact<Wants: 'static, Effect: 'static, Left<unknown>: 'static>>() -> [bool; 3] {
        [
            TypeId::of::<F::Wants>() == TypeId::of::<a_list>(),
            TypeId::of::<F::Left<unknown>>() == TypeId::of::<a_list>(),
            TypeId::of::<F::Effect>() == TypeId::of::<Keeps>(),
        ]
    }

    macro_rules! facts {
        ($($effect:ident $policy:ident;)*) => {
            [$((
                KeySpec::new("key", &[KeyType::List], command::KeyEffect::$effect, command::OnWrongType::$policy, 1),
                judgements::<Key<a_list, effect::$effect, on_wrong_type::$policy>>(),
            )),*]
        };
    }

    #[test]
    fn the_facts_mean_the_same_as_types_and_as_data() {
        let facts = facts! {
            Preserves Fails;
            Preserves Ignores;
            Creates Fails;
            MayRemove Fails;
            MayRemove Ignores;
            Replaces Fails;
            Replaces Ignores;
            Unknown Fails;
            Unknown Ignores;
        };
        for (key, types) in facts {
            let data = [key.refuses(&KeyType::Set), key.surely_leaves().is_some(), key.keeps()];
            assert_eq!(types, data, "{key:?}");
            assert!(!key.refuses(&KeyType::List));
        }
    }
}
