//! The trimming of streams, and what becomes of references to removed entries.

use super::id::StreamId;
use crate::{
    argument::Arguments,
    command::{
        flag::{Acked, DelRef, Flag, Has, KeepRef, MaxLen, MinId, TrimLimit},
        option::{IsUnset, OptionField, Unset, WordSink, arguments, options},
    },
};
use std::marker::PhantomData;

options! {
    /// The trimming of a stream, for [`xtrim`](crate::commands::StreamCommands::xtrim) and
    /// [`XaddOptions::trim`](super::XaddOptions::trim): to a number of entries by [`maxlen`](Trim::maxlen), or to the entries from
    /// an id on by [`minid`](Trim::minid).
    ///
    /// ```
    /// # use typedis::{Client, commands::stream::{Trim, XaddOptions}, prelude::*};
    /// # async fn example(client: &Client) -> typedis::Result<()> {
    /// let about_a_thousand = Trim::maxlen(1000).approximate();
    /// client.xadd_with("events", ("type", "login"), XaddOptions::new().trim(about_a_thousand)).await?;
    /// assert_eq!(client.xtrim("events", Trim::maxlen(0)).await?, 1);
    /// # Ok(()) }
    /// # typedis_testing::doctest(async |url| example(&Client::connect(&url).await?).await);
    /// ```
    #[derive(Clone, Copy, Debug)]
    pub struct Trim<S, A = Unset, R = Unset> {
        strategy: &'static str,
        approximate: bool = "~",
        threshold: Threshold,
        limit: Option<u64> = TrimLimit::WORD,
        references: Option<&'static str>,
    }
}

/// What a stream is trimmed to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Threshold {
    Length(u64),
    Id(StreamId),
}

impl OptionField for Threshold {
    fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
        match self {
            Threshold::Length(length) => length.send(word, out),
            Threshold::Id(id) => id.send(word, out),
        }
    }
}

impl Trim<MaxLen> {
    /// Keeps the newest `entries` entries (MAXLEN).
    pub fn maxlen(entries: u64) -> Self {
        Self::to(MaxLen::WORD, Threshold::Length(entries))
    }
}

impl Trim<MinId> {
    /// Keeps the entries from `id` on (MINID, since 6.2).
    pub fn minid(id: StreamId) -> Self {
        Self::to(MinId::WORD, Threshold::Id(id))
    }
}

impl<S> Trim<S> {
    fn to(strategy: &'static str, threshold: Threshold) -> Self {
        Trim { strategy, approximate: false, threshold, limit: None, references: None, given: PhantomData }
    }
}

impl<S, R> Trim<S, Unset, R> {
    /// Removes entries only in whole blocks, so that more may stay than asked for (`~`). This is much faster.
    pub fn approximate(self) -> Trim<S, Approximate, R> {
        Trim { approximate: true, ..Trim::retyped(self) }
    }
}

impl<S, A, R> Trim<S, A, R> {
    /// The words alone, as a part of other options.
    pub(super) fn erased(self) -> Trim<Unset> {
        Trim::retyped(self)
    }

    /// Removes at most about `entries` entries at a time (LIMIT, since 6.2); 0 is no limit. Needs
    /// [`approximate`](Trim::approximate).
    pub fn limit(self, entries: u64) -> Trim<S, TrimLimit, R>
    where
        A: TakesTrimLimit,
    {
        Trim { limit: Some(entries), ..Trim::retyped(self) }
    }

    /// Says what becomes of the references of consumer groups to the removed entries (since Redis 8.2): [`KeepRef`], the
    /// default, [`DelRef`], or [`Acked`], which removes only entries that every group has acknowledged.
    pub fn references<P: References>(self, _: P) -> Trim<S, A, P>
    where
        R: IsUnset,
    {
        Trim { references: Some(P::WORD), ..Trim::retyped(self) }
    }
}

/// The state of [`Trim::approximate`].
#[derive(Clone, Copy, Debug)]
pub struct Approximate;

impl Flag for Approximate {}
impl<V> Has<Approximate> for V {}

/// A trimming that may have a limit: an approximate one.
#[diagnostic::on_unimplemented(
    message = "LIMIT needs an approximate trimming, and this one is exact",
    label = "not with an exact trimming",
    note = "write `.approximate()` before `.limit(..)`"
)]
pub trait TakesTrimLimit {}
#[diagnostic::do_not_recommend]
impl TakesTrimLimit for Approximate {}

/// A trimming, or none, of which a server of the version `V` has every option.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no trimming of a stream",
    label = "expected `Trim`",
    note = "write `Trim::maxlen(1000)`"
)]
pub trait TrimFor<V> {}
#[diagnostic::do_not_recommend]
impl<V> TrimFor<V> for Unset {}
impl<V: Has<S> + Has<A> + Has<R>, S, A, R> TrimFor<V> for Trim<S, A, R> {}

/// What becomes of the references of consumer groups to removed entries: [`KeepRef`], [`DelRef`] or [`Acked`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say what becomes of references to removed entries",
    label = "expected `KeepRef`, `DelRef` or `Acked`",
    note = "all three are in `typedis::options::flag`"
)]
pub trait References: Arguments {
    /// The word on the wire.
    const WORD: &'static str;
}

macro_rules! references {
    ($($flag:ident),*) => {$(
        impl References for $flag {
            const WORD: &'static str = $flag::WORD;
        }
        impl OptionField for $flag {
            fn send(&self, word: Option<&'static str>, out: &mut impl WordSink) {
                out.word(word);
                out.argument($flag::WORD);
            }
        }
        arguments!([] $flag);
    )*};
}

references! { KeepRef, DelRef, Acked }

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::option::encoded;

    #[test]
    fn a_trimming_is_its_words() {
        assert_eq!(encoded(&Trim::maxlen(5)), "MAXLEN 5");
        assert_eq!(encoded(&Trim::minid(StreamId::new(7, 1)).references(DelRef)), "MINID 7-1 DELREF");
        let limited = Trim::maxlen(1000).references(Acked).approximate().limit(10);
        assert_eq!(encoded(&limited), "MAXLEN ~ 1000 LIMIT 10 ACKED");
        assert_eq!(encoded(&KeepRef), "KEEPREF");
    }
}
