//! Options of the commands on strings, and the types of their replies.

use super::compare::Digest;
use crate::{
    argument::{Argument, Arguments, Writer},
    command::{
        flag::{Ex, ExAt, IfDeq, IfDne, IfEq, IfNe, KeepTtl, Nx, NxWithGet, Persist, Px, PxAt, SetGet, Xx},
        option::{IsUnset, OptionField, Unset, options},
    },
    reply::{Any, Bulk, FromReply, Integer, Nullable, Status},
    resp::{DecodeError, Reader},
};
use std::{marker::PhantomData, ops::RangeInclusive};

/// Options of SET, for [`set_with`](crate::commands::StringCommands::set_with): a condition, an expiry, and whether the
/// old value is returned. `W` is the type of the value that a condition compares.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct SetOptions<C = Unset, E = Unset, G = Unset, W = ()> {
    condition: Option<&'static str>,
    compared: W,
    get: bool,
    expiry: Option<&'static str>,
    time: Option<u64>,
    given: PhantomData<fn() -> (C, E, G)>,
}

impl SetOptions {
    /// Makes options without any given.
    pub const fn new() -> Self {
        SetOptions { condition: None, compared: (), get: false, expiry: None, time: None, given: PhantomData }
    }
}

impl Default for SetOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl<C, E, G, W> SetOptions<C, E, G, W> {
    /// Stores only if the key does not exist (NX). The reply becomes a `bool`.
    pub fn nx(self) -> SetOptions<Nx, E, G, W>
    where
        C: IsUnset,
    {
        SetOptions { condition: Some(Nx::WORD), ..self }.retyped()
    }

    /// Stores only if the key exists (XX). The reply becomes a `bool`.
    pub fn xx(self) -> SetOptions<Xx, E, G, W>
    where
        C: IsUnset,
    {
        SetOptions { condition: Some(Xx::WORD), ..self }.retyped()
    }

    /// Stores only if the string at the key is `value` (IFEQ, of Redis since 8.4, of Valkey since 8.1); a missing key is
    /// not. The reply becomes a `bool`. With [`get`](Self::get) it is the old value, whether or not that was replaced: it
    /// was if it is `value`.
    pub fn ifeq<V: Argument>(self, value: V) -> SetOptions<IfEq, E, G, V>
    where
        C: IsUnset,
    {
        self.comparing(IfEq::WORD, value)
    }

    /// Stores only if the string at the key is not `value` (IFNE, of Redis since 8.4, of Valkey since 9.2), or if the key
    /// does not exist. The reply becomes a `bool`. With [`get`](Self::get) it is the old value, whether or not that was replaced:
    /// it was unless it is `value`.
    pub fn ifne<V: Argument>(self, value: V) -> SetOptions<IfNe, E, G, V>
    where
        C: IsUnset,
    {
        self.comparing(IfNe::WORD, value)
    }

    /// Stores only if the string at the key has this digest (IFDEQ, of Redis since 8.4); a missing key has none. The reply
    /// becomes a `bool`; with [`get`](Self::get) it is the old value, whether or not that was replaced.
    pub fn ifdeq(self, digest: Digest) -> SetOptions<IfDeq, E, G, Digest>
    where
        C: IsUnset,
    {
        self.comparing(IfDeq::WORD, digest)
    }

    /// Stores only if the string at the key has another digest (IFDNE, of Redis since 8.4), or if the key does not exist.
    /// The reply becomes a `bool`; with [`get`](Self::get) it is the old value, whether or not that was replaced.
    pub fn ifdne(self, digest: Digest) -> SetOptions<IfDne, E, G, Digest>
    where
        C: IsUnset,
    {
        self.comparing(IfDne::WORD, digest)
    }

    /// Returns the old value (GET, since 6.2; with NX since 7.0). The reply becomes an `Option<T>`.
    pub fn get<T: FromReply<Bulk>>(self) -> SetOptions<C, E, Previous<T>, W>
    where
        G: IsUnset,
    {
        SetOptions { get: true, ..self }.retyped()
    }

    /// Sets the expiry to `seconds` from now (EX).
    pub fn ex(self, seconds: u64) -> SetOptions<C, Ex, G, W>
    where
        E: IsUnset,
    {
        self.expiring(Ex::WORD, Some(seconds))
    }

    /// Sets the expiry to `milliseconds` from now (PX).
    pub fn px(self, milliseconds: u64) -> SetOptions<C, Px, G, W>
    where
        E: IsUnset,
    {
        self.expiring(Px::WORD, Some(milliseconds))
    }

    /// Sets the expiry to the Unix time `seconds` (EXAT, since 6.2).
    pub fn exat(self, seconds: u64) -> SetOptions<C, ExAt, G, W>
    where
        E: IsUnset,
    {
        self.expiring(ExAt::WORD, Some(seconds))
    }

    /// Sets the expiry to the Unix time `milliseconds` (PXAT, since 6.2).
    pub fn pxat(self, milliseconds: u64) -> SetOptions<C, PxAt, G, W>
    where
        E: IsUnset,
    {
        self.expiring(PxAt::WORD, Some(milliseconds))
    }

    /// Keeps the key's expiry (KEEPTTL, since 6.0).
    pub fn keepttl(self) -> SetOptions<C, KeepTtl, G, W>
    where
        E: IsUnset,
    {
        self.expiring(KeepTtl::WORD, None)
    }

    fn expiring<E2>(self, word: &'static str, time: Option<u64>) -> SetOptions<C, E2, G, W> {
        SetOptions { expiry: Some(word), time, ..self }.retyped()
    }

    fn comparing<C2, V>(self, word: &'static str, value: V) -> SetOptions<C2, E, G, V> {
        let SetOptions { get, expiry, time, .. } = self;
        SetOptions { condition: Some(word), compared: value, get, expiry, time, given: PhantomData }
    }

    /// Changes the type state and keeps the fields.
    fn retyped<C2, E2, G2>(self) -> SetOptions<C2, E2, G2, W> {
        let SetOptions { condition, compared, get, expiry, time, .. } = self;
        SetOptions { condition, compared, get, expiry, time, given: PhantomData }
    }
}

impl<C, E, G, W: Arguments> Arguments for SetOptions<C, E, G, W> {
    type Item = Self;
    #[inline]
    fn count(&self) -> usize {
        let words = [self.condition.is_some(), self.get, self.expiry.is_some(), self.time.is_some()];
        words.into_iter().map(usize::from).sum::<usize>() + self.compared.count()
    }
    #[inline]
    fn write_all(&self, out: &mut Writer<'_>) {
        self.condition.send(None, out);
        self.compared.write_all(out);
        self.get.send(Some(SetGet::WORD), out);
        self.expiry.send(None, out);
        self.time.send(None, out);
    }
}

/// The state of [`SetOptions::get`]: SET returns the old value as `T`.
#[derive(Debug)]
pub struct Previous<T>(PhantomData<fn() -> T>);

/// The reply of SET, by its options. `C` is the condition.
pub trait SetReply<C> {
    /// The reply's shape.
    type Shape;
    /// The reply's type.
    type Reply: FromReply<Self::Shape>;
    /// The option with the latest version, which the server must have.
    type Newest;
}

impl SetReply<Unset> for Unset {
    type Shape = Status;
    type Reply = ();
    type Newest = Unset;
}

macro_rules! with_condition {
    ($($condition:ty: $with_get:ty;)*) => {$(
        impl SetReply<$condition> for Unset {
            type Shape = Nullable<Status>;
            type Reply = bool;
            type Newest = $condition;
        }
        impl<T: FromReply<Bulk>> SetReply<$condition> for Previous<T> {
            type Shape = Nullable<Bulk>;
            type Reply = Option<T>;
            type Newest = $with_get;
        }
    )*};
}

with_condition! {
    Nx: NxWithGet;
    Xx: SetGet;
    IfEq: IfEq;
    IfNe: IfNe;
    IfDeq: IfDeq;
    IfDne: IfDne;
}

impl<T: FromReply<Bulk>> SetReply<Unset> for Previous<T> {
    type Shape = Nullable<Bulk>;
    type Reply = Option<T>;
    type Newest = SetGet;
}

options! {
    /// The change of a key's expiry by GETEX, for [`getex_with`](crate::commands::StringCommands::getex_with).
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct GetExpiry {
        word: &'static str,
        time: Option<u64>,
    }
}

impl GetExpiry {
    /// Sets the expiry to `seconds` from now (EX).
    pub const fn ex(seconds: u64) -> Self {
        Self::with(Ex::WORD, Some(seconds))
    }

    /// Sets the expiry to `milliseconds` from now (PX).
    pub const fn px(milliseconds: u64) -> Self {
        Self::with(Px::WORD, Some(milliseconds))
    }

    /// Sets the expiry to the Unix time `seconds` (EXAT).
    pub const fn exat(seconds: u64) -> Self {
        Self::with(ExAt::WORD, Some(seconds))
    }

    /// Sets the expiry to the Unix time `milliseconds` (PXAT).
    pub const fn pxat(milliseconds: u64) -> Self {
        Self::with(PxAt::WORD, Some(milliseconds))
    }

    /// Removes the key's expiry (PERSIST).
    pub const fn persist() -> Self {
        Self::with(Persist::WORD, None)
    }

    const fn with(word: &'static str, time: Option<u64>) -> Self {
        GetExpiry { word, time, given: PhantomData }
    }
}

options! {
    /// Options of MSETEX, for [`msetex_with`](crate::commands::StringCommands::msetex_with): a condition on all of the keys,
    /// and an expiry. Without an expiry, the keys do not expire.
    #[derive(Clone, Copy, Debug)]
    pub struct MsetexOptions<C = Unset, E = Unset> with new {
        condition: Option<&'static str>,
        expiry: Option<&'static str>,
        time: Option<u64>,
    }
}

impl<C, E> MsetexOptions<C, E> {
    /// Stores only if none of the keys exists (NX).
    pub fn nx(self) -> MsetexOptions<Nx, E>
    where
        C: IsUnset,
    {
        MsetexOptions { condition: Some(Nx::WORD), ..MsetexOptions::retyped(self) }
    }

    /// Stores only if all of the keys exist (XX).
    pub fn xx(self) -> MsetexOptions<Xx, E>
    where
        C: IsUnset,
    {
        MsetexOptions { condition: Some(Xx::WORD), ..MsetexOptions::retyped(self) }
    }

    /// Sets the expiry to `seconds` from now (EX).
    pub fn ex(self, seconds: u64) -> MsetexOptions<C, Ex>
    where
        E: IsUnset,
    {
        self.expiring(Ex::WORD, Some(seconds))
    }

    /// Sets the expiry to `milliseconds` from now (PX).
    pub fn px(self, milliseconds: u64) -> MsetexOptions<C, Px>
    where
        E: IsUnset,
    {
        self.expiring(Px::WORD, Some(milliseconds))
    }

    /// Sets the expiry to the Unix time `seconds` (EXAT). A time in the past removes the keys.
    pub fn exat(self, seconds: u64) -> MsetexOptions<C, ExAt>
    where
        E: IsUnset,
    {
        self.expiring(ExAt::WORD, Some(seconds))
    }

    /// Sets the expiry to the Unix time `milliseconds` (PXAT). A time in the past removes the keys.
    pub fn pxat(self, milliseconds: u64) -> MsetexOptions<C, PxAt>
    where
        E: IsUnset,
    {
        self.expiring(PxAt::WORD, Some(milliseconds))
    }

    /// Keeps the expiry of each key (KEEPTTL).
    pub fn keepttl(self) -> MsetexOptions<C, KeepTtl>
    where
        E: IsUnset,
    {
        self.expiring(KeepTtl::WORD, None)
    }

    fn expiring<E2>(self, word: &'static str, time: Option<u64>) -> MsetexOptions<C, E2> {
        MsetexOptions { expiry: Some(word), time, ..MsetexOptions::retyped(self) }
    }
}

options! {
    /// Options of LCS, for [`lcs_with`](crate::commands::StringCommands::lcs_with): whether its length or its positions
    /// are returned, as the type `R`.
    #[derive(Clone, Copy, Debug)]
    pub struct LcsOptions<R> {
        len: bool = "LEN",
        idx: bool = "IDX",
        withmatchlen: bool = "WITHMATCHLEN",
        minmatchlen: Option<u64> = "MINMATCHLEN",
    }
}

impl LcsOptions<u64> {
    /// Returns the length of the longest common subsequence (LEN). The reply becomes a `u64`.
    pub const fn len() -> Self {
        LcsOptions { len: true, idx: false, withmatchlen: false, minmatchlen: None, given: PhantomData }
    }
}

impl LcsOptions<LcsMatches> {
    /// Returns the positions of the matches in both strings (IDX WITHMATCHLEN). The reply becomes [`LcsMatches`].
    pub const fn idx() -> Self {
        LcsOptions { len: false, idx: true, withmatchlen: true, minmatchlen: None, given: PhantomData }
    }
}

impl<R> LcsOptions<R> {
    /// Leaves out matches shorter than `bytes` (MINMATCHLEN). Needs the positions of the matches.
    pub fn minmatchlen(self, bytes: u64) -> Self
    where
        R: TakesMinMatchLen,
    {
        LcsOptions { minmatchlen: Some(bytes), ..self }
    }
}

/// A reply of LCS with the positions of the matches.
#[diagnostic::on_unimplemented(
    message = "MINMATCHLEN needs the positions of the matches, and these options ask for the length alone",
    label = "not with the length",
    note = "begin with `LcsOptions::idx()`"
)]
pub trait TakesMinMatchLen {}
#[diagnostic::do_not_recommend]
impl TakesMinMatchLen for LcsMatches {}

/// The reply of LCS, by its options.
pub trait LcsReply {
    /// The reply's shape.
    type Shape;
    /// The reply's type.
    type Reply: FromReply<Self::Shape>;
}

impl LcsReply for u64 {
    type Shape = Integer;
    type Reply = u64;
}
impl LcsReply for LcsMatches {
    type Shape = Any;
    type Reply = LcsMatches;
}

/// The positions of the longest common subsequence in two strings, the reply of LCS with IDX.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LcsMatches {
    /// The matches, the last one first.
    pub matches: Vec<LcsMatch>,
    /// The length of the longest common subsequence in bytes.
    pub len: u64,
}

/// A match: a substring that both strings have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LcsMatch {
    /// The positions of the bytes in the first string.
    pub first: RangeInclusive<u64>,
    /// The positions of the bytes in the second string.
    pub second: RangeInclusive<u64>,
    /// The length in bytes.
    pub len: u64,
}

#[diagnostic::do_not_recommend]
impl FromReply<Any> for LcsMatches {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut all = LcsMatches { matches: Vec::new(), len: 0 };
        for _ in 0..reader.map()? {
            match reader.text()? {
                "matches" => all.matches = FromReply::<Any>::read(reader)?,
                "len" => all.len = FromReply::<Any>::read(reader)?,
                _ => reader.ignore()?,
            }
        }
        Ok(all)
    }
}

#[diagnostic::do_not_recommend]
impl FromReply<Any> for LcsMatch {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (first, second, len): ((u64, u64), (u64, u64), u64) = FromReply::<Any>::read(reader)?;
        Ok(LcsMatch { first: first.0..=first.1, second: second.0..=second.1, len })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::option::encoded;
    use bytes::Bytes;

    #[test]
    fn options_of_set_are_its_words() {
        assert_eq!(encoded(&SetOptions::new()), "");
        assert_eq!(encoded(&SetOptions::new().ex(5).get::<i64>().nx()), "NX GET EX 5");
        assert_eq!(encoded(&SetOptions::new().xx().px(7)), "XX PX 7");
        assert_eq!(encoded(&SetOptions::new().exat(9)), "EXAT 9");
        assert_eq!(encoded(&SetOptions::default().pxat(11).get::<String>()), "GET PXAT 11");
        assert_eq!(encoded(&SetOptions::new().keepttl().xx()), "XX KEEPTTL");
        assert_eq!(encoded(&SetOptions::new().get::<i64>().ex(5).ifeq("a")), "IFEQ a GET EX 5");
        assert_eq!(encoded(&SetOptions::new().ifne(7).keepttl()), "IFNE 7 KEEPTTL");
        assert_eq!(encoded(&SetOptions::new().ifdeq(Digest(255))), "IFDEQ 00000000000000ff");
        assert_eq!(encoded(&SetOptions::new().px(1).ifdne(Digest(0))), "IFDNE 0000000000000000 PX 1");
    }

    #[test]
    fn options_of_msetex_are_its_words() {
        assert_eq!(encoded(&MsetexOptions::new()), "");
        assert_eq!(encoded(&MsetexOptions::new().ex(5).nx()), "NX EX 5");
        assert_eq!(encoded(&MsetexOptions::new().xx().px(7)), "XX PX 7");
        assert_eq!(encoded(&MsetexOptions::default().exat(9)), "EXAT 9");
        assert_eq!(encoded(&MsetexOptions::new().pxat(11)), "PXAT 11");
        assert_eq!(encoded(&MsetexOptions::new().xx().keepttl()), "XX KEEPTTL");
    }

    #[test]
    fn an_expiry_of_getex_is_its_words() {
        assert_eq!(encoded(&GetExpiry::ex(1)), "EX 1");
        assert_eq!(encoded(&GetExpiry::px(2)), "PX 2");
        assert_eq!(encoded(&GetExpiry::exat(3)), "EXAT 3");
        assert_eq!(encoded(&GetExpiry::pxat(4)), "PXAT 4");
        assert_eq!(encoded(&GetExpiry::persist()), "PERSIST");
    }

    #[test]
    fn fields_of_newer_servers_are_skipped_in_matches() {
        let reply = Bytes::from("%3\r\n$7\r\nmatches\r\n*0\r\n$3\r\nnew\r\n*1\r\n:1\r\n$3\r\nlen\r\n:4\r\n");
        let all = Reader::new(&reply).read_reply(<LcsMatches as FromReply<Any>>::read).unwrap();
        assert_eq!(all, LcsMatches { matches: Vec::new(), len: 4 });
    }

    #[test]
    fn options_of_lcs_are_its_words() {
        assert_eq!(encoded(&LcsOptions::len()), "LEN");
        assert_eq!(encoded(&LcsOptions::idx()), "IDX WITHMATCHLEN");
        assert_eq!(encoded(&LcsOptions::idx().minmatchlen(4)), "IDX WITHMATCHLEN MINMATCHLEN 4");
    }
}
