//! Options of the commands on the expiry of fields.

use crate::command::{
    flag::{Ex, ExAt, Fnx, Fxx, HsetexNx, HsetexXx, KeepTtl, Px, PxAt},
    option::{IsUnset, Unset, options},
};

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
}
