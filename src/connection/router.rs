//! The router: it chooses the server of a request, and follows redirects in the replies.

use crate::{
    connection::{
        failure::RequestError,
        metrics::Metrics,
        multiplexed::{ResponseFuture, SharedConnection},
        node::Node,
        request::{RawReplies, Request},
    },
    error::Result,
    key::SlotState,
};
use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

/// The servers of a client, and where each request goes. A cluster is to be another variant.
pub(super) enum Router {
    /// One server, which everything is sent to.
    Single(Node),
}

impl Router {
    /// Returns whether requests are sent by the slots of their keys, so that keys must be marked when a request is encoded.
    #[inline]
    pub(super) fn tracks_keys(&self) -> bool {
        match self {
            Router::Single(_) => false,
        }
    }

    /// Returns the node of a slot.
    #[inline]
    pub(super) fn node(&self, _: SlotState) -> &Node {
        match self {
            Router::Single(node) => node,
        }
    }

    /// Returns a node that stands for the client as a whole: in spans, and where conflicts and attempts are counted.
    #[inline]
    pub(super) fn any_node(&self) -> &Node {
        match self {
            Router::Single(node) => node,
        }
    }

    /// Submits a request to the shared connection of its node. The future counts as polled once with `cx`.
    #[inline]
    pub(super) fn submit(&self, request: Request, cx: &mut Context<'_>) -> Result<InFlight, RequestError> {
        match self {
            Router::Single(node) => node.shared().clone().start(request, cx).map(InFlight::Single),
        }
    }

    /// Takes no more requests, and closes the connections when what is in flight has ended.
    pub(super) async fn close(&self) {
        match self {
            Router::Single(node) => node.close().await,
        }
    }

    pub(super) fn metrics(&self) -> Metrics {
        match self {
            Router::Single(node) => node.metrics(),
        }
    }
}

/// A submitted request: the future of its replies.
///
/// A cluster's variant looks at the raw replies for redirects before anything is decoded.
pub(crate) enum InFlight {
    /// On the shared connection of the only node.
    Single(ResponseFuture),
}

impl InFlight {
    /// The connection that the request was sent on.
    pub(crate) fn shared(&self) -> &Arc<SharedConnection> {
        match self {
            InFlight::Single(response) => response.shared(),
        }
    }
}

impl Future for InFlight {
    type Output = Result<RawReplies, RequestError>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut *self {
            InFlight::Single(response) => Pin::new(response).poll(cx),
        }
    }
}
