//! CLUSTERSCAN: its cursor, its options and its pages.

use crate::{
    argument::{Argument, Arguments},
    command::option::{Checked, options},
    commands::slots::OneSlot,
    key::{KeyFor, KeyType, NotKey, SingleKey, Untyped},
    reply::{Array, Bulk, FromReply, Tuple},
    resp::{DecodeError, Reader, Writer},
    row::AnySlot,
};

/// A place in a scan of all keys of a cluster by CLUSTERSCAN. The server made it: it names the slot where the scan goes on, by
/// which the next page is asked of the node that has the slot then.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClusterCursor(Option<Box<str>>);

impl ClusterCursor {
    /// The begin of a scan.
    pub const START: ClusterCursor = ClusterCursor(None);

    /// The text of a begin, and that of an end.
    const ZERO: &'static str = "0";

    /// Returns the cursor as the server writes it, to be kept and read back by [`from`](Self#impl-From<%26str>-for-ClusterCursor).
    pub fn as_str(&self) -> &str {
        self.0.as_deref().unwrap_or(Self::ZERO)
    }
}

/// The cursor of a text that [`ClusterCursor::as_str`] returned. The server refuses every other one.
impl From<&str> for ClusterCursor {
    fn from(text: &str) -> Self {
        ClusterCursor(Some(text).filter(|text| *text != Self::ZERO).map(Box::from))
    }
}

impl Argument for ClusterCursor {
    fn write(&self, out: &mut Writer) {
        out.bulk(self.as_str().as_bytes());
    }
}

impl Arguments for ClusterCursor {
    type Item = Self;
    fn count(&self) -> usize {
        1
    }
    fn write_all(&self, out: &mut Writer) {
        self.write(out);
    }
}

impl SingleKey for ClusterCursor {
    type Kind = Untyped;
    type Slot = AnySlot;
}
impl KeyFor<NotKey<ClusterCursor>> for ClusterCursor {}

/// A page of a scan by CLUSTERSCAN.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClusterPage<T> {
    /// The place of the next page, or `None` at the end of the scan.
    pub next: Option<ClusterCursor>,
    /// The names of keys. A page may be empty before the last one.
    pub keys: Vec<T>,
}

#[diagnostic::do_not_recommend]
impl<T: FromReply<Bulk>> FromReply<Tuple<(Bulk, Array<Bulk>)>> for ClusterPage<T> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (next, keys): (String, Vec<T>) = FromReply::<Tuple<(Bulk, Array<Bulk>)>>::read(reader)?;
        let next = ClusterCursor::from(&*next);
        Ok(ClusterPage { next: Some(next).filter(|next| *next != ClusterCursor::START), keys })
    }
}

options! {
    /// Options of CLUSTERSCAN: a pattern, a type of keys, one slot, and the size of a page. The options of all pages of a scan
    /// are the same.
    #[derive(Clone, Copy, Debug)]
    pub struct ClusterScanOptions<'a> with new {
        pattern: Option<&'a [u8]> = "MATCH",
        count: Option<Checked<u64>> = "COUNT",
        key_type: Option<&'a KeyType> = "TYPE",
        slot: Option<OneSlot> = "SLOT",
    }
}

impl<'a> ClusterScanOptions<'a> {
    /// Leaves out keys that do not match the glob-style `pattern`, such as `user:*` (MATCH).
    pub fn matching<P: AsRef<[u8]> + ?Sized>(self, pattern: &'a P) -> Self {
        ClusterScanOptions { pattern: Some(pattern.as_ref()), ..self }
    }

    /// Visits about so many keys for each page, at least one (COUNT); the server's default is 10.
    pub fn count(self, keys: u64) -> Self {
        let rejection = (keys == 0).then_some("a page visits at least one key");
        ClusterScanOptions { count: Some(Checked(keys, rejection)), ..self }
    }

    /// Leaves out keys of other types than `key_type`, such as `&KeyType::Hash` (TYPE).
    pub const fn of_type(self, key_type: &'a KeyType) -> Self {
        ClusterScanOptions { key_type: Some(key_type), ..self }
    }

    /// Scans the keys of one slot, from 0 to 16383 (SLOT).
    pub const fn slot(self, slot: u16) -> Self {
        ClusterScanOptions { slot: Some(OneSlot(slot)), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::option::encoded;

    #[test]
    fn options_of_clusterscan_are_its_words() {
        let options = ClusterScanOptions::new();
        assert_eq!(encoded(&options), "");
        assert_eq!(
            encoded(&options.slot(5).of_type(&KeyType::Hash).count(9).matching("a*")),
            "MATCH a* COUNT 9 TYPE hash SLOT 5"
        );
    }

    #[test]
    fn a_cursor_is_the_text_of_the_server() {
        assert_eq!(encoded(&ClusterCursor::START), "0");
        assert_eq!(ClusterCursor::from("0"), ClusterCursor::START);
        let cursor = ClusterCursor::from("0H]hIl-{245}-1122");
        assert_eq!((encoded(&cursor), cursor.as_str()), ("0H]hIl-{245}-1122".to_owned(), "0H]hIl-{245}-1122"));
    }
}
