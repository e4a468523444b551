//! The list of queued commands as a type: reversed once, then read front to back.

use super::decode::{Decoder, ListEntry};
use crate::{
    command::{AllReadOnly, CommandInfo},
    connection::RoutingFacts,
    error::Result,
};
use frunk_core::hlist::{HCons, HNil};
use std::slice;

/// A list of queued commands.
///
/// It grows at its front, newest command first, because appending would make compile time grow with the square of its
/// length. The replies come out in the order of the commands.
pub trait CommandList {
    /// The replies, as a list.
    type Replies;
    /// A `Result` for each reply, as a list.
    type Results;
    /// The first command that may write; [`AllReadOnly`] where all of them only read.
    type FirstWrite;
    #[doc(hidden)]
    fn replies(decoder: &mut Decoder<'_>) -> Result<Self::Replies>;
    #[doc(hidden)]
    fn results(decoder: &mut Decoder<'_>) -> Self::Results;
    /// The facts of the command at `index`, or `None` behind the last one.
    #[doc(hidden)]
    fn info(index: usize, repeats: &[usize]) -> Option<&'static CommandInfo>;
    /// The facts of all commands together. Without repeats they are a constant.
    #[doc(hidden)]
    fn facts(repeats: &[usize]) -> RoutingFacts;
}

impl<L: Reverse<HNil, Reversed: InOrder>> CommandList for L {
    type Replies = <L::Reversed as InOrder>::Replies;
    type Results = <L::Reversed as InOrder>::Results;
    type FirstWrite = <L::Reversed as InOrder>::FirstWrite;

    fn replies(decoder: &mut Decoder<'_>) -> Result<Self::Replies> {
        L::Reversed::replies(decoder)
    }
    fn results(decoder: &mut Decoder<'_>) -> Self::Results {
        L::Reversed::results(decoder)
    }
    fn info(index: usize, repeats: &[usize]) -> Option<&'static CommandInfo> {
        L::Reversed::info(index, &mut repeats.iter())
    }
    #[inline]
    fn facts(repeats: &[usize]) -> RoutingFacts {
        L::Reversed::facts(&mut repeats.iter())
    }
}

/// Reverses a list: `Reversed` is its reverse, followed by `Behind`.
#[doc(hidden)]
pub trait Reverse<Behind> {
    type Reversed;
}

impl<Behind> Reverse<Behind> for HNil {
    type Reversed = Behind;
}

impl<S, L: Reverse<HCons<S, Behind>>, Behind> Reverse<Behind> for HCons<S, L> {
    type Reversed = L::Reversed;
}

/// A list in the order of its commands.
#[doc(hidden)]
pub trait InOrder {
    type Replies;
    type Results;
    type FirstWrite;
    fn replies(decoder: &mut Decoder<'_>) -> Result<Self::Replies>;
    fn results(decoder: &mut Decoder<'_>) -> Self::Results;
    fn info(index: usize, repeats: &mut slice::Iter<'_, usize>) -> Option<&'static CommandInfo>;
    fn facts(repeats: &mut slice::Iter<'_, usize>) -> RoutingFacts;
}

impl InOrder for HNil {
    type Replies = HNil;
    type Results = HNil;
    type FirstWrite = AllReadOnly;

    #[inline]
    fn replies(_: &mut Decoder<'_>) -> Result<HNil> {
        Ok(HNil)
    }
    fn results(_: &mut Decoder<'_>) -> HNil {
        HNil
    }
    fn info(_: usize, _: &mut slice::Iter<'_, usize>) -> Option<&'static CommandInfo> {
        None
    }
    #[inline]
    fn facts(_: &mut slice::Iter<'_, usize>) -> RoutingFacts {
        RoutingFacts::NONE
    }
}

impl<S: ListEntry, T: InOrder> InOrder for HCons<S, T> {
    type Replies = HCons<S::Reply, T::Replies>;
    type Results = HCons<S::Result, T::Results>;
    type FirstWrite = S::FirstWrite<T::FirstWrite>;

    #[inline]
    fn replies(decoder: &mut Decoder<'_>) -> Result<Self::Replies> {
        Ok(HCons { head: S::reply(decoder)?, tail: T::replies(decoder)? })
    }
    fn results(decoder: &mut Decoder<'_>) -> Self::Results {
        HCons { head: S::result(decoder), tail: T::results(decoder) }
    }
    fn info(index: usize, repeats: &mut slice::Iter<'_, usize>) -> Option<&'static CommandInfo> {
        let count = S::count(repeats);
        if index < count { Some(S::INFO) } else { T::info(index - count, repeats) }
    }
    #[inline]
    fn facts(repeats: &mut slice::Iter<'_, usize>) -> RoutingFacts {
        let count = S::count(repeats);
        let rest = T::facts(repeats);
        if count > 0 { RoutingFacts::of(S::INFO).with(rest) } else { rest }
    }
}
