//! Abstract interpretation of one key's type over the commands of a [`pipeline!`](macro@crate::pipeline) block that
//! names the key as a literal. Nothing here is for use by hand. The module is documented because compile errors print
//! these types, and rustc prints hidden items with their whole paths.
//!
//! - A [`State`] is an element of the lattice: one certain type of value, or [`unknown`] (top).
//! - A [`Fact`] is the transfer function of one argument of a command: the requirement on the state before, and the
//!   state after. It follows from the row's [`KeyEffect`](crate::command::KeyEffect) and
//!   [`OnWrongType`](crate::command::OnWrongType).
//! - The macro knows no commands. It only says which arguments are the literal itself, which are other literals, and
//!   which are expressions, which may evaluate to any key.
//!
//! Every function from types to types is total: whatever is not known, or is a mistake in the program, becomes
//! [`unknown`]. Only [`Holds`] can fail, and its failure is the compile error.

use std::marker::PhantomData;

/// The effects of a command on keys, as types. [`commands!`](macro@crate::commands) implements it for every row.
pub trait KeyEffects {
    /// The facts of the arguments, in their order.
    type Arguments: Facts;
    /// The effect on keys that are not among the arguments.
    type Elsewhere: Effect;
}

/// The state of a key between two commands: its certain kind, or [`unknown`].
pub trait State {
    /// The state after a command that leaves a `K` and fails on any other kind: a known kind stays.
    type Meets<K: State>: State;
    /// The state after a command that leaves a `K`, whatever the key held before.
    type Becomes<K: State>: State;
    /// The state after the key may have been removed or overwritten.
    type Forgotten: State;
}

/// The need of a key argument: one kind, one of several, or [`nothing`].
pub trait Need {
    /// The state after a command that leaves the key as the argument needs it.
    type After<S: State>: State;
    /// The same for a command that overwrites any value.
    type Over<S: State>: State;
}

/// A need that a key in the state `Held` may satisfy. If it is not implemented, the command `C` is certain to fail.
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

/// Needs that several kinds satisfy, so that the kind stays unknown afterwards.
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
    /// The kind of `Str`.
    a_string;
    /// The kind of `List`.
    a_list;
    /// The kind of `Set`.
    a_set;
    /// The kind of `SortedSet`.
    a_sorted_set;
    /// The kind of `Hash`.
    a_hash;
}
several! {
    /// The need of `Sortable`.
    a_list_or_set_or_sorted_set: a_list a_set a_sorted_set;
    /// The need of `AnySet`.
    a_set_or_sorted_set: a_set a_sorted_set;
    /// The need of `AnyKind`.
    nothing: a_string a_list a_set a_sorted_set a_hash;
}

/// The top of the lattice: the key may hold anything, or not exist.
#[allow(non_camel_case_types)]
#[derive(Debug)]
pub struct unknown;

impl State for unknown {
    type Meets<K: State> = K;
    type Becomes<K: State> = K;
    type Forgotten = unknown;
}

/// A state that never changes, for pipelines without MULTI, where commands of other clients may come between.
#[allow(non_camel_case_types)]
#[derive(Debug)]
pub struct unjudged;

impl State for unjudged {
    type Meets<K: State> = unjudged;
    type Becomes<K: State> = unjudged;
    type Forgotten = unjudged;
}

/// The effect of a command on a key that it may or may not touch.
pub trait Effect {
    /// The state of the key after the command.
    type Past<S: State>: State;
    /// The effect of this command and then of another.
    type And<E: Effect>: Effect;
}

/// The key is neither removed nor overwritten.
#[derive(Debug)]
pub struct Keeps;

/// The key may be removed or overwritten.
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

/// The transfer function of one argument for the key that it names.
pub trait Fact {
    /// The need without which the command fails.
    type Wants: Need;
    /// The state of the key after the command.
    type Left<S: State>: State;
    /// The effect on another key, which may be the same one.
    type Effect: Effect;
}

/// A key argument with the need `N`, an effect `E` of [`effect`] and a policy `W` of [`on_wrong_type`].
#[derive(Debug)]
pub struct Key<N, E, W>(PhantomData<fn() -> (N, E, W)>);

impl<N: Need, E: effect::KeyEffect, W: on_wrong_type::OnWrongType> Fact for Key<N, E, W> {
    type Wants = W::Wants<N>;
    type Left<S: State> = E::Left<N, S>;
    type Effect = E::Effect;
}

/// An argument that is not a key.
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
        /// The state after a command with the need `N` on a key in the state `S`.
        type Left<N: Need, S: State>: State;
        /// The effect on another key, which may be the same one.
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

    /// The policy of a command on a key of another kind.
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
    /// The fact of the first argument.
    type First: Fact;
    /// The facts of the other arguments.
    type Rest: Facts;
    /// The effect of the command on a key that none of its literals names. The mask `M` says which arguments are
    /// literals.
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

/// The form of the arguments of a call, as a list of pairs. An argument that is not in the list is a literal.
pub trait Mask {
    /// The form of the first argument.
    type First: Role;
    /// The forms of the other arguments.
    type Rest: Mask;
}

/// The form of an argument.
pub trait Role {
    /// The effect of the argument on a key that is not written there.
    type Effect<F: Fact>: Effect;
}

/// A literal, which names exactly the key that is written there.
#[derive(Debug)]
pub struct Literal;

/// Any other expression, which may evaluate to any key.
#[derive(Debug)]
pub struct Expression;

/// A mask of expressions only, of any length.
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

/// The position of an argument: [`Here`] is the first, `Next<Here>` the second.
pub trait At {
    /// The fact of that argument.
    type Of<F: Facts>: Fact;
}

/// The position of the first argument.
#[derive(Debug)]
pub struct Here;

/// The position after `A`.
#[derive(Debug)]
pub struct Next<A>(PhantomData<fn() -> A>);

impl At for Here {
    type Of<F: Facts> = F::First;
}
impl<A: At> At for Next<A> {
    type Of<F: Facts> = A::Of<F::Rest>;
}

/// A key in the state `S`, which `pipeline!` tracks.
#[derive(Debug)]
pub struct Followed<S>(PhantomData<fn() -> S>);

impl<S: State> Followed<S> {
    pub(crate) fn new() -> Self {
        Followed(PhantomData)
    }
}

/// The effect of one or several commands on a key that none of their literals names.
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

/// The need of the command `C` for the key at the argument `A`.
pub type Wants<C, A> = <<A as At>::Of<<C as KeyEffects>::Arguments> as Fact>::Wants;

/// The state after the command `C` of a key in the state `S` that is the argument `A`.
pub type Left<C, A, S> = <<A as At>::Of<<C as KeyEffects>::Arguments> as Fact>::Left<S>;

/// The effect of the command `C`, whose arguments have the forms `M`, on a key that none of its literals names.
pub type Passed<C, M> =
    <<C as KeyEffects>::Elsewhere as Effect>::And<<<C as KeyEffects>::Arguments as Facts>::Effect<M>>;

/// The effect of a command on all keys that it may touch, whatever the form of its arguments.
pub type Anywhere<C> = Passed<C, Expressions>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        command::{self, KeySpec},
        key::KeyType,
    };
    use std::any::TypeId;

    /// Whether the command fails on other kinds, certainly leaves a list, and keeps a key that may be the same.
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
            let data = [key.fails_on(&KeyType::Set), key.leaves_type().is_some(), key.preserves()];
            assert_eq!(types, data, "{key:?}");
            assert!(!key.fails_on(&KeyType::List));
        }
    }
}
