//! Abstract interpretation of one key's type over the commands of a [`pipeline!`](macro@crate::pipeline) block that
//! names the key as a literal. Nothing here is for use by hand. The module is documented because compile errors print
//! these types, and rustc prints hidden items with their whole paths.
//!
//! - A [`State`] is an element of the lattice: one certain type of value, or [`unknown`] (top).
//! - A [`Transfer`] is the transfer function of one argument of a command: the requirement on the state before, and the
//!   state after. It follows from the row's [`KeyEffect`](crate::command::KeyEffect) and
//!   [`OnWrongType`](crate::command::OnWrongType).
//! - The macro knows no commands. It only says which arguments are the literal itself, which are other literals, and
//!   which are expressions, which may evaluate to any key.
//!
//! Every function from types to types is total: whatever is not known, or is a mistake in the program, becomes
//! [`unknown`]. Only [`CompatibleWith`] can fail, and its failure is the compile error.

use super::literal_slots::SlotState;
use crate::key::for_each_kind;
use std::marker::PhantomData;

/// The effects of a command on keys, as types. [`commands!`](macro@crate::commands) implements it for every row.
pub trait KeyEffects {
    /// The effects on the arguments, in their order.
    type Arguments: ArgumentEffects;
    /// The effect on keys that are not among the arguments.
    type OnOtherKeys: Effect;
}

/// The state of a key between two commands: its certain kind, or [`unknown`].
pub trait State {
    /// The state after a command that leaves a `K` and fails on any other kind: a known kind stays.
    type Refine<K: State>: State;
    /// The state after a command that leaves a `K`, whatever the key held before.
    type Assign<K: State>: State;
    /// The state after the key may have been removed or overwritten.
    type Top: State;
}

/// The need of a key argument: one kind, one of several, or [`nothing`].
pub trait Need {
    /// The state after a command that leaves the key as the argument needs it.
    type Refined<S: State>: State;
    /// The same for a command that overwrites any value.
    type Assigned<S: State>: State;
}

/// A need that a key in the state `Held` may satisfy. Without an impl, the command `C` is certain to fail.
#[diagnostic::on_unimplemented(
    message = "WRONGTYPE: this key is {Held} by now, and `{C}` wants {Self}",
    label = "certain to fail: nothing can come between the commands of one block",
    note = "use another key, or remove this one in between: `del(key)`"
)]
pub trait CompatibleWith<Held, C> {}

/// One state for each kind of key, which is the need of that kind too.
macro_rules! states {
    ($($kind:ident $type:ident $state:ident),*) => {$(
        #[doc = concat!("The state of a key that holds a `", stringify!($kind), "`.")]
        #[allow(non_camel_case_types, reason = "compile errors print the name as words of a sentence")]
        #[derive(Debug)]
        pub struct $state;

        impl State for $state {
            type Refine<K: State> = $state;
            type Assign<K: State> = K;
            type Top = unknown;
        }
        impl Need for $state {
            type Refined<S: State> = S::Refine<$state>;
            type Assigned<S: State> = S::Assign<$state>;
        }
        satisfies! { $state: $state unknown Untracked }
    )*};
}

/// The need of commands that work on a key of any kind.
macro_rules! nothing {
    ($($kind:ident $type:ident $state:ident),*) => {
        several! {
            /// The need of `AnyKind`.
            nothing: $($state)*;
        }
    };
}

/// Needs that several kinds satisfy, so that the kind stays unknown afterwards.
macro_rules! several {
    ($($(#[$doc:meta])* $need:ident: $($state:ident)*;)*) => {$(
        $(#[$doc])*
        #[allow(non_camel_case_types, reason = "compile errors print the name as words of a sentence")]
        #[derive(Debug)]
        pub struct $need;

        impl Need for $need {
            type Refined<S: State> = S;
            type Assigned<S: State> = S::Top;
        }
        satisfies! { $need: $($state)* unknown Untracked }
    )*};
}

macro_rules! satisfies {
    ($need:ident: $($held:ident)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<C> CompatibleWith<$held, C> for $need {}
    )*};
}

for_each_kind! { states }
for_each_kind! { nothing }
#[cfg(feature = "bloom")]
states! {
    BloomFilter BloomFilter a_bloom_filter,
    CuckooFilter CuckooFilter a_cuckoo_filter,
    CountMinSketch CountMinSketch a_count_min_sketch,
    TopK TopK a_top_k,
    TDigest TDigest a_t_digest
}
#[cfg(feature = "json")]
states! {
    Json Json a_json_document
}
#[cfg(feature = "time_series")]
states! {
    TimeSeries TimeSeries a_time_series
}
#[cfg(feature = "time_series")]
satisfies! { nothing: a_time_series }
#[cfg(feature = "json")]
satisfies! { nothing: a_json_document }
#[cfg(feature = "bloom")]
satisfies! { nothing: a_bloom_filter a_cuckoo_filter a_count_min_sketch a_top_k a_t_digest }
several! {
    /// The need of `Sortable`.
    a_list_or_set_or_sorted_set: a_list a_set a_sorted_set;
    /// The need of `AnySet`.
    a_set_or_sorted_set: a_set a_sorted_set;
}

/// The top of the lattice: the key may hold anything, or not exist.
#[allow(non_camel_case_types, reason = "compile errors print the name as a word of a sentence")]
#[derive(Debug)]
pub struct unknown;

impl State for unknown {
    type Refine<K: State> = K;
    type Assign<K: State> = K;
    type Top = unknown;
}

/// The state of every key in pipelines without MULTI, where commands of other clients may come between. It never changes.
#[derive(Debug)]
pub struct Untracked;

impl State for Untracked {
    type Refine<K: State> = Untracked;
    type Assign<K: State> = Untracked;
    type Top = Untracked;
}

/// The effect of a command on a key that it may or may not touch.
pub trait Effect {
    /// The state of the key after the command.
    type After<S: State>: State;
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
    type After<S: State> = S;
    type And<E: Effect> = E;
}
impl Effect for Clears {
    type After<S: State> = S::Top;
    type And<E: Effect> = Clears;
}

/// The transfer function of one argument for the key that it names.
pub trait Transfer {
    /// The need without which the command fails.
    type Required: Need;
    /// The state of the key after the command.
    type After<S: State>: State;
    /// The effect on another key, which may be the same one.
    type Effect: Effect;
    /// `Key` where the argument is a key, else `Other`.
    type IfKey<Key: SlotState, Other: SlotState>: SlotState;
}

/// A key argument with the need `N`, an effect `E` of [`effect`] and a policy `W` of [`on_wrong_type`].
#[derive(Debug)]
pub struct KeyArgument<N, E, W>(PhantomData<fn() -> (N, E, W)>);

impl<N: Need, E: effect::KeyEffect, W: on_wrong_type::OnWrongType> Transfer for KeyArgument<N, E, W> {
    type Required = W::Required<N>;
    type After<S: State> = E::After<N, S>;
    type Effect = E::Effect;
    type IfKey<Key: SlotState, Other: SlotState> = Key;
}

/// An argument that is not a key.
#[derive(Debug)]
pub struct ValueArgument;

impl Transfer for ValueArgument {
    type Required = nothing;
    type After<S: State> = S;
    type Effect = Keeps;
    type IfKey<Key: SlotState, Other: SlotState> = Other;
}

/// The variants of [`KeyEffect`](crate::command::KeyEffect) as types.
pub mod effect {
    use super::{Clears, Effect, Keeps, Need, State};

    /// The transfer function of an effect.
    pub trait KeyEffect {
        /// The state after a command with the need `N` on a key in the state `S`.
        type After<N: Need, S: State>: State;
        /// The effect on another key, which may be the same one.
        type Effect: Effect;
    }

    macro_rules! effects {
        ($($name:ident: leaves |$need:ident, $state:ident| $left:ty, $effect:ident;)*) => {$(
            #[doc = concat!("[`", stringify!($name), "`](crate::command::KeyEffect::", stringify!($name), ").")]
            #[derive(Debug)]
            pub struct $name;

            impl KeyEffect for $name {
                type After<$need: Need, $state: State> = $left;
                type Effect = $effect;
            }
        )*};
    }

    effects! {
        Preserves: leaves |N, S| S, Keeps;
        Creates: leaves |N, S| N::Refined<S>, Keeps;
        MayRemove: leaves |N, S| S::Top, Clears;
        Replaces: leaves |N, S| N::Assigned<S>, Clears;
        Unknown: leaves |N, S| S::Top, Clears;
    }
}

/// The variants of [`OnWrongType`](crate::command::OnWrongType) as types.
pub mod on_wrong_type {
    use super::{Need, nothing};

    /// The policy of a command on a key of another kind.
    pub trait OnWrongType {
        /// The need without which the command is certain to fail.
        type Required<N: Need>: Need;
    }

    /// [`Fails`](crate::command::OnWrongType::Fails).
    #[derive(Debug)]
    pub struct Fails;

    /// [`Ignores`](crate::command::OnWrongType::Ignores).
    #[derive(Debug)]
    pub struct Ignores;

    impl OnWrongType for Fails {
        type Required<N: Need> = N;
    }
    impl OnWrongType for Ignores {
        type Required<N: Need> = nothing;
    }
}

/// The transfer functions of a command's arguments: a list of pairs, `(F, (G, ()))`.
pub trait ArgumentEffects {
    /// The transfer function of the first argument.
    type First: Transfer;
    /// The transfer functions of the other arguments.
    type Rest: ArgumentEffects;
    /// The effect of the command on a key that none of its literals names. The forms `M` say which arguments are
    /// literals.
    type Effect<M: ArgumentForms>: Effect;
}

impl ArgumentEffects for () {
    type First = ValueArgument;
    type Rest = ();
    type Effect<M: ArgumentForms> = Keeps;
}
impl<F: Transfer, R: ArgumentEffects> ArgumentEffects for (F, R) {
    type First = F;
    type Rest = R;
    type Effect<M: ArgumentForms> = <<M::First as ArgumentForm>::Effect<F> as Effect>::And<R::Effect<M::Rest>>;
}

/// The form of the arguments of a call, as a list of pairs. An argument that is not in the list is a literal.
pub trait ArgumentForms {
    /// The form of the first argument.
    type First: ArgumentForm;
    /// The forms of the other arguments.
    type Rest: ArgumentForms;
}

/// The form of an argument.
pub trait ArgumentForm {
    /// The effect of the argument on a key that is not written there.
    type Effect<F: Transfer>: Effect;
}

/// A literal, which names exactly the key that is written there.
#[derive(Debug)]
pub struct Literal;

/// Any other expression, which may evaluate to any key.
#[derive(Debug)]
pub struct Expression;

/// The forms of any number of arguments, all of them expressions.
#[derive(Debug)]
pub struct Expressions;

impl ArgumentForm for Literal {
    type Effect<F: Transfer> = Keeps;
}
impl ArgumentForm for Expression {
    type Effect<F: Transfer> = F::Effect;
}
impl ArgumentForms for () {
    type First = Literal;
    type Rest = ();
}
impl<R: ArgumentForm, M: ArgumentForms> ArgumentForms for (R, M) {
    type First = R;
    type Rest = M;
}
impl ArgumentForms for Expressions {
    type First = Expression;
    type Rest = Expressions;
}

/// The index of an argument: [`First`] is the first, `Next<First>` the second.
pub trait ArgumentIndex {
    /// The transfer function of that argument.
    type Of<F: ArgumentEffects>: Transfer;
}

/// The keys of a WATCH, as if it were a command of one argument.
#[derive(Debug)]
pub struct WatchedKeys;

impl KeyEffects for WatchedKeys {
    type Arguments = (KeyArgument<nothing, effect::Preserves, on_wrong_type::Ignores>, ());
    type OnOtherKeys = Keeps;
}

/// The index of the first argument.
#[derive(Debug)]
pub struct First;

/// The index after `A`.
#[derive(Debug)]
pub struct Next<A>(PhantomData<fn() -> A>);

impl ArgumentIndex for First {
    type Of<F: ArgumentEffects> = F::First;
}
impl<A: ArgumentIndex> ArgumentIndex for Next<A> {
    type Of<F: ArgumentEffects> = A::Of<F::Rest>;
}

/// A key in the state `S`, which `pipeline!` tracks.
#[derive(Debug)]
pub struct Tracked<S>(PhantomData<fn() -> S>);

impl<S: State> Tracked<S> {
    pub(crate) fn new() -> Self {
        Tracked(PhantomData)
    }
}

/// The effect of one or several commands on a key that none of their literals names.
#[derive(Debug)]
pub struct CombinedEffect<E>(PhantomData<fn() -> E>);

impl<E> Clone for CombinedEffect<E> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<E> Copy for CombinedEffect<E> {}

impl<E: Effect> CombinedEffect<E> {
    pub(crate) fn new() -> Self {
        CombinedEffect(PhantomData)
    }
}

/// `Key` where the argument `A` of the command `C` is a key, else `Other`.
pub type IfKey<C, A, Key, Other> =
    <<A as ArgumentIndex>::Of<<C as KeyEffects>::Arguments> as Transfer>::IfKey<Key, Other>;

/// The need of the command `C` for the key at the argument `A`.
pub type RequiredBy<C, A> = <<A as ArgumentIndex>::Of<<C as KeyEffects>::Arguments> as Transfer>::Required;

/// The state after the command `C` of a key in the state `S` that is the argument `A`.
pub type StateAfter<C, A, S> = <<A as ArgumentIndex>::Of<<C as KeyEffects>::Arguments> as Transfer>::After<S>;

/// The effect of the command `C`, whose arguments have the forms `M`, on a key that none of its literals names.
pub type EffectOf<C, M> =
    <<C as KeyEffects>::OnOtherKeys as Effect>::And<<<C as KeyEffects>::Arguments as ArgumentEffects>::Effect<M>>;

/// The effect of a command on all keys that it may touch, whatever the form of its arguments.
pub type EffectOnAnyKey<C> = EffectOf<C, Expressions>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        command::{self, KeySpec},
        key::KeyType,
    };
    use std::any::TypeId;

    /// The judgements on a transfer function: it fails on other kinds, certainly leaves a list, and keeps a key that may be
    /// the same.
    fn judgements<F: Transfer<Required: 'static, Effect: 'static, After<unknown>: 'static>>() -> [bool; 3] {
        [
            TypeId::of::<F::Required>() == TypeId::of::<a_list>(),
            TypeId::of::<F::After<unknown>>() == TypeId::of::<a_list>(),
            TypeId::of::<F::Effect>() == TypeId::of::<Keeps>(),
        ]
    }

    macro_rules! policies {
        ($($effect:ident $policy:ident;)*) => {
            [$((
                KeySpec::new("key", &[KeyType::List], command::KeyEffect::$effect, command::OnWrongType::$policy, 1),
                judgements::<KeyArgument<a_list, effect::$effect, on_wrong_type::$policy>>(),
            )),*]
        };
    }

    #[test]
    fn the_facts_mean_the_same_as_types_and_as_data() {
        let policies = policies! {
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
        for (key, types) in policies {
            let data = [key.fails_on(&KeyType::Set), key.leaves_type().is_some(), key.preserves()];
            assert_eq!(types, data, "{key:?}");
            assert!(!key.fails_on(&KeyType::List));
        }
    }
}
