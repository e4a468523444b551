//! Options of SCAN, HSCAN, SSCAN and ZSCAN.

use crate::command::option::options;

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
}
