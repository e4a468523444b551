//! Options of the generic commands.

use crate::{
    argument::Arguments,
    command::{
        flag::{Freq, Gt, Idletime, Lt, Nx, Xx},
        option::{IsUnset, Unset, options},
    },
};

options! {
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

/// A condition of HEXPIRE, SEXPIRE and their like: [`ExpireOptions`] with at most one of NX, XX, GT and LT.
///
/// GT and LT treat a field or member without expiry as one that never expires.
#[diagnostic::on_unimplemented(
    message = "the expiry of a field or member takes one condition, and this is `{Self}`",
    label = "expected `ExpireOptions` with one of NX, XX, GT and LT",
    note = "EXPIRE takes XX with GT or LT, HEXPIRE and SEXPIRE one of them: `ExpireOptions::new().gt()`"
)]
pub trait SingleCondition: Arguments {}
#[diagnostic::do_not_recommend]
impl SingleCondition for ExpireOptions {}
#[diagnostic::do_not_recommend]
impl SingleCondition for ExpireOptions<Nx, Nx> {}
#[diagnostic::do_not_recommend]
impl SingleCondition for ExpireOptions<Xx> {}
#[diagnostic::do_not_recommend]
impl SingleCondition for ExpireOptions<Unset, Gt> {}
#[diagnostic::do_not_recommend]
impl SingleCondition for ExpireOptions<Unset, Lt> {}

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
    fn options_of_expire_are_its_words() {
        assert_eq!(encoded(&ExpireOptions::new()), "");
        assert_eq!(encoded(&ExpireOptions::new().nx()), "NX");
        assert_eq!(encoded(&ExpireOptions::new().gt().xx()), "XX GT");
        assert_eq!(encoded(&ExpireOptions::default().lt()), "LT");
    }

    #[test]
    fn a_single_condition_is_a_word() {
        fn single(condition: impl SingleCondition) -> String {
            encoded(&condition)
        }
        assert_eq!(single(ExpireOptions::new()), "");
        assert_eq!(single(ExpireOptions::new().nx()), "NX");
        assert_eq!(single(ExpireOptions::new().xx()), "XX");
        assert_eq!(single(ExpireOptions::new().gt()), "GT");
        assert_eq!(single(ExpireOptions::new().lt()), "LT");
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
