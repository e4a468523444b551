//! The way of one read in a cluster or a Sentinel set: to a replica, and to other nodes where that one does not serve it. A read may
//! be sent again even where it has run.

use super::{
    asking::Asking,
    latency,
    node::ClusterNode,
    redirect::{self, Refusal},
    redirects::{Budget, is_of_node},
    replicas::{Need, ReadNode, ReplicaReads, has_cursor},
};
use crate::{
    connection::{
        config::Address,
        failure::RequestError,
        node::Node,
        request::{RawReplies, Request},
    },
    error::{Error, Result},
    trace,
};
use std::{borrow::Cow, mem, sync::Arc, time::Duration};

/// The time in which a connection that is not open must be, before another node is asked.
pub(super) const PATIENCE: Duration = Duration::from_millis(500);

/// The way of one read.
pub(crate) struct ReplicaRoute {
    reads: Arc<ReplicaReads>,
    slot: Option<u16>,
    of_primary: bool,
    turn: usize,
    to: ReadNode,
    asking: Asking,
    /// The nodes that did not serve the read since the last pause.
    tried: Vec<Address>,
    budget: Budget,
    /// The span of the request names a node.
    is_traced: bool,
}

impl ReplicaRoute {
    /// Returns the way of a read, once it is known which nodes there are.
    pub(super) async fn begin(reads: &Arc<ReplicaReads>, request: &Request) -> Result<ReplicaRoute> {
        let (slot, turn) = (reads.slot_of(request)?, reads.next_turn());
        let of_primary = request.parts().iter().any(|part| has_cursor(part.info));
        let mut budget = Budget::new(reads.cluster());
        let to = loop {
            match reads.choose(Need { slot, of_primary, turn, tried: &[] }) {
                Some(to) => break to,
                None if reads.cluster().is_closed() => return Err(Error::Closed),
                None if reads.cluster().is_known() => return Err(reads.no_node(slot)),
                None => reads.cluster().refresh(None),
            }
            if !budget.pause(reads.cluster()).await {
                return Err(reads.no_node(slot));
            }
        };
        Ok(ReplicaRoute {
            reads: reads.clone(),
            slot,
            of_primary,
            turn,
            to,
            asking: Asking(false),
            tried: Vec::new(),
            budget,
            is_traced: false,
        })
    }

    /// The node that the read is to be sent to next.
    pub(crate) fn node(&self) -> &Node {
        self.reads.cluster().nodes().open_as(&self.to)
    }

    /// Moves on to a node whose connection is open, or opens within a moment.
    pub(crate) async fn reach(&mut self) -> Result<()> {
        while !self.node().is_connected() && !latency::answers(self.node(), PATIENCE).await {
            if !self.pass_over().await {
                return Err(self.reads.no_node(self.slot));
            }
        }
        if !mem::replace(&mut self.is_traced, true) {
            trace::on_node(self.node().monitor().server());
        }
        Ok(())
    }

    /// Returns the read as it is to be sent next.
    pub(crate) fn outgoing<'r>(&self, request: &'r Request) -> Cow<'r, Request> {
        self.asking.outgoing(Cow::Borrowed(request))
    }

    /// Returns the answer to the read alone.
    pub(crate) fn incoming(&self, answer: Result<RawReplies, RequestError>) -> Result<RawReplies, RequestError> {
        self.asking.incoming(answer)
    }

    /// Returns whether the read is to be sent again after this answer, which is the one to it alone.
    pub(crate) async fn again(&mut self, request: &Request, answer: &Result<RawReplies, RequestError>) -> bool {
        let refusal = match answer {
            Ok(replies) if !replies.errors => return false,
            Ok(replies) => redirect::of_request(request, &replies.bytes, self.to.node.address()),
            Err(RequestError::NotSent(error)) if is_of_node(error) => Some(Refusal::Wait),
            Err(RequestError::Lost { .. }) => Some(Refusal::Wait),
            Err(RequestError::TimedOut { .. }) => {
                self.reads.suspect(&self.to);
                self.reads.cluster().refresh(None);
                None
            }
            Err(_) => None,
        };
        match refusal {
            None => false,
            Some(_) if self.reads.cluster().is_closed() || !self.budget.hop() => false,
            Some(refusal) => match self.reads.follow(refusal, &self.to) {
                Some((node, asking)) => {
                    (self.to, self.asking) = (ReadNode::named(node), asking);
                    true
                }
                None => self.pass_over().await,
            },
        }
    }

    /// Moves on to another node than the present one, which does not serve the read; after a pause to any, where all were tried.
    async fn pass_over(&mut self) -> bool {
        self.reads.suspect(&self.to);
        self.tried.push(self.to.node.address().clone());
        self.reads.cluster().refresh(None);
        while !self.reads.cluster().is_closed() {
            let need = Need { slot: self.slot, of_primary: self.of_primary, turn: self.turn, tried: &self.tried };
            if let Some(to) = self.reads.choose(need) {
                (self.to, self.asking) = (to, Asking(false));
                return true;
            }
            if !self.budget.pause(self.reads.cluster()).await {
                break;
            }
            self.tried.clear();
        }
        false
    }
}

impl ReplicaReads {
    /// Returns the node that a refusal names; `None` if another one is to be chosen.
    pub(super) fn follow(&self, refusal: Refusal, from: &ReadNode) -> Option<(Arc<ClusterNode>, Asking)> {
        let (to, asking) = match refusal {
            Refusal::Moved { to, .. } => (to, Asking(false)),
            Refusal::Ask { to } => (to, Asking(true)),
            Refusal::Wait => {
                self.cluster().refresh(None);
                return None;
            }
        };
        // A replica may be late, so the map does not learn from it; the node that it names is asked for the map first.
        self.cluster().refresh(Some(&to));
        let is_elsewhere = to != *from.node.address() || from.is_replica;
        (self.may_ask_primary() && is_elsewhere).then(|| (self.cluster().nodes().get(&to), asking))
    }
}
