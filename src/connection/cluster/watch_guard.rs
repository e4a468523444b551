//! The guard of a watch in a cluster. A watch does not move with its slot, so all that follows it is of that slot, and EXEC asks
//! for a key of it: then the server refuses what it cannot guard any more.

use super::{
    asking::Asking,
    redirect::{self, Refusal},
    redirects::Redirects,
    state::Cluster,
};
use crate::{
    command::Route,
    connection::{
        config::Address,
        failure::RequestError,
        request::{RawReplies, Request},
    },
    error::{Error, Result},
    key::SlotState,
    resp::{DecodeError, Framing, Reader},
};
use std::{borrow::Cow, fmt, io, sync::Arc};

/// Valkey 8.1 and 9.1 do not look in a transaction with a channel of a shard whether the keys of a slot that is being migrated are
/// still there, so that the lookup of a watched one proves nothing.
const UNGUARDED: &str = "with a channel or a cursor that has a slot and is no key, a node may not notice that the watched keys have moved: publish when the transaction has committed";

/// The slot that is watched, and the node where it is.
pub(crate) struct WatchGuard {
    cluster: Arc<Cluster>,
    from: Address,
    slot: u16,
    /// A watched key.
    key: Box<[u8]>,
    asking: Asking,
}

impl WatchGuard {
    /// Makes the guard of the keys of a WATCH that is sent where `redirects` leads; `None` if they are not of one slot.
    pub(crate) fn new(redirects: &Redirects, watch: &Request) -> Option<WatchGuard> {
        let SlotState::One(slot) = watch.slot() else { return None };
        let key = watch.arguments().first().map(|key| (*key).into())?;
        let (cluster, from) = (redirects.cluster().clone(), redirects.address().clone());
        Some(WatchGuard { cluster, from, slot, key, asking: redirects.asking() })
    }

    /// Fails for keys that are in another slot than the watched ones, and for what the guard cannot be with.
    pub(crate) fn check(&self, request: &Request) -> Result<()> {
        self.cluster.check_one_node(request)?;
        if request.framing() == Framing::Transaction && request.routing().route == Route::NotKey {
            return Err(Error::Argument { at: request.position_of(|route| route == Route::NotKey), reason: UNGUARDED });
        }
        match request.slot() {
            SlotState::One(slot) if slot == self.slot => Ok(()),
            SlotState::None => Ok(()),
            SlotState::One(_) | SlotState::Crossed => Err(request.cross_slot_with(&self.key)),
        }
    }

    pub(crate) fn outgoing<'r>(&self, request: Cow<'r, Request>) -> Cow<'r, Request> {
        self.asking.outgoing(request)
    }

    pub(crate) fn incoming(&self, answer: Result<RawReplies, RequestError>) -> Result<RawReplies, RequestError> {
        self.asking.incoming(answer)
    }

    /// Returns a transaction that has a key of the watched slot, and whether a lookup was added for that.
    pub(crate) fn guarded(&self, request: Request) -> (Request, bool) {
        match request.slot() {
            SlotState::None => (request.with_lookup(&self.key), true),
            SlotState::One(_) | SlotState::Crossed => (request, false),
        }
    }

    /// Returns the refusal that the answer to a request is, or to the scripts before it. The client looks for a newer map then.
    #[cold]
    pub(crate) fn refusal(&self, request: &Request, answer: &Result<RawReplies, RequestError>) -> Option<io::Error> {
        let replies = match answer {
            Ok(replies) => replies,
            Err(RequestError::NotSent(Error::Server { error, .. })) if redirect::is_for_now(error.kind()) => {
                self.cluster.refresh(None);
                return Some(io::Error::other(error.to_string()));
            }
            Err(_) => return None,
        };
        match redirect::of_request(request, &replies.bytes, &self.from)? {
            Refusal::Moved { slot, to } => drop(self.cluster.moved(slot, &to)),
            Refusal::Ask { .. } | Refusal::Wait => self.cluster.refresh(None),
        }
        Some(io::Error::other(last_error(replies)))
    }
}

/// Returns the text of the last error among replies, which is the one of EXEC where there is one.
fn last_error(replies: &RawReplies) -> String {
    let mut reader = Reader::new(&replies.bytes);
    let mut text = String::from("the node refuses the slot");
    while reader.position() < replies.bytes.len() {
        match reader.read_reply(Reader::ignore) {
            Err(DecodeError::Server(error)) => text = error.to_string(),
            Err(DecodeError::Mismatch(_)) => break,
            Ok(_) => {}
        }
    }
    text
}

impl fmt::Debug for WatchGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WatchGuard").field("from", &self.from).field("slot", &self.slot).finish_non_exhaustive()
    }
}
