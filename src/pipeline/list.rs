//! The list of commands as a type: turned around once, then read front to back.

use super::queue::{Decoder, ListEntry};
use crate::{command::AllReadOnly, error::Result};
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
    /// The name of the command at `index`.
    #[doc(hidden)]
    fn name(index: usize, repeats: &[usize]) -> &'static str;
}

impl<L: Turn<HNil, Turned: InOrder>> CommandList for L {
    type Replies = <L::Turned as InOrder>::Replies;
    type Results = <L::Turned as InOrder>::Results;
    type FirstWrite = <L::Turned as InOrder>::FirstWrite;

    fn replies(decoder: &mut Decoder<'_>) -> Result<Self::Replies> {
        L::Turned::replies(decoder)
    }
    fn results(decoder: &mut Decoder<'_>) -> Self::Results {
        L::Turned::results(decoder)
    }
    fn name(index: usize, repeats: &[usize]) -> &'static str {
        L::Turned::name(index, &mut repeats.iter())
    }
}

/// Turns a list around: what `Turned` collects is the reverse of it, before `Behind`.
#[doc(hidden)]
pub trait Turn<Behind> {
    type Turned;
}

impl<Behind> Turn<Behind> for HNil {
    type Turned = Behind;
}

impl<S, L: Turn<HCons<S, Behind>>, Behind> Turn<Behind> for HCons<S, L> {
    type Turned = L::Turned;
}

/// A list in the order of its commands.
#[doc(hidden)]
pub trait InOrder {
    type Replies;
    type Results;
    type FirstWrite;
    fn replies(decoder: &mut Decoder<'_>) -> Result<Self::Replies>;
    fn results(decoder: &mut Decoder<'_>) -> Self::Results;
    fn name(index: usize, repeats: &mut slice::Iter<'_, usize>) -> &'static str;
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
    fn name(_: usize, _: &mut slice::Iter<'_, usize>) -> &'static str {
        "EXEC"
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
    fn name(index: usize, repeats: &mut slice::Iter<'_, usize>) -> &'static str {
        let count = S::count(repeats);
        if index < count { S::NAME } else { T::name(index - count, repeats) }
    }
}
