//! Options of the commands on strings.

use crate::{
    argument::{Argument, Arguments},
    command::{
        flag::{Ex, ExAt, Introduced, KeepTtl, Nx, NxWithGet, Px, PxAt, SetGet, Xx},
        option::{IsUnset, Unset},
    },
    reply::{Any, Bulk, FromReply, Integer, Nullable, Status},
    resp::{DecodeError, Reader, Writer},
};
use std::{marker::PhantomData, ops::RangeInclusive};

/// Options of SET, for [`set_with`](crate::StringCommands::set_with): a condition, an expiry, and whether the old value is wanted.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct SetOptions<C = Unset, E = Unset, G = Unset> {
    condition: Option<&'static str>,
    expiry: Option<(&'static str, Option<u64>)>,
    get: bool,
    given: PhantomData<fn() -> (C, E, G)>,
}

impl SetOptions {
    /// Makes options of which none is given.
    pub const fn new() -> Self {
        SetOptions { condition: None, expiry: None, get: false, given: PhantomData }
    }
}

impl Default for SetOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl<C, E, G> SetOptions<C, E, G> {
    /// Stores only if the key does not exist (NX). The reply becomes a `bool`.
    pub fn nx(self) -> SetOptions<Nx, E, G>
    where
        C: IsUnset,
    {
        SetOptions { condition: Some("NX"), ..self.retyped() }
    }

    /// Stores only if the key exists (XX). The reply becomes a `bool`.
    pub fn xx(self) -> SetOptions<Xx, E, G>
    where
        C: IsUnset,
    {
        SetOptions { condition: Some("XX"), ..self.retyped() }
    }

    /// Returns the value that was there before (GET, since 6.2; with NX since 7.0). The reply becomes an
    /// `Option<T>`.
    pub fn get<T: FromReply<Bulk>>(self) -> SetOptions<C, E, Previous<T>>
    where
        G: IsUnset,
    {
        SetOptions { get: true, ..self.retyped() }
    }

    /// Lets the key expire after `seconds` (EX).
    pub fn ex(self, seconds: u64) -> SetOptions<C, Ex, G>
    where
        E: IsUnset,
    {
        self.expiring("EX", Some(seconds))
    }

    /// Lets the key expire after `milliseconds` (PX).
    pub fn px(self, milliseconds: u64) -> SetOptions<C, Px, G>
    where
        E: IsUnset,
    {
        self.expiring("PX", Some(milliseconds))
    }

    /// Lets the key expire at a Unix time in seconds (EXAT, since 6.2).
    pub fn exat(self, seconds: u64) -> SetOptions<C, ExAt, G>
    where
        E: IsUnset,
    {
        self.expiring("EXAT", Some(seconds))
    }

    /// Lets the key expire at a Unix time in milliseconds (PXAT, since 6.2).
    pub fn pxat(self, milliseconds: u64) -> SetOptions<C, PxAt, G>
    where
        E: IsUnset,
    {
        self.expiring("PXAT", Some(milliseconds))
    }

    /// Keeps the expiry that the key has (KEEPTTL, since 6.0).
    pub fn keepttl(self) -> SetOptions<C, KeepTtl, G>
    where
        E: IsUnset,
    {
        self.expiring("KEEPTTL", None)
    }

    fn expiring<E2>(self, word: &'static str, time: Option<u64>) -> SetOptions<C, E2, G> {
        SetOptions { expiry: Some((word, time)), ..self.retyped() }
    }

    fn retyped<C2, E2, G2>(self) -> SetOptions<C2, E2, G2> {
        SetOptions { condition: self.condition, expiry: self.expiry, get: self.get, given: PhantomData }
    }
}

impl<C, E, G> Arguments for SetOptions<C, E, G> {
    type Item = Self;
    fn count(&self) -> usize {
        let expiry = self.expiry.map_or(0, |(_, time)| 1 + usize::from(time.is_some()));
        usize::from(self.condition.is_some()) + usize::from(self.get) + expiry
    }
    fn write_all(&self, out: &mut Writer) {
        if let Some(condition) = self.condition {
            condition.write(out);
        }
        if self.get {
            "GET".write(out);
        }
        if let Some((word, time)) = self.expiry {
            word.write(out);
            if let Some(time) = time {
                time.write(out);
            }
        }
    }
}

/// The value that was there before, read as `T`.
#[derive(Debug)]
pub struct Previous<T>(PhantomData<fn() -> T>);

/// What SET answers, by its options.
pub trait SetReply<C> {
    /// The reply's shape.
    type Shape;
    /// The reply's type.
    type Reply: FromReply<Self::Shape>;
    /// The newest of the options that this comes of.
    type Newest: Introduced;
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
}

impl<T: FromReply<Bulk>> SetReply<Unset> for Previous<T> {
    type Shape = Nullable<Bulk>;
    type Reply = Option<T>;
    type Newest = SetGet;
}

/// What GETEX does with the key's expiry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GetExpiry {
    /// The key expires after so many seconds (EX).
    Ex(u64),
    /// The key expires after so many milliseconds (PX).
    Px(u64),
    /// The key expires at a Unix time in seconds (EXAT).
    ExAt(u64),
    /// The key expires at a Unix time in milliseconds (PXAT).
    PxAt(u64),
    /// The key does not expire any more (PERSIST).
    Persist,
}

impl GetExpiry {
    fn words(self) -> (&'static str, Option<u64>) {
        match self {
            GetExpiry::Ex(time) => ("EX", Some(time)),
            GetExpiry::Px(time) => ("PX", Some(time)),
            GetExpiry::ExAt(time) => ("EXAT", Some(time)),
            GetExpiry::PxAt(time) => ("PXAT", Some(time)),
            GetExpiry::Persist => ("PERSIST", None),
        }
    }
}

impl Arguments for GetExpiry {
    type Item = Self;
    fn count(&self) -> usize {
        self.words().1.map_or(1, |_| 2)
    }
    fn write_all(&self, out: &mut Writer) {
        let (word, time) = self.words();
        word.write(out);
        if let Some(time) = time {
            time.write(out);
        }
    }
}

/// Options of LCS, for [`lcs_with`](crate::StringCommands::lcs_with): what is wanted of the longest common subsequence.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct LcsOptions<A> {
    least: Option<u64>,
    answer: PhantomData<fn() -> A>,
}

impl LcsOptions<u64> {
    /// Asks for the length alone (LEN). The reply becomes a `u64`.
    pub const fn len() -> Self {
        LcsOptions { least: None, answer: PhantomData }
    }
}

impl LcsOptions<LcsMatches> {
    /// Asks for the places of the matching parts (IDX WITHMATCHLEN). The reply becomes [`LcsMatches`].
    pub const fn idx() -> Self {
        LcsOptions { least: None, answer: PhantomData }
    }
}

impl<A> LcsOptions<A> {
    /// Leaves out parts shorter than `bytes` (MINMATCHLEN). Needs the places of the parts.
    pub fn minmatchlen(self, bytes: u64) -> Self
    where
        A: TakesLeastLength,
    {
        LcsOptions { least: Some(bytes), ..self }
    }
}

/// An answer of LCS that tells of parts.
#[diagnostic::on_unimplemented(
    message = "MINMATCHLEN needs the places of the parts, and these options ask for the length alone",
    label = "not with the length",
    note = "begin with `LcsOptions::idx()`"
)]
pub trait TakesLeastLength {}
#[diagnostic::do_not_recommend]
impl TakesLeastLength for LcsMatches {}

impl<A: LcsReply> Arguments for LcsOptions<A> {
    type Item = Self;
    fn count(&self) -> usize {
        A::WORDS.len() + 2 * usize::from(self.least.is_some())
    }
    fn write_all(&self, out: &mut Writer) {
        A::WORDS.iter().for_each(|word| word.write(out));
        if let Some(least) = self.least {
            "MINMATCHLEN".write(out);
            least.write(out);
        }
    }
}

/// What LCS answers, by its options.
pub trait LcsReply {
    /// The reply's shape.
    type Shape;
    /// The reply's type.
    type Reply: FromReply<Self::Shape>;
    /// What asks for it.
    const WORDS: &'static [&'static str];
}

impl LcsReply for u64 {
    type Shape = Integer;
    type Reply = u64;
    const WORDS: &'static [&'static str] = &["LEN"];
}
impl LcsReply for LcsMatches {
    type Shape = Any;
    type Reply = LcsMatches;
    const WORDS: &'static [&'static str] = &["IDX", "WITHMATCHLEN"];
}

/// Where the longest common subsequence of two strings lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LcsMatches {
    /// The parts, the last one first.
    pub matches: Vec<LcsMatch>,
    /// The length of the whole in bytes.
    pub len: u64,
}

/// A part that two strings have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LcsMatch {
    /// The positions of its bytes in the first string.
    pub first: RangeInclusive<u64>,
    /// The positions of its bytes in the second string.
    pub second: RangeInclusive<u64>,
    /// Its length in bytes.
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
                other => return Err(DecodeError::mismatch("the matches of LCS", format!("a field {other:?}"))),
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
