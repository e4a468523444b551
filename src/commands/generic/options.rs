//! Options of the generic commands, and the types of their replies.

use crate::{
    argument::Arguments,
    command::{
        flag::{AvailableSince, Freq, Gt, Idletime, Lt, Nx, OfType, Xx},
        option::{IsUnset, Unset, options},
    },
    commands::hash::options::ScanOptions,
    key::KeyType,
    reply::{FromReply, Integer, Status},
    resp::{DecodeError, Reader},
};
use std::marker::PhantomData;

options! {
    /// Options of SCAN with a type of keys, made by [`ScanOptions::of_type`].
    #[derive(Clone, Copy, Debug)]
    pub struct KeyScanOptions<'a> {
        options: ScanOptions<'a>,
        key_type: &'a KeyType = OfType::WORD,
    }

    /// Options of EXPIRE, PEXPIRE, EXPIREAT and PEXPIREAT, such as for
    /// [`expire_with`](crate::commands::KeyCommands::expire_with): the condition under which the expiry is set. All
    /// options exist since 7.0.
    ///
    /// NX excludes the others; GT and LT exclude each other. GT and LT treat a key without expiry as one that never
    /// expires.
    #[derive(Clone, Copy, Debug)]
    pub struct ExpireOptions<E = Unset, O = Unset> with new {
        existing: Option<&'static str>,
        order: Option<&'static str>,
    }

    /// Options of COPY, for [`copy_with`](crate::commands::KeyCommands::copy_with).
    #[derive(Clone, Copy, Debug)]
    pub struct CopyOptions with new {
        database: Option<u32> = "DB",
        replace: bool = "REPLACE",
    }

    /// Options of RESTORE, for [`restore_with`](crate::commands::KeyCommands::restore_with).
    ///
    /// IDLETIME and FREQ exclude each other, because a server evicts by one of the two.
    #[derive(Clone, Copy, Debug)]
    pub struct RestoreOptions<U = Unset> with new {
        replace: bool = "REPLACE",
        absttl: bool = "ABSTTL",
        idletime: Option<u64> = Idletime::WORD,
        freq: Option<u64> = Freq::WORD,
    }
}

impl<'a> ScanOptions<'a> {
    /// Leaves out keys of other types than `key_type`, such as `&KeyType::Hash` (TYPE, since 6.0). Only SCAN has it.
    pub const fn of_type(self, key_type: &'a KeyType) -> KeyScanOptions<'a> {
        KeyScanOptions { options: self, key_type, given: PhantomData }
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

/// Options of SCAN that a server of the version `V` has.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not made of options of SCAN",
    label = "expected `ScanOptions`",
    note = "write `ScanOptions::new().matching(\"user:*\")`"
)]
pub trait KeyFilter<V>: Arguments {}
impl<V> KeyFilter<V> for ScanOptions<'_> {}
impl<V> KeyFilter<V> for KeyScanOptions<'_> where OfType: AvailableSince<V> {}

/// The shape of the reply of TYPE: the name of a type, or `none`.
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
    /// The time to live of a key in seconds, the reply of TTL.
    Ttl,
        /// The key expires after this number of seconds.
        Seconds;
    /// The time to live of a key in milliseconds, the reply of PTTL.
    Pttl,
        /// The key expires after this number of milliseconds.
        Milliseconds;
    /// The Unix time in seconds at which a key expires, the reply of EXPIRETIME.
    ExpireTime,
        /// The key expires at this Unix time in seconds.
        UnixSeconds;
    /// The Unix time in milliseconds at which a key expires, the reply of PEXPIRETIME.
    PexpireTime,
        /// The key expires at this Unix time in milliseconds.
        UnixMilliseconds;
}

impl<E, O> ExpireOptions<E, O> {
    /// Sets the expiry only if the key has none (NX).
    pub fn nx(self) -> ExpireOptions<Nx, Nx>
    where
        E: IsUnset,
        O: IsUnset,
    {
        ExpireOptions { existing: Some(Nx::WORD), ..ExpireOptions::retyped(self) }
    }

    /// Sets the expiry only if the key has one (XX).
    pub fn xx(self) -> ExpireOptions<Xx, O>
    where
        E: IsUnset,
    {
        ExpireOptions { existing: Some(Xx::WORD), ..ExpireOptions::retyped(self) }
    }

    /// Sets the expiry only if it is later than the key's (GT).
    pub fn gt(self) -> ExpireOptions<E, Gt>
    where
        O: IsUnset,
    {
        ExpireOptions { order: Some(Gt::WORD), ..ExpireOptions::retyped(self) }
    }

    /// Sets the expiry only if it is earlier than the key's (LT).
    pub fn lt(self) -> ExpireOptions<E, Lt>
    where
        O: IsUnset,
    {
        ExpireOptions { order: Some(Lt::WORD), ..ExpireOptions::retyped(self) }
    }
}

impl CopyOptions {
    /// Copies to the database with this number (DB).
    pub const fn db(self, database: u32) -> Self {
        CopyOptions { database: Some(database), ..self }
    }

    /// Overwrites `destination` if it exists (REPLACE).
    pub const fn replace(self) -> Self {
        CopyOptions { replace: true, ..self }
    }
}

impl<U> RestoreOptions<U> {
    /// Overwrites the key if it exists (REPLACE, since 3.0).
    pub const fn replace(self) -> Self {
        RestoreOptions { replace: true, ..self }
    }

    /// Interprets the expiry as a Unix time in milliseconds, not as milliseconds from now (ABSTTL, since 5.0).
    pub const fn absttl(self) -> Self {
        RestoreOptions { absttl: true, ..self }
    }

    /// Sets the seconds since the last access, for servers that evict by LRU (IDLETIME, since 5.0).
    pub fn idletime(self, seconds: u64) -> RestoreOptions<Idletime>
    where
        U: IsUnset,
    {
        RestoreOptions { idletime: Some(seconds), ..RestoreOptions::retyped(self) }
    }

    /// Sets the access frequency, from 0 to 255, for servers that evict by LFU (FREQ, since 5.0).
    pub fn freq(self, frequency: u8) -> RestoreOptions<Freq>
    where
        U: IsUnset,
    {
        RestoreOptions { freq: Some(u64::from(frequency)), ..RestoreOptions::retyped(self) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::option::encoded;

    #[test]
    fn options_of_scan_are_its_words() {
        let options = ScanOptions::new();
        assert_eq!(encoded(&options), "");
        assert_eq!(encoded(&options.count(5).matching("a*")), "MATCH a* COUNT 5");
        assert_eq!(
            encoded(&options.of_type(&KeyType::SortedSet).matching("b*").count(6)),
            "MATCH b* COUNT 6 TYPE zset"
        );
        assert_eq!(encoded(&ScanOptions::default().of_type(&KeyType::Other("x".into()))), "TYPE x");
    }

    #[test]
    fn options_of_expire_are_its_words() {
        assert_eq!(encoded(&ExpireOptions::new()), "");
        assert_eq!(encoded(&ExpireOptions::new().nx()), "NX");
        assert_eq!(encoded(&ExpireOptions::new().gt().xx()), "XX GT");
        assert_eq!(encoded(&ExpireOptions::default().lt()), "LT");
    }

    #[test]
    fn options_of_copy_are_its_words() {
        assert_eq!(encoded(&CopyOptions::new()), "");
        assert_eq!(encoded(&CopyOptions::default().replace().db(3)), "DB 3 REPLACE");
    }

    #[test]
    fn options_of_restore_are_its_words() {
        assert_eq!(encoded(&RestoreOptions::new()), "");
        assert_eq!(encoded(&RestoreOptions::new().idletime(8).absttl().replace()), "REPLACE ABSTTL IDLETIME 8");
        assert_eq!(encoded(&RestoreOptions::default().freq(255)), "FREQ 255");
    }
}
