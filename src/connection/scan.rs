//! Scanning all keys, on one server or a cluster.

use crate::{
    connection::{
        cluster::{self, ClusterScan},
        handle::Handle,
        request::Request,
    },
    error::{Error, Result},
    resp::{CommandBuffer, Reader},
};
use bytes::Bytes;
use std::fmt;

/// A scan of all keys, page by page.
pub(crate) struct Scan {
    handle: Handle,
    /// The arguments behind the cursor.
    options: Vec<Box<[u8]>>,
    servers: Servers,
}

enum Servers {
    /// The cursor of the only server; `None` behind the last page.
    Single(Option<Box<[u8]>>),
    Cluster(Box<ClusterScan>),
}

impl Scan {
    /// Begins a scan with the options that are the arguments of `command`.
    pub(crate) fn new(handle: &Handle, command: CommandBuffer) -> Scan {
        let options = Request::plain(command).arguments().into_iter().map(Box::from).collect();
        let servers = match handle.cluster() {
            Some(cluster) => Servers::Cluster(Box::new(ClusterScan::new(cluster))),
            None => Servers::Single(Some(Box::from(&b"0"[..]))),
        };
        Scan { handle: handle.clone(), options, servers }
    }

    /// Returns the array of keys of the next page; `None` behind the last one.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>> {
        match &mut self.servers {
            Servers::Cluster(scan) => scan.next(&self.options).await,
            Servers::Single(None) => Ok(None),
            Servers::Single(Some(cursor)) => {
                let mut buffer = CommandBuffer::default();
                cluster::encode(&mut buffer, cursor, &self.options, None);
                let request = Request::plain(buffer);
                request.check().map_err(|rejected| Error::Argument { at: cluster::AT, reason: rejected.reason })?;
                let (replies, _) =
                    self.handle.call(request).await.map_err(|failure| failure.into_error(|_| cluster::AT))?;
                let (next, keys) = cluster::split_page(&replies.bytes).map_err(cluster::unreadable)?;
                self.servers = Servers::Single(Some(next).filter(|next| **next != *b"0"));
                Ok(Some(keys))
            }
        }
    }

    /// Reads the keys of a page.
    pub(crate) fn read<T>(
        keys: &Bytes,
        read: impl FnOnce(&mut Reader<'_>) -> Result<T, crate::resp::DecodeError>,
    ) -> Result<T> {
        Reader::new(keys).read_reply(read).map_err(cluster::unreadable)
    }
}

impl fmt::Debug for Scan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scan").field("options", &self.options.len()).finish_non_exhaustive()
    }
}
