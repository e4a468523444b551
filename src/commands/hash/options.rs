//! Options of HSCAN, which SCAN, SSCAN and ZSCAN share.

use crate::command::option::options;

options! {
    /// Options of SCAN, HSCAN, SSCAN and ZSCAN, as for [`hscan_with`](crate::commands::HashCommands::hscan_with): which elements are
    /// returned, and about how many at once.
    ///
    /// The options borrow the pattern and are `Copy`, so that a loop builds them once.
    #[derive(Clone, Copy, Debug)]
    pub struct ScanOptions<'a> with new {
        pattern: Option<&'a [u8]> = "MATCH",
        count: Option<u64> = "COUNT",
    }
}

impl<'a> ScanOptions<'a> {
    /// Leaves out elements that do not match the glob-style `pattern`, such as `user:*` (MATCH).
    ///
    /// The server filters each page after it was read, so a page may be empty before the last.
    pub fn matching<P: AsRef<[u8]> + ?Sized>(self, pattern: &'a P) -> Self {
        ScanOptions { pattern: Some(pattern.as_ref()), ..self }
    }

    /// Looks at about `elements` elements for each page (COUNT); the server's default is 10.
    pub const fn count(self, elements: u64) -> Self {
        ScanOptions { count: Some(elements), ..self }
    }
}
