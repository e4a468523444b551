//! Options of the commands on hashes.

use crate::{
    argument::{Argument, Arguments},
    resp::Writer,
};

/// Options of SCAN, HSCAN, SSCAN and ZSCAN, as for [`hscan_with`](crate::HashCommands::hscan_with): which elements are
/// wanted, and about how many at once.
///
/// They borrow the pattern and can be copied, so that a loop builds them once.
#[derive(Clone, Copy, Debug, Default)]
#[must_use]
pub struct ScanOptions<'a> {
    pattern: Option<&'a [u8]>,
    count: Option<u64>,
}

impl<'a> ScanOptions<'a> {
    /// Makes options of which none is given.
    pub const fn new() -> Self {
        ScanOptions { pattern: None, count: None }
    }

    /// Leaves out what does not match `pattern`, such as `user:*` (MATCH).
    ///
    /// The server looks for matches among what it would have returned without it, so a page may be empty before the
    /// last.
    pub fn matching<P: AsRef<[u8]> + ?Sized>(self, pattern: &'a P) -> Self {
        ScanOptions { pattern: Some(pattern.as_ref()), ..self }
    }

    /// Looks at about `elements` elements for each page (COUNT); the server's default is 10.
    pub const fn count(self, elements: u64) -> Self {
        ScanOptions { count: Some(elements), ..self }
    }
}

impl Arguments for ScanOptions<'_> {
    type Item = Self;
    fn count(&self) -> usize {
        2 * (usize::from(self.pattern.is_some()) + usize::from(self.count.is_some()))
    }
    fn write_all(&self, out: &mut Writer) {
        if let Some(pattern) = self.pattern {
            "MATCH".write(out);
            pattern.write(out);
        }
        if let Some(count) = self.count {
            "COUNT".write(out);
            count.write(out);
        }
    }
}
