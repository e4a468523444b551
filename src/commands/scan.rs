//! Options of SCAN, HSCAN, SSCAN and ZSCAN.

use crate::{
    argument::Arguments,
    command::{
        flag::{AvailableSince, OfType},
        option::options,
    },
    key::KeyType,
};
use std::marker::PhantomData;

options! {
    /// Options of SCAN, HSCAN, SSCAN and ZSCAN, such as for [`hscan_with`](crate::commands::HashCommands::hscan_with):
    /// a pattern and the size of a page.
    ///
    /// The options borrow the pattern and are `Copy`, so that a loop can build them once.
    #[derive(Clone, Copy, Debug)]
    pub struct ScanOptions<'a> with new {
        pattern: Option<&'a [u8]> = "MATCH",
        count: Option<u64> = "COUNT",
    }

    /// Options of SCAN with a type of keys, made by [`ScanOptions::of_type`].
    #[derive(Clone, Copy, Debug)]
    pub struct KeyScanOptions<'a> {
        options: ScanOptions<'a>,
        key_type: &'a KeyType = OfType::WORD,
    }
}

impl<'a> ScanOptions<'a> {
    /// Leaves out elements that do not match the glob-style `pattern`, such as `user:*` (MATCH). The server filters
    /// each page after it has read it, so a page may be empty before the last one.
    pub fn matching<P: AsRef<[u8]> + ?Sized>(self, pattern: &'a P) -> Self {
        ScanOptions { pattern: Some(pattern.as_ref()), ..self }
    }

    /// Visits about `elements` elements for each page (COUNT); the server's default is 10.
    pub const fn count(self, elements: u64) -> Self {
        ScanOptions { count: Some(elements), ..self }
    }

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
}
