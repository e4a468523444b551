//! A request on its way in a cluster: mostly one request to one node, and else whatever its answer makes of it.

use super::{redirects::Redirects, replicas::ReplicaReads, scatter::scatter, state::Cluster};
use crate::{
    connection::{
        failure::RequestError,
        multiplexed::{ResponseFuture, SharedConnection},
        request::{RawReplies, Request},
    },
    resp::Framing,
    trace,
};
use std::{
    future::Future,
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

/// The future of the replies to a request.
pub(crate) struct ClusterCall(Stage);

enum Stage {
    /// Sent to the node of its slot.
    Sent(Sent),
    /// A redirect is followed, or the commands go to several nodes.
    Boxed(Pin<Box<dyn Future<Output = Answered> + Send>>),
    /// The first poll has found the answer.
    Ready(Answered),
    /// The replies came on this connection, where that is one.
    Done(Option<Arc<SharedConnection>>),
}

/// A request that was sent to one node, and is kept to be sent again where a redirect leads.
struct Sent {
    cluster: Arc<Cluster>,
    request: Request,
    response: ResponseFuture,
}

/// The replies, and the connection that they came on, where that is one.
type Answered = (Result<RawReplies, RequestError>, Option<Arc<SharedConnection>>);

impl ClusterCall {
    /// Submits a request. The future counts as polled once with `cx`.
    pub(crate) fn start(
        cluster: &Arc<Cluster>,
        request: Request,
        cx: &mut Context<'_>,
    ) -> Result<ClusterCall, RequestError> {
        cluster.check(&request).map_err(RequestError::NotSent)?;
        let mut call = if cluster.scatters(&request) {
            ClusterCall::boxed(scattered(cluster.clone(), request))
        } else {
            ClusterCall::submit(cluster, request, cx)
        };
        call.poll_first(cx);
        Ok(call)
    }

    fn poll_first(&mut self, cx: &mut Context<'_>) {
        if let Stage::Boxed(future) = &mut self.0 {
            if let Poll::Ready(answered) = future.as_mut().poll(cx) {
                self.0 = Stage::Ready(answered);
                cx.waker().wake_by_ref();
            }
        }
    }

    /// Submits a request that only reads, to replicas. The future counts as polled once with `cx`.
    pub(crate) fn read(
        reads: &Arc<ReplicaReads>,
        request: Request,
        cx: &mut Context<'_>,
    ) -> Result<ClusterCall, RequestError> {
        reads.check(&request).map_err(RequestError::NotSent)?;
        let reads = reads.clone();
        let mut call = if reads.scatters(&request) {
            ClusterCall::boxed(async move { (scatter(reads.cluster(), Some(&reads), &request).await, None) })
        } else {
            ClusterCall::boxed(read(reads, request))
        };
        call.poll_first(cx);
        Ok(call)
    }

    fn submit(cluster: &Arc<Cluster>, request: Request, cx: &mut Context<'_>) -> ClusterCall {
        let Ok(shared) = cluster.connection_for(&request) else {
            return ClusterCall::boxed(once_routed(cluster.clone(), request));
        };
        trace::on_node(shared.monitor().server());
        if request.framing() == Framing::Transaction && shared.multi().is_refused() {
            return ClusterCall::boxed(once_allowed(cluster.clone(), shared, request));
        }
        match shared.clone().start_kept(&request, cx) {
            Ok(response) => ClusterCall(Stage::Sent(Sent { cluster: cluster.clone(), request, response })),
            Err(error) => ClusterCall::boxed(follow(Redirects::behind(cluster, &shared), shared, request, Err(error))),
        }
    }

    fn boxed(future: impl Future<Output = Answered> + Send + 'static) -> ClusterCall {
        ClusterCall(Stage::Boxed(Box::pin(future)))
    }

    /// The connection that the replies came on, where that is one.
    pub(crate) fn shared(&self) -> Option<&Arc<SharedConnection>> {
        match &self.0 {
            Stage::Sent(sent) => Some(sent.response.shared()),
            Stage::Done(shared) => shared.as_ref(),
            Stage::Boxed(_) | Stage::Ready(_) => None,
        }
    }

    /// Takes in the answer of the first node: it is followed where it is a refusal.
    #[cold]
    fn answered(&mut self, answer: Result<RawReplies, RequestError>) {
        let Stage::Sent(Sent { cluster, request, response }) = mem::replace(&mut self.0, Stage::Done(None)) else {
            return;
        };
        let shared = response.shared().clone();
        drop(response);
        self.0 = ClusterCall::boxed(follow(Redirects::behind(&cluster, &shared), shared, request, answer)).0;
    }

    fn finish(&mut self, (answer, shared): Answered) -> Poll<Result<RawReplies, RequestError>> {
        self.0 = Stage::Done(shared);
        Poll::Ready(answer)
    }
}

impl Future for ClusterCall {
    type Output = Result<RawReplies, RequestError>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Stage::Sent(sent) = &mut self.0 {
            match ready!(Pin::new(&mut sent.response).poll(cx)) {
                Ok(replies) if !replies.errors => {
                    sent.request.recycle();
                    return Poll::Ready(Ok(replies));
                }
                answer => self.answered(answer),
            }
        }
        match &mut self.0 {
            Stage::Boxed(future) => {
                let answered = ready!(future.as_mut().poll(cx));
                self.finish(answered)
            }
            Stage::Ready(_) => match mem::replace(&mut self.0, Stage::Done(None)) {
                Stage::Ready(answered) => self.finish(answered),
                _ => Poll::Pending,
            },
            Stage::Sent(_) | Stage::Done(_) => Poll::Pending,
        }
    }
}

/// Follows the answer that came on `shared` to the last one. The connection of an answer is kept with it, since the map may have
/// another one to the same address by then.
async fn follow(
    mut redirects: Redirects,
    mut shared: Arc<SharedConnection>,
    request: Request,
    mut answer: Result<RawReplies, RequestError>,
) -> Answered {
    while redirects.again(&request, &answer).await {
        shared = redirects.shared().clone();
        answer = redirects.send(&request).await;
    }
    (answer, Some(shared))
}

/// Sends a request once its slot has a node.
async fn once_routed(cluster: Arc<Cluster>, request: Request) -> Answered {
    match Redirects::once_routed(&cluster, &request).await {
        Ok(redirects) => {
            let shared = redirects.shared().clone();
            let answer = redirects.send(&request).await;
            follow(redirects, shared, request, answer).await
        }
        Err(error) => (Err(RequestError::NotSent(error)), None),
    }
}

/// Sends a transaction if the node, which was last known to refuse MULTI, allows it now.
async fn once_allowed(cluster: Arc<Cluster>, shared: Arc<SharedConnection>, request: Request) -> Answered {
    let answer = match shared.allow_transaction().await {
        Ok(()) => shared.call(request.clone()).await,
        Err(error) => Err(RequestError::NotSent(error)),
    };
    follow(Redirects::behind(&cluster, &shared), shared, request, answer).await
}

async fn scattered(cluster: Arc<Cluster>, request: Request) -> Answered {
    (scatter(&cluster, None, &request).await, None)
}

/// Sends a read to a replica, and to other nodes where that does not serve it.
async fn read(reads: Arc<ReplicaReads>, request: Request) -> Answered {
    let mut route = match reads.route(&request).await {
        Ok(route) => route,
        Err(error) => return (Err(RequestError::NotSent(error)), None),
    };
    loop {
        if let Err(error) = route.reach().await {
            return (Err(RequestError::NotSent(error)), None);
        }
        let shared = route.node().shared().clone();
        let answer = route.incoming(shared.call(route.outgoing(&request).into_owned()).await);
        if !route.again(&request, &answer).await {
            return (answer, Some(shared));
        }
    }
}
