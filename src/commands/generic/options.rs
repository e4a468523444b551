//! Options of the commands on keys, and what these commands answer in codes and words.

use crate::{
    argument::{Argument, Arguments},
    command::{
        flag::{AvailableSince, Freq, Gt, Idletime, Lt, Nx, OfType, Xx},
        option::{IsUnset, Unset},
    },
    commands::hash::options::ScanOptions,
    key::KeyType,
    reply::{FromReply, Integer, Status},
    resp::{DecodeError, Reader, Writer},
};
use std::marker::PhantomData;

/// Options of SCAN that name a type of keys, made by [`ScanOptions::of_type`].
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct KeyScanOptions<'a> {
    options: ScanOptions<'a>,
    kind: &'a KeyType,
}

impl<'a> ScanOptions<'a> {
    /// Leaves out keys of another type than `kind`, such as `&KeyType::Hash` (TYPE, since 6.0). For SCAN alone.
    pub const fn of_type(self, kind: &'a KeyType) -> KeyScanOptions<'a> {
        KeyScanOptions { options: self, kind }
    }
}

impl<'a> KeyScanOptions<'a> {
    /// See [`ScanOptions::matching`].
    pub fn matching<P: AsRef<[u8]> + ?Sized>(self, pattern: &'a P) -> Self {
        KeyScanOptions { options: self.options.matching(pattern), ..self }
    }

    /// See [`ScanOptions::count`].
    pub const fn count(self, elements: u64) -> Self {
        KeyScanOptions { options: self.options.count(elements), ..self }
    }
}

impl Arguments for KeyScanOptions<'_> {
    type Item = Self;
    fn count(&self) -> usize {
        Arguments::count(&self.options) + 2
    }
    fn write_all(&self, out: &mut Writer) {
        self.options.write_all(out);
        "TYPE".write(out);
        self.kind.name().write(out);
    }
}

/// Options that SCAN takes, on a server of the version `V`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not made of options of SCAN",
    label = "expected `ScanOptions`",
    note = "write `ScanOptions::new().matching(\"user:*\")`"
)]
pub trait KeyFilter<V>: Arguments {}
impl<V> KeyFilter<V> for ScanOptions<'_> {}
impl<V> KeyFilter<V> for KeyScanOptions<'_> where OfType: AvailableSince<V> {}

/// The shape of TYPE's reply: the name of a type, or `none`.
#[derive(Debug)]
pub struct TypeName;

#[diagnostic::do_not_recommend]
impl FromReply<TypeName> for Option<KeyType> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Some(reader.text()?).filter(|name| *name != "none").map(KeyType::named))
    }
}
#[diagnostic::do_not_recommend]
impl FromReply<TypeName> for String {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        FromReply::<Status>::read(reader)
    }
}

macro_rules! lifetimes {
    ($($(#[$doc:meta])* $name:ident, $(#[$unit_doc:meta])* $unit:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            /// There is no such key.
            NoKey,
            /// The key does not expire.
            NoExpiry,
            $(#[$unit_doc])*
            $unit(u64),
        }

        #[diagnostic::do_not_recommend]
        impl FromReply<Integer> for $name {
            fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                match reader.integer()? {
                    -2 => Ok($name::NoKey),
                    -1 => Ok($name::NoExpiry),
                    time => u64::try_from(time)
                        .map($name::$unit)
                        .map_err(|_| DecodeError::mismatch("a time, -1 or -2", time)),
                }
            }
        }
    )*};
}

lifetimes! {
    /// How long a key lives, in seconds.
    Ttl,
        /// The key expires after so many seconds.
        Seconds;
    /// How long a key lives, in milliseconds.
    Pttl,
        /// The key expires after so many milliseconds.
        Milliseconds;
    /// When a key expires, in seconds.
    ExpireTime,
        /// The key expires so many seconds after the start of 1970.
        UnixSeconds;
    /// When a key expires, in milliseconds.
    PexpireTime,
        /// The key expires so many milliseconds after the start of 1970.
        UnixMilliseconds;
}

/// Options of EXPIRE and its kin, for [`expire_with`](crate::KeyCommands::expire_with): when the new expiry is taken.
/// They are there since 7.0.
///
/// NX excludes the others; GT and LT exclude each other. A key without expiry counts as one that expires at the end of
/// time.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct ExpireOptions<E = Unset, O = Unset> {
    existing: Option<&'static str>,
    order: Option<&'static str>,
    given: PhantomData<fn() -> (E, O)>,
}

impl ExpireOptions {
    /// Makes options of which none is given.
    pub const fn new() -> Self {
        ExpireOptions { existing: None, order: None, given: PhantomData }
    }
}

impl Default for ExpireOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl<E, O> ExpireOptions<E, O> {
    /// Sets the expiry only if the key has none (NX).
    pub fn nx(self) -> ExpireOptions<Nx, Nx>
    where
        E: IsUnset,
        O: IsUnset,
    {
        ExpireOptions { existing: Some("NX"), ..self.retyped() }
    }

    /// Sets the expiry only if the key has one (XX).
    pub fn xx(self) -> ExpireOptions<Xx, O>
    where
        E: IsUnset,
    {
        ExpireOptions { existing: Some("XX"), ..self.retyped() }
    }

    /// Sets the expiry only if it is later than the one that the key has (GT).
    pub fn gt(self) -> ExpireOptions<E, Gt>
    where
        O: IsUnset,
    {
        ExpireOptions { order: Some("GT"), ..self.retyped() }
    }

    /// Sets the expiry only if it is earlier than the one that the key has (LT).
    pub fn lt(self) -> ExpireOptions<E, Lt>
    where
        O: IsUnset,
    {
        ExpireOptions { order: Some("LT"), ..self.retyped() }
    }

    fn retyped<E2, O2>(self) -> ExpireOptions<E2, O2> {
        ExpireOptions { existing: self.existing, order: self.order, given: PhantomData }
    }
}

impl<E, O> Arguments for ExpireOptions<E, O> {
    type Item = Self;
    fn count(&self) -> usize {
        usize::from(self.existing.is_some()) + usize::from(self.order.is_some())
    }
    fn write_all(&self, out: &mut Writer) {
        [self.existing, self.order].iter().flatten().for_each(|word| word.write(out));
    }
}

/// Options of COPY, for [`copy_with`](crate::KeyCommands::copy_with).
#[derive(Clone, Copy, Debug, Default)]
#[must_use]
pub struct CopyOptions {
    database: Option<u32>,
    replace: bool,
}

impl CopyOptions {
    /// Makes options of which none is given.
    pub const fn new() -> Self {
        CopyOptions { database: None, replace: false }
    }

    /// Copies to the database `database` (DB).
    pub const fn db(self, database: u32) -> Self {
        CopyOptions { database: Some(database), ..self }
    }

    /// Overwrites what the destination holds (REPLACE).
    pub const fn replace(self) -> Self {
        CopyOptions { replace: true, ..self }
    }
}

impl Arguments for CopyOptions {
    type Item = Self;
    fn count(&self) -> usize {
        2 * usize::from(self.database.is_some()) + usize::from(self.replace)
    }
    fn write_all(&self, out: &mut Writer) {
        if let Some(database) = self.database {
            "DB".write(out);
            database.write(out);
        }
        if self.replace {
            "REPLACE".write(out);
        }
    }
}

/// Options of RESTORE, for [`restore_with`](crate::KeyCommands::restore_with).
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct RestoreOptions<U = Unset> {
    replace: bool,
    absttl: bool,
    usage: Option<(&'static str, u64)>,
    given: PhantomData<fn() -> U>,
}

impl RestoreOptions {
    /// Makes options of which none is given.
    pub const fn new() -> Self {
        RestoreOptions { replace: false, absttl: false, usage: None, given: PhantomData }
    }
}

impl Default for RestoreOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl<U> RestoreOptions<U> {
    /// Overwrites what the key holds (REPLACE, since 3.0).
    pub const fn replace(self) -> Self {
        RestoreOptions { replace: true, ..self }
    }

    /// Takes the expiry as a Unix time in milliseconds (ABSTTL, since 5.0).
    pub const fn absttl(self) -> Self {
        RestoreOptions { absttl: true, ..self }
    }

    /// Says for how many seconds nobody used the key, for servers that evict by last use (IDLETIME, since 5.0).
    pub fn idletime(self, seconds: u64) -> RestoreOptions<Idletime>
    where
        U: IsUnset,
    {
        self.used("IDLETIME", seconds)
    }

    /// Says how often the key is used, from 0 to 255, for servers that evict by frequency of use (FREQ, since 5.0).
    pub fn freq(self, frequency: u8) -> RestoreOptions<Freq>
    where
        U: IsUnset,
    {
        self.used("FREQ", u64::from(frequency))
    }

    fn used<U2>(self, word: &'static str, value: u64) -> RestoreOptions<U2> {
        RestoreOptions { replace: self.replace, absttl: self.absttl, usage: Some((word, value)), given: PhantomData }
    }
}

impl<U> Arguments for RestoreOptions<U> {
    type Item = Self;
    fn count(&self) -> usize {
        usize::from(self.replace) + usize::from(self.absttl) + 2 * usize::from(self.usage.is_some())
    }
    fn write_all(&self, out: &mut Writer) {
        if self.replace {
            "REPLACE".write(out);
        }
        if self.absttl {
            "ABSTTL".write(out);
        }
        if let Some((word, value)) = self.usage {
            word.write(out);
            value.write(out);
        }
    }
}
