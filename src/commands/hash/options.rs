//! Options of the commands on the expiry of fields.

use crate::{
    argument::Arguments,
    command::{
        flag::{Ex, ExAt, Fnx, Fxx, Gt, HsetexNx, HsetexXx, KeepTtl, Lt, Nx, Px, PxAt, Xx},
        option::{IsUnset, Unset, options},
    },
    commands::generic::options::ExpireOptions,
};

/// A condition of HEXPIRE and its like: [`ExpireOptions`] with at most one of NX, XX, GT and LT.
///
/// GT and LT treat a field without expiry as one that never expires.
#[diagnostic::on_unimplemented(
    message = "the expiry of a field takes one condition, and this is `{Self}`",
    label = "expected `ExpireOptions` with one of NX, XX, GT and LT",
    note = "EXPIRE takes XX with GT or LT, HEXPIRE one of them: `ExpireOptions::new().gt()`"
)]
pub trait FieldCondition: Arguments {}
#[diagnostic::do_not_recommend]
impl FieldCondition for ExpireOptions {}
#[diagnostic::do_not_recommend]
impl FieldCondition for ExpireOptions<Nx, Nx> {}
#[diagnostic::do_not_recommend]
impl FieldCondition for ExpireOptions<Xx> {}
#[diagnostic::do_not_recommend]
impl FieldCondition for ExpireOptions<Unset, Gt> {}
#[diagnostic::do_not_recommend]
impl FieldCondition for ExpireOptions<Unset, Lt> {}

options! {
    /// Options of HSETEX, for [`hsetex_with`](crate::commands::FieldExpiryCommands::hsetex_with): a condition on the hash,
    /// one on the fields, and the expiry of the fields. Without an expiry, the fields do not expire.
    #[derive(Clone, Copy, Debug)]
    pub struct HsetexOptions<K = Unset, F = Unset, E = Unset> with new {
        of_key: Option<&'static str>,
        of_fields: Option<&'static str>,
        expiry: Option<&'static str>,
        time: Option<u64>,
    }
}

impl<K, F, E> HsetexOptions<K, F, E> {
    /// Stores only if the hash does not exist (NX, of Valkey since 9.1).
    pub fn nx(self) -> HsetexOptions<HsetexNx, F, E>
    where
        K: IsUnset,
    {
        HsetexOptions { of_key: Some(HsetexNx::WORD), ..HsetexOptions::retyped(self) }
    }

    /// Stores only if the hash exists (XX, of Valkey since 9.1).
    pub fn xx(self) -> HsetexOptions<HsetexXx, F, E>
    where
        K: IsUnset,
    {
        HsetexOptions { of_key: Some(HsetexXx::WORD), ..HsetexOptions::retyped(self) }
    }

    /// Stores only if none of the fields exists (FNX).
    pub fn fnx(self) -> HsetexOptions<K, Fnx, E>
    where
        F: IsUnset,
    {
        HsetexOptions { of_fields: Some(Fnx::WORD), ..HsetexOptions::retyped(self) }
    }

    /// Stores only if all of the fields exist (FXX).
    pub fn fxx(self) -> HsetexOptions<K, Fxx, E>
    where
        F: IsUnset,
    {
        HsetexOptions { of_fields: Some(Fxx::WORD), ..HsetexOptions::retyped(self) }
    }

    /// Sets the fields' expiry to `seconds` from now (EX). 0 removes the fields.
    pub fn ex(self, seconds: u64) -> HsetexOptions<K, F, Ex>
    where
        E: IsUnset,
    {
        self.expiring(Ex::WORD, Some(seconds))
    }

    /// Sets the fields' expiry to `milliseconds` from now (PX). 0 removes the fields.
    pub fn px(self, milliseconds: u64) -> HsetexOptions<K, F, Px>
    where
        E: IsUnset,
    {
        self.expiring(Px::WORD, Some(milliseconds))
    }

    /// Sets the fields' expiry to the Unix time `seconds` (EXAT). A time in the past removes the fields.
    pub fn exat(self, seconds: u64) -> HsetexOptions<K, F, ExAt>
    where
        E: IsUnset,
    {
        self.expiring(ExAt::WORD, Some(seconds))
    }

    /// Sets the fields' expiry to the Unix time `milliseconds` (PXAT). A time in the past removes the fields.
    pub fn pxat(self, milliseconds: u64) -> HsetexOptions<K, F, PxAt>
    where
        E: IsUnset,
    {
        self.expiring(PxAt::WORD, Some(milliseconds))
    }

    /// Keeps the fields' expiry (KEEPTTL).
    pub fn keepttl(self) -> HsetexOptions<K, F, KeepTtl>
    where
        E: IsUnset,
    {
        self.expiring(KeepTtl::WORD, None)
    }

    fn expiring<E2>(self, word: &'static str, time: Option<u64>) -> HsetexOptions<K, F, E2> {
        HsetexOptions { expiry: Some(word), time, ..HsetexOptions::retyped(self) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::option::encoded;

    #[test]
    fn options_of_hsetex_are_its_words() {
        assert_eq!(encoded(&HsetexOptions::new()), "");
        assert_eq!(encoded(&HsetexOptions::new().ex(5).fnx().nx()), "NX FNX EX 5");
        assert_eq!(encoded(&HsetexOptions::new().fxx().px(7)), "FXX PX 7");
        assert_eq!(encoded(&HsetexOptions::default().exat(9).xx()), "XX EXAT 9");
        assert_eq!(encoded(&HsetexOptions::new().pxat(11)), "PXAT 11");
        assert_eq!(encoded(&HsetexOptions::new().keepttl().fxx()), "FXX KEEPTTL");
    }

    #[test]
    fn a_condition_of_hexpire_is_a_word() {
        fn of_field(condition: impl FieldCondition) -> String {
            encoded(&condition)
        }
        assert_eq!(of_field(ExpireOptions::new()), "");
        assert_eq!(of_field(ExpireOptions::new().nx()), "NX");
        assert_eq!(of_field(ExpireOptions::new().xx()), "XX");
        assert_eq!(of_field(ExpireOptions::new().gt()), "GT");
        assert_eq!(of_field(ExpireOptions::new().lt()), "LT");
    }
}
