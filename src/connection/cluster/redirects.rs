//! Following redirects: one request on its way through a cluster, which is sent again where a refusal leads.

use super::{
    asking::Asking,
    node::ClusterNode,
    redirect::{self, Refusal},
    state::Cluster,
};
use crate::{
    connection::{
        config::Address,
        failure::RequestError,
        multiplexed::SharedConnection,
        node::Node,
        request::{RawReplies, Request},
    },
    error::{Error, Result},
    retry::Backoff,
};
use std::{
    borrow::Cow,
    sync::Arc,
    time::{Duration, Instant},
};

/// The most redirects that a request follows. A cluster whose nodes send it round in a circle has no answer for it.
const MOST_HOPS: u32 = 16;
/// The redirects that are followed at once.
const QUICK_HOPS: u32 = 4;
/// The pauses before a request is sent again to a node, or a cluster, that serves nothing for now.
const PAUSES: (Duration, Duration) = (Duration::from_millis(10), Duration::from_millis(500));

/// A time that no clock overflows at.
const LONGEST: Duration = Duration::from_secs(1 << 30);

/// The way of one request through a cluster.
pub(crate) struct Redirects {
    cluster: Arc<Cluster>,
    node: Arc<ClusterNode>,
    asking: Asking,
    budget: Budget,
}

/// The bounds on the attempts of one request. The time begins with the first refusal, since a node may take its own time to tell.
pub(super) struct Budget {
    hops: u32,
    /// The redirects of many commands that came together count as one, and that one was counted.
    is_counted: Option<bool>,
    pauses: u32,
    timeout: Duration,
    until: Option<Instant>,
}

impl Budget {
    pub(super) fn new(cluster: &Cluster) -> Budget {
        let timeout = cluster.settings().effective_response_timeout().min(LONGEST);
        Budget { hops: 0, is_counted: None, pauses: 0, timeout, until: None }
    }

    /// Lets all redirects from here to the next round count as one.
    pub(super) fn begin_round(&mut self) {
        self.is_counted = Some(false);
    }

    /// Counts a redirect. False if the request may follow no further one.
    pub(super) fn hop(&mut self) -> bool {
        if self.is_counted != Some(true) {
            self.hops += 1;
            self.is_counted = self.is_counted.map(|_| true);
        }
        self.hops <= MOST_HOPS && !self.time_left().is_zero()
    }

    /// Waits for a newer map, or a moment. False when no time is left.
    pub(super) async fn pause(&mut self, cluster: &Cluster) -> bool {
        let left = self.time_left();
        if left.is_zero() {
            return false;
        }
        self.pauses += 1;
        let pause = Backoff::new(PAUSES.0, PAUSES.1).pause(self.pauses).max(PAUSES.0);
        cluster.refreshed(Instant::now() + pause.min(left)).await;
        true
    }

    fn time_left(&mut self) -> Duration {
        let now = Instant::now();
        let until = *self.until.get_or_insert_with(|| now.checked_add(self.timeout).unwrap_or(now));
        until.saturating_duration_since(now)
    }
}

/// What follows a refusal.
pub(super) enum Next {
    /// The node that is to be asked.
    Node(Arc<ClusterNode>, Asking),
    /// The node of the slot by the map, after a pause.
    Later,
    /// The refusal is the answer.
    Nothing,
}

impl Next {
    /// Returns what follows the refusal by `from`, and lets the map learn from it.
    pub(super) fn of(cluster: &Arc<Cluster>, refusal: Refusal, from: &Address, budget: &mut Budget) -> Next {
        let next = match refusal {
            Refusal::Moved { slot, to } => {
                let node = cluster.moved(slot, &to);
                // A node that redirects to itself does not know itself yet.
                if to == *from { Next::Later } else { Next::Node(node, Asking(false)) }
            }
            Refusal::Ask { to } => {
                let node = cluster.nodes().get(&to);
                node.note_import();
                Next::Node(node, Asking(true))
            }
            Refusal::Wait => {
                cluster.refresh(None);
                return Next::Later;
            }
        };
        match (budget.hop(), &next) {
            (false, _) => Next::Nothing,
            // Nodes that do not agree yet send a request to and fro.
            (true, Next::Node(..)) if budget.hops > QUICK_HOPS => Next::Later,
            (true, _) => next,
        }
    }
}

impl Redirects {
    pub(super) fn new(cluster: &Arc<Cluster>, node: Arc<ClusterNode>) -> Redirects {
        Redirects { cluster: cluster.clone(), node, asking: Asking(false), budget: Budget::new(cluster) }
    }

    /// Returns the way of a request that was sent on the shared connection of a node.
    pub(super) fn behind(cluster: &Arc<Cluster>, shared: &SharedConnection) -> Redirects {
        Redirects::new(cluster, cluster.nodes().get(shared.address()))
    }

    /// Returns the way of a request, once the map has a node for it.
    pub(super) async fn once_routed(cluster: &Arc<Cluster>, request: &Request) -> Result<Redirects> {
        let mut budget = Budget::new(cluster);
        let node = route_within(cluster, request, &mut budget).await?;
        Ok(Redirects { cluster: cluster.clone(), node, asking: Asking(false), budget })
    }

    /// Sends the request where it leads to next, and returns the answer to it alone.
    pub(super) async fn send(&self, request: &Request) -> Result<RawReplies, RequestError> {
        self.incoming(self.shared().call(self.outgoing(request).into_owned()).await)
    }

    /// The node that the request is to be sent to next.
    pub(crate) fn node(&self) -> &Node {
        self.cluster.nodes().open(&self.node)
    }

    pub(crate) fn shared(&self) -> &Arc<SharedConnection> {
        self.node().shared()
    }

    pub(super) fn cluster(&self) -> &Arc<Cluster> {
        &self.cluster
    }

    pub(super) fn address(&self) -> &Address {
        self.node.address()
    }

    pub(super) fn asking(&self) -> Asking {
        self.asking
    }

    /// Returns the request as it is to be sent next.
    pub(crate) fn outgoing<'r>(&self, request: &'r Request) -> Cow<'r, Request> {
        self.asking.outgoing(Cow::Borrowed(request))
    }

    /// Returns the answer to the request alone.
    pub(crate) fn incoming(&self, answer: Result<RawReplies, RequestError>) -> Result<RawReplies, RequestError> {
        self.asking.incoming(answer)
    }

    /// Returns whether the request is to be sent again after this answer, which is the one to the request alone.
    pub(crate) async fn again(&mut self, request: &Request, answer: &Result<RawReplies, RequestError>) -> bool {
        let from = self.node.address();
        let next = match answer {
            Ok(replies) if !replies.errors => Next::Nothing,
            Ok(replies) => match redirect::of_request(request, &replies.bytes, from) {
                Some(refusal) => Next::of(&self.cluster, refusal, from, &mut self.budget),
                None => {
                    // Beside another refusal, which is the answer, the map may learn of a move still.
                    if let Some((slot, to)) = redirect::move_in(request, &replies.bytes, from) {
                        self.cluster.moved(slot, &to);
                    }
                    Next::Nothing
                }
            },
            Err(RequestError::NotSent(error)) => self.after(error),
            Err(_) => Next::Nothing,
        };
        match next {
            Next::Node(node, asking) => (self.node, self.asking) = (node, asking),
            Next::Nothing => return false,
            Next::Later => {
                if !self.budget.pause(&self.cluster).await {
                    return false;
                }
                match self.cluster.route(request) {
                    Ok(node) => (self.node, self.asking) = (node, Asking(false)),
                    Err(_) => return false,
                }
            }
        }
        true
    }

    fn after(&self, error: &Error) -> Next {
        if is_of_node(error) && !self.cluster.is_closed() {
            self.cluster.refresh(None);
            return Next::Later;
        }
        Next::Nothing
    }
}

/// Returns whether an error, before which nothing was sent, is one of a node that may have left the cluster or lost its slots, or
/// that refuses for now what must go before the request.
pub(super) fn is_of_node(error: &Error) -> bool {
    match error {
        Error::NotSent { .. } | Error::Connect { .. } | Error::Unavailable { .. } | Error::Closed => true,
        Error::Server { error, .. } => redirect::is_for_now(error.kind()),
        _ => false,
    }
}

/// Returns the node that a request goes to, once there is one.
async fn route_within(cluster: &Cluster, request: &Request, budget: &mut Budget) -> Result<Arc<ClusterNode>> {
    loop {
        match cluster.route(request) {
            Err(error @ Error::Cluster { .. }) => {
                if !budget.pause(cluster).await {
                    return Err(error);
                }
            }
            routed => return routed,
        }
    }
}
