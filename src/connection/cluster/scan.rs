//! Scanning the keys of a cluster: SCAN on one primary after the other, until every slot was on one node during a whole pass over
//! that node.
//!
//! Each page comes with the node's own word on its slots, by CLUSTER NODES in one transaction with SCAN. So a pass counts for a
//! slot only if the node had it at every page; others are scanned again where they are then. The keys of a slot that is being
//! migrated one by one go only one way: they are on the source or the target, so a pass over the source counts with a later one
//! over the target.

use super::{
    node::ClusterNode,
    ownership::{Ownership, Target},
    redirects::{Budget, is_of_node},
    state::Cluster,
};
use crate::{
    connection::{config::Address, failure::RequestError, request::Request},
    error::{CommandPosition, Error, ErrorKind, Result},
    key::SLOTS,
    resp::{CommandBuffer, DecodeError, FirstArgument, Name, Reader, control, encoded_len},
};
use bytes::Bytes;
use std::{collections::BTreeMap, sync::Arc};

const NODES: Name<{ encoded_len("CLUSTER NODES") }> = Name::new("CLUSTER NODES");
const SCAN: Name<{ encoded_len("SCAN") }> = Name::new("SCAN");
/// The position of SCAN in an error.
pub(in crate::connection) const AT: CommandPosition = CommandPosition::unnumbered("SCAN");

/// The sizes of pages, the first and the largest, when slots move faster than a pass over a node with the caller's pages.
const LARGER_PAGES: (u64, u64) = (400, 10_000);

/// A scan of all keys of a cluster.
pub(in crate::connection) struct ClusterScan {
    cluster: Arc<Cluster>,
    /// The slots that are still to be scanned. Where one has a target, its source was scanned.
    left: BTreeMap<u16, Option<Target>>,
    pass: Option<Pass>,
    /// The number of passes that have begun.
    passes: usize,
    /// The last pass counted for nothing, so that the map is to be newer before another begins.
    in_vain: bool,
}

/// A pass over one node.
struct Pass {
    node: Arc<ClusterNode>,
    cursor: Box<[u8]>,
    /// The slots for which it counts up to now, after its first page. Those with a target were being migrated there.
    counts: Option<BTreeMap<u16, Option<Target>>>,
}

/// One page: the cursor, the array of keys, and the slots of the node.
struct Page {
    cursor: Box<[u8]>,
    keys: Bytes,
    ownership: Ownership,
}

/// The failure of a page.
enum Failure {
    /// The node is not there, or serves nothing for now.
    Node(Error),
    Final(Error),
}

impl ClusterScan {
    pub(in crate::connection) fn new(cluster: &Arc<Cluster>) -> ClusterScan {
        let left = (0..SLOTS).map(|slot| (slot, None)).collect();
        ClusterScan { cluster: cluster.clone(), left, pass: None, passes: 0, in_vain: false }
    }

    /// Returns the array of keys of the next page; `None` when every slot was scanned. `options` are the arguments behind the cursor.
    pub(in crate::connection) async fn next(&mut self, options: &[Box<[u8]>]) -> Result<Option<Bytes>> {
        let mut budget = Budget::new(&self.cluster);
        while !self.left.is_empty() {
            if self.in_vain {
                self.cluster.refresh(None);
                budget.pause(&self.cluster).await;
                self.in_vain = false;
            }
            let failure = match self.page(options).await {
                Ok(keys) => return Ok(Some(keys)),
                Err(Failure::Final(error)) => return Err(error),
                Err(Failure::Node(error)) => error,
            };
            self.pass = None;
            self.cluster.refresh(None);
            if self.cluster.is_closed() || !budget.pause(&self.cluster).await {
                return Err(failure);
            }
        }
        Ok(None)
    }

    async fn page(&mut self, options: &[Box<[u8]>]) -> Result<Bytes, Failure> {
        let count = self.larger_pages();
        let pass = match self.pass.take() {
            Some(pass) => self.pass.insert(pass),
            None => {
                let node = self.next_node().map_err(Failure::Node)?;
                self.passes += 1;
                self.pass.insert(Pass { node, cursor: Box::from(&b"0"[..]), counts: None })
            }
        };
        let request = request(&pass.cursor, options, count);
        request.check().map_err(|rejected| Failure::Final(Error::Argument { at: AT, reason: rejected.reason }))?;
        let answer = self.cluster.nodes().open(&pass.node).shared().call(request).await;
        let replies = answer.map_err(failed)?.bytes;
        let page = Page::read(&replies, pass.node.address()).map_err(refused)?;
        pass.note(&self.left, &page.ownership);
        pass.cursor = page.cursor;
        let is_over = &*pass.cursor == b"0";
        let counts_for_nothing = pass.counts.as_ref().is_none_or(BTreeMap::is_empty);
        self.in_vain = counts_for_nothing;
        if is_over || counts_for_nothing {
            self.finish(&page.ownership.id);
        }
        Ok(page.keys)
    }

    /// Returns the node of the first slot that is left; one without a known node comes last.
    fn next_node(&self) -> Result<Arc<ClusterNode>> {
        let mut error = None;
        for (slot, target) in &self.left {
            if let Some(address) = target.as_ref().and_then(|target| target.address.as_ref()) {
                return Ok(self.cluster.nodes().get(address));
            }
            match self.cluster.primary_of(*slot) {
                Ok(node) => return Ok(node),
                Err(unserved) => error = error.or(Some(unserved)),
            }
        }
        Err(error.unwrap_or_else(|| self.cluster.no_node()))
    }

    /// Returns the size of pages that makes passes short enough, if the caller's does not.
    fn larger_pages(&self) -> Option<u64> {
        let expected = 2 * self.cluster.primaries().len();
        let beyond = u32::try_from(self.passes.checked_sub(expected)?).unwrap_or(u32::MAX);
        Some(LARGER_PAGES.0.saturating_mul(2_u64.saturating_pow(beyond)).min(LARGER_PAGES.1))
    }

    /// Ends a pass over the node with this identifier.
    fn finish(&mut self, id: &str) {
        let counts = self.pass.take().and_then(|pass| pass.counts).unwrap_or_default();
        // What has left the target again may be anywhere.
        for target in self.left.values_mut() {
            *target = target.take().filter(|target| *target.id != *id);
        }
        for (slot, target) in counts {
            match target {
                Some(target) => drop(self.left.insert(slot, Some(target))),
                None => drop(self.left.remove(&slot)),
            }
        }
    }
}

impl Pass {
    /// Takes in what the node has said of its slots beside a page.
    fn note(&mut self, left: &BTreeMap<u16, Option<Target>>, now: &Ownership) {
        let is_target = |slot: &u16| left.get(slot).and_then(Option::as_ref).is_some_and(|target| target.id == now.id);
        match &mut self.counts {
            None => {
                let here = left.keys().filter(|slot| now.owns(**slot) || (is_target(slot) && now.imports(**slot)));
                self.counts = Some(here.map(|slot| (*slot, now.target(*slot).cloned())).collect());
            }
            Some(counts) => counts.retain(|slot, target| {
                let is_here = now.owns(*slot) || (is_target(slot) && now.imports(*slot));
                match (&target, now.target(*slot)) {
                    (None, next) => *target = next.cloned(),
                    // The migration was called off, and what had moved may have come back unseen.
                    (Some(_), None) => return false,
                    (Some(before), Some(next)) if before.id != next.id => return false,
                    (Some(_), Some(_)) => {}
                }
                is_here
            }),
        }
    }
}

impl Page {
    fn read(replies: &Bytes, from: &Address) -> Result<Page, DecodeError> {
        let mut reader = Reader::new(replies);
        for _ in 0..3 {
            reader.read_reply(Reader::ignore)?;
        }
        let (nodes, page) = reader.read_reply(|reader| {
            reader.array()?;
            let nodes = String::from_utf8_lossy(reader.bytes()?).into_owned();
            let start = reader.position();
            reader.skip()?;
            Ok((nodes, replies.slice(start..reader.position())))
        })?;
        let (cursor, keys) = split_page(&page)?;
        Ok(Page { cursor, keys, ownership: Ownership::read(&nodes, from) })
    }
}

/// Splits the reply to SCAN into the cursor and the array of keys.
pub(in crate::connection) fn split_page(page: &Bytes) -> Result<(Box<[u8]>, Bytes), DecodeError> {
    Reader::new(page).read_reply(|reader| {
        if reader.array()? != 2 {
            return Err(DecodeError::mismatch("a cursor and an array of keys", "another array"));
        }
        let cursor = reader.bytes()?.into();
        let start = reader.position();
        reader.skip()?;
        Ok((cursor, page.slice(start..reader.position())))
    })
}

/// Encodes SCAN. A `count` replaces that of the options, since the last one counts.
pub(in crate::connection) fn encode(out: &mut CommandBuffer, cursor: &[u8], options: &[Box<[u8]>], count: Option<u64>) {
    let count = count.map(|count| count.to_string());
    out.command(FirstArgument::Other, |out| {
        out.command(&SCAN, 1 + options.len() + if count.is_some() { 2 } else { 0 });
        out.bulk(cursor);
        options.iter().for_each(|option| out.bulk(option));
        if let Some(count) = &count {
            out.bulk(b"COUNT");
            out.bulk(count.as_bytes());
        }
    });
}

fn request(cursor: &[u8], options: &[Box<[u8]>], count: Option<u64>) -> Request {
    let mut buffer = CommandBuffer::default();
    buffer.control_command(control::MULTI);
    buffer.command(FirstArgument::Other, |out| out.command(&NODES, 0));
    encode(&mut buffer, cursor, options, count);
    buffer.control_command(control::EXEC);
    Request::plain(buffer)
}

fn failed(error: RequestError) -> Failure {
    let is_lost = error.is_connection_lost();
    let error = error.into_error(|_| AT);
    // SCAN only reads, so it can be sent again where it may have run.
    if is_lost || is_of_node(&error) { Failure::Node(error) } else { Failure::Final(error) }
}

/// Returns the error of a page that the server refuses, or that is none.
pub(in crate::connection) fn unreadable(error: DecodeError) -> Error {
    match error {
        DecodeError::Server(error) => Error::Server { at: AT, error },
        DecodeError::Mismatch(reason) => Error::Reply { at: AT, reason },
    }
}

fn refused(error: DecodeError) -> Failure {
    use ErrorKind as Kind;
    let is_brief = matches!(&error, DecodeError::Server(error) if matches!(error.kind(), Kind::ClusterDown | Kind::Loading | Kind::MasterDown | Kind::ExecAbort));
    let error = unreadable(error);
    if is_brief { Failure::Node(error) } else { Failure::Final(error) }
}
