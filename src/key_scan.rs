//! Scanning all keys, page by page.

use crate::{
    argument::Arguments,
    connection::{Handle, Scan},
    error::Result,
    reply::{Bulk, FromReply},
    resp::{CommandBuffer, FirstArgument, Name, encoded_len},
};
use std::{fmt, marker::PhantomData};

/// A scan of all keys, made by [`scan_keys`](crate::ClientOn::scan_keys). Each key is read as a `K`.
///
/// Every key that exists throughout the scan is returned at least once; a key may be returned several times, and a page may
/// be empty. Dropped at any moment, it leaves nothing on the servers.
#[must_use = "a scan asks for nothing until `next_page` is called"]
pub struct KeyScan<K> {
    scan: Scan,
    keys: PhantomData<fn() -> K>,
}

impl<K: FromReply<Bulk>> KeyScan<K> {
    pub(crate) fn new(handle: &Handle, options: &(impl Arguments + ?Sized)) -> KeyScan<K> {
        const NAME: Name<{ encoded_len("SCAN") }> = Name::new("SCAN");
        let mut buffer = CommandBuffer::default();
        buffer.command(FirstArgument::Other, |out| {
            out.command(&NAME, options.count());
            options.write_all(out);
        });
        KeyScan { scan: Scan::new(handle, buffer), keys: PhantomData }
    }

    /// Returns the keys of the next page, or `None` when all keys were returned.
    ///
    /// After an error, or if the future was dropped, the next call asks for the same page again.
    ///
    /// # Errors
    ///
    /// Those of a command that only reads. On a cluster, also [`Cluster`](crate::Error::Cluster) if no node serves the slots
    /// that are left, after the response timeout.
    pub async fn next_page(&mut self) -> Result<Option<Vec<K>>> {
        let Some(page) = self.scan.next().await? else { return Ok(None) };
        Scan::read(&page, K::read_vec).map(Some)
    }
}

impl<K> fmt::Debug for KeyScan<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyScan").field("scan", &self.scan).finish_non_exhaustive()
    }
}
